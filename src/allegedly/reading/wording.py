"""Charged and evasive language: which words, of what kind, and at whom they are aimed.

Kinds after Recasens, Danescu-Niculescu-Mizil & Jurafsky (2013: framing and epistemological bias) and the techniques of Da San Martino et
al. (2019). The words are in `data/en/wording.toml` and `stance.toml`; the model's spans (BABE, Spinde et al. 2021) join them as rule
"model:loaded".

A finding is the author's wording. So nothing is looked for between quotation marks, which hold somebody else's words, nor in notes; words
of a source that the author puts without quotation marks are the author's choice and count. On a machine's translation the rule's
name ends in "@machine": the word is the translator's, and comparisons leave it out.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from math import exp, log

from allegedly.language import word_sets, words
from allegedly.reading.judgements import Judgements
from allegedly.reading.judgements import lexicon as evaluative
from allegedly.records import Attribution, Mention, Span, Spans, Wording, WordingKind, changed

SHOWN = 0.5
"""From this score on a charged word is a finding."""
CHARGED = 0.75
"""How surely a listed word is charged."""
SLANTED = 0.5
"""A sentence that the model calls slanted with this probability or more has a charged word: the likeliest one, if none is likely enough."""
MACHINE = "@machine"
_QUOTED = re.compile(
    r"“[^”\n]{1,4000}(?:”|$)|\"[^\"\n]{1,4000}(?:\"|$)|«[^»\n]{1,4000}»|‘[^’\n]{1,400}’(?!\w)|(?<!\w)'[^'\n]{1,60}'(?!\w)", re.MULTILINE
)
_SCARE_WORDS = 4

Rest = tuple[tuple[tuple[str, ...], WordingKind], ...]
"""What follows the first two words of phrases, and their kinds."""
Found = tuple[WordingKind, Span, int, str, float]
"""Kind, span, the word at whose place a target is looked for (-1: none), rule, score."""


@lru_cache(maxsize=4)
def _charged(code: str = "en") -> Mapping[bool, frozenset[str]]:
    """Words that are charged, as verbs (true) and otherwise."""
    lists = words("wording", code)
    tables = evaluative(code).tables
    plain = frozenset(lists["loaded.plain"])
    strong = frozenset(w for name in ("adjective", "person", "deed") for w, (_, weight) in tables[name].items() if weight >= 0.8) - plain
    verbs = {w for w, (_, weight) in tables["conduct"].items() if weight >= 0.8} - plain
    either = strong.union(lists["loaded.strong"])
    return {False: either, True: either.union(verbs, lists["loaded.verbs"])}


@lru_cache(maxsize=8)
def _united(*names: str) -> frozenset[str]:
    """Several word lists as one."""
    return frozenset().union(*(word_sets("wording")[name] for name in names))


class Wordings:
    """The charged words of one text. Every rule yields what it finds; targets and order come after."""

    def __init__(self, judgements: Judgements, attributions: tuple[Attribution, ...], skipped: Spans) -> None:
        self.tree, self.finder, self.judgements = judgements.tree, judgements.finder, judgements
        self.text, self.starts = self.tree.analysis.text, self.tree.starts
        self.lists = word_sets("wording")
        self.naming = _united("label.nouns", "label.adjectives", "legitimacy.words")
        self.settling = _united("presupposing.verbs", "presupposing.refusing", "presupposing.nouns")
        self.vague = _united("vague.nouns", "vague.pronouns", "vague.passives", "vague.adverbs")
        self.all_or_none = _united("sweeping.everyone", "sweeping.always") | {"all", "no", "every"}
        self.listed = self.naming | self.settling | self.vague | self.all_or_none
        self.quotes = tuple(m.span() for m in _QUOTED.finditer(self.text))
        spoken = self.lists["syntax.naming"] | judgements.force.keys()
        self.contents = sorted(s for a in attributions if self._says(a, spoken) for s in a.content)
        self.skipped = skipped
        self.anothers = frozenset(
            i for start, end in (*self.quotes, *skipped) for i in range(bisect_left(self.starts, start), bisect_left(self.starts, end))
        )
        """Words that begin between quotation marks or in a note."""

    def _says(self, attribution: Attribution, spoken: frozenset[str] | set[str]) -> bool:
        """Whether the cue of an attribution is a word for saying, so that quoted words in its content may be the source's."""
        inside = (i for span in attribution.cue for i in self.words_in(span))
        return attribution.kind == "direct" or not attribution.cue or any(self.tree[i].lemma.lower() in spoken for i in inside)

    def words_in(self, span: Span) -> range:
        """The words of a span."""
        return range(max(0, bisect_right(self.starts, span[0]) - 1), max(0, bisect_right(self.starts, span[1] - 1) - 1) + 1)

    def run(self) -> Iterator[Found]:
        """All findings, those of one rule after another."""
        yield from self.scare_quotes()
        for i, token in enumerate(self.tree.tokens):
            if token.upos in ("PUNCT", "SYM", "X", "NUM") or i in self.anothers:
                continue
            forms = self.judgements.forms(i)
            if self.listed.isdisjoint(forms) and i not in self.judgements.hyphened:
                continue
            if not self.naming.isdisjoint(forms):
                yield from self.legitimacy(i)
                yield from self.label(i)
            lemma, form = token.lemma.lower(), token.form.lower()
            if lemma in self.settling and token.upos in ("VERB", "NOUN"):
                yield from self.presupposing(i)
            if lemma in self.vague or form in self.vague:
                yield from self.vague_source(i)
            if form in self.all_or_none:
                yield from self.sweeping(i)
        yield from self.phrases()

    def is_anothers(self, position: int) -> bool:
        """Whether a character stands between quotation marks or in a note."""
        return _holds(self.quotes, position) or _holds(self.skipped, position)

    def span(self, first: int, last: int | None = None) -> Span:
        """The characters from one word to another."""
        return self.tree[first].start, self.tree[first if last is None else last].end

    # --- one rule each ---------------------------------------------------------------------------------------------

    def charge(self, i: int) -> float:
        """How surely a word is charged by itself, 0 for one that no list has: "a lavish sham". Misses irony and context."""
        token = self.tree[i]
        if token.upos not in ("NOUN", "VERB", "ADJ", "ADV", "PROPN", "ADP", "DET"):
            return 0.0
        known, forms, form = _charged()[token.upos == "VERB"], self.judgements.forms(i), token.form
        if form[-2:].lower() == "ly" and len(form) > 5:
            form = form.lower()
            forms += (form[:-2], form[:-3] + "y", form[:-4])
        placed = any(p in ("in", "at", "on", "under", "near") for p, _ in self.finder.obliques(i))
        lying = token.lemma == "lie" and token.upos == "VERB" and placed  # "their statues lie in the bay"
        return 0.0 if known.isdisjoint(forms) or self._in_name(i) or self._of_things(i) or lying else CHARGED

    def charged(self, i: int) -> Span:
        """The characters of a charged word, with what stands before it where only the two together are listed."""
        start, end = self.judgements.whole(i)
        return min(start, self.tree[self._first(i, _charged()[False])].start), end

    def label(self, i: int) -> Iterator[Found]:
        """A name for people that takes a side: "the regime", "freedom fighters", "a radical cleric". A finding about who calls them so.

        Misses names that only a place and time make a label.
        """
        forms, token = self.judgements.forms(i), self.tree[i]
        noun = token.upos in ("NOUN", "PROPN") or token.relation in ("nmod:desc", "appos")
        if noun and not self._in_name(i) and any(f in self.lists["label.nouns"] for f in forms):
            alone = forms[0] in self.lists["label.not_alone"] or token.lemma.lower() in self.lists["label.not_alone"]
            if self._of_things(i):
                return
            if not alone or i in self.tree.actors or token.relation in ("nmod:desc", "appos", "compound"):
                start, end = self.judgements.whole(i)
                yield "label", (min(start, self.tree[self._first(i, self.lists["label.nouns"])].start), end), i, "label:noun", 0.7
        elif (
            token.upos in ("ADJ", "NOUN")
            and token.relation in ("amod", "compound")
            and not self._in_name(i)
            and any(f in self.lists["label.adjectives"] for f in forms)
        ):
            head = token.head
            if (
                head in self.tree.actors
                or self.tree[head].lemma.lower() in self.lists["syntax.people"]
                or self.judgements.names_party(head)
            ):
                yield "label", self.judgements.whole(i), i, "label:adjective", 0.65

    def _of_things(self, i: int) -> bool:
        """Whether a noun is no name for people here: "a [regime] of three pills", "the [puppet] theatre"."""
        tree, token = self.tree, self.tree[i]
        if token.lemma.lower() not in self.lists["label.of_things"]:
            return False
        if token.relation == "compound" and token.head not in tree.named:
            return tree[token.head].lemma.lower() not in self.lists["legitimacy.powers"] | self.lists["syntax.people"]
        about = [h for p, h in self.finder.obliques(i) if p == "of"]
        return bool(about) and not any(h in tree.actors or h in tree.named or h in tree.places for h in about)

    def _in_name(self, i: int) -> bool:
        """Whether a word is a name's own: neither written small ("the oligarch Osk") nor a common noun ("Bandits of the Front")."""
        return self.judgements.in_name(i) and self.tree[i].form[:1].isupper() and self.tree[i].upos != "NOUN"

    def _first(self, i: int, listed: Set[str]) -> int:
        """The first word of a listed word of two: "freedom fighters", "fairy tale"."""
        before = i - 1 in self.tree.exactly(i, "compound", "amod")
        return i - 1 if before and f"{self.tree[i - 1].form} {self.tree[i].lemma}".lower() in listed else i

    def legitimacy(self, i: int) -> Iterator[Found]:
        """Words that grant or deny a right to rule or act: "the illegitimate council", "self-proclaimed", "puppet government"."""
        forms, token = self.judgements.forms(i), self.tree[i]
        found = next((f for f in forms if f in self.lists["legitimacy.words"]), None)
        if found is None:
            return
        if found in self.lists["legitimacy.of_power"]:
            _, said = self.judgements.described(i)
            heads = {h for h in (*said, token.head) if h >= 0}
            if not any(self.tree[h].lemma.lower() in self.lists["legitimacy.powers"] for h in heads):
                return
        yield "legitimacy", self.judgements.whole(i), i, "legitimacy", 0.7

    def presupposing(self, i: int) -> Iterator[Found]:
        """Verbs that settle or question the truth of what is said: "admitted", "claimed that", "refuses to acknowledge". Not "claimed a
        seat", nor "claimed responsibility".
        """
        token, tree = self.tree[i], self.tree
        lemma, lists = token.lemma.lower(), self.lists
        clauses = tree.find(i, "ccomp", "xcomp", "parataxis")
        if token.upos == "VERB" and lemma in lists["presupposing.verbs"]:
            bare = not tree.exactly(i, "obj", "nsubj:pass") and token.relation not in ("amod", "acl")
            if lemma not in lists["presupposing.with_clause"] or clauses or bare:
                yield "presupposing", self.span(i), i, f"presupposing:{lemma}", 0.65
        elif token.upos == "VERB" and lemma in lists["presupposing.refusing"]:
            done = next((c for c in clauses if tree[c].lemma.lower() in lists["presupposing.refused"] and 0 < c - i <= 3), -1)
            if done >= 0:
                yield "presupposing", self.span(i, done), i, "presupposing:refusal", 0.65
        elif (
            token.upos == "NOUN"
            and lemma in lists["presupposing.nouns"]
            and (tree.exactly(i, "nmod:poss") or any(tree[c].lemma.lower() not in ("make", "file") for c in tree.find(i, "acl", "ccomp")))
        ):
            yield "presupposing", self.span(i), next(iter(self.finder.possessors(i)), -1), "presupposing:noun", 0.55

    def vague_source(self, i: int) -> Iterator[Found]:
        """Sources that nobody can find: "critics say", "sources close to the talks", "it is widely believed", "reportedly".

        Misses sources that are described at length and still not named ("a man who knows the palace").
        """
        token, tree = self.tree[i], self.tree
        lemma, lists = token.lemma.lower(), self.lists
        relation = token.relation.split(":")[0]
        verb = token.head
        if relation == "nsubj" and verb >= 0 and token.relation != "nsubj:pass":
            told = tree[verb].lemma.lower()
            speaks = tree[verb].upos == "VERB" and (told in self.judgements.force or told in lists["vague.verbs"])
            plural = tree.has(i, "Number=Plur") and token.upos == "NOUN" and lemma in lists["vague.nouns"]
            pronoun = token.form.lower() in lists["vague.pronouns"] and token.upos in ("DET", "PRON", "ADJ", "NOUN")
            if speaks and (plural or pronoun) and not self._named(i):
                first, last = tree.subtree(i)[0], max(x for x in tree.subtree(i) if x < verb or x == i) if i < verb else i
                last = verb if i < verb and verb - last <= 3 else last
                yield "vague_source", self.span(first if i - first <= 3 else i, last), -1, "vague_source:speaker", 0.65
        if relation in ("obl", "nmod") and lemma in lists["vague.nouns"] and tree.preposition(i) == "according to" and not self._named(i):
            yield "vague_source", self.span(tree.subtree(i)[0], i), -1, "vague_source:according", 0.65
        if token.upos == "VERB" and lemma in lists["vague.passives"] and tree.exactly(i, "aux:pass") and not tree.exactly(i, "obl:agent"):
            how = [c for c in tree.exactly(i, "advmod") if tree[c].form.lower() in lists["vague.widely"]]
            subject = tree.find(i, "nsubj", "expl")
            impersonal = any(tree[s].form.lower() == "it" for s in subject) and tree.find(i, "ccomp", "csubj")
            if impersonal or how:
                first = min([*how, *tree.exactly(i, "aux:pass"), *(subject if impersonal else [])])
                yield "vague_source", self.span(min(first, i), i), -1, "vague_source:passive", 0.6
        if token.upos == "ADV" and token.form.lower() in lists["vague.adverbs"]:
            yield "vague_source", self.span(i), -1, "vague_source:adverb", 0.4

    def _named(self, i: int) -> bool:
        """Whether a source is more than a bare plural: with a name, a number or an owner ("three experts of the bank")."""
        below = [x for x in self.tree.subtree(i) if x != i]
        return any(x in self.tree.named or self.tree[x].upos in ("PROPN", "NUM") or self.tree[x].relation == "nmod:poss" for x in below)

    def sweeping(self, i: int) -> Iterator[Found]:
        """Claims about all or none, always or never: "everyone knows", "all politicians lie", "nobody believes a word", "they never tell".

        Misses bare plurals ("foreigners steal"). What is counted ("all 12 members") or dated ("never before") is no such claim.
        """
        token, tree, lists = self.tree[i], self.tree, self.lists
        form, verb = token.form.lower(), token.head
        if (
            token.relation.split(":")[0] == "nsubj"
            and form in lists["sweeping.everyone"]
            and verb >= 0
            and tree[verb].upos == "VERB"
            and i < verb
        ):
            if tree[verb].lemma.lower() in lists["sweeping.knowing"] and verb - i <= 8:
                yield "sweeping", self.span(i, verb), verb, "sweeping:everyone", 0.65
        elif (
            form in ("all", "no", "every")
            and token.relation in ("det", "det:predet")
            and tree[verb].lemma.lower() in lists["sweeping.plural_subjects"]
        ):
            above = tree[verb].head
            bare = not any(
                tree[c].upos == "NUM" or tree[c].relation in ("nmod:poss", "acl", "acl:relcl", "nmod") for c in tree.children[verb]
            )
            if tree[verb].relation == "nsubj" and bare and verb - i <= 3 and 0 < above - verb <= 4 and not tree.has(above, "Tense=Past"):
                yield "sweeping", self.span(i, above), verb, "sweeping:all", 0.65
        elif token.upos == "ADV" and form in lists["sweeping.always"] and verb >= 0 and tree[verb].upos == "VERB":
            aux = {tree[c].lemma.lower() for c in tree.exactly(verb, "aux")}
            past = tree.has(verb, "Tense=Past") and not aux
            if (
                not past
                and not aux - {"have", "do", "be"}
                and not any(tree[s].form.lower() in ("i", "we") for s in tree.find(verb, "nsubj"))
            ):
                near = 0 < verb - i <= 3 and not any(tree[k].upos == "PUNCT" for k in range(i, verb))
                yield "sweeping", self.span(i, verb if near else i), verb, "sweeping:always", 0.55

    def phrases(self) -> Iterator[Found]:
        """Listed phrases of several words, by their forms or lemmas: "without exception", "rumour has it", "looked the other way".

        A verb's phrase may have its object's determiner between ("lined [their] pockets"). A count of one takes its noun along.
        """
        tree, names = self.tree, [{t.form.lower(), t.lemma.lower()} for t in self.tree.tokens]
        for i in range(len(names)):
            begun = [seconds for word in names[i] if (seconds := _phrases().get(word))]
            if not begun or i in self.anothers:
                continue
            found = max(self._reached(i, begun, names), default=None)
            if found is None:
                continue
            last, kind = found
            verb = next((up for up in (i, *tree.ancestors(i)) if tree[up].upos == "VERB"), -1)
            if kind == "sweeping" and tree[last].form.lower() in ("single", "one", "inch", "every", "whatsoever"):
                last = next((k for k in range(last, min(last + 4, len(self.starts))) if tree[k].upos in ("NOUN", "PROPN")), last)
            inside = range(i, last + 1)
            head = next((k for k in inside if tree[k].head not in inside), i)
            at = -1 if kind == "vague_source" else verb if kind == "sweeping" else head
            yield kind, self.span(i, last), at, f"{kind}:phrase", 0.65

    def _reached(self, i: int, begun: Sequence[Mapping[str, Rest]], names: Sequence[Set[str]]) -> Iterator[tuple[int, WordingKind]]:
        """The last words of the phrases that begin with a word, and their kinds."""
        wide = self.tree[i].upos == "VERB"
        for second in self._next(i, wide):
            for seconds in begun:
                for word in names[second] & seconds.keys():
                    for rest, kind in seconds[word]:
                        at = second
                        for later in rest:
                            at = next((k for k in self._next(at, wide) if later in names[k]), -1)
                            if at < 0:
                                break
                        if at >= 0:
                            yield at, kind

    def _next(self, i: int, wide: bool) -> Iterator[int]:
        """The next word and, within a verb's phrase, the one behind a determiner, a pronoun or an adverb."""
        if i + 1 < len(self.tree):
            yield i + 1
            if wide and i + 2 < len(self.tree) and self.tree[i + 1].upos in ("DET", "PRON", "ADV"):
                yield i + 2

    def scare_quotes(self) -> Iterator[Found]:
        """Short quoted words that nobody is quoted for, 'the general's "humanitarian corridor"', and "so-called".

        Not: words that an attribution holds, that a verb of saying or naming governs, names and titles, whole sentences.
        """
        for m in re.finditer(r"\bso[- ]called\b", self.text, re.IGNORECASE):
            if not self.is_anothers(m.start()) and self.starts:
                last = self.words_in(m.span())[-1]
                noun = next((k for k in range(last + 1, min(last + 7, len(self.starts))) if self.tree[k].upos in ("NOUN", "PROPN")), -1)
                yield "scare_quotes", m.span(), noun, "scare_quotes:so-called", 0.75
        for start, end in self.quotes:
            kept = [i for i in self.words_in((start, end)) if self.tree[i].start > start and self.tree[i].upos != "PUNCT"]
            if 0 < len(kept) <= _SCARE_WORDS and self._is_scare(start, end, kept):
                yield "scare_quotes", (self.tree[kept[0]].start, self.tree[kept[-1]].end), kept[-1], "scare_quotes", 0.65

    def _is_scare(self, start: int, end: int, kept: list[int]) -> bool:
        tree = self.tree
        head = next((i for i in kept if tree[i].head not in kept), kept[0])
        if _holds(self.skipped, start) or any(s < end and start < e for s, e in self.contents):
            return False
        closing = self.text[tree[kept[-1]].end : end].strip("\"”»’' ")
        on = next((k for k in range(kept[-1] + 1, len(tree)) if tree[k].upos != "PUNCT"), -1)
        exclaimed = closing in ("!", "?") and on >= 0 and tree[on].sentence == tree[head].sentence  # "shared his “concerns!” about"
        if tree[kept[0]].form[:1].isupper() or (closing in (",", "!", "?", ".") and not exclaimed):
            return False
        above = [head, *list(tree.ancestors(head))[:4], kept[0] - 1, kept[0] - 2]
        known = self.lists["syntax.naming"] | self.judgements.force.keys()
        spoken = any(k >= 0 and k not in kept and tree[k].sentence == tree[head].sentence and tree[k].lemma.lower() in known for k in above)
        return not spoken and any(tree[i].upos in ("NOUN", "ADJ", "VERB", "ADV") for i in kept)


_PHRASES: tuple[tuple[WordingKind, str], ...] = (
    ("legitimacy", "legitimacy.phrases"),
    ("label", "label.phrases"),
    ("vague_source", "vague.phrases"),
    ("presupposing", "presupposing.phrases"),
    ("sweeping", "sweeping.phrases"),
    ("loaded", "loaded.phrases"),
)


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, Mapping[str, Rest]]:
    """Every listed phrase by its first word and its second."""
    lists = words("wording")
    out: dict[str, dict[str, Rest]] = {}
    for kind, name in _PHRASES:
        for phrase in lists[name]:
            first, second, *rest = phrase.replace("-", " - ").split()
            seconds = out.setdefault(first, {})
            seconds[second] = (*seconds.get(second, ()), (tuple(rest), kind))
    return out


def _holds(spans: Spans, position: int) -> bool:
    """Whether one of some sorted, disjoint spans holds a character."""
    at = bisect_right(spans, (position, 1 << 60)) - 1 if spans else -1
    return at >= 0 and spans[at][0] <= position < spans[at][1]


# --- from words to findings -------------------------------------------------------------------------------------------


def find(
    judgements: Judgements,
    mentions: tuple[Mention, ...],
    attributions: tuple[Attribution, ...],
    *,
    skipped: Spans = (),
    machine: bool = False,
) -> tuple[Wording, ...]:
    """The author's charged and evasive words, in text order, each with the entity that it is aimed at. `skipped` are sorted notes.

    Words that overlap are one finding, of the kind named first: rules before the loaded words, and these before the model's spans.
    """
    wordings = Wordings(judgements, attributions, skipped)
    if not wordings.starts:
        return ()
    taken = bytearray(len(wordings.starts))
    kept: list[Found] = []
    for kind, span, at, rule, score in (*wordings.run(), *_loaded(wordings)):
        inside = wordings.words_in(span)
        if not any(taken[i] for i in inside):
            kept.append((kind, span, at, rule, score))
            taken[inside.start : inside.stop] = b"\1" * len(inside)
    aims = _Aims(judgements, mentions)
    out = [Wording("", kind, *span, aims.entity(at), rule + MACHINE * machine, round(score, 4)) for kind, span, at, rule, score in kept]
    return tuple(changed(w, id=f"w{n}") for n, w in enumerate(sorted(out, key=lambda w: (w.start, w.end)), 1))


def _loaded(wordings: Wordings) -> list[Found]:
    """Loaded words: those of the lists, surer in a sentence that the model calls slanted, and then the model's.

    A sentence that the model calls slanted and that has no word sure enough gives its likeliest one.
    """
    analysis = wordings.tree.analysis
    by_sentence: dict[int, list[Found]] = {}
    for i, token in enumerate(wordings.tree.tokens):
        charge = 0.0 if i in wordings.anothers else wordings.charge(i)
        if charge:
            by_sentence.setdefault(token.sentence, []).append(("loaded", wordings.charged(i), i, "loaded", charge))
    for span in analysis.wording:
        token = wordings.tree[span.first]
        if span.first not in wordings.anothers:
            one: Found = ("loaded", wordings.span(span.first, span.last - 1), span.first, "model:loaded", span.score)
            by_sentence.setdefault(token.sentence, []).append(one)
    out: list[Found] = []
    for sentence, found in sorted(by_sentence.items()):
        slanted = analysis.slanted[sentence] if sentence < len(analysis.slanted) else None
        scored = [(kind, span, at, rule, mixed(score, slanted)) for kind, span, at, rule, score in found]
        shown = [f for f in scored if f[4] >= SHOWN]
        if not shown and slanted is not None and slanted >= SLANTED:
            shown = [max(scored, key=lambda f: f[4])]
        out += shown
    return out


def mixed(score: float, slanted: float | None) -> float:
    """A word's score in the light of its sentence: its odds times the root of the sentence's, and a little more (tuned on BABE)."""
    if slanted is None:
        return score
    odds = log(_inside(score) / (1 - _inside(score))) + 0.5 * log(_inside(slanted) / (1 - _inside(slanted))) + 0.6
    return 1 / (1 + exp(-odds))


def _inside(probability: float) -> float:
    return min(max(probability, 0.02), 0.98)


class _Aims:
    """At which entity a word is aimed."""

    def __init__(self, judgements: Judgements, mentions: tuple[Mention, ...]) -> None:
        self.judgements, self.tree, self.finder = judgements, judgements.tree, judgements.finder
        starts = {t.start: i for i, t in enumerate(self.tree.tokens)}
        self.entities = {starts[m.head[0]]: m.entity for m in mentions if m.entity and m.head[0] in starts}
        self.hits: dict[int, list[int]] = {}
        for j in judgements.found:
            self.hits.setdefault(j.word, []).append(j.target)

    def entity(self, i: int) -> str | None:
        """Whom the word itself names; else whom it hits by the rules of `stance`; else whom it describes, its owner, its verb's subject."""
        if i < 0:
            return None
        return next((e for t in self._targets(i) if (e := self._entity(t))), None)

    def _entity(self, i: int) -> str | None:
        inside = range(*self.tree.named.get(i, (i, i + 1)))
        return next((self.entities[k] for k in (i, *inside) if k in self.entities), None)

    def _targets(self, i: int) -> Iterator[int]:
        tree, token = self.tree, self.tree[i]
        yield i
        yield from self.hits.get(i, ())
        if token.upos == "VERB":
            yield from self.finder.arguments(i).agent
            yield from self.finder.arguments(i).patient
            yield from (h for _, h in self.finder.obliques(i))
            return
        yield from self.judgements.described(i)[1]
        yield from self.judgements.owners(i)
        head = token.head
        if head >= 0 and tree[head].upos in ("NOUN", "PROPN"):
            yield head
            yield from self.judgements.owners(head)
        verb = next((up for up in (i, *tree.ancestors(i)) if tree[up].upos == "VERB"), -1)
        if verb >= 0 and token.relation.split(":")[0] in ("advmod", "obj", "obl", "xcomp"):
            yield from self.finder.arguments(verb).agent
