"""The records of a workshop room: its agenda, its ballots, and what a ballot gave. Source: method §8.1, §3.8."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, NewType

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from assessment.engagement import EngagementId
from assessment.packs import Language, builtin

RoomId = NewType("RoomId", str)
StepId = NewType("StepId", str)
VoterId = NewType("VoterId", str)

StepKind = Literal[
    "frame", "pulse", "result", "classify", "walk", "diagnosis", "strategy", "quick_wins", "brief", "own"
]
BallotKind = Literal["pulse", "items", "classes", "dots"]

# the nine steps with their minutes, 90 in all (method §8.1)
STANDARD_STEPS: Final[Mapping[StepKind, int]] = {
    "frame": 5,
    "pulse": 7,
    "result": 15,
    "classify": 13,
    "walk": 20,
    "diagnosis": 10,
    "strategy": 10,
    "quick_wins": 7,
    "brief": 3,
}
MINUTES_MAX: Final = 240
PULSE: Final = "pulse"  # the pack
DOTS: Final = 3  # of each phone
CLASSES_MAX: Final = 8  # processes each marks (method §8.1)
QUESTIONS_MAX: Final = 40
# what each guesses of the whole room before answering: the overall level, and the criterion that comes lowest
GUESS_LEVEL: Final = "guess.level"
GUESS_LOWEST: Final = "guess.lowest"

SCALE: Final = ("1", "2", "3", "4", "5")
_CLASSES: Final = ("core", "management", "support")

_Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
_Utc = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
_Count = Annotated[int, Field(ge=0)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Room(_Record):
    """A workshop that is going on, or was.

    wifi_name, wifi_password: of the net the phones are to join; without a password an open one. step_id: where the room
    is. hidden: the screen is covered. consensus: the room agrees on one answer together, and no phone votes.
    revision: grows with everything that changes on a screen or a phone; votes do not.
    """

    id: Annotated[RoomId, _Id]
    engagement_id: Annotated[EngagementId, _Id]
    opened_at: _Utc
    closed_at: _Utc | None = None
    wifi_name: Annotated[str, StringConstraints(min_length=1, max_length=32)] | None = None
    wifi_password: Annotated[str, StringConstraints(min_length=1, max_length=63)] | None = None
    step_id: Annotated[StepId, _Id]
    step_began_at: _Utc
    hidden: bool = False
    consensus: bool = False
    revision: _Count = 0


class RoomStep(_Record):
    """One step of the agenda. title: own wording, None for ours. text: what an own step shows. note: the facilitator's
    own, on no screen but theirs. outcome: what came of it. skipped: passed over when going on.
    """

    id: Annotated[StepId, _Id]
    position: _Count
    kind: StepKind
    title: _Line | None = None
    minutes: Annotated[int, Field(ge=1, le=MINUTES_MAX)]
    note: _Text | None = None
    text: _Text | None = None
    outcome: _Text | None = None
    skipped: bool = False


class Question(_Record):
    """What is voted on: an item of a pack or a guess, a process, or an action.

    nb, en: its words, where no pack has them. They are kept with the ballot, so that a phone needs nothing else.
    """

    id: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")]
    nb: _Line | None = None
    en: _Line | None = None

    def words(self, language: Language) -> str | None:
        """Its words in a language, or in the other one where they have not been given in this."""
        return (self.nb or self.en) if language == "nb" else (self.en or self.nb)


class QuestionOutcome(_Record):
    """What a revealed ballot shows of one question, decided when it was revealed (method §3.8).

    n: answers it rests on; None with fewer than k, and then nothing else is shown either.
    mean, band, ad_m, distribution: of a 1..5 scale, as in `ItemStatistics`.
    leading: the option most chose; None of two that are equal. counts: how many chose each option.
    dots: how many an action got in all.
    """

    id: str
    n: int | None
    mean: float | None = None
    band: str | None = None
    ad_m: float | None = None
    distribution: tuple[int, ...] | None = None
    leading: str | None = None
    counts: Mapping[str, int] | None = None
    dots: int | None = None

    @property
    def too_few(self) -> bool:
        """Whether too few have answered for anything to be shown."""
        return self.n is None


class BallotOutcome(_Record):
    """What a ballot gave. voted: how many answered something. agreed: the answers are the room's, told aloud."""

    voted: int
    k: int
    questions: tuple[QuestionOutcome, ...]
    agreed: Mapping[str, str] | None = None

    def of(self, question_id: str) -> QuestionOutcome | None:
        """The outcome of a question, None where there is none."""
        return next((q for q in self.questions if q.id == question_id), None)


class Ballot(_Record):
    """One round of voting in a step. A new round of the same questions stands beside the first.

    round: from 1 within the step. together: the room agrees on `agreed`, by question, and no phone votes.
    outcome: from when it is revealed, which ends it for good.
    """

    step_id: Annotated[StepId, _Id]
    round: Annotated[int, Field(ge=1)]
    kind: BallotKind
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=QUESTIONS_MAX)]
    together: bool = False
    agreed: Mapping[str, str] = {}
    opened_at: _Utc
    revealed_at: _Utc | None = None
    outcome: BallotOutcome | None = None

    def options(self, question_id: str) -> tuple[str, ...]:
        """What may be answered to a question, none for one that is not asked."""
        if all(q.id != question_id for q in self.questions):
            return ()
        return options(self.kind, question_id)


class Vote(_Record):
    """What one phone said to one question. It has neither a time nor a name; the voter is the hash of a random key."""

    step_id: StepId
    round: int
    question: str
    voter: VoterId
    value: str


class Beat(_Record):
    """What a waiting phone is told by: the room's revision and how many have voted in the ballot of its step."""

    revision: int
    voted: int


def options(kind: BallotKind, question_id: str) -> tuple[str, ...]:
    """What may be answered to a question of a kind of ballot."""
    if kind == "classes":
        return _CLASSES
    if kind == "dots":
        return tuple(str(n) for n in range(1, DOTS + 1))
    if question_id == GUESS_LOWEST:
        return tuple(c.id for c in builtin(PULSE).criteria)
    return SCALE if question_id == GUESS_LEVEL else (*SCALE, "DK")


def pulse_questions() -> tuple[Question, ...]:
    """The two guesses, then one item for each criterion (method §2.4)."""
    return tuple(Question(id=id_) for id_ in (GUESS_LEVEL, GUESS_LOWEST, *(i.id for i in builtin(PULSE).items)))


def standard_steps(ids: tuple[StepId, ...]) -> tuple[RoomStep, ...]:
    """The agenda a room begins with; one id for each of STANDARD_STEPS."""
    return tuple(
        RoomStep(id=id_, position=position, kind=kind, minutes=minutes)
        for position, (id_, (kind, minutes)) in enumerate(zip(ids, STANDARD_STEPS.items(), strict=True))
    )


def seconds_since(moment: datetime, now: datetime) -> int:
    """Whole seconds, never below 0: two machines' clocks may differ."""
    return max(0, int((now - moment).total_seconds()))
