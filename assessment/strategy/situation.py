"""The situation a strategy is chosen for, and the strict reader of its document."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

import numpy as np

from assessment.strategy.model import (
    CRITERIA,
    FLOW,
    INPUTS,
    OWNERS,
    PRECONDITIONS,
    SCALE,
    SCOPES,
    SUBSCALES,
    FloatArray,
    Owner,
    Scope,
)

_MISSING = object()
_LARGEST = 1e9  # more than any load, count or horizon in sales; keeps the arithmetic finite
_COUNTS = ("processes", "stages")
_MANDATE = ("scope", "processes_in_scope", "departments", "horizon_months", "may_challenge", "owner")


class SituationError(ValueError):
    """A situation document that cannot be used: every problem, each naming the key and what was expected."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Flow:
    """Measured facts of the sales flow; None is not known. Shares are 0 to 1, `rho_max` is load over capacity.

    `top2_pain_share` is None also when no process has a pain point, `internal_wait_share` when neither internal nor
    cross-department waiting is recorded. `ca_internal` and `ca_external` are mean %C&A of the handoffs.
    Source: method §5, §6.1.
    """

    processes: int | None = None
    top2_pain_share: float | None = None
    rho_max: float | None = None
    flow_efficiency: float | None = None
    internal_wait_share: float | None = None
    ca_internal: float | None = None
    ca_external: float | None = None
    rty: float | None = None
    stages: int | None = None
    waste_share: float | None = None
    disputed_share: float | None = None


@dataclass(frozen=True)
class Mandate:
    """What the client has asked for and allows; `departments` are those outside sales with a named counterpart.

    Source: method §6.4.
    """

    scope: Scope
    processes_in_scope: int
    departments: tuple[str, ...]
    horizon_months: float
    may_challenge: bool
    owner: Owner


@dataclass(frozen=True)
class Situation:
    """Everything a recommendation rests on; what is absent or None is not assessed.

    Without a mandate nothing is excluded. Keys: criteria C1..C7, sub-scales C5i, C5e and SYS, readiness P1..P7.
    Levels are 1 to 5.
    """

    criteria: Mapping[str, float | None] = field(default_factory=dict)
    subscales: Mapping[str, float | None] = field(default_factory=dict)
    flow: Flow = field(default_factory=Flow)
    mandate: Mandate | None = None
    readiness: Mapping[str, float | None] = field(default_factory=dict)

    def inputs(self) -> dict[str, float | None]:
        """The measured inputs by key, in the model's order; mandate and readiness are not among them."""
        known = {**self.criteria, **self.subscales, **asdict(self.flow)}
        return {key: known.get(key) for key in INPUTS}

    def row(self) -> FloatArray:
        """The measured inputs as a batch of one (1 x inputs); NaN is not known."""
        values = [np.nan if value is None else value for value in self.inputs().values()]
        return np.array([values], dtype=np.float64)


def parse(document: object) -> Situation:
    """The situation a document describes.

    All keys are required except those of `flow`, which may be missing or null; a sub-scale may be null. Whole numbers
    may be written 10 or 10.0. True and false are not numbers.

    Raises: SituationError with all problems at once.
    Source: headless.md, recommend.
    """
    reader = _Reader()
    whole = reader.object(document, "", ("criteria", "subscales", "flow", "mandate", "readiness"))
    criteria = reader.object(whole.get("criteria", _MISSING), "criteria", CRITERIA)
    subscales = reader.object(whole.get("subscales", _MISSING), "subscales", SUBSCALES)
    flow = reader.object(whole.get("flow", _MISSING), "flow", FLOW, required=False)
    mandate = reader.object(whole.get("mandate", _MISSING), "mandate", _MANDATE)
    readiness = reader.object(whole.get("readiness", _MISSING), "readiness", PRECONDITIONS)
    situation = Situation(
        criteria={c: reader.number(criteria, "criteria", c, *SCALE) for c in CRITERIA},
        subscales={s: reader.number(subscales, "subscales", s, *SCALE, nullable=True) for s in SUBSCALES},
        flow=_flow(reader, flow),
        mandate=_mandate(reader, mandate),
        readiness={p: reader.number(readiness, "readiness", p, *SCALE) for p in PRECONDITIONS},
    )
    if reader.problems:
        raise SituationError(reader.problems)
    return situation


def quoted(value: object) -> str:
    """A value of a document as one short printable piece of text; a list or an object is only named as such."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return _printable(json.dumps(value, ensure_ascii=False))


def key_path(path: str, key: str) -> str:
    """The place of a key in a document, in one short printable piece of text."""
    name = _printable(json.dumps(key, ensure_ascii=False)[1:-1])
    return f"{path}.{name}" if path else name


def _printable(text: str) -> str:
    short = text if len(text) <= 40 else text[:37] + "..."
    return short.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair cannot be written to a terminal


def _flow(reader: "_Reader", given: Mapping[str, Any]) -> Flow:
    values: dict[str, Any] = {}
    for key in (k for k in FLOW if k in given):
        if key in _COUNTS:
            values[key] = reader.count(given, "flow", key, nullable=True)
        else:
            high = _LARGEST if key == "rho_max" else 1.0
            values[key] = reader.number(given, "flow", key, 0.0, high, nullable=True)
    return Flow(**values)


def _mandate(reader: "_Reader", given: Mapping[str, Any]) -> Mandate:
    return Mandate(
        scope=cast(Scope, reader.choice(given, "mandate", "scope", SCOPES)),
        processes_in_scope=reader.count(given, "mandate", "processes_in_scope") or 0,
        departments=reader.texts(given, "mandate", "departments"),
        horizon_months=reader.number(given, "mandate", "horizon_months", 0.0, _LARGEST) or 0,
        may_challenge=reader.flag(given, "mandate", "may_challenge"),
        owner=cast(Owner, reader.choice(given, "mandate", "owner", OWNERS)),
    )


class _Reader:
    """Collects problems while values are taken; a refused value comes back as None or a harmless default."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def object(self, value: object, path: str, keys: Sequence[str], *, required: bool = True) -> Mapping[str, Any]:
        """The object at a path; unknown keys and, when required, absent ones are problems."""
        place = path or "the document"
        if value is _MISSING:
            return {}  # the object above has said so
        if not isinstance(value, dict):
            self.problems.append(f"{place}: expected an object with {', '.join(keys)}, got {quoted(value)}")
            return {}
        for key in value:
            if key not in keys:
                self.problems.append(f"{key_path(path, key)}: unknown key, expected only {', '.join(keys)}")
        if required:
            self.problems += [
                f"{key_path(path, key)}: missing, expected in {place}" for key in keys if key not in value
            ]
        return value

    def number(
        self, given: Mapping[str, Any], path: str, key: str, low: float, high: float, *, nullable: bool = False
    ) -> float | None:
        """A finite number within limits, both inclusive."""
        value = given.get(key, _MISSING)
        if value is _MISSING or (nullable and value is None):
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return value
        self._refuse(path, key, f"a number from {low:g} to {high:.10g}" + (" or null" if nullable else ""), value)
        return None

    def count(self, given: Mapping[str, Any], path: str, key: str, *, nullable: bool = False) -> int | None:
        """A whole number, not negative."""
        value = given.get(key, _MISSING)
        if value is _MISSING or (nullable and value is None):
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and 0 <= value <= _LARGEST and value == int(value):
            return int(value)
        self._refuse(path, key, f"a whole number from 0 to {_LARGEST:.10g}" + (" or null" if nullable else ""), value)
        return None

    def choice(self, given: Mapping[str, Any], path: str, key: str, allowed: Sequence[str]) -> str | None:
        """One of the coded values."""
        value = given.get(key, _MISSING)
        if isinstance(value, str) and value in allowed:
            return value
        if value is not _MISSING:
            self._refuse(path, key, f"one of {', '.join(allowed)}", value)
        return None

    def flag(self, given: Mapping[str, Any], path: str, key: str) -> bool:
        """True or false."""
        value = given.get(key, _MISSING)
        if value is _MISSING or isinstance(value, bool):
            return value is True
        self._refuse(path, key, "true or false", value)
        return False

    def texts(self, given: Mapping[str, Any], path: str, key: str) -> tuple[str, ...]:
        """A list of names, none of them blank; a half surrogate pair is no text, it cannot be written out again."""
        value = given.get(key, _MISSING)
        if value is _MISSING:
            return ()
        if not isinstance(value, list):
            self._refuse(path, key, "a list of names", value)
            return ()
        for position, name in enumerate(value, start=1):
            if not isinstance(name, str) or not name.strip() or any("\ud800" <= c <= "\udfff" for c in name):
                self._refuse(path, f"{key}[{position}]", "a name", name)
        return tuple(name for name in value if isinstance(name, str))

    def _refuse(self, path: str, key: str, expected: str, value: Any) -> None:
        self.problems.append(f"{key_path(path, key)}: expected {expected}, got {quoted(value)}")
