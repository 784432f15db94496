"""`python -m tests.load`, or `make bench`: what is promised, measured here and now, in one table."""

import os
import platform
import sys

from tests.load import cold_start, event_log, headless, reruns, results, room, scale
from tests.load.measure import Row, table

PARTS = (
    ("Server CPU per rerun, one reader, the example open", reruns.rows),
    ("Cold start to the first painted page", cold_start.rows),
    ("Calculations", headless.rows),
    ("Files", event_log.rows),
    ("Workshop room", room.rows),
    ("Results page as respondents grow", results.rows),
    ("Respondents and replicas", scale.rows),
)


def main() -> int:
    """Measure everything and print the table; figures over their budget are marked, and are no error."""
    rows: list[Row] = []
    for heading, measured in PARTS:
        print(f"measuring: {heading.lower()} ...", file=sys.stderr, flush=True)
        rows += [Row(f"{heading}:", (), ""), *measured()]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{platform.platform()}, {os.cpu_count()} cores{load}, Python {platform.python_version()}")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
