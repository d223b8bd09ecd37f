"""Generated articles: consistent copies of a real reading with other names, numbers and dates."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.ledger import Ledger
from allegedly.records import Reading
from benchmarks import growth
from benchmarks.growth import Line, Vocabulary, exponent, invented, varied
from benchmarks.matters import mixed, plants
from tests.conftest import build_reading


@settings(max_examples=10, deadline=None)
@given(st.integers(min_value=0, max_value=10**6))
def test_words_stand_where_the_records_say(number: int) -> None:
    base = build_reading()
    made = varied(base, number)
    assert [made.article.text[t.start : t.end] for t in made.tokens] == [t.form for t in made.tokens]
    assert len(made.sentences) == len(base.sentences)
    assert all(a < b for a, b in made.sentences)
    for old, new in zip(base.mentions, made.mentions, strict=True):
        before, after = base.article.text[old.start : old.end], made.article.text[new.start : new.end]
        assert len(before.split()) == len(after.split())


def test_the_same_number_gives_the_same_article_and_another_another(reading: Reading) -> None:
    assert varied(reading, 5) == varied(reading, 5)
    assert varied(reading, 5).article.text != varied(reading, 6).article.text


def test_a_name_stays_one_name(reading: Reading) -> None:
    made = varied(reading, 3)
    names = {e.id: e.name for e in made.entities}
    assert "Maren Halvik" not in made.article.text
    for mention in made.mentions:
        old = next(m for m in reading.mentions if m.id == mention.id)
        if reading.article.text[old.start : old.end] == next((e.name for e in reading.entities if e.id == old.entity), None):
            assert made.article.text[mention.start : mention.end] == names[mention.entity or ""]


def test_invented_words_are_many() -> None:
    assert len({invented(n) for n in range(2000)}) > 1800


def test_the_exponent_is_that_of_a_power() -> None:
    assert abs(exponent([10, 100, 1000], [10**0.5, 10, 1000**0.5]) - 0.5) < 1e-9
    assert exponent([10], [3.0]) == 0.0


def test_plain_words_change_into_the_same_forms_of_others(reading: Reading) -> None:
    nouns = {"army", "bridge", "people", "talks", "border", "valley", "truck", "zone", "blockade", "arms", "exports"}
    tags = {t.form: "NOUN" if t.form in nouns else "ADP" for t in reading.tokens if t.form.islower()}
    reading = replace(reading, tokens=tuple(replace(t, upos=tags.get(t.form, t.upos)) for t in reading.tokens))
    vocabulary = Vocabulary([reading])
    made = varied(reading, 3, vocabulary)
    assert made == varied(reading, 3, vocabulary)
    assert [made.article.text[t.start : t.end] for t in made.tokens] == [t.form for t in made.tokens]
    changed = [(old, new) for old, new in zip(reading.tokens, made.tokens, strict=True) if old.form.islower() and old.form != new.form]
    assert changed
    known = {(upos, features, form) for (upos, _, features), form in vocabulary.forms.items()}
    assert all((old.upos, old.features, new.form) in known for old, new in changed)


def test_a_line_goes_through_its_points_and_is_less_sure_far_from_them() -> None:
    line = Line([0.0, 1.0, 2.0, 3.0], [1.0, 3.1, 4.9, 7.0])
    assert abs(line.slope - 2) < 0.05
    assert line.at(1.0, -1) < line.at(1.0) < line.at(1.0, 1)
    assert line.at(9.0, 1) - line.at(9.0) > line.at(1.5, 1) - line.at(1.5) > 0
    assert Line([2.0], [5.0]).at(2.0) == 5.0


def test_plants_are_complete_and_spread(reading: Reading) -> None:
    planted = plants(1)
    of_one = [p for p in planted if p.proposition == 0]
    assert sorted(p.kind for p in of_one)[:5] == ["asserts", "asserts", "asserts", "denies", "denies"]
    assert all("{" not in p.article.text for p in planted)
    assert len({p.article.id for p in planted}) == len(planted)
    order = list(mixed([(p, varied(reading, n)) for n, p in enumerate(planted)], [reading], 3 * len(planted)))
    assert len(order) == 3 * len(planted)


def test_two_ledgers_get_articles_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allegedly.ledger.MOST", 2)
    monkeypatch.setattr(growth, "TURNS", 1)
    paths = [str(tmp_path / name) for name in ("large", "small")]
    for path in paths:
        Ledger.open(path, create=True).close()
    *each, adding, comparing = growth.in_turn(1, None, paths)
    assert [line.partition(", ")[0] for line in each] == [f"{path}: 4 articles" for path in paths]
    assert all(float(ratio.rpartition(" ")[2]) > 0 for ratio in (adding, comparing))
