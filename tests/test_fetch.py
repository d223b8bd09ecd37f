"""fetch: against a server of our own on the loopback interface; nothing outside the machine is asked for anything."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from allegedly.errors import FetchError, InputError
from allegedly.fetch import USER_AGENT, fetch, is_web_address

PAGE = b"<html><head><title>Osk</title></head><body><p>The harbour of Osk is open again.</p></body></html>"
agents: list[str] = []


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        agents.append(self.headers["User-Agent"])
        kind = self.path.strip("/").partition("/")[0]
        getattr(self, f"page_{kind}")()

    def log_message(self, *args: object) -> None:
        pass

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page_ok(self) -> None:
        self.reply(200, PAGE, Content_Type="text/html; charset=utf-8")

    def page_zip(self) -> None:
        self.reply(200, gzip.compress(PAGE), Content_Type="text/html", Content_Encoding="gzip")

    def page_bomb(self) -> None:
        self.reply(200, gzip.compress(b"x" * 5_000_000), Content_Encoding="gzip")

    def page_badzip(self) -> None:
        self.reply(200, b"not gzip at all", Content_Encoding="gzip")

    def page_gone(self) -> None:
        self.reply(410)

    def page_hop(self) -> None:
        self.reply(302, Location="/ok")

    def page_loop(self) -> None:
        self.reply(302, Location="/loop")

    def page_file(self) -> None:
        self.reply(302, Location="file:///etc/hostname")

    def page_bad(self) -> None:
        self.reply(302, Location="http://[half")

    def page_slow(self) -> None:
        time.sleep(1.5)

    def page_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def page_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"short")
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that hung up is what some of these tests are about


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_page_comes_with_its_type_and_address(site: str) -> None:
    page = fetch(f"{site}/ok", allow_private=True)
    assert (page.body, page.media_type, page.url) == (PAGE, "text/html; charset=utf-8", f"{site}/ok")
    assert agents[-1] == USER_AGENT


def test_redirects_are_followed_and_the_last_address_kept(site: str) -> None:
    page = fetch(f"{site}/hop", allow_private=True)
    assert (page.body, page.url, page.requested) == (PAGE, f"{site}/ok", f"{site}/hop")


def test_compressed_pages_are_unpacked(site: str) -> None:
    assert fetch(f"{site}/zip", allow_private=True).body == PAGE


@pytest.mark.parametrize(
    ("path", "options", "words"),
    [
        ("gone", {}, "answered 410"),
        ("loop", {}, "more than 5 redirects"),
        ("file", {}, "not a web address"),
        ("bad", {}, "not a valid web address"),
        ("bomb", {"max_bytes": 100_000}, "larger than 100,000 bytes"),
        ("badzip", {}, "could not be read"),
        ("slow", {"timeout": 0.3}, "no answer within 0.3 seconds"),
        ("drip", {"deadline": 0.3}, "too long"),
        ("cut", {}, "could not be read"),
    ],
)
def test_what_goes_wrong_is_said(site: str, path: str, options: dict[str, float], words: str) -> None:
    with pytest.raises(FetchError, match=words) as caught:
        fetch(f"{site}/{path}", allow_private=True, **options)  # type: ignore[arg-type]
    assert caught.value.name == f"{site}/{path}"
    assert isinstance(caught.value, InputError)


def test_addresses_that_are_not_public_are_refused(site: str) -> None:
    asked = len(agents)
    for url in (
        f"{site}/ok",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
    ):
        with pytest.raises(FetchError, match="not a public address"):
            fetch(url)
    assert len(agents) == asked


def test_a_public_page_may_not_lead_to_a_private_one(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first name resolves to a public address, the redirect's to a private one; only the second check can see it."""
    from allegedly import fetch as module

    real = socket.getaddrinfo
    asked = 0

    def resolve(host: str, *args: object, **kwargs: object) -> object:
        nonlocal asked
        asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))] if asked == 1 else real(host, *args, **kwargs)

    monkeypatch.setattr(module, "_check_peer", lambda *_: None)
    monkeypatch.setattr(module.socket, "getaddrinfo", resolve)
    with pytest.raises(FetchError, match="not a public address"):
        fetch(f"{site}/hop")


def test_the_machine_that_answers_is_checked_too(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from allegedly import fetch as module

    monkeypatch.setattr(module, "_check_address", lambda *_, **__: False)
    with pytest.raises(FetchError, match="not a public address"):
        fetch(f"{site}/ok")


NO_PAGES = [
    "ftp://osk.example/a",
    "http://",
    "osk",
    "http://osk.invalid/",
    "http://exa mple/",
    f"http://{'a' * 300}.example/",
    "http://x:99999/",
]


@pytest.mark.parametrize("url", NO_PAGES)
def test_what_is_no_page_is_an_error(url: str) -> None:
    with pytest.raises(FetchError):
        fetch(url, timeout=3)


def test_a_closed_port_is_an_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="could not be read"):
        fetch(f"http://127.0.0.1:{port}/", allow_private=True)


def test_web_addresses_are_told_from_paths() -> None:
    assert is_web_address("https://osk.example/a")
    assert is_web_address("HTTP://osk.example")
    assert not is_web_address("articles/http.txt")
    assert not is_web_address("ftp://osk.example")
