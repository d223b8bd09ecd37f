"""Explicit connectives and the clauses they link, decided by the tree and not by what a word looks like.

The senses and their sides are those of the Penn Discourse Treebank 3 (Webber, Prasad, Lee & Joshi 2019): the connective stands in its Arg2,
here `second`, and links it with its Arg1, here `first`. "Since 2019" and "all but one" link no clauses and are no connectives. Temporal and
additive senses are left out; so are implicit relations, and words that link only now and then ("and", "as", "when", "by").
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from allegedly.language import table, word_sets
from allegedly.reading.tree import Tree
from allegedly.records import Span

KINDS = ("preposition", "subordinator", "coordinator", "adverbial", "granting")
LINKING = frozenset({"mark", "case", "advmod", "cc", "fixed"})
COMPLEMENT = frozenset({"ccomp", "csubj", "xcomp", "nsubj", "obj", "root"})
EDGE = frozenset({",", ";", ":", "—", "–", "-", "--", "(", "“", '"', "‘", "'", "«"})


@dataclass(frozen=True, slots=True)
class Connective:
    """Tokens [start, end) that link the clause headed by `second`, in which they stand, with the one headed by `first` (-1: none found)."""

    start: int
    end: int
    sense: str
    first: int
    second: int
    word: str


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    """The word lists of the lexicon."""
    return {name: frozenset(found.split()) for name, found in table("connectives")["words"].items()}


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, Mapping[str, list[tuple[tuple[str, ...], str]]]]:
    """Connectives with their kinds by their first words and then their second ones ("" for those of one word), the longest first."""
    phrases: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
    for kind in KINDS:
        for phrase in table("connectives")[kind]:
            parts = tuple(phrase.split())
            phrases.setdefault(parts[0], {}).setdefault("".join(parts[1:2]), []).append((parts, kind))
    for found in phrases.values():
        for listed in found.values():
            listed.sort(key=lambda x: -len(x[0]))
    return phrases


class Connectives:
    """Finds the connectives of one text."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.lexicon = table("connectives")
        self.words, self.phrases = _lists(), _phrases()
        self.framing = word_sets("predicates")["framing"]
        self.lower = [t.form.lower().replace("’", "'") for t in tree.tokens]
        self.roots = [self.root(k) for k in range(len(tree.analysis.sentences))]

    @cached_property
    def found(self) -> tuple[Connective, ...]:
        """The connectives in text order; of phrases that begin at one word, the longest that links something."""
        out: list[Connective] = []
        openings = self.phrases.keys() | self.words["inverted"]
        after = 0
        for at, word in enumerate(self.lower):
            if at >= after and word in openings and (found := next(self._at(at), None)):
                out.append(found)
                after = found.end
        return tuple(out)

    def _at(self, at: int) -> Iterator[Connective]:
        if self.lower[at] in self.words["inverted"] and (found := self._inverted(at)):
            yield found
        limit = self.tree.analysis.sentences[self.tree[at].sentence][1]
        phrases = self.phrases.get(self.lower[at], {})
        following = phrases.get(self.lower[at + 1], ()) if at + 1 < limit else ()
        for parts, kind in (*following, *phrases.get("", ())):
            end = at + len(parts)
            if end <= limit and tuple(self.lower[at:end]) == parts:
                word = " ".join(parts)
                if found := self._rule(kind)(at, end, self.lexicon[kind][word], word):
                    yield found

    def _rule(self, kind: str) -> Callable[[int, int, str, str], Connective | None]:
        rules = {
            "preposition": self._preposition,
            "subordinator": self._subordinator,
            "coordinator": self._coordinator,
            "adverbial": self._adverbial,
            "granting": self._granting,
        }
        return rules[kind]

    # --- sentences and clauses -----------------------------------------------------------------------------------

    def root(self, sentence: int) -> int:
        """The head of a sentence; its first word where the tree has none."""
        a, b = self.tree.analysis.sentences[sentence]
        return next((i for i in range(a, b) if self.tree[i].head < 0), a)

    def opening(self, sentence: int) -> int:
        """The first word of a sentence that is neither punctuation nor a number of a list."""
        a, b = self.tree.analysis.sentences[sentence]
        return next((i for i in range(a, b) if self.lower[i][0].isalpha()), a)

    def clause(self, i: int) -> int:
        """The nearest clause head at or above a word; the root where there is none."""
        while not self.tree.is_clause(i) and self.tree[i].head >= 0:
            i = self.tree[i].head
        return i

    def before(self, i: int) -> int:
        """The head of the sentence before that of a word, or -1."""
        sentence = self.tree[i].sentence
        return self.roots[sentence - 1] if sentence else -1

    def _relation(self, i: int) -> str:
        return self.tree.bases[i]

    def _is_opening(self, at: int) -> bool:
        """Whether a word opens its sentence, a conjunction before it aside ("And so")."""
        first = self.opening(self.tree[at].sentence)
        return at == first or (at == first + 1 and self.tree[first].upos == "CCONJ")

    def _at_edge(self, at: int) -> bool:
        return self._is_opening(at) or self.lower[at - 1] in EDGE or self.tree[at - 1].upos == "CCONJ"

    def _carried(self, start: int, end: int, *, phrase: bool) -> int:
        """The head of the clause (with `phrase`, or of the noun phrase) that a connective stands before, or -1."""
        tree = self.tree
        limit = tree.analysis.sentences[tree[start].sentence][1]
        for w in range(end - 1, start - 1, -1):
            head = tree[w].head
            if head >= end and self._relation(w) in LINKING and (phrase or tree.is_clause(head)):
                return head
        if end - start == 1 and not phrase and tree[start].relation != "advcl":
            return -1
        at = end
        while at < limit and tree[at].upos == "PUNCT":
            at += 1
        if at >= limit:
            return -1
        while not tree.is_clause(at) and tree[at].head >= end:
            at = tree[at].head
        return at if phrase or tree.is_clause(at) else -1

    def _governor(self, i: int, start: int, end: int) -> int:
        """The clause that the clause or phrase `i` hangs on, the connective's own words passed over; -1 where it hangs on none."""
        tree = self.tree
        marked = tree[i].relation == "conj" and tree.exactly(tree[i].head, "mark", "case")
        at = tree[tree[i].head].head if marked else tree[i].head
        while at >= 0 and (start <= at < end or not tree.is_clause(at)):
            at = tree[at].head
        return at

    # --- one rule a kind of connective -----------------------------------------------------------------------------

    def _subordinator(self, start: int, end: int, sense: str, word: str) -> Connective | None:
        """A conjunction with the adverbial clause it introduces and the clause that this hangs on ("They left because it rained").

        A clause that is an object or a subject ("asked if it rained") is no adverbial one, and "not because" gives no reason. A sentence
        that is nothing but the clause ("Because it is right.") goes with the sentence before it. Misses clauses without a verb ("if so").
        """
        tree = self.tree
        second = self._carried(start, end, phrase=False)
        if second < 0 or (start and self.lower[start - 1] in ("not", "n't", "as", "what") and word in ("because", "if", "since")):
            return None
        own = tree[second].head
        first = self._governor(second, start, end)
        if self._relation(second) in COMPLEMENT and not start <= own < end:
            fragment = own < 0 and sense.startswith("Contingency.Cause") and self._is_opening(start)
            first = self.before(start) if fragment else -1
        if first < 0 or not (decided := self._decided(word, sense, first, second, start)):
            return None
        return Connective(start, end, decided, first, second, word)

    def _decided(self, word: str, sense: str, first: int, second: int, start: int) -> str:
        """The sense of a conjunction that has several ; empty where it has none looked for. Chosen on GUM, train."""
        tree = self.tree
        if word == "since" and self._is_temporal_since(first, second):
            return ""
        if word == "as" and not self._is_causal_as(first, second, start):
            return ""
        if word in ("while", "whilst"):
            return self._sense_of_while(first, second, start)
        if word == "so that" and not self._has_modal(second) and self.lower[start - 1] in EDGE:
            return "Contingency.Cause.Result"
        if word == "just because" and tree[first].lemma.lower() == "mean":
            return ""
        if word == "if" and tree[first].lemma.lower() in self.words["asking"] and second > first and self.lower[start - 1] not in EDGE:
            return ""
        return sense

    def _is_temporal_since(self, first: int, second: int) -> bool:
        """Time, not reason: a perfect over a simple past ("has grown since it joined"), or a gerund ("since leaving")."""
        if not self.tree.find(second, "nsubj", "csubj"):
            return True
        return self._is_perfect(first) and not self._is_perfect(second) and self._is_past(second)

    def _is_causal_as(self, first: int, second: int, start: int) -> bool:
        """Reason, not time or likeness: a clause with a subject behind a comma, or one of being and having before its main clause.

        "As the law says" likens. In GUM (train) this holds for two in three of such clauses, and finds half of the causal ones.
        """
        tree = self.tree
        if not tree.find(second, "nsubj", "csubj") or tree[second].lemma.lower() in self.framing:
            return False
        if start > first:
            return self.lower[start - 1] in EDGE
        return bool(tree.exactly(second, "cop")) or tree[second].lemma.lower() in ("be", "have") or self._is_perfect(second)

    def _is_perfect(self, i: int) -> bool:
        return any(self.tree[c].lemma.lower() == "have" for c in self.tree.exactly(i, "aux"))

    def _is_past(self, i: int) -> bool:
        words = (i, *self.tree.exactly(i, "cop", "aux", "aux:pass"))
        return any(self.tree.has(w, "Tense=Past") and self.tree.has(w, "VerbForm=Fin") for w in words)

    def _has_modal(self, i: int) -> bool:
        return any(self.lower[c] in self.words["modals"] for c in self.tree.exactly(i, "aux"))

    def _sense_of_while(self, first: int, second: int, start: int) -> str:
        """Time where the clause has no subject, is progressive, or follows without a comma; before its main clause, contrast for two
        parallel clauses with their own subjects and concession for any other; after it, contrast.
        """
        tree = self.tree
        subjects = [tree.find(i, "nsubj", "csubj") for i in (first, second)]
        progressive = tree.has(second, "Tense=Pres") and tree.has(second, "VerbForm=Part") and bool(tree.exactly(second, "aux"))
        if not subjects[1] or progressive or (start > first and self.lower[start - 1] not in EDGE):
            return ""
        if start > first:
            return "Comparison.Contrast"
        own = [tree[found[0]].lemma.lower() for found in subjects if found and tree[found[0]].upos != "PRON"]
        parallel = len(own) == 2 and own[0] != own[1] and tree[first].upos == tree[second].upos
        denied = any(tree.has(c, "Polarity=Neg") or self.lower[c] in ("not", "n't", "still") for c in tree.children[first])
        return "Comparison.Contrast" if parallel and not denied else "Comparison.Concession.Arg1-as-denier"

    def _inverted(self, at: int) -> Connective | None:
        """A condition by inversion at the start of a sentence that asks nothing: "Were the talks to fail, the towns would arm".

        Misses conditions after their main clause ("would arm, were the talks to fail").
        """
        tree = self.tree
        b = tree.analysis.sentences[tree[at].sentence][1]
        root = self.roots[tree[at].sentence]
        if not self._is_opening(at) or self.lower[b - 1] == "?":
            return None
        comma = next((i for i in range(at, b) if self.lower[i] == ","), b)
        second = next((i for i in range(at + 1, comma) if tree.is_clause(i) and tree[i].upos != "PRON"), -1)
        if second < 0 or root <= comma:
            return None
        return Connective(at, at + 1, "Contingency.Condition.Arg2-as-cond", root, second, "inversion")

    def _preposition(self, start: int, end: int, sense: str, word: str) -> Connective | None:
        """A preposition with the happening it names, a gerund or a noun, and the clause this belongs to ("closed because of the drought").

        Misses those that belong to a noun ("the closure because of the drought").
        """
        tree = self.tree
        second = self._carried(start, end, phrase=True)
        if second < 0 or self.tree[second].upos == "PRON" or self._relation(second) in COMPLEMENT:
            return None
        first = self._governor(second, start, end)
        if start <= self.roots[tree[start].sentence] < end:  # "Thanks to the rain, it grew", with the thanks as the main word
            first = next(iter(tree.find(start, "parataxis", "ccomp")), -1)
        if (
            first < 0
            or (start and self.lower[start - 1] in ("not", "n't"))
            or (self._relation(second) == "nmod" and not start <= tree[second].head < end)
        ):
            return None
        return Connective(start, end, sense, first, second, word)

    def _coordinator(self, start: int, end: int, sense: str, word: str) -> Connective | None:
        """A conjunction between two clauses, or at the start of a sentence that follows on another ("It rained, but they stayed").

        "Not only ... but also" adds and "did not stay but left" corrects: neither is a contrast. Words and phrases joined ("poor but
        proud") are no clauses.
        """
        tree = self.tree
        second = tree[start].head
        if second < 0 or not tree.is_clause(second) or self._relation(start) not in ("cc", "advmod", "mark"):
            return None
        if word == "so" and not self._is_consequent_so(start, end):
            return None
        if word == "for" and not self._is_causal_for(start, second):
            return None
        if word == "yet" and not self._at_edge(start):
            return None
        if self._is_opening(start):
            first = self.before(start)
        else:
            first = tree[second].head if self._relation(second) in ("conj", "parataxis", "advcl") else -1
        if first < 0 or first > start or not tree.is_clause(first) or (word in ("but", "yet") and self._adds_or_corrects(first, second)):
            return None
        return Connective(start, end, sense, first, second, word)

    def _is_consequent_so(self, start: int, end: int) -> bool:
        """At an edge, not before what it measures or refers to ("so far", "so many"), and not in a question ("So what?")."""
        limit = self.tree.analysis.sentences[self.tree[start].sentence][1]
        measures = end < limit and (self.lower[end] in self.words["so_what"] or self.tree[end].upos == "ADJ")
        return self._at_edge(start) and end < limit and not measures and self.lower[limit - 1] != "?"

    def _is_causal_for(self, start: int, second: int) -> bool:
        tree = self.tree
        finite = bool(tree.find(second, "nsubj", "csubj")) and not any(self.lower[m] == "to" for m in tree.exactly(second, "mark"))
        return finite and self._relation(start) in ("mark", "cc") and (self._is_opening(start) or self.lower[start - 1] in EDGE)

    def _adds_or_corrects(self, first: int, second: int) -> bool:
        tree = self.tree
        if tree.exactly(second, "mark"):  # "not because it is old but because it leaks", "but only after it had burned"
            return True
        words = [self.lower[c] for c in tree.children[first] if c < second]
        if "not" in words or "n't" in words:
            return any(w in words for w in ("only", "just", "merely", "simply")) or not tree.find(second, "nsubj", "csubj", "expl")
        return False

    def _adverbial(self, start: int, end: int, sense: str, word: str) -> Connective | None:
        """An adverb or a phrase in a clause that follows on another: on the clause it is coordinated with, else on the sentence before.

        It stands at an edge of its clause, or may stand anywhere ("is therefore"). An opening one belongs to the whole sentence.
        """
        tree = self.tree
        if not (word in self.words["mobile"] or self._at_edge(start)) or (
            word in ("still", "thus", "otherwise") and not self._at_edge(start)
        ):
            return None
        if word == "still" and self.lower[end : end + 1] != [","]:
            return None
        head = next((w for w in range(start, end) if not start <= tree[w].head < end), start)
        if self._relation(head) in ("mark", "amod") or (word == "though" and self._relation(head) != "advmod"):
            return None
        governs = word.endswith((" why", " that", " because"))
        if self._is_opening(start):
            root = self.roots[tree[start].sentence]
            second = self._carried(start, end, phrase=False) if governs or start <= root < end else root
            first = self.before(start)
        else:
            second = self._carried(start, end, phrase=False) if governs else self.clause(max(tree[head].head, 0))
            if second < 0 or tree[head].head < 0:
                return None
            joined = [i for i in (second, head) if self._relation(i) in ("conj", "parataxis", "advcl") and tree[i].head < start]
            first = tree[joined[0]].head if joined else self.before(start)
            if (
                word.endswith(" why") and self.lower[self.opening(tree[start].sentence)] == self.lower[start]
            ):  # the second "that is why" in a row
                first = self.before(start)
        return Connective(start, end, sense, first, second, word) if min(first, second) >= 0 and first != second else None

    def _granting(self, start: int, end: int, use: str, word: str) -> Connective | None:
        """What is granted before it is outweighed: "Admittedly, the roof leaks. It still keeps us dry", "Of course it costs money, but".

        Its Arg1 comes after it: the clause behind a "but" of the same sentence, else the next sentence. Words that also stress ("of
        course") grant only where a "but" or the like answers.
        """
        tree = self.tree
        if not self._is_opening(start):
            return None
        sentence = tree[start].sentence
        root = self.roots[sentence]
        second = root if not start <= root < end and word != "it is true that" else self._carried(start, end, phrase=False)
        if second < 0:
            return None
        answer = [c for c in tree.exactly(second, "conj") if any(self.lower[x] in ("but", "yet") for x in tree.exactly(c, "cc"))]
        if answer:
            return Connective(start, end, "Comparison.Concession.Arg1-as-denier", answer[0], second, word)
        if sentence + 1 == len(self.roots):
            return None
        following = self.opening(sentence + 1)
        if use == "always" or self.lower[following] in self.words["answers"] or self._answers(following):
            return Connective(start, end, "Comparison.Concession.Arg1-as-denier", self.roots[sentence + 1], second, word)
        return None

    def _answers(self, following: int) -> bool:
        """Whether a sentence has a "still" or "however" before its verb."""
        root = self.roots[self.tree[following].sentence]
        return any(self.lower[c] in self.words["answers"] and self._relation(c) == "advmod" for c in self.tree.children[root] if c < root)

    def span(self, connective: Connective) -> Span:
        """The characters of a connective."""
        return self.tree[connective.start].start, self.tree[connective.end - 1].end
