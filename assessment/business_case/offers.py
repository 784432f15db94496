"""What key figures, value stream and waste register know of the inputs of a payback, offered and never taken silently.

Source: method §7.1; the pitfalls of §4.1 say why each figure comes from where it does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from assessment.engagement import Kpi, KpiPoint, Period, Quality, Stage, StreamMap, WasteRow
from assessment.mapping import kpi_catalogue
from assessment.mapping.stream import process_time_h

MONTHS: Final = 12
PERIODS: Final[Mapping[Period, int]] = {"week": 52, "month": MONTHS, "quarter": 4, "year": 1}
STREAM: Final = "stream"
WASTE: Final = "waste"
_QUOTE, _DECISION = "V4", "V5"  # codes of the template's stages
_FREED: Final = "freed_hours"
_ERRORS: Final = "W7"  # its hours are in the cost of an error already (B3)

Measured = tuple[Kpi, tuple[KpiPoint, ...]]


@dataclass(frozen=True)
class Offer:
    """A figure that could be taken over, in the input's unit.

    source: a KPI's code, STREAM or WASTE. points: how many of a KPI's latest it rests on, None elsewhere.
    whole_year: those points are a year. scaled: a count, made into a year from what there is.
    """

    value: float
    source: str
    quality: Quality | None = None
    points: int | None = None
    whole_year: bool = False
    scaled: bool = False


def offered(name: str) -> Literal["likely", "high"]:
    """Which value of an input an offer fills: hours that are wasted are the most that can be freed."""
    return "high" if name == _FREED else "likely"


def offers(kpis: Sequence[Measured], stream: StreamMap, waste: Sequence[WasteRow]) -> Mapping[str, Offer]:
    """The best that is known by input: key figures first, then the value stream, then the waste register."""
    found: dict[str, Offer] = {}
    for name, offer in (*_of_kpis(kpis), *_of_stream(stream), *_of_waste(waste)):
        found.setdefault(name, offer)
    return found


# ---------------------------------------------------------------- key figures


def _of_kpis(kpis: Sequence[Measured]) -> Iterator[tuple[str, Offer]]:
    by_code = {kpi.code: (kpi, _last_year(kpi, points)) for kpi, points in kpis if points}
    for code, name in (("K01", "win_rate"), ("K13", "turnover_before")):
        if code in by_code:
            yield name, _offer(*by_code[code], _level(*by_code[code]) / kpi_catalogue.scale(by_code[code][0]))
    if "K14" in by_code:
        yield "ramp_months_before", _offer(*by_code["K14"], _level(*by_code["K14"]))
    for code, name in (("K01", "opportunities"), ("K09", "orders")):
        if code in by_code and (a_year := _cases_a_year(*by_code[code])) is not None:
            yield name, replace(_offer(*by_code[code], a_year), scaled=True)
    yield from _error_cost(by_code)
    if "K17" in by_code and (dependent := by_code["K17"][1][-1].numerator) is not None:
        yield "dependent_revenue", _offer(by_code["K17"][0], by_code["K17"][1][-1:], dependent)


def _last_year(kpi: Kpi, points: tuple[KpiPoint, ...]) -> tuple[KpiPoint, ...]:
    return points if kpi.period is None else points[-PERIODS[kpi.period] :]


def _offer(kpi: Kpi, points: tuple[KpiPoint, ...], value: float) -> Offer:
    whole = kpi.period is not None and len(points) == PERIODS[kpi.period]
    return Offer(value, kpi.code or "", quality=kpi.quality, points=len(points), whole_year=whole)


def _level(kpi: Kpi, points: tuple[KpiPoint, ...]) -> float:
    """The value of the points together: numerators over denominators where all have them, else the mean."""
    parts = [(p.numerator, p.denominator) for p in points if p.numerator is not None and p.denominator is not None]
    if len(parts) == len(points):
        return kpi_catalogue.scale(kpi) * sum(n for n, _ in parts) / sum(d for _, d in parts)
    return sum(p.value for p in points) / len(points)


def _cases_a_year(kpi: Kpi, points: tuple[KpiPoint, ...]) -> float | None:
    counted = [p.denominator for p in points if p.denominator is not None]
    if kpi.period is None or len(counted) != len(points):
        return None
    return float(round(sum(counted) / len(counted) * PERIODS[kpi.period]))


def _error_cost(by_code: Mapping[str | None, Measured]) -> Iterator[tuple[str, Offer]]:
    """What the errors cost over their number, on the days both are known."""
    if not {"K09", "K10"} <= by_code.keys():
        return
    errors = {p.on: p.numerator for p in by_code["K09"][1] if p.numerator}
    both = tuple(p for p in by_code["K10"][1] if p.on in errors)
    if both:
        cost = sum(point.value for point in both) / sum(errors[point.on] for point in both)
        yield "error_cost", _offer(by_code["K10"][0], both, cost)


# ---------------------------------------------------------------- value stream and waste


def _of_stream(stream: StreamMap) -> Iterator[tuple[str, Offer]]:
    chain = [stage for stage in stream.stages if stage.parent_stage_id is None]
    decision = next((stage for stage in chain if stage.code == _DECISION), None)
    if decision is not None and decision.volume_month is not None:
        yield "opportunities", Offer(decision.volume_month * MONTHS, STREAM)
    if decision is not None and decision.conversion_share is not None:
        yield "win_rate", Offer(decision.conversion_share, STREAM)
    hours = _hours_a_quote(chain)
    if hours is not None:
        yield "hours_per_quote", Offer(hours, STREAM)


def _hours_a_quote(chain: Sequence[Stage]) -> float | None:
    """Hours worked from the lead to the quote, those on the cases that fell away included."""
    quote = next((place for place, stage in enumerate(chain) if stage.code == _QUOTE), None)
    if quote is None or not chain[quote].volume_month:
        return None
    hours = 0.0
    for stage in chain[: quote + 1]:
        work = process_time_h(stage)
        if work is None or stage.volume_month is None:
            return None
        hours += work * stage.volume_month
    return round(hours / (chain[quote].volume_month or 1.0), 1)


def _of_waste(rows: Sequence[WasteRow]) -> Iterator[tuple[str, Offer]]:
    within = [r for r in rows if r.in_mandate and r.code != _ERRORS and r.hours_month]
    if within:
        yield _FREED, Offer(sum(r.hours_month or 0.0 for r in within) * MONTHS, WASTE)
    priced = [(r.hours_month, r.hourly_cost_nok) for r in rows if r.hours_month and r.hourly_cost_nok is not None]
    if priced:
        yield "hourly_cost", Offer(round(sum(h * c for h, c in priced) / sum(h for h, _ in priced)), WASTE)
