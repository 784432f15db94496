"""The process behaviour chart of a KPI, wherever it is shown."""

import pandas as pd

from assessment import charts
from assessment.mapping.kpis import KpiReading
from assessment.wording import kpi_words as words
from pages.ui import parts, session


def draw(reading: KpiReading) -> None:
    """Draw the chart of a KPI that has points; never a target, which is no property of the process (method §4.2)."""
    texts, found, named = session.texts(), reading.series, rules(reading)
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
    unit = words.said(reading).unit
    about = (reading.points, found, unit)
    parts.chart(
        "process_behaviour",
        about,
        lambda: charts.spec(charts.process_behaviour(points, stretches, charts.Look(texts), unit)),
    )
    parts.note(texts("kpis.how_to_read"))


def rules(reading: KpiReading) -> dict[int, str]:
    """The rules in a few words, by the place of the point at which they begin to hold."""
    texts, found = session.texts(), reading.series
    marks = words.named_marks(found) if found is not None else {}
    return {i: texts(f"kpis.rule.{many[0].kind}") for i, many in marks.items()}
