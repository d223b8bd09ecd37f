"""A language's data, read from `data/<code>/`, checked entry by entry, and kept for the life of the process.

Four doors, each reading its files on the first call only:

* `plover()`: the event types, which belong to no language;
* `event_lexicon(code)`: the senses of predicates, from every `events*.toml` of the language's folder;
* `words(name, code)`: a plain word list, `<name>.toml`; `word_sets(name, code)`: the same to look words up in.

What is not valid raises `LexiconError` with the file and the entry. The keys of a sense are the fields of `Sense`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from allegedly.errors import LexiconError

CLAUSES = frozenset({"ccomp", "mandative", "xcomp", "advcl", "acl", "csubj", "parataxis"})
ANY_ACTOR = "@actor"  # in a set of heads: whatever names or describes somebody who can act, see `reading.events`
ANY_NAME = "@name"  # in a set of heads: any proper noun
MOST_FIXED = 12
"""How many words of a sense's phrase stand for one another at most: more name things, "shut [the road, school, mill ...]"."""
OWN = "events:"  # what the ids of senses begin with that come from a user's own event types
_EXAMPLES = re.compile(r"^(?:yes|no) = \[.*?\](?=\s*(?:\Z|\n\w+ = |\n\[|\n#))", re.DOTALL | re.MULTILINE)

_TEXT = r'"[^"\\\x00-\x1f\x7f]*"'
_GAP = r"[ \t\n]*(?:#[^\n\x00-\x08\x0b-\x1f\x7f]*\n[ \t\n]*)*"
_STRING = re.compile(r'"([^"]*)"')
_BLANK = re.compile(_GAP)
_STATEMENT = re.compile(
    rf"(?:\[\[(?P<entry>[a-z_]+)\]\]|\[(?P<table>[A-Za-z0-9_-]+)\]"
    rf"|(?P<key>[A-Za-z0-9_-]+|{_TEXT}) = (?P<value>\[[ \t\n]*(?:{_TEXT}[ \t\n]*,[ \t\n]*)*(?:{_TEXT}[ \t\n]*)?\]|{_TEXT}|true|false))"
    rf"[ \t]*(?:#[^\n\x00-\x08\x0b-\x1f\x7f]*)?(?:\n{_GAP}|\Z)"
)
"""One statement of a lexicon, with what is empty after it."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One of the sixteen. `recipient` says that the code is incomplete without one."""

    name: str
    quad: int
    score: float
    modes: frozenset[str]
    recipient: bool


@dataclass(frozen=True, slots=True)
class Plover:
    """The event ontology: types by name, and the contexts that may go with them."""

    types: Mapping[str, EventType]
    contexts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Heads:
    """Which head words an argument may have. With no `allowed` words, any but the `excluded` ones.

    `presence` "some" wants an argument whatever its head, "none" wants there to be none. `allowed` implies "some". A few words that belong
    to no class are `fixed`: they make a phrase with the predicate ("poured scorn on").
    """

    presence: Literal["free", "some", "none"] = "free"
    allowed: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    fixed: bool = False

    @property
    def weight(self) -> float:
        """How much the constraint says: listed heads outweigh whatever can act, that the mere presence or absence of an argument.

        What is excluded weighs next to nothing: it keeps a sense from matching and makes it no more apt where it does.
        """
        listed = (1.5 if ANY_ACTOR in self.allowed else 2.0) if self.allowed else float(self.presence != "free")
        return listed + (0.1 if self.excluded else 0.0)


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a predicate: the words that carry it, the frame it needs, who acts on whom, and its examples.

    `verb`, `noun`, `adjective`: lemmas; an adjective counts only as a predicate ("is grateful to").
    `particle`: one of these particles is required ("-", the default: there must be none).
    `subject`, `object`, `prep_object`: allowed heads. `prep`: at least one oblique with one of these is required.
    `clause`: one of these clausal complements is required ("-": there must be none), and `clause_head` what its head may be.
    `modifier`: one of these compounds, adjectives or adverbs is required on the predicate ("hunger" strike).
    `light`: one of these light verbs is required ("-": there must be none; "be" for a predicative noun).
    `passive`: required or, if false, forbidden.
    `actor`, `recipient`: where to look, the first that is there: "subject", "object", "indirect", "clause" (the subject of the
    complement clause) or a preposition; empty means the default. `reciprocal`: several actors act on one another.
    `yes`, `no`: sentences in which the sense is there and is not; empty where the lexicon was loaded without them.
    """

    id: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    verb: tuple[str, ...]
    noun: tuple[str, ...]
    adjective: tuple[str, ...]
    particle: tuple[str, ...]
    subject: Heads
    object: Heads
    prep: tuple[str, ...]
    prep_object: Heads
    clause: tuple[str, ...]
    clause_head: Heads
    modifier: Heads
    light: tuple[str, ...]
    passive: bool | None
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    reciprocal: bool
    yes: tuple[str, ...]
    no: tuple[str, ...]
    order: int
    specificity: float


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """An event type of a user's own: what it is called and means, the one of the sixteen that it refines, and sentences to check it by."""

    name: str
    definition: str
    type: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    @property
    def rule(self) -> str:
        """How its events name it, in `Event.rule`."""
        return f"{OWN}{self.name}"


@dataclass(frozen=True, slots=True)
class EventLexicon:
    """All senses, and the same by lemma and kind of predicate, a user's own events first, then the most specific first.

    `arguments` is the word list `arguments.toml`, `own` the event types that a user's file defines.
    """

    senses: tuple[Sense, ...]
    by_verb: Mapping[str, tuple[Sense, ...]]
    by_noun: Mapping[str, tuple[Sense, ...]]
    by_adjective: Mapping[str, tuple[Sense, ...]]
    classes: Mapping[str, frozenset[str]]
    arguments: Mapping[str, tuple[str, ...]]
    own: tuple[OwnEvent, ...] = ()


# --- doors -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def plover() -> Plover:
    """The sixteen event types with quad, score and modes, and the contexts."""
    data = _parse(files("allegedly") / "data" / "plover.toml")
    types = {
        name: EventType(name, row["quad"], float(row["score"]), frozenset(row.get("modes", ())), row.get("recipient", False))
        for name, row in data["types"].items()
    }
    return Plover(MappingProxyType(types), frozenset(data["contexts"]))


def event_lexicon(code: str = "en", *, extra: Path | None = None, examples: bool = False) -> EventLexicon:
    """The senses of a language's predicates. `extra` is a user's file: event types of their own, or senses in the package's format.

    Classes of the same name in several files are united. A user's event types are tried before the package's senses, their senses
    after them. Without `examples` those of the package's own files are
    passed over, which halves the time to load; a user's file is always read and checked in full.
    """
    return _event_lexicon(code, extra, examples)


LISTED = 10
"""Words from which on a list of heads stands for a class, so that what is a kind of one of them is meant, too."""


@lru_cache(maxsize=1)
def kinds(code: str = "en") -> Mapping[str, frozenset[str]]:
    """Of nouns the words of the event lexicon's lists that they are kinds of (`kinds.tsv`): a dredger is a boat and a vessel."""
    source = _folder(code) / "kinds.tsv"
    lines = source.read_text("utf8").splitlines() if source.is_file() else ()
    return {word: frozenset(listed.split()) for word, listed in (line.split("\t") for line in lines if line[:1] != "#")}


@lru_cache(maxsize=8)
def _event_lexicon(code: str, extra: Path | None, examples: bool) -> EventLexicon:
    sources: list[Traversable] = [f for f in _folder(code).iterdir() if f.name.startswith("events") and f.name.endswith(".toml")]
    sources.sort(key=lambda f: f.name)
    parsed = [(f.name, _parse(f, examples=examples)) for f in sources]
    own = len(parsed)
    if extra is not None:
        parsed.append((str(extra), _parse(extra)))
    if not parsed:
        raise LexiconError(f"data/{code}: there is no events*.toml. Add one, or choose another language.")
    for i, (name, data) in enumerate(parsed):
        _no_others(name, "the file", data, {"classes", "sense"} | ({"event"} if i >= own else set()))
    arguments = words("arguments", code)
    if not {"recipient", "between", "other", "measures", "named_after"} <= arguments.keys():
        raise LexiconError(f"data/{code}/arguments.toml: needs the lists recipient, between, other, measures and named_after.")
    classes = _classes(parsed)
    build = _SenseBuilder(classes, words("alike", code).values())
    senses = [build(name, entry, examples=examples or i >= own) for i, (name, data) in enumerate(parsed) for entry in _entries(name, data)]
    types: list[OwnEvent] = []
    first: list[Sense] = []
    for name, data in parsed[own:]:
        for entry in _entries(name, data, "event"):
            event, triggered = _own_event(name, entry, senses, frozenset(e.name for e in types), words("predicates", code)["particles"])
            types.append(event)
            first += triggered
    senses += first
    return EventLexicon(
        tuple(senses),
        _index(senses, "verb"),
        _index(senses, "noun"),
        _index(senses, "adjective"),
        MappingProxyType(classes),
        arguments,
        tuple(types),
    )


def words(name: str, code: str = "en") -> Mapping[str, tuple[str, ...]]:
    """The word lists of `<name>.toml`: every key holds a list of strings; the keys of a table come out as "table.key"."""
    return _words(name, code)


@lru_cache(maxsize=64)
def _words(name: str, code: str) -> Mapping[str, tuple[str, ...]]:
    if not re.fullmatch(r"[a-z_]+", name):
        raise LexiconError(f"{name!r} is not the name of a word list: use small letters and underscores.")
    source = _folder(code) / f"{name}.toml"
    if not source.is_file():
        raise LexiconError(f"data/{code}/{name}.toml: there is no such file. Add it, or choose another language.")
    lists: dict[str, tuple[str, ...]] = {}
    for key, value in _parse(source).items():
        for path, entry in [(f"{key}.{k}", v) for k, v in value.items()] if isinstance(value, dict) else [(key, value)]:
            lists[path] = _texts(source.name, path, entry)
    return MappingProxyType(lists)


@lru_cache(maxsize=64)
def word_sets(name: str, code: str = "en") -> Mapping[str, frozenset[str]]:
    """The word lists of `<name>.toml` as sets, made once."""
    return MappingProxyType({key: frozenset(listed) for key, listed in words(name, code).items()})


@lru_cache(maxsize=16)
def table(name: str, code: str = "en") -> Mapping[str, Mapping[str, str]]:
    """The tables of `<name>.toml`, each from strings to strings."""
    out: dict[str, Mapping[str, str]] = {}
    for key, entries in _parse(_folder(code) / f"{name}.toml").items():
        if not isinstance(entries, dict) or not all(isinstance(v, str) and v for v in entries.values()):
            raise LexiconError(f'{name}.toml: {key}: is not a table of strings. Write it as [{key}] with lines like "form" = "lemma".')
        out[key] = MappingProxyType(entries)
    return MappingProxyType(out)


def parsed(name: str, code: str = "en") -> Mapping[str, Any]:
    """`<name>.toml` as it is, for a module that checks it itself."""
    return _parse(_folder(code) / f"{name}.toml")


# --- reading and checking --------------------------------------------------------------------------------------


def _folder(code: str) -> Traversable:
    folder = files("allegedly") / "data" / code
    if not re.fullmatch(r"[a-z]{2,3}", code) or not folder.is_dir():
        raise LexiconError(f"{code!r} is not a language that this version has data for: there is no folder data/{code}.")
    return folder


def _parse(source: Traversable | Path, *, examples: bool = True) -> dict[str, Any]:
    try:
        text = source.read_text(encoding="utf-8")
        text = text if examples else _EXAMPLES.sub("", text)
        return _plainly(text) or tomllib.loads(text)
    except OSError as error:
        raise LexiconError(f"{source}: cannot be read ({error.strerror}). Check the path and its permissions.") from error
    except (ValueError, RecursionError) as error:  # not UTF-8, or not TOML
        raise LexiconError(f"{source.name}: is not valid TOML ({error}). Correct it there.") from error


def _plainly(text: str) -> dict[str, Any] | None:
    """What TOML holds that is written as our lexicons are: tables, and keys with a string, true, false, or a list of strings.

    Gives the same as `tomllib` in a third of the time, and None for anything else, errors included: those are for `tomllib` to tell.
    """
    whole: dict[str, Any] = {}
    table, at, end = whole, _BLANK.match(text).end(), len(text)  # type: ignore[union-attr]
    while at < end:
        found = _STATEMENT.match(text, at)
        if found is None:
            return None
        kind, at = found.lastgroup, found.end()
        if kind == "entry":
            table, entries = {}, whole.get(found["entry"])
            if entries is None:
                whole[found["entry"]] = [table]
            elif isinstance(entries, list) and entries and isinstance(entries[0], dict):
                entries.append(table)
            else:
                return None
            continue
        name = found["table"] or found["key"].strip('"')
        place = whole if kind == "table" else table
        if name in place:
            return None
        if kind == "table":
            place[name] = table = {}
        else:
            value = found["value"]
            place[name] = _STRING.findall(value) if value[0] == "[" else value[1:-1] if value[0] == '"' else value == "true"
    return whole


def _no_others(file: str, entry: str, table: Mapping[str, Any], known: frozenset[str] | set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise LexiconError(f"{file}: {entry}: unknown key {unknown[0]!r}. Known keys: {', '.join(sorted(known))}.")


def _texts(file: str, entry: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise LexiconError(f"{file}: {entry}: must be a list of at least one string.")
    for item in value:
        if not isinstance(item, str) or not item.strip():
            raise LexiconError(f"{file}: {entry}: holds {item!r}, which is not a string with something in it.")
    return tuple(value)


def _classes(parsed: list[tuple[str, dict[str, Any]]]) -> dict[str, frozenset[str]]:
    """Named sets of heads over all files. "actor" and "name" exist even if no file adds words to them."""
    sets: dict[str, set[str]] = {"actor": {ANY_ACTOR}, "name": {ANY_NAME}}
    for file, data in parsed:
        table = data.get("classes", {})
        if not isinstance(table, dict):
            raise LexiconError(f"{file}: classes: must be a table of lists.")
        for name, members in table.items():
            sets.setdefault(name, set()).update(_texts(file, f"class {name!r}", members))
    return {name: frozenset(members) for name, members in sets.items()}


def _entries(file: str, data: Mapping[str, Any], kind: str = "sense") -> list[dict[str, Any]]:
    entries = data.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LexiconError(f"{file}: {kind}: must be written [[{kind}]], once for each.")
    return entries


def _index(senses: list[Sense], kind: Literal["verb", "noun", "adjective"]) -> Mapping[str, tuple[Sense, ...]]:
    index: dict[str, list[Sense]] = {}
    for sense in sorted(senses, key=lambda s: (not s.id.startswith(OWN), -s.specificity, s.order)):
        for lemma in getattr(sense, kind):
            index.setdefault(lemma, []).append(sense)
    return MappingProxyType({lemma: tuple(found) for lemma, found in index.items()})


OWN_TEXTS = ("triggers", "senses", "about", "examples", "counterexamples", "contexts", "actor", "recipient")
OWN_KEYS = frozenset({"name", "definition", "type", "mode", *OWN_TEXTS})


def _own_event(
    file: str, entry: Mapping[str, Any], senses: list[Sense], taken: frozenset[str], particles: tuple[str, ...]
) -> tuple[OwnEvent, list[Sense]]:
    """A user's event type, and the senses that its triggers make and that it takes over from the package by their ids.

    With `about`, one of these words must be the head of the object or of a phrase.
    """
    name, definition = entry.get("name"), entry.get("definition")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise LexiconError(f"{file}: event {len(taken) + 1}: name {name!r} must be a string of small letters, digits and hyphens.")
    where = f"event {name!r}"
    if name in taken:
        raise LexiconError(f"{file}: {where}: the name is used twice. Choose another.")
    _no_others(file, where, entry, OWN_KEYS)
    if not isinstance(definition, str) or not definition.strip():
        raise LexiconError(f"{file}: {where}: definition: is missing. Say in a sentence what counts as this event.")
    texts = {key: _texts(file, f"{where}: {key}", entry[key]) if key in entry else () for key in OWN_TEXTS}
    if not (texts["triggers"] or texts["senses"]):
        raise LexiconError(f"{file}: {where}: needs triggers (words) or senses (ids of the package's senses, see docs/event-types.md).")
    plain = {key: entry[key] for key in ("type", "mode", "contexts", "actor", "recipient") if key in entry}
    _SenseBuilder({}, ()).check(file, where, plain, {"contexts": texts["contexts"], "clause": ()})
    known = {sense.id: sense for sense in senses}
    unknown = [i for i in texts["senses"] if i not in known]
    if unknown:
        raise LexiconError(f"{file}: {where}: senses: there is no sense {unknown[0]!r}. A reading names the sense of each event in `rule`.")
    made = [known[i] for i in texts["senses"]]
    triggers = [_trigger(file, where, trigger, particles) for trigger in texts["triggers"]]
    made += [_SenseBuilder({}, ())(file, {"id": name, **plain, **trigger}, examples=False) for trigger in triggers]
    about = Heads("some", frozenset(w.lower() for w in texts["about"]))
    own = []
    for sense in made:
        mode = entry.get("mode", sense.mode if sense.type == entry["type"] else None)
        shared = replace(
            sense, id=f"{OWN}{name}", type=entry["type"], mode=mode, contexts=texts["contexts"] or sense.contexts, yes=(), no=()
        )
        heavier = round(sense.specificity + about.weight, 1)
        if not texts["about"]:
            own.append(shared)
        else:
            own += [replace(shared, object=about, specificity=heavier), replace(shared, prep_object=about, specificity=heavier)]
    return OwnEvent(name, definition.strip(), entry["type"], texts["examples"], texts["counterexamples"]), own


def _trigger(file: str, where: str, trigger: str, particles: tuple[str, ...]) -> dict[str, Any]:
    """What a trigger asks for: a verb or noun ("sabotage"), a verb with a particle ("blow up"), a noun with a modifier ("gas leak")."""
    parts = trigger.lower().split()
    if len(parts) > 2:
        raise LexiconError(f"{file}: {where}: trigger {trigger!r} has more than two words. Give the verb or the noun that carries it.")
    if len(parts) == 1:
        return {"verb": parts, "noun": parts}
    return {"verb": parts[:1], "particle": parts[1]} if parts[1] in particles else {"noun": parts[1:], "modifier": parts[:1]}


class _SenseBuilder:
    """Turns entries into senses, remembering the ids seen and the sets of heads already put together."""

    TEXT = frozenset({"id", "type", "mode"})
    FLAGS = frozenset({"passive", "reciprocal"})
    HEADS = frozenset({"subject", "object", "prep_object", "clause_head", "modifier"})
    ONE_OR_MORE = frozenset({"particle", "actor", "recipient"})
    LISTS = frozenset({"contexts", "verb", "noun", "adjective", "prep", "clause", "light", "yes", "no"})
    LISTED = HEADS | ONE_OR_MORE | LISTS
    KNOWN = TEXT | FLAGS | LISTED

    def __init__(self, classes: Mapping[str, frozenset[str]], even: Iterable[Iterable[str]]) -> None:
        self.classes = classes
        groups = tuple(map(frozenset, even))
        self.even = {word: frozenset[str]().union(*(g for g in groups if word in g)) for word in frozenset[str]().union(*groups)}
        self.evened = frozenset(self.even)
        self.closed = {name: words | self.alike(words) for name, words in classes.items()}
        self.ontology = plover()
        self.seen: set[str] = set()
        self.heads: dict[tuple[str, ...], Heads] = {(): Heads()}

    def __call__(self, file: str, entry: Mapping[str, Any], *, examples: bool) -> Sense:
        name = entry.get("id")
        if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            raise LexiconError(f"{file}: sense {len(self.seen) + 1}: id {name!r} must be a string of small letters, digits and hyphens.")
        where = f"sense {name!r}"
        if name in self.seen:
            raise LexiconError(f"{file}: {where}: the id is used twice. Choose another.")
        self.seen.add(name)
        _no_others(file, where, entry, self.KNOWN)
        lists: dict[str, tuple[str, ...]] = dict.fromkeys(self.LISTED, ())
        lists |= {key: self._list(file, where, key, entry[key]) for key in self.LISTED & entry.keys()}
        self.check(file, where, entry, lists)
        if not (lists["verb"] or lists["noun"] or lists["adjective"]):
            raise LexiconError(f"{file}: {where}: needs a verb, a noun or an adjective.")
        if examples and not (lists["yes"] and lists["no"]):
            raise LexiconError(f"{file}: {where}: needs at least one example under each of 'yes' and 'no'.")
        heads = {key: self.heads.get(lists[key]) or self._heads(file, f"{where}: {key}", lists[key]) for key in self.HEADS}
        fields: dict[str, Any] = {**lists, **heads}
        passive: bool | None = entry.get("passive")
        constraints = [bool(lists[key]) for key in ("particle", "prep", "clause", "light")] + [passive is not None]
        return Sense(
            id=name,
            type=entry["type"],
            mode=entry.get("mode"),
            passive=passive,
            reciprocal=entry.get("reciprocal", False),
            order=len(self.seen),
            specificity=round(sum(constraints) + sum(head.weight for head in heads.values()), 1),
            **fields,
        )

    def _list(self, file: str, where: str, key: str, value: object) -> tuple[str, ...]:
        if value == "" and key == "particle":
            return ()
        if isinstance(value, str) and key in self.ONE_OR_MORE:
            value = [value]
        return _texts(file, f"{where}: {key}", value)

    def check(self, file: str, where: str, entry: Mapping[str, Any], lists: Mapping[str, tuple[str, ...]]) -> None:
        """Refuses a type, mode, context or clause that there is not."""
        kind = self.ontology.types.get(str(entry.get("type")))
        if kind is None:
            raise LexiconError(f"{file}: {where}: unknown type {entry.get('type')!r}. Types: {', '.join(self.ontology.types)}.")
        if "mode" in entry and str(entry["mode"]) not in kind.modes:
            raise LexiconError(
                f"{file}: {where}: {entry['mode']!r} is no mode of {kind.name}. Modes: {', '.join(sorted(kind.modes)) or 'none'}."
            )
        for found, allowed, noun in (
            (lists["contexts"], self.ontology.contexts, "context"),
            (lists["clause"], CLAUSES | {"-"}, "clause"),
        ):
            unknown = [item for item in found if item not in allowed]
            if unknown:
                raise LexiconError(f"{file}: {where}: unknown {noun} {unknown[0]!r}. Known: {', '.join(sorted(allowed))}.")
        for key in self.FLAGS & entry.keys():
            if not isinstance(entry[key], bool):
                raise LexiconError(f"{file}: {where}: {key}: must be true or false.")

    def _heads(self, file: str, where: str, listed: tuple[str, ...]) -> Heads:
        own: set[str] = set()
        closed: list[frozenset[str]] = []
        excluded: set[str] = set()
        for item in listed:
            word = item[1:] if item[0] == "!" else item
            if not word:
                raise LexiconError(f"{file}: {where}: '!' excludes nothing. Put a word or a class after it.")
            if word[0] == "@":
                if word[1:] not in self.classes:
                    raise LexiconError(f"{file}: {where}: there is no class {word!r}. Add it under [classes].")
                if word is item:
                    closed.append(self.closed[word[1:]])
                else:
                    excluded |= self.classes[word[1:]]
            elif word not in ("*", "-"):
                (own if word is item else excluded).add(word)
        if "-" in listed and len(listed) > 1:
            raise LexiconError(f"{file}: {where}: '-' (none) stands alone.")
        allowed = own.union(self.alike(own), *closed)
        excluded |= self.alike(excluded) - allowed
        presence: Literal["free", "some", "none"] = "none" if "-" in listed else "some" if "*" in listed or allowed else "free"
        fixed = 0 < len(listed) <= MOST_FIXED and not any(item[0] in "@*-!" for item in listed)
        made = Heads(presence, frozenset() if "*" in listed else frozenset(allowed), frozenset(excluded), fixed)
        self.heads[listed] = made
        return made

    def alike(self, heads: set[str] | frozenset[str]) -> set[str]:
        """The words that are meant with some of these: a list that names a priest means a rabbi too (`alike.toml`)."""
        shared = heads & self.evened if heads else ()
        return set().union(*(self.even[word] for word in shared)) if shared else set()
