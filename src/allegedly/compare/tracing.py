"""Tracing: the matters that a pasted claim belongs to, looked up like a claim of any article; nothing is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from allegedly.compare.happenings import context_of
from allegedly.compare.matters import Matter, Matters, MatterStore, Member, Side, lay_out, matter
from allegedly.compared import Claim, Verdict


@dataclass(frozen=True, slots=True)
class Trace:
    """A pasted claim in a matter: how it stands to the matter's proposition, by what verdict, and the matter.

    Where `matter.rows` has a single row, nobody else here says or denies it.
    """

    claim: Claim
    side: Side
    verdict: Verdict
    against: int
    matter: Matter


def trace(claims: Sequence[Claim], matters: Matters, *, most: int = 5) -> tuple[Trace, ...]:
    """The matters that pasted claims belong to, best first for each claim, at most so many; nothing is kept.

    `claims` are those of the pasted text, read like any article. Also found are single statements that no other met yet. A claim that names
    nobody and no place is not found: too much is said in such words.
    """
    found: list[Trace] = []
    store, context = matters.store, context_of(claims)
    for claim in claims:
        if not claim.content:
            continue
        for member in matters.standing(claim, context)[:most]:
            whole = matter(member.matter, store) or _alone(member.matter, store)
            if whole is not None:
                found.append(Trace(claim, member.side, member.verdict, member.against, whole))
    return tuple(found)


def _alone(item: int, store: MatterStore) -> Matter | None:
    """A claim that is in no matter, as one."""
    claims = store.claims((item,))
    if item not in claims:
        return None
    first = Member(item, item, "same", Verdict("same", 1.0, "first"), item, True)
    return lay_out(item, [first], claims, store.appearances((claims[item].article,)))
