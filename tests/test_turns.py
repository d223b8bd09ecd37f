"""Turns of transcripts and signed quotations: who speaks by layout."""

import pytest

from allegedly.reading import read_article
from allegedly.records import Article, Reading

INTERVIEW = """Norland's defence minister spoke on Sunday about the border.

VARGA: Minister, will you send more troops to the border this month?

LUND: We will not send troops. Renland has attacked our villages, and I have told its envoy so.

(CROSSTALK)

VARGA: The opposition accuses you of lying to parliament about the convoy.

LUND: They accuse everybody."""

SIGNED = """Readers wrote to us about the blockade.

“Our mayor has betrayed the farmers, and nobody in the council says so.” — Ilse Varga

“I support the blockade. It is the only thing that they listen to.”
― Tomas Brandt, a baker in Oskholm

“They have lost all shame.” — Ada Lund"""


def read(text: str) -> Reading:
    return read_article(Article("one", text))


def sources(reading: Reading) -> list[tuple[str, str]]:
    """Sources and contents of attributions whose cue is a mark."""
    text = reading.article.text
    rows = (a for a in reading.attributions if a.source and a.cue and a.cue[0][1] - a.cue[0][0] == 1)
    return [(text[slice(*a.source[0])], text[a.content[0][0] : a.content[-1][1]]) for a in rows]


def test_each_turn_of_a_transcript_is_its_speakers() -> None:
    found = sources(read(INTERVIEW))
    assert [who for who, _ in found] == ["VARGA", "LUND", "VARGA", "LUND"]
    assert found[3][1] == "They accuse everybody."
    assert "CROSSTALK" not in "".join(said for _, said in found)


def test_what_is_told_in_a_turn_is_in_the_speakers_voice() -> None:
    reading = read(INTERVIEW)
    text = reading.article.text
    attacked = next(s for s in reading.statements if s.lemma == "attack")
    speaker = next(a for a in reading.attributions if a.id == attacked.voice)
    assert text[slice(*speaker.source[0])] == "LUND"
    assert speaker.kind == "direct"


def test_signed_quotations_are_those_of_the_name_below_them() -> None:
    found = sources(read(SIGNED))
    assert [who for who, _ in found] == ["Ilse Varga", "Tomas Brandt", "Ada Lund"]
    assert found[1][1] == "“I support the blockade. It is the only thing that they listen to.”"


@pytest.mark.parametrize(
    "text",
    [
        "Monday: Talks open in Oskholm.\n\nTuesday: The council votes on the budget.\n\nWednesday: Ministers meet the unions at noon.",
        "Norland: 12 seats\n\nRenland: 9 seats\n\nNorland: 14 seats\n\nRenland: 7 seats",
        "RELATED: Council votes on the budget\n\nThe mayor met the unions.\n\nThey talked for hours.\n\nNothing came of it.\n\n"
        "WATCH: The mayor speaks to the unions\n\nThe unions left.\n\nThe mayor stayed.\n\nIt rained.\n\nRELATED: Unions leave the talks",
    ],
)
def test_lists_tables_and_links_are_no_conversation(text: str) -> None:
    assert not any(text[slice(*a.cue[0])] == ":" for a in read(text).attributions if a.cue)


def test_a_headline_with_a_name_and_the_story_below_are_no_turn() -> None:
    text = "Varga: We Will Stay in the Alliance\n\nIlse Varga said on Monday that Norland had attacked no village.\n\n" + INTERVIEW
    said = [said for who, said in sources(read(text)) if who == "Varga"]
    assert all("attacked" not in words for words in said)


def test_a_long_line_of_labels_takes_no_time() -> None:
    read("“" + "Varga: yes ” — " * 3_000)
