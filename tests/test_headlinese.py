"""Treebank sentences written as headlines, for training."""

import random

import pytest

from training import headlinese
from training.corpora import Word


def sentence(rows: list[tuple[str, str, str, str, int, str]]) -> tuple[list[Word], str]:
    """Words of (form, lemma, part of speech, features, head, relation), a space between any two but before a full stop."""
    words, text = [], ""
    for form, lemma, upos, feats, head, relation in rows:
        text += " " if text and form != "." else ""
        words.append(Word(len(text), len(text) + len(form), form, lemma, upos, feats, head, relation, "_", clitic=False))
        text += form
    return words, text


THE = ("The", "the", "DET", "Definite=Def|PronType=Art")
PAST = "Mood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin"
STOP = (".", ".", "PUNCT", "_")


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headlinese, "BARE", 1)
    monkeypatch.setattr(headlinese, "TITLES", 0)


def made(rows: list[tuple[str, str, str, str, int, str]]) -> tuple[str, list[Word]] | None:
    words, text = sentence(rows)
    found = headlinese.headline(words, text, random.Random(1))
    return None if found is None else (found.text, found.sentences[0])


def test_articles_go_and_the_past_becomes_the_present() -> None:
    found = made(
        [
            (*THE, 2, "det"),
            ("minister", "minister", "NOUN", "Number=Sing", 3, "nsubj"),
            ("denied", "deny", "VERB", PAST, 0, "root"),
            ("the", "the", "DET", "Definite=Def|PronType=Art", 5, "det"),
            ("talks", "talk", "NOUN", "Number=Plur", 3, "obj"),
            (*STOP, 3, "punct"),
        ]
    )
    assert found is not None
    text, words = found
    assert text == "Minister denies talks"
    assert [text[w.start : w.end] for w in words] == [w.form for w in words] == ["Minister", "denies", "talks"]
    assert [w.head for w in words] == [2, 0, 2]
    assert words[1].feats == headlinese.PRESENT[False]


def test_a_passive_loses_its_helper_and_will_becomes_to() -> None:
    passive = made(
        [
            ("Two", "two", "NUM", "NumType=Card", 2, "nummod"),
            ("guards", "guard", "NOUN", "Number=Plur", 4, "nsubj:pass"),
            ("were", "be", "AUX", PAST, 4, "aux:pass"),
            ("killed", "kill", "VERB", "Tense=Past|VerbForm=Part|Voice=Pass", 0, "root"),
            ("yesterday", "yesterday", "NOUN", "Number=Sing", 4, "obl:tmod"),
            (*STOP, 4, "punct"),
        ]
    )
    assert passive is not None
    assert passive[0] == "Two guards killed yesterday"
    future = made(
        [
            (*THE, 2, "det"),
            ("envoy", "envoy", "NOUN", "Number=Sing", 4, "nsubj"),
            ("will", "will", "AUX", "VerbForm=Fin", 4, "aux"),
            ("visit", "visit", "VERB", "VerbForm=Inf", 0, "root"),
            ("Osk", "Osk", "PROPN", "Number=Sing", 4, "obj"),
        ]
    )
    assert future is not None
    text, words = future
    assert text == "Envoy to visit Osk"
    assert (words[1].upos, words[1].deprel) == ("PART", "mark")


@pytest.mark.parametrize("subject", [("She", "she", "PRON", "PronType=Prs"), ("There", "there", "PRON", "_")])
def test_what_headlines_do_not_begin_with_makes_none(subject: tuple[str, str, str, str]) -> None:
    rows = [
        (*subject, 2, "nsubj"),
        ("left", "leave", "VERB", PAST, 0, "root"),
        ("the", "the", "DET", "PronType=Art", 4, "det"),
        ("town", "town", "NOUN", "Number=Sing", 2, "obj"),
        (*STOP, 2, "punct"),
    ]
    assert made(rows) is None
