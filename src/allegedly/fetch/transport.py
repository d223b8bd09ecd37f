"""One request, one answer, over connections that `addresses` made. The only code that touches httpx2 and httpcore2.

Nothing is kept between requests but open connections: no cookies, no credentials, no settings from the environment, no proxy.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from typing import Any

import httpcore2
import httpx2

from allegedly.fetch.addresses import connection

Headers = tuple[tuple[str, str], ...]
"""Names in lower case; values as sent, in Latin-1, which keeps every byte."""


TOO_LONG = "the page took too long to arrive"


class NoAnswerError(Exception):
    """A server did not answer, or not in HTTP; the message says what happened. `again` tells whether asking again may help."""

    def __init__(self, reason: str, *, again: bool = True) -> None:
        super().__init__(reason)
        self.again = again


@dataclass(frozen=True, slots=True)
class Target:
    """A web address, taken apart once: what is checked is what is connected to. `host` is in lower case and IDNA-encoded."""

    url: str
    scheme: str
    host: str
    port: int
    path: bytes

    @property
    def origin(self) -> str:
        """Scheme, host and port, as robots.txt counts them."""
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status line, headers, and the body's pieces as they come over the network, still packed."""

    status: int
    reason: str
    headers: Headers
    pieces: Iterable[bytes]

    def header(self, name: str) -> str | None:
        """A header's value; several of one name are joined as RFC 9110 has it."""
        return ", ".join(value for key, value in self.headers if key == name) or None


def target_of(url: str) -> Target:
    """A web address taken apart; raises `ValueError` that says what is wrong with it."""
    if any(c <= " " or c == "\\" for c in url):
        raise ValueError("it holds spaces, control characters or backslashes")
    try:
        parts = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise ValueError(" ".join(str(error).split())[:200].rstrip(".") or "it cannot be taken apart") from None
    host = parts.raw_host.decode("ascii").lower()
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("only http:// and https:// are asked for")
    if parts.userinfo or "@" in parts.netloc.decode("ascii", "replace"):
        raise ValueError("it holds a user name or password")
    port = parts.port if parts.port is not None else 443 if parts.scheme == "https" else 80
    if not 0 < port < 65_536:
        raise ValueError(f"there is no port {port}")
    return Target(str(parts.copy_with(fragment=None)), parts.scheme, host, port, parts.raw_path)


class Transport:
    """Connections to public addresses, kept open between requests. `until` bounds the request under way (`time.monotonic`)."""

    def __init__(self, *, timeout: float, allow_private: bool) -> None:
        self.timeout = timeout
        self.until = 0.0
        self.allow_private = allow_private
        self._pools: dict[str, httpcore2.ConnectionPool] = {}

    def close(self) -> None:
        """Hangs up."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, scheme: str) -> httpcore2.ConnectionPool:
        """The connections of one scheme: certificates take long to load, and a run over http has no use for them."""
        if scheme not in self._pools:
            context = httpx2.create_ssl_context() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            backend = _Backend(self._left, allow_private=self.allow_private)
            self._pools[scheme] = httpcore2.ConnectionPool(context, network_backend=backend, keepalive_expiry=15.0)
        return self._pools[scheme]

    @contextmanager
    def get(self, target: Target, headers: dict[str, str]) -> Iterator[Answer]:
        """The answer to one GET; raises `NoAnswerError`, `AddressRefusedError` or `HostNotFoundError`, also while its pieces are read."""
        default = 443 if target.scheme == "https" else 80
        host = target.origin.partition("://")[2].removesuffix(f":{default}")
        sent = [(b"Host", host.encode()), *((name.encode(), value.encode("latin-1")) for name, value in headers.items())]
        url = httpcore2.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self.timeout)
        with self._in_words(), self._pool(target.scheme).stream("GET", url, headers=sent, extensions={"timeout": limits}) as response:
            found = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers)
            reason = response.extensions.get("reason_phrase", b"").decode("latin-1")[:80]
            yield Answer(response.status, reason, found, response.iter_stream())

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise NoAnswerError(TOO_LONG)
        return left

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except httpcore2.TimeoutException:
            late = time.monotonic() >= self.until
            raise NoAnswerError(TOO_LONG if late else f"no answer within {self.timeout:g} seconds") from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            words = " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
            lasting = isinstance(error, httpcore2.LocalProtocolError) or "CERTIFICATE_VERIFY_FAILED" in words
            raise NoAnswerError(f"the server could not be read ({words})", again=not lasting) from None


class _Backend(httpcore2.NetworkBackend):
    """How httpcore2 opens connections: through `addresses.connection` and in no other way."""

    def __init__(self, left: Callable[[], float], *, allow_private: bool) -> None:
        self.left = left
        self.allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to an address that was checked."""
        with _failing(httpcore2.ConnectTimeout, httpcore2.ConnectError):
            sock = connection(host, port, min(timeout or 20.0, self.left()), allow_private=self.allow_private)
        return _Stream(sock, self.left)


class _Stream(httpcore2.NetworkStream):
    """A connection that gives up when the time of the whole request is over, however often a byte arrives."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self.sock = sock
        self.left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, none at the end."""
        with _failing(httpcore2.ReadTimeout, httpcore2.ReadError):
            self.sock.settimeout(min(timeout or 20.0, self.left()))
            return self.sock.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All the bytes."""
        with _failing(httpcore2.WriteTimeout, httpcore2.WriteError):
            self.sock.settimeout(min(timeout or 20.0, self.left()))
            self.sock.sendall(buffer)

    def close(self) -> None:
        """Hangs up."""
        self.sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted; the certificate must be for the host that was asked for."""
        with _failing(httpcore2.ConnectTimeout, httpcore2.ConnectError):
            self.sock.settimeout(min(timeout or 20.0, self.left()))
            try:
                return _Stream(ssl_context.wrap_socket(self.sock, server_hostname=server_hostname), self.left)
            except (OSError, ValueError):
                self.sock.close()
                raise

    def get_extra_info(self, info: str) -> Any:
        """What httpcore2 asks of a connection: whether an idle one was hung up, and which protocol TLS agreed on."""
        if info == "is_readable":
            return self.sock.fileno() < 0 or _has_news(self.sock)
        return self.sock if info == "ssl_object" and isinstance(self.sock, ssl.SSLSocket) else None


def _has_news(sock: socket.socket) -> bool:
    """Whether a byte, or the end, has arrived."""
    with DefaultSelector() as selector:
        selector.register(sock, EVENT_READ)
        return bool(selector.select(0))


@contextmanager
def _failing(late: type[Exception], other: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise late(error) from None
    except OSError as error:
        raise other(error) from None
