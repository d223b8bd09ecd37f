"""The genre that shows in how a text is written; what articles say of themselves is in test_article.py. Own texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.article import build
from allegedly.article.facts import Facts, Source
from allegedly.article.genre import find_genre
from allegedly.records import Genre


def genre_of(text: str, title: str | None = None) -> Genre:
    return build(text, Facts(title=title), Source("x")).article.genre


WRITTEN = {
    "report": (
        "Harbour of Osk to open again in May",
        "The harbour of Osk will open again on 3 May, the port authority of Kestria announced on Tuesday, nine weeks after the navy closed it.\n\n"
        "Two ferries and eleven trawlers were damaged in the storm of 20 February, according to the coast guard. A pilot was injured.\n\n"
        "The minister of transport said that 40 million crowns had been released for repairs. Fishermen called the sum too small.",
    ),
    "opinion": (
        "The harbour should never have been closed",
        "I have fished out of Osk for thirty years, and I have never seen such folly. Nobody asked us. Nobody ever does.\n\n"
        "Why did the navy close a harbour that no enemy has ever wanted? The truth is simple: an admiral was afraid of looking idle. We "
        "should not pay for his boredom.\n\nLet us open the gates and let the admiral count gulls. The minister must decide, and he must decide now.",
    ),
    "interview": (
        "Five questions for the harbour master",
        "Ilse Rehn has run the port of Osk since the spring. We asked her about the nine weeks without ships.\n\n"
        "What did you do on the first morning?\nI counted the gulls. There was nothing else to count that day.\n\n"
        "Were you told why?\nBy the radio, like everybody else.\n\nWill the ferries come back?\nOne of them. The other one has found a better port.\n\n"
        "And the fishermen?\nThey never left. They stood at the gate every day.",
    ),
    "press_release": (
        "Osk Port Company announces summer timetable",
        "Osk, 3 May - The Osk Port Company is pleased to announce its summer timetable, with forty sailings a week to the islands.\n\n"
        "“We are proud to be a partner of the islands and look forward to a successful season,” said its chairwoman, Lena Moravek.\n\n"
        "Photographs are available on request.\n\nPress contact: Communications, press@oskport.example\n\nNotes to editors: the company runs nine ferries.",
    ),
    "live_blog": (
        "Storm over Osk: the evening as it happened",
        "22:40 The wind is dropping at last. We are closing this page for tonight, thank you for staying with us.\n\n"
        "21:15 The second ferry has made it into the bay, the coast guard confirms. All passengers are well.\n\n"
        "20:50 Power is out in the whole of the old town. More soon.\n\n19:30 Good evening. A storm is coming up from the south, and the port is shut.",
    ),
    "other": (
        "Tides and sailings",
        "MONDAY\nHigh water 6.10, 18.30\nFerry to Lower Sarn 7.00, 15.00\n\nTUESDAY\nHigh water 7.05, 19.20\nFerry to Lower Sarn 8.00, 16.00\n\n"
        "WEDNESDAY\nHigh water 8.00, 20.15\nNo ferry\n\nTHURSDAY\nHigh water 8.55, 21.10\nFerry to Maravel 9.30\n\nAll times are local. Sailings may change at short notice.",
    ),
}


@pytest.mark.parametrize("label", sorted(WRITTEN))
def test_genres_show_in_how_a_text_is_written(label: str) -> None:
    title, text = WRITTEN[label]
    genre = genre_of(text, title)
    assert genre.label == label
    assert all(text[start:end].strip() for start, end in genre.evidence)
    assert list(genre.evidence) == sorted(genre.evidence)


def test_the_words_of_those_quoted_do_not_make_an_opinion() -> None:
    text = (
        WRITTEN["report"][1] + "\n\n“I must say that we should never have closed it. Why did we? It was folly,” the admiral said on Friday."
    )
    assert genre_of(text).label == "report"


def test_a_spoken_interview_is_no_opinion_though_both_say_we_and_ask() -> None:
    text = (
        "The radio of Osk talks to Dana Orlik, who writes about shipping.\n\nILSE REHN, HOST: Thank you for joining us.\n\n"
        "DANA ORLIK: You're welcome.\n\nREHN: What do we know about the ferry? And why did nobody warn us?\n\n"
        "ORLIK: We know very little. I think that we should be careful. It is not clear who was at the wheel.\n\n"
        "REHN: Have you heard from the owners?\n\nORLIK: No, I have not. They never call."
    )
    assert genre_of(text).label == "interview"


def test_an_agency_file_of_entries_under_hours_is_a_live_blog_despite_its_dateline() -> None:
    entry = "The governor of Maravel says that the roads to the coast are open again and that nobody was hurt in the landslide."
    text = f"OSK, Kestria (AP) — The latest on the landslide (all times local):\n\n2:45 p.m.\n\n{entry}\n\n2 p.m.\n\n{entry}\n\n11 a.m.\n\n{entry}"
    assert genre_of(text).label == "live_blog"
    hours = "\n\n".join(f"{hour} p.m.\n\n{entry}" for hour in (9, 8, 6, 5))
    assert genre_of(hours).label == "live_blog"
    assert genre_of(f"The office opens at 2 p.m. {entry}\n\n{entry} It closes at 5 p.m. on Friday, a spokesman said.").label == "report"


@pytest.mark.parametrize(
    ("label", "title", "text"),
    [
        (
            "live_blog",
            "Ferry adrift off Osk",
            "The tug has a line on the ferry, the coast guard says, and the wind is dropping.\n5 minutes ago\n\nA helicopter has left Velm for the "
            "ferry, and I can see its lamp.\n25 minutes ago\n\nA ferry with ninety people is adrift. You can follow it here.\nan hour ago",
        ),
        (
            "press_release",
            "Statement of the Port Authority of Osk",
            "The Authority strongly condemns the cutting of mooring lines on 4 May and expresses its heartfelt thanks to the crews who secured "
            "the ferries. It reiterates its full commitment to the safety of the harbour and calls upon all skippers to report what they saw.",
        ),
        (
            "opinion",
            "The ferry and the law",
            "Every skipper who sails in fog knows what a horn is for. The new law takes the horn away and leaves the fog. Its defenders point to "
            "the sleep of hotel guests. It is true that guests sleep badly in June. A port that fears its guests more than its rocks has few of both.",
        ),
        (
            "report",
            "Ferry towed to Velm",
            "A ferry with ninety people aboard drifted for six hours off the coast of Velm before two tugs brought it to the harbour. Most of the "
            "passengers went home by bus. The engine had taken in sand. The line has two other ships of the same make, and both are older.",
        ),
        (
            "other",
            "Corrections",
            "The ferry that drifted off Velm carries ninety people and not nine. We gave the wrong name for its master on Monday and are glad to put it right: he is Oru Pell. The harbour of Holm is on the island and not on the coast.",
        ),
    ],
)
def test_signs_of_genres_that_do_not_say_what_they_are(label: str, title: str, text: str) -> None:
    assert genre_of(text, title).label == label


@given(st.text(alphabet="A:.? \n1209“”'\"Q-pm", max_size=400), st.text(max_size=40))
def test_no_layout_breaks_the_signs_of_genre(text: str, title: str) -> None:
    genre = find_genre(text + " word" * 50, Facts(title=title), (), None)
    assert all(0 <= start < end <= len(text) + 250 for start, end in genre.evidence)
