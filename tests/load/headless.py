"""The calculations without a server: a large file of answers, and a strategy with everything it needs."""

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from assessment.packs import ROLES, builtin
from assessment.service import Service
from assessment.store import SqliteStore
from tests.load.measure import Row
from tests.serving import ROOT

RESPONDENTS, SCORE_RUNS, SCORE_S = 10_000, 5, 3.0
STRATEGY_RUNS, STRATEGY_S = 20, 1.0


def rows() -> list[Row]:
    """Seconds of `score` as a whole process, and of the advice as the strategy page asks for it."""
    return [_score(), _advice()]


def _score() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers.csv"
        _write_answers(file)
        command = [sys.executable, "-m", "assessment", "score", str(file)]
        figures = []
        for _ in range(SCORE_RUNS):
            began = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            figures.append(time.perf_counter() - began)
    return Row("score, 10 000 respondents x 33", tuple(figures), "s", SCORE_S, "whole process")


def _write_answers(file: Path) -> None:
    """Everybody answers what their role is shown, now and then with don't know; seeded, so always the same."""
    draw, pack = np.random.default_rng(1), builtin("full")
    items = [i.id for i in pack.items]
    roles = draw.choice(ROLES[:5], RESPONDENTS, p=[0.05, 0.5, 0.2, 0.2, 0.05])
    levels = draw.integers(1, 6, (RESPONDENTS, len(items)))
    unknown = draw.random((RESPONDENTS, len(items))) < 0.05
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["role", *items])
        for person, role in enumerate(roles):
            shown = pack.shown_to(str(role))
            cells = ["DK" if unknown[person, n] else levels[person, n] for n in range(len(items))]
            writer.writerow([role, *(cell if i in shown else "" for i, cell in zip(items, cells, strict=True))])


def _advice() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        service = Service(SqliteStore(Path(folder) / "bench.db"))
        demo = service.open_demo()
        figures = []
        for _ in range(STRATEGY_RUNS):
            began = time.perf_counter()
            advice = service.advice(demo)
            figures.append(time.perf_counter() - began)
            if advice is None or not advice.recommendation.counterfactuals:
                raise RuntimeError("the example has lost its advice")
    note = "example: scores, counterfactuals, 1 000 draws"
    return Row("strategy", tuple(figures), "s", STRATEGY_S, note)
