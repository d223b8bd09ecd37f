"""The measures of coreference on small cases worked out by hand, and the chains of a treebank."""

from itertools import permutations
from random import Random

import pytest

from benchmarks.coreference import Place, assignment, b_cubed, ceaf, coreference, f1s, gold_documents, muc, read_chains


def chains(text: str) -> list[frozenset[str]]:
    return [frozenset(chain) for chain in text.split()]


@pytest.mark.parametrize(
    ("gold", "got", "expected"),
    [
        ("abc de", "abc de", {"muc": 1.0, "b3": 1.0, "ceaf": 1.0}),
        # recall of links 2 of 3, precision 2 of 2; B3 (2+2)/5 + ... by hand: recall (2*2/3 + 0 + 2)/5, precision 1
        ("abc de", "ab de", {"muc": 0.8, "b3": 2 * (2 / 3) / (1 + 2 / 3), "ceaf": (0.8 + 1) / 2}),
        ("abc", "", {"muc": 0.0, "b3": 0.0, "ceaf": 0.0}),
        # the two chains run together: one link too many, precision 3 of 4
        ("abc de", "abcde", {"muc": 2 * 0.75 / 1.75, "b3": 2 * 0.52 / 1.52, "ceaf": 2 * (0.75 / 2) * 0.75 / (0.75 / 2 + 0.75)}),
    ],
)
def test_the_three_measures(gold: str, got: str, expected: dict[str, float]) -> None:
    figures = f1s([(chains(gold), chains(got))])
    assert {name: figures[name] for name in expected} == pytest.approx(expected)
    assert figures["conll"] == pytest.approx(sum(expected.values()) / 3)


def test_counts_of_each_measure() -> None:
    gold, got = chains("abc def"), chains("ab cd ef")
    assert muc(gold, got) == (2, 4)
    assert b_cubed(gold, got)[0] == pytest.approx((4 / 3 + 1 / 3) * 2)
    assert ceaf(gold, got)[0] == pytest.approx(0.8 * 2)


def test_assignment_is_the_best_of_all() -> None:
    dice = Random(3)
    for n, m in ((1, 1), (2, 3), (4, 4), (5, 3), (3, 6)):
        table = [[dice.choice((0.0, dice.random())) for _ in range(m)] for _ in range(n)]
        wide = table if n <= m else [list(column) for column in zip(*table, strict=True)]
        orders = permutations(range(len(wide[0])), len(wide))
        best = max(sum(row[at] for row, at in zip(wide, order, strict=True)) for order in orders)
        assert assignment(table) == pytest.approx(best)
    assert assignment([]) == assignment([[]]) == 0.0


TREES = """# newdoc id = one
# text = Hala Wren's army left.
1\tHala\t_\tPROPN\t_\t_\t4\tnmod:poss\t_\tEntity=(2-organization(1-person
2\tWren\t_\tPROPN\t_\t_\t1\tflat\t_\tEntity=1)
3\t's\t_\tPART\t_\t_\t1\tcase\t_\t_
4\tarmy\t_\tNOUN\t_\t_\t9\tnsubj\t_\tEntity=2)
9\tleft\t_\tVERB\t_\t_\t0\troot\t_\t_

# text = She didn't.
1\tShe\t_\tPRON\t_\t_\t2\tnsubj\t_\tEntity=(1-person)
2-3\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdid\t_\tAUX\t_\t_\t0\troot\t_\t_
3\tn't\t_\tPART\t_\t_\t2\tadvmod\t_\t_

# newdoc id = two
1\tIt\t_\tPRON\t_\t_\t0\troot\t_\tEntity=(7-place)
"""


def test_gold_chains_leave_singletons_out_and_keep_heads() -> None:
    one, two = gold_documents(TREES.splitlines(keepends=True))
    assert one.chains == ((Place(0, 8, (0, 4)), Place(18, 21, (18, 21))),)
    assert (one.id, two.id, two.chains) == ("d00001", "d00002", ())


def test_head_matching_forgives_extents_and_exact_matching_does_not() -> None:
    gold = gold_documents(TREES.splitlines(keepends=True))
    text = "Hala Wren's army left She didn't"
    mentions = [
        {"start": 0, "end": 9, "head": [0, 4], "entity": "e1"},
        {"start": 22, "end": 25, "head": [22, 25], "entity": "e1"},
        {"start": 12, "end": 16, "head": [12, 16], "entity": "e2"},
    ]
    reading = {"article": {"text": text}, "mentions": mentions}
    assert read_chains(reading) == ((Place(0, 8, (0, 4)), Place(18, 21, (18, 21))),)
    exact = coreference(gold, {"d00001": reading})
    assert (exact["conll"], exact["conll_exact"]) == (1.0, 1.0)
    mentions[0]["end"] = 4
    loose = coreference(gold, {"d00001": reading})
    assert loose["conll"] == 1.0
    assert loose["conll_exact"] < 0.5
    assert coreference(gold, {})["conll"] == 0.0
