"""Figures from runs: the median, how they spread, and the CPU another process has used."""

import resource
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LINUX = sys.platform == "linux"


@dataclass(frozen=True)
class Row:
    """One line of the table. `limit`: what it must stay under; `least`: what it must reach; None without a budget."""

    what: str
    figures: tuple[float, ...]
    unit: str
    limit: float | None = None
    note: str = ""
    least: float | None = None

    @property
    def median(self) -> float | None:
        """The middle figure, or None without any."""
        return statistics.median(self.figures) if self.figures else None

    @property
    def quartiles(self) -> tuple[float, float] | None:
        """Where the middle half of the figures lies; of fewer than four figures the lowest and the highest."""
        if len(self.figures) < 2:
            return None
        if len(self.figures) < 4:
            return min(self.figures), max(self.figures)
        low, _, high = statistics.quantiles(self.figures, n=4)
        return low, high


def cpu_s(process: int) -> float:
    """Seconds of CPU a process has used, all its threads, to the nanosecond. Linux only."""
    # what clock_getcpuclockid(3) gives for a process; /proc/<pid>/stat counts in steps of 10 ms
    return time.clock_gettime((~process << 3) | 2)


def memory_mib(process: int) -> float:
    """Resident memory of a process now. Linux only."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def table(rows: Sequence[Row]) -> str:
    """The rows as lines of text in columns, with a verdict where there is a budget."""
    cells = [("", "median", "middle half", "runs", "budget", "")]
    cells += [_cells(row) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = []
    for line in cells:
        first, last = line[0].ljust(widths[0]), line[-1]
        middle = [cell.rjust(width) for cell, width in zip(line[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join([first, *middle, last]).rstrip())
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, str, str, str, str, str]:
    if row.median is None:
        return row.what, "–" if row.note else "", "", "", "", row.note
    spread = row.quartiles
    over = row.limit is not None and row.median > row.limit
    under = row.least is not None and row.median < row.least
    budget = f"< {row.limit:g} {row.unit}" if row.limit is not None else ""
    return (
        row.what,
        f"{_figure(row.median)} {row.unit}",
        f"{_figure(spread[0])}–{_figure(spread[1])}" if spread else "",
        str(len(row.figures)),
        budget if row.least is None else f"> {row.least:g} {row.unit}",
        "  ".join(part for part in ("OVER" * over, "UNDER" * under, row.note) if part),
    )


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
