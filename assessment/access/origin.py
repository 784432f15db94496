"""Where a request comes from: this machine, this site, or somewhere else."""

import ipaddress
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers

# Put on a request by the middleware, with a value only this process knows; what a client sends of it is taken off.
LOCAL_HEADER: Final = "x-salgsflyt-local"
LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
# What a proxy adds. Any of them means that the client behind may be anybody.
_PASSED_ON: Final = ("forwarded", "x-forwarded", "x-real-ip", "x-client-ip", "x-original-", "via", "cf-", "true-client")


def is_local(scope: Mapping[str, Any]) -> bool:
    """Whether somebody at this machine asks: from a loopback address, for a local name, and passed on by nobody.

    The name keeps out pages of other sites that make their own name lead here (DNS rebinding). A web page's socket
    always says where it is from, so one that comes through a silent proxy is not taken for local either.
    """
    client, headers = scope.get("client"), Headers(scope=scope)  # type: ignore[arg-type]
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    return (
        client is not None
        and _is_loopback(client[0])
        and len(hosts) == 1
        and host_name(hosts[0]) in LOCAL_HOSTS
        and all(host_name(urlsplit(o).netloc) in LOCAL_HOSTS for o in origins)
        and not any(name.startswith(_PASSED_ON) for name in headers)
    )


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that the request was made by a page of ours; without a word from it, no.

    Source: OWASP, Cross-Site Request Forgery Prevention, Fetch Metadata and verifying origin.
    """
    if (site := headers.get("sec-fetch-site")) is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def foreign_socket(headers: Mapping[str, str]) -> bool:
    """Whether a page of another site opens a socket; programs name no origin and bring no cookie of a browser's."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def safe_path(wanted: str | None) -> str:
    """Where to go after signing in: an address on this server, or the front page for anything else."""
    if wanted is None or not wanted.startswith("/") or len(wanted) > 500:
        return "/"
    # browsers read a backslash as a slash and leave out control characters: //evil.example in disguise
    if wanted.startswith("//") or "\\" in wanted or any(ord(c) <= 32 or ord(c) >= 127 for c in wanted):
        return "/"
    return wanted


def who(scope: Mapping[str, Any]) -> str:
    """The client, for counting tries: an address, or the network of one IPv6 subscriber."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def host_name(host: str) -> str:
    """A Host header's or an origin's name in small letters, without the port."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdigit() else host.lower()
