"""A result to take away, as JSON and as CSV. Pure: what it is given is all it knows."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from assessment.advice import Advice
from assessment.engagement import Answer, Engagement, ItemId, Wave
from assessment.files.formulas import as_text
from assessment.packs import Pack
from assessment.results import Results
from assessment.scoring.result import CriterionScore, ItemStatistics, Result, SubscaleScore, document
from assessment.strategy import recommend
from assessment.texts import Texts, half_up

Format = Literal["json", "csv"]

PRODUCT: Final = "Salgsflyt"
_FRACTIONS: Final = 2
# Letters that do not fall apart into a plain letter and a mark, as å does.
_NORWEGIAN: Final = str.maketrans({"ø": "o", "æ": "ae"})


@dataclass(frozen=True)
class Taken:
    """What is taken away: a scored wave and what it belongs to.

    own: the answers of the one person of a solo assessment, or those a team agreed on; None when many answered, whose
    answers never leave.
    excluded: how many people's answers are left out as careless; None unless many answered.
    recommendation: the document of the headless `recommend` command, when there is one.
    """

    engagement: Engagement
    wave: Wave
    pack: Pack
    result: Result
    own: Mapping[ItemId, Answer] | None = None
    excluded: int | None = None
    recommendation: Mapping[str, Any] | None = None


def taken_from(results: Results, advice: Advice | None = None) -> Taken:
    """What a reader of these results takes away; with the recommendation and the weights it was made by."""
    careless = results.sensitivity
    recommendation = None
    if advice is not None:
        made_by = {"weights": advice.recommendation.weights, "own_weights": advice.own_weights}
        recommendation = recommend.document(advice.recommendation) | made_by
    return Taken(
        engagement=results.engagement,
        wave=results.wave,
        pack=results.pack,
        result=results.score,
        own=results.own,
        excluded=None if careless is None else careless.excluded,
        recommendation=recommendation,
    )


def file_name(taken: Taken, form: Format) -> str:
    """A file name any system accepts: the product, the organisation, the wave."""
    return named_file(taken.engagement.name, taken.wave.label, form)


def named_file(organisation: str, what: str, ending: str) -> str:
    """A file name any system accepts: the product, the organisation, what it is."""
    plain = unicodedata.normalize("NFKD", f"{organisation} {what}".lower().translate(_NORWEGIAN))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode())
    return f"{'-'.join([PRODUCT.lower(), *words])}.{ending}"


def result_document(taken: Taken) -> dict[str, Any]:
    """The result with everything that pins it; `result` is what the headless `score` command prints.

    `own_answers`, `excluded_respondents` and `recommendation` stand in it only when there are any. Days, no times: they
    name no respondent.
    """
    engagement, wave = taken.engagement, taken.wave
    taken_away: dict[str, Any] = {
        "product": PRODUCT,
        "engagement": {
            "name": engagement.name,
            "language": engagement.language,
            "mode": engagement.mode,
            "fictional": engagement.fictional,
        },
        "wave": {"label": wave.label, "opened_on": _day(wave.opened_at), "closed_on": _day(wave.closed_at)},
        "pack": {"id": taken.result.pack_id, "version": taken.result.pack_version, "hash": taken.result.pack_hash},
        "scoring_version": taken.result.scoring_version,
        "result": document(taken.result),
    }
    if taken.own is not None:
        taken_away["own_answers"] = {
            item.id: taken.own[ItemId(item.id)].model_dump(exclude_none=True)
            for item in taken.pack.items
            if item.id in taken.own
        }
    if taken.excluded is not None:
        taken_away["excluded_respondents"] = taken.excluded
    if taken.recommendation is not None:
        taken_away["recommendation"] = dict(taken.recommendation)
    return taken_away


def result_json(taken: Taken) -> bytes:
    """The document as a file."""
    return json.dumps(result_document(taken), ensure_ascii=False, indent=2, allow_nan=False).encode()


def result_csv(taken: Taken, texts: Texts) -> bytes:
    """One row a criterion, sub-scale and item, in the reader's words, as their spreadsheet opens it.

    UTF-8 with a byte order mark; `;` and a decimal comma in Norwegian, `,` and a point in English. An empty cell is
    "not assessed" or does not apply to the row. Cells of text that a spreadsheet would run get an apostrophe in front.
    """
    rows = [_row(cells, taken, texts) for cells in _cells(taken, texts)]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";" if texts.language == "nb" else ",", lineterminator="\r\n")
    own = "own_team" if taken.engagement.mode == "consensus" else "own"
    writer.writerow([texts(f"export.{own if column == 'own' else column}") for column in _columns(taken)])
    writer.writerows([row[column] for column in _columns(taken)] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _columns(taken: Taken) -> list[str]:
    views = [f"view_{name}" for name in _views(taken.result)]
    own = ["own"] if taken.own is not None else []
    excluded = ["excluded"] if taken.excluded is not None else []
    return [
        *("organisation", "wave", "kind", "name", "question", "score", "level", "index", "target", "gap", "weight"),
        *("priority", "answered", "applicable", "unknown_share", "respondents", *excluded, "seen_from", *views, *own),
        *("deviation", "pack", "version", "hash", "scoring"),
    ]


def _views(result: Result) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for c in result.criteria for name in c.perspectives))


def _row(cells: Mapping[str, str], taken: Taken, texts: Texts) -> dict[str, str]:
    everywhere = {
        "organisation": _organisation(taken.engagement, texts),
        "wave": texts(f"wave.{taken.wave.label}"),
        "pack": taken.result.pack_id,
        "version": taken.result.pack_version,
        "hash": taken.result.pack_hash,
        "scoring": taken.result.scoring_version,
    }
    return {**dict.fromkeys(_columns(taken), ""), **cells, **everywhere}


def _organisation(engagement: Engagement, texts: Texts) -> str:
    fictional = f" ({texts('common.fictional').lower()})" if engagement.fictional else ""
    return as_text(engagement.name + fictional)


def _cells(taken: Taken, texts: Texts) -> Iterator[dict[str, str]]:
    yield _overall(taken, texts)
    for criterion in taken.result.criteria:
        yield _criterion(criterion, taken.pack, texts)
    for subscale in taken.result.subscales:
        yield _subscale(subscale, texts)
    for item in taken.result.items:
        yield _item(item, taken, texts)


def _overall(taken: Taken, texts: Texts) -> dict[str, str]:
    result = taken.result
    return {
        "kind": texts("export.kind.overall"),
        "name": texts("export.kind.overall"),
        "score": _number(result.overall.score, texts),
        "level": _whole(result.overall.level),
        "index": _number(result.overall.index, texts),
        "respondents": _whole(result.respondents),
        "excluded": _whole(taken.excluded),
    }


def _criterion(criterion: CriterionScore, pack: Pack, texts: Texts) -> dict[str, str]:
    return {
        "kind": texts("export.kind.criterion"),
        "name": as_text(pack.prose[texts.language].criteria[criterion.id].title),
        "score": _number(criterion.score, texts),
        "level": _whole(criterion.level),
        "index": _number(criterion.index, texts),
        "target": _number(criterion.target, texts),
        "gap": _number(criterion.gap, texts),
        "weight": _whole(criterion.weight),
        "priority": _number(criterion.priority, texts),
        "answered": _whole(criterion.answered),
        "applicable": _whole(criterion.applicable),
        "unknown_share": _number(criterion.dk_share, texts),
        "seen_from": _perspectives(criterion.seen_from, texts),
        **{f"view_{name}": _number(view.score, texts) for name, view in criterion.perspectives.items()},
    }


def _subscale(subscale: SubscaleScore, texts: Texts) -> dict[str, str]:
    return {
        "kind": texts("export.kind.subscale"),
        "name": texts(f"subscale.{subscale.id}"),
        "score": _number(subscale.score, texts),
        "seen_from": _perspectives(subscale.seen_from, texts),
    }


def _item(item: ItemStatistics, taken: Taken, texts: Texts) -> dict[str, str]:
    words = taken.pack.prose[texts.language].items[item.id]
    cells = {
        "kind": texts("export.kind.item"),
        "name": as_text(words.topic),
        "question": as_text(words.stem),
        "score": texts(f"export.band.{item.band}") if item.band else _number(item.mean, texts),
        "respondents": _whole(item.n),
        "deviation": _number(item.ad_m, texts),
    }
    if taken.own is not None:
        given = taken.own.get(ItemId(item.id))
        cells["own"] = _answer(given, texts)
    return cells


def _answer(given: Answer | None, texts: Texts) -> str:
    if given is None:
        return ""
    return texts(f"answer.{given.value}") if isinstance(given.value, str) else str(given.value)


def _perspectives(names: tuple[str, ...], texts: Texts) -> str:
    return ", ".join(texts(f"perspective.{name}") for name in names)


def _number(value: float | None, texts: Texts) -> str:
    """Digits a spreadsheet reads as a number: no thousands, the sign it knows, the language's decimal sign."""
    if value is None:
        return ""
    return str(half_up(value, _FRACTIONS)).replace(".", "," if texts.language == "nb" else ".")


def _whole(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(moment: datetime | None) -> str | None:
    return None if moment is None else moment.date().isoformat()
