"""The door between a reader and the use cases: every call is judged by the engagements it names."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, wraps
from typing import Any, Final, Literal, TypeVar

from assessment.actor import Actor, Need
from assessment.engagement import EngagementId, LinkId, ResponseId, WaveId
from assessment.recording import recording
from assessment.store.protocol import NotFound, Store

# begin: makes an engagement. install: about the installation. token: the method itself checks what it is given, and
# no session calls it.
Requirement = Need | Literal["begin", "install", "token"]
Method = TypeVar("Method", bound=Callable[..., Any])

KINDS: Final = ("engagement", "wave", "response", "link")


class Unguarded(TypeError):  # noqa: N818 - named by what is wrong
    """A method that does not say who may call it: a fault of ours, and nobody gets in by it."""


def requires(requirement: Requirement) -> Callable[[Method], Method]:
    """Say in place who may call a method; `Guard` finds the engagements by the names of its arguments."""

    def mark(method: Method) -> Method:
        method.requirement = requirement  # type: ignore[attr-defined]
        return method

    return mark


@cache
def named_ids(method: Callable[..., Any]) -> Mapping[str, tuple[str, bool]]:
    """The arguments that name something an engagement owns: its kind, and whether there are several."""
    found = {}
    for name in inspect.signature(method).parameters:
        for kind in KINDS:
            if name.endswith((f"{kind}_id", f"{kind}_ids")):
                found[name] = (kind, name.endswith("s"))
    return found


class Guard:
    """A service for one actor. What they may not reach looks exactly like what is not there: NotFound.

    What they change is kept in the history as theirs.

    Raises, beside what the service does: NotFound, Unguarded.
    """

    def __init__(self, service: Any, store: Store, actor: Actor, clock: Callable[[], datetime]) -> None:
        self._service, self._store, self._actor, self._clock = service, store, actor, clock

    def beside(self, kind: type[Any]) -> "Guard":
        """Other use cases on the same store, for the same actor."""
        return Guard(self._service.beside(kind), self._store, self._actor, self._clock)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._service, name)
        requirement: Requirement | None = getattr(method, "requirement", None)
        if name.startswith("_") or requirement is None:
            raise Unguarded(name)

        @wraps(method)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not self._actor.everything:
                self._check(requirement, method, args, kwargs)
            if requirement not in ("run", "own"):
                return method(*args, **kwargs)
            with recording(self._actor, self._clock()):
                return method(*args, **kwargs)

        return checked

    def _check(
        self, requirement: Requirement, method: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if requirement in ("install", "token"):
            raise NotFound("engagement", "")
        if requirement == "begin":
            if not self._actor.may_begin:
                raise NotFound("engagement", "")
            return
        given = inspect.signature(method).bind(*args, **kwargs).arguments
        for name, (kind, several) in named_ids(method.__func__).items():  # type: ignore[attr-defined]
            value = given.get(name)
            ids: Iterable[str] = () if value is None else value if several else (value,)
            for id_ in ids:
                if requirement not in permitted(self._actor, self._store, self._owner(kind, id_), self._clock()):
                    raise NotFound(kind, id_)  # type: ignore[arg-type]

    def _owner(self, kind: str, id_: str) -> EngagementId:
        match kind:
            case "wave":
                return self._store.wave(WaveId(id_)).engagement_id
            case "response":
                return self._store.wave(self._store.response(ResponseId(id_)).wave_id).engagement_id
            case "link":
                return self._store.link(LinkId(id_)).engagement_id
        return EngagementId(id_)


def permitted(actor: Actor, store: Store, engagement_id: EngagementId, now: datetime) -> frozenset[Need]:
    """What an actor may do with an engagement. Raises: NotFound when it is not there."""
    engagement = store.engagement(engagement_id)
    role = store.memberships(actor.subject).get(engagement_id) if actor.subject is not None else None
    by_name = actor.by_name(engagement.owner, role, fictional=engagement.fictional)
    by_link = actor.by_link(engagement_id)
    return by_name | by_link if by_link and _opens(store, actor.link, now) else by_name


def _opens(store: Store, link_id: LinkId | None, now: datetime) -> bool:
    # asked each time: to revoke a link must end what was opened with it
    try:
        return link_id is not None and store.link(link_id).state(now) == "active"
    except NotFound:
        return False
