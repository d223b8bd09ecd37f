"""Who acts and whom an act concerns, beyond what a predicate's own frame says."""

from collections.abc import Iterable, Mapping

from allegedly.language import word_sets
from allegedly.reading.events import Match
from allegedly.reading.statements import Finder, Predication
from allegedly.reading.tree import Tree
from allegedly.records import Spans

Heads = tuple[int, ...]

DEFAULT = ("to", "with", "against", "on", "upon", "from", "towards", "toward", "for", "at", "into", "of", "about")
"""Prepositions whose phrase is taken for the recipient of a predicate without an object, best first."""
DIRECTED = frozenset({"to", "with", "against", "between", "towards", "toward", "on", "upon"})
OWNING = frozenset({"of", "from", "for", "by", "over", "among", "at"})
PLACED = frozenset({"in", "into", "across", "throughout", "near"})
"""Prepositions that mark whom an act concerns, best first: anybody who can act after the first two, a named place after the last."""
MUTUAL = frozenset({"CONSULT", "COOPERATE"})
"""Acts that do not concern the place where they are done."""
ABOUT = ("to", "with", "against")
MOVING = frozenset({"PROTEST", "RETREAT", "MOBILIZE"})
"""Prepositions that mark what an act without an object is about, and acts where the same words tell where somebody goes."""
OWNERS = ("'s", "’s", "'", "’")
"""What marks an owner ("the mayor's offer")."""
WITHDRAWING = frozenset({"RETREAT", "SANCTION", "COERCE"})
"""Acts that take something away from where or with whom it is."""
DOING = frozenset({"by", "from"})
JUDGING = frozenset({"ACCUSE", "REJECT", "SUPPORT", "PROTEST", "CONCEDE"})
"""Prepositions that mark whose deed something is, and the acts that answer to a deed: whose deed it is, they concern."""
LEADING = {
    "on": frozenset({"RETREAT", "CONCEDE", "SUPPORT", "REJECT"}),
    "to": frozenset({"RETREAT", "CONCEDE", "SANCTION", "COERCE", "MOBILIZE"}),
    "into": frozenset({"RETREAT", "ACCUSE", "MOBILIZE", "CONCEDE"}),
    "of": frozenset({"SUPPORT", "REJECT", "RETREAT", "CONCEDE"}),
}
"""Prepositions that tell what acts are about or where they lead, unless they mark somebody."""
BRIEF = 16
"""How many characters an object has that an act concerns beside the party of its phrase ("demanded [30 cows] for the captive")."""
LONG, SHORT = 60, 24
"""How many characters a party's phrase has, and that of a pronoun's antecedent."""
DEPTH = 4
"""How many clauses or phrases below the predicate a party is looked for."""


class Roles:
    """Actors and recipients of a text's predications; a predicate may borrow from the clause that it embeds.

    `entities` says which entity the word at a character refers to, where that is known.
    """

    def __init__(
        self, tree: Tree, finder: Finder, found: Iterable[tuple[Predication, Match | None]], entities: Mapping[int, str] | None = None
    ) -> None:
        self.tree = tree
        self.finder = finder
        self.entities = entities or {}
        self.aside, self.reactions = word_sets("arguments")["aside"], word_sets("arguments")["reactions"]
        self.circumstances = word_sets("arguments")["circumstances"]
        self.documents = word_sets("cues")["source.document"] | word_sets("arguments")["documents"]
        self.judging = word_sets("cues")["speech.presupposing"] | word_sets("cues")["speech.answering"]
        lists = word_sets("predicates")
        self.undertaking, self.taking_part = lists["undertaking"], lists["taking_part"]
        self.travels, self.manners = lists["travels"], lists["manners"]
        self.answering, self.giving = lists["answering"], lists["giving"]
        self.ceding = lists["ceding"]
        self.told = lists["giving"] | lists["bringing"]
        self.found = {p.verb: (p, match) for p, match in found}

    def of(self, p: Predication, match: Match | None) -> tuple[Heads, Heads]:
        """Actor and recipient heads of a predication; an event that names no party gets one from further off.

        "Osk rejected an offer from Brennia" has the offer and Brennia as recipients, "the front threatened to shell Velm" has Velm.
        """
        actor, recipient = self._own(p, match)
        actor = self._issuers(actor or (self._undertakers(p) if match and p.kind == "noun" else ()))
        recipient = tuple(h for h in recipient if h not in actor)
        if p.kind == "verb" and not actor and not p.light:  # "the ceasefire held"
            actor = tuple(h for h in p.subject if h not in recipient and h not in p.words)
        if match and not any(self._names_party(h) for h in recipient):
            party = self._party(p, match.type, {*actor, *recipient, p.head})
            placed = party and not recipient and set(party) <= self.tree.places  # "laid down [their arms] in Osk"
            both = p.kind == "verb" and (placed or (not p.light and not set(party) <= self.tree.places and self._brief(p.object)))
            objects = tuple(o for o in p.object if o not in actor) if both else ()
            recipient = (*recipient, *objects, *party)
        if match and (not recipient or self._moved(p, match.type, recipient)):
            recipient = tuple(o for o in p.object if o not in actor) or recipient or self._addressed(p, match.type, actor)
        if match and recipient and p.kind == "verb" and not set(recipient) & set(p.object):
            objects = tuple(o for o in p.object if o not in actor)
            sources = {h for preposition, h in p.obliques if preposition in ("from", "out of", "of", "in", "to")}
            handed = match.type == "COOPERATE" and "legal" in match.contexts  # "extradited the banker to Osk"
            answered = match.type == "REJECT" and set(recipient) <= {h for preposition, h in p.obliques if preposition in ("by", "from")}
            if answered or (
                (handed or match.type in WITHDRAWING) and set(recipient) <= sources
            ):  # "recalled its envoy from Osk" concerns both
                recipient = (*objects, *recipient)
            elif objects and not any(self._is_party(h, match.type) for h in recipient):
                recipient = (*objects, *(h for h in recipient if self._names_party(h)))
        if not recipient and p.light in self.told:  # "offered [an amnesty]", whoever it is for
            recipient = (p.head,)
        actor = self._with_antecedents(actor, set(recipient))
        recipient = self._with_antecedents(recipient, set(actor))
        return self._with_relatives(p, actor), self._with_relatives(p, recipient)

    def _brief(self, heads: Heads) -> bool:
        """Whether an object is a thing of a few words: "30 cows", not "the ban" (on whom it is counts)."""
        acts = any(self.tree[h].lemma.lower() in self.finder.event_nouns for h in heads)
        return not acts and 0 < sum(e - s for s, e in self.spans(heads)) <= BRIEF

    def _personal(self, i: int) -> bool:
        """Whether a word is a pronoun for people: "instructed [him] to fire"."""
        return self.tree[i].upos == "PRON" and self.tree.has(i, "PronType=Prs") and self.tree[i].form.lower() != "it"

    def spans(self, heads: Iterable[int]) -> Spans:
        """The phrases of heads, in text order; a pronoun's antecedent in few words."""
        heads = tuple(heads)
        limit = SHORT if any(self.tree[h].upos == "PRON" for h in heads) else LONG
        return tuple(sorted({self.tree.noun_phrase(h, limit=limit) for h in heads}))

    def _own(self, p: Predication, match: Match | None) -> tuple[Heads, Heads]:
        """Roles by the frame of the predicate; of one that the lexicon does not know the object, else the likeliest phrase."""
        if match and not (match.sense == "model:acts" and p.object and p.lemma in self.giving):
            return match.actor, tuple(h for h in match.recipient if not self._is_aside(h))
        if p.object or p.indirect:
            aid = match is not None and match.type == "AID"  # "airlifted tents to the valley"
            ceded = p.lemma.split()[0] in self.ceding
            receives = [h for prep, h in p.obliques if prep == "to" and (aid or self._receives(h) or (ceded and self._names_party(h)))]
            given = receives if ceded or p.lemma in self.giving else ()
            return p.subject, p.indirect or tuple(given) or p.object
        obliques = [(preposition, h) for preposition, h in p.obliques if preposition in DEFAULT and not self._is_aside(h)]
        ranked = sorted((DEFAULT.index(preposition), n, h) for n, (preposition, h) in enumerate(obliques))
        own = (p.head,) if p.light not in ("", "be") and not ranked else ()  # "resumed its search": no act that the lexicon knows
        if own and not p.subject and self.tree.relations[p.head] == "nsubj":  # "the violence continued"
            return own, ()
        return p.subject, own or tuple(h for rank, _, h in ranked if rank == ranked[0][0])

    def _moved(self, p: Predication, act: str, recipient: Heads) -> bool:
        """Whether those who are moved, or arms, are whom an act concerns, and not where they go: "moved [its guns] to the ridge", "flew
        [engineers] to the mine"; not "sent troops to Osk", "sent grain to the islands".
        """
        moved = act == "MOBILIZE" or (act in ("AID", "COOPERATE") and any(self._can_act(o) for o in p.object))
        return moved and p.kind == "verb" and not any(self._names_party(h) or self.tree[h].upos == "PRON" for h in recipient)

    def _addressed(self, p: Predication, act: str, actor: Heads) -> Heads:
        """What a verb without an object is about: "agreed [to the swap]"."""
        if p.kind != "verb" or act in MOVING:
            return ()
        return next(((h,) for preposition, h in p.obliques if preposition in ABOUT and h not in actor and not self._is_aside(h)), ())

    def _receives(self, i: int) -> bool:
        """Whether something can be given to a word: to people and offices, not to places and meetings."""
        return self.tree[i].upos == "PRON" or (self._can_act(i) and i not in self.tree.places)

    def _is_aside(self, i: int) -> bool:
        """Whether a word only makes a longer preposition of its phrase ("in a bid to", "in response to")."""
        lemma, preposition = self.tree[i].lemma.lower(), self.tree.preposition(i)
        if preposition == "to":  # "to the dismay of"
            return lemma in self.reactions
        return lemma in self.aside and preposition in ("in", "on", "as", "at", "with", "by", "under")

    # --- who is meant ------------------------------------------------------------------------------------------

    def _undertakers(self, p: Predication) -> Heads:
        """Who does what an event noun names, by the verb that it stands under: "stepped up attacks on", "took part in a march",
        "announced the release of", "left on a visit to", "jailed him in defiance of", "claimed responsibility for the attack", "is
        responsible for killings".
        """
        tree, at = self.tree, p.head
        while tree[at].relation == "conj":
            at = tree[at].head
        relation, above, preposition = tree[at].relation, tree[at].head, tree.preposition(at)
        if above < 0:
            return ()
        lemma = tree[above].lemma.lower()
        if preposition == "for" and lemma in self.answering:
            subjects = tree.find(above, "nsubj") or [tree[above].head]
            return tuple(
                x for c in subjects if c >= 0 for x in (self.finder.arguments(c).agent if tree[c].upos == "VERB" else tree.conjuncts(c))
            )
        noun = tree[p.head].lemma.lower()
        travels = noun in self.travels and preposition in ("on", "during", "in")  # "left on a visit to Osk"
        if (travels or (noun in self.manners and preposition == "in" and relation == "obl")) and tree[above].upos == "VERB":
            verb = self.finder.arguments(above)
            return tuple(h for h in (verb.patient if verb.passive else verb.agent) if self._can_act(h) or tree[h].upos == "PRON")
        takes_part, undertakes = lemma in self.taking_part and preposition == "in", lemma in self.undertaking and relation == "obj"
        return tuple(self.finder.arguments(above).agent) if tree[above].upos == "VERB" and (takes_part or undertakes) else ()

    def _issuers(self, actor: Heads) -> Heads:
        """Who issued the document that is said to act: "the union issued a statement urging" has the union urge."""
        out: list[int] = []
        for h in actor:
            token, who = self.tree[h], []
            if token.lemma.lower() in self.documents and h not in self.tree.named:
                who = [x for preposition, x in self.finder.obliques(h) if preposition in ("by", "from")]
                issued = token.relation in ("obj", "obl") and self.tree[token.head].lemma.lower() not in self.judging
                issued = issued and self.tree.preposition(h) not in ("against", "to", "on", "for")
                if issued and not who and not self.finder.possessors(h):  # not "voted against a motion condemning it"
                    who = self.finder.arguments(token.head).agent
            who = [w for w in who if self._can_act(w) or self.tree[w].upos == "PRON"]
            out += who or [h]
        return tuple(dict.fromkeys(out))

    def _with_antecedents(self, heads: Heads, others: set[int]) -> Heads:
        """A pronoun together with whom it refers to in the same sentence: "the rebels said they had left" has the rebels leave."""
        out = [x for h in heads for x in (*self._antecedent(h, others), h)]
        return tuple(dict.fromkeys(out))

    def _with_relatives(self, p: Predication, heads: Heads) -> Heads:
        """The same with the relative pronoun that stands for one of them: "the mayor [who] resigned"."""
        tree, clause = self.tree, p.verb
        while tree.bases[clause] in ("conj", "xcomp") and tree[clause].head >= 0:
            clause = tree[clause].head
        if not tree.relations[clause].startswith("acl:relcl"):
            return heads
        pronouns = (c for c in tree.find(clause, "nsubj", "obj") if tree.has(c, "PronType=Rel") and c not in heads)
        return (*heads, *(c for c in pronouns if set(self.finder.referents(c)) & set(heads)))

    def _antecedent(self, h: int, others: set[int]) -> Heads:
        tree, entity = self.tree, self.entities.get(self.tree[h].start)
        reflexive = tree[h].form.lower().endswith(("self", "selves"))  # who acts on themselves is told as the actor
        if tree[h].upos != "PRON" or entity is None or reflexive:
            return ()
        first = tree.analysis.sentences[tree[h].sentence][0]
        meant = (i for i in range(h - 1, first - 1, -1) if tree[i].upos != "PRON" and self.entities.get(tree[i].start) == entity)
        return tuple(i for i in meant if i in tree.actors and i not in others)[:1]

    # --- a party from further off ---------------------------------------------------------------------------------

    def _can_act(self, i: int) -> bool:
        return i in self.tree.actors or i in self.tree.named

    def _is_party(self, i: int, act: str) -> bool:
        """Whether a word is whom an act concerns: not what it is about ("lifted the ban on sit-ins") or where it leads ("sent tanks to the
        frontier", "closed the strait to tankers").
        """
        if act not in LEADING.get(self.tree.preposition(i), ()) or self.tree[i].upos == "PRON":
            return True
        return self._can_act(i) and not (i in self.tree.places and (act == "MOBILIZE" or i not in self.tree.named))

    def _names_party(self, i: int) -> bool:
        """Whether an argument is a party, or its phrase holds one ("the mayor's offer", "Kestrian goods"); "the bridge" does not."""
        if self._can_act(i) and not (i in self.tree.places and i not in self.tree.named):
            return True
        inside = [c for c in self.tree.find(i, "nmod", "compound", "amod") if self.tree.preposition(c) in ("", "of", *OWNERS)]
        return any(
            self._can_act(c) or (c < i and self.tree[c].upos in ("ADJ", "PROPN") and self.tree[c].form[:1].isupper()) for c in inside
        )

    def _party(self, p: Predication, act: str, taken: set[int], depth: int = 0) -> Heads:
        """Whom the promised, demanded or refused act concerns ("offered to send aid to Osk"), else a party in a phrase
        of the object or the predicate ("lifted the curfew in Osk", "sanctions imposed on Osk"), else in its purpose.
        """
        if depth >= DEPTH:
            return ()
        told = act == "ACCUSE" and bool(p.object or p.indirect)  # "accused the guards of bugging it"
        told = told or (act == "REQUEST" and any(self._personal(h) for h in (*p.object, *p.indirect)))
        complements = [c for r, c in p.clauses if r in ("xcomp", "ccomp", "acl") and not told]
        purposes = [c for r, c in p.clauses if r == "advcl" and depth == 0 and self._is_purpose(c) and not told]
        return self._below(complements, act, taken, depth) or self._beside(p, act, taken) or self._below(purposes, act, taken, depth)

    def _is_purpose(self, clause: int) -> bool:
        """Whether a clause tells what for, and not when, why or with what words ("left [after the firm gave in]", "sat, [demanding]")."""
        tree = self.tree
        if tree.find(clause, "nsubj") and not tree.find(clause, "mark"):  # "it will fall, [the minister hinted]"
            return False
        circumstance = any(tree[m].form.lower() in self.circumstances for m in tree.find(clause, "mark", "case", "advmod"))
        return not circumstance and not (tree.has(clause, "VerbForm=Part") and tree[clause - 1].upos == "PUNCT")

    def _below(self, clauses: Iterable[int], act: str, taken: set[int], depth: int) -> Heads:
        """A party of the acts that clauses are about."""
        for clause in clauses:
            if clause in self.found:
                p, match = self.found[clause]
                actor, recipient = self._own(p, match)
                party = [h for h in (*recipient, *actor) if self._names_party(h) and h not in taken]
                if found := party or self._party(p, act, taken, depth + 1):
                    return tuple(found[:1])
        return ()

    def _beside(self, p: Predication, act: str, taken: set[int]) -> Heads:
        """A party in a phrase of the predicate or its arguments, by its preposition; of what is judged, first whose deed it is."""
        within = [x for x in p.obliques if x[0] not in self.circumstances]
        own = [x for x in within if not self._is_aside(x[1])]
        deeper = self._phrases((p.head, *p.object, *(h for _, h in within)))
        phrases = [x for x in dict.fromkeys([*own, *deeper]) if x[1] not in taken]
        if act == "ASSAULT":  # "shelled the bridge at Osk from the hills": from where, rather than whom
            phrases.sort(key=lambda x: x[0] == "from")
        orders = ((DOING, self._can_act),) if act in JUDGING else ()
        for wanted, fits in (*orders, (DIRECTED, self._names_party), (OWNING, self._can_act)):
            for preposition, h in phrases:
                if preposition in wanted and fits(h):
                    return (h,)
        venues = {h for _, h in p.obliques} if act in MUTUAL else set()
        near = {h for _, h in (*own, *self._phrases((p.head, *p.object)))}  # not where the truce was signed under which he left
        places = (h for preposition, h in phrases if preposition in PLACED and h not in venues and h in near)
        return next(((h,) for h in places if h in self.tree.named or (h in self.tree.places and self._names_party(h))), ())

    def _phrases(self, heads: Heads) -> list[tuple[str, int]]:
        """Prepositional phrases below words and their participles, nearest first, three levels deep."""
        out: list[tuple[str, int]] = []
        level: Iterable[int] = heads
        for _ in range(3):
            below = (x for h in level for x in (*self.finder.obliques(h), *self._participles(h)))
            found = [x for x in below if x[0] not in self.circumstances]
            out += found
            level = [h for _, h in found]
        return list(dict.fromkeys(out))

    def _participles(self, i: int) -> list[tuple[str, int]]:
        """Phrases of the participle after a noun: "sanctions imposed on Osk", "threats made by Brennia"."""
        verbs = [c for c in self.tree.exactly(i, "acl") if self.tree.has(c, "VerbForm=Part")]
        agents = [("by", h) for v in verbs for h in self.tree.exactly(v, "obl:agent")]
        return [*agents, *(x for v in verbs for x in self.finder.obliques(v))]
