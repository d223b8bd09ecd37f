"""Who is in the text: mentions gathered into entities, with a country and a PLOVER sector where words or the gazetteer give them.

One pass from left to right, each mention against indexes of what came before, so the time grows with the length of the text.
Names by their words, their romanisation and acronyms (`naming`), descriptions by apposition, predication, the name or title that they
point to (the precise passes of Raghunathan et al. 2010, https://aclanthology.org/D10-1048), and else, as pronouns, by weighed evidence
(`coreference`) within the binding conditions of Hobbs (1978); first and second persons by who speaks (`speakers`). Where the model
links mentions (`Analysis.links`), its odds are added to the evidence; they never overrule gender, number, kind or two different names.
Only positions and types decide, never the spelling or order of names.

A sector read from a noun ("the rebel leader", "Ministry of ...") is the article's own description and its rule says so
("nominal:rebel", "title:president", "name:ministry"); only entries of the gazetteer give rules that begin with "gazetteer:".
What somebody is said to be ("Osk is the mayor") is a mention, and neither a name nor a sector of theirs.

Missed, on purpose or not: coreference across articles, of events and clauses, of split antecedents ("the two men"), synonyms that the
model does not link, names that come before their first introduction in another spelling.
"""

from collections import Counter

from allegedly.gazetteer import Gender, Role, fold
from allegedly.reading.coreference import LINK_SURE, Evidence, Known, Profile, Profiler, log_odds, ranked, weights
from allegedly.reading.described import Draft
from allegedly.reading.names import WINDOW
from allegedly.reading.naming import Entry, Naming
from allegedly.reading.speakers import ANSWERING, ASKING, AUTHOR, Speakers, Voice, person_of
from allegedly.records import Analysis, Article, Entity, EntityType, Mention, RawLink, changed

SENTENCES_BACK = 3  # how far a pronoun or "the group" looks
CANDIDATES = 24  # entities in sight of a pronoun
RECENT = 80  # mentions of an entity that are looked at
BODIES = tuple(f"gazetteer:{label}" for label in ("organisation", "armed group", "party", "user"))
PLURAL = ("these", "those")
_OWNING = ("nmod:poss", "compound", "nmod", "nmod:desc", "amod")
ANOTHER = 0.9
"""How sure the model must be that a description means somebody who was described by another noun ("the guests" for "the envoys")."""
_CORE = frozenset({"subject", "object", "oblique"})


def resolve(analysis: Analysis, article: Article | None = None) -> tuple[tuple[Mention, ...], tuple[Entity, ...]]:
    """Mentions in text order and the entities they refer to, by first mention. `article` lends its dateline to the main country."""
    work = Resolver(analysis, article.published if article is not None else None)
    for index in range(len(work.drafts)):
        work.visit(index)
    work.speakers(article.authors if article is not None else ())
    place = article.dateline.place if article is not None and article.dateline is not None else None
    work.lend_main_country(place)
    return work.result()


class Resolver(Naming):
    """Visits the mentions from left to right, with one method for each kind."""

    def __init__(self, analysis: Analysis, date: str | None = None) -> None:
        super().__init__(analysis, date)
        self.analysis = analysis
        self.active: dict[int, int] = {}  # by entity its last mention, the most recent last
        self.profiles: dict[int, Profile] = {}  # by head
        self.profiler = Profiler(analysis.tokens, self.found.children, self.nouns.words["definite"], self.nouns.words["indefinite"])
        self.evidence = Evidence(weights(), analysis.tokens)
        self.said: list[tuple[int, int]] = []  # predicate nouns of whoever is still unknown
        self.links: dict[int, list[RawLink]] = {}
        for link in analysis.links:
            self.links.setdefault(link.token, []).append(link)

    # --- visiting ------------------------------------------------------------------------------------------

    def visit(self, index: int) -> None:
        """Finds the entity of a mention and puts it where later mentions will find it."""
        draft = self.drafts[index]
        if draft.entity is None:
            draft.entity = self._entity(draft)
        if draft.entity is None:
            return
        entry = self.entries[draft.entity]
        entry.drafts.append(index)
        if draft.kind == "name":
            self.profiles[draft.head] = self.profiler.name(draft.head, entry.type)
        elif draft.kind == "nominal" and not draft.predicate:
            mention = self.profiles[draft.head]
            entry.heads[mention.lemma] = mention
            met = entry.met.get(mention.lemma, frozenset())
            entry.met[mention.lemma] = met | mention.modifiers if len(met) < RECENT else met
            self._remember(draft.entity, "noun", mention.lemma)
        self.active.pop(draft.entity, None)
        self.active[draft.entity] = index

    def _entity(self, draft: Draft) -> int | None:
        if draft.kind == "name":
            known = len(self.entries)
            entity = self._name(draft)
            if entity >= known and draft.head in self.links:
                self._join_linked(draft, entity)
            return entity
        return self._pronoun(draft) if draft.kind == "pronoun" else self._nominal(draft)

    # --- descriptions --------------------------------------------------------------------------------------

    def _nominal(self, draft: Draft) -> int | None:
        """A description: the entity it stands beside or is said to be, one met before, an organisation so called, or a new one.

        "The front" finds an organisation whose name ends so, "the minister" a person with that title, "the country" the last
        country; what else it can mean the evidence decides.
        """
        if self.found.predicative(draft.head) and draft.head not in self.found.naming:
            return self._said_of(draft)
        token = self.tokens[draft.head]
        lemma, plural = self.found.lemma(draft.head), "Number=Plur" in token.features
        if (
            draft.spare
            and not self._list("noun", token.lemma.lower())
            and draft.head not in self.found.naming
            and draft.head not in self.links
        ):
            mention = self._profile(draft, None)  # nothing to compare it with: the quick way
            return self._new(self._described(draft, self.nouns.roles.get(lemma), plural, frozenset(), mention.kind))
        before, modifiers, after, country = self.found.phrase(draft)
        role = self.nouns.role(before, lemma, after)
        possessor = self._possessor(draft)
        mention = self._profile(draft, possessor)
        if possessor is not None:
            modifiers = modifiers | {f"of:{possessor}"}
        found = self._beside(draft)
        known = mention.kind in ("the", "this", "whose") or (mention.kind == "bare" and token.upos == "PROPN")
        if found is None and known and not plural:
            found = self._so_called(lemma, modifiers, country, token.sentence)
        if found is None:
            found = self._met_before(draft, mention, country, plural)
        if found is None:
            found = self._new(self._described(draft, role, plural, modifiers, mention.kind))
        self._enrich(found, draft, self._of_body(draft, role), country, before)
        if not self.entries[found].words and not self.entries[found].named:
            self.entries[found].words = tuple(sorted(modifiers))
        return found

    def _profile(self, draft: Draft, possessor: int | None) -> Profile:
        mention = self.profiler.description(draft.head, draft.type)
        if possessor is not None:
            mention = changed(mention, modifiers=mention.modifiers | {f"of:{possessor}"})
        self.profiles[draft.head] = mention
        return mention

    def _met_before(self, draft: Draft, mention: Profile, country: str | None, plural: bool) -> int | None:
        """The earlier entity that a description means: one with this head noun at any distance, another where the model links them."""
        if mention.kind == "a":
            return None
        candidates: list[tuple[int, Known]] = []
        same = self._list("noun", mention.lemma)
        for rank, entity in enumerate(reversed(same)):
            entry = self.entries[entity]
            last = self.profiles.get(self.drafts[self.active.get(entity, entry.drafts[-1])].head) if entry.drafts else None
            if last is not None and entry.plural == plural and (country is None or entry.country in (None, country)):
                candidates.append((entity, self._known(entity, last, entry.heads.get(mention.lemma), rank, len(same))))
        for link in self.links.get(draft.head, ()):
            other = self._headed(link.antecedent) if link.score >= ANOTHER else None
            if other is not None and other not in same and self.entries[other].plural == plural and self.entries[other].type == draft.type:
                last = self.profiles.get(self.drafts[self.entries[other].drafts[-1]].head) if self.entries[other].drafts else None
                candidates += [(other, self._known(other, last, None, 0))] if last is not None else []
        return self._choose(draft, mention, candidates, seen=bool(same))

    def _said_of(self, draft: Draft) -> int | None:
        """Of whom a noun is said in so many words: "Osk is the minister", "Osk, who is the minister", not "may be", "as the minister"."""
        self._profile(draft, None)
        below = self.found.children[draft.head]
        relations = {self.tokens[c].relation for c in below}
        hedged = relations & {"aux", "case", "mark"} or any(self.tokens[c].lemma.lower() in self.nouns.words["negations"] for c in below)
        if "cop" not in relations or hedged:
            return None
        subject = next((c for c in below if self.tokens[c].relation == "nsubj"), -1)
        token = self.tokens[draft.head]
        if token.relation == "acl:relcl" and self.nouns.pronouns.get(self.tokens[subject].form.lower()) == "relative":
            subject = token.head
        index = self.found.at_head.get(subject)
        if index is None:
            return None
        draft.predicate = True
        other = self.drafts[index]
        if other.entity is None and other.kind == "pronoun" and person_of(self.tokens[subject].form) is None and other.first < draft.first:
            other.entity = self._new(Entry("other", ["predicate"], named=False, plural="Number=Plur" in self.tokens[draft.head].features))
            self.entries[other.entity].drafts.append(index)  # "this is a victory": what "this" is, is said
        elif other.entity is None:
            self.said.append((self.found.at_head[draft.head], index))
        return other.entity

    def _possessor(self, draft: Draft) -> int | None:
        """The entity of "his", "Osk's" before a head, resolved ahead of its turn."""
        for i in range(max(draft.first, draft.head - WINDOW), draft.head):
            if self.tokens[i].head == draft.head and self.tokens[i].relation == "nmod:poss" and i in self.found.at_head:
                owner = self.drafts[self.found.at_head[i]]
                if owner.entity is None and owner.kind != "nominal":
                    owner.entity = self._entity(owner)
                return owner.entity
        return None

    def _of_body(self, draft: Draft, role: Role | None) -> Role | None:
        """The role of people who are a named body's: "Osk Commission officials", "the Workers Party's treasurer" have its sector."""
        own = role.sector if role is not None and role.noun not in self.nouns.transparent else ""
        people = draft.type in ("person", "group") or (role is not None and role.type in ("person", "group"))
        if own or not people:
            return role
        for i in self.found.children[draft.head]:
            index = self.found.at_head.get(i)
            if index is None or self.tokens[i].relation not in _OWNING or self.drafts[index].kind != "name":
                continue
            owner = self.drafts[index]
            if owner.entity is None:
                owner.entity = self._entity(owner)
            entry = self.entries[owner.entity] if owner.entity is not None else None
            if entry is not None and entry.sector and entry.type == "organization":
                return Role(f"{role.noun if role is not None else self.found.lemma(draft.head)} of body", draft.type, entry.sector)
        return role

    def _beside(self, draft: Draft) -> int | None:
        if draft.head not in self.found.naming:
            return None
        name = self.drafts[self.found.naming[draft.head]]
        if name.entity is None and name.kind == "name":
            name.entity = self._entity(name)
        entry = self.entries[name.entity] if name.entity is not None else None
        family = ("person",) if draft.type == "person" else ("organization", "group") if draft.type in ("organization", "group") else ()
        fits = entry is not None and (entry.type in family or (draft.type == entry.type) or draft.type == "other")
        return name.entity if fits else None

    def _so_called(self, lemma: str, modifiers: frozenset[str], country: str | None, sentence: int) -> int | None:
        """A body whose name ends in this noun, a person with this title, or a recent hypernym."""
        own = frozenset(m for m in modifiers if not m.startswith("of:"))

        def fits(entity: int) -> bool:
            entry = self.entries[entity]
            other = country is None or entry.country in (None, country)
            rest = own - {country or ""}
            return other and rest <= {word for title in (*entry.words, *entry.titles) for word in title.split()}

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
        if kind is None:
            return None
        for entity, index in reversed(self.active.items()):
            if sentence - self.tokens[self.drafts[index].head].sentence > SENTENCES_BACK:
                break
            entry = self.entries[entity]
            if entry.named and entry.type == kind:
                return entity
        return None

    def _described(self, draft: Draft, role: Role | None, plural: bool, modifiers: frozenset[str], kind: str) -> Entry:
        type_ = draft.type
        if role is not None and role.type != "country" and (type_ == "other" or role.type != "place"):
            type_ = "group" if role.type == "person" and plural else role.type if role.type != "place" else type_
        head = self.tokens[draft.head]
        rule = f"nominal:{role.noun if role is not None else head.lemma.lower() or head.form.lower()}"
        foreign = bool(modifiers & self.nouns.words["foreign"])
        return Entry(type_, [rule], named=False, plural=plural, definite=kind not in ("a", "number") and not plural, foreign=foreign)

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
        """The entity of a third-person pronoun or a demonstrative, at most three sentences back.

        What the same predicate governs is excluded, and for "himself" required (the binding conditions, as in Hobbs 1978); gender,
        number and kind must agree; the evidence decides among the rest. Missed: antecedents that follow, split antecedents, clauses
        ("it" for what was said). First and second persons wait for `speakers`.
        """
        token = self.tokens[draft.head]
        form = token.form.lower()
        person = self.nouns.pronouns[form] if not draft.spare else "demonstrative"
        if person == "relative":
            return self._relative(draft.head)
        if person in ("first", "second"):
            return None
        kind = {"neuter": "it", "plural": "they", "masculine": "he", "feminine": "he"}.get(person) or (
            "these" if form in PLURAL else "this"
        )
        gender: Gender = "masculine" if person == "masculine" else "feminine" if person == "feminine" else ""
        mention = self.profiler.pronoun(draft.head, kind, draft.type)
        self.profiles[draft.head] = mention
        reflexive = form.endswith(("self", "selves"))
        shared = self._sharing(mention.governor)
        related = {self._related(verb) for verb in (mention.governor, *shared)}
        candidates: list[tuple[int, Known]] = []
        for entity, index in reversed(self.active.items()):
            other = self.drafts[index]
            last = self.profiles.get(other.head)
            if last is None or token.sentence - last.sentence > SENTENCES_BACK or len(candidates) >= CANDIDATES:
                break
            inside = other.first <= draft.head < other.last
            beside = last.governor == mention.governor or (last.role == "subject" and last.governor in shared)
            together = last.sentence == token.sentence and beside and last.role in _CORE and mention.role in _CORE
            together = together or (other.head in related and mention.role in _CORE)
            if inside or (together and not reflexive) or not self._fits(entity, kind, gender):
                continue
            if together and reflexive:
                return self._chosen(entity, gender)
            known = self._known(entity, last, None, len(candidates))
            known.sure = bool(gender) and self.entries[entity].gender == gender
            candidates.append((entity, known))
        ranked([known for _, known in candidates], token.sentence)
        found = self._choose(draft, mention, candidates, seen=False)
        return None if found is None else self._chosen(found, gender)

    def _sharing(self, verb: int) -> set[int]:
        """The verbs whose subject is that of a verb without one of its own: "Osk [withdrew] and left them"."""
        out: set[int] = set()
        while verb >= 0 and self.tokens[verb].relation == "conj" and not self._has_subject(verb):
            verb = self.tokens[verb].head
            out.add(verb)
        return out

    def _related(self, verb: int) -> int:
        """The noun whose relative clause a verb heads, with the relative pronoun as its subject: "the [union], which isolated them"."""
        relative = verb >= 0 and self.tokens[verb].relation.startswith("acl:relcl")
        subjects = [c for c in self.found.children[verb] if self.tokens[c].relation == "nsubj"] if relative else []
        return self.tokens[verb].head if any("PronType=Rel" in self.tokens[c].features for c in subjects) else -1

    def _has_subject(self, verb: int) -> bool:
        return any(self.tokens[c].relation in ("nsubj", "nsubj:pass") for c in self.found.children[verb])

    def _chosen(self, entity: int, gender: Gender) -> int:
        if gender:
            self.entries[entity].gender = gender
        return entity

    def _fits(self, entity: int, kind: str, gender: Gender) -> bool:
        """Whether an entity can be meant by a pronoun of a kind at all."""
        entry = self.entries[entity]
        if kind == "he":
            return entry.type == "person" and not entry.plural and self._agrees(entity, gender)
        if kind == "they":
            return entry.plural or entry.type in ("group", "organization", "country", "person")
        if kind == "these":
            return entry.plural
        return not entry.plural and entry.type != "person"

    def _known(self, entity: int, last: Profile, same: Profile | None, rank: int, rivals: int = 0) -> Known:
        entry = self.entries[entity]
        met = entry.met.get(same.lemma, frozenset()) if same is not None else frozenset()
        acting = entry.type == "country" and last.role == "subject"  # a country that acts is spoken of as a body
        return Known(last, same, len(entry.drafts), "organization" if acting else entry.type, entry.plural, entry.named, rank, met, rivals)

    def _choose(self, draft: Draft, mention: Profile, candidates: list[tuple[int, Known]], *, seen: bool) -> int | None:
        """The entity that the evidence speaks for most; None where it speaks most for something new."""
        links = self.links.get(draft.head)
        if links:
            self._link(links, candidates)
        best, choice = self.evidence.none(mention, seen), None
        for entity, known in candidates:
            weight = self.evidence.weigh(mention, known)
            if weight > best:
                best, choice = weight, entity
        return choice

    def _link(self, links: list[RawLink], candidates: list[tuple[int, Known]]) -> None:
        """Gives each candidate the log-odds of the model's link to it; one without a link shares in what the links leave over."""
        rest = max(1.0 - sum(link.score for link in links), 0.0) / 2
        found: dict[int, float] = {}
        for link in links:
            entity = self._headed(link.antecedent)
            if entity is not None:
                found[entity] = max(found.get(entity, -LINK_SURE), log_odds(link.score))
        for entity, known in candidates:
            known.link = found.get(entity, log_odds(rest))

    def _join_linked(self, draft: Draft, entity: int) -> None:
        """Gives a name met for the first time what was only described before, where the model links them and type and gender agree.

        Two names are never joined by a link. Example: "The founder resigned. ... Lund said".
        """
        entry = self.entries[entity]
        for link in sorted(self.links[draft.head], key=lambda link: (-link.score, link.antecedent)):
            other = self._headed(link.antecedent)
            if other is None or other == entity or link.score <= 0.5:
                continue
            old = self.entries[other]
            if old.named or old.plural or old.type != entry.type or not {old.gender, entry.gender} <= {"", old.gender or entry.gender}:
                continue
            for index in old.drafts:
                self.drafts[index].entity = entity
            entry.drafts, old.drafts = old.drafts, []
            entry.heads, entry.met = old.heads, old.met
            entry.gender, entry.sector, entry.country = entry.gender or old.gender, entry.sector or old.sector, entry.country or old.country
            entry.rules += [rule for rule in old.rules if rule.startswith("nominal:")]
            entry.titles |= old.titles
            self.joined |= {e: entity for e, to in self.joined.items() if to == other} | {other: entity}
            self.active.pop(other, None)
            return

    def _relative(self, i: int) -> int | None:
        """The noun that the clause of "who" or "which" modifies."""
        for _ in range(4):
            token = self.tokens[i]
            if not 0 <= token.head < len(self.tokens):
                return None
            if token.relation.startswith("acl"):
                return self._headed(token.head)
            i = token.head
        return None

    # --- speakers ------------------------------------------------------------------------------------------

    def speakers(self, authors: tuple[str, ...]) -> None:
        """Gives first and second persons their entities, once all else has its own; a sole author's name is known."""
        waiting = [(i, d) for i, d in enumerate(self.drafts) if d.entity is None and d.kind == "pronoun" and not d.spare]
        waiting = [(i, d) for i, d in waiting if person_of(self.tokens[d.head].form)]
        voices = Speakers(self.analysis, self.found.children, frozenset(self.found.at_head))
        spoken = [(index, draft, voices.at(self.tokens[draft.head].start)) for index, draft in waiting]
        for index, draft, voice in sorted(spoken, key=lambda s: (s[2].source >= 0, s[0])):  # the author first: a source can be "I"
            draft.entity = self._spoken(draft, voice)
            self.entries[draft.entity].drafts.append(index)
        for index, subject in self.said:
            entity = self.drafts[index].entity = self.drafts[subject].entity
            if entity is not None:
                self.entries[entity].drafts.append(index)
        if len(authors) == 1 and (author := self.exact.get(("I", AUTHOR))) is not None:
            self.entries[author].byline = authors[0]
        for entry in self.entries:
            entry.drafts.sort()

    def _spoken(self, draft: Draft, voice: Voice) -> int:
        person = person_of(self.tokens[draft.head].form)
        source, addressee = self._headed(voice.source), self._headed(voice.addressee)
        if person == "you":
            if addressee is not None:
                return addressee
            asked = voice.id == ASKING
            key = ("I", ANSWERING) if asked else ("you", voice.id if source is None else ("of", source))
            return self._keyed(key, Entry("person", ["speaker"] if asked else ["addressee"], named=False))
        if source is not None:
            body = self.entries[source].type in ("organization", "group", "country") or self.entries[source].plural
            if body == (person == "we"):
                return source
        side = (person, voice.id if source is None else ("of", source))
        rule = "author" if voice.id == AUTHOR else "speaker"
        return self._keyed(side, Entry("group" if person == "we" else "person", [rule], named=False, plural=person == "we"))

    def _headed(self, head: int) -> int | None:
        index = self.found.at_head.get(head)
        return self.drafts[index].entity if index is not None else None

    # --- the result ----------------------------------------------------------------------------------------

    def lend_main_country(self, dateline: str | None) -> None:
        """Gives bodies of state, parties and rebels that have no country the one the article is mostly about.

        That is the country with at least three mentions (its capital and people included) and half as many again as any other.
        "Foreign", "regional", ... and indefinite descriptions are left alone. Missed: articles about two countries alike.
        """
        counts: Counter[str] = Counter()
        for entry in self.entries:
            if entry.country is not None and entry.rules[0].startswith("gazetteer:") and entry.rules[0] not in BODIES:
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
        kept = [e for e, x in enumerate(self.entries) if x.drafts and (len(x.drafts) > 1 or not self.drafts[x.drafts[0]].spare)]
        order = {entity: n for n, entity in enumerate(sorted(kept, key=self._first), 1)}
        mentions: list[Mention] = []
        ids: dict[int, str] = {}
        for index, draft in enumerate(self.drafts):
            if draft.spare and (draft.entity is None or draft.entity not in order):
                continue
            ids[index] = f"m{len(ids) + 1}"
            head = self.tokens[draft.head]
            entity = f"e{order[draft.entity]}" if draft.entity is not None else None
            start, end = self.tokens[draft.first].start, self.tokens[draft.last - 1].end
            named = draft.kind == "name" and draft.head not in self.found.nested and not self._people_at(draft)
            mentions.append(Mention(ids[index], start, end, (head.start, head.end), self._type(draft), named, entity, draft.score))
        return tuple(mentions), tuple(self._record(e, f"e{n}", ids) for e, n in order.items())

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

    def _record(self, entity: int, id: str, ids: dict[int, str]) -> Entity:
        entry = self.entries[entity]
        described = [self.drafts[i] for i in entry.drafts if self.drafts[i].kind != "pronoun" and not self.drafts[i].predicate]
        surfaces = [(self._surface(draft), draft.kind) for draft in described or [self.drafts[entry.drafts[0]]]]
        distinct = dict.fromkeys(surface for surface, _ in surfaces)
        candidates = dict.fromkeys(s for s, kind in surfaces if kind == "name") or distinct
        name = max(
            candidates, key=lambda s: (fold(s) not in self.acronyms, not s.isupper(), len(s.split())) if entry.named else 0, default=""
        )
        name = entry.byline or name
        rule = "+".join(dict.fromkeys(entry.rules))
        mentions = tuple(ids[i] for i in entry.drafts)
        return Entity(id, name, entry.type, entry.country, entry.sector, tuple(s for s in distinct if s != name), mentions, rule)

    def _surface(self, draft: Draft) -> str:
        """A mention's words without article or title; a long description only up to its head."""
        first, last = draft.core if draft.kind != "pronoun" else (draft.first, draft.last)
        if draft.kind == "nominal":
            while first < draft.head and self.tokens[first].upos == "DET":
                first += 1
            if last - first > WINDOW:
                first, last = max(first, draft.head - WINDOW), draft.head + 1
        return _balanced(" ".join(self.text[self.tokens[first].start : self.tokens[last - 1].end].split()))


def _balanced(words: str) -> str:
    """Words without quotation marks of which they have only one side: "his “concerns" of "his “concerns!” about the ford"."""
    for marks in ("“”", "«»", '"'):
        if words.count(marks[0]) != words.count(marks[-1]) or (len(marks) == 1 and words.count(marks) % 2):
            words = words.translate(dict.fromkeys(map(ord, marks)))
    return " ".join(words.split())
