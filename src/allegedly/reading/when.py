"""When a statement happened: which time expression of its sentence dates it.

`timex` finds the expressions and `dates` says what they come to; here the tree says what each one hangs on, in which direction it
counts, and how far it reaches: a time before a clause reaches over what is coordinated with the clause and over its participles, not
into what somebody said or promised at that time.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date

from allegedly.language import event_lexicon, word_sets
from allegedly.reading.dates import FINENESS, Frame, Interval
from allegedly.reading.statements import Predication
from allegedly.reading.timex import Expression, expressions
from allegedly.reading.tree import Tree
from allegedly.records import Article, When

DATELINE = 150  # characters that a dateline can be long
DEPTH = 12  # clauses and phrases between an expression and what it dates
MOST = 20  # expressions looked at for one word, so that a sentence without end takes no time without end


@dataclass(frozen=True, slots=True)
class _Dated:
    """An expression in its sentence, tokens [first, last): the clause it dates (-1: none), the nouns it may date, and what it comes to.

    `plain` is what it comes to without the preposition that opens or closes it ("since 2031": the year 2031).
    """

    expression: Expression
    first: int
    last: int
    verb: int
    nouns: tuple[int, ...]
    interval: Interval
    plain: Interval

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Known before unknown, near before far, fine before coarse, early before late."""
        return self.interval.precision == "unknown", len(self.nouns), FINENESS.index(self.interval.precision), self.first


class Times:
    """The times of one text's statements. In a `headline` the present tense tells of the past.

    Finds a time in the clause of the predicate, at an event noun, or in a clause that lends its time; misses times in other sentences,
    and what hangs elsewhere because the parser put it there.
    """

    def __init__(self, tree: Tree, article: Article | None, *, headline: bool = False) -> None:
        self.tree = tree
        self.headline = headline
        self.today = _day_of_writing(article)
        self.dateline_end = 0 if headline or article is None else _dateline_end(article)
        self.words = word_sets("when")
        self.framing = word_sets("predicates")["framing"]
        self.times = word_sets("predicates")["times"]
        self.event_nouns = event_lexicon().by_noun
        self._starts = tree.starts
        self._sentences: dict[int, dict[int, list[_Dated]]] = {}
        self._directions: dict[int, int] = {}
        self._clauses: dict[int, bool] = {}

    def of(self, p: Predication) -> When | None:
        """The time of a statement, None where its sentence gives it none."""
        nodes = tuple(dict.fromkeys((p.head, p.verb, *p.words) if p.kind != "noun" or p.light else (p.head,)))
        at = self._at(p.head)
        if not at:
            return None
        for origin, found in (
            ("clause", [d for node in nodes for d in at.get(node, ())]),
            ("shared", self._shared(p.verb) if p.kind != "noun" or p.light else []),
            ("subject", self._of_subject(p)),
        ):
            if found:
                best = min(found, key=lambda d: (d.verb not in nodes, *d.rank))
                return self._when(best, origin)
        return None

    def _when(self, found: _Dated, origin: str) -> When:
        interval = found.interval
        return When(
            interval.start.isoformat() if interval.start else None,
            interval.end.isoformat() if interval.end else None,
            interval.precision,
            (found.expression.start, found.expression.end),
            f"{origin}.{found.expression.rule}",
        )

    # --- what dates what ---------------------------------------------------------------------------------------------

    def _at(self, i: int) -> dict[int, list[_Dated]]:
        """What dates the words of the sentence that word `i` is in; each sentence is worked out once."""
        sentence = self.tree[i].sentence
        if sentence not in self._sentences:
            a, b = self.tree.analysis.sentences[sentence]
            found: dict[int, list[_Dated]] = {}
            for dated in self._dated(expressions(self.tree.analysis.text, self.tree.tokens[a:b])):
                for node in dict.fromkeys((dated.verb, *dated.nouns, *range(dated.first, dated.last))):
                    if len(found.setdefault(node, [])) < MOST:
                        found[node].append(dated)
            self._sentences[sentence] = found
        return self._sentences[sentence]

    def _dated(self, found: list[Expression]) -> list[_Dated]:
        """The expressions of a sentence in their places, resolved; an anchored one counts from the one before it."""
        out: list[_Dated] = []
        anchor: Interval | None = None
        for expression in found:
            placed = self._placed(expression, anchor) if expression.start >= self.dateline_end else None
            if placed is None:
                continue
            out.append(placed)
            reported = placed.verb >= 0 and self.tree[placed.verb].lemma.lower() in self.framing
            if not reported and not expression.frame:
                anchor = None if expression.anchored else placed.interval
        return out

    def _placed(self, expression: Expression, anchor: Interval | None) -> _Dated | None:
        """Where an expression hangs, and what it comes to there; None where the words are no date after all."""
        tree = self.tree
        first = max(bisect_right(self._starts, expression.start) - 1, 0)
        last = first + 1
        while last < len(tree.tokens) and tree[last].start < expression.end:
            last += 1
        head = next((i for i in range(first, last) if not first <= tree[i].head < last and tree[i].upos != "PUNCT"), first)
        if self._no_date(expression, head, first, last):
            return None
        above = tree[head].head
        modifies = above >= last and tree.bases[head] in ("nmod", "compound", "nummod", "amod") and not self._is_clause(above)
        if modifies and expression.core is not None:  # "since Sunday's vote": the preposition is the vote's
            return self._placed(expression.core, anchor)
        misplaced = expression.rule == "year" and modifies and tree[above].upos == "PROPN" and self._after_preposition(first)
        if misplaced or (expression.rule == "around-event" and above >= last):
            head, modifies = above, False  # "in 2031 Norland will", "two weeks after the coup soldiers": what the noun's phrase hangs on
        verb, nouns, clause = self._climb(head, self._preposition(expression, head), blocked=modifies)
        if verb >= 0 and (noun := self._owner(expression, first, verb)) >= 0:
            verb, nouns = -1, (noun,)
        upcoming = modifies and tree.preposition(above) in self.words["grammar.upcoming"]
        direction = 1 if upcoming else self._direction(clause)
        if expression.rule == "hence" and direction < 0:  # "was built in two years": how long it took
            return None
        frame = Frame(self.today, direction, anchor)
        interval = expression.resolve(frame)
        return _Dated(expression, first, last, verb, nouns, interval, expression.core.resolve(frame) if expression.core else interval)

    def _after_preposition(self, first: int) -> bool:
        return first > 0 and self.tree[first - 1].form.lower() in self.words["grammar.before_years"]

    def _preposition(self, expression: Expression, head: int) -> str:
        return expression.frame if expression.frame and expression.frame != "range" else self.tree.preposition(head)

    def _climb(self, head: int, preposition: str, *, blocked: bool) -> tuple[int, tuple[int, ...], int]:
        """The clause that an expression dates (-1: none), the nouns on the way, and the clause above all of them.

        A noun keeps what stands before it ("the 2031 attack", "Sunday's march") and, when it names a certain event, what
        follows it ("the attack on Sunday"); any other noun lets the time pass to its clause, since parsers often hang it there.
        """
        tree, nouns, at, dates, beyond = self.tree, list[int](), head, True, False
        for _ in range(DEPTH):
            above = tree[at].head
            if above < 0 or self._is_clause(above):
                clause = above if above >= 0 else at
                return (clause if dates and self._is_clause(clause) else -1), tuple(nouns), clause
            if self._is_time(above):  # "for terms of two years in 2031": the parser's word for the noun behind it counts for little
                beyond = True
            elif tree[above].upos in ("NOUN", "PROPN", "PRON") and tree[at].relation != "conj":
                if dates:
                    nouns.append(above)
                passing = not preposition or preposition in self.words["grammar.passing"]
                passing = passing and not blocked and (beyond or not self._keeps(above, preposition))
                dates = dates and (passing or self._coincides(above))
            blocked, at = False, above
        return -1, tuple(nouns), at

    def _is_clause(self, i: int) -> bool:
        if i not in self._clauses:
            tree = self.tree
            phrase = tree[i].upos != "VERB" and tree[i].relation in ("obj", "obl", "nmod", "nsubj", "nsubj:pass")
            self._clauses[i] = bool(tree.exactly(i, "cop")) if phrase else tree.is_clause(i)
        return self._clauses[i]

    def _is_time(self, i: int) -> bool:
        return self.tree[i].lemma.lower() in self.times

    def _keeps(self, i: int, preposition: str) -> bool:
        """An event noun that keeps a time behind it to itself: a definite one, or one that is only referred to.

        "Condemned *the attack* on Monday", "closed the road *after a raid* on Monday"; not "attended talks on Monday".
        """
        tree = self.tree
        if tree[i].lemma.lower() not in self.event_nouns:
            return False
        role = tree.preposition(i)
        if role and role not in self.words["grammar.along"]:
            return True
        owned = bool(preposition) and bool(tree.exactly(i, "nmod:poss"))  # "its strike in May", but "called off its strike last week"
        return owned or any(tree[c].form.lower() in self.words["grammar.definite"] for c in tree.exactly(i, "det"))

    def _coincides(self, i: int) -> bool:
        """A noun in whose time its clause happened: "killed nine *during* Friday *prayers*", "said *in* a 2031 *report*"."""
        tree = self.tree
        if tree.preposition(i) not in self.words["grammar.coincident"] or i in tree.actors:
            return False
        return tree[tree[i].head].lemma.lower() not in self.words["grammar.judging"]

    def _owner(self, expression: Expression, first: int, verb: int) -> int:
        """The noun right before a time phrase that keeps it from the clause, else -1: "a budget for 2031", "the first time since 2031"."""
        tree = self.tree
        ranking = expression.frame == "since" or expression.rule == "hence"
        noun = first - 1 if ranking else first - 2
        if noun < 0 or noun == verb or tree[noun].sentence != tree[first].sentence or tree[noun].upos not in ("NOUN", "PROPN"):
            return -1
        if ranking:
            ranked = any("Degree=Sup" in tree[c].features or "NumType=Ord" in tree[c].features for c in tree.children[noun])
            return noun if ranked else -1
        marked = tree[first - 1].form.lower() in self.words["grammar.nominal"] and expression.rule not in ("past-span", "coming-span")
        return noun if marked and not self._is_time(noun) else -1

    def _no_date(self, expression: Expression, head: int, first: int, last: int) -> bool:
        """Words that look like a date and are none: counts ("2000 troops"), names ("May Square"), verbs, and what comes again and again."""
        tree = self.tree
        low = tree.analysis.sentences[tree[first].sentence][0]
        if any(tree[i].form.lower() in self.words["grammar.again"] for i in range(max(first - 2, low), first)):
            return True
        if expression.rule == "weekday" and first > low and tree[first - 1].form.lower() in self.words["grammar.indefinite"]:
            return True
        if expression.rule == "year":
            return not self._is_year(head, first, last, low) or self._in_name(first, last)
        if expression.dated:
            return False
        if expression.rule == "day-number":  # "on the 14th", not "the 14th brigade"
            return tree.bases[head] != "obl" or not self._preposition(expression, head)
        if expression.rule in ("month", "season") and not self._is_period(expression, head):
            return True
        return expression.rule in ("month", "season", "weekday", "fixed-day", "month-day", "today") and self._in_name(first, last)

    def _is_year(self, head: int, first: int, last: int, low: int) -> bool:
        """Whether a figure is a year: "the 2031 elections", "in 2031 Norland will", not "2000 troops", "Resolution 2031"."""
        tree = self.tree
        above, relation = tree[head].head, tree[head].relation
        before = tree[first - 1].form.lower() if first > low else ""
        if before in self.words["grammar.counting"]:
            return last >= len(tree.tokens) or "Number=Plur" not in tree[last].features
        if relation == "nummod" and above == last:
            if before in self.words["grammar.definite"] or before in self.words["grammar.owners"]:
                return True
            if before in self.words["grammar.before_years"]:
                return tree[last].upos == "PROPN" or not tree[first].form.endswith("00")
            return "Number=Plur" not in tree[last].features and (tree[last].upos != "PROPN" or self.headline)
        numbers = above >= low and above == first - 1 and relation in ("nmod:unmarked", "nummod", "flat", "compound")
        return not numbers or self._is_time(above)

    def _in_name(self, first: int, last: int) -> bool:
        """Whether a longer name holds the words: "May Square", "Agenda 2031", "Bloody Sunday"; not "Sunday's Osk Conference"."""
        tree = self.tree
        low, high = tree.named.get(last - 1, (first, last))
        titled = [c for c in tree.exactly(last - 1, "amod", "compound") if c == first - 1 and tree[c].form[:1].isupper()]
        first_word = tree.analysis.sentences[tree[first].sentence][0]
        if titled and not self.headline and titled[0] > first_word and titled[0] not in tree.actors:
            return True
        return low < first or (high > last and tree[last].form not in self.words["grammar.owners"])

    def _is_period(self, expression: Expression, head: int) -> bool:
        """Whether a bare name of a month or season stands as a time does: "in May", "the May elections", not "may" or "the March for"."""
        tree, token = self.tree, self.tree[head]
        relation = token.relation.split(":")[0]
        if token.upos not in ("NOUN", "PROPN"):
            return False
        alone = (expression.core or expression).start == token.start and expression.rule == "month"
        named = alone and any(tree[c].form.lower() in self.words["grammar.definite"] for c in tree.exactly(head, "det"))
        seldom = head in tree.named or (expression.rule == "season" and tree.preposition(head) == "for")
        return not named and not seldom and relation in ("compound", "nmod", "obl", "conj", "root", "advmod", "amod")

    # --- times that a clause has from another ------------------------------------------------------------------------

    def _shared(self, verb: int, depth: int = 0) -> list[_Dated]:
        """Times of the clause above that reach into this one, or of one beside it; empty where there are none.

        "On Monday soldiers shelled Osk and *burned* Halden", "shelled Osk on Monday, *killing* nine", "began on Monday to
        *shell*", "it was on Monday that soldiers *shelled* Osk", and from below: "nine people *died* when soldiers shelled Osk on Monday".
        """
        tree = self.tree
        head, relation = tree[verb].head, tree.bases[verb]
        if head < 0 or depth > DEPTH:
            return self._from_below(verb)
        named = [d for d in self._at(verb).get(head, ()) if d.first <= head < d.last]
        if named and relation in ("acl", "advcl", "ccomp", "csubj"):
            return [replace(d, interval=d.plain, expression=d.expression.core or d.expression) for d in named]
        reach = {"conj": self._over_conjunct, "advcl": self._over_adverbial, "xcomp": self._over_infinitive}.get(relation)
        if reach is None or not (tree[head].upos == "VERB" or tree.exactly(head, "cop")):
            return self._from_below(verb)
        above = self._own(head) or self._shared(head, depth + 1)
        return [d for d in above if reach(verb, head, d)] or self._from_below(verb)

    def _own(self, verb: int) -> list[_Dated]:
        return [d for d in self._at(verb).get(verb, ()) if d.verb == verb]

    def _over_conjunct(self, verb: int, head: int, dated: _Dated) -> bool:
        """A time before the first of two clauses reaches over the second; one after the first only if a day, and over the same subject."""
        if self._direction(verb) != self._direction(head):
            return False
        if dated.first < head or self.tree.find(verb, "nsubj"):
            return dated.first < head
        return dated.first > verb or dated.interval.precision in ("day", "range")

    def _over_adverbial(self, verb: int, head: int, dated: _Dated) -> bool:
        """A main clause's time reaches over its participles and its "when" clauses, not over what came before, after or was the reason."""
        tree = self.tree
        marks = {tree[m].form.lower() for m in tree.exactly(verb, "mark", "case", "advmod") if m < verb}
        participle = "VerbForm=Part" in tree[verb].features or "VerbForm=Ger" in tree[verb].features
        return bool(marks & self.words["grammar.simultaneous"]) or (participle and not tree.exactly(verb, "mark", "case"))

    def _over_infinitive(self, verb: int, head: int, dated: _Dated) -> bool:
        """The time of beginning, trying or failing is that of what is begun; a time put before a plan is that of what is planned."""
        lemma = self.tree[head].lemma.lower()
        return lemma in self.words["grammar.implicative"] or (lemma in self.words["grammar.plans"] and dated.first < head)

    def _from_below(self, verb: int) -> list[_Dated]:
        """The time of a "when" clause, or the day of a participle put first or of the last of several acts of one subject.

        "Nine people *died* when soldiers shelled Osk on Monday", "speaking on Monday, he *accused*", "soldiers *stormed* the hall and
        killed two on Monday".
        """
        tree = self.tree
        for c in tree.exactly(verb, "conj", "advcl"):
            if not (own := self._own(c)):
                continue
            marks = {tree[m].form.lower() for m in tree.exactly(c, "mark", "advmod")}
            if tree[c].relation == "advcl" and marks & self.words["grammar.when"]:
                return own
            if tree[c].relation == "conj":
                lends = not tree.find(c, "nsubj") and tree[c].upos == "VERB" and self._direction(c) == self._direction(verb)
            else:
                lends = c < verb and not marks and tree[c].form.lower().endswith("ing")
            if lends and (days := [d for d in own if d.expression.precision == "day"]):
                return days
        return []

    def _of_subject(self, p: Predication) -> list[_Dated]:
        """The time of an event noun that is the subject of what it did: "the 2031 attack *killed* nine", "a raid on Monday that *killed*
        nine". Not of what it says or is.
        """
        tree = self.tree
        if p.kind != "verb" or p.passive or p.lemma in self.framing or self._direction(p.verb) > 0:
            return []
        own = [tree[p.verb].head if tree.has(n, "PronType=Rel") else n for n in tree.exactly(p.verb, "nsubj")]
        nouns = [n for n in own if n >= 0 and n not in tree.actors]
        return [d for n in nouns for d in self._at(n).get(n, ()) if d.nouns[:1] == (n,)]

    # --- past or future ----------------------------------------------------------------------------------------------

    def _direction(self, i: int, depth: int = 0) -> int:
        """-1 where the clause of word `i` tells of the past, 1 where it tells of what is to come.

        By tense and auxiliaries; an infinitive or participle without any has its direction from the clause above it.
        """
        if i < 0:
            return -1
        if i not in self._directions:
            self._directions[i] = self._tense(i) or self._inherited_direction(i, depth)
        return self._directions[i]

    def _tense(self, i: int) -> int:
        """The direction that a verb and its auxiliaries show; 0 for an infinitive or participle without any."""
        tree = self.tree
        auxiliaries = tree.find(i, "aux", "cop")
        forms = {tree[c].form.lower() for c in auxiliaries}
        if forms & self.words["grammar.perfect"]:
            return 1 if forms & self.words["grammar.certainly_ahead"] else -1
        if forms & self.words["grammar.ahead"]:
            return 1
        finite = [w for w in (i, *auxiliaries) if "VerbForm=Fin" in tree[w].features]
        scheduled = tree[i].lemma.lower() in self.words["grammar.scheduled"] and "VerbForm=Part" in tree[i].features
        if scheduled and any(tree.preposition(c) in self.words["grammar.appointed"] for c in tree.exactly(i, "obl")):
            return 1
        if any("Tense=Past" in tree[w].features for w in finite):
            return -1
        if finite:
            return -1 if self.headline else 1
        if not self._is_clause(i):
            return -1
        if "VerbForm" not in tree[i].features and not auxiliaries:  # tagged as a verb with a noun's features, or none
            return 1 if tree[i].form.endswith("s") and not self.headline else -1
        return 0

    def _inherited_direction(self, i: int, depth: int) -> int:
        tree = self.tree
        head, relation = tree[i].head, tree.bases[i]
        infinitive = "VerbForm=Inf" in tree[i].features and relation != "conj"
        if infinitive:
            implied = head >= 0 and tree[head].lemma.lower() in self.words["grammar.implicative"] and depth < DEPTH
            return self._direction(head, depth + 1) if implied else 1
        if relation == "acl" and "Tense=Past" in tree[i].features:
            return -1
        return self._direction(head, depth + 1) if head >= 0 and depth < DEPTH else -1


def _day_of_writing(article: Article | None) -> date | None:
    """The day from which an article counts: its dateline's, else that of publication; None where neither is given to the day."""
    if article is None:
        return None
    dateline = article.dateline.date if article.dateline else None
    for given in (dateline, article.published):
        if given and (day := _as_day(given)):
            return day
    return None


def _dateline_end(article: Article) -> int:
    """Where the dateline's dash or colon stands: the date before it is that of the report and of nothing reported."""
    place = article.text.find(article.dateline.place) if article.dateline and article.dateline.place else -1
    mark = re.compile(r" ?[—–]| --?|--|:").search(article.text, place, place + DATELINE) if place >= 0 else None
    return mark.start() if mark else 0


def _as_day(given: str) -> date | None:
    try:
        day = date.fromisoformat(given[:10])
    except ValueError:
        return None
    return day if 1000 < day.year < 9000 else None
