"""Readings as spaCy documents: a folder of DocBin files, which spaCy's corpus reader takes as one corpus.

A `Doc` holds the text exactly (white space that is not one blank is a token of its own, as in spaCy), lemmas, tags, features and trees,
named mentions as entities, and statements as the span group "statements": a span over each predicate, labelled with the bare act or
STATEMENT. `attrs["rows"]` of the group says in the same order whose word each is, of what polarity and status. `user_data["allegedly"]` is
the whole reading as JSON without its text. Statements of the title are there only.

Published source: https://spacy.io/api/docbin.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from allegedly.errors import ExportError
from allegedly.export.digest import Digest
from allegedly.export.folder import new_folder
from allegedly.export.options import Options
from allegedly.export.record import record
from allegedly.export.rows import storable
from allegedly.records import Reading, Token

A_FILE = 200
"""Articles in one file."""
LABELS = {"person": "PERSON", "organization": "ORG", "group": "GROUP", "country": "GPE", "place": "LOC", "other": "MISC"}
UPOS = frozenset(
    (
        "ADJ",
        "ADP",
        "ADV",
        "AUX",
        "CCONJ",
        "DET",
        "INTJ",
        "NOUN",
        "NUM",
        "PART",
        "PRON",
        "PROPN",
        "PUNCT",
        "SCONJ",
        "SYM",
        "VERB",
        "X",
        "SPACE",
    )
)
_RUN = re.compile(r"\s+|\S+")


@dataclass(slots=True)
class Words:
    """A text cut into spaCy's tokens. `place` leads from a token of the reading to its place here."""

    forms: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    tokens: list[Token | None] = field(default_factory=list)
    place: dict[int, int] = field(default_factory=dict)

    def add(self, form: str, token: Token | None = None) -> None:
        """The next word."""
        self.forms.append(form)
        self.spaces.append(False)
        self.tokens.append(token)

    def gap(self, text: str) -> None:
        """Characters between words. One blank belongs to the word before it."""
        for run in _RUN.findall(text):
            rest = run
            if run[0] == " " and self.forms and not self.spaces[-1] and not self.forms[-1].isspace():
                self.spaces[-1], rest = True, run[1:]
            if rest:
                self.add(rest)


def cut(text: str, tokens: Iterable[Token]) -> Words:
    """All characters of the text, in order: words, and what lies between them."""
    words, at = Words(), 0
    for number, token in enumerate(tokens):
        if token.end > at:
            words.gap(text[at : max(at, token.start)])
            words.add(text[max(at, token.start) : token.end], token)
            at = token.end
        words.place[number] = max(0, len(words.forms) - 1)
    words.gap(text[at:])
    return words


def write_spacy(readings: Iterable[Reading], out: Path, options: Options) -> None:
    """part-0001.spacy and so on. ExportError where spaCy is missing."""
    try:
        import spacy
        from spacy.tokens import DocBin
    except ImportError:
        raise ExportError('spacy needs spaCy, which is not installed. Install it with: pip install "allegedly[spacy]"') from None
    vocab, coming = spacy.blank("en").vocab, iter(readings)
    with new_folder(out) as folder:
        for number, part in enumerate(_parts(coming), 1):
            DocBin(docs=[_doc(vocab, reading) for reading in part], store_user_data=True).to_disk(folder / f"part-{number:04d}.spacy")


def _parts(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    while part := list(islice(readings, A_FILE)):
        yield part


def _doc(vocab: Any, reading: Reading) -> Any:
    from spacy.tokens import Doc, Span, SpanGroup
    from spacy.util import filter_spans

    text = storable(reading.article.text)
    words = cut(text, reading.tokens)
    doc = Doc(
        vocab,
        words=words.forms,
        spaces=words.spaces,
        pos=[_upos(form, token) for form, token in zip(words.forms, words.tokens, strict=True)],
        lemmas=[storable(token.lemma) if token else form for form, token in zip(words.forms, words.tokens, strict=True)],
        morphs=[token.features if token else "" for token in words.tokens],
        heads=_heads(words, reading.tokens),
        deps=[(token.relation or "dep") if token else "dep" for token in words.tokens],
    )
    named = [(doc.char_span(m.start, m.end, label=LABELS[m.type], alignment_mode="expand")) for m in reading.mentions if m.named]
    doc.ents = filter_spans([span for span in named if span is not None])
    digest, spans, rows = Digest(reading, 0.0), [], []
    for s in reading.statements:
        start, end = min((a for a, _ in s.predicate), default=0), max((b for _, b in s.predicate), default=0)
        span = doc.char_span(start, end, alignment_mode="expand") if s.within == "text" and text[start:end].strip() else None
        if span is not None:
            spans.append(Span(doc, span.start, span.end, label=s.event.act if s.event else "STATEMENT"))
            row = {"statement": s.id, "voice": digest.told(s.voice), "force": digest.force(s.voice)}
            rows.append(row | {"polarity": s.polarity, "status": s.status, "event_type": s.event.type if s.event else ""})
    doc.spans["statements"] = SpanGroup(doc, name="statements", spans=spans, attrs={"rows": storable(rows)})
    whole = storable(record(reading))
    whole["article"].pop("text")
    doc.user_data["allegedly"] = whole
    return doc


def _upos(form: str, token: Token | None) -> str:
    if token is None:
        return "SPACE" if form.isspace() else "X"
    return token.upos if token.upos in UPOS else "X"


def _heads(words: Words, tokens: tuple[Token, ...]) -> list[int]:
    """Places of heads; a root is its own. What no word of the reading covers hangs on the word before it, or after it at the beginning."""
    number = {id(token): n for n, token in enumerate(tokens)}
    heads: list[int] = []
    first = next((n for n, token in enumerate(words.tokens) if token), 0)
    for n, token in enumerate(words.tokens):
        if token is None:
            heads.append(max(n - 1, 0) if n > first else first)
        elif token.head < 0 or tokens[token.head].sentence != tokens[number[id(token)]].sentence:
            heads.append(n)
        else:
            heads.append(words.place[token.head])
    return heads
