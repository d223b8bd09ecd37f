"""The HTML view in a real browser: it obeys its own security policy, works by keyboard, by filter, and without script.

Chromium is driven through its debugging pipe: requests and answers are JSON between NUL bytes on two file descriptors.
"""

import base64
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from allegedly.export import EXPORTS
from allegedly.records import Reading

pytestmark = pytest.mark.browser
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars", "--no-first-run")


class Browser:
    """One page of a headless Chromium."""

    def __init__(self, profile: Path) -> None:
        child_reads, self._out = os.pipe()
        self._in, child_writes = os.pipe()
        assert CHROMIUM
        script = f'exec "$0" "$@" 3<&{child_reads} 4>&{child_writes}'
        command = ["bash", "-c", script, CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, pass_fds=(child_reads, child_writes), **silent)  # type: ignore[call-overload]
        os.close(child_reads)
        os.close(child_writes)
        self._buffer, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        pages = [target for target in self.ask("Target.getTargets")["targetInfos"] if target["type"] == "page"]
        self._session = self.ask("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setFocusEmulationEnabled", enabled=True)

    def ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        os.write(self._out, json.dumps(message | ({"sessionId": self._session} if self._session else {})).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self.events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            more = os.read(self._in, 65536)
            assert more, "the browser is gone"
            self._buffer += more
        message, self._buffer = self._buffer.split(b"\0", 1)
        found: dict[str, Any] = json.loads(message)
        return found

    def open(self, path: Path, *, width: int = 1300, height: int = 900, script: bool = True, dark: bool = False) -> None:
        self.events.clear()
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.ask("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def see(self, expression: str) -> Any:
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, *, code: int = 0) -> None:
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        common = {"key": key, "windowsVirtualKeyCode": code or ord(key[0].upper())}
        self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **common)

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]))

    def complaints(self) -> list[str]:
        """What the page logged or violated, and what it asked for besides itself."""
        self.see("1")
        logged = [str(e["params"]) for e in self.events if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]
        asked = [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        return logged + [url for url in asked if not url.startswith("file://")] + asked[1:]

    def close(self) -> None:
        os.close(self._out)
        os.close(self._in)
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: on Debian, apt-get install chromium")
    one = Browser(tmp_path_factory.mktemp("profile"))
    yield one
    one.close()


@pytest.fixture
def page(tmp_path: Path, make_reading: Callable[[str], Reading]) -> Path:
    return written(tmp_path, [make_reading("one")])


def written(folder: Path, readings: list[Reading]) -> Path:
    out = io.StringIO()
    EXPORTS["html"].write(readings, out)
    path = folder / "page.html"
    path.write_text(out.getvalue(), "utf8")
    return path


ACTIVE = "document.activeElement.id"
WIDTH = "document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize(("width", "dark"), [(1300, False), (1300, True), (380, False), (380, True)])
def test_nothing_is_asked_for_and_nothing_is_refused(browser: Browser, page: Path, tmp_path: Path, width: int, dark: bool) -> None:
    browser.open(page, width=width, dark=dark)
    assert browser.complaints() == []
    assert browser.see(WIDTH), "the page is wider than the window"
    dim = browser.see("getComputedStyle(document.documentElement).backgroundColor")
    assert (int(dim.split("(")[1].split(",")[0]) < 60) == dark
    browser.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 10_000


def test_style_is_applied_under_the_policy(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.see("getComputedStyle(document.querySelector('.row')).display") == "grid"
    text, margin = (f"document.querySelector('section.row .{part}').getBoundingClientRect()" for part in ("text", "margin"))
    assert browser.see(f"{margin}.left > {text}.right && Math.abs({margin}.top - {text}.top) < 40")


def test_keys_move_from_note_to_note_and_to_the_words_and_back(browser: Browser, page: Path) -> None:
    browser.open(page)
    seen = []
    for _ in range(3):
        browser.press("j")
        seen.append(browser.see(ACTIVE))
    assert len(set(seen)) == 3
    assert all(browser.see(f"document.getElementById('{ref}').classList.contains('note')") for ref in seen)
    browser.press("k")
    assert browser.see(ACTIVE) == seen[1]
    browser.press("ArrowDown", code=40)
    assert browser.see(ACTIVE) == seen[2]
    assert browser.see("document.querySelectorAll('.lit').length") > 0
    browser.press("Enter", code=13)
    assert browser.see(ACTIVE) == f"in-{seen[2]}"
    browser.press("Enter", code=13)
    assert browser.see(ACTIVE) == seen[2]
    browser.press("Escape", code=27)
    assert browser.see("document.querySelectorAll('.lit').length") == 0
    assert browser.complaints() == []


def test_the_first_tab_stop_skips_to_the_article_and_focus_shows(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.press("Tab", code=9)
    assert browser.see("document.activeElement.className") == "skip"
    assert browser.see("document.activeElement.getBoundingClientRect().top") >= 0
    assert browser.see("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_note_lights_up_exactly_the_words_of_its_roles(browser: Browser, page: Path) -> None:
    browser.open(page)
    find = "[...document.querySelectorAll('.note')].find((note) => note.textContent.includes('had shelled'))"
    browser.see(f"{find}.focus()")
    lit = browser.see("[...document.querySelectorAll('.lit')].map((piece) => piece.textContent)")
    assert lit == ["the Ardovian army", "had shelled", "the bridge at ", "Osk"]


def test_words_lead_to_their_note(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.see("[...document.querySelectorAll('a.piece')].find((piece) => piece.textContent === 'suspend').click()")
    assert "suspend" in browser.see("document.activeElement.textContent")
    assert browser.see("document.activeElement.classList.contains('note')")


@pytest.mark.parametrize("script", [True, False])
def test_filters_hide_a_kind_with_or_without_script(browser: Browser, page: Path, script: bool) -> None:
    source = page.read_text("utf8")
    unchecked = source.replace('id="show-wording" autocomplete="off" checked', 'id="show-wording" autocomplete="off"')
    assert source != unchecked
    shown = "[...document.querySelectorAll('.kind-wording')].filter((note) => note.offsetParent !== null).length"
    for content, count in ((source, 3), (unchecked, 0)):
        page.write_text(content, "utf8")
        browser.open(page, script=script)
        assert browser.see(shown) == count


def crowded(make_reading: Callable[[str], Reading]) -> Reading:
    """A reading with more notes on one paragraph than its height has room for."""
    reading = make_reading("one")
    return replace(reading, statements=(*reading.statements, *(replace(reading.statements[5], id=f"p{n}") for n in range(20))))


def test_folded_notes_open_by_key_and_by_their_words(browser: Browser, tmp_path: Path, make_reading: Callable[[str], Reading]) -> None:
    browser.open(written(tmp_path, [crowded(make_reading)]))
    opened = "document.querySelectorAll('.more[open]').length"
    folded = browser.see("document.querySelectorAll('.more:not([open]) .note').length")
    assert folded > 1
    reached = []
    for _ in range(60):
        browser.press("j")
        reached.append(browser.see(ACTIVE))
    assert browser.see(f"![...document.querySelectorAll('.more .note')].some((n) => {reached}.includes(n.id))")
    browser.press("o")
    assert browser.see(opened) == browser.see("document.querySelectorAll('.more').length")
    browser.press("o")
    assert browser.see(opened) == 0
    browser.see("document.getElementById('in-' + document.querySelector('.more .note').id).click()")
    assert browser.see("document.activeElement.classList.contains('note')")
    assert browser.complaints() == []


def test_folded_notes_open_without_script(browser: Browser, tmp_path: Path, make_reading: Callable[[str], Reading]) -> None:
    page = written(tmp_path, [crowded(make_reading)])
    browser.open(page, script=False)
    assert browser.see("document.querySelector('.more .note').checkVisibility()") is False
    browser.see("document.querySelector('.more summary').click()")
    assert browser.see("document.querySelector('.more .note').checkVisibility()") is True


def test_statements_keep_their_voice_when_attributions_are_hidden(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.see("document.getElementById('show-attribution').click()")
    visible = "[...document.querySelectorAll('.voice')].filter((voice) => voice.offsetParent !== null).map((voice) => voice.innerText)"
    voices = browser.see(visible)
    assert any("President Maren Halvik" in voice and "had shelled" in voice for voice in voices)
    assert not any(voice.startswith("Officials in Tolmere") for voice in voices)


def test_the_theme_can_be_chosen(browser: Browser, page: Path) -> None:
    browser.open(page)
    light = browser.see("getComputedStyle(document.documentElement).backgroundColor")
    browser.see("document.getElementById('theme-dark').click()")
    assert browser.see("getComputedStyle(document.documentElement).backgroundColor") != light


def test_hostile_text_stays_text(browser: Browser, tmp_path: Path, make_reading: Callable[[str], Reading]) -> None:
    reading = make_reading("<script>window.hit=1</script>")
    attack = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>{{ 7*7 }}</style>'
    article = replace(reading.article, title=attack, outlet=attack, authors=(attack,), url="javascript:window.hit=1", published=attack)
    article = replace(article, text=article.text.replace("Leave a comment", "<b>a</b>&amp;<i>bc"))
    entities = tuple(replace(entity, name=attack, aliases=(attack,)) for entity in reading.entities)
    statements = tuple(s for s in reading.statements if s.within == "text")
    browser.open(written(tmp_path, [replace(reading, article=article, entities=entities, statements=statements)]))
    assert browser.see("window.hit") is None
    assert browser.see("document.querySelectorAll('img, .text b, .text i, .text script').length") == 0
    assert browser.see("[...document.querySelectorAll('a')].every((a) => a.protocol !== 'javascript:')")
    assert browser.see("document.querySelector('h1').textContent") == attack
    assert browser.complaints() == []


def test_several_articles_have_an_index(browser: Browser, tmp_path: Path, make_reading: Callable[[str], Reading]) -> None:
    browser.open(written(tmp_path, [make_reading("one"), make_reading("two")]))
    links = browser.see("[...document.querySelectorAll('.index a')].map((a) => document.querySelector(a.hash).id)")
    assert links == ["article-1", "article-2"]
    assert browser.see("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size === document.querySelectorAll('[id]').length")
