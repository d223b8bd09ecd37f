"""What the pages of an article, an entity, a matter, a story and two texts say, as plain values: their JSON, and the rows of their CSV.

Rows that listings have too are those of `rows`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from typing_extensions import TypedDict

from allegedly.compared import Stand
from allegedly.export.digest import Digest
from allegedly.export.record import record
from allegedly.export.rows import COLUMNS, row_of
from allegedly.inquiry import rows
from allegedly.inquiry.entity import Count, Entity, How, Neighbour, Role, Statements
from allegedly.inquiry.pages import ArticlePage, MatterPage, Pair, Side, Standing
from allegedly.inquiry.story import Alone, Called, Line, Story
from allegedly.inquiry.ties import Pair as Agreed
from allegedly.records import Reader

if TYPE_CHECKING:
    from allegedly.ledger import ArticleRow, Decision, Ledger, StatementRow, Version, Worded

# --- one article -----------------------------------------------------------------------------------------------------


class ArticleFacts(rows.ListedArticle):
    """An article: in which version of how many, and in which story with how many others (null where it is alone)."""

    genre: str
    words: int
    sha256: str
    version: int
    versions: int
    story: int | None
    story_articles: int


class SideRow(TypedDict):
    """Those who say the same, or otherwise: articles, `origins` without copies (of this text too), and some of their statements."""

    articles: int
    origins: int
    rows: list[rows.FoundRow]


class StandingRow(TypedDict):
    """A statement (its id in the reading) in its matter: who else says so, and who says otherwise, in other articles."""

    statement: str
    matter: int
    proposition: str
    stand: Stand
    disputed: bool
    alike: SideRow
    otherwise: SideRow


class ArticleContent(TypedDict):
    """An article's page. `reading` is of the schema allegedly.reading/1; `identities` says who its entities are."""

    article: ArticleFacts
    reading: dict[str, Any]
    identities: dict[str, int]
    standings: list[StandingRow]
    shared: list[rows.CopyRow]


MARKED = (*COLUMNS, "matter", "stand", "alike", "alike_without_copies", "otherwise", "otherwise_without_copies")
MarkedRow = TypedDict("MarkedRow", dict.fromkeys(MARKED, Any))  # type: ignore[misc]
"""A statement of an article: the columns of the `csv` export, then its matter and how many other articles say so, or otherwise."""


def article(ledger: "Ledger", page: ArticlePage) -> ArticleContent:
    """An article's page."""
    return {
        "article": {
            **rows.listed_article(page.row),
            "title": page.reading.article.title,
            "genre": page.row.genre,
            "words": page.row.words,
            "sha256": page.row.sha256,
            "version": page.version,
            "versions": page.row.versions,
            "story": page.story,
            "story_articles": page.story_articles,
        },
        "reading": record(page.reading),
        "identities": dict(page.identities),
        "standings": [_standing(statement, one) for statement, one in page.standings.items()],
        "shared": rows.copied(ledger, [one.copy for one in page.shared]),
    }


def _standing(statement: str, one: Standing) -> StandingRow:
    return {
        "statement": statement,
        "matter": one.matter,
        "proposition": one.proposition,
        "stand": one.stand,
        "disputed": one.disputed,
        "alike": _side(one.alike),
        "otherwise": _side(one.otherwise),
    }


def _side(side: Side) -> SideRow:
    return {"articles": side.articles, "origins": side.origins, "rows": [rows.statement(row) for row in side.rows]}


def article_rows(page: ArticlePage) -> list[dict[str, Any]]:
    """The statements of an article as rows of a table."""
    digest = Digest(page.reading, 0.0)
    out = []
    for statement in page.reading.statements:
        one = page.standings.get(statement.id)
        out.append(
            row_of(digest, statement)
            | {
                "matter": one and one.matter,
                "stand": one and one.stand,
                "alike": one and one.alike.articles,
                "alike_without_copies": one and one.alike.origins,
                "otherwise": one and one.otherwise.articles,
                "otherwise_without_copies": one and one.otherwise.origins,
            }
        )
    return out


class VersionRow(TypedDict):
    """A version of an article; `changed` are the places that differ from the one before: [start, end, start, end) there and here."""

    version: int
    added: str
    title: str | None
    words: int
    sha256: str
    changed: list[list[int]]
    readers: list[str]


class VersionsContent(TypedDict):
    """The versions of an article, the oldest first."""

    article: rows.ListedArticle
    rows: list[VersionRow]


def versions(row: "ArticleRow", found: "Iterable[Version]") -> VersionsContent:
    """An article's versions."""
    return {
        "article": rows.listed_article(row),
        "rows": [
            {
                "version": place,
                "added": one.added,
                "title": one.title,
                "words": len(one.text.split()),
                "sha256": one.sha256,
                "changed": [[*there, *here] for there, here in one.changes],
                "readers": list(map(_reader, one.readers)),
            }
            for place, one in enumerate(found, 1)
        ],
    }


def _reader(reader: Reader) -> str:
    return f"{reader.version}, model {reader.model_sha256[:12]}, data {reader.data_sha256[:12]}"


# --- two texts -------------------------------------------------------------------------------------------------------


class PairContent(TypedDict):
    """Two articles, the one of the earlier date here before the other where dates tell (`dated`), and the passages that they share."""

    articles: list[rows.ListedArticle]
    dated: bool
    rows: list[rows.CopyRow]


def pair(ledger: "Ledger", found: Pair) -> PairContent:
    """A pair of texts."""
    copies = rows.copied(ledger, [one.copy for one in found.passages])
    return {"articles": [rows.listed_article(row) for row in found.rows], "dated": found.dated, "rows": copies}


# --- one matter ------------------------------------------------------------------------------------------------------


class SpreadRow(TypedDict):
    """An outlet in a matter: its articles, those (`origins`) that copy no earlier one, and its earliest and latest date here."""

    outlet: str
    articles: int
    origins: int
    earliest: str | None
    latest: str | None


class DecisionRow(TypedDict):
    """What a person decided about a group, by whom and when."""

    number: int
    made: str
    by: str
    kind: str
    note: str


class MatterContent(TypedDict):
    """A matter: counts, the statements by date, the outlets, and what people decided."""

    matter: rows.MatterHead
    rows: list[rows.SaidRow]
    spread: list[SpreadRow]
    decisions: list[DecisionRow]


def matter(ledger: "Ledger", page: MatterPage) -> MatterContent:
    """A matter's page."""
    original = Counter(outlet for outlet, _ in {(row.outlet or "", row.article) for row in page.matter.rows if not row.copy})
    return {
        "matter": rows.matter_head(page.matter),
        "rows": rows.said(ledger, page.matter),
        "spread": [
            {"outlet": s.outlet, "articles": s.articles, "origins": original[s.outlet], "earliest": s.earliest, "latest": s.latest}
            for s in page.matter.spread
        ],
        "decisions": decisions(page.decisions),
    }


def decisions(found: "Iterable[Decision]") -> list[DecisionRow]:
    """Decisions in the order in which they were made."""
    return [{"number": one.number, "made": one.made, "by": one.by, "kind": one.kind, "note": one.note} for one in found]


# --- one entity ------------------------------------------------------------------------------------------------------


class EntityHead(TypedDict):
    """An identity; `described` are countries and sectors that articles gave it in their own words, `counted` the articles counted below."""

    identity: int
    name: str
    type: str | None
    country: str | None
    sector: str | None
    source: str | None
    articles: int
    outlets: int
    earliest: str | None
    latest: str | None
    forms: list[str]
    described: list[str]
    counted: int
    more: bool


class HowRow(TypedDict):
    """Articles by how they state something, and (`_origins`) without copies: as happened in the article's own voice, as happened according
    to a source, negated by anybody, or planned, demanded, possible, conditional or asked.
    """

    own: int
    own_origins: int
    told: int
    told_origins: int
    denied: int
    denied_origins: int
    other: int
    other_origins: int


class DeedRow(HowRow):
    """An event type that an identity takes part in as `role`."""

    role: Role
    type: str


class NeighbourRow(HowRow):
    """Another identity in the same statements: ours acts on it ("actor"), or it acts on ours ("recipient")."""

    identity: int
    name: str
    type: str
    role: Role


class StretchRow(TypedDict):
    """Events of a day, month or year of publication that articles affirm as having happened, by role and PLOVER quadrant."""

    when: str
    role: Role
    quad: int
    articles: int
    origins: int


class PartRow(rows.FoundRow):
    """A statement that an identity takes part in as `role`; both null where a name is nobody's in particular."""

    identity: int | None
    role: Role | None


class EntityContent(TypedDict):
    """An entity's page: `rows` are the statements in which it takes part as `part`."""

    entity: EntityHead
    names: list[rows.NameRow]
    deeds: list[DeedRow]
    neighbours: list[NeighbourRow]
    events: list[StretchRow]
    part: Role
    rows: list[PartRow]
    next: str | None


def entity(one: Entity, part: Role, listed: Statements, next: str | None) -> EntityContent:
    """An entity's page."""
    return {
        "entity": entity_head(one),
        "names": rows.names(one.number, one.row["label"], one.row["type"], one.names),
        "deeds": [{"role": deed.role, "type": deed.type, **_how(deed.counts)} for deed in one.deeds],
        "neighbours": [row for other in one.neighbours for row in _neighbour(other)],
        "events": [
            {"when": stretch.when, "role": role, "quad": quad, "articles": count.articles, "origins": count.origins}
            for stretch in one.stretches
            for (role, quad), count in sorted(stretch.counts.items())
        ],
        "part": part,
        "rows": parts(one.number, listed.rows),
        "next": next,
    }


def entity_head(one: Entity) -> EntityHead:
    """What is known of an identity as a whole."""
    known = one.known
    return {
        "identity": one.number,
        "name": one.row["label"],
        "type": one.row["type"],
        "country": one.row["country"],
        "sector": one.row["sector"],
        "source": one.row["source"],
        "articles": one.row["articles"],
        "outlets": one.row["outlets"],
        "earliest": one.row["earliest"],
        "latest": one.row["latest"],
        "forms": list(known.forms) if known else [],
        "described": [f"{words} in {count}" for words, count in known.described] if known else [],
        "counted": len(one.articles),
        "more": one.more,
    }


def parts(identity: int, listed: "Iterable[tuple[Role, StatementRow]]") -> list[PartRow]:
    """Statements in which an identity takes part."""
    return [{**rows.statement(row), "identity": identity, "role": role} for role, row in listed]


def _how(counts: Mapping[How, Count]) -> HowRow:
    own, told, denied, other = (counts.get(how, Count()) for how in get_args(How))
    return {
        "own": own.articles,
        "own_origins": own.origins,
        "told": told.articles,
        "told_origins": told.origins,
        "denied": denied.articles,
        "denied_origins": denied.origins,
        "other": other.articles,
        "other_origins": other.origins,
    }


def _neighbour(other: Neighbour) -> Iterable[NeighbourRow]:
    about = {"identity": other.number, "name": other.name, "type": other.type}
    sides: tuple[tuple[Role, Mapping[How, Count]], ...] = (("actor", other.acts_on), ("recipient", other.acted_on_by))
    return [NeighbourRow(**about, role=role, **_how(counts)) for role, counts in sides if counts]  # type: ignore[typeddict-item]


# --- one story -------------------------------------------------------------------------------------------------------


class CellRow(rows.FoundRow):
    """A statement of a matter in a story, with how it stands to the proposition."""

    stand: Stand


class LineRow(TypedDict):
    """A matter that several outlets of a story are in."""

    matter: int
    proposition: str
    disputed: bool
    articles: int
    origins: int
    rows: list[CellRow]


class AloneRow(TypedDict):
    """An outlet, and what was found in its articles and not in the `others` of the story."""

    outlet: str
    articles: int
    others: int
    rows: list[rows.FoundRow]


class CalledRow(TypedDict):
    """What outlets call somebody in a story."""

    identity: int
    name: str
    type: str
    outlet: str
    form: str
    kind: str
    times: int
    articles: int


class WordedRow(TypedDict):
    """A charged form that an outlet has in a story, and of whom."""

    outlet: str
    kind: str
    form: str
    target: str
    times: int
    articles: int


class StoryContent(TypedDict):
    """A story's page: its articles, what several outlets state, what was found in one only, names and charged words, shared passages; and
    how often two outlets are on the same side.
    """

    story: rows.StoryHead
    rows: list[rows.StoryRow]
    compared: int
    matters: list[LineRow]
    alone: list[AloneRow]
    called: list[CalledRow]
    worded: list[WordedRow]
    copies: list[rows.CopyRow]
    agreement: list[Agreed]


def story(ledger: "Ledger", page: Story) -> StoryContent:
    """A story's page."""
    return {
        "story": rows.listed_story(page.row),
        "rows": rows.story(page.articles, page.copies),
        "compared": len(page.compared),
        "matters": list(map(_line, page.lines)),
        "alone": list(map(_alone, page.alone)),
        "called": [row for one in page.called for row in _called(one)],
        "worded": worded(page.charged),
        "copies": rows.copied(ledger, page.copies),
        "agreement": list(page.agreement.rows),
    }


def _line(line: Line) -> LineRow:
    return {
        "matter": line.matter,
        "proposition": line.proposition,
        "disputed": line.disputed,
        "articles": line.articles,
        "origins": line.origins,
        "rows": [{**rows.statement(row), "stand": stand} for cell in line.cells.values() for stand, row in cell],
    }


def _alone(one: Alone) -> AloneRow:
    return {"outlet": one.outlet, "articles": len(one.articles), "others": one.others, "rows": list(map(rows.statement, one.rows))}


def _called(one: Called) -> list[CalledRow]:
    return [
        {
            "identity": one.identity,
            "name": one.name,
            "type": one.type,
            "outlet": use.outlet,
            "form": use.form,
            "kind": use.kind,
            "times": use.count,
            "articles": use.articles,
        }
        for use in one.usages
    ]


def worded(charged: "Mapping[str, tuple[Worded, ...]]") -> list[WordedRow]:
    """Charged forms by outlet, those that are said most often first."""
    out: list[WordedRow] = []
    for outlet, those in charged.items():
        groups: dict[tuple[str, str, str], list[Worded]] = {}
        for one in those:
            groups.setdefault((one.kind, one.form, one.target), []).append(one)
        for (kind, form, target), same in sorted(groups.items(), key=lambda group: (-sum(one.count for one in group[1]), group[0])):
            times, articles = sum(one.count for one in same), len({one.article for one in same})
            out.append({"outlet": outlet, "kind": kind, "form": form, "target": target, "times": times, "articles": articles})
    return out
