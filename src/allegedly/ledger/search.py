"""Full-text search, and listings of articles and statements by what is asked of them, newest first.

Words are folded by us (`fold`), never by a database: SQLite's FTS5 and PostgreSQL's tsvector hold the same words and answer alike. Their
places, which would be most of FTS5's bytes, only the tsvector has: on SQLite a phrase is looked for in the texts of the articles that have
all its words. An article's outlet, genre, names, acts, statuses and voices are in the index too (`fulltext`): so any mixture of words and
filters is one look-up, whatever its parts are worth alone; what must hold of one and the same statement is then checked in its row. Pages
are cut by key (`after`), never by counting.

Of a text the first 16,000 words are indexed, since a tsvector counts places no further; of a word, PostgreSQL keeps the first 256 places in
an article, so that a phrase with a very common word may be missed far down in a long text.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Literal, get_args

from sqlalchemy import BigInteger, ColumnElement, Select, column, func, literal_column, or_, select, table, text

from allegedly.ledger import tables as t
from allegedly.ledger.fulltext import MOST_WORDS, facet, said
from allegedly.ledger.store import Store
from allegedly.ledger.views import as_parties, of_reading, takes_part
from allegedly.ledger.words import LONGEST_WORD, first_day, fold, last_day, simply, words_of
from allegedly.records import GenreLabel, Polarity, Span, Status

LOOKED = 10
"""How many times as many articles as are counted are looked at, where rows decide which fit."""
LOOKED_AT = (2_000, 1_000)
"""Articles that are looked at for one page, where texts decide, and where rows of statements and names do."""
MOST_NAMES = 50
"""Names of whom a filter by name can mean that it looks for: the most frequent among so many of their entities."""
LOOKED_THROUGH = 1_000  # which are more than those who bear a name
MOST_BEARERS = 400
"""Articles, the latest, in which it is looked up who bears a name."""
LONGEST = 500
"""Characters of a name that is looked for; nobody bears a longer one."""
_TOGETHER = 256
"""Articles of which it is looked up together whether they fit."""
_WINDOW, _SPARSE = 1_000, 8
"""Rows of PostgreSQL's index that are looked at before it is asked what is rare; how many times fewer than are wanted are next to none."""
_TOKEN = re.compile(r"[0-9A-Za-z\x80-\U0010ffff]+")  # as FTS5's tokenizer "ascii" has it
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
_INDEX = table("search_index", column("rowid", BigInteger), column("chron", BigInteger))
_ROWID, _CHRON = _INDEX.c.rowid, _INDEX.c.chron


# --- what is asked ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What articles, or statements, must fit; None asks nothing. Days are ISO dates, both included; `entity` is a name.

    `voice` is whose words they are: the author's, or a source's. `polarity`, `status`, `voice` and `act` must hold of one statement, in
    which `entity` takes part.
    """

    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    genre: GenreLabel | None = None
    entity: str | None = None
    act: str | None = None
    polarity: Polarity | None = None
    status: Status | None = None
    voice: Literal["author", "source"] | None = None

    def __post_init__(self) -> None:
        for name, words in (
            ("act", t.ACTS),
            ("genre", get_args(GenreLabel)),
            ("polarity", get_args(Polarity)),
            ("status", get_args(Status)),
        ):
            if getattr(self, name) not in (None, *words):
                raise ValueError(f"{name}: {str(getattr(self, name))[:40]!r} is none of {', '.join(words)}")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after the other; the last of them begins with its letters where `begins`."""

    words: tuple[str, ...]
    begins: bool = False
    without: bool = False


def terms(words: str) -> list[Term]:
    """A query's terms: `a b` both, `"a b"` a phrase, `-a` without, `a*` words that begin so."""
    out = []
    for sign, phrase, word in _TERM.findall(words):
        folded = tuple(fold(phrase or word).split())
        if folded:
            out.append(Term(folded, bool(word) and word.endswith("*"), sign == "-"))
    return out


def _any(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """There are such rows. PostgreSQL looks for them row by row, as SQLite does, and does not join whole tables beforehand."""
    return select(column).where(*conditions).suffix_with("OFFSET 0", dialect="postgresql").exists()


@dataclass(frozen=True, slots=True)
class Named:
    """Who a name can mean: the name, folded, the identities that bear it, and all names of these, that name before the others."""

    folded: str
    identities: tuple[int, ...]
    names: tuple[str, ...]

    def condition(self) -> ColumnElement[bool]:
        """An entity is one of these, or is called so."""
        return or_(t.entities.c.identity.in_(self.identities), called(self.folded))

    def within(self, reading: ColumnElement[int]) -> ColumnElement[bool]:
        """A reading has such an entity: first it is asked what an index tells."""
        e = t.entities.c
        known = [_any(e.number, of_reading(e.number, reading), e.identity.in_(self.identities))] if self.identities else []
        return or_(*known, _any(e.number, of_reading(e.number, reading), called(self.folded)))


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: words, filters, and who the filters' name can mean."""

    terms: Sequence[Term]
    filters: Filters
    named: Named | None

    @property
    def narrow(self) -> bool:
        """Filters ask anything of statements."""
        return self.named is not None or bool(self.of_rows())

    def of_rows(self) -> list[ColumnElement[bool]]:
        """What filters ask of a statement's row, without who takes part."""
        s = t.statements.c
        out = [s[name] == value for name in ("act", "polarity", "status") if (value := getattr(self.filters, name))]
        if self.filters.voice:
            out.append(s.voice.is_(None) if self.filters.voice == "author" else s.voice.is_not(None))
        return out

    def of_statements(self) -> list[ColumnElement[bool]]:
        """The same with who takes part."""
        s, out = t.statements.c, self.of_rows()
        if self.named:
            parties = t.statement_entities.c
            out.append(_any(parties.entity, parties.statement == s.number, t.entities.c.number == parties.entity, self.named.condition()))
        return out


def stating(store: Store, sought: Sought, readings: Iterable[int]) -> list[int]:
    """The statements of readings that fit filters, in their order.

    Of a name it is first asked which entities bear it, of which there are few in an article, and then what these take part in.
    """
    s, e, wanted = t.statements.c, t.entities.c, store.each_of(readings)
    query = select(s.number).where(*sought.of_rows())
    if sought.named is None:
        its = query.select_from(t.statements.join(wanted, of_reading(s.number, wanted.c.value)))
        return sorted(row.number for row in store.rows(its))
    bearing = select(e.number).join(wanted, of_reading(e.number, wanted.c.value)).where(sought.named.condition())
    ours = as_parties(store.each_of([row.number for row in store.rows(bearing)]).c.value)
    its = query.select_from(t.statements.join(ours, of_reading(s.number, ours.c.reading)))
    return sorted({row.number for row in store.rows(its.where(takes_part(ours)))})


def sought(store: Store, words: str, filters: Filters) -> Sought:
    """Words and filters, made ready to be looked for."""
    return Sought(terms(words), filters, _meant(store, filters.entity))


# --- looking up ------------------------------------------------------------------------------------------------------


def matching(
    store: Store, sought: Sought, *, after: int | None, limit: int, most: int | None = None, stated: bool = False
) -> tuple[list[Any], int | None]:
    """Up to `limit` rows (number, chron, reading) of the articles that fit, newest first, after a chron, and the chron to go on after.

    What must hold of a name, or (`stated`, or where filters ask for it) of one statement, is looked up in `most` articles that fit
    otherwise: where it is rare, there can be fewer than `limit`, or none, though others follow.
    """
    page, fits = _query(store, sought, stated=stated)
    out: list[Any] = []
    left = most or max(LOOKED_AT[sought.narrow], limit + 1)
    window = (left if store.sqlite else 2 * limit) if fits else limit + 1  # SQLite puts all that have the words in order, however few
    while True:
        window = min(window, left)
        found = page(after, window)
        left -= len(found)
        out += _fitting(found, fits, limit + 1 - len(out))
        if len(out) > limit:
            return out[:limit], out[limit - 1].chron
        if len(found) < window:
            return out, None
        if not left:
            return out, found[-1].chron
        after, window = found[-1].chron, left


def newest(store: Store, sought: Sought, *, limit: int) -> tuple[list[Any], int | None]:
    """The first of the same, to be counted in."""
    return matching(store, sought, after=None, limit=limit, most=LOOKED * limit)


Fit = Callable[[Sequence[Any]], set[int]]
"""Which of the articles fit, as the numbers of their readings."""


def _fitting(found: Sequence[Any], fits: Sequence[Fit], most: int) -> list[Any]:
    """The first of the articles, so many at most, that fit in every way."""
    out: list[Any] = []
    for first in range(0, len(found), _TOGETHER):
        left = found[first : first + _TOGETHER]
        for fit in fits:
            fitting = fit(left)
            left = [row for row in left if row.reading in fitting]
        out += left
        if len(out) >= most:
            break
    return out[:most]


def _having(store: Store, condition: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> Fit:
    """Articles of whose reading this holds."""

    def fit(found: Sequence[Any]) -> set[int]:
        wanted = store.each_of([row.reading for row in found])
        return {row.value for row in store.rows(select(wanted.c.value).where(condition(wanted.c.value)))}

    return fit


def _saying(store: Store, phrases: Sequence[Term]) -> Fit:
    """Articles that have all these phrases, but for those that they must be without."""

    def fit(found: Sequence[Any]) -> set[int]:
        wanted = store.each_of([row.reading for row in found])
        r, v = t.readings.c, t.versions.c
        read = t.readings.join(wanted, wanted.c.value == r.number).join(t.versions, v.number == r.version)
        rows = store.rows(select(r.number, v.title, v.text).select_from(read))
        return {row.number for row in rows if all(stands(term, row.title or "", row.text) != term.without for term in phrases)}

    return fit


def stands(term: Term, title: str, text: str) -> bool:
    """Whether the words of a term stand one after the other in a title or in what of a text is searched."""
    plain = [simply(one) for one in (text, title)] if len(text) < 2 * MOST_WORDS and max(map(len, term.words)) < LONGEST_WORD else [None]
    if None not in plain:
        return any(_alone(term, one) is not None for one in plain if one)
    said = [*(word for word, _ in words_of(title)), "", *(word for word, _ in words_of(text))][:MOST_WORDS]
    return f" {' '.join(term.words)}{'' if term.begins else ' '}" in f" {' '.join(said)} "


_REST = re.compile(r"[^\W_]+")


@lru_cache(maxsize=64)
def _pattern(term: Term) -> re.Pattern[str]:
    """How a term is written, as far as that can be told without looking at what is around it (which would take ten times as long)."""
    return re.compile(r"[\W_]+".join(term.words))


def _alone(term: Term, text: str) -> Span | None:
    """Where it is first found so that it neither begins nor ends within a word; one that `begins` goes on to the end of its last word."""
    pattern, at = _pattern(term), 0
    while found := pattern.search(text, at):
        start, end = found.span()
        if not text[max(start - 1, 0) : start].isalnum():
            rest = _REST.match(text, end)
            if rest is None or term.begins:
                return start, rest.end() if rest else end
        at = start + 1
    return None


def _query(store: Store, sought: Sought, *, stated: bool) -> tuple[Callable[[int | None, int], Sequence[Any]], Sequence[Fit]]:
    """How to get so many articles with the words and facets, newest first, after a chron; and how to tell which of them fit."""
    asked, filters, named = sought.terms, sought.filters, sought.named
    outlets = _outlet_keys(store, filters.outlet) if filters.outlet else []
    some = [[facet("outlet", one) for one in outlets or [fold(filters.outlet)]]] if filters.outlet else []
    some += [_named(store, named.names, stated=stated, polarity=filters.polarity)] if named else []
    some += [[facet("genre", filters.genre)]] if filters.genre else []
    some += _of_one(store, filters)
    a = t.articles.c
    query = select(a.number, a.chron, a.reading).where(a.reading.is_not(None))
    if outlets:
        query = query.where(a.outlet.in_(select(t.outlet_keys.c.outlet).where(t.outlet_keys.c.key.in_(outlets))))

    def page(after: int | None, most: int) -> Sequence[Any]:
        if store.sqlite or outlets or not (asked or some):
            its = _matched(store, query, asked, some) if asked or some else query
            return store.rows(its.where(*_between(filters, after, a.chron)).order_by(a.chron.desc()).limit(most))

        def by(newest: Any) -> Sequence[Any]:
            return store.rows(query.join(newest, newest.c.chron == a.chron).order_by(newest.c.chron.desc()).limit(most))

        return _pages_of_index(by, _in_index(store, asked, some), _between(filters, after, _CHRON), most, plain=len(asked) + len(some) == 1)

    fits: list[Fit] = []
    if sought.of_rows() or (named and stated):
        fits.append(lambda found: {number // t.ROOM for number in stating(store, sought, [row.reading for row in found])})
    elif named:
        fits.append(_having(store, named.within))
    if phrases := [term for term in asked if len(term.words) > 1] if store.sqlite else []:
        fits.append(_saying(store, phrases))
    return page, fits


def _pages_of_index(
    by: Callable[[Any], Sequence[Any]], asked: ColumnElement[bool], between: Sequence[Any], most: int, *, plain: bool
) -> Sequence[Any]:
    """The newest rows of PostgreSQL's index that have what is asked for, joined with their articles after that, or all would be looked at.

    How rare several words are together its planner cannot know, and goes through all rows where it expects some soon. So where it is
    not one word (`plain`), the newest rows are looked at first, and the index of words is asked where these have next to none.
    """
    every = select(_CHRON.label("chron")).select_from(_INDEX).where(*between)
    ordered = every.where(asked).order_by(_CHRON.desc()).limit(most).subquery("newest")
    if plain:
        return by(ordered)
    window = select(_CHRON.label("chron"), literal_column("search_index.words").label("words")).select_from(_INDEX).where(*between)
    newest = window.order_by(_CHRON.desc()).limit(max(_WINDOW, 4 * most)).subquery("search_index")
    found = by(select(newest.c.chron).where(asked).subquery("newest"))
    if len(found) == most:
        return found
    if _SPARSE * len(found) >= most:
        return by(ordered)
    rare = every.where(asked).suffix_with("OFFSET 0").subquery("rare")
    return by(select(rare.c.chron).order_by(rare.c.chron.desc()).limit(most).subquery("newest"))


def _of_one(store: Store, filters: Filters) -> list[list[str]]:
    """What stands in the index for what must hold of one statement: each of it, or, in PostgreSQL, every kind that goes with all of it."""
    each = [facet(kind, value) for kind in ("act", "polarity", "status", "voice") if (value := getattr(filters, kind))]
    if store.sqlite or len(each) < 2:
        return [[one] for one in each]
    free = [
        (value,) if (value := getattr(filters, kind)) else words
        for kind, words in (("status", get_args(Status)), ("polarity", get_args(Polarity)), ("voice", ("author", "source")))
    ]
    return [[said(filters.act, status, polarity, voice.removeprefix("author"))[0] for status, polarity, voice in product(*free)]]


def _between(filters: Filters, after: int | None, source: Any) -> list[Any]:
    """What filters by day, and the page before, ask of `chron`."""
    days = {"since": first_day(filters.since), "until": last_day(filters.until)}
    for name, day in days.items():
        if getattr(filters, name) and day is None:
            raise ValueError(f"{name}: not a date: {getattr(filters, name)[:40]!r}")
    out = [source >= t.chron(days["since"])] if days["since"] else []
    out += [source < t.chron(days["until"]) + t.DAY, source >= t.DATED] if days["until"] else []
    return out if after is None else [*out, source < after]


def _matched(store: Store, query: Select[Any], asked: Sequence[Term], some: Sequence[Sequence[str]]) -> Select[Any]:
    """A query of articles, of those that have the words. The sum keeps SQLite from asking the index once for every article."""
    on = t.articles.c.number == _ROWID + literal_column("0") if store.sqlite else t.articles.c.chron == _CHRON
    return query.select_from(t.articles.join(_INDEX, on)).where(_in_index(store, asked, some))


def _in_index(store: Store, asked: Sequence[Term], some: Sequence[Sequence[str]]) -> Any:
    """What is asked of the index."""
    wanted = [[_term(store, term)] for term in asked if not term.without] + [[_quoted(store, one) for one in each] for each in some]
    unwanted = [_term(store, term) for term in asked if term.without and not (store.sqlite and len(term.words) > 1)]
    if not wanted:
        wanted = [[_quoted(store, facet("every", ""))]]
    both, either = (" AND ", " OR ") if store.sqlite else (" & ", " | ")
    words = both.join(f"({either.join(each)})" for each in wanted)
    if unwanted:
        words = f"({words}){' NOT ' if store.sqlite else ' & !'}({either.join(unwanted)})"
    match = "search_index MATCH :asked" if store.sqlite else "search_index.words @@ CAST(:asked AS tsquery)"
    return text(match).bindparams(asked=words)


def _quoted(store: Store, words: str) -> str:
    """A property, or the words of a name, which on PostgreSQL stand one after the other."""
    return _term(store, Term(tuple(words.split())))


def _term(store: Store, term: Term) -> str:
    if store.sqlite:
        words = [f'"{one}"' for one in _TOKEN.findall(" ".join(term.words))]
        return f"({' AND '.join(words)}{' *' if term.begins else ''})"
    return "(" + " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.begins else "") + ")"


def called(folded: str) -> ColumnElement[bool]:
    """An entity bears a name, folded (see `entities.aliases`)."""
    name, aliases = t.entities.c.name, t.entities.c.aliases
    return aliases.is_not(None) & or_(func.lower(name) == folded, ("\n" + aliases + "\n").like(f"%\n{folded}\n%"))


def bearers(store: Store, folded: str) -> Sequence[Any]:
    """Entities (number, name, identity) that bear a name, folded, in the latest `MOST_BEARERS` articles that have it."""
    if not folded or len(folded) > LONGEST:
        return ()
    a, e = t.articles.c, t.entities.c
    if store.sqlite:
        latest = _matched(store, select(a.reading), [], [_naming(store, folded)]).order_by(_ROWID.desc()).limit(MOST_BEARERS).subquery()
    else:
        having = select(_CHRON.label("chron")).select_from(_INDEX).where(_in_index(store, [], [_naming(store, folded)]))
        newest = having.order_by(_CHRON.desc()).limit(MOST_BEARERS).subquery("newest")
        latest = select(a.reading).join(newest, newest.c.chron == a.chron).subquery()
    found = select(e.number, e.name, e.identity).join(latest, of_reading(e.number, latest.c.reading)).where(called(folded))
    return store.rows(found.order_by(e.number))


def _meant(store: Store, name: str | None) -> Named | None:
    """Who a name can mean; None where none is asked for."""
    if not name:
        return None
    folded = fold(name)[:LONGEST]
    identities = sorted({row.identity for row in bearers(store, folded) if row.identity is not None})
    names = _borne(store, identities[:MOST_BEARERS]) if identities else ()
    return Named(folded, tuple(identities), tuple(dict.fromkeys([folded, *names]))[:MOST_NAMES])


def _borne(store: Store, identities: Sequence[int]) -> list[str]:
    """What identities are called, folded, the most frequent first: every entity's main name, which is in the index wherever it is."""
    each = LOOKED_THROUGH // len(identities)
    newest = " ORDER BY number DESC" if store.sqlite else ""  # as the index has them, which is not so in PostgreSQL's
    some = f"SELECT name FROM entities WHERE identity = {{}} AND aliases IS NOT NULL{newest} LIMIT {each}"  # noqa: S608
    every = " UNION ALL ".join(f"SELECT name FROM ({some.format(int(one))}) AS one" for one in identities)  # noqa: S608
    counted: Counter[str] = Counter()
    for row in store.rows(text(f"SELECT name, count(*) AS times FROM ({every}) AS every_one GROUP BY name ORDER BY name")):  # noqa: S608
        counted[fold(row.name)] += row.times
    return [name for name, _ in counted.most_common() if name]


def _naming(store: Store, name: str, stated: bool = False, polarity: Polarity | None = None) -> list[str]:
    """What stands in the index for a name: the name as a property, or, in SQLite, its words. PostgreSQL's has those apart that take part in
    a statement, and in one that is negated.
    """
    if store.sqlite:
        return [name, facet("entity", name)] if name else [facet("entity", name)]
    return [facet("without" if polarity == "negated" else "part" if stated else "entity", name)]


def _named(store: Store, names: Sequence[str], *, stated: bool, polarity: Polarity | None) -> list[str]:
    """The same for any of several names. Where words of SQLite's index are asked for, those that have all of another name's go without:
    each name costs something for every article that is found.
    """
    every = dict.fromkeys(one for name in names for one in _naming(store, name, stated, polarity))
    words = {frozenset(one.split()): one for one in reversed(every)}
    return [one for one in every if one in words.values() and not any(other < set(one.split()) for other in words)]


def _outlet_keys(store: Store, outlet: str) -> list[str]:
    """All names, aliases and domains of an outlet."""
    its = select(t.outlet_keys.c.outlet).where(t.outlet_keys.c.key.in_([fold(outlet), outlet.strip().lower()]))
    return [row.key for row in store.rows(select(t.outlet_keys.c.key).where(t.outlet_keys.c.outlet.in_(its)))]


def passage(whole: str, asked: Iterable[Term]) -> Span | None:
    """Where the first of the terms stands in a text; None where none does."""
    plain = simply(whole)
    for term in asked:
        if not term.without and (found := _place(term, whole, plain)):
            return found
    return None


def _place(term: Term, whole: str, plain: str | None) -> Span | None:
    """Where a term stands in a text, of which it is also given how it is `simply` folded."""
    if plain is not None and len(plain) == len(whole) and max(map(len, term.words)) < LONGEST_WORD:
        return _alone(term, plain)
    last: deque[tuple[str, Span]] = deque(maxlen=len(term.words))
    for one in words_of(whole):
        last.append(one)
        words = [word for word, _ in last]
        if words[:-1] == [*term.words[:-1]] and (words[-1] == term.words[-1] or (term.begins and words[-1].startswith(term.words[-1]))):
            return last[0][1][0], one[1][1]
    return None
