"""What is new in the ledger, compared with what is there: who is who, what they are called, stories, copies, matters.

The cost of an article depends on the article: every look goes through the inverted index. All that comparing gives is in one transaction
with the mark that the article was compared, so that what a run did not come to is found by the next.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from allegedly.compare.copies import CopyFinder, original, origins
from allegedly.compare.identity import Identities
from allegedly.compare.index import HeldIndex
from allegedly.compare.matters import Matters
from allegedly.compare.names import designations
from allegedly.compare.propositions import claim_keys, decide
from allegedly.compare.stories import StoryIndex, features
from allegedly.compared import Claim, Copy, Designation, Stand
from allegedly.inquiry import stores
from allegedly.inquiry.added import put
from allegedly.inquiry.answers import copies_among, copies_within, matters_of
from allegedly.ledger.tables import ROOM
from allegedly.records import Reading, uncollected

if TYPE_CHECKING:
    from allegedly.ledger import Ledger

STAGE = "comparison"
AT_ONCE = 100
"""Articles of one transaction, where more are waiting than a batch."""


def compare(ledger: "Ledger") -> int:
    """Compare every article whose current reading was not compared yet, in the order in which they were added; how many these were."""
    done = 0
    while numbers := ledger.pending(STAGE, AT_ONCE):
        with uncollected(), ledger.writing():
            _Comparison(ledger, numbers).run()
            ledger.done(STAGE, numbers)
        done += len(numbers)
    return done


class _Comparison:
    """Some articles that are new, or have a new reading.

    They go through one stage after the other together: what a stage will ask of the ledger is asked for all of them at once, held in
    memory, and written at its end. So the result is that of one article after the other.
    """

    def __init__(self, ledger: "Ledger", numbers: list[int]) -> None:
        self.ledger = ledger
        articles = ledger.articles(numbers)
        self.articles = {number: articles[number] for number in sorted(articles, key=lambda n: articles[n].reading)}
        self.again = ledger.stories.of(numbers).keys()
        """Articles that were compared before, with another reading."""
        self.index = HeldIndex(ledger.index)
        self.who = stores.Identities(ledger)
        self.grouped = stores.Stories(ledger, self.index)
        self.said = stores.Matters(ledger)

    def run(self) -> None:
        """Every stage; then what is known of the groups that changed."""
        for number in self.again:
            self.ledger.drop_designations(number)
            self.ledger.drop_copies(number)
        readings = self.ledger.readings(self.articles)
        self._identify(readings)
        self._group(readings)
        self._copy(readings)
        readings.clear()
        put(self.ledger, (self.articles[number].id for number in self.again))
        self._match()
        self.index.write()
        changed = self.said.write()
        count_stories(self.ledger, self.grouped.changed | self.ledger.settle("story"))
        count_matters(self.ledger, changed | self.ledger.matters.met(self.again) | self.ledger.settle("matter"))
        count_identities(self.ledger, self.ledger.settle("identity"))

    def _identify(self, readings: Mapping[int, Reading]) -> None:
        """Who is who, and what they are called."""
        identities = Identities(self.index, self.who)
        identities.foresee(readings.values())
        called: list[Designation] = []
        entities = self.ledger.entities(readings)
        before = self.ledger.named_before(self.again)
        for number, reading in readings.items():
            article = self.articles[number]
            self.who.forget(before.get(number, ()))
            found = {match.entity: match.identity for match in identities.resolve(reading)}
            called += designations(reading, found, article=number)
            for entity in entities.get(number, ()):
                identity = found.get(reading.entities[entity.number % ROOM].id)
                if identity is not None:
                    self.who.met(identity, entity.number, article.outlet, article.day)
        self.who.write()
        self.ledger.add_designations(called)

    def _group(self, readings: Mapping[int, Reading]) -> None:
        """Which articles are about the same happening."""
        stories = StoryIndex(self.grouped)
        words = {number: features(reading.article) for number, reading in readings.items()}
        stories.foresee(words.values())
        for number, own in words.items():
            stories.add(number, own)

    def _copy(self, readings: Mapping[int, Reading]) -> None:
        """Which passages they share with others."""
        finder = CopyFinder(self.grouped)
        for number, reading in readings.items():
            self.grouped.hold(number, original(reading))
        finder.foresee(self.grouped.originals(list(readings)))
        found: list[Copy] = []
        for number in readings:
            if number in self.again:  # those before it met it already, by its former words
                found = [copy for copy in found if number not in (copy.earlier, copy.later)]
            found += finder.add(number, self.grouped.originals([number])[number])
        self.ledger.add_copies(found)
        self.grouped.write()

    def _match(self) -> None:
        """Who says and denies the same."""
        matters = Matters(self.index, self.said, keys=claim_keys, decide=decide)
        ids = {article.id: number for number, article in self.articles.items()}
        claims: dict[int, list[Claim]] = {number: [] for number in self.articles}
        for claim in self.ledger.claims(articles=self.articles):
            claims[ids[claim.article]].append(claim)
        matters.foresee(claims.values())
        for own in claims.values():
            matters.add(own)


def count_stories(ledger: "Ledger", groups: Collection[int]) -> None:
    """A story's label is the title of its earliest article; one that is empty by now goes."""
    members = ledger.stories.members(groups)
    ledger.stories.remove(sorted(set(groups) - members.keys()))
    articles = ledger.articles(number for found in members.values() for number in found)
    copies = copies_within(members, copies_among(ledger, articles.keys()))
    known: dict[int, dict[str, Any]] = {}
    for group, found in members.items():
        own = [articles[number] for number in found if number in articles]
        first = min(own, key=lambda a: (a.day is None, a.day or "", a.number))
        known[group] = {
            "label": first.title or first.id,
            "articles": len(own),
            "outlets": len({a.outlet for a in own if a.outlet}),
            "origins": len(set(origins(found, copies[group]).values())),
            **_spread(a.day for a in own),
        }
    ledger.stories.set_all(known)


def count_matters(ledger: "Ledger", groups: Collection[int]) -> None:
    """A matter's label is its first statement in short; one that is empty by now goes."""
    matters = matters_of(ledger, groups)
    left = ledger.matters.members(set(groups) - matters.keys())  # all that they are made of was rejected
    ledger.matters.remove(sorted(set(groups) - matters.keys() - left.keys()))
    nothing = dict.fromkeys(("articles", "outlets", "origins", *get_args(Stand)), 0)
    ledger.matters.set_all({group: {**nothing, "disputed": False} for group in left})
    known: dict[int, dict[str, Any]] = {}
    for group, matter in matters.items():
        known[group] = {
            "label": matter.words,
            "articles": matter.articles,
            "outlets": len({row.outlet for row in matter.rows if row.outlet}),
            "origins": matter.origins,
            "disputed": matter.disputed,
            **_spread(row.published for row in matter.rows),
            **{stand: tally.articles for stand, tally in matter.tallies.items()},
        }
    ledger.matters.set_all(known)


def _spread(dates: Iterable[str | None]) -> dict[str, str | None]:
    days = sorted(filter(None, dates))
    return {"earliest": days[0] if days else None, "latest": days[-1] if days else None}


def count_identities(ledger: "Ledger", groups: Collection[int]) -> None:
    """An identity's name is what most of its articles call it in full, the longest where they tie; one that is empty by now goes."""
    for group in sorted(groups):
        _count_identity(ledger, group)


def _count_identity(ledger: "Ledger", group: int) -> None:
    members = ledger.entities_numbered(ledger.identities.members([group]).get(group, ()))
    if not members:
        ledger.identities.remove([group])
        return
    articles = ledger.articles({one.article for one in members}).values()
    names = Counter(one.name for one in members)
    types = Counter(one.type for one in members)
    known = ledger.identities.rows([group])[group]
    ledger.identities.set(
        group,
        label=known["label"] if known["label"] in names else max(names, key=lambda name: (names[name], len(name), name)),
        type=known["type"] or max(types, key=lambda one: (types[one], one)),
        source=known["source"] or "user",
        articles=len(articles),
        outlets=len({a.outlet for a in articles if a.outlet}),
        **_spread(a.day for a in articles),
    )
