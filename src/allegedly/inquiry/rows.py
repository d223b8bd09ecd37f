"""What is shown of matters, statements, names, stories and copies: rows with the same fields on pages, in listings, in JSON and in CSV.

Each kind of row is declared once, as a typed dictionary; `fields` gives its columns in order. Every row about a statement has its
voice, polarity and status.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import TypedDict

from allegedly.compared import Copy, Label, Stand
from allegedly.records import Polarity, ReviewState, Sourcing, Status

if TYPE_CHECKING:
    from allegedly.compare.matters import Matter
    from allegedly.compare.names import NamesTable
    from allegedly.ledger import ArticleRow, Hit, Ledger, StatementRow


class MatterRow(TypedDict):
    """A proposition: how many articles (`origins` without copies) of how many outlets assert, report or deny it, and since when."""

    matter: int
    proposition: str
    disputed: bool
    articles: int
    origins: int
    outlets: int
    asserts: int
    reports: int
    denies: int
    reports_denial: int
    earliest: str | None
    latest: str | None


class MatterHead(MatterRow):
    """The same with the outlet of the article that is earliest here."""

    earliest_outlet: str | None


class SaidRow(TypedDict):
    """A statement of a matter: how its article stands to the proposition, in whose voice, in what words, and by which rule it is here."""

    matter: int | None
    proposition: str
    stand: Stand
    article: str
    outlet: str | None
    published: str | None
    title: str | None
    voice: str
    force: str
    sourcing: Sourcing
    polarity: Polarity
    status: Status
    quotation: str
    origin: int | str
    copy: bool
    verdict: Label
    rule: str
    score: float
    evidence: list[str]


class _Claim(TypedDict):
    claim: str
    claim_is: Literal["same", "denies"]


class TracedRow(_Claim, SaidRow):
    """A statement of a matter that a traced claim says the same as, or denies."""


class ListedArticle(TypedDict):
    """An article in a listing."""

    article: str
    outlet: str | None
    published: str | None
    title: str | None
    url: str | None


class FoundRow(ListedArticle):
    """A statement of an article that was found; all but the article's fields and `passage` are null where it states nothing there."""

    passage: str | None
    voice: str | None
    force: str | None
    sourcing: Sourcing | None
    polarity: Polarity | None
    status: Status | None
    quotation: str | None
    lemma: str | None
    act: str | None
    actors: str | None
    recipients: str | None
    object: str | None
    place: str | None
    first_day: str | None
    last_day: str | None
    matter: int | None
    review: ReviewState | None
    reviewed_by: str | None


class NameRow(TypedDict):
    """A form that an outlet calls somebody by: how often, in how many articles, of `naming` that name them and `read` that were read."""

    identity: int
    name: str
    type: str
    outlet: str
    form: str
    kind: str
    times: int
    articles: int
    naming: int
    read: int
    earliest: str | None
    latest: str | None


class StoryHead(TypedDict):
    """A happening that articles are about; `label` is the title of the earliest, `origins` counts copies once."""

    story: int
    label: str
    articles: int
    origins: int
    outlets: int
    earliest: str | None
    latest: str | None


class StoryRow(ListedArticle):
    """An article of a story; `origin` is the article whose text it shares, or itself."""

    origin: str


class PassageRow(ListedArticle):
    """A passage of an article (`span`: where, half-open) that `others` later articles share; `words` long where it is shared at most."""

    passage: str
    span: list[int]
    words: int
    others: int


class IdentityRow(TypedDict):
    """Who or what articles name, over how many of how many outlets."""

    identity: int
    name: str
    type: str
    country: str | None
    articles: int
    outlets: int
    earliest: str | None
    latest: str | None


class OutletRow(TypedDict):
    """An outlet, with its articles without machine translations."""

    outlet: int
    name: str
    articles: int
    aliases: list[str]
    domains: list[str]


class SharedRow(TypedDict):
    """Another outlet that an outlet shares passages with: pairs of articles in which its own is earlier here, later, or undated."""

    outlet: str
    earlier: int
    later: int
    undated: int


class WordRow(TypedDict):
    """A charged or evasive form that an outlet uses, of whom ("" where not known), how often, in how many articles."""

    kind: str
    form: str
    target: str
    times: int
    articles: int


class FeedRow(TypedDict):
    """A watched feed: when it was looked at last, what went wrong then, and the entries seen in it."""

    url: str
    fetched: str | None
    error: str | None
    entries: int


class CopyRow(TypedDict):
    """A passage that two articles share; spans are half-open, in characters of either text; `dated` is false where dates do not tell."""

    words: int
    likeness: float
    dated: bool
    earlier: str
    earlier_outlet: str | None
    earlier_published: str | None
    earlier_title: str | None
    earlier_span: list[int]
    later: str
    later_outlet: str | None
    later_published: str | None
    later_title: str | None
    later_span: list[int]
    passage: str


def fields(kind: type) -> tuple[str, ...]:
    """The columns of a kind of row, in the order in which it declares them."""
    return tuple(kind.__annotations__)


# --- matters ---------------------------------------------------------------------------------------------------------


def listed_matter(row: Mapping[str, Any]) -> MatterRow:
    """A matter as the ledger lists it."""
    return {
        "matter": row["number"],
        "proposition": row["label"],
        "disputed": bool(row["disputed"]),
        "articles": row["articles"],
        "origins": row["origins"],
        "outlets": row["outlets"],
        "asserts": row["asserts"],
        "reports": row["reports"],
        "denies": row["denies"],
        "reports_denial": row["reports_denial"],
        "earliest": row["earliest"],
        "latest": row["latest"],
    }


def matter_head(matter: "Matter") -> MatterHead:
    """What is said of a matter as a whole."""
    days = sorted(row.published for row in matter.rows if row.published)
    tallies = {stand: tally.articles for stand, tally in matter.tallies.items()}
    return {
        "matter": matter.number,
        "proposition": matter.words,
        "disputed": matter.disputed,
        "articles": matter.articles,
        "origins": matter.origins,
        "outlets": len({row.outlet for row in matter.rows if row.outlet}),
        "asserts": tallies["asserts"],
        "reports": tallies["reports"],
        "denies": tallies["denies"],
        "reports_denial": tallies["reports_denial"],
        "earliest": days[0] if days else None,
        "latest": days[-1] if days else None,
        "earliest_outlet": matter.earliest.outlet if matter.earliest else None,
    }


def said(ledger: "Ledger", matter: "Matter") -> list[SaidRow]:
    """A matter's statements."""
    numbers = ledger.numbers({row.article for row in matter.rows})
    titles = {row.id: row.title for row in ledger.articles(numbers.values()).values()}
    return [
        {
            "matter": matter.number,
            "proposition": matter.words,
            "stand": row.stand,
            "article": row.article,
            "outlet": row.outlet,
            "published": row.published,
            "title": titles.get(row.article),
            "voice": row.voice,
            "force": row.force,
            "sourcing": row.sourcing,
            "polarity": row.polarity,
            "status": row.status,
            "quotation": row.words,
            "origin": row.origin if row.origin is not None else row.article,
            "copy": row.copy,
            "verdict": row.verdict.label,
            "rule": row.verdict.rule,
            "score": round(row.verdict.score, 4),
            "evidence": list(row.verdict.evidence),
        }
        for row in matter.rows
    ]


# --- articles and statements -----------------------------------------------------------------------------------------


def listed_article(row: "ArticleRow") -> ListedArticle:
    """An article in a listing."""
    return {"article": row.id, "outlet": row.outlet, "published": row.published, "title": row.title, "url": row.url}


def statement(row: "StatementRow", *, url: str | None = None, passage: str | None = None) -> FoundRow:
    """A statement of an article that was found."""
    return {
        "article": row.id,
        "outlet": row.outlet,
        "published": row.published,
        "title": row.title,
        "url": url,
        "passage": passage,
        "voice": row.voice,
        "force": row.force,
        "sourcing": row.sourcing,
        "polarity": row.polarity,
        "status": row.status,
        "quotation": row.sentence,
        "lemma": row.lemma,
        "act": row.act,
        "actors": row.actors,
        "recipients": row.recipients,
        "object": row.object,
        "place": row.place,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "matter": row.matter,
        "review": row.review,
        "reviewed_by": row.reviewed_by,
    }


def found(hit: "Hit") -> list[FoundRow]:
    """An article that was found, with what it states there: a row for each statement, or one where there is none."""
    article = listed_article(hit.article)
    if hit.statements:
        return [statement(one, url=article["url"], passage=hit.passage) for one in hit.statements]
    return [FoundRow(**dict.fromkeys(fields(FoundRow)) | article | {"passage": hit.passage})]  # type: ignore[typeddict-item]


# --- names, stories, copies ------------------------------------------------------------------------------------------


def names(number: int, name: str, type: str, table: "NamesTable") -> list[NameRow]:
    """What outlets call somebody."""
    read = {outlet.outlet: outlet for outlet in table.outlets}
    return [
        {
            "identity": number,
            "name": name,
            "type": type,
            "outlet": use.outlet,
            "form": use.form,
            "kind": use.kind,
            "times": use.count,
            "articles": use.articles,
            "naming": read[use.outlet].naming,
            "read": read[use.outlet].read,
            "earliest": use.earliest,
            "latest": use.latest,
        }
        for use in table.usages
    ]


def listed_story(row: Mapping[str, Any]) -> StoryHead:
    """A story as the ledger lists it."""
    return {
        "story": row["number"],
        "label": row["label"],
        "articles": row["articles"],
        "origins": row["origins"],
        "outlets": row["outlets"],
        "earliest": row["earliest"],
        "latest": row["latest"],
    }


def story(articles: "Iterable[ArticleRow]", copies: Sequence[Copy]) -> list[StoryRow]:
    """The articles of a story by date, the undated last; `copies` are passages that they share."""
    from allegedly.compare.copies import origins

    ordered = sorted(articles, key=lambda one: (one.published is None, one.published or "", one.number))
    origin = origins([one.number for one in ordered], copies)
    ids = {one.number: one.id for one in ordered}
    return [{**listed_article(one), "origin": ids.get(origin[one.number], one.id)} for one in ordered]


def copied(ledger: "Ledger", copies: Sequence[Copy]) -> list[CopyRow]:
    """Passages that articles share."""
    articles = ledger.articles({number for copy in copies for number in (copy.earlier, copy.later)})
    texts = ledger.texts({copy.earlier for copy in copies})
    rows: list[CopyRow] = []
    for copy in copies:
        earlier, later = articles[copy.earlier], articles[copy.later]
        start, end = copy.earlier_span
        rows.append(
            {
                "words": copy.words,
                "likeness": copy.likeness,
                "dated": copy.dated,
                "earlier": earlier.id,
                "earlier_outlet": earlier.outlet,
                "earlier_published": earlier.published,
                "earlier_title": earlier.title,
                "earlier_span": list(copy.earlier_span),
                "later": later.id,
                "later_outlet": later.outlet,
                "later_published": later.published,
                "later_title": later.title,
                "later_span": list(copy.later_span),
                "passage": texts[copy.earlier][start:end],
            }
        )
    return rows


def passages(ledger: "Ledger", copied: Sequence[tuple[Copy, int]]) -> list[PassageRow]:
    """Passages that other articles share, and how many these are."""
    articles = ledger.articles({copy.earlier for copy, _ in copied})
    texts = ledger.texts(articles)
    return [
        {
            **listed_article(articles[copy.earlier]),
            "passage": texts[copy.earlier][slice(*copy.earlier_span)],
            "span": list(copy.earlier_span),
            "words": copy.words,
            "others": others,
        }
        for copy, others in copied
    ]


def listed_identity(row: Mapping[str, Any]) -> IdentityRow:
    """An identity as the ledger lists it."""
    return {
        "identity": row["number"],
        "name": row["label"],
        "type": row["type"] or "other",
        "country": row["country"],
        "articles": row["articles"],
        "outlets": row["outlets"],
        "earliest": row["earliest"],
        "latest": row["latest"],
    }


def outlets(ledger: "Ledger") -> list[OutletRow]:
    """All outlets, those of most articles before the others."""
    read = ledger.read_by_outlet()
    rows: list[OutletRow] = [
        {"outlet": o.number, "name": o.name, "articles": read.get(o.name, 0), "aliases": list(o.aliases), "domains": list(o.domains)}
        for o in ledger.outlets()
    ]
    return sorted(rows, key=lambda row: (-row["articles"], row["name"]))


def shared(ledger: "Ledger", outlet: int) -> list[SharedRow]:
    """The outlets that an outlet shares passages with."""
    return [{"outlet": name, "earlier": earlier, "later": later, "undated": n} for name, earlier, later, n in ledger.shared(outlet)]


def wording(ledger: "Ledger", outlet: int) -> list[WordRow]:
    """The charged and evasive words that an outlet uses in most of its newest 1,000 articles."""
    return [
        {"kind": one.kind, "form": one.form, "target": one.target, "times": one.times, "articles": one.articles}
        for one in ledger.outlet_words(outlet)
    ]
