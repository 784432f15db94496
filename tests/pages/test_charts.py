"""The charts: what they say, what they must not say, and that every specification draws."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
import vl_convert

from assessment import charts
from assessment.charts.look import COLOURS
from assessment.charts.waterfall import _adding_up
from assessment.current_state.series import series
from assessment.texts import Texts, keys

NB, EN = Texts("nb"), Texts("en")
LOOKS = (charts.Look(NB, "light", 1000), charts.Look(EN, "dark", 288), charts.Look(NB, "light", 1300, scale=1.35))
SPEC_BYTES = 150_000  # what a page should send for one chart at most; measured 9 to 42 kB
LONG = "Ledelses- og støtteprosesser i alle avdelinger"  # the 46 characters a row name may have

TODAY = date(2026, 11, 23)

Draw = Callable[[charts.Look], Any]


def profile_frame(**changed: Any) -> pd.DataFrame:
    views = [("sellers", 1.5, 12, 1.2, 1.8), ("surroundings", 1.95, 11, 1.6, 2.3), ("leadership", 2.85, 3, None, None)]
    return pd.DataFrame(
        [
            {"title": title, "weight": 3, "score": 2.1, "target": 4.0, "perspective": who, "n": n}
            | {"value": value, "lo": lo, "hi": hi, "hidden": False}
            | changed
            for title in ("Flyt og grensesnitt", "Verdi for kunden")
            for who, value, n, lo, hi in views
        ]
    )


def solo_frame(*scores: float | None, **changed: Any) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"title": f"Område {i}", "weight": 1, "score": score, "target": 4.0, "perspective": "leadership", "n": 1}
            | {"value": score, "lo": None, "hi": None, "hidden": False, "note": "4 av 5 besvart · 1 vet ikke"}
            | changed
            for i, score in enumerate(scores, 1)
        ]
    )


def gap_frame(*rows: tuple[float | None, float, int]) -> pd.DataFrame:
    named = [{"title": f"Område {i}", "score": s, "target": t, "weight": w} for i, (s, t, w) in enumerate(rows, 1)]
    return pd.DataFrame(named)


def strategy_frame(*rows: tuple[float | None, float, str | None, bool, bool]) -> pd.DataFrame:
    columns = ["fit", "evidence", "excluded", "recommended", "near_tie"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(title=[f"Strategi {i}" for i in range(1, len(rows) + 1)])


def waste_frame(*hours: float, **changed: Any) -> pd.DataFrame:
    said = "9 999 t, 100 % av alle"
    return pd.DataFrame([{"title": f"Sløsing {i}", "hours": h, "said": said} | changed for i, h in enumerate(hours, 1)])


def plan_frame(*rows: tuple[date, str], **changed: Any) -> pd.DataFrame:
    said = "30. oktober 2026, over fristen"
    named = [{"title": f"Tiltak {i}", "on": on, "state": s, "said": said} for i, (on, s) in enumerate(rows, 1)]
    return pd.DataFrame([row | changed for row in named])


def months_frame(*rows: tuple[int, int, int]) -> pd.DataFrame:
    counts = [dict(zip(("done", "open", "overdue"), row, strict=True)) for row in rows]
    said = "12 gjort, 8 gjenstår og 7 over fristen"
    return pd.DataFrame([{"title": f"september {2020 + i}", **c, "said": said} for i, c in enumerate(counts)])


def signal_frame(*rows: tuple[float | None, float | None]) -> pd.DataFrame:
    named = [
        {"reason": f"Tegn {i}", "source": "Verdistrømmen", "points": p, "most": m} for i, (p, m) in enumerate(rows, 1)
    ]
    return pd.DataFrame(named)


def pair(look: charts.Look, *rows: tuple[float | None, float | None], **changed: Any) -> Any:
    """The points each sign gives either of two strategies."""
    frame = pd.DataFrame(
        [
            {"reason": f"Tegn {i}", "source": "Verdistrømmen", "one": one, "other": other}
            | {"known": one is not None or other is not None}
            | changed
            for i, (one, other) in enumerate(rows, 1)
        ]
    )
    return charts.contribution_pair(frame, look, (LONG, "Redusere sløsing"))


def perception_frame(*rows: tuple[float | None, float | None, float | None]) -> pd.DataFrame:
    """leadership, sellers and surroundings on each criterion; the difference is that of the first two."""
    return pd.DataFrame(
        [
            {"title": f"Område {i}", "leadership": lead, "sellers": sell, "surroundings": around, "other": "sellers"}
            | {"delta": None if lead is None or sell is None else round(lead - sell, 1)}
            | {"said": "stor forskjell", "reason": "Ledelsen eller selgerne kan ikke vises her"}
            for i, (lead, sell, around) in enumerate(rows, 1)
        ]
    )


def strip_frame(*rows: tuple[float | None, float | None, float | None], **changed: Any) -> pd.DataFrame:
    """Stages by waiting, work and the load of their pool, every second one in another department."""
    return pd.DataFrame(
        [
            {"title": f"Etappe {i}", "department": f"Avdeling {i % 2}", "wait_h": wait, "customer": i == 2}
            | {"work_h": work, "wait": f"venter {wait}", "work": f"arbeid {work}"}
            | {"incoming": None if i == 1 else 0.8, "crosses": i > 1, "pool": "Teknisk", "rho": rho}
            | {
                "band": None if rho is None else "overload" if rho >= 1 else "ok",
                "bottleneck": rho is not None and rho >= 1,
            }
            | changed
            for i, (wait, work, rho) in enumerate(rows, 1)
        ]
    )


def realised_frame(*rows: tuple[float | None, float | None, bool], **changed: Any) -> pd.DataFrame:
    """expected, reached and whether it counts, of each benefit."""
    return pd.DataFrame(
        [
            {"title": f"Gevinst {i}", "note": "bekreftet", "expected": expected, "reached": reached, "counted": counted}
            | {"whole": i == len(rows), "said": "4 av 9"}
            | changed
            for i, (expected, reached, counted) in enumerate(rows, 1)
        ]
    )


def timeline(look: charts.Look, *rows: tuple[str, int, int | None]) -> Any:
    """kind, and days from the first of 2026 to its beginning and end; today is the 150th day."""
    first = date(2026, 1, 1)
    frame = pd.DataFrame(
        [
            {"title": kind, "number": str(i), "on": first + timedelta(days=on), "said": f"sagt {i}"}
            | {"until": None if until is None else first + timedelta(days=until)}
            for i, (kind, on, until) in enumerate(rows, 1)
        ]
    )
    return charts.engagement_timeline(frame, first + timedelta(days=150), look)


def change_frame(*rows: tuple[float | None, float | None, float | None, str]) -> pd.DataFrame:
    """first, last, noise and verdict of each criterion."""
    return pd.DataFrame(
        [
            {"title": f"Område {i}", "first": first, "last": last, "noise": noise, "verdict": verdict}
            | {"delta": None if first is None or last is None else round(last - first, 1)}
            | {"said": "større enn støyen", "reason": "ingen felles gruppe", "before": "januar", "after": "oktober"}
            for i, (first, last, noise, verdict) in enumerate(rows, 1)
        ]
    )


def load_frame(*rows: tuple[float | None, float | None], **changed: Any) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"title": f"Ressurs {i}", "rho": rho, "plain": plain, "hours": "97 av 95 t", "reason": "kapasitet mangler"}
            | {"band": None if rho is None else "overload" if rho >= 1 else "strained"}
            | changed
            for i, (rho, plain) in enumerate(rows, 1)
        ]
    )


def progress_frame(*rows: tuple[int, int, int | None, bool]) -> pd.DataFrame:
    """begun, complete, room and whether the role is protected."""
    return pd.DataFrame(
        [
            {"title": f"Rolle {i}", "begun": begun, "complete": complete, "room": room, "guarded": guarded}
            | {"said": f"{complete} av {begun} ferdige", "status": "mangler 1 på egen gruppe"}
            for i, (begun, complete, room, guarded) in enumerate(rows, 1)
        ]
    )


def behaviour_frames(
    values: list[float],
    starts: tuple[int, ...] = (),
    baseline: int | None = None,
    named: str = "tre av fire nær grensen",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points and stretches as the page makes them, every signal named."""
    found = series(values, good="down", starts=starts, baseline=baseline)
    loud, cuts = {mark.index for mark in found.marks}, {s.first for s in found.segments}
    points = [
        {"day": f"{1 + i % 28}. sep. 2026", "value": v, "moved": None if i in cuts else abs(v - values[i - 1])}
        | {"signal": i in loud, "named": named if i in loud else None}
        for i, v in enumerate(values)
    ]
    stretches = [
        {"first": s.first, "last": s.first + s.count - 1, "frozen": s.first + s.baseline - 1, "centre": s.chart.centre}
        | {"upper": s.chart.upper, "lower": s.chart.lower, "limit": s.chart.range_limit}
        | {"provisional": s.chart.provisional}
        for s in found.segments
    ]
    return pd.DataFrame(points), pd.DataFrame(stretches)


QUOTES = [9, 11, 8, 10, 12, 9, 10, 13, 9, 8, 11, 10, 7, 6, 8, 6, 7, 5, 6, 7]


def behaviour(look: charts.Look, *about: Any, unit: str = "arbeidsdager") -> Any:
    points, stretches = behaviour_frames(*about)
    return charts.process_behaviour(points, stretches, look, unit)


def benefit_frame(*rows: tuple[str, float | None], **changed: Any) -> pd.DataFrame:
    """Lines by standing and value."""
    return pd.DataFrame(
        [
            {
                "title": f"Gevinst {i}",
                "note": "Salgsleder",
                "standing": standing,
                "value": value,
                "said": "9,9 mill. kr",
            }
            | changed
            for i, (standing, value) in enumerate(rows, 1)
        ]
    )


def in_millions(value: float) -> str:
    return NB.number(value / 1e6)


def cash(look: charts.Look, values: list[float], back: float | None) -> Any:
    frame = pd.DataFrame({"month": range(len(values)), "likely": values})
    frame = frame.assign(p10=frame.likely * 0.5 - 1e5, p90=frame.likely * 1.5 + 1e5)
    return charts.cash_flow(frame, back, look, "mill. kr", in_millions)


def spread(look: charts.Look, low: float, high: float) -> Any:
    width = (high - low) / 20
    steps = [{"low": low + i * width, "high": low + (i + 1) * width, "share": 0.05} for i in range(20)]
    marks = pd.DataFrame({"value": [low, (low + high) / 2, high], "said": "P90: 999,9 mill. kr"})
    return charts.npv_spread(pd.DataFrame(steps), marks, look, "mill. kr", in_millions)


def tornado(look: charts.Look, base: float, *rows: tuple[float, float], title: str = "Dekningsgrad") -> Any:
    about = {"title": title, "range": "1 000 000 kr til 9 000 000 kr", "swing": "9,9 mill. kr"}
    frame = pd.DataFrame([about | {"low": low, "high": high} for low, high in rows])
    return charts.tornado(frame, base, "Alt sannsynlig: 1,9 mill. kr", look, "mill. kr", in_millions)


EARNED = [-1.33e6 + 8.6e4 * month for month in range(37)]
CHAIN = ((4.0, 0.2, 0.67), (60.0, 2.5, 0.92), (45.0, 5.0, 1.018), (38.0, 12.0, 0.55))

CASES: dict[str, Draw] = {
    "perceptions": lambda look: charts.perception_gap(
        perception_frame((4.2, 1.7, 2.9), (2.0, 2.1, None), (1.0, 5.0, 3.0), (None, 2.0, 3.0)), look
    ),
    "perceptions, nothing to compare": lambda look: charts.perception_gap(perception_frame((None, 2.0, None)), look),
    "perceptions, the longest name": lambda look: charts.perception_gap(
        perception_frame((4.2, 1.7, 2.9)).assign(title=LONG), look
    ),
    "change": lambda look: charts.wave_change(
        change_frame((2.2, 2.9, 0.5, "clear"), (3.0, 2.8, 0.6, "within"), (None, None, None, "descriptive")), look
    ),
    "change, at the ends": lambda look: charts.wave_change(
        change_frame((1.0, 5.0, 0.5, "clear"), (5.0, 1.0, 0.5, "clear"), (3.0, 3.0, None, "descriptive")), look
    ),
    "progress": lambda look: charts.role_progress(
        progress_frame((9, 8, 12, True), (2, 2, None, False), (0, 0, 500, True)), look, 5
    ),
    "progress, nobody yet": lambda look: charts.role_progress(progress_frame((0, 0, None, True)), look, 10),
    "profile": lambda look: charts.profile(profile_frame(), look),
    "profile, hidden": lambda look: charts.profile(profile_frame(hidden=True, score=None), look),
    "profile, nothing assessed": lambda look: charts.profile(
        profile_frame(value=None, lo=None, hi=None, score=None), look
    ),
    "profile, all at the top": lambda look: charts.profile(profile_frame(value=5.0, lo=4.8, hi=5.0, score=5.0), look),
    "profile, all at the foot": lambda look: charts.profile(profile_frame(value=1.0, lo=1.0, hi=5.0, score=1.0), look),
    "profile, the longest name": lambda look: charts.profile(profile_frame(title=LONG), look),
    "profile, solo": lambda look: charts.profile(solo_frame(2.8, None, 5.0, 1.0), look),
    "profile, solo, one row": lambda look: charts.profile(solo_frame(2.8), look),
    "profile, solo, nothing assessed": lambda look: charts.profile(solo_frame(None, None), look),
    "profile, pulse": lambda look: charts.profile(solo_frame(2.0, 3.0, target=None), look),
    "gaps": lambda look: charts.gaps(gap_frame((2.1, 4.0, 3), (2.8, 4.0, 2), (4.3, 4.0, 1), (2.0, 4.0, 0)), look),
    "gaps, none assessed": lambda look: charts.gaps(gap_frame((None, 4.0, 1), (None, 4.0, 0)), look),
    "gaps, one row at the ends": lambda look: charts.gaps(gap_frame((1.0, 5.0, 1)), look),
    "strategies": lambda look: charts.strategies(
        strategy_frame((75.8, 1, None, True, False), (28.2, 0.6, "ingen avdeling er med", False, False)), look
    ),
    "strategies, none assessable": lambda look: charts.strategies(
        strategy_frame((None, 0.0, None, False, False), (None, 0.2, "ute", False, False)), look
    ),
    "waste hours": lambda look: charts.waste_hours(waste_frame(120.5, 96, 0.25), look),
    "waste hours, a tie": lambda look: charts.waste_hours(waste_frame(7, 7), look),
    "waste hours, one row": lambda look: charts.waste_hours(waste_frame(1), look),
    "waste hours, the longest name": lambda look: charts.waste_hours(waste_frame(9, 2, title=LONG), look),
    "plan timeline": lambda look: charts.plan_timeline(
        plan_frame(
            (TODAY - timedelta(90), "done"), (TODAY - timedelta(1), "overdue"), (TODAY + timedelta(200), "open")
        ),
        look,
        TODAY,
    ),
    "plan timeline, one row today": lambda look: charts.plan_timeline(plan_frame((TODAY, "open")), look, TODAY),
    "plan timeline, the longest name": lambda look: charts.plan_timeline(
        plan_frame((TODAY + timedelta(4000), "open"), title=LONG), look, TODAY
    ),
    "plan timeline, 24 rows": lambda look: charts.plan_timeline(
        plan_frame(*((TODAY + timedelta(20 * n), "open") for n in range(24))), look, TODAY
    ),
    "plan months": lambda look: charts.plan_months(months_frame((3, 0, 0), (2, 1, 4), (0, 9, 0)), look),
    "plan months, one row": lambda look: charts.plan_months(months_frame((0, 1, 0)), look),
    "plan months, ten years": lambda look: charts.plan_months(months_frame(*[(1, 1, 0)] * 120), look),
    "benefit lines": lambda look: charts.benefit_lines(
        benefit_frame(
            ("summed", 9e5), ("summed", 1e5), ("sum", 1e6), ("unowned", 3e6), ("beside", 4e4), ("not_assessed", None)
        ),
        look,
    ),
    "benefit lines, one below zero": lambda look: charts.benefit_lines(
        benefit_frame(("summed", 9e5), ("summed", -2e5), ("sum", 7e5)), look
    ),
    "benefit lines, none summed": lambda look: charts.benefit_lines(
        benefit_frame(("unowned", 0.0), ("not_assessed", None)), look
    ),
    "benefit lines, the longest name": lambda look: charts.benefit_lines(
        benefit_frame(("summed", 9e5), ("sum", 9e5), title=LONG), look
    ),
    "benefits realised": lambda look: charts.benefits_realised(
        realised_frame((9e5, 4e5, True), (3e5, None, False), (None, 5e4, False), (1.2e6, 4e5, True)), look
    ),
    "benefits realised, below zero and above what was expected": lambda look: charts.benefits_realised(
        realised_frame((-2e5, None, False), (1e5, 4e5, True), title=LONG), look
    ),
    "benefits realised, nothing": lambda look: charts.benefits_realised(realised_frame((0.0, 0.0, False)), look),
    "timeline": lambda look: timeline(
        look, ("Målinger", 0, 10), ("Målinger", 200, None), ("Mål", 90, None), ("Mål", 91, None), ("Mål", 400, None)
    ),
    "timeline, one day": lambda look: timeline(look, ("Mål", 100, None)),
    "timeline, ten years": lambda look: timeline(look, ("Mål", 0, None), ("Mandat", 3650, None)),
    "cash flow": lambda look: cash(look, EARNED, 15.5),
    "cash flow, never back": lambda look: cash(look, [-1e6] * 13, None),
    "cash flow, back at once and ten years": lambda look: cash(look, [1e5 * m for m in range(121)], 0.1),
    "cash flow, nothing moves": lambda look: cash(look, [0.0] * 13, None),
    "npv spread": lambda look: spread(look, -1.4e6, 9.1e6),
    "npv spread, all above": lambda look: spread(look, 1e6, 1.1e6),
    "npv spread, all below": lambda look: spread(look, -3e8, -1e6),
    "tornado": lambda look: tornado(look, 1.9e6, (-1e5, 3.4e6), (1.5e6, 2.2e6)),
    "tornado, one row at an end": lambda look: tornado(look, -1e6, (-1e6, -9e5), title=LONG),
    "contributions": lambda look: charts.contributions(signal_frame((34.667, 40.0), (17.5, 60.0), (None, None)), look),
    "contributions, none known": lambda look: charts.contributions(signal_frame((None, None)), look),
    "contribution pair": lambda look: pair(look, (34.667, None), (None, 17.5), (12.0, 9.0), (None, None)),
    "contribution pair, nothing known": lambda look: pair(look, (None, None)),
    "contribution pair, the longest names": lambda look: pair(look, (0.2, None), (100.0, 100.0), reason=LONG),
    "process behaviour": lambda look: behaviour(look, QUOTES, (), 12),
    "process behaviour, new limits": lambda look: behaviour(look, QUOTES, (12,)),
    "process behaviour, one point": lambda look: behaviour(look, [5.0]),
    "process behaviour, two points alike": lambda look: behaviour(look, [0.0, 0.0]),
    "process behaviour, two years of weeks": lambda look: behaviour(look, [*QUOTES * 5], (), 12, "åtte på samme side"),
    "process behaviour, signals at the left edge": lambda look: behaviour(look, [1, 2, 30, 40, 50], (), 2),
    "process behaviour, money": lambda look: behaviour(
        look, [2_345_678.0, 12_345_678.0, 9_999_999.0], (), None, unit="kr per årsverk"
    ),
    "process behaviour, below zero and no unit": lambda look: behaviour(look, [-3.5, 0.01, 2.0], (2,), unit=""),
    "stage strip": lambda look: charts.stage_strip(strip_frame(*CHAIN), look),
    "stage strip, nothing known": lambda look: charts.stage_strip(
        strip_frame((None, None, None), (None, None, None), incoming=None), look
    ),
    "stage strip, some known": lambda look: charts.stage_strip(strip_frame((None, 2.0, None), (30.0, None, 0.9)), look),
    "stage strip, one stage": lambda look: charts.stage_strip(strip_frame((4.0, 0.2, 0.67)), look),
    "stage strip, one wait is nearly all": lambda look: charts.stage_strip(
        strip_frame((1.0, 0.1, 0.5), (1000.0, 0.1, 0.5), (1.0, 0.1, 0.5)), look
    ),
    "stage strip, the longest names": lambda look: charts.stage_strip(
        strip_frame(*CHAIN, title=LONG, department=LONG, pool=LONG[:24]), look
    ),
    "stage strip, one department": lambda look: charts.stage_strip(
        strip_frame(*CHAIN, department="Salg", crosses=False), look
    ),
    "pool load": lambda look: charts.pool_load(load_frame((0.92, 0.84), (1.018, 0.947), (None, 0.5)), look),
    "pool load, none known": lambda look: charts.pool_load(load_frame((None, None)), look),
    "pool load, idle": lambda look: charts.pool_load(load_frame((0.0, 0.0)), look),
    "pool load, far beyond": lambda look: charts.pool_load(load_frame((4.2, 3.9), (0.9, 0.9)), look),
    "pool load, what if": lambda look: charts.pool_load(load_frame((0.97, 0.947), (0.9, 0.84), before=1.018), look),
    "contributions, one at full": lambda look: charts.contributions(signal_frame((100.0, 100.0)), look),
}


def values(spec: dict[str, Any], name: str = "text") -> list[Any]:
    """Every value of a column in the specification's data."""
    rows = [row for layer in _layers(spec) for row in layer["data"]["values"]]
    return [row[name] for row in rows if name in row]


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in _layers(spec) if layer["mark"]["type"] == kind]


def _layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in spec["layer"]:
        yield from _layers(layer) if "layer" in layer else (layer,)


def texts_of(chart: Any) -> list[str]:
    return values(charts.spec(chart))


# ---------------------------------------------------------------- every chart


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.width}-{look.texts.language}")
def test_a_specification_draws_without_warnings_and_nothing_leaves_the_plot(
    case: str, look: charts.Look, capfd: pytest.CaptureFixture[str]
) -> None:
    svg = vl_convert.vegalite_to_svg(charts.spec(CASES[case](look)), show_warnings=True)
    assert capfd.readouterr().err == ""
    # a text that leaves the plot makes Vega shrink it; 2 px are the width of the strokes at its edges
    plot = re.search(r'class="background"[^>]* d="M[\d.,]+h([\d.]+)', svg)
    assert plot is not None
    assert float(plot[1]) >= (look.width or 0) - 2


@pytest.mark.parametrize("case", CASES)
def test_a_specification_is_plain_json_small_and_with_its_data_inline(case: str) -> None:
    spec = charts.spec(CASES[case](charts.Look(NB)))
    text = json.dumps(spec, allow_nan=False)
    assert len(text.encode()) < SPEC_BYTES
    assert "datasets" not in spec
    assert all(layer["data"]["values"] for layer in _layers(spec))


@pytest.mark.parametrize("case", CASES)
def test_a_specification_is_valid_as_a_whole(case: str) -> None:
    # its parts are not validated as they are made
    CASES[case](charts.Look(NB)).to_dict(validate=True)


@pytest.mark.parametrize("case", CASES)
def test_marks_are_silent_and_the_chart_describes_itself(case: str) -> None:
    spec = charts.spec(CASES[case](charts.Look(NB)))
    assert spec["description"]
    assert all(layer["mark"]["aria"] is False for layer in _layers(spec))


def test_in_the_browser_colours_follow_the_theme_and_the_chart_its_container() -> None:
    spec = charts.spec(CASES["profile"](charts.Look(NB)))
    assert spec["width"] == "container"
    assert spec["config"]["background"] == "transparent"
    assert all(colour.startswith("light-dark(") for colour in values(spec, "colour"))


def test_a_picture_has_the_colours_of_its_theme_only() -> None:
    assert "light-dark" not in json.dumps(charts.spec(CASES["profile"](charts.Look(NB, "dark"))))


def test_both_languages_have_the_same_keys_and_places() -> None:
    nb, en = ({k: v for k, v in keys(language).items() if k.startswith("chart.")} for language in ("nb", "en"))
    assert nb == en
    assert nb


# ---------------------------------------------------------------- perspectives, change, progress


def test_perceptions_lead_with_the_widest_difference_whatever_its_sign() -> None:
    said = texts_of(CASES["perceptions"](charts.Look(NB)))
    figures = [text for text in said if re.fullmatch(r"[+−][\d,]+", text)]
    assert figures == ["−4,0", "+2,5", "−0,1"]
    assert "Ledelsen eller selgerne kan ikke vises her" in said


def test_a_perspective_that_may_not_be_shown_is_not_in_the_specification() -> None:
    spec = charts.spec(charts.perception_gap(perception_frame((None, 2.0, None)), charts.Look(NB)))
    assert "Ledelsen" not in spec["description"].replace("Ledelsen eller", "")
    assert marks(spec, "point") == []


def test_a_change_inside_its_noise_is_not_in_the_accent() -> None:
    spec = charts.spec(charts.wave_change(change_frame((3.0, 2.8, 0.6, "within")), charts.Look(NB, "light")))
    assert COLOURS["accent"][0] not in values(spec, "colour")


def test_progress_has_the_line_at_k_only_where_a_role_is_protected() -> None:
    guarded, open_role = (
        charts.spec(charts.role_progress(progress_frame((3, 2, None, g)), charts.Look(NB), 5)) for g in (True, False)
    )
    name = NB("chart.enough", k=5)
    assert name in values(guarded)
    assert name not in values(open_role)


# ---------------------------------------------------------------- profile


def test_profile_writes_every_value_and_names_each_group_once() -> None:
    said = texts_of(charts.profile(profile_frame(), charts.Look(NB)))
    assert {"Selgerne 1,5 · n\u00a012", "Omgivelsene 2,0 · n\u00a011", "Ledelsen 2,9 · n\u00a03"} <= set(said)
    assert {"1,5 · n\u00a012", "2,0 · n\u00a011", "2,9 · n\u00a03", "2,1", "Gryende", "Samlet", "Mål\u00a04,0"} <= set(
        said
    )
    assert "Sellers 1.5 · n\u00a012" in texts_of(charts.profile(profile_frame(), charts.Look(EN)))


def test_profile_of_a_hidden_group_keeps_its_figures_out_of_the_specification() -> None:
    frame = profile_frame()
    hidden = frame.perspective == "sellers"
    frame.loc[hidden, ["value", "lo", "hi", "n"]] = [1.2345, 1.1111, 1.9999, 4]
    spec = charts.spec(charts.profile(frame.assign(hidden=hidden), charts.Look(NB), k=5))
    text = json.dumps(spec)
    assert not any(figure in text for figure in ("1.2345", "1.1111", "1.9999", "1,2", "n\u00a04"))
    assert "Selgerne: skjult, færre enn 5 svar i en gruppe" in values(spec)


def test_profile_of_a_criterion_seen_by_one_group_says_so() -> None:
    frame = profile_frame()
    frame.loc[frame.perspective != "leadership", "hidden"] = True
    assert any("bare sett fra ledelsen" in said for said in texts_of(charts.profile(frame, charts.Look(NB))))


def test_profile_of_one_person_has_a_dot_a_row_and_neither_lanes_nor_n() -> None:
    spec = charts.spec(charts.profile(solo_frame(2.8, 1.9), charts.Look(NB)))
    (points,) = marks(spec, "point")
    assert [row["x"] for row in points["data"]["values"]] == [2.8, 1.9]
    said = values(spec)
    assert {"2,8", "1,9", "Definert", "Gryende", "4 av 5 besvart · 1 vet ikke"} <= set(said)
    assert not any("n\u00a0" in text or "Ledelsen" in text or "Samlet" in text for text in said)


def test_profile_says_why_there_is_no_score_and_draws_no_mark() -> None:
    spec = charts.spec(charts.profile(solo_frame(None), charts.Look(NB)))
    assert "Ikke vurdert: for få svar" in values(spec)
    assert not marks(spec, "point")
    assert "ikke vurdert" in spec["description"]


def test_profile_without_targets_names_no_level() -> None:
    said = texts_of(charts.profile(solo_frame(2.0, target=None), charts.Look(NB)))
    assert said.count("Gryende") == 0
    assert not any("Mål" in text for text in said)


def test_profile_names_a_target_of_its_own_in_the_small_print() -> None:
    frame = profile_frame()
    frame.loc[frame.title == "Verdi for kunden", "target"] = 3.5
    said = texts_of(charts.profile(frame, charts.Look(NB)))
    assert "vekt\u00a03\u00a0· mål\u00a03,5" in said


# ---------------------------------------------------------------- gaps


def test_gaps_add_up_as_they_are_printed() -> None:
    # exact 4 − 1,75 = 2,25 would print 2,3, and times 2 be 4,5; the printed score is 1,8
    said = texts_of(charts.gaps(gap_frame((1.75, 4.0, 2)), charts.Look(NB)))
    assert {"1,8", "4,0", "avstand\u00a02,2", "2,2 × vekt 2", "4,4"} <= set(said)


def test_gaps_are_ordered_by_priority_then_reached_then_irrelevant_then_unknown() -> None:
    frame = gap_frame((None, 4.0, 3), (1.0, 4.0, 0), (4.3, 4.0, 3), (2.8, 4.0, 1), (3.0, 4.0, 3))
    chart = charts.gaps(frame, charts.Look(NB))
    assert [row.split(":")[0] for row in chart.description.split(". ")] == [f"Område {i}" for i in (5, 4, 3, 2, 1)]
    assert {"målet er nådd", "ikke relevant", "ikke vurdert", "Ikke vurdert: for få svar"} <= set(texts_of(chart))


def test_gaps_draw_a_line_only_where_there_is_something_to_close() -> None:
    spec = charts.spec(charts.gaps(gap_frame((4.3, 4.0, 1), (3.98, 4.0, 1), (2.0, 4.0, 0)), charts.Look(NB)))
    assert not values(spec, "thick")
    assert not any("avstand" in text for text in values(spec))


def test_gaps_emphasise_one_row_or_none() -> None:
    one = charts.spec(charts.gaps(gap_frame((2.1, 4.0, 3), (2.8, 4.0, 2)), charts.Look(NB)))
    tie = charts.spec(charts.gaps(gap_frame((3.0, 4.0, 1), (3.0, 4.0, 1)), charts.Look(NB)))
    assert sorted(values(one, "thick")) == [2, 4]
    assert values(tie, "thick") == [2, 2]


def test_gaps_give_the_callers_reason_for_a_missing_score() -> None:
    frame = gap_frame((None, 4.0, 1)).assign(reason="2 av 5 besvart")
    assert "2 av 5 besvart" in texts_of(charts.gaps(frame, charts.Look(NB)))


# ---------------------------------------------------------------- strategies


def test_strategies_print_fit_evidence_and_what_holds_of_each() -> None:
    frame = strategy_frame(
        (80.0, 1.0, None, True, False),
        (84.0, 0.55, None, False, True),
        (28.2, 0.75, "ingen avdeling er med", False, False),
    )
    said = texts_of(charts.strategies(frame, charts.Look(NB)))
    assert {"80,0", "84,0", "28,2", "grunnlag\u00a0100\u00a0%", "grunnlag\u00a055\u00a0% · foreløpig"} <= set(said)
    assert {"Anbefalt: minste inngrep av de nesten like", "Nesten likt", "grunnlag\u00a075\u00a0%"} <= set(said)
    assert "Utenfor mandatet: ingen avdeling er med" in said


def test_strategies_that_cannot_be_assessed_show_no_fit_even_if_there_is_one() -> None:
    frame = strategy_frame((50.0, 0.8, None, True, False), (97.3, 0.25, "ute", False, False))
    spec = charts.spec(charts.strategies(frame, charts.Look(NB)))
    assert not any(figure in json.dumps(spec) for figure in ("97.3", "97,3"))
    assert {"ikke vurdert", "Utenfor mandatet: ute"} <= set(values(spec))
    assert any(text.startswith("Ikke vurderbart ennå") for text in values(spec))


def test_strategies_on_the_limit_of_evidence_are_assessed() -> None:
    said = texts_of(
        charts.strategies(strategy_frame((86.7, 0.1 + 0.2 + 0.1 - 1e-12, None, True, False)), charts.Look(NB))
    )
    assert {"86,7", "grunnlag\u00a040\u00a0% · foreløpig"} <= set(said)


def test_strategies_have_one_solid_bar_in_the_accent() -> None:
    frame = strategy_frame((49.4, 1, None, False, False), (75.8, 1, None, True, False), (99.0, 1, "ute", False, False))
    spec = charts.spec(charts.strategies(frame, charts.Look(NB, "light")))
    assert values(spec, "rim").count(COLOURS["accent"][0]) == 1


# ---------------------------------------------------------------- contributions


def test_contributions_print_points_of_the_most_and_their_sum() -> None:
    frame = signal_frame((10.0, 15.0), (34.667, 40.0), (13.6, 25.0), (17.5, 20.0))
    said = texts_of(charts.contributions(frame, charts.Look(NB)))
    assert {"34,7 av 40", "17,5 av 20", "13,6 av 25", "10,0 av 15", "Samlet egnethet", "75,8"} <= set(said)
    assert "34.7 of 40" in texts_of(charts.contributions(frame, charts.Look(EN)))


def test_a_pair_names_both_and_has_most_points_first_and_what_is_not_known_last() -> None:
    spec = charts.spec(pair(charts.Look(NB), (None, None), (2.0, None), (None, 17.5), (12.0, 9.0)))

    assert {LONG, "Redusere sløsing"} <= set(values(spec))
    told = spec["description"].split(". ")
    assert told[0] == "Tegn 3: Redusere sløsing 17,5"
    assert told[1] == f"Tegn 4: {LONG} 12,0, Redusere sløsing 9,0"
    assert told[-1] == f"Tegn 1: {NB('chart.unknown')}"
    assert len(values(spec, "x1")) == len([17.5, 12.0, 9.0, 2.0]) + 2  # and the hatch with its strokes


def test_contributions_not_known_stand_last_and_outside_the_sum() -> None:
    chart = charts.contributions(signal_frame((None, None), (20.0, 50.0), (30.0, 50.0)), charts.Look(NB))
    rows = chart.description.split(". ")
    assert rows == ["Tegn 3: 30,0 av 50", "Tegn 2: 20,0 av 50", "Samlet egnethet: 50,0", "Tegn 1: ukjent"]


def test_contributions_without_a_known_signal_have_no_sum() -> None:
    said = texts_of(charts.contributions(signal_frame((None, None)), charts.Look(NB)))
    assert "ukjent" in said
    assert "Samlet egnethet" not in said


@pytest.mark.parametrize("points", [(33.34, 33.34, 33.34), (0.05, 0.05, 0.05), (45.454545, 27.272727), (0.0,), ()])
def test_printed_points_add_up_to_the_printed_fit(points: tuple[float, ...]) -> None:
    shown = _adding_up(points)
    assert sum(shown) == Decimal(NB.number(sum(points)).replace(",", "."))
    assert all(abs(float(s) - p) < 0.1 for s, p in zip(shown, points, strict=True))


# ---------------------------------------------------------------- value stream


def test_a_chain_begins_each_stage_where_the_last_ended() -> None:
    spec = charts.spec(charts.stage_strip(strip_frame(*CHAIN), charts.Look(NB)))
    boxes = marks(spec, "rect")[-1]["data"]["values"]
    assert [row["x1"] for row in boxes] == pytest.approx([4, 64.2, 111.7, 154.7])
    assert [row["x2"] for row in boxes] == pytest.approx([4.2, 66.7, 116.7, 166.7])
    assert "22\u00a0arbeidsdager" in values(spec)


def test_a_chain_says_where_it_is_full_and_what_crosses() -> None:
    chart = charts.stage_strip(strip_frame(*CHAIN), charts.Look(NB))
    said = texts_of(chart)
    assert {"▲ Flaskehals: Teknisk 102\u00a0%", "● Teknisk 67\u00a0%", "⇄ fra Avdeling 1: 80\u00a0% brukbart"} <= set(
        said
    )
    assert chart.description.split(". ")[2] == (
        "Etappe 3: Avdeling 1, venter 45.0, arbeid 5.0, fra Avdeling 0: 80\u00a0% brukbart, "
        "▲ Flaskehals: Teknisk 102\u00a0%"
    )


def test_a_chain_within_one_department_crosses_nothing() -> None:
    spec = charts.spec(charts.stage_strip(strip_frame(*CHAIN, department="Salg", crosses=False), charts.Look(NB)))
    assert not any("⇄" in text for text in values(spec))
    assert not marks(spec, "point")


def test_a_chain_with_an_unknown_time_tells_no_working_days() -> None:
    spec = charts.spec(charts.stage_strip(strip_frame((30.0, 2.0, None), (None, 2.0, None)), charts.Look(NB)))
    assert not any("arbeidsdager" in text for text in values(spec))


def test_pools_are_ordered_by_load_and_the_unknown_stand_last() -> None:
    chart = charts.pool_load(load_frame((0.5, 0.5), (None, None), (1.018, 0.947)), charts.Look(NB))
    rows = chart.description.split(". ")
    assert [row.split(":")[0] for row in rows] == ["Ressurs 3", "Ressurs 1", "Ressurs 2"]
    assert rows[0] == "Ressurs 3: ▲ 102\u00a0% · mer enn det er tid til"
    assert rows[2] == "Ressurs 2: kapasitet mangler"


def test_a_pool_that_has_not_moved_has_no_ring() -> None:
    frame = load_frame((0.97, 0.947), (0.9, 0.84)).assign(before=[1.018, 0.9])
    spec = charts.spec(charts.pool_load(frame, charts.Look(NB)))
    (rings,) = marks(spec, "point")
    assert [row["x"] for row in rings["data"]["values"]] == [1.018]
    assert "102\u00a0% → 97\u00a0%" in " ".join(values(spec))


# ---------------------------------------------------------------- waste


def test_waste_bars_are_to_scale_and_say_their_hours() -> None:
    chart = charts.waste_hours(waste_frame(120.5, 96), charts.Look(NB))
    (bars,) = marks(charts.spec(chart), "rect")
    assert [(row["x0"], row["x1"]) for row in bars["data"]["values"]] == [(0, 120.5), (0, 96)]
    assert chart.description == "Sløsing 1: 9 999 t, 100 % av alle. Sløsing 2: 9 999 t, 100 % av alle"


def test_waste_emphasises_one_kind_or_none() -> None:
    one, tie = (charts.spec(charts.waste_hours(waste_frame(*h), charts.Look(NB, "light"))) for h in ((9, 2), (7, 7)))
    accent, level4 = COLOURS["accent"][0], COLOURS["level4"][0]
    assert [row["colour"] for row in marks(one, "rect")[0]["data"]["values"]] == [accent, level4]
    assert [row["colour"] for row in marks(tie, "rect")[0]["data"]["values"]] == [level4, level4]


def test_a_plan_marks_what_is_done_left_and_overdue_on_its_day_and_today() -> None:
    days = {"done": TODAY - timedelta(90), "overdue": TODAY - timedelta(1), "open": TODAY + timedelta(200)}
    frame = plan_frame(*((on, state) for state, on in days.items()))
    chart = charts.plan_timeline(frame, charts.Look(NB, "light"), TODAY)
    spec = charts.spec(chart)
    found = [(m["mark"].get("shape"), m["mark"]["filled"], m["data"]["values"][0]["x"]) for m in marks(spec, "point")]
    assert found == [
        (None, False, days["done"].toordinal()),
        (None, True, days["open"].toordinal()),
        ("diamond", True, days["overdue"].toordinal()),
    ]
    assert TODAY.toordinal() in [row.get("x") for mark in marks(spec, "rule") for row in mark["data"]["values"]]
    assert "i dag" in values(spec)
    assert chart.description.startswith("Tiltak 1: 30. oktober 2026, over fristen. Tiltak 2:")


@pytest.mark.parametrize("days", [1, 30, 90, 400, 4000])
def test_a_plan_of_any_length_names_between_one_and_four_months(days: int) -> None:
    chart = charts.plan_timeline(plan_frame((TODAY + timedelta(days), "open")), charts.Look(NB), TODAY)
    named = {v for v in values(charts.spec(chart)) if re.fullmatch(r"[a-z]+ 2\d{3}", str(v))}
    assert 1 <= len(named) <= 4


def test_months_add_up_to_their_actions() -> None:
    chart = charts.plan_months(months_frame((2, 1, 4), (0, 9, 0)), charts.Look(NB, "light"))
    (bars,) = marks(charts.spec(chart), "rect")
    assert [(b["x0"], b["x1"]) for b in bars["data"]["values"]] == [(0, 2), (2, 3), (3, 7), (0, 9)]
    stop = COLOURS["stop"][0]
    assert [b["colour"] == stop for b in bars["data"]["values"]] == [False, False, True, False]


# ---------------------------------------------------------------- payback


def test_benefits_are_summed_where_owned_and_outlined_where_not() -> None:
    rows = (("summed", 9e5), ("summed", 1e5), ("sum", 1e6), ("unowned", 3e5), ("not_assessed", None))
    chart = charts.benefit_lines(benefit_frame(*rows), charts.Look(NB, "light"))
    outlined, filled = (
        [(row["x0"], row["x1"]) for row in mark["data"]["values"]]
        for mark in marks(charts.spec(chart), "rect")
        if mark["data"]["values"][0].get("x1", 0) > 5e4
    )
    assert (outlined, filled) == ([(0, 3e5)], [(0, 9e5), (9e5, 1e6), (0, 1e6)])
    assert chart.description.startswith("Gevinst 1: 9,9 mill. kr, Salgsleder")


def test_only_what_counts_is_filled_dark_and_each_row_is_spoken() -> None:
    chart = charts.benefits_realised(
        realised_frame((9e5, 4e5, True), (3e5, 1e5, False), (2e5, None, False)), charts.Look(NB, "light")
    )
    outlines, fills = (mark["data"]["values"] for mark in marks(charts.spec(chart), "rect"))
    assert [(row["x0"], row["x1"]) for row in outlines] == [(0, 9e5), (0, 3e5), (0, 2e5)]
    assert [(row["x1"], row["colour"]) for row in fills] == [
        (4e5, COLOURS["accent"][0]),
        (1e5, COLOURS["level2"][0]),
    ]
    assert chart.description.startswith("Gevinst 1: 4 av 9, bekreftet. Gevinst 2")


def test_what_is_to_come_is_hollow_and_events_close_together_do_not_meet() -> None:
    chart = timeline(
        charts.Look(NB, "light"), ("Målinger", 0, 10), ("Mål", 90, None), ("Mål", 91, None), ("Mål", 300, None)
    )
    (points,) = marks(charts.spec(chart), "point")
    assert [row["colour"] for row in points["data"]["values"]] == [COLOURS[n][0] for n in ("accent", "accent", "bg")]
    first, second, _ = [row["yn"] for row in points["data"]["values"]]
    assert second - first >= 20
    assert {"i dag", "1", "4"} <= set(values(charts.spec(chart)))
    assert chart.description == "1. Målinger: sagt 1. 2. Mål: sagt 2. 3. Mål: sagt 3. 4. Mål: sagt 4"


def test_the_money_is_back_where_the_line_crosses_zero() -> None:
    spec = charts.spec(cash(charts.Look(NB), EARNED, 15.5))
    (dot,) = marks(spec, "point")
    assert dot["data"]["values"][0]["x"] == 15.5
    assert "Tilbake etter 15,5 md." in values(spec)
    assert spec["description"].startswith("mill. kr. Tilbake etter 15,5 md.. 0 md.: −1,3 sannsynlig")
    assert not marks(charts.spec(cash(charts.Look(NB), [-1e6] * 13, None)), "point")


def test_outcomes_below_zero_are_paler_and_told() -> None:
    chart = spread(charts.Look(NB, "light"), -1e6, 1e6)
    (bars,) = marks(charts.spec(chart), "rect")
    tones = [row["colour"] for row in bars["data"]["values"]]
    assert tones == [COLOURS["level2"][0]] * 10 + [COLOURS["level4"][0]] * 10
    assert "50\u00a0% av utfallene ligger under null" in chart.description


def test_a_tornado_goes_from_the_cautious_to_the_favourable_through_the_likely() -> None:
    chart = tornado(charts.Look(NB), 1.9e6, (-1e5, 3.4e6))
    (bars,) = marks(charts.spec(chart), "rect")
    assert [(row["x0"], row["x1"]) for row in bars["data"]["values"]] == [(-1e5, 1.9e6), (1.9e6, 3.4e6)]
    assert chart.description == (
        "Alt sannsynlig: 1,9 mill. kr. Dekningsgrad, 1 000 000 kr til 9 000 000 kr: −0,1 – 3,4 mill. kr"
    )


# ---------------------------------------------------------------- colours


def luminance(colour: str) -> float:
    return sum(
        weight * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
        for weight, c in zip((0.2126, 0.7152, 0.0722), channels(colour), strict=True)
    )


def channels(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_the_page(theme: int) -> None:
    colour = {name: pair[theme] for name, pair in COLOURS.items()}
    # the values are written in the colour of their group, so groups count as text
    for name in ("ink", "muted", "accent", "leadership", "sellers", "surroundings", "consultant", "attention", "stop"):
        assert contrast(colour[name], colour["bg"]) >= 4.5, name
    for name in ("ink", "muted", "accent", "attention", "stop"):  # in a lane of the value stream
        assert contrast(colour[name], colour["surface"]) >= 4.5, name
    for name in (
        "edge",
        "level4",
    ):  # hatch, dashed edges and borders; a paler level as a fill has one of these round it
        assert contrast(colour[name], colour["bg"]) >= 3, name
    for i in range(1, 6):
        assert contrast(colour[f"on_level{i}"], colour[f"level{i}"]) >= 4.5, i


# Machado, Oliveira & Fernandes 2009, full severity, on linear RGB
VISION = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(colour: str, vision: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    r, g, b = (min(1.0, max(0.0, sum(w * c for w, c in zip(row, linear, strict=True)))) for row in vision)
    x, y, z = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_groups_are_told_apart_without_full_colour_vision(theme: int, vision: str) -> None:
    for one, other in combinations(("leadership", "sellers", "surroundings"), 2):
        pairs = zip(*(lab(COLOURS[name][theme], VISION[vision]) for name in (one, other)), strict=True)
        distance = sum((a - b) ** 2 for a, b in pairs) ** 0.5
        assert distance > 15, (one, other, distance)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_levels_run_one_way_from_pale_to_deep(theme: int) -> None:
    ramp = [luminance(COLOURS[f"level{i}"][theme]) for i in range(1, 6)]
    assert ramp == sorted(ramp, reverse=theme == 0)


# ---------------------------------------------------------------- process behaviour


def test_signals_are_told_by_shape_and_words_and_no_target_is_drawn() -> None:
    spec = charts.spec(behaviour(charts.Look(NB), QUOTES, (), 12))

    shapes = [mark["mark"].get("shape") for mark in marks(spec, "point")]
    assert shapes.count("diamond") == 1
    assert "◆ tre av fire nær grensen" in texts_of(behaviour(charts.Look(NB), QUOTES, (), 12))
    assert {"Øvre grense 16", "Midtlinje 10", "Nedre grense 4", "Grense 7,4", "Nullpunktsmåling"} <= set(values(spec))
    assert "mål" not in " ".join(values(spec)).lower().replace("målepunkt", "").replace("nullpunktsmåling", "")


def test_each_stretch_has_its_own_limits_and_the_line_breaks_between_them() -> None:
    spec = charts.spec(behaviour(charts.Look(EN), QUOTES, (12,)))

    assert len(marks(spec, "line")) == 4
    assert {"New limits", "Upper limit 10.3", "Lower limit 2.7", "arbeidsdager · provisional limits"} <= set(
        values(spec)
    )
    assert "provisional limits" in spec["description"]


def test_the_spoken_summary_has_limits_and_every_signal_by_its_day() -> None:
    description = charts.spec(behaviour(charts.Look(NB), QUOTES, (), 12))["description"]

    assert description.startswith("20 målepunkter, arbeidsdager. Øvre grense 16, Midtlinje 10, Nedre grense 4")
    assert description.count("tre av fire nær grensen") == 2
