"""What the page of a story shows, its outlets side by side: what several of them state, what was found in one only, and in what words each
speaks of the same people.

"Found" is what comparison found: a statement that an outlet makes in quite other words than the others may count as found in it alone.
A story of more than `COMPARED` articles is compared over the earliest so many.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allegedly.compare.copies import origins
from allegedly.compared import Copy, Stand
from allegedly.inquiry.held import decided_of
from allegedly.inquiry.series import Counted
from allegedly.inquiry.ties import Agreement, agreement_among
from allegedly.records import Span

if TYPE_CHECKING:
    from allegedly.compare.names import Usage
    from allegedly.ledger import ArticleRow, Ledger, StatementRow, Worded

COMPARED = 60
NAMED = 8
"""Identities whose names are set side by side."""
CALLED = ("person", "organization", "group", "country")


@dataclass(frozen=True, slots=True)
class Line:
    """A matter in a story: by outlet, how its statements stand to the proposition, the earliest first."""

    matter: int
    proposition: str
    disputed: bool
    cells: "Mapping[str, tuple[tuple[Stand, StatementRow], ...]]"
    articles: int
    origins: int


@dataclass(frozen=True, slots=True)
class Alone:
    """An outlet: its articles, and the events that were found in none of the other outlets' articles (of a matter, the earliest)."""

    outlet: str
    articles: "tuple[ArticleRow, ...]"
    rows: "tuple[StatementRow, ...]"
    others: int
    """Articles of the other outlets that were looked at."""


@dataclass(frozen=True, slots=True)
class Called:
    """What the outlets call somebody in this story: forms by how often all use them."""

    identity: int
    name: str
    type: str
    usages: "tuple[Usage, ...]"


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its articles by date, `origin` the article whose text each shares (or itself), and the comparison of its outlets."""

    number: int
    row: Mapping[str, Any]
    articles: "tuple[ArticleRow, ...]"
    origin: Mapping[int, int]
    copies: tuple[Copy, ...]
    compared: "tuple[ArticleRow, ...]"
    outlets: tuple[str, ...]
    lines: tuple[Line, ...]
    alone: tuple[Alone, ...]
    called: tuple[Called, ...]
    charged: "Mapping[str, tuple[Worded, ...]]"
    agreement: Agreement


def articles_of(ledger: "Ledger", number: int) -> "tuple[ArticleRow, ...]":
    """A story's articles by date, the undated last; none where there is no such story."""
    members = ledger.stories.members([number]).get(number, ())
    rows = ledger.articles(members).values()
    return tuple(sorted(rows, key=lambda row: (row.published is None, row.published or "", row.number)))


def story_of(ledger: "Ledger", number: int) -> Story | None:
    """The page of a story; None where there is no such story."""
    articles = articles_of(ledger, number)
    if not articles:
        return None
    numbers = [row.number for row in articles]
    copies = ledger.copies_among(set(numbers))
    compared = articles[:COMPARED]
    outlets = tuple(sorted({row.outlet or "" for row in compared}, key=lambda outlet: (not outlet, outlet)))
    comparison = _Comparison(ledger, compared, copies)
    return Story(
        number=number,
        row=ledger.stories.rows([number])[number],
        articles=articles,
        origin=origins(numbers, copies),
        copies=tuple(sorted(copies, key=lambda copy: (numbers.index(copy.later), numbers.index(copy.earlier), copy.later_span))),
        compared=compared,
        outlets=outlets,
        lines=comparison.lines(),
        alone=tuple(comparison.alone(outlet) for outlet in outlets),
        called=_called(ledger, compared),
        charged=_charged(ledger, compared),
        agreement=comparison.agreement(more=len(compared) < len(articles)),
    )


class _Comparison:
    """The statements of a story's articles, by their matters."""

    def __init__(self, ledger: "Ledger", articles: "Sequence[ArticleRow]", copies: Sequence[Copy]) -> None:
        self.articles = {row.number: row for row in articles}
        self.copies = [copy for copy in copies if copy.earlier in self.articles and copy.later in self.articles]
        found = ledger.statements(articles=self.articles).rows
        decided = decided_of(ledger, found)
        self.rows = sorted(decided.kept(found), key=lambda row: (row.published is None, row.published or "", row.statement))
        known = decided.stands(ledger.stands(row.statement for row in self.rows if row.matter))
        self.stands = {item: stand for item, (stand, _) in known.items()}
        self.by_matter: dict[int, list[StatementRow]] = {}
        for row in self.rows:
            if row.matter is not None and row.statement in self.stands:
                self.by_matter.setdefault(row.matter, []).append(row)
        self.heads = ledger.matters.rows(self.by_matter)
        self.shared: dict[int, list[tuple[Span, int]]] = {}
        for copy in self.copies:
            for mine, span, other in ((copy.earlier, copy.earlier_span, copy.later), (copy.later, copy.later_span, copy.earlier)):
                self.shared.setdefault(mine, []).append((span, other))

    def outlet(self, article: int) -> str:
        """The outlet of an article, "" for none."""
        return self.articles[article].outlet or ""

    def lines(self) -> tuple[Line, ...]:
        """The matters that articles of two outlets or more are in: disputed ones first, then those of most outlets and articles."""
        out = []
        for number, rows in self.by_matter.items():
            cells: dict[str, list[tuple[Stand, StatementRow]]] = {}
            for row in rows:
                cells.setdefault(self.outlet(row.article), []).append((self.stands[row.statement], row))
            if len(cells) > 1 and number in self.heads:
                articles = {row.article for row in rows}
                counts = len(articles), len(set(origins(articles, self.copies).values()))
                head = self.heads[number]
                listed = {outlet: tuple(those) for outlet, those in cells.items()}
                out.append(Line(number, head["label"], bool(head["disputed"]), listed, *counts))
        return tuple(sorted(out, key=lambda line: (not line.disputed, -len(line.cells), -line.articles, line.matter)))

    def agreement(self, *, more: bool) -> Agreement:
        """How often two outlets are on the same side of the story's matters."""
        from allegedly.ledger.tallies import Part

        parts = [
            Part(row.statement, number, row.article, self.outlet(row.article), self.stands[row.statement], self._copied(row))
            for number, rows in self.by_matter.items()
            if len({self.outlet(row.article) for row in rows} - {""}) > 1
            for row in rows
            if self.outlet(row.article)
        ]
        read = {one.article for one in parts}
        return agreement_among(parts, Counted(len(read), len(set(origins(read, self.copies).values())), more))

    def _copied(self, row: "StatementRow") -> bool:
        """Whether a statement stands in a passage that its article shares with an earlier one."""
        later = [copy.later_span for copy in self.copies if copy.later == row.article]
        return not row.in_title and any(start < row.sentence_end and row.sentence_start < end for start, end in later)

    def alone(self, outlet: str) -> Alone:
        """What was found with one outlet only: events, those affirmed as actual before the others."""
        chosen: list[StatementRow] = []
        seen: set[int] = set()
        for row in self.rows:
            if row.act is not None and not row.in_title and self.outlet(row.article) == outlet and not self._elsewhere(row, outlet):
                if row.matter is None or row.matter not in seen:
                    chosen.append(row)
                seen |= {row.matter} if row.matter is not None else set()
        chosen.sort(key=lambda row: (row.polarity, row.status) != ("affirmed", "actual"))
        own = tuple(row for row in self.articles.values() if (row.outlet or "") == outlet)
        return Alone(outlet, own, tuple(chosen), len(self.articles) - len(own))

    def _elsewhere(self, row: "StatementRow", outlet: str) -> bool:
        """Whether another outlet states or denies the same, or has the passage in which it stands."""
        if any(self.outlet(other.article) != outlet for other in self.by_matter.get(row.matter or 0, ())):
            return True
        passages = self.shared.get(row.article, ())
        return any(a < row.sentence_end and row.sentence_start < b and self.outlet(other) != outlet for (a, b), other in passages)


def _called(ledger: "Ledger", articles: "Sequence[ArticleRow]") -> tuple[Called, ...]:
    """Of those whom most articles of the story name, those for whom the outlets have most descriptions and labels."""
    from allegedly.compare.names import table

    entities = ledger.entities(row.number for row in articles)
    counts = Counter(number for those in entities.values() for number in {one.identity for one in those if one.identity is not None})
    ranked = sorted(counts, key=lambda number: (-counts[number], number))[: 4 * NAMED]
    rows = ledger.identities.rows(ranked)
    ranked = [number for number in ranked if number in rows and rows[number]["type"] in CALLED]
    mine = {row.number: (row.outlet, row.published) for row in articles}
    found = ledger.designations(ranked)
    out = []
    for number in ranked:
        usages = table(number, found, mine).usages
        if len({usage.form for usage in usages}) > 1:
            out.append(Called(number, rows[number]["label"], rows[number]["type"], usages))
    out.sort(key=lambda one: -len({(usage.form, usage.outlet) for usage in one.usages if usage.kind != "name"}))
    return tuple(out[:NAMED])


def _charged(ledger: "Ledger", articles: "Iterable[ArticleRow]") -> "dict[str, tuple[Worded, ...]]":
    """Loaded words, labels and the like, by outlet; what stands in a quotation is not told apart from the outlet's own words."""
    outlets = {row.number: row.outlet or "" for row in articles}
    out: dict[str, list[Worded]] = {}
    for one in ledger.wordings(outlets):
        if one.kind in ("loaded", "label", "scare_quotes", "legitimacy"):
            out.setdefault(outlets[one.article], []).append(one)
    return {outlet: tuple(those) for outlet, those in sorted(out.items())}
