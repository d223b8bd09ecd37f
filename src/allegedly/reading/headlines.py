"""Headlines spelled out: a line without a full stop, which leaves out auxiliaries, "and" and verbs of saying.

The parser was trained on whole sentences. It takes the verb of "Archbishop backs dockers" for a noun, that of "Deputies bombed in raid" for
an active one, and nobody for the speaker of "Premier: no talks with rebels". What is left out follows rules of its own (Mårdh 1980,
Headlinese): here they are undone, one function for each, before the rules that mend trees and the rules that read them. Missed: verbs that
no lexicon of ours has; event nouns that stand alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from allegedly.gazetteer import nominals
from allegedly.language import word_sets
from allegedly.pieces import QUOTES
from allegedly.reading.lemmas import stems, vocabulary
from allegedly.reading.reported import force_of_cues
from allegedly.reading.speakers import person_of
from allegedly.records import Analysis, RawAttribution, RawMention, Token, changed

Range = tuple[int, int]

LONGEST = 26  # words of a headline
SPEAKER = 7  # words of who speaks, at most
SURE = 0.9  # the score of a speaker that is found by the form of a headline
NOUNS = ("NOUN", "PROPN")
_PHRASE = ("NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON", "PART")
_PASSIVE = "Tense=Past|VerbForm=Part|Voice=Pass"
_PARTIES = ("person", "group", "organization")
_STOPS = frozenset((".", "…", "..."))
_DASHES = frozenset(("-", "–", "—", "--"))
_WHITHER = frozenset(("into", "onto", "against"))


def spelled_out(analysis: Analysis, *, extra: Path | None = None) -> Analysis:
    """The analysis with the trees of its headlines mended, and with the speakers that their punctuation tells."""
    tokens = list(analysis.tokens)
    said: list[RawAttribution] = []
    heads = {m.head: m for m in analysis.mentions}
    for start, end in analysis.sentences:
        if _is_headline(analysis.text, tokens, start, end):
            line = _Line(analysis.text, tokens, start, end, heads, vocabulary(extra=extra)[0])
            line.mend()
            said += line.said(analysis.attributions)
    if not said and all(a is b for a, b in zip(tokens, analysis.tokens, strict=True)):
        return analysis
    return _replaced(analysis, tokens, said)


def _replaced(analysis: Analysis, tokens: list[Token], said: list[RawAttribution]) -> Analysis:
    """The analysis with other words, and with attributions in place of those without a source or a cue that share their content."""
    over = [a for a in analysis.attributions if (a.cue and a.source) or not any(_shares(a, b) for b in said)]
    return changed(analysis, tokens=tuple(tokens), attributions=(*over, *said))


def _shares(one: RawAttribution, other: RawAttribution) -> bool:
    return any(a < d and c < b for a, b in one.content for c, d in other.content)


def _is_headline(text: str, tokens: list[Token], start: int, end: int) -> bool:
    """Whether a sentence is a line of its own with no full stop at its end."""
    if not 3 <= end - start <= LONGEST:
        return False
    last = end - 1 if tokens[end - 1].form not in QUOTES else end - 2
    before = text[tokens[start - 1].end : tokens[start].start] if start else "\n"
    after = text[tokens[end - 1].end : tokens[end].start] if end < len(tokens) else "\n"
    return tokens[last].form not in _STOPS and "\n" in before and "\n" in after


@dataclass(slots=True)
class _Line:
    """One headline, tokens [start, end) of a text whose tokens are changed in place."""

    text: str
    tokens: list[Token]
    start: int
    end: int
    heads: dict[int, RawMention]
    verbs: frozenset[str]

    def mend(self) -> None:
        self._subjects_with_comma()
        self._verb_for_noun()
        self._participle_for_verb()
        self._two_participles()
        if not self._speaker_behind():
            self._verb_behind_comma()
        self._infinitive_for_verb()
        self._reduced_passives()

    # --- words that hang elsewhere -----------------------------------------------------------------------------

    def _set(self, i: int, **values: object) -> None:
        self.tokens[i] = changed(self.tokens[i], **values)

    def _children(self, i: int) -> list[int]:
        return [c for c in range(self.start, self.end) if self.tokens[c].head == i]

    def _root(self) -> int:
        return next((i for i in range(self.start, self.end) if self.tokens[i].head < 0), self.start)

    def _base(self, i: int) -> str:
        """The verb of which a word is the present tense, as a headline tells what happened; "" for none."""
        form = self.tokens[i].form.lower()
        return next((stem for stem in stems(form, "VERB") if stem in self.verbs), "") if form.endswith("s") else ""

    def _finite(self, first: int, last: int) -> bool:
        """Whether there is a verb that needs no other among words."""
        some = self.tokens[first:last]
        return any(
            t.upos == "AUX" or (t.upos == "VERB" and "VerbForm=Fin" in t.features and t.relation != "amod") or t.form.lower() == "to"
            for t in some
        )

    def _becomes_verb(self, i: int, lemma: str, head: int, relation: str) -> None:
        self._set(i, upos="VERB", lemma=lemma, features="Mood=Ind|Tense=Pres|VerbForm=Fin", head=head, relation=relation)

    def _verb_for_noun(self) -> None:
        """Mends "Archbishop [backs] dockers": the plural noun of a line without a verb, before what is acted on."""
        verb = self._disguised()
        before = verb - 1
        several = "Number=Plur" in self.tokens[before].features
        if verb < 0 or self.tokens[before].upos not in NOUNS or several == self.tokens[verb].form.lower().endswith("s"):
            return
        after = self.tokens[verb + 1]
        if after.upos not in ("NOUN", "PROPN", "ADJ", "NUM", "DET", "VERB", "PRON"):
            return
        root = self._root()
        self._becomes_verb(verb, self._base(verb) or self.tokens[verb].form.lower(), -1, "root")
        for i in range(self.start, self.end):
            head = self.tokens[i].head
            outside = i != verb and (head < 0 or head == verb or (i < verb) != (head < verb))
            if i == before or (i < verb and outside and self.tokens[i].upos not in ("PUNCT", "ADV")):
                self._set(i, head=verb if i == before else before, relation="nsubj" if i == before else self.tokens[i].relation)
            elif outside:
                self._set(i, head=verb, relation="obl" if i == root else self.tokens[i].relation)
        modified = root == verb + 1 and self._past(root)  # "backs [sacked] dockers"
        if root == verb + 1 and not modified:  # "rams [lorry] into", which was the verb
            self._set(root, upos="NOUN", features="Number=Sing")
        noun = next((i for i in range(verb + 1, self.end) if self.tokens[i].upos in NOUNS and self._outermost(i, verb + 1)), -1)
        if noun >= 0:
            modifier = self.tokens[noun].head
            self._set(noun, head=verb, relation="obj")
            if modifier > verb and self.tokens[modifier].upos == "VERB":
                self._set(modifier, head=noun, relation="amod")
            for c in self._children(noun):
                whither = any(self.tokens[m].form.lower() in _WHITHER for m in self._children(c))
                if self.tokens[c].relation in ("advcl", "obl") or (self.tokens[c].relation == "nmod" and whither):
                    self._set(c, head=verb, relation="obl" if whither else self.tokens[c].relation)

    def _disguised(self) -> int:
        """The noun that must be the verb, -1 for none: of a line without a verb the root, or what has an object; else the subject of what
        is no verb that we know ("bomber [rams] lorry").
        """
        root = self._root()
        plural = [i for i in range(self.start + 1, self.end - 1) if self.tokens[i].upos == "NOUN" and self._base(i)]
        plural = [i for i in plural if "Number=Plur" in self.tokens[i].features]
        listed = any(self.tokens[c].relation == "conj" and self.tokens[c].upos == "VERB" for c in self._children(root))
        if root in plural and listed and any(self.tokens[c].relation == "obj" and c > root for c in self._children(root)):
            return root  # "Regime [jails] monks, shuts shrine"
        if not self._finite(self.start, self.end):
            acting = [i for i in plural if any(self.tokens[c].relation == "obj" and c > i for c in self._children(i))]
            acting += [i for i in range(self.start + 1, root) if self.tokens[i].form.lower() in self.verbs and self._behind_subject(i)]
            return next(iter(acting), root if root in plural else -1)
        unknown = self.tokens[root].upos == "VERB" and (self.tokens[root].lemma.lower() not in self.verbs or self._past(root))
        beside = root - 1 in plural and self.tokens[root - 1].head == root and self.tokens[root - 1].relation == "nsubj"
        return root - 1 if unknown and beside else -1

    def _behind_subject(self, i: int) -> bool:
        """Whether a noun stands right behind the subject of something ("Crowds [storm] depot")."""
        return self.tokens[i].upos == "NOUN" and self.tokens[i - 1].relation == "nsubj" and "Number=Plur" in self.tokens[i - 1].features

    def _past(self, i: int) -> bool:
        """Whether a word is the past form of a verb that acts on something; in a headline it is a participle."""
        form = self.tokens[i].form.lower()
        return self._participle(i) and (form.endswith("ed") or form in word_sets("predicates")["headline_participles"])

    def _outermost(self, noun: int, first: int) -> bool:
        """Whether a noun is the last of its phrase, which begins at a word."""
        following = self.tokens[noun + 1].upos if noun + 1 < self.end else ""
        return following not in NOUNS and all(t.upos in (*_PHRASE, "VERB") for t in self.tokens[first:noun])

    def _verb_behind_comma(self) -> None:
        """Mends "Crowd storms depot, [torches] records": a comma for "and", before a verb of the same form as the first."""
        root = self._root()
        commas = [i for i in range(root + 1, self.end - 2) if self.tokens[i].form == ","]
        if self.tokens[root].upos != "VERB" or not commas or not any(self.tokens[c].relation == "nsubj" for c in self._children(root)):
            return
        at = commas[-1] + 1
        third = self.tokens[root].form.lower() != self.tokens[root].lemma.lower()
        form = self.tokens[at].form.lower()
        lemma = self._base(at) if third else form if form in self.verbs else ""
        behind = self.tokens[at + 1 : self.end]
        if not lemma or any(t.upos in ("VERB", "AUX") and "VerbForm=Fin" in t.features for t in behind):
            return
        own = [c for c in self._children(at) if self.tokens[c].relation in ("nsubj", "obj")]
        if self.tokens[at].upos == "VERB" and (
            self.tokens[at].relation == "conj" or any(c < at or (self._says(at) and self._party(c)) for c in own)
        ):
            return  # "Army to leave, claim rebels"
        noun = next((i for i in range(at + 1, self.end) if self.tokens[i].upos in NOUNS and self._outermost(i, at + 1)), -1)
        if noun < 0:
            return
        self._becomes_verb(at, lemma, root, "conj")
        self._set(commas[-1], head=at, relation="punct")
        self._set(noun, head=at, relation="obj")
        for i in range(at + 1, noun):
            if not at < self.tokens[i].head <= noun:
                self._set(i, head=noun, relation="amod" if self.tokens[i].upos == "ADJ" else "compound")

    def _infinitive_for_verb(self) -> None:
        """Mends "Court [to hear] appeal": what is to be done, which hangs on its doer in want of another verb."""
        for doer in range(self.start, self.end - 2):
            if self.tokens[doer].upos not in NOUNS or self._finite(self.start, doer) or doer > self.start + SPEAKER:
                continue
            below = self._children(doer)
            for verb in (*below, *(v for c in below if self.tokens[c].form.lower() == "yet" for v in self._children(c))):
                to = next(
                    (c for c in self._children(verb) if self.tokens[c].form.lower() == "to" and self.tokens[c].relation == "mark"), -1
                )
                between = {self.tokens[i].form.lower() for i in range(doer + 1, to) if not self._below(i, doer, verb)}
                if any(self.tokens[c].relation == "conj" for c in below):  # "Miners, dockers to strike"
                    between -= {t.form.lower() for t in self.tokens[doer + 1 : to] if t.upos in (*_PHRASE, "PUNCT")}
                above = self.tokens[doer].head
                alone = above < 0 or (above > verb and self.tokens[doer].relation == "nsubj" and bool(self._says(above)))
                if doer < to and self.tokens[verb].relation in ("acl", "xcomp") and between <= {"yet", "not"} and alone:
                    self._becomes_clause(verb, doer, "nsubj", "root" if above < 0 else "ccomp")
                    return

    def _below(self, i: int, top: int, without: int) -> bool:
        """Whether a word hangs below another, on another way than over a third ("[of the guard] to")."""
        while self.start <= i < self.end and i not in (top, without):
            if self.tokens[i].relation == "conj" or self.tokens[i].head < 0:
                return False
            i = self.tokens[i].head
        return i == top and self.tokens[top + 1].upos == "ADP"

    def _becomes_clause(self, verb: int, noun: int, role: str, relation: str) -> None:
        """A verb below a noun takes the noun's place, and the noun becomes its subject."""
        self._set(verb, head=self.tokens[noun].head, relation=relation)
        self._set(noun, head=verb, relation=role)
        for c in self._children(noun):
            if c > verb or (self.tokens[c].relation in ("punct", "parataxis") and c < noun):
                self._set(c, head=verb)

    def _participle_for_verb(self) -> None:
        """Mends "No arrests [made] after raid", "Union says no consent [given]": the participle behind a noun in want of another verb."""
        for noun in range(self.start, self.end - 1):
            if self.tokens[noun].upos not in (*NOUNS, "NUM"):
                continue
            said = self.tokens[noun].relation == "obj" and self.tokens[noun].head == self._root() < noun
            says = said and not self._article(noun) and bool(self._says(self._root()))
            alone = self.tokens[noun].head < 0 and not self._finite(self.start, self.end)
            below = [c for c in self._children(noun) if self.tokens[c].relation == "acl" and self._participle(c)]
            verb = next((c for c in below if c == noun + 1 or (alone and all(t.form != "," for t in self.tokens[noun:c]))), -1)
            if verb < 0 or not (says or alone):
                continue
            self._becomes_clause(verb, noun, "nsubj:pass", "parataxis" if says else "root")
            self._set(verb, features=_PASSIVE)
            return

    def _participle(self, i: int) -> bool:
        token = self.tokens[i]
        return (
            token.upos == "VERB" and "Tense=Past" in token.features and token.lemma.lower() not in word_sets("predicates")["headline_past"]
        )

    def _two_participles(self) -> None:
        """Mends "Nine killed, thirty [hurt] in raid": each participle with its own subject."""
        last = self._root()
        subject = next((c for c in self._children(last) if self.tokens[c].relation in ("nsubj", "nsubj:pass") and c < last), -1)
        first = (
            next((c for c in self._children(subject) if self.tokens[c].relation == "acl" and c == subject + 1), -1) if subject >= 0 else -1
        )
        if first < 0 or not self._participle(first) or not self._participle(last) or first + 2 >= last:
            return
        own = range(first + 2, last)
        if self.tokens[first + 1].form != "," or any(self.tokens[i].upos not in _PHRASE for i in own):
            return
        self._set(first, head=-1, relation="root", features=_PASSIVE)
        self._set(subject, head=first, relation="nsubj:pass")
        self._set(last, head=first, relation="conj", features=_PASSIVE)
        head = next((i for i in own if self.tokens[i].head not in own), own[0])
        self._set(head, head=last, relation="nsubj:pass")
        self._set(first + 1, head=last, relation="punct")

    def _subjects_with_comma(self) -> None:
        """Mends "Osk, Brennia sign pact", "[Miners], dockers to strike": a comma for "and" between who acts."""
        root = self._root()
        for i in range(self.start + 1, min(self.start + SPEAKER, self.end - 2)):
            first, second = i - 1, self.tokens[i + 1]
            if self.tokens[i].form != "," or self.tokens[first].upos not in NOUNS:
                continue
            conjunct = next((c for c in self._children(first) if self.tokens[c].relation == "conj" and c > i), -1)
            if conjunct < 0 or self.tokens[conjunct].upos not in NOUNS or any(t.upos not in _PHRASE for t in self.tokens[i + 1 : conjunct]):
                return
            if self.tokens[first].head == root and self.tokens[root].upos == "VERB" and root == conjunct + 1:
                self._set(first, relation="nsubj")
            elif first == root and second.upos in NOUNS:  # the verb hangs on the last of them
                for c in self._children(conjunct):
                    if self.tokens[c].relation == "acl":
                        self._set(c, head=root)
            return

    def _reduced_passives(self) -> None:
        """Mends "Depot [shelled] in raid": the past is told in the present, and so a past form without object is a participle."""
        for i in range(self.start + 1, self.end):
            if not self._past(i) or self.tokens[i].relation not in ("root", "conj", "parataxis", "advcl", "ccomp"):
                continue
            children = self._children(i)
            below = {self.tokens[c].relation: c for c in reversed(children)}
            marked = [c for c in children if self.tokens[c].relation == "obj" and self._marked(c)]  # "bombed in raid"
            after = self.tokens[i + 1] if i + 1 < self.end else None
            asked = (
                after is not None
                and after.form.lower() == "to"
                and self.tokens[i].lemma.lower() in word_sets("predicates")["headline_asked"]
            )
            loose = after is None or after.upos in ("ADP", "PUNCT", "SCONJ", "ADV") or asked or self._times(i + 1)
            loose = loose or (after is not None and after.upos == "VERB" and after.form.lower().endswith("ing"))  # "nabbed hiding"
            bare = not below.keys() & {"aux", "aux:pass", "ccomp"} and ("obj" not in below or marked) and ("xcomp" not in below or asked)
            subject = below.get("nsubj", below.get("nsubj:pass", self.end))
            if bare and loose and self.start <= subject < i and not self._article(subject):  # "the flight landed"
                self._set(i, features=_PASSIVE)
                self._set(subject, relation="nsubj:pass")
                for c in marked:
                    self._set(c, relation="obl")

    def _times(self, i: int) -> bool:
        """Whether a stretch of time begins at a word: "two years after"."""
        some = self.tokens[i : min(i + 2, self.end)]
        return any(t.lemma.lower() in word_sets("predicates")["times"] for t in some) and some[0].upos in ("NUM", "NOUN", "ADJ", "DET")

    def _article(self, noun: int) -> bool:
        """Whether a noun has an article, as in sentences and in no headline."""
        return any(self.tokens[c].form.lower() in ("a", "an", "the") for c in self._children(noun))

    def _marked(self, i: int) -> bool:
        return any(self.tokens[c].relation == "case" and c < i for c in self._children(i))

    # --- who speaks ---------------------------------------------------------------------------------------------

    def _speaker_behind(self) -> bool:
        """Mends "Army will leave, defence chief [promises]": the verb of saying at the end, which the parser may take for a noun."""
        marks = _DASHES | {","}
        cut = max((i for i in range(self.start + 2, self.end - 2) if self.tokens[i].form in marks), default=-1)
        last = self.end - 1
        if cut < 0 or not 2 <= last - cut <= SPEAKER or self.tokens[last].upos == "VERB":
            return False
        lemma, noun = self._says(last), last - 1
        named = self.tokens[noun].upos in NOUNS or self.tokens[noun].form.lower() in nominals().roles
        if not lemma or not named or any(t.upos in ("AUX", "ADP", "SCONJ", "PUNCT") for t in self.tokens[cut + 1 : noun]):
            return False
        tail = range(cut + 1, self.end)
        root = next((i for i in range(self.start, cut) if self.tokens[i].head < 0), -1)
        if root < 0:
            root = next((i for i in range(self.start, cut) if self.tokens[i].head in tail), -1)
            if root < 0:
                return False
            self._set(root, head=-1, relation="root")
        for i in range(self.start, cut):
            if self.tokens[i].head in tail:
                self._set(i, head=root)
        self._becomes_verb(last, lemma, root, "parataxis")
        self._set(noun, upos="PROPN" if self.tokens[noun].upos == "PROPN" else "NOUN", head=last, relation="nsubj")
        self._set(cut, head=last, relation="punct")
        for i in range(cut + 1, noun):
            if not cut < self.tokens[i].head <= noun or self.tokens[i].head == i:
                self._set(i, head=noun, relation="amod" if self.tokens[i].upos == "ADJ" else "compound")
        return True

    def _says(self, i: int) -> str:
        """The verb of saying of which a word is the present or the past; "" for none."""
        form = self.tokens[i].form.lower()
        known = force_of_cues()
        plural = form in known and "Number=Plur" in self.tokens[i - 1].features
        return form if plural else next((stem for stem in stems(form, "VERB") if stem in known and stem != form), "")

    def said(self, known: tuple[RawAttribution, ...]) -> Iterator[RawAttribution]:
        """What somebody says before or behind a colon or a dash, or in a quotation that comes first: "Premier: no talks", "No talks with
        rebels – premier", "'I am done' Lund tells party".
        """
        for mark, who, what in self._marks():
            if self._speaks(*who) and self._tells(*what):
                if not any(self._within(a, what) for a in known):
                    yield self._attribution(who, (mark, mark + 1), what)
                return
        for clause, what in self._quotations():
            verb = next((i for i in range(*clause) if self.tokens[i].upos == "VERB" and "VerbForm=Fin" in self.tokens[i].features), -1)
            subject = next((c for c in self._children(verb) if self.tokens[c].relation == "nsubj" and clause[0] <= c < verb), -1)
            if subject >= 0 and not any(self._within(a, what) for a in known):
                yield self._attribution((clause[0], subject + 1), (verb, verb + 1), what)
                return

    def _marks(self) -> Iterator[tuple[int, Range, Range]]:
        """Marks that part who speaks from what is said, with the words of both."""
        inner = range(self.start + 1, self.end - 1)
        colons = [i for i in inner if self.tokens[i].form == ":"]
        behind = [*colons[-1:], *[i for i in inner if self.tokens[i].form in _DASHES and self._apart(i)][-1:]]
        yield from ((i, (self.start, i), (i + 1, self.end)) for i in colons[:1])
        yield from ((i, (i + 1, self.end), (self.start, i)) for i in behind)

    def _quotations(self) -> Iterator[tuple[Range, Range]]:
        """Clauses whose subject says what other words hold: a quotation that comes first, or first persons behind a colon."""
        opened = self.tokens[self.start].form in QUOTES
        colon = next((i for i in range(self.start + 1, self.end - 1) if self.tokens[i].form == ":"), -1)
        if colon >= 0:
            before, behind = (self.start, colon), (colon + 1, self.end)
            if opened and self.tokens[colon - 1].form in QUOTES:
                yield behind, before
            if any(person_of(t.form) in ("I", "we") for t in self.tokens[colon + 1 : self.end]):
                yield before, behind
            return
        closes = [i for i in range(self.start + 3, self.end - 2) if self.tokens[i].form in QUOTES]
        if opened and len(closes) == 1 and self._tells(self.start + 1, closes[0]):
            yield (closes[0] + 1, self.end), (self.start, closes[0] + 1)

    def _apart(self, i: int) -> bool:
        """Whether a dash stands between spaces, and not within a word."""
        return self.tokens[i - 1].end < self.tokens[i].start and self.tokens[i].end < self.tokens[i + 1].start

    def _within(self, a: RawAttribution, what: tuple[int, int]) -> bool:
        """Whether an attribution has its content among words, and a source elsewhere."""
        low, high = self.tokens[what[0]].start, self.tokens[what[1] - 1].end
        return any(low <= s < high for s, _ in a.content) and any(not low <= s < high for s, _ in a.source)

    def _speaks(self, first: int, last: int) -> bool:
        """Whether words are somebody who can speak and nothing else."""
        if not 0 < last - first <= SPEAKER or any(t.upos in ("VERB", "AUX") for t in self.tokens[first:last]):
            return False
        return self._party(next((i for i in range(first, last) if not first <= self.tokens[i].head < last), first))

    def _party(self, i: int) -> bool:
        """Whether a word heads somebody, or a body."""
        role = nominals().roles.get(self.tokens[i].lemma.lower())
        return (i in self.heads and self.heads[i].type in _PARTIES) or (role is not None and role.type in _PARTIES)

    def _tells(self, first: int, last: int) -> bool:
        """Whether words are a clause, or stand in quotation marks."""
        some = self.tokens[first:last]
        return any(t.upos == "VERB" for t in some) or some[0].form in QUOTES or any(t.upos == "AUX" for t in some)

    def _attribution(self, who: Range, cue: Range, what: Range) -> RawAttribution:
        source, told, content = (((self.tokens[a].start, self.tokens[b - 1].end),) for a, b in (who, cue, what))
        return RawAttribution(source, told, content, SURE)
