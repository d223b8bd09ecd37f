"""PDF and DOCX documents, packed files, and translations that say so."""

import gzip
import io
import json
import tomllib
import zipfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import brotli
import docx
import pypdf
import pytest
import zstandard
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from allegedly.article import Loaded, documents, from_bytes, from_path, holds_many
from allegedly.article.translations import declared, find_translation
from allegedly.errors import InputError
from allegedly.records import Translation

LINES = (
    "The council of Osk met on Monday and spoke of the harbour, which has been",
    "closed for nine weeks. Its chair, Ines Corr, said that the dredg-",
    "ing would end in May.",
    "Fishers from Tolmere asked for money, and the council promised an answer",
    "within a week.",
)
STORY = "The council of Osk met on Monday and spoke of the harbour, which has been closed for nine weeks, its chair said.\n"


def pdf(lines: tuple[str, ...] = LINES, *, pages: int = 1, **facts: str) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(width=595, height=842)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
        content = DecodedStreamObject()
        content.set_data(b"BT /F1 11 Tf 50 780 Td 14 TL " + b" T* ".join(f"({line}) Tj".encode("latin-1") for line in lines) + b" ET")
        page[NameObject("/Contents")] = writer._add_object(content)
    writer.add_metadata({f"/{key}": value for key, value in facts.items()})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(**facts: Any) -> bytes:
    document = docx.Document()
    document.add_heading("Harbour", 1)
    document.add_paragraph("The council of Osk met on Monday.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Ferries", "twelve"
    document.add_paragraph("Its chair said so.")
    for key, value in facts.items():
        setattr(document.core_properties, key, value)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def one(data: bytes, name: str, **options: str) -> Loaded:
    (outcome,) = from_bytes(data, name=name, **options)
    assert isinstance(outcome, Loaded), outcome
    return outcome


def refused(data: bytes, name: str) -> InputError:
    (outcome,) = from_bytes(data, name=name)
    assert isinstance(outcome, InputError), outcome
    return outcome


# --- documents ---------------------------------------------------------------------------------------------------------


def test_a_pdf_gives_paragraphs_and_its_facts() -> None:
    data = pdf(Title="Harbour", Author="Ines Corr; Tomas Ridel", CreationDate="D:20310503100000Z")
    loaded = one(data, "a.pdf")
    article = loaded.article
    assert article.text.split("\n\n") == [
        "The council of Osk met on Monday and spoke of the harbour, which has been closed for nine weeks. Its chair, Ines Corr, said that the dredging would end in May.",
        "Fishers from Tolmere asked for money, and the council promised an answer within a week.",
    ]
    assert (article.title, article.authors, article.published) == ("Harbour", ("Ines Corr", "Tomas Ridel"), "2031-05-03T10:00:00+00:00")
    assert loaded.capture is not None
    assert (loaded.capture.body, loaded.capture.media_type) == (data, "application/pdf")
    assert one(data, "https://osk.example/x", url="https://osk.example/x", media_type="application/pdf").article.text == article.text
    assert one(data, "-").article.text == article.text


def test_a_docx_gives_paragraphs_tables_and_its_facts() -> None:
    article = one(word(title="Harbour", author="Ines Corr", created=datetime(2031, 5, 3, 10, tzinfo=UTC)), "a.docx").article
    assert article.text == "Harbour\n\nThe council of Osk met on Monday.\n\nFerries | twelve\n\nIts chair said so."
    assert (article.title, article.authors) == ("Harbour", ("Ines Corr",))
    assert (article.published or "").startswith("2031-05-03T10:00:00")


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"%PDF-1.7 and nothing else", "a.pdf", "could not be taken apart"),
        (pdf()[:400], "a.pdf", "could not be taken apart"),
        (pdf(("",)), "a.pdf", "holds no text"),
        (b"PK\x03\x04 and nothing else", "a.docx", "could not be taken apart"),
        (zipped(a=b"b"), "a.docx", "could not be taken apart"),
        (zipped(**{"word/document.xml": b" " * 20_000_000}), "a.docx", "unpacks to 20,000,000 bytes"),
        (zipped(**{f"{n}.bin": b" " * 9_000_000 for n in range(6)}), "a.docx", "unpacks to 54,000,000 bytes"),
        (b"", "a.pdf", "empty"),
    ],
)
def test_bad_documents_say_why(data: bytes, name: str, words: str) -> None:
    assert words in str(refused(data, name))


def test_a_locked_pdf_is_refused() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("osk", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    error = refused(out.getvalue(), "a.pdf")
    assert "locked with a password" in error.reason
    assert error.kind == "refused"


def test_long_documents_are_read_to_a_limit_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_PAGES", 2)
    loaded = one(pdf(pages=3), "a.pdf")
    assert loaded.article.text.count("Fishers") == 2
    assert loaded.warnings == ("a.pdf: only the first 2 of its 3 pages were read",)
    monkeypatch.setattr(documents, "MAX_SECONDS", -1.0)
    assert "takes longer than" in str(refused(pdf(), "a.pdf"))


@pytest.mark.parametrize(("data", "name"), [(pdf(), "a.pdf"), (word(), "a.docx")])
def test_without_the_extra_the_exact_command_is_named(data: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "find_spec", lambda _: None)
    assert "pip install 'allegedly[documents]'" in str(refused(data, name))


# --- packed files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".br", brotli.compress), (".zst", zstandard.compress)])
def test_packed_files_are_unpacked(tmp_path: Path, suffix: str, pack: Any) -> None:
    row = json.dumps({"id": "k", "text": STORY}).encode()
    for name, data, count in (("a.txt", STORY.encode(), 1), ("b.jsonl", row + b"\n" + row, 2), ("c.pdf", pdf(), 1)):
        (tmp_path / (name + suffix)).write_bytes(pack(data))
        assert [type(outcome) for outcome in from_path(tmp_path / (name + suffix))] == [Loaded] * count
        assert holds_many(name + suffix) == (count > 1)
    (tmp_path / f"d.txt{suffix}").write_bytes(pack(STORY.encode() * 50)[:-9])
    (error,) = from_path(tmp_path / f"d.txt{suffix}")
    assert isinstance(error, InputError)
    assert "damaged" in error.reason
    (tmp_path / f"e.txt{suffix}").write_bytes(pack(b"a" * 10_000_001))
    (error,) = from_path(tmp_path / f"e.txt{suffix}")
    assert isinstance(error, InputError)
    assert "larger than 10,000,000 bytes" in error.reason


def test_packed_bytes_are_told_by_their_look() -> None:
    row = json.dumps({"id": "k", "text": STORY}).encode()
    assert one(gzip.compress(row), "-").article.id == "k"
    assert one(zstandard.compress(row), "u", url="https://osk.example/u", media_type="application/octet-stream").article.id == "k"


# --- translations ------------------------------------------------------------------------------------------------------

RULES = tomllib.loads((files("allegedly") / "data" / "translations.toml").read_text(encoding="utf-8"))["rule"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["by"])
def test_each_rule_finds_its_examples_and_not_the_others(rule: dict[str, Any]) -> None:
    for sentence in rule["yes"]:
        for text in (f"{sentence}\n\n{STORY}", f"{STORY}\n{sentence}\n", f"{STORY.strip()} {sentence}"):
            found = find_translation(text, None)
            assert found, sentence
            assert found.by == rule["by"], sentence
    for sentence in rule["no"]:
        found = find_translation(f"{STORY}\n{sentence}", None)
        assert found is None or found.by != rule["by"], sentence


def test_the_language_and_the_translator_are_kept() -> None:
    assert find_translation(f"{STORY}\nTranslated from Russian by Anna Velk.", None) == Translation("ru", "human", "Anna Velk")
    assert find_translation(STORY, "https://osk-example.translate.goog/a") == Translation("und", "machine", "Google Translate")
    assert find_translation(STORY, "http://[half") is None
    middle = "\n".join([STORY] * 20 + ["Translated from Russian."] + [STORY] * 20)
    assert find_translation(middle, None) is None


@pytest.mark.parametrize(
    ("language", "classes", "linked", "found"),
    [
        ("en", "", {}, None),
        ("en-x-mtfrom-de", "", {}, Translation("de", "machine")),
        ("en-t-fa-m0-osk", "", {}, Translation("fa", "machine")),
        ("en-t-ps", "", {}, Translation("ps", "outlet")),
        ("en", "js translated-ltr", {}, Translation("und", "machine")),
        ("en", "", {"translator": {"@type": "Person", "name": "Ines Corr"}}, Translation("und", "human", "Ines Corr")),
        (
            "en",
            "",
            {"translator": {"@type": "SoftwareApplication", "name": "Osk MT"}, "translationOfWork": {"inLanguage": "ru-RU"}},
            Translation("ru", "machine", "Osk MT"),
        ),
        ("en", "", {"translationOfWork": [{"inLanguage": {"alternateName": "fa"}}]}, Translation("fa", "outlet")),
        ("en", "", {"translationOfWork": "https://osk.example/ru"}, Translation("und", "outlet")),
    ],
)
def test_pages_declare_translations(language: str, classes: str, linked: dict[str, Any], found: Translation | None) -> None:
    assert declared(language, classes, linked) == found


def test_a_page_and_a_line_carry_their_translation_to_the_article() -> None:
    page = f"<html lang='en-x-mtfrom-uk'><head><title>Osk</title></head><body><article>{f'<p>{STORY}</p>' * 4}</article></body></html>".encode()
    assert one(page, "a.html").article.translation == Translation("uk", "machine")
    line = {"text": STORY, "translation": {"from": "fa", "by": "machine", "tool": "Osk MT"}}
    assert one(json.dumps(line).encode(), "a.jsonl").article.translation == Translation("fa", "machine", "Osk MT")
    for wrong in ("fa", {"by": "somebody"}, {"by": "human", "from": 5}):
        loaded = one(json.dumps({"text": STORY, "translation": wrong}).encode(), "a.jsonl")
        assert loaded.article.translation is None
        assert any("'translation'" in warning for warning in loaded.warnings)
