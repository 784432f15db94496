"""The catalogue of processes in sales and its words, read from `data/processes`. Source: method §5.6."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from assessment.current_state.classification import ProcessClass
from assessment.engagement import Process
from assessment.packs import LANGUAGES, Language
from assessment.settings import ROOT

SOURCE: Final = ROOT / "data" / "processes"
# of a process's fields, those the catalogue has words for
WORDS: Final = ("starts_with", "ends_with", "input", "output")

NotAProcess = Literal["position", "project", "system"]

_Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
# before one of these stands what is done; after it, what it is done to
_PREPOSITIONS: Final = frozenset(
    "av for til i med hos på fra ved mot om of to in with from at on by and og".split()  # noqa: SIM905 - one line
)
_ENDINGS: Final = r"(?:en|et|er|ene|ne|e|a|s)?"
# in Norwegian the word may be followed by a name ("Salgsleder Oslo"), in English what it follows is what it is about
# ("Seller coaching"): the first are looked for at both ends of what is done, the second at its end
_ANYWHERE: Final[Mapping[NotAProcess, re.Pattern[str]]] = {
    "project": re.compile(r".*(?:prosjekt|initiativ)" + _ENDINGS),
    "system": re.compile(r".*(?:system|plattform|verktøy|database)" + _ENDINGS),
    "position": re.compile(
        r".*(?:selger|sjef|leder|konsulent|rådgiver|koordinator|assistent|direktør|ansvarlig|medarbeider|behandler)"
        + _ENDINGS
    ),
}
_LAST: Final[Mapping[NotAProcess, re.Pattern[str]]] = {
    "project": re.compile(r"(?:project|initiative)s?"),
    "system": re.compile(
        r"(?:platform|tool|database|app|crm|erp|superoffice|salesforce|hubspot|dynamics|pipedrive|visma|tripletex|sap"
        r"|excel|outlook|teams|zoho|sharepoint)s?"
    ),
    "position": re.compile(
        r"(?:seller|salesperson|salespeople|salesman|salesmen|rep|representative|manager|director|executive"
        r"|coordinator|assistant|consultant|advisor|adviser|officer|head|ceo|cfo|kam|sdr|bdr)s?"
    ),
}


class Entry(BaseModel):
    """What the catalogue decides of a process: the class it usually has, and whether people often disagree on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    usual_class: ProcessClass = Field(alias="class")
    disputed: bool = False


class Words(BaseModel):
    """A process in one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Text
    starts_with: _Text
    ends_with: _Text
    input: _Text
    output: _Text


@cache
def catalogue() -> Mapping[str, Entry]:
    """The processes of the catalogue by id, in its order."""
    entries = TypeAdapter(tuple[Entry, ...]).validate_python(_read("processes")["processes"])
    return {entry.id: entry for entry in entries}


@cache
def words(language: Language) -> Mapping[str, Words]:
    """The catalogue's words in a language, by id."""
    return TypeAdapter(dict[str, Words]).validate_python(_read(language))


def name(process: Process, language: Language) -> str:
    """A process's name for a reader: as somebody has named it, in the reader's language if they can, else the
    catalogue's."""
    own = {"nb": process.name_nb, "en": process.name_en}
    given = own[language] or next((own[other] for other in LANGUAGES if own[other]), None)
    return given or words(language)[process.code or ""].name


def suggested(process: Process, field: str, language: Language) -> str:
    """The catalogue's words for a field of WORDS, empty for a process of the organisation's own."""
    return str(getattr(words(language)[process.code], field)) if process.code is not None else ""


def not_a_process(called: str) -> NotAProcess | None:
    """What a name looks like when it names a position, a project or a system and not something that is done.

    Looks at what stands before the first preposition: "Veiledning av selgere" is something done, "Selger i nord" is
    not. A guess by words; the reader decides (method §1, D1).
    """
    bare = re.sub(r"\(.*?\)", " ", called).casefold()
    head = []
    for word in re.findall(r"[^\W\d_]+", bare):
        if word in _PREPOSITIONS:
            break
        head.append(word)
    for word in (*head[-1:], *head[:1]):
        for kind, pattern in _ANYWHERE.items():
            if pattern.fullmatch(word) or (word == head[-1] and _LAST[kind].fullmatch(word)):
                return kind
    return None


def _read(part: str) -> dict[str, Any]:
    return tomllib.loads((SOURCE / f"{part}.toml").read_text(encoding="utf-8"))
