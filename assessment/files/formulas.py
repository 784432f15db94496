"""Text that a spreadsheet would run. Source: OWASP, CSV injection."""

from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return text.startswith(_STARTS)


def as_text(text: str) -> str:
    """The text as a cell that no spreadsheet runs: what people type ends up in exports."""
    return f"'{text}" if is_formula(text) else text
