"""Which earlier entity a pronoun or a description means: what speaks for each, weighed.

A log-linear ranking of what came before against "nothing before" (Denis & Baldridge 2008, https://aclanthology.org/D08-1069; features
after Durrett & Klein 2013, https://aclanthology.org/D13-1203). Each piece of evidence is a line of `data/<code>/coreference.toml`
that can be read: "it distance 1" is the weight of an "it" whose candidate was last mentioned one sentence before. No evidence looks at
the spelling of a name, so that who stands in a place changes nothing. The weights are learned by `training/coreference.py`.

What the model's own coreference head says (`Analysis.links`) is one more piece: the log-odds of a link are added, times a weight.
"""

import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from allegedly.records import EntityType, Token, changed, quick

NAME = "(name)"  # stands for every proper noun
LINK_SURE = 4.0  # log-odds beyond which a link says no more
_ROLES = {
    "nsubj": "subject",
    "csubj": "subject",
    "obj": "object",
    "iobj": "object",
    "obl": "oblique",
    "nmod": "modifier",
    "compound": "compound",
    "amod": "compound",
    "appos": "apposition",
    "root": "root",
    "parataxis": "root",
    "dislocated": "root",
}
_WITHIN = frozenset({"amod", "compound", "nmod:desc"})
_RANKS = {"subject": 0, "object": 1, "root": 1, "oblique": 2}
_MODIFYING = frozenset({"amod", "compound", "nmod", "nmod:desc", "nmod:unmarked", "nmod:poss", "acl", "acl:relcl", "nummod"})


@quick
@dataclass(frozen=True, slots=True)
class Profile:
    """What a mention's own words and its place in the tree say. `kind` is its form: "it", "they", "the", "a", "name", ..."""

    kind: str
    lemma: str
    word: str
    role: str
    sentence: int
    governor: int
    plural: bool
    modifiers: frozenset[str]
    type: EntityType


@dataclass(slots=True)
class Known:
    """An entity as it stands: its last mention, its last mention with the head in question, how often it was mentioned, and how it agrees.

    `sure` says that its gender is known and is the pronoun's; `rivals` how many entities have the head noun, `words` with which
    modifiers it came.
    """

    last: Profile
    same: Profile | None
    size: int
    type: EntityType
    plural: bool
    named: bool
    rank: int
    words: frozenset[str] = frozenset()
    rivals: int = 0
    sure: bool = False
    link: float = 0.0


class Profiler:
    """Profiles of mentions from their tokens."""

    def __init__(self, tokens: tuple[Token, ...], children: list[list[int]], definite: frozenset[str], indefinite: frozenset[str]) -> None:
        self.tokens, self.children, self.definite, self.indefinite = tokens, children, definite, indefinite

    def pronoun(self, head: int, kind: str, kind_type: EntityType) -> Profile:
        """The profile of a pronoun of one of the kinds "he", "it", "they", "this", "these"."""
        return changed(self._profile(head, kind, frozenset(), kind_type), lemma="", word="")

    def name(self, head: int, kind_type: EntityType) -> Profile:
        """The profile of a name; one that only modifies ("the Osk army") is of a kind of its own."""
        profile = self._profile(head, "name", frozenset(), kind_type)
        return changed(profile, kind="name within") if self.tokens[head].relation in _WITHIN else profile

    def description(self, head: int, kind_type: EntityType) -> Profile:
        """The profile of a noun with its modifiers."""
        modifiers, kind = set(), ""
        for c in self.children[head]:
            token = self.tokens[c]
            form = token.form.lower()
            if token.relation == "nmod:poss":
                kind = "whose"
            elif c < head and token.relation.startswith("det"):
                kind = kind or ("the" if form == "the" else "this" if form in self.definite else "a" if form in self.indefinite else "")
            elif token.relation == "nummod":
                kind = kind or "number"
            if token.relation in _MODIFYING and token.upos != "PRON":
                proper = token.upos == "PROPN" or token.form[:1].isupper()
                modifiers.add(NAME + token.lemma.lower() if proper else token.lemma.lower())
        plural = "Number=Plur" in self.tokens[head].features
        return self._profile(head, kind or ("bare plural" if plural else "bare"), frozenset(modifiers), kind_type)

    def _profile(self, head: int, kind: str, modifiers: frozenset[str], kind_type: EntityType) -> Profile:
        token = self.tokens[head]
        top = token
        for _ in range(8):  # a conjunct has the role of the first
            if top.relation != "conj" or not 0 <= top.head < len(self.tokens):
                break
            top = self.tokens[top.head]
        relation, _, subtype = top.relation.partition(":")
        role = "owner" if subtype == "poss" else "compound" if subtype == "desc" else _ROLES.get(relation, "other")
        plural = "Number=Plur" in token.features
        lemma = token.lemma.lower()
        word = NAME if token.upos == "PROPN" else lemma
        return Profile(kind, lemma, word, role, token.sentence, top.head, plural, modifiers, kind_type)


class Evidence:
    """The weights, and the evidence for an entity or for none."""

    def __init__(self, weights: dict[str, float], tokens: tuple[Token, ...]) -> None:
        self.weights, self.tokens = weights, tokens

    def weigh(self, mention: Profile, known: Known) -> float:
        """The sum of all that speaks for `mention` meaning an entity, less what speaks against."""
        get = self.weights.get
        if known.same is None and mention.lemma:  # of two nouns only a link says that they mean one thing
            return self.weights["link"] * known.link if known.link > 0 else -math.inf
        return sum([get(key, 0.0) for key in self.pair(mention, known)]) + self.weights["link"] * known.link

    def none(self, mention: Profile, seen: bool) -> float:
        """The same for its meaning nothing that came before; `seen` says that its head noun did.

        Some is taken off, since a link missed costs more than a link too many: much for "he", who was nearly always named, more for a
        thing than for people and bodies, where a wrong link would put words into somebody's mouth.
        """
        get = self.weights.get
        caution = "he" if mention.kind == "he" else "thing" if mention.lemma and mention.type == "other" else "other"
        return sum([get(key, 0.0) for key in self.alone(mention, seen)]) - self.weights[f"caution {caution}"]

    def pair(self, mention: Profile, known: Known) -> Iterator[str]:
        """The names of the evidence in a mention and an entity."""
        last = known.last
        far = mention.sentence - last.sentence
        gap = str(far) if far < 4 else "4-9" if far < 10 else "10-24" if far < 25 else "25+"
        kind = mention.kind
        shape = f"{known.type}{' plural' if known.plural else ''}{' named' if known.named else ''}"
        yield f"{kind} distance {gap}"
        yield f"{kind} between {known.rank if known.rank < 4 else '4-7' if known.rank < 8 else '8+'}{' same sentence' if far == 0 else ''}"
        yield f"{kind} {mention.role} of {last.role}{' same sentence' if far == 0 else ''}"
        yield f"{kind} after {last.kind}"
        yield f"{kind} is {shape}{' of that gender' if known.sure else ''}"
        yield f"{kind} mentioned {known.size if known.size < 3 else '3-5' if known.size < 6 else '6+'}"
        if mention.governor >= 0 and last.governor >= 0:
            if far == 0:
                yield f"{kind} tree {self._tree(mention.governor, last.governor)} {mention.role} of {last.role}"
            elif self.tokens[mention.governor].lemma == self.tokens[last.governor].lemma:
                yield f"{kind} governor again"
        if known.same is not None:
            yield from self._same_head(mention, known, known.same, gap)

    def _same_head(self, mention: Profile, known: Known, same: Profile, gap: str) -> Iterator[str]:
        kind, own, others = mention.kind, mention.modifiers, same.modifiers
        words = "same" if own == others else "fewer" if own < others else "more" if own > others else "different"
        empty = "" if own or others else " none"
        yield f"{kind} modifiers {words}{empty}"
        yield f"{kind} modifiers {words}{empty} after {same.kind}"
        yield f"{kind} modifiers {words}{empty} distance {gap}"
        yield f"{kind} number {mention.plural == same.plural} with head"
        yield f"{kind} {mention.role} with head {same.role}"
        yield f"{kind} rivals {min(known.rivals, 4)}"
        yield f"{kind} type {mention.type} again {known.type}"
        yield f"noun {mention.word} again"
        if own:
            yield f"{kind} modifiers met {own <= known.words}"
        for word in own - known.words:
            yield "modifier owner" if word.startswith("of:") else "modifier name" if word.startswith(NAME) else f"modifier {word}"
        for word in known.words - own:
            if word.startswith("of:"):
                yield "modifier owner before"

    def _tree(self, governor: int, other: int) -> str:
        """How the word that a mention hangs on lies to that of another: the same, above, below, or beside it."""
        if governor == other:
            return "same"
        for start, end, word in ((governor, other, "below"), (other, governor, "above")):
            at = start
            for _ in range(4):
                at = self.tokens[at].head
                if at < 0 or at >= len(self.tokens):
                    break
                if at == end:
                    return word
        return "apart"

    def alone(self, mention: Profile, seen: bool) -> Iterator[str]:
        """The names of the evidence in a mention for its meaning nothing that came before."""
        kind = mention.kind
        yield f"{kind} new"
        yield f"{kind} new {mention.role}"
        if mention.lemma:
            yield f"{kind} new {'seen' if seen else 'unseen'} modifiers {min(len(mention.modifiers), 2)}"
            yield f"{kind} new {mention.type}"
            yield f"noun {mention.word} new"
        elif 0 <= mention.governor < len(self.tokens):
            governor = self.tokens[mention.governor]
            yield f"{kind} new {mention.role} under {governor.upos}"
            word = f"{mention.role} under {governor.lemma}" if governor.upos in ("VERB", "ADJ") else f"under {governor.upos}"
            yield f"{kind} new {word}"


def ranked(candidates: list[Known], sentence: int) -> None:
    """Numbers a pronoun's candidates, given the latest first, in the order in which Hobbs (1978) would look at them.

    Those of its own sentence from right to left, then sentence by sentence, each from its subject down and from left to right.
    """
    backwards = {id(known): place for place, known in enumerate(candidates)}

    def order(known: Known) -> tuple[int, int, int]:
        far, place = sentence - known.last.sentence, backwards[id(known)]
        return (far, 0, place) if far == 0 else (far, _RANKS.get(known.last.role, 3), -place)

    for rank, known in enumerate(sorted(candidates, key=order)):
        known.rank = rank


def log_odds(probability: float) -> float:
    """The log-odds of a probability, held within what a head can be sure of."""
    p = min(max(probability, 1e-6), 1 - 1e-6)
    return max(-LINK_SURE, min(LINK_SURE, math.log(p / (1 - p))))


@lru_cache(maxsize=2)
def weights(code: str = "en") -> dict[str, float]:
    """The weights of `data/<code>/coreference.toml`."""
    data = tomllib.loads((files("allegedly") / "data" / code / "coreference.toml").read_text(encoding="utf-8"))
    return {**data["weights"], "link": data["link"], **{f"caution {kind}": value for kind, value in data["caution"].items()}}
