"""The business case in sentences and in the rows of its charts: what it is worth, how surely, where it breaks even."""

from typing import Any

import pandas as pd

from assessment.business_case.cases import Benefit, BusinessCase, one_off_cost
from assessment.engagement import Currency
from assessment.payback import CashFlow, Payback
from assessment.wording import money, payback_words, reader


def message(found: BusinessCase) -> list[str]:
    """The answer: value and month, its spread with the cautious case in the same breath, and where it breaks even."""
    texts, result, currency = reader.texts(), found.result, found.terms.currency
    if result is None:
        return [texts("payback.lead_waiting"), texts("payback.lead_waiting_why")]
    spread = texts(
        "payback.spread",
        p10=money.brief(result.p10, currency),
        p90=money.brief(result.p90, currency),
        probability=payback_words.probability(result),
        all_low=money.brief(result.all_low, currency),
    )
    return [_lead(found, result), spread, break_even(result)]


def _lead(found: BusinessCase, result: Payback) -> str:
    texts = reader.texts()
    npv, months = money.brief(result.npv, found.terms.currency), result.payback_months
    if months is None:
        return texts.plural("payback.lead_never", found.terms.years, npv=npv)
    if not months:
        return texts("payback.lead_nothing_owed", npv=npv)
    return texts("payback.lead", npv=npv, months=texts.short(months))


def break_even(result: Payback) -> str:
    """At what share of the benefits being due to this work the money is back."""
    texts, share = reader.texts(), result.break_even_attribution
    if share is None or share > 1:
        return texts("payback.never_even")
    return texts("payback.break_even", share=texts.percent(share))


def benefit_rows(found: BusinessCase) -> list[dict[str, Any]]:
    """A row for each benefit and their sum, as `charts.benefit_lines` wants them."""
    texts, currency = reader.texts(), found.terms.currency
    rank = {"summed": 0, "unowned": 2, "beside": 3, "not_assessed": 4}
    rows: list[dict[str, Any]] = [
        {
            "title": payback_words.line(b.told.line),
            "note": _note(b),
            "standing": b.standing,
            "value": b.value,
            "said": texts("common.not_assessed") if b.value is None else money.brief(b.value, currency),
        }
        for b in sorted(found.benefits, key=lambda b: (rank[b.standing], -(b.value or 0.0)))
    ]
    total = found.total
    if total is not None:
        whole = {"title": texts("payback.sum"), "note": texts("payback.sum_note"), "standing": "sum"}
        place = sum(row["standing"] == "summed" for row in rows)
        rows.insert(place, whole | {"value": total, "said": money.brief(total, currency)})
    return rows


def _note(benefit: Benefit) -> str:
    if benefit.standing == "summed":
        return benefit.told.owner or ""
    return reader.texts()(f"payback.standing.{benefit.standing}")


def cost_facts(found: BusinessCase) -> list[str]:
    """What stands against the benefits, and how much of them is counted."""
    texts, terms, result = reader.texts(), found.terms, found.result
    once = one_off_cost(terms)
    facts = []
    if once is not None:
        facts.append(texts("payback.costs_once", amount=money.amount(once, terms.currency)))
    if terms.running_cost is not None:
        facts.append(texts("payback.costs_running", amount=money.amount(terms.running_cost, terms.currency)))
    if result is not None:
        share = texts.percent(found.inputs["attribution"].likely or 0.0)
        credited = money.amount(result.attributed, terms.currency)
        facts.append(texts("payback.attributed", share=share, amount=credited))
    return facts


def terms(found: BusinessCase) -> str:
    """How long and at what rate the case is counted."""
    terms = found.terms
    first, rate = (payback_words.share(share) for share in (terms.first_year_share, terms.discount_rate))
    return reader.texts().plural("payback.terms", terms.years, first=first, rate=rate)


def cash_claim(result: Payback) -> str:
    """When the money is back, as a heading."""
    texts, back = reader.texts(), result.payback_months
    if back is None:
        return texts("payback.claim_never")
    return texts("payback.claim_back", months=texts.short(back)) if back else texts("payback.claim_nothing_owed")


def cash_rows(flow: CashFlow, currency: Currency) -> tuple[pd.DataFrame, money.Scale]:
    """A row for each month, as `charts.cash_flow` wants them, and how its axis is written."""
    frame = pd.DataFrame({"month": range(len(flow.likely)), "likely": flow.likely, "p10": flow.p10, "p90": flow.p90})
    return frame, money.scale([*flow.likely, *flow.p10, *flow.p90], currency)
