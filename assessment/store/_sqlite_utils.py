"""sqlite-utils, imported without pandas and numpy.

sqlite-utils 4.2.1 imports both when they are installed, to name their column types, which nothing here uses: 0.5 s and
70 MiB against 0.08 s, for every start, command and respondent. `None` in `sys.modules` is Python's documented way to
make an import fail, and sqlite-utils goes on without.
"""

import sys

_UNUSED = [name for name in ("pandas", "numpy") if name not in sys.modules]
for _name in _UNUSED:
    sys.modules[_name] = None  # type: ignore[assignment]
try:
    from sqlite_utils import Database, Migrations
finally:
    for _name in _UNUSED:
        del sys.modules[_name]

__all__ = ["Database", "Migrations"]
