"""Mentions before they have entities: the model's, trimmed and completed, with what their words say on their own."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from allegedly.reading.gazetteer import Gender, Known, fold, gazetteer, nominals
from allegedly.records import Analysis, EntityType, RawMention, Token

WINDOW = 12  # words of a phrase that are looked at on either side of its head

BRACKETS = {"(": ")", "[": "]"}


# --- acronyms --------------------------------------------------------------------------------------------------


def acronyms(tokens: tuple[Token, ...], text: str, names: dict[int, tuple[int, int]]) -> dict[str, str]:
    """Short forms introduced in brackets, folded, with their folded long forms: "Tolmere Workers Union (TWU)" and the reverse.

    `names` gives, by its last token, the first and last token of a name. Letters are matched from the right, the first at the
    start of a word (Schwartz & Hearst 2003, https://doi.org/10.1142/9789812776303_0042); just before the bracket a name also
    counts when its initials hold the letters in another order (acronyms from other languages). The first introduction stands.
    Missed: acronyms introduced without brackets.
    """
    found: dict[str, str] = {}
    for i, token in enumerate(tokens):
        if token.form not in BRACKETS or i == 0:
            continue
        close = next((j for j in range(i + 1, min(i + 2 + WINDOW, len(tokens))) if tokens[j].form == BRACKETS[token.form]), None)
        if close is None or close == i + 1:
            continue
        inner = i + 2 if tokens[i + 1].form.lower() == "the" else i + 1
        pair = _long_form(tokens, text, names, i, inner, close)
        if pair is not None:
            found.setdefault(*pair)
    return found


def _long_form(
    tokens: tuple[Token, ...], text: str, names: dict[int, tuple[int, int]], opening: int, inner: int, close: int
) -> tuple[str, str] | None:
    if close - inner == 1 and _is_short(tokens[inner].form):
        short = tokens[inner].form
        first, last = names.get(opening - 1, (opening, opening))
        words = _split(text[tokens[first].start : tokens[last - 1].end]) if last > first else []
        if len(words) > 1 and (_spells(short, words) == 0 or _same_initials(short, words)):
            return fold(short), fold(" ".join(words))
        first = max(opening - min(2 * len(short), len(short) + 5), 0)
        words = [t.form for t in tokens[first:opening] if t.sentence == tokens[opening].sentence]
        start = _spells(short, words)
        return None if start is None or len(words) - start < 2 else (fold(short), fold(" ".join(words[start:])))
    if _is_short(tokens[opening - 1].form):
        words = _split(text[tokens[inner].start : tokens[close - 1].end])
        short, name = tokens[opening - 1].form, names.get(close - 1) == (inner, close)
        if len(words) > 1 and (_spells(short, words) == 0 or (name and _same_initials(short, words))):
            return fold(short), fold(" ".join(words))
    return None


def _is_short(form: str) -> bool:
    """True of what looks like an acronym: up to ten characters, two of them capitals."""
    return 2 <= len(form) <= 10 and form[0].isalnum() and sum(c.isupper() for c in form) >= 2 and not form.isdigit()


def _spells(short: str, words: list[str]) -> int | None:
    """The word at which the letters of `short`, matched backwards, begin; it must begin with the first letter, as a capital."""
    letters = [c for c in short.casefold() if c.isalnum()]
    at = len(letters) - 1
    for w in range(len(words) - 1, -1, -1):
        word = words[w].casefold()
        for position in range(len(word) - 1, -1, -1):
            if at >= 0 and word[position] == letters[at] and (at > 0 or position == 0):
                at -= 1
        if at < 0:
            return w if words[w][0].isupper() else None
    return None


def _same_initials(short: str, words: list[str]) -> bool:
    initials = Counter(word[0].casefold() for word in words if word)
    return len(short) >= 3 and not Counter(c for c in short.casefold() if c.isalnum()) - initials


def _split(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", text.replace("’", "'").removesuffix("'s")) if word]


# --- mentions under work ----------------------------------------------------------------------------------------------


TYPES: tuple[EntityType, ...] = ("person", "organization", "group", "country", "place", "other")


@dataclass(slots=True)
class Draft:
    """A mention under work. `first` to `last` (exclusive) is the mention, `core` where the name proper begins and ends."""

    first: int
    last: int
    head: int
    type: EntityType
    kind: Literal["name", "nominal", "pronoun"]
    score: float
    core: tuple[int, int] = (0, 0)
    entity: int | None = None


def bare(form: str) -> str:
    """A word as titles are looked up: lower case, no full stop."""
    return form.lower().rstrip(".")


@dataclass(frozen=True, slots=True)
class Title:
    """What the words before a name say of its bearer."""

    nouns: tuple[str, ...] = ()
    gender: Gender = ""
    country: str | None = None
    former: bool = False


class Gathered:
    """A text's mentions in order, with its acronyms, the names beside descriptions, and the types given to each name."""

    def __init__(self, analysis: Analysis) -> None:
        self.text = analysis.text
        self.tokens = analysis.tokens
        self.gaz = gazetteer()
        self.nouns = nominals()
        self.drafts = self._drafts(analysis)
        self._titles_are_no_names()
        self.acronyms = self._acronyms()
        self._bodies_by_their_head()
        self._names_without_titles()
        self.at_head = {draft.head: i for i, draft in enumerate(self.drafts)}
        self.naming = self._names_beside_nouns()
        self.votes = self._votes()
        self.countries = self._countries()

    def _drafts(self, analysis: Analysis) -> list[Draft]:
        """The model's mentions, trimmed, one a head word; personal pronouns and country names that it left out."""
        by_head: dict[int, Draft] = {}
        for raw in analysis.mentions:
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
        while last - first > 1 and self.tokens[first].upos == "PUNCT":
            first += 1
        if not first <= raw.head < last:
            return None
        head = self.tokens[raw.head]
        pronoun = head.upos == "PRON" and head.form.lower() in self.nouns.pronouns
        if pronoun:
            return Draft(first, last, raw.head, raw.type, "pronoun", raw.score)
        if raw.named:
            first, last = self._completed(first, self._before_place(first, last, raw.head))
        common = head.form.islower() and (head.upos == "NOUN" or {head.form, head.lemma} & self.nouns.roles.keys())
        name = (raw.named and not common) or (head.upos == "PROPN" and last - first == 1)
        if not name and head.upos == "PROPN" and raw.type == "person" and raw.head == last - 1 > first and head.form[:1].isupper():
            name = self._title_word(raw.head - 1)  # "Senator Lund"
        core = self._core(first, last, raw.head, raw.type == "person") if name else (first, last)
        return Draft(first, last, raw.head, raw.type, "name" if name else "nominal", raw.score, core)

    def _before_place(self, first: int, last: int, head: int) -> int:
        """Where a name ends that the model let run on into where it lies: "Osk Institute in Norway"."""
        for i in range(max(first + 1, head + 1), last - 1):
            if self.tokens[i].form == "in" and self.gaz.find(self.text[self.tokens[i + 1].start : self.tokens[last - 1].end]):
                whole = self.gaz.find(self.text[self.tokens[first].start : self.tokens[last - 1].end])
                return i if whole is None else last
        return last

    def _completed(self, first: int, last: int) -> tuple[int, int]:
        """A name with what the model cut off: the rest of "al-Sadr", the "Inc." of a company."""
        tokens, articles = self.tokens, self.nouns.words["articles"]

        def rest(i: int) -> int:
            hyphen = i + 1 < len(tokens) and tokens[i].form == "-" and tokens[i - 1].end == tokens[i].start
            return i + 2 if hyphen and tokens[i + 1].start == tokens[i].end and tokens[i + 1].form[:1].isupper() else i

        if tokens[last - 1].form.lower() in articles:
            last = rest(last)
        elif last < len(tokens) and tokens[last].form.lower() in articles and tokens[last].sentence == tokens[first].sentence:
            end = rest(last + 1)
            last = end if end > last + 1 else last
        elif re.fullmatch(r"[A-Z]\.?", tokens[last - 1].form) and last - first > 1 and last < len(tokens) and tokens[last].upos == "PROPN":
            last += tokens[last].sentence == tokens[first].sentence and tokens[last].form[:1].isupper()
        comma = last + 1 < len(tokens) and tokens[last].form == ","
        if comma and bare(tokens[last + 1].form) in self.nouns.words["company"] and tokens[last + 1].form[:1].isupper():
            last += 2
        return first, last

    def _core(self, first: int, last: int, head: int, person: bool) -> tuple[int, int]:
        """The name proper around its head: capitalised words and the small words between them, titles left out."""
        low, high = max(first, head - WINDOW), min(last, head + WINDOW)
        begin = end = head
        for step, stop in ((-1, low - 1), (1, high)):
            i = head + step
            while i != stop:
                form = self.tokens[i].form
                if form[:1].isupper() or form[:1].isdigit():
                    begin, end = min(begin, i), max(end, i)
                elif form.lower() not in self.nouns.words["connectors"] and form not in (".", "'s", "’s"):
                    break
                i += step
        titled = begin
        while begin < head:
            form = self.tokens[begin].form
            if self.tokens[begin].upos == "DET" or form == "The" or self._title_word(begin):
                titled = begin + 1
            elif bare(form) not in self.nouns.words["before_titles"] and self.gaz.country(form) is None:
                break
            begin += 1
        if person:  # "Tolmere Council President Ada Lund"
            ends = (i + 1 for i in range(titled, min(head + 1, end)) if self._title_word(i) and self.tokens[i + 1].form[:1].isupper())
            titled = max([titled, *ends])
        titled = self._after_owner(titled, head)
        nation = self.tokens[titled].form
        if person and titled < head and end - titled > 1 and fold(nation) not in self.gaz.given and self.gaz.demonym(nation):
            titled += 1  # "Kestrian Ada Lund"
        return titled, end + 1

    def _after_owner(self, first: int, head: int) -> int:
        """Where a name begins after the country it is said to be of: "Osk Post" in "Kestria's Osk Post"."""
        for i in range(first + 1, min(head, first + 4)):
            if self.tokens[i].form in ("'s", "’s") and self.gaz.country(self.text[self.tokens[first].start : self.tokens[i - 1].end]):
                return i + 1
        return first

    def _titles_are_no_names(self) -> None:
        """Makes descriptions of names that are one title or role noun ("the President", "Parliament"), unless someone's surname is."""
        surnames = {self.words(d)[-1] for d in self.drafts if d.kind == "name" and d.type == "person" and d.core[1] - d.core[0] > 1}
        for draft in self.drafts:
            word = bare(self.tokens[draft.head].form)
            role = self.nouns.titles.get(word) or (
                word in self.nouns.roles and (draft.type != "person" or self.nouns.roles[word].type == "person")
            )
            lemma = self.tokens[draft.head].lemma.lower()
            role = role or ("Number=Plur" in self.tokens[draft.head].features and lemma in self.nouns.roles)
            if draft.kind == "name" and draft.core[1] - draft.core[0] == 1 and role and word not in surnames and not self._titled(draft):
                draft.kind = "nominal"

    def _titled(self, draft: Draft) -> bool:
        """True of a name right after a title: "Mr Singer" is no singer."""
        before = draft.core[0] - 1
        return before >= 0 and self._title_word(before) and self.tokens[before].form[:1].isupper()

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
            if draft.kind == "name" and draft.core[0] <= draft.head and not self.tokens[draft.core[0]].form[:1].islower():
                draft.first, draft.last = draft.core
        self.drafts.sort(key=lambda d: (d.first, -d.last, d.head))

    def _title_word(self, i: int) -> bool:
        word = bare(self.tokens[i].form)
        return word in self.nouns.titles or any(
            f"{word} {bare(self.tokens[j].form)}" in self.nouns.titles for j in (i + 1,) if j < len(self.tokens)
        )

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
            if known is None or known.person or (size == 1 and known.kind in ("organization", "metonym")):
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
        found = acronyms(self.tokens, self.text, names)
        if found:
            taken = {i for d in self.drafts if d.kind == "name" for i in range(*d.core)} | {d.head for d in self.drafts}
            for i, token in enumerate(self.tokens):
                if i not in taken and _is_short(token.form) and fold(token.form) in found:
                    self.drafts.append(Draft(i, i + 1, i, "organization", "name", 1.0, (i, i + 1)))
            self.drafts.sort(key=lambda d: (d.first, -d.last, d.head))
        return found

    def _names_beside_nouns(self) -> dict[int, int]:
        """By the head of a description, the name in apposition to it: "the union's founder, Hala Wren" and "Hala Wren, the founder"."""
        pairs: dict[int, int] = {}
        for i, draft in enumerate(self.drafts):
            token = self.tokens[draft.head]
            if token.relation != "appos" or token.head not in self.at_head:
                continue
            other = self.at_head[token.head]
            kinds = (draft.kind, self.drafts[other].kind)
            if kinds == ("name", "nominal"):
                pairs.setdefault(token.head, i)
            elif kinds == ("nominal", "name"):
                pairs.setdefault(draft.head, other)
        return pairs

    def _votes(self) -> dict[str, Counter[str]]:
        """How often the model gave each type to each name, so that one slip does not make a second entity; how often each is written."""
        votes: dict[str, Counter[str]] = {}
        self.spelt: Counter[str] = Counter()
        for draft in self.drafts:
            if draft.kind == "name":
                words = self.words(draft)
                votes.setdefault(" ".join(words), Counter())[draft.type] += 1
                self.spelt[" ".join(words)] += 1
                if draft.type == "person" and len(words) > 1:
                    votes.setdefault(words[-1], Counter())["person"] += 1
        return votes

    def _countries(self) -> Counter[str]:
        """How many names of the text lie in each country, names of two places left out."""
        found: Counter[str] = Counter()
        for draft in self.drafts:
            if draft.kind == "name" and draft.core[1] - draft.core[0] <= 3:
                surface = self.text[self.tokens[draft.core[0]].start : self.tokens[draft.core[1] - 1].end]
                known = self.gaz.find(surface) if fold(surface) not in self.gaz.doubles else None
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
        former = False
        i = draft.core[0] - 1
        sentence = self.tokens[draft.head].sentence
        while i >= 0 and i > draft.core[0] - 8 and self.tokens[i].sentence == sentence:
            size = next((n for n in (3, 2, 1) if i - n + 1 >= 0 and self._noun_at(i - n + 1, i + 1) is not None), 0)
            word = bare(self.tokens[i].form)
            if size:
                noun, sex = self._noun_at(i - size + 1, i + 1) or ("", "")
                nouns += [noun] if noun else []
                gender = gender or sex
                i -= size
                continue
            former = former or word in self.nouns.words["former"]
            country = country or self.country_ending(i)
            modifier = self.tokens[i].head == draft.head or self.tokens[i].upos in ("ADJ", "PROPN") or self.tokens[i].form in ("'s", "’s")
            if not (word in self.nouns.words["before_titles"] or word in self.nouns.words["former"] or country or (nouns and modifier)):
                break
            i -= 1
        return Title(tuple(nouns), gender, country, former)

    def _noun_at(self, first: int, last: int) -> tuple[str, Gender] | None:
        joined = " ".join(bare(t.form) for t in self.tokens[first:last])
        role = self.nouns.roles.get(joined)
        if joined in self.nouns.titles:
            return self.nouns.titles[joined], self.nouns.gender.get(joined, "")
        if role is not None and role.type == "person":
            return role.noun, self.nouns.gender.get(joined, "")
        return None

    def country_ending(self, i: int) -> str | None:
        """The country whose name or nationality word ends at a token."""
        for size in (1, 2, 3, 4):
            first = i - size + 1
            if first < 0 or not self.tokens[first].form[:1].isupper():
                continue
            longer = self.gaz.country(self.text[self.tokens[max(first - 1, 0)].start : self.tokens[i].end]) if first else None
            place = self.gaz.find(self.text[self.tokens[max(first - 1, 0)].start : self.tokens[i].end]) if first else None
            if place is not None and longer is None and place.kind == "place":
                return place.country
            code = longer or self.gaz.country(self.text[self.tokens[first].start : self.tokens[i].end])
            if code is not None:
                return code
        return None

    def voted(self, draft: Draft, words: list[str]) -> EntityType:
        """A name's type: what its own words tell, else what most of its mentions have been taken for.

        A given name makes a person of what is no body or place by its head; after "in", "near", ... a place stays a place, as a
        surname would not stand there.
        """
        votes = self.votes.get(" ".join(words), Counter())
        best = max(TYPES, key=lambda kind: votes[kind] * (1 if kind == "other" else 2)) if votes else draft.type
        told = self.nouns.named_by(words)
        given = len(words) > 1 and words[0] in self.gaz.given and words[1] not in self.nouns.words["connectors"]
        if given and best in ("person", "other", "place") and (told is None or best == "person"):
            return "person"
        if told is not None:
            return told
        if draft.type in ("place", "country") and self.located(draft):
            return draft.type
        if best == "person" and votes["person"] <= self.spelt[" ".join(words)] and self._capitals(draft):
            return "organization"
        return best

    def _capitals(self, draft: Draft) -> bool:
        """True of one word in capitals, as acronyms are written, amid words that are not."""
        first, last = draft.core
        form = self.tokens[first].form
        near = self.tokens[max(first - 3, 0) : first] + self.tokens[last : last + 3]
        return last - first == 1 and form.isalpha() and form.isupper() and 3 <= len(form) <= 6 and any(t.form.islower() for t in near)

    def located(self, draft: Draft) -> bool:
        """True after "in", "near", "the" left out."""
        before = min(draft.first, draft.core[0]) - 1
        if before >= 0 and self.tokens[before].form.lower() == "the":
            before -= 1
        return before >= 0 and self.tokens[before].form.lower() in self.nouns.words["locative"]

    def meant(self, surface: str) -> Known | None:
        """The gazetteer's entry; of a country and a region with one name, the one whose country the text speaks of more."""
        known = self.gaz.find(surface)
        double = self.gaz.doubles.get(fold(surface))
        if known is None or double is None:
            return known
        counts = self.countries
        return double if counts[double.country or ""] > counts[known.country or ""] else known

    # --- descriptions --------------------------------------------------------------------------------------

    def lemma(self, i: int) -> str:
        """A noun's lemma, or its form where only that is a known role ("troops")."""
        token = self.tokens[i]
        lemma = token.lemma.lower() or token.form.lower()
        return lemma if lemma in self.nouns.roles or token.form.lower() not in self.nouns.roles else token.form.lower()

    def phrase(self, draft: Draft) -> tuple[list[str], frozenset[str], list[str], str | None]:
        """Lemmas before the head, all modifiers (countries as codes), nouns of its "of" or "for" phrase, and the country named."""
        before: list[str] = []
        after: list[str] = []
        modifiers: set[str] = set()
        country: str | None = None
        for i in range(max(draft.first, draft.head - WINDOW), min(draft.last, draft.head + WINDOW)):
            token = self.tokens[i]
            content = token.upos in ("NOUN", "PROPN", "ADJ", "VERB") and i != draft.head
            behind = i > draft.head and token.head == draft.head and token.relation.startswith("nmod")
            if not content or not (i < draft.head or behind):
                continue
            code = self.country_ending(i)
            if not behind or self._of(i):
                country = country or code
            modifiers.add(code or token.lemma.lower())
            (after if behind else before).append(token.lemma.lower())
        return before, frozenset(modifiers), after, country

    def _of(self, i: int) -> bool:
        """True of a noun after "of", "in" or "from" and in no list: "officials in Osk", not "players like Osk and Velm"."""
        relations = [(t.relation, t.form.lower()) for t in self.tokens[max(i - WINDOW, 0) : i + WINDOW] if t.head == i]
        cases = {form for relation, form in relations if relation == "case"}
        return bool(cases & {"of", "in", "from", "for", "'s", "’s"}) and all(relation != "conj" for relation, _ in relations)

    def predicative(self, i: int) -> bool:
        """True of a description that says what something is and does not point to it: "as the rightful heir", "is a doctor"."""
        for t in self.tokens[max(i - WINDOW, 0) : i + 1]:
            if t.head == i and (t.relation == "cop" or (t.relation == "case" and t.form.lower() == "as")):
                return True
        return False

    def definiteness(self, draft: Draft, possessed: bool) -> Literal["definite", "indefinite", "bare"]:
        """Whether a description points to something known ("the", "his"), brings in something new ("a", "several"), or neither."""
        if possessed:
            return "definite"
        for i in range(max(draft.first, draft.head - WINDOW), draft.head):
            form, relation = self.tokens[i].form.lower(), self.tokens[i].relation
            if form in self.nouns.words["definite"] or relation == "nmod:poss":
                return "definite"
            if form in self.nouns.words["indefinite"] or relation == "nummod":
                return "indefinite"
        return "bare"
