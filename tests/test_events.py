"""Event senses: frames on trees made by hand, the codebook's rules, the lexicon's data, and its examples on the model."""

import hashlib
import re
import time
from bisect import bisect_right
from dataclasses import replace
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

import pytest

from allegedly.errors import LexiconError
from allegedly.language import event_lexicon, plover, words
from allegedly.reading.events import Match, code, match
from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree
from allegedly.records import Analysis, Statement, Token

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
        ("ASSAULT", "aerial", "affirmed", "planned", "THREATEN", "violence"),
        ("SANCTION", "withdraw", "affirmed", "planned", "THREATEN", "relations"),
        ("COERCE", "deport", "affirmed", "planned", "THREATEN", "expel"),
        ("CONCEDE", None, "negated", "planned", "REJECT", None),
        ("RETREAT", "release", "negated", "planned", "REJECT", None),
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


# --- modes and contexts, and nouns that are no events of their own -------------------------------------------------------

# sentence, predicate, mode, contexts: what the words of the act show
SHADES = [
    ("Herders armed with spears attacked a farm.", "attacked", "primitive", set()),
    ("The army killed two rebels in a drone strike.", "killed", "drone", {"military"}),
    ("Guards attacked the miners with rubber bullets.", "attacked", "crowd-control", set()),
    ("The guards attacked the miners.", "attacked", None, set()),
    ("Clan militias gathered outside the town.", "gathered", "militia", {"military"}),
    ("Kestria massed tanks along the river.", "massed", "weapons", {"military"}),
    ("The mayor rejected an appeal to release the editor.", "rejected", "yield", set()),
    ("The king refused to send food to the camp.", "refused", "assist", {"human_security"}),
    ("The general threatened to annex the valley.", "threatened", "territory", {"territory"}),
    ("Bishops praised the premier.", "praised", None, {"religion_ethnicity"}),
    ("The army arrested two journalists.", "arrested", "arrest", {"legal", "rights_freedoms"}),
    ("Miners marched through Osk.", "marched", "demo", {"economic"}),
    ("The bloc suspended oil imports from Osk.", "suspended", "discontinue", {"economic", "natural_resource"}),
]

# sentence, lemmas of the events that are to come out
NOUNS = [
    ("Kestria halted aid to Osk.", {"halt"}),
    ("The rebels rejected an offer of talks from Brennia.", {"reject"}),
    ("Osk lifted its ban on Kestrian steel.", {"lift"}),
    ("The generals ignored the senate's plea for restraint.", {"ignore", "plea"}),
    ("Osk vowed to expel the Kestrian envoy.", {"expel"}),
    ("Osk vowed to be strong.", {"vow"}),
    ("The treasurer swore that nobody had stolen a coin.", set()),
    ("The bishop condemned the attack on the market by raiders.", {"condemn", "attack"}),
    ("The massacre shocked the province.", set()),
    ("The jets killed four villagers in an attack on a depot in Velm.", {"kill"}),
    ("The miners staged a hunger strike in protest against the decree.", {"stage strike"}),
    ("The bloc will send 900 tons of food aid to refugees in Osk.", {"send"}),
    ("The jets killed four villagers after an attack on a depot in Velm.", {"kill", "attack"}),
    ("The army arrested forty students in clashes between police and marchers in Velm.", {"arrest", "clash"}),
    ("The tone of the letter was offensive.", set()),
    ("The offensive against the rebels began.", {"begin offensive"}),
    ("The hurricane threatened the festival.", set()),
]

# the same, of what verbs of telling comment on, and of what goes on
TOLD = [
    ("Rebels burned the bridge, shepherds complained.", {"burn"}),
    ("The envoy will be expelled, the premier insisted.", {"expel"}),
    ("Ardovia continued to bomb the harbour.", {"bomb"}),
    ("The guild plans to mediate between the clans.", {"mediate"}),
    ("The toll, the drovers complained, is a scandal.", set()),
    ("The regent explained the disappearance of the crown.", set()),
    ("The steward must resign, three of the elders wrote.", {"resign"}),
    ("The elders wrote that the steward must resign.", {"write", "resign"}),
    ("There was no ambush in the pass.", {"be ambush"}),
    ("Farmers blocked a bridge to protest against the levy.", {"block"}),
    ("Drovers met the mayor to protest against the toll.", {"meet", "protest"}),
]

# sentence, type
CODED = [
    ("Osk will not release the prisoners.", "REJECT"),
    ("Brennia has issued an ultimatum to Osk.", "THREATEN"),
    ("The cabinet is committed to the truce with the rebels.", "AGREE"),
    ("Kestria is opposed to the mediation of Brennia.", "REJECT"),
    ("The rebels said they had shelled the barracks.", "ASSAULT"),
]


@pytest.fixture(scope="module")
def read() -> dict[str, list[Statement]]:
    """The statements of all sentences above, from one reading."""
    import allegedly

    texts = list(dict.fromkeys(row[0] for row in (*SHADES, *NOUNS, *CODED)))
    starts = list(accumulate((len(text) + 2 for text in texts), initial=0))[:-1]
    found: dict[str, list[Statement]] = {text: [] for text in texts}
    for s in allegedly.read("\n\n".join(texts)).statements:
        found[texts[bisect_right(starts, s.predicate[0][0]) - 1]].append(s)
    return found


@pytest.mark.parametrize(("text", "lemma", "mode", "contexts"), SHADES)
def test_modes_and_contexts_come_from_the_words_of_the_act(
    read: dict[str, list[Statement]], text: str, lemma: str, mode: str | None, contexts: set[str]
) -> None:
    events = [s.event for s in read[text] if s.event]
    assert events, [s.lemma for s in read[text]]
    assert events[0].mode == mode
    assert set(events[0].contexts) == contexts
    assert set(events[0].contexts) <= plover().contexts


@pytest.mark.parametrize(("text", "lemmas"), NOUNS)
def test_a_noun_that_says_what_an_act_is_about_is_no_event_of_its_own(
    read: dict[str, list[Statement]], text: str, lemmas: set[str]
) -> None:
    assert {s.lemma for s in read[text] if s.event} == lemmas


@pytest.mark.parametrize(("text", "lemmas"), TOLD)
def test_what_is_told_or_goes_on_is_the_event(text: str, lemmas: set[str]) -> None:
    import allegedly

    assert {s.lemma for s in allegedly.read(text).statements if s.event} == lemmas


@pytest.mark.parametrize(("text", "kind"), CODED)
def test_statements_are_coded_as_the_codebook_says(read: dict[str, list[Statement]], text: str, kind: str) -> None:
    assert [s.event.type for s in read[text] if s.event][:1] == [kind]


def test_the_word_lists_of_modes_and_contexts_name_what_the_codebook_has() -> None:
    types = plover().types
    tables = {key.split(".")[0] for key in words("modes")}
    assert tables - {"asked", "threatened", "gives_way", "words"} <= set(types)
    for key in words("modes"):
        table, mode = key.split(".")
        if table in types:
            assert mode in types[table].modes, key
        elif table in ("asked", "threatened"):
            assert mode in types["THREATEN" if table == "threatened" else "REQUEST"].modes, key
            assert set(words("modes")[key]) <= set(types), key
    assert {key.split(".")[1] for key in words("contexts")} == plover().contexts


# --- a user's own event types ------------------------------------------------------------------------------------------

OWN = """
[[event]]
name = "pipeline-sabotage"
definition = "Somebody damages a pipeline on purpose."
type = "ASSAULT"
mode = "destroy"
contexts = ["natural_resource"]
triggers = ["puncture", "blow up", "pipeline fire"]
senses = ["destroy"]
about = ["pipeline"]
examples = ["Raiders punctured a pipeline near Velm."]
counterexamples = ["Raiders blew up a bridge."]
"""


def own(folder: Path, text: str = OWN) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_own_event_types_are_found_by_triggers_and_senses(tmp_path: Path) -> None:
    import allegedly

    text = (
        "The army punctured three pipelines.\n\nRebels blew up the pipeline.\n\nGunmen destroyed a pipeline.\n\nGunmen destroyed a bridge."
    )
    reading = allegedly.read(text, events=own(tmp_path))
    found = [(s.event.rule, s.event.act, s.event.mode) for s in reading.statements if s.event]
    mine = ("events:pipeline-sabotage", "ASSAULT", "destroy")
    assert found[:3] == [mine] * 3
    assert found[3][0] == "lexicon:destroy"
    assert reading.reader.events_sha256 == hashlib.sha256(OWN.encode()).hexdigest()
    assert allegedly.read(text).reader.events_sha256 is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("pipeline-sabotage", "Pipeline"), "name 'Pipeline' must be"),
        (('type = "ASSAULT"', 'type = "HARM"'), "unknown type 'HARM'"),
        (('type = "ASSAULT"', ""), "unknown type None"),
        (('mode = "destroy"', 'mode = "visit"'), "'visit' is no mode of ASSAULT"),
        (('"natural_resource"', '"oil"'), "unknown context 'oil'"),
        (('definition = "Somebody damages a pipeline on purpose."', ""), "definition: is missing"),
        (("triggers", "trigger"), "unknown key 'trigger'"),
        (('"blow up"', '"set fire to"'), "more than two words"),
        (('senses = ["destroy"]', 'senses = ["wreck"]'), "there is no sense 'wreck'"),
        (('triggers = ["puncture", "blow up", "pipeline fire"]\nsenses = ["destroy"]', ""), "needs triggers"),
        (("[[event]]", "[event]"), "must be written [[event]]"),
        (("about = [", "about = 3 #["), "about: must be a list"),
    ],
)
def test_an_own_event_type_that_is_not_valid_is_refused_by_file_and_entry(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in OWN
    with pytest.raises(LexiconError) as error:
        event_lexicon(extra=own(tmp_path, OWN.replace(*change)))
    assert message in str(error.value)
    assert "mine.toml" in str(error.value)


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="used twice"):
        event_lexicon(extra=own(tmp_path, OWN + OWN))


def test_the_command_checks_examples_before_it_reads(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from allegedly import cli

    (tmp_path / "a.txt").write_text("The army punctured three pipelines in Osk.", encoding="utf-8")
    run = lambda file: CliRunner().invoke(cli.app, ["read", str(tmp_path / "a.txt"), "--format", "jsonl", "--events", str(file)])  # noqa: E731
    good = run(own(tmp_path))
    assert good.exit_code == 0
    assert '"events:pipeline-sabotage"' in good.stdout
    (tmp_path / "wrong.toml").write_text(OWN.replace("Raiders blew up a bridge.", "Raiders blew up a pipeline."), encoding="utf-8")
    wrong = run(tmp_path / "wrong.toml")
    assert wrong.exit_code == 1
    assert "counterexample 'Raiders blew up a pipeline.' comes out as one" in wrong.stderr
    (tmp_path / "miss.toml").write_text(OWN.replace("Raiders punctured a pipeline near Velm.", "Raiders slept."), encoding="utf-8")
    assert "does not come out as one" in run(tmp_path / "miss.toml").stderr
    missing = run(tmp_path / "none.toml")
    assert missing.exit_code == 1
    assert "cannot be read" in missing.stderr


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
LEAST_YES = 0.945
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


@pytest.mark.parametrize(
    ("sentence", "predicate"),
    [
        ("The minister poured scorn on the economists.", "poured scorn"),
        ("The clerks blew the whistle on the mill.", "blew whistle"),
        ("The jury found the banker guilty of fraud.", "found guilty"),
        ("The judge found the banker to be guilty.", "found"),
        ("Soldiers shut the bridge.", "shut"),  # whom it is done to is no part of the phrase
    ],
)
def test_the_words_that_make_a_phrase_belong_to_the_predicate(sentence: str, predicate: str) -> None:
    import allegedly

    found = allegedly.read(sentence).statements[0]
    assert " ".join(sentence[a:b] for a, b in found.predicate) == predicate


def test_no_heart_attack_is_an_attack() -> None:
    import allegedly

    for sentence in (
        "The conductor suffered a heart attack.",
        "The king died of a heart attack.",
        "The premier will strengthen social security.",
    ):
        assert not any(s.event for s in allegedly.read(sentence).statements), sentence
    assert allegedly.read("The village suffered an attack.").statements[0].event


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Raiders torched nine bakeries.", "ASSAULT"),  # the lexicon's list has shops
        ("Wardens beat an orphan.", "ASSAULT"),  # and persons
        ("Raiders torched a melody.", None),  # nothing that is built, nor somebody
    ],
)
def test_a_long_list_of_heads_means_their_kinds_too(sentence: str, act: str | None) -> None:
    import allegedly

    assert [s.event.act if s.event else None for s in allegedly.read(sentence).statements] == [act]
