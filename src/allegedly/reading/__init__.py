"""Analysis to Reading: visible rules over what the model found, in the order in which they run.

lemmas -> mentions and entities -> predications -> attributions -> events -> roles -> certainty -> voices -> statements, with times, places
and quantities -> evaluations and wording -> reasons -> scores calibrated
"""

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from allegedly.blinding import blinding
from allegedly.gazetteer import user_bytes
from allegedly.language import EventLexicon, event_lexicon, word_sets
from allegedly.model import Model, Watch, loaded
from allegedly.reading import coreference, entities, events, judgements, stance, timex, wording
from allegedly.reading.attribution import Attributions
from allegedly.reading.calibration import calibrated, measured
from allegedly.reading.certainty import Certainty
from allegedly.reading.connectives import Connectives
from allegedly.reading.contexts import Contexts
from allegedly.reading.headlines import spelled_out
from allegedly.reading.lemmas import corrected
from allegedly.reading.offices import names_behind_offices
from allegedly.reading.quantities import Quantities
from allegedly.reading.reasons import grounds, outline
from allegedly.reading.repairs import repaired
from allegedly.reading.roles import Roles
from allegedly.reading.statements import Finder, Predication
from allegedly.reading.tree import Tree
from allegedly.reading.turns import turns_told
from allegedly.reading.voices import Voices, is_framing, reported
from allegedly.reading.when import Times
from allegedly.reading.where import Places
from allegedly.records import Analysis, Article, Attribution, Evaluation, Reader, Reading, Statement, Wording, uncollected

NOT_THE_AUTHOR = ("furniture", "disclaimer", "byline")
"""Kinds of notes in which nothing is looked for: they are the publisher's words."""


@lru_cache(maxsize=1)
def reader_version() -> tuple[str, str]:
    """The package's version, and one hash of its lexicons, gazetteer and code (the model's weights have their own)."""
    digest = hashlib.sha256()

    def walk(folder: Traversable) -> None:
        for item in sorted(folder.iterdir(), key=lambda f: f.name):
            if item.is_dir():
                walk(item)
            elif item.name.endswith((".toml", ".tsv", ".py")):
                digest.update(item.name.encode())
                digest.update(item.read_bytes())

    walk(files("allegedly"))
    digest.update(user_bytes())
    try:
        number = version("allegedly")
    except PackageNotFoundError:
        number = "0.1.0"
    return number, digest.hexdigest()


@lru_cache(maxsize=8)
def events_version(events: Path | None) -> str | None:
    """The hash of a user's event file."""
    return hashlib.sha256(events.read_bytes()).hexdigest() if events else None


@lru_cache(maxsize=1)
def _equipped() -> Model:
    """The package's model, loaded by a thread of its own while this one fills the tables that every article needs."""
    with ThreadPoolExecutor(1) as beside:
        model = beside.submit(loaded)
        for fill in (blinding, event_lexicon, reader_version, measured, coreference.weights, timex.lexicon, judgements.lexicon):
            fill()
        return model.result()


@uncollected()
def read_article(
    article: Article,
    *,
    tokens: bool = False,
    model: Model | None = None,
    events: Path | None = None,
    watch: Watch | None = None,
    raw: bool = False,
) -> Reading:
    """Everything Allegedly finds in one article, with `tokens` also its words and trees, with `events` also a user's own event types.

    Deterministic: the same article gives the same reading, whatever was read before it. `watch` is told what share of the text the
    model has read. Raises ModelError when the package's model is not usable. `raw` leaves the scores as they
    come, for their calibration to be fitted.
    """
    model = model or _equipped()
    lexicon = event_lexicon(extra=events)
    text = _Pass(mended(model.analyse(article.text, watch=watch), events), article, lexicon)
    attributions, statements = text.attributions, text.statements(1)
    reasons, thesis = outline(text.connectives, text.said, article.genre.label)
    if article.title and article.title.strip():
        title = _Pass(mended(model.analyse(article.title), events), None, lexicon, title_of=text)
        title.times = Times(title.tree, article, headline=True)
        attributions += title.attributions
        statements += title.statements(len(statements) + 1)
    analysis = text.analysis
    number, data = reader_version()
    reading = Reading(
        article=article,
        sentences=tuple((analysis.tokens[a].start, analysis.tokens[b - 1].end) for a, b in analysis.sentences),
        mentions=text.mentions,
        entities=text.entities,
        attributions=attributions,
        statements=tuple(statements),
        evaluations=text.evaluations(),
        wording=text.wording(machine=bool(article.translation and article.translation.by == "machine")),
        reasons=reasons,
        thesis=thesis,
        unread=analysis.unread,
        reader=Reader(number, model.sha256, data, events_version(events)),
        tokens=analysis.tokens if tokens else (),
    )
    return reading if raw else calibrated(reading, measured())


def mended(analysis: Analysis, events: Path | None = None) -> Analysis:
    """The model's analysis as the rules read it: lemmas made sure of, headlines spelled out, names apart from offices, turns told by their
    labels, the tree mended.
    """
    return repaired(turns_told(names_behind_offices(spelled_out(corrected(analysis, extra=events), extra=events))))


class _Pass:
    """The rules over one analysis: an article's text, or (with `title_of`) its title, whose entities are those of the text."""

    def __init__(self, analysis: Analysis, article: Article | None, lexicon: EventLexicon, *, title_of: "_Pass | None" = None) -> None:
        self.analysis = analysis
        self.in_title = title_of is not None
        self.tree = Tree(analysis)
        self.times = Times(self.tree, article)
        self.mentions, self.entities = entities.resolve(analysis, article)
        self.lexicon = lexicon
        self.cues, self.predicates = word_sets("cues"), word_sets("predicates")
        self.notes = tuple((n.start, n.end) for n in article.notes if n.kind in NOT_THE_AUTHOR) if article else ()
        self.connectives = Connectives(self.tree)
        self.grounds = grounds(self.connectives)
        self.said: list[tuple[Predication, Statement]] = []
        self.finder = Finder(self.tree, self.predicates, self.lexicon.by_noun, self.grounds, self.lexicon.by_verb)
        self.entity_at = {m.head[0]: m.entity for m in self.mentions if m.entity}
        named = frozenset(m.entity for m in self.mentions if m.named and m.entity)
        self.attributor = Attributions(self.tree, self.mentions, self.cues, named)
        taken = len(title_of.attributions) if title_of else 0
        found = self.attributor.find(self.finder, first=taken + 1)
        self.attributions: tuple[Attribution, ...] = tuple(a for a in found if not self._noted(a.content[0][0]))
        self.voices = Voices(tuple(a for a in self.attributions if self.attributor.speaks(a)))
        self.judgements = judgements.Judgements(self.tree, self.finder)
        if title_of is not None:
            self._adopt(title_of)
        else:
            self.attributions += stance.attributed(self.judgements, self.mentions, self.attributions, first=len(found) + 1)
        self.by_id = {a.id: a for a in self.attributions}
        self.places: Places = Places(self.tree, self.mentions, self.entities, article, text=title_of.places if title_of else None)

    def _adopt(self, text: "_Pass") -> None:
        """The title's entities are the text's where a name agrees, and unknown where none does."""
        known = {form.lower(): e.id for e in text.entities for form in (e.name, *e.aliases)}
        same = {e.id: known[f.lower()] for e in self.entities for f in (*e.aliases, e.name) if f.lower() in known}
        self.entity_at = {at: same[e] for at, e in self.entity_at.items() if e in same}
        self.attributions = tuple(replace(a, within="title", entity=same.get(a.entity or "")) for a in self.attributions)

    def _told(self, heads: tuple[int, ...]) -> tuple[int, ...]:
        """Those that have a part in what is told: not the names of a dateline ("OSKHOLM, Norland (AP) — The minister ...")."""
        return tuple(h for h in heads if self.tree[h].start >= self.times.dateline_end)

    def _noted(self, position: int) -> bool:
        return any(s <= position < e for s, e in self.notes)

    def statements(self, first: int) -> list[Statement]:
        """The statements, sentence by sentence, main clauses first; ids count from `first`."""
        tree, voices = self.tree, self.voices
        certainty = Certainty(tree, word_sets("certainty"), self.cues["speech.clause"])
        cue_words = frozenset(i for a in self.attributions for span in a.cue for i in self.attributor.words_in(span))
        acts = {act.token: act for act in self.analysis.acts}
        predications = [p for p in self.finder.run() if not self._noted(tree[p.head].start)]
        found = [(p, events.match(p, tree, self.lexicon) or events.learned(p, tree, self.lexicon, acts)) for p in predications]
        found = [(events.literal(p, m, tree, self.predicates["light_inverse"]), m) for p, m in found]
        absorbed = events.absorbed(found, tree)
        found = [(p, events.in_passing(p, m, tree, absorbed)) for p, m in found if self._tells(p, m, absorbed)]
        found = events.told_once(found, tree)
        roles = Roles(tree, self.finder, found, self.entity_at)
        contexts = Contexts(tree, found)
        quantities = Quantities(tree, (i for p, _ in found for i in (*p.words, p.head)))
        obligations = word_sets("certainty")["modals.demanded"]
        out: list[Statement] = []
        for p, match in found:
            if is_framing(p, self.predicates, cue_words):
                match = events.said_demand(p, tree, obligations) or match
                announced = p.object and not any(relation in ("ccomp", "parataxis") for relation, _ in p.clauses)  # "announced a truce"
                if not match or not (match.recipient or announced or match.phrase) or match.type == "CONSULT":
                    if not (announced and self._told_of(p)):
                        continue
                    match = None
            voice = voices.of(p, tree)
            speaker = self.by_id.get(voice)
            sure = reported(certainty.judge(p, offered=match is not None and match.type == "AGREE"), speaker, p, tree)
            actor, recipient = (self._told(heads) for heads in roles.of(p, match))
            match = contexts.of(p, match, actor, recipient) if match else None
            phrase = tuple(h for h in match.phrase if h not in (*actor, *recipient)) if match else ()
            event = events.code(match, sure.polarity, sure.status) if match else None
            out.append(
                Statement(
                    id=f"s{first + len(out)}",
                    within="title" if self.in_title else "text",
                    predicate=tree.characters((*p.words, *phrase)),
                    lemma=" ".join(x for x in (p.light, p.lemma, p.particle) if x),
                    actor=roles.spans(actor),
                    recipient=roles.spans(recipient),
                    object=roles.spans(o for o in (*p.object, *p.indirect) if o not in recipient and o not in actor),
                    actor_entities=self._entities(actor),
                    recipient_entities=self._entities(recipient),
                    event=event,
                    polarity=sure.polarity,
                    status=sure.status,
                    sure_rule=sure.rule,
                    sure_score=sure.score,
                    voice=voice,
                    sourcing=self.attributor.sourcing(speaker) if speaker else "none",
                    time=self.times.of(p),
                    place=self.places.of(p),
                    quantities=quantities.of(p, match),
                )
            )
            self.said.append((p, out[-1]))
        return out

    def _told_of(self, p: Predication) -> bool:
        """Whether the object of a verb of saying is what is said, or part of the cue: "claimed victory", not "told the press"."""
        if p.clauses or p.lemma in self.predicates["pointing"]:  # "is expected to leave", "citing two officers"
            return False
        at = self.tree[p.verb].start
        mine = [a for a in self.attributions if any(s <= at < e for s, e in a.cue)]
        whole = [span for a in mine for span in (*a.cue, *a.content)]
        return any(s <= self.tree[o].start < e for s, e in whole for o in p.object)

    def _tells(self, p: Predication, match: events.Match | None, about: Mapping[int, str]) -> bool:
        """Whether a noun or participle without a verb of its own tells of a deed, and not of the one it is the object of."""
        if self.finder.attribute(p.head):
            return p.lemma in self.predicates["undergone"] or (match is not None and match.type in events.UNDERGONE)
        if p.kind == "noun" and not p.light and match and about.get(p.head) == match.type:  # "handed in her resignation"
            return False
        done = p.subject or any(preposition in ("from", "by") and h in self.tree.actors for preposition, h in p.obliques)
        return p.kind != "noun" or bool(p.light or match or p.head in self.grounds or done)

    def evaluations(self) -> tuple[Evaluation, ...]:
        """How somebody speaks of somebody, in the text's order, notes and the dateline left out."""
        found = stance.find(self.judgements, self.mentions, self.attributions, self.voices, self.analysis.stances)
        return tuple(e for e in found if not self._noted(e.target[0][0]) and e.target[-1][0] >= self.times.dateline_end)

    def wording(self, *, machine: bool) -> tuple[Wording, ...]:
        """The author's charged and evasive words; on a machine's translation they are marked."""
        return wording.find(self.judgements, self.mentions, self.attributions, skipped=self.notes, machine=machine)

    def _entities(self, heads: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e for h in heads if (e := self.entity_at.get(self.tree[h].start))))


__all__ = ["read_article"]
