"""Two measurements side by side, in sentences and in the rows of their chart."""

from assessment.engagement import Wave
from assessment.results import Comparison
from assessment.scoring.change import Change, CriterionChange, ViewChange
from assessment.wording import reader, words

BEYOND = ("clear", "indicated")


def month(wave: Wave) -> str:
    """The month of a measurement."""
    return reader.texts().month(wave.closed_at or wave.opened_at)


def message(found: Comparison, change: Change) -> list[str]:
    """What moved most, how much may be chance, and how much can be told."""
    texts = reader.texts()
    known = [c for c in change.criteria if c.delta is not None]
    if not known:
        return [texts("change.lead_nothing")]
    most = max(known, key=lambda c: abs(c.delta or 0.0))
    beyond = [c for c in known if c.verdict in BEYOND]
    assumed = any(c.noise is not None and not c.noise.measured for c in known)
    small = texts("change.small_groups") if assumed else ""
    if beyond:
        most = max(beyond, key=lambda c: abs(c.delta or 0.0))
        key = "change.lead_up" if (most.delta or 0.0) > 0 else "change.lead_down"
        lead = texts(key, criterion=name(found, most), first=number(most.first), last=number(most.last))
        return [lead, _counted(found, change, "clear"), _counted(found, change, "indicated"), small]
    tested = any(c.verdict == "within" for c in known)
    lead = texts("change.lead_still" if tested else "change.lead_described")
    return [lead, texts("change.largest", delta=delta_shown(most), criterion=_lower(found, most)), small]


def _counted(found: Comparison, change: Change, verdict: str) -> str:
    texts, moved = reader.texts(), [c for c in change.criteria if c.verdict == verdict]
    if not moved:
        return ""
    areas = texts.listing([_lower(found, c) for c in sorted(moved, key=lambda c: -abs(c.delta or 0.0))])
    return texts.plural(f"change.{verdict}", len(moved), of=len(change.criteria), areas=areas)


def chart_row(found: Comparison, criterion: CriterionChange) -> dict[str, object]:
    """A criterion as `charts.wave_change` wants it."""
    texts, noise = reader.texts(), criterion.noise
    return {
        "title": name(found, criterion),
        "first": criterion.first,
        "last": criterion.last,
        "delta": None if criterion.first is None else words.difference(criterion.last or 0.0, criterion.first),
        "noise": noise.half_width if noise is not None else None,
        "verdict": criterion.verdict,
        "said": texts(f"change.verdict.{criterion.verdict}") if criterion.verdict else "",
        "reason": texts(f"change.missing.{criterion.missing}") if criterion.missing else "",
        "before": month(found.first.wave),
        "after": month(found.last.wave),
    }


def delta_shown(change: CriterionChange | ViewChange, digits: int = 1) -> str:
    """A difference as the figures beside it are rounded, with its sign."""
    delta = words.difference(change.last or 0.0, change.first or 0.0, digits)
    return reader.texts().number(delta, digits, sign=bool(delta))


def number(value: float | None, digits: int = 1) -> str:
    """A figure, or that it is not assessed."""
    texts = reader.texts()
    return texts("common.not_assessed") if value is None else texts.number(value, digits)


def name(found: Comparison, criterion: CriterionChange) -> str:
    """A criterion's name."""
    return words.name_of(found.last.pack, criterion.id)


def _lower(found: Comparison, criterion: CriterionChange) -> str:
    return words.lower_first(name(found, criterion))
