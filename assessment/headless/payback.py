"""`payback`: what a change pays back, how surely, and which input matters most."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assessment.config import DISCOUNT, PERT_DRAWS, PERT_DRAWS_RANGE, PERT_LAMBDA, PERT_SEED, RAMP
from assessment.files import InputError
from assessment.headless import documents
from assessment.payback import INPUTS, LARGEST, Case, Triple, conflicts, document, payback
from assessment.strategy.situation import key_path, quoted

NAME = "payback"
HELP = "Work out what a change pays back, how surely, and which input matters most."
EXAMPLE = "python -m assessment payback data/examples/payback.json"

_REQUIRED = ("inputs", "one_off_cost", "running_cost")
_KEYS = (*_REQUIRED, "discount_rate", "ramp_in", "draws", "seed", "pert_lambda", "new_sales_revenue")
_YEARS = 50
_LAMBDA_MAX = 100.0  # far beyond it the draws are the likely value
_SEED_MAX = 2**53  # beyond it 1e16 and the number meant may differ


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the case document."""
    parser.add_argument("file", metavar="CASE.json", type=Path, help="inputs as [low, likely, high], costs and draws")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The payback as a document. Raises: InputError with all of them."""
    content = documents.read(args.file, "payback")
    reader = _Reader()
    reader.problems += documents.twice(content)
    case = _case(reader, content)
    if reader.problems or case is None:
        raise InputError([f"{args.file}: {problem}" for problem in reader.problems])
    return document(payback(case))


def _case(reader: "_Reader", content: Any) -> Case | None:
    given = reader.object(content, "", _KEYS, _REQUIRED)
    if given is None:
        return None
    inputs = reader.inputs(given["inputs"]) if "inputs" in given else {}
    draws = reader.whole(given, "draws", PERT_DRAWS_RANGE, PERT_DRAWS)
    seed = reader.whole(given, "seed", (0, _SEED_MAX), PERT_SEED)
    revenue = given.get("new_sales_revenue")
    return Case(
        inputs=inputs,
        one_off_cost=reader.amount(given, "one_off_cost", LARGEST, 0.0),
        running_cost=reader.amount(given, "running_cost", LARGEST, 0.0),
        discount_rate=reader.amount(given, "discount_rate", 1.0, DISCOUNT),
        ramp_in=reader.ramp(given),
        draws=draws,
        seed=seed,
        pert_lambda=reader.amount(given, "pert_lambda", _LAMBDA_MAX, PERT_LAMBDA),
        new_sales_revenue=None if revenue is None else reader.amount(given, "new_sales_revenue", LARGEST, 0.0),
    )


class _Reader:
    """Collects problems while values are taken; a refused value comes back as a harmless default."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def object(self, value: Any, path: str, keys: Sequence[str], required: Sequence[str]) -> Mapping[str, Any] | None:
        """The object at a path; unknown keys and absent required ones are problems."""
        place = path or "the document"
        if not isinstance(value, dict):
            self.problems.append(f"{place}: expected an object with {', '.join(keys)}, got {quoted(value)}")
            return None
        self.problems += [
            f"{key_path(path, key)}: unknown key, expected only {', '.join(keys)}" for key in value if key not in keys
        ]
        absent = [key for key in required if key not in value]
        self.problems += [f"{key_path(path, key)}: missing, expected in {place}" for key in absent]
        return value

    def inputs(self, value: Any) -> dict[str, Triple]:
        """The inputs given, each a triple; what contradicts itself or another input is a problem."""
        given = self.object(value, "inputs", tuple(INPUTS), ("attribution",)) or {}
        triples: dict[str, Triple] = {}
        for key in (k for k in INPUTS if k in given):
            if given[key] is None and key != "attribution":  # null is "not assessed", as everywhere
                continue
            triple = self._triple(f"inputs.{key}", given[key], *INPUTS[key])
            if triple is not None:
                triples[key] = triple
        self.problems += [f"inputs.{key}: {expected}" for key, expected in conflicts(triples)]
        return triples

    def _triple(self, place: str, value: Any, low: float, high: float) -> Triple | None:
        expected = f"a number from {low:g} to {high:.13g}"
        if not isinstance(value, list):
            if self._within(place, value, low, high, f"{expected}, or three as [low, likely, high]"):
                return (float(value), float(value), float(value))
            return None
        if len(value) != 3:
            self.problems.append(f"{place}: expected one number or three as [low, likely, high], got {len(value)}")
            return None
        good = [self._within(f"{place}[{i}]", v, low, high, expected) for i, v in enumerate(value, start=1)]
        return (float(value[0]), float(value[1]), float(value[2])) if all(good) else None

    def amount(self, given: Mapping[str, Any], key: str, high: float, default: float) -> float:
        """A number from 0, or the default when the key is absent."""
        if key in given and self._within(key, given[key], 0.0, high, f"a number from 0 to {high:.13g}"):
            return float(given[key])
        return default

    def whole(self, given: Mapping[str, Any], key: str, limits: tuple[int, int], default: int) -> int:
        """A whole number within limits, both inclusive, or the default when absent; 10 may be 10.0."""
        value = given.get(key, default)
        expected = f"a whole number from {limits[0]} to {limits[1]}"
        if not self._within(key, value, *limits, expected):
            return default
        if value != int(value):
            self._refuse(key, expected, value)
        return int(value)

    def ramp(self, given: Mapping[str, Any]) -> tuple[float, ...]:
        """The share of the full-year benefit by year."""
        value = given.get("ramp_in", list(RAMP))
        if not isinstance(value, list) or not 1 <= len(value) <= _YEARS:
            got = f"{len(value)} of them" if isinstance(value, list) else quoted(value)
            self.problems.append(f"ramp_in: expected a list of 1 to {_YEARS} yearly shares, got {got}")
            return RAMP
        good = [self._within(f"ramp_in[{i}]", v, 0.0, 1.0, "a number from 0 to 1") for i, v in enumerate(value, 1)]
        return tuple(float(share) for share in value) if all(good) else RAMP

    def _within(self, place: str, value: Any, low: float, high: float, expected: str) -> bool:
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return True
        self._refuse(place, expected, value)
        return False

    def _refuse(self, place: str, expected: str, value: Any) -> None:
        self.problems.append(f"{place}: expected {expected}, got {quoted(value)}")
