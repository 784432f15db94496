"""The strategies by fit."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, around, draw, records, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, hatch, heads, rules, wrapped
from assessment.config import EVID_FULL, EVID_MIN
from assessment.texts import half_up

SLACK: Final = 1e-9  # one strategy stands exactly on the limit of evidence with the questionnaire alone
CHIP: Final = 12.0  # length of the hatch where there is no fit to draw
DOTS: Final = 5


def strategies(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """The strategies by fit, the evidence behind each, and why a strategy is out or cannot be assessed.

    Order: the recommended, then by fit, then those that cannot be assessed; of these no fit reaches the specification.
    Evidence of 40 to under 75 % is provisional.

    df, a row per strategy:
    title        name, at most 46 characters
    fit          0 to 100; None, or any figure, when the evidence is too little
    evidence     0 to 1
    excluded     why it is outside the mandate, in ready words; None when it is within
    recommended  True for at most one
    near_tie     True for those within a few points of the best
    """
    rows = sorted(records(df), key=_order)
    tied = any(row["near_tie"] for row in rows)
    rows = [_row(row, look, tied) for row in rows]
    frame = Frame.stacked(
        look,
        head=2,
        body=36,
        notes=[len(row["lines"]) for row in rows],
        domain=(0, 100),
        left=column(look, rows),
        right=look.size(215),
        narrow_right=look.size(142),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 15))
    layers = [
        *rules(frame, frame.tops[1:]),
        *_bars(frame, rows),
        *heads(frame, rows),
        *_evidence(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['said']}" for row in rows])


def _assessable(row: Row) -> bool:
    return row["fit"] is not None and row["evidence"] >= EVID_MIN - SLACK


def _order(row: Row) -> tuple[bool, bool, float]:
    known = _assessable(row)
    return not row["recommended"], not known, -(row["fit"] if known else row["evidence"])


def _row(row: Row, look: Look, tied: bool) -> Row:
    """A strategy's colours and what is said of it."""
    texts, known, out = look.texts, _assessable(row), row["excluded"]
    lines = wrapped(texts("chart.excluded", reason=out)) if out else []
    if not known:
        lines += wrapped(texts("chart.not_assessable", least=texts.percent(EVID_MIN)))
    elif row["recommended"]:
        lines += wrapped(texts("chart.recommended.least" if tied else "chart.recommended"))
    elif row["near_tie"]:
        lines += wrapped(texts("chart.near_tie"))
    evidence = texts("chart.evidence", share=texts.percent(row["evidence"]))
    provisional = texts("chart.provisional") if known and row["evidence"] < EVID_FULL - SLACK else ""
    figure = texts.number(row["fit"]) if known else texts("common.not_assessed")
    full = int(half_up(row["evidence"] * DOTS, 0))
    return {
        "title": row["title"],
        "fit": row["fit"] if known else None,
        "hatched": bool(out) or not known,
        "best": bool(row["recommended"]),
        "lines": lines,
        "figure": figure,
        "dots": "●" * full + "○" * (DOTS - full),
        "evidence": evidence,
        "provisional": provisional,
        "said": ", ".join(filter(None, (figure, evidence, provisional, *lines))),
        "colour": "muted" if out or not known else "ink",
        "bold": 700 if row["recommended"] else 600,
        "note_colour": "accent" if row["recommended"] else "muted",
        "note_bold": 700 if row["recommended"] else 400,
    }


def _bars(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Fit as a bar with its figure; outside the mandate as hatch to the same length, not assessed as a short one."""
    look = frame.look
    bars, hatched, figures = [], [], []
    for row in rows:
        end = CHIP if row["fit"] is None else row["fit"]
        bar = {"x0": 0, "x1": end, **around(row, look.size(11))}
        if row["hatched"]:
            hatched.append(bar)
        else:
            tones = ("accent", "accent") if row["best"] else ("level2", "level4")
            bars.append(bar | dict(zip(("colour", "rim"), tones, strict=True)))
        style = {"bold": 400, "size": look.size(12.5)} if row["fit"] is None else {"bold": 700, "size": look.size(15)}
        place = {"yw": row["yw"], "yn": row["yn"]}
        figures.append({"x": end, "text": row["figure"], "colour": row["colour"], **place, **style})
    return [
        *draw(frame, bars, {"type": "rect", "strokeWidth": 1, "cornerRadius": 2}, "x0", "x1"),
        *hatch(frame, hatched),
        *words(frame, figures, "x", size="datum.size", dx=8),
    ]


def _evidence(frame: Frame, rows: Sequence[Row]) -> Layers:
    """How much of what a strategy rests on is known: dots and share, when narrow only the share."""
    look, dots, shares, more = frame.look, [], [], []
    for row in rows:
        wide, narrow, up = row["yw"], row["yn"], look.size(8) if row["provisional"] else 0
        below = {"text": " · ".join(filter(None, (row["evidence"], row["provisional"]))), "brief": row["evidence"]}
        tone = row["note_colour"]
        dots.append({"text": row["dots"], "brief": "", "colour": tone, **spot(wide - look.size(9), narrow)})
        shares.append({**below, "colour": "muted", **spot(wide + look.size(10), narrow - up)})
        more.append({"text": "", "brief": row["provisional"], "colour": "muted", **spot(wide, narrow + up)})
    return [
        *words(frame, dots, RIGHT, size=13, align="right"),
        *words(frame, [*shares, *more], RIGHT, align="right"),
    ]
