"""Who is in the text: mentions gathered into entities, with a country and a PLOVER sector where words or the gazetteer give them.

One pass from left to right, each mention against indexes of what came before, so the time grows with the length of the text.
Names by their words, acronyms as introduced in brackets (Schwartz & Hearst 2003), definite descriptions by strict head match and
appositions (the precise passes of Raghunathan et al. 2010, https://aclanthology.org/D10-1048), pronouns by salience (after Lappin
& Leass 1994) within the binding conditions of Hobbs (1978). Only positions and types decide, never the spelling or order of names.

A sector read from a noun ("the rebel leader", "Ministry of ...") is the article's own description and its rule says so
("nominal:rebel", "title:president", "name:ministry"); only entries of the gazetteer give rules that begin with "gazetteer:".

Missed, on purpose or not: coreference across articles, through predicates ("she is the minister"), of events, of split antecedents
("the two men"), names that come before their first introduction in another spelling, first and second persons (left without an
entity here: whose "I" it is depends on who is quoted).
"""

from collections import Counter, deque
from dataclasses import dataclass, field

from allegedly.reading.gazetteer import Gender, Role, fold, head_nouns
from allegedly.reading.mentions import WINDOW, Draft, Gathered, Title
from allegedly.records import Analysis, Article, Entity, EntityType, Mention

SENTENCES_BACK = 3  # how far a pronoun or "the group" looks
RECENT = 80  # mentions kept in sight of a pronoun
SHORTLIST = 8  # candidates kept under one key
_WEIGHTS = {"nsubj": 80.0, "nsubj:pass": 70.0, "obj": 50.0, "iobj": 50.0, "obl": 40.0, "nmod": 30.0, "nmod:poss": 40.0, "root": 40.0}
_CORE = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent"})


@dataclass(slots=True)
class _Entry:
    """An entity under work. `words` are those of its name or, for a description, its modifiers."""

    type: EntityType
    rules: list[str]
    named: bool = field(kw_only=True)
    words: tuple[str, ...] = ()
    country: str | None = None
    sector: str | None = None
    gender: Gender = ""
    plural: bool = False
    definite: bool = True
    foreign: bool = False
    titles: set[str] = field(default_factory=set)
    drafts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Seen:
    draft: int
    entity: int
    sentence: int
    weight: float


def resolve(analysis: Analysis, article: Article | None = None) -> tuple[tuple[Mention, ...], tuple[Entity, ...]]:
    """Mentions in text order and the entities they refer to, by first mention. `article` lends its dateline to the main country."""
    work = _Resolver(analysis)
    for index in range(len(work.drafts)):
        work.visit(index)
    place = article.dateline.place if article is not None and article.dateline is not None else None
    work.lend_main_country(place)
    return work.result()


class _Resolver:
    """Indexes of what was met so far, each bounded, and one method for each kind of mention."""

    def __init__(self, analysis: Analysis) -> None:
        found = Gathered(analysis)
        self.found, self.drafts, self.acronyms = found, found.drafts, found.acronyms
        self.text, self.tokens, self.gaz, self.nouns = analysis.text, analysis.tokens, found.gaz, found.nouns
        self.entries: list[_Entry] = []
        self.recent: deque[_Seen] = deque(maxlen=RECENT)
        self.lists: dict[tuple[str, ...], list[int]] = {}  # shortlists, the most recent last
        self.exact: dict[tuple[object, ...], int] = {}

    # --- visiting ------------------------------------------------------------------------------------------

    def visit(self, index: int) -> None:
        """Finds the entity of a mention and puts it where later mentions will find it."""
        draft = self.drafts[index]
        if draft.entity is None:
            draft.entity = self._entity(draft)
        if draft.entity is None:
            return
        self.entries[draft.entity].drafts.append(index)
        token = self.tokens[draft.head]
        self.recent.append(_Seen(index, draft.entity, token.sentence, _WEIGHTS.get(self._relation(draft.head), 20.0)))

    def _entity(self, draft: Draft) -> int | None:
        if draft.kind == "name":
            return self._name(draft)
        return self._pronoun(draft) if draft.kind == "pronoun" else self._nominal(draft)

    def _relation(self, i: int) -> str:
        token = self.tokens[i]
        if token.relation == "conj" and 0 <= token.head < len(self.tokens):
            return self.tokens[token.head].relation
        return token.relation

    def _governor(self, i: int) -> int:
        token = self.tokens[i]
        if token.relation == "conj" and 0 <= token.head < len(self.tokens):
            return self.tokens[token.head].head
        return token.head

    def _new(self, entry: _Entry) -> int:
        self.entries.append(entry)
        return len(self.entries) - 1

    def _list(self, *key: str) -> list[int]:
        return self.lists.get(key, [])

    def _remember(self, entity: int, *key: str) -> None:
        """Puts an entity last, the most recent, in the shortlist under a key."""
        listed = self.lists.setdefault(key, [])
        if entity in listed:
            listed.remove(entity)
        listed.append(entity)
        del listed[:-SHORTLIST]

    # --- names ---------------------------------------------------------------------------------------------

    def _name(self, draft: Draft) -> int:
        first, last = draft.core
        surface = self.text[self.tokens[first].start : self.tokens[last - 1].end]
        words = self.found.words(draft)
        if " ".join(words) in self.acronyms:
            return self._body(draft, words, "organization")
        kind = self.found.voted(draft, words)
        entity = self._from_gazetteer(draft, surface, words, kind)
        if entity is not None:
            return entity
        if kind == "person":
            return self._person(draft, words)
        return self._body(draft, words, kind)

    def _from_gazetteer(self, draft: Draft, surface: str, words: list[str], kind: EntityType) -> int | None:
        """A country, capital, seat of power, nationality or organisation that the gazetteer knows, with the type it has there.

        A person keeps a name that others bear too ("Jordan"), and so does whoever shares the surname of a person in the text.
        A capital that acts (an active subject) is its government. Missed: namesakes ("Georgia" in the United States).
        """
        known = self.found.meant(surface)
        bearer = kind == "person" and (len(words) > 1 or (known is not None and known.person) or bool(self._list("surname", words[-1])))
        if known is None:
            return None if bearer else self._people(draft, surface)
        if (bearer and not (known.kind == "country" and len(words) > 1)) or (known.kind == "organization" and kind in ("person", "place")):
            return None
        if known.kind == "country":
            return self._keyed(("country", known.country), _Entry("country", ["gazetteer:country"], named=True, country=known.country))
        if known.kind == "place":
            return self._keyed(("place", known.name), _Entry("place", ["gazetteer:place"], named=True, country=known.country))
        if known.kind == "capital":
            acts = known.actor and self._relation(draft.head) == "nsubj" and self._verbal(self._governor(draft.head))
            if not acts:
                entry = _Entry("place", ["gazetteer:capital"], named=True, country=known.country)
                return self._keyed(("capital", known.name), entry)
            entry = _Entry("organization", ["gazetteer:capital as government"], named=True, country=known.country, sector="GOV")
            return self._keyed(("seat", known.country), entry)
        rule = "gazetteer:seat" if known.kind == "metonym" else "gazetteer:organisation"
        entry = _Entry(
            "organization", [rule], named=True, words=tuple(fold(known.name).split()), country=known.country, sector=known.sector
        )
        entity = self._keyed((known.kind, known.name), entry)
        self._remember(entity, "head", entry.words[-1])
        return entity

    def _verbal(self, i: int) -> bool:
        return 0 <= i < len(self.tokens) and self.tokens[i].upos == "VERB"

    def _people(self, draft: Draft, surface: str) -> int | None:
        """A nationality: its people as a group, the country where it only modifies ("Chilean miners"), one person in the singular."""
        code = self.gaz.demonym(surface)
        if code is None:
            return None
        token = self.tokens[draft.head]
        if token.relation in ("amod", "compound", "nmod:desc"):
            return self._keyed(("country", code), _Entry("country", ["gazetteer:demonym"], named=True, country=code))
        if "Number=Sing" in token.features and token.upos in ("NOUN", "PROPN") and not fold(surface).endswith(("ese", "ish", "ch")):
            return self._new(_Entry("person", ["gazetteer:demonym"], named=False, country=code))
        return self._keyed(("people", code), _Entry("group", ["gazetteer:demonym"], named=True, country=code, plural=True))

    def _keyed(self, key: tuple[object, ...], entry: _Entry) -> int:
        if key not in self.exact:
            self.exact[key] = self._new(entry)
        return self.exact[key]

    def _person(self, draft: Draft, words: list[str]) -> int:
        """A person by full name, or by a surname, a particle and surname, or a first name that only one person bears.

        People of one surname stay apart by their first names; the surname alone then means the one with the same title, or
        else the most recent. A full name takes over an entity known so far by surname only. Missed: nicknames, maiden names,
        spellings that differ.
        """
        title = self.found.title(draft)
        full = tuple(w for w in (x.strip("-'\"“”") for x in words) if len(w) > 1 and w not in self.nouns.words["suffixes"]) or tuple(words)
        entity = self._same_person(full)
        if entity is None or not self._agrees(entity, title.gender):
            same = [e for e in self._list("surname", " ".join(full)) if self._agrees(e, title.gender)]
            if not same and len(full) > 1:
                same = [e for e in self._list("surname", full[-1]) if len(self.entries[e].words) == 1 and self._agrees(e, title.gender)]
            titled = [e for e in same if self.entries[e].titles & set(title.nouns)]
            given = self._list("given", full[0]) if len(full) == 1 and not same else []
            choice = titled[-1:] or same[-1:] or (given if len(given) == 1 else [])
            entity = choice[0] if choice else self._new(_Entry("person", ["name"], named=True))
        self._describe_person(entity, full, title)
        return entity

    def _same_person(self, full: tuple[str, ...]) -> int | None:
        """Who bears this full name, or one that it ends in or has words between ("Ada Lund" of "Senator-elect Ada Lund", "Ada M. Lund")."""
        if len(full) < 2:
            return None
        for start in range(len(full) - 1):
            if ("person", full[start:]) in self.exact:
                return self.exact["person", full[start:]]
        for entity in reversed(self._list("surname", full[-1])):
            known = self.entries[entity].words
            one_in_other = set(known) <= set(full) or set(full) <= set(known)
            if len(known) > 1 and (known[0], known[-1]) == (full[0], full[-1]) and one_in_other:
                return entity
        return None

    def _agrees(self, entity: int, gender: Gender) -> bool:
        return not gender or self.entries[entity].gender in ("", gender)

    def _describe_person(self, entity: int, full: tuple[str, ...], title: Title) -> None:
        entry = self.entries[entity]
        if len(full) > len(entry.words):
            entry.words = full
        if len(full) > 1:
            self.exact.setdefault(("person", full), entity)
            for word in full[:-1][:4]:
                self._remember(entity, "given", word)
        bare = full[-1].removeprefix("al-").removeprefix("el-")
        for key in {" ".join(entry.words[i:]) for i in range(max(len(entry.words) - 4, 0), len(entry.words))} | {full[-1], bare}:
            self._remember(entity, "surname", key)
        entry.gender = entry.gender or title.gender
        for noun in title.nouns:
            entry.titles.add(noun)
            self._remember(entity, "title", noun.split()[-1])
            role = self.nouns.roles.get(noun)
            if role is not None and role.sector and entry.sector is None:
                entry.sector = "ELI" if title.former else role.sector
                entry.rules.append(f"title:{noun}")
        entry.country = entry.country or title.country

    def _body(self, draft: Draft, words: list[str], kind: EntityType) -> int:
        """An organisation, place or thing by name, acronym or a shorter name that ends alike ("the Workers Union").

        A company is also known by the words that it begins with. Missed: translated names; two bodies, one named by the last
        words of the other, where the shorter name comes second.
        """
        key = " ".join(words)
        long = self.acronyms.get(key, key)
        acronym = long != key
        entity = self.exact.get(("body", long))
        if entity is None and kind != "place" and len(words) == 1:
            entity = self.exact.get(("initials", words[0]))
        if entity is None and kind in ("organization", "group", "other") and not acronym:
            near = [e for e in self._list("head", words[-1]) if set(words) < set(self.entries[e].words)]
            near = near if len(words) > 1 or len(near) == 1 else []
            starts = [e for e in self._list("first", words[0]) if self.entries[e].words[: len(words)] == tuple(words)]
            entity = next(iter(near[-1:] or (starts[-1:] if kind == "organization" else [])), None)
        if entity is None:
            entity = self._new(_Entry(kind, ["acronym" if acronym else "name"], named=True, words=tuple(long.split())))
            self._describe_body(entity)
        self.exact.setdefault(("body", long), entity)
        entry = self.entries[entity]
        if acronym and "acronym" not in entry.rules:
            entry.rules.insert(1, "acronym")
        if entry.type in ("organization", "group"):
            for noun in head_nouns(entry.words):
                self._remember(entity, "head", noun)
            self._remember(entity, "first", entry.words[0])
        return entity

    def _describe_body(self, entity: int) -> None:
        entry = self.entries[entity]
        if entry.type not in ("organization", "group"):
            return
        initials = "".join(word[0] for word in entry.words if word not in self.nouns.words["connectors"])
        if len(initials) > 2:
            self.exact.setdefault(("initials", initials), entity)
        heads = head_nouns(entry.words)
        at = entry.words.index(heads[-1])
        role = self.nouns.role(list(entry.words[:at]), heads[-1], list(entry.words[at + 2 :]))
        if role is not None and role.sector and role.type != "person":
            entry.sector = role.sector
            entry.rules.append(f"name:{role.noun}")
        short = [entry.words[0].upper()] if len(entry.words) > 1 else []  # "US Navy"
        parts = [*short, *(" ".join(entry.words[i : i + size]).title() for size in (2, 1) for i in range(len(entry.words[:WINDOW])))]
        codes = (self.gaz.country(part) for part in parts if part.lower() != entry.words[-1] or len(entry.words) == 1)
        entry.country = next((code for code in codes if code), None)

    # --- descriptions --------------------------------------------------------------------------------------

    def _nominal(self, draft: Draft) -> int | None:
        """A description: the entity it stands beside, one met before with this head, an organisation so called, or a new one.

        "The front" finds an organisation whose name ends so, "the minister" a person with that title, "the country" the last
        country. What has "a", "some" or a number is new. Missed: synonyms ("the firm" after "a bakery" beyond a few sentences).
        """
        if self.found.predicative(draft.head) and draft.head not in self.found.naming:
            return None
        token = self.tokens[draft.head]
        lemma, plural = self.found.lemma(draft.head), "Number=Plur" in token.features
        before, modifiers, after, country = self.found.phrase(draft)
        role = self.nouns.role(before, lemma, after)
        possessor = self._possessor(draft)
        definiteness = self.found.definiteness(draft, possessor is not None)
        if possessor is not None:
            modifiers = modifiers | {f"of:{possessor}"}
        found = self._beside(draft)
        known = definiteness == "definite" or (definiteness == "bare" and token.upos == "PROPN")
        if found is None and (known or (definiteness == "bare" and lemma in self.nouns.words["bare"])):
            found = self._described_before(lemma, plural, modifiers, country, known, token.sentence)
        if found is None:
            found = self._new(self._described(draft, role, plural, modifiers, definiteness))
        self._enrich(found, draft, role, country, before)
        number = "plural" if plural else "singular"
        self.exact[("nominal", lemma, number, modifiers)] = found
        self._remember(found, "nominal", lemma, number)
        if not self.entries[found].words and not self.entries[found].named:
            self.entries[found].words = tuple(sorted(modifiers))
        return found

    def _possessor(self, draft: Draft) -> int | None:
        """The entity of "his", "Osk's" before a head, resolved ahead of its turn."""
        for i in range(max(draft.first, draft.head - WINDOW), draft.head):
            if self.tokens[i].head == draft.head and self.tokens[i].relation == "nmod:poss" and i in self.found.at_head:
                owner = self.drafts[self.found.at_head[i]]
                if owner.entity is None and owner.kind != "nominal":
                    owner.entity = self._entity(owner)
                return owner.entity
        return None

    def _beside(self, draft: Draft) -> int | None:
        if draft.head not in self.found.naming:
            return None
        name = self.drafts[self.found.naming[draft.head]]
        if name.entity is None:
            name.entity = self._entity(name)
        entry = self.entries[name.entity] if name.entity is not None else None
        family = ("person",) if draft.type == "person" else ("organization", "group") if draft.type in ("organization", "group") else ()
        fits = entry is not None and (entry.type in family or (draft.type == entry.type) or draft.type == "other")
        return name.entity if fits else None

    def _described_before(
        self, lemma: str, plural: bool, modifiers: frozenset[str], country: str | None, definite: bool, sentence: int
    ) -> int | None:
        """An earlier description with this head whose modifiers include these; a body or office holder so called; a recent hypernym."""
        number = "plural" if plural else "singular"
        same = self.exact.get(("nominal", lemma, number, modifiers))
        if same is not None:
            return same
        own = frozenset(m for m in modifiers if not m.startswith("of:"))

        def fits(entity: int) -> bool:
            entry = self.entries[entity]
            other = country is None or entry.country in (None, country)
            rest = own - {country or ""}
            return other and rest <= {word for title in (*entry.words, *entry.titles) for word in title.split()}

        nominal = [e for e in self._list("nominal", lemma, number) if fits(e)] if len(own) == len(modifiers) else []
        if nominal:
            return nominal[-1]
        if plural or not definite:
            return None
        owners = [int(m.removeprefix("of:")) for m in modifiers if m.startswith("of:")]
        for key in (("head", lemma), ("title", lemma)):
            found = [e for e in self._list(*key) if fits(e) and all(self._together(e, owner) for owner in owners)]
            if found:
                return found[-1]
        return self._hypernym(lemma, sentence) if not modifiers else None

    def _together(self, entity: int, owner: int) -> bool:
        """True where "his front" can be a body met before: its country, or both in one sentence before."""
        if self.entries[owner].type == "country":
            return self.entries[entity].country == self.entries[owner].country
        sentences = ({self.tokens[self.drafts[d].head].sentence for d in self.entries[e].drafts[-RECENT:]} for e in (entity, owner))
        return not set.isdisjoint(*sentences)

    def _hypernym(self, lemma: str, sentence: int) -> int | None:
        kind = self.nouns.hypernyms.get(lemma)
        for seen in reversed(self.recent):
            if sentence - seen.sentence > SENTENCES_BACK:
                break
            entry = self.entries[seen.entity]
            if kind is not None and entry.named and entry.type == kind:
                return seen.entity
        return None

    def _described(self, draft: Draft, role: Role | None, plural: bool, modifiers: frozenset[str], definiteness: str) -> _Entry:
        kind = draft.type
        if role is not None and role.type != "country" and (kind == "other" or role.type != "place"):
            kind = "group" if role.type == "person" and plural else role.type if role.type != "place" else kind
        head = self.tokens[draft.head]
        rule = f"nominal:{role.noun if role is not None else head.lemma.lower() or head.form.lower()}"
        foreign = bool(modifiers & self.nouns.words["foreign"])
        return _Entry(kind, [rule], named=False, plural=plural, definite=definiteness != "indefinite" and not plural, foreign=foreign)

    def _enrich(self, entity: int, draft: Draft, role: Role | None, country: str | None, before: list[str]) -> None:
        """What a description adds: sector, country, gender. The first to say so stands."""
        entry = self.entries[entity]
        lemma = self.found.lemma(draft.head)
        if role is not None and entry.named and entry.type == "person":
            entry.titles.add(role.noun)
            self._remember(entity, "title", lemma)
        if role is not None and role.sector and entry.sector is None and entry.type not in ("country", "place"):
            former = role.type == "person" and bool(set(before) & self.nouns.words["former"])
            entry.sector = "ELI" if former else role.sector
            rule = f"nominal:{role.noun}"
            if rule not in entry.rules:
                entry.rules.append(rule)
        if entry.type not in ("country", "place"):
            entry.country = entry.country or country
        if entry.type == "person":
            entry.gender = entry.gender or self.nouns.gender.get(lemma, "")

    # --- pronouns ------------------------------------------------------------------------------------------

    def _pronoun(self, draft: Draft) -> int | None:
        """The entity of a third-person pronoun: the most salient that agrees, at most three sentences back ("it" and "they" less).

        Salience is after Lappin & Leass (1994, https://aclanthology.org/J94-4002): subjects outweigh objects, objects the rest,
        all weights halve with each sentence (for things and groups they fall faster), and the mentions of one entity add up; parallel
        roles get a little more, and a known gender counts. What the
        same predicate governs is excluded, and for "himself" required (the binding conditions, as in Hobbs 1978). Missed:
        antecedents that follow, split antecedents, clauses ("it" for what was said), whoever only the meaning can tell.
        """
        token = self.tokens[draft.head]
        person = self.nouns.pronouns[token.form.lower()]
        if person == "relative":
            return self._relative(draft.head)
        if person in ("first", "second"):
            return None
        gender: Gender = "masculine" if person == "masculine" else "feminine" if person == "feminine" else ""
        reflexive = token.form.lower().endswith(("self", "selves"))
        scores: dict[int, float] = {}
        barred: set[int] = set()
        governor, relation = self._governor(draft.head), self._relation(draft.head)
        reach = self._reach(person, relation, governor)
        for seen in self.recent:
            other = self.drafts[seen.draft]
            back = token.sentence - seen.sentence
            if not 0 <= back <= reach:
                continue
            fit = self._fit(seen.entity, person, gender)
            together = back == 0 and governor == self._governor(other.head) and self._relation(other.head) in _CORE
            if other.first <= draft.head < other.last or (together and not reflexive and relation in _CORE):
                barred.add(seen.entity)
            parallel = 35.0 if relation.startswith("nsubj") and self._relation(other.head).startswith("nsubj") else 0.0
            bound = 500.0 if together and reflexive else 0.0
            if fit:
                # taken out and put back, so that among equals the latest comes last
                scores[seen.entity] = (
                    scores.pop(seen.entity, 0.0) + fit * (seen.weight + parallel + bound) * (0.5 if gender else 0.3) ** back
                )
        best = max((s for e, s in scores.items() if e not in barred), default=None)
        if best is None:
            return None
        chosen = [e for e, s in scores.items() if e not in barred and s == best][-1]
        if gender:
            self.entries[chosen].gender = gender
        return chosen

    def _reach(self, person: str, relation: str, governor: int) -> int:
        """How many sentences back a pronoun may look; -1 for "it" before an adjective ("it is hard to"), mostly about a clause.

        "It" is more often a clause or a thing than a body: only as a subject or possessor does it leave its sentence.
        """
        if person != "neuter":
            return SENTENCES_BACK if person != "plural" else SENTENCES_BACK - 1
        if relation == "nsubj" and 0 <= governor < len(self.tokens) and self.tokens[governor].upos in ("ADJ", "AUX"):
            return -1
        return 1 if relation in ("nsubj", "nsubj:pass", "nmod:poss") else 0

    def _fit(self, entity: int, person: str, gender: Gender) -> float:
        """How well an entity agrees with a pronoun: 0 not at all, 1 fully."""
        entry = self.entries[entity]
        if gender:
            agrees = entry.type == "person" and not entry.plural and self._agrees(entity, gender)
            return (1.0 if entry.gender else 0.4) if agrees else 0.0
        if person == "plural":
            people = 1.0 if entry.type in ("group", "person", "organization") else 0.4
            return people if entry.plural else {"group": 0.9, "organization": 0.5, "country": 0.3}.get(entry.type, 0.0)
        if entry.plural or entry.type == "person":
            return 0.0
        return {"group": 0.4, "place": 0.6}.get(entry.type, 1.0)

    def _relative(self, i: int) -> int | None:
        """The noun that the clause of "who" or "which" modifies."""
        for _ in range(4):
            token = self.tokens[i]
            if not 0 <= token.head < len(self.tokens):
                return None
            if token.relation.startswith("acl"):
                index = self.found.at_head.get(token.head)
                return self.drafts[index].entity if index is not None else None
            i = token.head
        return None

    # --- the result ----------------------------------------------------------------------------------------

    def lend_main_country(self, dateline: str | None) -> None:
        """Gives bodies of state, parties and rebels that have no country the one the article is mostly about.

        That is the country with at least three mentions (its capital and people included) and half as many again as any other.
        "Foreign", "regional", ... and indefinite descriptions are left alone. Missed: articles about two countries alike.
        """
        counts: Counter[str] = Counter()
        for entry in self.entries:
            if entry.country is not None and entry.rules[0].startswith("gazetteer:") and entry.rules[0] != "gazetteer:organisation":
                counts[entry.country] += len(entry.drafts)
        code = self._country_of(dateline)
        counts.update([code] if code is not None else [])
        (main, most), (_, second) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
        if most < 3 or 2 * most < 3 * second:
            return
        for entry in self.entries:
            if entry.country is None and entry.sector in self.nouns.words["domestic"] and entry.definite and not entry.foreign:
                entry.country = main
                entry.rules.append("country:main")

    def _country_of(self, place: str | None) -> str | None:
        known = self.gaz.find(place) if place else None
        return known.country if known is not None else None

    def result(self) -> tuple[tuple[Mention, ...], tuple[Entity, ...]]:
        """Numbered records: mentions in text order, entities by their first mention."""
        order = {entity: n for n, entity in enumerate(sorted((e for e, x in enumerate(self.entries) if x.drafts), key=self._first), 1)}
        mentions = []
        for n, draft in enumerate(self.drafts, 1):
            head = self.tokens[draft.head]
            entity = f"e{order[draft.entity]}" if draft.entity is not None else None
            start, end = self.tokens[draft.first].start, self.tokens[draft.last - 1].end
            named = draft.kind == "name" and not self._people_at(draft)
            mentions.append(Mention(f"m{n}", start, end, (head.start, head.end), self._type(draft), named, entity, draft.score))
        return tuple(mentions), tuple(self._record(e, f"e{n}") for e, n in order.items())

    def _people_at(self, draft: Draft) -> bool:
        """True of words for a nation or a faith's people ("Kestrians", "the Kestrian miners"): they describe and do not name."""
        if draft.entity is None:
            return False
        first, last = draft.core
        one = last - first == 1
        return (one and self.tokens[first].form.lower() in self.nouns.words["peoples"]) or (
            self.entries[draft.entity].rules[0] in ("gazetteer:demonym", "gazetteer:country")
            and self.gaz.demonym(self.text[self.tokens[first].start : self.tokens[last - 1].end]) is not None
            and self.gaz.find(self.text[self.tokens[first].start : self.tokens[last - 1].end]) is None
        )

    def _first(self, entity: int) -> int:
        return self.entries[entity].drafts[0]

    def _type(self, draft: Draft) -> EntityType:
        if draft.entity is not None:
            return self.entries[draft.entity].type
        person = self.nouns.pronouns.get(self.tokens[draft.head].form.lower(), "")
        return "group" if person == "plural" else "other" if person in ("neuter", "relative", "") else "person"

    def _record(self, entity: int, id: str) -> Entity:
        entry = self.entries[entity]
        surfaces = [(self._surface(self.drafts[i]), self.drafts[i].kind) for i in entry.drafts if self.drafts[i].kind != "pronoun"]
        distinct = dict.fromkeys(surface for surface, _ in surfaces)
        candidates = dict.fromkeys(s for s, kind in surfaces if kind == "name") or distinct
        name = max(
            candidates, key=lambda s: (fold(s) not in self.acronyms, not s.isupper(), len(s.split())) if entry.named else 0, default=""
        )
        ids = tuple(f"m{i + 1}" for i in entry.drafts)
        rule = "+".join(dict.fromkeys(entry.rules))
        return Entity(id, name, entry.type, entry.country, entry.sector, tuple(s for s in distinct if s != name), ids, rule)

    def _surface(self, draft: Draft) -> str:
        """A mention's words without article or title; a long description only up to its head."""
        first, last = draft.core
        if draft.kind == "nominal":
            while first < draft.head and self.tokens[first].upos == "DET":
                first += 1
            if last - first > WINDOW:
                first, last = max(first, draft.head - WINDOW), draft.head + 1
        return " ".join(self.text[self.tokens[first].start : self.tokens[last - 1].end].split())
