"""The slides: a deck of native charts and tables with speaker notes, in our template or the organisation's own."""

from collections.abc import Callable, Iterator
from typing import Final

from assessment.report import deck_current_state, deck_result, deck_way_forward
from assessment.report.dossier import Dossier
from assessment.report.slide_template import ours, theirs
from assessment.report.slides import Foot, Slides
from assessment.scoring import findings
from assessment.strategy.model import MODEL_VERSION
from assessment.wording import reader, words

# writes one slide; False where there is nothing to tell
Writer = Callable[[Slides, Dossier], bool]

# in the order they are shown; a subject that has a text in the catalogue is said to be missing where it is
SUBJECTS: Final[dict[str, Writer]] = {
    "opening": deck_result.opening,
    "finding": deck_result.finding,
    "profile": deck_result.profile,
    "perception": deck_result.perception,
    "agreement": deck_result.agreement,
    "kpis": deck_current_state.key_figures,
    "stream": deck_current_state.stream,
    "waste": deck_current_state.waste,
    "diagnosis": deck_way_forward.diagnosis,
    "strategy": deck_way_forward.strategy,
    "mandate": deck_way_forward.mandate,
    "payback": deck_way_forward.payback,
    "plan": deck_way_forward.plan,
    "training": deck_way_forward.training,
}


def deck(dossier: Dossier) -> bytes:
    """The slides as a .pptx file, in the dossier's language.

    What nothing is known of has no slide and is named on one of the last; of groups under k there is the reason alone.
    Raises: TemplateRefused when the organisation's template cannot be used.
    """
    with reader.writing(dossier.language):
        branding = dossier.branding
        template = theirs(branding.template) if branding.template else ours(branding.colour)
        slides = Slides(template, dossier.language, _foot(dossier))
        missing = [subject for subject, write in SUBJECTS.items() if not write(slides, dossier)]
        _unknown(slides, dossier, missing)
        _limits(slides, dossier)
        name = reader.texts()("deck.opening", name=dossier.results.engagement.name)
        return slides.save(name, _sender(dossier), dossier.written_on)


def _sender(dossier: Dossier) -> str:
    return dossier.branding.sender or reader.texts()("common.product")


def _foot(dossier: Dossier) -> Foot:
    texts, score = reader.texts(), dossier.results.score
    made_by = texts(
        "deck.foot",
        sender=_sender(dossier),
        pack=dossier.results.pack.prose[texts.language].title,
        version=score.pack_version,
        scoring=score.scoring_version,
        model=MODEL_VERSION,
    )
    return Foot(made_by, texts.day(dossier.written_on))


def _unknown(slides: Slides, dossier: Dossier, missing: list[str]) -> None:
    """What nobody has described yet, and what it would tell."""
    texts = reader.texts()
    named = [f"deck.missing.{subject}" for subject in missing if texts.has(f"deck.missing.{subject}")]
    if named:
        page = slides.text(texts.plural("deck.missing", len(named)), [texts(key) for key in named])
        page.notes([texts("deck.notes.missing"), *words.about(dossier.results)])


def _limits(slides: Slides, dossier: Dossier) -> None:
    texts = reader.texts()
    page = slides.text(texts("deck.limits", n=texts.number(dossier.results.respondents, 0)), [*_grounds(dossier)])
    page.notes([texts("deck.notes.limits"), *words.about(dossier.results)])


def _grounds(dossier: Dossier) -> Iterator[str]:
    """What the figures rest on, and what they cannot say."""
    texts, results = reader.texts(), dossier.results
    share = findings.answered_share(results.score)
    day = texts.day(results.wave.closed_at or results.wave.opened_at)
    if share is None:
        yield texts("deck.limits.nothing", day=day)
    else:
        yield texts("deck.limits.coverage", share=texts.percent(share), day=day)
    if results.own is None:
        yield texts("deck.limits.anonymity", k=texts.number(results.score.k, 0))
    else:
        yield texts("deck.limits.one_view")
    for limit in ("self", "benchmark", "cause", "constants"):
        yield texts(f"deck.limits.{limit}")
    yield texts("deck.limits.pinned", hash=results.score.pack_hash[:8])
