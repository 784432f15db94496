"""`audit`: who did what and when, without contents."""

import argparse

from assessment.engagement import EngagementId
from assessment.headless.installation import installed
from assessment.headless.tables import aligned

NAME = "audit"
HELP = "Print the audit log, newest first: when (UTC), who, what, to which assessment, of how many."
EXAMPLE = "python -m assessment audit --limit 50"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the engagement and how many events."""
    parser.add_argument(
        "engagement",
        metavar="ENGAGEMENT",
        type=EngagementId,
        nargs="?",
        help="its id, also of one that is erased; without it, the whole installation",
    )
    parser.add_argument("--limit", type=int, default=1000, metavar="N", help="at most so many; 1000")


def run(args: argparse.Namespace) -> str:
    """A line an event. Raises: InputError."""
    with installed() as service:
        events = service.audit_log(args.engagement, max(args.limit, 0))
        rows = [
            (f"{e.at:%Y-%m-%d %H:%M:%S}", e.subject or e.actor, e.kind, e.engagement_id or "-", e.count) for e in events
        ]
    return aligned([("when", "who", "what", "assessment", "count"), *rows])
