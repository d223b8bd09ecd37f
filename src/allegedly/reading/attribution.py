"""Who says it: attributions from the model's spans, nested ones from the tree, and the voice of every statement.

The model marks outermost attributions as PolNeAR does (Newell, Margolin & Ruths 2018); the tree finds those inside them, at verbs of
saying and thinking with a clause of their own.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from allegedly.language import words
from allegedly.reading.certainty import Sure
from allegedly.reading.statements import Finder, Predication
from allegedly.reading.tree import Tree
from allegedly.records import Attribution, AttributionKind, Force, Mention, RawAttribution, Sourcing, Span, Spans

Words = Mapping[str, tuple[str, ...]]

_OPEN = "\"“„«‘'"
_CLOSE = "\"”»’'"
_QUOTED = re.compile(r"“[^”]{1,4000}(?:”|$)|\"[^\"]{1,4000}(?:\"|$)|«[^»]{1,4000}»|‘[^’]{2,4000}’(?!\w)")


LONGEST_SOURCE = 120  # characters of a coordinated source that are kept as one span


@dataclass(frozen=True, slots=True)
class Voices:
    """The attributions of a text, and whose voice a character stands in."""

    attributions: tuple[Attribution, ...]
    presupposing: frozenset[str] = field(default_factory=lambda: frozenset(words("cues")["speech.presupposing"]))

    def at(self, position: int) -> str:
        """The innermost attribution whose content holds the character, "author" where none does."""
        best, size = "author", 1 << 60
        for a in self.attributions:
            if any(s <= position < e for s, e in a.content) and not any(s <= position < e for s, e in (*a.cue, *a.source)):
                length = _size(a.content)
                if length < size:
                    best, size = a.id, length
        return best

    def of(self, p: Predication, tree: Tree) -> str:
        """Whose words a predicate stands in. A clause before its content ("If it rains, he said, we go") speaks with the content."""
        at = p.verb
        above = self._outside(p, tree)
        if above >= 0:
            return self.at(tree[above].start)
        voice = self.at(tree[at].start)
        for up in tree.ancestors(p.verb) if voice == "author" else ():
            if tree[at].relation == "advcl" and up > at:
                return self.at(tree[up].start)
            if tree[at].relation not in ("conj", "xcomp", "ccomp"):
                break
            at = up
        return voice

    def _outside(self, p: Predication, tree: Tree) -> int:
        """The cue that a predicate only seems to be under, else -1: it is the cue's own conjunct ("charged the banker and
        froze his assets"), or an event noun that the cue takes for granted ("condemned the attack").
        """
        cues = [c for a in self.attributions for c in a.cue]
        starts = {t for s, e in cues for t in range(s, e)}
        at = p.verb
        while tree[at].relation == "conj" and tree[tree[at].head].upos == "VERB":
            at = tree[at].head
        if at != p.verb and tree[at].start in starts and not any(r in ("ccomp", "parataxis") and c > at for r, c in _clauses(at, tree)):
            return at
        head = tree[p.head].head
        if p.kind != "noun" or p.light or head < 0 or tree[p.head].relation not in ("obj", "nsubj:pass"):
            return -1
        return head if tree[head].lemma.lower() in self.presupposing and tree[head].start in starts else -1


class Attributions:
    """Builds the attributions of one text."""

    def __init__(self, tree: Tree, mentions: tuple[Mention, ...], words: Words, named: frozenset[str]) -> None:
        self.tree = tree
        self.words = words
        self.named = named
        self.force = {
            lemma: force
            for force in ("says", "asserts", "denies", "doubts", "concedes", "believes", "wants")
            for lemma in words[f"force.{force}"]
        }
        self.starts = [t.start for t in tree.tokens]
        self.by_head = {m.head[0]: m for m in mentions if m.entity}

    def find(self, finder: Finder, *, first: int = 1) -> tuple[Attribution, ...]:
        """All attributions, outermost first in text order, parents set. Ids are "a1", "a2", ..., from `first` on."""
        raw = [self._sourced(a, finder) for a in self.tree.analysis.attributions if a.content]
        nested = self._from_tree(finder, raw)
        rows = sorted({*raw, *nested}, key=lambda a: (min(s for s, _ in (*a.source, *a.cue, *a.content)), -_size(a.content), a.cue))
        drafts = [self._build(f"a{n}", a) for n, a in enumerate(rows, first)]
        return tuple(replace(d, parent=self._parent(d, drafts)) for d in drafts)

    def speaks(self, a: Attribution) -> bool:
        """Whether an attribution gives its content a voice: the model also marks deeds and attitudes, as PolNeAR does.

        False for a cue that is no word of saying over an object or subject with neither clause nor quotation marks ("angered [the
        press]"), and for a content with neither source, cue nor quotation marks.
        """
        if not a.cue and not a.source:
            return self._kind(a.content) != "indirect"
        if not a.cue or any(self.tree[i].lemma.lower() in self.force for span in a.cue for i in self.words_in(span)):
            return True
        head = self.head_of(a.cue[0])
        if self.tree[head].upos != "VERB" or self._kind(a.content) != "indirect":
            return True
        inside = {self.head_of(s) for s in a.content}
        return any(self.tree[i].relation.split(":")[0] not in ("obj", "obl", "iobj", "nsubj") for i in inside)

    def _sourced(self, a: RawAttribution, finder: Finder) -> RawAttribution:
        """An attribution whose source the model left open gets its cue's subject, own or shared ("admires X and trusts Y"), or owner."""
        if a.source or not a.cue:
            return a
        head = self.head_of(a.cue[0])
        who = finder.arguments(head).agent if self.tree[head].upos == "VERB" else finder.possessors(head)
        source = self._phrase(who)
        if any(s < end and start < e for s, e in source for start, end in (*a.content, *a.cue)):
            return a
        return replace(a, source=source)

    def _phrase(self, who: list[int]) -> Spans:
        """The words of a source: one span, also for "the mayor and the bishop"."""
        spans = sorted(self.tree.noun_phrase(w) for w in who)
        if not spans:
            return ()
        whole = (spans[0][0], max(e for _, e in spans))
        return (whole,) if whole[1] - whole[0] <= LONGEST_SOURCE else tuple(spans)

    # --- from the tree -------------------------------------------------------------------------------------------

    def _from_tree(self, finder: Finder, raw: list[RawAttribution]) -> list[RawAttribution]:
        """Attributions at verbs of saying and thinking that stand inside another's content, and calls and accusations wherever they stand.

        Outside contents the model is trusted: what it leaves out ("it is said", the author's own "I think") is left out.
        """
        tree, out = self.tree, []
        cues = [s for a in raw for s in a.cue]
        contents = [(s, e) for a in raw for s, e in a.content]
        clause, gerund, infinitive = (frozenset(self.words[f"speech.{k}"]) for k in ("clause", "gerund", "infinitive"))
        for i, token in enumerate(tree.tokens):
            if token.upos != "VERB" or any(s < token.end and token.start < e for s, e in cues):
                continue
            inside = any(s <= token.start < e for s, e in contents)
            body = self._body(i, clause, gerund, infinitive)
            if body < 0:
                continue
            found = finder.arguments(i)
            who = found.agent
            if not who or (not inside and not self._strong(i, body)):
                continue
            source = self._phrase(who)
            content = self._clause_span(body, without=i if tree[i].head == body else -1)
            if any(s < content[1] and content[0] < e for s, e in source):
                continue
            if not inside and any(s < content[1] and content[0] < e for s, e in contents):
                continue
            out.append(RawAttribution(source, ((token.start, token.end),), (content,), 0.5))
        return out

    def _body(self, i: int, clause: frozenset[str], gerund: frozenset[str], infinitive: frozenset[str]) -> int:
        """The head of what a verb reports, or -1."""
        tree, lemma = self.tree, self.tree[i].lemma.lower()
        for c in tree.children[i]:
            relation = tree[c].relation.split(":")[0]
            if relation == "ccomp" and lemma in clause:
                return c
        if tree[i].relation == "parataxis" and lemma in clause and tree.find(i, "nsubj") and tree[tree[i].head].upos == "VERB":
            return tree[i].head  # "Soldiers looted the museum, the curator told the press"
        for c in tree.children[i]:
            relation = tree[c].relation.split(":")[0]
            if (
                relation in ("xcomp", "advcl")
                and lemma in infinitive
                and tree.has(c, "VerbForm=Inf")
                and any(tree[m].form.lower() == "to" for m in tree.exactly(c, "mark"))
            ):
                return c
            if relation == "advcl" and lemma in gerund and {tree[m].form.lower() for m in tree.exactly(c, "mark", "case")} & {"of", "for"}:
                return c
        return -1

    def _strong(self, i: int, body: int) -> bool:
        """Whether an attribution that the model did not mark is added outside of contents: not negated, hypothetical or bare."""
        tree = self.tree
        if tree.has(i, "VerbForm=Inf") or tree.find(i, "mark"):
            return False
        return not any(tree[c].form.lower() in ("not", "n't", "n’t", "never") or tree[c].relation == "aux" for c in tree.children[i])

    def _clause_span(self, i: int, *, without: int) -> Span:
        """The characters of a clause; an inserted or following "he said" is no part of it."""
        left_out = set(self.tree.subtree(without)) if without >= 0 else set()
        words = [w for w in self.tree.subtree(i) if w not in left_out]
        while len(words) > 1 and self.tree[words[-1]].upos == "PUNCT":
            words.pop()
        return self.tree[words[0]].start, self.tree[words[-1]].end

    # --- what is said of each ------------------------------------------------------------------------------------

    def word_at(self, position: int) -> int:
        """The last word that begins at or before a character."""
        return max(0, bisect_right(self.starts, position) - 1)

    def words_in(self, span: Span) -> range:
        """The words of a span."""
        return range(self.word_at(span[0]), self.word_at(span[1] - 1) + 1)

    def head_of(self, span: Span) -> int:
        """The word of a span whose head lies outside of it."""
        first, last = self.word_at(span[0]), self.word_at(span[1] - 1)
        return next((i for i in range(first, last + 1) if not first <= self.tree[i].head <= last), first)

    def _build(self, name: str, a: RawAttribution) -> Attribution:
        head = self.head_of(a.source[0]) if a.source else -1
        mention = self.by_head.get(self.tree[head].start) if head >= 0 else None
        return Attribution(
            name, a.source, a.cue, a.content, mention.entity if mention else None, self._kind(a.content), self._force(a), None, a.score
        )

    def _kind(self, content: Spans) -> AttributionKind:
        """Direct: all in quotation marks; mixed: some words in them; indirect: none."""
        text = self.tree.analysis.text
        quoted = total = 0
        for s, e in content:
            words = text[s:e]
            inside = sum(len(m[0]) for m in _QUOTED.finditer(words))
            if not inside and s and text[s - 1] in _OPEN and e < len(text) and text[e] in _CLOSE:
                inside = e - s
            quoted += inside
            total += len(words.rstrip(" ,.;:"))
        if quoted <= 2:
            return "indirect"
        return "direct" if quoted >= 0.9 * total else "mixed"

    def _force(self, a: RawAttribution) -> Force:
        """From the cue's words, the head first; a negated verb of saying or thinking keeps its force."""
        for span in a.cue:
            head = self.head_of(span)
            lemma = self.tree[head].lemma.lower()
            after = self.tree[head + 1].form.lower() if head + 1 < len(self.tree.tokens) else ""
            for key in (f"{lemma}_{after}", lemma):
                if key in self.force:
                    return self.force[key]  # type: ignore[return-value]
            for i in self.words_in(span):
                if self.tree[i].lemma.lower() in self.force:
                    return self.force[self.tree[i].lemma.lower()]  # type: ignore[return-value]
        return "says"

    def _parent(self, a: Attribution, others: list[Attribution]) -> str | None:
        """The smallest other attribution whose content holds this one's cue (or content, where it has no cue)."""
        anchor = (a.cue or a.content)[0]
        best, size = None, _size(a.content) if a.content else 0
        limit = 1 << 60
        for b in others:
            if b.id != a.id and any(s <= anchor[0] and anchor[1] <= e for s, e in b.content) and size <= _size(b.content) < limit:
                best, limit = b.id, _size(b.content)
        return best

    def sourcing(self, a: Attribution) -> Sourcing:
        """Whether a source is named, a document, or somebody unnamed; "none" where the attribution has no source."""
        if not a.source:
            return "none"
        head = self.head_of(a.source[0])
        if a.entity in self.named or head in self.tree.named:
            return "named"
        return "document" if self.tree[head].lemma.lower() in self.words["source.document"] else "unnamed"


def _clauses(i: int, tree: Tree) -> list[tuple[str, int]]:
    return [(tree[c].relation.split(":")[0], c) for c in tree.children[i]]


def _size(spans: Spans) -> int:
    return sum(e - s for s, e in spans)


def reported(sure: Sure, speaker: Attribution | None, p: Predication, tree: Tree) -> Sure:
    """A content's main statement as its source puts it: denied contents are negated, doubted ones possible."""
    if speaker is None or speaker.force not in ("denies", "doubts"):
        return sure
    inside = (tree[up] for up in tree.ancestors(p.verb))
    if any(t.upos == "VERB" and any(s <= t.start < e for s, e in speaker.content) for t in inside):
        return sure
    if speaker.force == "denies" and sure.polarity == "affirmed":
        return replace(sure, polarity="negated", rule="force:denies")
    if speaker.force == "doubts" and sure.status == "actual":
        return replace(sure, status="possible", rule="force:doubts")
    return sure


def is_framing(p: Predication, words: Words, cue_words: frozenset[int]) -> bool:
    """Whether a predicate only frames somebody's words: a verb of saying or thinking that is a cue or has a clause."""
    if p.kind != "verb" or p.lemma not in words["framing"]:
        return False
    return p.verb in cue_words or any(r in ("ccomp", "parataxis") for r, _ in p.clauses)
