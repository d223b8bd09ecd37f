"""Phrases that say whose words or view a clause is: "in the words of the abbot", "by her account", "according to the governor".

A verb or noun of saying is looked for in `attribution`, after the model; these phrases the model marks only where they open what
the article itself says, and seldom. Missed: "for many, ..." and "to hear him tell it", which mostly mean something else.
"""

from collections.abc import Container, Iterator, Mapping

from allegedly.reading.tree import Tree

Words = Mapping[str, frozenset[str]]


def viewpoints(tree: Tree, words: Words) -> Iterator[tuple[int, int, int, int]]:
    """Each such phrase: the word that heads it, the word that is its cue, whose view it is, and the head of the clause that is told so.

    In "in the words of the abbot, the army left" they are "words", "words", "abbot", "left".
    """
    nouns, prepositions = words["speech.viewpoint"], words["speech.viewpoint_case"]
    for i in [i for i, base in enumerate(tree.bases) if base in ("obl", "nmod")]:
        token = tree[i]
        if token.head < 0:
            continue
        marks = tree.exactly(i, "case")
        if marks and tree[marks[0]].form.lower() == "according":
            cue, owners = marks[0], [i]
        elif token.lemma.lower() in nouns and tree.preposition(i) in prepositions:
            of = [c for c in tree.exactly(i, "nmod") if tree.preposition(c) == "of" and tree.exactly(i, "det")]  # not "in view of the war"
            cue, owners = i, tree.exactly(i, "nmod:poss") or of
        else:
            continue
        clause = _told(tree, i)
        if owners and clause >= 0 and tree[owners[0]].form.lower() not in ("my", "our", "your", "which", "whom"):
            yield i, cue, owners[0], clause


def as_put(tree: Tree, i: int) -> bool:
    """Whether a verb comments as "as the mayor put it" does."""
    marks, objects = ([tree[c].form.lower() for c in tree.exactly(i, r)] for r in ("mark", "obj"))
    return tree[i].relation == "advcl" and marks == ["as"] and objects == ["it"] and tree.is_clause(tree[i].head)


def _told(tree: Tree, i: int) -> int:
    """The clause that a phrase speaks of: the one above it, or what is reported there where the phrase stands before it."""
    host = next((up for up in tree.ancestors(i) if tree.is_clause(up)), -1)
    if host < 0:
        return -1
    said = [c for c in tree.exactly(host, "ccomp") if host < i < c and tree.is_clause(c)]
    return said[0] if said else host


def before_remark(tree: Tree, nouns: Container[str], start: int, within: range, end: int) -> int:
    """Where what is said ends before the author's remark on it: "that the men had fled[, a claim that the rebels deny]"; else its end.
    Before the start where all of it is the remark.

    A remark is a comma outside the quotation, one of the nouns with "a", and a clause about it.
    """
    text = tree.analysis.text
    for comma in range(max(0, within.start - 1), within.stop):
        if tree[comma].form not in (",", "—", "–") or comma + 2 >= len(tree.tokens) or tree[comma + 1].form.lower() not in ("a", "an"):
            continue
        before, noun = text[start : tree[comma].start], tree[comma + 1].head
        quoted = before.count('"') % 2 or before.count("“") > before.count("”")
        if quoted or comma == within.start or noun <= comma or tree[noun].lemma.lower() not in nouns:
            continue
        if tree.exactly(noun, "acl:relcl") or tree[tree[noun].head].relation == "parataxis":
            return tree[comma - 1].end
    return end
