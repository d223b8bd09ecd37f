"""How readings leave: the EXPORTS table. A format is one row.

    text         a page for a person at a terminal
    jsonl        the schema of docs/schema.md, one reading a line
    html         one file that opens offline: the articles with what was found in the margin
    conllu       the words with lemma, part of speech, features, head and relation

Every row writes readings one at a time, as they come, so that memory does not grow with their number (save where a format needs them all:
the index of `html`, the edges of `gexf`). All are described in docs/exports.md. Each imports what it needs when it is called.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TextIO

from allegedly.export.options import Options, withheld
from allegedly.records import Reading

__all__ = ["EXPORTS", "Export", "Options"]


@dataclass(frozen=True, slots=True)
class Export:
    """A row of EXPORTS. `form` says what it writes to: a stream of text, a stream of bytes, or the path of a folder that is not there yet.

    `words` says that the format needs the readings' tokens; `utf8`, that its text is always written so. `suffix` is that of its files,
    empty where files of the kind have none of their own.
    """

    name: str
    suffix: str
    writer: Callable[[Iterable[Reading], Any, Options], None]
    help: str
    form: Literal["text", "bytes", "folder"] = "text"
    words: bool = False
    utf8: bool = True

    def write(self, readings: Iterable[Reading], out: Any, options: Options = Options()) -> None:  # noqa: B008 (it is frozen)
        """Write them to a TextIO, a BinaryIO or a new folder's Path, by `form`. ExportError where a package or the place is missing.

        With `no_text` the writer never sees the articles' words.
        """
        self.writer(map(withheld, readings) if options.no_text else readings, out, options)


def _text(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    from allegedly.export.terminal import write

    write(readings, out, options.least)


def _jsonl(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    from allegedly.export.record import jsonl

    for reading in readings:
        out.write(jsonl(reading, tokens=options.tokens) + "\n")
        out.flush()


def _html(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    from allegedly.export.page import write

    write(readings, out, options.least)


def _conllu(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
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
