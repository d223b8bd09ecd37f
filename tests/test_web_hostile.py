"""Script injection: 200 payloads in every text field that an article can carry, on every page, error page and export.

Nothing of an article may become markup. Pages are parsed and held against what our own templates may hold: their elements, and no script
but our modules, no event handlers, no styles, no addresses but http, https and our own. A part of it is opened in Chromium, which would run what
the parser overlooks.
"""

import io
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import lxml.html
import pytest
from fastapi.testclient import TestClient

from allegedly.compared import Argument, Claim, Party
from allegedly.export import EXPORTS
from allegedly.inquiry.comparing import compare
from allegedly.ledger import Entry, Ledger
from allegedly.records import (
    Article,
    Attribution,
    Dateline,
    Entity,
    Evaluation,
    Event,
    Genre,
    Mention,
    Note,
    Quantity,
    Reader,
    Reading,
    Reason,
    Span,
    Statement,
    Translation,
    Unread,
    When,
    Where,
    Wording,
)
from allegedly.web import create

# --- payloads ----------------------------------------------------------------------------------------------------------

RUN = "alert(1)"
BREAKS = (
    "",
    '">',
    "'>",
    "`>",
    "</title>",
    "</textarea>",
    "</script>",
    "</style>",
    "--><!-- ",
    "]]>",
    "&quot;>",
    '\\">',
    "</option></select>",
)
ELEMENTS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT >",
    f"<img src=x onerror={RUN}>",
    f"<svg/onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<iframe srcdoc='<script>{RUN}</script>'>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<math><mi xlink:href=javascript:{RUN}>x",
    f"<style>@import 'javascript:{RUN}'</style>",
)
ATTRIBUTES = tuple(
    f"{mark} {name}={mark}{RUN}{mark} x={mark}"
    for mark in ('"', "'", "`")
    for name in ("onmouseover", "onfocus", "style", "autofocus onfocus")
)
ADDRESSES = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f" javascript:{RUN}",
    f"java\tscript:{RUN}",
    f"java\nscript:{RUN}",
    f"\x01javascript:{RUN}",
    f"javascript&colon;{RUN}",
    f"&#106;avascript:{RUN}",
    f"javascript://news.example/%0a{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f"//evil.example/{RUN}",
    f'http://news.example/"onmouseover="{RUN}',
    f"http://news.example/' onfocus='{RUN}",
    f"https://news.example/<script>{RUN}</script>",
)
ODD = (
    "{{ 7 * 7 }}{{ cycler.__init__.__globals__ }}",
    "{% raw %}{{ config }}{% endraw %}",
    "${alert(1)}#{alert(1)}",
    "<%= alert(1) %>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\u202e<script>alert(1)</script>\u202c",
    "\ufeff<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "\u2028alert(1)\u2029",
    "<!--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\u003cscript\\u003ealert(1)",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=javascript:alert(1)><button>x",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '=HYPERLINK("http://evil.example";"x")',
)
PAYLOADS = list(dict.fromkeys([*(a + b for a in BREAKS for b in ELEMENTS), *ATTRIBUTES, *ADDRESSES, *ODD]))
COUNT = 200
DOUBLED = 12
"""Payloads whose article is there a second time in another outlet, so that there are copies, stories and disputed matters."""


def test_there_are_two_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) >= COUNT


# --- articles ----------------------------------------------------------------------------------------------------------


def hostile_text(payload: str, number: int, *, denied: bool) -> tuple[str, dict[str, Span]]:
    """A text of a sentence and a passage with the payload throughout, and where its parts stand."""
    text = ""
    spans: dict[str, Span] = {}

    def put(words: str, name: str = "") -> None:
        nonlocal text
        if name:
            spans[name] = (len(text), len(text) + len(words))
        text += words

    put(payload, "actor")
    put(" did not strike" if denied else " struck", "predicate")
    put(" ")
    put(payload, "recipient")
    put(", ")
    put(payload, "source")
    put(" said in ")
    put(payload, "place")
    put(".\n\n")
    put(
        " ".join(f"{word}{number}" for word in PASSAGE[:20]) + f" {payload} " + " ".join(f"{word}{number}" for word in PASSAGE[20:]) + ".",
        "passage",
    )
    return text, spans


def hostile_reading(payload: str, number: int, outlet: str, *, denied: bool = False) -> Reading:
    """A reading with the payload in every field that takes words."""
    text, spans = hostile_text(payload, number, denied=denied)
    first = (0, spans["place"][1] + 1)

    def at(name: str) -> tuple[Span, ...]:
        return (spans[name],)

    title = f"{payload} struck"
    mentions = tuple(
        Mention(f"m{i}", *spans[one], spans[one], "organization", True, f"e{i}", 0.9) for i, one in enumerate(("actor", "recipient"))
    )
    entities = tuple(
        Entity(f"e{i}", f"{payload}{mark}", "organization", payload[:3], payload[:3], (payload, payload * 2), (f"m{i}",), payload)
        for i, mark in enumerate(("", " second"))
    )
    said = Attribution(
        "a0", at("source"), ((spans["source"][1] + 1, spans["source"][1] + 5),), (first,), "e1", "indirect", "says", None, 0.9
    )
    event = Event("ASSAULT", "ASSAULT", payload, (payload,), 4, payload, 0.9)
    polarity = "negated" if denied else "affirmed"
    common = {"actor_entities": ("e0",), "recipient_entities": ("e1",), "event": event, "polarity": polarity, "status": "actual"}
    common |= {"sure_rule": payload, "sure_score": 0.9, "sourcing": "named"}
    statements = (
        Statement(
            "s0",
            "text",
            at("predicate"),
            payload,
            at("actor"),
            at("recipient"),
            (),
            voice="a0",
            **common,  # type: ignore[arg-type]
            quantities=(Quantity(1.0, None, None, payload, payload, spans["recipient"]),),
            time=When("2026-05-09", "2026-05-09", "day", spans["predicate"], payload),
            place=Where(payload, payload[:3], 1.0, 2.0, "city", spans["place"], payload),
        ),
        Statement("s1", "title", ((0, len(payload)),), payload, ((0, len(payload)),), (), (), voice="author", **common),  # type: ignore[arg-type]
    )
    article = Article(
        id=f"{number}{outlet}{payload}",
        text=text,
        url=payload,
        title=title,
        outlet=f"{payload}{outlet}",
        authors=(payload, payload),
        published=f"2026-05-{1 + number % 28:02d}",
        modified=payload,
        dateline=Dateline(payload, payload),
        language=payload,
        translation=Translation(payload, "human", payload),
        genre=Genre("report", 0.9, (first,)),
        notes=(Note("disclaimer", *spans["passage"], payload),),
    )
    return Reading(
        article=article,
        sentences=(first, spans["passage"]),
        mentions=mentions,
        entities=entities,
        attributions=(said,),
        statements=statements,
        evaluations=(Evaluation("v0", "author", at("recipient"), "e1", -1, 0.9, at("predicate")),),
        wording=(Wording("w0", "label", *spans["actor"], "e0", payload, 0.9),),
        reasons=(Reason("r0", "s0", "s1", "supports", spans["predicate"], payload, 0.9),),
        thesis="s0",
        unread=(Unread(*spans["passage"], payload),),
        reader=Reader(payload, "0" * 64, "1" * 64),
    )


PASSAGE = [
    "the",
    "northern",
    "depot",
    "burned",
    "down",
    "late",
    "in",
    "winter",
    "while",
    "firemen",
    "from",
    "three",
    "villages",
    "fought",
    "until",
    "morning",
    "and",
    "farmers",
    "carried",
    "sacks",
    "across",
    "a",
    "frozen",
    "river",
    "on",
    "sledges",
    "and",
    "in",
    "their",
    "arms",
    "so",
    "that",
    "nobody",
    "went",
    "hungry",
    "before",
    "the",
    "spring",
    "came",
]


def hostile_claim(reading: Reading, payload: str) -> Claim:
    words = reading.article.text[slice(*reading.sentences[0])]
    statement = reading.statements[0]
    arguments = (Argument("actor", payload, (payload,)), Argument("core", f"{payload} second", (payload,)))
    parties = ((Party(payload, "organization"),), (Party(f"{payload} second", "organization"),))
    return Claim(
        0, reading.article.id, "s0", words, "strike", "ASSAULT", *parties, payload, ("strike", payload), statement.polarity, "actual",
        payload, "says", "named", start="2026-05-09", end="2026-05-09", place=payload, senses=("strike",), negative=statement.polarity == "negated",
        arguments=arguments,
    )  # fmt: skip


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    chosen = PAYLOADS[:: max(1, len(PAYLOADS) // COUNT)][:COUNT]
    assert len(chosen) == COUNT
    return [
        hostile_reading(payload, n, outlet, denied=outlet == "B")
        for n, payload in enumerate(chosen)
        for outlet in ("A", *("B" for _ in [0] if n < DOUBLED))
    ]


@pytest.fixture(scope="module")
def hostile_ledger(readings: list[Reading], ledger_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "l.db"
    path.write_bytes(ledger_template.read_bytes())
    with Ledger.open(path) as ledger:
        entries = [Entry(one, None, (hostile_claim(one, payload_of(one)),)) for one in readings]
        for first in range(0, len(entries), 100):
            ledger.add(entries[first : first + 100])
        compare(ledger)
        for n, payload in enumerate(PAYLOADS[:3]):
            ledger.keep_watch(f"https://news.example/{n}/{payload}", error=payload)
            ledger.keep_watch(f"{payload}{n}", error=payload)
    return path


def payload_of(reading: Reading) -> str:
    return reading.article.authors[0]


def page_of(reading: Reading) -> str:
    """The address of its page; the ledger keeps no NUL."""
    return f"/article?id={quote(reading.article.id.replace(chr(0), chr(0xFFFD)), safe='')}"


# --- what a page may hold ----------------------------------------------------------------------------------------------

ELEMENTS_OF_OURS = re.compile(
    r"html|head|meta|title|link|script|body|a|abbr|article|aside|b|blockquote|br|button|caption|cite|code|col|colgroup|data|"
    r"dd|del|details|dialog|div|dl|dt|em|fieldset|figcaption|figure|footer|form|h1|h2|h3|h4|h5|h6|header|hr|i|ins|kbd|label|"
    r"legend|li|main|mark|menu|meter|nav|ol|optgroup|option|output|p|pre|progress|q|s|samp|section|select|small|span|strong|"
    r"sub|summary|sup|table|tbody|td|textarea|tfoot|th|thead|time|tr|u|ul|var|wbr|input|svg|g|path|circle|rect|line|polyline|"
    r"polygon|text|tspan|desc|defs|marker|use|symbol|ellipse|pattern|clippath|search"
)
OURS = re.compile(r"/static/[\w./-]+(\?[\w.]+)?\Z")


def injected(html: str, own: frozenset[str] = frozenset()) -> list[str]:
    """What of a page none of our templates wrote; `own` are scripts and styles that are inside a file by design."""
    found = []
    for one in lxml.html.document_fromstring(html).iter():
        if not isinstance(one.tag, str):
            found.append(f"{one.tag} {one.text!r}"[:80])
            continue
        tag = one.tag.lower()
        if not ELEMENTS_OF_OURS.fullmatch(tag) and not (tag == "style" and (one.text or "") in own):
            found.append(f"element <{tag}>")
        if tag == "script" and not (OURS.match(one.get("src", "")) and not (one.text or "").strip()) and (one.text or "") not in own:
            found.append(f"script {one.get('src')} {one.text!r}")
        if tag == "meta" and one.get("http-equiv", "").lower() == "refresh":
            found.append("meta refresh")
        for name, value in one.attrib.items():
            if name.lower().startswith("on") or name.lower() in ("style", "srcdoc", "formaction", "background", "ping"):
                found.append(f"{tag} {name}={value!r}")
            if name.lower() in ("href", "src", "action", "xlink:href", "data", "poster", "cite"):
                address = re.sub(r"[\x00-\x20]", "", value)
                if not (address == "data:," or re.match(r"(?:https?://|/(?!/)|[?#]|\Z)", address, re.IGNORECASE)):
                    found.append(f"{tag} {name}={value!r}")
    return found


def test_the_check_finds_what_it_looks_for() -> None:
    page = "<!doctype html><html><head><title>x</title></head><body>{}</body></html>"
    assert injected(page.format("<p>plain</p>")) == []
    caught = [payload for payload in PAYLOADS if injected(page.format(payload))]
    assert len(caught) > len(PAYLOADS) * 0.7  # the others break out of attributes and addresses, or are no HTML at all
    assert all(
        injected(page.format(f'<a href="{address}">x</a>')) for address in (f"javascript:{RUN}", f"java\tscript:{RUN}", "//evil.example/")
    )


# --- pages -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(hostile_ledger: Path) -> Iterator[TestClient]:
    with TestClient(create(hostile_ledger), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def checked(client: TestClient, path: str) -> str:
    """A page's HTML, "" for what is none; what is injected fails."""
    found = client.get(path)
    assert found.status_code < 500, f"{path}: {found.status_code} {found.text[-300:]}"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in found.headers["content-security-policy"]
    if found.headers["content-type"].startswith("text/html"):
        assert injected(found.text) == [], path
        assert "cycler" not in found.text or "__globals__" in found.text  # a template's words came out as words
        return found.text
    kinds = (
        "application/json",
        "application/problem+json",
        "text/csv",
        "image/svg+xml",
        "application/x-ndjson",
        "application/zip",
        "text/plain",
    )
    assert found.headers["content-type"].startswith(kinds), path
    return ""


def links(html: str) -> Iterator[str]:
    for one in lxml.html.document_fromstring(html).iter("a") if html else ():
        href = one.get("href") or ""
        if href.startswith("/") and not href.startswith("/static/"):
            yield href.partition("#")[0]


def kind_of(path: str) -> str:
    """A page's kind: its path without numbers, and which parameters it has."""
    parts = urlsplit(path)
    return re.sub(r"\d+", "N", parts.path) + "?" + "&".join(sorted(re.findall(r"(?:\A|&)([a-z_]+)=", parts.query)))


def test_every_page_with_every_payload(client: TestClient, readings: list[Reading]) -> None:
    """All articles' pages, listings with all of them, and of every other kind of page that links lead to, some."""
    for reading in readings:
        assert "struck" in checked(client, page_of(reading)) or "strike" in checked(client, page_of(reading))
    for listing in (
        "/search?limit=100",
        "/matters?every=true&limit=500",
        "/stories?every=true&limit=500",
        "/entities?every=true&limit=500",
        "/copies?limit=200",
    ):
        page = listing
        while page:
            html = checked(client, page)
            following = lxml.html.document_fromstring(html).xpath("//a[@rel='next']/@href")
            page = following[0] if following else ""


@pytest.mark.long
def test_every_kind_of_page_that_links_lead_to(client: TestClient) -> None:
    seen: dict[str, int] = {}
    waiting, known = ["/", "/search?q=struck", "/help", "/outlets", "/entities?every=true"], set()
    while waiting:
        path = waiting.pop(0)
        known.add(path)
        for link in links(checked(client, path)):
            if link not in known and seen.setdefault(kind_of(link), 0) < 4:
                seen[kind_of(link)] += 1
                known.add(link)
                waiting.append(link)
    assert len(seen) > 20, seen


@pytest.mark.parametrize(
    "template",
    ["/search?q={}", "/search?q=x&outlet={}", "/search?q=x&entity={}", "/entities?name={}", "/copies?article={}", "/article?id={}"],
)
def test_what_is_asked_for_comes_back_as_words(client: TestClient, template: str) -> None:
    for payload in PAYLOADS[::5]:
        checked(client, template.format(quote(payload, safe="")))


def test_error_pages(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allegedly.web.pages.WAIT", 0)
    for payload in PAYLOADS[::5]:
        words = quote(payload, safe="")
        for path in (
            f"/{words}",
            f"/matters/{words}",
            f"/matters?after={words}",
            f"/search?since={words}",
            f"/api/{words}",
            f"/login?to={words}",
            f"/static/{words}",
        ):
            checked(client, path)
    for payload in PAYLOADS[::20]:
        found = client.post("/login", data={"name": payload, "password": payload, "to": payload})
        assert (found.status_code, injected(found.text)) == (401, [])
        found = client.post("/login", data={"name": payload, "to": payload})
        assert (found.status_code, injected(found.text)) == (422, [])
        found = client.get("/", headers={"Host": re.sub(r"[^ -~]", "", payload) or "x"})
        assert (found.status_code, injected(found.text)) == (400, [])


# --- exports -----------------------------------------------------------------------------------------------------------


def exported(readings: list[Reading]) -> str:
    out = io.StringIO()
    EXPORTS["html"].write(readings, out)
    return out.getvalue()


def test_the_html_export(readings: list[Reading], make_reading: Callable[[str], Reading]) -> None:
    plain = lxml.html.document_fromstring(exported([make_reading("plain")]))
    own = frozenset(one.text for one in plain.iter("style", "script"))
    found = [one for one in injected(exported(readings), own) if not one.startswith("link href='data:")]
    assert found == []


def test_tables_run_no_formulas(client: TestClient) -> None:
    import csv

    for path in ("/search?format=csv&limit=100", "/entities?every=true&limit=500&format=csv", "/matters?every=true&limit=500&format=csv"):
        for row in csv.reader(io.StringIO(client.get(path).text)):
            assert not [one for one in row if re.match(r"[=+@\t\r]|-[^\d]", one)], path


# --- a browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(hostile_ledger: Path) -> Iterator[str]:
    """The application as it is served, over the hostile ledger."""
    import uvicorn

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create(hostile_ledger), log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.mark.browser
def test_chromium_runs_none_of_it(address: str, readings: list[Reading]) -> None:
    """No dialog, nothing refused by the policy (which would mean that it had become markup), nothing asked of anybody else."""
    from playwright.sync_api import sync_playwright

    paths = [
        "/",
        "/search?limit=100",
        "/matters?every=true",
        "/stories?every=true",
        "/entities?every=true&limit=200",
        "/copies?limit=100",
        "/sources",
        "/outlets",
    ]
    paths += [page_of(one) for one in readings[::10]]
    paths += [f"/search?q={quote(one, safe='')}" for one in PAYLOADS[::20]] + [f"/{quote(one, safe='')}" for one in PAYLOADS[::40]]
    trouble: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.on("dialog", lambda dialog: (trouble.append(f"dialog on {page.url}"), dialog.dismiss()))
        page.on("console", lambda said: trouble.append(f"{page.url}: {said.text}") if "Content Security Policy" in said.text else None)
        page.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else trouble.append(f"asked {asked.url}"))
        for path in paths:
            page.goto(address + path)
            page.evaluate(
                "for (const one of document.querySelectorAll('*')) for (const kind of ['mouseover', 'focus', 'toggle', 'load', 'error', 'click'])"
                " if (kind != 'click' || !one.closest('a, button, summary, input, label')) one.dispatchEvent(new Event(kind))"
            )
        browser.close()
    assert trouble == []
