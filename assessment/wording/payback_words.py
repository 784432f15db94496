"""The payback in words: names, figures with their unit, and where a figure was taken over from."""

from typing import Final

from assessment.business_case.cases import BusinessCase
from assessment.business_case.offers import Offer, offered
from assessment.engagement import Currency, Kpi, PaybackInput
from assessment.mapping import kpi_catalogue
from assessment.payback import LINES, SHARES, Payback
from assessment.wording import money, reader

AMOUNTS: Final = frozenset(
    {
        *("order_value", "hourly_cost", "error_cost", "existing_revenue"),
        *("replacement_cost", "ramp_margin_gap", "dependent_revenue"),
    }
)


def line(id_: str) -> str:
    """A benefit's name."""
    return reader.texts()(f"payback.line.{id_}")


def named(name: str) -> str:
    """An input's name, short enough for a chart."""
    return reader.texts()(f"payback.name.{name}")


def share(figure: float) -> str:
    """A share as per cent, with a decimal only where it has one."""
    return reader.texts().percent(figure, 0 if round(figure * 100, 6).is_integer() else 1)


def value(name: str, figure: float, currency: Currency) -> str:
    """An input's value with its unit."""
    texts = reader.texts()
    if name in SHARES:
        return share(figure)
    return money.amount(figure, currency) if name in AMOUNTS else texts.short(figure)


def kpi(found: Kpi) -> str:
    """A key figure's name."""
    return kpi_catalogue.said(found, reader.language()).name


def lines_with(name: str) -> list[str]:
    """The benefits an input is part of, by name."""
    return [line(id_) for id_, names in LINES.items() if name in names]


def probability(result: Payback) -> str:
    """How many draws are above zero; the ends are not told more precisely than the ranges are (method §7.2)."""
    texts, sure = reader.texts(), 0.95
    if result.p_positive > sure:
        return texts("payback.over", share=texts.percent(sure))
    if result.p_positive < 1 - sure:
        return texts("payback.under", share=texts.percent(1 - sure))
    return texts.percent(result.p_positive)


def source(id_: str) -> str:
    """Where a figure comes from, by the name of the key figure or of the page."""
    texts, known = reader.texts(), kpi_catalogue.words(reader.language())
    return known[id_].name if id_ in known else texts(f"payback.source.{id_}")


def offer(name: str, found: Offer, currency: Currency) -> str:
    """What can be taken over, from where, and how good it is there."""
    texts = reader.texts()
    facts = [source(found.source)]
    if found.points is not None:
        key = "payback.points" if found.scaled else "payback.points_level"
        facts.append(texts("payback.last_year") if found.whole_year else texts.plural(key, found.points))
    facts.append(quality(found.quality))
    said = "payback.offer" if offered(name) == "likely" else "payback.offer_most"
    return texts(said, value=value(name, found.value, currency), source=", ".join(fact for fact in facts if fact))


def quality(grade: str | None) -> str:
    """A quality grade in words."""
    return reader.texts()("payback.quality", grade=grade) if grade else ""


def taken(told: PaybackInput) -> str:
    """Where a value was taken over from; nothing where it was typed."""
    if told.source is None:
        return ""
    facts = ", ".join(fact for fact in (source(told.source), quality(told.quality)) if fact)
    return reader.texts()("payback.taken", source=facts)


def in_the_way(found: BusinessCase) -> list[str]:
    """What a result waits for, a sentence each."""
    return [reader.texts()(f"payback.lacks.{lack}") for lack in found.lacks]
