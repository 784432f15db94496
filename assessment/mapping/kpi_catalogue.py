"""The catalogue of baseline KPIs and their words, read from `data/kpis`. Source: method §4.1."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from assessment.engagement import Better, Currency, Kpi
from assessment.packs import LANGUAGES, Language
from assessment.settings import ROOT

SOURCE: Final = ROOT / "data" / "kpis"
# of a KPI's fields, those the catalogue has words for
WORDS: Final = ("name", "definition", "numerator", "denominator", "unit", "source_system")
# what the catalogue's own amounts are in, as each language writes it
_KRONER: Final[Mapping[Language, str]] = {"nb": "kr", "en": "NOK"}
_PERCENT: Final = frozenset({"%", "prosent", "percent", "per cent"})

_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Frozen):
    """What the catalogue decides of a KPI.

    floor: the least value there can be. counts: numerator and denominator are numbers of cases.
    """

    code: str
    better: Better
    floor: float | None = None
    counts: bool = False


class Words(_Frozen):
    """A KPI in one language; numerator and denominator of a ratio only. subject: its name in a sentence."""

    name: _Text
    subject: str = ""
    definition: _Text
    formula: _Text
    unit: _Text
    numerator: str = ""
    denominator: str = ""
    source: _Text
    pitfall: _Text


class Said(_Frozen):
    """A KPI as an engagement has it, in a reader's language; what nobody has said is empty."""

    name: str
    subject: str
    definition: str
    formula: str
    unit: str
    numerator: str
    denominator: str
    source_system: str
    pitfall: str


@cache
def catalogue() -> Mapping[str, Entry]:
    """The KPIs of the catalogue by code, in its order."""
    entries = TypeAdapter(tuple[Entry, ...]).validate_python(_read("kpis")["kpis"])
    return {entry.code: entry for entry in entries}


@cache
def words(language: Language) -> Mapping[str, Words]:
    """The catalogue's words in a language, by code."""
    return TypeAdapter(dict[str, Words]).validate_python(_read(language))


def said(kpi: Kpi, language: Language, currency: Currency = "NOK") -> Said:
    """A KPI's words for a reader: somebody's own where they have changed them, else the catalogue's.

    currency: of the amounts in the catalogue's units.
    """
    found = words(language).get(kpi.code or "")
    own = {field: getattr(kpi, field) or "" for field in WORDS}
    if found is None:
        return Said(**own, subject=kpi.name, formula="", pitfall="")
    standard = {field: getattr(found, _in_catalogue(field)) for field in WORDS}
    if currency != "NOK":
        standard["unit"] = re.sub(rf"\b{_KRONER[language]}\b", currency, standard["unit"])
    unchanged = kpi.name in names(kpi.code or "")
    chosen = {field: own[field] or standard[field] for field in WORDS if field != "name"}
    return Said(
        **chosen,
        name=found.name if unchanged else kpi.name,
        subject=(found.subject or found.name) if unchanged else kpi.name,
        formula=found.formula,
        pitfall=found.pitfall,
    )


def changed(kpi: Kpi, field: str, value: object) -> object:
    """The value to keep for a field: None where it only repeats the catalogue, in whatever language."""
    if field not in WORDS or kpi.code is None or field == "name":
        return value
    standard = {getattr(words(language)[kpi.code], _in_catalogue(field)) for language in LANGUAGES}
    return None if value in standard else value


def names(code: str) -> frozenset[str]:
    """What the catalogue calls a KPI, in every language."""
    return frozenset(words(language)[code].name for language in LANGUAGES if code in words(language))


def scale(kpi: Kpi) -> float:
    """What a ratio is multiplied by to stand in the KPI's unit: 100 for per cent."""
    return 100.0 if said(kpi, LANGUAGES[0]).unit.casefold() in _PERCENT else 1.0


def counts_cases(kpi: Kpi) -> bool:
    """Whether a KPI is a share of cases, which jumps when there are few of them."""
    entry = catalogue().get(kpi.code or "")
    return scale(kpi) == 100 if entry is None else entry.counts


def _in_catalogue(field: str) -> str:
    return "source" if field == "source_system" else field


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SOURCE / f"{name}.toml").read_text(encoding="utf-8"))
