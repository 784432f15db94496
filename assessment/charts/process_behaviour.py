"""How a figure behaves over time: natural limits, and the points that say something has changed."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import Frame, Layers, Row, clipped, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import finish, ticks

PLOT: Final = 230.0
RANGES: Final = 80.0
TICKS: Final = 4
NOTES: Final = 4  # more signals than this are in the table: their names would cover the chart
NARROW_DAYS: Final = 3
WIDE_DAYS: Final = 6
LINE_HEIGHT: Final = 17.0
HEAD: Final = 54.0
EDGE: Final = 0.04  # of the width, the half of a diamond at 288 px


def process_behaviour(points: pd.DataFrame, stretches: pd.DataFrame, look: Look, unit: str) -> alt.LayerChart:
    """The points in time order with centre and natural limits of each stretch, and below them the moving ranges.

    Points that signal are diamonds with the rule in words; no target is drawn (method §4.2). With fewer than two points
    in a stretch there are no limits.

    points, a row per point in time order:
    day      the date in ready words
    value    in the unit of the figure
    moved    distance from the point before; None for the first of a stretch
    signal   whether a rule holds at the point
    named    the rules in ready words where they begin to hold, at most 30 characters; None elsewhere

    stretches, a row per stretch between confirmed changes, oldest first:
    first, last           places of its first and last point, from 0
    frozen                place of the last point the limits are made of
    centre                mean of those points
    upper, lower, limit   limits of the points, and of the moving ranges; None with too few points
    provisional           whether the limits rest on fewer than twelve points
    """
    rows, parts = records(points), records(stretches)
    notes = [i for i, row in enumerate(rows) if row["named"]][-NOTES:]
    frame = _frame(look, rows, parts, len(notes))
    bottom = look.size(HEAD + PLOT)
    _place(rows, parts, look)
    below = bottom + look.size(12 + LINE_HEIGHT * len(notes))
    layers = [
        *_stretches(frame, parts, bottom),
        *_line(frame, rows, parts),
        *_notes(frame, rows, notes, bottom),
        *_ranges(frame, rows, parts, below),
        *_days(frame, rows),
        *_limit_names(frame, parts[-1]),
        *_heads(frame, parts, unit),
    ]
    return finish(frame, layers, _description(rows, parts, look, unit))


def _frame(look: Look, rows: Sequence[Row], parts: Sequence[Row], notes: int) -> Frame:
    height = look.size(HEAD + PLOT + 12 + LINE_HEIGHT * notes + 28 + RANGES + 26)
    marked = [look.room(_figure(tick, look), 12) for tick in ticks(*_reach(rows, parts), TICKS)]
    names = [look.room(name, 12.5) for name, _ in _named_limits(parts[-1], look)]
    left, right = max(marked) + look.size(10), max(names, default=0.0) + look.size(14)
    # many points lie close, and the marks of the first and the last need room on a phone too
    beyond = 0.5 + max(0.0, EDGE * len(rows) - 0.5)
    domain = (1 - beyond, len(rows) + beyond)
    return Frame(look, [0.0], [height], [0], domain, left=left, right=right, narrow_right=4)


def _reach(rows: Sequence[Row], parts: Sequence[Row]) -> tuple[float, float]:
    """The least and the greatest there is to draw, with room around."""
    found = [row["value"] for row in rows] + [
        part[k] for part in parts for k in ("upper", "lower") if part[k] is not None
    ]
    low, high = min(found), max(found)
    room = (high - low or abs(high) or 1.0) * 0.06
    return (low if 0 <= low < room else low - room), high + room


def _place(rows: Sequence[Row], parts: Sequence[Row], look: Look) -> None:
    """Give every point and line its pixels from the top."""
    low, high = _reach(rows, parts)
    top, plot = look.size(HEAD), look.size(PLOT)

    def y(value: float) -> float:
        return round(top + (high - value) / (high - low) * plot, 1)

    for i, row in enumerate(rows):
        row |= {"i": i + 1, "y": y(row["value"])}
    for part in parts:
        part |= {f"{k}_y": None if part[k] is None else y(part[k]) for k in ("centre", "upper", "lower")}
        part |= {"x": part["first"] + 0.5, "x1": part["last"] + 1.5}
    parts[0]["ticks"] = [(tick, y(tick)) for tick in ticks(low, high, TICKS)]


def _figure(value: float, look: Look) -> str:
    return look.texts.number(value, 0) if abs(value) >= 100 else look.texts.short(value)


def _stretches(frame: Frame, parts: Sequence[Row], bottom: float) -> Layers:
    """Centre and limits of each stretch, where its baseline ends, and where the next begins."""
    look, top = frame.look, frame.look.size(HEAD)
    whole = span((top, bottom), (top, bottom))
    centres = [{"x": p["x"], "x1": p["x1"], **spot(p["centre_y"], p["centre_y"])} for p in parts]
    limits = [
        {"x": p["x"], "x1": p["x1"], **spot(p[k], p[k])}
        for p in parts
        for k in ("upper_y", "lower_y")
        if p[k] is not None
    ]
    ends = [{"x": p["frozen"] + 1.5, **whole} for p in parts if p["frozen"] < p["last"]]
    cuts = [{"x": p["x"], **whole} for p in parts[1:]]
    ink, edge = {"type": "rule", "color": look.colour("ink")}, {"type": "rule", "color": look.colour("edge")}
    ticks = [
        {"text": _figure(tick, look), "brief": "", "colour": "muted", **spot(y, y)} for tick, y in parts[0]["ticks"]
    ]
    return [
        *draw(frame, ends, edge | {"strokeDash": [2, 3]}, "x"),
        *draw(frame, cuts, edge | {"strokeWidth": look.size(1.5)}, "x"),
        *draw(frame, centres, ink | {"strokeWidth": look.size(1.5)}, "x", "x1"),
        *draw(frame, limits, ink | {"strokeDash": [7, 5], "strokeWidth": look.size(1.5)}, "x", "x1"),
        *words(frame, ticks, (f"{frame.left - look.size(8)}", "0"), size=12, align="right"),
    ]


def _line(frame: Frame, rows: Sequence[Row], parts: Sequence[Row]) -> Layers:
    """Points in a line that breaks between stretches; those that signal are larger and of another shape."""
    look, layers = frame.look, []
    stroke = {"type": "line", "color": look.colour("muted"), "strokeWidth": look.size(1.6)}
    for part in parts:
        inside = rows[part["first"] : part["last"] + 1]
        layers += draw(frame, [{"x": r["i"], **spot(r["y"], r["y"])} for r in inside], stroke, "x")
    point = {"type": "point", "filled": True, "opacity": 1, "stroke": look.colour("bg"), "strokeWidth": 1.2}
    plain = [{"x": r["i"], **spot(r["y"], r["y"])} for r in rows if not r["signal"]]
    loud = [{"x": r["i"], **spot(r["y"], r["y"])} for r in rows if r["signal"]]
    dot = point | {"shape": "circle", "size": look.size(56) * look.scale, "color": look.colour("muted")}
    diamond = point | {"shape": "diamond", "size": look.size(170) * look.scale, "color": look.colour("accent")}
    return [*layers, *draw(frame, plain, dot, "x"), *draw(frame, loud, diamond, "x")]


def _notes(frame: Frame, rows: Sequence[Row], notes: Sequence[int], bottom: float) -> Layers:
    """The rules in words below the plot, each ending at a thread from its point; the latest lowest, so none cross."""
    look, threads, said = frame.look, [], []
    for line, i in enumerate(notes):
        row, y = rows[i], bottom + look.size(12 + LINE_HEIGHT * line)
        text = f"◆ {row['named']}"
        threads.append({"x": row["i"], **span((row["y"], y), (row["y"], y))})
        half = look.room(text, 12.5) / 2
        said.append({"x": row["i"], "text": text, "colour": "accent", "half": half, **spot(y, y)})
    middle = frame.px("datum.x")
    ending = f"{clipped(f'({middle} - datum.half - 5)', 'datum.half', frame)} - {middle}"
    return [
        *draw(frame, threads, {"type": "rule", "color": look.colour("accent")}, "x"),
        *words(frame, said, "x", weight=600, align="center", dx=ending, halo=True),
    ]


def _ranges(frame: Frame, rows: Sequence[Row], parts: Sequence[Row], top: float) -> Layers:
    """The moving ranges with their limit, under a heading of their own."""
    look = frame.look
    begins, height = top + look.size(28), look.size(RANGES)
    moved = [row["moved"] for row in rows if row["moved"] is not None]
    highest = max([*moved, *(part["limit"] for part in parts if part["limit"] is not None)], default=0.0) or 1.0

    def y(value: float) -> float:
        return round(begins + (1 - value / highest) * height, 1)

    small, limits, names, layers = [], [], [], []
    for part in parts:
        inside = [r for r in rows[part["first"] : part["last"] + 1] if r["moved"] is not None]
        dots = [{"x": r["i"], **spot(y(r["moved"]), y(r["moved"]))} for r in inside]
        small += dots
        layers += draw(frame, dots, {"type": "line", "color": look.colour("edge"), "strokeWidth": look.size(1.4)}, "x")
        if part["limit"] is not None:
            limits.append({"x": part["x"], "x1": part["x1"], **spot(y(part["limit"]), y(part["limit"]))})
    last, heading = parts[-1], look.texts("chart.ranges")
    title = {"text": heading, "brief": heading, "colour": "muted", **spot(top + look.size(8), top + look.size(8))}
    if last["limit"] is not None:
        said = look.texts("chart.range_limit", limit=_figure(last["limit"], look))
        names = [{"text": said, **spot(y(last["limit"]), y(last["limit"]))}]
        title["brief"] = f"{heading}. {said}"
    dot = {"type": "point", "filled": True, "opacity": 1, "shape": "circle", "size": look.size(26) * look.scale}
    base = [{"x": 0.5, "x1": len(rows) + 0.5, **spot(y(0), y(0))}]
    return [
        *words(frame, [title], ("0", "0"), weight=600),
        *draw(frame, base, {"type": "rule", "color": look.colour("line")}, "x", "x1"),
        *layers,
        *draw(frame, small, dot | {"color": look.colour("muted")}, "x"),
        *draw(frame, limits, {"type": "rule", "strokeDash": [7, 5], "color": look.colour("ink")}, "x", "x1"),
        *_beside(frame, names),
    ]


def _days(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Some of the dates below, fewer when narrow, none outside the plot."""
    look, y = frame.look, frame.height - frame.look.size(9)
    wide, narrow = _spread(len(rows), WIDE_DAYS), _spread(len(rows), NARROW_DAYS)
    said = [
        {
            "x": row["i"],
            "text": row["day"] if i in wide else "",
            "brief": row["day"] if i in narrow else "",
            "half": look.room(row["day"], 12) / 2,
            "colour": "muted",
            **spot(y, y),
        }
        for i, row in enumerate(rows)
        if i in wide | narrow
    ]
    middle = frame.px("datum.x")
    inside = f"{clipped(middle, 'datum.half', frame)} - {middle}"
    return words(frame, said, "x", size=12, align="center", dx=inside)


def _spread(count: int, most: int) -> set[int]:
    """Places spread evenly over a row, its two ends among them."""
    shown = min(count, most)
    return {round(n * (count - 1) / max(shown - 1, 1)) for n in range(shown)}


def _named_limits(part: Row, look: Look) -> list[tuple[str, str]]:
    return [
        (look.texts(f"chart.limit.{name}", value=_figure(part[name], look)), name)
        for name in ("upper", "centre", "lower")
        if part[name] is not None
    ]


def _limit_names(frame: Frame, part: Row) -> Layers:
    """The lines of the last stretch by name and value, moved apart where they would meet."""
    rows, least = [], 0.0
    for text, name in _named_limits(part, frame.look):
        y = max(part[f"{name}_y"], least)
        least = y + frame.look.size(16)
        rows.append({"text": text, **spot(y, y)})
    return _beside(frame, rows)


def _beside(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Names of lines to the right of them; when narrow they would lie on the points, and the headings have them."""
    said = [{**row, "brief": "", "colour": "muted"} for row in rows]
    return words(frame, said, (f"width - {frame.right - frame.look.size(8)}", "0"), weight=600)


def _heads(frame: Frame, parts: Sequence[Row], unit: str) -> Layers:
    """Unit, whether the limits are provisional, and what the vertical lines mean."""
    look, texts = frame.look, frame.look.texts
    said = unit or texts("chart.no_unit")
    if parts[-1]["provisional"]:
        said = f"{said} · {texts('chart.limits_provisional')}"
    heading = [{"text": said, "brief": said, "colour": "muted", **spot(look.size(9), look.size(9))}]
    limits = ", ".join(name for name, _ in _named_limits(parts[-1], look))
    heading.append({"text": "", "brief": limits, "colour": "muted", **spot(look.size(26), look.size(26))})
    marks = [(p["x"], texts("chart.new_limits"), 1) for p in parts[1:]]
    if parts[0]["frozen"] < parts[0]["last"]:
        marks.append((parts[0]["frozen"] + 1.5, texts("chart.baseline"), -1))
    y, rows = look.size(44), []
    for x, text, side in marks:
        half = look.room(text, 12.5) / 2
        rows.append({"x": x, "text": text, "colour": "muted", "half": half, "side": side, **spot(y, y)})
    middle = frame.px("datum.x")
    beside = f"{clipped(f'({middle} + datum.side * (datum.half + 5))', 'datum.half', frame)} - {middle}"
    return [
        *words(frame, heading, ("0", "0"), weight=600, limit="width"),
        *words(frame, rows, "x", align="center", dx=beside, halo=True),
    ]


def _description(rows: Sequence[Row], parts: Sequence[Row], look: Look, unit: str) -> list[str]:
    texts, last = look.texts, parts[-1]
    figures = [name for name, _ in _named_limits(last, look)]
    spoken = [texts("chart.behaviour", points=texts.number(len(rows), 0), unit=unit or texts("chart.no_unit"))]
    spoken.append(", ".join(figures))
    if last["provisional"]:
        spoken.append(texts("chart.limits_provisional"))
    return spoken + [f"{row['day']}: {_figure(row['value'], look)}, {row['named']}" for row in rows if row["named"]]
