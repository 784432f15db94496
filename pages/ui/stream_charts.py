"""The charts of the value stream, drawn where they are needed and built once for what they show."""

from collections.abc import Sequence

import pandas as pd

from assessment import charts
from assessment.engagement import Stage
from assessment.mapping.stream import Flow, Stream
from assessment.wording import stream_words
from pages.ui import parts, session


def strip(stream: Stream, chain: Sequence[Stage], scale: float = 1.0) -> None:
    """Draw a chain of stages or steps. scale: 1.35 on a projector."""
    rows, look = stream_words.strip_rows(stream, chain), charts.Look(texts=session.texts(), scale=scale)
    about = (scale, *(tuple(row.values()) for row in rows))
    parts.chart("stage_strip", about, lambda: charts.spec(charts.stage_strip(pd.DataFrame(rows), look)))


def loads(stream: Stream, before: Flow | None = None) -> None:
    """Draw what the pools are asked for; before: to compare with."""
    rows, look = stream_words.load_rows(stream, before), charts.Look(texts=session.texts())
    about = tuple(tuple(row.values()) for row in rows)
    parts.chart("pool_load", about, lambda: charts.spec(charts.pool_load(pd.DataFrame(rows), look)))
