"""Text to Analysis: runs the encoder (the only code that touches onnxruntime) and decodes what its heads say.

One article per inference: its windows are padded to its own lengths only, so nothing about an article depends on what is read beside it.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from allegedly.blinding import blinding, parted
from allegedly.decode import Stretch, bio_spans, cue_of, lemma, mean, missed_cues, softmax, spanning_tree, viterbi
from allegedly.errors import ModelError
from allegedly.pieces import Atoms, Ints, Pieces, Window, atoms, empty_feed, fill, load_tokenizer, pieces, windows
from allegedly.records import (
    Analysis,
    EntityType,
    RawAct,
    RawAttribution,
    RawLink,
    RawMention,
    RawStance,
    RawWording,
    Span,
    Token,
    Unread,
)

Floats = npt.NDArray[np.float32]
Feed = dict[str, Ints]
Watch = Callable[[float], None]
"""Told, now and then, what share of a text has been through the encoder: in [0, 1]."""

TOGETHER = 1
"""Windows of one article that go through the encoder at once. One by one nothing is padded, which is a quarter faster than four
at a time; it bounds memory, and is fixed so that no reading depends on it."""

DECODED = 4
"""Windows whose chains of tags are decoded together, which is quicker; it bounds memory, and no reading depends on it."""

SUMS = Path(str(files("allegedly"))) / "data" / "sums.onnx"
"""One product of 8-bit numbers: four factors with four of 127 (`training.export.sums` makes it)."""

MIDLINE = 0.95
"""The least probability of a sentence's beginning right after a word, with neither punctuation nor a line's end between them."""
LOADED = 0.25
"""The least probability of a loaded word: where F1 is highest, since most words are plain."""
CUE = 0.8
"""The least probability with which a source or content points at a cue that the chain of roles lacks: it is then read again with it."""
POINTED = 6.0
"""What is then added to the score of a cue's beginning there: more than the chain's moves can take off."""
SHARED = 0.1
"""The least probability with which a source is that of a cue that has none, too ("[Varga] denied that ..., but conceded ...")."""

_PREDICATES = frozenset({"VERB", "NOUN", "ADJ", "PROPN"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_QUOTES = frozenset("\"“„«‘'")
_TYPES: dict[str, EntityType] = {"person": "person", "organization": "organization", "place": "place", "group": "group", "other": "other"}
_LEFT_OUT = frozenset(
    {"acl:relcl", "acl", "appos", "parataxis", "punct", "cc", "conj", "dep", "list", "ccomp", "advcl", "cop", "nsubj", "mark", "case"}
)


def sums_exactly() -> bool:
    """Whether onnxruntime adds up 8-bit products exactly here. x64 processors without VNNI clip the sum of two to 16 bits unless a session
    is told not to ("session.x64quantprecision"), which costs the encoder a sixth of its time there, and on a processor with VNNI more than
    half: so it is asked for by a product of the largest numbers, a thousandth of a second's work.
    """
    import onnxruntime

    small = onnxruntime.SessionOptions()
    small.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(SUMS.read_bytes(), small, providers=["CPUExecutionProvider"])
    factors = np.full((2, 4), 255, np.uint8)
    return bool((session.run(None, {"factors": factors})[0] == 4 * 255 * 127).all())


@dataclass(frozen=True, slots=True)
class _Heads:
    """What the encoder says of one window's core: tag, arc, link and antecedent scores, relation projections; and the window, with the
    scores of its `chains` of tags from end to end.
    """

    window: Window
    tags: dict[str, Floats]
    chains: dict[str, Floats]
    arcs: Floats
    dependent: Floats
    governor: Floats
    links: Floats
    coref: Floats


def _core(w: Window) -> slice:
    """The core's place in its window."""
    return slice(w.core_first - w.first, w.core_last - w.first)


class Model:
    """The encoder, its tokenizer and its label tables. Use `Model.load()`; what instances remember between texts changes no reading."""

    def __init__(self, session: Any, tokenizer: Any, table: dict[str, Any], sha256: str) -> None:
        self.session = session
        self.sha256 = sha256
        self.blind = blinding()
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}  # word pieces of forms met before
        self._labels: dict[str, list[str]] = table["labels"]
        self._order: list[str] = table["order"]
        self._chains = {k: (np.array(v["moves"], np.float32), np.array(v["starts"], np.float32)) for k, v in table["chains"].items()}
        self._relation = (np.array(table["rel_weight"], np.float32), np.array(table["rel_bias"], np.float32))
        self._cuts = np.cumsum([len(self._labels[k]) for k in self._order])[:-1]

    @staticmethod
    def folder() -> Path:
        """Where the package keeps its English model."""
        return Path(str(files("allegedly"))) / "data" / "en"

    @classmethod
    def load(cls, folder: Path | None = None, *, threads: int = 1) -> "Model":
        """The model of a language folder (the package's English one by default).

        Raises ModelError when a file is missing, damaged, or not one of ours.
        """
        import onnxruntime

        folder = folder or cls.folder()
        path, vocabulary = folder / "model.onnx", folder / "tokenizer.json"
        for file in (path, vocabulary):
            if not file.is_file():
                raise ModelError(f"{file.name} is missing from {folder}: install the package again, or build the model with `make model`")
        data = path.read_bytes()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            if not sums_exactly():  # readings must not differ from one machine to another
                options.add_session_config_entry("session.x64quantprecision", "1")
            session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
            table = json.loads(session.get_modelmeta().custom_metadata_map["allegedly"])
            tokenizer = load_tokenizer(str(vocabulary))
        except KeyError as error:
            raise ModelError(f"{path.name} carries no label tables: it was not built by `make model`") from error
        except Exception as error:  # onnxruntime and tokenizers raise plain RuntimeError and Exception subclasses of their own
            raise ModelError(f"{path.name} could not be loaded ({error}): install the package again") from error
        digest = hashlib.sha256(data)
        digest.update(vocabulary.read_bytes())
        return cls(session, tokenizer, table, digest.hexdigest())

    # --- running ---------------------------------------------------------------------------------------------

    def _prepare(self, text: str) -> tuple[Atoms, Pieces, list[Window]]:
        found = self.blind.joined(atoms(text))
        read = self.blind(found)
        split = pieces(read, self._tokenizer, self._known)
        return replace(found, case=read.case), split, list(windows(found, split))

    def _feeds(self, found: Atoms, split: Pieces, cut: list[Window]) -> Iterator[tuple[list[Window], Feed]]:
        for at in range(0, len(cut), TOGETHER):
            group = cut[at : at + TOGETHER]
            width = max(int(split.first[w.last] - split.first[w.first]) for w in group) + 2
            feed = empty_feed(len(group), width, max(w.last - w.first for w in group))
            for row, w in enumerate(group):
                fill(feed, row, found, split, w.first, w.last)
            yield group, feed

    def encode_inputs(self, text: str) -> list[Feed]:
        """The padded inputs of the encoder for a text, as `analyse` would run them: for benchmarks."""
        return [feed for _, feed in self._feeds(*self._prepare(text))]

    def _run(self, group: list[Window], feed: Feed) -> Iterator[_Heads]:
        tags, arcs, dependent, governor, links, coref = self.session.run(None, feed)
        scores = dict(zip(self._order, np.split(tags, self._cuts, axis=-1), strict=True))
        for row, w in enumerate(group):
            core, length = _core(w), w.last - w.first
            yield _Heads(
                w,
                {k: v[row, core] for k, v in scores.items()},
                {k: scores[k][row, :length] for k in self._chains},
                arcs[row, core, : length + 1],
                dependent[row, core],
                governor[row, : length + 1],
                links[row, core, core],
                coref[row, core, : length + 1],
            )

    def _chained(self, run: list[_Heads]) -> Iterator[tuple[_Heads, dict[str, Ints]]]:
        """Windows with their best tags. Where links point at cues that the chain of roles lacks, it is read again with them."""
        best = iter(viterbi([(heads.chains[k], *self._chains[k]) for heads in run for k in self._chains]))
        found = [{k: next(best)[_core(heads.window)] for k in self._chains} for heads in run]
        roles = self._labels["roles"]
        missed = [missed_cues(heads.links, tags["roles"], roles, CUE) for heads, tags in zip(run, found, strict=True)]
        again = [n for n, at in enumerate(missed) if len(at)]
        if again:
            chains = [(_pointed(run[n], missed[n], roles), *self._chains["roles"]) for n in again]
            for n, path in zip(again, viterbi(chains), strict=True):
                found[n]["roles"] = path[_core(run[n].window)]
        yield from zip(run, found, strict=True)

    def analyse(self, text: str, *, watch: Watch | None = None) -> Analysis:
        """All that the heads say of a text. The empty text gives an empty analysis."""
        found, split, cut = self._prepare(text)
        draft = _Draft(text, self._labels, self._relation)
        for at in range(0, len(cut), DECODED):
            run = [heads for group, feed in self._feeds(found, split, cut[at : at + DECODED]) for heads in self._run(group, feed)]
            for heads, chains in self._chained(run):
                draft.add(found, heads, chains)
                if watch is not None:
                    watch(heads.window.core_last / len(found))
        return parted(draft.finish(), found)


class _Draft:
    """An analysis in the making, window by window."""

    def __init__(self, text: str, labels: dict[str, list[str]], relation: tuple[Floats, Floats]) -> None:
        self.text = text
        self.labels = labels
        self.relation = relation
        self.root = labels["relation"].index("root")
        self.features = ["" if features == "_" else features for features in labels["feats"]]
        self.tokens: list[Token] = []
        self.sentences: list[tuple[int, int]] = []
        self.mentions: list[RawMention] = []
        self.attributions: list[RawAttribution] = []
        self.acts: list[RawAct] = []
        self.stances: list[RawStance] = []
        self.links: list[RawLink] = []
        self.wording: list[RawWording] = []
        self.slanted: list[float] = []
        self.atoms: list[int] = []  # the atom at which each token begins

    def add(self, found: Atoms, heads: _Heads, chains: dict[str, Ints]) -> None:
        """Decode the core of one window and append what it holds."""
        base, first = heads.window.core_first, len(self.tokens)
        words, joined, begins = self._segment(found, heads)
        n = len(heads.tags["segment"])
        ends = np.append(words[1:], n)
        self._parse(found, heads, words, ends, joined, begins)
        self.atoms += (words + base).tolist()
        owner = np.searchsorted(words, np.arange(n), "right") - 1 + first
        mentioned = len(self.mentions)
        self._mention(heads, chains["names"], words, owner, first)
        self._attribute(found, heads, chains["roles"], base)
        self._act(heads, words, first)
        self._judge(heads, words, first, self.mentions[mentioned:])
        self._colour(heads, words, ends, first)
        self._corefer(heads, first)

    def _segment(self, found: Atoms, heads: _Heads) -> tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Atoms of the core that begin a word; which of those words are joined to the one before; which begin a sentence."""
        w = heads.window
        kind = heads.tags["segment"].argmax(-1)
        gap = found.gap[w.core_first : w.core_last]
        for i in np.flatnonzero((kind == 3) & (gap == 2)):  # amid a line, after a word: only where the head is sure
            if found.forms[w.core_first + i - 1][-1].isalnum() and softmax(heads.tags["segment"][i])[3] < MIDLINE:
                kind[i] = 1
        kind = np.where((gap >= 2) & (kind < 3), 1, kind)
        named = [i for i, form in enumerate(found.forms[w.core_first : w.core_last]) if not form.isalnum() and len(form.split()) > 1]
        kind[named] = np.maximum(kind[named], 1)  # a name of several words ends no other
        kind = np.where((gap == 4) | (gap == 5), 3, kind)
        kind[0] = 3
        words = np.flatnonzero(kind > 0)
        return words, kind[words] == 2, kind[words] == 3

    def _parse(
        self, found: Atoms, heads: _Heads, words: Ints, ends: Ints, joined: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_]
    ) -> None:
        w, base, begun = heads.window, len(self.tokens), len(self.sentences)
        labels = self.labels
        offset = w.core_first - w.first
        upos = heads.tags["upos"][words].argmax(-1)
        feats = heads.tags["feats"][words].argmax(-1)
        lemmas = heads.tags["lemma"][words].argmax(-1)
        starts = np.flatnonzero(begins)
        parents = np.empty(len(words), np.int64)
        columns = np.concatenate(([0], words + (offset + 1)))
        for a, b in pairwise([*starts.tolist(), len(words)]):
            columns[a] = 0  # the root, where the sentence before had its last word
            parents[a:b] = spanning_tree(heads.arcs[words[a:b, None], columns[a : b + 1]]) + (a - 1)  # 0 was the root, now a - 1
        parents[parents == np.repeat(starts - 1, np.diff(starts, append=len(words)))] = -1
        columns = np.where(parents < 0, 0, words[parents] + (offset + 1))
        hidden = np.maximum(heads.dependent[words] + heads.governor[columns], 0)
        relation = hidden @ self.relation[0] + self.relation[1]
        relation[:, self.root] = -1e9
        names = np.where(parents < 0, self.root, relation.argmax(-1))
        self.sentences += pairwise([*(starts + base).tolist(), base + len(words)])
        columns_of_tokens = (
            found.start[w.core_first + words],
            found.end[w.core_first + ends - 1],
            upos,
            feats,
            lemmas,
            np.where(parents < 0, -1, parents + base),
            names,
            np.cumsum(begins) + (begun - 1),
            joined,
        )
        text, tags, scripts, relations = self.text, labels["upos"], labels["lemma"], labels["relation"]
        for start, end, up, ft, lm, head, name, sentence, j in zip(*(c.tolist() for c in columns_of_tokens), strict=True):
            form, tag = text[start:end], tags[up]
            self.tokens.append(
                Token(start, end, form, lemma(form, tag, scripts[lm]), tag, self.features[ft], head, relations[name], sentence, j)
            )

    def _mention(self, heads: _Heads, tags: Ints, words: Ints, owner: Ints, first: int) -> None:
        """Names from the chain, and those that it leaves out of a run of proper nouns; nominals from the mention head and the tree."""
        tokens = self.tokens
        likely_names = softmax(heads.tags["names"])
        certainty = likely_names[np.arange(len(tags)), tags]
        covered: set[int] = set()
        apart: set[int] = set()
        for start, end, kind in bio_spans(tags.tolist(), self.labels["names"]):
            score = round(mean(certainty[start:end]), 4)
            whole = (int(owner[start]), int(owner[end - 1]) + 1)
            if _several(tokens, *whole, kind):
                apart.update(range(*whole))
                continue
            for a, b in (part for one in _without_verbs(tokens, *whole) for part in _coordinated(tokens, *one)):
                if a in covered or (b - 1) in covered or not any(_telling(token) for token in tokens[a:b]):
                    continue
                covered.update(range(a, b))
                self.mentions.append(RawMention(a, b, _top(tokens, a, b), _TYPES[kind], True, score))
        kinds = heads.tags["mentions"][words]
        likely = softmax(kinds)
        told = [self.labels["mentions"][kind] for kind in kinds.argmax(-1).tolist()]
        for a, b in _proper(tokens, first, [kind == "time" for kind in told], apart):
            if covered.isdisjoint(range(a, b)):
                covered.update(range(a, b))
                head = _top(tokens, a, b)
                kind, score = _likeliest(likely_names[words[a - first : b - first]], self.labels["names"])
                self.mentions.append(RawMention(a, b, head, _TYPES.get(told[head - first], _TYPES[kind]), True, round(score, 4)))
        children: dict[int, list[int]] = {}
        for i in range(first, len(tokens)):
            children.setdefault(tokens[i].head, []).append(i)
        for i, kind_ in enumerate(kinds.argmax(-1).tolist()):
            at = first + i
            name = self.labels["mentions"][kind_]
            if at in covered or name not in ("person", "organization", "place") or tokens[at].upos not in ("NOUN", "PROPN", "ADJ", "NUM"):
                continue
            a, b = _extent(tokens, children, at)
            plural = name == "person" and "Number=Plur" in tokens[at].features
            self.mentions.append(RawMention(a, b, at, "group" if plural else _TYPES[name], False, round(float(likely[i, kind_]), 4)))

    def _attribute(self, found: Atoms, heads: _Heads, tags: Ints, base: int) -> None:
        """Attribution spans from the chain; sources and contents go to the cue that the link head points to."""
        certainty = softmax(heads.tags["roles"])[np.arange(len(tags)), tags]
        spans = bio_spans(tags.tolist(), self.labels["roles"])
        if not spans:
            return

        def at(s: Stretch) -> Span:
            return int(found.start[base + s[0]]), int(found.end[base + s[1] - 1])

        def score(s: Stretch) -> float:
            return mean(certainty[s[0] : s[1]])

        cues = [s for s in spans if s[2] == "cue"]
        groups: list[dict[str, list[Stretch]]] = [{"cue": [c], "source": [], "content": []} for c in cues]
        shared: list[tuple[float, int, Stretch]] = []
        gap = found.gap[base : base + len(tags)]
        paragraph = np.cumsum((gap == 3) | (gap == 4))
        for s in spans:
            if s[2] == "cue":
                continue
            best, likely = cue_of(heads.links[s[0]], s, cues)
            near = best >= 0 and paragraph[s[0]] == paragraph[cues[best][0]]
            # only quotations are carried on from paragraph to paragraph, and none to a cue that comes later
            carried = best >= 0 and s[2] == "content" and found.forms[base + s[0]] in _QUOTES and cues[best][0] < s[0]
            if near or carried:
                groups[best][s[2]].append(s)
            elif s[2] == "content":
                groups.append({"cue": [], "source": [], "content": [s]})
            if s[2] == "source" and near:
                near_by = (k for k, c in enumerate(cues) if paragraph[c[0]] == paragraph[s[0]] and likely[k] >= SHARED)
                shared += [(float(likely[k]), k, s) for k in near_by]
        for _, k, s in sorted(shared, reverse=True):
            groups[k]["source"] = groups[k]["source"] or [s]
        for g in groups:
            members = [s for role in g.values() for s in role]
            where: dict[str, tuple[Span, ...]] = {role: tuple(at(s) for s in found_) for role, found_ in g.items()}
            self.attributions.append(
                RawAttribution(where["source"], where["cue"], where["content"], round(sum(map(score, members)) / len(members), 4))
            )

    def _act(self, heads: _Heads, words: Ints, first: int) -> None:
        """What words do that can be predicates: an act, or "none"."""
        likely = softmax(heads.tags["acts"][words])
        acts = self.labels["acts"]
        for at, (best, score) in enumerate(zip(likely.argmax(-1).tolist(), likely.max(-1).tolist(), strict=True), first):
            if self.tokens[at].upos in _PREDICATES:
                self.acts.append(RawAct(at, acts[best], round(score, 4)))

    def _judge(self, heads: _Heads, words: Ints, first: int, mentions: list[RawMention]) -> None:
        """How mentions and pronouns are spoken of: the mean score of a mention's words."""
        spans = {m.head: (m.first - first, m.last - first) for m in mentions}
        pronouns = (at for at in range(first, len(self.tokens)) if self.tokens[at].upos == "PRON" and at not in spans)
        spans |= {at: (at - first, at - first + 1) for at in pronouns}
        if not spans:
            return
        scores = heads.tags["stance"][words]
        heads_ = sorted(spans)
        at = np.array([spans[head] for head in heads_])
        starts, lengths = at[:, 0], at[:, 1] - at[:, 0]
        sums = scores[starts]
        for beyond in range(1, int(lengths.max())):
            longer = np.flatnonzero(lengths > beyond)
            sums[longer] += scores[starts[longer] + beyond]
        likely = softmax(sums / lengths[:, None].astype(np.float32)).tolist()
        self.stances += [RawStance(head, round(a, 4), round(b, 4), round(c, 4)) for head, (a, b, c) in zip(heads_, likely, strict=True)]

    def _colour(self, heads: _Heads, words: Ints, ends: Ints, first: int) -> None:
        """Runs of loaded words, and how likely readers find each sentence biased."""
        loaded = softmax(heads.tags["wording"][words])[:, 1]
        start = -1
        for i, on in enumerate([*(loaded >= LOADED).tolist(), False]):
            breaks = start >= 0 and i < len(words) and self.tokens[first + i].sentence != self.tokens[first + start].sentence
            if start >= 0 and (not on or breaks):
                self.wording.append(RawWording(first + start, first + i, round(mean(loaded[start:i]), 4)))
                start = -1
            if on and start < 0:
                start = i
        slanted = softmax(heads.tags["slanted"])[:, 1]
        for a, b in self.sentences[len(self.slanted) :]:
            low, high = int(words[a - first]), int(ends[b - 1 - first])
            self.slanted.append(round(mean(slanted[low:high]), 4))

    def _corefer(self, heads: _Heads, first: int) -> None:
        """For each noun and pronoun the likeliest antecedent in the window, where one is likelier than none."""
        w = heads.window
        begin = bisect_left(self.atoms, w.first)
        nouns = [i for i in range(begin, len(self.tokens)) if self.tokens[i].upos in _NOMINAL]
        rows = [i for i in nouns if i >= first]
        if not rows:
            return
        at = np.array([self.atoms[i] for i in nouns]) - w.first
        own = np.array([self.atoms[i] for i in rows]) - w.first
        scores = heads.coref[own - (w.core_first - w.first)][:, np.concatenate(([0], at + 1))]
        scores[:, 1:][at[None, :] >= own[:, None]] = -1e4
        likely = softmax(scores)
        best = likely[:, 1:].argmax(-1)
        for i, token in enumerate(rows):
            if likely[i, 0] < 0.5:
                self.links.append(RawLink(token, nouns[int(best[i])], round(1.0 - float(likely[i, 0]), 4)))

    def finish(self) -> Analysis:
        mentions = tuple(sorted(self.mentions, key=lambda m: (m.first, -m.last)))
        attributions = tuple(sorted(self.attributions, key=lambda a: min((*a.source, *a.cue, *a.content))))
        unread = () if self.tokens or not self.text.strip() else (Unread(0, len(self.text), "no words found"),)
        return Analysis(
            self.text,
            tuple(self.tokens),
            tuple(self.sentences),
            mentions,
            attributions,
            unread,
            tuple(self.acts),
            tuple(self.stances),
            tuple(self.links),
            tuple(self.wording),
            tuple(self.slanted),
        )


def _pointed(heads: _Heads, at: Ints, names: list[str]) -> Floats:
    """The scores of a window's chain of roles, with cues at these atoms of its core."""
    scores = heads.chains["roles"].copy()
    scores[at + _core(heads.window).start, names.index("B-cue")] += POINTED
    return scores


def _without_verbs(tokens: list[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    """A name that holds a verb is what stands on either side of it, from its first to its last word with a capital."""
    verbs = [i for i in range(first, last) if tokens[i].upos in ("VERB", "AUX") and tokens[i].form.islower()]
    if not verbs:
        yield first, last
        return
    for a, b in pairwise([first - 1, *verbs, last]):
        named = [i for i in range(a + 1, b) if tokens[i].form[:1].isupper() and tokens[i].upos == "PROPN"]
        if named:
            yield named[0], named[-1] + 1


def _top(tokens: list[Token], first: int, last: int) -> int:
    """The first word of a range whose own head lies outside."""
    return next((i for i in range(first, last) if not first <= tokens[i].head < last), first)


def _proper(tokens: list[Token], first: int, timed: list[bool], apart: set[int]) -> Iterator[tuple[int, int]]:
    """Runs of proper nouns from a token on, of two words or more, or of those `apart`; `timed` says which tokens tell a time."""
    at = first
    while at < len(tokens):
        end = at + _named(tokens[at])
        while at < end < len(tokens) and tokens[end].sentence == tokens[at].sentence and not timed[end - first]:
            if tokens[end].upos == "PROPN":
                end += 1
            elif _hyphened(tokens, end):
                end += 2
            else:
                break
        if timed[at - first]:
            end = at
        if end - at > 1 or (end > at and at in apart):
            yield at, end
        at = max(end, at + 1)


def _named(token: Token) -> bool:
    return token.upos == "PROPN" and (token.form[:1].isupper() or " " in token.form)  # "van der Meulen" is one word here


def _telling(token: Token) -> bool:
    """Whether a word can name by itself: neither a small function word nor a mark."""
    return token.form[:1].isupper() or (token.upos in ("NOUN", "PROPN", "ADJ", "NUM", "VERB", "ADV", "X") and token.form[:1].isalnum())


def _hyphened(tokens: list[Token], at: int) -> bool:
    """Whether a hyphen stands between an article and the proper noun that it is written as one with: "al[-]Rashidi"."""
    if tokens[at].form != "-" or not 0 < at < len(tokens) - 1 or tokens[at + 1].upos != "PROPN" or not tokens[at - 1].form.islower():
        return False
    return tokens[at - 1].end == tokens[at].start and tokens[at].end == tokens[at + 1].start


def _likeliest(likely: Floats, labels: list[str]) -> tuple[str, float]:
    """The type of name that words have if they are one, and its probability: `likely` (words, labels)."""
    shares = {kind: float(likely[:, [labels.index(f"B-{kind}"), labels.index(f"I-{kind}")]].sum(1).mean()) for kind in _TYPES}
    kind = max(shares, key=lambda kind: shares[kind])
    return kind, shares[kind]


def _coordinated(tokens: list[Token], first: int, last: int) -> list[tuple[int, int]]:
    """A name of the form "X and Y", with one proper noun on either side, is two names."""
    if last - first != 3 or tokens[first + 1].upos != "CCONJ" or tokens[first + 2].relation != "conj":
        return [(first, last)]
    both = tokens[first].upos == tokens[first + 2].upos == "PROPN"
    return [(first, first + 1), (first + 2, last)] if both else [(first, last)]


def _several(tokens: list[Token], first: int, last: int, kind: str) -> bool:
    """Whether a range is no name but several: full names in a list ("Ada Lund, Ivo Rask and Mo Velm"), persons with "and" between them, or
    one behind a noun and another ("Osk striker Ada Lund").
    """
    if kind == "person" and any(t.upos == "CCONJ" for t in tokens[first:last]) and any(t.relation == "conj" for t in tokens[first:last]):
        return True
    if any(t.upos == "NOUN" and t.form.islower() for t in tokens[first + 1 : last - 1]) and _named(tokens[last - 1]):
        return True
    breaks = [i for i in range(first, last) if tokens[i].form == "," or tokens[i].upos == "CCONJ"]
    parts = [range(a + 1, b) for a, b in pairwise([first - 1, *breaks, last]) if b - a > 1]
    full = (len(part) > 1 and _named(tokens[part[0]]) for part in parts)
    return len(parts) > 1 and all(full) and all(tokens[i].upos == "PROPN" or _hyphened(tokens, i) for part in parts for i in part)


def _extent(tokens: list[Token], children: dict[int, list[int]], head: int) -> tuple[int, int]:
    """The words of a nominal: its head with determiners, modifiers and phrases, without clauses, appositions and conjuncts."""
    low, high = head, head + 1
    stack = [c for c in children.get(head, ()) if tokens[c].relation not in _LEFT_OUT]
    while stack:
        i = stack.pop()
        low, high = min(low, i), max(high, i + 1)
        stack += [c for c in children.get(i, ()) if tokens[c].relation not in ("acl:relcl", "appos", "parataxis", "punct", "advcl")]
    return low, high


@lru_cache(maxsize=2)
def loaded(threads: int = 1) -> Model:
    """The package's own model, loaded once a process."""
    return Model.load(threads=threads)
