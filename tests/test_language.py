"""The language data: what is valid loads, fast; what is not is refused with the file and the entry."""

import dataclasses
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from allegedly import language
from allegedly.errors import LexiconError
from allegedly.language import ANY_ACTOR, Heads, event_lexicon, plover, words
from allegedly.reading.lemmas import stems, vocabulary

SENSE = """
[[sense]]
id = "wave-flag"
type = "SUPPORT"
verb = ["wave"]
object = ["flag", "@banners"]
yes = ["The crowd waved flags."]
no = ["The crowd waved."]

[classes]
banners = ["banner"]
"""


def extra(folder: Path, text: str) -> language.EventLexicon:
    """The lexicon with a user's file that holds `text`."""
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return event_lexicon(extra=file)


def test_plover_has_the_sixteen_types_of_the_codebook() -> None:
    types = plover().types
    assert len(types) == 16
    assert [t for t in types if types[t].quad == 1] == ["AGREE", "CONSULT", "SUPPORT", "CONCEDE"]
    assert {t for t in types if types[t].recipient} == {"COOPERATE", "AID", "SANCTION"}
    assert types["ASSAULT"].score == -9
    assert "drone" in types["ASSAULT"].modes
    assert len(plover().contexts) == 37


def test_loading_is_quicker_than_parsing_toml_alone_and_kept() -> None:
    texts = [file.read_text("utf8") for file in Path(language.__file__).with_name("data").glob("en/events*.toml")]
    spent = {"load": 9.0, "parse": 9.0}
    for _ in range(3):
        language._event_lexicon.cache_clear()
        start = time.process_time()
        event_lexicon()
        between = time.process_time()
        for text in texts:
            tomllib.loads(text)
        spent = {"load": min(spent["load"], between - start), "parse": min(spent["parse"], time.process_time() - between)}
    assert spent["load"] < spent["parse"]
    assert event_lexicon() is event_lexicon() is event_lexicon("en", extra=None)


def test_reading_an_article_parses_no_file_twice() -> None:
    program = """
import collections, tomllib
from allegedly import language
parsed, parse, loads = collections.Counter(), language._plainly, tomllib.loads
def counted(text, door):
    parsed[hash(text)] += 1
    return door(text)
language._plainly = lambda text: counted(text, lambda same: parse(same) or loads(same))
tomllib.loads = lambda text: counted(text, loads)
from allegedly.reading import read_article
from allegedly.records import Article
read_article(Article("a", "The minister said on Tuesday that the Front had attacked two towns.", title="Front attacks"))
print(len(parsed), max(parsed.values()))
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    files, times = map(int, found.stdout.split())
    assert files > 20
    assert times == 1


def test_passing_over_the_examples_changes_nothing_else() -> None:
    full = event_lexicon(examples=True).senses
    assert all(sense.yes and sense.no for sense in full)
    assert [dataclasses.replace(sense, yes=(), no=()) for sense in full] == list(event_lexicon().senses)


def test_a_users_file_adds_senses_and_classes(tmp_path: Path) -> None:
    lexicon = extra(tmp_path, SENSE)
    sense = lexicon.senses[-1]
    assert sense.id == "wave-flag"
    assert sense in lexicon.by_verb["wave"]
    assert sense.object.allowed == {"flag", "banner"}
    assert sense.object.presence == "some"
    assert sense.yes == ("The crowd waved flags.",)
    assert len(lexicon.senses) == len(event_lexicon().senses) + 1


def test_listed_heads_weigh_most_and_exclusions_next_to_nothing() -> None:
    listed, broad = Heads("some", frozenset({"flag"})), Heads("some", frozenset({"flag", ANY_ACTOR}))
    some, barred, free = Heads("some"), Heads("free", frozenset(), frozenset({"flag"})), Heads()
    assert listed.weight > broad.weight > some.weight > 3 * barred.weight > free.weight == 0


def test_classes_of_the_same_name_are_united(tmp_path: Path) -> None:
    before = event_lexicon().classes["forces"]
    assert extra(tmp_path, '[classes]\nforces = ["centaur"]').classes["forces"] == before | {"centaur"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("verb =", "verbs ="), "unknown key 'verbs'"),
        (("SUPPORT", "CHEER"), "unknown type 'CHEER'"),
        (('"SUPPORT"', '"SUPPORT"\nmode = "visit"'), "'visit' is no mode of SUPPORT"),
        (('"SUPPORT"', '"CONSULT"\nmode = ["visit"]'), "no mode of CONSULT"),
        (('"SUPPORT"', '"SUPPORT"\ncontexts = ["sport"]'), "unknown context 'sport'"),
        (('"SUPPORT"', '"SUPPORT"\nclause = ["nsubj"]'), "unknown clause 'nsubj'"),
        (('"SUPPORT"', '"SUPPORT"\npassive = "no"'), "passive: must be true or false"),
        (('["wave"]', "[]"), "verb: must be a list of at least one string"),
        (('["wave"]', '"wave"'), "verb: must be a list of at least one string"),
        (('["wave"]', '["wave", 3]'), "verb: holds 3"),
        (('["wave"]', '["wave", " "]'), "verb: holds ' '"),
        (('verb = ["wave"]', ""), "needs a verb, a noun or an adjective"),
        (("@banners", "@pennants"), "there is no class '@pennants'"),
        (('"@banners"', '"!"'), "excludes nothing"),
        (('"@banners"', '"-"'), "stands alone"),
        (('yes = ["The crowd waved flags."]', ""), "at least one example"),
        (("no = [", "No = ["), "unknown key 'No'"),
        (("wave-flag", "Wave flag"), "id 'Wave flag' must be"),
        (("wave-flag", "praise"), "the id is used twice"),
        (("[classes]", "[class]"), "unknown key 'class'"),
        (('banners = ["banner"]', "banners = []"), "class 'banners': must be a list"),
        (("[[sense]]", "[sense]"), "must be written [[sense]]"),
        (("type =", "type"), "is not valid TOML"),
        (("type =", "type = " + "[" * 5000), "is not valid TOML"),
    ],
)
def test_what_is_not_valid_is_refused_by_file_and_entry(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(LexiconError) as error:
        extra(tmp_path, SENSE.replace(*change))
    assert message in str(error.value)
    assert "mine.toml" in str(error.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot be read"):
        event_lexicon(extra=tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'[classes]\nx = ["caf\xe9"]')
    with pytest.raises(LexiconError, match="not valid TOML"):
        event_lexicon(extra=tmp_path / "latin.toml")


@pytest.mark.parametrize("code", ["xx", "..", "en/..", ""])
def test_an_unknown_language_is_refused(code: str) -> None:
    with pytest.raises(LexiconError, match="not a language"):
        event_lexicon(code)


def test_word_lists() -> None:
    assert "dozen" in words("arguments")["measures"]
    for name in ("none_such", "../plover", ""):
        with pytest.raises(LexiconError):
            words(name)


def test_word_lists_in_tables_get_dotted_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "list.toml").write_text('a = ["x"]\n[b]\nc = ["y", "z"]\n', encoding="utf-8")
    (tmp_path / "bad.toml").write_text("[b.c]\nd = 1\n", encoding="utf-8")
    monkeypatch.setattr(language, "_folder", lambda code: tmp_path)
    language._words.cache_clear()
    assert dict(words("list")) == {"a": ("x",), "b.c": ("y", "z")}
    with pytest.raises(LexiconError, match=r"bad\.toml: b\.c"):
        words("bad")
    language._words.cache_clear()


@pytest.mark.parametrize("file", sorted((Path(language.__file__).parent / "data").rglob("*.toml")), ids=lambda file: file.name)
def test_the_short_way_to_read_a_lexicon_gives_what_toml_says(file: Path) -> None:
    text = file.read_text("utf8")
    plain = language._plainly(text)
    assert plain is None or plain == tomllib.loads(text)
    if file.name.startswith("events"):
        assert plain is not None  # the largest files, for whose sake it is there


@pytest.mark.parametrize(
    "text",
    [
        'a = ["b", # one\n "c"]\n',
        'a = "b\\n"\n',
        "a = 1\n",
        'a = "b"\na = "c"\n',
        '[a]\nb = "c"\n[a]\n',
        'a = "b"\n[[a]]\n',
        'a = ["b"]\n[[a]]\n',
        "a = []\n[[a]]\n",
        '[[a]]\nb = "c"\n[a]\n',
        'a = ["b" "c"]\n',
        'a = "b" c = "d"\n',
        'a.b = "c"\n',
        'a = "b\tc\x00"\n',
        "a",
        "[a",
    ],
)
def test_the_short_way_leaves_to_toml_what_it_does_not_know(text: str) -> None:
    assert language._plainly(text) is None


def test_the_short_way_knows_comments_gaps_and_quoted_keys() -> None:
    text = '# x\n\n"a b" = "c#"  # y\n[t]\nd = [\n  "e",\n  "f",\n]\n\n[[s]]\non = true\n[[s]]\n# end\n'
    assert language._plainly(text) == tomllib.loads(text) == {"a b": "c#", "t": {"d": ["e", "f"]}, "s": [{"on": True}, {}]}


def test_short_verbs_double_their_last_letter() -> None:
    assert "rap" not in stems("raped", "VERB")
    assert {"rape", "rob", "visit"} <= {stem for form in ("raped", "robbed", "visited") for stem in stems(form, "VERB")}


def test_lists_name_nouns_in_the_singular_where_they_have_one() -> None:
    """A plural in one list keeps its form from having the lemma that the other lists name."""
    own = {
        "affairs",
        "amends",
        "damages",
        "earnings",
        "forces",
        "funds",
        "grounds",
        "irons",
        "means",
        "proceedings",
        "regards",
        "relations",
    }
    own |= {"remains", "reports", "rights", "sanctions", "summons", "talks", "terms", "thanks", "troops", "waters", "weapons"}
    nouns = vocabulary()[1]
    assert {noun for noun in nouns if noun.endswith("s") and noun[:-1] in nouns and len(noun) > 4} <= own
