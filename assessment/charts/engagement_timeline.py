"""What happened when, one row for each kind of event on a common axis of days."""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import Frame, Layers, Row, clipped, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, heads, rules

HEAD: Final = 46.0
LANE: Final = 20.0
APART: Final = 0.1  # of the axis: a mark with its number on a phone
WIDE_MONTHS, NARROW_MONTHS = 6, 3


def engagement_timeline(df: pd.DataFrame, today: date, look: Look) -> alt.LayerChart:
    """Events as numbered marks, those that last as bars; what is still to come is hollow.

    df, a row per event, those of a kind next to each other and each kind by day:
    title   the kind, at most 24 characters
    number  what the list beside calls it
    on      the day
    until   the last day; None where it is a moment
    said    the event in ready words, for those who hear the chart
    """
    rows = records(df)
    kinds = list(dict.fromkeys(row["title"] for row in rows))
    days = [day.toordinal() for row in rows for day in (row["on"], row["until"]) if day is not None]
    low, high = min(*days, today.toordinal()), max(*days, today.toordinal())
    edge = max((high - low) * 0.03, 3.0)
    domain = (low - edge, high + edge * 2)
    heads_of = [{"title": kind, "lines": [], "colour": "ink", "bold": 600} for kind in kinds]
    lanes = [_lanes([row for row in rows if row["title"] == kind], APART * (domain[1] - domain[0])) for kind in kinds]
    heights = [look.size(23 + LANE * count + 6) for count in lanes]
    frame = Frame(
        look,
        tops=list(accumulate(heights, initial=look.size(HEAD)))[:-1],
        heights=heights,
        notes=[0] * len(kinds),
        domain=domain,
        left=column(look, heads_of),
        right=8,
    )
    for row in rows:
        i = kinds.index(row["title"])
        wide = frame.middle(i) + look.size(LANE) * (row["lane"] - (lanes[i] - 1) / 2)
        row |= {"x0": row["on"].toordinal(), "x1": (row["until"] or row["on"]).toordinal()}
        row |= spot(wide, frame.body(i, 8 + LANE * row["lane"]))
        row |= {"ahead": row["on"] > today}
    layers = [
        *rules(frame, frame.tops),
        *_months(frame),
        *_today(frame, today),
        *heads(frame, heads_of),
        *_marks(frame, rows),
    ]
    return finish(frame, layers, [f"{row['number']}. {row['title']}: {row['said']}" for row in rows])


def _lanes(rows: Sequence[Row], apart: float) -> int:
    """Give each event of a kind the first lane with room, and say how many there are."""
    ends: list[float] = []
    for row in rows:
        begins, stops = row["on"].toordinal(), (row["until"] or row["on"]).toordinal()
        lane = next((n for n, end in enumerate(ends) if begins - end >= apart), len(ends))
        ends[lane : lane + 1] = [stops]
        row["lane"] = lane
    return len(ends)


def _marks(frame: Frame, rows: Sequence[Row]) -> Layers:
    look, half = frame.look, frame.look.size(6)
    bars = [
        {
            "x0": r["x0"],
            "x1": r["x1"],
            "colour": "level4",
            **span((r["yw"] - half, r["yw"] + half), (r["yn"] - half, r["yn"] + half)),
        }
        for r in rows
        if r["until"] is not None
    ]
    points = [
        {"x0": r["x0"], "colour": "bg" if r["ahead"] else "accent", "rim": "accent", **spot(r["yw"], r["yn"])}
        for r in rows
        if r["until"] is None
    ]
    numbers = [{"x1": r["x1"], "text": r["number"], "colour": "ink", **spot(r["yw"], r["yn"])} for r in rows]
    point = {"type": "point", "shape": "diamond", "size": look.size(90) * look.scale, "strokeWidth": 1.5, "opacity": 1}
    return [
        *draw(frame, bars, {"type": "rect"}, "x0", "x1"),
        *draw(frame, points, point, "x0"),
        *words(frame, numbers, "x1", size=12.5, weight=600, dx=9, halo=True),
    ]


def _months(frame: Frame) -> Layers:
    """Some months above, fewer when narrow, each over a faint line through the rows."""
    look, (low, high) = frame.look, frame.domain
    firsts = _firsts(low, high)
    y = look.size(34)
    wide, narrow = (set(_every(len(firsts), most)) for most in (WIDE_MONTHS, NARROW_MONTHS))
    said = [
        {
            "x": first.toordinal(),
            "text": look.texts.month(first) if i in wide else "",
            "brief": look.texts.month(first) if i in narrow else "",
            "half": look.room(look.texts.month(first), 12) / 2,
            "colour": "muted",
            **spot(y, y),
        }
        for i, first in enumerate(firsts)
        if i in wide | narrow
    ]
    lines = [{"x": row["x"], **span((look.size(HEAD), frame.height), (look.size(HEAD), frame.height))} for row in said]
    middle = frame.px("datum.x")
    inside = f"{clipped(middle, 'datum.half', frame)} - {middle}"
    return [
        *draw(frame, lines, {"type": "rule", "color": look.colour("line")}, "x"),
        *words(frame, said, "x", size=12, align="center", dx=inside),
    ]


def _firsts(low: float, high: float) -> list[date]:
    """The first days of the months that begin between the two."""
    begin, end = date.fromordinal(round(low)), date.fromordinal(round(high))
    months = range(begin.year * 12 + begin.month, end.year * 12 + end.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _every(count: int, most: int) -> range:
    """Places a round number of months apart, at most so many."""
    step = next((step for step in (1, 2, 3, 6, 12) if -(-count // step) <= most), 12 * (-(-count // (12 * most)) or 1))
    return range(0, count, step)


def _today(frame: Frame, today: date) -> Layers:
    look, top = frame.look, frame.look.size(18)
    words_ = look.texts("chart.today")
    half = look.room(words_, 12.5) / 2
    middle = frame.px("datum.x")
    inside = f"{clipped(middle, 'datum.half', frame)} - {middle}"
    rule = [{"x": today.toordinal(), **span((top, frame.height), (top, frame.height))}]
    said = [{"x": today.toordinal(), "text": words_, "half": half, "colour": "accent", **spot(9, 9)}]
    return [
        *draw(frame, rule, {"type": "rule", "strokeDash": [3, 3], "color": look.colour("accent")}, "x"),
        *words(frame, said, "x", weight=600, align="center", dx=inside),
    ]
