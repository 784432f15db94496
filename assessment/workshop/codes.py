"""The room's code, which opens it for an hour or two, and the keys that phones come back with.

Both are made from the installation's secret: the database alone opens no room.
"""

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

from assessment.links import key_for
from assessment.workshop.records import RoomId, VoterId

# nothing that looks like something else on a screen at the other end of a room: 0 O, 1 I L, 2 Z, 5 S, 8 B
ALPHABET: Final = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH: Final = 6

_KEY: Final = re.compile(r"([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})")


def code_of(secret: bytes, room_id: RoomId) -> str:
    """The room's code, LENGTH characters of ALPHABET."""
    number = int.from_bytes(hmac.digest(key_for(secret, "room"), room_id.encode(), "sha256"))
    places = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        places.append(ALPHABET[place])
    return "".join(places)


def code_hash(secret: bytes, code: str) -> str:
    """What a code is stored and found by; keyed, since a plain hash of six characters is undone in seconds."""
    return hmac.new(key_for(secret, "room code"), code.encode(), "sha256").hexdigest()


def as_code(typed: str) -> str | None:
    """The code somebody means, however they write it; None for what can be none."""
    code = re.sub(r"[\s-]", "", typed[:40]).upper()
    return code if re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", code) else None


def new_key(secret: bytes, code: str) -> str:
    """A phone's key to a room: 128 random bits, signed, so that only who has had the code holds one."""
    drawn = secrets.token_urlsafe(16)
    return f"{drawn}.{_signature(secret, code, drawn)}"


def is_key(secret: bytes, code: str, key: str | None) -> bool:
    """Whether we made the key for this code."""
    found = _KEY.fullmatch(key or "")
    return found is not None and hmac.compare_digest(found[2], _signature(secret, code, found[1]))


def voter_of(key: str) -> VoterId:
    """What votes are kept under; the key cannot be found from it."""
    return VoterId(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()).decode()[:22])


def _signature(secret: bytes, code: str, drawn: str) -> str:
    mac = hmac.digest(key_for(secret, "room key"), f"{code}:{drawn}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac).decode()[:22]
