"""Who says it: attributions from the model's spans, and nested ones from the tree.

The model marks outermost attributions as PolNeAR does (Newell, Margolin & Ruths 2018); the tree finds those inside them, at verbs of
saying and thinking with a clause of their own.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from allegedly.language import word_sets
from allegedly.reading.clauses import Clauses
from allegedly.reading.quotations import joined, kind_of
from allegedly.reading.reported import Reported, Words
from allegedly.reading.statements import Finder
from allegedly.reading.tree import Tree
from allegedly.reading.turns import is_turn
from allegedly.reading.viewpoints import before_remark, viewpoints
from allegedly.reading.voices import Ranges, parents_of, size
from allegedly.records import Attribution, Force, Mention, RawAttribution, Sourcing, Spans, changed

_SILENT = (
    "obj",
    "obl",
    "iobj",
    "nsubj",
    "xcomp",
    "advcl",
    "acl",
    "nmod",
)  # what hangs on a verb that is no word of saying is not said by its subject
LONGEST_SOURCE = 120  # characters of a coordinated source that are kept as one span
LONGEST_QUOTATION = 4_000  # characters before a word in which the mark that opens its quotation is looked for


class Attributions(Reported):
    """Builds the attributions of one text."""

    def __init__(self, tree: Tree, mentions: tuple[Mention, ...], words: Words, named: frozenset[str]) -> None:
        super().__init__(tree, words)
        self.named = named
        self.saying = self.force.keys() | words["speech.noun"] | words["source.document"]
        self.by_head = {m.head[0]: m for m in mentions if m.entity}
        self.clauses = Clauses(tree, word_sets("certainty"), frozenset())

    def find(self, finder: Finder, *, first: int = 1) -> tuple[Attribution, ...]:
        """All attributions, outermost first in text order, parents set. Ids are "a1", "a2", ..., from `first` on."""
        ends = partial(before_remark, self.tree, self.words["speech.remarked"])
        found = (
            replace(a, content=tuple((s, end) for s, e in a.content if (end := ends(s, self.words_in((s, e)), e)) > s))
            for a in self.tree.analysis.attributions
        )
        whole = [self._completed(self._closed(a)) for a in joined(self.tree.analysis.text, tuple(found))]
        self.sources = sorted({s for a in whole for s in a.source})
        raw = self._shared([self._mended(a, finder) for a in whole if a.content])
        rows = {*filter(self._told, raw), *self._from_tree(finder, raw), *self._viewpoints(raw)}
        ordered = sorted(rows, key=lambda a: (min(s for s, _ in (*a.source, *a.cue, *a.content)), -size(a.content), a.cue))
        drafts = [self._build(f"a{n}", a) for n, a in enumerate(ordered, first)]
        parents = parents_of(drafts)
        return tuple(changed(d, parent=parents.get(d.id)) for d in drafts)

    def speaks(self, a: Attribution) -> bool:
        """Whether an attribution gives its content a voice: the model also marks deeds and attitudes, as PolNeAR does.

        False for a content with neither source, cue nor quotation marks; for what nobody says ("no one believes that") or explains
        ("did not explain why"); for plans and unsourced beliefs, which the author reports ("plans to leave", "is expected to leave"); and
        for a cue that takes its object for granted or is no word of saying ("thanked [those who]", "angered [the press]").
        """
        quoted = kind_of(self.tree.analysis.text, a.content) != "indirect"
        if not a.cue:
            return bool(a.source) or quoted
        head = self.head_of(a.cue[0])
        if quoted or (self._hearsay(head) and not a.source):
            return True
        if self._own(a, head):
            return False
        inside = {self.head_of(s) for s in a.content}
        if self._nobody(a) or self._author_reports(a, head, inside):
            return False
        deeds = (c for c in self.tree.find(head, "advcl") if any(self.tree[m].form.lower() == "for" for m in self.tree.exactly(c, "mark")))
        if self.tree[head].lemma.lower() in self.words["speech.gerund"] and any(deeds):  # "lambasted the bank for dithering"
            return True
        known = any(self.tree[i].lemma.lower() in self.saying for span in a.cue for i in self.words_in(span))
        if self.tree[head].upos != "VERB" or (known and self.tree[head].lemma.lower() not in self.words["speech.presupposing"]):
            return True
        told = (i for i in inside if self.tree.bases[i] not in _SILENT)
        return any(all(self.tree[m].form.lower() != "for" for m in self.tree.exactly(i, "mark")) for i in told)  # "apologised for lying"

    def _own(self, a: RawAttribution | Attribution, head: int) -> bool:
        """Whether a source is whoever writes, or the readers who are told to suppose or note it: "we believe that", "let us not forget
        that", "suppose that". Within a quotation, they are those quoted.
        """
        tree = self.tree
        order = [head, *([tree[head].head] if tree.bases[head] == "xcomp" and tree[tree[head].head].lemma == "let" else [])]
        if any(tree.has(i, "Mood=Imp") and not tree.find(i, "nsubj") for i in order if i >= 0):
            return True
        who = self.head_of(a.source[0]) if a.source else -1
        if who >= 0 and tree[who].form.lower() == "one" and tree[who].upos == "PRON" and not tree.children[who]:  # "One may admit that"
            return not self._within_quotation(tree[who].start)
        members = [who, *(c for c in tree.exactly(who, "nmod") if tree.preposition(c) == "of")] if who >= 0 else []
        writer = any(tree[i].form.lower() in self.words["source.writer"] and tree[i].form != "US" for i in members)
        return writer and not self._within_quotation(tree[who].start)

    def _within_quotation(self, position: int) -> bool:
        """Whether a character stands within quotation marks of its paragraph."""
        text = self.tree.analysis.text
        before = text[max(text.rfind("\n", 0, position) + 1, position - LONGEST_QUOTATION) : position]
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1 or before.count("«") > before.count("»")

    def _hearsay(self, head: int) -> bool:
        """Whether a cue tells what is said without saying by whom: "reportedly", "is said to have", "it is rumoured that"."""
        tree = self.tree
        passive = tree.exactly(head, "aux:pass") and all(tree[c].lemma in ("have", "be") for c in tree.exactly(head, "aux"))
        lemma = tree[head].lemma.lower()
        past = (a for c in tree.exactly(head, "xcomp") for a in tree.exactly(c, "aux"))
        if lemma in self.words["speech.hearsay_of_past"]:  # "is understood to have left", not "is believed to be ill"
            return bool(passive) and any(tree[a].form.lower() == "have" for a in past) and not tree.exactly(head, "obl:agent")
        return lemma in self.words["speech.hearsay"] and (tree[head].upos == "ADV" or bool(passive))

    def _nobody(self, a: Attribution) -> bool:
        """Whether a source is nobody: "nobody", "no minister", "nothing"."""
        if not a.source:
            return False
        head = self.head_of(a.source[0])
        negated = bool(a.cue) and self._unsaid(self.head_of(a.cue[0]))
        form, negative, after = self.tree[head].form.lower(), self.words["source.nobody"], self.tree.analysis.text[a.content[-1][1] :]
        asked = form in self.words["source.anybody"] and (negated or after.lstrip().startswith("?"))  # "is not disputed by anyone"
        if asked or self.tree.has(head, "PronType=Int"):  # "Does anyone believe that he left?", "Who ordered the killing?"
            return True
        return form in negative or any(self.tree[c].form.lower() in negative for c in self.tree.exactly(head, "det", "cc:preconj"))

    def _author_reports(self, a: Attribution, head: int, inside: set[int]) -> bool:
        """Whether the author speaks of somebody's plan ("seeks to leave"), of a belief without a believer ("is believed to have left"),
        or of what a document does ("the statement names nobody").
        """
        tree, lemma = self.tree, self.tree[head].lemma.lower()
        if self._asked_as(head):
            return True
        if tree[head].upos == "NOUN":
            wanted = not a.source and self._own_force(a.cue) == "wants"  # "calls for him to resign"
            return wanted or any(tree[head].head == i and tree[head].relation == "nsubj" for i in inside)
        afraid = tree[head].upos == "ADJ" and any(tree[i].head == head and tree[i].relation == "xcomp" for i in inside)
        unsure = tree[head].upos in ("ADJ", "ADV") or (lemma in ("remain", "stay") and tree.find(head, "xcomp"))
        if afraid or (not a.source and unsure):  # "it remains unclear whether", "it is far from certain that"
            return True
        accused = lemma in self.words["speech.gerund"]  # "soldiers accused of looting" have not looted in the author's words
        if not a.source and ((self._reduced(head) and not accused) or lemma in self.words["speech.seeming"]):  # "Asked if he would go, ..."
            return True
        if self.force.get(lemma) == "believes" and any(
            tree[c].lemma.lower() not in ("have", "be", "do") for c in tree.exactly(head, "aux")
        ):
            return True  # "he must understand that": the author thinks so
        if not a.source and tree.exactly(head, "aux:pass"):
            told = bool(tree.exactly(head, "nsubj:pass"))  # "we are told that", not "it is said that"
            return lemma in self.words["speech.unsourced"] or any(
                tree[i].relation == "xcomp" or (tree[i].relation == "csubj:pass" and not told) for i in inside
            )
        if self._unsaid(head):
            if lemma in self.words["speech.omitting"] and any(tree.bases[i] in ("ccomp", "root", "csubj") for i in inside):
                return True
            asked = {tree[c].form.lower() for i in inside if tree[i].head == head for c in tree.children[i] if tree[c].head == i}
            if asked & self.words["speech.interrogative"]:
                return True
        if lemma not in self.words["speech.intending"] or tree.find(head, "iobj"):
            return False
        clauses = [c for c in inside if tree[c].head == head and tree[c].relation in ("xcomp", "advcl", "ccomp")]
        return bool(clauses) and not any(tree.find(c, "nsubj") for c in clauses) and not tree.exactly(head, "obj")

    def _asked_as(self, head: int) -> bool:
        """Whether a comment belongs to a question: "Did they flee, [as he says]?"; closing marks may follow."""
        tree = self.tree
        as_said = tree[head].relation == "advcl" and any(tree[m].form.lower() == "as" for m in tree.exactly(head, "mark"))
        after = range(head + 1, min(head + 8, len(tree.tokens))) if as_said else range(0)
        return any(tree[i].form.startswith("?") and tree[i].sentence == tree[head].sentence for i in after)

    def _unsaid(self, head: int) -> bool:
        """Whether a cue is negated."""
        return any(self.tree[c].form.lower() in ("not", "n't", "n’t", "never") for c in self.tree.find(head, "advmod"))

    def _told(self, a: RawAttribution) -> bool:
        """Whether something shows that words are somebody's: a source, a cue that is more than an auxiliary, or quotation marks."""
        if a.cue and self.clauses.supposes(self.head_of(a.cue[0])):
            return False
        cue = any(self.tree[i].upos not in ("AUX", "PUNCT", "SYM") for span in a.cue for i in self.words_in(span))
        return bool(a.source) or cue or kind_of(self.tree.analysis.text, a.content) != "indirect"

    # --- the model's spans, mended ----------------------------------------------------------------------------------

    def _mended(self, a: RawAttribution, finder: Finder) -> RawAttribution:
        """An attribution of the model's with what the tree can add: a cue over a bare content, a source over a bare cue, and a content
        that ends where the clause of its noun ends ("the claim [that he fled] was denied").
        """
        if not a.cue and not a.source:
            a = self._cued(a, finder)
        if not a.cue:
            return a
        a = self._alleging(a)
        head = self.head_of(a.cue[0])
        believed = self.tree[head].lemma.lower() in self.words["speech.unsourced"] and self.tree.exactly(head, "aux:pass")
        if believed or self._hearsay(head):  # whoever is said, or believed, to have done something does not say so
            deed = next(iter(self.tree.exactly(head, "xcomp")), -1)
            told = deed < 0 or any(s <= self.tree[deed].start < e for s, e in a.content)
            content = a.content if told else (*a.content, *self._clause_spans(deed, without=()))
            return replace(a, source=self._phrase(self.tree.exactly(head, "obl:agent")), content=content)
        a = self._resumed(self._undivided(self._whole(self._informed(a, head), head), head), head)
        if self.tree[head].upos == "NOUN":
            a = self._trimmed(a, head)
        quoting = self.tree[head].lemma in self.words["speech.quoting"]
        quoted = self.tree.exactly(head, "obj") if quoting and self.tree.exactly(head, "advcl") else []
        if quoted and not any(s <= self.tree[quoted[0]].start < e for s, e in a.content):  # "quoted [the union] as saying"
            return replace(a, source=self._phrase(quoted))
        if a.source or self._seems(head) or (self._reduced(head) and not self.tree.exactly(head, "obl:agent")):
            return a
        if self.tree[head].form.lower() == "according":
            return self._according(a, head)
        passive = self.tree.exactly(head, "nsubj:pass") if quoting else []
        who = passive or (self._agents(a, head, finder) if self.tree[head].upos == "VERB" else finder.possessors(head))
        who = self._relative(head) or who
        source = self._marked(who, a) or self._phrase(who) or (self._between(a) if self.tree[head].upos == "VERB" else ())
        apart = tuple(c for c in a.content if c not in source)  # "[his] critique of [the plan]"
        content = apart if passive else self._after(source, apart)
        source = source or self._only(a, head)
        if not content or any(s < end and start < e for s, e in source for start, end in (*content, *a.cue)):
            return a
        return replace(a, source=source, content=content)

    def _closed(self, a: RawAttribution) -> RawAttribution:
        """A source without the comma before what it says: 'said [Ada Lund, a clerk,] "and then ..."'."""
        text, starts = self.tree.analysis.text, [s for s, _ in a.content]
        opened = (e if text[e - 1] != "," or not any(0 <= s - e <= 1 for s in starts) else e - 1 for _, e in a.source)
        return replace(a, source=tuple((s, e) for (s, _), e in zip(a.source, opened, strict=True)))

    def _alleging(self, a: RawAttribution) -> RawAttribution:
        """A cue that takes in the noun whose clause is the content, without it: "laughed off [rumours that she is ill]"."""
        first, last = self.word_at(a.cue[-1][0]), self.word_at(a.cue[-1][1] - 1)
        noun = self.tree[last]
        alleged = last > first and noun.upos == "NOUN" and noun.lemma.lower() in self.words["speech.alleging"]
        if not alleged or self._noun_body(last) < 0 or self.word_at(a.content[0][0]) != last + 1:
            return a
        cue = (*a.cue[:-1], (a.cue[-1][0], self.tree[last - 1].end))
        return replace(a, cue=cue, content=((noun.start, a.content[0][1]), *a.content[1:]))

    def _informed(self, a: RawAttribution, head: int) -> RawAttribution:
        """Whoever was told says nothing: the source is by whom, or nobody: "[Clerks] were told by an officer"."""
        told = self.tree.exactly(head, "nsubj:pass") if self.tree[head].lemma.lower() in self.words["speech.informing"] else []
        if not told or not self.tree.exactly(head, "aux:pass") or [self.head_of(s) for s in a.source] != told[:1]:
            return a
        return replace(a, source=self._phrase(self.tree.exactly(head, "obl:agent")))

    def _whole(self, a: RawAttribution, head: int) -> RawAttribution:
        """A content that misses the very clause that its cue reports, with that clause: "[They have], the union says, [left]"."""
        tree = self.tree
        if tree[head].upos != "VERB" or tree[head].lemma.lower() not in self.words["speech.clause"]:
            return a
        body = self._body(head, False)
        if body < 0 or tree[body].upos not in ("VERB", "ADJ") or any(s <= tree[body].start < e for s, e in a.content):
            return a
        content = self._content(head, body, {head})
        inside = bool(content) and all(content[0][0] <= s and e <= content[-1][1] for s, e in a.content)
        return replace(a, content=content) if inside else a

    def _seems(self, i: int) -> bool:
        """Whether something only seems to be so, to the author: "the mayor appears [to have left]", not "the mayor looked at it"."""
        return self.tree[i].lemma.lower() in self.words["speech.seeming"] and bool(self.tree.find(i, "xcomp", "ccomp", "advcl"))

    def _undivided(self, a: RawAttribution, head: int) -> RawAttribution:
        """A source in two parts of which one is the cue's own subject, or agent: the other opens what is said ("[Rebels], he says, left")
        or is who was told ("[Reporters] were told by him").
        """
        who = self.tree.exactly(head, "obl:agent") or self.tree.find(head, "nsubj")
        own = {self.word_at(s) for c in who for s, _ in [self.tree.noun_phrase(c)]}
        parts = [s for s in a.source if self.word_at(s[0]) in own]
        if len(a.source) < 2 or len(parts) != 1:
            return a
        return replace(a, source=tuple(parts))

    def _resumed(self, a: RawAttribution, head: int) -> RawAttribution:
        """A content that breaks off where somebody is said to say it goes on after that: "The pact, envoys caution, [is dead]", "It is
        false, they say, [that she is ill]".
        """
        tree = self.tree
        last = self.word_at(max(e for _, e in (*a.source, *a.cue)) - 1)
        broken = len(a.content) == 1 and a.content[0][1] < a.cue[0][0] and tree[head].lemma.lower() in self.words["speech.clause"]
        noun = self.head_of(a.content[0]) if broken and [t.form for t in tree.tokens[last + 1 : last + 2]] == [","] else -1
        clause = tree[noun].head if noun >= 0 and tree.bases[noun] == "nsubj" else -1
        after = [w for w in tree.subtree(clause) if w > last and tree[w].upos != "PUNCT"] if clause > last else []
        if noun >= 0 and tree[noun].upos in ("ADJ", "VERB"):
            more = [c for c in tree.exactly(noun, "ccomp", "csubj", "advcl", "conj") if c > last and not self._conceded(c)]
            after = [w for c in more for w in tree.subtree(c) if tree[w].upos != "PUNCT"]
        return replace(a, content=(*a.content, (tree[after[0]].start, tree[after[-1]].end))) if after else a

    def _conceded(self, i: int) -> bool:
        """Whether a clause is what the author holds against it: "They left, she says, [though nobody saw them]"."""
        return any(self.tree[m].form.lower() in ("though", "although", "while", "whereas") for m in self.tree.exactly(i, "mark"))

    def _relative(self, i: int) -> list[int]:
        """The relative pronoun that is a verb's subject, which the model marks, too: "envoys [who] left early but regret it"."""
        tree = self.tree
        while tree[i].relation in ("conj", "xcomp") and not tree.find(i, "nsubj"):
            i = tree[i].head
        return [c for c in tree.exactly(i, "nsubj") if tree.has(c, "PronType=Rel")]

    def _between(self, a: RawAttribution) -> Spans:
        """The source that stands between a content and its cue, where the tree has it elsewhere ("They left, [three men] told us")."""
        start, end = a.content[-1][1], a.cue[0][0]
        words = self.tree.analysis.text[start:end]
        inside = [i for i in self.words_in((start, end)) if self.tree[i].upos in ("NOUN", "PROPN", "PRON")] if start < end else []
        if not inside or not words.lstrip('"”').startswith(",") or end - start > LONGEST_SOURCE:
            return ()
        return ((start + len(words) - len(words.lstrip(' ,"”')), start + len(words.rstrip())),)

    def _agents(self, a: RawAttribution, head: int, finder: Finder) -> list[int]:
        """Who acts in a cue's verb; in "stands accused by his brother of", who does so in the last."""
        passives = [i for s in a.cue for i in self.words_in(s) if self.tree[i].upos == "VERB" and self.tree.exactly(i, "obl:agent")]
        return finder.arguments(passives[-1] if passives else head).agent

    @staticmethod
    def _after(source: Spans, content: Spans) -> Spans:
        """A content without the source at its beginning ("accused by [the union] of lying")."""
        ends = dict(source)
        return tuple((ends[s] + 1, e) if s in ends and ends[s] + 1 < e else (s, e) for s, e in content)

    def _completed(self, a: RawAttribution) -> RawAttribution:
        """A cue whose content the model did not mark, with the clause that the tree gives it, or what stands before it and its source in
        the sentence ("They have left, two officers say").
        """
        if a.content or not a.cue:
            return a
        tree, head = self.tree, self.head_of(a.cue[0])
        if tree[head].form.lower() == "according" and tree[head].relation == "case":
            return self._clause_according(a, tree[head].head)
        if tree[head].upos != "VERB" or tree[head].lemma.lower() not in self.words["speech.clause"]:
            return a
        if a.source and (body := self._body(head, False)) >= 0:
            return replace(a, content=self._content(head, body, {head}))
        start, end = tree.analysis.sentences[tree[head].sentence]
        first, last = (f(self.word_at(s) for s, _ in (*a.source, *a.cue)) for f in (min, max))
        if not a.source:
            comma = next((i for i in range(first - 1, start, -1) if tree[i].form == ","), first)
            named = any(tree[i].upos in ("NOUN", "PROPN") for i in range(comma + 1, first))
            if not named or tree[comma + 1].upos in ("CCONJ", "VERB", "SCONJ", "ADP"):
                return a
            a = replace(a, source=((tree[comma + 1].start, tree[first - 1].end),))
            first = comma + 1
        before = range(start, first - 1) if tree[first - 1].form == "," else range(0)
        after = any(tree[i].upos in ("VERB", "AUX") for i in range(last + 1, end))
        if after or not any(tree[i].upos == "VERB" for i in before):
            return a
        return replace(a, content=((tree[start].start, tree[first - 2].end),))

    def _reduced(self, i: int) -> bool:
        """Whether a participle is passive, so that the one it hangs on does not speak: "Asked whether he would go, the envoy ...".

        The parser does not always tell it from a finite verb.
        """
        tree = self.tree
        past = tree[i].relation in ("advcl", "acl", "amod") and tree.has(i, "Tense=Past")
        return past and not tree.find(i, "nsubj", "aux", "mark")

    def _cued(self, a: RawAttribution, finder: Finder) -> RawAttribution:
        """A content without source or cue that is the clause of a verb of saying, or has one for a comment, gets that verb and its
        subject; so does that of a noun like "reports", whoever made them.
        """
        body = self.head_of(a.content[0])
        outside = (c for c in self.tree.exactly(body, "parataxis") if not any(s <= self.tree[c].start < e for s, e in a.content))
        comment = next((c for c in outside if self.tree[c].lemma.lower() in self.words["speech.clause"] and self._comment(c)), -1)
        head = comment if comment >= 0 else self.tree[body].head
        if head >= 0 and self.tree[head].upos == "NOUN" and self._noun_body(head) == body:
            alleged = self.tree[head].lemma.lower() in self.words["speech.alleging"]
            return replace(a, cue=((self.tree[head].start, self.tree[head].end),)) if alleged else a
        if head < 0 or (comment < 0 and self.tree[body].relation != "ccomp"):
            return a
        if self.tree[head].lemma.lower() not in self.words["speech.clause"]:
            return a
        cue = (self.tree[head].start, self.tree[head].end)
        source = self._phrase(finder.arguments(head).agent)
        if not source or any(s < end and start < e for s, e in (cue, *source) for start, end in a.content):
            return a
        return replace(a, source=source, cue=(cue,))

    def _trimmed(self, a: RawAttribution, noun: int) -> RawAttribution:
        """A noun's content without the rest of the sentence."""
        body = next((c for c in self.tree.find(noun, "acl", "ccomp") if any(s <= self.tree[c].start < e for s, e in a.content)), -1)
        above = self.tree[noun].head
        if body < 0 or above < 0 or not any(s <= self.tree[above].start < e for s, e in a.content):
            return a
        return replace(a, content=self._clause_spans(body, without=()))

    def _according(self, a: RawAttribution, cue: int) -> RawAttribution:
        """The source of "according to" is the phrase that it marks, or the antecedent of "according to which"."""
        tree = self.tree
        named = tree[cue].head
        if named < 0 or tree[cue].relation != "case":
            return a
        start, end = tree.noun_phrase(named)
        content = tuple((max(s, end), e) if s < end < e else (s, e) for s, e in a.content if e <= start or e > end)
        content = tuple((s + len(t) - len(t.lstrip(" ,")), e) for s, e in content if (t := tree.analysis.text[s:e]).strip(" ,"))
        verb = tree[named].head
        if verb >= 0 and tree[verb].relation == "conj" and tree[verb].head < cue < verb:  # "left and, according to the mayor, [burned it]"
            content = tuple((s, e) for s, e in content if s > end) or content
        if tree.has(named, "PronType=Rel"):
            relative = next((u for u in (named, *tree.ancestors(named)) if tree[u].relation == "acl:relcl"), -1)
            start, end = tree.noun_phrase(tree[relative].head) if relative >= 0 else (start, end)  # "an account according to which"
        return replace(a, source=((start, end),), content=content) if content else a

    def _clause_according(self, a: RawAttribution, named: int) -> RawAttribution:
        """The clause that "according to" somebody comments on."""
        clause = next((u for u in self.tree.ancestors(named) if self.tree.is_clause(u)), -1)
        if clause < 0:
            return a
        source = self.tree.noun_phrase(named)
        return replace(a, source=(source,), content=self._clause_spans(clause, without=(named,)))

    def _shared(self, raw: list[RawAttribution]) -> list[RawAttribution]:
        """A cue without a source right beside another attribution's source shares it: "he left, police said, adding that"."""
        after = {self.word_at(e - 1) + 1: b.source for b in raw if b.cue for _, e in b.source}
        before = {self.word_at(s) - 1: b.source for b in raw if b.cue for s, _ in b.source}
        out = []
        for a in raw:
            first, last = (self.word_at(a.cue[0][0]), self.word_at(a.cue[-1][1] - 1)) if a.cue else (-1, -1)
            source = after.get(first) or before.get(last) if a.cue and not a.source else None
            apart = source and not any(s < e2 and s2 < e for s, e in source for s2, e2 in a.content)
            out.append(replace(a, source=source) if source and apart else a)
        return out

    def _marked(self, who: list[int], a: RawAttribution) -> Spans:
        """A source of another attribution that these words head: its words are the model's, with appositions ("Varga, the mayor,")."""
        if not who:
            return ()
        first, last = self.tree[min(who)].start, self.tree[max(who)].end
        taken = [*a.cue, *a.content]
        held = (s for s in self.sources if s[0] <= first and last <= s[1] and self.head_of(s) in who)
        return next(((s,) for s in held if not any(s[0] < e and b < s[1] for b, e in taken)), ())

    def _only(self, a: RawAttribution, head: int) -> Spans:
        """The one source that the model marked before a cue in its sentence, where the tree finds the cue's verb no subject."""
        tree = self.tree
        if tree[head].upos not in ("VERB", "AUX", "ADJ") or tree[head].relation in ("advcl", "parataxis"):
            return ()
        if tree.exactly(head, "aux:pass") or tree.find(head, "nsubj", "csubj"):
            return ()
        first = tree[tree.analysis.sentences[tree[head].sentence][0]].start
        inside = {s for s in self.sources if first <= s[0] and s[1] <= a.cue[0][0]}
        return tuple(inside) if len(inside) == 1 else ()

    def _phrase(self, who: list[int]) -> Spans:
        """The words of a source: one span, also for "the mayor and the bishop"."""
        spans = sorted(self.tree.noun_phrase(w) for w in who)
        if not spans:
            return ()
        whole = (spans[0][0], max(e for _, e in spans))
        return (whole,) if whole[1] - whole[0] <= LONGEST_SOURCE else tuple(spans)

    # --- from the tree -------------------------------------------------------------------------------------------

    def _from_tree(self, finder: Finder, raw: list[RawAttribution]) -> list[RawAttribution]:
        """Attributions at verbs and nouns of saying and thinking that stand inside another's content, and calls, accusations and claims
        wherever they stand.

        Outside contents the model is trusted: what it leaves out ("it is said", the author's own "I think") is left out.
        """
        tree, out = self.tree, []
        cues = Ranges(s for a in raw for s in a.cue)
        heads = {self.head_of(s) for a in raw for s in a.cue}
        contents = Ranges(s for a in raw for s in a.content)
        answered = Ranges(s for a in raw if self._own_force(a.cue) in ("denies", "doubts") for s in a.content)
        for i, token in enumerate(tree.tokens):
            verb = token.upos == "VERB"
            if token.upos not in ("VERB", "NOUN") or (cues.holds(token.start) and (verb or i in heads)):
                continue
            inside = contents.holds(token.start) or cues.holds(token.start)
            body = self._body(i, inside) if verb else self._noun_body(i)
            if body < 0:
                continue
            who = self._speakers(i, finder)
            alleged = self._alleged(i) and not answered.holds(token.start)  # "dismissed reports that he had left" is his denial
            if not (who or alleged) or self._supposed(i) or (verb and not inside and not self._strong(i)):
                continue
            source = self._phrase(who)
            content = contents.cut(self._content(i, body, heads), token.start)
            if not content or any(s < e2 and s2 < e for s, e in source for s2, e2 in content):
                continue
            if not inside and contents.holds(tree[body].start):
                continue
            out.append(RawAttribution(source, ((token.start, token.end),), content, 0.5))
        return out

    def _alleged(self, i: int) -> bool:
        """Whether a word tells what is alleged though nobody says by whom: "reports that he fled", "is charged with fleeing"."""
        lemma = self.tree[i].lemma.lower()
        if self.tree[i].upos == "NOUN":
            return lemma in self.words["speech.alleging"]
        return lemma in self.words["speech.gerund"] and bool(self.tree.exactly(i, "aux:pass"))

    def _viewpoints(self, raw: list[RawAttribution]) -> Iterator[RawAttribution]:
        """Attributions by a phrase ("in the words of the abbot") or to nobody ("reportedly"), where the model marks none."""
        cues, contents = Ranges(s for a in raw for s in a.cue), Ranges(s for a in raw for s in a.content)
        for phrase, cue, owner, clause in viewpoints(self.tree, self.words):
            at = self.tree[cue].start
            if not cues.holds(at) and (content := contents.cut(self._clause_spans(clause, without=(phrase,)), at)):
                yield RawAttribution(self._phrase([owner]), ((at, self.tree[cue].end),), content, 0.5)
        adverbs = (i for i, token in enumerate(self.tree.tokens) if token.upos == "ADV" and token.head >= 0 and self._hearsay(i))
        for i in adverbs:
            at, clause = self.tree[i].start, self.tree[i].head
            told = contents.cut(self._clause_spans(clause, without=(i,)), at) if self.tree.is_clause(clause) else ()
            alone = cues.holds(at) and not cues.holds(self.tree[clause].start)  # the model's; not the adverb of "reportedly urged"
            if told and not alone:
                yield RawAttribution((), ((at, self.tree[i].end),), told, 0.5)
        for i, token in enumerate(self.tree.tokens):
            deeds = self.tree.exactly(i, "xcomp") if token.upos == "VERB" and not cues.holds(token.start) and self._hearsay(i) else []
            about = self.tree.find(i, "nsubj") if deeds else []
            if about and (told := contents.cut(self._clause_spans(deeds[0], without=()), token.start)):  # "is believed to have fled"
                begin = min(self.tree[c].start for c in self.tree.exactly(i, "aux", "aux:pass"))
                source = self._phrase(self.tree.exactly(i, "obl:agent"))
                yield RawAttribution(source, ((begin, token.end),), (*self._phrase(about), *told), 0.5)

    def _speakers(self, i: int, finder: Finder) -> list[int]:
        """Who speaks at a word of saying: a verb's subject ("cited X as saying": X), a noun's owner or who it comes from or is by."""
        tree = self.tree
        if tree[i].relation == "parataxis" and (late := self._late_subject(i)):
            return late
        if tree[i].upos == "NOUN":
            return finder.possessors(i) or [h for p, h in finder.obliques(i) if p in ("by", "from")]
        head = tree[i].head
        if tree[i].relation == "advcl" and head >= 0 and tree[head].lemma in self.words["speech.quoting"]:
            return finder.arguments(head).patient or finder.arguments(i).agent
        return finder.arguments(i).agent

    def _supposed(self, i: int) -> bool:
        """Whether a word of saying stands in a condition of its own: "if they think that we will leave" gives nobody's words."""
        return any(self.tree[m].form.lower() in ("if", "unless", "whether") for m in self.tree.exactly(i, "mark"))

    def _strong(self, i: int) -> bool:
        """Whether an attribution that the model did not mark is added outside of contents: not negated, hypothetical or bare."""
        tree = self.tree
        if tree.has(i, "VerbForm=Inf"):
            return self._only_seems(i) and self._strong(tree[i].head)
        auxiliaries = [c for c in tree.children[i] if tree[c].relation == "aux" and tree[c].lemma.lower() != "have"]
        return not auxiliaries and not any(tree[c].form.lower() in ("not", "n't", "n’t", "never") for c in tree.children[i])

    # --- what is said of each ------------------------------------------------------------------------------------

    def _build(self, name: str, a: RawAttribution) -> Attribution:
        head = self.head_of(a.source[0]) if a.source else -1
        if head >= 0 and self.tree.has(head, "PronType=Rel"):  # "the envoy, who said"
            head = next((self.tree[up].head for up in self.tree.ancestors(head) if self.tree[up].relation == "acl:relcl"), head)
        mention = self.by_head.get(self.tree[head].start) if head >= 0 else None
        text, entity = self.tree.analysis.text, mention.entity if mention else None
        kind = "direct" if is_turn(text, a) else kind_of(text, a.content)
        return Attribution(name, a.source, a.cue, a.content, entity, kind, self._force(a), None, a.score)

    def _force(self, a: RawAttribution) -> Force:
        """From the cue's words, the head first; a negated verb of saying or thinking keeps its force, a negated denial concedes."""
        force = self._own_force(a.cue)
        if force in ("denies", "doubts") and a.cue:
            head = self.head_of(a.cue[0])
            around = (self.tree[c].form.lower() for c in self.tree.find(head, "advmod", "det", "amod"))
            negated = any(form in ("not", "n't", "n’t", "never", "no", "little") for form in around)
            return {"denies": "concedes", "doubts": "says"}[force] if negated else force  # type: ignore[return-value]
        return force

    def _own_force(self, cue: Spans) -> Force:
        for span in cue:
            head = self.head_of(span)
            lemma = self.tree[head].lemma.lower()
            after = self.tree[head + 1].form.lower() if head + 1 < len(self.tree.tokens) else ""
            for key in (f"{lemma}_{after}", lemma):
                if key in self.force:
                    return self.force[key]
            for i in self.words_in(span):
                force = self.force.get(self.tree[i].lemma.lower())
                if force and not (force == "denies" and self.tree[i].upos == "ADJ"):  # "made it clear that"
                    return force
        return "says"

    def sourcing(self, a: Attribution) -> Sourcing:
        """Whether a source is named, a document, or somebody unnamed, as in hearsay; "none" where the attribution has no other source."""
        if not a.source:
            return "unnamed" if a.cue and self._hearsay(self.head_of(a.cue[0])) else "none"
        head = self.head_of(a.source[0])
        mention = self.by_head.get(self.tree[head].start)
        people = mention is not None and mention.type in ("person", "group")  # "opposition figures" are no figures
        if self.tree[head].lemma.lower() in self.words["source.document"] and not people:
            return "document"
        return "named" if a.entity in self.named or head in self.tree.named else "unnamed"
