"""Bundles: a matter as a folder that stands alone and can be checked."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import TEXT, at

from allegedly.compared import Claim, Stand, Verdict
from allegedly.errors import ExportError
from allegedly.export import Options
from allegedly.export.bundle import Capture, Dossier, Member, bundle, check
from allegedly.export.options import text_sha256
from allegedly.records import Reading

ATTACK = "=1\x1b[31m<script>alert(1)</script> &amp; \ud800"
BODIES = (b"<html>\x00\xff raw", b"", b"the same", b"the same")


def claim(item: int, statement: str, **more: object) -> Claim:
    given: dict[str, object] = {"words": "the army shelled the bridge", "lemma": "shell", "act": "ASSAULT", "object": "", "content": ()}
    given |= {
        "actors": (),
        "recipients": (),
        "polarity": "affirmed",
        "status": "actual",
        "voice": "author",
        "force": "says",
        "sourcing": "none",
    }
    return Claim(item=item, article="osk-1", statement=statement, **{**given, **more})  # type: ignore[arg-type]


@pytest.fixture
def dossier(reading: Reading) -> Dossier:
    """Three articles: one reports a denial, one is a copy of it, one has a clause of which no statement was made."""

    def member(item: int, id: str, day: str | None, stand: Stand, statement: str, origin: int | None = None) -> Member:
        article = replace(reading.article, id=id, published=day, outlet=f"Outlet {item}")
        verdict = Verdict("denies", 0.91, "polarity", ("denied", "had shelled")) if item > 1 else None
        return Member(claim(item, statement), stand, replace(reading, article=article), verdict, origin)

    members = (
        member(3, "osk-3", None, "asserts", "none"),
        member(2, "osk-2", "2026-05-12", "reports_denial", "s1", origin=7),
        member(1, "osk-1", "2026-05-10", "reports_denial", "s1", origin=7),
    )
    captures = (Capture("osk-1", body, "https://news.example/osk", "2026-05-10T12:00:00Z", "text/html") for body in BODIES)
    return Dossier("12", "the army shelled the bridge", members, captures, 40, ("merged with 13",))


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "rows.csv").read_bytes().decode("utf8"), newline="")))


def test_a_bundle_holds_the_page_the_rows_and_the_captures(dossier: Dossier, tmp_path: Path) -> None:
    folder = bundle(dossier, tmp_path / "out")
    assert sorted(p.name for p in folder.iterdir()) == ["captures", "index.html", "manifest.json", "rows.csv", "rows.json"]
    assert sorted(p.read_bytes() for p in (folder / "captures").iterdir()) == sorted(BODIES)
    assert check(folder) == []
    manifest = json.loads((folder / "manifest.json").read_text("utf8"))
    assert len(manifest["files"]) == 3 + len(BODIES)
    assert manifest["files"][3]["retrieved"] == "2026-05-10T12:00:00Z"


def test_rows_come_by_date_with_voice_polarity_status_and_copies(dossier: Dossier, tmp_path: Path) -> None:
    folder = bundle(dossier, tmp_path / "out")
    found = rows(folder)
    assert [(r["article"], r["stand"], r["copy"]) for r in found] == [
        ("osk-1", "reports_denial", ""),
        ("osk-2", "reports_denial", "copy"),
        ("osk-3", "asserts", ""),
    ]
    assert (found[0]["voice"], found[0]["force"], found[0]["polarity"], found[0]["status"]) == (
        "Maren Halvik",
        "denies",
        "negated",
        "actual",
    )
    assert (found[1]["finding"], found[1]["finding_evidence"]) == ("denies", "denied; had shelled")
    assert (found[2]["voice"], found[2]["quotation"]) == ("author", "the army shelled the bridge")
    whole = json.loads((folder / "rows.json").read_text("utf8"))
    assert whole["counts"]["reports_denial"] == {"articles": 2, "without_copies": 1, "outlets": 2}
    assert [r["article"] for r in whole["rows"]] == ["osk-1", "osk-2", "osk-3"]
    start, end = at("the Ardovian army had shelled the bridge at Osk")
    assert (whole["rows"][0]["start"], whole["rows"][0]["end"]) == (start, end)
    assert TEXT[start:end] == whole["rows"][0]["quotation"]


class Words(HTMLParser):
    """The page's text, and whatever could run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.active = "", []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "link", "object", "form", "svg") or any(
            name.startswith("on") or name == "src" for name, _ in attrs
        ):
            self.active.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def page(folder: Path) -> Words:
    words = Words()
    words.feed((folder / "index.html").read_text("utf8"))
    return words


def test_the_page_says_who_stands_where(dossier: Dossier, tmp_path: Path) -> None:
    shown = page(bundle(dossier, tmp_path / "out"))
    flat = re.sub(r" (?=[,.)])", "", " ".join(shown.text.split()))
    for words in (
        "“the army shelled the bridge”",
        "looked for in 40 articles",
        "reports a denial, according to a source 2 1 2",
        "Earliest here: 2026-05-10, Outlet 1.",
        "merged with 13",
        "Maren Halvik (denies), NOT",
        "the Ardovian army had shelled the bridge at Osk, where eleven people died.",
        "a copy of a text above",
        "says the opposite (polarity, 0.91) · denied · had shelled",
    ):
        assert words in flat, words
    assert flat.count("a copy of a text above") == 1
    assert not re.search(r"\b(?:first|plagiaris|omitted|biased|lies)\b", flat)
    assert shown.active == []


def test_without_text_neither_quotations_nor_captures_are_in_it(dossier: Dossier, tmp_path: Path) -> None:
    folder = bundle(dossier, tmp_path / "out", Options(no_text=True))
    everything = "".join(p.read_text("utf8") for p in folder.rglob("*") if p.is_file())
    for words in ("had shelled", "the army shelled", "where eleven people", "merged with", "denies shelling"):
        assert words not in everything, words
    assert not (folder / "captures").exists()
    manifest = json.loads((folder / "manifest.json").read_text("utf8"))
    assert len(manifest["withheld"]) == len(BODIES)
    assert text_sha256(dossier.members[0].reading.article) in everything
    assert rows(folder)[0]["polarity"] == "negated"
    assert check(folder) == []


def test_a_hostile_article_runs_nothing_and_stays_in_the_folder(dossier: Dossier, tmp_path: Path) -> None:
    hostile = tuple(
        replace(
            m,
            claim=replace(m.claim, words=ATTACK, voice=ATTACK),
            reading=replace(
                m.reading, article=replace(m.reading.article, id=ATTACK, title=ATTACK, outlet=ATTACK, url="javascript:alert(1)")
            ),
            verdict=Verdict("same", 0.5, ATTACK, (ATTACK,)),
        )
        for m in dossier.members
    )
    captures = [Capture("../../x", b"x", ATTACK, ATTACK, ATTACK)]
    folder = bundle(
        replace(dossier, matter=ATTACK, proposition=ATTACK, members=hostile, captures=captures, notes=(ATTACK,)), tmp_path / "out"
    )
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    shown = page(folder)
    assert shown.active == []
    assert "javascript:" not in (folder / "index.html").read_text("utf8")
    assert "\x1b" not in shown.text
    assert [v for r in rows(folder) for v in r.values() if v.startswith("=")] == []
    assert check(folder) == []


@pytest.mark.parametrize("change", ["edit", "remove", "add", "link"])
def test_every_change_is_noticed(change: str, dossier: Dossier, tmp_path: Path) -> None:
    folder = bundle(dossier, tmp_path / "out")
    path = folder / "rows.csv"
    if change == "edit":
        path.write_bytes(path.read_bytes().replace(b"negated", b"affirmd", 1))
        expected = "rows.csv: was changed"
    elif change == "remove":
        path.unlink()
        expected = "rows.csv: is missing"
    elif change == "add":
        (folder / "captures" / "more.bin").write_text("x")
        expected = "captures/more.bin: is not in the manifest"
    else:
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
        expected = "rows.csv: is no file of the bundle's own"
    assert check(folder) == [expected]


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{", '{"schema": "other/1", "files": []}', "[" * 100_000, '{"schema": "allegedly.bundle/1"}']
)
def test_what_is_no_bundle_is_said_to_be_none(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ExportError, match=r"manifest\.json"):
        check(tmp_path)


def test_a_manifest_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "out"
    folder.mkdir()
    entry = {"path": "../secret", "bytes": 1, "sha256": "0"}
    (folder / "manifest.json").write_text(json.dumps({"schema": "allegedly.bundle/1", "files": [entry]}))
    assert check(folder) == ["../secret: is missing"]


def test_captures_are_written_one_at_a_time(dossier: Dossier, tmp_path: Path) -> None:
    def coming() -> Iterator[Capture]:
        for number in range(3):
            assert len(list(tmp_path.rglob("*.bin"))) == number
            yield Capture("osk-1", bytes([number]))

    bundle(replace(dossier, captures=coming()), tmp_path / "out")


def test_the_same_dossier_gives_the_same_bytes(dossier: Dossier, tmp_path: Path) -> None:
    whole = replace(dossier, captures=tuple(dossier.captures))
    a, b = bundle(whole, tmp_path / "a"), bundle(whole, tmp_path / "b")
    assert (a / "manifest.json").read_bytes() == (b / "manifest.json").read_bytes()
