"""What people do in the web application, in a real Chromium, from the examples or an empty ledger; and axe-core on every page.

Each journey runs under the application's own security policy, and fails where the browser logs anything or asks for anything elsewhere.
"""

import csv
import io
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from test_browser import CHROMIUM
from test_record import ENVIRONMENT, ROOT, run

from allegedly.ledger import Ledger

playwright = pytest.importorskip("playwright.sync_api", reason='no Playwright: pip install "allegedly[test]"')
pytestmark = pytest.mark.browser
SERVE = "from allegedly.cli import main; main()"
PATIENCE = 60_000
"""Milliseconds: a machine that is busy is slow."""
CLAIM = "The Ardovian army shelled the bridge at Osk."
TEXT = (
    "TOLMERE, 30 May - Kestria closed its border with Ardovia on Friday.\n\n"
    "The foreign minister, Hana Brook, denied that Kestrian troops had entered Ardovia. "
    '"No soldier has crossed the river," she said.\n'
)


@contextmanager
def serving(ledger: Path) -> Iterator[str]:
    """The address of a server over a ledger, as its users run it."""
    command = [sys.executable, "-c", SERVE, "serve", "--ledger", str(ledger), "--port", "0", "--user", "Ida"]
    log = ledger.with_suffix(".log")
    with log.open("w") as out, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=out, env=ENVIRONMENT) as process:
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf8"))):
            assert process.poll() is None, log.read_text("utf8")
            time.sleep(0.1)
        try:
            yield found[0]
        finally:
            process.kill()
    assert "Traceback" not in log.read_text("utf8"), log.read_text("utf8")[-3000:]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("journeys") / "l.db"
    assert run("add", "-l", path, *sorted((ROOT / "examples").iterdir())).exit_code == 0
    return path


@pytest.fixture(scope="module")
def site(ledger: Path) -> Iterator[str]:
    with serving(ledger) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: on Debian, apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages at an address; at the end, nothing may have been logged, refused, or asked of anybody else."""
    contexts, complaints = [], []

    def wrong(message: Any) -> bool:
        """JSON has no icon of its own, for which the browser then looks elsewhere."""
        return message.type in ("error", "warning") and not message.location["url"].endswith("/favicon.ico")

    def opened(address: str, **options: Any) -> Any:
        context = chromium.new_context(base_url=address, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: complaints.append(f"{message.text} {message.location['url']}") if wrong(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda asked: None if asked.url.startswith((address, "data:", "blob:")) else complaints.append(asked.url))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def asked(site: str, path: str) -> Any:
    with urllib.request.urlopen(f"{site}{path}", timeout=PATIENCE / 1000) as answer:
        return json.load(answer)


def disputed(site: str) -> int:
    """The matter of the shelled bridge."""
    rows = asked(site, "/api/matters?disputed=true")["rows"]
    number: int = next(row["matter"] for row in rows if "shell" in row["proposition"])
    return number


# --- journeys --------------------------------------------------------------------------------------------------------


def test_read_an_article_and_follow_a_finding_to_its_words(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/")
    page.locator("main").get_by_role("link", name="What is known about the bridge, and what is not").first.click()
    assert "What is known" in page.locator("h1").inner_text()
    notes = page.locator(".note:visible")
    assert notes.count() > 10
    said = page.locator(".margin:visible").all_inner_texts()
    assert any("Ilka Soren" in one for one in said)
    words = page.locator("a.piece", has_text="shelled").first
    words.click()
    active = page.evaluate("[document.activeElement.classList.contains('note'), document.activeElement.textContent]")
    assert active[0]
    assert "shelled" in active[1]


def test_search_narrow_and_follow_to_the_other_side(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("bridge")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    before = page.locator("[data-item]").count()
    page.locator(".facets").get_by_role("link", name="Velm Courier", exact=True).first.click()
    page.wait_for_url("**outlet=*")
    assert 0 < page.locator("[data-item]").count() < before
    page.locator("[data-item] h2 a", has_text="ford").first.click()
    page.get_by_role("link", name=re.compile("otherwise")).first.click()
    page.wait_for_url("**/matters/*")
    for side in ("side-so", "side-otherwise"):
        assert page.locator(f"section[aria-labelledby={side}] blockquote").count() > 0
    quotation = page.locator("blockquote a").first
    words = quotation.inner_text().strip("“”")
    quotation.click()
    page.wait_for_url("**/article?*")
    assert words[:40] in page.locator("#article").inner_text()
    assert page.locator("#at").evaluate(
        "(at) => { const box = at.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"
    )


def test_trace_a_pasted_claim(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/")
    page.get_by_role("searchbox").fill(CLAIM)
    page.keyboard.press("Enter")
    page.wait_for_url("**/trace?*")
    traced = "\n".join(page.locator("section.traced").all_inner_texts())  # what differs in its hours are two matters
    assert "says the same as" in traced
    assert "disputed" in traced
    assert "according to Davor Lenn" in traced
    assert "NOT" in traced


def test_compare_a_story_and_a_copy_side_by_side(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/stories")
    page.locator("[data-item] a").first.click()
    assert page.locator("table.matrix thead th").count() > 3
    assert "not found" in page.locator("main").inner_text()
    assert "omitted" not in page.locator("main").inner_text()
    compared = page.get_by_text("of more than one outlet").inner_text().partition(" of ")[0]
    assert compared == f"{asked(site, '/api/pictures/agreement')['matters']} matters"  # the examples are one story
    page.get_by_role("link", name=re.compile("words? shared|shares? .* words?")).first.click()
    page.wait_for_url("**/copies/pair?*")
    assert page.locator("mark").count() >= 2


@pytest.mark.parametrize("script", [True, False])
def test_add_a_text_to_an_empty_ledger(visit: Callable[..., Any], tmp_path: Path, script: bool) -> None:
    Ledger.open(tmp_path / "l.db", create=True).close()
    with serving(tmp_path / "l.db") as empty:
        page = visit(empty, java_script_enabled=script)
        page.goto("/")
        page.get_by_role("link", name="Add articles").click()
        page.get_by_label("The article’s text").fill(TEXT)
        page.get_by_label("Title").fill("Kestria closes its border")
        page.get_by_label("Outlet").fill("Tolmere Post")
        page.get_by_role("button", name="Add the text").click()
        page.wait_for_url("**/add/jobs/*")
        page.get_by_text("Done").wait_for()
        page.get_by_role("link", name="To the articles").click()
        page.get_by_role("link", name="Kestria closes its border").click()
        margin = " ".join(page.locator(".margin").all_inner_texts())
        assert "Hana Brook" in margin
        assert re.search(r"\bnot\b", margin, re.IGNORECASE)


def test_merge_two_names_and_take_it_back(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    rows = asked(site, "/api/entities")["rows"]
    one, other = (row for row in rows if row["name"] in ("Marta Quill", "Ruth Callander") and row["type"] == "person")
    page.goto(f"/entities/{one['identity']}")
    page.get_by_role("link", name=re.compile("merge", re.IGNORECASE)).first.click()
    page.get_by_label("Look for a name").fill(other["name"])
    page.get_by_role("button", name="Look").click()
    page.get_by_role("checkbox", name=re.compile(f"{other['name']} person")).check()
    page.get_by_label("Why").first.fill("only to see what happens")
    page.get_by_role("button", name="Merge").click()
    page.get_by_text("only to see what happens").wait_for()
    named = [row["name"] for row in asked(site, "/api/entities")["rows"]]
    assert (one["name"] in named) != (other["name"] in named)
    page.goto("/decisions")
    entry = page.locator("[data-item]", has_text="only to see what happens").first
    assert "Ida" in entry.inner_text()
    entry.get_by_role("button", name=re.compile("Take back")).click()
    page.get_by_text("taken back", exact=False).first.wait_for()
    named = [row["name"] for row in asked(site, "/api/entities")["rows"]]
    assert one["name"] in named
    assert other["name"] in named


def test_export_a_page_as_json_and_csv(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto(f"/matters/{disputed(site)}")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    table = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf8"))))
    page.get_by_role("link", name="JSON").first.click()
    rows = json.loads(page.locator("body").inner_text())["rows"]
    assert [row["quotation"] for row in table] == [row["quotation"] for row in rows] != []
    assert all({"voice", "polarity", "status"} <= row.keys() for row in rows)


def test_by_keyboard_alone(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    page.keyboard.type("bridge")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator("[data-item].at").count() == 1
    opened = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    page.wait_for_url(opened)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.id")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") != first
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_url("**/help")
    assert "j" in page.locator("main").inner_text()


def test_review_by_keys_and_find_the_decisions(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/review?kind=statement")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.locator(".finding [data-review].accepted").first.wait_for()
    page.keyboard.press("r")
    page.locator(".finding [data-review].rejected").first.wait_for()
    page.goto("/decisions/findings")
    assert page.locator("main").inner_text().count("Ida") >= 2
    assert page.get_by_text("accepted").count() > 0
    assert page.get_by_text("rejected").count() > 0


@pytest.mark.parametrize("script", [True, False])
def test_a_slider_goes_through_time_and_the_address_keeps_it(site: str, visit: Callable[..., Any], script: bool) -> None:
    def shown(page: Any) -> dict[str, str]:
        return {node.text_content(): node.get_attribute("x") for node in page.locator("svg .node text").all()}

    page = visit(site, java_script_enabled=script)
    page.goto("/pictures/network")
    whole, arrows = shown(page), page.locator("svg.picture .arrow").count()
    page.get_by_role("slider", name="Time").focus()
    page.keyboard.press("ArrowRight")
    if not script:
        page.get_by_role("button", name="Show").click()
    page.wait_for_url("**at=1*")
    page.locator("figcaption", has_text="10 May 2026").wait_for()
    assert page.locator("svg.picture .arrow").count() < arrows
    assert shown(page) == whole, "a name has moved"
    assert "10 May 2026" in page.locator("figcaption").inner_text()
    page.reload()
    assert "10 May 2026" in page.locator("figcaption").inner_text()
    assert page.locator("tr[id^=row-]").count() == page.locator("svg.picture .arrow").count()


def test_marks_of_a_picture_are_read_out_and_followed_by_keyboard(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/pictures/time")
    page.locator("svg.picture a").first.focus()
    page.keyboard.press("ArrowRight")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("11 May 2026: ")
    assert page.locator("[data-readout]").inner_text() == label
    page.keyboard.press("Enter")
    page.wait_for_url("**since=2026-05-11*")
    assert page.locator("[data-item]").count() > 0


def test_draw_a_sample_and_code_a_sentence(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/validate")
    page.get_by_label("Sentences").fill("6")
    page.get_by_role("button", name="Draw a sample").click()
    page.get_by_role("link", name=re.compile("^Sample|[Cc]ode")).first.click()
    if "/code" not in page.url:
        page.get_by_role("link", name=re.compile("[Cc]ode")).first.click()
    page.wait_for_url("**/code*")
    assert page.locator("form[method=post]").count() > 0


def test_the_choice_of_colours_is_kept(site: str, visit: Callable[..., Any]) -> None:
    page = visit(site)
    page.goto("/")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Dark").check(force=True)
    assert page.evaluate(ground) != light
    page.goto("/matters")
    assert page.evaluate(ground) != light


# --- every page ------------------------------------------------------------------------------------------------------


def pages_of(site: str, ledger: Path) -> list[str]:
    """One address of every kind of page that links lead to, and those that none leads to."""
    seen: dict[str, str] = {}
    waiting = [
        "/",
        "/add",
        "/review",
        "/validate",
        "/decisions",
        "/login",
        "/help",
        f"/trace?claim={CLAIM.replace(' ', '+')}",
        "/nowhere",
        "/search",
    ]
    waiting += ["/search?q=bridge", "/pictures/network?shown=all&at=2", "/pictures/time?by=outlet&shown=all", f"/matters/{disputed(site)}"]
    while waiting:
        path = waiting.pop(0)
        parts = urlsplit(path)
        kind = re.sub(r"\d+", "N", parts.path) + (
            "?" if parts.query and parts.path in ("/search", "/pictures/network", "/pictures/time") else ""
        )
        if kind in seen or not path.startswith("/") or path.startswith(("/api", "/static")) or "format=" in path or ".csv" in path:
            continue
        try:
            with urllib.request.urlopen(f"{site}{path}", timeout=PATIENCE / 1000) as answer:
                body = answer.read().decode() if "html" in answer.headers["content-type"] else ""
        except urllib.error.HTTPError:
            body = ""
            if path != "/nowhere":
                continue
        seen[kind] = path
        waiting += [unescape(one).partition("#")[0] for one in re.findall(r'<a [^>]*href="([^"]+)"', body)]
    return sorted(seen.values())


@pytest.fixture(scope="module")
def pages(site: str, ledger: Path) -> list[str]:
    found = pages_of(site, ledger)
    assert len(found) >= 25, found
    return found


def test_no_page_is_wider_than_a_phone(site: str, pages: list[str], visit: Callable[..., Any]) -> None:
    page = visit(site, viewport={"width": 360, "height": 740})
    wide = []
    for path in pages:
        if path != "/nowhere":
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(path)
    assert wide == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(site: str, pages: list[str], chromium: Any, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python", reason='no axe-core: pip install "allegedly[test]"')
    script = (Path(axe.__file__).parent / "axe.min.js").read_text("utf8")
    context = chromium.new_context(base_url=site, color_scheme=theme, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    found = []
    for path in pages:
        page.goto(path)
        page.evaluate(script)
        serious = [one for one in page.evaluate("axe.run().then((found) => found.violations)") if one["impact"] in ("serious", "critical")]
        found += [
            (path, one["id"], len(one["nodes"]), one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"][:300]) for one in serious
        ]
    context.close()
    assert found == []
