"""What the other pages need, imported while somebody reads the first one: a second that no reader should wait for."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from threading import Thread, main_thread


@cache
def up(pages: Iterable[str]) -> None:
    """Begin to import these pages, and pandas and Altair with them, once a process; return at once."""
    Thread(target=_import, args=(pages,), name="warm", daemon=True).start()


def _import(pages: Iterable[str]) -> None:
    try:
        for page in pages:
            import_module(f"pages.{page}")
    except Exception:  # a server that is being stopped has no more modules to find; nobody waits for them either
        if main_thread().is_alive():
            raise
