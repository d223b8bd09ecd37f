"""URLs to bytes: the only code that touches the network.

`fetch` asks for one page, once. It speaks http and https only, gives up after a set time, size and number of redirects, and
says honestly who is asking. Pages can be hostile, so an address that is not public (loopback, private or link-local networks) is refused at
every step of a redirect, before asking by resolving the name and after connecting by looking at the peer. Behind a web proxy
only literal addresses can be checked, since the proxy resolves the names. Whatever goes wrong is a `FetchError`.
"""

import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.request import getproxies

from allegedly.errors import FetchError

if TYPE_CHECKING:
    import httpx2

USER_AGENT = "Allegedly (reads single news pages at a person's request)"
ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.8,application/jsonl;q=0.8,*/*;q=0.1"
MAX_BYTES = 50_000_000
SAVE_IT = "Save the page in a browser and give the file instead"
CHECK_IT = f"Check the address and the connection. {SAVE_IT}"
GIVE_ONE = "Give an address that starts with http:// or https://"


@dataclass(frozen=True, slots=True)
class Page:
    """What a URL gave. `url` is the address after redirects; `media_type` is the Content-Type header as sent, charset and all."""

    body: bytes
    url: str
    requested: str
    media_type: str | None


def is_web_address(name: str) -> bool:
    """True for what looks like an http(s) URL, so that a command can tell URLs from paths."""
    return name[:8].lower().startswith(("http://", "https://"))


def fetch(
    url: str,
    *,
    timeout: float = 20.0,
    deadline: float = 60.0,
    max_bytes: int = MAX_BYTES,
    max_redirects: int = 5,
    allow_private: bool = False,
) -> Page:
    """The page at `url`, or `FetchError`.

    `timeout` bounds each wait on the network, `deadline` the whole (a server that drips a byte a second is not waited for).
    `max_bytes` counts what comes out of decompression. `allow_private` lets addresses of the own machine and network through.
    """
    import httpx2  # here, so that reading files does not pay for it

    until = time.monotonic() + deadline
    headers = {"User-Agent": USER_AGENT, "Accept": ACCEPT, "Accept-Language": "en"}
    address = url
    try:
        with httpx2.Client(timeout=timeout, headers=headers, follow_redirects=False) as client:
            for _ in range(max_redirects + 1):
                proxied = _check_address(url, address, allow_private=allow_private)
                with client.stream("GET", address) as response:
                    if not (proxied or allow_private):
                        _check_peer(url, response)
                    if not response.has_redirect_location:
                        body = _body(url, response, max_bytes, until)
                        return Page(body=body, url=address, requested=url, media_type=response.headers.get("content-type"))
                    address = urljoin(address, response.headers["location"])
    except httpx2.TimeoutException:
        raise FetchError(url, f"no answer within {timeout:g} seconds", f"Try again later. {SAVE_IT}") from None
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise FetchError(url, f"the server could not be read ({_words(error)})", CHECK_IT) from None
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(url, f"not a valid web address ({_words(error)})", GIVE_ONE) from None
    raise FetchError(url, f"more than {max_redirects} redirects", SAVE_IT)


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__


def _check_address(url: str, address: str, *, allow_private: bool) -> bool:
    """Refuse what is not http(s), has no host, or resolves to an address that is not public. True when a proxy will resolve the name."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        what = "not a web address" if address == url else f"redirected to {address[:200]!r}, which is not a web address"
        raise FetchError(url, what, GIVE_ONE)
    proxied = parts.scheme in getproxies()
    if allow_private:
        return proxied
    for host in _hosts(url, parts, proxied=proxied):
        _refuse_private(url, host)
    return proxied


def _hosts(url: str, parts: SplitResult, *, proxied: bool) -> list[str]:
    host = parts.hostname or ""
    if proxied:
        return ["127.0.0.1"] if host == "localhost" or host.endswith(".localhost") else [host]
    try:
        found = socket.getaddrinfo(host, parts.port or (443 if parts.scheme == "https" else 80), type=socket.SOCK_STREAM)
    except OSError:
        raise FetchError(url, f"the host {host!r} was not found", CHECK_IT) from None
    return [str(entry[4][0]) for entry in found]


def _refuse_private(url: str, host: str) -> None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return  # a name: the proxy's business
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not address.is_global or address.is_multicast:
        raise FetchError(url, f"leads to {address}, which is not a public address", SAVE_IT)


def _check_peer(url: str, response: "httpx2.Response") -> None:
    """The same check on the machine that answered: a name may resolve differently the second time."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if peer:
        _refuse_private(url, str(peer[0]))


def _body(url: str, response: "httpx2.Response", max_bytes: int, until: float) -> bytes:
    if response.status_code != 200:
        reason = f"the server answered {response.status_code} {response.reason_phrase}".rstrip()
        raise FetchError(url, reason, f"Check the address. {SAVE_IT}")
    chunks = bytearray()
    for chunk in response.iter_bytes():
        chunks += chunk
        if len(chunks) > max_bytes:
            raise FetchError(url, f"larger than {max_bytes:,} bytes", "Give a smaller page, or save its article as .txt")
        if time.monotonic() > until:
            raise FetchError(url, "the page took too long to arrive", f"Try again later. {SAVE_IT}")
    return bytes(chunks)
