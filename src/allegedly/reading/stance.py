"""How somebody speaks of somebody: evaluations of persons, organizations, groups and countries, by the author or by a source.

Two things decide. The model's stance head (NewsMTSC, Hamborg & Donnay 2021) says how a sentence speaks of a mention, where the model has
one; where it is sure, it decides. Words that praise or blame (`data/en/stance.toml`) decide otherwise, and in either case they are what is
shown; whom a word hits is worked out in `judgements`.

An evaluation is about one entity, by one holder, in one sentence; its target is every mention of the entity there. Polarity 0 is
given only where one holder praises and blames in equal measure; that nothing is said for or against somebody is no finding.
Records have no rule here: on a machine's translation (`article.translation`) evaluations are made, and comparisons leave them out.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from allegedly.language import words
from allegedly.reading.judgements import Judgement, Judgements, Sign
from allegedly.reading.tree import Tree
from allegedly.reading.voices import Voices
from allegedly.records import Attribution, Evaluation, Mention, RawStance, Span, changed

SURE, BACKED = 0.45, 0.4
"""From this probability on the stance head decides where there are no words, and where words say so too, or at least none otherwise."""
OPPOSING, OVERRULING = 0.7, 0.98
"""The weight from which on words do say otherwise, and the probability from which on the head decides against them."""
BARE = 0.95
"""The same for a description ("parents", "hundreds of guests") that no word praises or blames: there the head is mostly wrong."""
ENOUGH = 0.5
"""The weight that words must have together where they decide alone."""
Verdict = tuple[list[int], str, Sign, float, list[Judgement]]
"""Heads of the mentions meant, holder, polarity, score, words."""
_SIDES: tuple[tuple[Literal[-1, 1], str], ...] = ((-1, "negative"), (1, "positive"))


# --- the voices of those who judge -----------------------------------------------------------------------------------


class _Cues:
    """Of which attribution's cue a character is part."""

    def __init__(self, attributions: tuple[Attribution, ...]) -> None:
        self.spans = sorted((*span, a.id) for a in attributions for span in a.cue)

    def at(self, position: int) -> str | None:
        i = bisect_right(self.spans, (position, 1 << 60, "")) - 1
        return self.spans[i][2] if i >= 0 and self.spans[i][0] <= position < self.spans[i][1] else None


def attributed(
    judgements: Judgements, mentions: tuple[Mention, ...], attributions: tuple[Attribution, ...], first: int
) -> tuple[Attribution, ...]:
    """Attributions for judgements in so many words ("the union mocked the bank", "was hailed as a hero") that have none yet.

    Their cue is the verb or noun, their content whoever is judged, with what they are called. Without them a source's word would be the
    author's. Ids count from `first`. Left out are judgements of the author's own ("I admire") and those by nobody named ("was hailed
    as"): these are laid at the door of whoever reports them.
    """
    tree = judgements.tree
    cues = _Cues(attributions)
    entities = {m.head[0]: m.entity for m in mentions}
    documents = words("cues")["source.document"]
    out: list[Attribution] = []
    for verb in sorted({j.judge for j in judgements.found if j.judge >= 0}):
        found = [j for j in judgements.found if j.judge == verb]
        here = (tree[verb].start, tree[verb].end)
        agents = judgements.judges(verb, [j.target for j in found])
        if cues.at(here[0]) or any(tree[x].form.lower() in judgements.syntax["speakers"] for x in agents):
            continue
        if not any(x in tree.actors or x in tree.named or tree[x].upos == "PRON" or tree[x].lemma.lower() in documents for x in agents):
            continue  # "its weight makes it a danger"
        source = tuple(sorted(tree.noun_phrase(x) for x in agents))
        content = _joined([tree.noun_phrase(x) for j in found for x in (j.target, j.word) if x != verb], [*source, here])
        if content and source:
            entity = entities.get(tree[agents[0]].start) if agents else None
            force = judgements.force.get(tree[verb].lemma.lower(), "asserts")
            out.append(
                Attribution(f"a{first + len(out)}", source, (here,), content, entity, "indirect", force, _around(here, attributions), 0.5)
            )
    return tuple(out)


def _joined(spans: list[Span], apart: list[Span]) -> tuple[Span, ...]:
    """Spans as one, or several where the words that are to stay apart lie between them; without any that meet these."""
    kept = sorted({s for s in spans if not any(a < s[1] and s[0] < b for a, b in apart)})
    out: list[Span] = []
    for start, end in kept:
        if out and (start <= out[-1][1] or not any(out[-1][1] <= a < start for a, _ in apart)):
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


def _around(cue: Span, attributions: tuple[Attribution, ...]) -> str | None:
    """The smallest attribution in whose content a cue stands."""
    holding = [a for a in attributions if any(s <= cue[0] and cue[1] <= e for s, e in a.content)]
    return min(holding, key=lambda a: sum(e - s for s, e in a.content)).id if holding else None


# --- from words to evaluations ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Case:
    """What is said of one entity in one sentence: its mentions, and the words for and against by holder."""

    sentence: int
    entity: str | None
    target: dict[int, Span]
    words: dict[str, list[Judgement]]
    people: set[int] = field(default_factory=set)
    """Heads of the mentions of persons, and of those that name a group or body."""
    places: set[int] = field(default_factory=set)


def find(
    judgements: Judgements,
    mentions: tuple[Mention, ...],
    attributions: tuple[Attribution, ...],
    voices: Voices,
    stances: tuple[RawStance, ...] = (),
) -> tuple[Evaluation, ...]:
    """The evaluations of a text, in text order: who speaks well or badly of whom, and in which words.

    `attributions` holds those of `attributed` too, `voices` those that give their contents a voice.
    """
    tree = judgements.tree
    # who is judged does not judge: "spread [false] news"
    outer: dict[tuple[str, str | None], str] = {(a.id, a.entity): a.parent or "author" for a in attributions if a.entity}
    judged = {s.token: s for s in stances if tree[s.token].form.lower() not in judgements.syntax["speakers"]}
    out: list[Evaluation] = []
    for case in _cases(judgements, mentions, attributions, voices):
        sure = _sure(case, judged)
        for heads, holder, sign, score, found in (*_by_head(case, sure, judgements, voices), *_by_words(case, sure)):
            target = tuple(sorted({case.target[h] for h in heads}))
            spans = tuple(sorted({(tree[j.word].start, tree[j.word].end) for j in found}))
            out.append(Evaluation("", outer.get((holder, case.entity), holder), target, case.entity, sign, round(score, 4), spans))
    out.sort(key=lambda e: (min(e.words or e.target), e.target, e.holder))
    return tuple(changed(e, id=f"v{n}") for n, e in enumerate(out, 1))


def _cases(judgements: Judgements, mentions: tuple[Mention, ...], attributions: tuple[Attribution, ...], voices: Voices) -> Iterable[_Case]:
    """Mentions and evaluative words by entity and sentence."""
    tree = judgements.tree
    starts = {t.start: i for i, t in enumerate(tree.tokens)}
    cues, same = _Cues(attributions), _same_source(attributions)
    speaker = {a.id: a.entity for a in attributions}
    cases: dict[tuple[str, int], _Case] = {}
    at: dict[int, _Case] = {}
    for m in mentions:
        i = starts.get(m.head[0])
        if i is not None and (m.type != "other" or m.named):
            at[i] = cases.setdefault((m.entity or m.id, tree[i].sentence), _Case(tree[i].sentence, m.entity, {}, {}))
            at[i].target[i] = (m.start, m.end)
            at[i].places.update([i] if m.type in ("place", "country") else [])
            at[i].people.update([i] if m.type == "person" or (m.named and m.type not in ("country", "place")) else [])
    for j in judgements.found:
        hit = at.get(j.target) or next((at[k] for k in range(*tree.named.get(j.target, (0, 0))) if k in at), None)
        if hit is None and judgements.names_party(j.target):
            key = (f"word {j.target}", tree[j.target].sentence)
            hit = at[j.target] = cases[key] = _Case(tree[j.target].sentence, None, {j.target: tree.noun_phrase(j.target)}, {})
        if hit is not None and not judgements.means_speaker(j.target):
            cue = cues.at(tree[j.judge].start) if j.judge >= 0 else None
            holder = cue or voices.at(tree[j.word].start)
            if hit.entity is None or hit.entity != speaker.get(holder):  # what somebody says of themselves is left out
                hit.words.setdefault(same.get(holder, holder), []).append(j)
    return cases.values()


def _same_source(attributions: tuple[Attribution, ...]) -> dict[str, str]:
    """Attributions that share the words of their source, each with the first of them: one holder, however often it is named as one."""
    first: dict[int, str] = {}
    return {a.id: first.setdefault(a.source[0][0], a.id) for a in attributions if a.source}


def _sure(case: _Case, judged: Mapping[int, RawStance]) -> dict[int, RawStance]:
    """The stance head's verdicts that count: they are likely, and very likely where the words about the entity say otherwise."""
    weights = {sign: max((_weight(found, sign) for found in case.words.values()), default=0.0) for sign, _ in _SIDES}
    out: dict[int, RawStance] = {}
    if min(weights.values()) >= ENOUGH:  # words for and against: they decide
        return out
    signs = {sign for sign, weight in weights.items() if weight >= OPPOSING}
    for h in case.target:
        if (verdict := judged.get(h)) is not None:
            score, sign = max((verdict.negative, -1), (verdict.neutral, 0), (verdict.positive, 1))
            if score >= (BACKED if not signs or signs == {sign} else OVERRULING):
                out[h] = verdict
    return out


def _by_head(case: _Case, sure: Mapping[int, RawStance], judgements: Judgements, voices: Voices) -> Iterable[Verdict]:
    """Where the stance head is sure, it decides mention by mention, for each side.

    The words are those of that side that hit the entity, else the nearest of that side in the sentence, else none. Without words that
    hit it the head decides of a description only where it is surer still, and it never decides of "we" and "I".
    """
    tree = judgements.tree
    for sign, name in _SIDES:
        heads = [h for h in case.target if h in sure and getattr(sure[h], name) >= BACKED and not judgements.means_speaker(h)]
        if heads:
            score = max(getattr(sure[h], name) for h in heads)
            side = {holder: [j for j in found if j.tone[0] == sign] for holder, found in case.words.items()}
            near = [j for j in judgements.toned.get(case.sentence, ()) if j.tone[0] == sign]
            if (
                sign > 0
                and near
                and score < OVERRULING
                and all(judgements.is_judge(h, j.word) for h in heads for j in near)
                and not any(side.values())
            ):
                continue  # whoever praises is not praised for it
            if not any(side.values()) and all(h in case.places and _within(tree, h) for h in heads):
                continue  # "the mayor of Osk"
            if not any(side.values()) and (score < SURE or (near and _anothers(case, heads, near, judgements))):
                continue
            if not any(side.values()) and score < BARE and all(tree[h].upos == "NOUN" for h in heads):
                continue
            if not any(side.values()) and near:
                best = min(near, key=lambda j: min(abs(j.word - h) for h in heads))
                side = {voices.at(tree[best.word].start): [best]}
            elif not any(side.values()):
                side = {voices.at(tree[heads[0]].start): []}
            for holder, found in side.items():
                if found or not near:  # words that hit make the head no less sure
                    yield heads, holder, sign, max(score, _weight([j for j in found if j in case.words.get(holder, ())], sign)), found


def _by_words(case: _Case, sure: Mapping[int, RawStance]) -> Iterable[Verdict]:
    """Where it is not, the words decide, holder by holder, once they have weight enough together."""
    heads = [h for h in case.target if h not in sure]
    for holder, found in case.words.items() if heads else ():
        against, favour = (_weight(found, s) for s in (-1, 1))
        if max(against, favour) >= ENOUGH:
            sign: Sign = 0 if abs(favour - against) < 0.05 else 1 if favour > against else -1
            yield heads, holder, sign, max(favour, against), [j for j in found if not sign or j.tone[0] == sign]


def _anothers(case: _Case, heads: list[int], near: list[Judgement], judgements: Judgements) -> bool:
    """Whether all words of a side in a sentence hit others, and the head cannot be trusted against them.

    That is so of a mention inside the phrase of whom they hit ("Osk" in "condemned the guards of Osk"), of places, and of descriptions of
    groups and bodies: the head has been trained on marked names, most of them persons'.
    """
    tree, words_near = judgements.tree, {j.word for j in near}
    targets = {j.target for j in judgements.found if j.word in words_near}
    inside = all(any(up in targets for up in _phrases(tree, h)) for h in heads)
    return words_near <= judgements.aimed and (inside or case.people.isdisjoint(heads))


def _within(tree: Tree, i: int) -> bool:
    """Whether a place only tells which somebody is meant, or where: "the mayor of Osk", "in Osk"."""
    return tree.bases[i] in ("nmod", "obl", "compound") and bool(tree.preposition(i) or tree.bases[i] == "compound")


def _phrases(tree: Tree, i: int) -> Iterable[int]:
    """The nouns in whose phrases a word stands."""
    while tree.bases[i] in ("nmod", "compound", "amod", "appos") and tree[i].head >= 0:
        i = tree[i].head
        yield i


def _weight(found: list[Judgement], sign: int) -> float:
    """How surely words of a sign mean it together: one minus the product of their doubts (noisy or); a word counts once."""
    doubt = 1.0
    for weight in {j.word: j.tone[1] for j in found if j.tone[0] == sign}.values():
        doubt *= 1 - weight
    return 1 - doubt
