"""`stream`: the stages and pools of a value stream to flow, quality, load and a check of the counts."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from assessment.config import REWORK_F
from assessment.current_state import value_stream as vs
from assessment.files import InputError
from assessment.headless import documents
from assessment.strategy.situation import key_path, quoted

NAME: Final = "stream"
HELP: Final = "Lead time, flow efficiency, yield, load and bottleneck of a value stream."
EXAMPLE: Final = "python -m assessment stream data/examples/stream.json"

_LARGEST: Final = 1e9  # more than any time, count or load in sales; keeps the arithmetic finite
_WHOLE: Final = (("stages", "pools"), ("rework_fraction",))
_STAGE: Final = (
    ("id", "pools", "wait_h", "complete_accurate", "volume"),
    ("name", "department", "wait_side", "conversion", "wip"),
)
_WORK: Final = (("pool", "process_time_h"), ())
_POOL: Final = (("id", "fte", "hours_month", "share"), ())
_Keys = tuple[Sequence[str], Sequence[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the stream document."""
    parser.add_argument("file", metavar="STREAM.json", type=Path, help="stages in their order, pools, rework fraction")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The document of headless.md for a value stream. Raises: InputError with all problems at once."""
    content = documents.read(args.file, "stream")
    problems = list(documents.twice(content))
    reader = Reader(problems)
    stream = reader.stream(content)
    if problems:
        raise InputError([f"{args.file}: {problem}" for problem in problems])
    return document(stream)


def document(stream: vs.ValueStream) -> dict[str, Any]:
    """What a value stream shows, under the keys of headless.md."""
    loads = vs.pool_loads(stream)
    return {
        "process_time_h": vs.process_time_h(stream),
        "lead_time_h": vs.lead_time_h(stream),
        "flow_efficiency": vs.flow_efficiency(stream),
        "flow_efficiency_own": vs.flow_efficiency_own(stream),
        "rty": vs.rolled_throughput_yield(stream),
        "ca_geo": vs.ca_geo(stream),
        "conversion": vs.conversion(stream),
        "internal_wait_share": vs.internal_wait_share(stream),
        "pools": [asdict(load) for load in loads],
        "bottleneck": vs.bottleneck(loads),
        "little": [asdict(check) for check in vs.little_checks(stream)],
    }


class Reader:
    """Collects problems while values are taken; a refused value comes back as a harmless default."""

    def __init__(self, problems: list[str]) -> None:
        self._problems = problems

    def stream(self, content: object) -> vs.ValueStream:
        """The value stream a document describes, to be used only when no problem was found."""
        whole = self._object(content, "", _WHOLE)
        pools = tuple(self._pool(given, path) for given, path in self._list(whole, "", "pools"))
        stages = tuple(
            self._stage(given, path, {pool.id for pool in pools}) for given, path in self._list(whole, "", "stages")
        )
        if whole.get("stages") == []:
            self._refuse("stages", "at least one stage", [])
        self._once("stages", [stage.id for stage in stages])
        self._once("pools", [pool.id for pool in pools])
        rework = self._number(whole, "", "rework_fraction", 1.0) if "rework_fraction" in whole else REWORK_F
        return vs.ValueStream(stages, pools, rework)

    def _stage(self, value: object, path: str, pools: set[str]) -> vs.Stage:
        given = self._object(value, path, _STAGE)
        works = [self._work(inner, place, pools) for inner, place in self._list(given, path, "pools")]
        return vs.Stage(
            id=self._text(given, path, "id"),
            work=tuple(works),
            wait_h=self._number(given, path, "wait_h"),
            complete_accurate=self._number(given, path, "complete_accurate", 1.0),
            volume=self._number(given, path, "volume"),
            wait_side=self._wait_side(given, path),
            wip=None if given.get("wip") is None else self._number(given, path, "wip"),
            conversion=None if given.get("conversion") is None else self._number(given, path, "conversion", 1.0),
            name=self._text(given, path, "name") if "name" in given else "",
            department=self._text(given, path, "department") if "department" in given else "",
        )

    def _work(self, value: object, path: str, pools: set[str]) -> vs.Work:
        given = self._object(value, path, _WORK)
        pool = self._text(given, path, "pool")
        if pool and pool not in pools:
            self._refuse(key_path(path, "pool"), "the id of one of the pools of the document", pool)
        return vs.Work(pool, self._number(given, path, "process_time_h"))

    def _pool(self, value: object, path: str) -> vs.Pool:
        given = self._object(value, path, _POOL)
        return vs.Pool(
            id=self._text(given, path, "id"),
            fte=self._number(given, path, "fte"),
            hours_month=self._number(given, path, "hours_month"),
            share=self._number(given, path, "share", 1.0),
        )

    def _object(self, value: object, path: str, keys: _Keys) -> Mapping[str, Any]:
        """The object at a path; unknown keys and absent required ones are problems."""
        required, optional = keys
        known, place = ", ".join((*required, *optional)), path or "the document"
        if not isinstance(value, dict):
            self._refuse(place, f"an object with {known}", value)
            return {}
        self._problems += [
            f"{key_path(path, key)}: unknown key, expected only {known}"
            for key in value
            if key not in required and key not in optional
        ]
        self._problems += [
            f"{key_path(path, key)}: missing, expected in {place}" for key in required if key not in value
        ]
        return value

    def _list(self, given: Mapping[str, Any], path: str, key: str) -> list[tuple[object, str]]:
        """The members of a list, each with its path, counted from 1."""
        value, place = given.get(key, []), key_path(path, key)
        if not isinstance(value, list):
            self._refuse(place, "a list", value)
            return []
        return [(inner, f"{place}[{position}]") for position, inner in enumerate(value, start=1)]

    def _number(self, given: Mapping[str, Any], path: str, key: str, high: float = _LARGEST) -> float:
        value = given.get(key, 0.0)  # an absent one has been told with its object
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= high:
            return float(value)
        self._refuse(key_path(path, key), f"a number from 0 to {high:.10g}", value)
        return 0.0

    def _text(self, given: Mapping[str, Any], path: str, key: str) -> str:
        """A name that is not blank; half a surrogate pair is no text, it cannot be written out again."""
        value = given.get(key)
        if isinstance(value, str) and value.strip() and not any("\ud800" <= c <= "\udfff" for c in value):
            return value
        if key in given:
            self._refuse(key_path(path, key), "a name", value)
        return ""

    def _wait_side(self, given: Mapping[str, Any], path: str) -> vs.WaitSide | None:
        value = given.get("wait_side")
        for side in vs.WAIT_SIDES:
            if value == side:
                return side
        if value is not None:
            self._refuse(key_path(path, "wait_side"), f"{', '.join(vs.WAIT_SIDES)} or null", value)
        return None

    def _once(self, path: str, ids: Sequence[str]) -> None:
        for position, given in enumerate(ids, start=1):
            if given and given in ids[: position - 1]:
                self._refuse(f"{path}[{position}].id", f"an id once (first in {path}[{ids.index(given) + 1}])", given)

    def _refuse(self, place: str, expected: str, value: object) -> None:
        self._problems.append(f"{place}: expected {expected}, got {quoted(value)}")
