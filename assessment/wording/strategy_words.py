"""The recommendation in sentences and in the rows of its charts: what, why, how surely, and what would change it."""

import pandas as pd

from assessment.advice import Advice, Driver
from assessment.config import SUPPORT
from assessment.engagement import StrategyDecision
from assessment.mapping.current_state import Part
from assessment.results import Results
from assessment.strategy.gates import Gate
from assessment.strategy.model import DRAWS, GATES, HOLD_AND_MEASURE, PRECONDITIONS, WEIGHTS, StrategyId
from assessment.strategy.recommend import Assessment, Recommendation
from assessment.wording import diagnosis_words, reader, words


def lead(recommendation: Recommendation) -> str:
    """What is recommended."""
    texts = reader.texts()
    if recommendation.recommended is None:
        return texts("strategy.lead_map_first")
    return texts("strategy.lead", name=texts(f"strategy.{recommendation.recommended}").lower())


def meaning(advice: Advice) -> list[str]:
    """The sentence to repeat, then how far ahead it is and on how much evidence."""
    texts, recommendation = reader.texts(), advice.recommendation
    chosen = recommendation.recommended
    if chosen is None:
        return [texts("strategy.map_first_why")]
    sentences = [texts(f"strategy.{chosen}.say")]
    if chosen == HOLD_AND_MEASURE:
        sentences.append(texts("strategy.hold_why"))
    else:
        sentences.append(_lead_over_others(recommendation, recommendation.strategy(chosen)))
    return sentences


def _lead_over_others(recommendation: Recommendation, chosen: Assessment) -> str:
    texts = reader.texts()
    fit = texts.number(chosen.fit or 0)
    others = [s.fit or 0 for s in recommendation.strategies if s.assessable and not s.excluded and s.id != chosen.id]
    if recommendation.near_ties:
        names = texts.listing([texts(f"strategy.{s}") for s in recommendation.near_ties])
        said = texts("strategy.fit_tie", fit=fit, others=names)
    elif others:
        ahead = words.difference(chosen.fit or 0, max(others))
        said = texts("strategy.fit_ahead", fit=fit, ahead=texts.number(ahead))
    else:
        said = texts("strategy.fit_only", fit=fit)
    if chosen.provisional:
        said += " " + texts("strategy.provisional", share=texts.percent(chosen.evidence))
    return said


def conflict_why(recommendation: Recommendation) -> str:
    """How much better a strategy outside the mandate fits."""
    texts = reader.texts()
    name, margin = texts(f"strategy.{recommendation.mandate_conflict}"), recommendation.conflict_margin or 0
    return texts("strategy.conflict_why", name=name, margin=texts.number(margin))


def mandate_said(advice: Advice) -> str:
    """What nobody has said of the mandate; nothing where all is known."""
    texts = reader.texts()
    if advice.mandate is None:
        return texts("strategy.mandate_unknown")
    if advice.mandate_unknown:
        fields = texts.listing([texts(f"strategy.mandate_field.{f}") for f in advice.mandate_unknown])
        return texts("strategy.mandate_partly", fields=fields)
    return ""


def driver(results: Results, advice: Advice, driver: Driver) -> str:
    """What an item or a part of the current state gives the recommended strategy."""
    texts, points = reader.texts(), reader.texts().number(driver.points)
    if isinstance(driver.about, Part):
        what = diagnosis_words.part(advice.state, driver.about)
        return texts("strategy.driver", what=words.upper_first(what), points=points)
    topic = results.pack.prose[texts.language].items[driver.about].topic
    level = words.item_level(results.score.item(driver.about))
    return texts("strategy.item", topic=topic, points=points, level=level)


def contribution_rows(results: Results, chosen: Assessment) -> pd.DataFrame:
    """A row for each signal of a strategy, as `charts.contributions` wants them."""
    known = {c.signal for c in chosen.contributions}
    rows = [
        {
            "reason": words.signal(c.signal, c.value),
            "source": words.known_source(results, c.signal),
            "points": c.points,
            "most": c.most,
        }
        for c in chosen.contributions
    ]
    rows += [
        {"reason": words.signal(s, 0), "source": words.unknown_source(s), "points": None, "most": None}
        for s in WEIGHTS[chosen.id]
        if s not in known
    ]
    return pd.DataFrame(rows, columns=["reason", "source", "points", "most"])


def all_claim(recommendation: Recommendation) -> str:
    """How the strategies stand to each other, as a heading."""
    heading = "strategy.all_tie" if recommendation.near_ties else "strategy.all_ranked"
    if recommendation.recommended in WEIGHTS and _far_ahead(recommendation):
        heading = "strategy.all_clear"
    return reader.texts()(heading)


def _far_ahead(recommendation: Recommendation) -> bool:
    """Whether every other strategy, outside the mandate too, is further behind than one worth doing alongside."""
    fits = sorted((s.fit or 0.0 for s in recommendation.strategies if s.assessable), reverse=True)
    best = next(s.fit or 0.0 for s in recommendation.strategies if s.id == recommendation.recommended)
    return best == fits[0] and (len(fits) == 1 or best - fits[1] > SUPPORT[1])


def missing(strategy: Assessment) -> list[str]:
    """The signals a strategy lacks to be assessed, by name."""
    known = {c.signal for c in strategy.contributions}
    return [words.signal(s, 0).lower() for s in WEIGHTS[strategy.id] if s not in known]


def strategy_rows(recommendation: Recommendation) -> pd.DataFrame:
    """A row for each strategy, as `charts.strategies` wants them."""
    texts = reader.texts()
    return pd.DataFrame(
        [
            {
                "title": texts(f"strategy.{s.id}"),
                "fit": s.fit if s.assessable else None,
                "evidence": s.evidence,
                "excluded": texts(f"strategy.reason.{s.excluded[0]}") if s.excluded else None,
                "recommended": s.id == recommendation.recommended,
                "near_tie": s.id in recommendation.near_ties,
            }
            for s in recommendation.strategies
        ]
    )


def stability(recommendation: Recommendation) -> str:
    """How often the recommendation stays when what it rests on is a little different."""
    texts = reader.texts()
    share, draws = texts.percent(recommendation.stability), texts.number(DRAWS, 0)
    return texts(f"strategy.stability.{recommendation.stability_band}", share=share, n=draws)


def gate_first(advice: Advice, gate: Gate) -> list[str]:
    """What to bring in order first, and the strategy to begin with meanwhile."""
    texts, said = reader.texts(), []
    if gate.short:
        worst = max(gate.short, key=lambda p: gate.short[p])
        name, following = words.precondition(worst), words.precondition_rungs(worst, advice.readiness[worst])[1]
        said.append(texts("strategy.gate.first", name=name, next=words.lower_first(following)))
    if advice.recommendation.first_step:
        name = texts(f"strategy.{advice.recommendation.first_step}").lower()
        said.append(texts("strategy.gate.first_step", name=name))
    return said


def gate_heading(gate: Gate) -> str:
    """Whether the organisation is ready for what is recommended."""
    texts = reader.texts()
    if gate.colour is None:
        return texts("strategy.gate.unknown")
    if gate.colour == "red" and len(gate.short) > 1:
        return texts("strategy.gate.red_many")
    return texts(f"strategy.gate.{gate.colour}")


def gate_said(advice: Advice, chosen: StrategyId, precondition: str) -> tuple[str | None, str]:
    """How far a precondition is: a colour, None where nobody has said, and words."""
    texts = reader.texts()
    least = texts.number(GATES[chosen][PRECONDITIONS.index(precondition)], 0)
    level, gate = advice.readiness[precondition], advice.recommendation.strategy(chosen).gate
    if level is None:
        return None, texts("strategy.gate.row_unknown", least=least)
    short = gate.short.get(precondition)
    said = texts("strategy.gate.row", level=texts.short(level), least=least)
    word = texts("strategy.gate.ready") if short is None else texts("strategy.gate.short", short=texts.short(short))
    return "green" if short is None else "amber" if short < 1 else "red", f"{said} · {word}"


def chosen(decision: StrategyDecision) -> str:
    """What was chosen, by whom and when, in a sentence."""
    texts = reader.texts()
    day = texts.day(decision.decided_on)
    return texts("decision.chosen", name=named(decision.strategy), who=decision.decided_by, day=day)


def named(strategy: str | None) -> str:
    """A strategy between quotation marks, or to map first."""
    texts = reader.texts()
    return texts("common.quoted", words=texts("decision.map_first" if strategy is None else f"strategy.{strategy}"))
