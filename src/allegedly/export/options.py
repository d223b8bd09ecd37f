"""What a user can ask of an export, in one record; and the article without its words, for those who may not pass them on.

`withheld` blanks every character of the article's own words, one for one, so that all offsets still hold. Names of persons, organizations
and places stay, and dictionary forms of predicates: these are facts and not the article's wording. Descriptions ("a doctor who asked
not to be named") go. What is left identifies the text by its hash, so that whoever has the text can put the words back.
"""

import hashlib
import re
from dataclasses import dataclass, fields, replace

from allegedly.records import Article, Reading, Statement

BLANK = "█"
_WORD = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Options:
    """All off, an export is complete for its kind, and its event rows hold only what a voice affirms as having happened.

    tokens   `jsonl`: add the layer of words
    least    pages for people: show findings from this score on (None: each kind's own threshold); event rows and networks: count events
             from this score on (None: all)
    every    event rows and networks: also negated, planned, demanded, possible and conditional statements and questions, and those that
             a person rejected
    no_text  no article text, titles or quotations: offsets, hashes, codes and names only
    raw      `csv` and the event rows: cells exactly as they are, although a spreadsheet would run some of them as formulas
    """

    tokens: bool = False
    least: float | None = None
    every: bool = False
    no_text: bool = False
    raw: bool = False


@dataclass(frozen=True, slots=True)
class WithheldArticle(Article):
    """An article whose characters are blanked; the hash is that of the text it had."""

    sha256: str = ""


def text_sha256(article: Article) -> str:
    """SHA-256 of the text as UTF-8, in hexadecimal; also of a text that is withheld."""
    if isinstance(article, WithheldArticle):
        return article.sha256
    return hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()


def blanked(text: str) -> str:
    """As many characters, white space where it was."""
    return _WORD.sub(BLANK, text)


def is_blank(text: str) -> bool:
    """Whether no word is left in it."""
    return not text.strip(BLANK + " …\n\t")


def withheld(reading: Reading) -> Reading:
    """The reading with the article's words blanked and every offset as it was."""
    article = reading.article
    own = {field.name: getattr(article, field.name) for field in fields(Article)}
    own |= {"text": blanked(article.text), "title": blanked(article.title) if article.title else article.title}
    named = {m.entity for m in reading.mentions if m.named}
    words = ("actor", "recipient", "object", "source", "lemma", "name")
    bare = (
        replace(r, note="", was=tuple(x for x in r.was if x[0] not in words), now=tuple(x for x in r.now if x[0] not in words))
        for r in reading.reviews
    )
    return replace(
        reading,
        article=WithheldArticle(**own, sha256=text_sha256(article)),
        entities=tuple(replace(e, name=e.name if e.id in named else "", aliases=()) for e in reading.entities),
        reviews=tuple(bare),
        tokens=tuple(replace(t, form=blanked(t.form), lemma=blanked(t.lemma)) for t in reading.tokens),
    )


def counts(statement: Statement, options: Options, *, rejected: bool = False) -> bool:
    """Whether a statement belongs among event rows: an event that its voice affirms as having happened, or any event with `every`.

    One that a person `rejected` belongs there with `every` alone.
    """
    if statement.event is None or (options.least is not None and min(statement.event.score, statement.sure_score) < options.least):
        return False
    return options.every or (not rejected and statement.polarity == "affirmed" and statement.status == "actual")
