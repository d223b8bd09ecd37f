"""The web application: its pages in three forms, how it is guarded, and how it answers what is wrong."""

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from test_ask import ARTICLES
from test_record import jsonl, run

from allegedly.cli import serve
from allegedly.compare.claims import claims
from allegedly.errors import InputError
from allegedly.inquiry.comparing import compare
from allegedly.ledger import Entry, Ledger, listings, search
from allegedly.records import Polarity, Reading
from allegedly.web import create
from allegedly.web import pages as pages_of_web
from allegedly.web.answers import NAVIGATION, address, article_url, link
from allegedly.web.pages import CHOICES, reads_as_claim
from allegedly.web.security import Rules, loopback, opened, rules_for, sealed

HERE = "http://127.0.0.1:8765"
LISTINGS = ("/search", "/matters?every=true", "/stories?every=true", "/entities?every=true", "/copies", "/outlets", "/sources")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four articles, read by the package's own reader."""
    folder = tmp_path_factory.mktemp("web")
    assert run("add", "-l", folder / "l.db", jsonl(folder / "articles.jsonl", ARTICLES)).exit_code == 0
    with Ledger.open(folder / "l.db") as opened_ledger:
        opened_ledger.keep_watch("https://herald.example/feed", error="it did not answer")
    return folder / "l.db"


@pytest.fixture(scope="module")
def client(ledger: Path) -> Iterator[TestClient]:
    with TestClient(create(ledger), base_url=HERE, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def with_parameter(path: str, parameter: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{parameter}"


# --- three forms -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTINGS)
def test_a_page_its_json_and_its_csv_say_the_same(client: TestClient, path: str) -> None:
    page, plain, table = (client.get(one) for one in (path, f"/api{path}", with_parameter(path, "format=csv")))
    assert [one.status_code for one in (page, plain, table)] == [200, 200, 200]
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in table.headers["content-disposition"]
    rows = plain.json()["rows"]
    cells = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == len(cells) > 0
    assert list(rows[0]) == list(cells[0])
    assert client.get(with_parameter(path, "format=json")).json()["rows"] == rows
    assert "<h1" in page.text


def test_the_command_line_has_the_same_rows(client: TestClient, ledger: Path) -> None:
    for path, command in (
        ("/api/matters?every=true", ("matters", "--all")),
        ("/api/copies", ("copies",)),
        ("/api/search?q=depot", ("search", "depot")),
    ):
        assert client.get(path).json()["rows"] == json.loads(run(*command, "-l", ledger, "--format", "json").stdout)


@pytest.mark.parametrize(
    "path", ["/api/matters?every=true", "/api/stories?every=true", "/api/entities?every=true", "/api/copies", "/api/search"]
)
def test_pages_follow_one_another_and_lose_nothing(client: TestClient, path: str) -> None:
    whole = client.get(path).json()["rows"]
    found: list[Any] = []
    following: str | None = with_parameter(path, "limit=1")
    while following:
        answer = client.get(following)
        found += answer.json()["rows"]
        following = answer.json()["next"]
        assert answer.headers.get("link") == (f'<{following}>; rel="next"' if following else None)
        assert len(found) <= len(whole)
    assert found == whole


def test_a_page_leads_to_the_next(client: TestClient) -> None:
    page = client.get("/matters?every=true&limit=1").text
    assert 'rel="next" href="/matters?every=true&amp;limit=1&amp;after=' in page


@pytest.mark.parametrize("path", ["/", "/help", *LISTINGS, "/trace"])
def test_an_empty_ledger_has_every_page(empty_ledger: str, path: str) -> None:
    with TestClient(create(empty_ledger), base_url=HERE, follow_redirects=False) as client:
        assert client.get(path).status_code == 200
        if path != "/help":
            assert client.get(f"/api{path}".rstrip("/")).json()["rows"] == []


def test_a_page_is_kept_until_the_ledger_changes(
    empty_ledger: str, make_reading: Callable[[str], Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    latest = Ledger.latest

    def noted(self: Ledger, **asked: Any) -> Any:
        made.append(self.stamp())
        return latest(self, **asked)

    monkeypatch.setattr(Ledger, "latest", noted)
    with TestClient(create(empty_ledger), base_url=HERE) as client:
        first, again = client.get("/"), client.get("/")
        assert (first.text, dict(first.headers), len(made)) == (again.text, dict(again.headers), 1)
        table = client.get("/?format=csv")
        assert "attachment" in table.headers["content-disposition"]
        with Ledger.open(empty_ledger) as ledger:
            ledger.add([Entry(make_reading("osk-9"))])
        assert client.get("/").text != first.text
        assert len(set(made)) == 2


def test_every_link_of_the_first_page_leads_somewhere(client: TestClient) -> None:
    import lxml.html

    page = client.get("/")
    assert all(path in page.text for path, _ in NAVIGATION)
    for href in {str(one) for one in lxml.html.document_fromstring(page.text).xpath("//a/@href")}:
        assert href.startswith(("/", "#"))
        assert client.get(href).status_code == 200, href


def test_postgresql_and_sqlite_answer_alike(empty_ledger: str, postgresql_ledger: str, make_reading: Callable[[str], Reading]) -> None:
    answers = []
    for where in (empty_ledger, postgresql_ledger):
        with Ledger.open(where) as filled:
            filled.add([Entry(reading, None, claims(reading)) for reading in map(make_reading, ("one", "two", "three"))])
            compare(filled)
            filled.keep_watch("https://news.example/feed", seen=["a", "b"])
        with TestClient(create(where), base_url=HERE) as client:
            found = [client.get(f"/api{path}").json() for path in ("", "/search?q=bridge&act=ASSAULT", "/outlets/1", *LISTINGS)]
        answers.append([one | {"rows": [{**row, "fetched": None} for row in one["rows"]]} for one in found])
    assert answers[0] == answers[1]


# --- search ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["", "depot", "depot&polarity=negated", "depot&entity=Edda+Marlow&voice=source"])
def test_a_facet_counts_what_it_leads_to(client: TestClient, asked: str) -> None:
    found = client.get(f"/api/search?q={asked}").json()
    assert found["more"] is False
    tried = 0
    for name in ("outlet", "genre", "act", "polarity", "status", "voice"):
        for one in found["facets"][name] if f"{name}=" not in asked else ():
            narrowed = client.get(
                f"/api/search?q={asked}",
                params={"q": asked.partition("&")[0], **dict(p.split("=") for p in asked.split("&")[1:]), name: one["value"]},
            )
            assert narrowed.json()["found"] == one["articles"], (name, one)
            tried += 1
    assert tried > 8 or "polarity" in asked or "entity" in asked
    assert sum(one["articles"] for one in found["facets"]["month"]) == found["found"]


def test_names_are_offered_only_where_their_counts_hold(client: TestClient) -> None:
    """They are counted over articles; asked for with something else of a statement, they must take part in that statement."""
    named = 'href="/search?q=depot&amp;entity='
    assert named in client.get("/search?q=depot").text
    assert "entity=" not in client.get("/search?q=depot&act=ASSAULT").text


def test_a_page_with_fewer_rows_than_it_could_have_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is rare, only so many articles are looked at for a page: it is not said to be found nowhere while there are older ones."""
    monkeypatch.setattr(search, "LOOKED", 1)
    monkeypatch.setattr(listings, "COUNTED", 1)
    path, pages = "/search?act=ASSAULT&status=actual&polarity=affirmed&limit=1", []
    while path:
        pages.append(client.get(path).text)
        path = client.get(f"/api{path}").json()["next"]
        path = path and path.removeprefix("/api")
    assert "Not found in the newest articles that were looked at" in pages[0]
    assert "Fewer than usual" in pages[0]
    assert any("Veldania accused" in page for page in pages[1:])
    assert not any("Not found in these" in page for page in pages)
    assert "Not found in these 4 articles" in client.get("/search?q=zebra").text


def test_every_quotation_of_a_search_a_trace_and_a_copy_leads_to_its_place(client: TestClient) -> None:
    found = client.get("/search?q=shelled").text
    assert re.search(r'class="gist" href="/article\?id=herald-2&amp;at=\d+-\d+#at"', found)
    assert '<p class="passage"><a href="/article?id=herald-2#:~:text=' in found
    traced = client.get("/trace", params={"claim": "The Veldanian army shelled the depot at Tamar."}).text
    quotations = re.findall(r'<blockquote><a href="([^"]+)"', traced)
    assert quotations
    assert all(re.search(r"&amp;at=\d+-\d+#at$", one) for one in quotations)
    for page in (client.get("/copies").text, client.get("/").text):
        assert re.search(r'<blockquote><a href="/article\?id=herald-1&amp;at=0-\d+#at"', page)
    assert 'href="/copies/pair?one=herald-1&amp;other=echo-1"' in client.get("/copies").text


def test_copies_are_counted_beside_wherever_a_claim_is_traced(client: TestClient) -> None:
    claim = "The governor promised that seed for the spring would be bought from Kestria."
    assert "2 articles (1 without copies)</span></h3>" in client.get("/trace", params={"claim": claim}).text
    rows = client.get("/api/matters").json()["rows"]
    assert client.get("/matters").text.count("(copies counted)") == sum(row["articles"] != row["origins"] for row in rows) > 0


def test_choices_are_the_vocabularies(client: TestClient) -> None:
    assert CHOICES["polarity"] == get_args(Polarity)
    for name, values in CHOICES.items():
        for value in values:
            assert client.get("/api/search", params={name: value}).status_code == 200


def test_a_pasted_sentence_is_traced(client: TestClient, ledger: Path) -> None:
    claim = "The Veldanian army shelled the depot at Tamar."
    found = client.get("/search", params={"q": claim})
    assert (found.status_code, found.headers["location"]) == (303, address("/trace", claim=claim))
    assert client.get("/search", params={"q": claim, "words": "true"}).status_code == 200
    traced = client.get("/api/trace", params={"claim": claim}).json()
    assert traced["stated"] is True
    assert traced["rows"] == json.loads(run("trace", claim, "-l", ledger, "--format", "json").stdout)
    page = client.get("/trace", params={"claim": claim}).text
    assert "Veldania Star" in page
    assert "NOT" in page
    assert client.get("/api/trace?claim=Grain.").json() | {"articles": 4} == {"claim": "Grain.", "stated": False, "articles": 4, "rows": []}


def test_only_copies_are_called_copies(client: TestClient) -> None:
    """A row's field, and not a method of dictionaries, is what a template gets of `row.copy`."""
    claim = "The governor promised that seed for the spring would be bought from Kestria."
    rows = client.get("/api/trace", params={"claim": claim}).json()["rows"]
    page = client.get("/trace", params={"claim": claim}).text
    assert 0 < sum(row["copy"] for row in rows) == page.count("copy of a text above") < len(rows)


@pytest.mark.parametrize(
    ("words", "claim"),
    [
        ("bridge", False),
        ("bridge at Osk", False),
        ('"the army shelled the bridge" at Osk now.', False),
        ("army -shelled the bridge at Osk.", False),
        ("The army shelled the bridge.", True),
        ("Did the army shell the bridge?", True),
        ("the army shelled the bridge at Osk on the night of 9 May", True),
    ],
)
def test_what_reads_as_a_claim(words: str, claim: bool) -> None:
    assert reads_as_claim(words) is claim


# --- what is wrong -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/outlets/99", 404),
        ("/copies?article=none", 404),
        ("/matters?limit=0", 422),
        ("/matters?after=x", 422),
        ("/search?since=2026-02-30", 422),
        ("/search?since=12", 422),
        ("/search?act=PARTY", 422),
        ("/outlets/99999999999999999999", 422),
    ],
)
def test_errors_have_one_shape(client: TestClient, path: str, status: int) -> None:
    found = client.get(f"/api{path}")
    assert (found.status_code, found.headers["content-type"]) == (status, "application/problem+json")
    problem = found.json()
    assert set(problem) == {"type", "title", "status", "detail", "advice", "errors"}
    assert (problem["status"], bool(problem["detail"]), bool(problem["advice"])) == (status, True, True)
    page = client.get(path)
    assert (page.status_code, "<h1>" in page.text, page.headers["content-type"]) == (status, True, "text/html; charset=utf-8")


def test_an_address_without_a_page_is_said_to_be_one(client: TestClient) -> None:
    page = client.get("/nowhere").text
    assert "<h1>Not found</h1>" in page
    assert "There is no page at this address." in page


def test_help_names_every_key_and_code(client: TestClient) -> None:
    page = client.get("/help").text
    templates = (Path(pages_of_web.__file__).parent / "templates").iterdir()
    keys = {key for one in templates for key in re.findall(r'data-(?:do|key)="(.)"', one.read_text("utf8"))}
    assert keys <= set(re.findall("<kbd>(.)</kbd>", page))
    assert all(act in page for act in CHOICES["act"])


def test_other_methods_are_refused_in_the_same_shape(client: TestClient) -> None:
    found = client.delete("/api/matters")
    assert (found.status_code, found.headers["content-type"], found.headers["allow"]) == (405, "application/problem+json", "GET")
    assert client.delete("/api/review").headers["allow"] == "GET, POST"
    assert client.put("/api/entities/1/decide").headers["allow"] == "GET, POST"


def test_a_fault_of_the_program_is_answered_and_guarded(ledger: Path) -> None:
    application = create(ledger)

    @application.get("/api/fault")
    def fault() -> None:
        raise RuntimeError("secret")

    with TestClient(application, base_url=HERE, raise_server_exceptions=False) as client:
        found = client.get("/api/fault")
    assert (found.status_code, found.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in found.text
    assert "default-src 'none'" in found.headers["content-security-policy"]


def test_a_ledger_that_goes_away_is_said(empty_ledger: str) -> None:
    with TestClient(create(empty_ledger), base_url=HERE) as client:
        Path(empty_ledger).unlink()
        found = client.get("/api/matters")
    assert (found.status_code, "no ledger" in found.json()["detail"]) == (503, True)


# --- who may ask -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api/matters", "/nothing", "/static/app.css", "/api/openapi.json"])
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8765", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("evil.example:8765", 400),
        ("localhost@evil.example", 400),
        ("evil.example/localhost", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_only_its_own_names_are_answered(client: TestClient, host: str, status: int) -> None:
    found = client.get("/api/matters", headers={"Host": host})
    assert found.status_code == status
    assert status == 200 or found.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": HERE}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": HERE}, True),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, True),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "http://127.0.0.1:9999"}, True),
        ({"Origin": "null"}, True),
    ],
)
def test_other_sites_change_nothing(client: TestClient, headers: dict[str, str], refused: bool) -> None:
    assert (client.post("/logout", headers=headers).status_code == 403) is refused


def test_other_sites_link_to_a_page_and_fetch_nothing(client: TestClient) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert client.get("/api/matters", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}).status_code == 403
    assert client.get("/static/app.js", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}).status_code == 403


def test_a_body_has_a_size_and_a_type(client: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=b"x" * (1 << 21), headers=form).status_code == 413
    assert client.post("/login", content=iter([b"name=" + b"x" * (1 << 20)] * 3), headers=form).status_code == 413
    assert client.post("/login", content=b"<x/>", headers={"Content-Type": "application/xml"}).status_code == 415


PASSWORD = "a long password"


@pytest.fixture
def locked(ledger: Path) -> Iterator[TestClient]:
    rules = rules_for("0.0.0.0", password=PASSWORD, names=["news.example"], user="somebody")
    with TestClient(create(ledger, rules=rules), base_url="http://news.example", follow_redirects=False) as client:
        yield client


def test_a_password_is_asked_for(locked: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allegedly.web.pages.WAIT", 0)
    assert locked.get("/api/matters").status_code == 401
    assert locked.get("/api/openapi.json").status_code == 401
    assert locked.get("/matters?every=true").headers["location"] == "/login?to=/matters%3Fevery%3Dtrue"
    assert locked.get("/static/app.css").status_code == 200
    assert locked.post("/login", data={"name": "Ada", "password": "another one"}).status_code == 401
    assert locked.post("/login", data={"name": "  ", "password": PASSWORD}).status_code == 401
    found = locked.post("/login", data={"name": "Ada", "password": PASSWORD, "to": "/matters?every=true"})
    assert (found.status_code, found.headers["location"]) == (303, "/matters?every=true")
    cookie = found.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    page = locked.get("/matters")
    assert (page.status_code, "you are Ada" in page.text, page.headers["cache-control"]) == (200, True, "no-store")
    assert 'action="/logout"' in page.text
    assert locked.post("/logout").status_code == 303
    assert locked.get("/matters").status_code == 303
    assert "/logout" not in locked.get("/login").text


def test_nobody_logs_out_where_there_is_no_password(client: TestClient) -> None:
    assert "/logout" not in client.get("/").text


def test_a_program_sends_a_token(locked: TestClient) -> None:
    assert locked.get("/api/matters", headers={"Authorization": f"Bearer {PASSWORD}"}).status_code == 200
    for wrong in ("Bearer another one", f"Basic {PASSWORD}", "Bearer", f"Bearer {PASSWORD}x", "Bearer \xe9"):
        assert locked.get("/api/matters", headers={"Authorization": wrong.encode("latin-1")}).status_code == 401


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "", "javascript:x"]
)
def test_logging_in_leads_to_no_other_site(locked: TestClient, to: str) -> None:
    assert locked.post("/login", data={"name": "Ada", "password": PASSWORD, "to": to}).headers["location"] == "/"


def test_a_cookie_holds_for_a_time_and_for_one_server(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, others = Rules(password=PASSWORD), Rules(password=PASSWORD)
    cookie = sealed(rules, "Ädä. x")
    assert opened(rules, cookie) == "Ädä. x"
    assert opened(others, cookie) is None
    assert [opened(rules, one) for one in ("", "x", "a.b.c", cookie[:-1], cookie.replace(".", ",", 1))] == [None] * 5
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 31 * 86_400)
    assert opened(rules, cookie) is None


def test_nothing_but_this_machine_without_a_password() -> None:
    assert [loopback(host) for host in ("127.0.0.1", "127.1.2.3", "::1", "localhost", "0.0.0.0", "::", "192.168.1.5", "news.example")] == [
        True
    ] * 4 + [False] * 4
    for host in ("0.0.0.0", "::", "192.168.1.5", "news.example"):
        with pytest.raises(InputError, match="Give a password"):
            rules_for(host, password=None, names=[], user="x")
    with pytest.raises(InputError, match="too short"):
        rules_for("0.0.0.0", password="short", names=[], user="x")
    assert "192.168.1.5" in rules_for("192.168.1.5", password=PASSWORD, names=[], user="x").hosts
    assert "0.0.0.0" not in rules_for("0.0.0.0", password=PASSWORD, names=[], user="x").hosts


# --- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://news.example/a?b=c#d", True),
        ("http://news.example", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        (" https://news.example", False),
        ("https://news.example/a b", False),
        ("https://news.example/\x01", False),
        ("//news.example", False),
        ("data:text/html,x", False),
        (None, False),
    ],
)
def test_links_out_are_web_addresses(url: str | None, followed: bool) -> None:
    assert link(url) == (url if followed else "")


def test_an_article_is_linked_by_any_id() -> None:
    assert article_url("a/../b?c&d#e\ud800") == "/article?id=a%2F..%2Fb%3Fc%26d%23e%3F"
    assert article_url("x", (3, 9)) == "/article?id=x&at=3-9#at"


# --- the command -------------------------------------------------------------------------------------------------------


def test_serve_says_what_is_wrong(tmp_path: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLEGEDLY_PASSWORD", raising=False)
    found = run("serve", "-l", tmp_path / "none.db")
    assert (found.exit_code, "there is no ledger here" in found.stderr) == (1, True)
    found = run("serve", "-l", ledger, "--host", "0.0.0.0")
    assert (found.exit_code, "--password-file" in found.stderr) == (1, True)
    found = run("serve", "-l", ledger, "--host", "0.0.0.0", "--password-file", tmp_path / "none.txt")
    assert (found.exit_code, "could not be read" in found.stderr) == (1, True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = run("serve", "-l", ledger, "--port", taken.getsockname()[1])
    assert (found.exit_code, "Give another port" in found.stderr) == (1, True)
    monkeypatch.setitem(__import__("sys").modules, "uvicorn", None)
    found = run("serve", "-l", ledger)
    assert (found.exit_code, 'pip install "allegedly[web]"' in found.stderr) == (1, True)


FIRST_PAGE = f"""
import sys
from fastapi.testclient import TestClient
from allegedly.cli import main
from allegedly.web import create
with TestClient(create(sys.argv[1]), base_url="{HERE}") as client:
    assert client.get("/").status_code == 200
print(*sys.modules)
"""


def test_the_first_page_waits_for_no_reader(empty_ledger: str) -> None:
    """What reads articles and compares them takes as long to load as all the rest: it comes when it is needed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", FIRST_PAGE, empty_ledger], env=environment, capture_output=True, check=True)
    loaded = set(found.stdout.decode().split())
    assert not loaded & {"onnxruntime", "allegedly.reading", "allegedly.model", "allegedly.compare.claims", "rich"}


def test_serve_serves(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    asked: list[int] = []

    def answered(self: uvicorn.Server, sockets: list[socket.socket]) -> None:
        with TestClient(self.config.app, base_url=f"http://127.0.0.1:{sockets[0].getsockname()[1]}") as client:  # type: ignore[arg-type]
            asked.append(client.get("/").status_code)
        sockets[0].close()

    monkeypatch.setattr(uvicorn.Server, "run", answered)
    found = run("serve", "-l", ledger, "--port", 0)
    assert (found.exit_code, asked) == (0, [200]), found.stderr
    assert "is at http://127.0.0.1:" in found.stderr
    assert serve.HELP.splitlines()[0] in run("serve", "--help").stdout


# --- OpenAPI -----------------------------------------------------------------------------------------------------------


def test_openapi_describes_every_page_and_every_error(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    assert {f"/api{path}".rstrip("/") for path, _ in NAVIGATION} <= set(described["paths"])
    for path in described["paths"].values():
        for method, operation in path.items():
            assert {"400", "401", "403", "404", "422"} <= set(operation["responses"])
            assert method == "get" or {"409", "413", "415"} <= set(operation["responses"])
    assert "HTTPValidationError" not in described["components"]["schemas"]
