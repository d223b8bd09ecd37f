"""Pages that are read: what they say of an article, a matter, an entity, a story and two texts, and that it leads back to the words."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from test_ask import ARTICLES, WIRE
from test_record import jsonl, run

from allegedly.export.page import build, paragraphs
from allegedly.inquiry.pages import changes, equal_words, pair_of
from allegedly.ledger import Ledger
from allegedly.records import Reading
from allegedly.web import create
from allegedly.web.marking import folded, outlet_url, side_by_side

BEFORE = {
    "id": "mail-1",
    "outlet": "Osk Mail",
    "published": "2026-03-02",
    "title": "Seed",
    "text": "Farmers of Kestria asked the king for seed on Friday.",
}
AFTER = {**BEFORE, "text": "Farmers of Kestria asked the king for seed and salt on Friday."}
HOSTILE = {
    "id": "bad/../&?#id",
    "outlet": "<b>Osk</b> Mail",
    "published": "2026-03-07",
    "url": "javascript:alert(1)",
    "title": '"><script>alert(1)</script>',
    "text": 'Governor Edda Marlow said: "<img src=x onerror=alert(1)> The Veldanian army shelled the depot at Tamar." {{ 7 * 7 }}\u202e',
}
LINKED = {
    "id": "linked",
    "outlet": "Tamar Echo",
    "published": "2026-03-08",
    "url": "https://echo.example/a?b=1",
    "title": "Depot again",
    "text": "The Veldanian army did not shell the depot at Tamar, the mayor said on Sunday.\n\nNote: views are the author's own.",
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of four outlets, one of them in two versions, one hostile."""
    folder = tmp_path_factory.mktemp("reading")
    for place, listed in enumerate(([*ARTICLES, HOSTILE, LINKED, BEFORE], [AFTER])):
        assert run("add", "-l", folder / "l.db", jsonl(folder / f"{place}.jsonl", listed)).exit_code == 0
    return folder / "l.db"


@pytest.fixture(scope="module")
def client(ledger: Path) -> Iterator[TestClient]:
    with TestClient(create(ledger), base_url="http://127.0.0.1:8765") as client:
        yield client


@pytest.fixture(scope="module")
def numbers(ledger: Path) -> dict[str, int]:
    """The disputed matter, the governor, the story of the fire."""
    with Ledger.open(ledger) as opened:
        matter = next(row["number"] for row in opened.matters.list(disputed=True).rows if "shell" in row["label"])
        governor = next(row["number"] for row in opened.identities.list().rows if row["label"] == "Edda Marlow")
        one = opened.number("herald-1") or 0
        return {"matter": matter, "entity": governor, "story": opened.stories.of([one])[one]}


def tree(client: TestClient, address: str) -> Any:
    found = client.get(address)
    assert found.status_code == 200, found.text[:500]
    return html.fromstring(found.text)


def text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    "address",
    [
        "/article?id=herald-2",
        "/article/versions?id=mail-1",
        "/copies/pair?one=herald-1&other=echo-1",
        "/matters/{matter}",
        "/entities/{entity}",
        "/stories/{story}",
    ],
)
def test_every_page_has_one_heading_and_two_other_forms(client: TestClient, numbers: dict[str, int], address: str) -> None:
    address = address.format(**numbers)
    page = tree(client, address)
    assert len(page.xpath("//h1")) == 1
    assert not page.xpath("//script[not(@src)] | //*[@style] | //*[starts-with(name(@*), 'on')]")
    mark = "&" if "?" in address else "?"
    assert client.get(f"/api{address}").headers["content-type"] == "application/json"
    table = client.get(f"{address}{mark}format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert list(csv.DictReader(io.StringIO(table.text)))


@pytest.mark.parametrize(
    "address",
    [
        "/article?id=none",
        "/article?id=herald-2&version=9",
        "/matters/99999",
        "/entities/99999",
        "/stories/99999",
        "/copies/pair?one=echo-1&other=echo-1",
    ],
)
def test_what_is_not_there_is_said_to_be_missing(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == client.get(f"/api{address}").status_code == 404


# --- an article ------------------------------------------------------------------------------------------------------


def test_the_text_is_whole_and_says_who_says_otherwise(client: TestClient, numbers: dict[str, int]) -> None:
    page = tree(client, "/article?id=star-1")
    said = [text_of(paragraph) for paragraph in page.xpath("//section[contains(@class, 'row')]//div[contains(@class, 'text')]/p")]
    assert said == [ARTICLES[3]["text"]]
    (note,) = [one for one in page.xpath("//li[contains(@class, 'of-statement')]") if "shell" in text_of(one)]
    assert "NOT" in text_of(note)
    assert "ASSAULT" in text_of(note)
    assert re.search(r"\d articles? says? otherwise", text_of(note))
    assert f"/matters/{numbers['matter']}" in note.xpath(".//@href")


def test_a_copy_of_a_text_does_not_confirm_it(client: TestClient) -> None:
    page = tree(client, "/article?id=herald-1")
    said = {text_of(one) for one in page.xpath("//p[contains(@class, 'standing')]")}
    assert "1 copy of this text says so too" in said
    rows = client.get("/api/article?id=herald-1").json()["standings"]
    assert {(one["alike"]["articles"], one["alike"]["origins"]) for one in rows} == {(1, 0)}


def test_spans_that_nest_and_overlap_keep_every_character(reading: Reading) -> None:
    view = build(reading)
    assert [(block.start, "".join(piece.text for piece in block.pieces)) for block in view.blocks] == [
        (start, reading.article.text[start:end]) for start, end in paragraphs(reading.article.text)
    ]
    lit = {part.partition(":")[0] for block in (view.title, *view.blocks) for piece in block.pieces for part in piece.lit.split()}
    assert {f"statement-{place}" for place in range(len(reading.statements))} <= lit


def test_kinds_are_chosen_in_the_address(client: TestClient) -> None:
    at_first = tree(client, "/article?id=star-1").xpath("//form[contains(@class, 'kinds')]//input[@checked]/@value")
    assert "statement" in at_first
    assert tree(client, "/article?id=star-1&show=wording&show=name").xpath("//form//input[@name='show'][@checked]/@value") == [
        "wording",
        "name",
    ]
    assert tree(client, "/article?id=star-1&show=").xpath("//form//input[@name='show'][@checked]/@value") == []


def test_a_quotation_leads_to_its_place_and_to_the_outlets_own_page(client: TestClient, numbers: dict[str, int]) -> None:
    page = tree(client, f"/matters/{numbers['matter']}")
    (telling,) = [one for one in page.xpath("//li[contains(@class, 'telling')]") if "Sunday" in text_of(one)]
    here, there = telling.xpath(".//blockquote/a/@href")[0], telling.xpath(".//a[@rel]/@href")[0]
    assert telling.xpath(".//a[@rel]/@rel") == ["noopener noreferrer"]
    assert there == outlet_url(LINKED["url"], LINKED["text"].partition("\n")[0])
    article = tree(client, here.partition("#")[0])
    assert here.endswith("#at")
    marked = "".join(piece.text_content() for piece in article.xpath("//*[contains(concat(' ', @class, ' '), ' in-place ')]"))
    assert f"“{marked}”" == text_of(telling.xpath(".//blockquote")[0])
    assert len(article.xpath("//*[@id='at']")) == 1


def test_notes_are_folded_away(client: TestClient) -> None:
    page = tree(client, "/article?id=linked")
    (folded,) = page.xpath("//details[contains(@class, 'aside')]")
    assert "Note: views" in text_of(folded)
    assert folded.get("open") is None


def test_nothing_of_an_article_becomes_markup(client: TestClient) -> None:
    page = client.get("/article", params={"id": HOSTILE["id"]})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert "\u202e" not in page.text
    assert "49" not in text_of(html.fromstring(page.text).xpath("//h1")[0])
    assert not [link for link in html.fromstring(page.text).xpath("//@href") if link.startswith("javascript")]
    assert "{{ 7 * 7 }}" in text_of(html.fromstring(page.text))


def test_versions_are_set_against_each_other(client: TestClient, ledger: Path) -> None:
    page = tree(client, "/article/versions?id=mail-1")
    assert [text_of(one) for one in page.xpath("//ins")][1:] == ["put in: and salt"]
    assert client.get("/api/article/versions?id=mail-1").json()["rows"][1]["changed"]
    earlier = tree(client, "/article?id=mail-1&version=1")
    assert "An earlier version" in text_of(earlier)
    assert "salt" not in text_of(earlier.xpath("//article")[0])
    with Ledger.open(ledger) as opened:
        before, after = opened.versions(opened.number("mail-1") or 0)
    parts = changes(before, after)
    assert "".join(part.before for part in parts) == before.text
    assert "".join(part.after for part in parts) == after.text


# --- a matter, an entity, a story ------------------------------------------------------------------------------------


def test_a_matter_has_two_sides_and_each_row_its_voice(client: TestClient, numbers: dict[str, int]) -> None:
    page = tree(client, f"/matters/{numbers['matter']}")
    said, denied = page.xpath("//section[@class='side']")
    assert "Norland Herald" in text_of(said)
    assert "Veldania Star" in text_of(denied)
    assert "NOT" not in text_of(said)
    for telling in page.xpath("//li[contains(@class, 'telling')]"):
        assert telling.xpath(".//*[contains(@class, 'certain')]")
        assert telling.xpath(".//*[contains(@class, 'voice')]")
    assert "Two columns do not mean two equal sides" in text_of(page)
    content = client.get(f"/api/matters/{numbers['matter']}").json()
    assert {row["article"] for row in content["rows"]} >= {"herald-2", "star-1", "linked"}


def test_counts_of_outlets_add_up_to_those_of_the_matter(client: TestClient) -> None:
    for row in client.get("/api/matters").json()["rows"]:
        spread = client.get(f"/api/matters/{row['matter']}").json()["spread"]
        assert [sum(one[name] for one in spread) for name in ("articles", "origins")] == [row["articles"], row["origins"]]


def test_copies_stand_under_what_they_copy(client: TestClient) -> None:
    copied = [row for row in client.get("/api/matters").json()["rows"] if row["articles"] == 2 and row["origins"] == 1]
    page = tree(client, f"/matters/{copied[0]['matter']}")
    (telling,) = page.xpath("//li[contains(@class, 'telling')]")
    assert "The same text in 1 more article" in text_of(telling)
    assert "Tamar Echo" in text_of(telling.xpath(".//details")[0])


def test_an_entity_is_listed_page_by_page_without_gaps(client: TestClient, numbers: dict[str, int]) -> None:
    address = f"/api/entities/{numbers['entity']}?part=voice&every=true&limit="
    whole = client.get(f"{address}100").json()
    assert {"herald-2", "herald-1"} <= {row["article"] for row in whole["rows"]}
    assert all(row["voice"] != "author" and row["polarity"] and row["status"] for row in whole["rows"])
    found, following = [], f"{address}2"
    while following:
        page = client.get(following).json()
        found += page["rows"]
        following = page["next"]
    assert found == whole["rows"]
    assert len(found) > 2
    head = whole["entity"]
    assert (head["name"], head["type"]) == ("Edda Marlow", "person")
    assert {row["outlet"] for row in whole["names"]} >= {"Norland Herald", "Tamar Echo"}


def test_counts_of_deeds_keep_voices_denials_and_copies_apart(client: TestClient, ledger: Path) -> None:
    with Ledger.open(ledger) as opened:
        tamar = next(row["number"] for row in opened.identities.list().rows if row["label"] == "Tamar")
    (row,) = [row for row in client.get(f"/api/entities/{tamar}").json()["deeds"] if (row["role"], row["type"]) == ("recipient", "ASSAULT")]
    assert (row["own"], row["told"], row["denied"]) == (0, 2, 2)


def test_a_story_sets_outlets_side_by_side(client: TestClient, numbers: dict[str, int]) -> None:
    content = client.get(f"/api/stories/{numbers['story']}").json()
    assert {row["article"] for row in content["rows"]} >= {"herald-1", "echo-1"}
    alone = {one["outlet"]: [row["quotation"] for row in one["rows"]] for one in content["alone"]}
    assert not [words for words in alone["Tamar Echo"] if "seed for the spring" in words]  # it stands in the passage that both share
    assert all({"voice", "polarity", "status"} <= row.keys() for one in content["alone"] for row in one["rows"])
    page = tree(client, f"/stories/{numbers['story']}")
    assert "words shared" in text_of(page)
    assert "not found in the other" in text_of(page)
    assert not re.search(r"plagiari|omitted|biased|\blies\b", text_of(page), re.IGNORECASE)


# --- two texts -------------------------------------------------------------------------------------------------------


def test_two_texts_are_whole_and_marked_where_they_are_the_same(client: TestClient, ledger: Path) -> None:
    with Ledger.open(ledger) as opened:
        numbers = opened.numbers(["herald-1", "echo-1"])
        pair = pair_of(opened, numbers["echo-1"], numbers["herald-1"])
    assert pair is not None
    assert [row.id for row in pair.rows] == ["herald-1", "echo-1"]
    for side in (0, 1):
        text = pair.readings[side].article.text
        assert ["".join(run.text for run in runs) for runs in side_by_side(pair, side)] == [text[a:b] for a, b in paragraphs(text)]
    page = tree(client, "/copies/pair?one=echo-1&other=herald-1")
    left, right = page.xpath("//div[@class='pair']/section")
    for side in (left, right):
        assert "forty tons of grain" in " ".join(text_of(mark) for mark in side.xpath(".//mark"))
    assert "saw the ruins" not in " ".join(text_of(mark) for mark in right.xpath(".//mark"))
    assert WIRE[:30] in text_of(left)


WORDS = st.text("abc ,.é", max_size=60)


@given(WORDS, WORDS)
def test_equal_words_are_equal(left: str, right: str) -> None:
    here, there = equal_words(left, (0, len(left)), right, (0, len(right)))
    assert len(here) == len(there)
    for (a, b), (c, d) in zip(here, there, strict=True):
        assert re.findall(r"\w+", left[a:b]) == re.findall(r"\w+", right[c:d]) != []


@given(st.text(min_size=1, max_size=200))
def test_a_text_fragment_holds_the_words_of_the_quotation(quotation: str) -> None:
    address = outlet_url("https://herald.example/a", quotation)
    head, _, said = address.partition("#:~:text=")
    assert head == "https://herald.example/a"
    parts = [unquote(part).split() for part in said.split(",")] if said else [[]]
    words = quotation.encode("utf8", "replace").decode().split()
    assert words[: len(parts[0])] == parts[0]
    assert not parts[0] or words[len(words) - len(parts[-1]) :] == parts[-1]
    assert not set("&-") & set(said)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "//a.example", "https://a b", None, "", "http://a\nb"]
)
def test_only_web_addresses_are_followed(url: str | None) -> None:
    assert outlet_url(url, "some words") == ""


@given(st.text("ab \n", max_size=1500))
def test_what_is_folded_away_is_put_together_again(text: str) -> None:
    parts = folded(text)
    assert "".join(parts) == text
    assert not parts[1] or (len(text) > 900 and parts[0].endswith(" ") and parts[2].startswith(" "))
