"""Events as rows: in the columns of the POLECAT data (PLOVER), and like GDELT's events and mentions.

An event row is what one voice affirms as having happened; nobody here says that it did. Negated, planned, demanded, possible and
conditional statements and questions are left out unless asked for, and every row carries voice, polarity and status in columns of its own,
after those of the format it is like. What is not known is an empty cell: no religion, ethnicity, tone or place of an actor is guessed.

Published sources: PLOVER codebook 1.1 (Open Event Data Alliance); the POLECAT codebook (Halterman et al. 2023) for the first format's
columns; the GDELT Event Codebook 2.0 (2015) for the second's.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from allegedly.export.digest import Digest, roles, words
from allegedly.export.folder import new_folder
from allegedly.export.options import Options, counts, is_blank, text_sha256
from allegedly.export.rows import TabTable, names
from allegedly.language import plover
from allegedly.records import Entity, Event, Reading, Statement

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """A statement that counts, with what both formats need of its article."""

    digest: Digest
    statement: Statement
    text_hash: str

    @property
    def reading(self) -> Reading:
        """The reading that it is in."""
        return self.digest.whole

    @property
    def day(self) -> str:
        """When it happened, as far as its words tell by the day, else the day of publication; empty where neither is known."""
        time = self.statement.time
        stated = time.start if time and time.start and time.precision == "day" else None
        return day_of(stated) or day_of(self.reading.article.published)

    @property
    def dated(self) -> str:
        """Where `day` comes from: "stated", "published", or empty."""
        time = self.statement.time
        if time and time.precision == "day" and day_of(time.start):
            return "stated"
        return "published" if day_of(self.reading.article.published) else ""

    @property
    def voice(self) -> str:
        """The word "author", or the source with those who pass it on."""
        return self.digest.told(self.statement.voice)

    @property
    def review(self) -> str:
        """What a person decided of the statement."""
        return self.digest.review("statement", self.statement.id)

    @property
    def own(self) -> Line:
        """The columns that neither format has: whose word it is, and how sure."""
        s = self.statement
        return {
            "Voice": self.voice,
            "Force": self.digest.force(s.voice),
            "Sourcing": s.sourcing,
            "Polarity": s.polarity,
            "Status": s.status,
            "Act": s.event.act if s.event else "",
            "Review": self.review,
        }

    def entities(self, ids: Iterable[str]) -> list[Entity]:
        """Those of a role, in their order."""
        return [self.digest.entities[one] for one in ids if one in self.digest.entities]

    def number(self, *parts: str) -> int:
        """A number of 63 bits that is the same wherever the same text is read."""
        key = "\x1f".join((self.reading.article.id, self.text_hash, *parts))
        return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


def happenings(readings: Iterable[Reading], options: Options) -> Iterator[Happening]:
    """The statements that count as events, article by article."""
    for reading in readings:
        digest, text_hash = Digest(reading, 0.0), text_sha256(reading.article)
        for statement in reading.statements:
            if counts(statement, options, rejected=digest.review("statement", statement.id) == "rejected"):
                yield Happening(digest, statement, text_hash)


def day_of(text: str | None) -> str:
    """The day of an ISO 8601 date or time; empty for what is none."""
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return ""


# --- PLOVER, in the columns of POLECAT ---------------------------------------------------------------------------------

POLECAT = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
    *("Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw"),
    *("Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors"),
    *("Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City", "District", "Province", "Country"),
    *("Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source", "Publication Date", "Story People"),
    *("Story Organizations", "Story Locations", "Language", "Version"),
)
OWN = ("Voice", "Force", "Sourcing", "Polarity", "Status", "Act", "Review")
ANCHOR = ("Date From", "Article", "URL", "Statement", "In", "Start", "End", "Event Score", "Status Score", "Text SHA-256")


def write_plover(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """A row for each event, tab-separated with a head line; several actors or recipients are joined by "; ".

    `Actor COW`, titles and Wikipedia and GeoNames identifiers are empty: Allegedly does not link to them. `Event Type` is the code of the
    statement as it stands, `Act` that of the bare act.
    """
    table = TabTable(out, (*POLECAT, *OWN, *ANCHOR), options)
    for happening in happenings(readings, options):
        table.add(_polecat(happening))
    out.flush()


def _polecat(happening: Happening) -> Line:
    s, article, source = happening.statement, happening.reading.article, happening.digest.source_of(happening.statement)
    assert s.event is not None  # noqa: S101 (`counts` lets nothing else through)
    span = (min(a for a, _ in roles(s)), max(b for _, b in roles(s)))
    out: Line = {
        "Event ID": f"{happening.number(s.id):016x}",
        "Event Date": happening.day,
        "Event Type": s.event.type,
        "Event Mode": s.event.mode,
        "Intensity": plover().types[s.event.type].score if s.event.type in plover().types else None,
        "Quad Code": s.event.quad,
        "Contexts": s.event.contexts,
        "Source": article.outlet,
        "Publication Date": article.published,
        "Language": article.language,
        "Version": f"allegedly {happening.reading.reader.version}",
        "Date From": happening.dated,
        "Article": article.id,
        "URL": article.url,
        "Statement": s.id,
        "In": s.within,
        "Start": span[0],
        "End": span[1],
        "Event Score": round(s.event.score, 4),
        "Status Score": round(s.sure_score, 4),
        "Text SHA-256": happening.text_hash,
    }
    for role, spans, ids in (("Actor", s.actor, s.actor_entities), ("Recipient", s.recipient, s.recipient_entities)):
        found = happening.entities(ids)
        sectors = list(dict.fromkeys(e.sector for e in found if e.sector))
        raw = words(source, spans)
        out |= {
            f"{role} Name": names(happening.digest, ids),
            f"{role} Country": list(dict.fromkeys(e.country for e in found if e.country)),
            f"Primary {role} Sector": sectors[:1],
            f"{role} Sectors": sectors,
            f"{role} Name Raw": None if is_blank(raw) else raw,
        }
    return out | _story(happening) | _place(happening) | happening.own


def _place(happening: Happening) -> Line:
    p = happening.statement.place
    if p is None:
        return {}
    out: Line = {"Placename": p.name, "Country": p.country, "Latitude": p.lat, "Longitude": p.lon, "Feature Type": p.precision}
    raw = words(happening.digest.source_of(happening.statement), [p.span])
    out["Raw Placename"] = None if is_blank(raw) else raw
    return out | ({"City": p.name} if p.precision == "city" else {"Province": p.name} if p.precision == "region" else {})


def _story(happening: Happening) -> Line:
    """The article's named entities by type."""
    digest = happening.digest
    named = [e for e in happening.reading.entities if e.id in digest.named]
    kinds = {"Story People": ("person",), "Story Organizations": ("organization", "group"), "Story Locations": ("place", "country")}
    return {column: [digest.name_of(e.id) for e in named if e.type in types] for column, types in kinds.items()}


# --- like GDELT --------------------------------------------------------------------------------------------------------


def _actor(n: int) -> tuple[str, ...]:
    codes = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code")
    return tuple(f"Actor{n}{code}" for code in (*codes, "Type1Code", "Type2Code", "Type3Code"))


def _geo(of: str) -> tuple[str, ...]:
    return tuple(f"{of}Geo_{code}" for code in ("Type", "Fullname", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID"))


GDELT_EVENTS = (
    *("GlobalEventID", "Day", "MonthYear", "Year", "FractionDate", *_actor(1), *_actor(2), "IsRootEvent", "EventCode"),
    *("EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone"),
    *(*_geo("Actor1"), *_geo("Actor2"), *_geo("Action"), "DATEADDED", "SOURCEURL"),
)
GDELT_MENTIONS = (
    *("GlobalEventID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName", "MentionIdentifier", "SentenceID"),
    *("Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset", "InRawText", "Confidence", "MentionDocLen", "MentionDocTone"),
    *("MentionDocTranslationInfo", "Extras"),
)
MENTION_OWN = ("In", "Statement", "Article", "TextSHA256")
WEB, CITATION = 1, 2


@dataclass(slots=True)
class _Group:
    """Mentions of one event in one article: the same parties, act, day, place, voice, polarity and status."""

    first: Happening
    parties: tuple[Entity | None, Entity | None]
    mentions: list[Happening] = field(default_factory=list)


def write_gdelt(readings: Iterable[Reading], out: Path, options: Options) -> None:
    """A folder with events.tsv and mentions.tsv: GDELT 2.0's columns in their order with a head line, then our own.

    A row of events.tsv is one actor, act and recipient in one voice in one article, so `NumSources` and `NumArticles` are 1 always: what is
    the same event in several articles is for matters to say, and ten copies are not ten confirmations. Codes are PLOVER's
    (`EventRootCode` the type, `EventCode` the type and mode) and countries ISO 3166 alpha-3, not CAMEO and FIPS.
    """
    with (
        new_folder(out) as folder,
        (folder / "events.tsv").open("w", encoding="utf-8", newline="", errors="replace") as events,
        (folder / "mentions.tsv").open("w", encoding="utf-8", newline="", errors="replace") as mentions,
    ):
        event_table = TabTable(events, (*GDELT_EVENTS, *OWN), options)
        mention_table = TabTable(mentions, (*GDELT_MENTIONS, *OWN, *MENTION_OWN), options)
        for reading in readings:
            for group in _groups(happenings([reading], options)):
                event_table.add(_event(group))
                for happening in group.mentions:
                    mention_table.add(_mention(group, happening))


def _groups(found: Iterable[Happening]) -> Iterable[_Group]:
    """One article's events, each with its mentions; actors and recipients that are several make a pair each, as in GDELT."""
    groups: dict[tuple[Any, ...], _Group] = {}
    for happening in found:
        s = happening.statement
        actors: list[Entity | None] = [*happening.entities(s.actor_entities)] or [None]
        recipients: list[Entity | None] = [*happening.entities(s.recipient_entities)] or [None]
        for actor in actors:
            for recipient in recipients:
                # Without a party the event is its own: two acts whose doers are not known need not be one.
                alone = None if actor and recipient else s.id
                place = s.place.name if s.place else None
                parties = (actor.id if actor else None, recipient.id if recipient else None)
                key = (alone, *parties, s.event, place, happening.day, happening.voice, s.polarity, s.status, happening.review)
                groups.setdefault(_key(key), _Group(happening, (actor, recipient))).mentions.append(happening)
    return groups.values()


def _key(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """The event by its code alone, without the rule and the score that found it."""
    return tuple((part.type, part.act, part.mode) if isinstance(part, Event) else part for part in key)


def _number(group: _Group) -> int:
    actor, recipient = group.parties
    return group.first.number(group.first.statement.id, actor.id if actor else "", recipient.id if recipient else "")


def _event(group: _Group) -> Line:
    happening, s, article = group.first, group.first.statement, group.first.reading.article
    assert s.event is not None  # noqa: S101 (`counts` lets nothing else through)
    day = happening.day
    out: Line = {
        "GlobalEventID": _number(group),
        "IsRootEvent": int(any(_leads(mention) for mention in group.mentions)),
        "EventCode": f"{s.event.type}-{s.event.mode}" if s.event.mode else s.event.type,
        "EventBaseCode": s.event.type,
        "EventRootCode": s.event.type,
        "QuadClass": s.event.quad,
        "GoldsteinScale": plover().types[s.event.type].score if s.event.type in plover().types else None,
        "NumMentions": len(group.mentions),
        "NumSources": 1,
        "NumArticles": 1,
        "DATEADDED": _stamp(article.published),
        "SOURCEURL": article.url,
    }
    if day:
        year, month, number = day.split("-")
        out |= {"Day": year + month + number, "MonthYear": year + month, "Year": int(year)}
        out["FractionDate"] = f"{int(year) + (int(month) * 30 + int(number)) / 365:.4f}"
    for n, party in enumerate(group.parties, 1):
        if party:
            code = (party.country or "") + (party.sector or "")
            name = happening.digest.name_of(party.id)
            out |= {f"Actor{n}Code": code, f"Actor{n}Name": name, f"Actor{n}CountryCode": party.country, f"Actor{n}Type1Code": party.sector}
    if s.place:
        american = s.place.country == "USA"
        kinds = {"country": 1, "region": 2 if american else 5, "city": 3 if american else 4, "near": 3 if american else 4}
        out |= {"ActionGeo_Type": kinds.get(s.place.precision), "ActionGeo_Fullname": s.place.name}
        out |= {"ActionGeo_CountryCode": s.place.country, "ActionGeo_Lat": s.place.lat, "ActionGeo_Long": s.place.lon}
    return out | happening.own


def _mention(group: _Group, happening: Happening) -> Line:
    s, article = happening.statement, happening.reading.article
    assert s.event is not None  # noqa: S101 (`counts` lets nothing else through)
    at = min(start for start, _ in s.predicate or roles(s))
    sentence = bisect_right([start for start, _ in happening.reading.sentences], at) if s.within == "text" else 0
    return {
        "GlobalEventID": _number(group),
        "EventTimeDate": _stamp(happening.day),
        "MentionTimeDate": _stamp(article.published),
        "MentionType": WEB if article.url else CITATION,
        "MentionSourceName": article.outlet,
        "MentionIdentifier": article.url or article.id,
        "SentenceID": sentence,
        "Actor1CharOffset": s.actor[0][0] if s.actor else -1,
        "Actor2CharOffset": s.recipient[0][0] if s.recipient else -1,
        "ActionCharOffset": at,
        "InRawText": 1,
        "Confidence": round(100 * s.event.score),
        "MentionDocLen": len(article.text),
        "MentionDocTranslationInfo": f"srclc:{article.translation.source_language}" if article.translation else None,
        "In": s.within,
        "Statement": s.id,
        "Article": article.id,
        "TextSHA256": happening.text_hash,
        **happening.own,
    }


def _leads(happening: Happening) -> bool:
    """Whether it stands in the title or in the text's opening paragraph."""
    s, text = happening.statement, happening.reading.article.text
    begins = len(text) - len(text.lstrip())
    ends = text.find("\n", begins)
    return s.within == "title" or ends < 0 or min(start for start, _ in s.predicate or roles(s)) < ends


def _stamp(when: str | None) -> str:
    """GDELT's YYYYMMDDHHMMSS, zeros for a time that is not given, UTC where the zone is; empty without a day."""
    try:
        at = datetime.fromisoformat(when or "")
    except ValueError:
        day = day_of(when)
        return f"{day.replace('-', '')}000000" if day else ""
    return (at.astimezone(UTC) if at.tzinfo else at).strftime("%Y%m%d%H%M%S")
