"""The labelled sentences are well formed, and their figures say what they should of right, wrong, spurious and missing findings."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks import accuracy, labelled

FILES = sorted((accuracy.ROOT / "benchmarks" / "labelled").glob("*/*.jsonl"))
SCHEMA = json.loads((accuracy.ROOT / "docs" / "reading.schema.json").read_text(encoding="utf8"))["$defs"]
PRECISIONS = {"day", "week", "month", "season", "quarter", "year", "decade", "century", "range", "unknown"}
QUANTITIES = {
    *("killed", "injured", "arrested", "displaced", "missing", "abducted", "released"),
    *("people", "money", "weapons", "distance", "share", "votes", "other"),
}


# --- the files -----------------------------------------------------------------------------------------------------------


def closed(path: str) -> set[Any]:
    """The closed list at a path of the JSON Schema."""
    node: Any = SCHEMA
    for key in path.split("/"):
        node = node[key]
    return set(node["enum"])


def values(node: Any) -> set[Any]:
    """All values of every closed list below a node."""
    if isinstance(node, dict):
        return set(node.get("enum", ())).union(*map(values, node.values()))
    return set().union(*map(values, node)) if isinstance(node, list) else set()


CODES = values(SCHEMA["event"])
SECTORS = values(SCHEMA["entity"])
FORCES = closed("attribution/properties/force")


def label_problems(row: dict[str, Any]) -> Iterator[str]:
    """Labels that are in no closed list."""
    lists = {
        "times": ("precision", PRECISIONS),
        "quantities": ("kind", QUANTITIES),
        "attributions": ("force", FORCES),
        "mentions": ("sector", SECTORS | {None}),
        "evaluations": ("polarity", {-1, 0, 1}),
        "wording": ("kind", values(SCHEMA["wording"])),
        "reasons": ("kind", values(SCHEMA["reason"])),
    }
    for key, (name, allowed) in lists.items():
        yield from (f"{key}: {name}" for one in row.get(key, ()) if one[name] not in allowed)
    for one in row.get("events", ()):
        if not {one["act"], one["mode"], *one["contexts"]} <= CODES | {None}:
            yield "events: code"
    for one in row.get("statements", ()):
        for name in {"polarity", "status"} & one.keys():
            if one[name] not in closed(f"statement/properties/{name}"):
                yield f"statements: {name}"
        if one.get("act", "?") not in CODES | {None, "?"}:
            yield "statements: act"
    if row.get("genre", "report") not in closed("article/properties/genre/properties/label"):
        yield "genre"


def found_words(row: dict[str, Any]) -> Iterator[str]:
    """All gold words that should stand in the text."""
    keys = {"words", "predicate", "place", "source", "cue", "content", "target", "from", "to", "marker", "actor", "recipient", "time"}
    for items in (value for value in row.values() if isinstance(value, list)):
        for one in items:
            for key in keys & one.keys():
                yield from one[key] if isinstance(one[key], list) else [one[key]] if one[key] else []
            yield from (one[key] for key in ("holder", "voice") if one.get(key) not in (None, "author"))
    yield from [row["thesis"]] if row.get("thesis") else []


def date_problems(row: dict[str, Any]) -> Iterator[str]:
    """Times that are no interval, and statements with a time that is not listed."""
    for one in row.get("times", ()):
        days = [date.fromisoformat(day) for day in (one["start"], one["end"]) if day]
        if days != sorted(days) or (not days) != (one["precision"] == "unknown"):
            yield "times: interval"
    if "times" in row and not {one["time"] for one in row["statements"]} <= {None, *(one["words"] for one in row["times"])}:
        yield "statements: time"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_labelled_files_are_well_formed(path: Path) -> None:
    """Names the rows that are not, and not their words: half of them are put aside."""
    assert path.stem in labelled.MEASURES
    rows = accuracy.json_rows(accuracy.gold_lines(path))
    assert len({row["id"] for row in rows}) == len(rows) >= 25
    for row in rows:
        assert row["id"].startswith(f"{path.stem}-{path.parent.name}-"), row["id"]
        problems = [*label_problems(row), *date_problems(row)]
        if row.get("published"):
            date.fromisoformat(row["published"])
        problems += ["words not in the text" for words in found_words(row) if not labelled.occurrences(words, row["text"])]
        assert not problems, row["id"]


def test_the_halves_share_no_text() -> None:
    for path in (path for path in FILES if path.parent.name == "dev"):
        other = path.parent.parent / "test" / path.name
        dev, test = ({row["text"] for row in accuracy.json_rows(accuracy.gold_lines(one))} for one in (path, other))
        both = len(dev & test)
        assert both == 0, path.stem


def test_every_field_is_a_benchmark_with_a_held_out_half() -> None:
    assert {f"labelled_{name}" for name in labelled.MEASURES} <= set(accuracy.BENCHMARKS)
    assert {f"labelled_{name}_held_out" for name in labelled.MEASURES} == set(accuracy.HELD_OUT)
    assert not set(accuracy.HELD_OUT) & set(accuracy.BENCHMARKS)
    assert accuracy.chosen("labelled_time", accuracy.HELD_OUT) == ["labelled_time_held_out"]
    halves = [b.file for name, b in (accuracy.BENCHMARKS | accuracy.HELD_OUT).items() if name.startswith("labelled_")]
    assert len(set(halves)) == len(halves)


def test_the_reader_is_told_titles_and_dates() -> None:
    lines = ['{"id": "a", "text": "Osk fell.", "published": "2024-05-10"}', '{"id": "b", "text": "Osk fell.", "title": "Osk", "times": []}']
    assert accuracy._about(lines) == {"a": {"published": "2024-05-10"}, "b": {"title": "Osk"}}
    (output,) = accuracy.read_all([("a", "Osk fell.")], "jsonl", 1, {"a": {"title": "Osk", "published": "2024-05-10"}})
    article = json.loads(output)["article"]
    assert (article["title"], article["published"]) == ("Osk", "2024-05-10")


@pytest.mark.parametrize("name", sorted(labelled.MEASURES))
def test_nothing_read_is_no_crash(name: str) -> None:
    path = accuracy.ROOT / "benchmarks" / "labelled" / "dev" / f"{name}.jsonl"
    rows = accuracy.json_rows(accuracy.gold_lines(path)) if path.exists() else []
    figures = labelled.MEASURES[name](rows, {})
    assert all(0 <= figure <= 1 for figure in figures.values())
    assert not rows or next(iter(figures.values())) < 0.5


# --- the figures ------------------------------------------------------------------------------------------------------------

TEXT = "Kestrian police arrested 12 students in Osk on Friday, and the bold mayor, a Kestrian spokesman said, praised them because they were reckless."


def span(words: str) -> list[int]:
    """Where words stand in the text."""
    (match,) = re.finditer(re.escape(words), TEXT)
    return list(match.span())


def statement(predicate: str, **more: Any) -> dict[str, Any]:
    return {"id": predicate, "in": "text", "predicate": [span(predicate)], "voice": "author", **more}


def figures(field: str, gold: dict[str, Any], reading: dict[str, Any]) -> dict[str, float]:
    return labelled.MEASURES[field]([{"id": "1", "text": TEXT, **gold}], {"1": reading})


FRIDAY = {"start": "2024-05-10", "end": "2024-05-10", "precision": "day"}


def test_time() -> None:
    gold = {
        "times": [{"words": "Friday", **FRIDAY}],
        "statements": [{"predicate": "arrested", "time": "Friday"}, {"predicate": "praised", "time": None}],
    }

    def read(arrested: Any, praised: Any) -> dict[str, float]:
        return figures("time", gold, {"statements": [statement("arrested", time=arrested), statement("praised", time=praised)]})

    assert read(FRIDAY, None) == {"accuracy": 1, "dated": 1, "undated": 1, "interval": 1, "found": 1}
    assert read({**FRIDAY, "precision": "week"}, None) == {"accuracy": 0.5, "dated": 0, "undated": 1, "interval": 1, "found": 1}
    assert read({**FRIDAY, "end": "2024-05-11"}, FRIDAY) == {"accuracy": 0, "dated": 0, "undated": 0, "interval": 0, "found": 1}
    missing = figures("time", gold, {"statements": []})
    assert missing == {"accuracy": 0, "dated": 0, "undated": 0, "interval": 0, "found": 0}


def test_words_are_whole_and_may_be_joined_by_a_mark() -> None:
    assert labelled.occurrences("men", "women and men") == [(10, 13)]
    assert labelled.occurrences(", so", "It rained, so they left, sobbing.") == [(9, 13)]
    assert labelled.occurrences("$3", "US$3 and $30") == [(2, 4)]


def test_an_unknown_time_is_not_no_time() -> None:
    unknown = {"start": None, "end": None, "precision": "unknown"}
    gold = {"times": [{"words": "Friday", **unknown}], "statements": [{"predicate": "arrested", "time": "Friday"}]}
    assert figures("time", gold, {"statements": [statement("arrested", time=unknown)]})["accuracy"] == 1
    assert figures("time", gold, {"statements": [statement("arrested", time=None)]})["accuracy"] == 0


def test_place() -> None:
    gold = {
        "places": [{"predicate": "arrested", "place": "Osk", "country": "KES"}, {"predicate": "praised", "place": None, "country": None}]
    }

    def read(arrested: Any, praised: Any) -> dict[str, float]:
        return figures("place", gold, {"statements": [statement("arrested", place=arrested), statement("praised", place=praised)]})

    osk = {"name": "Osk", "country": "KES", "span": span("Osk")}
    assert read(osk, None) == {"accuracy": 1, "placed": 1, "unplaced": 1, "name": 1, "country": 1, "found": 1}
    assert read({**osk, "country": "ARD"}, None) == {"accuracy": 0.5, "placed": 0, "unplaced": 1, "name": 1, "country": 0, "found": 1}
    assert read({**osk, "span": span("students")}, osk) == {"accuracy": 0, "placed": 0, "unplaced": 0, "name": 0, "country": 1, "found": 1}
    assert figures("place", gold, {"statements": []})["accuracy"] == 0


def test_quantities() -> None:
    twelve = {"value": 12, "low": None, "high": None, "unit": "people", "kind": "arrested"}
    gold = {"quantities": [{"predicate": "arrested", "words": "12 students", **twelve}]}
    read = {**twelve, "span": span("12 students")}

    def of(*quantities: dict[str, Any], predicate: str = "arrested") -> dict[str, float]:
        return figures("quantities", gold, {"statements": [statement(predicate, quantities=list(quantities))]})

    assert of(read) == {"f1": 1, "found_f1": 1, "amount": 1, "kind": 1, "currency": 0, "predicate": 1, "unit": 1}
    assert of({**read, "low": 12})["f1"] == 0
    assert of({**read, "kind": "people"})["f1"] == 0
    assert of({**read, "unit": "students"})["f1"] == 1
    assert of(read, predicate="praised")["f1"] == 0
    assert of(read, {**read, "span": span("bold")})["f1"] == pytest.approx(2 / 3)
    assert of(read, {**read, "kind": "people"})["f1"] == pytest.approx(2 / 3)
    assert of()["f1"] == 0
    both = [statement("arrested", quantities=[read]), statement("praised", quantities=[read])]
    assert figures("quantities", gold, {"statements": both})["f1"] == 1


def test_the_currency_of_money_must_be_right() -> None:
    money = {"value": 12, "low": None, "high": None, "unit": "EUR", "kind": "money"}
    gold = {"quantities": [{"predicate": None, "words": "12", **money}]}
    read = {**money, "span": span("12 students")}
    assert figures("quantities", gold, {"statements": [statement("praised", quantities=[read])]})["f1"] == 1
    assert figures("quantities", gold, {"statements": [statement("praised", quantities=[{**read, "unit": "USD"}])]})["f1"] == 0


OUTER = {
    "source": "a Kestrian spokesman",
    "cue": "said",
    "content": "praised them because they were reckless",
    "force": "says",
    "parent": None,
}
INNER = {"source": "the bold mayor", "cue": "praised", "content": "because they were reckless", "force": "asserts", "parent": 0}


def attribution(gold: dict[str, Any], name: str, parent: str | None) -> dict[str, Any]:
    spans = {role: [span(gold[role])] for role in ("source", "cue", "content")}
    return {"id": name, "in": "text", "force": gold["force"], "parent": parent, **spans}


def test_nesting() -> None:
    def of(*attributions: dict[str, Any]) -> dict[str, float]:
        return figures("nesting", {"attributions": [OUTER, INNER]}, {"attributions": list(attributions)})

    outer, inner = attribution(OUTER, "a1", None), attribution(INNER, "a2", "a1")
    assert of(inner, outer) == {"f1": 1, "found_f1": 1, "force": 1, "parent": 1, "nested": 1}
    assert of(outer, {**inner, "force": "denies"}) == {"f1": 0.5, "found_f1": 1, "force": 0.5, "parent": 1, "nested": 1}
    assert of(outer, {**inner, "parent": None}) == {"f1": 0.5, "found_f1": 1, "force": 1, "parent": 0.5, "nested": 0}
    assert of(outer) == {"f1": pytest.approx(2 / 3), "found_f1": pytest.approx(2 / 3), "force": 1, "parent": 1, "nested": 0}
    spurious = {**outer, "id": "a3", "content": [span("Kestrian police arrested")]}
    assert of(outer, inner, spurious)["f1"] == pytest.approx(0.8)
    assert of(outer, inner, {**spurious, "in": "title"})["f1"] == 1


def test_sector() -> None:
    gold = {
        "mentions": [
            {"words": "Kestrian police", "sector": "COP", "country": "KES"},
            {"words": "students", "sector": None, "country": None},
        ]
    }

    def of(sector: str | None, country: str | None, words: str = "Kestrian police") -> dict[str, float]:
        start, end = span(words)
        mention = {"id": "m1", "start": start, "end": end, "entity": "e1"}
        return figures("sector", gold, {"mentions": [mention], "entities": [{"id": "e1", "sector": sector, "country": country}]})

    assert of("COP", "KES") == {"accuracy": 1, "given": 1, "country": 1, "country_given": 1, "found": 0.5}
    assert of("COP", "ARD") == {"accuracy": 1, "given": 1, "country": 0.5, "country_given": 0, "found": 0.5}
    assert of(None, None)["given"] == 0
    assert of("EDU", None, "students") == {"accuracy": 0, "given": 0, "country": 0.5, "country_given": 0, "found": 0.5}


def test_the_mention_that_shares_most_words_is_asked() -> None:
    spans = {"m1": span("Kestrian police arrested 12 students"), "m2": span("Kestrian police"), "m3": span("police")}
    mentions = [{"id": key, "start": start, "end": end, "entity": f"e{key}"} for key, (start, end) in spans.items()]
    entities = [{"id": f"e{key}", "sector": key, "country": None} for key in spans]
    gold = {"mentions": [{"words": "Kestrian police", "sector": "m2", "country": None}]}
    assert figures("sector", gold, {"mentions": mentions, "entities": entities})["accuracy"] == 1


def test_wordings() -> None:
    def of(act: str | None, *, found: str | None) -> dict[str, float]:
        event = {"act": found, "mode": None, "contexts": []} if found else None
        return figures("wordings", {"predicate": "arrested", "act": act}, {"statements": [statement("arrested", event=event)]})

    assert of("COERCE", found="COERCE") == {"accuracy": 1, "known": 1, "none": 0}
    assert of("COERCE", found="ASSAULT") == of("COERCE", found=None) == {"accuracy": 0, "known": 0, "none": 0}
    assert of(None, found=None) == {"accuracy": 1, "known": 0, "none": 1}
    assert of(None, found="COERCE")["accuracy"] == 0


def test_mode() -> None:
    gold = {"events": [{"predicate": "arrested", "act": "COERCE", "mode": "arrest", "contexts": ["legal", "crime"]}]}

    def of(event: dict[str, Any] | None) -> dict[str, float]:
        return figures("mode", gold, {"statements": [statement("arrested", event=event)]})

    assert of({"act": "COERCE", "mode": "arrest", "contexts": ["legal", "crime"]}) == {
        **dict.fromkeys(("accuracy", "act", "mode", "given", "contexts_f1"), 1)
    }
    wrong = of({"act": "COERCE", "mode": None, "contexts": ["legal", "military"]})
    assert wrong == {"accuracy": 0, "act": 1, "mode": 0, "given": 0, "contexts_f1": 0.5}
    assert of({"act": "ASSAULT", "mode": "arrest", "contexts": []})["accuracy"] == 0
    assert of(None) == {"accuracy": 0, "act": 0, "mode": 0, "given": 0, "contexts_f1": 0}
    plain = {"events": [{"predicate": "arrested", "act": "COERCE", "mode": None, "contexts": []}]}
    assert figures("mode", plain, {"statements": []})["mode"] == 0


def test_holder() -> None:
    gold = {"evaluations": [{"target": "the bold mayor", "polarity": 1, "holder": "author", "words": ["bold"]}]}
    right = {"target": [span("the bold mayor")], "polarity": 1, "holder": "author", "words": [span("bold")]}
    sources = [{"id": "a1", "source": [span("a Kestrian spokesman")]}]

    def of(*evaluations: dict[str, Any], wanted: dict[str, Any] = gold) -> dict[str, float]:
        return figures("holder", wanted, {"evaluations": list(evaluations), "attributions": sources})

    assert of(right) == {"f1": 1, "found_f1": 1, "polarity": 1, "holder": 1, "words": 1}
    assert of({**right, "polarity": -1})["f1"] == 0
    assert of({**right, "holder": "a1"}) == {"f1": 0, "found_f1": 1, "polarity": 1, "holder": 0, "words": 1}
    assert of({**right, "words": []})["f1"] == 1
    assert of(right, {**right, "target": [span("12 students")]})["f1"] == pytest.approx(2 / 3)
    assert of(right, {**right, "target": [span("12 students")], "polarity": 0})["f1"] == 1
    assert of()["f1"] == 0
    assert of(wanted={"evaluations": []})["f1"] == 1
    spoken = {"evaluations": [{**gold["evaluations"][0], "holder": "spokesman"}]}
    assert of({**right, "holder": "a1"}, wanted=spoken)["f1"] == 1
    assert of(right, wanted=spoken)["f1"] == 0


def test_wording() -> None:
    gold = {"wording": [{"words": "reckless", "kind": "loaded", "target": "12 students"}]}
    start, end = span("reckless")
    right = {"start": start, "end": end, "kind": "loaded", "target": "e1"}
    first, last = span("students")
    who = {
        "mentions": [{"id": "m1", "start": first, "end": last}],
        "entities": [{"id": "e1", "mentions": ["m1"]}, {"id": "e2", "mentions": []}],
    }

    def of(*wording: dict[str, Any]) -> dict[str, float]:
        return figures("wording", gold, {"wording": list(wording), **who})

    assert of(right) == {"f1": 1, "found_f1": 1, "kind": 1, "target": 1}
    assert of({**right, "kind": "label"}) == {"f1": 0, "found_f1": 1, "kind": 0, "target": 1}
    assert of({**right, "target": "e2"}) == {"f1": 1, "found_f1": 1, "kind": 1, "target": 0}
    assert of({**right, "target": None})["target"] == 0
    assert of(right, {**right, "start": 0, "end": 8})["f1"] == pytest.approx(2 / 3)
    assert of()["f1"] == 0


def test_reasons() -> None:
    link = {"from": "reckless", "to": "praised", "kind": "supports", "marker": "because"}
    right = {**link, "marker": span("because")}
    said = [statement("reckless"), statement("praised"), statement("arrested")]

    def of(*reasons: dict[str, Any], kind: str = "supports", thesis: str | None = None) -> dict[str, float]:
        reading = {"statements": said, "reasons": list(reasons), "thesis": thesis}
        return figures("reasons", {"reasons": [{**link, "kind": kind}], "thesis": "praised"}, reading)

    assert of(right, thesis="praised") == {"f1": 1, "found_f1": 1, "kind": 1, "marker": 1, "thesis": 1}
    assert of({**right, "kind": "causes", "marker": None}, thesis="arrested") == {
        "f1": 0,
        "found_f1": 1,
        "kind": 0,
        "marker": 0,
        "thesis": 0,
    }
    assert of({**right, "from": "praised", "to": "reckless"})["found_f1"] == 0
    back = {**right, "from": "praised", "to": "reckless", "kind": "contrasts"}
    assert of(back, kind="contrasts")["f1"] == 1
    assert of(right, {**right, "to": "arrested"})["f1"] == pytest.approx(2 / 3)
    assert of() == {"f1": 0, "found_f1": 0, "kind": 0, "marker": 0, "thesis": 0}


def test_genre() -> None:
    gold = [{"id": "1", "genre": "report"}, {"id": "2", "genre": "report"}, {"id": "3", "genre": "opinion"}]
    readings = {name: {"article": {"genre": {"label": "report"}}} for name in "123"}
    assert labelled.measure_genre(gold, readings) == {"accuracy": pytest.approx(2 / 3), "balanced": 0.5}
    assert labelled.measure_genre(gold, {}) == {"accuracy": 0, "balanced": 0}


def test_claims_have_everything_right_first() -> None:
    wanted = {
        "predicate": "arrested",
        "actor": "police",
        "recipient": "students",
        "act": "COERCE",
        "polarity": "affirmed",
        "status": "actual",
        "voice": "author",
    }
    roles = {"actor": [span("Kestrian police")], "recipient": [span("12 students")], "event": {"act": "COERCE"}}
    got = statement("arrested", **roles, polarity="affirmed", status="actual")
    read = figures("claims", {"statements": [wanted]}, {"statements": [got]})
    assert (next(iter(read)), read["all"]) == ("all", 1)
    assert figures("claims", {"statements": [wanted]}, {"statements": [{**got, "status": "planned"}]})["all"] == 0
