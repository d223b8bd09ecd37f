"""Mentions before they have entities: the model's, trimmed and completed, with what their words say on their own."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from allegedly.blinding import blinding
from allegedly.gazetteer import Gender, Known, fold, gazetteer, nominals
from allegedly.language import words
from allegedly.reading.described import Described, Draft
from allegedly.reading.extents import Extents, bare
from allegedly.reading.names import WINDOW, acronyms, is_short
from allegedly.records import Analysis, EntityType, RawMention

SHORT = 5  # letters of an acronym that may stand for bodies of other countries too
TYPES: tuple[EntityType, ...] = ("person", "organization", "group", "country", "place", "other")


_OUTSIDE_BELOW = frozenset({"acl:relcl", "appos", "parataxis", "punct", "advcl"})
_OUTSIDE = frozenset(
    [
        "acl",
        "advcl",
        "appos",
        "aux",
        "case",
        "cc",
        "ccomp",
        "conj",
        "cop",
        "csubj",
        "dep",
        "discourse",
        "dislocated",
        "expl",
        "mark",
        "nsubj",
        "obl",
        "orphan",
        "parataxis",
        "punct",
        "reparandum",
        "vocative",
    ]
)


@dataclass(frozen=True, slots=True)
class Title:
    """What the words before a name say of its bearer."""

    nouns: tuple[str, ...] = ()
    gender: Gender = ""
    country: str | None = None
    former: bool = False
    honorific: str = ""  # "mrs"
    sentence: int = -1


class Gathered(Described):
    """A text's mentions in order, with its acronyms, the names beside descriptions, and the types given to each name."""

    def __init__(self, analysis: Analysis) -> None:
        self.text = analysis.text
        self.tokens = analysis.tokens
        self.gaz = gazetteer()
        self.nouns = nominals()
        times = words("when")
        self.dates = frozenset((*times["weekdays"], *(names.split()[0] for names in times["months"])))
        self.extents = Extents(analysis.text, analysis.tokens, self.gaz, self.nouns)
        self.drafts = self._drafts(analysis)
        self._titles_are_no_names()
        self.acronyms = self._acronyms()
        self._bodies_by_their_head()
        self._names_without_titles()
        children: list[list[int]] = [[] for _ in self.tokens]
        for i, token in enumerate(self.tokens):
            if token.head >= 0:
                children[token.head].append(i)
        self.children = children
        self._add_spare()
        self._titles_stand_for_nobody_else()
        self.at_head = {draft.head: i for i, draft in enumerate(self.drafts)}
        self.naming = self._names_beside_nouns()
        self.votes = self._votes()
        self.countries = self._countries()

    def _drafts(self, analysis: Analysis) -> list[Draft]:
        """The model's mentions, trimmed, one a head word; personal pronouns and country names that it left out."""
        by_head: dict[int, Draft] = {}
        for raw in self.extents.corrected(analysis.mentions):
            draft = self._trimmed(raw)
            if draft is None:
                continue
            rank = (draft.kind == "name", draft.last - draft.first)
            other = by_head.get(draft.head)
            if other is None or rank > (other.kind == "name", other.last - other.first):
                by_head[draft.head] = draft
        by_head = self._outermost_people(by_head)
        taken = {i for d in by_head.values() if d.kind == "name" for i in range(*d.core)}
        for i, token in enumerate(self.tokens):
            if i in by_head or i in taken:
                continue
            person = self.nouns.pronouns.get(token.form.lower()) if token.upos == "PRON" else None
            if person is not None and person != "relative":
                by_head[i] = Draft(i, i + 1, i, "other", "pronoun", 1.0)
            elif token.upos == "PROPN" and token.form[:1].isupper():
                draft = self._overlooked(i, taken)
                if draft is not None and draft.head not in taken:
                    by_head[draft.head] = draft
                    taken.update(range(draft.first, draft.last))
        kept = [d for d in by_head.values() if d.kind != "pronoun" or not self._pleonastic(d.head)]
        return self._joined(sorted(kept, key=lambda d: (d.first, -d.last, d.head)))

    def _joined(self, drafts: list[Draft]) -> list[Draft]:
        """Makes one name of two with "of" between them where the first alone names nobody known: "Voice" and "Osk" of "Voice of Osk".

        The first must be in the singular, no person's and no country's, and typed as a body or thing. Missed: "for", "and".
        """
        at_start = {d.core[0]: d for d in drafts if d.kind == "name"}
        gone: set[int] = set()
        for draft in drafts:
            if draft.kind != "name" or id(draft) in gone or draft.type not in ("organization", "other"):
                continue
            of = draft.core[1]
            the = of + 1 < len(self.tokens) and self.tokens[of + 1].form == "the"
            other = at_start.get(of + 2 if the else of + 1)
            if other is None or self.tokens[of].form != "of" or not self._joins(draft, other):
                continue
            draft.last = max(draft.last, other.core[1])
            draft.core = (draft.core[0], other.core[1])
            gone.add(id(other))
        return [d for d in drafts if id(d) not in gone]

    def _joins(self, draft: Draft, other: Draft) -> bool:
        first, last = draft.core
        same = self.tokens[draft.head].sentence == self.tokens[other.head].sentence
        head = self.tokens[last - 1]
        proper = head.form[:1].isupper() and not head.form.isupper() and "Number=Plur" not in head.features
        word = bare(head.form)
        office = word in self.nouns.titles or (word in self.nouns.roles and self.nouns.roles[word].type == "person")
        known = self.gaz.find(self.text[self.tokens[first].start : head.end])
        proper = proper and not (last - first > 1 and fold(self.tokens[first].form) in self.gaz.given)  # "Ada Lund of the Osk Post"
        return same and proper and not office and known is None and (other.type != "person" or other.core[1] - other.core[0] == 1)

    def _outermost_people(self, by_head: dict[int, Draft]) -> dict[int, Draft]:
        """Leaves out names that stand inside the name of a person: "Lund" of "Ada Lund" is not someone else."""
        people = [d for d in by_head.values() if d.kind == "name" and d.type == "person" and d.core[1] - d.core[0] > 1]
        inside: dict[int, int] = {}  # by word, the head of the person whose name it belongs to
        for draft in sorted(people, key=lambda d: (d.core[0] - d.core[1], d.first, d.head)):
            if draft.head not in inside:
                for i in range(*draft.core):
                    inside.setdefault(i, draft.head)
        return {head: d for head, d in by_head.items() if d.kind != "name" or inside.get(head, head) == head}

    def _trimmed(self, raw: RawMention) -> Draft | None:
        first, last = max(raw.first, 0), min(raw.last, len(self.tokens))
        while last - first > 1 and (self.tokens[last - 1].upos == "PUNCT" or self.tokens[last - 1].form in ("'s", "’s", "'", "’")):
            last -= 1
        while last - first > 1 and first < raw.head and self.tokens[first].upos in ("PUNCT", "CCONJ"):  # "neither the Front"
            first += 1
        if not first <= raw.head < last:
            return None
        copula = next(
            (i for i in range(raw.head - 1, first - 1, -1) if (self.tokens[i].relation, self.tokens[i].head) == ("cop", raw.head)), -1
        )
        first = max(first, copula + 1)  # "In Osk they are [heroes]"
        if self.tokens[raw.head].upos == "DET" and first == raw.head < last - 1:  # "[The] CBS's director"
            raw = replace(raw, head=self.extents.head(first + 1, last))
        head = self.tokens[raw.head]
        vice = bare(head.form) == "vice" and last < len(self.tokens) and self.tokens[last].form == "-"  # "[Vice]-President Ada Lund"
        if last - first == 1 and (vice or (head.form.lower() in self.dates and raw.type not in ("person", "place", "country"))):
            return None
        first, last = self._within_dashes(first, last, raw.head)
        pronoun = head.upos == "PRON" and head.form.lower() in self.nouns.pronouns
        if pronoun:
            return Draft(first, last, raw.head, raw.type, "pronoun", raw.score)
        if head.upos == "PROPN":
            last = self.extents.hyphened(last)
        if raw.named:
            first, last = self.extents.completed(first, last, raw.head, place=raw.type == "place")
        common = head.form.islower() and (head.upos == "NOUN" or {head.form, head.lemma} & self.nouns.roles.keys())
        common = common and not blinding().opens(head.form) and not (last - first > 1 and raw.named and self.extents.listed_at(first, last))
        name = (raw.named and not common) or self._bare_name(raw, first, last)
        if not name and head.upos == "PROPN" and raw.type == "person" and first < raw.head and self.extents.begins(raw.head):
            name = self._ends_with(raw.head, last) and self.extents.title_word(raw.head - 1)  # "Senator Lund"
        if not name and first == raw.head and first and (self.tokens[first - 1].upos, self.tokens[first - 1].head) == ("DET", first):
            first -= 1  # "[the] prophet"
        core = self.extents.core(first, last, raw.head, raw.type == "person") if name else (first, last)
        if self.tokens[last - 1].form in ("'s", "’s"):
            core = (core[0], last)
        return Draft(first, last, raw.head, raw.type, "name" if name else "nominal", raw.score, core)

    def _within_dashes(self, first: int, last: int, head: int) -> tuple[int, int]:
        """A span without what stands beyond a dash that is none of a pair, as a remark has."""
        dashes = [i for i in range(first, last) if self.tokens[i].form in ("--", "–", "—")]
        after, before = [i for i in dashes if i > head], [i for i in dashes if i < head]
        last = after[0] if after and sum(self.tokens[i].form == self.tokens[after[0]].form for i in after) % 2 else last
        return (before[-1] + 1 if before and len(before) % 2 else first), last

    def _bare_name(self, raw: RawMention, first: int, last: int) -> bool:
        """True of a proper noun alone or after determiners ("the Osk"), and of a body's abbreviation so ("the NLA")."""
        head = self.tokens[raw.head]
        body = raw.type in ("organization", "country") and bare(head.form) not in self.nouns.roles
        short = body and head.form.isupper() and head.form.isalpha() and len(head.form) > 1
        alone = self._ends_with(raw.head, last) and all(token.upos == "DET" for token in self.tokens[first : raw.head])
        described = head.form.islower() and head.form in self.nouns.roles  # "the prophet"
        return alone and ((head.upos == "PROPN" and not described) or short)

    def _ends_with(self, head: int, last: int) -> bool:
        """Whether nothing but further parts of a name stands behind its head."""
        return all(token.head == head and token.relation in ("flat", "punct") for token in self.tokens[head + 1 : last])

    def _titles_are_no_names(self) -> None:
        """Makes descriptions of names that are one title or role noun ("the President", "Parliament"), unless someone's surname is."""
        surnames = {self.words(d)[-1] for d in self.drafts if d.kind == "name" and d.type == "person" and not self._office(*d.core)}
        for draft in self.drafts:
            if draft.kind != "name":
                continue
            first, last = draft.core
            word = bare(self.tokens[draft.head].form)
            role = self.nouns.titles.get(word) or (
                word in self.nouns.roles and (draft.type != "person" or self.nouns.roles[word].type == "person")
            )
            lemma = self.tokens[draft.head].lemma.lower()
            role = role or ("Number=Plur" in self.tokens[draft.head].features and lemma in self.nouns.roles)
            one = last - first == 1 and role and word not in surnames
            if (one or self._office(first, last)) and not self._titled(draft):
                draft.kind = "nominal"

    def _office(self, first: int, last: int) -> bool:
        """True of the name of an office and nobody's: "Foreign Secretary", "Prime Minister", "US Secretary"."""
        forms = [bare(token.form) for token in self.tokens[first:last]]
        office = " ".join(forms[-2:])
        role = self.nouns.roles.get(office) or self.nouns.roles.get(forms[-1])
        if role is None or role.type != "person" or len(forms) == 1:
            return len(forms) == 1 and forms[-1] in self.nouns.titles
        return office in self.nouns.roles or self.gaz.country(self.tokens[first].form) is not None

    def _titled(self, draft: Draft) -> bool:
        """True of a name right after a title: "Mr Singer" is no singer."""
        before = draft.core[0] - 1
        return before >= 0 and self.extents.title_word(before) and self.tokens[before].form[:1].isupper()

    def _bodies_by_their_head(self) -> None:
        """Adds what the model left out of "the front", "her party": a definite noun that is the head of a body named in the text."""
        named = {self.words(d)[-1] for d in self.drafts if d.kind == "name" and d.core[1] - d.core[0] > 1}
        named = {word for word in named if self.nouns.name_heads.get(word) == "organization"}
        taken = {i for d in self.drafts if d.kind == "name" for i in range(*d.core)} | {d.head for d in self.drafts}
        for i, token in enumerate(self.tokens if named else ()):
            if token.upos != "NOUN" or i in taken or token.form.lower() not in named or token.relation == "compound":
                continue
            before = [
                j
                for j in range(max(i - WINDOW, 0), i)
                if self.tokens[j].head == i and (self.tokens[j].relation == "nmod:poss" or self.tokens[j].form.lower() in ("the", "this"))
            ]
            if before:
                self.drafts.append(Draft(before[0], i + 1, i, "organization", "nominal", 1.0, (before[0], i + 1)))

    def _names_without_titles(self) -> None:
        """Leaves of each mention by name the name proper, so that titles and what describes the bearer stand outside."""
        for draft in self.drafts:
            form = self.tokens[draft.core[0]].form
            if draft.kind == "name" and draft.core[0] <= draft.head and (not form.islower() or blinding().opens(form)):
                draft.first, draft.last = draft.core
        self.drafts.sort(key=lambda d: (d.first, -d.last, d.head))

    def _add_spare(self) -> None:
        """Nouns and demonstratives that the model has not as a mention: things, happenings and ideas that are spoken of again and again."""
        taken = {i for d in self.drafts if d.kind == "name" for i in range(*d.core)} | {d.head for d in self.drafts}
        self._add_nested()
        for i, token in enumerate(self.tokens):
            if i in taken or token.relation in ("flat", "fixed", "goeswith"):
                continue
            if token.upos == "PROPN" and token.form.lower() in self.dates:
                continue
            if token.upos in ("NOUN", "PROPN") and not (token.head in taken and self.extents.title_word(i)):
                first, last = self._within_dashes(*self._extent(i), i)
                name = token.upos == "PROPN" and token.form[:1].isupper()
                core = self.extents.core(first, last, i, person=False) if name else (first, last)
                who = self._somebody(i) if not name else ""
                self.drafts.append(Draft(first, last, i, who or "other", "name" if name else "nominal", 1.0, core, spare=not who))
            elif token.upos == "PRON" and "PronType=Dem" in token.features:
                self.drafts.append(Draft(i, i + 1, i, "other", "pronoun", 1.0, spare=True))
        self.drafts.sort(key=lambda d: (d.first, -d.last, d.head))

    def _somebody(self, i: int) -> EntityType | Literal[""]:
        """Whether a noun can only mean people: a role with a sector and the ending of an agent, "reporter", "activists"."""
        lemma, token = self.lemma(i), self.tokens[i]
        role = self.nouns.roles.get(lemma)
        agent = role is not None and role.type == "person" and role.sector and lemma.endswith(tuple(self.nouns.words["agents"]))
        if not agent or token.relation in ("compound", "nmod:desc"):
            return ""
        return "group" if "Number=Plur" in token.features or token.form.lower() == f"{lemma}s" else "person"

    def _titles_stand_for_nobody_else(self) -> None:
        """Leaves out what only goes before a person's name as its title: "student" of "student Ada Lund"."""
        people = {d.head for d in self.drafts if d.kind == "name" and d.type == "person"}
        self.drafts = [
            d
            for d in self.drafts
            if d.kind != "nominal" or self.tokens[d.head].relation != "nmod:desc" or self.tokens[d.head].head not in people
        ]

    def _add_nested(self) -> None:
        """Names that stand within longer ones and also on their own: "Osk" of "Osk Science Fair" where the text has "Osk" too."""
        self.nested: set[int] = set()
        alone = {tuple(self.words(d)): d.type for d in self.drafts if d.kind == "name" and d.core[1] - d.core[0] <= 2}
        inner = ("compound", "nmod", "nmod:poss", "nmod:desc", "nmod:unmarked")
        for draft in [d for d in self.drafts if d.kind == "name" and d.type != "person" and 1 < d.core[1] - d.core[0] <= WINDOW]:
            for first in range(*draft.core):
                for last in range(min(first + 2, draft.core[1]), first, -1):
                    head = next((i for i in range(first, last) if not first <= self.tokens[i].head < last), first)
                    words = tuple(fold(self.text[self.tokens[first].start : self.tokens[last - 1].end]).split())
                    if (first, last) == draft.core or head == draft.head or head in self.nested or self.tokens[head].relation not in inner:
                        continue
                    if words in alone and self.tokens[first].form[:1].isupper():
                        self.drafts.append(Draft(first, last, head, alone[words], "name", 1.0, (first, last), spare=True))
                        self.nested.add(head)
                        break

    def _extent(self, head: int) -> tuple[int, int]:
        """A noun with its determiners, modifiers and phrases, without clauses, appositions and conjuncts; the nearest words only."""
        low, high = head, head + 1
        stack = [c for c in self.children[head] if self.tokens[c].relation.split(":")[0] not in _OUTSIDE]
        for _ in range(3 * WINDOW):
            if not stack:
                break
            i = stack.pop()
            low, high = min(low, i), max(high, i + 1)
            stack += [c for c in self.children[i] if self.tokens[c].relation not in _OUTSIDE_BELOW]
        return low, high

    def _overlooked(self, i: int, taken: set[int]) -> Draft | None:
        """A name of the gazetteer that begins here and that the model left out: of up to three words, alone among small letters."""
        tokens = self.tokens
        for size in (3, 2, 1):
            last = i + size
            if (
                last > len(tokens)
                or not tokens[last - 1].form[:1].isupper()
                or any(j in taken for j in range(i, last))
                or tokens[last - 1].sentence != tokens[i].sentence
            ):
                continue
            known = self.gaz.find(self.text[tokens[i].start : tokens[last - 1].end])
            if known is None or known.person or (known.kind == "metonym" and size == 1):
                continue
            if known.phases and known.country and self._shared(tokens[i].form):
                continue
            near = [tokens[j] for j in (i - 1, last) if 0 <= j < len(tokens) and tokens[j].sentence == tokens[i].sentence]
            if any(t.upos == "PROPN" or (t.form == "-" and t.start == tokens[last - 1].end) for t in near):
                return None
            head = next((j for j in range(i, last) if not i <= tokens[j].head < last), i)
            return Draft(i, last, head, "organization" if known.kind in ("organization", "metonym") else "place", "name", 1.0, (i, last))
        return None

    def _pleonastic(self, i: int) -> bool:
        """True of the "it" that stands for nothing: an expletive, or the subject of weather."""
        token = self.tokens[i]
        if token.form.lower() != "it":
            return False
        governor = self.tokens[token.head].lemma if 0 <= token.head < len(self.tokens) else ""
        return token.relation.startswith("expl") or (token.relation == "nsubj" and governor in self.nouns.words["weather"])

    def _acronyms(self) -> dict[str, str]:
        """Introduced acronyms; where the model did not see one later in the text, it becomes a mention here."""
        names: dict[int, tuple[int, int]] = {}
        for draft in self.drafts:  # of names that end alike, the longest comes first
            if draft.kind == "name":
                names.setdefault(draft.core[1] - 1, draft.core)
        bodies = frozenset(d.core[1] - 1 for d in self.drafts if d.kind == "name" and d.type == "organization")
        found = acronyms(self.tokens, self.text, names, bodies)
        if found:
            taken = {i for d in self.drafts if d.kind == "name" for i in range(*d.core)} | {d.head for d in self.drafts}
            for i, token in enumerate(self.tokens):
                if i not in taken and is_short(token.form) and fold(token.form) in found:
                    self.drafts.append(Draft(i, i + 1, i, "organization", "name", 1.0, (i, i + 1)))
            self.drafts.sort(key=lambda d: (d.first, -d.last, d.head))
        return found

    def _names_beside_nouns(self) -> dict[int, int]:
        """By the head of a description, what stands in apposition: "the union's founder, Hala Wren", "Hala Wren, the founder"."""
        pairs: dict[int, int] = {}
        for i, draft in enumerate(self.drafts):
            token = self.tokens[draft.head]
            if token.relation != "appos" or token.head not in self.at_head:
                continue
            other = self.at_head[token.head]
            kinds = (draft.kind, self.drafts[other].kind)
            if kinds == ("name", "nominal"):
                pairs.setdefault(token.head, i)
            elif kinds == ("nominal", "name") or (
                kinds == ("nominal", "nominal") and ("Number=Plur" in token.features) == ("Number=Plur" in self.tokens[token.head].features)
            ):
                pairs.setdefault(draft.head, other)
        return pairs

    def _votes(self) -> dict[str, Counter[str]]:
        """How often the model gave each type to each name, so that one slip does not make a second entity; how often each is written,
        which stand where only places do, and which begin the name of a body.
        """
        votes: dict[str, Counter[str]] = {}
        self.placed: set[str] = set()
        self.opening: set[str] = set()
        borne: set[str] = set()  # last words of persons' names
        self.spelt: Counter[str] = Counter()
        for draft in self.drafts:
            if draft.kind == "name":
                words = self.words(draft)
                votes.setdefault(" ".join(words), Counter())[draft.type] += 1
                self.spelt[" ".join(words)] += 1
                if draft.type == "person" and len(words) > 1:
                    votes.setdefault(words[-1], Counter())["person"] += 1
                    borne.add(words[-1])
                own = self.tokens[draft.head].relation in ("obl", "nmod")  # not "in Lund's letters"
                if len(words) == 1 and own and self.located(draft, "located"):
                    self.placed.add(words[0])
                if len(words) > 1 and words[-1] in self.nouns.words["firms"]:
                    self.opening.add(words[0])
        self.placed -= borne
        self.opening -= borne
        return votes

    def _countries(self) -> Counter[str]:
        """How many names of the text lie in each country, names of two places left out."""
        found: Counter[str] = Counter()
        for draft in self.drafts:
            if draft.kind == "name" and draft.core[1] - draft.core[0] <= 3:
                surface = self.text[self.tokens[draft.core[0]].start : self.tokens[draft.core[1] - 1].end]
                known = self.gaz.find(surface) if fold(surface) not in self.gaz.doubles else None
                known = known if known is not None and not known.phases else None  # what is to be found out tells nothing
                code = known.country if known is not None else self.gaz.demonym(surface)
                found.update([code] if code else [])
        return found

    def words(self, draft: Draft) -> list[str]:
        """The folded words of a name proper."""
        first, last = draft.core
        folded = fold(self.text[self.tokens[first].start : self.tokens[last - 1].end])
        return folded.split() or [self.tokens[draft.head].form.casefold()]

    def title(self, draft: Draft) -> Title:
        """What stands right before a person's name: titles, roles, a nationality, "former"."""
        nouns: list[str] = []
        gender: Gender = ""
        country: str | None = None
        former, honorific = False, ""
        i = draft.core[0] - 1
        sentence = self.tokens[draft.head].sentence
        while i >= 0 and i > draft.core[0] - 8 and self.tokens[i].sentence == sentence:
            size = next((n for n in (3, 2, 1) if i - n + 1 >= 0 and self._noun_at(i - n + 1, i + 1) is not None), 0)
            word = bare(self.tokens[i].form)
            if size:
                noun, sex = self._noun_at(i - size + 1, i + 1) or ("", "")
                nouns += [noun] if noun else []
                honorific = honorific or (word if sex and not noun else "")
                gender = gender or sex
                i -= size
                continue
            office = self._office_of(i, draft.head)
            if office is not None:
                country, i = country or self.country_ending(i), office
                continue
            former = former or word in self.nouns.words["former"]
            country = country or self.country_ending(i)
            modifier = self.tokens[i].head == draft.head or self.tokens[i].upos in ("ADJ", "PROPN") or self.tokens[i].form in ("'s", "’s")
            if not (word in self.nouns.words["before_titles"] or word in self.nouns.words["former"] or country or (nouns and modifier)):
                break
            i -= 1
        return Title(tuple(nouns), gender, country, former, honorific, sentence)

    def _office_of(self, i: int, name: int) -> int | None:
        """The noun of an office before a name, from the word that tells what it is of: "[Minister] of Health Ada Lund"."""
        above = self.tokens[i].head
        described = 0 <= above < i and self.tokens[i].relation == "nmod" and self.tokens[above].relation == "nmod:desc"
        return above if described and self.tokens[above].head == name else None

    def _noun_at(self, first: int, last: int) -> tuple[str, Gender] | None:
        joined = " ".join(bare(t.form) for t in self.tokens[first:last])
        role = self.nouns.roles.get(joined)
        if joined in self.nouns.titles:
            return self.nouns.titles[joined], self.nouns.gender.get(joined, "")
        if role is not None and role.type == "person":
            return role.noun, self.nouns.gender.get(joined, "")
        return None

    def voted(self, draft: Draft, words: list[str]) -> EntityType:
        """A name's type: what its own words tell, else what most of its mentions have been taken for.

        A given name or a title makes a person of what is no body or place by its head; after "in", "near", ... a place stays a place, as a
        surname would not stand there.
        """
        votes = self.votes.get(" ".join(words), Counter())
        best = max(TYPES, key=lambda kind: votes[kind] * (1 if kind == "other" else 2)) if votes else draft.type
        told = self.nouns.named_by(words)
        given = len(words) > 1 and words[0] in self.gaz.given and words[1] not in self.nouns.words["connectors"]
        surname = words[-1] in self.nouns.words["surnames_too"]
        if given and best in ("person", "other", "place") and (told is None or (best == "person" and surname)):
            return "person"
        if told is not None:
            return told
        if self._titled(draft):
            return "person"
        if draft.type in ("place", "country") and self.located(draft):
            return draft.type
        if best == "person" and words[0] in self.placed and len(words) == 1:  # "in Brennia", wherever it stands
            return "place"
        if best == "person" and words[0] in self.opening and len(words) == 1:  # of "the Orbesco Company"
            return "organization"
        if best == "person" and votes["person"] <= self.spelt[" ".join(words)] and self._capitals(draft):
            return "organization"
        return best

    def _capitals(self, draft: Draft) -> bool:
        """True of one word in capitals, as acronyms are written, amid words that are not."""
        first, last = draft.core
        form = self.tokens[first].form
        near = self.tokens[max(first - 3, 0) : first] + self.tokens[last : last + 3]
        return last - first == 1 and form.isalpha() and form.isupper() and 3 <= len(form) <= 6 and any(t.form.islower() for t in near)

    def located(self, draft: Draft, listed: str = "locative") -> bool:
        """True after "in", "near", "the" left out."""
        before = min(draft.first, draft.core[0]) - 1
        if before >= 0 and self.tokens[before].form.lower() == "the":
            before -= 1
        return before >= 0 and self.tokens[before].form.lower() in self.nouns.words[listed]

    def _shared(self, name: str) -> bool:
        """Whether bodies of several countries may bear a name: a short acronym, or one made of such words only ("National Front")."""
        return (name.isupper() and len(name) <= SHORT) or set(fold(name).split()) <= self.nouns.words["generic"]

    def meant(self, surface: str) -> Known | None:
        """The gazetteer's entry; of a country and a region with one name, the one whose country the text speaks of more."""
        known = self.gaz.find(surface)
        if known is not None and known.phases and known.country and self._shared(surface):
            return known if self.countries[known.country] else None  # only where its country is spoken of
        double = self.gaz.doubles.get(fold(surface))
        if known is None or double is None:
            return known
        counts = self.countries
        return double if counts[double.country or ""] > counts[known.country or ""] else known
