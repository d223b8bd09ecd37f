"""What the words of a description say of whom they describe: nouns, modifiers, country, definiteness."""

from dataclasses import dataclass
from typing import Literal

from allegedly.gazetteer import Gazetteer, Nominals
from allegedly.reading.names import WINDOW
from allegedly.records import EntityType, Token


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
    predicate: bool = False  # says what something is and does not name it
    spare: bool = False  # kept only where it turns out to mean what another mention means


class Described:
    """Questions about the descriptions of one text."""

    text: str
    tokens: tuple[Token, ...]
    gaz: Gazetteer
    nouns: Nominals
    children: list[list[int]]
    """By word, those that hang on it."""

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

    def lemma(self, i: int) -> str:
        """A noun's lemma, or its form where only that is a known role ("troops")."""
        token = self.tokens[i]
        form = token.form.lower()
        forms = (token.lemma.lower() or form, form, form.removesuffix("s"))
        return next((word for word in forms if word in self.nouns.roles), forms[0])

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
            within = i > draft.head and not behind and self._below_of(i, draft.head)
            if not content or not (i < draft.head or behind or within):
                continue
            code = self.country_ending(i)
            if i < draft.head or self._of(i) or within:
                country = country or code or (self._located_in(i) if behind else None)
            if within:
                continue
            modifiers.add(code or token.lemma.lower())
            (after if behind else before).append(token.lemma.lower())
        return before, frozenset(modifiers), after, country

    def _below_of(self, i: int, head: int) -> bool:
        """True of what modifies the noun of an "of" phrase: "Kestrian" of "the spokesman for the Kestrian ministry"."""
        token = self.tokens[i]
        above = token.head
        return token.relation in ("amod", "compound", "nmod:poss") and above > head and self.tokens[above].head == head and self._of(above)

    def _located_in(self, i: int) -> str | None:
        """The country of a town or region by name: "the mayor of Lagos"."""
        known = self.gaz.find(self.text[self.tokens[i].start : self.tokens[i].end])
        return known.country if known is not None and known.kind in ("place", "capital") else None

    def _of(self, i: int) -> bool:
        """True of a noun after "of", "in" or "from" and in no list: "officials in Osk", not "players like Osk and Velm"."""
        relations = [(t.relation, t.form.lower()) for t in self.tokens[max(i - WINDOW, 0) : i + WINDOW] if t.head == i]
        cases = {form for relation, form in relations if relation == "case"}
        return bool(cases & {"of", "in", "from", "for", "'s", "’s"}) and all(relation != "conj" for relation, _ in relations)

    def predicative(self, i: int) -> bool:
        """True of a description that says what something is and does not point to it: "as the rightful heir", "is a doctor"."""
        below = (self.tokens[c] for c in self.children[i] if c < i)
        return any(t.relation == "cop" or (t.relation == "case" and t.form.lower() == "as") for t in below)

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
