"""article: what each kind of input gives, what bad input gets, and what counts as furniture."""

import gzip
import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from conftest import seconds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly import article as module
from allegedly.article import INPUTS, Loaded, Outcome, from_bytes, from_path
from allegedly.article.decoding import MAGIC
from allegedly.article.facts import iso_date, page_date
from allegedly.article.notes import Rule, find_dateline, find_notes, furniture, guess_language
from allegedly.errors import InputError
from allegedly.records import Dateline

FIXTURES = Path(__file__).parent / "fixtures"
RULES = tomllib.loads((Path(module.__file__).parents[1] / "data" / "en" / "furniture.toml").read_text(encoding="utf-8"))["rule"]
STORY = "The council of Osk met on Monday and spoke of the harbour, which has been closed for nine weeks, its chair said.\n"


def one(data: bytes, name: str = "a.txt", **options: str) -> Loaded:
    (outcome,) = from_bytes(data, name=name, **options)
    assert isinstance(outcome, Loaded), outcome
    return outcome


def refused(data: bytes, name: str = "a.txt", **options: str) -> str:
    (outcome,) = from_bytes(data, name=name, **options)
    assert isinstance(outcome, InputError)
    assert outcome.name.startswith(name)
    return str(outcome)


# --- plain text -------------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\r\n\t")))
def test_text_is_kept_exactly(text: str) -> None:
    (outcome,) = from_bytes(text.encode(), name="a.txt")
    if isinstance(outcome, Loaded):
        assert outcome.article.text == text.removeprefix("\ufeff")
        assert not [w for w in outcome.warnings if "UTF-8" in w]
    else:
        assert not any(c.isalnum() for c in text) or text.encode().startswith(tuple(magic for magic, _ in MAGIC))


def test_a_text_without_facts_gets_the_hash_of_its_text_as_id() -> None:
    first, again = one(STORY.encode()).article, one(STORY.encode(), name="b.txt").article
    assert len(first.id) == 16
    assert first == again
    assert first.id != one((STORY + " ").encode()).article.id


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Zoë told the mayor of Osk “no” and left".encode("cp1252"), "windows-1252"),
        ("\ufeffZoë said “no”".encode("utf-16-le"), "utf-16"),
        ("\ufeffZoë said “no”".encode("utf-16-be"), "utf-16"),
        ("The mayor of Osk said no".encode("utf-16-le"), "utf-16-le"),
        ("\ufeffZoë said “no”".encode("utf-32-le"), "utf-32"),
    ],
)
def test_other_encodings_are_read_and_named(data: bytes, words: str) -> None:
    loaded = one(data)
    assert loaded.article.text in ("Zoë said “no”", "The mayor of Osk said no", "Zoë told the mayor of Osk “no” and left")
    assert any(words in warning for warning in loaded.warnings)


def test_a_byte_order_mark_of_utf8_is_no_text_and_no_news() -> None:
    assert one(b"\xef\xbb\xbf" + STORY.encode())[:2] == one(STORY.encode())[:2]


def test_few_bad_bytes_do_not_spoil_utf8() -> None:
    loaded = one(("Zoë “said” – “no” – Zoë " * 5).encode() + b"\xff.")
    assert loaded.article.text.endswith("\ufffd.")
    assert "1 bytes that are not valid UTF-8" in loaded.warnings[0]


def test_a_declared_encoding_is_taken() -> None:
    text = "Президент сказал, что он не знает об этом ничего."
    assert one(text.encode("koi8-r"), media_type="text/plain; charset=koi8-r").article.text == text
    assert one(STORY.encode(), media_type="text/plain; charset=utf-7").article.text == STORY


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"?!", "no words"),
        (b"%PDF-1.7 text", "PDF"),
        (b"PK\x03\x04word", "zip"),
        (b"\x89PNG\r\n", "picture"),
        (b"text\0with\0nul", "binary"),
        (b"\x01\x02\x03abc", "binary"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    assert "larger than 1,000 bytes" in refused(b"word " * 300)
    assert "longer than 1,000 bytes" in refused(b'{"text": "' + b"word " * 300, name="a.jsonl")


# --- JSON Lines -------------------------------------------------------------------------------------------------------


def test_good_lines_are_read_around_a_bad_one() -> None:
    first, second, third = from_path(FIXTURES / "wire.jsonl")
    assert isinstance(first, Loaded)
    assert isinstance(second, InputError)
    assert isinstance(third, Loaded)
    assert first.article.text.endswith("treaty.\r\nIt was close.")
    assert (first.article.id, first.article.title, first.article.outlet) == ("k1", "Maravel votes", "KNA")
    assert (first.article.authors, first.article.published) == (("Ilse Varga",), "2031-05-05")
    assert first.article.dateline == Dateline("MARAVEL", "2031-05-02")
    assert second.name.endswith("wire.jsonl:2")
    assert (third.article.id, third.article.published) == ("3", None)
    assert "'published' is not an ISO 8601 date" in third.warnings[0]


@pytest.mark.parametrize(
    "line",
    [
        b"[1]",
        b'{"id": "x"}',
        b'{"text": 5}',
        b'{"text": ""}',
        b'{"text": "a\\u0000b"}',
        b"[" * 100_000,
        b'{"text": "\xff"}',
        b'{"id":' + b"1" * 9999,
        b'"x"',
    ],
)
def test_bad_lines_say_which(line: bytes) -> None:
    first, second = from_bytes(line + b"\n" + json.dumps({"text": STORY}).encode(), name="a.jsonl")
    assert isinstance(first, InputError)
    assert first.name == "a.jsonl:1"
    assert isinstance(second, Loaded)


def test_halves_of_surrogate_pairs_keep_their_place() -> None:
    loaded = one(b'{"id": "\\udc00", "text": "ab \\ud83d cd", "authors": "Ilse Varga"}', name="a.jsonl")
    assert loaded.article.text == "ab \ufffd cd"
    assert loaded.article.id == "\ufffd"
    assert loaded.article.authors == ("Ilse Varga",)
    assert len(loaded.warnings) == 2
    loaded.article.text.encode()


def test_facts_of_the_wrong_type_are_left_out_with_a_warning() -> None:
    loaded = one(b'{"id": true, "text": "the mayor", "title": 4, "authors": {"a": 1}}', name="a.jsonl")
    assert loaded.article.title is None
    assert loaded.article.authors == ()
    assert len(loaded.warnings) == 3


def test_packed_lines(tmp_path: Path) -> None:
    lines = (FIXTURES / "wire.jsonl").read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines)[:-40])
    (tmp_path / "c.jsonl.gz").write_bytes(b"no gzip")
    assert [type(o) for o in from_path(tmp_path / "a.jsonl.gz")] == [Loaded, InputError, Loaded]
    assert isinstance(list(from_path(tmp_path / "b.jsonl.gz"))[-1], InputError)
    (broken,) = from_path(tmp_path / "c.jsonl.gz")
    assert "damaged" in str(broken)


# --- web pages --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def harbour() -> Loaded:
    (outcome,) = from_path(FIXTURES / "harbour.html")
    assert isinstance(outcome, Loaded)
    return outcome


def test_a_page_gives_its_facts(harbour: Loaded) -> None:
    article = harbour.article
    assert article.title == "Ardovia reopens the harbour of Osk"
    assert article.outlet == "The Tolmere Courier"
    assert article.authors == ("Ilse Varga", "Tomas Rehn")
    assert article.published == "2031-05-04T08:15:00+02:00"
    assert article.modified == "2031-05-04T11:40:00+02:00"
    assert article.url == "https://courier.tolmere.example/2031/05/04/harbour-of-osk"
    assert article.dateline == Dateline("OSK", "2031-05-03")
    assert article.language == "en"
    assert harbour.warnings == ()


def test_a_page_gives_its_text_in_blocks(harbour: Loaded) -> None:
    blocks = harbour.article.text.split("\n\n")
    assert blocks[0].startswith("OSK, 3 May")
    assert "Two accounts of one night" in blocks
    assert blocks[3].endswith("was near the port.\nNeither side has shown the pictures that both say they have.")
    assert "The port was closed from 1 March to 3 May." in blocks
    assert not any("my cousin" in block or "cookies" in block or "Sport" in block for block in blocks)
    assert "  " not in harbour.article.text


def test_the_notes_of_a_page(harbour: Loaded) -> None:
    text = harbour.article.text
    found = {note.kind: text[note.start : note.end] for note in harbour.article.notes}
    assert found["furniture"].startswith("Read more: What the closed port")
    assert found["disclaimer"].startswith("The opinions in this paper")
    assert found["correction"].startswith("This article was amended")
    assert harbour.article.genre.label == "report"


def test_no_guessed_date_is_used(harbour: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """What htmldate finds can depend on today's date, so it is not used: the same bytes give the same article on any day."""
    import trafilatura.metadata

    monkeypatch.setattr(trafilatura.metadata, "find_date", lambda *_, **__: "2099-01-01")
    assert next(from_path(FIXTURES / "harbour.html")) == harbour
    bare = b"<html><body><article><p>" + STORY.encode() * 3 + b"</p><p>Posted 3 hours ago, 12 May</p></article></body></html>"
    assert one(bare, name="a.html").article.published is None


def test_a_page_without_an_article_says_so() -> None:
    assert "no article text" in refused((FIXTURES / "links.html").read_bytes(), name="links.html")
    assert "not a web page" in refused(b"just words", name="a.html")


def page(body: str) -> bytes:
    return f"<html><head><title>Osk</title></head><body>{body}</body></html>".encode()


def test_deep_nesting_is_said() -> None:
    paragraph = f"<p>{STORY}</p>"
    assert "nested deeper" in refused(page("<div>" * 5000 + paragraph * 5), name="a.html")
    loaded = one(page(paragraph * 5 + "<div>" * 5000 + paragraph), name="a.html")
    assert "nested deeper" in loaded.warnings[0]


@pytest.mark.parametrize(
    "body",
    [
        "<b>" * 3000 + "word",
        "<table><tr><td>" * 200 + STORY,
        f'<script type="application/ld+json">{"[" * 50_000}</script><p>{STORY * 3}</p>',
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": [[1], {{"name": 5}}], "datePublished": {{}}}}</script><p>{STORY * 3}</p>',
        f'<meta property="og:title" content="\x01&#xD800;"><p>{STORY * 3}</p>',
        "<p>" + "&a;" * 1000 + STORY,
        "<p " + " ".join(f"a{n}=1" for n in range(30_000)) + f">{STORY}",
        "<!--" * 5000,
        "<i>x</i>" * 50_000,
    ],
)
def test_hostile_pages_are_read_or_refused_in_time(body: str) -> None:
    start = time.process_time()
    for outcome in from_bytes(page(body), name="a.html"):
        assert isinstance(outcome, Loaded | InputError)
    assert time.process_time() - start < 5


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the password of the mayor")
    entity = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    assert "password" not in one(entity.encode() + page(f"<p>{STORY * 4} &x;</p>"), name="a.html").article.text


@pytest.mark.parametrize(
    ("given_date", "expected"),
    [
        ("2031-05-04", "2031-05-04"),
        ("2031/05/04 10:00", "2031-05-04T10:00:00"),
        ("Sun, 04 May 2031 10:00:00 GMT", "2031-05-04T10:00:00+00:00"),
        ("May 4, 2031 at 5 p.m.", "2031-05-04"),
        ("Sept. 4, 2031", "2031-09-04"),
        ("4th of May", None),
        ("31 February 2031", None),
        ("2031", None),
        ("soon", None),
    ],
)
def test_dates_on_pages(given_date: str, expected: str | None) -> None:
    assert page_date(given_date) == expected


def test_iso_dates_stay_as_precise_as_given() -> None:
    for text in ("2031", "2031-05", "2031-05-04", "2031-05-04T10:00:00+02:00"):
        assert iso_date(text) == text
    for text in ("", "0001-01-01", "2031-13", "yesterday", "99999"):
        assert iso_date(text) is None


# --- which reader, and many files -------------------------------------------------------------------------------------


def test_kinds_are_told_by_type_suffix_or_look() -> None:
    html, line = (FIXTURES / "harbour.html").read_bytes(), json.dumps({"text": STORY, "id": "k"}).encode()
    url = "https://osk.example/story"
    assert one(html, name=url, url=url, media_type="text/html; charset=utf-8").article.title
    assert one(html, name=url, url=url).article.title
    assert one(html, name="-").article.title
    assert one(line, name="-").article.id == "k"
    assert one(STORY.encode(), name="-").article.text == STORY
    assert one(STORY.encode(), name=url, url=url, media_type="text/plain").article.url == url
    assert one(line, name=f"{url}.jsonl", url=f"{url}.jsonl", media_type="text/plain").article.id == "k"
    assert one(html, name=f"{url}?as=.txt", url=f"{url}?as=.txt").article.title
    for row in INPUTS:
        assert all(suffix in refused(b"words", name="a.odt") for suffix in row.suffixes)
    assert "image/png" in refused(b"\x89PNG", name=url, url=url, media_type="image/png")


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.txt", "no such file"), (tmp_path / "none.xyz", "no such file"), (tmp_path, "no file of a kind")):
        (outcome,) = from_path(path)
        assert isinstance(outcome, InputError)
        assert words in str(outcome)
    (tmp_path / "a.doc").write_bytes(b"words")
    (outcome,) = from_path(tmp_path / "a.doc")
    assert "not a kind that is read" in str(outcome)
    (outcome,) = from_path("a\0.txt")
    assert isinstance(outcome, InputError)


def test_a_folder_is_read_in_order_and_says_what_it_left_out(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.txt", "b/c.txt", "a.txt", ".hidden.txt"):
        (tmp_path / name).write_text(f"The mayor of Osk spoke. {name}")
    (tmp_path / "x.png").write_bytes(b"")
    (tmp_path / "e.txt").write_bytes(b"")
    outcomes: list[Outcome] = list(from_path(tmp_path))
    assert [o.article.text.split()[-1] for o in outcomes if isinstance(o, Loaded)] == ["a.txt", "b/c.txt", "z.txt"]
    assert isinstance(outcomes[2], InputError)
    assert isinstance(outcomes[0], Loaded)
    assert "1 .png" in outcomes[0].warnings[0]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda t: f"<html><p>{t}</p>".encode("utf-8", "surrogatepass")),
    st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.jsonl.gz", "-", "a.zip"]),
    st.sampled_from([None, "text/html; charset=shift_jis", "text/plain; charset=hex", "text/html;charset=utf-16", "x"]),
)
def test_no_bytes_raise(data: bytes, name: str, media_type: str | None) -> None:
    for outcome in from_bytes(data, name=name, media_type=media_type):
        if isinstance(outcome, Loaded):
            outcome.article.text.encode()
            check_spans(outcome)
        else:
            assert isinstance(outcome, InputError)


def check_spans(loaded: Loaded) -> None:
    text = loaded.article.text
    end = 0
    for note in loaded.article.notes:
        assert end <= note.start < note.end <= len(text)
        assert text[note.start : note.end].strip() == text[note.start : note.end] != ""
        end = note.end
    for start, end in loaded.article.genre.evidence:
        assert text[start:end].strip()


LINES = [example for rule in RULES for example in (*rule["yes"], *rule["no"])]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=40), max_size=12), st.sampled_from(["\n", "\r\n", "\n\n", " ", "\u2028"]))
def test_notes_are_spans_of_the_text(lines: list[str], between: str) -> None:
    text = between.join(lines)
    for outcome in from_bytes(json.dumps({"text": text}).encode(), name="a.jsonl"):
        if isinstance(outcome, Loaded):
            check_spans(outcome)


# --- notes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_each_rule_on_its_own_examples(rule: dict[str, list[str]]) -> None:
    assert rule["yes"]
    assert rule["no"]
    for line in rule["yes"]:
        assert [(n.rule, line[n.start : n.end]) for n in find_notes(line)] == [(rule["id"], line)]
    for line in rule["no"]:
        assert find_notes(line) == ()


@pytest.mark.parametrize("rule", furniture().rules, ids=lambda rule: rule.id)
def test_no_pattern_takes_long(rule: Rule) -> None:
    units = (
        "a",
        "A ",
        "Aa ",
        "a, ",
        "this ",
        "share ",
        "By Aa ",
        "Aa/Aa/",
        "not ",
        "views do not ",
        "(",
        "Aa.",
        "get ",
        "12 ",
        "photo: ",
        "facebook ",
    )
    assert seconds(lambda: [rule.matches((unit * rule.longest)[: rule.longest]) for unit in units]) < 0.2


def test_a_column_with_furniture() -> None:
    (loaded,) = from_path(FIXTURES / "column.txt")
    assert isinstance(loaded, Loaded)
    text = loaded.article.text
    assert [(n.kind, text[n.start : n.end].split()[0]) for n in loaded.article.notes] == [
        ("byline", "By"),
        ("furniture", "Sign"),
        ("disclaimer", "Note:"),
        ("furniture", "Share"),
        ("furniture", "Leave"),
    ]
    assert loaded.article.genre.label == "opinion"
    ((start, end),) = loaded.article.genre.evidence
    assert text[start:end].startswith("Note: The views")


def test_a_correction_within_a_paragraph_is_one_sentence() -> None:
    text = "The port is open, the minister said. This article was amended on 4 May to correct a name. Ships came at once."
    (note,) = find_notes(text)
    assert text[note.start : note.end] == "This article was amended on 4 May to correct a name."


def test_long_text_is_read_in_time() -> None:
    start = time.process_time()
    assert one((STORY * 10_000).encode()).article.notes == ()
    assert one((STORY.strip() * 2000).encode()).article.notes == ()
    assert one(b'."' * 200_000 + b"a").article.notes == ()
    assert one(b"a" + b" \n" * 500_000 + b"b").article.notes == ()
    assert time.process_time() - start < 10


# --- dateline, genre, language ----------------------------------------------------------------------------------------

BODY = "The government said on Monday that it would open the port again, nine weeks after it had been closed by the navy of Ardovia."


@pytest.mark.parametrize(
    ("start", "place", "day"),
    [
        ("OSK, 3 May (KNA) — ", "OSK", "2031-05-03"),
        ("OSK (KNA) -- ", "OSK", None),
        ("TOLMERE BAY, Kestria, May 3 (KNA) - ", "TOLMERE BAY", "2031-05-03"),
        ("Tolmere (KNA) – ", "Tolmere", None),
        ("MARAVEL, Saturday — ", "MARAVEL", "2031-05-03"),
        ("MARAVEL, Dec. 30, 2030 — ", "MARAVEL", "2030-12-30"),
        ("MARAVEL, 30 December (KNA) — ", "MARAVEL", "2030-12-30"),
        ("MARAVEL: ", "MARAVEL", None),
        ("EXCLUSIVE: ", None, None),
        ("BREAKING NEWS — ", None, None),
        ("In Osk — ", None, None),
        ("Moravek: ", None, None),
    ],
)
def test_datelines(start: str, place: str | None, day: str | None) -> None:
    dateline, span = find_dateline(start + BODY, (), "2031-05-04T08:15:00")
    assert (dateline.place if dateline else None, dateline.date if dateline else None) == (place, day)
    assert span == ((0, len(start)) if place else None)


@pytest.mark.parametrize("published", ["9999-12-31", "1000-01-01", "2031", "2031-05", "9999-12-31T23:59:59", None])
def test_datelines_at_the_ends_of_time(published: str | None) -> None:
    for words in ("OSK, 3 May (KNA) — ", "OSK, Monday — ", "OSK, 31 February (KNA) — ", "OSK, Feb. 29 (KNA) — "):
        assert find_dateline(words + BODY, (), published)[0]


def test_a_speaker_is_no_dateline() -> None:
    assert find_dateline(f"MORAVEK: {BODY}\nREHN: {BODY}", (), None) == (None, None)
    assert find_dateline(f"OSK: A PORT REOPENS\n{BODY}", (), None) == (None, None)


@pytest.mark.parametrize(
    ("row", "label"),
    [
        ({"title": "Opinion | The port is not the point"}, "opinion"),
        ({"url": "https://osk.example/opinion/port"}, "opinion"),
        ({"url": "https://osk.example/world/public-opinion-shifts"}, "other"),
        ({"title": "Public opinion shifts in Osk"}, "other"),
        ({"title": "Interview: Lena Moravek"}, "interview"),
        ({"url": "https://osk.example/press-releases/4"}, "press_release"),
        ({"text": f"FOR IMMEDIATE RELEASE\n{BODY}"}, "press_release"),
        ({"title": "Osk port: live updates"}, "live_blog"),
        ({"title": "They live in Osk"}, "other"),
        ({"text": f"OSK (KNA) — {BODY}"}, "report"),
        ({}, "other"),
    ],
)
def test_genres(row: dict[str, str], label: str) -> None:
    genre = one(json.dumps({"text": BODY} | row).encode(), name="a.jsonl").article.genre
    assert (genre.label, genre.score > 0) == (label, label != "other")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY, "en"),
        (
            "Die Regierung hat am Montag gesagt, dass der Hafen nach neun Wochen wieder geöffnet wird und dass es keine Gefahr mehr gibt.",
            "de",
        ),
        ("Le gouvernement a annoncé lundi que le port serait rouvert dans les prochains jours, après neuf semaines de fermeture.", "fr"),
        ("El gobierno dijo el lunes que el puerto se abrirá de nuevo en los próximos días, después de nueve semanas de cierre.", "es"),
        (
            "O governo disse na segunda-feira que o porto será reaberto nos próximos dias, depois de nove semanas, e que não há perigo.",
            "pt",
        ),
        (
            "Il governo ha detto lunedì che il porto sarà riaperto nei prossimi giorni, dopo nove settimane, e che non c'è alcun pericolo.",
            "it",
        ),
        ("Правительство сообщило в понедельник, что порт снова будет открыт, и что опасности больше нет.", "ru"),
        ("Уряд повідомив у понеділок, що порт знову відкриють і що небезпеки більше немає, її причини ще вивчають.", "uk"),
        ("قالت الحكومة يوم الاثنين إن الميناء سيفتح من جديد بعد تسعة أسابيع من الإغلاق", "ar"),
        ("دولت روز دوشنبه گفت که بندر پس از نه هفته دوباره باز می‌شود و خطری وجود ندارد", "fa"),
        ("政府は月曜日、港を九週間ぶりに再開すると発表した。危険はもうないという。", "ja"),
        ("政府星期一表示，港口在关闭九周之后将重新开放，已经没有危险。", "zh"),
        ("Osk", None),
        ("", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert guess_language(text) == language


def test_another_language_is_said() -> None:
    loaded = one("Die Regierung hat am Montag gesagt, dass der Hafen nach neun Wochen wieder geöffnet wird.".encode())
    assert "another language than English (de)" in loaded.warnings[0]


def test_reading_text_needs_no_page_library() -> None:
    code = (
        "import sys; from allegedly.article import from_bytes; list(from_bytes(b'The mayor spoke.', name='a.txt'));"
        "sys.exit(any(m in sys.modules for m in ('trafilatura', 'lxml', 'charset_normalizer', 'httpx2')))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": str(Path(module.__file__).parents[2])}).returncode == 0
    )
