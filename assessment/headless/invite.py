"""`invite`: links to answer by, as CSV for a mail merge or a load test."""

import argparse
import sys
from datetime import date, datetime

from pydantic import ValidationError

from assessment.demo import DEMO_ID
from assessment.engagement import FOLLOWING, EngagementId, Wave
from assessment.files import InputError
from assessment.headless.installation import installed
from assessment.links import COUNT_MAX, LOCAL_ADDRESS, Invitation, address, end_of, table
from assessment.packs import ROLES
from assessment.service import Service
from assessment.settings import settings
from assessment.store.protocol import NotFound

NAME = "invite"
HELP = "Make links to answer by and print them as CSV (role, team, url)."
EXAMPLE = "python -m assessment invite demo --role S --count 50"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the engagement, whom the links are for, and how many."""
    parser.add_argument(
        "engagement",
        metavar="ENGAGEMENT",
        type=EngagementId,
        help="its id (e= in the address of its pages), or demo; where no measurement is open, the next is opened",
    )
    parser.add_argument("--role", choices=ROLES, help="preset role; without it, each chooses their own")
    parser.add_argument(
        "--count",
        type=int,
        metavar="N",
        help=f"personal links of one use each, at most {COUNT_MAX}; default: one for all",
    )
    parser.add_argument("--team", help="preset team, where the measurement is by team")
    parser.add_argument("--expires", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the last day they work")
    parser.add_argument(
        "--base", metavar="URL", help=f"where the server is reached; SALGSFLYT_ADDRESS, else {LOCAL_ADDRESS}"
    )


def run(args: argparse.Namespace) -> str:
    """The links as CSV. Raises: InputError."""
    with installed() as service:
        return _links(service, args)


def _links(service: Service, args: argparse.Namespace) -> str:
    if args.engagement == DEMO_ID:
        service.open_demo()
    try:
        engagement = service.engagement(args.engagement)
    except NotFound as error:
        raise InputError([f"{args.engagement}: no such engagement in {settings().place}"]) from error
    if engagement.mode != "anonymous":
        raise InputError([f"{engagement.id}: not answered by several people, so it has no links"])
    invitation = _invitation(args)
    wave = _open_wave(service, engagement.id)
    if invitation.team is not None and not wave.by_team:
        raise InputError(["--team: this measurement was not opened by team"])
    base = args.base or settings().address or LOCAL_ADDRESS
    made = service.invite(engagement.id, invitation)
    return table([(args.role or "", invitation.team or "", address(base, "answer", one.token or "")) for one in made])


def _invitation(args: argparse.Namespace) -> Invitation:
    here = datetime.now().astimezone().tzinfo
    given = {"role": args.role, "team": args.team or None}
    if args.count is not None:
        given |= {"count": args.count, "max_uses": 1}
    if args.expires is not None and here is not None:
        given["expires_at"] = end_of(args.expires, here)
    try:
        return Invitation.model_validate(given)
    except ValidationError as error:
        raise InputError([f"--{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]) from error


def _open_wave(service: Service, engagement_id: EngagementId) -> Wave:
    """The open measurement, or the one that follows the last, now open."""
    waves = service.waves(engagement_id)
    last = waves[-1]
    if last.closed_at is None:
        return last
    asked = next(wave.pack_id for wave in reversed(waves) if wave.measures_maturity)
    print("opened a new measurement: the last one is closed", file=sys.stderr)
    return service.open_wave(engagement_id, FOLLOWING[last.label], pack_id=asked, by_team=last.by_team)
