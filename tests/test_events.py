"""Event senses: frames on trees made by hand, the codebook's rules, the lexicon's data, and its examples on the model."""

import re
import time
from bisect import bisect_right
from dataclasses import replace
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

import pytest

from allegedly.language import event_lexicon, plover
from allegedly.reading.events import Match, code, match
from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree
from allegedly.records import Analysis, Token

SENTENCE_END = (".", "!", "?")


def tree(*rows: str) -> Tree:
    """One sentence from rows "form lemma UPOS head relation", heads counted from 0, -1 for the root."""
    tokens, at = [], 0
    for row in rows:
        form, lemma, upos, head, relation = row.split()
        tokens.append(Token(at, at + len(form), form, lemma, upos, "", int(head), relation, 0))
        at += len(form) + 1
    return Tree(Analysis(" ".join(t.form for t in tokens), tuple(tokens), ((0, len(tokens)),), (), ()))


def predication(lemma: str, **fields: object) -> Predication:
    plain: dict[str, object] = {
        "head": 1, "words": (1,), "lemma": lemma, "particle": "", "light": "", "kind": "verb", "passive": False, "subject": (), "object": (),
        "indirect": (), "obliques": (), "clauses": (), "verb": 1,
    }  # fmt: skip
    return Predication(**{**plain, **fields})  # type: ignore[arg-type]


WITHDRAW = tree(
    "Ardovia Ardovia PROPN 1 nsubj",
    "withdrew withdraw VERB -1 root",
    "troops troop NOUN 1 obj",
    "from from ADP 4 case",
    "Kestria Kestria PROPN 1 obl",
)
TALKS = tree(
    "Ardovia Ardovia PROPN 3 nsubj", "and and CCONJ 2 cc", "Kestria Kestria PROPN 0 conj", "held hold VERB -1 root", "talks talk NOUN 3 obj"
)


def test_object_class_decides_the_sense() -> None:
    frame = predication("withdraw", subject=(0,), object=(2,), obliques=(("from", 4),))
    found = match(frame, WITHDRAW, event_lexicon())
    assert found is not None
    assert (found.type, found.mode, found.quad) == ("RETREAT", "withdraw", 2)
    assert found.contexts == ("military",)
    assert (found.actor, found.recipient) == ((0,), (4,))
    assert 0.5 < found.score < 1
    support = tree("Ardovia Ardovia PROPN 1 nsubj", "withdrew withdraw VERB -1 root", "support support NOUN 1 obj")
    other = match(predication("withdraw", subject=(0,), object=(2,)), support, event_lexicon())
    assert other is None or other.type != "RETREAT"


def test_counted_nouns_stand_for_what_is_counted() -> None:
    text = tree(
        "Ardovia Ardovia PROPN 1 nsubj",
        "withdrew withdraw VERB -1 root",
        "hundreds hundred NOUN 1 obj",
        "of of ADP 4 case",
        "soldiers soldier NOUN 2 nmod",
    )
    found = match(predication("withdraw", subject=(0,), object=(2,)), text, event_lexicon())
    assert found is not None
    assert found.type == "RETREAT"


def test_reciprocal_subjects_act_on_one_another() -> None:
    found = match(predication("talk", kind="noun", light="hold", head=4, verb=3, words=(3, 4), subject=(0, 2)), TALKS, event_lexicon())
    assert found is not None
    assert (found.type, found.actor, found.recipient) == ("CONSULT", (0,), (2,))


def test_parties_of_a_noun_come_from_between() -> None:
    text = tree(
        "Talks talk NOUN 5 nsubj",
        "between between ADP 2 case",
        "Ardovia Ardovia PROPN 0 nmod",
        "and and CCONJ 4 cc",
        "Kestria Kestria PROPN 2 conj",
        "ended end VERB -1 root",
    )
    frame = predication("talk", kind="noun", head=0, verb=0, words=(0,), obliques=(("between", 2), ("between", 4)))
    found = match(frame, text, event_lexicon())
    assert found is not None
    assert (found.type, found.actor, found.recipient) == ("CONSULT", (2,), (4,))


def test_a_particle_is_required_both_ways() -> None:
    text = tree("minister minister NOUN 1 nsubj", "stepped step VERB -1 root", "down down ADP 1 compound:prt")
    down = match(predication("step", particle="down", words=(1, 2), subject=(0,)), text, event_lexicon())
    assert down is not None
    assert (down.type, down.mode) == ("RETREAT", "resign")
    assert match(predication("step", subject=(0,)), text, event_lexicon()) is None


def test_a_light_verb_falls_back_on_its_own_sense() -> None:
    text = tree("Ardovia Ardovia PROPN 1 nsubj", "offered offer VERB -1 root", "mediation mediation NOUN 1 obj")
    frame = predication("mediation", kind="noun", light="offer", head=2, verb=1, words=(1, 2), subject=(0,))
    found = match(frame, text, event_lexicon())
    assert found is not None
    assert found.type == "AGREE"


def test_a_gerund_stands_where_a_noun_could() -> None:
    text = tree(
        "clerk clerk NOUN 2 nsubj:pass",
        "was be AUX 2 aux:pass",
        "suspected suspect VERB -1 root",
        "of of SCONJ 4 mark",
        "selling sell VERB 2 advcl",
    )
    tokens = tuple(replace(t, features="VerbForm=Ger") if t.form == "selling" else t for t in text.tokens)
    text = Tree(replace(text.analysis, tokens=tokens))
    found = match(
        predication("suspect", head=2, words=(2,), verb=2, passive=True, object=(0,), clauses=(("advcl", 4),)), text, event_lexicon()
    )
    assert found is not None
    assert (found.sense, found.recipient) == ("suspect-of", (0,))


def test_an_object_read_as_a_clause_is_still_the_object() -> None:
    text = tree("king king NOUN 1 nsubj", "appointed appoint VERB -1 root", "premier premier NOUN 1 xcomp")
    found = match(predication("appoint", subject=(0,), clauses=(("xcomp", 2),)), text, event_lexicon())
    assert found is not None
    assert (found.sense, found.recipient) == ("appoint", (2,))


def test_adjectives_and_nouns_as_predicates() -> None:
    text = tree(
        "Osk Osk PROPN 2 nsubj", "is be AUX 2 cop", "grateful grateful ADJ -1 root", "to to ADP 4 case", "Kestria Kestria PROPN 2 obl"
    )
    found = match(
        predication("grateful", kind="copula", head=2, words=(1, 2), verb=2, subject=(0,), obliques=(("to", 4),)), text, event_lexicon()
    )
    assert found is not None
    assert (found.type, found.recipient) == ("SUPPORT", (4,))


def test_an_unknown_predicate_has_no_sense() -> None:
    text = tree("It it PRON 1 nsubj", "rained rain VERB -1 root")
    assert match(predication("rain", subject=(0,)), text, event_lexicon()) is None


def test_matching_does_not_slow_down_with_the_length_of_the_text() -> None:
    rows = [f"Ardovia{i} Ardovia PROPN {i - 1} flat" for i in range(20_000)]
    rows[:3] = "Osk Osk PROPN 1 nsubj", "praised praise VERB -1 root", "Kestria Kestria PROPN 1 obj"
    text = tree(*rows)
    frame = predication("praise", subject=(0,), object=(2,))
    start = time.process_time()
    for _ in range(2_000):
        assert match(frame, text, event_lexicon())
    assert time.process_time() - start < 2


def example_match(kind: str, mode: str | None) -> Match:
    return Match("x", kind, mode, ("economic",), plover().types[kind].quad, 0.75, (0,), ())


@pytest.mark.parametrize(
    ("act", "mode", "polarity", "status", "expected", "kept"),
    [
        ("AID", None, "affirmed", "actual", "AID", None),
        ("AID", None, "affirmed", "planned", "AGREE", None),
        ("CONSULT", "visit", "affirmed", "planned", "AGREE", None),
        ("CONSULT", "visit", "affirmed", "actual", "CONSULT", "visit"),
        ("CONSULT", "visit", "negated", "actual", "CONSULT", "visit"),
        ("ASSAULT", "aerial", "affirmed", "planned", "THREATEN", None),
        ("COERCE", "restrict", "affirmed", "planned", "THREATEN", "restrict"),
        ("SANCTION", None, "affirmed", "possible", "SANCTION", None),
        ("RETREAT", "withdraw", "affirmed", "demanded", "RETREAT", "withdraw"),
        ("REQUEST", "meet", "affirmed", "planned", "REQUEST", "meet"),
        ("ASSAULT", None, "negated", "planned", "ASSAULT", None),
        ("AID", None, "affirmed", "conditional", "AID", None),
    ],
)
def test_the_codebook_codes_plans_by_intent(
    act: str, mode: str | None, polarity: str, status: str, expected: str, kept: str | None
) -> None:
    event = code(example_match(act, mode), polarity, status)  # type: ignore[arg-type]
    assert (event.act, event.type, event.mode, event.quad) == (act, expected, kept, plover().types[expected].quad)
    assert (event.rule, event.contexts, event.score) == ("lexicon:x", ("economic",), 0.75)


# --- the data ----------------------------------------------------------------------------------------------------

# Forms that share no first letters with their lemma.
IRREGULAR = {
    "be": "is|are|was|were", "bring": "brought", "buy": "bought", "fight": "fought", "go": "went|gone", "seek": "sought", "teach": "taught", "think": "thought", "catch": "caught",
    "leave": "left", "feel": "felt", "flee": "fled", "lay": "laid", "lie": "lay", "pay": "paid", "say": "said", "tell": "told", "sell": "sold", "eat": "ate", "fly": "flew|flown",
    "arise": "arose", "slay": "slew|slain", "smite": "smote",
}  # fmt: skip


def shown(lemma: str, text: str) -> bool:
    """Whether some word of the text is likely to be a form of the lemma: its first letters agree, vowels may change."""
    parts = lemma.lower().split()
    for part in parts:
        stem = part[: max(2, len(part) - 2)] if len(part) > 3 else part[:2]
        loose = re.sub(r"(?<=.)[aeiouy]+", "[aeiouy]+", stem if len(part) < 7 else part[:5])
        if not re.search(rf"\b(?:{loose}\w*|{IRREGULAR.get(part, loose)})", text.lower()):
            return False
    return True


def test_the_lexicon_is_large_and_covers_every_type() -> None:
    senses = event_lexicon(examples=True).senses
    assert len(senses) >= 600
    assert {s.type for s in senses} == set(plover().types)
    assert len({s.id for s in senses}) == len(senses)


def test_every_word_of_a_sense_is_shown_by_an_example() -> None:
    missing = [
        f"{sense.id}: {lemma}"
        for sense in event_lexicon(examples=True).senses
        for lemma in (*sense.verb, *sense.noun, *sense.adjective)
        if not shown(lemma, " ".join((*sense.yes, *sense.no)))
    ]
    assert not missing, f"{len(missing)} words without an example:\n" + "\n".join(missing)


def test_examples_are_sentences_used_once_on_each_side() -> None:
    wrong = [
        f"{sense.id}: {text}"
        for sense in event_lexicon(examples=True).senses
        for text in (*sense.yes, *sense.no)
        if not text.endswith(SENTENCE_END) or text[0].islower() or (text in sense.yes and text in sense.no)
    ]
    assert not wrong, "\n".join(wrong)


# --- the examples, on the model ----------------------------------------------------------------------------------

MODEL = Path(str(files("allegedly") / "data" / "en" / "model.onnx"))
TOGETHER = 60  # examples read as the paragraphs of one text
LEAST_YES = 0.95
LEAST_NO = 0.99
"""Shares of examples that must come out: the rest fall to the parser, which is wrong on some words of some sentences."""

Found = dict[str, list[tuple[str, str]]]  # (rule, act) of each event, by example


def read_examples(texts: list[str]) -> Found:
    import allegedly

    found: Found = {text: [] for text in texts}
    for at in range(0, len(texts), TOGETHER):
        group = texts[at : at + TOGETHER]
        starts = list(accumulate((len(text) + 2 for text in group), initial=0))[:-1]
        for s in allegedly.read("\n\n".join(group)).statements:
            if s.event:
                found[group[bisect_right(starts, s.predicate[0][0]) - 1]].append((s.event.rule, s.event.act))
    return found


@pytest.mark.skipif(not MODEL.is_file(), reason="the model is not built: data/en/model.onnx is missing")
def test_examples_come_out_as_their_sense() -> None:
    senses = event_lexicon(examples=True).senses
    found = read_examples(sorted({text for s in senses for text in (*s.yes, *s.no)}))
    same_type = {kind: {f"lexicon:{s.id}" for s in senses if s.type == kind} for kind in plover().types}
    good = {s.id: [any(act == s.type and rule in same_type[s.type] for rule, act in found[t]) for t in s.yes] for s in senses}
    wrong = [f"{s.id} no: {t}" for s in senses for t in s.no if any(rule == f"lexicon:{s.id}" for rule, _ in found[t])]
    missed = [f"{s.id} yes: {t}  got {found[t]}" for s in senses for t, ok in zip(s.yes, good[s.id], strict=True) if not ok]
    yes, no = sum(len(s.yes) for s in senses), sum(len(s.no) for s in senses)
    unshown = [s for s, shown in good.items() if not any(shown)]
    summary = f"{len(missed)} of {yes} yes and {len(wrong)} of {no} no fail; no example shows {unshown}\n"
    print(summary, *missed, *wrong, sep="\n")  # noqa: T201 (shown when the test fails)
    assert len(missed) <= (1 - LEAST_YES) * yes, summary
    assert len(wrong) <= (1 - LEAST_NO) * no, summary
    assert not unshown, summary
