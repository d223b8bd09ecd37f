"""What each outlet calls the same identity: "rebels", "resistance", "terrorists", counted and dated, over how many articles read.

Counted are an article's own words for an entity: its name, descriptions of it, and labels (words that the reading marks as such, see
`Wording`). Words in quotation marks are somebody else's and left out; so are pronouns, what stands in notes (captions, bylines,
disclaimers), and articles that a machine translated, whose words are the translator's.

Missed: what an outlet calls somebody whom the article never names, and words that the reading did not tie to the name.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from allegedly.compared import Designation
from allegedly.gazetteer import fold, nominals
from allegedly.records import Article, Reading, Span

Kind = Literal["name", "description", "label"]
WORDS = 8  # longer phrases describe a happening more than they call somebody something
_QUOTES = {"“": "”", "«": "»", "„": "“", '"': '"'}
_LABELS = ("label", "loaded", "legitimacy")


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet's articles read: all that can be counted, and those of them that name the identity at all."""

    outlet: str
    read: int
    naming: int


@dataclass(frozen=True, slots=True)
class Usage:
    """A form that an outlet uses for an identity: how often, in how many articles, and from when to when (ISO dates, None undated)."""

    form: str
    kind: Kind
    outlet: str
    count: int
    articles: int
    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class NamesTable:
    """What outlets call an identity: the forms by how often all use them, and the outlets that they are counted over."""

    identity: int
    outlets: tuple[Outlet, ...]
    usages: tuple[Usage, ...]

    def count(self, form: str, outlet: str) -> int:
        """How often an outlet uses a form; 0 where it was not found in the outlet's articles."""
        return sum(u.count for u in self.usages if u.form == form and u.outlet == outlet)


def designations(reading: Reading, identities: Mapping[str, int], *, article: int) -> tuple[Designation, ...]:
    """What an article calls those whom it names, by its entities' identities; nothing for a machine's translation.

    `article` is the number under which it is kept. Forms are folded: lower case, without article and possessive.
    """
    if machine_translated(reading.article):
        return ()
    text, pronouns = reading.article.text, nominals().pronouns
    left_out = [*((n.start, n.end) for n in reading.article.notes), *quoted(text)]
    labels = [(w.start, w.end) for w in reading.wording if w.kind in _LABELS]
    counts: Counter[tuple[int, str, Kind]] = Counter()
    for mention in reading.mentions:
        identity = identities.get(mention.entity or "")
        form = fold(text[mention.start : mention.end])
        if identity is None or not form or form in pronouns or len(form.split()) > WORDS or _within(mention.head, left_out):
            continue
        label = not mention.named and any(s < mention.end and mention.start < e for s, e in labels)
        counts[identity, form, "name" if mention.named else "label" if label else "description"] += 1
    return tuple(Designation(i, article, form, kind, n) for (i, form, kind), n in sorted(counts.items()))


def machine_translated(article: Article) -> bool:
    """Whether an article's words are a machine's, and so no outlet's."""
    return article.translation is not None and article.translation.by == "machine"


def quoted(text: str) -> list[Span]:
    """The stretches in quotation marks, of one paragraph each; a mark without its other half quotes to the paragraph's end."""
    spans: list[Span] = []
    at = 0
    for line in text.split("\n"):
        start, closing = -1, ""
        for offset, char in enumerate(line):
            if start >= 0 and char == closing:
                spans.append((at + start, at + offset + 1))
                start = -1
            elif start < 0 and char in _QUOTES:
                start, closing = offset, _QUOTES[char]
        if start >= 0:
            spans.append((at + start, at + len(line)))
        at += len(line) + 1
    return spans


def _within(span: Span, others: Iterable[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def table(identity: int, found: Iterable[Designation], articles: Mapping[int, tuple[str | None, str | None]]) -> NamesTable:
    """The names table of an identity. `articles` gives the outlet and the date of every article read whose words can be compared.

    An article without an outlet counts under "". Designations of other identities and of articles that are not given are passed over.
    """
    read = Counter(outlet or "" for outlet, _ in articles.values())
    counts: Counter[tuple[str, Kind, str]] = Counter()
    seen: dict[tuple[str, Kind, str], set[int]] = {}
    naming: dict[str, set[int]] = {}
    for d in found:
        if d.identity != identity or d.article not in articles:
            continue
        outlet = articles[d.article][0] or ""
        counts[d.form, d.kind, outlet] += d.count
        seen.setdefault((d.form, d.kind, outlet), set()).add(d.article)
        naming.setdefault(outlet, set()).add(d.article)
    totals: Counter[tuple[str, Kind]] = Counter()
    for (form, kind, _), n in counts.items():
        totals[form, kind] += n
    usages = []
    for (form, kind, outlet), n in sorted(counts.items(), key=lambda c: (-totals[c[0][:2]], c[0])):
        among = seen[form, kind, outlet]
        dates = sorted(date for a in among if (date := articles[a][1]))
        usages.append(Usage(form, kind, outlet, n, len(among), dates[0] if dates else None, dates[-1] if dates else None))
    outlets = tuple(Outlet(o, n, len(naming.get(o, ()))) for o, n in sorted(read.items()))
    return NamesTable(identity, outlets, tuple(usages))
