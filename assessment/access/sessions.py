"""Signed cookies: what somebody who has been let in brings along."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from typing import Any, Final, cast

from itsdangerous import BadSignature, URLSafeTimedSerializer

from assessment.access.keys import KeyFile
from assessment.actor import Actor, LinkScope
from assessment.engagement import EngagementId, LinkId
from assessment.links import key_for

OWNER_COOKIE: Final = "sf_session"
# a cookie of its own, so that an owner who tries a link stays signed in
LINK_COOKIE: Final = "sf_link"
SESSION_S: Final = 12 * 3600
_SCOPES: Final = ("results", "facilitate")


class Sessions:
    """Makes sessions and knows them again for SESSION_S seconds, whichever replica made them.

    A session made with an access key ends when a new key is made. Signing out ends it in this process at once; nobody
    else has the cookie by then, unless it was stolen.
    """

    def __init__(self, secret: bytes, key_file: KeyFile, clock: Callable[[], float] = time.time) -> None:
        self._key_file, self._clock = key_file, clock
        how = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        self._signers = {
            name: URLSafeTimedSerializer(key_for(secret, "session"), salt=name, signer_kwargs=how)
            for name in (OWNER_COOKIE, LINK_COOKIE)
        }
        self._ended: dict[str, float] = {}

    def owner(self) -> str:
        """A new session of somebody who has the access key."""
        return self._signed(OWNER_COOKIE, {"kind": "owner", "key": self._key_file.mark()})

    def link(self, engagement: EngagementId, scope: LinkScope, link: LinkId) -> str:
        """A new session of somebody who holds a link."""
        return self._signed(LINK_COOKIE, {"kind": "link", "engagement": engagement, "scope": scope, "link": link})

    def actor(self, cookies: Mapping[str, str]) -> Actor | None:
        """Whom the cookies let in, or None: the owner, else the holder of a link."""
        mark, owner = self._key_file.mark(), self._payload(OWNER_COOKIE, cookies)
        if mark is not None and owner is not None and hmac.compare_digest(str(owner.get("key")), mark):
            return Actor("key")
        held = self._payload(LINK_COOKIE, cookies)
        if held is None or held.get("scope") not in _SCOPES:
            return None
        scope = cast(LinkScope, held["scope"])
        return Actor("link", engagement=held["engagement"], scope=scope, link=held["link"])

    def end(self, cookies: Mapping[str, str]) -> None:
        """Let these sessions in no more."""
        now = self._clock()
        self._ended = {session: until for session, until in self._ended.items() if until > now}
        for name in (OWNER_COOKIE, LINK_COOKIE):
            if (payload := self._payload(name, cookies)) is not None:
                self._ended[payload["id"]] = now + SESSION_S

    def _signed(self, name: str, payload: Mapping[str, object]) -> str:
        return str(self._signers[name].dumps({**payload, "id": secrets.token_urlsafe(12)}))

    def _payload(self, name: str, cookies: Mapping[str, str]) -> dict[str, Any] | None:
        try:
            payload, signed_at = self._signers[name].loads(cookies.get(name, ""), return_timestamp=True)
        except BadSignature:
            return None
        # one from the future too, for as long: when a clock is set back, nobody is to be thrown out
        if abs(self._clock() - signed_at.timestamp()) > SESSION_S:
            return None
        return None if payload["id"] in self._ended else cast(dict[str, Any], payload)


def cookie(name: str, value: str, *, secure: bool, seconds: int = SESSION_S) -> str:
    """The value of a Set-Cookie header; 0 seconds takes the cookie away."""
    jar = SimpleCookie({name: value})
    jar[name].update({"path": "/", "samesite": "Lax", "max-age": str(seconds)})
    jar[name]["httponly"], jar[name]["secure"] = True, secure
    return jar[name].OutputString()
