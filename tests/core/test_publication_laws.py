"""An attacker reads everything that is published, and looks for the mean of fewer than k protected people.

The attacker knows nothing of how the product decides. What a published number rests on is found out from outside, by
changing one answer at a time and looking at what moves; all numbers that are sums or means of answers are then put into
one system of equations, whose unknowns are the protected people's single answers (leaders' and the consultant's are
taken as known to the attacker). Some people are singled out when a combination of the equations leaves only theirs.
"""

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from assessment.engagement import Engagement, Wave
from assessment.packs import Item, Pack, Structure, builtin
from assessment.report import export
from assessment.scoring import anonymity
from assessment.scoring import score as scoring
from assessment.scoring import sensitivity as careless_answers
from assessment.scoring.answers import DK, PROTECTED, AnswerTable, Bools, shown_items
from assessment.scoring.change import change
from assessment.scoring.result import Result, document
from assessment.scoring.score import score
from assessment.scoring.sensitivity import Screened, Sensitivity, sensitivity
from assessment.texts import texts

SURVEYS = 200
FULL = builtin("full")
# published numbers that are sums or means of answers, by their last name; the others (spreads, shares of answers) are
# no equations in answers
LINEAR = frozenset({"score", "mean", "delta", "first", "last", "pooled", "consultant_gap", "index", "gap", "priority"})

Figures = Mapping[str, float]
Publish = Callable[[AnswerTable], Figures]


# ---------------------------------------------------------------- the organisations


def small_pack(drawn: np.random.Generator) -> Pack:
    """Two criteria of three questions; who is shown which differs, which is where subtraction finds its way in."""
    items = []
    for number in range(6):
        kept = [role for role in ("SL", "S", "OP", "OD", "TM") if role == "S" or drawn.random() < 0.75]
        old = FULL.items[number] if number < 3 else FULL.items[number + 1]
        items.append(
            Item(
                id=old.id,
                criterion=FULL.items[0].criterion if number < 3 else FULL.items[4].criterion,
                roles=tuple(kept),
            )
        )
    wanted = [c for c in FULL.criteria if c.id in {i.criterion for i in items}]
    ids = [i.id for i in items]
    structure = Structure(
        id="small",
        version="1.0.0",
        min_items=2,
        allows_na=True,
        anchored=FULL.anchored,
        criteria=tuple(wanted),
        items=tuple(items),
        subscales={"C5i": (ids[0], ids[1], ids[3]), "C5e": (ids[2], ids[4])},
    )
    return Pack.of(structure, FULL.prose)


MIXED = (0.4, 0.22, 0.22, 0.08, 0.05, 0.03)
MOSTLY_SELLERS = (0.84, 0.04, 0.04, 0.06, 0.0, 0.02)


def organisation(
    pack: Pack, seed: int, most: int = 14, least: int = 6, parts: tuple[float, ...] = MIXED
) -> AnswerTable:
    """At most 14 people of random roles and teams, who leave out, or do not know, a random part."""
    drawn = np.random.default_rng(seed)
    people = int(drawn.integers(least, most + 1))
    roles = drawn.choice(["S", "OP", "OD", "SL", "TM", "K"], people, p=parts)
    teams = drawn.choice(["North", "South"], people)
    shown = shown_items(pack, roles, "anonymous")
    values = drawn.integers(2, 5, shown.shape)
    silent = drawn.random(shown.shape) < drawn.choice([0.0, 0.1, 0.3])
    values = np.where(silent, drawn.choice([0, DK], shown.shape), values)
    return AnswerTable(roles, teams, np.where(shown, values, 0).astype(np.int8), shown)


# ---------------------------------------------------------------- what is published


def numbers(found: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Every number in a document with its path."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from numbers(value, f"{name}/{key}")
    elif isinstance(found, list):
        for place, value in enumerate(found):
            yield from numbers(value, f"{name}/{place}")
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield name, float(found)


def linear(found: Any, name: str = "") -> dict[str, float]:
    return {path: value for path, value in numbers(found, name) if LINEAR & set(path.split("/"))}


def screens(result: Result) -> dict[str, Any]:
    """What the pages show beside the document of the headless command."""
    return {
        "criteria": {
            c.id: {
                "pooled": c.pooled,
                "consultant_gap": c.consultant_gap,
                "range": {"score": list(c.score_range or ())},
            }
            for c in result.criteria
        },
        "views": {
            c.id: {name: {"score": view.score} for name, view in c.perspectives.items()} for c in result.criteria
        },
        "subscales": {s.id: {"score": s.score} for s in result.subscales},
        "differences": {
            c.id: {name: {"delta": gap.delta} for name, gap in c.perception_gap.items()} for c in result.criteria
        },
        # for calculations inside the product, and so that no page that shows them one day gives anybody away
        "means": {i.id: {"mean": dict(i.perspective_means)} for i in result.items},
    }


def flagged_of(table: AnswerTable, seed: int) -> Bools:
    """Some whose answers show signs of carelessness: of sellers alone, or of everybody."""
    drawn = np.random.default_rng(seed)
    among = table.roles == "S" if seed % 2 else table.roles != "K"
    flagged: Bools = among & (drawn.random(table.respondents) < drawn.choice([0.3, 0.5]))
    return flagged


def with_and_without(line: Sensitivity) -> dict[str, Any]:
    """The line of the perceptions page. Its largest change is the difference of two numbers that are here."""
    if line.without is None:
        return {}
    criteria = {c: {"score": value} for c, value in line.without.criteria.items()}
    return {"criteria": criteria, "overall": {"score": line.without.overall}}


def publish(pack: Pack, flagged: Bools | None = None, **options: Any) -> Publish:
    """All screens and exports of one measurement; flagged: (n,), nobody by default."""

    def published(table: AnswerTable) -> Figures:
        result = score(table, pack, mode="anonymous", **options)
        careless = np.zeros(table.respondents, dtype=np.bool_) if flagged is None else flagged
        line = sensitivity(Screened(table, careless, 0), result, pack, by_team=options.get("by_team", False))
        taken = json.loads(json.dumps(document(result)))
        taken["subscales"] = {name: {"score": value} for name, value in taken["subscales"].items()}
        taken["differences"] = [{"delta": c.pop("perception_gap")} for c in taken["criteria"]]
        shown = linear(taken, "document") | linear(screens(result), "screens")
        return shown | linear(with_and_without(line), "without")

    return published


# ---------------------------------------------------------------- the attacker


def equations(table: AnswerTable, publish: Publish) -> np.ndarray:
    """(published numbers, protected people's answers): how each number moves with each single answer.

    Found by raising or lowering one answer at a time. Numbers that appear or vanish when it moves (an item on which all
    would then agree) are taken from the other direction.
    """
    cells = np.argwhere(table.answered & np.isin(table.roles, PROTECTED)[:, np.newaxis])
    at = publish(table)
    names = list(at)
    moved = np.zeros((len(names), len(cells)))
    for column, (row, item) in enumerate(cells):
        left = dict(enumerate(names))
        for step in (1, -1):
            found = publish(changed(table, row, item, step)) if left else {}
            for place in [place for place, name in left.items() if name in found]:
                moved[place, column] = (found[left.pop(place)] - at[names[place]]) / step
    return moved


def changed(table: AnswerTable, row: int, item: int, step: int) -> AnswerTable:
    values = table.values.copy()
    values[row, item] += step
    return AnswerTable(table.roles, table.teams, values, table.shown)


def singled_out(moved: np.ndarray, person: np.ndarray, k: int) -> tuple[int, ...] | None:
    """Fewer than k people about whom some combination of the equations speaks, and about nobody else; None without.

    person: whose answer each column is. If a few can be singled out, so can any larger set they are part of, so sets of
    k-1 are enough. A set is when a vector of the equations' span lies wholly in its columns: its projection onto them
    loses nothing, which is an eigenvalue of one.
    """
    _, sizes, basis = np.linalg.svd(moved, full_matrices=False)
    basis = basis[sizes > 1e-9]
    people = np.unique(person)
    if not len(basis):
        return None
    projection = np.pad(basis.T @ basis, (0, 1))  # a last column of nothing fills up the smaller sets
    sets = np.array(list(itertools.combinations(people, min(k - 1, len(people)))))
    columns = {p: np.flatnonzero(person == p) for p in people}
    most = max(len(own) for own in columns.values())
    padded = {p: np.pad(own, (0, most - len(own)), constant_values=len(person)) for p, own in columns.items()}
    for some in np.array_split(sets, len(sets) // 500 + 1):
        at = np.array([np.concatenate([padded[p] for p in few]) for few in some])
        largest = np.linalg.eigvalsh(projection[at[:, :, np.newaxis], at[:, np.newaxis, :]])[:, -1]
        if largest.max() > 1 - 1e-7:
            return tuple(int(p) for p in some[largest.argmax()])
    return None


def attack(table: AnswerTable, publish: Publish, k: int) -> tuple[int, ...] | None:
    """The people this publication singles out, or None."""
    person = np.argwhere(table.answered & np.isin(table.roles, PROTECTED)[:, np.newaxis])[:, 0]
    return singled_out(equations(table, publish), person, k)


# ---------------------------------------------------------------- the law


def test_nobody_is_singled_out_in_two_hundred_organisations() -> None:
    found, told = {}, 0
    for seed in range(SURVEYS):
        pack = small_pack(np.random.default_rng(seed))
        table = organisation(pack, seed)
        told += anonymity.publication(table, mode="anonymous").used[np.isin(table.roles, PROTECTED)].any()
        if few := attack(table, publish(pack, flagged_of(table, seed), by_team=seed % 4 == 0), 5):
            found[seed] = few

    assert found == {}
    assert told > SURVEYS / 2  # to publish nothing of protected people would be no feat


def test_the_same_attacker_succeeds_as_soon_as_small_cells_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = anonymity.publication

    def careless(table: AnswerTable, **options: Any) -> anonymity.Publication:
        view = whole(table, **options)
        return anonymity.Publication(view.groups, view.left_out, view.group, table.answered, view.counted)

    monkeypatch.setattr(scoring, "publication", careless)
    monkeypatch.setattr(scoring, "check_publication", lambda *_: None)

    assert _broken() > 5


def test_the_same_attacker_succeeds_as_soon_as_totals_keep_what_their_parts_hide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The usual rule: small cells are not shown, but their people stay in the totals (method §3.8)."""

    def usual(pack: Pack) -> Publish:
        inside = publish(pack)

        def published(table: AnswerTable) -> Figures:
            protected = np.isin(table.roles, PROTECTED)[:, np.newaxis] & table.answered
            totals = {
                f"total/{item.id}/mean": float(table.values[rows, column].mean())
                for column, item in enumerate(pack.items)
                if (rows := protected[:, column]).sum() >= 5
            }
            return {**inside(table), **totals}

        return published

    assert _broken(usual) > 2


def test_the_rules_own_check_refuses_what_the_attacker_would_find() -> None:
    """`check_publication` stands between a mistake and a reader: what it lets pass, the attacker cannot use."""
    refused = 0
    for seed in range(60):
        pack = small_pack(np.random.default_rng(seed))
        table = organisation(pack, seed)
        view = anonymity.publication(table, mode="anonymous")
        careless = anonymity.Publication(view.groups, view.left_out, view.group, table.answered, view.counted)
        try:
            anonymity.check_publication(table, careless, 5)
        except anonymity.DisclosureError:
            refused += 1

    assert refused > 20


# ---------------------------------------------------------------- with and without careless answers


def test_the_line_with_and_without_the_flagged_singles_nobody_out() -> None:
    surveys = [_flagged(seed) for seed in range(200)]
    shown = [(table, all_) for table, all_ in surveys if any(name.startswith("without") for name in all_(table))]

    assert len(shown) > 10
    assert [seed for seed, (table, all_) in enumerate(shown) if attack(table, all_, 5)] == []


def test_the_same_attacker_succeeds_as_soon_as_the_line_is_shown_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(careless_answers, "check_line", lambda *_, **__: None)

    assert sum(attack(*_flagged(seed), 5) is not None for seed in range(20)) > 3


def _flagged(seed: int) -> tuple[AnswerTable, Publish]:
    """An organisation large enough for some to be flagged and others to be left."""
    pack = small_pack(np.random.default_rng(seed))
    table = organisation(pack, seed, least=12, parts=MOSTLY_SELLERS)
    return table, publish(pack, flagged_of(table, seed))


def _broken(how: Callable[[Pack], Publish] = publish) -> int:
    """In how many of twenty organisations somebody is singled out."""
    found = 0
    for seed in range(20):
        pack = small_pack(np.random.default_rng(seed))
        found += attack(organisation(pack, seed), how(pack), 5) is not None
    return found


# ---------------------------------------------------------------- across measurements


def test_the_change_between_measurements_adds_nothing_to_subtract() -> None:
    """Both measurements with everything they publish, and their change, in one system of equations."""
    for seed in range(25):
        pack = small_pack(np.random.default_rng(seed))
        first, last = organisation(pack, seed, most=9), organisation(pack, seed + 1000, most=9)
        moved, names = _both(pack, first, last)
        together, person = _joined(moved, names, first, last)
        assert singled_out(together, person, 5) is None, seed


def _both(pack: Pack, first: AnswerTable, last: AnswerTable) -> tuple[list[np.ndarray], list[list[str]]]:
    """The equations of each measurement, its own and those of the change, with their names."""
    publish_one = publish(pack)

    def compared(one: AnswerTable, other: AnswerTable) -> Figures:
        found = change(*(score(t, pack, mode="anonymous") for t in (one, other)))
        rows = {
            c.id: {
                "delta": c.delta,
                "first": c.first,
                "last": c.last,
                "views": {n: {"first": v.first, "last": v.last, "delta": v.delta} for n, v in c.views.items()},
            }
            for c in found.criteria
        }
        return linear(rows, "change")

    sides: list[tuple[AnswerTable, Publish]] = [
        (first, lambda t: {**publish_one(t), **compared(t, last)}),
        (last, lambda t: {**publish_one(t), **compared(first, t)}),
    ]
    return [equations(*side) for side in sides], [list(told(table)) for table, told in sides]


def _joined(
    moved: list[np.ndarray], names: list[list[str]], first: AnswerTable, last: AnswerTable
) -> tuple[np.ndarray, np.ndarray]:
    """The equations of both measurements side by side: the change's rows hold unknowns of both.

    person: the later measurement's people are others, since nobody can tell who they were before.
    """
    rows: dict[str, np.ndarray] = {}
    width = [m.shape[1] for m in moved]
    for which, (found, named) in enumerate(zip(moved, names, strict=True)):
        for row, name in zip(found, named, strict=True):
            key = name if name.startswith("change") else f"{which}{name}"
            whole = rows.setdefault(key, np.zeros(sum(width)))
            start = 0 if which == 0 else width[0]
            whole[start : start + width[which]] = row
    who = [np.argwhere(t.answered & np.isin(t.roles, PROTECTED)[:, np.newaxis])[:, 0] for t in (first, last)]
    return np.array(list(rows.values())).reshape(-1, sum(width)), np.concatenate([who[0], who[1] + 100])


# ---------------------------------------------------------------- exports


def test_an_export_holds_no_number_that_the_screens_do_not() -> None:
    """JSON: the document and nothing else. CSV: every figure is one of the result's, so the law above covers it."""
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    engagement = Engagement.model_validate(
        {"id": "e", "name": "Fjordvik", "language": "nb", "mode": "anonymous", "created_at": moment}
    )
    wave = Wave.model_validate(
        {
            "id": "w",
            "engagement_id": "e",
            "label": "T0",
            "position": 1,
            "opened_at": moment,
            "pack_id": "full",
            "pack_version": "1",
            "pack_hash": "h",
            "scoring_version": "1",
        }
    )
    for seed in range(25):
        table = organisation(FULL, seed)
        result = score(table, FULL, mode="anonymous")
        taken = export.Taken(engagement, wave, FULL, result)

        assert json.loads(export.result_json(taken))["result"] == json.loads(json.dumps(document(result)))
        known = {0.0} | {abs(round(value, 2)) for _, value in _everything(result)}
        for cell in _figures_in(export.result_csv(taken, texts("en"))):
            assert min(abs(cell - value) for value in known) < 0.0101, (seed, cell)


def _everything(result: Result) -> Iterator[tuple[str, float]]:
    yield from numbers(json.loads(json.dumps(document(result))))
    for c in result.criteria:
        yield from numbers({"answered": c.answered, "applicable": c.applicable})
        yield from numbers({name: view.score for name, view in c.perspectives.items() if view.score is not None})


def _figures_in(file: bytes) -> Iterator[float]:
    for row in csv.DictReader(io.StringIO(file.decode("utf-8-sig"))):
        for column, cell in row.items():
            if column not in ("Version", "version") and cell.replace(".", "", 1).isdigit():
                yield float(cell)
