"""Where a statement happens: the place phrases of its predicate or, failing these, of its arguments.

Rules over dependency trees say which words tell it; what place these mean is for `toponyms`. The dateline places no statement by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from allegedly.gazetteer import gazetteer
from allegedly.language import word_sets
from allegedly.reading.atlas import atlas
from allegedly.reading.statements import Predication
from allegedly.reading.toponyms import FAMOUS, Found, Hint, Toponyms
from allegedly.reading.tree import Tree
from allegedly.records import Article, Entity, Mention, Span, Where

DEPTH = 4  # nouns that a place phrase is followed down, and clauses that one is followed up
WIDEST = 120  # characters of a place phrase that is given whole
LONGEST = 5  # words of a place's name
BACK = 60  # words between "there" and the place that it stands for
EXACT = {"city": 0, "near": 0, "unknown": 0, "region": 1, "country": 2, "area": 2}
"""How exactly a place is known, for a choice between several of one statement; one that no gazetteer has may be a village."""
_AIMED = ("on", "against", "of", "to")
_BESIDE = ("appos", "nmod", "nmod:unmarked", "flat", "list", "dep", "compound", "obl:unmarked")

Name = tuple[int, int]  # a range of tokens
Place = tuple[str, int, bool]  # the rule that found it, the head of its phrase, and whether the statement is only near it


@dataclass(slots=True)
class _Phrase:
    """A place phrase: its names as token ranges, the nearest first, what its nouns say of them, and the nation it mentions."""

    near: bool
    names: list[Name] = field(default_factory=list)
    hint: Hint = ""
    country: str | None = None
    capital: bool = False
    regions: set[Name] = field(default_factory=set)
    start: int = 0
    end: int = 0
    span: Span = (0, 0)


class Places:
    """Where the predications of one text happen. `text` is the reading of the article's text, for its title: it lends its context."""

    def __init__(
        self, tree: Tree, mentions: Iterable[Mention], entities: Iterable[Entity], article: Article | None, *, text: "Places | None" = None
    ) -> None:
        self.tree = tree
        self.words = word_sets("where")
        self.names: dict[int, Name] = {}
        self.types: dict[int, str] = {}
        self.placed: dict[int, tuple[Place, ...]] = {}
        entities = tuple(entities)
        types = {e.id: e.type for e in entities}
        starts = {t.start: i for i, t in enumerate(tree.tokens)}
        ends = {t.end: i + 1 for i, t in enumerate(tree.tokens)}
        for m in mentions:
            if m.start in starts and m.end in ends and (m.named or self._proper(starts[m.start], ends[m.end], starts.get(m.head[0], 0), m)):
                self._note(starts[m.start], ends[m.end], types.get(m.entity or "", m.type))
        dateline = article.dateline.place if article and article.dateline else None
        self.toponyms: Toponyms = Toponyms(entities, tree.tokens, dateline, lent=text.toponyms if text else None)

    def _proper(self, first: int, last: int, head: int, mention: Mention) -> bool:
        """Whether a place that was taken for a description has a name, written with capitals: "Port Velm", "Velm Province"."""
        return mention.type == "place" and last - first <= LONGEST and self.tree[head].upos == "PROPN"

    def _note(self, first: int, last: int, kind: str) -> None:
        """Notes a name, without the article or the owner that its mention begins with ("the Hague", "Osk's Old Town")."""
        tokens = self.tree.tokens
        owner = next((i for i in range(last - 2, first, -1) if tokens[i].form.lower() in ("'s", "’s")), -1)
        if owner >= 0:
            self._note(first, owner, kind)
            first = owner + 1
        while first < last - 1 and tokens[first].upos == "DET" and tokens[first].form.islower():
            first += 1
        for i in range(first, last):
            self.names[i], self.types[i] = (first, last), kind

    # --- the answer --------------------------------------------------------------------------------------------

    def of(self, p: Predication) -> Where | None:
        """Where a predication happens: by the first of the rules below that finds a place, and of its places the most exact."""
        rules = (
            (self._object, self._goal, self._own),
            (self._clause,),
            (self._origin,),
            (self._course, self._arguments),
            (self._scene,),
            (self._shared,),
            (self._frame,),
        )
        for level in rules:
            places = [w for rule in level for name, h, near in rule(p) if (w := self._where(name, h, near))]
            if places:
                return min(places, key=lambda w: EXACT[w.precision])
        return None

    def _where(self, rule: str, h: int, near: bool) -> Where | None:
        phrase = self._phrase(h, near, located=rule not in ("object", "subject", "goal", "origin"))
        if phrase is None:
            return None
        found = self._resolved(phrase)
        return Where(
            name=found.spot.name if found.spot and phrase.capital else self._words(phrase.names[0]),
            country=found.country,
            lat=found.spot.lat if found.spot else None,
            lon=found.spot.lon if found.spot else None,
            precision="near" if phrase.near and found.precision == "city" else found.precision,
            span=phrase.span,
            rule=rule,
        )

    def _words(self, name: Name) -> str:
        tokens = self.tree.tokens
        return " ".join(self.tree.analysis.text[tokens[name[0]].start : tokens[name[1] - 1].end].split())

    # --- rules: where to look, best first ----------------------------------------------------------------------

    def _own(self, p: Predication) -> Iterator[Place]:
        """Place phrases of the predicate itself: "clashed in Osk", "held talks at the palace in Osk", "was shot 30 km north of Osk".

        Not after predicates whose "in" names a concern: "trust in Osk".
        """
        if p.lemma not in self.words["about"]:
            for i in dict.fromkeys((p.verb, p.head, *p.words)):
                yield from self._phrases(i, "predicate")

    def _phrases(self, i: int, label: str) -> Iterator[Place]:
        """Phrases below a word with a preposition or an adverb of place."""
        if i not in self.placed:
            self.placed[i] = tuple(self._placed(i))
        yield from ((f"{label}:{how}", h, near) for how, h, near in self.placed[i])

    def _placed(self, i: int) -> Iterator[Place]:
        tree = self.tree
        for c in tree.find(i, "obl", "nmod", "advmod"):
            preposition = tree.preposition(c)
            near = self._locative(preposition, c)
            if near is not None and tree[c].relation not in ("advmod", "nmod:poss", "obl:agent"):
                yield preposition, c, near
            if tree[c].lemma.lower() in self.words["directions"] | self.words["distances"]:  # "30 km north of Osk"
                for h in (h for way in (c, *tree.find(c, "advmod")) for h in tree.find(way, "obl", "nmod")):
                    if tree.preposition(h) in ("of", "from"):
                        yield f"{tree[c].form.lower()} {tree.preposition(h)}", h, True

    def _locative(self, preposition: str, h: int) -> bool | None:
        """Whether a preposition says that something is near its noun (True) or there (False); None where it says neither.

        "On" says so of surfaces ("on the island of Osk"), "over" of a place ("shot down over Osk"; not "a dispute over Osk").
        """
        if preposition in self.words["at"]:
            return False
        if preposition in self.words["near"]:
            return True
        tree = self.tree
        name = self._words(self._name(h)).rsplit(" ", 1)[-1].lower() if tree[h].upos == "PROPN" else ""
        if preposition == "on" and {tree[h].lemma.lower(), tree[h].form.lower(), name} & self.words["surfaces"]:
            return False
        if preposition == "over" and self._is_place(h) and tree[h].head >= 0 and tree[tree[h].head].lemma.lower() in self.words["above"]:
            return False
        return None

    def _clause(self, p: Predication) -> Iterator[Place]:
        """The place that "where" or "there" stands for, the last one named: "Osk, where clashes broke out"; "flattened a clinic there"."""
        tree = self.tree
        for c in tree.find(p.verb, "advmod", "mark"):
            word = tree[c].lemma.lower()
            if word in ("where", "there"):
                back = range(c - 1, max(c - (BACK if word == "there" else 3), -1), -1)
                before = next((i for i in back if tree[i].sentence == tree[c].sentence and self._is_place(i)), None)
                if before is not None:
                    yield f"clause:{word}", self._described(before), False

    def _described(self, i: int) -> int:
        """The noun that says what kind of place a name is, or the name's own head: "suburb" of "the suburb of Osk"."""
        tree = self.tree
        while tree[i].relation in ("nmod", "compound", "flat", "appos") and (self._kind(tree[i].head) or tree[i].head in self.names):
            i = tree[i].head
        return i

    def _object(self, p: Predication) -> Iterator[Place]:
        """A place that is acted on or sees something happen: "captured Osk", "the siege of Osk", "an attack on Osk", "Osk came under fire".

        Missed: verbs that are not listed. Wrong: a government called by its seat, with such a verb ("hit Osk with tariffs").
        """
        if p.kind == "noun" and p.lemma in self.words["object_nouns"]:
            aimed = (h for preposition, h in p.obliques if preposition in _AIMED)
            yield from (("object", h, False) for h in (*p.object, *aimed))
        elif p.kind == "verb" and p.lemma in self.words["object_verbs"]:
            yield from (("object", h, False) for h in p.object)
        elif p.lemma in self.words["subject_verbs"]:
            yield from (("subject", h, False) for h in p.subject)

    def _aimed(self, noun: int) -> Iterator[Place]:
        """What an event noun of that kind is aimed at: "the attack on Osk"."""
        if self._happens(noun):
            yield from (("object", h, False) for h in self.tree.find(noun, "nmod", "obl") if self.tree.preposition(h) in _AIMED)

    def _happens(self, i: int) -> bool:
        return self.tree[i].lemma.lower() in self.words["object_nouns"]

    def _called(self, noun: int) -> Iterator[Place]:
        """The place after which a happening is called: "the Osk crash", "victims of the Osk train crash"."""
        before = self.tree.find(noun, "compound")
        if {self.tree[x].lemma.lower() for x in (noun, *before)} & self.words["happenings"]:
            for c in (x for b in before for x in (b, *self.tree.find(b, "compound"))):
                if self._is_place(c) and self.tree[c].upos == "PROPN":
                    yield "called", c, False

    def _moves(self, p: Predication) -> bool:
        """Whether somebody or something goes somewhere by it; not words ("sent a letter to Osk")."""
        moved = {p.lemma, f"{p.lemma} {p.particle}"} & self.words["motion"]
        return bool(moved) and not any(self.tree[o].lemma.lower() in self.words["messages"] for o in p.object)

    def _goal(self, p: Predication) -> Iterator[Place]:
        """Where a motion leads: "flew to Osk"."""
        if self._moves(p):
            yield from (("goal", h, False) for preposition, h in p.obliques if preposition in self.words["goals"])

    def _origin(self, p: Predication) -> Iterator[Place]:
        """Where a motion comes from, if nothing says where it leads: "withdrew from Osk"."""
        if self._moves(p):
            yield from (("origin", h, False) for preposition, h in p.obliques if preposition in self.words["origins"])

    def _course(self, p: Predication) -> Iterator[Place]:
        """The place of a happening or a time in whose course it happens: "killed during a protest in Osk", "debated until dawn in Osk"."""
        for i in dict.fromkeys((p.verb, p.head)):
            for c in self.tree.find(i, "obl", "nmod"):
                if self.tree.preposition(c) in self.words["during"] or self.tree[c].lemma.lower() in self.words["times"]:
                    yield from self._phrases(c, "course")

    def _arguments(self, p: Predication) -> Iterator[Place]:
        """The place of an argument: "killed twelve people in Osk", "clashed with rebels in Osk", "the protest in Osk turned violent".

        Not that of a subject who is named by where it sits: "officials in Osk denied".
        """
        tree = self.tree
        others = [*p.object, *p.indirect, *(c for c in tree.exactly(p.verb, "xcomp") if tree[c].upos == "NOUN")]
        others += [h for preposition, h in p.obliques if preposition in self.words["arguments"]]
        others += [h for o in others for h in tree.find(o, "nmod") if tree.preposition(h) == "of"]  # "a convoy of traders"
        own = [s for s in p.subject if tree[s].lemma.lower() not in self.words["seated"]]
        for argument in (x for x in dict.fromkeys((*others, *own)) if tree[x].lemma.lower() not in self.words["about"]):
            yield from self._phrases(argument, "argument")
            yield from self._aimed(argument)
            yield from self._called(argument)

    def _scene(self, p: Predication) -> Iterator[Place]:
        """The place of a clause that tells the same scene.

        "Died when a bomb went off in Osk"; "a bomb went off in Osk, killing two"; "the minister, speaking in Osk, accused"; "stopped a
        lorry carrying rifles near Osk".
        """
        tree = self.tree
        for c in (*tree.exactly(p.verb, "advcl"), *(c for x in (*p.subject, *p.object) for c in tree.find(x, "acl"))):
            marked = any(tree[m].form.lower() in self.words["same_scene"] for m in tree.find(c, "mark", "advmod"))
            present = tree[c].lemma.lower() in self.words["present"] and (self._gerund(c) or tree[c].relation == "acl:relcl")
            if marked or present:
                for i in (c, *tree.find(c, "obj")):
                    yield from self._phrases(i, "scene")
        for c in (c for o in p.object for c in tree.exactly(o, "acl") if self._gerund(c)):
            yield from self._phrases(c, "scene")
        if tree[p.verb].relation == "advcl" and p.verb > tree[p.verb].head and self._gerund(p.verb):
            yield from self._phrases(tree[p.verb].head, "scene")

    def _gerund(self, i: int) -> bool:
        """Whether a word is an "-ing" form without a subject or a subordinating word of its own."""
        tree = self.tree
        form = tree.has(i, "VerbForm=Ger") or (tree.has(i, "VerbForm=Part") and tree.has(i, "Tense=Pres"))
        return form and not tree.find(i, "mark", "nsubj")

    def _shared(self, p: Predication) -> Iterator[Place]:
        """The place of the clause before, where both have one subject: "killed twelve in Osk and displaced thousands".

        Not of what leads elsewhere: "opened fire in Osk and fled".
        """
        tree, first = self.tree, self.tree[p.verb].head
        if tree[p.verb].relation == "conj" and not tree.find(p.verb, "nsubj") and p.lemma not in self.words["motion"]:
            yield from self._phrases(first, "shared")
            if p.verb - first <= BACK:
                for h in tree.find(first, "obj", "nsubj"):
                    yield from self._phrases(h, "shared")

    def _frame(self, p: Predication) -> Iterator[Place]:
        """The place that a sentence sets before what it reports: "In Osk, police said that they had arrested five men"."""
        tree, at = self.tree, p.verb
        if any(tree[c].lemma.lower() in self.words["modals"] for c in tree.exactly(p.verb, "aux")):
            return
        for _ in range(DEPTH):
            relation, head = tree.bases[at], tree[at].head
            if head < 0 or relation not in ("ccomp", "parataxis", "conj"):
                return
            first = min(tree.find(head, "nsubj", "csubj"), default=head) if self.placed.get(head, True) else head
            yield from ((rule, h, near) for rule, h, near in self._phrases(head, "frame") if h < first)
            yield from self._called(head)
            at = head

    # --- phrases -----------------------------------------------------------------------------------------------

    def _is_place(self, i: int) -> bool:
        return self.types.get(i) in ("place", "country")

    def _name(self, i: int) -> Name:
        """The range of a name: the mention's, or where there is none, the proper nouns that hang together around a word."""
        if i in self.names:
            return self._longest(*self.names[i])
        first, last = i, i + 1
        while first > 0 and self._joined(first - 1, i):
            first -= 1
        while last < len(self.tree.tokens) and self._joined(last, i):
            last += 1
        return first, last

    def _longest(self, first: int, last: int) -> Name:
        """The name with what the model left off, where the atlas has the longer one: "Osk" of "Osk de los Reyes"."""
        tokens = self.tree.tokens
        if last == len(tokens) or tokens[last].form.lower().lstrip("-") not in self.words["particles"] | {""}:
            return first, last
        ends = (end for end in range(min(last + 4, len(tokens)), last, -1) if tokens[end - 1].form[:1].isupper())
        same = (end for end in ends if tokens[end - 1].sentence == tokens[last].sentence)
        return first, next((end for end in same if atlas().find(self._words((first, end)))), last)

    def _joined(self, word: int, head: int) -> bool:
        token = self.tree[word]
        return token.upos == "PROPN" and token.head == head and token.relation in ("compound", "flat") and word not in self.names

    def _kind(self, i: int) -> str:
        """What kind of place a common noun is the word for: a list's name in where.toml, or ""."""
        if i in self.names or self.tree[i].upos not in ("NOUN", "PROPN", "ADV"):
            return ""
        either = {self.tree[i].lemma.lower(), self.tree[i].form.lower()}
        return next((kind for kind in ("settlements", "regions", "parts", "venues") if either & self.words[kind]), "")

    def _phrase(self, h: int, near: bool, *, located: bool) -> _Phrase | None:
        """The place phrase headed by a noun, or None where its words name no place.

        `located`: it stands after a preposition of place, which makes a place of a known name that the model takes for something else.
        """
        if self.tree[h].lemma.lower() in self.words["about"]:  # "lost faith in Osk"
            return None
        phrase = _Phrase(near)
        phrase.start = self._bare(h)
        self._gather(h, phrase, "", located, DEPTH)
        if self.tree[h].lemma.lower() == "capital" and h not in self.names:
            self._as_capital(h, phrase)
        if not phrase.names:
            return None
        beside = self._following(phrase.names[0][1])
        if beside and beside not in phrase.names:
            phrase.names.append(beside)
        phrase.span = self._span(h, phrase)
        return phrase

    def _as_capital(self, h: int, phrase: _Phrase) -> None:
        """Turns "the Kestrian capital", "Kestria's capital" and "the capital of Kestria" into that city, where the words do not name it."""
        outer = [c for c in self.tree.find(h, "nmod") if self.tree.preposition(c) == "of" or self.tree[c].relation == "nmod:poss"]
        states = [known.country for c in outer if (known := gazetteer().find(self._words(self._name(c)))) and known.kind == "country"]
        if len(phrase.names) == len(states) <= 1 and (states or phrase.country):
            phrase.names, phrase.capital, phrase.country = [(h, h + 1)], True, states[0] if states else phrase.country

    def _bare(self, h: int) -> int:
        """Where a noun phrase starts, its article left out."""
        start = self.tree.noun_phrase(h)[0]
        first = next((i for i in range(h, -1, -1) if self.tree[i].start <= start), h)
        return self.tree[first + 1].start if first < h and self.tree[first].upos == "DET" and self.tree[first].form.islower() else start

    def _span(self, h: int, phrase: _Phrase) -> Span:
        """From the phrase's first word to its first name, or to the names that follow close upon it ("Osk, Velm"; "Osk in Velm")."""
        tokens = self.tree.tokens
        first, last = phrase.names[0]
        for a, b in sorted(phrase.names[1:]):
            last = b if last <= a <= last + 2 else last
        end = max(phrase.end, tokens[last - 1].end)
        start = min(phrase.start, tokens[first].start)
        return (start, end) if end - start <= WIDEST else (tokens[first].start, tokens[phrase.names[0][1] - 1].end)

    def _gather(self, h: int, phrase: _Phrase, above: str, located: bool, depth: int) -> None:
        """Adds the names of a place phrase: "the town of Osk in Velm province" gives Osk, Velm. `above`: the kind of the noun above."""
        kind = self._kind(h)
        if h in self.names or (self.tree[h].upos == "PROPN" and not kind):
            name = self._name(h)
            if name not in phrase.names and self._called_place(h, name, above, located):
                phrase.names.append(name)
                phrase.regions |= {name} if above == "regions" else set()
        elif not phrase.names:
            forms = {self.tree[h].lemma.lower(), self.tree[h].form.lower()}
            phrase.hint = phrase.hint or ("city" if kind == "settlements" else "region" if forms & self.words["first_level"] else "")
            phrase.near = phrase.near or bool(forms & self.words["beside"])
        for c, preposition in self._below(h, kind) if depth else ():
            code = gazetteer().demonym(self.tree[c].form) if self.tree[c].relation in ("amod", "compound", "nmod:desc") else None
            if code and not (self._is_place(c) and self.tree[c].upos == "PROPN"):
                phrase.country = phrase.country or (code if kind != "venues" else None)  # a Kestrian embassy is not in Kestria
            elif not (phrase.names and preposition in self.words["near"]):
                self._descend(h, c, preposition, phrase, kind, located, depth)

    def _descend(self, h: int, c: int, preposition: str, phrase: _Phrase, kind: str, located: bool, depth: int) -> None:
        """Goes on below a noun; for the phrase's first name, with what its preposition and its place in the phrase say."""
        first, start = not phrase.names, phrase.start
        inside = preposition not in ("", "of")
        phrase.near = phrase.near or preposition in self.words["near"]
        if first and inside:
            phrase.hint = ""
        if first and preposition and not kind:
            phrase.start = self._bare(c)
        self._gather(c, phrase, "" if inside else kind, located or inside, depth - 1)
        if not phrase.names:
            phrase.start = start
        elif first:
            phrase.end = max(phrase.end, self.tree[h].end)

    def _below(self, h: int, kind: str) -> list[tuple[int, str]]:
        """Words below a noun that may name its place, the nearest first, with their prepositions."""
        tree = self.tree
        ranked: list[tuple[int, int, str]] = []
        for c in tree.children[h]:
            relation, preposition = tree[c].relation, tree.preposition(c)
            rank: int | None = None
            if relation in ("compound", "flat", "nmod:desc", "amod"):
                rank = 0 if kind else None
            elif relation in ("appos", "nmod", "nmod:unmarked") and not preposition:
                rank = 1 if kind else 3
            elif relation == "nmod:poss":
                rank, preposition = (4 if kind else None), ""
            elif relation in ("nmod", "obl"):
                rank = (
                    (2 if kind != "settlements" else -1)
                    if self._owns(h, kind, preposition)
                    else 3
                    if self._leads(h, preposition, c)
                    else None
                )
            if rank is not None:
                ranked.append((rank, c, preposition))
        return [(c, preposition) for _, c, preposition in sorted(ranked)]

    def _owns(self, h: int, kind: str, preposition: str) -> bool:
        """Whether the "of" phrase of a noun names its place: "the town of Osk", "the mills of Osk"; not "the hands of Osk"."""
        return preposition == "of" and (bool(kind) or not {self.tree[h].lemma.lower(), self.tree[h].form.lower()} & self.words["figures"])

    def _leads(self, h: int, preposition: str, c: int) -> bool:
        """Whether a prepositional phrase says where a noun is, or what a happening is aimed at."""
        return (preposition != "of" and self._locative(preposition, c) is not None) or (preposition in _AIMED and self._happens(h))

    def _called_place(self, h: int, name: Name, above: str, located: bool) -> bool:
        """Whether a name is a place's: by its type, by the noun beside it ("the town of Osk"), after a preposition by being well known."""
        text = self._words(name)
        if text.lower() in self.words["directions"]:  # "the South"
            return False
        if self._is_place(h) or above in ("settlements", "regions"):
            return True
        last = text.rsplit(" ", 1)[-1].lower()
        if located and name[1] - name[0] > 1 and any(last in self.words[kind] for kind in ("venues", "settlements", "regions", "parts")):
            return True  # "at Osk Stadium"
        known = gazetteer().find(text)
        if known is not None:
            return located and known.kind != "organization"
        strange = not located or self.types.get(h) == "person" or above == "venues" or self.tree[h].lemma.lower() in self.words["times"]
        return not strange and any(s.main and s.people >= FAMOUS for s in atlas().find(text))

    def _following(self, end: int) -> Name | None:
        """The name right after a place that it lies in, however the parser attached it: "Paris, Texas", "Osk Square in Velm"."""
        tokens = self.tree.tokens
        at, sentence = end, tokens[end - 1].sentence
        comma = at < len(tokens) and tokens[at].form == ","
        at += comma
        inside = at < len(tokens) and tokens[at].form.lower() == "in"
        at += inside
        while inside and at < len(tokens) and tokens[at].upos in ("DET", "ADJ"):
            at += 1
        if at >= len(tokens) or at == end or tokens[at].sentence != sentence:
            return None
        name = self._name(at)
        relation = next((tokens[i].relation for i in range(*name) if not name[0] <= tokens[i].head < name[1]), "")
        if self._is_place(at):
            return name if inside or relation in _BESIDE else None
        return name if not inside and relation in _BESIDE and atlas().find(self._words(name)) else None

    # --- what it resolves to -----------------------------------------------------------------------------------

    def _resolved(self, phrase: _Phrase) -> Found:
        if phrase.capital:
            return self.toponyms.capital(phrase.country)
        names = tuple(self._words(name) + (" province" if name in phrase.regions else "") for name in phrase.names)
        return self.toponyms.find((self._words(phrase.names[0]), *names[1:]), phrase.hint, phrase.country)


__all__ = ["Places"]
