"""What a workshop room says: its steps, its questions and what a ballot gave."""

from collections.abc import Mapping

from assessment.engagement import Mandate
from assessment.packs import builtin
from assessment.wording import reader, words
from assessment.workshop.records import (
    GUESS_LEVEL,
    GUESS_LOWEST,
    PULSE,
    Ballot,
    BallotKind,
    Question,
    QuestionOutcome,
    RoomStep,
)

_PACKS: Mapping[str, str] = {"pulse": PULSE, "items": "full"}


def title(step: RoomStep) -> str:
    """A step's name: its own wording, or ours."""
    return step.title or reader.texts()(f"phone.step.{step.kind}")


def mandate(told: Mandate | None) -> str:
    """The mandate in one sentence, or that there is none yet."""
    texts = reader.texts()
    if told is None:
        return texts("workshop.mandate.none")
    said = []
    if told.scope is not None:
        said.append(words.lower_first(texts(f"mandate.scope.{told.scope}")))
    if told.departments:
        said.append(texts("workshop.mandate.with", names=texts.listing(list(told.departments))))
    if told.horizon_months is not None:
        said.append(texts.plural("workshop.mandate.months", told.horizon_months))
    if told.hours is not None:
        said.append(texts("workshop.mandate.hours", hours=texts.short(told.hours)))
    if not said:
        return texts("workshop.mandate.empty")
    whole = texts("workshop.mandate.is", what=", ".join(said))
    untouched = [f for f in ("process", "system", "model", "organisation") if getattr(told, f"may_change_{f}") is False]
    if untouched:
        whole += " " + texts(
            "workshop.mandate.not", what=texts.listing([texts(f"workshop.mandate.no.{field}") for field in untouched])
        )
    return whole


def question(kind: BallotKind, asked: Question) -> str:
    """What a question is about: a criterion, a topic, a process or an action."""
    texts = reader.texts()
    if asked.id in (GUESS_LEVEL, GUESS_LOWEST):
        return texts("workshop.guess.level" if asked.id == GUESS_LEVEL else "workshop.guess.lowest")
    if kind == "pulse":
        pack = builtin(PULSE)
        criterion = next(item.criterion for item in pack.items if item.id == asked.id)
        return words.name_of(pack, criterion)
    if kind in _PACKS:
        return words.name_of(builtin(_PACKS[kind]), asked.id)
    return asked.words(texts.language) or texts("plan.unnamed")


def option(kind: BallotKind, question_id: str, value: str) -> str:
    """An answer in words."""
    texts = reader.texts()
    if kind == "classes":
        return texts(f"processes.class.{value}")
    if question_id == GUESS_LOWEST:
        return words.name_of(builtin(PULSE), value)
    return texts("answer.DK") if value == "DK" else value


def level(outcome: QuestionOutcome) -> str:
    """A question's level on the scale: the mean, or the band where all said the same."""
    texts = reader.texts()
    if outcome.mean is not None:
        return texts.number(outcome.mean)
    return (outcome.band or texts("common.not_assessed")).replace(">=", "≥ ").replace("<=", "≤ ")


def chosen(kind: BallotKind, outcome: QuestionOutcome) -> str:
    """What most chose, with how many chose each where that may be told."""
    texts = reader.texts()
    if outcome.too_few:
        return texts("workshop.too_few")
    if outcome.counts is not None:
        order = sorted(outcome.counts.items(), key=lambda one: -one[1])
        return ", ".join(f"{option(kind, outcome.id, value)} {texts.number(n, 0)}" for value, n in order)
    if outcome.leading is None:
        return texts("workshop.tie")
    return texts("workshop.most", what=words.lower_first(option(kind, outcome.id, outcome.leading)))


def agreed(ballot: Ballot, question_id: str) -> str:
    """What the room agreed on, or that it has not yet."""
    value = (ballot.outcome.agreed or {} if ballot.outcome else ballot.agreed).get(question_id)
    return reader.texts()("workshop.not_agreed") if value is None else option(ballot.kind, question_id, value)
