"""`python -m assessment COMMAND`: the calculations without a server or a database, and what an installation needs."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from assessment.files import InputError
from assessment.settings import SettingsError


class Command(Protocol):
    """A module of `assessment.headless`: one command."""

    NAME: str
    HELP: str
    EXAMPLE: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], Any]


COMMANDS = (
    "score",
    "recommend",
    "payback",
    "stream",
    "classify",
    "xmr",
    "check_pack",
    "invite",
    "demo",
    "handover",
    "open_handover",
    "handover_schema",
    "access_key",
    "backup",
    "verify",
    "restore",
    "migrate",
    "copy",
    "export",
    "erase_expired",
    "audit",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when its document is on stdout, 2 when the input has problems (each on stderr)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    args = _parser(given).parse_args(given)
    try:
        document = args.run(args)
    except (InputError, SettingsError) as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 2
    # JSON, but for what another program reads line by line
    text = document if isinstance(document, str) else f"{json.dumps(document, ensure_ascii=False, allow_nan=False)}\n"
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe has had enough, as `head` has; nothing more is to be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assessment", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    # only the command that runs is imported whole: `recommend` need not wait for the spreadsheet reader
    wanted = [c for c in COMMANDS if c.replace("_", "-") == (given[0] if given else None)] or COMMANDS
    for name in wanted:
        command = cast(Command, import_module(f"assessment.headless.{name}"))
        sub = commands.add_parser(
            command.NAME,
            help=command.HELP,
            description=command.HELP,
            epilog=f"example: {command.EXAMPLE}",
            allow_abbrev=False,
        )
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser
