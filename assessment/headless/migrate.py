"""`migrate`: bring the database up to date, or say what that would do."""

import argparse

from assessment.files import InputError
from assessment.headless.installation import on_a_file, opened
from assessment.headless.tables import aligned
from assessment.settings import settings
from assessment.store.upgrades import rehearse, upgrade

NAME = "migrate"
HELP = "Bring the database up to this version of Salgsflyt, as its first start does, and count the rows on both sides."
EXAMPLE = "python -m assessment migrate --dry-run"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whether to try it on a copy."""
    parser.add_argument("--dry-run", action="store_true", help="do it to a copy, and leave the database as it is")


def run(args: argparse.Namespace) -> str:
    """The migrations, and each table's rows before and after. Raises: InputError when it cannot be done."""
    if settings().database_url is not None:
        if args.dry_run:
            on_a_file("copy it with `copy` to a file or another database, and try it on that")
        with opened() as store:
            store.prepare()
        return f"{settings().place} is up to date\n"
    file = settings().database
    if not file.is_file():
        return f"{file}: there is no database yet; the first start makes it\n"
    with opened():
        done = rehearse(file) if args.dry_run else upgrade(file)
    if done.wrong:
        raise InputError([f"{file}: after the migrations {problem}" for problem in done.wrong])
    if not done.steps:
        return f"{file} is up to date\n"
    rows = [
        (name, done.before.get(name, "-"), done.after.get(name, "-"))
        for name in sorted(done.before.keys() | done.after.keys())
    ]
    said = f"{file} would get" if args.dry_run else f"{file} has got"
    return f"{aligned([('table', 'before', 'after'), *rows])}{said} {', '.join(done.steps)}\n"
