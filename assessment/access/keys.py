"""The access key: made by one command, shown once, kept as a hash."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# no 0, 1, i, l, o, u: read aloud and typed without mistakes
_LETTERS: Final = "23456789abcdefghjkmnpqrstvwxyz"
_GROUPS: Final = 7
_GROUP: Final = 4  # 7 groups of 4 of 30 letters: 137 bits
LONGEST: Final = 200
_hasher: Final = PasswordHasher()  # RFC 9106, the profile with little memory: 64 MiB, 3 passes


def new_key() -> str:
    """A key of 137 random bits, in groups that can be read aloud."""
    letters = [secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP)]
    return "-".join("".join(letters[i : i + _GROUP]) for i in range(0, len(letters), _GROUP))


def plain(typed: str) -> str:
    """A key as it is hashed: capitals, spaces and dashes are how people copy, not part of it."""
    return "".join(c for c in typed.casefold() if c.isalnum())


def hash_secret(secret: str) -> str:
    """A secret's argon2 hash, salted: neither equal secrets nor the secret itself can be seen from it."""
    return _hasher.hash(secret)


def verify_secret(hashed: str, secret: str) -> bool:
    """Whether the secret is the hashed one, in a time that does not tell how near it is; some 50 ms of processor."""
    try:
        return len(secret) <= LONGEST and _hasher.verify(hashed, secret)
    except (VerificationError, InvalidHashError, UnicodeError):
        return False


class KeyFile:
    """The hash of the access key, in a file beside the database that only its owner reads (0600).

    chosen: the hash that is set for all replicas, in place of the file's.
    """

    def __init__(self, database: Path, chosen: str | None = None) -> None:
        self._chosen = chosen
        self.path = database.absolute().parent / "access.key.hash"

    def hashed(self) -> str | None:
        """The hash, or None before a key is made."""
        if self._chosen is not None:
            return self._chosen
        try:
            return self.path.read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None

    def mark(self) -> str | None:
        """What the present key's sessions carry, so that a new key ends them; None before a key is made."""
        hashed = self.hashed()
        return hashlib.sha256(hashed.encode()).hexdigest()[:22] if hashed else None

    def renew(self) -> str:
        """Make a new key in place of the one before, and return it: it is nowhere else. Raises: OSError."""
        key = new_key()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        whole = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as opened:
            opened.write(f"{hash_secret(plain(key))}\n")
        whole.replace(self.path)  # a reader meets the old hash or the new one, never half of it
        return key
