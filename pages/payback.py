"""The payback: what the change is worth, how surely, what it hangs on, and the benefits it is made of."""

from typing import Final

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.business_case.cases import BENEFITS, Benefit, BusinessCase
from assessment.engagement import Engagement
from assessment.payback import CashFlow, Payback, histogram
from assessment.wording import case_words, money, payback_words, words
from pages.ui import choices, fields, parts, payback_editing, session
from pages.ui.payback_editing import COSTS_STEP

STEPS: Final = 40  # bars of the distribution


def render() -> None:
    """Draw the benefit or the costs of the address, or what it all comes to."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.payback"), texts("payback.none"), (texts("start.begin"), "begin"))
        return
    found, step, may_run = session.business_case(opened), session.step(), session.may("run")
    chosen = found.benefit(step)
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.payback"))
    if chosen is not None and may_run:
        payback_editing.benefit(opened, found, chosen)
    elif step == COSTS_STEP and may_run:
        payback_editing.costs(opened, found)
    else:
        _all(opened, found, may_run)


def _all(opened: Engagement, found: BusinessCase, may_run: bool) -> None:
    texts = session.texts()
    if not found.begun:
        parts.message(texts("payback.lead_empty"), texts("payback.lead_empty_why"))
        if may_run:
            label = texts("payback.begin")
            st.button(label, type="primary", on_click=session.go_to_step, args=(BENEFITS[0],))
        return
    parts.message(*case_words.message(found))
    if found.lacks:
        parts.bullets(payback_words.in_the_way(found))
    _banners(opened, found, may_run)
    _benefits(opened, found, may_run)
    if found.result is not None and found.flow is not None:
        _cash(found, found.result, found.flow)
        _spread(found, found.result)
        _tornado(found, found.result)
    parts.next_step(
        texts("payback.next"),
        texts("payback.next_why"),
        (texts("payback.to_actions"), "actions"),
        (texts("payback.to_kpis"), "kpis"),
    )


# ---------------------------------------------------------------- the key message


def _banners(opened: Engagement, found: BusinessCase, may_run: bool) -> None:
    """What a controller would ask about: benefits nobody owns, and growth that is hard to believe."""
    texts = session.texts()
    unowned = [payback_words.line(b.told.line) for b in found.benefits if b.standing == "unowned"]
    if unowned:
        why = texts("payback.unowned_why", lines=texts.listing(unowned))
        parts.banner(texts.plural("payback.unowned", len(unowned)), why)
    if found.problems:
        names = [payback_words.named(name) for name in found.problems]
        parts.banner(texts("payback.problem"), texts("payback.problem_in", names=texts.listing(names)))
    result = found.result
    if result is None or not result.growth_flag:
        return
    share = texts("payback.growth_much") if result.growth_share is None else texts.percent(result.growth_share, 1)
    parts.banner(texts("payback.growth", share=share), found.terms.growth_reason or texts("payback.growth_why"))
    if may_run:
        label, set_terms = texts("payback.growth_reason"), session.service().set_payback_terms
        said = found.terms.growth_reason or ""
        choices.paragraph(
            label, f"payback_growth_{opened.id}", said, lambda typed: set_terms(opened.id, {"growth_reason": typed})
        )
        fields.saved()


# ---------------------------------------------------------------- the benefits


def _benefits(opened: Engagement, found: BusinessCase, may_run: bool) -> None:
    texts = session.texts()
    standings = [benefit.standing for benefit in found.benefits]
    parts.section(texts.plural("payback.benefits", standings.count("summed")))
    if any(standing != "not_assessed" for standing in standings):
        _chart(found)
        parts.note(texts("payback.how_to_read"))
    if may_run:
        labels = {id_: payback_words.line(id_) for id_ in BENEFITS} | {COSTS_STEP: texts("payback.costs")}
        choices.open_one(texts("payback.open"), f"payback_open_{opened.id}", labels)
    parts.table(pd.DataFrame([_row(found, benefit) for benefit in found.benefits]))
    parts.note(texts("payback.rules"))
    _costs(found)


def _chart(found: BusinessCase) -> None:
    rows = case_words.benefit_rows(found)
    about = tuple(tuple(row.values()) for row in rows)
    frame = pd.DataFrame(rows)
    parts.chart("benefit_lines", about, lambda: charts.spec(charts.benefit_lines(frame, charts.Look(session.texts()))))


def _row(found: BusinessCase, benefit: Benefit) -> dict[str, str]:
    texts, told = session.texts(), benefit.told
    kpi = next((kpi for kpi in found.kpis if kpi.id == told.kpi_id), None)
    value = benefit.value
    cells = {
        "benefit": payback_words.line(told.line),
        "value": texts("common.not_assessed") if value is None else money.amount(value, found.terms.currency),
        "standing": texts(f"payback.standing.{benefit.standing}"),
        "owner": told.owner or texts("common.unknown"),
        "kpi": payback_words.kpi(kpi) if kpi else texts("common.unknown"),
        "evidence": texts(f"payback.evidence.{told.evidence}") if told.evidence else texts("common.unknown"),
    }
    return {texts(f"payback.column.{name}"): cell for name, cell in cells.items()}


def _costs(found: BusinessCase) -> None:
    """What stands against the benefits, and how they are counted."""
    facts = case_words.cost_facts(found)
    if facts:
        parts.lead(*facts)
    parts.note(case_words.terms(found))


# ---------------------------------------------------------------- money over time


def _cash(found: BusinessCase, result: Payback, flow: CashFlow) -> None:
    texts, currency = session.texts(), found.terms.currency
    back = result.payback_months
    parts.section(case_words.cash_claim(result))
    frame, scale = case_words.cash_rows(flow, currency)
    parts.chart(
        "cash_flow",
        (flow, back, currency),
        lambda: charts.spec(
            charts.cash_flow(frame, back or None, charts.Look(session.texts()), scale.unit, scale.said)
        ),
    )
    parts.note(texts("payback.cash_how"))
    years = frame.iloc[::12]
    parts.figures(
        pd.DataFrame(
            {
                texts("payback.column.month"): [texts.number(month, 0) for month in years.month],
                **{
                    texts(f"payback.column.{name}"): [money.amount(value, currency) for value in years[name]]
                    for name in ("p10", "likely", "p90")
                },
            }
        )
    )


def _spread(found: BusinessCase, result: Payback) -> None:
    texts, currency = session.texts(), found.terms.currency
    parts.section(texts("payback.claim_spread", probability=words.upper_first(payback_words.probability(result))))
    if len(result.outcomes) == 1:
        parts.note(texts("payback.certain"))
        return
    steps = histogram(result.outcomes, STEPS)
    frame = pd.DataFrame([vars(step) for step in steps])
    percentiles = {name: getattr(result, name) for name in ("p10", "p50", "p90")}
    marks = pd.DataFrame(
        {"value": value, "said": texts(f"payback.mark.{name}", amount=money.brief(value, currency))}
        for name, value in percentiles.items()
    )
    scale = money.scale((frame.low.min(), frame.high.max()), currency)
    parts.chart(
        "npv_spread",
        (steps, tuple(percentiles.values()), currency),
        lambda: charts.spec(charts.npv_spread(frame, marks, charts.Look(session.texts()), scale.unit, scale.said)),
    )
    parts.note(texts("payback.spread_how", draws=texts.number(len(result.outcomes), 0)))
    cells = {"all_low": result.all_low, **percentiles, "npv": result.npv, "all_high": result.all_high}
    parts.figures(
        pd.DataFrame(
            {
                texts("payback.column.case"): texts(f"payback.outcome.{name}"),
                texts("payback.column.npv"): money.amount(value, currency),
            }
            for name, value in cells.items()
        )
    )


def _tornado(found: BusinessCase, result: Payback) -> None:
    texts, currency = session.texts(), found.terms.currency
    if not result.tornado:
        return
    parts.section(texts("payback.claim_tornado", name=payback_words.named(result.tornado[0].input)))
    rows = [
        {
            "title": payback_words.named(swing.input),
            "range": _range(found, swing.input),
            "low": swing.low,
            "high": swing.high,
            "swing": money.brief(swing.swing, currency),
        }
        for swing in result.tornado
    ]
    scale = money.scale([value for s in result.tornado for value in (s.low, s.high)], currency)
    frame = pd.DataFrame(rows)
    base = texts("payback.base", amount=money.brief(result.npv, currency))
    parts.chart(
        "tornado",
        (tuple(tuple(row.values()) for row in rows), result.npv, currency),
        lambda: charts.spec(
            charts.tornado(frame, result.npv, base, charts.Look(session.texts()), scale.unit, scale.said)
        ),
    )
    parts.note(texts("payback.tornado_how"))
    columns = {"title": "input", "range": "range", "low": "npv_low", "high": "npv_high"}
    figures = frame[list(columns)].assign(
        low=[money.amount(value, currency) for value in frame.low],
        high=[money.amount(value, currency) for value in frame.high],
    )
    parts.figures(figures.rename(columns=lambda name: texts(f"payback.column.{columns[name]}")))


def _range(found: BusinessCase, name: str) -> str:
    """The cautious and the favourable figure of an input."""
    told, currency = found.inputs[name], found.terms.currency
    ends = [told.likely if end is None else end for end in (told.low, told.high)]
    low, high = (payback_words.value(name, end or 0.0, currency) for end in ends)
    return session.texts()("payback.range", low=low, high=high)
