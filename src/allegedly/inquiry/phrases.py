"""How rows are put into words, for every page at a terminal or in a browser: days, counts, voices, certainty, stands.

What comes from articles is set on one line, without the characters that could mislead the eye.
"""

from collections.abc import Mapping
from typing import Any

from allegedly.export.digest import clipped, inline

STANDS = {
    "asserts": "asserted, in the author's own voice",
    "reports": "reported, according to somebody",
    "denies": "denied, in the author's own voice",
    "reports_denial": "denied according to somebody",
}
"""What an article does with a matter's proposition, in the order in which it is shown."""
CERTAIN: dict[str, str] = {"actual": "stated", "conditional": "if", "question": "asked"}
UNDATED = "no date"


def plain(value: Any) -> str:
    """A value on one line, safe to be shown."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(plain, value))
    return inline(str(value))


def day(value: str | None) -> str:
    """The day of a date, or what there is of it."""
    return inline((value or UNDATED)[:10])


def many(number: int, one: str, more: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def counted(articles: int, origins: int) -> str:
    """Articles, and how many of them are left when copies of one text count once."""
    copies = articles - origins
    return many(articles, "article") + (f" ({origins:,} without copies)" if copies else "")


def certain(row: Mapping[str, Any]) -> str:
    """Polarity and status in words: "stated", "NOT", "planned", "NOT planned", "if NOT"."""
    status = CERTAIN.get(row["status"], str(row["status"]))
    if row["polarity"] == "affirmed":
        return status
    return {"actual": "NOT", "conditional": "if NOT"}.get(row["status"], f"NOT {status}")


def voice(row: Mapping[str, Any]) -> str:
    """Whose words they are, and how these say it."""
    return "the author" if row["voice"] == "author" else f"according to {clipped(plain(row['voice']), 70)} ({row['force']})"


def gist(actors: str, lemma: str, thing: str, recipients: str) -> str:
    """A predication in short: "the army → shell · the bridge". Its polarity, status and voice are to be shown with it."""
    who = f"{actors} → " if actors else ""
    what = f" · {thing}" if thing and thing != recipients else ""
    return f"{who}{lemma}{what}" + (f" → {recipients}" if recipients else "")


def short(row: Mapping[str, Any]) -> str:
    """Who does what to whom, in short."""
    return clipped(gist(*(plain(row[name]) for name in ("actors", "lemma", "object", "recipients"))), 160)
