"""Slides of a measurement: the finding, the profile, what is seen differently, and how far people agree."""

from typing import Final

from assessment.config import AD_CUTS, COVERAGE_MIN, GAP_CUTS
from assessment.deciding import followed
from assessment.report.dossier import Dossier
from assessment.report.slide_template import Box
from assessment.report.slides import INK, NOTE, Page, Say, Series, Slides
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.agreement import agreement_band, consensus_band
from assessment.scoring.result import CriterionScore
from assessment.texts import half_up
from assessment.wording import maturity_words, perception_words, reader, words
from assessment.wording.maturity_words import left_out

LEAST_AGREED: Final = 6
# place among the accents and shape of the dot
_VIEWS: Final = {
    "leadership": (1, "diamond"),
    "sellers": (2, "circle"),
    "surroundings": (3, "square"),
    "consultant": (4, "triangle"),
}


def basis(results: Results) -> str:
    """What the figures of a measurement rest on: whose they are, when, how many answered, and how much."""
    texts, share = reader.texts(), findings.answered_share(results.score)
    facts = words.about(results)
    if share is not None:
        facts.append(texts("deck.coverage", share=texts.percent(share)))
    return " · ".join(facts)


def opening(slides: Slides, dossier: Dossier) -> bool:
    """Whose assessment it is, which measurement, and who it comes from."""
    texts, branding = reader.texts(), dossier.branding
    about, day = words.about(dossier.results), texts.day(dossier.written_on)
    sender = texts("deck.from", sender=branding.sender, day=day) if branding.sender else day
    page = slides.opening(
        texts("deck.opening", name=dossier.results.engagement.name),
        [words.upper_first(" · ".join(about[1:])), sender],
        branding.logo,
        texts("deck.logo", sender=branding.sender or texts("common.product")),
    )
    page.notes([texts("deck.notes.opening"), basis(dossier.results)])
    return True


# ---------------------------------------------------------------- the finding


def finding(slides: Slides, dossier: Dossier) -> bool:
    """The finding in one sentence, what follows, and the gaps behind it."""
    texts, results = reader.texts(), dossier.results
    if not findings.scored(results.score):
        page = slides.page(texts("maturity.lead_too_little"), basis(results))
        lines = [texts("deck.too_little", least=texts.percent(COVERAGE_MIN)), *left_out(results)]
        page.text(page.area, [Say(line) for line in lines])
    elif results.pack.id == "pulse":
        page = _pulse(slides, results)
    else:
        page = slides.page(maturity_words.message(results)[0], basis(results))
        left, right = page.area.columns(0.36)
        page.text(left, _summary(dossier))
        _gaps(page, right, results)
    page.notes([texts("deck.notes.finding"), basis(results)])
    return True


def _summary(dossier: Dossier) -> list[Say]:
    texts, results, advice = reader.texts(), dossier.results, dossier.advice
    overall, said = results.score.overall, []
    if overall.score is not None and overall.index is not None:
        said.append(Say(texts("deck.overall", step=words.step(overall.level)), bold=True))
        score, index = texts.number(overall.score), texts.number(overall.index, 0)
        said.append(Say(texts("maturity.overall", score=score, index=index)))
    if advice is not None:
        chosen = followed(advice, dossier.decisions)
        key = "deck.chosen" if dossier.decisions else "deck.recommended"
        name = texts("decision.map_first" if chosen is None else f"strategy.{chosen}")
        said += [Say(texts(key, name=name), bold=True), *([Say(texts(f"strategy.{chosen}.say"))] if chosen else [])]
        said.append(Say(texts(f"actions.training.{advice.training}"), bold=True))
    only = findings.seen_only_from(results.score)
    if only is not None:
        key = "maturity.alone" if results.own is not None else "maturity.only_from"
        said.append(Say(texts(key, perspective=words.seen(only))))
    missing = [words.criterion_lower(results, c) for c in findings.not_assessed(results.score)]
    if missing:
        said.append(Say(texts("maturity.not_assessed", areas=texts.listing(missing))))
    return said


def _gaps(page: Page, box: Box, results: Results) -> None:
    """Level and what is left to the target, first what matters most."""
    texts, order = reader.texts(), findings.by_priority(results.score)
    shown = [findings.as_shown(c) for c in order]
    page.bars(
        box,
        [words.criterion(results, c) for c in order],
        [
            Series(texts("maturity.column.score"), [float(s.score) for s in shown], 0),
            Series(texts("deck.to_target"), [float(s.gap) or None for s in shown], INK, hollow=True),
        ],
        alt=texts("deck.alt.gaps", of=_listed(results, order)),
        ends=(1, 5),
        stacked=True,
    )


def _listed(results: Results, order: tuple[CriterionScore, ...]) -> str:
    texts = reader.texts()
    return "; ".join(
        texts(
            "deck.alt.area",
            area=words.criterion(results, c),
            score=texts.number(c.score or 0.0),
            target=texts.number(c.target),
        )
        for c in order
    )


def _pulse(slides: Slides, results: Results) -> Page:
    """A bar for each area and no more: one question is too little for a level or a strategy."""
    texts, order = reader.texts(), findings.lowest_first(results.score)
    page = slides.page(maturity_words.pulse_lead(results), basis(results))
    left, right = page.area.columns(0.3)
    page.text(left, [Say(texts("maturity.pulse_why")), *(Say(line) for line in left_out(results))])
    names, values = [words.criterion(results, c) for c in order], [_printed(c.score) for c in order]
    listed = "; ".join(f"{name}: {words.number(c.score, 1)}" for name, c in zip(names, order, strict=True))
    page.bars(right, names, [Series(texts("maturity.column.score"), values, 0)], alt=listed, ends=(1, 5))
    return page


# ---------------------------------------------------------------- the profile


def profile(slides: Slides, dossier: Dossier) -> bool:
    """How each perspective sees each area, beside the target; who is hidden stands below in words."""
    texts, results = reader.texts(), dossier.results
    if results.pack.id == "pulse" or not findings.scored(results.score):
        return False
    order = findings.by_difference(results.score)
    below = sum(bool(c.gap) for c in order)
    page = slides.page(texts.plural("deck.profile", below, of=texts.number(len(order), 0)), basis(results))
    area, notes = page.area, [Say(line) for line in left_out(results)]
    if notes:
        area, place = area.rows(min(int(area.height * 0.25), NOTE * (1 + len(notes))))
        page.text(place, notes)
    alt = texts("deck.alt.profile", of=_listed(results, findings.scored(results.score)))
    page.dots(area, [words.criterion(results, c) for c in order], _views(results, order), alt=alt)
    page.notes([texts("deck.notes.profile"), *left_out(results), basis(results)])
    return True


def _views(results: Results, order: tuple[CriterionScore, ...]) -> list[Series]:
    texts, present = reader.texts(), findings.perspectives_present(results.score)
    series = []
    for name in present:
        views = [c.perspectives.get(name) for c in order]
        values = [None if v is None or v.hidden else _printed(v.score) for v in views]
        if any(value is not None for value in values):
            accent, marker = _VIEWS[name]
            series.append(Series(texts(f"perspective.{name}"), values, accent, marker))
    if len(series) != 1:
        series.append(Series(texts("deck.together"), [_printed(c.score) for c in order], 0, "dash"))
    targets = [_printed(c.target) for c in order]
    return [*series, Series(texts("maturity.column.target"), targets, INK, "dash")]


def _printed(value: float | None) -> float | None:
    """The figure as it is printed everywhere else: what a chart holds is what it shows."""
    return None if value is None else float(half_up(value))


# ---------------------------------------------------------------- perception and agreement


def perception(slides: Slides, dossier: Dossier) -> bool:
    """How much brighter or darker leadership sees it than the others, where both may be shown."""
    texts, results = reader.texts(), dossier.results
    seen = findings.perception(results.score)
    if seen is None:
        return False
    page = slides.page(perception_words.message(results)[0], basis(results))
    others = [*dict.fromkeys(name for c in results.score.criteria for name in c.perception_gap)]
    order = findings.by_difference(results.score)
    area, place = page.area.rows(NOTE * 2)
    notable, large = (texts.number(cut, 2) for cut in GAP_CUTS)
    page.text(place, [Say(texts("perceptions.gaps_note", notable=notable, large=large))])
    series = [
        Series(
            texts("perceptions.column.against", other=texts(f"perceptions.seen.{other}")),
            [_delta(c, other) for c in order],
            _VIEWS[other][0],
        )
        for other in others
    ]
    names = [words.criterion(results, c) for c in order]
    listed = "; ".join(
        texts("deck.alt.delta", area=name, other=told.name, delta=texts.number(delta, sign=True))
        for told in series
        for name, delta in zip(names, told.values, strict=True)
        if delta is not None
    )
    page.bars(area, names, series, alt=listed, form="+0.0;\u22120.0;0.0", ends=(None, None))
    page.notes([texts("deck.notes.perception"), *left_out(results), basis(results)])
    return True


def _delta(criterion: CriterionScore, other: str) -> float | None:
    return perception_words.delta_shown(criterion, other) if other in criterion.perception_gap else None


def agreement(slides: Slides, dossier: Dossier) -> bool:
    """The questions on which answers lie farthest apart."""
    texts, results = reader.texts(), dossier.results
    known = sorted((i for i in results.score.items if i.ad_m is not None), key=lambda i: -(i.ad_m or 0.0))
    if not known:
        return False
    cut, first = texts.number(AD_CUTS[1]), known[0]
    title = texts("perceptions.agreement_fine", cut=cut)
    if agreement_band(first.ad_m or 0.0) == "disagreement":
        topic = words.quoted(words.name_of(results.pack, first.id))
        title = texts("perceptions.agreement_low", topic=topic, apart=texts.number(first.ad_m or 0.0))
    page = slides.page(title, basis(results))
    area, place = page.area.rows(NOTE * 3)
    rows = [
        (
            words.name_of(results.pack, item.id),
            words.item_level(item),
            texts.number(item.n, 0),
            texts(f"perceptions.agreement.{agreement_band(item.ad_m or 0.0)}", apart=texts.number(item.ad_m or 0.0, 2)),
            texts(
                f"perceptions.consensus.{consensus_band(item.consensus or 0.0)}",
                value=texts.number(item.consensus or 0.0, 2),
            ),
        )
        for item in known[:LEAST_AGREED]
    ]
    head = [texts(f"perceptions.column.{name}") for name in ("topic", "mean", "answers", "apart", "consensus")]
    page.table(area, head, rows, alt=texts("deck.alt.agreement", n=len(rows)), shares=(5, 1.2, 1, 3, 2))
    split = [words.quoted(words.name_of(results.pack, i.id)) for i in findings.split_items(results.score)]
    said = [Say(texts("maturity.split", topics=texts.listing(split)))] if split else []
    page.text(place, [*said, Say(texts("perceptions.agreement_note", cut=cut))])
    page.notes([texts("deck.notes.agreement"), basis(results)])
    return True
