"""What outlets call the same identity."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from allegedly.compare.names import designations, quoted, table
from allegedly.compared import Designation
from allegedly.records import Article, Entity, Mention, Note, Reader, Reading, Translation, Wording

TEXT = (
    "The Eastern Assembly Front seized Osk. The rebels burnt the bridge, and the rebels left. Officials called them “the bandits of the hills”. "
    "They denied it. The bandits were seen in Lower Sarn, said the EAF.\nPhoto: the gunmen of the Front"
)
CALLED = (
    ("The Eastern Assembly Front", True),
    ("The rebels", False),
    ("the rebels", False),
    ("the bandits of the hills", False),
    ("They", False),
)
LATER = (("The bandits", False), ("the EAF", True), ("the gunmen of the Front", False))


def reading(translation: Translation | None = None) -> Reading:
    mentions = []
    for n, (words, named) in enumerate((*CALLED, *LATER), 1):
        start = TEXT.index(words)
        mentions.append(Mention(f"m{n}", start, start + len(words), (start, start + len(words)), "organization", named, "e1", 0.9))
    caption = TEXT.index("Photo")
    article = Article("a1", TEXT, translation=translation, notes=(Note("caption", caption, len(TEXT), "photo"),))
    entity = Entity("e1", "Eastern Assembly Front", "organization", None, None, (), tuple(m.id for m in mentions), "name")
    at = TEXT.index("The bandits")
    label = Wording("w1", "label", at + 4, at + 11, "e1", "label", 0.9)
    return Reading(article, (), tuple(mentions), (entity,), (), (), (), (label,), (), None, (), Reader("0", "0", "0"))


def found(one: Reading) -> dict[str, tuple[str, int]]:
    return {d.form: (d.kind, d.count) for d in designations(one, {"e1": 7}, article=3)}


def test_names_descriptions_and_labels_are_counted_in_the_articles_own_words() -> None:
    assert found(reading()) == {
        "eastern assembly front": ("name", 1),
        "rebels": ("description", 2),
        "bandits": ("label", 1),
        "eaf": ("name", 1),
    }
    assert {(d.identity, d.article) for d in designations(reading(), {"e1": 7}, article=3)} == {(7, 3)}


def test_a_machines_words_are_no_outlets() -> None:
    assert found(reading(Translation("no", "machine"))) == {}
    assert found(reading(Translation("no", "outlet"))) != {}


def test_who_has_no_identity_is_left_out() -> None:
    assert designations(reading(), {}, article=3) == ()


def test_quotation_marks_of_a_paragraph() -> None:
    text = 'He said "one" and “two”.\n"Three goes on\nfour'
    assert [text[a:b] for a, b in quoted(text)] == ['"one"', "“two”", '"Three goes on']


@given(st.text(alphabet='ab “”"«»\n', max_size=60))
def test_quotations_lie_in_the_text_and_apart(text: str) -> None:
    spans = quoted(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))


ARTICLES = {
    1: ("Herald", "2031-05-02"),
    2: ("Herald", "2031-05-01T10:00:00Z"),
    3: ("Courier", None),
    4: ("Courier", "2031-05-04"),
    5: (None, "2031-05-05"),
}
CALLS = (
    Designation(7, 1, "rebels", "description", 3),
    Designation(7, 2, "rebels", "description", 1),
    Designation(7, 3, "bandits", "label", 2),
    Designation(7, 3, "rebels", "description", 1),
    Designation(8, 3, "rebels", "description", 9),
    Designation(7, 99, "rebels", "description", 9),
)


def test_the_table_has_outlets_forms_dates_and_how_many_articles_were_read() -> None:
    made = table(7, CALLS, ARTICLES)
    assert [(o.outlet, o.read, o.naming) for o in made.outlets] == [("", 1, 0), ("Courier", 2, 1), ("Herald", 2, 2)]
    rows = [(u.form, u.outlet, u.count, u.articles, u.earliest, u.latest) for u in made.usages]
    assert rows == [
        ("rebels", "Courier", 1, 1, None, None),
        ("rebels", "Herald", 4, 2, "2031-05-01T10:00:00Z", "2031-05-02"),
        ("bandits", "Courier", 2, 1, None, None),
    ]
    assert made.count("bandits", "Herald") == 0
    assert made.count("rebels", "Herald") == 4


def test_outlets_that_change_places_change_places_in_the_table() -> None:
    swap = {"Herald": "Courier", "Courier": "Herald"}
    other = table(7, CALLS, {n: (swap.get(o or "", o), d) for n, (o, d) in ARTICLES.items()})
    back = sorted((u.form, swap[u.outlet], u.count) for u in other.usages)
    assert back == sorted((u.form, u.outlet, u.count) for u in table(7, CALLS, ARTICLES).usages)


def test_a_name_in_a_note_is_no_word_of_the_article() -> None:
    one = reading()
    assert "gunmen of the front" not in found(one)
    assert "gunmen of the front" in found(replace(one, article=replace(one.article, notes=())))
