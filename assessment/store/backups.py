"""Backups of the SQLite database: made while it is written to, one file that proves itself when it is read back.

A backup is a zip of `manifest.json` and `database.db`. Its last 64 characters, the archive's comment, are the SHA-256
of every byte before them: any tool opens it, and no damaged byte goes unseen.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from assessment.files import InputError
from assessment.store.fingerprints import Fingerprint, applied, connected, differing, fingerprints, whole
from assessment.store.sqlite_file import KNOWN_MIGRATIONS

FORMAT: Final = 1
_DATABASE: Final = "database.db"
_MANIFEST: Final = "manifest.json"
_DIGEST: Final = 64
_BLOCK: Final = 1 << 20


class Manifest(BaseModel):
    """What a backup holds. migrations: those the database has had, in order. tables: by name."""

    model_config = ConfigDict(frozen=True)

    format: int
    made_at: AwareDatetime
    migrations: tuple[str, ...]
    tables: dict[str, Fingerprint]


class Replaced(BaseModel):
    """What a restore has done. kept: where the database that was there now lies; None when there was none."""

    manifest: Manifest
    kept: Path | None


def backup(database: Path, file: Path) -> Manifest:
    """Copy the database into a new file, while others read and write it.

    The copy is what had been committed at one moment. The file is there whole or not at all, the owner's alone (0600).

    Raises: InputError when it cannot be made, or there is a file already.
    """
    if file.exists():
        raise InputError([f"{file}: there is a file already; a backup never replaces one"])
    if not database.is_file():
        raise InputError([f"{database}: there is no database here"])
    with _in_words(file), tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=f".{file.name}.") as beside:
        copy, packed = Path(beside, _DATABASE), Path(beside, "packed")
        copy.touch(0o600)
        packed.touch(0o600)
        with closing(connected(database)) as source, closing(connected(copy)) as target:
            source.conn.backup(target.conn)  # all pages in one go: in steps, a busy writer makes it begin again
            target.execute("PRAGMA journal_mode = DELETE").fetchall()
            if wrong := whole(target):
                raise InputError([f"{database}: {problem}" for problem in wrong])
            manifest = Manifest(
                format=FORMAT,
                made_at=datetime.now(UTC),
                migrations=tuple(applied(target)),
                tables=fingerprints(target),
            )
        _pack(manifest, copy, packed)
        packed.replace(file)
        _sync(file.absolute().parent)
    return manifest


def verify(file: Path) -> Manifest:
    """Read a backup as a restore would, in a folder for the purpose, and change nothing.

    Raises: InputError with what is wrong: a damaged byte, other tables than the manifest says, a newer schema.
    """
    with _in_words(file), tempfile.TemporaryDirectory() as apart:
        return _proven(file, Path(apart, _DATABASE))


def restore(file: Path, database: Path, *, overwrite: bool = False) -> Replaced:
    """Put a backup in the database's place, once its copy has been compared with the manifest.

    overwrite: whether a database that is there may be replaced. It is kept beside the new one, with the time in its
    name.

    Raises: InputError as `verify` does, and when a database is there or is in use.
    """
    if not file.exists():
        raise InputError([f"{file}: the file is missing"])
    if database.exists() and not overwrite:
        raise InputError([f"{database}: there is a database already; add --overwrite to put the backup in its place"])
    with _in_words(file):
        database.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=database.absolute().parent, prefix=".restore.") as beside:
            ready = Path(beside, _DATABASE)
            manifest = _proven(file, ready)
            kept = _set_aside(database)
            ready.replace(database)
        _sync(database.absolute().parent)
    return Replaced(manifest=manifest, kept=kept)


def _pack(manifest: Manifest, copy: Path, packed: Path) -> None:
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.comment = b"0" * _DIGEST
        archive.writestr(_MANIFEST, manifest.model_dump_json(indent=1))
        archive.write(copy, _DATABASE)
    digest = _digest(packed)
    with packed.open("r+b") as opened:
        opened.seek(-_DIGEST, os.SEEK_END)
        opened.write(digest.encode())
        opened.flush()
        os.fsync(opened.fileno())


def _digest(file: Path) -> str:
    left, digest = file.stat().st_size - _DIGEST, hashlib.sha256()
    with file.open("rb") as opened:
        while left > 0 and (block := opened.read(min(left, _BLOCK))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()


def _proven(file: Path, ready: Path) -> Manifest:
    """Unpack the database to `ready`, the owner's alone and on disk, and compare it with what the manifest says."""
    if not zipfile.is_zipfile(file):
        if not file.exists():
            raise InputError([f"{file}: the file is missing"])
        raise InputError([f"{file}: is not a backup, or is damaged"])
    with zipfile.ZipFile(file) as archive:
        if archive.comment.decode("latin-1") != _digest(file):
            raise InputError([f"{file}: is damaged: it is not byte for byte what was written"])
        manifest = _manifest(file, archive.read(_MANIFEST))
        ready.touch(0o600)
        with archive.open(_DATABASE) as packed, ready.open("r+b") as opened:
            shutil.copyfileobj(packed, opened, _BLOCK)
            opened.flush()
            os.fsync(opened.fileno())
    with closing(connected(ready)) as db:
        wrong = whole(db) + [
            f"{name} does not hold what the manifest says" for name in differing(manifest.tables, fingerprints(db))
        ]
    if wrong:
        raise InputError([f"{file}: {problem}" for problem in wrong])
    return manifest


def _manifest(file: Path, content: bytes) -> Manifest:
    told: dict[str, Any] = json.loads(content)
    newer = sorted(set(told.get("migrations", ())) - KNOWN_MIGRATIONS)
    if told.get("format") != FORMAT or newer:
        of = f" ({', '.join(newer)})" if newer else ""
        raise InputError([f"{file}: was made by a newer version of Salgsflyt{of}; update Salgsflyt, then restore it"])
    return Manifest.model_validate(told)


def _set_aside(database: Path) -> Path | None:
    """Give the database that is there a second name; its old one is then free to be replaced."""
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    logs = [database.with_name(database.name + end) for end in ("-wal", "-shm")]
    try:
        # it folds the write-ahead log into the file, and is refused while anybody else has the database open
        with closing(connected(database)) as db:
            db.execute("PRAGMA busy_timeout = 500").fetchall()
            db.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise InputError([f"{database}: is in use; stop Salgsflyt, then restore"]) from error
        raise
    except sqlite3.DatabaseError:
        # a damaged file is why there are backups: its log goes aside with it, or it would be read into the new one
        for log in logs:
            with suppress(FileNotFoundError):
                log.rename(log.with_name(log.name.replace(database.name, kept.name)))
    os.link(database, kept)
    return kept


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError([f"{error.filename or file}: {error.strerror or 'cannot be read or written'}"]) from error
    except (zipfile.BadZipFile, zlib.error, KeyError, json.JSONDecodeError, ValidationError) as error:
        raise InputError([f"{file}: is not a backup, or is damaged"]) from error
    except sqlite3.Error as error:
        raise InputError([f"{file}: the database cannot be read or written ({error})"]) from error
