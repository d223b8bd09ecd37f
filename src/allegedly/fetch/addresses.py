"""Which hosts and addresses may be asked for anything: only those of the public internet, spelled as everybody spells them.

The spelling is checked first, so that no two programs can read one host differently; then the name is resolved once, and every address
that it resolves to must be public. `connection` connects to an address that was checked here and to nothing else.
"""

import ipaddress
import re
import socket
import tomllib
from functools import cache
from importlib.resources import files

GLOBAL = ipaddress.IPv6Network("2000::/3")
ISATAP = (0x0000_5EFE, 0x0200_5EFE)
NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?")
PLAIN = re.compile(r"(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}")

Address = tuple[int, str]
"""An address family (`socket.AF_INET` or `AF_INET6`) and an address as digits."""


class AddressRefusedError(ValueError):
    """A host, or an address that it resolves to, is not one of the public internet."""


class HostNotFoundError(ValueError):
    """A host has no address."""


@cache
def _networks() -> tuple[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, str], ...]:
    table = tomllib.loads((files("allegedly") / "data" / "networks.toml").read_text(encoding="utf-8"))
    found = [(ipaddress.ip_network(network), what) for version in ("ipv4", "ipv6") for network, what in table[version].items()]
    return tuple(sorted(found, key=lambda row: -row[0].prefixlen))  # the narrowest says best what an address is


def special(address: str) -> str | None:
    """What an IPv4 or IPv6 address is when it is not one of the public internet, in words; None for a public one.

    NAT64, 6to4, Teredo, ISATAP and IPv4-mapped addresses are never public, whatever they hold.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "not an address"
    what = next((what for network, what in _networks() if found.version == network.version and found in network), None)
    if what is None and isinstance(found, ipaddress.IPv6Address):
        if found not in GLOBAL:
            return "reserved"
        if int(found) >> 32 & 0xFFFF_FFFF in ISATAP:
            return "ISATAP"
    return what


def check_host(host: str) -> None:
    """Raises `AddressRefusedError` for a host that is spelled oddly, names this machine, or is an address that is not public.

    `host` is as it stands in a parsed URL: lower case, IDNA-encoded, without brackets.
    """
    if ":" in host or (labels := host.rstrip(".").split("."))[-1].isdigit() or re.fullmatch("0x[0-9a-f]*", labels[-1]):
        if ":" not in host and not PLAIN.fullmatch(host):
            raise AddressRefusedError(f"{host[:80]!r} is an address in an unusual spelling")
        if what := special(host):
            raise AddressRefusedError(f"{host[:80]} is not a public address ({what})")
    elif not NAME.fullmatch(host):
        raise AddressRefusedError(f"{host[:80]!r} is not a host's name")
    elif labels[-1] == "localhost":
        raise AddressRefusedError(f"{host[:80]} is not a public address (loopback)")


def resolve(host: str, port: int, *, allow_private: bool) -> list[Address]:
    """The addresses of a host, all of them checked: one that is not public refuses them all."""
    if not allow_private:
        check_host(host)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostNotFoundError(f"the host {host[:80]!r} was not found") from None
    addresses: list[Address] = list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))
    for _, address in () if allow_private else addresses:
        if what := special(address):
            raise AddressRefusedError(f"{host[:80]} leads to {address}, which is not a public address ({what})")
    return addresses


def connection(host: str, port: int, timeout: float | None, *, allow_private: bool) -> socket.socket:
    """A connection to a host, at an address that was checked. Nothing is resolved again; the other end is checked before a byte is sent.

    Raises `AddressRefusedError`, `HostNotFoundError`, or what the system says (`OSError`).
    """
    failure: OSError = OSError("no address")
    for family, address in resolve(host, port, allow_private=allow_private):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(timeout)
            sock.connect((address, port))
            peer = str(sock.getpeername()[0])
            if not allow_private and (what := special(peer)):
                raise AddressRefusedError(f"{host[:80]} led to {peer}, which is not a public address ({what})")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            failure = error
        except AddressRefusedError:
            sock.close()
            raise
        else:
            return sock
    raise failure
