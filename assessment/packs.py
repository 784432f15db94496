"""Question packs: structure and prose of a questionnaire, read from `questions/<id>/`."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assessment.config import TARGET_DEFAULT, WEIGHT_DEFAULT

Role = Literal["SL", "S", "OP", "OD", "TM", "K"]
Language = Literal["nb", "en"]

ROLES: tuple[Role, ...] = ("SL", "S", "OP", "OD", "TM", "K")
LANGUAGES: tuple[Language, ...] = ("nb", "en")
QUESTIONS = Path(__file__).parent.parent / "questions"

_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$")]
_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


_Part = TypeVar("_Part", bound=BaseModel)


class PackError(Exception):
    """A pack that cannot be used, with every problem found: file, id and what is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Criterion(_Frozen):
    """One scored dimension, with the weight and target it has until somebody sets others."""

    id: _Id
    weight: Annotated[int, Field(ge=0, le=3)] = WEIGHT_DEFAULT
    target: Annotated[float, Field(ge=2, le=5)] = TARGET_DEFAULT
    source: str = ""


class Item(_Frozen):
    """One question, and the roles that can observe what it asks about."""

    id: _Id
    criterion: _Id
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class CriterionProse(_Frozen):
    title: _Text
    about: _Text


class ItemProse(_Frozen):
    """The words of one question; `anchors` follow the pack's anchored levels, lowest first."""

    stem: _Text
    topic: _Text
    anchors: tuple[_Text, ...]
    help: str = ""


class Prose(_Frozen):
    """Everything a reader of one language sees of a pack."""

    language: Language
    title: _Text
    criteria: Mapping[str, CriterionProse]
    items: Mapping[str, ItemProse]


class Structure(_Frozen):
    """What `pack.toml` holds: ids, roles, weights, targets, sub-scales; no prose."""

    id: _Id
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    min_items: Annotated[int, Field(ge=1)]
    allows_na: bool
    anchored: tuple[Annotated[int, Field(ge=1, le=5)], ...]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    subscales: Mapping[str, tuple[str, ...]] = {}


class Pack(Structure):
    """A questionnaire ready for use: structure, prose in every language, and the hash that pins both."""

    hash: str
    prose: Mapping[Language, Prose]

    def items_of(self, criterion_id: str) -> tuple[Item, ...]:
        """The criterion's items in the order they are shown."""
        return tuple(i for i in self.items if i.criterion == criterion_id)

    def shown_to(self, role: str) -> frozenset[str]:
        """Ids of the items a role is asked; the consultant is asked everything."""
        return frozenset(i.id for i in self.items if role == "K" or role in i.roles)

    def values(self) -> tuple[int | str, ...]:
        """What may be answered: the five levels, don't know and, where the pack allows it, not applicable."""
        return (1, 2, 3, 4, 5, "DK", "NA") if self.allows_na else (1, 2, 3, 4, 5, "DK")

    @classmethod
    def of(cls, structure: Structure, prose: Mapping[Language, Prose]) -> Self:
        """The pack of these parts, with its content hash: the same words and structure give the same hash."""
        content = {
            "structure": structure.model_dump(mode="json"),
            "prose": {language: p.model_dump(mode="json") for language, p in sorted(prose.items())},
        }
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        return cls(**structure.model_dump(), hash=digest, prose=prose)


def load(folder: Path) -> Pack:
    """The pack in a folder of `pack.toml`, `nb.toml` and `en.toml`.

    Raises: PackError with all problems of all files at once.
    """
    problems: list[str] = []
    structure = _read(folder / "pack.toml", Structure, problems)
    prose = {language: _read(folder / f"{language}.toml", Prose, problems) for language in LANGUAGES}
    if structure is not None:
        problems += _structure_problems(structure, folder)
        for language, words in prose.items():
            if words is not None:
                problems += _prose_problems(structure, words, language, folder / f"{language}.toml")
    if problems or structure is None:
        raise PackError(problems)
    return Pack.of(structure, {language: words for language, words in prose.items() if words is not None})


@cache
def builtin(pack_id: str) -> Pack:
    """One of the packs that come with the product, read once a process.

    Raises: PackError for an unknown id, or when the pack has problems.
    """
    if pack_id not in builtin_ids():
        raise PackError([f"pack '{pack_id}': not found, expected one of {', '.join(builtin_ids())}"])
    return load(QUESTIONS / pack_id)


def builtin_ids() -> tuple[str, ...]:
    """Ids of the packs that come with the product."""
    return tuple(sorted(f.parent.name for f in QUESTIONS.glob("*/pack.toml")))


def _read(file: Path, part: type[_Part], problems: list[str]) -> _Part | None:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{file}: the file is missing")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{file}: cannot be read ({error})")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{file}: not valid TOML ({error})")
    else:
        try:
            return part.model_validate(document)
        except ValidationError as error:
            problems += [f"{file}: {_place(document, e['loc'])}: {e['msg']}" for e in error.errors()]
    return None


def _place(document: Any, path: tuple[int | str, ...]) -> str:
    """The path into a document in words a pack's author uses: ids rather than positions."""
    words = []
    for step in path:
        try:
            document = document[step]
        except (LookupError, TypeError):  # the path names what is missing
            document = None
        named = document.get("id") if isinstance(document, dict) and isinstance(step, int) else None
        words.append(str(named or step))
    return " ".join(words) or "the document"


def _structure_problems(structure: Structure, folder: Path) -> list[str]:
    file, problems = folder / "pack.toml", []
    if structure.id != folder.name:
        problems.append(f"{file}: id '{structure.id}' must be the folder's name '{folder.name}'")
    criteria, items = [c.id for c in structure.criteria], [i.id for i in structure.items]
    for kind, ids in (("criterion", criteria), ("item", items)):
        problems += [
            f"{file}: {kind} '{i}' stands {ids.count(i)} times" for i in dict.fromkeys(ids) if ids.count(i) > 1
        ]
    for item in structure.items:
        if item.criterion not in criteria:
            problems.append(f"{file}: item '{item.id}': criterion '{item.criterion}' does not exist")
        if "K" in item.roles:
            problems.append(f"{file}: item '{item.id}': role K is asked every item and is not listed")
    for criterion in dict.fromkeys(criteria):
        count = sum(i.criterion == criterion for i in structure.items)
        if count < structure.min_items:
            problems.append(f"{file}: criterion '{criterion}' has {count} items, min_items is {structure.min_items}")
    for name, members in structure.subscales.items():
        problems += [f"{file}: subscale '{name}': item '{m}' does not exist" for m in members if m not in items]
    if not structure.anchored or list(structure.anchored) != sorted(set(structure.anchored)):
        problems.append(f"{file}: anchored must list levels in rising order, each once")
    return problems


def _prose_problems(structure: Structure, prose: Prose, language: str, file: Path) -> list[str]:
    problems = []
    if prose.language != language:
        problems.append(f"{file}: language is '{prose.language}', expected '{language}'")
    for kind, expected, given in (
        ("criterion", [c.id for c in structure.criteria], prose.criteria),
        ("item", [i.id for i in structure.items], prose.items),
    ):
        problems += [f"{file}: {kind} '{i}' has no text" for i in expected if i not in given]
        problems += [f"{file}: {kind} '{i}' is not in pack.toml" for i in given if i not in expected]
    for item_id, words in prose.items.items():
        if len(words.anchors) != len(structure.anchored):
            expected_count = len(structure.anchored)
            problems.append(f"{file}: item '{item_id}' has {len(words.anchors)} anchors, expected {expected_count}")
        twice = {a for a in words.anchors if words.anchors.count(a) > 1}
        problems += [f"{file}: item '{item_id}': anchor '{a}' stands twice" for a in sorted(twice)]
        if re.search(r"[<>]", words.stem + words.help + "".join(words.anchors)):
            problems.append(f"{file}: item '{item_id}': markup is not allowed in prose")
    return problems
