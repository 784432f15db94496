"""What a phone in the room shows: where the code is typed, the step, what is voted on, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from markupsafe import Markup, escape

from assessment.engagement import Engagement, Privacy
from assessment.packs import Language, builtin
from assessment.respond.notice import room_notice
from assessment.respond.pages import ROOM_SCRIPT, mark, message, question, render
from assessment.texts import Texts, texts
from assessment.workshop.phones import PhoneView
from assessment.workshop.records import (
    DOTS,
    GUESS_LEVEL,
    GUESS_LOWEST,
    PULSE,
    SCALE,
    Ballot,
    BallotOutcome,
    Question,
    QuestionOutcome,
)

_BANDS: Final = {">=4": "high", "<=2": "low", "3": "middle"}
_HERE: Final = "\x00"  # where the count goes; no text holds it


def door(language: Language, *, wrong: Literal["unknown", "wait"] | None = None) -> str:
    """Where the code is typed. wrong: why the last one opened nothing."""
    problem = texts(language)(f"phone.join.{wrong}") if wrong else ""
    return render("room_door.html", language, "", problem=problem)


def no_cookie(language: Language, root: str) -> str:
    """The page for a browser that has not kept its key."""
    t = texts(language)
    words = (t("respond.no_cookie.title"), t("phone.no_cookie"))
    return message(language, *words, links=((root, t("respond.no_cookie.again")),))


def phone(view: PhoneView, root: str, language: Language, *, done: bool = False, change: bool = False) -> str:
    """The one page of a room, as it is now. done: the phone has just sent its form. change: it wants it back."""
    t, ballot = texts(language), view.ballot
    state = _state(view, done=done, change=change)
    shown: dict[str, Any] = {"questions": [], "rows": [], "dots": []}
    if ballot is not None and state == "vote":
        shown["questions"] = [_asked(q, ballot, language) for q in ballot.questions]
    elif ballot is not None and state == "dots":
        shown["dots"] = [(q.id, q.words(language), int(view.own.get(q.id, 0))) for q in ballot.questions]
    elif ballot is not None and state == "revealed":
        shown["rows"] = _revealed(view, ballot, language)
    title = t("phone.over.title") if state == "over" else view.step.title or t(f"phone.step.{view.step.kind}")
    return render(
        "room.html",
        language,
        view.engagement.name,
        js=ROOM_SCRIPT.path,
        scripted=True,
        root=root,
        state=state,
        # a page is replaced only by one that differs in this, so that nobody loses their place in a form
        mark=f"{view.step.id}.{ballot.round if ballot else 0}.{state}",
        title=title,
        view=view,
        ballot=ballot,
        lead=_lead(view, state, t),
        place=t("phone.place", number=t.number(view.number, 0), of=t.number(view.of, 0)),
        voted=_voted(view, t),
        max_dots=DOTS,
        scaled=any(row["scaled"] for row in shown["rows"]),
        k=t.number(view.engagement.k, 0),
        **shown,
    )


def privacy(engagement: Engagement, told: Privacy, language: Language) -> str:
    """What becomes of the votes, and whom to ask."""
    t = texts(language)
    said = room_notice(told, engagement, t)
    return render("privacy.html", language, engagement.name, title=t("privacy.room_notice"), said=said)


def _state(view: PhoneView, *, done: bool, change: bool) -> str:
    ballot = view.ballot
    if view.over:
        return "over"
    if ballot is None:
        return "wait"
    if ballot.revealed_at is not None:
        return "revealed"
    if ballot.together:
        return "together"
    if ballot.kind == "dots":
        return "dots"
    answered = bool(view.own) and (done or all(q.id in view.own for q in ballot.questions))
    return "thanks" if answered and not change else "vote"


def _lead(view: PhoneView, state: str, t: Texts) -> str:
    if state in ("vote", "dots") and view.ballot is not None:
        return t(f"phone.lead.{view.ballot.kind}")
    if state == "wait" and view.step.text:
        return view.step.text
    return t(f"phone.{state}.lead")


def _voted(view: PhoneView, t: Texts) -> Markup:
    # the script puts the new number in by itself
    words = escape(t("phone.voted", count=_HERE))
    return Markup(str(words).replace(_HERE, f'<b id="voted">{view.voted}</b>'))  # noqa: S704  escaped but for the tag


def _asked(asked: Question, ballot: Ballot, language: Language) -> dict[str, Any]:
    """A question's words and choices, as those of a survey have them."""
    t = texts(language)
    if asked.id == GUESS_LEVEL:
        choices = [(value, t(f"level.{value}")) for value in SCALE]
        return {"id": asked.id, "stem": t("phone.guess.level"), "choices": choices, "apart": []}
    if asked.id == GUESS_LOWEST or ballot.kind == "classes":
        named = _option_names(asked.id, ballot, language)
        stem = t("phone.guess.lowest") if asked.id == GUESS_LOWEST else asked.words(language)
        return {"id": asked.id, "stem": stem, "choices": list(named.items()), "apart": []}
    pack = builtin(PULSE if ballot.kind == "pulse" else "full")
    told = question(next(i for i in pack.items if i.id == asked.id), pack, language, t)
    # "not applicable" is a survey's answer: what the room votes on again, it has just talked about
    return told | {"apart": [(value, words) for value, words in told["apart"] if value == "DK"]}


def _option_names(id_: str, ballot: Ballot, language: Language) -> Mapping[str, str]:
    t = texts(language)
    if id_ == GUESS_LOWEST:
        return {c: prose.title for c, prose in builtin(PULSE).prose[language].criteria.items()}
    return {option: t(f"processes.class.{option}") for option in ballot.options(id_)}


def _revealed(view: PhoneView, ballot: Ballot, language: Language) -> list[dict[str, Any]]:
    """What came of each question, with this phone's own answer beside it."""
    outcome = ballot.outcome
    if outcome is None:
        return []
    before = next(
        (b.outcome for b in reversed(view.rounds[:-1]) if b.outcome and b.questions == ballot.questions), None
    )
    rows = [_row(q, ballot, outcome, before, view.own, language) for q in ballot.questions]
    return sorted(rows, key=lambda row: -row["order"])


def _row(
    asked: Question,
    ballot: Ballot,
    outcome: BallotOutcome,
    before: BallotOutcome | None,
    own: Mapping[str, str],
    language: Language,
) -> dict[str, Any]:
    t, name = texts(language), _name(asked, ballot, language)
    row: dict[str, Any] = {"name": name, "scaled": False, "order": 0, "own": None, "group": None, "before": None}
    said = own.get(asked.id)
    if ballot.kind == "dots":
        found = outcome.of(asked.id)
        dots = found.dots if found is not None else None
        row |= {"words": t("phone.too_few") if dots is None else t.plural("phone.dots.count", dots)}
        return row | {"order": dots or 0, "own_words": t("phone.dots.own", n=t.number(int(said), 0)) if said else None}
    scaled = asked.id != GUESS_LOWEST and ballot.kind != "classes"
    names = {} if scaled else _option_names(asked.id, ballot, language)
    called: Callable[[str], str] = (lambda value: _scale_words(value, t)) if scaled else names.__getitem__
    if outcome.agreed is not None:
        agreed = outcome.agreed.get(asked.id)
        row |= {"words": t("phone.agreed", words=called(agreed)) if agreed else t("phone.not_agreed")}
        return row | {"own_words": None, "scaled": scaled, "group": _at(agreed, t)}
    found, earlier = outcome.of(asked.id), before.of(asked.id) if before else None
    row |= {"words": _words(found, names, t), "own_words": t("phone.you", words=called(said)) if said else None}
    if scaled:
        row |= {"scaled": True, "own": _at(said, t), "group": mark(found.mean if found else None, t)}
        row |= {"before": mark(earlier.mean if earlier else None, t)}
    return row


def _name(asked: Question, ballot: Ballot, language: Language) -> str:
    """What a line of the outcome is called: the criterion of a pulse, an item's question, else its own words."""
    if asked.id in (GUESS_LEVEL, GUESS_LOWEST):
        return texts(language)(f"phone.{asked.id}.short")
    if ballot.kind in ("classes", "dots"):
        return asked.words(language) or ""
    pack = builtin(PULSE if ballot.kind == "pulse" else "full")
    prose = pack.prose[language]
    if ballot.kind == "items":
        return prose.items[asked.id].stem
    return prose.criteria[next(i.criterion for i in pack.items if i.id == asked.id)].title


def _words(found: QuestionOutcome | None, names: Mapping[str, str], t: Texts) -> str:
    """What the room said to a question."""
    if found is None or found.too_few:
        return t("phone.too_few")
    if found.band is not None:
        return t(f"phone.band.{_BANDS[found.band]}")
    if found.mean is not None:
        told = mark(found.mean, t)
        return t("phone.room", words=told["words"] if told else "")
    if found.counts is not None:
        most: Sequence[tuple[str, int]] = sorted(found.counts.items(), key=lambda one: -one[1])
        return t("phone.room", words=" · ".join(f"{names[option]} {t.number(n, 0)}" for option, n in most))
    return t("phone.room", words=names[found.leading]) if found.leading else t("phone.split")


def _scale_words(value: str, t: Texts) -> str:
    return t("answer.DK") if value == "DK" else t(f"level.{value}")


def _at(value: str | None, t: Texts) -> dict[str, str] | None:
    return mark(float(value), t) if value and value.isdigit() else None
