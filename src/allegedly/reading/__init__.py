"""Analysis to Reading: visible rules over what the model found, in the order in which they run.

lemmas -> mentions and entities -> predications -> attributions -> events -> roles -> certainty -> voices -> statements
"""

import hashlib
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from allegedly.language import event_lexicon, words
from allegedly.model import Model, Watch, loaded
from allegedly.reading import entities, events
from allegedly.reading.attribution import Attributions, Voices, is_framing, reported
from allegedly.reading.certainty import Certainty
from allegedly.reading.lemmas import corrected
from allegedly.reading.roles import Roles
from allegedly.reading.statements import Finder
from allegedly.reading.tree import Tree
from allegedly.records import Analysis, Article, Attribution, Reader, Reading, Statement

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
            elif item.name.endswith((".toml", ".py")):
                digest.update(item.name.encode())
                digest.update(item.read_bytes())

    walk(files("allegedly"))
    try:
        number = version("allegedly")
    except PackageNotFoundError:
        number = "0.1.0"
    return number, digest.hexdigest()


def read_article(article: Article, *, tokens: bool = False, model: Model | None = None, watch: Watch | None = None) -> Reading:
    """Everything Allegedly finds in one article, with `tokens` also its words and trees.

    Deterministic: the same article gives the same reading, whatever was read before it. `watch` is told what share of the text the
    model has read. Raises ModelError when the package's model is not usable.
    """
    model = model or loaded()
    text = _Pass(corrected(model.analyse(article.text, watch=watch)), article)
    attributions, statements = text.attributions, text.statements(1)
    if article.title and article.title.strip():
        title = _Pass(corrected(model.analyse(article.title)), None, title_of=text)
        attributions += title.attributions
        statements += title.statements(len(statements) + 1)
    analysis = text.analysis
    number, data = reader_version()
    return Reading(
        article=article,
        sentences=tuple((analysis.tokens[a].start, analysis.tokens[b - 1].end) for a, b in analysis.sentences),
        mentions=text.mentions,
        entities=text.entities,
        attributions=attributions,
        statements=tuple(statements),
        evaluations=(),
        wording=(),
        reasons=(),
        thesis=None,
        unread=analysis.unread,
        reader=Reader(number, model.sha256, data),
        tokens=analysis.tokens if tokens else (),
    )


class _Pass:
    """The rules over one analysis: an article's text, or (with `title_of`) its title, whose entities are those of the text."""

    def __init__(self, analysis: Analysis, article: Article | None, *, title_of: "_Pass | None" = None) -> None:
        self.analysis = analysis
        self.in_title = title_of is not None
        self.tree = Tree(analysis)
        self.mentions, self.entities = entities.resolve(analysis, article)
        self.lexicon = event_lexicon()
        self.cues, self.predicates = words("cues"), words("predicates")
        self.notes = tuple((n.start, n.end) for n in article.notes if n.kind in NOT_THE_AUTHOR) if article else ()
        self.finder = Finder(self.tree, self.predicates, frozenset(self.lexicon.by_noun))
        self.entity_at = {m.head[0]: m.entity for m in self.mentions if m.entity}
        named = frozenset(m.entity for m in self.mentions if m.named and m.entity)
        self.attributor = Attributions(self.tree, self.mentions, self.cues, named)
        taken = len(title_of.attributions) if title_of else 0
        found = self.attributor.find(self.finder, first=taken + 1)
        self.attributions: tuple[Attribution, ...] = tuple(a for a in found if not self._noted(a.content[0][0]))
        if title_of is not None:
            self._adopt(title_of)
        self.by_id = {a.id: a for a in self.attributions}

    def _adopt(self, text: "_Pass") -> None:
        """The title's entities are the text's where a name agrees, and unknown where none does."""
        known = {form.lower(): e.id for e in text.entities for form in (e.name, *e.aliases)}
        same = {e.id: known[f.lower()] for e in self.entities for f in (*e.aliases, e.name) if f.lower() in known}
        self.entity_at = {at: same[e] for at, e in self.entity_at.items() if e in same}
        self.attributions = tuple(replace(a, within="title", entity=same.get(a.entity or "")) for a in self.attributions)

    def _noted(self, position: int) -> bool:
        return any(s <= position < e for s, e in self.notes)

    def statements(self, first: int) -> list[Statement]:
        """The statements, sentence by sentence, main clauses first; ids count from `first`."""
        tree, voices = self.tree, Voices(tuple(a for a in self.attributions if self.attributor.speaks(a)))
        certainty = Certainty(tree, words("certainty"), frozenset(self.cues["speech.clause"]))
        cue_words = frozenset(i for a in self.attributions for span in a.cue for i in self.attributor.words_in(span))
        found = [(p, events.match(p, tree, self.lexicon)) for p in self.finder.run() if not self._noted(tree[p.head].start)]
        found = [(p, match) for p, match in found if match or p.kind != "noun" or p.light]
        roles = Roles(tree, self.finder, found)
        obligations = frozenset(words("certainty")["modals.demanded"])
        out: list[Statement] = []
        for p, match in found:
            if is_framing(p, self.predicates, cue_words):
                match = events.said_demand(p, tree, obligations) or match
                if not match or not match.recipient or match.type == "CONSULT":
                    continue
            voice = voices.of(p, tree)
            speaker = self.by_id.get(voice)
            sure = reported(certainty.judge(p), speaker, p, tree)
            actor, recipient = roles.of(p, match)
            event = events.code(match, sure.polarity, sure.status) if match else None
            out.append(
                Statement(
                    id=f"s{first + len(out)}",
                    within="title" if self.in_title else "text",
                    predicate=tree.characters(p.words),
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
                )
            )
        return out

    def _entities(self, heads: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e for h in heads if (e := self.entity_at.get(self.tree[h].start))))


__all__ = ["read_article"]
