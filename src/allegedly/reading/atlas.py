"""Cities, first-level regions and countries by name, with where they lie and how many live there: `data/gazetteer/atlas.tsv`.

The file is kept as it lies on disk, sorted by folded name, and searched by halving: nothing is parsed before it is asked for, so that
opening it costs a millisecond and a megabyte. `python -m training.gazetteer` writes it from GeoNames (CC BY 4.0).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

Kind = Literal["city", "region", "country"]

KINDS: dict[str, Kind] = {"c": "city", "r": "region", "n": "country"}
_PLAIN = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "ı": "i",
        "đ": "d",
        "ð": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ə": "a",
        "‘": "",
        "’": "",
        "'": "",
        "ʻ": "",
        "`": "",
        "ʼ": "",
    }
)
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_ARTICLES = frozenset({"al", "el", "ar", "as", "ash", "ad", "an", "at", "az"})


@dataclass(frozen=True, slots=True)
class Spot:
    """One place: `country` is ISO 3166 alpha-3, or None where states dispute it; `region` the code of the first-level region it lies in.

    `people` counts inhabitants in thousands. `main` is false where the name asked for is another spelling, or an older name.
    A country's and a region's coordinates are the centre of where its people live, not of its area.
    """

    name: str
    kind: Kind
    country: str | None
    region: str
    lat: float
    lon: float
    people: int
    main: bool = True


@lru_cache(maxsize=1 << 14)  # a search meets the same names of the file again and again
def key(name: str) -> str:
    """The form under which names are sorted and compared: plain letters, no case, marks, "the" or possessive; "St." is "saint".

    Example: "Mazār-e Sharīf" and "mazar e sharif" have one key.
    """
    folded = re.sub(r"['’]s$", "", name.strip()).casefold().translate(_PLAIN)
    plain = folded if folded.isascii() else "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", " ", plain.replace(".", "") if re.fullmatch(r"(?:\w\.)+\w?", plain) else plain).split()
    words = [_SHORT.get(w, w) for w in words]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


class Atlas:
    """Look-ups in the lines of the file: name, code, kind, then latitude, longitude and people, or for another spelling the main name."""

    def __init__(self, lines: bytes) -> None:
        self.lines = lines
        self.start = lines.index(b"\n\n") + 2  # the head of the file says where it comes from

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one atlas for the life of the process
    def find(self, name: str) -> tuple[Spot, ...]:
        """Every place of that name, the most populous first; places for which it is another spelling among them.

        A leading Arabic article is optional ("Raqqa", "al-Raqqa").
        """
        wanted = key(name)
        found = self._exactly(wanted)
        first, _, rest = wanted.partition(" ")
        return found or (self._exactly(rest) if first in _ARTICLES and rest else ())

    def _exactly(self, wanted: str) -> tuple[Spot, ...]:
        spots = (self._spot(fields) for fields in self._rows(wanted)) if wanted else ()
        return tuple(sorted(dict.fromkeys(s for s in spots if s is not None), key=lambda s: (-s.people, s.kind, s.region)))

    def _rows(self, wanted: str) -> list[list[str]]:
        low, high = self.start, len(self.lines)
        while low < high:
            middle = self.lines.rfind(b"\n", self.start, (low + high) // 2) + 1 or self.start
            end = self.lines.index(b"\n", middle) + 1
            if key(self.lines[middle : self.lines.index(b"\t", middle)].decode()) < wanted:
                low = end
            else:
                high = middle
        out = []
        while low < len(self.lines):
            end = self.lines.index(b"\n", low)
            row = self.lines[low:end].decode().split("\t")
            if key(row[0]) != wanted:
                break
            out.append(row)
            low = end + 1
        return out

    def _spot(self, row: list[str]) -> Spot | None:
        name, code, kind, *rest = row
        if kind.startswith("="):
            main = (s for other in self._rows(key(rest[0])) if other[:3] == [rest[0], code, kind[1:]] if (s := self._spot(other)))
            spot = next(main, None)
            return spot and Spot(spot.name, spot.kind, spot.country, spot.region, spot.lat, spot.lon, spot.people, main=False)
        country = code.partition(".")[0]
        lat, lon, people = rest
        return Spot(name, KINDS[kind], None if country == "-" else country, code, float(lat), float(lon), int(people))

    @lru_cache(maxsize=4096)  # noqa: B019
    def region(self, code: str) -> Spot | None:
        """The first-level region with this code ("USA.TX")."""
        at = self.lines.find(f"\t{code}\tr\t".encode())
        if at < 0:
            return None
        start, end = self.lines.rfind(b"\n", 0, at) + 1, self.lines.index(b"\n", at)
        return self._spot(self.lines[start:end].decode().split("\t"))

    @lru_cache(maxsize=512)  # noqa: B019
    def country(self, code: str) -> Spot | None:
        """The country with this ISO 3166 alpha-3 code."""
        at = self.lines.find(f"\t{code}\tn\t".encode())
        start = self.lines.rfind(b"\n", 0, max(at, 0)) + 1
        return self._spot(self.lines[start : self.lines.index(b"\n", at)].decode().split("\t")) if at >= 0 else None


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """The atlas of `data/gazetteer/atlas.tsv`, opened the first time it is needed."""
    return Atlas((files("allegedly") / "data" / "gazetteer" / "atlas.tsv").read_bytes())
