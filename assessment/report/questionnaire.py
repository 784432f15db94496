"""The questionnaire on paper, for those who have no phone at hand: the same words in the same order."""

from itertools import count

from assessment.engagement import DECLINABLE, REACTION, Branding, Wave
from assessment.packs import Language, Pack, Role
from assessment.report.typesetting import pdf
from assessment.respond.pages import heading, question
from assessment.respondents import OPEN_ROLES, Course, course
from assessment.texts import Texts, texts


def questionnaire(
    pack: Pack, language: Language, *, role: Role, branding: Branding, organisation: str, wave: Wave, k: int
) -> bytes:
    """The questions a role is asked, numbered in the order they are typed in again, as a tagged PDF.

    k: the smallest group whose answers are shown.
    """
    t, way = texts(language), course(pack.id, role, wave.asks_retrospectively)
    about = "trained" if pack.id == REACTION else "start"
    told = {
        "title": t(f"respond.{about}.title", organisation=organisation),
        "where": t("questionnaire.for", role=t(f"role.{role}"), wave=t(f"wave.{wave.label}")),
        "lead": t.plural(f"respond.{about}.lead", len(way.items), minutes=t.number(way.minutes(1, language), 0)),
        # on a single page the part itself says how
        "how": f"{t('questionnaire.how')} {t('answer.how')}" if len(way.pages) > 1 else t("questionnaire.how"),
        "who": t("respond.start.who"),
        "privacy": _privacy(role, wave, k, t),
        "team": t("questionnaire.team") if wave.by_team else None,
        "pages": _pages(way, language, t),
        "thanks": t("questionnaire.thanks"),
        "footer": [t(f"role.{role}"), f"{pack.prose[language].title} {pack.version}"],
    }
    return pdf("questionnaire", told, branding=branding, language=language, pictures={})


def _privacy(role: Role, wave: Wave, k: int, t: Texts) -> list[str]:
    """Who sees what: as on the phone, and what is different on paper."""
    seen = t("respond.start.open") if role in OPEN_ROLES else t("respond.start.protected", k=t.number(k, 0))
    stored = t("respond.start.stored_team" if wave.by_team else "respond.start.stored")
    declining = [t("questionnaire.decline")] if role in DECLINABLE else []
    return [f"{seen} {stored}", t("questionnaire.typed_in"), *declining]


def _pages(way: Course, language: Language, t: Texts) -> list[dict[str, object]]:
    """The parts of the questionnaire, the questions numbered through all of them."""
    pages: list[dict[str, object]] = []
    numbers = count(1)
    for page, items in enumerate(way.pages, 1):
        pack = way.pack_of(page)
        title, about = heading(items, pack, language, t, alone=len(way.pages) == 1, before=pack != way.pack)
        questions = []
        for item in items:
            asked = question(item, pack, language, t)
            words = {kind: [label for _, label in asked[kind]] for kind in ("choices", "apart")}
            questions.append({"number": next(numbers), "stem": asked["stem"], **words})
        pages.append({"title": title, "about": about, "questions": questions})
    return pages
