"""The eight stages from lead to satisfied customer to start a value stream from, empty or with worked figures."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from assessment.engagement import PoolId, StageId, StreamMap
from assessment.packs import Language
from assessment.settings import ROOT
from assessment.texts import texts

SOURCE: Final = ROOT / "data" / "demo" / "value_stream.toml"
_CLEAR: Final = ("clear_content", "clear_deadline", "clear_receiver", "clear_feedback")
_FIGURES: Final = (
    "wait_h",
    "wait_side",
    "complete_accurate_share",
    "volume_month",
    "conversion_share",
    "wip",
    "reentry_share",
)


def template(language: Language, id_of: Callable[[str], str], *, worked: bool) -> StreamMap:
    """The stages in their departments, with the pools that work in them.

    Stages, departments and pools are named in the language; from then on the names are the organisation's.
    id_of: gives each key of the source its id. worked: with the figures, steps and hand-offs of method §5.1-5.5; else
    nothing is known.
    """
    source = _source()
    ids = {key: id_of(key) for key in (*source["pools"], *(s["code"] for s in (*source["stages"], *source["steps"])))}
    named = [*source["stages"], *(source["steps"] if worked else ())]
    return StreamMap.model_validate(
        {
            "stages": [_stage(told, at, ids, language, worked=worked) for at, told in enumerate(named)],
            "pools": [
                {"id": PoolId(ids[key]), "position": at, "name": texts(language)(f"stream.pool.{key}")}
                | (figures if worked else {})
                for at, (key, figures) in enumerate(source["pools"].items())
            ],
            "handoffs": [_handoff(told, ids) for told in source["handoffs"]] if worked else [],
        }
    )


def _stage(
    told: Mapping[str, Any], position: int, ids: Mapping[str, str], language: Language, *, worked: bool
) -> dict[str, Any]:
    words = texts(language)
    return {
        "id": StageId(ids[told["code"]]),
        "parent_stage_id": ids[told["stage"]] if "stage" in told else None,
        "position": position,
        "code": told["code"],
        "name": words(f"stream.stage.{told['code']}"),
        "department": words(f"stream.department.{told['department']}"),
        "work": {ids[pool]: hours if worked else None for pool, hours in told["work"].items()},
        **({name: told[name] for name in _FIGURES if name in told} if worked else {}),
    }


def _handoff(told: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    return {
        "from_stage_id": ids[told["from"]],
        "to_stage_id": ids[told["to"]],
        "complete_accurate_sender_share": told["complete_accurate_sender_share"],
        "fix_h": told["fix_h"],
        **dict(zip(_CLEAR, told["clear"], strict=True)),
    }


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))
