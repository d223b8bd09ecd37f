"""Treebank sentences as headlines write them: articles and forms of "be" go, the past becomes the present, "will" becomes "to".

No treebank here has headlines with their trees. What they leave out is regular enough to be left out of sentences whose trees are known
(block language: Quirk et al. 1985; Mårdh 1980). It does not shorten, reorder or name anew, and takes only sentences that begin with
whom or what they tell of.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from training.corpora import NON_COMMERCIAL, Document, Sample, Word, annotate, documents

LEAST, MOST = 4, 24
"""Words of a sentence that may become a headline."""
BARE = 0.6
"""The share of sentences that lose a copula or the "that" of a clause, where they have one."""
TITLES = 0.35
"""The share of headlines whose words have capitals."""
SMALL = frozenset(["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "or", "over", "the", "to", "with"])
"""Words that keep small letters among capitals."""
PRESENT = {
    True: "Mood=Ind|Number=Plur|Person=3|Tense=Pres|VerbForm=Fin",
    False: "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
}
"""Features of a verb in the present by whether its subject is plural."""


def headlines(path: Path, vocabulary: dict[str, list[str]], *, genres: bool = False, seed: int = 1) -> Iterator[Sample]:
    """Samples of one headline each; with `genres`, without GUM's non-commercial ones."""
    rng = random.Random(seed)
    for document in documents(path):
        if genres and document.name.split("_")[1] in NON_COMMERCIAL:
            continue
        for words in document.sentences:
            made = headline(words, document.text, rng)
            if made is not None:
                yield annotate(made, vocabulary)[0]


def headline(words: list[Word], text: str, rng: random.Random) -> Document | None:
    """A sentence as a headline, or None where it would make none."""
    root = next((i for i, w in enumerate(words) if w.head == 0), None)
    if root is None or not LEAST <= len(words) <= MOST or any(w.start == w.end for w in words):
        return None
    subject = _subject(words, root)
    if subject is None or words[subject].upos not in ("NOUN", "PROPN") or words[-1].form == "?" or not _leads(words, subject):
        return None
    out = list(words)
    dropped = {i for i, w in enumerate(words) if w.upos == "DET" and "PronType=Art" in w.feats}
    dropped |= {len(words) - 1} if words[-1].form in (".", "!") else set()
    if rng.random() < BARE:
        dropped |= {i for i, w in enumerate(words) if w.deprel == "mark" and w.lemma == "that"}
    for at in [i for i, w in enumerate(words) if i == root or (w.deprel == "conj" and w.head == root + 1)]:
        dropped |= _telling(out, at, _subject(words, at, subject), rng)
    if not dropped or any(w.clitic and i - 1 in dropped for i, w in enumerate(words)) or any(w.head - 1 in dropped for w in words):
        return None
    return _joined(out, dropped, text, titled=rng.random() < TITLES)


def _leads(words: list[Word], subject: int) -> bool:
    """Whether a sentence begins with its subject, or what hangs on it."""
    at = 0
    while at != subject and words[at].head:
        at = words[at].head - 1
    return at == subject


def _subject(words: list[Word], at: int, other: int | None = None) -> int | None:
    return next((i for i, w in enumerate(words) if w.head == at + 1 and w.deprel in ("nsubj", "nsubj:pass")), other)


def _telling(words: list[Word], at: int, subject: int | None, rng: random.Random) -> set[int]:
    """Put a predicate as headlines do, in place; gives what is left out of it."""
    helpers = [i for i, w in enumerate(words) if w.head == at + 1 and w.deprel in ("aux", "aux:pass", "cop")]
    finite = [i for i in helpers if "VerbForm=Fin" in words[i].feats]
    passive = any(words[i].deprel == "aux:pass" for i in helpers)
    several = subject is not None and any(w.deprel == "conj" and w.head == subject + 1 for w in words)
    plural = several or (subject is not None and "Number=Plur" in words[subject].feats)
    told = words[at].feats if words[at].upos == "VERB" and words[at].lemma != "be" else ""
    if len(finite) != len(helpers) and not all(words[i].lemma in ("be", "have") for i in helpers):
        return set()
    if helpers and all(words[i].lemma in ("be", "have") for i in helpers):
        if words[helpers[-1]].deprel == "cop" or words[at].lemma == "be":
            return set(helpers) if words[at].lemma != "be" and rng.random() < BARE else set()
        if not passive and words[helpers[-1]].lemma == "have" and words[at].lemma != "be":
            _present(words, at, plural=plural)
        return set(helpers)
    if len(helpers) == 1 and words[helpers[0]].form.lower() == "will":
        words[helpers[0]] = replace(words[helpers[0]], form="to", lemma="to", upos="PART", feats="_", deprel="mark")
        return set()
    if not helpers and "Tense=Past" in told and "VerbForm=Fin" in told:
        _present(words, at, plural=plural)
    return set()


def _present(words: list[Word], at: int, *, plural: bool) -> None:
    lemma = words[at].lemma
    if plural:
        form = lemma
    elif lemma == "have":
        form = "has"
    elif lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        form = f"{lemma}es"
    elif lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        form = f"{lemma[:-1]}ies"
    else:
        form = f"{lemma}s"
    words[at] = replace(words[at], form=form, feats=PRESENT[plural])


def _joined(words: list[Word], dropped: set[int], text: str, *, titled: bool) -> Document:
    """What is left of a sentence as a document of its own."""
    number = {0: 0}
    out: list[Word] = []
    line = ""
    for i, w in enumerate(words):
        if i in dropped:
            continue
        number[i + 1] = len(out) + 1
        if out and (i - 1 in dropped or text[words[i - 1].end : w.start].strip(" ") != text[words[i - 1].end : w.start]):
            line += " "
        form = w.form
        if not out or (titled and not w.clitic and form.lower() not in SMALL):
            form = form[:1].upper() + form[1:]
        out.append(replace(w, start=len(line), end=len(line) + len(form), form=form))
        line += form
    return Document("headline", line, [[replace(w, head=number[w.head]) for w in out]])
