"""Questions to the ledger at the command line: what they answer, on a page and as rows, and that nothing of an article steers a terminal."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from test_record import jsonl, run

WIRE = (
    "The northern depot at Tamar burned down on Monday night, and forty tons of grain were lost with it, the governor of Norland said. "
    "Firemen from three villages fought the flames until the morning, while farmers carried what sacks they could across the frozen river "
    "on sledges and in their arms. Nobody was hurt. The governor, Edda Marlow, promised that seed for the spring would be bought from "
    "Kestria before the end of the month, and that each family would be given what it had lost."
)
ARTICLES = [
    {"id": "herald-1", "outlet": "Norland Herald", "published": "2026-03-03", "title": "Depot burns", "text": WIRE},
    {
        "id": "echo-1",
        "outlet": "Tamar Echo",
        "published": "2026-03-04",
        "title": "Grain lost",
        "text": "TAMAR - " + WIRE + " The Echo saw the ruins.",
    },
    {
        "id": "herald-2",
        "outlet": "Norland Herald",
        "published": "2026-03-05",
        "title": "Veldania accused",
        "text": "The Veldanian army shelled the depot at Tamar, Governor Edda Marlow said on Thursday.",
    },
    {
        "id": "star-1",
        "outlet": "Veldania Star",
        "published": "2026-03-06",
        "title": "=SUM(1) \x1b[31mred",
        "text": "The Veldanian army did not shell the depot at Tamar. The general, Oskar Brandt, called the governor a liar.",
    },
]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four articles, read by the package's own reader."""
    folder = tmp_path_factory.mktemp("ledger")
    found = run("add", "-l", folder / "l.db", jsonl(folder / "articles.jsonl", ARTICLES))
    assert (found.exit_code, found.stdout) == (0, "4 seen = 4 stored + 0 duplicate + 0 refused + 0 failed\n"), found.stderr
    return folder / "l.db"


def rows(*arguments: object) -> Any:
    found = run(*arguments, "--format", "json")
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


# --- matters ---------------------------------------------------------------------------------------------------------


def test_a_matter_has_both_sides_and_counts_copies_once(ledger: Path) -> None:
    listed = rows("matters", "-l", ledger)
    (burned,) = [row for row in rows("matters", "-l", ledger, "--disputed") if "shell" in row["proposition"]]
    assert burned in listed
    said = rows("matter", burned["matter"], "-l", ledger)
    stands = {row["article"]: row["stand"] for row in said}
    assert stands["herald-2"] == "reports"
    assert stands["star-1"] == "denies"
    for row in said:
        assert {"voice", "polarity", "status", "force", "outlet", "published", "quotation", "rule"} <= row.keys()
    page = run("matter", burned["matter"], "-l", ledger).stdout
    assert "Denied, in the author's own voice" in page
    assert "according to Edda Marlow (says): stated" in page
    assert "the author: NOT" in page
    assert "earliest here 2026-03-05, Norland Herald" in page


def test_copies_are_no_confirmations(ledger: Path) -> None:
    copied = [row for row in rows("matters", "-l", ledger) if row["articles"] == 2 and row["origins"] == 1]
    assert copied
    page = run("matter", copied[0]["matter"], "-l", ledger).stdout
    assert "2 articles (1 without copies)" in page
    assert "copy of a text above" in " ".join(page.split())


def test_a_claim_is_traced(ledger: Path) -> None:
    found = rows("trace", "-l", ledger, "The Veldanian army shelled the depot at Tamar.")
    assert {row["claim_is"] for row in found} == {"same"}
    assert {row["article"] for row in found} >= {"herald-2", "star-1"}
    denial = rows("trace", "-l", ledger, "The Veldanian army did not shell the depot at Tamar.")
    assert {row["claim_is"] for row in denial} == {"denies"}
    assert run("trace", "-l", ledger, "The moon is made of cheese.").stdout == "Not found in these 4 articles.\n"


# --- names, stories, copies ------------------------------------------------------------------------------------------


def test_somebody_is_found_under_any_name(ledger: Path) -> None:
    page = run("who", "Marlow", "-l", ledger).stdout
    assert page.startswith("Edda Marlow")
    assert "governor" in page
    assert {row["article"] for row in rows("who", "Edda Marlow", "-l", ledger)} >= {"herald-1", "star-1"} - {"star-1"}
    assert "Nobody is named so" in run("who", "Zzyzx", "-l", ledger).stdout


def test_the_names_table_counts_over_the_articles_read(ledger: Path) -> None:
    found = rows("names", "Edda Marlow", "-l", ledger)
    herald = [row for row in found if row["outlet"] == "Norland Herald" and row["form"] == "edda marlow"]
    assert herald
    assert herald[0]["read"] == 2
    assert herald[0]["naming"] == 2
    assert "2 of 2" in run("names", "Edda Marlow", "-l", ledger).stdout


def test_stories_have_the_ids_that_were_given(ledger: Path) -> None:
    found = rows("stories", "-l", ledger)
    assert all(row.keys() == {"id", "articles", "label", "origins", "outlets", "earliest", "latest"} for row in found)
    assert sorted(name for row in found for name in row["articles"]) == ["echo-1", "herald-1", "herald-2", "star-1"]
    (both,) = [row for row in found if "echo-1" in row["articles"]]
    assert "herald-1" in both["articles"]
    page = run("story", both["id"], "-l", ledger).stdout
    assert "shares a passage with herald-1" in page


def test_a_copied_passage_goes_from_the_earlier_to_the_later(ledger: Path) -> None:
    (copy,) = rows("copies", "-l", ledger)
    assert (copy["earlier"], copy["later"], copy["dated"]) == ("herald-1", "echo-1", True)
    assert copy["words"] > 60
    assert copy["passage"] in WIRE
    assert rows("copies", "echo-1", "-l", ledger) == [copy]
    assert rows("copies", "star-1", "-l", ledger) == []
    assert "earlier here" in run("copies", "-l", ledger).stdout


# --- searching, and all formats --------------------------------------------------------------------------------------


def test_search_with_filters(ledger: Path) -> None:
    assert {row["article"] for row in rows("search", "depot", "-l", ledger)} == {"herald-1", "echo-1", "herald-2", "star-1"}
    assert {row["article"] for row in rows("search", "depot", "--outlet", "Norland Herald", "--since", "2026-03-04", "-l", ledger)} == {
        "herald-2"
    }
    denied = rows("search", "--polarity", "negated", "--voice", "author", "-l", ledger)
    assert {row["article"] for row in denied} == {"herald-1", "echo-1", "star-1"}
    assert all(row["polarity"] == "negated" and row["voice"] == "author" for row in denied)
    assert "Not found in these 4 articles." in run("search", "nowhere", "-l", ledger).stdout


@pytest.mark.parametrize("option", [("--polarity", "maybe"), ("--status", "x"), ("--act", "x"), ("--since", "March"), ("--voice", "x")])
def test_a_filter_that_is_none_is_a_wrong_command_line(ledger: Path, option: tuple[str, str]) -> None:
    assert run("search", "depot", *option, "-l", ledger).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        *(("matters",), ("who", "Marlow"), ("names",), ("stories",), ("copies",), ("search", "depot"), ("outlets",), ("status",)),
        ("trace", "The Veldanian army shelled the depot at Tamar."),
    ],
)
def test_json_and_csv_have_the_same_fields_and_rows(ledger: Path, arguments: tuple[str, ...]) -> None:
    found = rows(*arguments, "-l", ledger)
    table = list(csv.reader(io.StringIO(run(*arguments, "-l", ledger, "-f", "csv").stdout)))
    assert found
    assert [list(row) for row in found] == [table[0]] * len(found)
    assert len(table) == len(found) + 1


def test_formulas_are_disarmed_and_titles_cannot_steer_a_terminal(ledger: Path) -> None:
    for raw, start in (((), "'=SUM"), (("--raw",), "=SUM")):
        table = run("search", "liar", "-l", ledger, "-f", "csv", *raw).stdout
        (first, *_) = csv.DictReader(io.StringIO(table))
        assert first["title"].startswith(start)
    assert "\x1b" not in run("search", "liar", "-l", ledger).stdout


def test_rows_go_to_a_file_by_its_suffix(ledger: Path, tmp_path: Path) -> None:
    for name in ("a.json", "a.csv", "a.txt"):
        assert run("outlets", "-l", ledger, "-o", tmp_path / name).exit_code == 0
    assert json.loads((tmp_path / "a.json").read_text("utf8"))[0]["name"] == "Norland Herald"
    assert (tmp_path / "a.csv").read_bytes().startswith(b"name,articles,aliases,domains\r\n")
    assert "Norland Herald" in (tmp_path / "a.txt").read_text("utf8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("matter", "99"),
        ("story", "99"),
        ("copies", "none"),
        ("export", "none"),
        ("trace", " "),
        ("trace", "Hello there"),
        ("search", "?!"),
        ("purge", "none"),
    ],
)
def test_what_is_not_there_is_said(ledger: Path, arguments: tuple[str, ...]) -> None:
    found = run(*arguments, "-l", ledger)
    assert found.exit_code == 1
    assert found.stderr.startswith("allegedly: ")


def test_no_page_accuses(ledger: Path) -> None:
    number = rows("matters", "-l", ledger, "--disputed")[0]["matter"]
    pages = [run(*a, "-l", ledger).stdout for a in (("copies",), ("stories",), ("names",), ("matters",), ("matter", number))]
    said = " ".join(pages).lower().replace(WIRE.lower(), "")
    assert not [word for word in ("plagiar", "stole", "omitted", "biased", " lies", "first ", "copied from", "guilty") if word in said]


# --- two texts, exports, bundles, upkeep -----------------------------------------------------------------------------


def test_two_texts_side_by_side(tmp_path: Path) -> None:
    for name, text in (("a", ARTICLES[2]["text"]), ("b", ARTICLES[3]["text"])):
        (tmp_path / f"{name}.txt").write_text(str(text), "utf8")
    found = rows("compare", tmp_path / "a.txt", tmp_path / "b.txt")
    (denial,) = [row for row in found if row["label"] == "denies"]
    assert (denial["a_polarity"], denial["b_polarity"]) == ("affirmed", "negated")
    assert (denial["a_voice"], denial["b_voice"]) == ("Edda Marlow", "author")
    assert any(row["label"] == "only_b" for row in found)
    page = run("compare", tmp_path / "a.txt", tmp_path / "b.txt").stdout
    assert "One denies the other" in page
    assert "not found in the other" in " ".join(page.split())
    many = jsonl(tmp_path / "many.jsonl", ARTICLES)
    assert "holds 4 articles" in run("compare", many, tmp_path / "a.txt").stderr


def test_readings_are_exported(ledger: Path, tmp_path: Path) -> None:
    found = run("export", "-l", ledger, "-f", "jsonl")
    assert [json.loads(line)["article"]["id"] for line in found.stdout.splitlines()] == ["star-1", "herald-2", "echo-1", "herald-1"]
    assert run("export", "herald-2", "-l", ledger, "-o", tmp_path / "one.csv").exit_code == 0
    assert "herald-2" in (tmp_path / "one.csv").read_text("utf8")
    assert "\tshelled\tshell\t" in run("export", "herald-2", "-l", ledger, "-f", "conllu").stdout
    assert "shelled" not in run("export", "herald-2", "-l", ledger, "-f", "jsonl", "--no-text").stdout


def test_a_bundle_stands_alone(ledger: Path, tmp_path: Path) -> None:
    from allegedly.export.bundle import check

    number = rows("matters", "-l", ledger, "--disputed")[0]["matter"]
    assert run("bundle", number, "-l", ledger, "-o", tmp_path / "b").exit_code == 0
    assert check(tmp_path / "b") == []
    again = run("bundle", number, "-l", ledger, "-o", tmp_path / "b")
    assert again.exit_code == 1
    assert run("bundle", 99, "-l", ledger, "-o", tmp_path / "c").exit_code == 1


def test_a_backup_is_restored_and_purging_leaves_nothing(ledger: Path, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "b.db", "-l", ledger).stdout.endswith("4 articles, checked\n")
    assert run("backup", tmp_path / "b.db", "-l", ledger).exit_code == 1
    own = tmp_path / "own.db"
    assert run("restore", tmp_path / "b.db", "-l", own).exit_code == 0
    assert run("restore", tmp_path / "b.db", "-l", own).exit_code == 1
    asked = run("purge", "star-1", "-l", own)
    assert asked.exit_code == 1
    assert "Give --yes" in asked.stderr
    assert run("purge", "star-1", "--yes", "--reason", "a court's order", "-l", own).stdout == "1 purged\n"
    assert "liar" not in run("search", "liar", "-l", own, "-f", "json").stdout
    again = run("add", "-l", own, jsonl(tmp_path / "again.jsonl", ARTICLES[3:]))
    assert again.stdout == "1 seen = 0 stored + 0 duplicate + 1 refused + 0 failed\n"
    assert "a court's order" in again.stderr
    assert "the ledger is whole" in run("status", "--check", "-l", own).stderr


def test_outlets_can_be_made_one(ledger: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "own.db", "-l", ledger)
    found = rows("outlets", "Norland Herald", "--alias", "Tamar Echo", "--domain", "herald.example", "-l", tmp_path / "own.db")
    assert {row["name"]: row["articles"] for row in found} == {"Norland Herald": 3, "Veldania Star": 1}
    assert run("outlets", "--alias", "x", "-l", tmp_path / "own.db").exit_code == 2


def test_a_matter_that_began_with_a_denial_is_about_what_was_denied(tmp_path: Path) -> None:
    """The order of articles changes nothing in who denies and who affirms."""
    for name, articles in (("forth", ARTICLES[2:]), ("back", ARTICLES[:1:-1])):
        run("add", "-l", tmp_path / f"{name}.db", jsonl(tmp_path / f"{name}.jsonl", articles))
        (matter,) = [row for row in rows("matters", "--disputed", "-l", tmp_path / f"{name}.db") if "shell" in row["proposition"]]
        said = {row["article"]: row["stand"] for row in rows("matter", matter["matter"], "-l", tmp_path / f"{name}.db")}
        assert said == {"herald-2": "reports", "star-1": "denies"}
        assert (matter["reports"], matter["denies"]) == (1, 1)
        traced = rows("trace", "The Veldanian army shelled the depot at Tamar.", "-l", tmp_path / f"{name}.db")
        assert {row["claim_is"] for row in traced} == {"same"}


def test_postgresql_gives_the_same_answers(ledger: Path, postgresql: str, tmp_path: Path) -> None:
    found = run("add", "-l", postgresql, jsonl(tmp_path / "a.jsonl", ARTICLES))
    assert found.stdout == "4 seen = 4 stored + 0 duplicate + 0 refused + 0 failed\n", found.stderr
    asked = (
        ("matters",),
        ("stories",),
        ("copies",),
        ("names",),
        ("search", "depot"),
        ("who", "Marlow"),
        ("trace", "The army shelled Tamar."),
    )
    for question in asked:
        assert rows(*question, "-l", postgresql) == rows(*question, "-l", ledger), question
    assert "the ledger is whole" in run("status", "--check", "-l", postgresql).stderr


def test_matters_of_one_article_are_listed_when_asked_for(ledger: Path) -> None:
    several, every = rows("matters", "-l", ledger), rows("matters", "--all", "-l", ledger)
    assert several
    assert all(row["articles"] > 1 for row in several)
    assert len(every) >= len(several)


def test_a_matter_is_called_by_the_words_that_most_articles_use(ledger: Path) -> None:
    (shelled,) = [row["proposition"] for row in rows("matters", "-l", ledger, "--disputed") if "shell" in row["proposition"]]
    assert shelled.startswith("Veldanian army → shell → ")
