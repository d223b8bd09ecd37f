"""Where names begin and end: the model's spans, completed and cut by their words, by the tree and by the gazetteer."""

import re
from collections.abc import Iterator
from dataclasses import replace

from allegedly.blinding import blinding
from allegedly.gazetteer import Gazetteer, Nominals, fold
from allegedly.pieces import QUOTES
from allegedly.reading.names import WINDOW
from allegedly.records import EntityType, RawMention, Token

LONGEST = 12  # tokens of a name of the gazetteer
_BEHIND_SHOPS = ("PUNCT", "ADP", "CCONJ", "SCONJ", "ADV", "PART", "DET", "PRON")
"""What stands behind the "'s" of a name that owns nothing ("at Osk's on Monday")."""


def bare(form: str) -> str:
    """A word as titles are looked up: lower case, no full stop."""
    return form.lower().rstrip(".")


class Extents:
    """Spans of names as token ranges, end exclusive."""

    def __init__(self, text: str, tokens: tuple[Token, ...], gaz: Gazetteer, nouns: Nominals) -> None:
        self.text, self.tokens, self.gaz, self.nouns = text, tokens, gaz, nouns

    def words(self, first: int, last: int) -> str:
        """The characters of a range of tokens."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def head(self, first: int, last: int) -> int:
        """The first word of a range whose own head lies outside."""
        return next((i for i in range(first, last) if not first <= self.tokens[i].head < last), first)

    # --- names of several words that the gazetteer has ---------------------------------------------------------

    def listed(self) -> Iterator[tuple[int, int]]:
        """Names of two words or more that the gazetteer lists, the longest at each place, whatever the model made of them.

        "Bosnia and Herzegovina" is one country. Missed: names written in another way than listed.
        """
        after = 0
        for i in [i for i, token in enumerate(self.tokens) if token.form[:1].isupper() or self._article(i)]:
            token = self.tokens[i]
            if i < after or fold(token.form) not in self.gaz.beginnings:
                continue
            if token.form == "The" and self._body_at(i + 1):
                continue  # "The CBS"
            for last in range(min(i + LONGEST, len(self.tokens)), i + 1, -1):
                end = self.tokens[last - 1]
                if end.sentence == token.sentence and self.listed_at(i, last):
                    yield i, last
                    after = last
                    break

    def listed_at(self, first: int, last: int) -> bool:
        """Whether the gazetteer has a name, whose last word may have a small letter where it is a place's: "Gaza strip"."""
        known = self.gaz.find(self.words(first, last))
        place = last - first > 1 and known is not None and known.kind == "place"
        return known is not None and (self.tokens[last - 1].form[:1].isupper() or place)

    def _body_at(self, i: int) -> bool:
        """Whether a word by itself is a body's name."""
        known = self.gaz.find(self.tokens[i].form) if i < len(self.tokens) else None
        return known is not None and known.kind == "organization"

    def _article(self, i: int) -> bool:
        """Whether a word is the article with which a name begins: the first of "al-Qaida"."""
        at = i + 1 < len(self.tokens) and self.tokens[i + 1].form == "-" and self.tokens[i].end == self.tokens[i + 1].start
        return at and self.tokens[i].form in self.nouns.words["articles"]

    def corrected(self, raws: tuple[RawMention, ...]) -> list[RawMention]:
        """The model's mentions, with listed names of several words in place of parts of them, and two places of one span apart."""
        whole = {i: span for span in self.listed() for i in range(*span)}
        kept: list[RawMention] = []
        for raw in (part for given in raws for part in self.split(given)):
            spans = {whole[i] for i in range(max(raw.first, 0), min(raw.last, len(self.tokens))) if i in whole}
            if not raw.named or all(raw.first <= first and last <= raw.last for first, last in spans):
                kept.append(raw)
        covered = {i for raw in kept if raw.named for i in range(raw.first, raw.last)}
        parts = {whole[i] for raw in raws if raw.named for i in range(max(raw.first, 0), raw.last) if i in whole}
        for first, last in dict.fromkeys(whole.values()):
            known = self.gaz.find(self.words(first, last))
            if known is None or first in covered or last - 1 in covered or not ((first, last) in parts or self._alone(first, last)):
                continue
            kind: EntityType = "organization" if known.kind in ("organization", "metonym") else "place"
            kept.append(RawMention(first, last, self.head(first, last), kind, True, 1.0))
        return kept

    def _alone(self, first: int, last: int) -> bool:
        """True of a name with no proper noun right before or after it."""
        near = (self.tokens[j] for j in (first - 1, last) if 0 <= j < len(self.tokens))
        return all(t.upos != "PROPN" or t.sentence != self.tokens[first].sentence for t in near)

    # --- the model's spans -----------------------------------------------------------------------------------

    def split(self, raw: RawMention) -> list[RawMention]:
        """Two names of one span: a town right before the country or region it lies in ("Osk Norway", not "North Norway"), a place and what
        it has ("Norway's Osk Post"), somebody and a country ("Lund's Norway"), a person and the known body that he is of ("Ada Lund of the
        World Bank").

        Missed: towns, regions and bodies that the gazetteer lacks; places whose name ends in another's.
        """
        first, last = max(raw.first, 0), min(raw.last, len(self.tokens))
        if not raw.named or last - first < 2 or self.gaz.find(self.words(first, last)) is not None:
            return [raw]
        saint = bare(self.tokens[first].form) in self.nouns.words["saints"]  # whose church it is
        for i in range(first + 1, last - 1):
            if i < first + 4 and not saint and self.tokens[i].form in ("'s", "’s"):
                if self._is_place(first, i):
                    return self._parts(raw, (first, i, "place"), (i + 1, last, raw.type))
                noun = last < len(self.tokens) and self.tokens[last].upos == "NOUN" and self.tokens[last - 1].head == last
                if noun and self.gaz.country(self.words(i + 1, last)) is not None:  # "Lund's Norway policy", not "Osk's Norway"
                    return self._parts(raw, (first, i, "person"), (i + 1, last, "country"))
            body = i + 1 + (self.tokens[i + 1].form == "the")
            if self.tokens[i].form == "of" and i - first > 1 and fold(self.tokens[first].form) in self.gaz.given and body < last:
                known = self.gaz.find(self.words(body, last))
                if known is not None and known.kind == "organization":
                    return self._parts(raw, (first, i, "person"), (body, last, "organization"))
        if raw.type == "place" and last - first <= 5:
            at = next((at for at in range(first + 1, last) if self._lies_in(first, at, last)), None)
            if at is not None:
                return self._parts(raw, (first, at, "place"), (at, last, "place"))
        return [raw]

    def _parts(self, raw: RawMention, *parts: tuple[int, int, EntityType]) -> list[RawMention]:
        return [replace(raw, first=first, last=last, head=self.head(first, last), type=kind) for first, last, kind in parts]

    def _lies_in(self, first: int, at: int, last: int) -> bool:
        """Whether the first words of a name of nothing but names are a place's, and the others a country or region: "Osk Norway", and
        "osk norway" where all is in small letters.
        """
        words = self.tokens[first:last]
        heads = self.nouns.name_heads.keys() | self.nouns.first.keys() | self.nouns.words["directions"] | self.nouns.words["articles"]
        if heads & {bare(word.form) for word in words} or not all(w.form[-1:].isalpha() and w.upos == "PROPN" for w in words):
            return False
        if all(word.form.islower() for word in words):
            return self._is_place(first, at, title=True) and self._is_place(at, last, title=True)
        return all(word.form[:1].isupper() for word in words) and self._is_place(at, last)

    def _is_place(self, first: int, last: int, *, title: bool = False) -> bool:
        words = self.words(first, last)
        known = self.gaz.find(words.title() if title else words)
        return known is not None and known.kind in ("country", "capital", "place") and not known.person

    def completed(self, first: int, last: int, head: int, *, place: bool) -> tuple[int, int]:
        """A name with what the model cut off, and without where it lies."""
        first, last = self._completed(first, self._before_place(first, last, head, place=place))
        return first, self._with_s(last, head)

    def hyphened(self, last: int) -> int:
        """The end of a name with the letter or number behind its hyphen: "Tik-tak-O", "F-16"."""
        while self._joins(last) and self.tokens[last + 1].upos in ("PROPN", "NUM"):
            last += 2
        return last

    def _joins(self, i: int) -> bool:
        """Whether a hyphen stands within a name: what is behind it is one letter or the number of a type."""
        if not (0 < i < len(self.tokens) - 1 and self.tokens[i].form == "-"):
            return False
        before, after = self.tokens[i - 1], self.tokens[i + 1]
        written_as_one = before.end == self.tokens[i].start and self.tokens[i].end == after.start
        number = after.form.isdigit() and before.form.isupper()
        return written_as_one and (number or (len(after.form) == 1 and after.form.isupper()))

    def _with_s(self, last: int, head: int) -> int:
        """The end of a name in "'s" that owns nothing, a shop's or a firm's: "ate at Osk's", not "Osk's army", "a man like Osk's is"."""
        if last >= len(self.tokens) or self.tokens[last].form not in ("'s", "’s") or self.tokens[last].upos != "PART":
            return last
        after = self.tokens[last + 1] if last + 1 < len(self.tokens) else None
        owned = after is not None and (after.upos not in _BEHIND_SHOPS or after.form in QUOTES)
        relation = self.tokens[head].relation
        does = after is not None and "VerbForm=Fin" in after.features and "subj" in relation  # "Osk's sued", not "Osk's is" of a speech
        owned = owned and not does
        owns = owned or relation.endswith("poss") or self.tokens[last].head != head
        return last if owns else last + 1

    def _before_place(self, first: int, last: int, head: int, *, place: bool) -> int:
        """Where a name ends that the model let run on into where it lies: "Osk Institute in Norway"."""
        for i in range(max(first + 1, head + 1), last - 1):
            if self.tokens[i].form == "in" and (place or self.gaz.find(self.words(i + 1, last))):
                return i if self.gaz.find(self.words(first, last)) is None else last
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

    def core(self, first: int, last: int, head: int, person: bool) -> tuple[int, int]:
        """The name proper around its head: capitalised words and the small words between them, titles left out."""
        low, high = max(first, head - WINDOW), min(last, head + WINDOW)
        begin = end = head
        for step, stop in ((-1, low - 1), (1, high)):
            i = head + step
            while i != stop:
                form = self.tokens[i].form
                if form[:1].isupper() or form[:1].isdigit():
                    begin, end = min(begin, i), max(end, i)
                elif form.lower() not in self.nouns.words["connectors"] and form not in (".", "'s", "’s") and not self._binds(i):
                    break
                i += step
        titled = begin
        body = self._is_body(begin, end + 1)
        while begin < head:
            form = self.tokens[begin].form
            if self.tokens[begin].upos == "DET" or form == "The" or (not body and self.title_word(begin)):
                titled = begin + 1
            elif bare(form) not in self.nouns.words["before_titles"] and self.gaz.country(form) is None:
                break
            begin += 1
        if person:  # "Tolmere Council President Ada Lund"
            ends = (i + n for i in range(titled, min(head + 1, end)) if (n := self._title(i)) and i + n <= end and self.begins(i + n))
            titled = max([titled, *ends])
        nation = self.tokens[titled].form
        if person and titled < head and end - titled > 1 and fold(nation) not in self.gaz.given and self.gaz.demonym(nation):
            titled += 1  # "Kestrian Ada Lund"
        return titled, end + 1

    def _is_body(self, first: int, last: int) -> bool:
        """Whether a name that may begin with a title is a body's or place's: "General Motors", "King Osk University"."""
        words = [bare(token.form) for token in self.tokens[first:last]]
        told = self.nouns.named_by(words) if words[-1] not in self.nouns.words["surnames_too"] else None
        return told is not None or (last - first > 1 and self.gaz.find(self.words(first, last)) is not None)

    def _binds(self, i: int) -> bool:
        """Whether a hyphen, or what stands before it, belongs to a name: "al-Rashidi", "Halvik-e-Renn"."""
        if re.fullmatch(r"-\w+-", self.tokens[i].form):
            return self.tokens[i].form.strip("-") in blinding().linking
        at = i if self.tokens[i].form == "-" else i + 1
        if self._joins(at):
            return True
        if not (0 < at < len(self.tokens) and self.tokens[at].form == "-"):
            return False
        linked = {self.tokens[at - 1].form, *(t.form for t in self.tokens[at + 1 : at + 2])} & blinding().linking
        return blinding().opens(self.tokens[at - 1].form) or (bool(linked) and self.tokens[at - 1].end == self.tokens[at].start)

    def begins(self, i: int) -> bool:
        """Whether a word begins a name: one with a capital, or the first of "van der Meulen"."""
        return self.tokens[i].form[:1].isupper() or self.tokens[i].upos == "PROPN"

    def title_word(self, i: int) -> bool:
        """Whether a word is a title or begins one of two words."""
        return self._title(i) > 0

    def _title(self, i: int) -> int:
        """How many words the title that begins here has: two of "Prime Minister", one of "Minister", none of "Lund"."""
        word, titles = bare(self.tokens[i].form), self.nouns.titles
        two = i + 1 < len(self.tokens) and f"{word} {bare(self.tokens[i + 1].form)}" in titles
        return 2 if two else int(word in titles)
