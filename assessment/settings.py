"""The only reader of environment variables."""

import os
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

ROOT = Path(__file__).parent.parent
LOOPBACK: Final = ("127.0.0.0/8", "::1")
_URL: Final = TypeAdapter(HttpUrl)


class SettingsError(ValueError):
    """What is wrong with the settings: `problems`, a sentence for each, with its name and never its value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _address(told: object) -> object:
    _URL.validate_python(told)  # as somebody has written it: links begin with it
    return told


def _listed(told: object) -> object:
    if not isinstance(told, str):
        return told
    return tuple(part.strip().lower() for part in told.split(",") if part.strip())


def _postgres(told: str) -> str:
    parts = urlsplit(told)
    if parts.scheme not in ("postgresql", "postgres") or len(parts.path) < 2:
        raise ValueError("it is not of the form postgresql://user:password@host/name")
    return told


def _network(told: str) -> str:
    try:
        ip_network(told, strict=False)
    except ValueError as error:
        raise ValueError("one of them is no address or network") from error
    return told


class Settings(BaseModel):
    """What an installation can decide. The title of a field is its environment variable; docs/settings.md shows all."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    database: Path = Field(
        ROOT / "data" / "salgsflyt.db", title="SALGSFLYT_DATABASE", description="the database's file"
    )
    database_url: Annotated[str, AfterValidator(_postgres)] | None = Field(
        None,
        repr=False,
        title="DATABASE_URL",
        description="a PostgreSQL database in place of the file, `postgresql://user:password@host/name`; of several"
        " hosts, by comma, the writable one is used. `SALGSFLYT_SECRET` is then needed too",
    )
    pool_min: int = Field(
        1, ge=0, title="SALGSFLYT_POOL_MIN", description="connections to PostgreSQL that a process keeps open"
    )
    pool_max: int = Field(
        10, ge=1, title="SALGSFLYT_POOL_MAX", description="connections to PostgreSQL that a process opens at most"
    )
    connect_s: int = Field(
        5, ge=1, title="SALGSFLYT_CONNECT_S", description="seconds that a PostgreSQL host has to answer in"
    )
    wait_s: int = Field(
        10,
        ge=1,
        title="SALGSFLYT_WAIT_S",
        description="seconds waited for a connection to PostgreSQL, also while a standby takes over",
    )
    statement_s: int = Field(
        30, ge=1, title="SALGSFLYT_STATEMENT_S", description="seconds after which PostgreSQL gives up a statement"
    )
    secret: str | None = Field(
        None,
        min_length=32,
        repr=False,
        title="SALGSFLYT_SECRET",
        description="what links and sessions are made from, 32 characters or more; replicas need the same",
    )
    access_key_hash: str | None = Field(
        None,
        pattern=r"^\$argon2",
        repr=False,
        title="SALGSFLYT_ACCESS_KEY_HASH",
        description="the hash of the access key, as `access-key` prints it with `DATABASE_URL`; replicas need the same",
    )
    address: Annotated[str, BeforeValidator(_address)] | None = Field(
        None,
        title="SALGSFLYT_ADDRESS",
        description="where others reach the server, as in `https://salgsflyt.example.no`, for links and QR codes",
    )
    # anything but the default's name closes the door: a misspelt "always" must not leave it open
    sign_in_always: Annotated[bool, BeforeValidator(lambda told: told != "away")] = Field(
        False,
        title="SALGSFLYT_SIGN_IN",
        description="`always`: this machine signs in too, as it must behind a proxy on it; `away`: it does not",
    )
    hosts: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (),
        title="SALGSFLYT_HOSTS",
        description="the names others ask for, by comma; any other is refused, but for this machine's own",
    )
    proxies: Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], BeforeValidator(_listed)] = Field(
        LOOPBACK,
        title="SALGSFLYT_PROXIES",
        description="addresses or networks whose `X-Forwarded` headers are believed, by comma",
    )
    log: Literal["text", "json"] = Field(
        "text", title="SALGSFLYT_LOG", description="how the log is written: `text`, or `json` for one object a line"
    )
    disk_free_mb: int = Field(
        200,
        ge=1,
        title="SALGSFLYT_DISK_FREE_MB",
        description="free space beside the database, in MB, below which `/readyz` says that the server is not ready",
    )

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        # files beside the program are another replica's secret; in the database it would open what the database keeps
        if self.database_url is not None and self.secret is None:
            raise ValueError("DATABASE_URL needs SALGSFLYT_SECRET, which links and sessions are made from")
        if self.pool_min > self.pool_max:
            raise ValueError("SALGSFLYT_POOL_MIN is more than SALGSFLYT_POOL_MAX")
        return self

    @property
    def place(self) -> str:
        """Where the database lies, as people may read it."""
        if self.database_url is None:
            return str(self.database)
        parts = urlsplit(self.database_url)
        return parts.netloc.rpartition("@")[2] + parts.path

    retention_months: int = Field(
        24,
        ge=1,
        le=120,
        title="SALGSFLYT_RETENTION_MONTHS",
        description="months after its last measurement that an assessment is erased, unless its owner says otherwise",
    )
    audit_months: int = Field(
        12, ge=1, le=120, title="SALGSFLYT_AUDIT_MONTHS", description="months that the audit log is kept"
    )

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """The names others may ask for; none where any may."""
        return self.hosts or ((name,) if (name := urlsplit(self.address or "").hostname) else ())


# what the table in docs/settings.md says where the default is not a value that can be written there
DEFAULTS: Final = {
    "database": "`data/salgsflyt.db`",
    "database_url": "the file",
    "secret": "`secret.key` beside the database",
    "access_key_hash": "`access.key.hash` beside the database",
    "address": "the address the page was opened at",
    "sign_in_always": "`away`",
    "hosts": "the name in `SALGSFLYT_ADDRESS`; any name where that is not set either",
    "proxies": "this machine",
}


def read(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment, where an empty variable is one that is not set. Raises: SettingsError."""
    titles = {name: str(field.title) for name, field in Settings.model_fields.items()}
    told: dict[str, Any] = {name: environment[title] for name, title in titles.items() if environment.get(title)}
    try:
        return Settings(**told)
    except ValidationError as error:
        raise SettingsError([_sentence(titles, e) for e in error.errors()]) from error


def _sentence(titles: Mapping[str, str], problem: ErrorDetails) -> str:
    if not problem["loc"]:  # about several of them, which it names
        return problem["msg"]
    return f"{titles[str(problem['loc'][0])]}: {problem['msg']}"


@cache
def settings() -> Settings:
    """The installation's settings, read once a process. Raises: SettingsError with every problem."""
    return read(os.environ)
