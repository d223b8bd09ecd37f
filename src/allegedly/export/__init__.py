"""How readings leave: the EXPORTS table. A format is one row.

    text         a page for a person at a terminal
    jsonl        the schema of docs/schema.md, one reading a line
    html         one file that opens offline: the articles with what was found in the margin
    conllu       the words with lemma, part of speech, features, head and relation
    csv          statements as a table for spreadsheets
    parquet      the same table with types
    plover       events in the columns of the POLECAT data
    gdelt        events and their mentions, like GDELT's
    annotations  statements as W3C Web Annotations (JSON-LD)
    claims       statements as schema.org claims (JSON-LD)
    brat         texts with standoff annotations for brat
    spacy        documents for spaCy
    gexf         who is said to have done what to whom, as a network

Every row writes readings one at a time, as they come, so that memory does not grow with their number (save where a format needs them all:
the index of `html`, the edges of `gexf`). All are described in docs/exports.md. Each imports what it needs when it is called.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from allegedly.export.options import Options, withheld
from allegedly.records import Reading

__all__ = ["EXPORTS", "Export", "Options"]


@dataclass(frozen=True, slots=True)
class Export:
    """A row of EXPORTS. `form` says what it writes to: a stream of text, a stream of bytes, or the path of a folder that is not there yet.

    `writer` is a module of this package and a function in it, of readings, what it writes to, and options. `words` says that the format
    needs the readings' tokens; `utf8`, that its text is always written so. `suffix` is that of its files, empty where files of the kind
    have none of their own.
    """

    name: str
    suffix: str
    writer: str
    help: str
    form: Literal["text", "bytes", "folder"] = "text"
    words: bool = False
    utf8: bool = True

    def write(self, readings: Iterable[Reading], out: Any, options: Options = Options()) -> None:  # noqa: B008 (it is frozen)
        """Write them to a TextIO, a BinaryIO or a new folder's Path, by `form`. ExportError where a package or the place is missing.

        With `no_text` the writer never sees the articles' words.
        """
        module, function = self.writer.split(":")
        writer = getattr(import_module(f"allegedly.export.{module}"), function)
        writer(map(withheld, readings) if options.no_text else readings, out, options)


EXPORTS: dict[str, Export] = {
    row.name: row
    for row in (
        Export("text", ".txt", "terminal:write", "a page to read at the terminal", utf8=False),
        Export("jsonl", ".jsonl", "record:write_jsonl", "one JSON object a line, as docs/schema.md says"),
        Export("html", ".html", "page:write", "one file that opens offline, with the findings in the margin"),
        Export("conllu", ".conllu", "conllu:write_conllu", "words, tags and trees", words=True),
        Export("csv", ".csv", "rows:write_csv", "statements as a table, safe for spreadsheets"),
        Export("parquet", ".parquet", "rows:write_parquet", "the same table with types", form="bytes"),
        Export("plover", ".tsv", "events:write_plover", "events in the columns of the POLECAT data"),
        Export("gdelt", "", "events:write_gdelt", "a folder of events and mentions, like GDELT's", form="folder"),
        Export("annotations", ".jsonld", "linked:write_annotations", "W3C Web Annotations"),
        Export("claims", "", "linked:write_claims", "schema.org claims, JSON-LD"),
        Export("brat", "", "standoff:write_brat", "a folder of texts with standoff annotations", form="folder"),
        Export("spacy", "", "docbin:write_spacy", "a folder of spaCy documents (DocBin)", form="folder", words=True),
        Export("gexf", ".gexf", "network:write_gexf", "a network of actors, for Gephi"),
    )
}
