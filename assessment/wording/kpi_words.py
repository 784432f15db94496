"""A KPI in words: figures with their unit, the sentence that reads its chart, and the rules by name."""

from collections.abc import Iterator

import pandas as pd

from assessment.current_state.series import Mark, Series, Shift
from assessment.mapping import kpi_catalogue
from assessment.mapping.kpi_catalogue import Said
from assessment.mapping.kpis import KpiReading
from assessment.texts import NO_BREAK
from assessment.wording import reader


def said(reading: KpiReading) -> Said:
    """The KPI's words in the reader's language."""
    return kpi_catalogue.said(reading.kpi, reader.language(), reading.currency)


def figure(value: float) -> str:
    """A value as it is read: no decimals from a hundred, one where it has one, two below one."""
    texts = reader.texts()
    if abs(value) >= 100:
        return texts.number(value, 0)
    return texts.short(value) if abs(value) >= 1 or not value else texts.number(value, 2)


def with_unit(value: float, unit: str) -> str:
    """A value with its unit: 6,5 arbeidsdager, 35 %."""
    if unit == "%":
        return figure(value) + (f"{NO_BREAK}%" if reader.language() == "nb" else "%")
    return f"{figure(value)}{NO_BREAK}{unit}" if unit else figure(value)


def standing(reading: KpiReading) -> str:
    """How the KPI stands, in a few words."""
    state = "insufficient" if reading.series is None else reading.series.state
    return reader.texts()(f"kpis.state.{state}")


def sentences(reading: KpiReading) -> list[str]:
    """What the chart says to a leader: a sentence, and at most two that say what it means or needs."""
    texts, found = reader.texts(), reading.series
    if found is None:
        return [texts("kpis.say.nothing", name=said(reading).name)]
    if found.state == "insufficient":
        return [texts.plural("kpis.say.few", found.segments[-1].baseline)]
    if found.shift is not None:
        return [_shifted(reading, found.shift), *_meant(reading, found, found.shift)]
    if found.marks:
        return [_outlier(reading, found.marks[-1]), texts("kpis.say.outlier_why")]
    last = found.segments[-1].chart
    words, unit = said(reading), said(reading).unit
    low, high = figure(last.lower or 0.0), with_unit(last.upper or 0.0, unit)
    lead = texts("kpis.say.stable", subject=words.subject, centre=with_unit(last.centre, unit), low=low, high=high)
    return [lead, *_needs(reading, found)]


def _shifted(reading: KpiReading, shift: Shift) -> str:
    words = said(reading)
    before = with_unit(shift.before, words.unit) if words.unit == "%" else figure(shift.before)
    key = "kpis.say.risen" if shift.after > shift.before else "kpis.say.fallen"
    return reader.texts()(key, subject=words.subject, before=before, after=with_unit(shift.after, words.unit))


def _meant(reading: KpiReading, found: Series, shift: Shift) -> Iterator[str]:
    texts, begins = reader.texts(), reading.points[shift.since]
    if begins.starts_segment and begins.note:
        yield texts("kpis.say.confirmed", day=texts.day(begins.on), reason=begins.note)
    else:
        yield texts(f"kpis.say.{found.state}", day=texts.day(begins.on))
    if found.segments[-1].chart.provisional:
        yield texts("kpis.say.provisional", n=texts.number(found.segments[-1].baseline, 0))


def _needs(reading: KpiReading, found: Series) -> Iterator[str]:
    texts, last = reader.texts(), found.segments[-1]
    if last.chart.provisional:
        yield texts("kpis.say.provisional", n=texts.number(last.baseline, 0))
    if reading.frozen is None:
        yield texts("kpis.say.freeze")


def _outlier(reading: KpiReading, mark: Mark) -> str:
    texts, words, point = reader.texts(), said(reading), reading.points[mark.index]
    value, day = with_unit(point.value, words.unit), texts.day(point.on)
    return texts(f"kpis.say.outlier.{mark.kind}", subject=words.subject, value=value, day=day)


def named_marks(found: Series) -> dict[int, list[Mark]]:
    """The signals where they begin to hold, by the place of the point; while a rule goes on holding it is not named."""
    held = {(mark.index, mark.kind, mark.side) for mark in found.marks}
    named: dict[int, list[Mark]] = {}
    for mark in found.marks:
        if (mark.index - 1, mark.kind, mark.side) not in held:
            named.setdefault(mark.index, []).append(mark)
    return named


def behaviour(reading: KpiReading) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The points and the stretches of a KPI that has points, as `charts.process_behaviour` wants them."""
    texts, found, named = reader.texts(), reading.series, rules(reading)
    assert found is not None
    loud = {mark.index for mark in found.marks}
    cuts = {segment.first for segment in found.segments}
    values = [point.value for point in reading.points]
    points = pd.DataFrame(
        [
            {
                "day": texts.short_day(point.on),
                "value": point.value,
                "moved": None if i in cuts else abs(point.value - values[i - 1]),
                "signal": i in loud,
                "named": named.get(i),
            }
            for i, point in enumerate(reading.points)
        ]
    )
    stretches = pd.DataFrame(
        [
            {
                "first": s.first,
                "last": s.first + s.count - 1,
                "frozen": s.first + s.baseline - 1,
                "centre": s.chart.centre,
                "upper": s.chart.upper,
                "lower": s.chart.lower,
                "limit": s.chart.range_limit,
                "provisional": s.chart.provisional,
            }
            for s in found.segments
        ]
    )
    return points, stretches


def rules(reading: KpiReading) -> dict[int, str]:
    """The rules in a few words, by the place of the point at which they begin to hold."""
    texts, found = reader.texts(), reading.series
    marks = named_marks(found) if found is not None else {}
    return {i: texts(f"kpis.rule.{many[0].kind}") for i, many in marks.items()}
