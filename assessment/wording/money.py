"""Amounts in the assessment's currency, as each language writes them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from assessment.engagement import Currency
from assessment.texts import NO_BREAK
from assessment.wording import reader

MILLION: Final = 1e6
THOUSAND: Final = 1e3
EXACT_BELOW: Final = 1e4  # a smaller amount is told to the krone


def label(currency: Currency) -> str:
    """What stands beside an amount: kr, SEK."""
    return reader.texts()(f"currency.{currency}")


def amount(value: float, currency: Currency) -> str:
    """The amount to the krone: 26 325 kr."""
    texts = reader.texts()
    figure, unit = texts.number(value, 0), label(currency)
    return f"{figure}{NO_BREAK}{unit}" if texts.language == "nb" else f"{unit}{NO_BREAK}{figure}"


def brief(value: float, currency: Currency) -> str:
    """The amount as one says it: 1,9 mill. kr, 718 000 kr."""
    texts = reader.texts()
    # what rounds up to a million is told as one
    if round(abs(value), -3) >= MILLION:
        return texts("currency.millions", amount=texts.number(value / MILLION), currency=label(currency))
    return amount(value if abs(value) < EXACT_BELOW else round(value, -3), currency)


@dataclass(frozen=True)
class Scale:
    """How the amounts of a chart's axis are written: the unit once, and each amount in it."""

    unit: str
    said: Callable[[float], str]


def scale(values: Iterable[float], currency: Currency) -> Scale:
    """The scale for amounts of this size."""
    texts, most = reader.texts(), max((abs(value) for value in values), default=0.0)
    if most >= MILLION:
        return Scale(texts("currency.in_millions", currency=label(currency)), lambda v: texts.number(v / MILLION))
    return Scale(texts("currency.in_thousands", currency=label(currency)), lambda v: texts.number(v / THOUSAND, 0))
