"""The use cases of a respondent: come by a link, begin, answer, change, see one's own profile and the group's, erase.

Kept apart from `service`: a phone's request must not wait for numpy, pandas or scipy to be imported, and nothing here
can reach anybody's answers but those whose key the caller holds. Of the group there is what `service` has shared.
"""

import base64
import hashlib
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import ceil
from typing import Final, Generic, Literal, TypeVar

from assessment.config import COVERAGE_MIN, LEVEL_CUTS, WORDS_PER_MINUTE
from assessment.engagement import (
    RETROSPECTIVE,
    Answer,
    AnswerValue,
    Engagement,
    ItemId,
    Link,
    Privacy,
    Response,
    ResponseId,
    Wave,
)
from assessment.links import TOKEN_LENGTH, is_token_of, token_hash
from assessment.packs import ROLES, Item, Language, Pack, Role, builtin
from assessment.store.protocol import AlreadyThere, LinkUnusable, NotFound, Saving, Store, StoreError

Standing = Literal["open", "used_up", "expired", "revoked", "closed"]

OPEN_ROLES: Final[frozenset[Role]] = frozenset({"SL", "TM", "K"})
# the consultant is nobody's colleague and comes by a link that says so
CHOICES: Final[tuple[Role, ...]] = tuple(r for r in ROLES if r != "K")
ANSWERS: Final[Mapping[str, Answer]] = {str(value): Answer(value=value) for value in (1, 2, 3, 4, 5, "DK", "NA")}

# A revoked link stops, and what is shared no more is gone, within this time; so long one look-up serves everybody who
# came by the same link or to the same wave.
_LINK_SECONDS: Final = 0.5
_LINKS_MAX: Final = 512
_ROLES_MAX: Final = 4096
# Reading is not all: choosing takes about as long again (method §2.1 plans 10 to 14 minutes for 6.6 of reading).
_CHOOSING: Final = 1.7
_LONGEST_VISIT_S: Final = 1800.0
_SLACK: Final = 1e-9

_TOKEN: Final = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{22}")

_Value = TypeVar("_Value")


def utc_now() -> datetime:
    """The time, as records hold it."""
    return datetime.now(UTC)


def new_key() -> str:
    """An answer key: 128 random bits that only the respondent's own browser holds."""
    return secrets.token_urlsafe(16)


def response_of(key: str) -> ResponseId:
    """The id of the response a key opens; the key cannot be found from it."""
    digest = hashlib.sha256(key.encode()).digest()
    return ResponseId(base64.urlsafe_b64encode(digest).decode()[:22])


@dataclass(frozen=True)
class Invitation:
    """What a link invites to.

    teams: names to choose among, where groups are by team and the link does not say which.
    """

    link: Link
    engagement: Engagement
    wave: Wave
    pack: Pack
    teams: tuple[str, ...]

    def standing(self, now: datetime) -> Standing:
        """Whether somebody new may begin, or why not. Only "closed" and "revoked" stop those who have begun."""
        state = self.link.state(now)
        if state == "revoked":
            return "revoked"
        if self.wave.closed_at is not None or self.engagement.deleted_at is not None:
            return "closed"
        return "open" if state == "active" else state

    def course(self, role: Role) -> "Course":
        """What a role is asked by this link."""
        return course(self.pack.id, role, self.wave.asks_retrospectively)

    def roles(self) -> tuple[Role, ...]:
        """The roles the respondent can have; several are a question."""
        return (self.link.role,) if self.link.role else CHOICES


@dataclass(frozen=True)
class Course:
    """The way of one role through a questionnaire.

    pages: the criterion of each page, or one page for a pack of one item a criterion.
    retrospective: the pack of the last page where that asks how it was before the work; None where none does.
    minutes: from each page to the end, rounded up.
    """

    pack: Pack
    role: Role
    pages: tuple[tuple[Item, ...], ...]
    retrospective: Pack | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """All questions, in shown order."""
        return tuple(i for page in self.pages for i in page)

    @property
    def scored(self) -> tuple[Item, ...]:
        """The questions about today, in shown order: all but those of the retrospective page."""
        return tuple(i for page in self.pages[: None if self.retrospective is None else -1] for i in page)

    def pack_of(self, page: int) -> Pack:
        """The pack that the questions of a page (from 1) are from."""
        return self.retrospective if self.retrospective is not None and page == len(self.pages) else self.pack

    def page_of(self, item_id: str) -> int | None:
        """The page (from 1) that asks a question, or None when none does."""
        return next((n for n, page in enumerate(self.pages, 1) if any(i.id == item_id for i in page)), None)

    def minutes(self, page: int, language: Language) -> int:
        """About how long it takes from a page (from 1) to the end."""
        left = list(enumerate(self.pages, 1))[page - 1 :]
        told = [self.pack_of(n).prose[language].items[i.id] for n, items in left for i in items]
        words = sum(len(" ".join((t.stem, *t.anchors)).split()) for t in told)
        return max(1, ceil(words / WORDS_PER_MINUTE * _CHOOSING))

    def first_unanswered(self, answered: Mapping[ItemId, object]) -> int | None:
        """The page (from 1) to continue on, or None when everything is answered."""
        return next((n for n, page in enumerate(self.pages, 1) if any(i.id not in answered for i in page)), None)

    def missing(self, answered: Mapping[ItemId, object]) -> int:
        """How many questions have no answer."""
        return sum(i.id not in answered for i in self.items)


@dataclass(frozen=True)
class OwnScore:
    """One criterion as the respondent sees it, 1 to 5; None with too few answers (method §3.1)."""

    criterion_id: str
    score: float | None


@cache
def course(pack_id: str, role: Role, retrospective: bool = False) -> Course:
    """What a role is asked, page by page. retrospective: also how it was before, by the pulse (method §8.3)."""
    pack = builtin(pack_id)
    shown = pack.shown_to(role)
    pages = [tuple(i for i in pack.items_of(c.id) if i.id in shown) for c in pack.criteria]
    filled = tuple(page for page in pages if page)
    asked = filled if pack.min_items > 1 else (tuple(i for page in filled for i in page),)
    if not retrospective:
        return Course(pack, role, asked)
    before = course(RETROSPECTIVE, role)
    return Course(pack, role, asked + before.pages, before.pack)


def given_by(response: Response) -> dict[ItemId, Answer]:
    """All that a respondent has answered, about today and about before; no item is in both."""
    return {**response.answers, **response.retrospective}


def profile(way: Course, answers: Mapping[ItemId, Answer]) -> tuple[OwnScore, ...]:
    """The respondent's own mean of each criterion they were asked about; nothing of it is stored.

    Source: method §3.1.
    """
    scores = []
    for criterion in way.pack.criteria:
        shown = [ItemId(i.id) for i in way.scored if i.criterion == criterion.id]
        if not shown:
            continue
        given = [answers[i].value for i in shown if i in answers]
        applicable = len(shown) - given.count("NA")
        values = [v for v in given if isinstance(v, int)]
        enough = len(values) >= COVERAGE_MIN * applicable - _SLACK and len(values) >= way.pack.min_items
        score = sum(values) / len(values) if values and enough else None
        scores.append(OwnScore(criterion.id, score))
    return tuple(scores)


def level_of(score: float) -> int:
    """The level a score reaches, 1 to 5 (method §3.4)."""
    return 1 + sum(score >= cut - _SLACK for cut in LEVEL_CUTS)


class _Recent(Generic[_Value]):
    """The last so many values by key, each for so long."""

    def __init__(self, size: int, seconds: float) -> None:
        self._size, self._seconds = size, seconds
        self._kept: OrderedDict[str, tuple[float, _Value]] = OrderedDict()

    def get(self, key: str) -> _Value | None:
        found = self._kept.get(key)
        return found[1] if found is not None and found[0] > time.monotonic() else None

    def keep(self, key: str, value: _Value) -> _Value:
        self._kept[key] = (time.monotonic() + self._seconds, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return value

    def drop(self, key: str) -> None:
        self._kept.pop(key, None)


class Respondents:
    """What a respondent can do. Stateless but for short-lived look-ups: any replica can serve the next request.

    secret: what links' tokens are made from. Every method may raise what the store raises about its file.
    """

    def __init__(self, store: Store, secret: bytes, clock: Callable[[], datetime] = utc_now) -> None:
        self._store, self._secret, self.now = store, secret, clock
        self._invitations: _Recent[Invitation] = _Recent(_LINKS_MAX, _LINK_SECONDS)
        self._waves: _Recent[tuple[Engagement, Wave]] = _Recent(_LINKS_MAX, _LINK_SECONDS)
        self._groups: _Recent[Mapping[str, float | None]] = _Recent(_LINKS_MAX, _LINK_SECONDS)
        self._courses: _Recent[Course] = _Recent(_ROLES_MAX, float("inf"))

    def invitation(self, token: str) -> Invitation | None:
        """What an answer link's token invites to; None for a token that is none of ours."""
        if not _TOKEN.fullmatch(token):
            return None
        hashed = token_hash(token)
        known = self._invitations.get(hashed)
        if known is not None:
            return known
        link = self._store.link_by_hash(hashed)
        if link is None or link.wave_id is None or not is_token_of(self._secret, link, token):
            return None
        engagement, wave = self._wave(link)
        named = wave.by_team and link.team is None
        teams = sorted({x.team for x in self._store.links(engagement.id) if x.wave_id == wave.id and x.team})
        invitation = Invitation(link, engagement, wave, builtin(wave.pack_id), tuple(teams) if named else ())
        return self._invitations.keep(hashed, invitation)

    def privacy(self, invitation: Invitation) -> Privacy:
        """Who answers for the answers and how long they are kept, as it is now."""
        return self._store.privacy(invitation.engagement.id)

    def look_again(self, invitation: Invitation) -> None:
        """Forget what is remembered of a link that turned out to have changed: the next page must tell the same."""
        self._invitations.drop(invitation.link.token_hash)
        self._waves.drop(invitation.wave.id)

    def begun(self, invitation: Invitation, key: str | None) -> Response | None:
        """The response this key opens in the wave, with its answers, if there is one."""
        if key is None or not _KEY.fullmatch(key):
            return None
        try:
            response = self._store.response(response_of(key))
        except NotFound:
            return None
        return response if response.wave_id == invitation.wave.id else None

    def begin(self, invitation: Invitation, key: str, role: Role, team: str | None) -> Standing:
        """Begin to answer with this key; "open" when it is begun, by this call or an earlier one with the same key.

        The same request may come twice, because the reply to the first was lost on the way: it uses the link once.
        """
        response = Response(
            id=response_of(key), wave_id=invitation.wave.id, role=role, team=invitation.link.team or team
        )
        try:
            self._store.begin_response(response, invitation.link.id, self.now())
        except AlreadyThere:
            return "open"
        except LinkUnusable as error:
            if self.begun(invitation, key):
                return "open"
            return "open" if error.state == "active" else error.state
        self._invitations.drop(invitation.link.token_hash)
        return "open"

    def course(self, invitation: Invitation, key: str) -> Course | None:
        """The way of whoever holds this key, without reading their answers if it is known; None if they are gone."""
        known = self._courses.get(response_of(key))
        if known is not None:
            return known
        response = self.begun(invitation, key)
        if response is None:
            return None
        return self._courses.keep(response.id, invitation.course(response.role))

    def group(self, invitation: Invitation) -> Mapping[str, float | None]:
        """The whole group's score by criterion, None where the anonymity rules hide it.

        Empty unless the wave is closed and whoever runs the survey shares its result.
        """
        wave, engagement = invitation.wave, invitation.engagement
        if wave.closed_at is None or engagement.deleted_at is not None:
            return {}
        known = self._groups.get(wave.id)
        return self._groups.keep(wave.id, self._store.shared(wave.id) or {}) if known is None else known

    def save(self, savings: Sequence[Saving]) -> Sequence[StoreError | None]:
        """Put on disk what several respondents sent; when this returns it survives a crash.

        For each in turn None, or why it was refused.
        """
        refused = self._store.save_all(savings)
        for saving, why in zip(savings, refused, strict=True):
            if isinstance(why, NotFound):
                self._courses.drop(saving.response_id)
        return refused

    def erase(self, invitation: Invitation, key: str) -> bool:
        """Erase the response this key opens; whether there was one. Raises: Closed."""
        if self.begun(invitation, key) is None:
            return False
        self._store.erase_response(response_of(key))
        self._courses.drop(response_of(key))
        return True

    def _wave(self, link: Link) -> tuple[Engagement, Wave]:
        wave_id = link.wave_id
        if wave_id is None:
            raise ValueError("only an answer link has a wave")
        known = self._waves.get(wave_id)
        if known is None:
            wave = self._store.wave(wave_id)
            known = self._waves.keep(wave_id, (self._store.engagement(wave.engagement_id), wave))
        return known


def saving(
    key: str,
    answers: Mapping[ItemId, Answer],
    page: str | None = None,
    seconds: float = 0.0,
    *,
    retrospective: bool = False,
) -> Saving:
    """What to save for whoever holds this key; half an hour a page at most, for a phone that lay on the table.

    retrospective: the answers are about how it was before.
    """
    spent = min(max(seconds, 0.0), _LONGEST_VISIT_S)
    if retrospective:
        return Saving(response_of(key), retrospective=answers, page=page, seconds=spent)
    return Saving(response_of(key), answers, page=page, seconds=spent)


def value_of(pack: Pack, text: str) -> Answer | None:
    """The answer a form or a script means by a value, None for anything the pack does not offer."""
    answer = ANSWERS.get(text)
    return answer if answer is not None and answer.value in _offered(pack) else None


def _offered(pack: Pack) -> tuple[AnswerValue, ...]:
    return pack.values()  # type: ignore[return-value]  # the pack speaks of int | str
