"""Rows of words and figures, aligned for a terminal."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[object]]) -> str:
    """The rows as lines, the first column to the left and the others to the right; the first row is their head."""
    words = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*words, strict=True)]
    lines = (
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in words
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)
