"""The exports for other programs, each read back with its field's own library where there is one, and what holds for all of them."""

import csv
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import conllu
import networkx
import pytest
from conftest import TEXT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from allegedly.errors import ExportError
from allegedly.export import EXPORTS, Options
from allegedly.export.docbin import cut
from allegedly.export.events import GDELT_EVENTS, GDELT_MENTIONS, POLECAT
from allegedly.export.folder import new_folder, safe_name
from allegedly.export.options import BLANK, blanked, text_sha256
from allegedly.export.rows import COLUMNS, cell, rows
from allegedly.records import Article, Event, Reader, Reading

ROOT = Path(__file__).resolve().parent.parent
SHA = text_sha256
NAMES = {name for name in EXPORTS if name != "spacy" or find_spec("spacy")}


def text_of(name: str, *readings: Reading, **options: Any) -> str:
    out = io.StringIO(newline="")
    EXPORTS[name].write(iter(readings), out, Options(**options))
    return out.getvalue()


def table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def all_written(name: str, folder: Path, *readings: Reading, **options: Any) -> str:
    """Everything that a format writes, as text."""
    folder.mkdir(exist_ok=True)
    row, target = EXPORTS[name], folder / "out"
    if row.form == "folder":
        row.write(iter(readings), target, Options(**options))
        contents = [zlib.decompress(p.read_bytes()) if p.suffix == ".spacy" else p.read_bytes() for p in sorted(target.iterdir())]
        return "\n".join(content.decode("utf8", "replace") for content in contents)
    if row.form == "bytes":
        with target.open("wb") as out:
            row.write(iter(readings), out, Options(**options))
        return json.dumps(parquet.read_table(target).to_pylist(), ensure_ascii=False)
    return text_of(name, *readings, **options)


def bare(text: str) -> Reading:
    return Reading(Article("x", text), (), (), (), (), (), (), (), (), None, (), Reader("0", "0", "0"))


@pytest.fixture
def acted(reading: Reading) -> Reading:
    """The reading with events that happened: two named parties, stated by the author and by a source; beside those that did not."""
    assault = Event("ASSAULT", "ASSAULT", "heavy-weapons", ("military",), 4, "shell-target", 0.9)
    made = replace(
        reading.statements[1],
        id="s20",
        polarity="affirmed",
        voice="author",
        sourcing="none",
        actor_entities=("e4",),
        recipient_entities=("e5", "e6"),
    )
    said = replace(made, id="s21", voice="a3", sourcing="named", event=replace(assault, score=0.4))
    again = replace(made, id="s22")
    return replace(reading, statements=(*reading.statements, made, said, again))


# --- what holds for every format ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(NAMES))
def test_without_text_no_word_of_the_article_is_left(name: str, acted: Reading, tmp_path: Path) -> None:
    """The words are made strange, so that whatever else a format writes cannot be taken for them."""
    text = re.sub(
        r"\b(?!Halvik|Maren|Leo|Hartmann|Eastern|Assembly|Front|EAF|Kestria|Brennia|Osk\b)[A-Za-z]{4,}\b", _strange, acted.article.text
    )
    title = re.sub(r"[A-Za-z]{4,}", _strange, acted.article.title or "")
    secret = replace(acted, article=replace(acted.article, text=text, title=title, dateline=None))
    strange = {*re.findall(r"zq\w+", text), *re.findall(r"zq\w+", title)}
    entities = tuple(replace(e, name="zqname", aliases=("zqalias",)) if e.id in ("e2", "e7") else e for e in secret.entities)
    mentions = tuple(replace(m, named=False) if m.entity in ("e2", "e7") else m for m in secret.mentions)
    tokens = tuple(replace(t, form=text[t.start : t.end], lemma=text[t.start : t.end]) for t in secret.tokens)
    secret = replace(secret, entities=entities, mentions=mentions, tokens=tokens)
    assert len(strange) > 20
    assert "zq" in all_written(name, tmp_path / "open", secret, every=True, tokens=True) or name == "gexf"
    assert re.findall(r".{20}zq.{20}", all_written(name, tmp_path / "shut", secret, every=True, tokens=True, no_text=True)) == []


def _strange(found: re.Match[str]) -> str:
    return ("zq" + found[0].lower()[::-1] * 2)[: len(found[0])].ljust(len(found[0]), "z")


@pytest.mark.parametrize("name", sorted(NAMES - {"conllu", "gexf"}))
def test_every_format_carries_voice_polarity_and_status(name: str, acted: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    written = all_written(name, tmp_path, acted, every=True)
    assert "Leo Hartmann" in written
    if name in ("text", "html"):
        assert "NOT" in written
        assert "planned" in written
    else:
        assert "negated" in written
        assert "planned" in written


@pytest.mark.parametrize("name", ["plover", "gdelt", "gexf"])
def test_only_what_is_affirmed_as_having_happened_is_an_event_row(name: str, acted: Reading, tmp_path: Path) -> None:
    some, every = all_written(name, tmp_path / "some", acted), all_written(name, tmp_path / "every", acted, every=True)
    assert "negated" not in some
    assert "planned" not in some
    if name != "gexf":
        assert "negated" in every
        assert "planned" in every


@pytest.mark.parametrize("name", sorted(NAMES))
def test_readings_are_taken_one_at_a_time(name: str, make_reading: Callable[[str], Reading], tmp_path: Path) -> None:
    def coming() -> Iterator[Reading]:
        for number in range(3):
            yield make_reading(f"osk-{number}")

    target = tmp_path / "out"
    if EXPORTS[name].form == "folder":
        EXPORTS[name].write(coming(), target)
    else:
        with target.open("wb") if EXPORTS[name].form == "bytes" else target.open("w", encoding="utf8", newline="") as out:
            EXPORTS[name].write(coming(), out)
    assert target.exists()


@pytest.mark.parametrize("name", sorted(NAMES - {"text", "html", "jsonl", "conllu"}))
@pytest.mark.parametrize("no_text", [False, True])
def test_no_article_breaks_a_format(name: str, no_text: bool, acted: Reading, tmp_path: Path) -> None:
    """Control characters, markup, formulas and lone surrogates in every string that an article brings."""
    attack = "=1\x1b[31m\x00<b>&\u202e\u2028\ud800\t\"'\r\n"
    article = replace(
        acted.article, id=attack, title=attack, outlet=attack, authors=(attack,), url=attack, published=attack, language=attack
    )
    text = attack + acted.article.text[len(attack) :]
    entities = tuple(replace(e, name=attack, country=attack, sector=attack) for e in acted.entities)
    statements = tuple(replace(s, place=replace(s.place, name=attack)) if s.place else s for s in acted.statements)
    hostile = replace(acted, article=replace(article, text=text), entities=entities, statements=statements)
    written = all_written(name, tmp_path, hostile, bare(""), bare("\ud800"), every=True, no_text=no_text)
    if name not in ("spacy", "brat", "parquet"):
        assert "\x1b" not in written
        assert "\x00" not in written


def test_the_page_of_exports_names_every_format_and_column() -> None:
    page = (ROOT / "docs" / "exports.md").read_text("utf8")
    assert [name for name in (*EXPORTS, *COLUMNS) if f"`{name}`" not in page] == []


def test_nothing_in_the_tables_needs_the_text(reading: Reading) -> None:
    """The hash is that of the text that was withheld."""
    assert text_of("csv", reading, no_text=True).count(SHA(reading.article)) == len(reading.statements)


@given(st.text(max_size=200))
def test_blanking_keeps_every_offset(text: str) -> None:
    blank = blanked(text)
    assert len(blank) == len(text)
    assert {*blank} <= {BLANK, *(c for c in text if c.isspace())}


# --- tables --------------------------------------------------------------------------------------------------------------


def test_a_table_has_a_row_for_each_statement_with_the_exact_words(reading: Reading) -> None:
    found = table(text_of("csv", reading, raw=True))
    assert [row["statement"] for row in found] == [s.id for s in reading.statements]
    for row in found:
        source = reading.article.title if row["in"] == "title" else reading.article.text
        assert source is not None
        assert source[int(row["start"]) : int(row["end"])] == row["quotation"]
    first = found[1]
    assert (first["voice"], first["force"], first["polarity"], first["status"]) == ("Maren Halvik", "denies", "negated", "actual")
    assert (first["actor"], first["actor_names"], first["event_type"], first["quad"]) == (
        "the Ardovian army",
        "Ardovian army",
        "ASSAULT",
        "4",
    )
    assert (first["place"], first["latitude"]) == ("Osk", "45.123456")
    assert found[2]["quantities"] == "11 people (deaths)"
    assert found[3]["relayed_by"] == "Officials in Tolmere"
    assert found[4]["time_start"] == "2026-05-20"
    assert found[5]["voice"] == "author"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\n=cmd|' /C calc'!A0",
        "＝1",
        "＠x",
        "\u200b=1",
        "\xa0-x",
        '=HYPERLINK("x")',
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert str(cell(text, raw=False)).startswith("'")
    assert cell(text, raw=True) == text
    assert str(cell([text, "a"], raw=False)).startswith("'")


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [cell(value, raw=False) for value in (-12.5, "-12.5", "a=b", "12", None, "Osk said - twice")] == [
        -12.5,
        "-12.5",
        "a=b",
        "12",
        "",
        "Osk said - twice",
    ]


@settings(deadline=None, max_examples=60)
@example("+0")
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_cell_comes_back(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow([cell(text, raw=True), cell(text, raw=False)])
    exact, safe = next(iter(csv.reader(io.StringIO(out.getvalue(), newline=""))), ["", ""]) or ["", ""]
    assert exact == text
    number = re.fullmatch(r"[+-]?\d+(?:\.\d+)?", safe, re.ASCII)  # which a spreadsheet only shows
    assert number or not re.match(r"[\s\x00-\x20\ufeff\u200b]*[=+@＝＋－＠]", safe)


def test_hostile_cells_of_a_whole_table(reading: Reading) -> None:
    hostile = replace(reading, article=replace(reading.article, id="=1", title="@x", outlet="+1\tx", url="-2+3", published='="2"'))
    for name, delimiter in (("csv", ","), ("plover", "\t")):
        found = table(text_of(name, hostile, every=True), delimiter)
        assert found
        assert [value for row in found for value in row.values() if re.match(r"[=+@]|-\D", value or "")] == []
    assert "=1" in {row["article"] for row in table(text_of("csv", hostile, raw=True))}


def test_parquet_holds_the_same_rows_with_types(reading: Reading, tmp_path: Path) -> None:
    target = tmp_path / "x.parquet"
    with target.open("wb") as out:
        EXPORTS["parquet"].write([reading, reading], out)
    found = parquet.read_table(target)
    assert found.column_names == list(COLUMNS)
    assert found.to_pylist() == list(rows([reading, reading]))
    assert found.schema.field("contexts").type.value_type == "string"
    assert (str(found.schema.field("quad").type), str(found.schema.field("latitude").type)) == ("int64", "double")


def test_parquet_is_written_group_by_group(reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allegedly.export.rows.AT_ONCE", 7)
    with (tmp_path / "x.parquet").open("wb") as out:
        EXPORTS["parquet"].write((reading for _ in range(5)), out)
    found = parquet.ParquetFile(tmp_path / "x.parquet")
    assert found.metadata.num_rows == 5 * len(reading.statements)
    assert found.metadata.num_row_groups > 5


@pytest.mark.parametrize(("name", "module"), [("parquet", "pyarrow"), ("spacy", "spacy")])
def test_a_missing_package_is_named_with_the_command(name: str, module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(ExportError, match=re.escape(f'pip install "allegedly[{name}]"')):
        EXPORTS[name].write([], tmp_path / "x" if name == "spacy" else io.BytesIO())
    assert list(tmp_path.iterdir()) == []


# --- events --------------------------------------------------------------------------------------------------------------


def test_plover_rows_have_the_columns_of_polecat_and_the_voice(acted: Reading) -> None:
    written = text_of("plover", acted)
    assert written.split("\n")[0].split("\t")[: len(POLECAT)] == list(POLECAT)
    found = table(written, "\t")
    assert [row["Statement"] for row in found] == ["s20", "s21", "s22"]
    first, said, _ = found
    assert (first["Event Type"], first["Event Mode"], first["Quad Code"], first["Intensity"]) == ("ASSAULT", "heavy-weapons", "4", "-9.0")
    assert (first["Actor Name"], first["Primary Actor Sector"], first["Recipient Name"]) == (
        "Eastern Assembly Front",
        "REB",
        "Kestria; Brennia",
    )
    assert (first["Event Date"], first["Date From"]) == ("2026-05-10", "published")
    assert (first["Voice"], first["Polarity"], first["Status"]) == ("author", "affirmed", "actual")
    assert said["Voice"] == "Leo Hartmann, as told by Officials in Tolmere"
    assert len({row["Event ID"] for row in found}) == 3
    assert first["Story People"] == "Maren Halvik; Leo Hartmann"
    assert [row["Statement"] for row in table(text_of("plover", acted, least=0.5), "\t")] == ["s20", "s22"]


def test_gdelt_has_an_event_for_each_pair_and_voice_and_its_mentions(acted: Reading, tmp_path: Path) -> None:
    EXPORTS["gdelt"].write([acted], tmp_path / "out")
    lines = (tmp_path / "out" / "events.tsv").read_text("utf8")
    assert lines.split("\n")[0].split("\t")[:61] == list(GDELT_EVENTS)
    assert len(GDELT_EVENTS) == 61
    assert len(GDELT_MENTIONS) == 16
    events, mentions = table(lines, "\t"), table((tmp_path / "out" / "mentions.tsv").read_text("utf8"), "\t")
    assert [(e["Actor1Name"], e["Actor2Name"], e["NumMentions"], e["Voice"]) for e in events] == [
        ("Eastern Assembly Front", "Kestria", "2", "author"),
        ("Eastern Assembly Front", "Brennia", "2", "author"),
        ("Eastern Assembly Front", "Kestria", "1", "Leo Hartmann, as told by Officials in Tolmere"),
        ("Eastern Assembly Front", "Brennia", "1", "Leo Hartmann, as told by Officials in Tolmere"),
    ]
    first = events[0]
    assert (first["Day"], first["Year"], first["FractionDate"]) == ("20260510", "2026", "2026.4384")
    assert (first["EventCode"], first["QuadClass"], first["NumArticles"], first["AvgTone"]) == ("ASSAULT-heavy-weapons", "4", "1", "")
    assert not any(first[name] for name in first if "Religion" in name or "Ethnic" in name)
    assert {m["GlobalEventID"] for m in mentions} == {e["GlobalEventID"] for e in events}
    assert len({e["GlobalEventID"] for e in events}) == 4
    assert {m["Statement"] for m in mentions} == {"s20", "s21", "s22"}
    assert mentions[0]["MentionIdentifier"] == acted.article.url
    assert acted.article.text[int(mentions[0]["ActionCharOffset"]) :].startswith("had shelled")
    assert mentions[0]["TextSHA256"] == SHA(acted.article)


@pytest.mark.parametrize("published", ["yesterday", "", None, "2026-13-40", "2026", "2026-05-10T99:00", "2026-05-10T23:30:00-04:00"])
def test_odd_dates_of_publication(published: str | None, acted: Reading, tmp_path: Path) -> None:
    odd = replace(acted, article=replace(acted.article, published=published))
    EXPORTS["gdelt"].write([odd], tmp_path / "out")
    stamp = table((tmp_path / "out" / "mentions.tsv").read_text("utf8"), "\t")[0]["MentionTimeDate"]
    assert re.fullmatch(r"(?:\d{14})?", stamp)
    assert stamp == "20260511033000" if published and published.endswith("-04:00") else True
    networkx.read_gexf(io.BytesIO(text_of("gexf", odd).encode()))


# --- brat ----------------------------------------------------------------------------------------------------------------


def standoff(folder: Path, name: str) -> dict[str, tuple[str, str]]:
    """Annotations by id, checked as brat checks them: text-bound ones against the text, references against what is there."""
    text = (folder / f"{name}.txt").read_bytes().decode("utf8")
    found: dict[str, tuple[str, str]] = {}
    for line in (folder / f"{name}.ann").read_bytes().decode("utf8").splitlines():
        key, data, *rest = line.split("\t")
        assert re.fullmatch(r"[TEA#]\d+", key)
        assert key not in found
        if key[0] == "T":
            kind, spans = data.split(" ", 1)
            pieces = [tuple(map(int, piece.split())) for piece in spans.split(";")]
            assert " ".join(text[a:b] for a, b in pieces) == rest[0]
            assert pieces == sorted(pieces)
            found[key] = (kind, rest[0])
        elif key[0] == "E":
            trigger, *roles = data.split(" ")
            assert found[trigger.split(":")[1]][0] == trigger.split(":")[0]
            assert all(role.split(":")[1] in found for role in roles)
            found[key] = (trigger.split(":")[0], " ".join(roles))
        elif key[0] == "A":
            kind, of, value = data.split(" ")
            assert of in found
            found[key] = (kind, f"{of} {value}")
        else:
            assert data.split(" ")[1] in found
            found[key] = (data.split(" ")[1], rest[0])
    return found


def test_brat_reads_the_folder(acted: Reading, tmp_path: Path) -> None:
    EXPORTS["brat"].write([acted], tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "annotation.conf",
        "osk-1-title.ann",
        "osk-1-title.txt",
        "osk-1.ann",
        "osk-1.txt",
    ]
    found = standoff(tmp_path / "out", "osk-1")
    kinds = [kind for key, (kind, _) in found.items() if key[0] == "E"]
    assert kinds.count("Attribution") == 3
    assert kinds.count("ASSAULT") == 4
    assert ("Person", "President Maren Halvik") in found.values()
    notes = [said for key, (_, said) in found.items() if key[0] == "#"]
    assert "s1: Maren Halvik (denies), ASSAULT heavy-weapons" in notes
    assert sum(kind == "Polarity" for kind, _ in found.values()) == sum(kind == "Status" for kind, _ in found.values()) == 12
    conf = (tmp_path / "out" / "annotation.conf").read_text("utf8")
    assert [part in conf for part in ("[entities]", "[relations]", "[events]", "[attributes]", "ASSAULT\t")] == [True] * 5
    title = standoff(tmp_path / "out", "osk-1-title")
    assert ("ASSAULT", "shelling") in title.values()


def test_brat_spans_end_at_line_ends(reading: Reading, tmp_path: Path) -> None:
    text = reading.article.text.replace("the Ardovian army", "the\tArdovian\u2028army", 1)
    EXPORTS["brat"].write([replace(reading, article=replace(reading.article, text=text))], tmp_path / "out")
    assert ("Organization", "the Ardovian army") in standoff(tmp_path / "out", "osk-1").values()


def test_names_of_files_stay_in_the_folder(reading: Reading, tmp_path: Path) -> None:
    ids = ["../../x", "x", "X", "x", "/etc/passwd", "", ".", "CON", "a\0b", "é" * 300, "x-title", "\ud800"]
    named = [replace(reading, article=replace(reading.article, id=name)) for name in ids]
    EXPORTS["brat"].write(named, tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    written = [p.name for p in (tmp_path / "out").iterdir()]
    assert len({name.casefold() for name in written}) == 4 * len(ids) + 1


@given(st.text(max_size=100), st.text(max_size=100))
def test_two_ids_never_share_a_file(a: str, b: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,80}", safe_name(a))
    assert not safe_name(a).startswith((".", "-"))
    assert a == b or safe_name(a) != safe_name(b)


# --- folders -------------------------------------------------------------------------------------------------------------


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    def half() -> None:
        with new_folder(tmp_path / "out") as folder:
            (folder / "x").write_text("x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_never_mixes_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name in ("full", "file", "link"):
        with pytest.raises(ExportError, match="is there already"), new_folder(tmp_path / name):
            pass
    with pytest.raises(ExportError, match="could not be written"), new_folder(tmp_path / "none" / "x"):
        pass
    with new_folder(tmp_path / "empty") as folder:
        (folder / "x").write_text("x")
    assert (tmp_path / "empty" / "x").read_text() == "x"


# --- spaCy ---------------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_spacys_words_spell_the_text(text: str) -> None:
    words = cut(text, ())
    assert "".join(form + (" " if space else "") for form, space in zip(words.forms, words.spaces, strict=True)) == text


def test_words_of_the_reading_are_words_of_spacy(reading: Reading) -> None:
    words = cut(reading.article.text, reading.tokens)
    assert "".join(form + (" " if space else "") for form, space in zip(words.forms, words.spaces, strict=True)) == TEXT
    assert [words.forms[words.place[n]] for n in range(len(reading.tokens))] == [TEXT[t.start : t.end] for t in reading.tokens]


@pytest.mark.skipif(find_spec("spacy") is None, reason="spaCy is not installed: the DocBin export was NOT read back")
def test_spacy_reads_the_folder(acted: Reading, tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin
    from spacy.training import Corpus

    EXPORTS["spacy"].write([acted, acted], tmp_path / "out")
    vocab = spacy.blank("en").vocab
    docs = list(DocBin().from_disk(tmp_path / "out" / "part-0001.spacy").get_docs(vocab))
    assert len(docs) == 2
    doc = docs[0]
    assert doc.text == TEXT
    assert [e.text for e in doc.ents][:2] == ["President Maren Halvik", "Ambassador Leo Hartmann"]
    spans, told = doc.spans["statements"], doc.spans["statements"].attrs["rows"]
    assert len(spans) == len(told) == sum(s.within == "text" for s in acted.statements)
    assert (spans[0].text, spans[0].label_) == ("had shelled", "ASSAULT")
    assert (told[0]["voice"], told[0]["polarity"]) == ("Maren Halvik", "negated")
    assert doc.user_data["allegedly"]["statements"][0]["polarity"] == "negated"
    assert len(list(doc.sents)) >= len(acted.sentences)
    assert len(list(Corpus(tmp_path / "out")(spacy.blank("en")))) == 2


# --- CoNLL-U, GEXF ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("no_text", [False, True])
def test_conllu_is_read_by_its_library(reading: Reading, no_text: bool) -> None:
    sentences = conllu.parse(text_of("conllu", reading, no_text=no_text))
    assert len(sentences) == len(reading.sentences)
    for sentence in sentences:
        sentence.to_tree()
        for word in sentence:
            if word["misc"] and "TokenRange" in word["misc"]:
                start, end = map(int, word["misc"]["TokenRange"].split(":"))
                assert word["form"] == (blanked(TEXT[start:end]) if no_text else TEXT[start:end])


def test_networkx_reads_the_network(acted: Reading) -> None:
    other = replace(acted, article=replace(acted.article, id="osk-2", published="2026-05-12"))
    graph = networkx.read_gexf(io.BytesIO(text_of("gexf", acted, other).encode()), version="1.2draft")
    assert graph.is_directed()
    labels = networkx.get_node_attributes(graph, "label")
    assert sorted(labels.values()) == ["Brennia", "Eastern Assembly Front", "Kestria"]
    assert set(networkx.get_node_attributes(graph, "named").values()) == {True}
    edges = [data for _, _, data in graph.edges(data=True)]
    assert len(edges) == 4
    own = [e for e in edges if e["voice"] == "author"]
    assert {(e["statements"], e["articles"], e["polarity"], e["status"], e["quad"], e["start"], e["end"]) for e in own} == {
        (4, 2, "affirmed", "actual", 4, "2026-05-10", "2026-05-12")
    }
    assert {e["voice"] for e in edges} == {"author", "Leo Hartmann, as told by Officials in Tolmere"}
    assert own[0]["evidence"] == "osk-1#s20 osk-1#s22 osk-2#s20 osk-2#s22"
    assert graph.nodes[next(n for n, name in labels.items() if name.startswith("Eastern"))]["sector"] == "REB"


def test_denied_and_affirmed_acts_are_different_edges(acted: Reading) -> None:
    denied = replace(acted.statements[-1], id="s30", polarity="negated")
    both = replace(acted, statements=(*acted.statements, denied))
    assert "negated" not in text_of("gexf", both)
    graph = networkx.read_gexf(io.BytesIO(text_of("gexf", both, every=True).encode()))
    assert {d["polarity"] for _, _, d in graph.edges(data=True)} == {"affirmed", "negated"}


def test_what_is_only_described_is_a_node_of_its_article(acted: Reading) -> None:
    described = replace(acted, statements=tuple(replace(s, actor_entities=("e7",)) for s in acted.statements))
    described = replace(described, mentions=tuple(replace(m, named=m.named and m.entity != "e7") for m in described.mentions))
    other = replace(described, article=replace(described.article, id="osk-2"))
    graph = networkx.read_gexf(io.BytesIO(text_of("gexf", described, other).encode()))
    assert sorted(data["label"] for _, data in graph.nodes(data=True) if not data["named"]) == ["The regime", "The regime"]
    assert "regime" not in text_of("gexf", described, no_text=True)


def test_a_hostile_name_cannot_break_the_network(acted: Reading) -> None:
    attack = '<a b="c">&\x00\x0b\ud800\ufffe]]>\n'
    entities = tuple(replace(e, name=attack + e.name) for e in acted.entities)
    hostile = replace(acted, article=replace(acted.article, id=attack, outlet=attack), entities=entities)
    graph = networkx.read_gexf(io.BytesIO(text_of("gexf", hostile).encode("utf8")))
    assert len(graph) == 3
