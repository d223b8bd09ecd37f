"""What is asked of the ledger, put together from its rows and from comparison: matters, traces, identities and what they are called."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from allegedly.compare.copies import origins
from allegedly.compare.happenings import Appearance, context_of
from allegedly.compare.matters import Matter, Matters, Member, Side, lay_out
from allegedly.compared import Claim, Copy, Party, Stand, Verdict
from allegedly.export.bundle import Capture, Dossier
from allegedly.export.bundle import Member as DossierMember
from allegedly.inquiry.held import decided_of
from allegedly.inquiry.phrases import gist
from allegedly.inquiry.review import reading_of
from allegedly.records import Article, Span

if TYPE_CHECKING:
    from allegedly.compare.identity import Identity
    from allegedly.compare.names import NamesTable
    from allegedly.ledger import ArticleRow, Ledger, StatementRow, Told

MOST = 2_000
"""Statements of a matter that are laid out."""
FIRST = 8
"""Those whose words it is called by."""
FOUND = 5
"""Matters that a traced claim is shown in."""


# --- matters ---------------------------------------------------------------------------------------------------------


def matter_of(ledger: "Ledger", group: int) -> Matter | None:
    """A matter with all that is said of it, by the ledger's number; None where there is no such matter.

    Statements that a person rejected, as not being what the article says, are left out, and edited ones are as the person made them; what
    the matter is about, and called, stays as it was found.
    """
    return matters_of(ledger, [group]).get(group)


def matters_of(ledger: "Ledger", groups: Iterable[int]) -> dict[int, Matter]:
    """The same for several, as far as they are there, with the same few questions to the ledger as for one."""
    members = {group: found[:MOST] for group, found in ledger.matters.members(groups).items()}
    every = [item for items in members.values() for item in items]
    listed = ledger.statements(items=every).rows
    decided = decided_of(ledger, listed)
    rows = {row.statement: row for row in decided.kept(listed)}
    about, stands = ledger.matters.rows(members), decided.stands(ledger.stands(rows))
    firsts = {
        group: about[group]["item"] if about[group]["item"] in rows else min(rows.keys() & items, default=0)
        for group, items in members.items()
    }
    placed = {item for item in rows if stands.get(item, (None, None))[1] is None}  # by a person
    claims = {claim.item: claim for claim in ledger.claims({*filter(None, firsts.values()), *placed})}
    articles = {group: {rows[item].article for item in items if item in rows} for group, items in members.items()}
    copies = copies_within(articles, ledger.copies_among(set().union(*articles.values())))
    found: dict[int, Matter] = {}
    for group, items in members.items():
        said = [rows[item] for item in items if item in rows]
        first = claims.get(firsts[group])
        if first is not None:
            told = [_member(group, row.statement, first, stands.get(row.statement, (None, None)), claims) for row in said]
            matter = lay_out(first.item, told, {row.statement: _claim(row) for row in said}, _appearances(said, copies[group]))
            found[group] = replace(matter, number=group, words=proposition_among(said[:FIRST], first))
    return found


def _claim(row: "StatementRow") -> Claim:
    """What a matter's rows show of a statement, as people left it."""
    said: dict[str, Any] = {
        "polarity": row.polarity,
        "status": row.status,
        "voice": row.voice,
        "force": row.force,
        "sourcing": row.sourcing,
    }
    empty: dict[str, Any] = {"actors": (), "recipients": (), "content": (), "object": row.object or ""}
    return Claim(row.statement, row.id, "", row.sentence, row.lemma, row.act, **empty, **said)


def _member(group: int, item: int, first: Claim, found: tuple[Stand | None, Verdict | None], claims: Mapping[int, Claim]) -> Member:
    stand, verdict = found
    if verdict is None:  # a person put it here
        from allegedly.compare.propositions import decide

        verdict = replace(decide(claims[item], first) if item in claims else Verdict("same", 1.0, "user"), rule="user")
    against = (verdict.label == "denies") != (first.polarity == "negated")
    denies = stand in ("denies", "reports_denial") if stand else against
    return Member(group, item, "denies" if denies else "same", verdict, first.item, False)


_ARTICLE = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)


def gist_of(claim: Claim) -> str:
    """That of a claim."""
    parties = (", ".join(party.name for party in those) for those in (claim.actors, claim.recipients))
    actors, recipients = parties
    return gist(actors, claim.lemma, claim.object, recipients)


def proposition_among(rows: "Iterable[StatementRow]", claim: Claim) -> str:
    """What a matter that begins with this claim is about: its parties in the words that most of the statements with its predicate use.

    It is the claim affirmed, whatever its polarity, with its status unless that is actual.
    So nobody is named in a matter's title whom the articles' words do not name. Where they tie, an actor's name
    wins, then what is shorter. A pronoun stands for the name of whom it refers to in the first.
    """
    from allegedly.gazetteer import nominals

    like = [row for row in rows if (row.lemma, row.status) == (claim.lemma, claim.status)]

    def said(words: Iterable[str | None], parties: Sequence[Party], *, acting: bool) -> str:
        counts = Counter(_ARTICLE.sub("", one) for one in words if one and one.lower() not in nominals().pronouns)
        if not counts or not parties:
            return ", ".join(party.name for party in parties)
        return max(counts, key=lambda one: (counts[one], acting and one != one.lower(), -len(one), one))

    actors = said((row.actors for row in like), claim.actors, acting=True)
    recipients = said((row.recipients for row in like), claim.recipients, acting=False)
    words = gist(actors, claim.lemma, claim.object, recipients)
    return words if claim.status == "actual" else f"({claim.status}) {words}"


def _alone(ledger: "Ledger", item: int) -> Matter | None:
    """A statement that no other was found to repeat or deny, as a matter of one; its number is 0."""
    known = {claim.item: claim for claim in ledger.claims([item])}
    if not known:
        return None
    side: Side = "denies" if known[item].polarity == "negated" else "same"
    member = Member(item, item, side, Verdict("same", 1.0, "first"), item, True)
    rows = ledger.statements(items=known).rows
    return replace(lay_out(item, [member], known, _appearances(rows, ())), number=0, words=proposition_among(rows, known[item]))


def _appearances(rows: "Sequence[StatementRow]", copies: Sequence[Copy]) -> dict[str, Appearance]:
    """What is known of the articles of statements. Those whose statements stand in a passage that they share have one origin."""
    found = texts_of(rows, copies)
    several = {origin for origin, count in Counter(found.values()).items() if count > 1}
    shared = {article: origin for article, origin in found.items() if origin in several}
    return {row.id: Appearance(row.id, row.outlet, row.published, shared.get(row.article), row.title) for row in rows}


def copies_within(groups: Mapping[int, Iterable[int]], copies: Iterable[Copy]) -> dict[int, list[Copy]]:
    """The copies between two articles of one group, by groups of articles."""
    of: dict[int, set[int]] = {}
    for group, articles in groups.items():
        for article in articles:
            of.setdefault(article, set()).add(group)
    found: dict[int, list[Copy]] = {group: [] for group in groups}
    for copy in copies:
        for group in of.get(copy.earlier, set()) & of.get(copy.later, set()):
            found[group].append(copy)
    return found


def texts_of(rows: "Iterable[StatementRow | Told]", copies: Sequence[Copy]) -> dict[int, int]:
    """For the articles of some statements, the lowest number among those that share the passages in which these statements stand."""
    listed = list(rows)
    return origins({row.article for row in listed}, copies, at=sentences_of(listed))


def sentences_of(rows: "Iterable[StatementRow | Told]") -> dict[int, Span]:
    """From the first to the last sentence of statements in each article's text."""
    at: dict[int, Span] = {}
    for row in rows:
        if not row.in_title:
            start, end = at.get(row.article, (row.sentence_start, row.sentence_end))
            at[row.article] = min(start, row.sentence_start), max(end, row.sentence_end)
    return at


def origins_among(ledger: "Ledger", articles: Sequence[int]) -> int:
    """How many articles, copies of one another counted once."""
    return len(set(origins(articles, ledger.copies_among(articles)).values()))


@dataclass(frozen=True, slots=True)
class Traced:
    """A pasted claim in a matter: "same" where it says what the matter is about, "denies" where it denies that, and the verdict."""

    claim: Claim
    side: Side
    verdict: Verdict
    matter: Matter


def trace(ledger: "Ledger", text: str) -> list[Traced] | None:
    """The matters that the statements of a pasted text belong to, for each statement those of most articles first; nothing is kept.

    None where the text states nothing. Whom the text alone leaves open ("the Front") is whoever bears the name in most articles.
    """
    from allegedly.compare.claims import claims
    from allegedly.compare.identity import Identities
    from allegedly.compare.propositions import claim_keys, decide
    from allegedly.inquiry import stores
    from allegedly.reading import read_article

    reading = read_article(Article("claim", text), tokens=True)
    identities = Identities(ledger.index, stores.Identities(ledger))
    who = dict(identities.look(reading))
    for entity in reading.entities:
        if entity.id not in who and (bearers := list(identities.find(entity.name))):
            who[entity.id] = bearers[0].number
    mine = [claim for claim in claims(reading, first=-len(reading.statements), identities=who) if claim.content]
    if not mine:
        return None
    context = context_of(mine)
    matters = Matters(ledger.index, stores.Matters(ledger), keys=claim_keys, decide=decide)
    found: dict[int, Traced] = {}
    for claim in mine:
        for member in matters.standing(claim, context)[:FOUND]:
            group = ledger.matters.of([member.matter]).get(member.matter)
            matter = _alone(ledger, member.matter) if group is None else matter_of(ledger, group)
            if matter is not None and (matter.number or -member.matter) not in found:
                denies = (member.side == "denies") != any(c.polarity == "negated" for c in ledger.claims([member.matter]))
                found[matter.number or -member.matter] = Traced(claim, "denies" if denies else "same", member.verdict, matter)
    order = {id(claim): place for place, claim in enumerate(mine)}
    return sorted(found.values(), key=lambda one: (order[id(one.claim)], -one.matter.articles))


def dossier_of(ledger: "Ledger", group: int) -> Dossier | None:
    """A matter with the readings and the evidence that it rests on; None where there is no such matter."""
    matter = matter_of(ledger, group)
    if matter is None:
        return None
    numbers = ledger.numbers({row.article for row in matter.rows})
    articles = ledger.articles(numbers.values())
    readings = {row.id: reading_of(ledger, row.number) for row in articles.values()}
    known = {claim.item: claim for claim in ledger.claims([row.item for row in matter.rows])}
    members = tuple(
        DossierMember(known[row.item], row.stand, readings[row.article], None if row.against == row.item else row.verdict, row.origin)
        for row in matter.rows
    )
    mine = {row.item for row in matter.rows}
    notes = [f"{one.made[:10]} {one.by}: {one.kind}. {one.note}".strip() for one in ledger.decisions("matter") if mine & set(one.members)]
    return Dossier(str(group), matter.words, members, _captures(ledger, articles.values()), ledger.size(), tuple(notes))


def _captures(ledger: "Ledger", articles: "Iterable[ArticleRow]") -> Iterator[Capture]:
    for article in articles:
        kept = ledger.capture(article.version)
        if kept is not None:
            yield Capture(article.id, kept.body, kept.url, kept.retrieved, kept.media_type)


# --- names -----------------------------------------------------------------------------------------------------------


def find(ledger: "Ledger", name: str) -> "list[Identity]":
    """Everybody and everything that a name can mean: those who bear it in full, and are in most articles, before the others."""
    from allegedly.compare.identity import Identities
    from allegedly.inquiry import stores

    return list(Identities(ledger.index, stores.Identities(ledger)).find(name))


def names_of(ledger: "Ledger", identity: int) -> "NamesTable":
    """What each outlet calls an identity, over how many of its articles read."""
    from allegedly.compare.names import Outlet, table

    found = ledger.designations([identity])
    articles = {row.number: (row.outlet, row.published) for row in ledger.articles({d.article for d in found}).values()}
    counted = table(identity, found, articles)
    read = ledger.read_by_outlet()
    naming = {outlet.outlet: outlet.naming for outlet in counted.outlets}
    return replace(counted, outlets=tuple(Outlet(outlet, count, naming.get(outlet, 0)) for outlet, count in sorted(read.items())))
