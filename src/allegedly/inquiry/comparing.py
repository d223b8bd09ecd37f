"""What is new in the ledger, compared with what is there: who is who, what they are called, stories, copies, matters.

The cost of an article depends on the article: every look goes through the inverted index. All that comparing gives is in one transaction
with the mark that the article was compared, so that what a run did not come to is found by the next.
"""

from collections import Counter
from typing import TYPE_CHECKING, get_args

from allegedly.compare.copies import CopyFinder, original
from allegedly.compare.identity import Identities
from allegedly.compare.matters import Matters
from allegedly.compare.names import designations
from allegedly.compare.propositions import claim_keys, decide
from allegedly.compare.stories import StoryIndex, features
from allegedly.compared import Stand
from allegedly.inquiry import stores
from allegedly.inquiry.answers import matter_of, origins_among
from allegedly.ledger.tables import ROOM
from allegedly.records import Reading

if TYPE_CHECKING:
    from allegedly.ledger import ArticleRow, Ledger

STAGE = "comparison"
AT_ONCE = 100
"""Articles of one transaction, where more are waiting than a batch."""


def compare(ledger: "Ledger") -> int:
    """Compare every article whose current reading was not compared yet, in the order in which they were added; how many these were."""
    done = 0
    while numbers := ledger.pending(STAGE, AT_ONCE):
        with ledger.writing():
            _Comparison(ledger, numbers).run()
            ledger.done(STAGE, numbers)
        done += len(numbers)
    return done


class _Comparison:
    """Some articles that are new, or have a new reading."""

    def __init__(self, ledger: "Ledger", numbers: list[int]) -> None:
        self.ledger = ledger
        self.articles = ledger.articles(numbers)
        self.who = stores.Identities(ledger)
        self.identities = Identities(ledger.index, self.who)
        self.grouped = stores.Stories(ledger)
        self.stories = StoryIndex(self.grouped)
        self.copies = CopyFinder(self.grouped)
        self.said = stores.Matters(ledger)
        self.matters = Matters(ledger.index, self.said, keys=claim_keys, decide=decide)

    def run(self) -> None:
        """All of them, one after the other; then what is known of the groups that changed."""
        again = self.ledger.stories.of(self.articles)
        for number in sorted(self.articles, key=lambda n: self.articles[n].reading):
            self._one(self.articles[number], self.ledger.reading(number), again=number in again)
        self.who.write()
        changed = self.said.write()
        for group in sorted(self.grouped.changed | self.ledger.settle("story")):
            count_story(self.ledger, group)
        for group in sorted(changed | self.ledger.settle("matter")):
            count_matter(self.ledger, group)
        for group in sorted(self.ledger.settle("identity")):
            count_identity(self.ledger, group)

    def _one(self, article: "ArticleRow", reading: Reading, *, again: bool) -> None:
        ledger, number = self.ledger, article.number
        found = {match.entity: match.identity for match in self.identities.resolve(reading)}
        for entity in ledger.entities([number]).get(number, ()):
            identity = found.get(reading.entities[entity.number % ROOM].id)
            if identity is not None:
                ledger.identities.join(identity, [entity.number])
                self.who.met(identity, article.outlet, article.day)
        if again:
            ledger.drop_designations(number)
            ledger.drop_copies(number)
        self.stories.add(number, features(reading.article))
        ledger.add_designations(designations(reading, found, article=number))
        ledger.add_copies(self.copies.add(number, original(reading)))
        self.matters.add(ledger.claims(articles=[number]))


def count_story(ledger: "Ledger", group: int) -> None:
    """Its label is the title of its earliest article; a group that is empty by now goes."""
    articles = ledger.articles(ledger.stories.members([group]).get(group, ())).values()
    if not articles:
        ledger.stories.remove([group])
        return
    first = min(articles, key=lambda a: (a.day is None, a.day or "", a.number))
    days = sorted(a.day for a in articles if a.day)
    ledger.stories.set(
        group,
        label=first.title or first.id,
        articles=len(articles),
        outlets=len({a.outlet for a in articles if a.outlet}),
        origins=origins_among(ledger, [a.number for a in articles]),
        earliest=days[0] if days else None,
        latest=days[-1] if days else None,
    )


def count_matter(ledger: "Ledger", group: int) -> None:
    """Its label is its first statement in short; a group that is empty by now goes."""
    matter = matter_of(ledger, group)
    if matter is None:
        if ledger.matters.members([group]):  # all that it is made of was rejected
            nothing = dict.fromkeys(("articles", "outlets", "origins", *get_args(Stand)), 0)
            ledger.matters.set(group, **nothing, disputed=False)
        else:
            ledger.matters.remove([group])
        return
    days = sorted(row.published for row in matter.rows if row.published)
    ledger.matters.set(
        group,
        label=matter.words,
        articles=matter.articles,
        outlets=len({row.outlet for row in matter.rows if row.outlet}),
        origins=matter.origins,
        earliest=days[0] if days else None,
        latest=days[-1] if days else None,
        disputed=matter.disputed,
        **{stand: tally.articles for stand, tally in matter.tallies.items()},
    )


def count_identity(ledger: "Ledger", group: int) -> None:
    """Its name is what most of its articles call it in full, the longest where they tie; a group that is empty by now goes."""
    members = ledger.entities_numbered(ledger.identities.members([group]).get(group, ()))
    if not members:
        ledger.identities.remove([group])
        return
    articles = ledger.articles({one.article for one in members}).values()
    days = sorted(a.day for a in articles if a.day)
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
        earliest=days[0] if days else None,
        latest=days[-1] if days else None,
    )
