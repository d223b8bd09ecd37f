"""Whose voice a statement stands in: the innermost attribution whose content holds its predicate, or else the author's."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace

from allegedly.language import word_sets
from allegedly.reading.certainty import Sure
from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree
from allegedly.records import Attribution, Span, Spans

Words = Mapping[str, frozenset[str]]


class Ranges:
    """A set of spans, to ask whether one of them holds a character."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for s, e in sorted(spans):
            if self.ends and s <= self.ends[-1]:
                self.ends[-1] = max(e, self.ends[-1])
            else:
                self.starts.append(s)
                self.ends.append(e)

    def holds(self, position: int) -> bool:
        """Whether a character lies in one of the spans."""
        at = bisect_right(self.starts, position) - 1
        return at >= 0 and position < self.ends[at]

    def cut(self, spans: Spans, position: int) -> Spans:
        """Spans without what lies outside of the range that holds a character; all of them where none does."""
        at = bisect_right(self.starts, position) - 1
        if at < 0 or position >= self.ends[at]:
            return spans
        low, high = self.starts[at], self.ends[at]
        return tuple((max(s, low), min(e, high)) for s, e in spans if max(s, low) < min(e, high))


class Voices:
    """Whose voice a character stands in, for the attributions of one text that give their content a voice."""

    def __init__(self, attributions: tuple[Attribution, ...]) -> None:
        self.words = word_sets("cues")
        self.conditions = word_sets("certainty")["marks.conditional"]
        self.cues = {t: a.id for a in reversed(attributions) for s, e in a.cue for t in range(s, e)}
        self.bounds = sorted({x for a in attributions for span in (*a.content, *a.cue, *a.source) for x in span})
        self.by_id = {a.id: a for a in attributions}
        self.voice = ["author"] * len(self.bounds)  # of the stretch that begins at a bound
        for a in sorted(attributions, key=lambda a: size(a.content), reverse=True):  # the innermost is painted last
            own = Ranges((*a.cue, *a.source))
            for s, e in a.content:
                for i in range(bisect_left(self.bounds, s), bisect_left(self.bounds, e)):
                    if not own.holds(self.bounds[i]):
                        self.voice[i] = a.id

    def at(self, position: int) -> str:
        """The innermost attribution whose content holds the character, "author" where none does."""
        at = bisect_right(self.bounds, position) - 1
        return self.voice[at] if at >= 0 else "author"

    def of(self, p: Predication, tree: Tree) -> str:
        """Whose words a predicate stands in. A clause before its content ("If it rains, he said, we go") speaks with the content."""
        at = p.verb
        top = at
        while tree.bases[top] == "xcomp" and tree[top].head >= 0:
            top = tree[top].head
        if said := self._resumed(top, tree):
            return said
        above = self._outside(p, tree)
        if above >= 0:
            return self.at(tree[above].start)
        voice = self.at(tree[at].start)
        if voice != "author":
            return self._granted(p, tree, self.by_id[voice])
        if said := self._continued(p, tree):
            return said
        for up in tree.ancestors(p.verb) if voice == "author" else ():
            fronted = self._condition(at, tree)
            if up > at and (tree[at].relation == "advcl" or (fronted and tree[at].relation == "ccomp")):
                return self._cued(tree[up].start) if fronted else self.at(tree[up].start)
            if tree[at].relation not in ("conj", "xcomp", "ccomp"):
                break
            at = up
        return voice

    def _granted(self, p: Predication, tree: Tree, a: Attribution) -> str:
        """The attribution that a predicate stands in, or the voice around that.

        What a demand, a promise or a rejection takes for granted in a clause on a noun is the reporter's ("asked the court to try the men
        [who fled]", "rejected the men [who fled]"), and so is what stands above the cue's own relative clause ("the offer [was refused] by
        the abbot, who called it a trick").
        """
        if not a.cue or a.kind != "indirect":
            return a.id
        start = a.cue[0][0]
        heads = [i for i in (p.verb, *tree.ancestors(p.verb)) if any(s <= tree[i].start < e for s, e in a.content)]
        top = heads[-1]
        above = tree[top].head
        cue = above >= 0 and any(s <= tree[above].start < e for s, e in a.cue)
        asked = a.force in ("wants", "denies", "doubts") or tree.has(top, "VerbForm=Inf")
        whether = any(tree[m].form.lower() == "whether" for m in tree.exactly(top, "mark"))
        known = any(self._describes(i, tree) for i in heads[:-1])
        if cue and ((asked and self._nominal(top, tree) and (known or any(self._given(i, tree) for i in heads))) or (whether and known)):
            return self.at(start)
        inside = {p.verb, *tree.ancestors(p.verb)}
        at, relative = next((i for i in range(len(tree)) if tree[i].start >= start), p.verb), False
        while at >= 0 and at not in inside:
            relative = relative or tree.relations[at].startswith("acl:relcl")
            at = tree[at].head
        return self.at(start) if relative and at >= 0 and tree[p.verb].start < start else a.id

    def _nominal(self, top: int, tree: Tree) -> bool:
        """Whether a content is no clause that is told, but a noun, an infinitive or a gerund under its cue."""
        return tree.bases[top] in ("obj", "iobj", "obl", "nmod", "xcomp", "advcl", "acl") and not tree.find(top, "nsubj")

    def _describes(self, i: int, tree: Tree) -> bool:
        """Whether a clause tells of a noun what is so: a relative clause, or a participle of the past ("the islands hit by the storm")."""
        participle = tree.relations[i] == "acl" and tree.has(i, "VerbForm=Part") and tree.has(i, "Tense=Past")
        return tree.relations[i].startswith("acl:relcl") or (participle and not tree.exactly(i, "mark"))

    def _given(self, i: int, tree: Tree) -> bool:
        """Whether a happening is what something is done over or after: "threatened to strike over the [murder]"."""
        phrase = tree.bases[i] in ("obl", "nmod") and tree[i].upos == "NOUN"
        return phrase and tree.preposition(i) in ("over", "after", "following", "since", "amid", "despite")

    def _continued(self, p: Predication, tree: Tree) -> str:
        """The voice of what goes on after a comment: "Nobody fled, the army says, and the camp [is] open" is the army's to the end."""
        at = p.verb
        while tree.bases[at] == "xcomp" and tree[at].head >= 0:
            at = tree[at].head
        head = tree[at].head
        joined = {tree[c].form.lower() for c in tree.exactly(at, "cc")}
        same = any(tree[c].upos == "PRON" for c in tree.exactly(at, "nsubj", "nsubj:pass"))  # "but they are not", of those spoken of
        if tree[at].relation != "conj" or head < 0 or not ("and" in joined or ("but" in joined and same)):
            return ""
        voice = self.at(tree[head].start)
        a = self.by_id.get(voice)
        whole = tree.find(at, "nsubj") or tree.exactly(at, "aux")
        between = a is not None and a.cue and tree[head].start < a.cue[0][0] < tree[at].start and whole
        return voice if between and a and a.content[0][0] <= tree[head].start and not a.content[-1][1] > a.cue[0][0] else ""

    def _resumed(self, at: int, tree: Tree) -> str:
        """The voice of what goes on after a comment, which the tree hangs on the comment: "It may close, he hinted, and [could reopen]",
        "The rebels left, he said, but [they will return]", "The truce broke, he said, because the army [had fired]".
        """
        cue = tree[at].head
        marks = {tree[m].form.lower() for m in tree.exactly(at, "mark")}
        goes_on = tree.bases[at] == "ccomp" and not marks & {"though", "although", "while"}  # "though she did not say why"
        if (goes_on or (tree.bases[at] == "advcl" and "because" in marks)) and 0 <= cue < at and tree.find(at, "nsubj"):
            a = self.by_id.get(self.cues.get(tree[cue].start, ""))
            before = a is not None and a.cue and a.kind == "indirect" and a.content[-1][1] <= a.cue[0][0]
            return a.id if a and before and not any(t.form in (";", "—", "--") for t in tree.tokens[cue:at]) else ""
        if tree[at].relation != "conj" or cue < 0 or tree[cue].start not in self.cues:
            return ""
        begun = next((c for c in tree.exactly(cue, "ccomp") if c < cue), -1)
        if begun < 0:
            return ""
        own, first, speaker = (tree.find(i, "nsubj")[:1] for i in (at, begun, cue))
        if own and first and speaker:  # "they" are those spoken of, where the speaker is one
            plural = [tree.has(x, "Number=Plur") for x in (*own, *first, *speaker)]
            goes_on = tree[own[0]].upos == "PRON" and plural[0] == plural[1] != plural[2]
        else:
            goes_on = not own and all(tree.exactly(i, "aux") for i in (begun, at)) and not tree.exactly(cue, "aux")
        return self.cues[tree[cue].start] if goes_on else ""

    def _condition(self, clause: int, tree: Tree) -> bool:
        """Whether a clause is a condition: by its conjunction, or by inversion ("Had they come")."""
        if marks := tree.exactly(clause, "mark"):
            return any(tree[m].form.lower() in self.conditions for m in marks)
        subject = next(iter(tree.find(clause, "nsubj")), -1)
        return any(tree[a].form.lower() in ("had", "were", "should") and a < subject for a in tree.exactly(clause, "aux", "cop"))

    def _cued(self, position: int) -> str:
        """The voice of a condition: that of its main clause, or of the cue it hangs on ("Unless it rains, she warned, we starve")."""
        voice = self.at(position)
        return self.cues.get(position, voice) if voice == "author" else voice

    def _outside(self, p: Predication, tree: Tree) -> int:
        """The cue that a predicate only seems to be under, else -1: it is the cue's own conjunct ("charged the banker and
        froze his assets"), or an event noun that the cue takes for granted ("condemned the attack", "rejected the offer", "expressed
        regret for the raid").
        """
        starts, at = self.cues, p.verb
        while tree.bases[at] in ("advcl", "xcomp") and tree[at].head >= 0 and tree[at].start not in starts:  # "stopped short of [saying]"
            at = tree[at].head
        at = at if tree[at].relation == "conj" else p.verb
        while tree[at].relation == "conj" and tree[tree[at].head].upos == "VERB":
            at = tree[at].head
        if at != p.verb and tree[at].start in starts and not any(r in ("ccomp", "parataxis") and c > at for r, c in _clauses(at, tree)):
            return at
        head = tree[p.head].head
        if p.kind != "noun" or p.light or head < 0:
            return -1
        alone = len(tree.exactly(head, "nsubj")) == 1 and not tree.exactly(head, "ccomp")
        if tree[p.head].relation == "nsubj" and alone and tree[head].start in starts:  # "the arrest drew criticism"
            return head
        granted = tree[head].lemma.lower() in self.words["speech.presupposing"]
        answered = tree[head].lemma.lower() in self.words["speech.answering"] and p.lemma in self.words["speech.noun"]
        if tree[p.head].relation in ("obj", "nsubj:pass") and (granted or answered):
            return head if tree[head].start in starts else -1
        above = tree[head].head
        feeling = tree[p.head].relation == "nmod" and tree[head].lemma.lower() in self.words["speech.presupposing_noun"]
        return above if feeling and above >= 0 and tree[above].start in starts else -1


def _clauses(i: int, tree: Tree) -> list[tuple[str, int]]:
    return [(tree.bases[c], c) for c in tree.children[i]]


def size(spans: Spans) -> int:
    """How many characters spans have."""
    return sum(e - s for s, e in spans)


def reported(sure: Sure, speaker: Attribution | None, p: Predication, tree: Tree) -> Sure:
    """A content's main statement as its source puts it: denied contents are negated, doubted ones possible, but quotations stay as they
    are ("'It is a farce,' she countered"). What stands in the reach of the cue in the tree has been judged there ("denied that he failed
    to pay"). Hearsay is told as a fact, by whoever tells it ("reportedly fled").
    """
    hearsay = sure.rule.split(":")[-1]
    told = word_sets("cues")["speech.hearsay"]
    if speaker is not None and not speaker.source:  # not "is believed by the police to have left"
        told = told | word_sets("cues")["speech.hearsay_of_past"]
    if speaker is not None and sure.status == "possible" and hearsay in told:
        near = (tree[i] for i in (*tree.ancestors(p.verb), *tree.children[p.verb]) if tree[i].lemma.lower() == hearsay)
        if any(s <= t.start < e for t in near for s, e in speaker.cue):
            return replace(sure, status="actual", rule=f"hearsay:{sure.rule}")
    if speaker is None or speaker.force not in ("denies", "doubts") or speaker.kind == "direct":
        return sure
    if any(s <= tree[i].start < e for i in sure.through for s, e in speaker.cue):
        return sure
    if any(tree.has(c, "PronType=Int") for c in tree.children[p.verb]):  # "wondered why they had left" takes it for granted
        return sure
    first = p.head
    while tree[first].relation == "conj":
        first = tree[first].head
    beside = p.kind == "noun" and not p.light and tree.bases[first] == "nmod" and tree.preposition(first) not in ("", "of")
    if beside or any(tree[c].form.lower() == "neither" for c in tree.children[first]):
        return sure  # "rejected the remarks on the killing", "denies neither the raid nor"
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
    return p.verb in cue_words or any(r == "ccomp" or (r == "parataxis" and c not in cue_words) for r, c in p.clauses)


def parents_of(drafts: list[Attribution]) -> dict[str, str]:
    """For each attribution, the smallest other whose content holds its cue (or content, where it has no cue)."""
    out: dict[str, str] = {}
    waiting = sorted(((s, e, b) for b in drafts for s, e in b.content), key=lambda x: x[:2], reverse=True)
    above: list[tuple[int, int, Attribution]] = []
    for a in sorted(drafts, key=lambda a: (a.cue or a.content)[0]):
        start, end = (a.cue or a.content)[0]
        while waiting and waiting[-1][0] <= start:
            above.append(waiting.pop())
        above = [x for x in above if x[1] > start]
        holding = [b for _, e, b in above if e >= end and b.id != a.id and size(b.content) >= size(a.content)]
        if holding:
            out[a.id] = min(holding, key=lambda b: (size(b.content), b.id)).id
    return out
