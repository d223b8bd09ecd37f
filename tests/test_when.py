"""Times: what expressions come to, what is no date, and which statement a time belongs to. All sentences are our own."""

import re
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.export.digest import Digest
from allegedly.language import words
from allegedly.reading import read_article
from allegedly.reading.dates import FINENESS, RULES, Frame
from allegedly.reading.timex import expressions
from allegedly.records import Article, Dateline, Statement, Token

FRIDAY = date(2024, 5, 10)
PAST, FUTURE = -1, 1
Timed = tuple[str | None, str | None, str]
UNKNOWN: Timed = (None, None, "unknown")


def day(iso: str) -> Timed:
    return iso, iso, "day"


def tokens(text: str) -> list[Token]:
    """Words as the model makes them, near enough: nothing here looks at more than their places and forms."""
    pattern = r"\d+[\d.,/]*\d(?:st|nd|rd|th|s|am|pm)?|\d+(?:st|nd|rd|th|am|pm)?|[ap]\.m\.|[A-Za-z]+\.(?= \w)|[^\W\d]+(?:-[^\W\d]+)*|[^\w\s]"
    return [Token(m.start(), m.end(), m[0], m[0], "X", "", -1, "dep", 0) for m in re.finditer(pattern, text)]


def found(text: str, today: date | None = FRIDAY, direction: int = PAST) -> list[tuple[str, str | None, str | None, str]]:
    out = []
    for e in expressions(text, tokens(text)):
        i = e.resolve(Frame(today, direction))
        out.append((text[e.start : e.end], i.start and i.start.isoformat(), i.end and i.end.isoformat(), i.precision))
    return out


# --- expressions alone ---------------------------------------------------------------------------------------------------

ABSOLUTE = [
    ("5 May 2031", "2031-05-05", "2031-05-05", "day"),
    ("5th May, 2031", "2031-05-05", "2031-05-05", "day"),
    ("May 5, 2031", "2031-05-05", "2031-05-05", "day"),
    ("May 5th, 2031", "2031-05-05", "2031-05-05", "day"),
    ("the 5th of May 2031", "2031-05-05", "2031-05-05", "day"),
    ("the fifth of May, 2031", "2031-05-05", "2031-05-05", "day"),
    ("Monday, 5 May 2031", "2031-05-05", "2031-05-05", "day"),
    ("Mon. 5 May 2031", "2031-05-05", "2031-05-05", "day"),
    ("Sept. 11, 2031", "2031-09-11", "2031-09-11", "day"),
    ("2031-05-17", "2031-05-17", "2031-05-17", "day"),
    ("2031/05/17", "2031-05-17", "2031-05-17", "day"),
    ("17.5.2031", "2031-05-17", "2031-05-17", "day"),
    ("17/05/2031", "2031-05-17", "2031-05-17", "day"),
    ("05/17/2031", "2031-05-17", "2031-05-17", "day"),
    ("05/05/2031", "2031-05-05", "2031-05-05", "day"),
    ("06/05/2031", None, None, "unknown"),
    ("29 February 2028", "2028-02-29", "2028-02-29", "day"),
    ("31 February 2031", None, None, "unknown"),
    ("99/99/2031", None, None, "unknown"),
    ("May 2031", "2031-05-01", "2031-05-31", "month"),
    ("February 2028", "2028-02-01", "2028-02-29", "month"),
    ("late March 2031", "2031-03-01", "2031-03-31", "month"),
    ("the end of May 2031", "2031-05-01", "2031-05-31", "month"),
    ("the spring of 2031", "2031-03-01", "2031-05-31", "season"),
    ("winter 2031", "2031-12-01", "2032-02-29", "season"),
    ("the third quarter of 2031", "2031-07-01", "2031-09-30", "quarter"),
    ("Q1 2031", "2031-01-01", "2031-03-31", "quarter"),
    ("the first half of 2031", "2031-01-01", "2031-06-30", "range"),
    ("2031", "2031-01-01", "2031-12-31", "year"),
    ("early 2031", "2031-01-01", "2031-12-31", "year"),
    ("the year 2031", "2031-01-01", "2031-12-31", "year"),
    ("2031-33", "2031-01-01", "2033-12-31", "range"),
    ("2031/32", "2031-01-01", "2032-12-31", "range"),
    ("the 1990s", "1990-01-01", "1999-12-31", "decade"),
    ("the late 1990s", "1990-01-01", "1999-12-31", "decade"),
    ("the '90s", "1990-01-01", "1999-12-31", "decade"),
    ("the nineties", "1990-01-01", "1999-12-31", "decade"),
    ("the nineteenth century", "1801-01-01", "1900-12-31", "century"),
    ("the early 20th century", "1901-01-01", "2000-12-31", "century"),
    ("3-5 May 2031", "2031-05-03", "2031-05-05", "range"),
    ("May 3 to 5, 2031", "2031-05-03", "2031-05-05", "range"),
    ("3 and 4 May 2031", "2031-05-03", "2031-05-04", "range"),
    ("between 2014 and 2016", "2014-01-01", "2016-12-31", "range"),
    ("from 2014 to 2016", "2014-01-01", "2016-12-31", "range"),
    ("from March to May 2031", "2031-03-01", "2031-05-31", "range"),
    ("from May 3 to June 4, 2031", "2031-05-03", "2031-06-04", "range"),
    ("until 2031", None, "2031-12-31", "year"),
    ("by 30 June 2031", None, "2031-06-30", "day"),
    ("by the end of 2031", None, "2031-12-31", "year"),
    ("no later than May 2031", None, "2031-05-31", "month"),
    ("before 2031", None, "2030-12-31", "year"),
    ("after 2031", "2032-01-01", None, "year"),
    ("as of 1 January 2031", "2031-01-01", None, "day"),
]


@pytest.mark.parametrize("today", [FRIDAY, None])
@pytest.mark.parametrize(("text", "start", "end", "precision"), ABSOLUTE, ids=[row[0] for row in ABSOLUTE])
def test_absolute_expressions_need_no_day_of_writing(
    text: str, start: str | None, end: str | None, precision: str, today: date | None
) -> None:
    assert found(text, today) == [(text, start, end, precision)]


RELATIVE = [  # seen from Friday, 10 May 2024: in the past, in the future
    ("Tuesday", day("2024-05-07"), day("2024-05-14")),
    ("Friday", day("2024-05-10"), day("2024-05-10")),
    ("last Friday", day("2024-05-03"), day("2024-05-03")),
    ("last Tuesday", day("2024-05-07"), day("2024-05-07")),
    ("next Tuesday", day("2024-05-14"), day("2024-05-14")),
    ("Tuesday evening", day("2024-05-07"), day("2024-05-14")),
    ("late on Tuesday", day("2024-05-07"), day("2024-05-14")),
    ("the early hours of Tuesday", day("2024-05-07"), day("2024-05-14")),
    ("at 4 a.m. on Tuesday", day("2024-05-07"), day("2024-05-14")),
    ("today", day("2024-05-10"), day("2024-05-10")),
    ("this morning", day("2024-05-10"), day("2024-05-10")),
    ("yesterday", day("2024-05-09"), day("2024-05-09")),
    ("last night", day("2024-05-09"), day("2024-05-09")),
    ("the day before yesterday", day("2024-05-08"), day("2024-05-08")),
    ("tomorrow", day("2024-05-11"), day("2024-05-11")),
    ("6 May", day("2024-05-06"), day("2025-05-06")),
    ("May 12", day("2023-05-12"), day("2024-05-12")),
    ("the 14th", day("2024-04-14"), day("2024-05-14")),
    ("May", ("2024-05-01", "2024-05-31", "month"), ("2024-05-01", "2024-05-31", "month")),
    ("June", ("2023-06-01", "2023-06-30", "month"), ("2024-06-01", "2024-06-30", "month")),
    ("last June", ("2023-06-01", "2023-06-30", "month"), ("2023-06-01", "2023-06-30", "month")),
    ("next May", ("2025-05-01", "2025-05-31", "month"), ("2025-05-01", "2025-05-31", "month")),
    ("last winter", ("2023-12-01", "2024-02-29", "season"), ("2023-12-01", "2024-02-29", "season")),
    ("this summer", ("2024-06-01", "2024-08-31", "season"), ("2024-06-01", "2024-08-31", "season")),
    ("next spring", ("2025-03-01", "2025-05-31", "season"), ("2025-03-01", "2025-05-31", "season")),
    ("last week", ("2024-04-29", "2024-05-05", "week"), ("2024-04-29", "2024-05-05", "week")),
    ("earlier this week", ("2024-05-06", "2024-05-12", "week"), ("2024-05-06", "2024-05-12", "week")),
    ("next month", ("2024-06-01", "2024-06-30", "month"), ("2024-06-01", "2024-06-30", "month")),
    ("last quarter", ("2024-01-01", "2024-03-31", "quarter"), ("2024-01-01", "2024-03-31", "quarter")),
    ("this year", ("2024-01-01", "2024-12-31", "year"), ("2024-01-01", "2024-12-31", "year")),
    ("the end of the year", ("2024-01-01", "2024-12-31", "year"), ("2024-01-01", "2024-12-31", "year")),
    ("last weekend", ("2024-05-04", "2024-05-05", "range"), ("2024-05-04", "2024-05-05", "range")),
    ("May last year", ("2023-05-01", "2023-05-31", "month"), ("2023-05-01", "2023-05-31", "month")),
    ("Tuesday of last week", day("2024-04-30"), day("2024-04-30")),
    ("the third quarter of last year", ("2023-07-01", "2023-09-30", "quarter"), ("2023-07-01", "2023-09-30", "quarter")),
    ("three days ago", day("2024-05-07"), day("2024-05-07")),
    ("a week ago", ("2024-04-29", "2024-05-05", "week"), ("2024-04-29", "2024-05-05", "week")),
    ("two months ago", ("2024-03-01", "2024-03-31", "month"), ("2024-03-01", "2024-03-31", "month")),
    ("about ten years ago", ("2014-01-01", "2014-12-31", "year"), ("2014-01-01", "2014-12-31", "year")),
    ("two hours ago", day("2024-05-10"), day("2024-05-10")),
    ("two weeks from now", ("2024-05-20", "2024-05-26", "week"), ("2024-05-20", "2024-05-26", "week")),
    ("the past two years", ("2022-05-10", "2024-05-10", "range"), ("2022-05-10", "2024-05-10", "range")),
    ("the last 24 hours", ("2024-05-09", "2024-05-10", "range"), ("2024-05-09", "2024-05-10", "range")),
    ("the next three days", ("2024-05-10", "2024-05-13", "range"), ("2024-05-10", "2024-05-13", "range")),
    ("since Monday", ("2024-05-06", "2024-05-10", "day"), ("2024-05-06", "2024-05-10", "day")),
    ("since last May", ("2023-05-01", "2024-05-10", "month"), ("2023-05-01", "2024-05-10", "month")),
    ("until Thursday", (None, "2024-05-09", "day"), (None, "2024-05-16", "day")),
    ("from Monday to Friday", ("2024-05-06", "2024-05-10", "range"), ("2024-05-13", "2024-05-17", "range")),
    ("Monday and Tuesday", ("2024-05-06", "2024-05-07", "range"), ("2024-05-13", "2024-05-14", "range")),
    ("New Year's Day", day("2024-01-01"), day("2025-01-01")),
]


@pytest.mark.parametrize(("text", "past", "future"), RELATIVE, ids=[row[0] for row in RELATIVE])
def test_relative_expressions_count_from_the_day_of_writing(text: str, past: Timed, future: Timed) -> None:
    assert found(text, FRIDAY, PAST) == [(text, *past)]
    assert found(text, FRIDAY, FUTURE) == [(text, *future)]
    assert found(text, None) == [(text, *UNKNOWN)]


@pytest.mark.parametrize(
    "text",
    [
        "recently", "in recent years", "the coming weeks", "a few days ago", "decades ago", "in the near future", "two weeks later", "the following day",
        "that year", "at 6.10am", "before dawn", "at midnight", "three days after the vote", "the Sunday before the vote", "the same day",
    ],
)  # fmt: skip
def test_open_expressions_are_found_and_stay_unknown(text: str) -> None:
    [(said, *timed)] = found(text)
    assert text.startswith(said)
    assert tuple(timed) == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "for three days", "a 20-year-old", "aged 79", "a five-year term", "2,019 people", "$2019", "€2000", "99999", "2019%", "2019.5", "post-2014", "flight 20193",
        "they may march", "a woman of 34", "in august company", "on Mondays", "every time", "as soon as they can", "at the time of the raid", "15 per cent", "12-3",
    ],
)  # fmt: skip
def test_durations_ages_counts_and_other_words_are_no_dates(text: str) -> None:
    assert found(text) == []


def test_in_so_many_days_is_a_date_only_of_what_is_to_come() -> None:
    assert found("in two weeks", FRIDAY, FUTURE) == [("in two weeks", "2024-05-20", "2024-05-26", "week")]
    assert time_of("The envoy will return to Osk in three days.", "return") == day("2024-05-13")
    assert time_of("The bridge was rebuilt in three days.", "rebuilt") is None


def test_every_rule_has_a_pattern_and_a_docstring_with_an_example() -> None:
    names = {key.removeprefix("patterns.") for key in words("when") if key.startswith("patterns.")}
    assert names == set(RULES)
    for name, rule in RULES.items():
        assert '"' in (rule.resolve.__doc__ or ""), name
        assert rule.precision in FINENESS


# --- statements ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def statements_of(text: str, published: str | None, title: bool) -> tuple[Statement, ...]:
    article = Article(id="x", text="Nothing." if title else text, title=text if title else None, published=published)
    return read_article(article).statements


def statement(text: str, predicate: str, published: str | None = "2024-05-10", *, title: bool = False) -> Statement:
    at = text.index(predicate)
    here = [s for s in statements_of(text, published, title) if s.within == ("title" if title else "text")]
    return next(s for s in here if any(a < at + len(predicate) and at < b for a, b in s.predicate))


def time_of(text: str, predicate: str, published: str | None = "2024-05-10", *, title: bool = False) -> Timed | None:
    time = statement(text, predicate, published, title=title).time
    return (time.start, time.end, time.precision) if time else None


STATEMENTS: list[tuple[str, dict[str, Timed | None]]] = [
    # by tense
    ("Parliament will vote on the budget on Tuesday, the speaker announced.", {"vote": day("2024-05-14")}),
    ("Parliament votes on Tuesday on whether to expel the deputy.", {"votes": day("2024-05-14")}),
    ("Kestria will hold elections in June.", {"hold": ("2024-06-01", "2024-06-30", "month")}),
    ("Kestria held elections in June.", {"held": ("2023-06-01", "2023-06-30", "month")}),
    ("The head of the central bank is due to testify on Monday.", {"testify": day("2024-05-13")}),
    ("Authorities expect the dam to burst on Sunday.", {"burst": day("2024-05-12")}),
    ("If talks fail on Monday, the union will strike.", {"fail": day("2024-05-13"), "strike": None}),
    ("On Monday the army began to shell the port.", {"shell": day("2024-05-06")}),
    ("By Tuesday, rescuers had pulled 40 bodies from the rubble.", {"pulled": (None, "2024-05-07", "day")}),
    ("The envoys are scheduled for talks, and the vote is set for Thursday.", {"set": day("2024-05-16")}),
    # in the clause
    ("The governor must hand over the files by Friday, the court ruled on Wednesday.", {"hand": (None, "2024-05-10", "day"), "ruled": day("2024-05-08")}),
    ("The army said on Monday that rebels had shelled Osk the day before yesterday.", {"shelled": day("2024-05-08")}),
    ("Since fleeing Norland in 2021, the former minister has met three presidents.", {"fleeing": ("2021-01-01", "2021-12-31", "year"), "met": None}),
    ("The minister, who resigned in March 2023, rejected the charges today.", {"resigned": ("2023-03-01", "2023-03-31", "month"), "rejected": day("2024-05-10")}),
    ("Gunmen attacked a convoy late on Thursday night near Lower Sarn, wounding five guards.", {"attacked": day("2024-05-09"), "wounding": day("2024-05-09")}),
    ("At 4 a.m. on Monday, masked men abducted the editor from his flat.", {"abducted": day("2024-05-06")}),
    ("The rebels seized the airport Monday.", {"seized": day("2024-05-06")}),
    ("It was in 2016 that the two armies clashed for the first time.", {"clashed": ("2016-01-01", "2016-12-31", "year")}),
    ("In May Orlan expelled the ambassador.", {"expelled": ("2024-05-01", "2024-05-31", "month")}),
    ("Two weeks after the coup, soldiers arrested the chief justice.", {"arrested": UNKNOWN}),
    ("On 31 February 2020 soldiers raided the newspaper.", {"raided": UNKNOWN}),
    # counted from another time in the sentence
    ("The general was arrested on 5 May 2019 and released two weeks later.", {"arrested": day("2019-05-05"), "released": ("2019-05-13", "2019-05-19", "week")}),
    ("Elected in 2015, she dissolved the assembly two years later.", {"dissolved": ("2017-01-01", "2017-12-31", "year")}),
    ("Elected on 5 May 2015, the premier resigned the following Tuesday.", {"resigned": day("2015-05-12")}),
    ("The council voted on 27 April to secede, and on the same day the army dissolved it.", {"voted": day("2024-04-27"), "dissolved": day("2024-04-27")}),
    # shared between clauses
    ("Police in Tolmere arrested two editors on Tuesday and searched their homes.", {"arrested": day("2024-05-07"), "searched": day("2024-05-07")}),
    ("Soldiers stormed the station and killed two guards on Friday.", {"stormed": day("2024-05-10"), "killed": day("2024-05-10")}),
    ("On Wednesday the mayor resigned and the council elected his deputy.", {"resigned": day("2024-05-08"), "elected": day("2024-05-08")}),
    ("Three miners were killed when police opened fire on Friday.", {"killed": day("2024-05-10"), "opened": day("2024-05-10")}),
    ("Speaking in Halden on Sunday, President Brann accused Veldania of arming the rebels.", {"accused": day("2024-05-05"), "arming": None}),
    ("Not since 2004, when nine sailors died, had the navy lost a ship.", {"died": ("2004-01-01", "2004-12-31", "year")}),
    ("When the junta took over in 1976, it dissolved the unions.", {"dissolved": ("1976-01-01", "1976-12-31", "year")}),
    # not shared
    ("The president promised on Monday to withdraw the troops.", {"promised": day("2024-05-06"), "withdraw": None}),
    ("He warned last week that the dam would fail.", {"fail": None}),
    ("Officials denied on Wednesday that any prisoner had been beaten.", {"beaten": None}),
    ("The court sentenced him in 2017, and he fled to Ardovia.", {"sentenced": ("2017-01-01", "2017-12-31", "year"), "fled": None}),
    ("The law, passed in 2014 under pressure from Kestria, bans foreign funding of parties.", {"passed": ("2014-01-01", "2014-12-31", "year"), "bans": None}),
    ("The two armies met for the first time since 1992.", {"met": None}),
    ("The government cut its forecast for 2025.", {"cut": None}),
    # dated nouns
    ("The 2019 attack killed forty people.", {"killed": ("2019-01-01", "2019-12-31", "year")}),
    ("Kestria condemned the attack of 5 May 2023 on the consulate.", {"condemned": None, "attack": day("2023-05-05")}),
    ("Soldiers broke up the 8 November protest against the tax.", {"broke": None, "protest": day("2023-11-08")}),
    ("A bomber killed 14 worshippers during Friday prayers in Lower Sarn.", {"killed": day("2024-05-10")}),
    ("During the 2011 uprising, police shot dozens of demonstrators.", {"shot": ("2011-01-01", "2011-12-31", "year")}),
    ("After a raid on 2 May, the army closed the road.", {"closed": None}),
    ("Officials attended talks in Halden on Tuesday.", {"attended": day("2024-05-07")}),
    ("The commission must examine the killing of two guards in February.", {"examine": None}),
    ("Ministers condemned the raid on Monday night that killed four guards.", {"condemned": None, "killed": day("2024-05-06")}),
    # no dates
    ("The siege lasted for three days.", {"lasted": None}),
    ("A 20-year-old student burned the flag.", {"burned": None}),
    ("Opposition supporters protest every Friday in front of the palace.", {"protest": None}),
    ("Some 2000 troops crossed the river.", {"crossed": None}),
    ("More than 1900 people signed the petition.", {"signed": None}),
    ("UN Resolution 1984 condemned the blockade.", {"condemned": None}),
    ("Crowds gathered in May Square to join the March for Bread.", {"gathered": None, "join": None}),
    ("Soldiers may march on the capital.", {"march": None}),
    ("Two nurses were shot on Bloody Sunday.", {"shot": None}),
    ("The 14th brigade shelled the port on the 3rd.", {"shelled": day("2024-05-03")}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), STATEMENTS, ids=[row[0][:50] for row in STATEMENTS])
def test_times_of_statements(text: str, expected: dict[str, Timed | None]) -> None:
    assert {predicate: time_of(text, predicate) for predicate in expected} == expected


@pytest.mark.parametrize(
    ("title", "predicate", "timed"),
    [
        ("Kestria shells Osk on Tuesday", "shells", day("2024-05-07")),
        ("Parliament to vote on Tuesday", "vote", day("2024-05-14")),
        ("Norland To Close Border Next Month", "Close", ("2024-06-01", "2024-06-30", "month")),
        ("Rebels kill forty in Osk", "kill", None),
    ],
)
def test_times_in_titles_are_those_of_the_past_or_of_what_is_to_come(title: str, predicate: str, timed: Timed | None) -> None:
    assert time_of(title, predicate, title=True) == timed


def test_without_a_day_of_publication_relative_times_are_unknown_and_absolute_ones_are_not() -> None:
    assert time_of("Rebels seized the airport on Monday.", "seized", None) == UNKNOWN
    assert time_of("Rebels seized the airport on Monday.", "seized", "2024") == UNKNOWN
    assert time_of("Rebels seized the airport in 2019.", "seized", None) == ("2019-01-01", "2019-12-31", "year")
    assert time_of("Rebels have held the airport since 2019.", "held", None) == ("2019-01-01", None, "year")


def test_the_dateline_comes_before_the_day_of_publication() -> None:
    text = "Rebels seized the airport yesterday."
    article = Article(id="x", text=text, published="2024-05-10", dateline=Dateline("OSK", "2024-05-08"))
    [seized] = read_article(article).statements
    assert seized.time is not None
    assert seized.time.start == "2024-05-07"


def test_the_date_in_the_dateline_dates_no_statement() -> None:
    text = "OSK, 8 May - Rebels seized the airport and burned the tower."
    article = Article(id="x", text=text, published="2024-05-10", dateline=Dateline("OSK", "2024-05-08"))
    assert [s.time for s in read_article(article).statements if s.lemma in ("seize", "burn")] == [None, None]


def test_the_span_is_the_words_and_the_rule_says_where_the_time_is_from() -> None:
    text = "Rebels have held the airport since May 2019, killing two guards."
    held = statement(text, "held").time
    killing = statement(text, "killing").time
    assert held is not None
    assert killing is not None
    assert text[slice(*held.span)] == "since May 2019"
    assert held.rule == "clause.month"
    assert killing.rule == "shared.month"


def test_the_views_give_known_times_as_dates_and_others_in_the_words_of_the_article() -> None:
    shown = {
        "Rebels shelled Osk on Monday.": "2024-05-06",
        "Rebels shelled Osk in May 2019.": "2019-05",
        "Rebels shelled Osk in 2019.": "2019",
        "Rebels held Osk from 2014 to 2016.": "2014-01-01 to 2016-12-31",
        "Rebels held Osk until Tuesday.": "until 2024-05-07",
        "Rebels have recently shelled Osk.": "recently",
    }
    reading = read_article(Article(id="x", text=" ".join(shown), published="2024-05-10"))
    digest = Digest(reading)
    assert [digest.places_and_times(s)[-1] for s in reading.statements] == list(shown.values())


# --- invariants ----------------------------------------------------------------------------------------------------------

VOCABULARY = sorted({w for key, forms in words("when").items() if "patterns" not in key for form in forms for w in form.split()})
PIECES = st.one_of(
    st.sampled_from(VOCABULARY),
    st.sampled_from(VOCABULARY).map(str.title),
    st.integers(0, 99999).map(str),
    st.sampled_from(
        [
            "31 February",
            "99/99/9999",
            "0/0/1000",
            "2999-13-45",
            "1000s",
            "99th century",
            "999 centuries ago",
            "5\nMay",
            "ſunday",
            "Mayıs",
            "İ 2019",
            ",",
            ".",
            "'s",
            "-",
        ]
    ),
    st.text(max_size=8),
)
DATES = st.one_of(st.none(), st.dates(), st.sampled_from([date(1001, 1, 1), date(8999, 12, 31), date(2024, 2, 29)]))


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=14), DATES, st.sampled_from([PAST, FUTURE]))
def test_any_words_give_ordered_intervals_and_true_spans(pieces: list[str], today: date | None, direction: int) -> None:
    text = " ".join(pieces)
    here = tokens(text)
    every = expressions(text, here) if here else []
    for e in every:
        interval = e.resolve(Frame(today, direction))
        assert interval.precision in FINENESS
        assert text[e.start : e.end].strip()
        if interval.start and interval.end:
            assert interval.start <= interval.end
        assert (interval.precision == "unknown") == (interval.start is None and interval.end is None)
    assert all(a.end <= b.start for a, b in pairwise(every))


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, max_size=25), st.one_of(st.none(), st.dates().map(str), st.text(max_size=12)))
def test_any_text_and_day_of_publication_can_be_read(pieces: list[str], published: str | None) -> None:
    text = " ".join(pieces)
    for s in read_article(Article(id="x", text=text, title=text[:60], published=published)).statements:
        if s.time:
            source = text[:60] if s.within == "title" else text
            assert source[slice(*s.time.span)].strip()
            assert not (s.time.start and s.time.end) or s.time.start <= s.time.end


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_last_is_before_and_next_is_after_and_never_more_than_a_week_off(today: date) -> None:
    for name in ("Monday", "Thursday", "Sunday"):
        past, future, last, following = (
            date.fromisoformat(found(text, today, direction)[0][1] or "")
            for text, direction in ((name, PAST), (name, FUTURE), (f"last {name}", PAST), (f"next {name}", PAST))
        )
        assert today - timedelta(days=7) < past <= today <= future < today + timedelta(days=7)
        assert today - timedelta(days=7) <= last < today < following <= today + timedelta(days=7)


def test_a_sentence_without_end_takes_time_in_proportion() -> None:
    text = "on Monday 5 May 2019 and since 2021 until the end of the year, " * 600
    every = expressions(text, tokens(text))
    assert len(every) >= 600
