"""Finding passages that articles share."""

from allegedly.compare.copies import CopyFinder, Memory, Original
from allegedly.compared import Copy

WIRE = (
    "The ministry of transport of Norland opened two roads to the eastern valleys on Tuesday, eleven weeks after floods had cut off the towns "
    "of Osk and Lower Sarn from the rest of the country. Engineers had cleared rubble from both routes under guard of the border police, while "
    "traders waited with lorries full of grain, cement and fuel on either side of the barrier."
)
HERE = "Our correspondent spent the morning among the lorries. Nobody seemed to be in a hurry. "
THERE = "A market reopened in Kestria last month. Prices of bread have fallen since then by a tenth. "


def found(*originals: Original) -> list[Copy]:
    store = Memory()
    finder = CopyFinder(store)
    copies = []
    for item, source in enumerate(originals, 1):
        copies += finder.add(item, source)
        store.keep(item, source)
    return copies


def plain(text: str, published: str | None = None) -> Original:
    return Original(text, published, (), ())


def test_a_shared_passage_is_found_with_its_exact_characters():
    first, second = plain(HERE + WIRE, "2031-05-02"), plain(THERE + WIRE + " " + HERE[:20], "2031-05-01")
    (copy,) = found(first, second)
    assert (copy.earlier, copy.later, copy.dated) == (2, 1, True)
    assert second.text[slice(*copy.earlier_span)] == first.text[slice(*copy.later_span)] == WIRE.removesuffix(".")
    assert copy.likeness == 1.0
    assert copy.words == len(WIRE.split())
