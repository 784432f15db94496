"""What this installation demands at the door, in one place for the middleware and for the pages."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from assessment.access.keys import KeyFile, plain, verify_secret
from assessment.access.limits import Limit
from assessment.access.origin import LOCAL_HEADER, is_local
from assessment.access.sessions import LINK_COOKIE, Sessions, cookie
from assessment.actor import LOCAL, Actor, LinkScope
from assessment.audit import AuditActor, AuditEvent, AuditKind
from assessment.engagement import EngagementId, LinkId
from assessment.links import server_secret
from assessment.settings import Settings, settings
from assessment.store.opening import configured, shared_tries
from assessment.store.protocol import StoreError


class Access:
    """The door of one installation.

    serves: whether anybody has asked over the network; until then whoever runs the process is all there is.
    """

    def __init__(self, chosen: Settings) -> None:
        self._chosen, self.key_file = chosen, KeyFile(chosen.database, chosen.access_key_hash)
        self.limit = Limit(what="key", shared=shared_tries)
        self.checks = asyncio.Semaphore(2)  # each check of a key takes 64 MiB; others wait their turn
        self.serves = False
        self._local_proof = secrets.token_urlsafe(16)

    @cached_property
    def sessions(self) -> Sessions:
        """The sessions; whoever sits at this machine needs none, nor a folder a secret can be kept in."""
        return Sessions(server_secret(self._chosen.database, self._chosen.secret), self.key_file)

    def judge(self, scope: Mapping[str, Any], *, oidc: bool) -> Actor | None:
        """Who asks, or None for somebody who must sign in first.

        oidc: people sign in through an identity provider. Then, as with SALGSFLYT_SIGN_IN=always, nobody is let in
        merely for sitting at this machine: a proxy on it would make everybody local.
        """
        self.serves = True
        if is_local(scope) and not self._chosen.sign_in_always and not oidc:
            return LOCAL
        return self.sessions.actor(cookies_of(scope))

    def passed(self, scope: Mapping[str, Any], actor: Actor | None) -> dict[str, Any]:
        """The request as it goes on: it says that it is local only if it is."""
        name = LOCAL_HEADER.encode()
        headers = [(key, value) for key, value in scope["headers"] if key.lower() != name]
        if actor is LOCAL:
            headers.append((name, self._local_proof.encode()))
        return {**scope, "headers": headers}

    def actor(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Actor | None:
        """Who asks, from a request that has come through the middleware; None for somebody who must sign in.

        Asked again at every run of a page, since a socket can outlive the session that opened it.
        """
        if secrets.compare_digest(headers.get(LOCAL_HEADER, "").encode(), self._local_proof.encode()):
            return LOCAL
        return self.sessions.actor(cookies)

    def note(self, kind: AuditKind, actor: AuditActor = "key", engagement: EngagementId | None = None) -> None:
        """Add to the audit log what happened at the door; it opens all the same where nothing can be written."""
        try:
            configured().note(AuditEvent(at=datetime.now(UTC), actor=actor, kind=kind, engagement_id=engagement))
        except StoreError as error:
            logging.getLogger("salgsflyt").error("the audit log cannot be written: %s", error.key)

    def opens(self, typed: str) -> bool:
        """Whether this is the access key; slow on purpose."""
        hashed = self.key_file.hashed()
        return hashed is not None and verify_secret(hashed, plain(typed))


@cache
def access() -> Access:
    """The door of this installation, the same for the middleware and for the pages."""
    return Access(settings())


def link_session_cookie(engagement: EngagementId, scope: LinkScope, link: LinkId, *, secure: bool) -> str:
    """The value of the Set-Cookie header for somebody whose link, and PIN, was right. secure: they came by https."""
    return cookie(LINK_COOKIE, access().sessions.link(engagement, scope, link), secure=secure)


def cookies_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """The cookies a request brings."""
    return cookie_parser("; ".join(Headers(scope=scope).getlist("cookie")))  # type: ignore[arg-type]
