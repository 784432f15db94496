"""What the other pages need, imported while somebody reads the first one: a second that no reader should wait for."""

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import import_module
from threading import Thread


@cache
def up(pages: Iterable[str]) -> None:
    """Begin to import these pages, and pandas and Altair with them, once a process; return at once."""
    Thread(target=_import, args=(pages,), name="warm", daemon=True).start()


def _import(pages: Iterable[str]) -> None:
    for page in pages:
        # Streamlit changes sys.path at the end of every run, and what looks for itself there just then does not find
        # itself. Whoever opens the page imports it again, and is told if there is more to it.
        with suppress(Exception):
            import_module(f"pages.{page}")
