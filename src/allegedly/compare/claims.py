"""A reading's statements as claims: predicates with their senses, and who and what takes part, in a form that any two can be compared in.

Roles come from the statement where it has them (it has seen through passives, control and light verbs) and from the tree for the rest.
Titles, and readings without their words, have no tree: their claims hold what the statement's own roles say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from allegedly.compare.meaning import base, borrowed, meanings, place_of, senses_of, source_verbs
from allegedly.compared import Argument, Claim, Party, content_of
from allegedly.gazetteer import fold, gazetteer, nominals
from allegedly.reading.tree import Tree
from allegedly.records import Analysis, Attribution, Entity, Quantity, Reading, Span, Statement, Status, Token

_LEADING = frozenset({"root", "ccomp", "xcomp", "conj", "parataxis"})
_MODALS: Mapping[str, Status] = {
    "will": "planned",
    "may": "possible",
    "might": "possible",
    "could": "possible",
    "would": "conditional",
    "should": "demanded",
    "must": "demanded",
}
COPULAS = frozenset({"be", "remain", "stay", "become", "seem", "keep", "prove", "appear", "get"})
_SKIPPED = frozenset(
    [
        "punct",
        "cc",
        "aux",
        "aux:pass",
        "cop",
        "mark",
        "det",
        "discourse",
        "expl",
        "conj",
        "parataxis",
        "case",
        "fixed",
        "goeswith",
        "appos",
        "vocative",
        "dep",
        "acl:relcl",
    ]
)
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM"})
_MODIFIERS = frozenset({"amod", "compound", "nmod", "nummod", "flat", "appos", "acl", "obl", "obj", "advmod", "det"})
_RELATIVE = frozenset({"who", "whom", "which", "that"})
_OWNING = ("of", "'s", "’s", "")
_OTHERS = ("conj", "acl:relcl")
_KINDS = {"VERB": "v", "AUX": "v", "NOUN": "n", "PROPN": "n", "ADJ": "a", "ADV": "r"}
_BELOW = re.compile(r"\b(?:below|under|less than|fewer than|short of)\b", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(a|an|one|two|three|four|five|seven|nine)?[ -]?(half|halves|thirds?|quarters?|fifths?|sixth|eighths?|tenths?)\b"
    r"(?: of)?(?: an?)?( million| billion)?",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"\b(?:few |several |many )(dozens?|hundreds?|thousands?|millions?)(?: of)?\b", re.IGNORECASE)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9}


def claims(reading: Reading, *, first: int = 1, identities: Mapping[str, int] | None = None) -> tuple[Claim, ...]:
    """The statements of a reading as claims, numbered from `first` in their order.

    `identities` gives an entity's number in the ledger by its id in the reading. Read with `tokens=True`: without words and trees, claims
    know only the actor, recipient and object of their statements, and not, say, "in the north". Misses: metaphor, and what a sentence
    leaves to the one before it.
    """
    builder = _Builder(reading, identities or {})
    return tuple(builder.claim(s, item) for item, s in enumerate(reading.statements, first))


def sentence_claims(reading: Reading) -> tuple[tuple[Claim, bool], ...]:
    """The claims of a sentence read with its words, each with whether it leads the sentence or what is reported in it.

    A clause in which the reader found no statement gives a claim too, with the negation and the modality that stand in it.
    """
    if not reading.tokens:
        return ()
    builder = _Builder(reading, {})
    made = [*reading.statements, *builder.bare()]
    return tuple((builder.claim(s, item), builder.leads(s)) for item, s in enumerate(made, 1))


class _Builder:
    """Claims of one reading."""

    def __init__(self, reading: Reading, identities: Mapping[str, int]) -> None:
        self.reading = reading
        self.text = reading.article.text
        self.identities = identities
        self.entities: dict[str, Entity] = {e.id: e for e in reading.entities}
        self.attributions: dict[str, Attribution] = {a.id: a for a in reading.attributions}
        self.tree = Tree(Analysis(self.text, reading.tokens, (), (), ())) if reading.tokens else None
        self.at = {t.start: i for i, t in enumerate(reading.tokens)}
        self.lemmas = [base(t.lemma, t.form, _KINDS.get(t.upos, "")) for t in reading.tokens]
        self.quantities = [q for s in reading.statements for q in s.quantities if q.unit != "fifths"]
        self.called = frozenset(m.entity for m in reading.mentions if m.named)
        self._amounts: dict[int, tuple[str, ...]] = {}
        self.named: dict[int, tuple[Span, str | None, bool]] = {}
        for m in reading.mentions:
            for i in self._inside((m.start, m.end)) if m.named else ():
                self.named.setdefault(i, ((m.start, m.end), m.entity, True))
        for m in reading.mentions:
            for i in self._inside(m.head):
                self.named.setdefault(i, ((m.start, m.end), m.entity, False))

    def _inside(self, span: Span) -> Iterator[int]:
        i = self.at.get(span[0])
        while i is not None and i < len(self.reading.tokens) and self.reading.tokens[i].start < span[1]:
            yield i
            i += 1

    def leads(self, s: Statement) -> bool:
        """Whether a statement's predicate is on the main line of its sentence, not in an adverbial or relative clause or a noun phrase."""
        words = [i for span in s.predicate for i in self._inside(span)]
        at = next((i for i in words if self._tree[i].head not in words), -1) if words else -1
        while at >= 0 and self._tree[at].relation in _LEADING:
            at = self._tree[at].head
        return at == -1

    def bare(self) -> Iterator[Statement]:
        """Main clauses with a subject in which no statement was found."""
        tree = self._tree
        taken = {i for s in self.reading.statements for span in s.predicate for i in self._inside(span)}
        said = {i for a in self.reading.attributions for span in a.cue for i in self._inside(span)}
        for i, token in enumerate(tree.tokens):
            if (
                i in taken
                or (i in said and tree.find(i, "ccomp", "xcomp"))
                or token.relation not in ("root", "ccomp", "parataxis")
                or not tree.find(i, "nsubj")
            ):
                continue
            words = [*(c for c in tree.children[i] if tree[c].relation == "cop"), i]
            around = [x.lemma.lower() for x in (tree[c] for c in tree.subtree(i)) if x.relation in ("advmod", "det", "aux")]
            denied = not {"not", "never", "no", "n't", "neither"}.isdisjoint(around)
            status: Status = next((status for modal, status in _MODALS.items() if modal in around), "actual")
            actor = tuple((tree[x].start, tree[x].end) for c in tree.exactly(i, "nsubj") for x in [c])
            yield Statement(
                id=f"b{i}",
                within="text",
                predicate=tree.characters(tuple(words)),
                lemma=token.lemma,
                actor=actor,
                recipient=(),
                object=(),
                actor_entities=(),
                recipient_entities=(),
                event=None,
                polarity="negated" if denied else "affirmed",
                status=status,
                sure_rule="bare",
                sure_score=0.5,
                voice="author",
                sourcing="none",
            )

    def claim(self, s: Statement, item: int) -> Claim:
        """One statement as a claim."""
        source = self.text if s.within == "text" else self.reading.article.title or ""
        speaker = self.attributions.get(s.voice)
        voice = "author" if s.voice == "author" else self._voice(speaker)
        quantities = tuple(_exact(q, source) for q in s.quantities)
        plain = Claim(
            item=item,
            article=self.reading.article.id,
            statement=s.id,
            words=self._sentence(s, source),
            lemma=s.lemma,
            act=s.event.act if s.event else None,
            actors=self._parties(s.actor, s.actor_entities, source),
            recipients=self._parties(s.recipient, s.recipient_entities, source),
            object="; ".join(source[a:b] for a, b in s.object),
            content=(),
            polarity=s.polarity,
            status=s.status,
            voice=voice,
            force=speaker.force if speaker else "says",
            sourcing=s.sourcing,
            quantities=quantities,
            start=s.time.start if s.time else None,
            end=s.time.end if s.time else None,
            place=s.place.name if s.place else None,
            negative=s.polarity == "negated" or self._misread(s),
            earlier=voice == "author" and self._earlier(s),
        )
        made = self._by_tree(s, plain) if s.within == "text" and self.tree else self._by_spans(s, plain, source)
        return replace(made, content=content_of(made.lemma, made.arguments))

    def _misread(self, s: Statement) -> bool:
        """Whether a negation stands right before the predicate that the tree hung elsewhere."""
        at = self.at.get(s.predicate[0][0], 0) if s.within == "text" and s.sure_rule == "default" else 0
        while at > 0 and self.reading.tokens[at - 1].upos in ("ADV", "AUX", "PART"):
            at -= 1
            if self.reading.tokens[at].lemma.lower() in ("not", "never", "n't"):
                return all(self.reading.tokens[at].head != i for span in s.predicate for i in self._inside(span))
        return False

    def _earlier(self, s: Statement) -> bool:
        """Whether a predicate is in the past perfect: "had not won"."""
        words = [i for span in s.predicate for i in self._inside(span)] if s.within == "text" and self.tree else []
        return any(self._tree[c].form.lower() in ("had", "'d", "’d") for i in words for c in self._tree.exactly(i, "aux"))

    def _voice(self, speaker: Attribution | None) -> str:
        if speaker is None:
            return "author"
        source = self.text if speaker.within == "text" else self.reading.article.title or ""
        said = " ".join(source[a:b] for a, b in speaker.source)
        entity = self.entities.get(speaker.entity or "")
        if entity is None or entity.type in ("place", "other"):
            return said
        pronoun = said.lower() in nominals().pronouns or said.lower() in _RELATIVE
        return entity.name if entity.id in self.called or pronoun else said

    def _sentence(self, s: Statement, source: str) -> str:
        if s.within == "title":
            return source
        at = s.predicate[0][0]
        return next((self.text[a:b] for a, b in self.reading.sentences if a <= at < b), "")

    def _parties(self, spans: tuple[Span, ...], entities: tuple[str, ...], source: str) -> tuple[Party, ...]:
        """Who fills a role; nobody where it is a pronoun that refers to nobody who is known."""
        known = [self.entities[e] for e in entities if e in self.entities]
        found = [Party(e.name, e.type, self.identities.get(e.id)) for e in known] or [Party(source[a:b], "other") for a, b in spans]
        return tuple(party for party in found if party.name.lower() not in nominals().pronouns)

    # --- without words -----------------------------------------------------------------------------------------------

    def _by_spans(self, s: Statement, claim: Claim, source: str) -> Claim:
        words = s.lemma.split()
        senses, _ = senses_of(words[0], words[1:])
        arguments: list[Argument] = []
        for role, spans, ids in (("actor", s.actor, s.actor_entities), ("core", s.recipient, s.recipient_entities), ("core", s.object, ())):
            names = [self._name(self.entities[e], source, role) for e in ids if e in self.entities]
            arguments += [Argument(role, n) for n in names] if names else [Argument(role, *_noun(source[a:b])) for a, b in spans]
        if s.place:
            arguments.append(Argument("in", fold(s.place.name)))
        return replace(claim, lemma=base(words[-1], words[-1], "v"), senses=senses, arguments=_settled(tuple(arguments), words[-1], senses))

    def _name(self, entity: Entity, fallback: str, role: str = "") -> str:
        """A name as claims have it: a government's capital that acts is its country ("@FRA"), titles go."""
        known = gazetteer().find(entity.name)
        if role == "actor" and entity.country and known and known.kind == "capital":
            return f"@{entity.country}"
        if entity.country and (
            entity.type == "country" or (entity.type == "organization" and known and known.kind in ("capital", "metonym", "country"))
        ):
            return f"@{entity.country}"
        words = fold(entity.name).split() or [fallback]
        while len(words) > 1 and words[0] in meanings().grammar["sorts"]:
            words = words[1:]
        return " ".join(words)

    # --- with words and trees ----------------------------------------------------------------------------------------

    def _lemma(self, i: int) -> str:
        return self.lemmas[i]

    @property
    def _tree(self) -> Tree:
        assert self.tree is not None  # noqa: S101 - the caller has asked
        return self.tree

    def _by_tree(self, s: Statement, claim: Claim) -> Claim:
        tree = self._tree
        words = [i for span in s.predicate for i in self._inside(span)]
        if not words:
            return self._by_spans(s, claim, self.text)
        inside = frozenset(words)
        top = next((i for i in words if tree[i].head not in inside), words[0])
        verb = next((i for i in words if tree[i].upos == "VERB"), top)
        noun = next((i for i in words if i != verb and tree[i].upos == "NOUN"), None)
        moved, there = self._content_of(verb) if noun is None else (verb, False)
        below = [c for h in dict.fromkeys((*words, moved)) for c in tree.children[h] if c not in inside and c != moved]
        below = [c for c in below if tree[c].relation not in _SKIPPED]
        senses, taken, lemma, event = self._meant(verb, noun if noun is not None else moved, there, [*words, *below])
        passive = any(tree[c].relation == "aux:pass" for c in tree.children[verb]) or s.actor == ()
        arguments = [a for a in self._arguments(s, below, taken, passive) if a.head]
        if there:
            arguments = [a for a in arguments if a.role != "actor" or a.head != self._lemma(moved)]
        if any(senses and senses == senses_of(self._tree[c].form.lower(), ())[0] for c in tree.exactly(moved, "case")):
            arguments.append(self._nominal(moved, "core", ""))  # "is against the treaty"
        if event:
            arguments.append(Argument(event, self._lemma(noun if noun is not None else moved), self._owners(noun)))
        counted = tree[moved].upos == "NUM" or tree[moved].form in ("percent", "%") or bool(tree.exactly(moved, "nummod"))
        number = self._amount_at(moved) if counted and noun is None and tree[moved].upos != "VERB" else ()
        if number and not there:
            senses, lemma = ("reach",), "reach"
            arguments = [a for a in arguments if not a.head[:1].isdigit()] + [Argument("core", self._lemma(moved), number)]
        if lemma in meanings().grammar["exceeding"]:  # from so many upwards
            senses, lemma = ("reach",), "reach"
            arguments = [replace(a, words=tuple(re.sub(r":[^%]*", ":1e+15", w) if w[0] == "#" else w for w in a.words)) for a in arguments]
        return replace(claim, lemma=lemma, senses=senses, arguments=_settled(tuple(arguments), lemma, senses))

    def _owners(self, noun: int | None) -> tuple[str, ...]:
        if noun is None:
            return ()
        return tuple(self._lemma(c) for c in self._tree.children[noun] if self._tree[c].relation in ("compound", "amod"))

    def _meant(self, verb: int, noun: int, there: bool, near: list[int]) -> tuple[tuple[str, ...], frozenset[str], str, str]:
        """Senses, the words that a phrase takes up, the lemma, and the role of the noun in the predicate where it is a participant.

        "Hold talks" means what "talk" means; in "impose sanctions" and "the talks resumed" the noun is what the verb is about.
        """
        senses, taken, lemma = self._senses(verb, noun, near)
        if noun == verb or (not there and self._tree[noun].upos != "NOUN"):
            return senses, taken, lemma, ""
        name = self._lemma(noun)
        if there:
            return (*senses, "hold_event"), taken, lemma, "event"
        if not any(i == noun for i in near) or self._tree[verb].upos != "VERB":
            return senses, taken, lemma, ""
        carried = self._lemma(verb)
        if taken:  # a phrase: "open fire", "put off"
            own = senses_of((*source_verbs(name), name)[0], ())[0] if "hold_event" in senses else ()
            return (*senses, *own), taken, carried, "" if name in taken else "event" if "hold_event" in senses else "core"
        if carried in meanings().grammar["light"]:
            happens = "hold_event" in senses_of(carried, ())[0]
            return (*senses, "hold_event") if happens else senses, taken, lemma, "event" if happens else ""
        single, phrase = senses_of(
            carried, [w for i in near if i not in (verb, noun) for w in (self._lemma(i), self._tree[i].form.lower())]
        )
        particles = [self._tree[c].form.lower() for c in self._tree.exactly(verb, "compound:prt")]
        return single, phrase, " ".join([carried, *particles]), "core"

    def _content_of(self, top: int) -> tuple[int, bool]:
        """The word that carries the meaning: what a copula-like verb says ("remains open"), or what there is ("there were injuries")."""
        tree = self._tree
        if tree[top].upos in ("VERB", "AUX") and self._lemma(top) in COPULAS:
            there = bool(tree.exactly(top, "expl"))
            found = tree.exactly(top, "nsubj") if there else [c for c in tree.exactly(top, "xcomp") if tree[c].upos != "VERB"]
            if found:
                return found[0], there
        return top, False

    def _senses(self, top: int, moved: int, near: list[int]) -> tuple[tuple[str, ...], frozenset[str], str]:
        """What the predicate can mean, the words that say so, and the lemma to ask WordNet for."""
        tree = self._tree
        beside: list[str] = []
        for i in near:
            if tree[i].relation.startswith("nsubj") and not tree[i].relation.endswith("pass") and i != moved:
                continue
            cases = [tree[c].form.lower() for c in tree.children[i] if tree[c].relation == "case" and tree[moved].upos != "ADJ"]
            beside += [self._lemma(i), *cases]
        cases = [tree[c].form.lower() for c in tree.exactly(moved, "case")]
        verb, noun = self._lemma(top), self._lemma(moved)
        tries = [(verb, tuple(w for w in beside if w != verb)), *((case, (noun, *beside)) for case in cases)]
        best: tuple[tuple[str, ...], frozenset[str], str] = ((), frozenset(), noun if moved != top else verb)
        for first, around in tries:
            senses, taken = senses_of(first, around)
            if senses and (taken or moved == top) and len(taken) >= len(best[1]) and (taken or not best[0]):
                best = senses, taken, verb
        particles = [tree[c].form.lower() for c in tree.exactly(top, "compound:prt")]
        if best[0] and not best[1].issuperset(particles):  # "rule out" is not to rule
            return (), frozenset(), " ".join([verb, *particles])
        if best[0]:
            return best[0], best[1], " ".join([verb, *particles])
        derived = source_verbs(noun) if tree[moved].upos == "NOUN" else ()
        for word in (noun, *derived):
            senses, taken = senses_of(word, beside)
            if senses:
                return senses, taken, derived[0] if derived else word
        lemma = derived[0] if derived else " ".join([noun, *(particles if moved == top else ())])
        return borrowed(lemma), frozenset(), lemma

    def _arguments(self, s: Statement, below: list[int], taken: frozenset[str], passive: bool) -> Iterator[Argument]:
        tree = self._tree
        actors = {i for span in s.actor for i in self._inside(span)}
        speaker = self.attributions.get(s.voice)
        said = {i for span in (*speaker.source, *speaker.cue) for i in self._inside(span)} - actors if speaker else set()
        seen: set[int] = set()
        for i in below:
            token = tree[i]
            seen.update(tree.subtree(i))
            preposition = tree.preposition(i)
            if i in said or preposition == "according to" or (self._lemma(i) in taken and not preposition.startswith("of")):
                continue
            if token.relation == "advmod" or (token.relation in ("amod",) and token.upos == "ADJ"):
                if self._lemma(i) not in meanings().grammar["still"] and self._lemma(i) not in meanings().shares:
                    yield Argument("manner", place_of((self._lemma(i),)) or self._lemma(i))
            elif token.relation.split(":")[0] in ("xcomp", "ccomp", "advcl", "acl", "csubj"):
                yield from self._clause(i)
            else:
                role = self._role(i, token, actors, preposition, taken)
                role = self._agent(i, role, passive)
                for each in tree.conjuncts(i):
                    yield self._nominal(each, role, preposition)
                    yield from self._attached(each, passive)
        for role, spans in (("actor", s.actor), ("core", s.recipient), ("core", s.object)):
            for span in spans:
                inside = list(self._inside(span))
                if inside and not seen.intersection(inside):
                    yield self._nominal(next((i for i in inside if tree[i].head not in inside), inside[0]), role, "")

    def _agent(self, i: int, role: str, passive: bool) -> str:
        """Who acts, in a passive ("by the council"; not "by a tenth"), and who acts together ("between")."""
        counted = self._tree[i].upos in ("NUM", "SYM") or bool(self._tree.exactly(i, "nummod")) or self._lemma(i) in meanings().fractions
        return "actor" if role == "between" or (role == "by" and passive and not counted) else role

    def _attached(self, i: int, passive: bool) -> Iterator[Argument]:
        """Phrases inside a noun phrase that tell the place, time or goal ("sanctions on Osk"): the tree may hang them either way."""
        tree = self._tree
        for c in tree.exactly(i, "nmod"):
            preposition = tree.preposition(c)
            if preposition not in _OWNING:
                role = self._agent(c, preposition, passive)
                for each in tree.conjuncts(c):
                    yield self._nominal(each, role, preposition)
                    yield from self._attached(each, passive)

    def _role(self, i: int, token: Token, actors: set[int], preposition: str, taken: frozenset[str]) -> str:
        if i in actors or token.relation == "obl:agent":
            return "actor"
        if preposition in ("'s", "’s"):
            return "of"
        if preposition and preposition not in taken:
            return preposition
        return "core"

    def _clause(self, i: int) -> Iterator[Argument]:
        """What a complement clause is about: its verb and the nouns in it."""
        tree = self._tree
        if tree[i].relation == "advcl" and not any(tree[c].form.lower() in ("of", "from", "to", "for") for c in tree.exactly(i, "mark")):
            return
        denied = any(tree[c].lemma.lower() in ("not", "never", "n't") for c in tree.exactly(i, "advmod"))
        inner = [x for x in tree.subtree(i) if x != i and tree[x].upos in ("NOUN", "PROPN", "NUM", "ADJ") and tree[x].relation != "conj"]
        if inner and tree[i].upos in ("VERB", "AUX"):
            yield Argument("clause", "-" * denied + self._lemma(i), tuple(self._lemma(x) for x in inner[:4]))
        else:
            yield Argument("clause", "-" * denied + self._lemma(i))

    def _nominal(self, i: int, role: str, preposition: str) -> Argument:
        tree, grammar = self._tree, meanings().grammar
        found = self.named.get(i)
        entity = self.entities.get(found[1] or "") if found else None
        own = set(self._inside(found[0])) if found and found[2] else {i}
        parts = self._phrase(i, whole=False)
        below = [x for x in parts if x not in own and tree.bases[x] in _MODIFIERS and tree[x].upos != "PUNCT"]
        head = self._lemma(i)
        if head in grammar["anybody"] or tree[i].upos == "DET":
            head = "*"
            below_nouns = [x for x in below if tree[x].upos in ("NOUN", "PROPN")]
            if below_nouns:  # "nearly all of the leaders", "none of the ministers"
                head = self._lemma(below_nouns[-1] if tree[i].upos == "DET" else below_nouns[0])
        elif entity and ((found and found[2]) or tree[i].upos == "PRON"):
            head = self._name(entity, head, role) if _is_named(entity) else _noun(entity.name)[0]
        elif head in grammar["sorts"]:
            name = next((x for x in below if tree[x].upos == "PROPN" and tree[x].relation in ("nmod", "flat", "appos")), None)
            if name is not None and (tree.preposition(name) in ("", "of")) and tree[name].relation != "nmod:poss":
                other = self.entities.get((self.named.get(name, ((0, 0), None, False))[1]) or "")
                head = self._name(other, head) if other else tree[name].form.lower()
                below = [x for x in below if x != name and x not in tree.children[name]]
        if head in grammar["measures"]:
            whole = next((x for x in sorted(below) if tree[x].relation == "nmod" and tree[x].upos in ("NOUN", "PROPN")), None)
            if whole is not None:
                head = self._lemma(whole)
        phrase = place_of(
            (*((preposition,) if preposition else ()), *(self._lemma(x) for x in sorted(below) if tree[x].relation == "amod"), head)
        )
        if phrase:
            return Argument("manner", phrase)
        words = [self._word(x) for x in sorted(below) if tree[x].upos in ("NOUN", "PROPN", "ADJ", "VERB", "ADV") and self._lemma(x) != head]
        words = [w for w in words if w not in grammar["still"] and w not in meanings().shares]
        return Argument(role, head, (*dict.fromkeys(words), *self._amount_at(i)))

    def _apart(self, i: int) -> bool:
        return self._tree.relations[i] == "nmod" and self._tree.preposition(i) not in _OWNING

    def _word(self, i: int) -> str:
        found = self.named.get(i)
        entity = self.entities.get(found[1] or "") if found and found[2] else None
        return self._name(entity, self._lemma(i)) if entity and _is_named(entity) else self._lemma(i)

    def _phrase(self, i: int, *, whole: bool) -> list[int]:
        """`i` and what is below it in text order; no conjuncts, no relative clauses and, unless `whole`, nothing that is apart."""
        tree = self._tree
        out, stack = [i], [i]
        while stack:
            for x in tree.children[stack.pop()]:
                if tree.relations[x] not in _OTHERS and (whole or not self._apart(x)):
                    out.append(x)
                    stack.append(x)
        return sorted(out)

    def _amount_at(self, i: int) -> tuple[str, ...]:
        """How many or how much the phrase of a word is: looked for once, however many statements it is in."""
        known = self._amounts.get(i)
        if known is None:
            inside = self._phrase(i, whole=True)
            known = self._amounts[i] = self._amount((self._tree[inside[0]].start, self._tree[inside[-1]].end), i)
        return known

    def _amount(self, span: Span, i: int) -> tuple[str, ...]:
        """How many or how much an argument is, as "#low:high", with "%" for a share; empty where nothing is said."""
        start, end = span
        text = self.text[start:end]
        fraction = _FRACTION.search(text)
        if fraction and (fraction[1] or fraction[3] or fraction[2].lower() in ("half", "a quarter")):
            value = _COUNTS.get((fraction[1] or "a").lower(), 1) * meanings().fractions[fraction[2].lower()]
            scale = {" million": 1e6, " billion": 1e9}.get((fraction[3] or "").lower(), 0.0)
            return (_number(value * scale, value * scale),) if scale else (_number(value * 100 - 0.5, value * 100 + 0.5) + "%",)
        vague = _VAGUE.search(text)
        if vague and not re.search(r"\d", text):
            scale = {"d": 12.0, "h": 100.0, "t": 1e3, "m": 1e6}[vague[1][0].lower()]
            return (_number(2 * scale, 9.99 * scale),)
        for q in self.quantities:
            if start <= q.span[0] and q.span[1] <= end:
                exact = _exact(q, self.text)
                low, high = (exact.value, exact.value) if exact.value is not None else (exact.low, exact.high)
                if (low, high) != (0.0, 0.0):
                    return (_number(low or 0.0, 1e15 if high is None else high) + ("%" if q.unit == "%" else ""),)
        numbers = [t.form.replace(",", "") for t in (self._tree[x] for x in self._tree.children[i]) if t.upos == "NUM"]
        if numbers and numbers[0].replace(".", "", 1).isdigit():
            return (_number(float(numbers[0]), float(numbers[0])) + "%" * (self._lemma(i) in ("percent", "%", "per")),)
        for x in self._tree.children[i] + [i]:
            share = meanings().shares.get(self._tree[x].form.lower())
            if share and self._tree[x].relation in ("det", "amod", "nsubj", "obj", "det:predet", "advmod"):
                return (_number(*share) + "%",)
        return ()


def _number(low: float, high: float) -> str:
    return f"#{low:.10g}:{high:.10g}"


def _exact(q: Quantity, source: str) -> Quantity:
    """A quantity whose upper bound is excluded ends just below it ("fewer than 80")."""
    if q.high is not None and q.value is None and _BELOW.search(source[max(0, q.span[0] - 14) : q.span[1]]):
        return replace(q, high=q.high - max(1e-6, abs(q.high) * 1e-6))
    return q


def _is_named(entity: Entity) -> bool:
    return entity.name[:1].isupper() and not entity.name.startswith("The ")


@lru_cache(maxsize=65536)
def _noun(phrase: str) -> tuple[str, tuple[str, ...]]:
    """Head and modifiers of a noun phrase, from its characters alone."""
    words = re.findall(r"[\w'-]+", phrase.split(" of ")[0].lower())
    words = [base(w.removesuffix("'s"), w, "n") for w in words if w not in ("the", "a", "an", "its", "his", "her", "their")]
    head = words[-1] if words else phrase.lower()
    after = [base(w, w, "n") for w in re.findall(r"[\w-]+", " ".join(phrase.lower().split(" of ")[1:])) if w not in ("the", "a", "an")]
    if head in meanings().grammar["anybody"]:
        return "*", ()
    return head, tuple(w for w in (*words[:-1], *after) if w != "no")


def _settled(arguments: tuple[Argument, ...], lemma: str, senses: tuple[str, ...]) -> tuple[Argument, ...]:
    """Subjects that undergo what the predicate says ("the talks began") stand where a transitive verb has its object; arguments without
    words go.
    """
    arguments = tuple(a for a in arguments if a.head)
    clausal = any(a.role == "clause" for a in arguments)
    actors = {a.head for a in arguments if a.role == "actor"}
    kept = dict.fromkeys(a for a in arguments if not (clausal and a.head == "it") and not (a.role == "core" and a.head in actors))
    if any(a.role in ("actor", "core") and a.head not in _RELATIVE for a in kept):  # who or what it stands for is there too
        kept = dict.fromkeys(a for a in kept if a.role != "core" or a.head not in _RELATIVE)
    grammar = meanings().grammar
    if lemma in grammar["experienced"]:
        return tuple(replace(a, role={"actor": "core", "core": "in"}.get(a.role, a.role)) for a in kept)
    counted = "reach" in senses
    if any(a.role == "event" or (a.role == "core" and not (counted and a.words and a.words[-1].startswith("#"))) for a in kept):
        return tuple(kept)
    if counted or (senses[0].lstrip("-~") if senses else lemma) in grammar["undergone"]:
        return tuple(replace(a, role="core") if a.role == "actor" else a for a in kept)
    return tuple(kept)
