"""A document being written: its parts in order, its pictures, and how it becomes a PDF."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from assessment.engagement import Branding
from assessment.packs import Language
from assessment.report import chart_pictures, typesetting
from assessment.report.dossier import Dossier
from assessment.scoring import findings
from assessment.strategy.model import MODEL_VERSION
from assessment.wording import reader, words


@dataclass(frozen=True)
class Document:
    """What is to be typeset: a template, what it is given, and the pictures it names."""

    template: str
    given: Mapping[str, Any]
    branding: Branding
    language: Language
    drawings: Mapping[str, bytes]

    def pdf(self) -> bytes:
        """The document as a tagged PDF."""
        return typesetting.pdf(
            self.template, self.given, branding=self.branding, language=self.language, pictures=self.drawings
        )


class Sheet:
    """The parts of a document in the order they are added; sentences without words are left out."""

    def __init__(self) -> None:
        self.blocks: list[dict[str, Any]] = []
        self.drawings: dict[str, bytes] = {}

    def heading(self, words_: str, level: int = 2, *, listed: bool = True) -> None:
        """A heading; listed: it is a bookmark, and in the contents, too."""
        self._add("heading", text=words_, level=level, listed=listed)

    def contents(self) -> None:
        """The sections with their pages."""
        self._add("contents")

    def claim(self, words_: str) -> None:
        """The finding a section begins with."""
        self._add("lead", text=words_)

    def text(self, *sentences: str) -> None:
        """A paragraph for each."""
        for sentence in filter(None, sentences):
            self._add("text", text=sentence)

    def notes(self, *sentences: str) -> None:
        """Small print: how to read a chart, what a figure rests on or leaves out."""
        for sentence in filter(None, sentences):
            self._add("note", text=sentence)

    def message(self, sentences: Sequence[str]) -> None:
        """A finding and what it means."""
        self.claim(sentences[0])
        self.text(*sentences[1:])

    def bullets(self, lines: Sequence[str]) -> None:
        """A list, where there is anything in it."""
        if lines:
            self._add("bullets", lines=list(lines))

    def banner(self, *lines: str) -> None:
        """What needs attention before the rest is read."""
        self._add("banner", lines=list(lines))

    def hidden(self, sentences: Iterable[str]) -> None:
        """What is not shown, and why."""
        for sentence in sentences:
            self._add("hidden", text=sentence)

    def chart(self, chart: alt.LayerChart) -> None:
        """A chart, told in words to who cannot see it."""
        drawn, name = chart_pictures.drawn(chart), f"chart{len(self.drawings)}.svg"
        self.drawings[name] = drawn.svg
        self._add("picture", name=name, alt=drawn.alt)

    def table(self, rows: Sequence[Mapping[str, str]], *, widths: Sequence[float] | None = None) -> None:
        """A table of ready words, a mapping from column to cell for each row; widths: shares of the columns."""
        if rows:
            cells = [list(row.values()) for row in rows]
            self._add("table", columns=list(rows[0]), rows=cells, widths=None if widths is None else list(widths))

    def tiles(self, *facts: tuple[str, str, str]) -> None:
        """Large figures side by side: what each is, the figure, and what it rests on."""
        self._add("tiles", facts=[dict(zip(("label", "figure", "note"), fact, strict=True)) for fact in facts])

    def ladder(self, own: int | None, said: str) -> None:
        """The five levels, with what is said of the one reached."""
        self._add("ladder", names=[words.step(step) for step in range(1, 6)], own=own, said=said)

    def page(self) -> None:
        """What follows begins on a new page."""
        self._add("page")

    def _add(self, kind: str, **part: Any) -> None:
        self.blocks.append({"kind": kind, **part})


def document(dossier: Dossier, template: str, title: str, sheet: Sheet) -> Document:
    """A document of what is on the sheet, with what it is about at the top and what pins it in the footer."""
    given = {"title": title, "where": " · ".join(words.about(dossier.results)), "footer": pinned(dossier)}
    return Document(template, given | {"blocks": sheet.blocks}, dossier.branding, dossier.language, sheet.drawings)


def pinned(dossier: Dossier) -> list[str]:
    """Pack, method and scoring version, and the day the document was made."""
    texts, score = reader.texts(), dossier.results.score
    return [
        texts("report.pack", pack=score.pack_id, version=score.pack_version),
        texts("report.method", version=MODEL_VERSION),
        texts("report.scoring", version=score.scoring_version),
        texts.day(dossier.written_on),
    ]


def rests_on(dossier: Dossier) -> str:
    """How many answered, how much of what they were asked, and when: what stands beside figures of a measurement."""
    texts, results = reader.texts(), dossier.results
    share = findings.answered_share(results.score)
    coverage = texts("common.not_assessed") if share is None else texts.percent(share)
    on = texts.day(results.wave.closed_at or results.wave.opened_at)
    return texts.plural("report.rests_on", results.respondents, coverage=coverage, day=on)
