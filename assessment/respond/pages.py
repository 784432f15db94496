"""What a respondent sees: pages from templates, and the question pages cut into pieces so that one costs a join."""

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assessment.engagement import DECLINABLE, REACTION, Answer, ItemId, Privacy
from assessment.packs import LANGUAGES, Item, Language, Pack, Role
from assessment.respond.http import Asset
from assessment.respond.notice import notice
from assessment.respondents import CHOICES, OPEN_ROLES, Invitation, OwnScore, course, level_of
from assessment.texts import Texts, texts

_HERE: Final = Path(__file__).parent
# between the pieces of a compiled page; no text holds it, for the packs and catalogues are plain text
_CUT: Final = "\x00"
_LEFT_PERCENT, _LEVEL_PERCENT = 10.0, 20.0


def _asset(name: str, kind: str) -> Asset:
    content = (_HERE / "static" / name).read_bytes()
    return Asset(name, kind, content, hashlib.sha256(content).hexdigest()[:10])


STYLE: Final = _asset("respond.css", "text/css")
SCRIPT: Final = _asset("respond.js", "text/javascript")
ROOM_SCRIPT: Final = _asset("room.js", "text/javascript")

_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def render(template: str, language: Language, organisation: object, **values: object) -> str:
    """A page made from a template, with what every page needs."""
    return _environment.get_template(template).render(
        t=texts(language),
        org=organisation,
        other=next(other for other in LANGUAGES if other != language),
        css=STYLE.path,
        **{"scripted": False, "js": SCRIPT.path, **values},
    )


def start(
    invitation: Invitation,
    language: Language,
    *,
    begun: tuple[str, str] | None = None,
    may_begin: bool = True,
    missing: bool = False,
) -> str:
    """The page a link opens: what is asked, who sees what, and the role where the link does not say.

    begun: the link's own address and the page to continue on, for a browser that has begun. missing: the role was
    asked for and not given.
    """
    link, wave = invitation.link, invitation.wave
    asked = (wave.pack_id, wave.asks_retrospectively)
    shown = (invitation.engagement.name, asked, wave.k, link.role, link.team, invitation.teams)
    return _start(*shown, language, begun, may_begin, missing)


# a room opens the same page within a minute, and it takes ten times a page of questions
@lru_cache(maxsize=64)
def _start(
    organisation: str,
    asked: tuple[str, bool],
    k: int,
    preset: Role | None,
    team: str | None,
    teams: tuple[str, ...],
    language: Language,
    begun: tuple[str, str] | None,
    may_begin: bool,
    missing: bool,
) -> str:
    t, roles = texts(language), (preset,) if preset else CHOICES
    pack_id, retrospective = asked
    ways = [course(pack_id, role, retrospective) for role in roles]
    return render(
        "start.html",
        language,
        organisation,
        trained=pack_id == REACTION,
        roles=roles,
        one_role=len(roles) == 1,
        teams=teams,
        teamed=bool(teams or team),
        protected=_named([t(f"role.{r}") for r in roles if r not in OPEN_ROLES], t),
        open=_named([t(f"role.{r}") for r in roles if r in OPEN_ROLES], t),
        declinable=any(role in DECLINABLE for role in roles),
        questions=max(len(way.items) for way in ways),
        minutes=max(way.minutes(1, language) for way in ways),
        k=t.number(k, 0),
        link=begun[0] if begun else None,
        next=begun[1] if begun else None,
        may_begin=may_begin,
        missing=missing,
    )


def _named(roles: list[str], t: Texts) -> str:
    return t.listing([role.lower() for role in roles]).capitalize()


def question_page(
    invitation: Invitation,
    role: Role,
    page: int,
    language: Language,
    answers: Mapping[ItemId, Answer],
    *,
    answer_id: str,
    shown_at: int,
    ignored: bool = False,
) -> str:
    """One page of questions with the answers so far.

    answer_id: what the script keeps unsent answers under. shown_at: comes back with the form, for the time spent.
    """
    pieces, slots = _compiled(invitation.pack.id, role, page, language, invitation.wave.asks_retrospectively)
    filled = {
        "org": str(escape(invitation.engagement.name)),
        "answer": answer_id,
        "shown": str(shown_at),
        "notice": _notice(language) if ignored else "",
    }
    for item, answer in answers.items():
        filled[f"{item}={answer.value}"] = " checked"
    return "".join([part for pair in zip(pieces, [filled.get(s, "") for s in slots], strict=True) for part in pair])


@cache
def _notice(language: Language) -> str:
    words = escape(texts(language)("respond.page.ignored"))
    return f'<div class="note wait" role="alert"><p>{words}</p></div>'


# every page of every role of the two packs in both languages is 140 pages of 12 kB, 80 more where the full set is
# followed by how it was before, and 10 right after a training
@lru_cache(maxsize=256)
def _compiled(
    pack_id: str, role: Role, page: int, language: Language, retrospective: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pieces of a page, and what belongs after each: "item=value" where that answer is marked when chosen."""
    t, way = texts(language), course(pack_id, role, retrospective)
    items, pack = way.pages[page - 1], way.pack_of(page)
    title, about = heading(items, pack, language, t, alone=len(way.pages) == 1, before=pack != way.pack)
    html = render(
        "page.html",
        language,
        _slot("org"),
        scripted=True,
        slot=_slot,
        page=page,
        pages=len(way.pages),
        trained=pack_id == REACTION,
        minutes=way.minutes(page, language),
        title=title,
        about=about,
        items=[question(item, pack, language, t) for item in items],
    )
    parts = html.split(_CUT)
    return tuple(parts[::2]), (*parts[1::2], "")


def heading(
    items: tuple[Item, ...], pack: Pack, language: Language, t: Texts, *, alone: bool, before: bool
) -> tuple[str, str]:
    """A page's heading and what it is about.

    alone: there is no other page. before: it asks how it was before the work.
    """
    if before:
        return t("respond.before.title"), t("respond.before.about")
    if pack.id == REACTION:
        return pack.prose[language].title, t("respond.trained.about")
    first = pack.prose[language].criteria[items[0].criterion]
    return (pack.prose[language].title, t("answer.how_pulse")) if alone else (first.title, first.about)


def _slot(name: str) -> Markup:
    return Markup(f"{_CUT}{name}{_CUT}")  # noqa: S704 - names are ours and the pack's, checked when it was loaded


def question(item: Item, pack: Pack, language: Language, t: Texts) -> dict[str, Any]:
    """A question's id, stem and answers, each a value with its words: the levels as `choices`, the others `apart`."""
    words = pack.prose[language].items[item.id]
    anchors = dict(zip(pack.anchored, words.anchors, strict=True))
    levels = [v for v in pack.values() if isinstance(v, int)]
    apart = [v for v in pack.values() if isinstance(v, str)]
    return {
        "id": item.id,
        "stem": words.stem,
        "choices": [(v, anchors.get(v) or t(f"answer.between.{v}")) for v in levels],
        "apart": [(v, t(f"answer.{v}")) for v in apart],
    }


def thanks(
    invitation: Invitation,
    language: Language,
    scores: tuple[OwnScore, ...],
    group: Mapping[str, float | None],
    *,
    missing: int,
    first_missing: int | None,
    is_open: bool,
) -> str:
    """The last page: the respondent's own picture beside the group's, and what happens next.

    group: its score by criterion, None where it is hidden; empty when it is not shown at all. Right after a training
    there is no picture of anybody.
    """
    t, criteria = texts(language), invitation.pack.prose[language].criteria
    own = {s.criterion_id: s.score for s in scores}
    rows = [
        {
            "name": criteria[c.id].title,
            "asked": c.id in own,
            "own": mark(own.get(c.id), t),
            "group": mark(group.get(c.id), t),
        }
        for c in invitation.pack.criteria
        # the group may have been asked what this role was not
        if invitation.wave.measures_maturity and (c.id in own or c.id in group)
    ]
    return render(
        "thanks.html",
        language,
        invitation.engagement.name,
        profile=rows,
        grouped=bool(group),
        missing=missing,
        first_missing=first_missing,
        open=is_open,
        k=t.number(invitation.wave.k, 0),
    )


def mark(score: float | None, t: Texts) -> dict[str, str] | None:
    """The words for a score, and where on the scale it stands."""
    if score is None:
        return None
    return {
        "words": f"{t.number(score)} {t(f'level.{level_of(score)}')}",
        # the scale runs from half a level below 1 to half a level above 5, so that the bands are the levels
        "percent": f"{_LEFT_PERCENT + (score - 1) * _LEVEL_PERCENT:.1f}",
    }


def erase(invitation: Invitation, language: Language) -> str:
    """The question before answers are erased."""
    return render("erase.html", language, invitation.engagement.name)


def privacy(invitation: Invitation, told: Privacy, language: Language) -> str:
    """What becomes of the answers, and whom to ask."""
    t = texts(language)
    said = notice(told, invitation.engagement, invitation.wave, t)
    return render("privacy.html", language, invitation.engagement.name, title=t("privacy.notice"), said=said)


def message(
    language: Language,
    title: str,
    lead: str,
    *more: str,
    organisation: str = "",
    links: tuple[tuple[str, str], ...] = (),
    forget: bool = False,
) -> str:
    """A page that says one thing. forget: the phone drops what it still holds."""
    return render(
        "message.html", language, organisation, title=title, lead=lead, more=more, links=links, scripted=forget
    )


def warm() -> None:
    """Make every page once, so that nobody who joins waits for templates to be compiled."""
    for pack_id, retrospective in (("full", False), ("pulse", False), ("full", True), (REACTION, False)):
        for role in CHOICES:
            for page in range(1, len(course(pack_id, role, retrospective).pages) + 1):
                for language in LANGUAGES:
                    _compiled(pack_id, role, page, language, retrospective)
