"""Who may ask, from where, and how much: the guard that every request passes before the application sees it.

- **Host**: only names that the server was started for are answered, so that no other site's name can be pointed at it (DNS rebinding).
- **Origin**: what changes anything must come from the application's own pages, or from a program that is no browser
  (`Sec-Fetch-Site`, else `Origin`); other sites may link to a page, and fetch nothing.
- **Password**: on any address but this machine's own, a password is asked for: in a cookie that no script can read, or as a bearer token.
- **Size**: a body is refused beyond a limit, whether or not its length is declared.
- **Headers**: no script, style, font or picture from anywhere else, no frame, no referrer to other sites.

It does not encrypt: on a network, put a server with TLS before it.
"""

import base64
import hmac
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from allegedly.errors import InputError
from allegedly.web.answers import problem, unexpected

COOKIE = "allegedly"
DAYS = 30
SHORTEST = 12
"""Characters of a password at least."""
LARGEST = 1 << 20
"""Bytes of a request's body at most."""
LARGER: Mapping[str, int] = {"/add": 64 << 20, "/api/add": 64 << 20, "/validate": 10 << 20, "/api/validate": 10 << 20}
"""The same, where files are taken."""
READABLE = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_TO_ALL = ("/login", "/static/")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may ask: `hosts` are the names that the server answers to, `password` what it asks for, None for nothing.

    `user` is who decides what is decided without a password.
    """

    hosts: frozenset[str] = frozenset(LOOPBACK)
    password: str | None = None
    user: str = "user"
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))


def loopback(host: str) -> bool:
    """Whether an address to listen at is this machine's own, that nobody else can reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def rules_for(host: str, *, password: str | None, names: Collection[str], user: str) -> Rules:
    """The rules for a server that listens at `host` and is also called `names`. InputError where it would be open to a network."""
    if password is not None and len(password) < SHORTEST:
        raise InputError("password", "it is too short to keep anybody out", f"Give one of {SHORTEST} characters or more")
    if not loopback(host) and password is None:
        reason = "others on the network could read and change the ledger there"
        raise InputError(f"--host {host}", reason, "Give a password (--password-file FILE), or leave the host as it is")
    own = [] if host in ("0.0.0.0", "::") else [host]  # noqa: S104
    return Rules(frozenset(name.lower().strip("[]") for name in (*LOOPBACK, *own, *names)), password, user)


class Guard:
    """ASGI middleware: asks of every request what the rules ask, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with what is wrong with it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        began = False

        async def headed(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                kept = self.rules.password is None or scope["path"].startswith("/static/")
                headers.setdefault("Cache-Control", "private, no-cache" if kept else "no-store")
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, headed)
            return
        try:
            await self.app(scope, _limited(scope, receive), headed)
        except Exception:
            if not began:
                await unexpected(Request(scope))(scope, receive, headed)
            raise

    def _refused(self, scope: Scope) -> Response | None:
        request, headers = Request(scope), Headers(scope=scope)
        host = _name_of(headers.get("host", ""))
        if host not in self.rules.hosts:
            return problem(request, 400, "This server does not go by that name.", "Ask for it by the address that it was started with.")
        if not _own(scope["method"], headers, host):
            return problem(request, 403, "This came from another site's page.", "Do it from a page of this server.")
        if int(length if (length := headers.get("content-length", "0")).isdecimal() else 0) > _largest(scope):
            return problem(request, 413, f"More than {_largest(scope):,} bytes at once are not taken.", "Send less at once.")
        if scope["method"] not in SAFE and not _readable(headers):
            return problem(request, 415, "A body of that type is not read.", f"Send one of {', '.join(READABLE)}.")
        scope.setdefault("state", {})["visitor"] = visitor = self._visitor(headers)
        if visitor is None and not scope["path"].startswith(OPEN_TO_ALL):
            if scope["path"].startswith("/api/") or scope["method"] not in SAFE:
                detail, advice = "A password is needed.", "Send it as `Authorization: Bearer PASSWORD`, or log in."
                return problem(request, 401, detail, advice, headers={"WWW-Authenticate": "Bearer"})
            return RedirectResponse(f"/login?to={quote(_here(scope))}", 303)
        return None

    def _visitor(self, headers: Headers) -> str | None:
        """Who asks: the name that they logged in with; None where the password is not known."""
        rules = self.rules
        if rules.password is None:
            return rules.user
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and same(token.strip(), rules.password):
            return rules.user
        return opened(rules, cookie_parser(headers.get("cookie", "")).get(COOKIE, ""))


def _here(scope: Scope) -> str:
    path, query = str(scope["path"]), scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def _name_of(host: str) -> str:
    """The name in a Host header, without its port; "" for what is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "") if "@" not in host and "/" not in host else ""
    except ValueError:
        return ""


def _own(method: str, headers: Headers, host: str) -> bool:
    """Whether a request comes from a page of ours, from a person's hand, or from a program; links from elsewhere may lead here."""
    site = headers.get("sec-fetch-site")
    if method in SAFE:
        return site in (None, "same-origin", "none") or headers.get("sec-fetch-mode") == "navigate"
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def _readable(headers: Headers) -> bool:
    """Whether a request's body, if it has one, is of a type that is read."""
    empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    return empty or headers.get("content-type", "").partition(";")[0].strip().lower() in READABLE


def _largest(scope: Scope) -> int:
    return max((size for path, size in LARGER.items() if scope["path"].startswith(path)), default=LARGEST)


def _limited(scope: Scope, receive: Receive) -> Receive:
    """What a body's parts are received by: no more than the largest that is taken there."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > _largest(scope):
            raise HTTPException(413, f"More than {_largest(scope):,} bytes at once are not taken.")
        return message

    return limited


# --- sessions ----------------------------------------------------------------------------------------------------------


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing of them."""
    return hmac.compare_digest(sha256(given.encode("utf-8", "replace")).digest(), sha256(wanted.encode("utf-8", "replace")).digest())


def sealed(rules: Rules, name: str) -> str:
    """A cookie's value for somebody who gave the password: a name, until when it holds, and a seal that only this server makes."""
    words = f"{base64.urlsafe_b64encode(name.encode()).decode()}.{int(time.time()) + DAYS * 86_400}"
    return f"{words}.{_seal(rules, words)}"


def opened(rules: Rules, cookie: str) -> str | None:
    """The name in a cookie that this server sealed, if it still holds."""
    words, _, seal = cookie.rpartition(".")
    if not words or not hmac.compare_digest(seal.encode(), _seal(rules, words).encode()):
        return None
    name, _, until = words.partition(".")
    return base64.urlsafe_b64decode(name).decode() if int(until) > time.time() else None


def _seal(rules: Rules, words: str) -> str:
    return hmac.new(rules.key, words.encode(), sha256).hexdigest()
