"""How a reading leaves: the EXPORTS table. A format is one row.

    text    a page for a person at a terminal
    jsonl   the schema of docs/schema.md, one reading a line
    html    one file that opens offline: the articles with what was found in the margin
    conllu  the words with lemma, part of speech, features, head and relation

Every function takes readings one at a time and writes to a text stream; `jsonl`, `text` and `conllu` write and
flush each reading as it comes, `html` needs them all, for its index. Each imports what it needs when it is called.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TextIO

from allegedly.records import Reading

__all__ = ["EXPORTS", "Export"]


class Write(Protocol):
    """Writes readings; those made for people show findings from a score of `least` on (each kind's own threshold where it is None)."""

    def __call__(self, readings: Iterable[Reading], out: TextIO, tokens: bool, least: float | None = None, /) -> None:
        """Write them."""
        ...


@dataclass(frozen=True, slots=True)
class Export:
    """A row of EXPORTS. `words` says that the format needs the reading's tokens; `utf8`, that it is always written so."""

    name: str
    suffix: str
    write: Write
    help: str
    words: bool = False
    utf8: bool = True


def _text(readings: Iterable[Reading], out: TextIO, tokens: bool, least: float | None = None) -> None:
    from allegedly.export.terminal import write

    write(readings, out, least)


def _jsonl(readings: Iterable[Reading], out: TextIO, tokens: bool, least: float | None = None) -> None:
    from allegedly.export.record import jsonl

    for reading in readings:
        out.write(jsonl(reading, tokens=tokens) + "\n")
        out.flush()


def _html(readings: Iterable[Reading], out: TextIO, tokens: bool, least: float | None = None) -> None:
    from allegedly.export.page import write

    write(readings, out, least)


def _conllu(readings: Iterable[Reading], out: TextIO, tokens: bool, least: float | None = None) -> None:
    from allegedly.export.conllu import conllu

    for reading in readings:
        out.write(conllu(reading))
        out.flush()


EXPORTS: dict[str, Export] = {
    row.name: row
    for row in (
        Export("text", ".txt", _text, "a page to read at the terminal", utf8=False),
        Export("jsonl", ".jsonl", _jsonl, "one JSON object a line, as docs/schema.md says"),
        Export("html", ".html", _html, "one file that opens offline, with the findings in the margin"),
        Export("conllu", ".conllu", _conllu, "words, tags and trees", words=True),
    )
}
