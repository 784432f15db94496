"""Processes in words: names, classes, and what two sides disagree on."""

from assessment.current_state.classification import Comparison
from assessment.engagement import Process
from assessment.mapping import process_catalogue
from assessment.mapping.processes import ProcessList, class_of
from assessment.wording import reader, words


def name_of(process: Process) -> str:
    """A process's name in the reader's language."""
    return process_catalogue.name(process, reader.language())


def said(process: Process) -> str:
    """The class of a process in words, or what the two sides say while they disagree."""
    texts, holds = reader.texts(), class_of(process)
    if holds is not None:
        return class_name(holds)
    if process.class_consultant is None or process.class_client is None:
        return texts("common.not_assessed")
    return texts(
        "processes.apart",
        consultant=words.lower_first(class_name(process.class_consultant)),
        client=words.lower_first(class_name(process.class_client)),
    )


def sentences(found: ProcessList) -> list[str]:
    """The disagreements and what rests on them, to lead a page with."""
    texts, comparison = reader.texts(), found.comparison
    assert comparison is not None
    n, of = len(found.disagreements), found.shown
    if not n:
        return [texts.plural("processes.lead_agreed", of), texts("processes.lead_agreed_why")]
    more = [texts("processes.agreement", share=texts.percent(comparison.agreement))]
    if _core_moves(comparison):
        shares = (comparison.core_share_consultant or 0.0, comparison.core_share_client or 0.0)
        consultant, client = (texts.percent(share, 0 if _whole(share) else 1) for share in shares)
        more.insert(0, texts("processes.core_moves", consultant=consultant, client=client))
    lead = texts.plural("processes.lead_apart", n, of=texts.number(of, 0))
    if found.disputed_h:
        hours, total = texts.short(found.disputed_h), texts.short(_compared_h(found))
        lead = texts.plural("processes.lead_apart_hours", n, of=texts.number(of, 0), hours=hours, total=total)
    return [lead, *more]


def class_name(process_class: str) -> str:
    """A class by name."""
    return reader.texts()(f"processes.class.{process_class}")


def _core_moves(comparison: Comparison) -> bool:
    return comparison.core_share_consultant != comparison.core_share_client


def _compared_h(found: ProcessList) -> float:
    return sum(p.hours_month or 0.0 for p in found.processes if p.classes_shown_at is not None)


def _whole(share: float) -> bool:
    return abs(share * 100 - round(share * 100)) < 1e-9
