"""The process behaviour chart of a KPI, wherever it is shown."""

from assessment import charts
from assessment.mapping.kpis import KpiReading
from assessment.wording import kpi_words
from assessment.wording import kpi_words as words
from pages.ui import parts, session


def draw(reading: KpiReading) -> None:
    """Draw the chart of a KPI that has points; never a target, which is no property of the process (method §4.2)."""
    points, stretches = kpi_words.behaviour(reading)
    texts, unit = session.texts(), words.said(reading).unit
    about = (reading.points, reading.series, unit)
    parts.chart(
        "process_behaviour",
        about,
        lambda: charts.spec(charts.process_behaviour(points, stretches, charts.Look(texts), unit)),
    )
    parts.note(texts("kpis.how_to_read"))
