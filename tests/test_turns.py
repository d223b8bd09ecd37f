"""Turns of transcripts and signed quotations: who speaks by layout."""

import pytest
from conftest import seconds

from allegedly.reading import read_article
from allegedly.reading.turns import turns_told
from allegedly.records import Analysis, Article, Reading

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


@pytest.mark.parametrize(
    "text",
    [
        "“We will fight on,” Ilse Varga told reporters. “I accuse Osk of lying.”\n\n- Norland East\n\n- Renland West",
        "“We won the vote,” Ilse Varga said. “They attacked us.”\n\n— Velm News Agency",
        "“We will stay in the alliance.” – But, she added, not for long",
    ],
)
def test_what_stands_after_a_dash_need_not_sign(text: str) -> None:
    assert not [who for who, _ in sources(read(text)) if who not in ("Ilse Varga", "she")]


def test_labels_of_news_desks_and_fact_checks_are_no_speakers() -> None:
    lines = ["UPDATE: The council has voted to suspend the treaty.", "NOTE: Police arrested nine protesters near the port."]
    text = "\n\n".join([*lines, "UPDATE: The army has attacked the port again."])
    assert all(s.voice == "author" for s in read(text).statements)


def test_only_turns_are_direct_by_their_label() -> None:
    headline = read("Police: Gunman killed two officers in Oskholm\n\nThe gunman fled to the hills on Monday.")
    assert all(a.kind == "indirect" for a in headline.attributions)
    indented = read(INTERVIEW.replace("VARGA:", "    VARGA:").replace("LUND:", "\t\tLUND:"))
    assert {a.kind for a in indented.attributions if a.cue and a.cue[0][1] - a.cue[0][0] == 1} == {"direct"}


def test_a_headline_with_a_name_and_the_story_below_are_no_turn() -> None:
    text = "Varga: We Will Stay in the Alliance\n\nIlse Varga said on Monday that Norland had attacked no village.\n\n" + INTERVIEW
    said = [said for who, said in sources(read(text)) if who == "Varga"]
    assert said
    assert all("attacked" not in words for words in said)


@pytest.mark.parametrize("piece", ["'-A", "” — Varga Lund ", "A: ", "Varga Lund: yes, we will do so.\n"])
def test_time_is_in_proportion_to_a_text_of_labels_and_dashes(piece: str) -> None:
    def took(count: int) -> float:
        analysis = Analysis('"' + piece * count + "," + " " * 3_000 + "!", (), (), (), ())
        return seconds(lambda: turns_told(analysis))

    assert took(16_000) < 24 * max(took(2_000), 0.005)
