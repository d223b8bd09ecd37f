"""Other names for those in training texts, so that the model learns from the place of a name and not from its letters.

One change of name is one change throughout a document: "Halvik" here and in its headline become the same other word. Only whole atoms are
replaced, by as many, so every label stays where it is. What is replaced are the words of persons' and places' names and one-word names of
organisations; "Ministry of Defence" is made of words with a meaning and stays.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from allegedly.pieces import Atoms
from training.corpora import NAMES, Sample

INVENTED = 0.4
"""The share of new names that are made of syllables; the rest are words of other documents' names."""
_ONSETS = (
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kh",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "y",
    "z",
)
_NUCLEI = ("a", "e", "i", "o", "u", "ai", "ei", "ou", "ia", "aa")
_CODAS = ("", "", "", "l", "m", "n", "nd", "r", "rn", "s", "sk", "t", "th", "v")
_ENDINGS = {
    "person": ("", "ov", "i", "es", "son", "ez", "wa", "u"),
    "place": ("ia", "land", "stan", "a", "o", "burg", "vik", ""),
    "organization": ("", "a", "ex"),
}
_LEAST = 3  # letters of a word that is replaced


@dataclass(frozen=True, slots=True)
class Pool:
    """Words of names by type, each as often as it was seen in another document."""

    words: dict[str, tuple[str, ...]]

    def draw(self, kind: str, rng: random.Random) -> str:
        """A word for a name of a type."""
        known = self.words.get(kind, ())
        if not known or rng.random() < INVENTED:
            syllables = rng.choice((1, 2, 2, 2, 3))
            stem = "".join(rng.choice(_ONSETS) + rng.choice(_NUCLEI) + rng.choice(_CODAS) for _ in range(syllables))
            return (stem + rng.choice(_ENDINGS.get(kind, ("",)))).capitalize()
        return rng.choice(known)


def replaceable(sample: Sample) -> dict[int, str]:
    """Atoms that are words of a name, with the name's type; from the corpus's own labels or, where it has none, from silver ones."""
    tags = sample.labels.get("names", sample.silver)
    if tags is None:
        return {}
    out: dict[int, str] = {}
    starts = [i for i in np.flatnonzero(tags > 0).tolist() if tags[i] % 2 == 1]
    for i in starts:
        end = i + 1
        while end < len(tags) and tags[end] == tags[i] + 1:
            end += 1
        kind = NAMES[tags[i]][2:]
        if kind in ("person", "place") or (kind == "organization" and end == i + 1):
            out.update({a: kind for a in range(i, end) if _word(sample.atoms, a)})
    return out


def _word(found: Atoms, i: int) -> bool:
    form = found.forms[i]
    return len(form) >= _LEAST and form.isalpha() and found.case[i] == 1


def pool(samples: Iterable[Sample]) -> Pool:
    """All words that names are made of."""
    words: dict[str, list[str]] = {}
    for sample in samples:
        for form, kind in {(sample.atoms.forms[i], kind) for i, kind in replaceable(sample).items()}:
            words.setdefault(kind, []).append(form)
    return Pool({k: tuple(sorted(v)) for k, v in words.items()})


def renamed(sample: Sample, names: Pool, rng: random.Random) -> Sample:
    """The sample with every name changed. Its atoms' characters no longer slice its text: for training alone."""
    places = replaceable(sample)
    if not places:
        return sample
    new: dict[str, str] = {}
    forms = list(sample.atoms.forms)
    for i, kind in places.items():
        if forms[i] not in new:
            new[forms[i]] = names.draw(kind, rng)
        forms[i] = new[forms[i]]
    return replace(sample, atoms=replace(sample.atoms, forms=forms))
