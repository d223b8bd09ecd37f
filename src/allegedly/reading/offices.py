"""Names behind the office or title of their bearer: "Secretary of State [Ada Lund]", "Governor of Osk [Ivo Rask]", "Capt. [Oda Berg]".

To a model that reads no names, what stands behind "of" may all be one name. Where the words tell how far the office goes, the name is the
head and the office what describes it, as in "Senator Lund". Misses offices of a place that the gazetteer lacks, and those behind which
one name alone stands that is not known to be a person's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from allegedly.blinding import blinding
from allegedly.gazetteer import fold, gazetteer, nominals
from allegedly.reading.attachments import Children, Words, children_of
from allegedly.reading.extents import bare
from allegedly.records import Analysis, RawMention, RawStance, Token, changed

_LONGEST = 5  # words of what an office is of
_OF = ("of", "for")
_TITLES = 4  # of one bearer: "Prof. Dr. Gen."
Office = tuple[int, int, int]  # its noun, where the name behind it begins, and where that ends


def names_behind_offices(analysis: Analysis) -> Analysis:
    """The analysis with such names apart: in the tree, and among the mentions as persons'. An office alone is a description."""
    tokens = list(analysis.tokens)
    found = list(_offices(tokens))
    if not found and not any(m.named and _stands_alone(tokens, m.head) for m in analysis.mentions):
        return analysis
    children = children_of(tokens)
    for office in found:
        _hang(tokens, children, office)
    taken = {i for noun, _, end in found for i in range(noun, end)}
    kept = [cut for m in analysis.mentions if (cut := _without(m, taken, tokens)) is not None]
    kept = [replace(m, type="person", named=False) if m.named and _stands_alone(tokens, m.head) else m for m in kept]
    named = [RawMention(first, last, first, "person", True, 1.0) for _, first, last in found]
    moved = {i: first for noun, first, end in found for i in range(noun, end) if i != first}

    def to(i: int) -> int:
        return moved.get(i, i)

    return replace(
        analysis,
        tokens=tuple(tokens),
        mentions=tuple(sorted((*kept, *named), key=lambda m: (m.first, m.last))),
        stances=_of_names(analysis.stances, moved),
        links=tuple(changed(x, token=to(x.token), antecedent=to(x.antecedent)) for x in analysis.links),
    )


def _without(m: RawMention, taken: set[int], words: Words) -> RawMention | None:
    """A mention that names nobody in an office; of a name that runs on into such words, what stands before them."""
    inside = taken & set(range(m.first, m.last)) if m.named else set[int]()
    if m.head in taken or not inside:
        return None if m.head in taken else m
    last = min(inside)
    while last > m.first and words[last - 1].upos in ("PUNCT", "CCONJ"):
        last -= 1
    return replace(m, last=last) if m.first <= m.head < last else None


def _of_names(stances: tuple[RawStance, ...], moved: Mapping[int, int]) -> tuple[RawStance, ...]:
    """How the text speaks of whoever has an office is how it speaks of the name, where nothing is told of that."""
    told = {stance.token for stance in stances}
    return tuple(changed(x, token=moved[x.token]) if x.token in moved and moved[x.token] not in told else x for x in stances)


def _stands_alone(words: Words, i: int) -> bool:
    """Whether a word is the noun of an office that is told alone, nobody's name: "the [Minister] of Education"."""
    return i + 2 < len(words) and words[i + 1].form in _OF and _is_office(words, i)


def _offices(words: Words) -> Iterator[Office]:
    at = 0
    for i in range(1, len(words) - 1):
        if i > at and _heads_name(words, i - 1):
            last = next((j for j in range(i, min(i + _TITLES, len(words))) if not _is_title(words[j])), 0)
            end = _name(words, last) if last else 0
            if end and gazetteer().find(_told(words, i - 1, end)) is None:  # "General Motors"
                yield i - 1, last, end
                at = end
        elif i > at and i + 1 < len(words) and words[i].form in _OF and _is_office(words, i - 1):
            last = _domain(words, i + 1)
            end = _name(words, last) if last else 0
            if end:
                yield i - 1, last, end
                at = end


def _is_title(word: Token) -> bool:
    return word.form[:1].isupper() and bare(word.form) in nominals().titles


def _heads_name(words: Words, i: int) -> bool:
    """Whether a title is taken for the first word of its bearer's name, which is the head of the others."""
    after = words[i + 1]
    flat = after.relation == "flat" and after.head == i
    beside = (after.relation, after.head) == (words[i].relation, words[i].head)  # both the object of one verb
    return _is_title(words[i]) and (flat or beside) and after.form[:1].isupper() and after.upos == "PROPN" and words[i].upos == "PROPN"


def _is_office(words: Words, i: int) -> bool:
    """Whether a noun is one for somebody in an office, in the singular."""
    word, nouns = bare(words[i].form), nominals()
    role = nouns.roles.get(word)
    singular = words[i].upos in ("NOUN", "PROPN") and "Number=Plur" not in words[i].features
    return singular and (word in nouns.titles or word in nouns.words["heads_of"] or (role is not None and role.type == "person"))


def _domain(words: Words, first: int) -> int:
    """Where what an office is of ends: the words listed for that, or a place of the gazetteer with two names behind it; 0 elsewhere."""
    listed, sentence = nominals().words["offices_of"], words[first].sentence
    start = first + (words[first].form.lower() == "the")
    for last in range(min(start + _LONGEST, len(words)), start, -1):
        if words[last - 1].sentence != sentence:
            continue
        told = _told(words, start, last)
        if told.lower() in listed or all(part in listed for part in told.lower().split(" and ")):
            return last
        place = gazetteer().find(told)
        if place is not None and place.kind != "organization" and _name(words, last) - last > 1 and _unknown(words, last):
            return last
    return 0


def _name(words: Words, first: int) -> int:
    """Where a name ends that begins here, 0 where none does."""
    last = first
    while last < len(words) and last - first < _LONGEST and words[last].sentence == words[first].sentence and _of_name(words, first, last):
        last += 1
    bounded = first < last and (last == len(words) or words[last].form != "of")  # no "State Department of Osk"
    body = bounded and (bare(words[last - 1].form) in nominals().name_heads or gazetteer().find(_told(words, first, last)) is not None)
    return last if bounded and not body and not _is_office(words, last - 1) else 0


def _told(words: Words, first: int, last: int) -> str:
    return " ".join(word.form for word in words[first:last])


def _of_name(words: Words, first: int, i: int) -> bool:
    """Whether a word can be a name's: one with a capital, or a full stop or small word between two such."""
    form = words[i].form
    if form[:1].isupper():
        return words[i].upos in ("PROPN", "NOUN", "X", "ADJ", "VERB", "ADV")
    after = words[i + 1].form if i + 1 < len(words) else ""
    return i > first and after[:1].isupper() and (form == "." or form == "-" or blinding().opens(form))


def _unknown(words: Words, i: int) -> bool:
    """Whether a word begins what is no place's name: no English word, or a given name."""
    form = words[i].form
    return gazetteer().find(form) is None and (fold(form) in gazetteer().given or blinding().stranger(form.lower()))


def _hang(tokens: list[Token], children: Children, office: Office) -> None:
    """The name in the place of the whole phrase's head; its office describes it, and what the office is of describes that."""
    noun, name, end = office
    inside = range(noun, end)
    top = next((i for i in inside if tokens[i].head not in inside), noun)
    head, relation = tokens[top].head, tokens[top].relation
    of = tokens[noun + 1].form in _OF
    outside = [c for part in inside for c in children[part] if c not in inside and tokens[c].head == part]
    for i in outside:
        if (i > name or tokens[i].head >= name or tokens[i].head == top) and tokens[i].relation != "det":
            tokens[i] = changed(tokens[i], head=name)
    domain = name - 1
    for i in inside:
        if i == name:
            above, how = head, relation
        elif i == noun or (i < name and _is_title(tokens[i]) and not of):
            above, how = name, "nmod:desc"
        elif i == domain:
            above, how = noun, "nmod"
        elif i < domain:
            above, how = domain, "case" if i == noun + 1 else "det" if tokens[i].upos == "DET" else "compound"
        else:
            above, how = name, "punct" if tokens[i].upos == "PUNCT" else "flat"
        tokens[i] = changed(tokens[i], head=above, relation=how)
    tokens[name] = changed(tokens[name], upos="PROPN")


__all__ = ["names_behind_offices"]
