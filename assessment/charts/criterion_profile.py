"""Every criterion with one mark per perspective."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, clipped, draw, records, span, spot, words
from assessment.charts.look import SHAPES, Look
from assessment.charts.parts import LEVEL_DOMAIN, asides, column, finish, heads, level_bands, reasons, rules, wrapped
from assessment.scoring.levels import level


def profile(df: pd.DataFrame, look: Look, k: int = 5) -> alt.LayerChart:
    """Every criterion with a mark per perspective, its interval and n, the mean, the target and the level bands.

    One person alone gets a dot a row and neither lanes, n nor mean. Of a hidden row only title, weight, target and
    perspective reach the specification.

    df, a row per criterion and perspective, criteria in display order:
    title        name of the criterion, at most 46 characters
    weight       0 to 3
    score        1 to 5, mean of the perspectives; None when not assessed
    target       1 to 5; None draws neither a target nor the level's name (the pulse)
    perspective  sellers, surroundings, leadership or consultant
    n            people behind the value; never over 1 is one person alone; the consultant's is not shown
    value        1 to 5; None when too few answered
    lo, hi       95 % interval; None when n is under 5
    hidden       True when fewer than k answers in a group hide the row
    note         optional: small print below the name, in ready words
    """
    criteria: dict[str, list[Row]] = {}
    for row in records(df):
        criteria.setdefault(row["title"], []).append(row)
    views = [view for own in criteria.values() for view in own]
    lanes = [p for p in SHAPES if any(view["perspective"] == p for view in views)]
    several = len(lanes) > 1
    solo = not several and not any(view["hidden"] or (view["n"] or 0) > 1 for view in views)
    rows = [_row(own, next(iter(criteria.values()))[0], look, several) for own in criteria.values()]
    body = 18 * len(lanes) + 3 if several else 24
    frame = Frame.stacked(
        look,
        head=52 if several or rows[0]["target"] is not None else 34,
        body=body,
        notes=[max(len(row["lines"]) for row in rows)] * len(rows),
        domain=LEVEL_DOMAIN,
        left=column(look, rows),
        right=look.size(132),
    )
    reach = look.size(9.5 * len(lanes) + 4 if several else 13)
    for i, row in enumerate(rows):
        middle = frame.middle(i)
        row |= span((middle - reach, middle + reach), (frame.body(i, 0), frame.body(i, body - 2)))
    means = [row for row in rows if several and row["score"] is not None]
    targets = [row for row in rows if row["target"] is not None]
    layers = [
        *level_bands(frame),
        *rules(frame, frame.tops),
        *_line(frame, means, "score", strokeWidth=look.size(9), opacity=0.16),
        *_line(frame, targets, "target", strokeWidth=2, strokeDash=[5, 3]),
        *_above(frame, rows[0], several),
        *(_dots(frame, list(criteria.values())) if solo else _lanes(frame, list(criteria.values()), lanes, k)),
        *heads(frame, rows),
        *asides(frame, rows, weight=600),
        *_scores(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {', '.join([row['aside'], *row['lines']])}" for row in rows])


def _row(own: Sequence[Row], first: Row, look: Look, several: bool) -> Row:
    """A criterion's name, small print and score in words."""
    texts, criterion = look.texts, own[0]
    score, target, weight = criterion["score"], criterion["target"], criterion["weight"]
    seen = [view["perspective"] for view in own if view["value"] is not None and not view["hidden"]]
    only = texts("chart.only", who=texts(f"perspective.{seen[0]}").lower()) if several and len(seen) == 1 else None
    # the first target is named above its line; a row with another says so where no line can cross the words
    differs = target is not None and target != first["target"]
    lines = wrapped(
        _weight(weight, look),
        texts("chart.own_target", target=texts.number(target)) if differs else None,
        only,
        criterion.get("note"),
    )
    shown = texts("common.not_assessed") if score is None else texts.number(score)
    name = texts(f"level.{level(score)}") if score is not None and target is not None else ""
    return {
        "title": criterion["title"],
        "score": score,
        "target": target,
        "lines": lines,
        "colour": "ink" if weight else "muted",
        "bold": 600,
        "aside": f"{shown} {name}".strip(),
        "aside_brief": "" if score is None else shown,  # the lane says why already
        "aside_colour": "muted" if score is None or not weight else "ink",
        "level": name,
    }


def _weight(weight: float, look: Look) -> str | None:
    if not weight:
        return look.texts("chart.irrelevant")
    return look.texts("chart.weight", weight=look.texts.short(weight)) if weight != 1 else None


def _line(frame: Frame, rows: Sequence[Row], field: str, **style: Any) -> Layers:
    marks = [{"x": row[field]} | {end: row[end] for end in ("aw", "bw", "an", "bn")} for row in rows]
    return draw(frame, marks, {"type": "rule", "color": frame.look.colour("ink"), **style}, "x")


def _above(frame: Frame, row: Row, several: bool) -> Layers:
    """The names of the first row's mean and target, moved apart and inwards where they would meet or be cut."""
    look, texts = frame.look, frame.look.texts
    y = frame.tops[0] - look.size(13)
    said = []
    if several and row["score"] is not None:
        said.append({"x": row["score"], "text": texts("chart.overall"), "colour": "muted"})
    if row["target"] is not None:
        target = texts("chart.target", target=texts.number(row["target"]))
        said.append({"x": row["target"], "text": target, "colour": "ink"})
    said = sorted(({**name, **spot(y, y)} for name in said), key=lambda name: name["x"])
    widths = [look.room(name["text"], 12.5) for name in said]
    places = [frame.px(f"{name['x']}") for name in said]
    if len(said) == 2:
        first, second = widths
        between = f"clamp(({places[0]} + {places[1]}) / 2, {frame.start} + {first + 4}, {frame.end} - {second + 4})"
        centres = [
            f"min({clipped(places[0], first / 2, frame)}, {between} - {first / 2 + 4})",
            f"max({clipped(places[1], second / 2, frame)}, {between} + {second / 2 + 4})",
        ]
    else:
        centres = [clipped(place, width / 2, frame) for place, width in zip(places, widths, strict=True)]
    layers: Layers = []
    for name, place, centre in zip(said, places, centres, strict=True):
        layers += words(frame, [name], "x", weight=600, align="center", dx=f"{centre} - {place}")
    return layers


def _dots(frame: Frame, criteria: Sequence[Sequence[Row]]) -> Layers:
    """One person's answers: a dot a row."""
    look = frame.look
    rows = [{"x": own[0]["value"], **_lane(frame, i, 0, lanes=1)} for i, own in enumerate(criteria)]
    dots = [row for row in rows if row["x"] is not None]
    unknown = [
        {"text": look.texts("chart.too_few"), "yw": row["yw"], "yn": row["yn"]} for row in rows if row["x"] is None
    ]
    mark = {"type": "point", "filled": True, "opacity": 1, "shape": "circle", "size": look.size(190) * look.scale}
    rim = {"color": look.colour("accent"), "stroke": look.colour("bg"), "strokeWidth": 1.5}
    return [
        *draw(frame, dots, mark | rim, "x"),
        *reasons(frame, unknown),
    ]


def _lanes(frame: Frame, criteria: Sequence[Sequence[Row]], lanes: Sequence[str], k: int) -> Layers:
    """A lane a perspective: interval, mark and value, or the hatch and why there is none."""
    look, texts = frame.look, frame.look.texts
    known: list[Row] = []
    unknown: list[Row] = []
    for i, own in enumerate(criteria):
        if not any(view["hidden"] or view["value"] is not None for view in own):
            middle = (len(lanes) - 1) / 2
            unknown.append({"text": texts("chart.too_few"), **_lane(frame, i, middle, len(lanes))})
            continue
        for view in own:
            place = _lane(frame, i, lanes.index(view["perspective"]), len(lanes))
            who = texts(f"perspective.{view['perspective']}")
            if view["hidden"] and view["perspective"] != "leadership":
                brief = texts("chart.hidden.brief", who=who, k=k)
                unknown.append({"text": texts("chart.hidden", who=who, k=k), "brief": brief, **place})
            elif view["value"] is None:
                unknown.append({"text": texts("chart.too_few.who", who=who), **place})
            else:
                named = any(mark["colour"] == view["perspective"] for mark in known)
                known.append(_mark(view, "" if named else who, look) | place)
    intervals = [mark for mark in known if mark["lo"] < mark["hi"]]
    points = [mark | {"shape": SHAPES[mark["colour"]]} for mark in known]
    mark = {"type": "point", "filled": True, "opacity": 1, "size": look.size(125) * look.scale}
    return [
        *draw(frame, intervals, {"type": "rule", "strokeWidth": look.size(2)}, "lo", "hi"),
        *draw(frame, points, mark | {"stroke": look.colour("bg"), "strokeWidth": 1.2}, "value"),
        *_values(frame, known),
        *reasons(frame, unknown),
    ]


def _lane(frame: Frame, i: int, lane: float, lanes: int) -> Row:
    if lanes == 1:
        return spot(frame.middle(i), frame.body(i, 12))
    return spot(frame.middle(i) + frame.look.size(19 * (lane - (lanes - 1) / 2)), frame.body(i, 9 + 18 * lane))


def _mark(view: Row, who: str, look: Look) -> Row:
    texts, value = look.texts, view["value"]
    n = None if view["perspective"] == "consultant" else texts("chart.n", n=texts.number(view["n"], 0))
    text = " · ".join(filter(None, (f"{who} {texts.number(value)}".strip(), n)))
    ends = {end: value if view[end] is None else view[end] for end in ("lo", "hi")}
    return {"value": value, **ends, "text": text, "need": look.room(text, 12.5), "colour": view["perspective"]}


def _values(frame: Frame, known: Sequence[Row]) -> Layers:
    """The values in words: right of the interval, left of it where the plot ends, on it where neither has room."""
    gap = frame.look.size(9)
    ends = {"l": frame.px("datum.lo"), "v": frame.px("datum.value"), "h": frame.px("datum.hi")}
    right, left = f"datum.h + {gap} + datum.need <= {frame.end}", f"datum.l - {gap} - datum.need >= {frame.start}"
    roomier = f"{frame.end} - datum.v >= datum.v - {frame.start}"
    steps = ends | {
        "at": f"{right} ? datum.hi : {left} ? datum.lo : datum.value",
        "side": f"{right} ? 1 : {left} ? -1 : {roomier} ? 1 : -1",
    }
    align = "datum.side > 0 ? 'left' : 'right'"
    return words(frame, known, "at", weight=600, align=align, dx=f"{gap} * datum.side", halo=True, calculate=steps)


def _scores(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Score and level to the right where there is a column for them."""
    look = frame.look
    figures, names = [], []
    for i, row in enumerate(rows):
        middle, colour = frame.middle(i), row["aside_colour"]
        if row["score"] is None:
            names.append({"text": row["aside"], "brief": "", "colour": "muted", **spot(middle, middle)})
            continue
        up, down = (look.size(9), look.size(13)) if row["level"] else (0, 0)
        figures.append({"text": row["aside_brief"], "brief": "", "colour": colour, **spot(middle - up, middle)})
        names.append({"text": row["level"], "brief": "", "colour": "muted", **spot(middle + down, middle)})
    return [
        *words(frame, figures, RIGHT, size=24, weight=700, align="right"),
        *words(frame, names, RIGHT, align="right"),
    ]
