"""fetch: against a server of our own on the loopback interface; nothing outside the machine is asked for anything."""

import gzip
import itertools
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
import zstandard

from allegedly.errors import FetchError, InputError
from allegedly.fetch import Client, Entry, Page, Watch, addresses, fetch, is_web_address
from allegedly.fetch.client import LONGEST_WAIT, user_agent
from allegedly.fetch.transport import target_of

MARK = 'W/"osk-\xe9-1"'
CHANGED = "Sat, 03 May 2031 10:00:00 GMT"
FEED = b"""<rss version="2.0"><channel><title>Osk</title>
<item><title>Ferry</title><link>SITE/ok</link><guid>one</guid></item>
<item><title>No link</title></item>
<item><title>Bridge</title><link>/gone</link><guid>two</guid></item></channel></rss>"""
PAGE = b"<html><head><title>Osk</title></head><body><p>The harbour of Osk is open again.</p></body></html>"
agents: list[str] = []
asked: list[tuple[str, dict[str, str]]] = []
ROBOTS = {"robots": (404, b"")}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        agents.append(self.headers["User-Agent"])
        asked.append((self.path, dict(self.headers)))
        if self.path == "/robots.txt":
            self.reply(*ROBOTS["robots"], Content_Type="text/plain")
            return
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

    def page_br(self) -> None:
        self.reply(200, brotli.compress(PAGE), Content_Encoding="br")

    def page_zstd(self) -> None:
        self.reply(200, zstandard.compress(PAGE), Content_Encoding="zstd")

    def page_twice(self) -> None:
        self.reply(200, gzip.compress(brotli.compress(PAGE)), Content_Encoding="br, gzip")

    def page_rar(self) -> None:
        self.reply(200, PAGE, Content_Encoding="rar")

    def page_long(self) -> None:
        self.reply(200, b"x" * 200_000)

    def page_marked(self) -> None:
        if self.headers["If-None-Match"] == MARK and self.headers["If-Modified-Since"] == CHANGED:
            self.reply(304, ETag=MARK)
        else:
            self.reply(200, PAGE, ETag=MARK, Last_Modified=CHANGED)

    def page_busy(self) -> None:
        tries = sum(path == self.path for path, _ in asked)
        wait = self.path.rpartition("/")[2]
        if tries < 3:
            self.reply(503, **({"Retry_After": wait} if wait.isdigit() else {}))
        else:
            self.page_ok()

    def page_feed(self) -> None:
        if self.headers["If-None-Match"] == MARK:
            self.reply(304)
        else:
            self.reply(200, FEED.replace(b"SITE", f"http://{self.headers['Host']}".encode()), ETag=MARK)

    def page_index(self) -> None:
        site = f"http://{self.headers['Host']}"
        below = "".join(f"<sitemap><loc>{site}/{path}</loc></sitemap>" for path in ("maps/a", "maps/b", "gone", "index"))
        self.reply(200, f"<sitemapindex>{below}</sitemapindex>".encode())

    def page_maps(self) -> None:
        urls = "".join(f"<url><loc>http://osk.example{self.path}/{n}</loc><lastmod>2031-05-0{n}</lastmod></url>" for n in (1, 2))
        self.reply(200, gzip.compress(f"<urlset>{urls}</urlset>".encode()), Content_Type="application/gzip")

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
        self.close_connection = True

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


def test_a_page_comes_with_its_type_and_address(site: str) -> None:
    page = fetch(f"{site}/ok", allow_private=True)
    assert (page.body, page.media_type, page.url) == (PAGE, "text/html; charset=utf-8", f"{site}/ok")
    assert page.status == 200
    assert page.retrieved.endswith("+00:00")
    assert agents[-1] == user_agent(None)


def test_redirects_are_followed_and_the_last_address_kept(site: str) -> None:
    page = fetch(f"{site}/hop", allow_private=True)
    assert (page.body, page.url, page.requested) == (PAGE, f"{site}/ok", f"{site}/hop")


@pytest.mark.parametrize("path", ["zip", "br", "zstd", "twice"])
def test_compressed_pages_are_unpacked(site: str, path: str) -> None:
    assert fetch(f"{site}/{path}", allow_private=True).body == PAGE


@pytest.mark.parametrize(
    ("path", "options", "words"),
    [
        ("gone", {}, "answered 410"),
        ("loop", {}, "more than 5 redirects"),
        ("file", {}, "not a valid web address"),
        ("bad", {}, "not a valid web address"),
        ("bomb", {"max_bytes": 100_000}, "larger than 100,000 bytes"),
        ("long", {"max_bytes": 100_000}, "larger than 100,000 bytes"),
        ("rar", {}, "packed in a way that is not known"),
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


# --- who may be asked --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "192.88.99.1",
        "168.63.129.16",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff0e::1",
        "2600::5efe:7f00:1",
        "4000::1",
    ],
)
def test_special_addresses_are_known(address: str) -> None:
    assert addresses.special(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"])
def test_public_addresses_are_public(address: str) -> None:
    assert addresses.special(address) is None


SPELLINGS = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "127.0.0.1%00",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[fe80::1%25lo]",
    "127。0。0。1",
    "１２７.0.0.1",
    "%31%32%37.0.0.1",
    "osk.example@127.0.0.1",
    "user:pass@localhost",
    "ⓛocalhost",
    "8.8.8.08",
    "0x8.0x8.0x8.0x8",
    "134744072",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_addresses_that_are_not_public_are_refused_however_spelled(site: str, host: str) -> None:
    before = len(asked)
    port = site.rpartition(":")[2]
    with pytest.raises(FetchError) as caught:
        fetch(f"http://{host}:{port}/ok")
    assert caught.value.kind == "refused"
    assert len(asked) == before


def test_a_name_that_leads_to_a_private_address_is_refused(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where it leads to a public one too."""
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(FetchError, match=r"leads to 127\.0\.0\.1, which is not a public address \(loopback\)"):
        fetch("http://osk.example/")


def test_only_the_address_that_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look-up would give another address; there is none."""
    answers = itertools.chain(["8.8.8.8"], itertools.repeat("127.0.0.1"))
    connected: list[tuple[str, int]] = []

    class Socket(socket.socket):
        def connect(self, address: tuple[str, int]) -> None:  # type: ignore[override]
            connected.append(address)
            raise OSError("unreachable")

    monkeypatch.setattr(
        addresses.socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]
    )
    monkeypatch.setattr(addresses.socket, "socket", Socket)
    with pytest.raises(FetchError, match="unreachable"):
        fetch("http://osk.example/")
    assert connected == [("8.8.8.8", 80)]


def test_the_machine_that_answers_is_checked_too(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something on the way that leads a public address elsewhere (a firewall's rule, a library) is noticed before a byte is sent."""
    port = int(site.rpartition(":")[2])
    before = len(asked)

    class Socket(socket.socket):
        def connect(self, address: tuple[str, int]) -> None:  # type: ignore[override]
            super().connect(("127.0.0.1", port))

    monkeypatch.setattr(addresses.socket, "socket", Socket)
    with pytest.raises(FetchError, match=r"led to 127\.0\.0\.1"):
        fetch("http://8.8.8.8/")
    assert len(asked) == before


def test_a_public_page_may_not_lead_to_a_private_one(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first hop is let through to our own server under a public name, which redirects to itself under its own."""
    real = addresses.connection
    port = int(site.rpartition(":")[2])

    def lenient(host: str, port_: int, timeout: float | None, *, allow_private: bool) -> socket.socket:
        return real(
            "127.0.0.1" if host == "osk.example" else host,
            port if host == "osk.example" else port_,
            timeout,
            allow_private=host == "osk.example",
        )

    monkeypatch.setattr("allegedly.fetch.transport.connection", lenient)
    monkeypatch.setattr(Handler, "page_hop", lambda self: self.reply(302, Location=f"http://localhost:{port}/ok"))
    before = len(asked)
    with pytest.raises(FetchError, match="localhost is not a public address"):
        fetch("http://osk.example/hop")
    assert [path for path, _ in asked[before:]] == ["/hop"]


@pytest.mark.parametrize(
    "url", ["http://osk.example:0/", "http://a b/", "http://a\\@b/", "http://a\tb/", "gopher://osk.example/", "http://[::1"]
)
def test_odd_web_addresses_are_not_taken_apart(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        target_of(url)


# --- manners -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def client() -> Iterator[Client]:
    asked.clear()
    ROBOTS["robots"] = (404, b"")
    with Client(contact="desk@osk.example", allow_private=True, delay=0, timeout=5) as one:
        yield one


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept, without sleeping."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def test_requests_say_who_is_asking(client: Client, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(f"{site}/ok")
    assert [path for path, _ in asked] == ["/robots.txt", "/ok"]
    assert all("Allegedly/" in headers["User-Agent"] and "desk@osk.example" in headers["User-Agent"] for _, headers in asked)
    monkeypatch.setenv("ALLEGEDLY_CONTACT", "https://osk.example/\nX: (y)")
    assert user_agent(None).endswith("contact: https://osk.example/X: y)")


def test_marks_are_sent_back_exactly(client: Client, site: str) -> None:
    page = client.get(f"{site}/marked")
    assert (page.etag, page.last_modified) == (MARK, CHANGED)
    again = client.get(f"{site}/marked", etag=page.etag, last_modified=page.last_modified)
    assert again.not_modified
    assert again.body == b""
    assert (asked[-1][1]["If-None-Match"], asked[-1][1]["If-Modified-Since"]) == (MARK, CHANGED)


def test_robots_are_asked_once_and_obeyed(client: Client, site: str) -> None:
    ROBOTS["robots"] = (200, b"User-agent: *\nDisallow: /zip\nUser-agent: allegedly\nDisallow: /br\n")
    client.get(f"{site}/zip")
    for path in ("br", "br/2"):
        with pytest.raises(FetchError, match=r"robots\.txt asks programs not to read") as caught:
            client.get(f"{site}/{path}")
        assert caught.value.kind == "refused"
    assert [path for path, _ in asked] == ["/robots.txt", "/zip"]
    assert fetch(f"{site}/br", allow_private=True).body == PAGE


@pytest.mark.usefixtures("naps")
def test_a_site_whose_robots_cannot_be_read_is_left_alone(client: Client, site: str) -> None:
    ROBOTS["robots"] = (500, b"")
    with pytest.raises(FetchError, match=r"robots\.txt could not be read \(the server answered 500"):
        client.get(f"{site}/ok")
    assert {path for path, _ in asked} == {"/robots.txt"}


def test_requests_to_a_host_keep_their_distance(client: Client, site: str, naps: list[float]) -> None:
    client.delay = 2.0
    client.get(f"{site}/hop")  # robots.txt, the page, and where it leads
    assert naps[0] == 0
    assert all(1.0 < nap <= 2.0 for nap in naps[1:])
    ROBOTS["robots"] = (200, b"User-agent: *\nCrawl-delay: 7\n")
    with Client(allow_private=True, delay=2.0) as other:
        naps.clear()
        other.get(f"{site}/ok")
    assert 6.0 < naps[-1] <= 7.0


def test_what_may_go_better_is_tried_again_with_pauses(client: Client, site: str, naps: list[float]) -> None:
    assert client.get(f"{site}/busy/unsaid").body == PAGE
    pauses = [nap for nap in naps if nap > 0]
    assert len(pauses) == 2
    assert all(1.0 <= pause <= 3.0 for pause in pauses)


def test_retry_after_is_obeyed(client: Client, site: str, naps: list[float]) -> None:
    assert client.get(f"{site}/busy/9").body == PAGE
    assert naps.count(9.0) == 2
    with pytest.raises(FetchError, match="answered 503"):
        client.get(f"{site}/busy/999999")
    count = len(asked)
    with pytest.raises(FetchError, match="asks to be left alone"):
        client.get(f"{site}/ok")
    assert len(asked) == count
    assert max(naps) <= LONGEST_WAIT


# --- lists of pages ----------------------------------------------------------------------------------------------------


def test_a_feed_is_watched(client: Client, site: str) -> None:
    watch, new = client.watch(f"{site}/feed")
    assert [entry.url if isinstance(entry, Entry) else entry.kind for entry in new] == [f"{site}/ok", "refused", f"{site}/gone"]
    assert watch == Watch(MARK, None, frozenset({"one", "two"}))
    assert client.watch(f"{site}/feed", watch) == (watch, [])
    _, again = client.watch(f"{site}/feed", watch.without(["two"]))
    assert [entry.id for entry in again if isinstance(entry, Entry)] == ["two"]
    assert watch.without(["three"]) == watch


def test_a_page_is_no_feed(client: Client, site: str) -> None:
    page = client.get(f"{site}/ok")
    assert isinstance(page, Page)
    assert client.listed(page) is None
    with pytest.raises(InputError, match="a web page \\(HTML\\), not a feed"):
        client.watch(f"{site}/ok")


def test_an_index_of_sitemaps_is_followed_to_its_end(client: Client, site: str) -> None:
    listed = list(client.listed(client.get(f"{site}/index"), depth=1) or [])
    assert [entry.url for entry in listed if isinstance(entry, Entry)][:4] == [
        f"http://osk.example/maps/{n}" for n in ("a/1", "a/2", "b/1", "b/2")
    ]
    errors = [str(error) for error in listed if isinstance(error, InputError)]
    assert any("answered 410" in error for error in errors)
    assert any("nested too deep" in error for error in errors)


def test_connections_are_used_again(client: Client, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = addresses.connection

    def counted(host: str, *args: object, **options: object) -> socket.socket:
        made.append(host)
        return real(host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("allegedly.fetch.transport.connection", counted)
    ROBOTS["robots"] = (200, b"")
    for _ in range(3):
        client.get(f"{site}/ok")
    assert len(made) == 1


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


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with")
def test_encrypted_connections_are_for_the_host_that_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the connection is made to an address, the certificate must be the name's."""
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key -out cert -subj /CN=osk.example -addext subjectAltName=DNS:osk.example"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)  # type: ignore[assignment]
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    port = server.server_address[1]
    monkeypatch.setattr(
        addresses.socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    )
    with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(f"https://osk.example:{port}/ok", allow_private=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
    assert fetch(f"https://osk.example:{port}/ok", allow_private=True).body == PAGE
    with pytest.raises(FetchError, match="Hostname mismatch"):
        fetch(f"https://other.example:{port}/ok", allow_private=True)
    assert names == ["osk.example", "osk.example", "other.example"]
    server.shutdown()
    server.server_close()
