"""What stands in the full-text index for an article, and how it is put there and taken out.

Its words, folded by us, and what can be asked of it besides them (`facets`), as words that no text can hold. SQLite's FTS5 has no places
of words, and of names those alone that its words do not spell out, to be small. PostgreSQL's has more (`indexed`), so that it tells alone
which articles have a name, a name that takes part in what is stated or negated, or one statement of which several things hold.
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

from sqlalchemy import literal_column, select, text

from allegedly.ledger import tables as t
from allegedly.ledger.coding import text_bytes
from allegedly.ledger.packing import unpack_reading
from allegedly.ledger.store import Store
from allegedly.ledger.views import DOCUMENTS
from allegedly.ledger.words import domain_of, fold, words_of
from allegedly.records import Reading

MOST_WORDS = 16_000
"""Words of a text that are indexed."""
_FACET, _OF, _SPACE = "\ue000", "\ue001", "\ue002"


def facet(kind: str, value: str) -> str:
    """What stands in the index for a property of the article: one word of characters that no text keeps."""
    return f"{_FACET}{kind}{_OF}{value.replace(' ', _SPACE)}"[:200]


def said(act: str | None, status: str, polarity: str, source: str | None) -> list[str]:
    """What stands in PostgreSQL's index for a statement, of which nothing is said by the author where there is a source, with its act and
    without: what must hold of one is found by that alone.
    """
    rest = f"{status} {polarity} {'source' if source else 'author'}"
    return [facet("said", f"{one} {rest}") for one in dict.fromkeys((act or "", ""))]


def facets(reading: Reading, words: Sequence[str] = ()) -> list[str]:
    """What can be asked of an article besides its words; of names, those that do not stand in these as such."""
    article = reading.article
    named = {mention.entity for mention in reading.mentions if mention.named}
    found = {facet("every", ""), facet("genre", article.genre.label)}
    found |= {facet("outlet", key) for key in (fold(article.outlet or ""), domain_of(article.url)) if key}
    names = {fold(name) for entity in reading.entities if entity.id in named for name in (entity.name, *entity.aliases)}
    whole = f" {' '.join(words)} "
    found |= {facet("entity", name) for name in names if f" {name} " not in whole}
    for one in reading.statements:
        found |= {facet("polarity", one.polarity), facet("status", one.status)}
        found.add(facet("voice", "author" if one.voice == "author" else "source"))
        if one.event is not None:
            found.add(facet("act", one.event.act))
    return sorted(found)


def indexed(reading: Reading, added: Iterable[str] = (), *, whole: bool = False) -> list[str]:
    """The words of the index: the title's, the text's, and the facets, those of statements that people added among them.

    A `whole` index, as PostgreSQL's is, has one of every name, not of those alone that do not stand in the words as such, and one of every
    kind of statement.
    """
    title = [word for word, _ in words_of(reading.article.title or "")]
    words = [word for word, _ in words_of(reading.article.text)]
    stated = [*title, facet("text", ""), *words][:MOST_WORDS]
    if not whole:
        return [*stated, *sorted({*facets(reading, stated), *added})]
    named = {mention.entity for mention in reading.mentions if mention.named}
    names = {entity.id: {*map(fold, (entity.name, *entity.aliases))} - {""} for entity in reading.entities if entity.id in named}
    parties = {
        facet(kind, name)
        for one in reading.statements
        for party in (*one.actor_entities, *one.recipient_entities)
        for name in names.get(party, ())
        for kind in ("part", *(["without"] if one.polarity == "negated" else []))
    }
    kinds = {
        (one.event.act if one.event else None, one.status, one.polarity, one.voice.removeprefix("author")) for one in reading.statements
    }
    return [*stated, *sorted({*facets(reading), *added, *(one for kind in kinds for one in said(*kind)), *parties})]


def index_article(store: Store, article: int, chron: int, reading: Reading) -> None:
    """Put an article's current reading into the index: in SQLite under its number (numbers that are near take few bytes), which is put in
    order when it is found; in PostgreSQL under its place in time, in whose order the index can be read.
    """
    words = indexed(reading, _added(store, article), whole=not store.sqlite)
    if store.sqlite:
        store.run(text("INSERT INTO search_index (rowid, words) VALUES (:article, :words)"), {"article": article, "words": " ".join(words)})
    else:
        store.run(_VECTOR, {"chron": chron, "words": _vector(words)})
    store.run(t.search_sums.insert(), {"article": article, "crc": crc32(text_bytes(" ".join(words)))})


_VECTOR = text("INSERT INTO search_index (chron, words) VALUES (:chron, CAST(:words AS tsvector))")


def _vector(words: Sequence[str]) -> str:
    """A tsvector in its own notation, so that no parser or dictionary of the server's has a say."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(found[:256])}" for word, found in places.items())


def unindex_article(store: Store, article: int) -> None:
    """Take an article's current reading out of the index. FTS5 has to be told what was put in: where nobody can say, all is made anew."""
    sums = t.search_sums.c
    known = store.one(select(sums.crc).where(sums.article == article))
    if known is None:
        return
    store.run(t.search_sums.delete().where(sums.article == article))
    chron, reading = _current(store, article)
    if not store.sqlite:
        store.run(text("DELETE FROM search_index WHERE chron = :chron"), {"chron": chron})
        return
    words = " ".join(indexed(reading, _added(store, article)))
    if crc32(text_bytes(words)) == known:
        gone = text("INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', :article, :words)")
        store.run(gone, {"article": article, "words": words})
    else:
        reindex(store)


def reindex(store: Store) -> None:
    """Make the whole full-text index anew from the articles that are listed in `search_sums`."""
    numbers = [row.article for row in store.rows(select(t.search_sums.c.article).order_by(t.search_sums.c.article))]
    empty = "INSERT INTO search_index (search_index) VALUES ('delete-all')" if store.sqlite else "DELETE FROM search_index"
    store.say(empty)
    store.run(t.search_sums.delete())
    for number in numbers:
        index_current(store, number)


def index_current(store: Store, article: int) -> None:
    """Put an article into the index as it is in the ledger."""
    index_article(store, article, *_current(store, article))


def _added(store: Store, article: int) -> set[str]:
    """What can be asked of the statements that people added to an article's current reading."""
    s, a = t.statements.c, t.articles.c
    base = a.reading * literal_column(str(t.ROOM))
    mine = s.number.between(base + literal_column(str(t.ROOM - t.ADDED)), base + literal_column(str(t.ROOM - 1)))
    found: set[str] = set()
    query = select(s.act, s.polarity, s.status, s.voice).select_from(t.articles.join(t.statements, mine))
    for row in store.rows(query.where(a.number == article)):
        found |= {facet("polarity", row.polarity), facet("status", row.status), facet("voice", "source" if row.voice else "author")}
        found |= {facet("act", row.act)} if row.act else set()
        found |= set() if store.sqlite else {*said(row.act, row.status, row.polarity, row.voice)}
    if found and not store.sqlite:
        p, e = t.statement_entities.c, t.entities.c
        parties = select(s.polarity, e.name, e.aliases).select_from(
            t.articles.join(t.statements, mine).join(t.statement_entities, p.statement == s.number)
        )
        parties = parties.join(t.entities, e.number == p.entity).where(a.number == article, e.aliases.is_not(None))
        for row in store.rows(parties):
            kinds = ("part", "without") if row.polarity == "negated" else ("part",)
            found |= {facet(kind, name) for name in (fold(row.name), *row.aliases.split("\n")) if name for kind in kinds}
    return found


def _current(store: Store, article: int) -> tuple[int, Reading]:
    """An article's place in time, and its current reading."""
    query = DOCUMENTS.add_columns(t.articles.c.chron).join(t.articles, t.articles.c.reading == t.readings.c.number)
    document, *outside, chron = store.rows(query.where(t.articles.c.number == article))[0]
    return chron, unpack_reading(document, outside, name=store.name)
