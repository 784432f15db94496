"""Where the phones in the room reach this machine, found without asking anybody."""

import socket
from typing import Final

# set aside for documentation (RFC 5737): no packet is sent, the system only says which of its addresses it would use
_ELSEWHERE: Final = ("192.0.2.1", 9)
_WAIT_S: Final = 0.3


def address_on_network() -> str | None:
    """The address other machines on the same network reach this one by, or None where it is on no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if found.startswith("127.") or found == "0.0.0.0" else found  # noqa: S104  an answer, not a place to bind


def answers_on_network(host: str, port: int) -> bool:
    """Whether this server answers at this machine's own address on the network, and not only at 127.0.0.1."""
    try:
        with socket.create_connection((host, port), timeout=_WAIT_S):
            return True
    except OSError:
        return False
