"""How the money of a change comes back."""

from collections.abc import Callable, Sequence
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import Frame, Layers, Row, clipped, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import finish, ticks

HEAD: Final = 24.0
PLOT: Final = 250.0
FOOT: Final = 26.0
TICKS: Final = 5
BEYOND: Final = 0.03  # of the scale, room for the dot at its ends at 288 px
HALO: Final = 4.0  # beyond a text at the edge of the plot
NAMES: Final = (("p90", "chart.one_better", 400), ("likely", "chart.likely", 700), ("p10", "chart.one_worse", 400))


def cash_flow(
    df: pd.DataFrame, back: float | None, look: Look, unit: str, said: Callable[[float], str]
) -> alt.LayerChart:
    """Accumulated money by month with the band between one in ten worse and better, and where it has come back.

    df, a row per month from 0:
    month   whole months
    likely, p10, p90  amounts

    back: the month in which the likely line crosses zero for good; None when it does not. unit: of the axis, in words.
    said: an amount as a tick in that unit.
    """
    rows = records(df)
    values = [row[name] for row in rows for name in ("likely", "p10", "p90")]
    low, high = min(0.0, *values), max(0.0, *values)
    room = (high - low or 1.0) * 0.05
    low, high = low - room, high + room
    top, plot, last = look.size(HEAD), look.size(PLOT), float(rows[-1]["month"])

    def y(value: float) -> float:
        return round(float(top + (high - value) / (high - low) * plot), 1)

    marked = [(said(tick), y(tick)) for tick in ticks(low, high, TICKS)]
    names = _names(look, rows[-1], y, said)
    frame = Frame(
        look,
        [0.0],
        [top + plot + look.size(FOOT)],
        [0],
        (-BEYOND * last, (1 + BEYOND) * last),
        left=max(look.room(text, 12) for text, _ in marked) + look.size(10),
        right=max(look.room(name["text"], 12.5) for name in names) + look.size(14),
        narrow_right=4,
    )
    layers = [
        *_ground(frame, marked, y(0), rows),
        *_lines(frame, rows, y),
        *_back(frame, back, y(0)),
        *_months(frame, rows[-1]["month"]),
        *words(frame, names, (f"width - {frame.right - look.size(8)}", "width - 6"), align=_side(frame), halo=True),
        *words(
            frame,
            [{"text": unit, "brief": unit, "colour": "muted", **spot(look.size(8), look.size(8))}],
            ("0", "0"),
            weight=600,
            size=12,
        ),
    ]
    return finish(frame, layers, _description(look, rows, back, said, unit))


def _side(frame: Frame) -> str:
    return frame.either("'left'", "'right'")


def _names(look: Look, last: Row, y: Callable[[float], float], said: Callable[[float], str]) -> list[Row]:
    """What the three lines end at: to the right of them, moved apart, and above or below them when narrow."""
    rows, least = [], 0.0
    for name, key, bold in NAMES:
        wide = max(y(last[name]), least)
        least = wide + look.size(17)
        off = look.size(13 if name == "p10" else -11)
        text = look.texts(key, value=said(last[name]))
        tone = "accent" if name == "likely" else "muted"
        place = spot(wide, y(last[name]) + off)
        rows.append({"text": text, "brief": text, "colour": tone, "bold": bold, **place})
    return rows


def _ground(frame: Frame, marked: Sequence[tuple[str, float]], zero: float, rows: Sequence[Row]) -> Layers:
    look, end = frame.look, rows[-1]["month"]
    lines = [{"x": 0, "x1": end, **spot(at, at)} for _, at in marked]
    labels = [{"text": text, "brief": "", "colour": "muted", **spot(at, at)} for text, at in marked]
    return [
        *draw(frame, lines, {"type": "rule", "color": look.colour("line")}, "x", "x1"),
        *draw(
            frame,
            [{"x": 0, "x1": end, **spot(zero, zero)}],
            {"type": "rule", "color": look.colour("ink"), "strokeWidth": look.size(1.5)},
            "x",
            "x1",
        ),
        *words(frame, labels, (f"{frame.left - look.size(8)}", "0"), size=12, align="right"),
    ]


def _lines(frame: Frame, rows: Sequence[Row], y: Callable[[float], float]) -> Layers:
    look, band, line = frame.look, [], []
    for row in rows:
        ends = (y(row["p90"]), y(row["p10"]))
        band.append({"x": row["month"], **span(ends, ends)})
        line.append({"x": row["month"], **spot(y(row["likely"]), y(row["likely"]))})
    stroke = {"type": "line", "color": look.colour("accent"), "strokeWidth": look.size(3)}
    return [
        *draw(frame, band, {"type": "area", "color": look.colour("level2"), "opacity": 0.55}, "x"),
        *draw(frame, line, stroke, "x"),
    ]


def _back(frame: Frame, back: float | None, zero: float) -> Layers:
    """A dot where the money is back, and the month in words above it."""
    if back is None:
        return []
    look = frame.look
    text = look.texts("chart.paid_back", months=look.texts.short(back))
    dot = {"type": "point", "filled": True, "opacity": 1, "shape": "circle", "size": look.size(150) * look.scale}
    edge = {"color": look.colour("ink"), "stroke": look.colour("bg"), "strokeWidth": 2}
    half = look.room(text, 14) / 2 + HALO
    row = {"x": back, "text": text, "colour": "ink", "half": half, **spot(zero - look.size(20), zero - look.size(20))}
    middle = frame.px("datum.x")
    # to the left of the line, which rises there
    inside = f"{clipped(f'({middle} - datum.half)', 'datum.half', frame)} - {middle}"
    return [
        *draw(frame, [{"x": back, **spot(zero, zero)}], dot | edge, "x"),
        *words(frame, [row], "x", size=14, weight=700, align="center", dx=inside, halo=True),
    ]


def _months(frame: Frame, last: int) -> Layers:
    """Every half year when wide, every year when narrow, the whole of it left of the margin."""
    look, y, said = frame.look, frame.height - frame.look.size(9), []
    for month in range(0, last + 1, 6 if last <= 60 else 12):
        text = look.texts("chart.months", n=month)
        brief = text if month % 12 == 0 and (last <= 60 or month % 24 == 0) else ""
        said.append(
            {"x": month, "text": text, "brief": brief, "half": look.room(text, 12) / 2, "colour": "muted", **spot(y, y)}
        )
    middle = frame.px("datum.x")
    inside = f"{clipped(middle, 'datum.half', frame)} - {middle}"
    return words(frame, said, "x", size=12, align="center", dx=inside)


def _description(
    look: Look, rows: Sequence[Row], back: float | None, said: Callable[[float], str], unit: str
) -> list[str]:
    texts = look.texts
    spoken = [unit]
    if back is not None:
        spoken.append(texts("chart.paid_back", months=texts.short(back)))
    spoken += [
        f"{texts('chart.months', n=row['month'])}: {texts('chart.likely', value=said(row['likely']))}"
        for row in rows[::12]
    ]
    return spoken
