"""What an input is called, what it says about its article before the text is looked at, and what became of it; and how dates are written.

The lowest part of `article`: the others import it, and it imports none of them.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from allegedly.errors import InputError, Kind
from allegedly.records import Article, Translation

AS_TEXT = "Save the article's text as a .txt file and give that"
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WORDED_DATE = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})|([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?)\.?,? ([12]\d{3})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Capture:
    """The evidence for an article: the bytes that it was read from, and what came with them. `retrieved` is ISO 8601, None if not known."""

    body: bytes
    media_type: str
    url: str | None = None
    retrieved: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Loaded(NamedTuple):
    """An article, what the person who gave it should know about how it was read, and the bytes that it was read from."""

    article: Article
    warnings: tuple[str, ...] = ()
    capture: Capture | None = None


Outcome = Loaded | InputError


@dataclass(frozen=True, slots=True)
class Source:
    """Where bytes come from: the input's name as given, and what is known of it beforehand."""

    name: str
    url: str | None = None
    charset: str | None = None
    retrieved: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def error(self, reason: str, advice: str, kind: Kind = "failed") -> InputError:
        """What went wrong with this input, or why it is not read."""
        return InputError(self.name, reason, advice, kind)

    def line(self, number: int) -> "Source":
        """One line or record of this input."""
        return replace(self, name=f"{self.name}:{number}")

    def capture(self, body: bytes, media_type: str) -> Capture:
        """The evidence for an article that was read from these bytes."""
        return Capture(body, media_type, self.url, self.retrieved, self.headers)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an input says about its article, before the text itself is looked at. `kind` and `sections` are a page's own words for them."""

    id: str | None = None
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    kind: str = ""
    sections: tuple[str, ...] = ()
    translation: Translation | None = None


Found = tuple[str, Facts, tuple[str, ...]]
"""What one format gives: the article's text, the facts, and warnings."""


def url_path(url: str | None) -> str:
    """The path of a URL; empty when there is none or the URL is not valid."""
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""


def one_line(text: str) -> str:
    """What another library said, fit to be quoted in an error."""
    return " ".join(text.split())[:200]


# --- dates ------------------------------------------------------------------------------------------------------------


def iso_date(text: str) -> str | None:
    """The ISO 8601 date or time in `text`, as precise as given, or None."""
    text = text.strip()
    if re.fullmatch(r"[12]\d{3}(-(0[1-9]|1[0-2]))?", text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year < 1000:
        return None
    return moment.date().isoformat() if re.fullmatch(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d(-?\d)?", text) else moment.isoformat()


def page_date(text: str) -> str | None:
    """A date as pages write them: ISO 8601, RFC 2822, or in English words ("3 May 2031")."""
    text = re.sub(r"(?<=\d) ?(?:UTC|GMT|Z)$", " +0000" if "," in text else "+00:00", text.strip()[:60])
    text = re.sub(r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3", text)
    if (moment := iso_date(text)) and len(moment) > 7:
        return re.sub(r"\.\d+", "", moment)
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    worded = WORDED_DATE.search(text)
    return day_of(worded[1] or worded[4], worded[2] or worded[3], int(worded[5])) if worded else None


def day_of(day: str, month: str, year: int) -> str | None:
    """The ISO 8601 date of a day, a month's English name or the beginning of one, and a year; None where there is no such day."""
    number = next((n for n, name in enumerate(MONTHS, 1) if name.startswith(month.lower())), 0)
    try:
        return date(year, number, int(day)).isoformat()
    except ValueError:
        return None
