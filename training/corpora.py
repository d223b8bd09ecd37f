"""Corpora to samples: a text, its atoms, and for every atom the labels that the corpus has (IGNORE where it has none).

Each reader yields `Sample`s of whole documents; `training.batches` cuts them into windows with the code that reading uses.
Corpora and their licences are listed in docs/model-card.md. GUM's non-commercial genres are left out of training.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from allegedly.pieces import Atoms, Ints, atoms

IGNORE = -100
SEGMENT = ("inside", "word", "clitic", "sentence")
ROLES = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
NAMES = ("O", *(f"{p}-{t}" for t in ("person", "organization", "place", "group", "other") for p in "BI"))
MENTIONS = ("none", "person", "organization", "place", "event", "time", "other")
NON_COMMERCIAL = {"fiction", "essay", "letter", "podcast", "whow", "reddit"}

_GUM_TYPES = {"person": "person", "organization": "organization", "place": "place", "event": "event", "time": "time"}
_TITLES = {
    "president",
    "minister",
    "prime",
    "mr",
    "mrs",
    "ms",
    "dr",
    "king",
    "queen",
    "sen",
    "rep",
    "gov",
    "gen",
    "sir",
    "professor",
    "prof",
    "judge",
    "senator",
    "secretary",
    "justice",
    "general",
    "officer",
    "army",
    "foreign",
    "chancellor",
    "commander",
    "admiral",
}
_PRONOUNS = {"i", "we", "he", "she", "it", "they", "our", "us", "you", "his", "her", "their", "my"}
_RE3D_TYPES = {"Person": "person", "Organisation": "organization", "Location": "place", "Nationality": "group"}


@dataclass(slots=True)
class Sample:
    """Labels are arrays of shape (atoms,). `head` and `link` hold atom indices (-1: the root), `sentence` a number (-1: unknown), `cluster`
    the number of the entity that a mention's head refers to (0: none that is mentioned twice).
    """

    atoms: Atoms
    labels: dict[str, Ints] = field(default_factory=dict)

    @property
    def sentence(self) -> Ints:
        return self.labels.get("sentence", np.full(len(self.atoms), -1))


@dataclass(slots=True)
class Word:
    """One line of CoNLL-U with its characters in the document."""

    start: int
    end: int
    form: str
    lemma: str
    upos: str
    feats: str
    head: int
    deprel: str
    misc: str
    clitic: bool


@dataclass(slots=True)
class Document:
    """A CoNLL-U document: its text and its sentences of words."""

    name: str
    text: str
    sentences: list[list[Word]]


def _open(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        yield from lines


def lemma_script(form: str, lemma: str) -> str:
    """How to turn a form into its lemma, as "characters to strip|characters to add", over the lowercased form.

    After the edit scripts of UDPipe (Straka 2018), less their prefix and case parts.
    """
    form, lemma = form.lower(), lemma.lower()
    common = 0
    while common < min(len(form), len(lemma)) and form[common] == lemma[common]:
        common += 1
    return f"{len(form) - common}|{lemma[common:]}" if common else f"*|{lemma}"


def documents(path: Path) -> Iterator[Document]:
    """CoNLL-U documents with the text as `score.py inputs syntax` gives it: sentences joined by a space, paragraphs by a blank line."""
    name, text, gap = "", "", ""
    sentences: list[list[Word]] = []
    block: list[list[str]] = []
    sentence_text = ""
    for line in [*_open(path), "# newdoc\n"]:
        line = line.rstrip("\n")
        if line.startswith("# newdoc"):
            if text:
                yield Document(name, text, sentences)
            name, text, gap, sentences = line.partition("=")[2].strip(), "", "", []
        elif line.startswith("# newpar"):
            gap = "\n\n"
        elif line.startswith("# text ="):
            sentence_text = line.split("=", 1)[1].strip()
        elif line.startswith("#"):
            continue
        elif line:
            block.append(line.split("\t"))
        elif block:
            text += (gap or " ") if text else ""
            sentences.append(_words(block, sentence_text, len(text)))
            text += sentence_text
            gap, block = "", []


def _words(block: list[list[str]], text: str, offset: int) -> list[Word]:
    words: list[Word] = []
    at, limit, inside = 0, 0, 0
    for c in block:
        if "." in c[0]:
            continue
        if "-" in c[0]:
            low, high = map(int, c[0].split("-"))
            found = text.find(c[1], at)
            limit, inside = found + len(c[1]), high
            at = found
            first = low
            continue
        number = int(c[0])
        in_token = number <= inside
        found = text.find(c[1], at)
        if found < 0 or (in_token and found >= limit):
            found, end = at, at
        else:
            end = found + len(c[1])
        words.append(Word(offset + found, offset + end, c[1], c[2], c[3], c[5], int(c[6]), c[7], c[9], in_token and number > first))
        at = end
        if in_token and number == inside:
            at = limit
    return words


def annotate(document: Document, vocabulary: dict[str, list[str]]) -> tuple[Sample, list[list[int]]]:
    """The syntax labels of a document, and for each sentence the atom that each word starts at."""
    found = atoms(document.text)
    n = len(found)
    index = {name: {v: i for i, v in enumerate(values)} for name, values in vocabulary.items()}
    labels = {k: np.full(n, IGNORE, np.int64) for k in ("upos", "feats", "lemma", "relation", "head")}
    labels["segment"] = np.zeros(n, np.int64)
    labels["sentence"] = np.zeros(n, np.int64)
    places: list[list[int]] = []
    taken: set[int] = set()
    for number, words in enumerate(document.sentences):
        where = [max(0, int(np.searchsorted(found.start, w.start, "right")) - 1) for w in words]
        owner: dict[int, int] = {}
        for i, a in enumerate(where):
            owner.setdefault(a, i)
        if where:
            labels["sentence"][where[0] :] = number
        for i, (w, a) in enumerate(zip(words, where, strict=True)):
            if owner[a] != i or a in taken:
                continue
            taken.add(a)
            labels["segment"][a] = 3 if i == 0 else 2 if w.clitic else 1
            labels["upos"][a] = index["upos"][w.upos]
            labels["feats"][a] = index["feats"].get(w.feats, IGNORE)
            labels["lemma"][a] = index["lemma"].get(lemma_script(w.form, w.lemma), IGNORE)
            head, relation = w.head, w.deprel
            seen = 0
            while head and where[head - 1] == a and seen < 5:
                head, relation, seen = words[head - 1].head, words[head - 1].deprel, seen + 1
            labels["relation"][a] = index["relation"][relation]
            labels["head"][a] = where[head - 1] if head else -1
        places.append(where)
    return Sample(found, labels), places


def vocabularies(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Label sets from the training trees: features seen 5 times, lemma scripts seen 3 times, all tags and relations."""
    counts: dict[str, Counter[str]] = {k: Counter() for k in ("upos", "feats", "lemma", "relation")}
    for path in paths:
        for document in documents(path):
            for words in document.sentences:
                for w in words:
                    counts["upos"][w.upos] += 1
                    counts["feats"][w.feats] += 1
                    counts["lemma"][lemma_script(w.form, w.lemma)] += 1
                    counts["relation"][w.deprel] += 1
    least = {"upos": 1, "relation": 1, "feats": 5, "lemma": 3}
    out = {k: sorted(v for v, n in c.items() if n >= least[k]) for k, c in counts.items()}
    return out | {"segment": list(SEGMENT), "roles": list(ROLES), "names": list(NAMES), "mentions": list(MENTIONS)}


def gum_entities(words: list[Word]) -> list[tuple[int, int, str, str]]:
    """Entity brackets within one sentence, as (first, last exclusive, type, entity); those that cross sentences are left out."""
    open_: list[tuple[str, int, str]] = []
    out = []
    for i, w in enumerate(words):
        value = next((m[7:] for m in w.misc.split("|") if m.startswith("Entity=")), "")
        for part in re.findall(r"\([^()]*\)?|[^()]+\)", value):
            inner = part.strip("()")
            key = inner.split("-")[0]
            if part.startswith("("):
                open_.append((key, i, inner.split("-")[1]))
                if part.endswith(")"):
                    _, first, kind = open_.pop()
                    out.append((first, i + 1, kind, key))
            else:
                for j in range(len(open_) - 1, -1, -1):
                    if open_[j][0] == key:
                        _, first, kind = open_.pop(j)
                        out.append((first, i + 1, kind, key))
                        break
    return out


def _head_of(words: list[Word], first: int, last: int) -> int:
    """The word of [first, last) whose head lies outside it."""
    for i in range(first, last):
        if not first <= words[i].head - 1 < last:
            return i
    return first


def _name_span(words: list[Word], first: int, last: int, head: int, kind: str) -> tuple[int, int]:
    """The proper name inside a mention: capitalised words and short links around the head, titles and articles left out."""
    linking = {"of", "and", "the", "for", "de", "al", "-", "&", ".", "'s", "’s", "'", "in", "la", "von", "van"}

    def proper(i: int) -> bool:
        return words[i].upos == "PROPN" or (words[i].form[:1].isupper() and words[i].upos in ("ADJ", "NOUN", "NUM", "VERB"))

    low, high = head, head + 1
    while low > first:
        if proper(low - 1):
            low -= 1
        elif low - 1 > first and words[low - 1].form.lower() in linking and proper(low - 2) and kind != "person":
            low -= 2
        else:
            break
    while high < last:
        if proper(high):
            high += 1
        elif (
            high + 1 < last and words[high].form.lower() in linking and proper(high + 1) and (kind != "person" or words[high].form in "-.")
        ):
            high += 2
        elif words[high].form == "." and words[high - 1].form[:1].isupper() and len(words[high - 1].form) == 1:
            high += 1
        else:
            break
    while high - low > 1 and words[low].form.lower().strip(".") in _TITLES and kind == "person":
        low += 1
    return low, high


def _entity_labels(document: Document, sample: Sample, places: list[list[int]], document_upos: list[str]) -> None:
    """Adds `names`, `mentions` and `cluster` from GUM's entity brackets."""
    n = len(sample.atoms)
    names = np.zeros(n, np.int64)
    mentions = np.full(n, IGNORE, np.int64)
    words_at = sample.labels["upos"] != IGNORE
    mentions[words_at] = 0
    upos = [document_upos.index(t) for t in ("NOUN", "PROPN", "PRON")]
    cluster = np.where(np.isin(sample.labels["upos"], upos), 0, IGNORE)
    numbers: dict[str, int] = {}
    for words, where in zip(document.sentences, places, strict=True):
        spans: list[tuple[int, int, str]] = []
        for first, last, kind, key in sorted(gum_entities(words), key=lambda e: (e[0] - e[1], e[0])):
            head = _head_of(words, first, last)
            if cluster[where[head]] <= 0:
                cluster[where[head]] = numbers.setdefault(key, len(numbers) + 1)
            if mentions[where[head]] != IGNORE:
                mentions[where[head]] = MENTIONS.index(_GUM_TYPES.get(kind, "other"))
            if words[head].upos == "PROPN" and kind != "time":
                low, high = _name_span(words, first, last, head, kind)
                label = kind if kind in ("person", "organization", "place") else "other"
                if label == "person" and "Number=Plur" in words[head].feats:
                    label = "group"
                if not any(a < high and low < b for a, b, _ in spans):
                    spans.append((low, high, label))
        for low, high, label in spans:
            first_atom = where[low]
            last_atom = int(np.searchsorted(sample.atoms.start, words[high - 1].end, "left"))
            code = NAMES.index(f"B-{label}")
            names[first_atom] = code
            names[first_atom + 1 : last_atom] = code + 1
    sample.labels["names"], sample.labels["mentions"], sample.labels["cluster"] = names, mentions, cluster


def treebank(path: Path, vocabulary: dict[str, list[str]], *, entities: bool) -> list[Sample]:
    """Samples of a treebank; with `entities`, also GUM's mentions. GUM's non-commercial genres are skipped."""
    out = []
    for document in documents(path):
        if entities and document.name.split("_")[1] in NON_COMMERCIAL:
            continue
        sample, places = annotate(document, vocabulary)
        if entities:
            _entity_labels(document, sample, places, vocabulary["upos"])
        out.append(sample)
    return out


def covered(found: Atoms, start: int, end: int) -> tuple[int, int]:
    """The atoms that touch the characters [start, end)."""
    return int(np.searchsorted(found.end, start, "right")), int(np.searchsorted(found.start, end, "left"))


def attributions(path: Path) -> list[Sample]:
    """PolNeAR: `roles` in BIO, and `link` from each span's first atom to the first atom of its cue (else of its content)."""
    out = []
    for line in _open(path):
        row = json.loads(line)
        found = atoms(row["text"])
        roles = np.zeros(len(found), np.int64)
        link = np.full(len(found), IGNORE, np.int64)
        for a in row["attributions"]:
            spans = [(role, *covered(found, s, e)) for role in ("cue", "content", "source") for s, e in a.get(role) or []]
            spans = [x for x in spans if x[1] < x[2]]
            if not spans:
                continue
            anchor = spans[0][1]
            for role, first, last in spans:
                code = ROLES.index(f"B-{role}")
                roles[first] = code
                roles[first + 1 : last] = code + 1
                link[first] = anchor
        out.append(Sample(found, {"roles": roles, "link": link}))
    return out


def _name_like(text: str) -> bool:
    words = re.findall(r"\w[\w'’.-]*", text)
    return (
        bool(words)
        and words[0][0].isupper()
        and words[-1][0].isupper()
        and all(w[0].isupper() or w.lower() in ("of", "and", "the", "for", "al", "de", "in") for w in words)
    )


def re3d(paths: Iterable[Path]) -> list[Sample]:
    """re3d's named persons, organisations, places and nationalities, longest first where they overlap."""
    out = []
    for path in paths:
        for line in _open(path):
            row = json.loads(line)
            found = atoms(row["text"])
            names = np.zeros(len(found), np.int64)
            spans = []
            for e in row["entities"]:
                start, end = e["begin"], e["end"]
                value = row["text"][start:end]
                article = re.match(r"(?:[Tt]he|[Aa]n?)\s+", value)
                start += article.end() if article else 0
                value = row["text"][start:end]
                if e["type"] == "Person":
                    titles = [m.end() for m in re.finditer(r"\w+", value) if m[0].lower() in _TITLES]
                    start += len(value[titles[-1] :]) - len(value[titles[-1] :].lstrip(". ")) + titles[-1] if titles else 0
                value = row["text"][start:end].removesuffix("'s").removesuffix("’s")
                end = start + len(value)
                if e["type"] in _RE3D_TYPES and _name_like(value) and value.lower() not in _PRONOUNS:
                    spans.append((start - end, start, end, _RE3D_TYPES[e["type"]]))
            for _, start, end, kind in sorted(spans):
                first, last = covered(found, start, end)
                if first < last and not names[first:last].any():
                    code = NAMES.index(f"B-{kind}")
                    names[first] = code
                    names[first + 1 : last] = code + 1
            out.append(Sample(found, {"names": names}))
    return out
