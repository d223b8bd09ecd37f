"""The exports: JSON Lines, CoNLL-U, the terminal view and the HTML view, on a reading built by hand and on hostile text."""

import base64
import dataclasses
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import at
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from allegedly.export import EXPORTS, Options, digest, terminal
from allegedly.export.page import build, paragraphs
from allegedly.export.record import jsonl, record
from allegedly.records import Article, Reader, Reading, Statement

ATTACK = "\x1b[31mred\x1b]0;title\x07[bold]x[/bold]\x9b2J\r\x08\u202eevil\u2066 <script>alert(1)</script> &amp; \ud800 :smile:"


def export(name: str, *readings: Reading, tokens: bool = False) -> str:
    """What a format writes; of a folder all its files, one after the other."""
    if name == "spacy" and find_spec("spacy") is None:
        pytest.skip("spaCy is not installed: its export is not tested")
    options = Options(tokens=tokens)
    if EXPORTS[name].form == "folder":
        with TemporaryDirectory() as place:
            EXPORTS[name].write(iter(readings), Path(place) / "out", options)
            return "".join(f"{path.name}\n{path.read_bytes().decode('latin-1')}" for path in sorted((Path(place) / "out").iterdir()))
    if EXPORTS[name].form == "bytes":
        held = io.BytesIO()
        EXPORTS[name].write(iter(readings), held, options)
        return held.getvalue().decode("latin-1")
    out = io.StringIO()
    EXPORTS[name].write(iter(readings), out, options)
    return out.getvalue()


def hostile(reading: Reading) -> Reading:
    """The reading with every string that an article brings replaced by, or beginning with, an attack; offsets still fit."""
    text = ATTACK + reading.article.text[len(ATTACK) :]
    article = replace(reading.article, id=ATTACK, title=ATTACK, outlet=ATTACK, authors=(ATTACK,), url=ATTACK, published=ATTACK, text=text)
    article = replace(article, modified=ATTACK, language=ATTACK)
    entities = tuple(replace(e, name=ATTACK, aliases=(ATTACK,)) for e in reading.entities)
    unread = tuple(replace(u, reason=ATTACK) for u in reading.unread)
    return replace(reading, article=article, entities=entities, unread=unread)


def bare(text: str) -> Reading:
    return Reading(Article("x", text), (), (), (), (), (), (), (), (), None, (), Reader("0", "0", "0"))


# --- the table -------------------------------------------------------------------------------------------------------


def test_every_format_has_its_own_name_and_suffix() -> None:
    assert all(name == row.name for name, row in EXPORTS.items())
    suffixes = [row.suffix for row in EXPORTS.values() if row.suffix]
    assert len(set(suffixes)) == len(suffixes)
    assert {"text", "jsonl", "html", "conllu", "csv", "parquet"} <= set(EXPORTS)


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_to_write_is_no_error(name: str) -> None:
    assert isinstance(export(name), str)


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "One line.", "a\r\nb", "\ud800\udfff", "\x00"])
def test_any_text_without_findings_is_written(name: str, text: str) -> None:
    export(name, bare(text))


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_reading_gives_the_same_bytes(name: str, make_reading: Callable[[str], Reading]) -> None:
    assert export(name, make_reading("a"), tokens=True) == export(name, make_reading("a"), tokens=True)


@pytest.mark.parametrize("name", EXPORTS)
@settings(deadline=None, max_examples=40)
@given(text=st.text(st.characters(), max_size=80))
def test_no_text_breaks_a_format(name: str, text: str) -> None:
    export(name, bare(text))


# --- JSON Lines ------------------------------------------------------------------------------------------------------


def test_a_line_holds_what_the_reading_holds(reading: Reading) -> None:
    found = json.loads(jsonl(reading, tokens=True))
    assert found["article"]["text"] == reading.article.text
    assert found["statements"][0]["in"] == "title"
    assert (found["reasons"][0]["from"], found["reasons"][0]["to"]) == ("s8", "s7")
    assert found["article"]["translation"]["from"] == "xx"
    assert found["statements"][1]["sure_score"] == 0.9123
    assert found["statements"][1]["place"]["lat"] == 45.1235
    assert found["attributions"][2]["source"] == [list(reading.attributions[2].source[0])]
    assert len(found["tokens"]) == len(reading.tokens)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_text_comes_back_from_one_line_of_utf8(text: str) -> None:
    if re.search("[\ud800-\udbff][\udc00-\udfff]", text):
        return  # two halves of one character come back whole
    line = jsonl(bare(text))
    assert len(line.splitlines()) == 1
    assert not re.search("[\x00-\x1f\x7f-\x9f]", line)
    assert json.loads(line.encode("utf-8").decode("utf-8"))["article"]["text"] == text


def test_numbers_that_json_has_not_are_null(reading: Reading) -> None:
    first = reading.statements[2]
    amount = replace(first.quantities[0], value=float("inf"), low=float("nan"), high=0.1234567)
    changed = replace(reading, statements=(replace(first, sure_score=-0.00001, quantities=(amount,)),))
    found = record(changed)["statements"][0]
    assert (found["quantities"][0]["value"], found["quantities"][0]["low"], found["quantities"][0]["high"]) == (None, None, 0.1234567)
    assert str(found["sure_score"]) == "0.0"
    json.loads(jsonl(changed))


def test_lines_are_written_as_readings_come(reading: Reading) -> None:
    out = io.StringIO()
    lines = []

    def coming():  # type: ignore[no-untyped-def]
        for _ in range(3):
            yield reading
            lines.append(out.getvalue().count("\n"))

    EXPORTS["jsonl"].write(coming(), out)
    assert lines == [1, 2, 3]


# --- CoNLL-U ---------------------------------------------------------------------------------------------------------


def words_of(conllu: str) -> list[str]:
    """Surface words: ranges, and words outside of them."""
    out, upto = [], 0
    for line in conllu.split("\n"):
        number, *columns = line.split("\t") if "\t" in line else [""]
        if "-" in number:
            out.append(columns[0])
            upto = int(number.split("-")[1])
        elif number and (int(number) > upto or int(number) == 1):
            upto = 0 if int(number) == 1 else upto
            out.append(columns[0])
        elif not number:
            upto = 0
    return out


def test_words_spell_the_text(reading: Reading) -> None:
    assert re.sub(r"\s", "", "".join(words_of(export("conllu", reading)))) == re.sub(r"\s", "", reading.article.text)


def test_every_line_has_ten_columns_and_every_head_is_in_its_sentence(reading: Reading) -> None:
    written = export("conllu", reading, reading)
    assert written.endswith("\n\n")
    assert written.count("# newdoc id = osk-1\n") == 2
    names = re.findall(r"# sent_id = (.*)", export("conllu", reading))
    assert names == [f"osk-1-{n}" for n in range(1, len(reading.sentences) + 1)]
    for block in written.strip().split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if not line.startswith("#")]
        assert all(len(row) == 10 and all(row) for row in rows)
        numbers = [int(row[0]) for row in rows if "-" not in row[0]]
        assert numbers == list(range(1, len(numbers) + 1))
        heads = [int(row[6]) for row in rows if "-" not in row[0]]
        assert heads.count(0) == 1
        assert max(heads) <= len(numbers)


def test_the_text_comment_is_spelt_by_the_words(reading: Reading) -> None:
    for block in export("conllu", reading).strip().split("\n\n"):
        spelt = ""
        upto = 0
        for line in block.split("\n"):
            if line.startswith("#"):
                continue
            number, form, *_, misc = line.split("\t")
            if "-" in number:
                upto = int(number.split("-")[1])
            elif int(number) <= upto:
                continue
            spelt += form + ("" if "SpaceAfter=No" in misc else " ")
        stated = re.search(r"# text = (.*)", block)
        assert stated
        assert spelt.strip() == stated[1]


def test_two_words_that_share_a_surface_word_are_a_range(reading: Reading) -> None:
    written = export("conllu", reading)
    assert re.search(r"\n(\d+)-(\d+)\tdidn't\t_\t_\t_\t_\t_\t_\t_\tTokenRange=\d+:\d+\n\1\tdid\tdo\t.*\n\2\tn't\tnot\t", written)


def test_white_space_in_names_and_lemmas_cannot_break_lines(reading: Reading) -> None:
    odd = replace(reading.tokens[0], lemma="a\tb\nc", features="", relation="")
    written = export("conllu", replace(reading, article=replace(reading.article, id="a\nb\t# c"), tokens=(odd, *reading.tokens[1:])))
    assert written.startswith("# newdoc id = a b # c\n")
    assert "\ta b c\t" in written


def test_characters_without_a_word_are_written_and_marked(reading: Reading) -> None:
    kept = tuple(t for t in reading.tokens if t.form != "Halvik")
    order = {id(t): n for n, t in enumerate(kept)}
    heads = [order.get(id(reading.tokens[t.head]), 0) if t.head >= 0 else -1 for t in kept]
    written = export("conllu", replace(reading, tokens=tuple(replace(t, head=h) for t, h in zip(kept, heads, strict=True))))
    assert re.search(r"\tHalvik\tHalvik\tX\t_\t_\t1\tdep\t_\t.*Unread=Yes", written)
    assert re.sub(r"\s", "", "".join(words_of(written))) == re.sub(r"\s", "", reading.article.text)


# --- the terminal ----------------------------------------------------------------------------------------------------


def test_a_person_finds_everything_on_the_page(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    shown = export("text", reading)
    for words in (
        "Ardovia denies shelling Osk bridge",
        "The Osk Fixture",
        "2026-05-10 12:00 UTC",
        "opinion (0.81), from “The opinions expressed here are the author's own.”",
        "from xx by a person",
        "Eastern Assembly Front",
        "also: EAF, The Front",
        "President Maren Halvik  denies, indirect",
        "According to Ambassador Leo Hartmann, as told by Officials in Tolmere (says)",
        "ASSAULT heavy-weapons",
        "AGREE, act CONSULT",
        "disclaimer: “The opinions",
        "not English [",
    ):
        assert words in shown, words


def test_a_title_is_quoted_from_the_title(reading: Reading) -> None:
    shown = export("text", reading)
    part = shown.split("Who says what")[1].split("What happened")[0]
    assert re.search(r"Ardovia  denies, indirect  “denies”  \(title\)\n +“shelling Osk bridge”", part)
    assert re.search(r"According to Ardovia \(denies\)\n +NOT +ASSAULT heavy-weapons  shelling → Osk bridge  \(title\)", shown)
    title = build(reading).title.shown
    assert [(g.voice, g.head is not None, len(g.findings)) for g in title.groups] == [("Ardovia", True, 1)]
    assert {f.title for block in build(reading).blocks for g in block.shown.groups for f in g.findings} == {False}


def test_events_come_first_and_slight_statements_last(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    event = reading.statements[1]
    plain = replace(reading.statements[5], voice="a1", status="actual")
    slight = replace(reading.statements[9], voice="a1", actor=())
    shown = export("text", replace(reading, statements=(slight, plain, event)))
    order = ("had shelled", "Besides, with no code of an event:", "“Kestria closes its border”", "also", "demanded “suspend")
    assert [shown.split("What happened")[1].index(words) for words in order] == sorted(
        shown.split("What happened")[1].index(words) for words in order
    )


def test_voices_of_one_source_stand_together(reading: Reading) -> None:
    again = replace(reading.attributions[0], id="a9", source=(reading.attributions[2].source))
    statements = (reading.statements[1], replace(reading.statements[5], voice="a9"))
    shown = export("text", replace(reading, attributions=(*reading.attributions, again), statements=statements))
    assert shown.count("According to ") == 1


def test_a_name_stands_where_the_words_do_not_give_it(reading: Reading) -> None:
    found = digest.Digest(reading)
    first = reading.attributions[0]
    start = first.source[0][0]
    assert found.speaker(first) == "President Maren Halvik"
    assert found.speaker(replace(first, source=((start + len("President "), start + len("President Maren")),))) == "Maren Halvik"
    assert found.speaker(replace(first, entity="e4")) == "Eastern Assembly Front (“President Maren Halvik”)"


@pytest.mark.parametrize("length", [20, 21, 60])
def test_clipped_cuts_between_words(length: int) -> None:
    text = "one two three four five six seven eight nine ten"
    cut = digest.clipped(text, length)
    assert len(cut) <= max(length, len(text) if length >= len(text) else length)
    assert set(cut.split()) - {"…"} <= set(text.split())


def test_a_quotation_leaves_out_long_stretches(reading: Reading) -> None:
    text = "The army, which had stood " + "and waited " * 20 + "there, shelled the bridge."
    spans = {"actor": ((0, 8),), "predicate": (at("shelled", text=text),), "recipient": (at("the bridge", text=text),)}
    one = replace(reading.statements[1], place=None, voice="author", **spans)  # type: ignore[arg-type]
    assert digest.Digest(replace(bare(text), statements=(one,))).quote(one) == "The army … shelled the bridge"


def test_each_statement_stands_under_its_voice_with_its_certainty(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    part = export("text", reading).split("What happened, according to whom")[1].split("How it is worded")[0]
    author, _, halvik, hartmann = re.split(r"  According to .*\n", part)
    assert re.search(r"NOT +ASSAULT heavy-weapons  the Ardovian army → had shelled → the bridge at Osk", halvik)
    assert re.search(r"NOT +“Velm \"did not trust\" the Eastern", hartmann)
    assert re.search(r"planned +AGREE, act CONSULT  The Front \[Eastern Assembly Front\] → attend", author)
    assert re.search(r"if +“Kestria closes", author)
    assert re.search(r"demanded +“Brennia should suspend", author)
    assert "had shelled" not in author


def test_nested_attributions_stand_indented_under_those_that_hold_them(reading: Reading) -> None:
    shown = export("text", reading)
    outer = next(line for line in shown.split("\n") if line.lstrip().startswith("Officials in Tolmere  says"))
    inner = next(line for line in shown.split("\n") if line.lstrip().startswith("Ambassador Leo Hartmann  says"))
    assert len(inner) - len(inner.lstrip()) > len(outer) - len(outer.lstrip())


@pytest.mark.parametrize("width", [30, 50, 80, 200])
def test_lines_fit_the_width(reading: Reading, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert max(map(len, export("text", reading).split("\n"))) <= min(width, terminal.WIDEST)


def test_no_colour_save_on_a_terminal(reading: Reading) -> None:
    assert "\x1b" not in export("text", reading)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("asked", [False, True])
def test_a_terminal_gets_colour_unless_it_asks_for_none(reading: Reading, asked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if asked:
        monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()
    EXPORTS["text"].write([reading], out)
    assert bool(re.search(r"\x1b\[[\d;]*3[1-6]m", out.getvalue())) != asked


def test_articles_cannot_steer_the_terminal(reading: Reading) -> None:
    shown = export("text", hostile(reading))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert "[bold]x[/bold]" in shown
    assert ":smile:" in shown


def test_safe_text_keeps_its_length() -> None:
    text = "".join(map(chr, range(0x300))) + ATTACK
    assert len(digest.safe(text)) == len(text)


# --- voices ----------------------------------------------------------------------------------------------------------


def test_attributions_that_hold_each_other_end_somewhere(reading: Reading) -> None:
    first, second, third, _ = reading.attributions
    ring = (replace(first, parent="a3"), replace(second, parent="a1"), replace(third, parent="a2"))
    found = digest.Digest(replace(reading, attributions=ring))
    assert len(list(found.attribution_tree())) == 3
    assert len(found.chain("a1")) == 3
    export("text", replace(reading, attributions=ring))
    export("html", replace(reading, attributions=ring))


def test_a_voice_that_is_missing_is_said_to_be(reading: Reading) -> None:
    orphan = replace(reading, attributions=())
    assert "a voice not found (a1)" in export("text", orphan)
    assert "a voice not found (a1)" in export("html", orphan)


@pytest.mark.parametrize("polarity", ["affirmed", "negated"])
@pytest.mark.parametrize("status", sorted(digest.STATUS))
def test_every_certainty_has_its_own_words(reading: Reading, polarity: str, status: str) -> None:
    def said(polarity: str, status: str) -> str:
        statement: Statement = replace(reading.statements[1], polarity=polarity, status=status)  # type: ignore[arg-type]
        return digest.certainty(statement)

    others = [said(p, s) for p in ("affirmed", "negated") for s in digest.STATUS if (p, s) != (polarity, status)]
    mine = said(polarity, status)
    assert mine
    assert mine not in others
    assert ("NOT" in mine) == (polarity == "negated")


# --- the page --------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would see of a page: elements, text, and the elements left open."""

    VOID = frozenset({"meta", "input", "link", "br"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text += data


def test_the_page_is_whole_and_names_each_thing_once(reading: Reading) -> None:
    page = Page(export("html", reading, reading))
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {(attrs.get("href") or "")[1:] for tag, attrs in page.elements if tag == "a" and (attrs.get("href") or "").startswith("#")}
    assert targets <= set(ids)


def test_the_policy_allows_this_style_and_this_script_and_nothing_else(reading: Reading) -> None:
    source = export("html", reading)
    policy = next(attrs["content"] or "" for tag, attrs in Page(source).elements if tag == "meta" and "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        contents = re.findall(f"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        assert len(contents) == 1
        assert f"'sha256-{base64.b64encode(hashlib.sha256(contents[0].encode()).digest()).decode()}'" in policy


def test_the_page_refers_to_nothing_outside(reading: Reading) -> None:
    page = Page(export("html", reading))
    assert not {tag for tag, _ in page.elements} & {"link", "img", "iframe", "object", "embed", "form", "base"}
    assert not any(name in attrs for _, attrs in page.elements for name in ("src", "style", "action", "onclick", "onload"))
    outside = [attrs["href"] for tag, attrs in page.elements if "href" in attrs and not (attrs["href"] or "").startswith("#")]
    assert outside == [reading.article.url]


def test_the_page_holds_the_text_in_order(reading: Reading) -> None:
    view = build(reading)
    assert ["".join(piece.text for piece in block.pieces) for block in view.blocks] == reading.article.text.split("\n\n")
    assert "".join(piece.text for piece in view.title.pieces) == reading.article.title


def test_a_note_stands_beside_its_paragraph_under_its_voice(reading: Reading) -> None:
    first, second, third, *_ = build(reading).blocks
    assert [(g.voice, g.head is not None, len(g.findings)) for g in first.shown.groups] == [("President Maren Halvik", True, 2)]
    voices = ["Officials in Tolmere", "Ambassador Leo Hartmann, as told by Officials in Tolmere", "the author"]
    assert {g.voice for part in (second.shown, second.folded) for g in part.groups} == set(voices)
    assert [f.mark for part in (third.shown, third.folded) for g in part.groups for f in g.findings] == ["NOT", "stated", "demanded"]
    assert {f.kind for part in (third.shown, third.folded) for f in part.others} == {"wording", "reason"}


def test_notes_beyond_the_height_of_the_text_are_folded_events_last(reading: Reading) -> None:
    event, plain = reading.statements[1], reading.statements[5]
    many = (*(replace(plain, id=f"p{n}", voice="author") for n in range(30)), replace(event, predicate=plain.predicate))
    crowded = replace(reading, statements=many, attributions=())
    block = next(b for b in build(crowded).blocks if b.folded.count)
    shown = [f for g in block.shown.groups for f in g.findings]
    folded = [f for g in block.folded.groups for f in g.findings]
    assert len(shown) + len(folded) == 31
    assert any(f.tag for f in shown)
    assert block.folded.only == "statement"
    source = export("html", crowded)
    assert f"<summary>{block.folded.count} more<span" in source


def test_no_note_is_folded_alone(reading: Reading) -> None:
    plain = reading.statements[5]
    for number in range(1, 20):
        many = tuple(replace(plain, id=f"p{n}") for n in range(number))
        assert all(block.folded.count != 1 for block in build(replace(reading, statements=many)).blocks)


def test_every_statement_on_the_page_has_voice_and_certainty(reading: Reading) -> None:
    view = build(reading)
    groups = [group for block in (view.title, *view.blocks) for part in (block.shown, block.folded) for group in part.groups]
    shown = [(group.voice, finding) for group in groups for finding in group.findings]
    assert len(shown) == len(reading.statements)
    assert all(voice and finding.mark for voice, finding in shown)
    notes = re.findall(r'class="note kind-statement.*?href="#in-[^"]+">(.*?)</a>', export("html", reading), re.DOTALL)
    assert len(notes) == len(reading.statements)
    assert all("According to " in note and 'class="mark"' in note for note in notes)


def test_overlapping_and_nested_spans_are_cut_into_pieces(reading: Reading) -> None:
    view = build(reading)
    lit = {piece.text: piece.lit for block in view.blocks for piece in block.pieces}
    assert len(lit["did not trust"].split()) > 2  # content of two attributions, and a predicate
    block = next(block for block in view.blocks if block.note == "disclaimer")
    assert [piece.classes for piece in block.pieces] == ["in-note"]


def test_hostile_text_stays_text(reading: Reading) -> None:
    source = export("html", hostile(reading))
    page = Page(source)
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert "<script>alert(1)</script> &amp;" in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", source)
    assert all((attrs.get("href") or "#").startswith("#") for tag, attrs in page.elements if tag == "a")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " https://x.example", "https://x.example/\n", "//x.example", "file:///x"]
)
def test_only_web_addresses_become_links(reading: Reading, url: str) -> None:
    page = Page(export("html", replace(reading, article=replace(reading.article, url=url))))
    assert all((attrs.get("href") or "#").startswith("#") for tag, attrs in page.elements if tag == "a")


def test_several_readings_share_one_page_with_an_index(make_reading: Callable[[str], Reading]) -> None:
    source = export("html", make_reading("a"), make_reading("b"), make_reading("c"))
    assert source.count("<!DOCTYPE html>") == 1
    assert re.findall(r'<li><a href="#(article-\d)">', source) == ["article-1", "article-2", "article-3"]
    assert "index-title" not in export("html", make_reading("a"))


def test_an_article_without_a_title_goes_by_its_first_words(reading: Reading) -> None:
    text_only = {"statements": reading.statements[1:], "attributions": reading.attributions[:-1]}
    untitled = replace(reading, article=replace(reading.article, title=None), **text_only)
    assert "<title>VELM, 10 May - President" in export("html", untitled)
    assert export("text", untitled).startswith("(no title) VELM, 10 May - President")


@pytest.mark.parametrize(
    ("text", "count"),
    [("a\n\nb\nc", 2), ("a\nb\nc", 3), ("a\n \n\nb", 2), ("\n\na", 1), ("", 0), ("a\r\n\r\nb", 2), ("x" * 200_000, 1)],
)
def test_paragraphs(text: str, count: int) -> None:
    found = paragraphs(text)
    assert len(found) == count
    assert all(text[start:end].strip() for start, end in found)


def test_a_large_article_is_laid_out_in_time(reading: Reading) -> None:
    """Sixty thousand characters in one line with two thousand statements and mentions: the work must not grow with their square."""
    copies = 2000
    text = "The army shelled the bridge. " * copies
    starts = [29 * n for n in range(copies)]
    model = reading.statements[1]
    statements = tuple(
        replace(
            model, id=f"s{n}", voice="author", actor=((s, s + 8),), predicate=((s + 9, s + 16),), recipient=((s + 17, s + 27),), place=None
        )
        for n, s in enumerate(starts)
    )
    army = reading.mentions[1]
    mentions = tuple(replace(army, id=f"m{n}", start=s, end=s + 8, entity="e2") for n, s in enumerate(starts))
    large = replace(bare(text), statements=statements, mentions=mentions, entities=reading.entities)
    assert export("html", large).count('class="note kind-statement') == copies
    assert export("text", large).count("NOT") == copies
    assert len(jsonl(large)) > len(text)


def test_the_fast_dictionary_is_the_slow_one(reading: Reading) -> None:
    """Built by hand for speed, it must not forget a field."""
    slow = dataclasses.asdict(reading)
    fast = record(reading, tokens=True)
    for key in ("mentions", "entities", "evaluations", "wording", "unread", "tokens"):
        assert len(fast[key]) == len(slow[key])
        assert [list(row) for row in fast[key]] == [list(row) for row in slow[key]]


def test_the_terminal_view_needs_no_terminal() -> None:
    assert isinstance(terminal.console_for(io.StringIO()), Console)
