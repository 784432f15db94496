"""What a link looks like outside the database: its token, its address, and the secret both rest on.

A token is computed from the server's secret and the link's random id, so the owner can be shown it again and the
database alone opens nothing (method §3.8.6). What is stored is its hash, to find the link by.
"""

import base64
import csv
import hashlib
import hmac
import io
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from assessment.engagement import Line, Link, LinkId, LinkPurpose, LinkState
from assessment.files.formulas import as_text
from assessment.packs import Role
from assessment.settings import settings

TOKEN_BYTES: Final = 18  # 144 bits: nobody guesses one
TOKEN_LENGTH: Final = 24
SECRET_BYTES: Final = 32
COUNT_MAX: Final = 500  # codes in one batch: more people than a survey of one organisation asks
_FILE_AS_WORDS: Final = re.compile(r"hex:[0-9a-f]{64}")
LOCAL_ADDRESS: Final = "http://127.0.0.1:8501"  # where `make run` serves
ROUTES: Final[dict[LinkPurpose, str]] = {"answer": "s", "results": "r", "facilitate": "f"}


class Invitation(BaseModel):
    """What somebody asks for when links are made.

    count: how many links; more than one are personal codes of a single use each.
    role, team: preset for those who answer. max_uses: how many may begin by one link; None for any number.
    pin_hash: of the PIN that is asked for when a results or facilitation link is opened.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: LinkPurpose = "answer"
    role: Role | None = None
    team: Line | None = None
    count: Annotated[int, Field(ge=1, le=COUNT_MAX)] = 1
    max_uses: Annotated[int, Field(ge=1)] | None = None
    expires_at: AwareDatetime | None = None
    pin_hash: str | None = None

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.purpose == "answer" and self.pin_hash is not None:
            raise ValueError("a PIN would have to be told to everybody who answers")
        if self.purpose != "answer" and (self.role, self.team, self.count, self.max_uses) != (None, None, 1, None):
            raise ValueError("role, team, number and uses belong to answer links")
        if self.count > 1 and self.max_uses != 1:
            raise ValueError("several links at once are personal: one use each")
        return self


@dataclass(frozen=True)
class Invited:
    """A link as its owner sees it; `token` is None for one that another server secret made."""

    link: Link
    state: LinkState
    token: str | None


@dataclass(frozen=True)
class Batch:
    """Links that were made together and differ in their token only."""

    members: tuple[Invited, ...]

    @property
    def first(self) -> Link:
        """What they have in common."""
        return self.members[0].link

    @property
    def uses(self) -> int:
        """How many have begun by them."""
        return sum(m.link.uses for m in self.members)

    @property
    def max_uses(self) -> int | None:
        """How many may begin by them; None for any number."""
        return sum(m.link.max_uses for m in self.members if m.link.max_uses) or None

    @property
    def state(self) -> LinkState:
        """Active while one of them is, else what the first one is."""
        return "active" if any(m.state == "active" for m in self.members) else self.members[0].state


def batches(invited: Iterable[Invited]) -> list[Batch]:
    """The links by how they were made, in the order they are given."""
    together: dict[tuple[object, ...], list[Invited]] = {}
    for one in invited:
        link = one.link
        key = (link.created_at, link.wave_id, link.purpose, link.role, link.team, link.max_uses)
        together.setdefault(key, []).append(one)
    return [Batch(tuple(members)) for members in together.values()]


def end_of(day: date, zone: tzinfo) -> datetime:
    """The moment a day is over, which is when a link "until and with" that day stops."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def table(rows: Sequence[tuple[str, str, str]]) -> str:
    """Role, team and address as CSV for a mail merge; no cell can be taken for a formula."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("role", "team", "url"))
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return written.getvalue()


def _plain(cell: str) -> str:
    # on one line, since csv leaves a lone carriage return unquoted and a spreadsheet would begin a row there
    return as_text(" ".join(cell.split()))


class WeakSecret(ValueError):  # noqa: N818 - named by what is wrong
    """The secret somebody has chosen can be guessed: it is shorter than SECRET_BYTES characters."""


def server_secret(database: Path, chosen: str | None = None) -> bytes:
    """The installation's secret: the chosen one, else `secret.key` beside the database, made at the first call.

    Replicas need the same one. Links and sessions made with another secret no longer open anything. A chosen one of
    the form hex:… is the content of such a file, for an installation that moves. Raises: WeakSecret.
    """
    if chosen is not None and _FILE_AS_WORDS.fullmatch(chosen):
        return bytes.fromhex(chosen.removeprefix("hex:"))
    if chosen is not None:
        if len(chosen) < SECRET_BYTES:
            raise WeakSecret(f"SALGSFLYT_SECRET needs at least {SECRET_BYTES} characters")
        return hashlib.sha256(chosen.encode()).digest()
    file = database.absolute().parent / "secret.key"
    if not file.exists():
        _make(file)
    return file.read_bytes()


@cache
def installation_secret() -> bytes:
    """The secret of the configured installation, read once a process."""
    return server_secret(settings().database, settings().secret)


def _make(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(secrets.token_bytes(SECRET_BYTES))
        opened.flush()
        os.fsync(opened.fileno())
    # a link and not a rename: of two processes that start together the first one's secret stands, never half of it
    with suppress(FileExistsError):
        os.link(whole, file)
    whole.unlink()


def key_for(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose, from which neither the secret nor the key for another can be computed."""
    return hmac.digest(secret, f"key:{purpose}".encode(), "sha256")


def token_of(secret: bytes, link_id: LinkId) -> str:
    """The link's token, TOKEN_LENGTH characters that are safe in an address."""
    mac = hmac.digest(secret, f"link:{link_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).decode()


def token_hash(token: str) -> str:
    """What a token is stored and found by."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token_of(secret: bytes, link: Link, token: str) -> bool:
    """Whether the token is the link's, compared in constant time."""
    return hmac.compare_digest(token_of(secret, link.id).encode(), token.encode())


def address(base: str, purpose: LinkPurpose, token: str) -> str:
    """The whole address of a link; `base` is where the server is reached, with or without a path."""
    return f"{base.rstrip('/')}/{ROUTES[purpose]}/{token}"


def origin(page: str) -> str:
    """Scheme and host of a page's address."""
    parts = urlsplit(page)
    return f"{parts.scheme}://{parts.netloc}"
