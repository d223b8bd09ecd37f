"""Every error that Allegedly raises on purpose. The message says what happened, why, and what to do next.

AllegedlyError
├── InputError        an input could not be read (missing, empty, binary, unknown kind, nothing to extract)
│   └── FetchError    a URL did not give a page (no answer, refused, too large, not a web address)
├── LedgerError       a ledger could not be opened, read or written (missing, full, read-only, locked, newer, damaged)
├── ModelError        the model file is missing, damaged or does not fit this version
├── LexiconError      a language's data or a user's event file is not valid
└── ExportError       an export could not be written (a package is missing, the place is taken), or a bundle is not whole

Beside the tree, AbsentError is a ValueError: what a call names is not in the ledger (any more).
"""

from typing import Literal

Kind = Literal["refused", "failed"]
"""Why an input gave no article: it is not one that is read or may be read, or reading it went wrong (and may go better another time)."""


class AllegedlyError(Exception):
    """The root of the tree: catching it catches everything that Allegedly raises on purpose."""


class InputError(AllegedlyError):
    """An input could not be read. `name` is the input as the user gave it."""

    def __init__(self, name: str, reason: str, advice: str, kind: Kind = "failed") -> None:
        super().__init__(f"{name}: {reason}. {advice}")
        self.name = name
        self.reason = reason
        self.advice = advice
        self.kind = kind

    def __reduce__(self) -> tuple[type["InputError"], tuple[str, str, str, Kind]]:
        """Its parts, so that it can be handed from process to process and copied."""
        return type(self), (self.name, self.reason, self.advice, self.kind)


class FetchError(InputError):
    """A URL did not give a page."""


class LedgerError(AllegedlyError):
    """A ledger could not be opened, read or written. `kind` names the cause in a word or two: "full", "locked", "newer", ..."""

    def __init__(self, name: str, kind: str, reason: str, advice: str) -> None:
        super().__init__(f"{name}: {reason}. {advice}")
        self.name = name
        self.kind = kind
        self.reason = reason
        self.advice = advice

    def __reduce__(self) -> tuple[type["LedgerError"], tuple[str, str, str, str]]:
        """Its parts, so that it can be handed from process to process and copied."""
        return type(self), (self.name, self.kind, self.reason, self.advice)


class ModelError(AllegedlyError):
    """The model file is missing, damaged, or was built for another version."""


class AbsentError(ValueError):
    """What a call names (an article, a finding, a group, a decision, a sample) is not there, or not any more."""


class LexiconError(AllegedlyError):
    """A lexicon, or a user's event file, is not valid; the message names the file and the entry."""


class ExportError(AllegedlyError):
    """An export could not be written: a package is missing, or its place is taken."""
