"""The ledger: the record of all readings, in SQLite or PostgreSQL, and the only SQL.

`Ledger.open` gives it. What is where: `tables` and `views` (also docs/ledger.md), `store` the connection, its transactions and errors,
`versions` articles in versions and readings, `search` words and filters, `overview` the ledger at a glance, `claims` and `groups` what
comparison keeps, `grouped` what that is counted by, `decisions` what people decide, `upkeep` checking, purging, backups, `packing` and
`words` bytes and words.

A reading is kept whole, as a compressed document; what is queried has narrow rows beside it. Nothing is replaced in silence.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self

from allegedly.compared import Claim, Copy, Designation, Stand, Verdict
from allegedly.ledger import added as _added
from allegedly.ledger import decisions as _decisions
from allegedly.ledger import grouped as _grouped
from allegedly.ledger import groups as _groups
from allegedly.ledger import involved as _involved
from allegedly.ledger import listings as _listings
from allegedly.ledger import overview as _overview
from allegedly.ledger import reviews as _reviews
from allegedly.ledger import sources as _sources
from allegedly.ledger import tables as t
from allegedly.ledger import tallies as _tallies
from allegedly.ledger import upkeep as _upkeep
from allegedly.ledger import versions as _versions
from allegedly.ledger.claims import Claims
from allegedly.ledger.decisions import About, Anchor, Decision, Kind
from allegedly.ledger.grouped import Appeared, Told
from allegedly.ledger.groups import EntityRow, Groups, Kinds, Notes, Postings, Rows
from allegedly.ledger.involved import Involved, Worded
from allegedly.ledger.listings import Hit, StatementRow
from allegedly.ledger.overview import Feed, SearchFacets, Word
from allegedly.ledger.reviews import Coding, Facets, Judgement, Place, Reviewed, Sample
from allegedly.ledger.search import Filters
from allegedly.ledger.sources import Outlet, Watched
from allegedly.ledger.store import Store
from allegedly.ledger.tallies import Act, Part, Tallied, Tally
from allegedly.ledger.versions import MOST, ArticleRow, Capture, Entry, Outcome, Version
from allegedly.records import Article, Reader, Reading

__all__ = [
    "MOST",
    "Anchor",
    "Appeared",
    "ArticleRow",
    "Capture",
    "Coding",
    "Decision",
    "EntityRow",
    "Entry",
    "Facets",
    "Feed",
    "Filters",
    "Groups",
    "Hit",
    "Involved",
    "Judgement",
    "Ledger",
    "Outcome",
    "Outlet",
    "Part",
    "Place",
    "Reviewed",
    "Rows",
    "Sample",
    "SearchFacets",
    "StatementRow",
    "Told",
    "Version",
    "Watched",
    "Word",
    "Worded",
    "restore",
]


class Ledger:
    """An open ledger. Every method raises LedgerError where the database cannot be read or written.

    One thread at a time uses it. Reading methods see what was committed; writing methods are a transaction each, or part of `writing()`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._claims = Claims(store)
        self._fresh: _versions.Fresh = {}
        store.forget.append(self._fresh.clear)
        kinds = Kinds(store)
        self._notes = Notes(store, kinds)
        self.index = Postings(store, kinds)
        """The inverted index, a `compared.Index`."""
        self.stories = Groups(store, t.stories, t.story_members, member="member", group="story")
        self.matters = Groups(store, t.matters, t.matter_members, member="member", group="matter")
        self.identities = Groups(store, t.identities, t.entities, member="number", group="identity")

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should hear once."""
        return self._store.warnings

    @classmethod
    def open(cls, where: str | Path, *, create: bool = False, wait: float = 30.0) -> Self:
        """The ledger at a path, or at the URL of a SQLite or PostgreSQL database; with `create`, a new one where there is none.

        `wait` is how many seconds to wait for another writer.
        """
        return cls(Store(where, create=create, wait=wait))

    def close(self) -> None:
        """Close it; what was not committed is undone."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def writing(self) -> AbstractContextManager[None]:
        """One transaction around several calls: all of them are kept, or none."""
        return self._store.writing()

    def looking(self) -> AbstractContextManager[None]:
        """Several look-ups that see one state of the ledger, whatever is written meanwhile. Nothing is written within."""
        return self._store.looking()

    def stamp(self) -> str:
        """Differs from before once anything was committed to the ledger, by whomever; "" where that cannot be told."""
        return self._store.stamp()

    # --- articles ---

    def known(self, articles: Sequence[Article], reader: Reader | None) -> list[Outcome | None]:
        """For each article that needs no reading, why not ("duplicate" for this reader, or any for None; "refused" when purged)."""
        return _versions.known(self._store, articles, reader)

    def add(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Add up to `MOST` articles in one transaction, all or none, and say what became of each."""
        outcomes = _versions.add(self._store, entries, self._fresh)
        for one in self._fresh.values():
            self._claims.hold(one.claims)
        return outcomes

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of articles by their ids, as far as they are there."""
        return _versions.numbers_of(self._store, ids)

    def number(self, id: str) -> int | None:
        """An article's number by its id."""
        return self.numbers([id]).get(id)

    def id_at(self, url: str) -> str | None:
        """The id of the article whose current version came from this address."""
        return _versions.id_at(self._store, url)

    def articles(self, numbers: Iterable[int]) -> dict[int, ArticleRow]:
        """Articles by their numbers."""
        return _versions.article_rows(self._store, numbers)

    def texts(self, numbers: Iterable[int]) -> dict[int, str]:
        """The texts of articles' current versions, by number."""
        return _versions.texts(self._store, numbers)

    def reading(self, number: int, *, version: int | None = None) -> Reading:
        """An article's current reading, or the latest of one of its versions; without tokens."""
        return _versions.load(self._store, number, version=version)

    def readings(self, articles: Iterable[int]) -> dict[int, Reading]:
        """Articles' current readings, in the order in which they were added; those that were added here last need not be opened."""
        return _versions.load_all(self._store, articles, self._fresh)

    def versions(self, number: int) -> list[Version]:
        """An article's versions with their texts and differences, the oldest before the others."""
        return _versions.versions(self._store, number)

    def capture(self, version: int) -> Capture | None:
        """The evidence of a version: the bytes that it was made from, checked against their hash."""
        return _versions.capture(self._store, version)

    # --- comparison ---

    def pending(self, stage: str, limit: int = MOST) -> list[int]:
        """Articles that a stage of comparison was not handed yet; one that was edited or read again comes again."""
        return _groups.pending(self._store, stage, limit)

    def done(self, stage: str, articles: Iterable[int]) -> None:
        """A stage is through with these, and all that `pending` named before them."""
        _groups.done(self._store, stage, articles)

    def claims(self, items: Iterable[int] | None = None, *, articles: Iterable[int] | None = None) -> list[Claim]:
        """Claims by statement numbers, or all of articles, in the order of their numbers; those of readings that are current."""
        return self._claims.get(items, articles)

    def times(self, items: Iterable[int]) -> dict[int, tuple[str | None, str | None, str | None]]:
        """Of statements of current readings the first and the last day that they tell of, and when their articles were published."""
        return self._claims.times(items)

    def notes(self, kind: str, items: Iterable[int]) -> dict[int, bytes]:
        """Small blobs that comparison keeps, by kind and by number (of an article, statement, entity or group)."""
        return self._notes.get(kind, items)

    def note(self, kind: str, notes: Mapping[int, bytes]) -> None:
        """Add them, or put them in the place of those that were there."""
        self._notes.set(kind, notes)

    def counts(self, kind: str, keys: Iterable[int]) -> dict[int, int]:
        """How often keys (63-bit, see `compared.key`) were counted; those that never were are left out."""
        return self._notes.counts(kind, keys)

    def count(self, kind: str, keys: Mapping[int, int]) -> None:
        """Count each key so many times more."""
        self._notes.count(kind, keys)

    def entities(self, articles: Iterable[int]) -> dict[int, list[EntityRow]]:
        """Articles' entities that are named or take part in a statement that has a row."""
        return _groups.entities(self._store, articles)

    def entities_numbered(self, numbers: Iterable[int]) -> list[EntityRow]:
        """Entities by their numbers, of readings that are current."""
        return _groups.entities_numbered(self._store, numbers)

    def named_before(self, articles: Iterable[int]) -> dict[int, set[int]]:
        """The identities that each article's last reading before the current one names, of articles that have one."""
        return _groups.named_before(self._store, articles)

    def set_stands(self, stands: Mapping[int, tuple[Stand, Verdict]]) -> None:
        """How statements stand to the proposition of the matter that they are in."""
        _groups.set_stands(self._store, stands)

    def stands(self, items: Iterable[int]) -> dict[int, tuple[Stand, Verdict]]:
        """The same, by statement."""
        return _groups.stands(self._store, items)

    def add_copies(self, copies: Sequence[Copy]) -> None:
        """Keep passages that articles share."""
        _groups.add_copies(self._store, copies)

    def drop_copies(self, article: int) -> None:
        """Forget the copies of an article that is compared again."""
        _groups.drop_copies(self._store, article)

    def copies(self, articles: Iterable[int] | None = None, *, after: int | None = None, limit: int = 50) -> Rows[Copy]:
        """Copies that articles take part in, or all, the last found before the others."""
        return _groups.copies(self._store, articles, after, limit)

    def copies_among(self, articles: Collection[int]) -> list[Copy]:
        """All copies between two of these articles."""
        return _grouped.copies_among(self._store, articles)

    def appeared(self, stories: Iterable[int]) -> dict[int, list[Appeared]]:
        """Where and when the articles of stories appeared: no more than counting takes."""
        return _grouped.appeared(self._store, stories)

    def ties(self, stories: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
        """The pairs of articles of each story that share a passage."""
        return _grouped.ties(self._store, stories)

    def told(self, matters: Iterable[int] = (), *, items: Iterable[int] | None = None) -> dict[int, list[Told]]:
        """Of each matter the statements (or these statements, by their matters), as counting takes them."""
        return _grouped.told(self._store, matters, items=items)

    def in_matters(self, articles: Iterable[int]) -> dict[int, list[int]]:
        """The statements of articles that are in matters, by matter."""
        return _grouped.in_matters(self._store, articles)

    def add_designations(self, designations: Sequence[Designation]) -> None:
        """Count what outlets call whom."""
        _groups.add_designations(self._store, designations)

    def drop_designations(self, article: int, *, of: Iterable[int] = ()) -> None:
        """Forget what an article calls anybody (or called identities `of` whom some of its entities were), before it is counted again."""
        _groups.drop_designations(self._store, article, of)

    def designations(self, identities: Iterable[int]) -> list[Designation]:
        """What identities are called, by article."""
        return _groups.designations(self._store, identities)

    # --- looking up ---

    def search(self, words: str = "", filters: Filters | None = None, *, after: int | None = None, limit: int = 20) -> Rows[Hit]:
        """Articles that hold all of the words and fit the filters, newest first. `"a b"` is a phrase, `-a` without, `a*` begins so."""
        return _listings.search(self._store, words, filters or Filters(), after=after, limit=limit)

    def search_with_facets(
        self, words: str = "", filters: Filters | None = None, *, after: int | None = None, limit: int = 20
    ) -> tuple[Rows[Hit], SearchFacets]:
        """The same, and what the search can be narrowed by. A page may hold fewer than `limit` where what fits is rare: go on by `next`."""
        return _listings.search_with_facets(self._store, words, filters or Filters(), after=after, limit=limit)

    def statements(
        self,
        words: str = "",
        filters: Filters | None = None,
        *,
        items: Iterable[int] | None = None,
        articles: Iterable[int] | None = None,
        after: tuple[int, int] | None = None,
        limit: int = 50,
    ) -> Rows[StatementRow]:
        """Statements by number or by article, or those that fit the filters, of articles that hold the words; newest articles first."""
        if items is not None or articles is not None:
            return _listings.statements_of(self._store, items, articles)
        return _listings.statements(self._store, words, filters or Filters(), after=after, limit=limit)

    def who(self, name: str, *, limit: int = 20) -> list[dict[str, Any]]:
        """Identities, or entities that have none, that some article calls so; those of most articles before the others."""
        return _involved.who(self._store, name, limit)

    # --- counting, for pictures ---

    def tallies(self, words: str = "", filters: Filters | None = None, *, placed: bool = False, most: int = 1000) -> Tallied[Tally]:
        """Statements that fit, counted by article, act, polarity, status and voice; with `placed`, by place."""
        return _tallies.tallies(self._store, words, filters or Filters(), placed=placed, most=most)

    def acts(self, words: str = "", filters: Filters | None = None, *, most: int = 1000) -> Tallied[Act]:
        """Who is said to act on whom, a row for each statement with each pair of parties."""
        return _tallies.acts(self._store, words, filters or Filters(), most=most)

    def acts_of(self, items: Iterable[int]) -> tuple[Act, ...]:
        """The same of these statements."""
        return _tallies.acts_of(self._store, items)

    def parts(self, *, most: int = 1000) -> Tallied[Part]:
        """What outlets do with the matters that two of them or more take part in."""
        return _tallies.parts(self._store, most=most)

    def involved(self, identity: int, *, after: tuple[int, int] | None = None, window: int = _involved.WINDOW) -> Rows[Involved]:
        """The statements that an identity takes part in, as actor, recipient or voice: a window of its articles, newest first."""
        return _involved.involved(self._store, identity, after=after, window=window)

    def wordings(self, articles: Iterable[int]) -> list[Worded]:
        """The charged and evasive forms of articles; none of machine translations."""
        return _involved.wordings(self._store, articles)

    # --- at a glance ---

    def size(self) -> int:
        """How many articles there are."""
        return _overview.articles(self._store)

    def latest(self, *, after: int | None = None, limit: int = 20) -> Rows[int]:
        """The numbers of articles, those that came in last before the others."""
        return _overview.latest(self._store, after, limit)

    def most_copied(self, limit: int = 10) -> list[tuple[Copy, int]]:
        """Passages that most later articles share with an earlier one, and how many these are."""
        return _overview.most_copied(self._store, limit)

    def feeds(self) -> list[Feed]:
        """The feeds that were watched."""
        return _overview.feeds(self._store)

    def outlet_words(self, outlet: int, *, limit: int = 30) -> list[Word]:
        """The charged and evasive words that an outlet uses in most of its newest 1,000 articles; without machine translations."""
        return _overview.wording(self._store, outlet, limit)

    def shared(self, outlet: int) -> list[tuple[str, int, int, int]]:
        """With which outlets an outlet shares passages: name, and pairs of articles in which its own is earlier here, later, undated."""
        return _overview.shared(self._store, outlet)

    # --- sources ---

    def outlets(self) -> list[Outlet]:
        """The table of outlets."""
        return _sources.outlets(self._store)

    def set_outlet(self, name: str, *, aliases: Iterable[str] = (), domains: Iterable[str] = ()) -> int:
        """Make or change an outlet: what bears one of these names or domains is this outlet, articles that are there already too."""
        return _sources.set_outlet(self._store, name, aliases, domains)

    def read_by_outlet(self) -> dict[str, int]:
        """How many articles of each outlet ("" for none) were read, without machine translations."""
        return _sources.read_by_outlet(self._store)

    def watched(self, url: str) -> Watched:
        """What is known of a feed; empty for a new one."""
        return _sources.watched(self._store, url)

    def keep_watch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, seen: Iterable[str] = (), error: str | None = None
    ) -> None:
        """Keep a feed's state, as its server gave it, and which of its entries were seen."""
        _sources.keep_watch(self._store, url, etag=etag, last_modified=last_modified, seen=seen, error=error)

    # --- decisions ---

    def _groups(self, about: About) -> Groups:
        return {"story": self.stories, "matter": self.matters, "identity": self.identities}[about]

    def decide(self, kind: Kind, about: About, members: Iterable[int], *, note: str = "", by: str = "") -> int:
        """Keep a person's decision: a merge, split, rejection or note about articles, statements or entities."""
        return _decisions.decide(self._store, self._groups(about), kind, about, members, note=note, by=by)

    def withdraw(self, number: int, *, note: str = "", by: str = "") -> tuple[About, set[int]]:
        """Take a decision back, by one beside it; what it was about, and the groups that changed. ValueError where it cannot be."""
        groups: dict[About, Groups] = {"story": self.stories, "matter": self.matters, "identity": self.identities}
        return _decisions.withdraw(self._store, number, groups, note=note, by=by)

    def decisions(self, about: About | None = None) -> list[Decision]:
        """All decisions, in the order they were made."""
        return _decisions.decisions(self._store, about)

    def settle(self, about: About) -> set[int]:
        """Make groups what people decided, and say which changed; to be called whenever a comparison has changed them."""
        return _decisions.settle(self._store, about, self._groups(about))

    def review(self, article: str, place: Place, judgement: Judgement, *, note: str = "", by: str = "") -> int:
        """Keep what a person decided of a finding of an article (by its id). ValueError where there is no such article."""
        return _reviews.keep(self._store, article, place, judgement, note=note, by=by)

    def reviews(self, articles: Iterable[str] | None = None, *, after: int | None = None, limit: int | None = None) -> list[Reviewed]:
        """Decisions about findings of articles in the order they were made; or of all, the last before the others, `after` a number."""
        return _reviews.reviews(self._store, articles, after=after, limit=limit)

    def judged(self, articles: Iterable[int]) -> list[tuple[str, int, int]]:
        """Articles of whose statements something was decided: id, number, and that of the current reading."""
        return _reviews.judged(self._store, articles)

    def set_added(self, article: int, reading: Reading, added: Iterable[int], claims: Sequence[Claim]) -> list[int]:
        """Rows for the statements that people added to an article, by their decisions' numbers; all that it had before go."""
        return _added.set_added(self._store, article, reading, added, claims)

    # --- validation ---

    def strata(self) -> dict[tuple[str, str], list[tuple[int, str, str]]]:
        """All articles by outlet and genre: number, id, hash of the text."""
        return _reviews.strata(self._store)

    def keep_sample(self, plan: Mapping[str, Any], units: Sequence[Mapping[str, Any]], *, by: str = "") -> int:
        """Keep a sample for validation, and return its number."""
        return _reviews.keep_sample(self._store, plan, units, by=by)

    def samples(self, number: int | None = None) -> list[Sample]:
        """One sample, or all."""
        return _reviews.samples(self._store, number)

    def keep_codings(self, sample: int, answers: Mapping[int, Mapping[str, str]], *, by: str) -> int:
        """Keep a coder's answers by unit and question; how many units. ValueError where there is no such sample."""
        return _reviews.keep_codings(self._store, sample, answers, by=by)

    def codings(self, sample: int) -> list[Coding]:
        """All answers for a sample, in the order they were given."""
        return _reviews.codings(self._store, sample)

    # --- upkeep ---

    def status(self) -> dict[str, int]:
        """Counts of what there is, by table."""
        return _upkeep.status(self._store)

    def check(self, *, deep: bool = True) -> list[str]:
        """What is wrong, in words; nothing where the ledger is whole. `deep` opens every document and all evidence."""
        return _upkeep.check(self._store, deep=deep)

    def purge(self, ids: Iterable[str], *, reason: str = "") -> int:
        """Remove articles everywhere; only tombstones of hashes remain. How many there were."""
        return _upkeep.purge(self._store, ids, reason=reason)

    def backup(self, to: str | Path) -> dict[str, int]:
        """Write the ledger into one new SQLite file, check it, and return its counts."""
        return _upkeep.backup(self._store, Path(to))


def restore(source: str | Path, where: str | Path) -> dict[str, int]:
    """Make a new ledger at a path or URL from a backup, check it, and return its counts."""
    _upkeep.sound(Path(source))  # before anything is made
    with Store(where, create=True, wait=30.0) as store:
        return _upkeep.restore(Path(source), store)
