"""Words that praise or blame, and whom each of them hits.

The words are in `data/en/stance.toml`, with the labels and the words of right and wrong in `wording.toml`. Whom a word hits follows from
the tree, after the opinion frames of Wiegand & Ruppenhofer (2015): adjectives hit what they describe, nouns their owner or whom they are
said of, verbs their subject ("lied") or their object ("condemned"). Missed: irony, comparisons, and owners in other sentences.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from allegedly.gazetteer import nominals
from allegedly.language import words
from allegedly.reading.lemmas import stems
from allegedly.reading.reported import force_of_cues
from allegedly.reading.statements import Finder
from allegedly.reading.tree import Tree
from allegedly.records import Span, quick

_STRENGTH = {"blame": (-1, 0.8), "praise": (1, 0.8), "faults": (-1, 0.6), "merits": (1, 0.6)}
_SIDED = 0.75
"""The weight of a label, and of a word for who is the rightful one."""
_TABLES = ("adjective", "person", "deed", "conduct", "judging", "reaction", "directed")

_BY_CLASS = {"ADJ": ("adjective",), "VERB": ("conduct", "judging"), "NOUN": ("person", "deed", "reaction")}
_JOINING = ("compound", "compound:prt", "amod", "advmod")
_COMPLETING = ("xcomp", "obj", "conj", "amod", "nmod")
_NEGATING = ("advmod", "det", "cc", "case", "nsubj", "mark")

Tone = tuple[int, float]
Sign = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables of `stance.toml`, each from a word to its polarity and weight, and the word lists of the rules."""

    tables: Mapping[str, Mapping[str, Tone]]
    syntax: Mapping[str, frozenset[str]]
    entries: frozenset[str]
    """All words of the tables, those of `directed` without their prepositions."""
    begun: frozenset[str]
    """Verbs that begin a phrase of conduct ("line pocket")."""


@lru_cache(maxsize=4)
def lexicon(code: str = "en") -> Lexicon:
    """The evaluative lexicon of a language."""
    lists = words("stance", code)
    tables: dict[str, dict[str, Tone]] = {name: {} for name in _TABLES}
    for key, entries in lists.items():
        name, _, column = key.partition(".")
        for entry in entries if name in tables else ():
            tables[name].setdefault(entry, _STRENGTH[column])
    for name, word, sign in _sides(code):
        tables[name].setdefault(word, (sign, _SIDED))
    for entry in lists["syntax.weak"]:
        polarity, _ = tables["adjective"].get(entry, (0, 0.0))
        tables["adjective"][entry] = (polarity, 0.4)
    known = {w for name, table in tables.items() for w in (table if name != "directed" else (k.rpartition(" ")[0] for k in table))}
    syntax = {key.partition(".")[2]: frozenset(v) for key, v in lists.items() if key.startswith("syntax.")}
    begun = frozenset(w.split()[0] for w in tables["conduct"] if " " in w)
    return Lexicon(tables, syntax, frozenset(known), begun)


def _sides(code: str) -> Iterable[tuple[str, str, Sign]]:
    """Words of `wording.toml` that take a side about whom they stand beside: labels, and who is the rightful one."""
    lists = words("wording", code)
    flattering, granting, of_power = (frozenset(lists[key]) for key in ("label.flattering", "legitimacy.granting", "legitimacy.of_power"))
    yield from (("person", word, 1 if word in flattering else -1) for word in lists["label.nouns"])
    yield from (("adjective", word, -1) for word in lists["label.adjectives"])
    pairs = (phrase for key in ("legitimacy.phrases", "legitimacy.granting") for phrase in lists[key] if phrase.count(" ") == 1)
    rightful = (*lists["legitimacy.words"], *pairs)
    yield from (("adjective", word, 1 if word in granting else -1) for word in rightful if word not in of_power)


@lru_cache(maxsize=4)
def party_nouns(code: str = "en") -> frozenset[str]:
    """Nouns for people and bodies that act: those of `nominals.toml`, and those that say what somebody is by their very choice."""
    known = {noun for noun, role in nominals(code).roles.items() if role.type in ("person", "group", "organization")}
    return frozenset(known | {w for w, (_, weight) in lexicon(code).tables["person"].items() if weight >= _STRENGTH["blame"][1]})


@quick
@dataclass(frozen=True, slots=True)
class Judgement:
    """One word that praises or blames: whom it hits, and the verb whose subject judges (-1: whoever's voice the word stands in)."""

    word: int
    tone: Tone
    target: int
    judge: int = -1


def _hyphened(tree: Tree) -> Iterable[int]:
    for m in re.finditer("-", tree.analysis.text):
        after = bisect_right(tree.starts, m.start())  # the first word that begins after the hyphen
        yield from (i for i in range(max(after - 2, 0), after) if tree[i].end == m.start())
        yield from (i for i in range(after, min(after + 1, len(tree))) if tree[i].start == m.end())


@lru_cache(maxsize=1 << 13)
def _forms(form: str, lemma: str, upos: str) -> tuple[str, ...]:
    """What a word may stand under by itself."""
    return tuple(dict.fromkeys((lemma.lower(), form.lower(), *stems(form.lower(), upos))))


class Judgements:
    """Finds the evaluative words of a text and whom each of them hits. All numbers index words."""

    def __init__(self, tree: Tree, finder: Finder) -> None:
        self.tree, self.finder = tree, finder
        self.lexicon = lexicon()
        self.syntax = self.lexicon.syntax
        self.prefixes = tuple(self.syntax["prefixes"])
        self.force = force_of_cues()
        self.parties = party_nouns()
        self.toned: dict[int, list[Judgement]] = {}
        self._known_forms: dict[int, tuple[str, ...]] = {}
        self.hyphened = frozenset(_hyphened(tree))
        """Words with a hyphen right before or after them."""
        self.found = tuple(self._run())
        self.aimed = frozenset(j.word for j in self.found if j.target in tree.actors or self.names_party(j.target))
        """Words that hit somebody for certain."""

    def in_name(self, i: int) -> bool:
        """Whether a word is part of a name; an adjective that opens a sentence is no part of the name behind it: "[Smug] Osk"."""
        token = self.tree[i]
        opening = token.upos == "ADJ" and (i == 0 or self.tree[i - 1].sentence != token.sentence)
        return i in self.tree.named and not opening

    def names_party(self, i: int) -> bool:
        """Whether a noun says by itself that it means somebody ("the customs service", "the clique"), though no mention was found."""
        return self.tree[i].upos == "NOUN" and self.tree[i].lemma.lower() in self.parties

    def is_judge(self, i: int, verb: int) -> bool:
        """Whether a word is the subject of a verb of judging: "the [union] condemned the bank"."""
        judging = self.tree[verb].upos == "VERB" and not self.lexicon.tables["judging"].keys().isdisjoint(self.forms(verb))
        return judging and i in self.finder.arguments(verb).agent

    def means_speaker(self, i: int) -> bool:
        """Whether a word is "I", "we" or the like: what somebody says of themselves is no evaluation."""
        return self.tree[i].form.lower() in self.syntax["speakers"]

    def _run(self) -> Iterable[Judgement]:
        for i, token in enumerate(self.tree.tokens):
            if token.upos not in ("ADJ", "ADV", "NOUN", "VERB", "PROPN") or self.in_name(i) or self._tried(i):
                continue
            phrase = token.upos == "VERB" and token.lemma.lower() in self.lexicon.begun
            if token.upos == "ADV" or phrase or not self.lexicon.entries.isdisjoint(self.forms(i)):  # an adverb stands under its adjective
                rules = {"VERB": (self._conduct, self._judging, self._quality), "ADV": (self._manner,), "ADJ": (self._quality,)}
                for rule in (*rules.get(token.upos, (self._character, self._deed, self._reaction, self._quality)), self._directed):
                    yield from rule(i)
                tone = next((t for table in _BY_CLASS.get(token.upos, ()) if (t := self.tone(table, i))), None)
                if tone:
                    self.toned.setdefault(token.sentence, []).append(Judgement(i, tone, i))

    def _tried(self, i: int) -> bool:
        """Whether a word is what somebody is charged with, which is reported and no judgement: "was jailed for [fraud]"."""
        tree = self.tree
        charged = tree[i].upos == "NOUN" and tree.preposition(i) in ("for", "of", "on", "with", "over", "to")
        return charged and any(tree[up].lemma.lower() in self.syntax["trying"] for up in list(tree.ancestors(i))[:2])

    # --- words ----------------------------------------------------------------------------------------------------

    def forms(self, i: int) -> tuple[str, ...]:
        """What a word may stand under: the hyphenated word that it heads, its lemma, form and stems, with its compound or particle."""
        known = self._known_forms.get(i)
        if known is None:
            token = self.tree[i]
            alone = i not in self.hyphened and self.tree.below[i].isdisjoint(_JOINING)
            known = self._known_forms[i] = _forms(token.form, token.lemma, token.upos) if alone else self._forms(i)
        return known

    def _forms(self, i: int) -> tuple[str, ...]:
        token = self.tree[i]
        start, end = self.whole(i)
        out = _forms(token.form, token.lemma, token.upos)
        if (start, end) != (token.start, token.end):
            joined = self.tree.analysis.text[start:end].lower()
            out = (joined,) if joined.startswith(self.prefixes) else (joined, *out)
        out += tuple(f"{self.tree[c].form.lower()} {out[0]}" for c in self.tree.exactly(i, "compound", "amod") if c < i)
        out += tuple(f"{out[0]} {self.tree[c].form.lower()}" for c in self.tree.exactly(i, "compound:prt"))
        out += tuple(f"{self.tree[c].form.lower()} {token.form.lower()}" for c in self.tree.exactly(i, "advmod") if c == i - 1)
        return tuple(dict.fromkeys(out))

    def whole(self, i: int) -> Span:
        """The characters of the hyphenated word that a word heads ("far-right"), else its own."""
        token, text = self.tree[i], self.tree.analysis.text
        start, end = token.start, token.end
        if i not in self.hyphened:
            return start, end
        while start > 0 and token.start - start < 40 and (text[start - 1].isalnum() or text[start - 1] == "-"):
            start -= 1
        while end < len(text) and end - token.end < 40 and (text[end].isalnum() or text[end] == "-"):
            end += 1
        inside = token.head >= 0 and start <= self.tree[token.head].start < end
        return (start, end) if "-" in text[start:end] and not inside else (token.start, token.end)

    def tone(self, table: str, i: int) -> Tone | None:
        """The polarity and weight of a word, turned round by a negation; negated blame says nothing for anybody and is left out."""
        entries = self.lexicon.tables[table]
        found = next((entries[form] for form in self.forms(i) if form in entries), None)
        if found is None or not found[0] or not self._negated(i):
            return found if found and found[0] else None
        return (-1, found[1] * 0.75) if found[0] > 0 else None

    def _negated(self, i: int) -> bool:
        """Whether a negation stands at the word or at what it completes ("is no hero", "did not praise", "no choir of angels")."""
        spots, at = [i], i
        while len(spots) < 4 and self.tree.bases[at] in _COMPLETING and self.tree[at].head >= 0:
            at = self.tree[at].head
            spots.append(at)
        near = (self.tree[c] for spot in spots for c in self.tree.children[spot])
        return any(t.form.lower() in self.syntax["negations"] and t.relation.split(":")[0] in _NEGATING for t in near)

    # --- whom they hit: one rule each --------------------------------------------------------------------------------

    def _quality(self, i: int) -> Iterable[Judgement]:
        """An adjective hits what it describes: "the reckless minister", "the minister, reckless as ever", "was reckless".

        Misses comparisons ("more honest than the bank") beyond their first party.
        """
        if self.tree[i].upos == "NOUN" and self.tree[i].relation not in ("amod", "compound"):  # an adjective that was taken for a noun
            return
        if self.tree[i].upos == "VERB" and not self.tree.has(i, "VerbForm=Part"):  # "opens" is not "open"
            return
        tone = self.tone("adjective", i)
        if tone:
            yield from self._said_of(i, tone)
            yield from self._shown(i, tone)

    def _shown(self, i: int, tone: Tone) -> Iterable[Judgement]:
        """What a phrase of manner shows of whoever acts: "with admirable [patience] the guards fed them", "in a masterly [speech]"."""
        tree, noun = self.tree, self.tree[i].head
        manner = noun >= 0 and tree.preposition(noun) in ("with", "in", "by") and tree[noun].relation == "obl" and noun not in tree.actors
        if manner and tree[i].relation == "amod" and noun not in tree.places and tone[1] >= 0.8 and not self.owners(noun):
            yield from (Judgement(i, tone, target) for target in self.finder.arguments(tree[noun].head).agent)

    def _character(self, i: int) -> Iterable[Judgement]:
        """A noun that says what somebody is hits them: "the liar Osk", "they are thieves", and the one it names: "the thugs"."""
        tone = self.tone("person", i)
        if tone is None:
            return
        said = tuple(self._said_of(i, tone))
        yield from said
        generic = any(self.tree[c].form.lower() in self.syntax["generic"] for c in self.tree.exactly(i, "det"))
        if not said and tone[1] >= 0.8 and not generic and self.tree.bases[i] in ("nsubj", "obj", "obl", "nmod", "root", "conj"):
            yield Judgement(i, tone, i)

    def _said_of(self, i: int, tone: Tone) -> Iterable[Judgement]:
        judge, targets = self.described(i)
        things = [
            t for t in targets if judge >= 0 and self.tree[t].upos == "NOUN" and t not in self.tree.actors and not self.names_party(t)
        ]
        targets = [*targets, *(owner for thing in things for owner in self.owners(thing))]  # "called [the army's] raids butchery"
        return (Judgement(i, tone, self._meant(target), judge) for target in targets)

    def _meant(self, target: int) -> int:
        """Whom "they" means in "“They are thieves,” she said of the bank"; any other target is itself."""
        tree = self.tree
        if tree[target].form.lower() not in self.syntax["pronouns"]:
            return target
        for up in tree.ancestors(target):
            if tree[up].upos == "VERB":
                about = [
                    h for p, h in self.finder.obliques(up) if p in self.syntax["topic"] and h > target and h not in tree.ancestors(target)
                ]
                if about and tree[up].lemma.lower() in self.force:
                    return about[0]
        return target

    def described(self, i: int, depth: int = 6) -> tuple[int, list[int]]:
        """Whom a describing word is said of, and the verb with which somebody says so ("called the bank reckless")."""
        tree, token = self.tree, self.tree[i]
        relation, head = token.relation.split(":")[0], token.head
        subjects = [x for c in tree.exactly(i, "nsubj", "nsubj:outer", "nsubj:pass") for x in self.finder.referents(c)]
        if subjects:
            return -1, subjects
        if head < 0 or depth == 0:
            return -1, []
        if relation == "conj":
            return self.described(head, depth - 1)
        if (
            relation in ("amod", "appos", "acl", "compound", "flat", "nmod")
            and token.relation != "nmod:poss"
            and (tree[head].upos in ("NOUN", "PROPN", "PRON", "NUM") or head in tree.actors)
        ):
            return self._of_noun(i, head, relation, depth)
        if relation in ("xcomp", "obj", "obl", "advcl", "ccomp", "dep", "advmod") and tree[head].upos in ("VERB", "AUX"):
            return self._of_verb(i, head, relation)
        return -1, []

    def _of_noun(self, i: int, head: int, relation: str, depth: int) -> tuple[int, list[int]]:
        tree = self.tree
        if relation == "nmod":
            if tree.preposition(i) == "of" and tree[head].lemma.lower() in self.syntax["collective"]:
                return self.described(head, depth - 1)
            return -1, []
        own = [head, *self.owners(head)] if head not in tree.actors else [head]
        judge, said = self.described(head, depth - 1) if tree[head].upos == "NOUN" and relation in ("amod", "compound") else (-1, [])
        return judge, said or own

    def _of_verb(self, i: int, verb: int, relation: str) -> tuple[int, list[int]]:
        tree, lemma = self.tree, self.tree[verb].lemma.lower()
        likened = tree.preposition(i) in ("as", "like") or any(
            tree[m].form.lower() in ("as", "like") for m in tree.exactly(i, "mark", "case", "advmod")
        )
        found = self.finder.arguments(verb)
        naming = lemma in self.syntax["naming"] or (likened and not self.lexicon.tables["judging"].keys().isdisjoint(self.forms(verb)))
        if naming and (likened or relation in ("xcomp", "ccomp", "obj", "dep", "advcl")):
            patients = [x for x in found.patient + found.indirect if x != i]
            patients += [h for p, h in self.finder.obliques(verb) if p in ("to", "at") and h < i and not patients]
            patients += [
                c for c in tree.find(verb, "xcomp", "ccomp", "iobj") if c < i and tree[c].upos in ("NOUN", "PROPN", "PRON") and not patients
            ]
            if patients or lemma in self.syntax["naming"]:  # "what they described as a sham cabinet" is no sham of theirs
                return verb, patients
        if (
            likened
            or (lemma in self.syntax["seeming"] and relation in ("xcomp", "obj", "advcl", "dep"))
            or (relation == "advcl" and tree[i].upos != "VERB")
        ):
            return -1, found.agent or found.patient
        return -1, []

    def owners(self, i: int) -> list[int]:
        """Those to whom a deed belongs: "the council's failure", "the failure of the council", "showed courage", "guilty of greed"."""
        tree = self.tree
        out = self.finder.possessors(i)
        done = out and self.tree[i].lemma.lower() in self.finder.event_nouns  # "the rebels' shelling of a depot"
        suffered = done or any(form in self.syntax["suffered"] for form in self.forms(i))
        doers = ("by", "from") if suffered else ("of", "by", "from")
        out = out + [h for p, h in self.finder.obliques(i) if p in doers and h > i]
        out += [c for c in tree.exactly(i, "compound", "amod") if c in tree.named]
        return out

    def _deed(self, i: int) -> Iterable[Judgement]:
        """A noun for a deed or trait hits its owner, and who shows or commits it. Misses owners in other sentences."""
        tone = self.tone("deed", i)
        if tone is None:
            return
        tree, targets = self.tree, self.owners(i)
        head, relation = tree[i].head, tree.bases[i]
        while head >= 0 and relation == "conj":
            head, relation = tree[head].head, tree.bases[head]
        judge = -1
        if (
            head >= 0
            and tree[head].upos == "VERB"
            and (tree[head].lemma.lower() in self.syntax["having"] and relation in ("obj", "obl", "xcomp"))
        ):
            targets = targets + self.finder.arguments(head).agent
        elif not targets and tree.exactly(i, "nsubj"):
            targets = tree.exactly(i, "nsubj")
        elif not targets and relation == "obl" and tree[head].upos == "VERB" and tree.preposition(i) in ("with", "in"):
            targets = list(self.finder.arguments(head).agent)  # "with breathtaking cynicism, the cabinet cut it"
        elif head >= 0 and tree[head].upos == "VERB" and relation == "obl" and tree.preposition(i) in ("for", "of", "over"):
            judging = any(form in self.lexicon.tables["judging"] for form in self.forms(head))
            judge = head if judging else -1
            targets = targets + (self.finder.arguments(head).patient if judging else [])
        yield from (Judgement(i, tone, t, judge) for t in dict.fromkeys(targets))

    def _conduct(self, i: int) -> Iterable[Judgement]:
        """A verb of conduct hits its subject: "the minister lied", "betrayed by the bank"; where it judges an object, only that is hit."""
        tone = self.tone("conduct", i)
        for done in self.tree.exactly(i, "obj") if tone is None else ():  # "lined their pockets"
            tone = tone or self.lexicon.tables["conduct"].get(f"{self.tree[i].lemma.lower()} {self.tree[done].lemma.lower()}")
        if tone and not (self.tone("judging", i) and self.finder.arguments(i).patient):
            yield from (Judgement(i, tone, target) for target in self.finder.arguments(i).agent)

    def _judging(self, i: int) -> Iterable[Judgement]:
        """A verb of judgement hits its object, and its subject is the holder: "the union condemned the bank", "was hailed"."""
        tone = self.tone("judging", i)
        if tone:
            for target in self.finder.arguments(i).patient:
                hit = [target] if target in self.tree.actors or self.names_party(target) else [target, *self.owners(target)]
                yield from (Judgement(i, tone, one, i) for one in hit)

    def _manner(self, i: int) -> Iterable[Judgement]:
        """An adverb hits who acts in such a manner, "shamelessly sold the harbour", or is spoken of in it, "spoke warmly of the crew"."""
        form = self.tree[i].form.lower()
        stems = [form[:-2], form[:-3] + "y", form[:-2] + "e", form[:-4], form[:-1] + "e"] if form.endswith("ly") else []
        tone = next((self.lexicon.tables["adjective"][s] for s in stems if s in self.lexicon.tables["adjective"]), None)
        head = self.tree[i].head
        if tone is None or head < 0 or self.tree[head].upos != "VERB":
            return
        if self.tree[head].lemma.lower() in self.syntax["speaking"]:
            about = [h for p, h in self.finder.obliques(head) if p in self.syntax["topic"]] or self.finder.arguments(head).patient
            yield from (Judgement(i, tone, target, head) for target in about)
        elif tone[1] >= 0.8:
            yield from (Judgement(i, tone, target) for target in self.finder.arguments(head).agent)

    def _directed(self, i: int) -> Iterable[Judgement]:
        """Words with a preposition before those who are hit: "railed against the bank", "praise for the crew"."""
        entries = self.lexicon.tables["directed"]
        verb = self.tree[i].head if self.tree[i].relation == "obj" else -1  # "paid tribute [to the crew]" may hang on either
        phrases = self.finder.obliques(i) + [(p, h) for p, h in (self.finder.obliques(verb) if verb >= 0 else ()) if h > i]
        for preposition, head in dict.fromkeys(phrases):
            tone = next((entries[k] for f in self.forms(i) if (k := f"{f} {preposition}") in entries), None)
            if tone and not (tone[0] < 0 and self._negated(i)):
                polarity = -tone[0] if tone[0] > 0 and self._negated(i) else tone[0]
                yield Judgement(i, (polarity, tone[1]), head, i if self.tree[i].upos in ("VERB", "NOUN") else -1)

    def _reaction(self, i: int) -> Iterable[Judgement]:
        """A noun for others' judgement hits who brought it about: "the mayor drew criticism", "her remarks sparked outrage"."""
        tone = self.tone("reaction", i)
        verb = self.tree[i].head
        if tone and verb >= 0 and self.tree[verb].lemma.lower() in self.syntax["drawing"]:
            agents = self.finder.arguments(verb).agent
            targets = [one for a in agents for one in ([a] if a in self.tree.actors else [a, *self.owners(a)])]
            yield from (Judgement(i, tone, target, i) for target in targets)

    def judges(self, cue: int, targets: Iterable[int]) -> list[int]:
        """Who judges, at a verb its subject, at a noun its owner, whoever it comes from, or the subject of the verb it completes."""
        tree, finder, taken = self.tree, self.finder, set(targets)
        if tree[cue].upos == "VERB":
            return [x for x in finder.arguments(cue).agent if x not in taken and tree[x].form.lower() not in self.syntax["nobody"]]
        own = finder.possessors(cue) + [h for p, h in finder.obliques(cue) if p in ("from", "by", "among")]
        verb = tree[cue].head
        if not own and verb >= 0 and tree[verb].upos == "VERB" and tree.bases[cue] in ("obj", "obl", "xcomp"):
            own = finder.arguments(verb).agent + [h for p, h in finder.obliques(verb) if p in ("from", "among")]
        return [x for x in own if x not in taken]
