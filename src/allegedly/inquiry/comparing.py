"""What is new in the ledger, compared with what is there: who is who, what they are called, stories, copies, matters.

The cost of an article depends on the article: every look goes through the inverted index. All that comparing gives is in one transaction
with the mark that the article was compared, so that what a run did not come to is found by the next.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from allegedly.compare.copies import CopyFinder, original
from allegedly.compare.identity import Identities
from allegedly.compare.index import HeldIndex
from allegedly.compare.matters import Matters
from allegedly.compare.names import designations
from allegedly.compare.propositions import claim_keys, decide
from allegedly.compare.stories import StoryIndex, features
from allegedly.compared import Claim, Copy, Designation
from allegedly.inquiry import stores
from allegedly.inquiry.added import put
from allegedly.inquiry.counting import Joined, count_identities, count_matters, count_stories
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
        self.copies: list[Copy] = []

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
        changed, joined = self.said.write()
        count_stories(self.ledger, self.grouped.changed | self.ledger.settle("story"))
        otherwise = self.ledger.matters.met(self.again) | self.ledger.settle("matter")
        new = Joined({group: items for group, items in joined.items() if group not in otherwise}, self.copies)
        count_matters(self.ledger, changed | otherwise, new)
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
        self.grouped.stories(list(words))  # asked for at once; most are in none
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
        self.copies = found
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
