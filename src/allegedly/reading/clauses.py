"""What a clause says of itself: its negation, its tense, its conjunction, whether it is a condition or a question.

Scope is not looked at here: what stands above a clause is the matter of `certainty`.
"""

from collections.abc import Callable, Mapping
from functools import cache

from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree

Words = Mapping[str, frozenset[str]]

MOST_WORDS = 60
"""How far a rule looks along a sentence."""
_CLOSING = ('"', "”", "’", "'", "''", "»", "“")
_INVERTED = ("advcl", "ccomp", "parataxis", "acl")


class Clauses:
    """Questions about the clauses of one text. `speech` holds the lemmas at which somebody's words begin."""

    def __init__(self, tree: Tree, words: Words, speech: frozenset[str]) -> None:
        self.tree = tree
        self.words = words
        self.speech = speech
        # what is asked of the same words again and again, from every statement below them
        self.negated: Callable[[int], bool] = cache(self._negated)
        self.negative_determiner: Callable[[int], bool] = cache(self._negative_determiner)
        self.marks: Callable[[int], frozenset[str]] = cache(self._marks)
        self._conditions: Callable[[int], tuple[int, ...]] = cache(self._conditional)

    # --- negation ------------------------------------------------------------------------------------------------

    def _negated(self, i: int) -> bool:
        """Whether the words that hang on a predicate negate it."""
        if not self.tree.children[i]:
            return False
        words = [self.tree[c].form.lower() for c in self.tree.children[i] if self._negates(c) and not self._or_not(c)]
        if not words and self._fronted_phrase(i):
            return True
        return (len(words) - ("neither" in words and "nor" in words)) % 2 == 1

    def _negates(self, c: int) -> bool:
        """Whether a word negates the predicate it hangs on: "not", "no longer", "without", "nearly"; not so "not only", "not until"."""
        tree, token = self.tree, self.tree[c]
        form, after = token.form.lower(), self._form(c + 1)
        if form in ("neither", "nor") and tree[token.head].upos == "NOUN" and tree.exactly(token.head, "det", "nmod:poss"):
            return False  # "neither the visit nor the letter helped": both were there
        if token.relation in ("mark", "case"):
            far = form == "from" and c > 0 and tree[c - 1].form.lower() == "far"  # "far from ending the war"
            return far or form in self.words["negative_marks"] or form == "not"
        if token.relation == "cc":
            return form in ("nor", "neither") or f"{form} {after}" in ("let alone", "rather than")
        if token.relation not in ("advmod", "cc:preconj", "det", "aux"):
            return False
        if form == "once" and c and self._form(c - 1) == "never" and tree[c - 1].head == c:  # "never once visited"
            return True
        if token.lemma.lower() == "long":
            return any(tree[x].form.lower() == "no" for x in tree.children[c])
        if form == "no" and token.relation == "advmod":
            return after == "longer"
        if form == "not" and (after in self.words["negation_elsewhere"] or self._fronted(c) or self._corrected(c)):
            return False
        if form in ("n't", "n’t") and self._leading(c):
            return False
        return form in self.words["negators"] or (
            token.relation == "advmod" and form in self.words["adverbs.negated"] and self._missed(token.head)
        )

    def _or_not(self, c: int) -> bool:
        """The "not" of "did he or did he not pay?", "whether or not"."""
        tree = self.tree
        asked = any(tree[x].form.lower() == "or" for x in range(max(c - 4, 0), c))
        doubled = [a for a in tree.exactly(tree[c].head, "aux") if tree[a].lemma == "do"]
        return tree[c].form.lower() == "not" and asked and len(doubled) > 1

    def _leading(self, c: int) -> bool:
        """Whether a question with "n't" before its subject expects a yes: "Isn't he paid?", not "Why isn't he paid?"."""
        tree, verb = self.tree, self.tree[c].head
        first, end = tree.analysis.sentences[tree[verb].sentence]
        subject = next(iter(tree.find(verb, "nsubj", "expl")), -1)
        asked = c < subject and any(tree[i].form.startswith("?") for i in range(max(first, end - 3), end))
        return asked and not any(tree.has(w, "PronType=Int") for w in range(first, c))

    def _missed(self, i: int) -> bool:
        """Whether what "almost" or "nearly" stands with could have happened: "was almost hit", not "is almost certain"."""
        tree = self.tree
        state = tree.exactly(i, "cop") or (tree.exactly(i, "aux:pass") and self.present(i))
        return tree[i].upos == "VERB" and not state

    def _fronted(self, c: int) -> bool:
        """Whether a "not" belongs to a phrase before the subject: "Not for the first time, he fled", but "Not once did he flee", "Not a
        crumb has come".
        """
        tree, head = self.tree, self.tree[c].head
        subject = next(iter(tree.find(head, "nsubj")), -1)
        if self._not_any(c) and tree[c + 1].head == subject:
            return False
        return c < subject < head and not any(a < subject for a in tree.exactly(head, "aux", "aux:pass", "cop"))

    def _fronted_phrase(self, i: int) -> bool:
        """Whether a phrase with "not" or "never" stands before an auxiliary and its subject: "Not since the war had he spoken"."""
        tree = self.tree
        subject, auxiliaries = next(iter(tree.find(i, "nsubj")), -1), tree.exactly(i, "aux", "aux:pass")
        if not auxiliaries or not auxiliaries[0] < subject < i:
            return False
        phrases = (x for x in tree.find(i, "obl", "advmod") if x < auxiliaries[0])
        nots = (c for x in phrases for c in tree.exactly(x, "advmod") if tree[c].form.lower() in ("not", "never"))
        return any(self._form(c + 1) not in self.words["negation_elsewhere"] for c in nots)

    def _corrected(self, c: int) -> bool:
        """Whether a "not" only puts one phrase for another: "caused not by rain but by neglect", "not sacked for theft but for talking"."""
        tree, head = self.tree, self.tree[c].head
        for j in tree.exactly(head, "conj", "advcl") if c == head - 1 else ():  # "was not sacked for theft but for talking"
            if any(tree[m].form.lower() == "but" for m in tree.exactly(j, "cc")):
                marks = {tree[m].form.lower() for m in tree.exactly(j, "mark", "case")}
                if marks & {tree.preposition(x) for x in tree.find(head, "obl")}:
                    return True
        phrases = (x for x in tree.find(head, "obl", "obj") if tree.exactly(x, "case")[:1] == [c + 1] and x > c > head)
        return any(tree[m].form.lower() == "but" for x in phrases for j in tree.exactly(x, "conj") for m in tree.exactly(j, "cc"))

    def _form(self, i: int) -> str:
        """The lowercased form of a word, empty beyond the text."""
        return self.tree[i].form.lower() if i < len(self.tree.tokens) else ""

    def yet_to(self, i: int) -> int:
        """The "have" or "be" of an infinitive with "yet" before its "to" ("has yet to leave", "are yet to leave"), or -1. What stands
        for it in a headline is the subject ("Court yet to rule").
        """
        to = next((m for m in self.tree.exactly(i, "mark") if self.tree[m].form.lower() == "to"), 0)
        above = self.tree[i].head
        main = above < 0 or (self.tree[i].relation == "ccomp" and above > i)  # "Tents yet to come, charity says"
        found = to > 1 and self._form(to - 1) == "yet" and (self.tree[to - 2].lemma in ("have", "be", "remain") or main)
        return to - 2 if found else -1

    def _negative_determiner(self, i: int) -> bool:
        """Whether a noun has "no", "neither", "not one" before it."""
        return any(
            self.tree[c].form.lower() in self.words["negative_determiners"] or self._not_any(c) or self._no_more(c)
            for c in (
                *self.tree.find(i, "det", "cc:preconj", "advmod", "amod"),
                *(x for number in self.tree.exactly(i, "nummod") for x in self.tree.exactly(number, "advmod")),
            )
        )

    def _no_more(self, c: int) -> bool:
        """The "more" of "no more refugees", "no further talks"."""
        return self.tree[c].form.lower() in ("more", "further", "other") and c > 0 and self._form(c - 1) == "no"

    def _not_any(self, c: int) -> bool:
        """The "not" of "not a single soldier", "not one soldier", "not even his own soldiers"."""
        return self.tree[c].form.lower() == "not" and self._form(c + 1) in ("a", "an", "one", "any", "even")

    def negative_argument(self, p: Predication) -> bool:
        """Whether an argument negates: "no prisoner had been tortured", "admitted nothing", "spoke to no one", "at no point"."""
        tree = self.tree
        if p.kind == "noun" and not p.light:
            return self.negative_determiner(p.head) and (self.negated(p.head) or not tree.find(p.head, "cc:preconj"))
        if any(self.nobody(i) or self.negative_determiner(i) or self._not_done(i) for i in tree.find(p.verb, "nsubj", "obj", "iobj")):
            return True
        joined = (c for i in (p.verb, *tree.exactly(p.verb, "obj", "iobj")) for c in tree.exactly(i, "conj"))
        if any(tree[m].form.lower() == "neither" for c in joined for m in tree.exactly(c, "cc:preconj")):  # "gave them neither bread nor"
            return True
        for i in tree.find(p.verb, "obl"):
            phrase = " ".join([tree.preposition(i), *(tree[c].form.lower() for c in tree.exactly(i, "det")), tree[i].form.lower()])
            if self.nobody(i) or phrase.strip() in self.words["negative_phrases"]:
                return True
        return False

    def _not_done(self, subject: int) -> bool:
        """The subject of a cleft: "what the law does not do is ban the party"."""
        done = (c for c in self.tree.exactly(subject, "acl:relcl") if self.tree[c].lemma == "do")
        return self.tree[subject].form.lower() in ("what", "all") and any(self.negated(c) for c in done)

    def nobody(self, i: int) -> bool:
        """Whether a word is a negative pronoun ("nobody", "none", "no one", "hardly anybody")."""
        form = self.tree[i].form.lower()
        if form in ("anybody", "anyone", "anything") and i and self._form(i - 1) in ("hardly", "scarcely", "barely"):
            return True
        if self._form(i + 1) in self.words["excepting"]:  # "nobody but the miners": they did
            return False
        return form in self.words["negative_pronouns"] or (form == "one" and self.negative_determiner(i))

    def negative_subject(self, i: int) -> bool:
        """Whether a subject negates: "nobody believes", "no minister has called"."""
        return any(self.nobody(x) or self.negative_determiner(x) for x in self.tree.find(i, "nsubj"))

    # --- relation, tense and mood ------------------------------------------------------------------------------------------

    def relation(self, i: int) -> str:
        """A clause's relation without its subtype; a noun's content that the parser took for a relative clause is "acl" ("the risk that he
        takes the town": its "that" cannot be a second object).
        """
        tree = self.tree
        if tree[i].relation == "acl:relcl":
            return "acl" if self.that(i) else "acl:relcl"
        return tree[i].relation if tree[i].relation == "advcl:relcl" else tree.bases[i]

    def _needless_that(self, i: int) -> bool:
        objects = self.tree.exactly(i, "obj")
        return len(objects) > 1 and any(self.tree[c].form.lower() == "that" for c in objects)

    def that(self, i: int) -> bool:
        """Whether a clause is introduced by "that"."""
        return self._needless_that(i) or any(self.tree[m].form.lower() == "that" for m in self.tree.exactly(i, "mark"))

    def supposes(self, i: int) -> bool:
        """Whether a verb only asks to imagine what follows: "[Suppose] they leave", "But [say] he had lied", "even [supposing] that"."""
        tree, token = self.tree, self.tree[i]
        bare = token.relation in ("root", "parataxis") and token.form.lower() == token.lemma.lower() and not tree.exactly(i, "aux")
        gerund = token.relation == "advcl" and self.gerund(i) and token.lemma.lower() != "say"
        asks = self.imperative(i) or bare or gerund
        return token.lemma.lower() in self.words["supposing"] and asks and not tree.find(i, "nsubj") and bool(tree.exactly(i, "ccomp"))

    def imperative(self, i: int) -> bool:
        """Whether a clause gives an order: "Leave", "Do not leave"."""
        tree = self.tree
        if tree.find(i, "nsubj") or tree[i].relation not in ("root", "conj", "ccomp", "parataxis"):
            return False
        if any(tree[w].form == "Do" for w in tree.exactly(i, "aux")):
            return True
        return any(tree.has(w, "Mood=Imp") for w in (i, *tree.exactly(i, "aux")))

    def present(self, i: int) -> bool:
        """Whether a clause is in the present tense."""
        return self.tensed(i, "Tense=Pres")

    def past(self, i: int) -> bool:
        """Whether a clause is in the past tense, or a bare past participle."""
        return self.tensed(i, "Tense=Past") or (self.tree.has(i, "Tense=Past") and not self.tree.exactly(i, "aux"))

    def tensed(self, i: int, tense: str) -> bool:
        """Whether the first finite word of a clause has a tense ("Tense=Past")."""
        finite = [w for w in (*self.tree.exactly(i, "aux", "aux:pass", "cop"), i) if self.tree.has(w, "VerbForm=Fin")]
        return any(self.tree.has(w, tense) for w in finite[:1])

    def backshifted(self, i: int) -> bool:
        """Whether "would" is a reported "will": under a past governor ("said that he would"), or before one ("he would, she said")."""
        tree = self.tree
        if any(tree[c].lemma.lower() in self.speech and not self.present(c) for c in tree.exactly(i, "parataxis")):
            return True
        while tree[i].relation == "conj":
            i = tree[i].head
        if tree[i].relation == "acl":  # "the warning that it would", not "a law that would"
            return any(tree[m].form.lower() == "that" for m in tree.exactly(i, "mark"))
        return tree[i].relation == "ccomp" and not self.present(tree[i].head)

    def interrogative(self, i: int) -> bool:
        """Whether a clause is introduced by "why", "how", "who" or the like, and so takes for granted what it tells."""
        return any(self.tree.has(c, "PronType=Int") for c in self.tree.children[i])

    def gerund(self, i: int) -> bool:
        """Whether a clause is a gerund, which the parser may take for a present participle."""
        return self.tree.has(i, "VerbForm=Ger") or (self.tree.has(i, "VerbForm=Part") and self.tree.has(i, "Tense=Pres"))

    def to_infinitive(self, i: int) -> bool:
        """Whether a clause is introduced by "to", and its verb is no gerund ("resorted to blocking roads")."""
        gerund = self.gerund(i) and self.tree[i].form.lower().endswith("ing")
        gerund = gerund or any(self.tree[a].form.lower() in ("having", "being") for a in self.tree.exactly(i, "aux", "aux:pass"))
        return not gerund and any(self.tree[m].form.lower() == "to" for m in self.tree.exactly(i, "mark"))

    def bare_infinitive(self, i: int) -> bool:
        """A "to" infinitive, or the subjunctive of demands ("insisted that he leave")."""
        tree = self.tree
        if passive := tree.exactly(i, "aux:pass", "cop"):  # "recommended that he be charged"
            return not tree.exactly(i, "aux") and tree[passive[0]].form.lower() == "be"
        inflected = tree[i].form.lower() != tree[i].lemma.lower()  # "never dined", which the parser may take for an infinitive
        alone = [
            c
            for c in tree.exactly(i, "nsubj")
            if tree.has(c, "Number=Sing") and not tree.has(c, "Person=1") and not tree.has(c, "Person=2")
        ]
        bare = bool(alone) and not tree.exactly(alone[0], "conj") and tree[i].form.lower() not in self.words["unchanging"]
        subjunctive = tree.has(i, "Mood=Sub") or ((tree.has(i, "VerbForm=Inf") or bare) and not inflected)
        return self.to_infinitive(i) or (subjunctive and not tree.exactly(i, "aux"))

    def asked(self, at: int) -> bool:
        """Whether a main clause's sentence ends in a question mark, or a quoted clause does: '"Will you leave?" she asked'."""
        tree, head = self.tree, self.tree[at].head
        cleft = tree[at].relation in ("acl:relcl", "ccomp", "csubj", "advcl:relcl") and tree[head].upos in ("NOUN", "PROPN", "PRON")
        it = tree.exactly(head, "expl", "nsubj") if cleft and tree.exactly(head, "cop") else []
        if it and tree[it[0]].form.lower() == "it":  # "Was it the army that burned it?"
            return self.asked(head)
        first, end = tree.analysis.sentences[tree[at].sentence]
        subject = next(iter(tree.find(at, "nsubj")), -1)
        inverted = any(a < subject for a in tree.exactly(at, "aux", "cop"))  # "Why, she asks, did they wait?"
        if inverted and self._asked_by(at):
            return True
        if (tree[at].head < 0 or inverted or (tree[at].relation == "parataxis" and self._asks(at))) and any(
            tree[i].form.startswith("?") for i in range(max(first, end - 3), end)
        ):
            return inverted or not any(self._asks(c) for c in tree.exactly(at, "parataxis", "conj") if c > at)
        after = range(at + 1, min(end - 1, at + MOST_WORDS))
        stop = next((i for i in after if tree[i].form.startswith(("?", "!", "."))), -1)
        return stop >= 0 and tree[stop].form.startswith("?") and tree[stop + 1].form in _CLOSING

    def _asked_by(self, i: int) -> bool:
        """Whether a clause before a verb of asking is what is asked: "[Had they left], she asked"."""
        head = self.tree[i].head
        return self.tree[i].relation == "ccomp" and head > i and self.tree[head].lemma.lower() in ("ask", "inquire", "enquire", "wonder")

    def _asks(self, i: int) -> bool:
        """Whether a clause of its own behind a semicolon, colon or dash has the order of a question: "It has paid; [will they]?"."""
        tree = self.tree
        subject = next(iter(tree.find(i, "nsubj")), -1)
        first = next((a for a in tree.exactly(i, "aux", "cop") if a < subject), -1)
        if first < 0 and subject >= 0 and tree[subject].form.lower() in ("who", "what", "which"):  # "it has paid; [who] will thank it?"
            first = subject
        return first > 0 and tree[first - 1].form in (";", "–", "—", "--", ":")

    def goes_on(self, at: int, head: int) -> bool:
        """Whether a gerund tells what is done and has yet to stop: "should stop jailing", "asked them to stop jailing"."""
        ceasing = self.tree[at].relation == "xcomp" and self.tree[head].lemma.lower() in self.words["ceasing"]
        modal = any(self.tree[a].lemma not in ("have", "be", "do") for a in self.tree.exactly(head, "aux"))
        return ceasing and not self.to_infinitive(at) and (modal or self.tree.has(head, "VerbForm=Inf"))

    def overdue(self, at: int, head: int) -> bool:
        """Whether it is time for what a clause says: "it is high time the army withdrew"; not "the first time", not "time was short"."""
        tree = self.tree
        if tree[head].lemma.lower() != "time" or self.relation(at) not in ("acl", "acl:relcl", "advcl:relcl"):
            return False
        modifiers = {tree[c].lemma.lower() for c in tree.find(head, "amod", "det", "nummod", "case")}
        pronoun = any(tree[c].form.lower() == "it" for c in tree.find(head, "nsubj", "expl"))
        return pronoun and bool(tree.exactly(head, "cop")) and modifiers <= {"high"} and not self.negated(head)

    # --- conditions ----------------------------------------------------------------------------------------------

    def _marks(self, at: int) -> frozenset[str]:
        """The words that introduce a clause, those of one conjunction joined ("in case")."""
        tree = self.tree
        joined = (sorted([m, *tree.exactly(m, "fixed")]) for m in tree.exactly(at, "mark", "case"))
        out = {" ".join(tree[w].form.lower() for w in words) for words in joined}
        if tree[at].relation == "advcl":
            out |= {tree[c].form.lower() for c in tree.exactly(at, "advmod")} & {"when", "whenever"}
        head = tree[at].head
        if tree[at].relation == "advcl" and tree[head].upos == "ADV" and tree.exactly(head, "advmod"):  # "as long as", "as soon as"
            first = tree[tree.exactly(head, "advmod")[0]].form.lower()
            out |= {f"{first} {tree[head].form.lower()} {mark}" for mark in set(out)}
        return frozenset(out)

    def condition(self, at: int) -> str:
        """The conjunction or phrase that makes a clause a condition ("if", "in case", "on condition that"), or nothing."""
        tree = self.tree
        marks = self.marks(at)
        if conditional := marks & self.words["marks.conditional"]:
            return "" if "if" in conditional and marks & {"as", "as if"} else min(conditional)  # "as if they had won"
        head = tree[at].head
        if tree[at].relation == "acl:relcl":
            return "any" if self._whoever(head) else ""
        if tree[at].relation not in ("acl", "nmod"):
            return ""
        before = tree.preposition(head) or next((tree[c].form.lower() for c in tree.exactly(at, "case") if c < head), "")
        inner = [tree[c].form.lower() for c in tree.exactly(head, "det")]
        phrase = " ".join([before, *inner, tree[head].form.lower()])
        return phrase if phrase in self.words["marks.conditional"] else ""

    def _whoever(self, noun: int) -> bool:
        """Whether nobody in particular is meant by what is to come: "will sink any ship [that crosses it]"."""
        tree, verb = self.tree, self.tree[noun].head
        anybody = tree[noun].form.lower() in ("anyone", "anybody", "any") or any(
            tree[c].form.lower() == "any" for c in tree.exactly(noun, "det")
        )
        return anybody and verb >= 0 and not self.negated(verb) and not self.past(verb)

    def _conditional(self, i: int) -> tuple[int, ...]:
        """The conditional clauses that hang on a word."""
        tree = self.tree
        out = []
        fronted = [  # "If it rains, she warned, we starve", "We starve, she warned, should it rain"
            c for c in tree.exactly(i, "ccomp") if ((c < i or self.apart(c)) and self.condition(c)) or (c > i and self.turned(c))
        ]
        for c in [*tree.find(i, "advcl"), *fronted]:
            if mark := self.condition(c):
                out += [c] if mark not in self.words["marks.precaution"] else []
            elif self.provided(c) or self.turned(c):
                out.append(c)
        hosts = [c for c in tree.find(i, "advmod", "obl") if any(self.condition(x) for x in tree.find(c, "advcl", "acl"))]
        return (*out, *hosts)

    def turned(self, i: int) -> bool:
        """Whether a clause is a condition by its order of words: "had he attacked"."""
        return any(self.inverted(a, i) for a in self.tree.exactly(i, "aux", "aux:pass", "cop"))

    def inverted(self, auxiliary: int, i: int) -> bool:
        """Whether an auxiliary before its subject makes a condition: "Had he attacked", "Should he leave"."""
        tree = self.tree
        subject = next(iter(tree.find(i, "expl", "nsubj")), -1)  # not "there had been no raid"
        fronted = tree[auxiliary].form.lower() in ("had", "were", "should") and subject > auxiliary
        if self._asked_by(i):  # "Had they left, she asked"
            return False
        marks = {tree[m].form.lower() for m in tree.exactly(i, "mark")}
        return fronted and tree[i].relation in _INVERTED and marks <= {"to"}  # "were he to attack"

    def any_would(self, noun: int) -> bool:
        """Whether a noun is a condition on what its verb tells: "any attack will fail"."""
        tree = self.tree
        verb = tree[noun].head if tree.bases[noun] == "nsubj" else -1
        if verb < 0 or all(tree[c].form.lower() != "any" for c in tree.exactly(noun, "det")):
            return False
        return any(tree[a].form.lower() in self.words["modals.conditional"] | {"will", "'ll"} for a in tree.exactly(verb, "aux"))

    def provided(self, i: int) -> bool:
        """Whether a participle introduces a condition as its clause: "provided that", "assuming"."""
        tree = self.tree
        form = tree[i].form.lower()
        return form in self.words["marks.conditional"] and tree[i].relation == "advcl" and bool(tree.exactly(i, "ccomp"))

    def depends(self, at: int) -> bool:
        """Whether a clause depends on a condition: its own, or one before its first conjunct ("If he wins, she will go and he stay")."""
        tree, first = self.tree, at
        while tree[first].relation == "conj":
            first = tree[first].head
        said = tree[at].relation == "ccomp" and tree[tree[at].head].lemma.lower() in self.speech
        if said and any(c < tree[at].head < at or at < tree[at].head < c for c in self._conditions(tree[at].head)):
            return True  # "Unless it rains, she warned, we starve"
        conditions = (*self._conditions(at), *(c for said in tree.exactly(at, "parataxis") for c in self._conditions(said)))
        if conditions and self.past(at) and {self.condition(c) for c in conditions} <= {"", "as long as", "so long as"}:
            return False  # "ruled out talks as long as they fight"
        if conditions and self._stands(at, min(conditions)):
            return False
        return bool(conditions) or (first != at and any(c < first for c in self._conditions(first)))

    def _stands(self, at: int, condition: int) -> bool:
        """Whether a clause is so whatever comes of the condition behind it: what is promised or threatened depends on that, or who tells
        it ("has threatened to leave unless it is paid", "have sent money for years, if she is to be believed").
        """
        tree = self.tree
        if any(tree[a].lemma.lower() not in ("have", "be", "do") for a in tree.exactly(at, "aux")) or tree.has(at, "VerbForm=Inf"):
            return False
        governed = condition > at and tree[at].lemma.lower() in self.words["embedding.planned"] | self.words["embedding.demanded"]
        perfect = any(tree[a].lemma == "have" for a in tree.exactly(at, "aux"))  # "has sent", not "is shot", "was to be shot"
        told = (perfect or self.tensed(at, "Tense=Past")) and not any(tree[m].form.lower() == "to" for m in tree.exactly(at, "mark"))
        subject = next(iter(tree.find(at, "nsubj")), condition)
        return governed or (told and subject < condition and not self.tensed(condition, "Tense=Past"))

    def of_it(self, i: int) -> bool:
        """Whether "it" is the subject: "it was the army", "it is a lie"."""
        return any(self.tree[c].form.lower() == "it" for c in self.tree.find(i, "nsubj", "expl"))

    def apart(self, at: int) -> bool:
        """Whether a clause's conjunction stands after a comma: "They would leave, he said, [if it rained]"."""
        return any(m > 0 and self.tree[m - 1].form == "," for m in self.tree.exactly(at, "mark"))

    def lacks(self, at: int) -> bool:
        """Whether a clause tells what comes of a lack: "Without a loan, they cannot pay"; not "Without a word, they will leave"."""
        phrases = (c for c in self.tree.exactly(at, "obl") if c < at and self.tree.preposition(c) == "without")
        return any(self.tree.find(c, "det", "nmod:poss") and self.tree[c].lemma.lower() not in self.words["silently"] for c in phrases)

    def past_future(self, auxiliary: int, i: int) -> bool:
        """Whether "would" tells what came later, "it was not the last time that they would strike", or was refused, or is "had"."""
        tree, noun = self.tree, self.tree[i].head
        if len(tree[auxiliary].form) == 2 and tree.has(i, "VerbForm=Part"):
            return True
        counted = self.relation(i) in ("acl", "acl:relcl", "advcl:relcl") and tree[noun].lemma.lower() in ("time", "occasion")
        declined = tree[i].lemma.lower() in self.words["unsettled"] and self.negated(i) and not self.depends(i)
        if declined and tree.exactly(i, "nsubj"):  # "would not say who had left"
            return True
        ordinal = counted and any(tree[c].lemma.lower() in self.words["ordinal"] for c in tree.find(noun, "amod"))
        return ordinal and any(tree.has(c, "Tense=Past") for c in tree.exactly(noun, "cop"))

    def were_to(self, i: int) -> bool:
        """Whether an infinitive stands in an inverted condition, "were Kestria to attack", whatever the tree makes of its "were"."""
        tree = self.tree
        to = next((m for m in tree.exactly(i, "mark") if tree[m].form.lower() == "to"), -1)
        if to < 0 or not tree.has(i, "VerbForm=Inf"):
            return False
        first = tree.analysis.sentences[tree[i].sentence][0]
        for w in range(to - 1, max(first, to - MOST_WORDS) - 1, -1):
            if tree[w].form.lower() == "were":
                opens = w == first or tree[w - 1].upos in ("PUNCT", "CCONJ", "SCONJ")
                return opens and tree[w + 1].upos in ("DET", "NOUN", "PROPN", "PRON", "ADJ")
            if tree[w].upos in ("VERB", "AUX", "PUNCT"):
                break
        return False
