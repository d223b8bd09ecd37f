"""Allegedly reads political news and keeps the record of who says that who did what to whom.

    >>> import allegedly
    >>> reading = allegedly.read("The mayor of Ostrava said on Monday that police had arrested two protesters.")
    >>> [(s.lemma, s.voice) for s in reading.statements]
    [('arrest', 'a1')]

`read` gives a frozen `Reading`; `docs/schema.md` says what every field means. Everything imports lazily: the model loads on the first call.
"""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from allegedly.errors import AllegedlyError, InputError

if TYPE_CHECKING:
    from allegedly.records import Article, Reading

__version__ = "0.1.0"
__all__ = ["AllegedlyError", "Article", "InputError", "Reading", "read"]


def read(
    text_or_path: "str | PathLike[str] | Article", *, title: str | None = None, tokens: bool = False, events: Path | None = None
) -> "Reading":
    """The reading of one article.

    A `str` is the text itself, unless it is one word that ends like a file that can be read ("talks.txt") or names a file that is
    there; a `Path` is always a file, an `Article` is read as it is. `title` goes with a text, `tokens` adds words and trees, `events` is a
    file with event types of your own. Of a file of many articles the first is read: `allegedly.ingest.readings` reads all. Raises
    InputError where there is nothing to read, ModelError where the package's model is not usable, LexiconError where `events` is not valid.
    """
    from allegedly import article as inputs
    from allegedly.reading import read_article
    from allegedly.records import Article

    if isinstance(text_or_path, Article):
        return read_article(text_or_path, tokens=tokens, events=events)
    if isinstance(text_or_path, str) and not _names_a_file(text_or_path):
        if not text_or_path.strip():
            raise InputError("text", "it is empty", "Give the text of an article")
        given = inputs.build(text_or_path, inputs.Facts(title=title), inputs.Source("text"))
        return read_article(given.article, tokens=tokens, events=events)
    outcome = next(inputs.from_path(Path(text_or_path)))
    if isinstance(outcome, InputError):
        raise outcome
    return read_article(outcome.article, tokens=tokens, events=events)


def _names_a_file(text: str) -> bool:
    if len(text) > 1000 or "\n" in text or "\0" in text or any(len(part.encode("utf-8", "replace")) > 255 for part in Path(text).parts):
        return False  # no file system has such a name
    return Path(text).is_file() or (len(text.split()) == 1 and Path(text).suffix in (".txt", ".html", ".htm", ".jsonl"))


def __getattr__(name: str) -> object:
    if name in ("Article", "Reading"):
        from allegedly import records

        return getattr(records, name)
    raise AttributeError(f"module 'allegedly' has no attribute {name!r}")
