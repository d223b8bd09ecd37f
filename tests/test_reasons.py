"""Why: connectives and lists as links between statements, the thesis, and their outline in the views. All texts are our own."""

import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import allegedly
from allegedly.export import EXPORTS, terminal
from allegedly.export.digest import DEEPEST, Branch, Digest
from allegedly.language import table
from allegedly.reading import read_article
from allegedly.records import Article, Genre, Reading, Reason
from benchmarks import connectives
from tests.conftest import build_reading, statement

Link = tuple[str, str, str, str]  # the origin's predicate, the goal's, the kind, the marker

# Each text with all of its links.
LINKS: list[tuple[str, list[Link]]] = [
    # reasons: supported claims and demands, caused happenings
    ("The senate must reject the pipeline because it would poison two rivers.", [("poison", "reject", "supports", "because")]),
    ("The minister resigned because auditors had found missing funds.", [("found", "resigned", "causes", "because")]),
    ("Osk cannot join the pact since its parliament has never ratified the charter.", [("ratified", "join", "supports", "since")]),
    ("Given that both candidates lied, voters owe them nothing.", [("lied", "owe", "supports", "Given that")]),
    ("The commission deserves our thanks, as it refused every bribe.", [("refused", "deserves", "supports", "as")]),
    ("The tax is unjust, for it spares the rich.", [("spares", "unjust", "supports", "for")]),
    (
        "He was expelled not because he was corrupt but because he was honest.",
        [("honest", "expelled", "causes", "because")],
    ),
    (
        "The mayor is unpopular because she raised fares, and because she sold the park.",
        [("raised", "unpopular", "supports", "because"), ("sold", "unpopular", "supports", "because")],
    ),
    ("The school must stay open, if only because there is no other.", [("is", "stay", "supports", "if only because")]),
    # results
    ("The council has no plan; therefore it should resign.", [("has", "resign", "supports", "therefore")]),
    ("The port was shelled. Consequently, the harvest rotted on the quay.", [("shelled", "rotted", "causes", "Consequently")]),
    ("Foreign banks left, which is why the currency fell.", [("left", "fell", "causes", "which is why")]),
    ("The wells ran dry, so the herders moved north.", [("ran", "moved", "causes", "so")]),
    (
        "The border guards left, so that smugglers now come and go, and villagers sleep badly.",
        [("left", "come", "causes", "so that")],
    ),
    # purposes
    ("Veldania expelled two diplomats so that it could show resolve.", [("show", "expelled", "causes", "so that")]),
    ("In order to win votes in the south, the party promised a new port.", [("win", "promised", "causes", "In order to")]),
    # conditions
    ("Kestria will withdraw only if Norland releases the pilots.", [("releases", "withdraw", "conditions", "only if")]),
    ("Unless guards are paid, they will desert.", [("paid", "desert", "conditions", "Unless")]),
    ("Had the envoy stayed, the deal would have held.", [("stayed", "held", "conditions", "Had")]),
    ("So long as the border stays shut, prices will rise.", [("stays", "rise", "conditions", "So long as")]),
    ("Parliament should act now. Otherwise the mines will close.", [("act", "close", "conditions", "Otherwise")]),
    # concessions
    ("Although the mayor apologised, the residents marched on.", [("apologised", "marched", "concedes", "Although")]),
    ("Even if the senators agree, the president will veto the bill.", [("agree", "veto", "concedes", "Even if")]),
    ("Despite repeated warnings from engineers, the ministry kept the dam full.", [("warnings", "kept", "concedes", "Despite")]),
    ("In spite of the storm, the ferry sailed.", [("storm", "sailed", "concedes", "In spite of")]),
    ("While unemployment has fallen, wages have not risen.", [("fallen", "risen", "concedes", "While")]),
    ("Of course the treaty has flaws. But the alternative is another war.", [("has", "war", "concedes", "Of course")]),
    ("It is true that the regime built schools. Still, it jailed the teachers.", [("built", "jailed", "concedes", "It is true that")]),
    ("The marshal lost both battles. Nevertheless, his party gave him a statue.", [("lost", "gave", "concedes", "Nevertheless")]),
    # contrasts
    ("The bill is popular, but it will bankrupt the towns.", [("popular", "bankrupt", "contrasts", "but")]),
    ("The bill is popular. But it will bankrupt the towns.", [("popular", "bankrupt", "contrasts", "But")]),
    ("While the north grows wheat, the south grows olives.", [("grows", "grows", "contrasts", "While")]),
    ("The army said it had retaken the pass. Residents, however, saw rebels there.", [("retaken", "saw", "contrasts", "however")]),
    # nominal grounds
    ("Because of the drought, the government rationed water.", [("drought", "rationed", "causes", "Because of")]),
    ("The talks collapsed because of a dispute over prisoners.", [("dispute", "collapsed", "causes", "because of")]),
    # words that are no connectives here
    ("Since 2019 the province has had four governors.", []),
    ("Since the rebels entered the capital, the court has released nobody.", []),
    ("Since winning the election, the party has split into three.", []),
    ("All of the bridges but one were closed.", []),
    ("The general is not a hero but a thief.", []),
    ("Not only did he lie, but he also profited.", []),
    ("He asked if the ferry was safe. Nobody knew if the captain had a licence.", []),
    ("Police fired tear gas while protesters were singing.", []),
    ("As the law says, the road is open.", []),
    ("So far the talks have failed. The rooms were so cold that delegates wore coats.", []),
    ("The law was passed for the islands. It has not been read there yet.", []),
    ("The banker was charged on several counts. First, the court heard two clerks. Finally, it called the owner.", []),
    ("First, the troops surrounded the village. Then they searched the houses. Finally, they burned the mill.", []),
]

LISTS: list[tuple[str, list[Link], str | None]] = [
    (
        "The reform should be repealed for three reasons. First, it punishes the poor. Second, it has not raised a coin. "
        "Finally, the courts have struck down half of it.",
        [
            ("punishes", "repealed", "supports", "First"),
            ("raised", "repealed", "supports", "Second"),
            ("struck", "repealed", "supports", "Finally"),
        ],
        "repealed",
    ),
    (
        "We must leave the union. For one thing, its court overrules our own. For another, its budget is never audited.",
        [("overrules", "leave", "supports", "For one thing"), ("audited", "leave", "supports", "For another")],
        "leave",
    ),
    (
        "There are two reasons why the blockade will fail. The first is that smugglers know the marshes. The second is that the navy has no fuel.",
        [("know", "fail", "supports", "The first"), ("has", "fail", "supports", "The second")],
        "fail",
    ),
    (
        "I oppose the tower for two reasons: it is ugly, and it will cast a shadow over the school.",
        [("ugly", "oppose", "supports", "for two reasons"), ("cast", "oppose", "supports", "for two reasons")],
        "oppose",
    ),
    (
        "The board should reject the tower. 1) It is ugly. 2) It costs too much.",
        [("ugly", "reject", "supports", "1"), ("costs", "reject", "supports", "2")],
        "reject",
    ),
    (
        "The dam should not be built. After all, the valley floods once in a century. Moreover, the money is needed for hospitals.",
        [("floods", "built", "supports", "After all"), ("needed", "built", "supports", "Moreover")],
        "built",
    ),
    (
        "The marshal’s plan is hopeless for several reasons. Firstly, his army has no fuel.\n\n"
        "On a broader level, his allies have left him.\n\nEven if help were to come, it would bring little.\n\n"
        "Admittedly, he has friends. None of them has a port.\n\nIn May he crossed the river.",
        [
            ("has", "hopeless", "supports", "Firstly"),
            ("left", "hopeless", "supports", "On a broader level"),
            ("bring", "hopeless", "supports", "Even if"),
            ("come", "bring", "concedes", "Even if"),
            ("has", "has", "concedes", "Admittedly"),
        ],
        "hopeless",
    ),
]


def links_of(reading: Reading) -> list[Link]:
    """The links by their words, with the predicates in full."""
    text, said = reading.article.text, {s.id: s for s in reading.statements}

    def predicate(name: str) -> str:
        return " ".join(text[s:e] for s, e in said[name].predicate)

    return [(predicate(r.origin), predicate(r.goal), r.kind, text[slice(*r.marker)] if r.marker else "") for r in reading.reasons]


def agrees(found: list[Link], wanted: list[Link]) -> bool:
    """Whether both have the same links: a wanted predicate is a word of the one found."""
    key = lambda link: (link[3], link[0])  # noqa: E731
    pairs = list(zip(sorted(found, key=key), sorted(wanted, key=key), strict=False))
    return len(found) == len(wanted) and all(w[0] in f[0].split() and w[1] in f[1].split() and w[2:] == f[2:] for f, w in pairs)


@pytest.mark.parametrize(("text", "wanted"), LINKS)
def test_links(text: str, wanted: list[Link]) -> None:
    found = links_of(allegedly.read(text))
    assert agrees(found, wanted), found


@pytest.mark.parametrize(("text", "wanted", "thesis"), LISTS)
def test_lists_and_their_thesis(text: str, wanted: list[Link], thesis: str | None) -> None:
    reading = allegedly.read(text)
    assert agrees(links_of(reading), wanted), links_of(reading)
    said = {s.id: s for s in reading.statements}
    assert reading.thesis
    assert thesis in [text[s:e].split()[-1] for s, e in said[reading.thesis].predicate]


def test_a_report_has_no_thesis() -> None:
    text = "The senate must reject the pipeline because it would poison two rivers."
    for label, expected in (("opinion", True), ("other", True), ("report", False), ("press_release", False)):
        reading = read_article(Article("a", text, genre=Genre(label, 0.9)))  # type: ignore[arg-type]
        assert (reading.thesis is not None, len(reading.reasons)) == (expected, 1)


def test_the_thesis_is_the_author_s() -> None:
    """What a source argues for is linked, in its own voice, but is not what the article argues for."""
    reading = allegedly.read("Deputy Ilona Varga said that the senate must reject the pipeline because it would poison two rivers.")
    (reason,) = reading.reasons
    said = {s.id: s for s in reading.statements}
    assert said[reason.origin].voice == said[reason.goal].voice != "author"
    assert reading.thesis is None


def test_a_reason_for_saying_is_no_reason_for_what_is_said() -> None:
    reading = allegedly.read("If nobody knew that the dam leaked, the engineers should go.")
    assert "leaked" not in [link[0] for link in links_of(reading)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(["because", "it", "rained", ",", ".", "but", "First", "if", "1.", "for several reasons", "\n\n", "of", "“", "so"]),
        max_size=40,
    )
)
def test_any_text_has_links_between_its_own_statements(parts: list[str]) -> None:
    reading = read_article(Article("a", " ".join(parts)))
    known = {s.id for s in reading.statements}
    ends = [(r.origin, r.goal) for r in reading.reasons]
    assert all(origin in known and goal in known and origin != goal for origin, goal in ends)
    assert len({frozenset(e) for e in ends}) == len(ends)
    assert reading.thesis is None or reading.thesis in known
    for r in reading.reasons:
        assert r.marker is None or reading.article.text[slice(*r.marker)].strip()


def test_markers_do_not_depend_on_typography() -> None:
    straight = "The levy is unjust. That's why the towns won't pay it, but the ministry won't listen."
    curly = straight.replace("'", "’")
    found = [[(r.kind, r.rule) for r in allegedly.read(text).reasons] for text in (straight, curly)]
    assert found[0] == found[1] != []


def test_the_lexicon_holds_known_senses() -> None:
    senses = re.compile(r"(Contingency|Comparison)(\.[A-Z][a-z]+([-+][A-Za-z]+)?(\.[A-Za-z0-9+-]+)?)?")
    lexicon = table("connectives")
    for kind in ("subordinator", "preposition", "coordinator", "adverbial"):
        assert all(senses.fullmatch(sense) for sense in lexicon[kind].values())
    assert set(lexicon["list"].values()) == {"opens", "next", "last", "aspect"}
    assert set(lexicon["granting"].values()) == {"always", "answered"}


# --- the outline in the views ------------------------------------------------------------------------------------------


def with_reasons(*reasons: tuple[str, str, str], thesis: str | None = None) -> Reading:
    links = tuple(Reason(f"r{n}", a, b, kind, None, "test", 0.5) for n, (a, b, kind) in enumerate(reasons))  # type: ignore[arg-type]
    return replace(build_reading(), reasons=links, thesis=thesis)


def shape(branches: list[Branch]) -> list[object]:
    return [[b.statement.id, *shape(b.under)] if b.under else b.statement.id for b in branches]


def test_outline_has_the_thesis_first_and_each_statement_unfolded_once() -> None:
    reading = with_reasons(
        ("s1", "s2", "causes"), ("s7", "s9", "supports"), ("s8", "s7", "concedes"), ("s8", "s9", "supports"), thesis="s9"
    )
    assert shape(Digest(reading).outline()) == [["s9", ["s7", "s8"], "s8"], ["s2", "s1"]]


def test_outline_ends_circles_and_leaves_out_links_to_nothing() -> None:
    reading = with_reasons(("s1", "s2", "contrasts"), ("s2", "s1", "contrasts"), ("s1", "gone", "causes"))
    assert shape(Digest(reading).outline()) == [["s2", ["s1", "s2"]]]
    assert Digest(with_reasons()).outline() == []


def test_outline_is_no_deeper_than_it_may_be() -> None:
    chain = tuple(statement(f"x{n}", "died", "die") for n in range(40))
    links = tuple(Reason(f"r{n}", f"x{n + 1}", f"x{n}", "causes", None, "test", 0.5) for n in range(39))
    branches = Digest(replace(build_reading(), statements=chain, reasons=links, thesis="x0")).outline()

    def depth(b: Branch) -> int:
        return 1 + max(map(depth, b.under), default=0)

    def size(b: Branch) -> int:
        return 1 + sum(map(size, b.under))

    assert (depth(branches[0]), size(branches[0])) == (DEEPEST + 1, 40)


def test_terminal_shows_the_outline_with_voice_and_certainty() -> None:
    reading = with_reasons(("s1", "s7", "concedes"), ("s8", "s9", "supports"), thesis="s9")
    out = io.StringIO()
    console = Console(file=out, width=80)
    console.print(terminal.page(Digest(reading)))
    shown = out.getvalue().partition("Reasons given")[2].partition("Not the author")[0]
    assert re.search(r"thesis +the author \(demanded\): “Brennia should suspend", shown)
    assert re.search(r"└ reason +the author \(stated\): “it starves", shown)
    assert re.search(r"└ conceded +President Maren Halvik \(NOT\)", shown)
    assert max(map(len, shown.splitlines())) <= 80


def test_page_nests_the_outline_escaped_and_with_links_to_the_words() -> None:
    reading = with_reasons(("s8", "s9", "supports"), thesis="s9")
    text = reading.article.text.replace("forty thousand people", "<b>ty thousand people")
    out = io.StringIO()
    EXPORTS["html"].write([replace(reading, article=replace(reading.article, text=text))], out)
    page = out.getvalue()
    outline = page[page.index('<section class="outline') : page.index("</section>", page.index('<section class="outline'))]
    assert outline.count("<ul>") == 2
    assert "&lt;b&gt;ty thousand" in outline
    assert "<b>ty" not in outline
    for href in re.findall(r'href="#([^"]+)"', outline):
        assert f'id="{href}"' in page
    assert 'class="outline' not in page_of(with_reasons())


def page_of(reading: Reading) -> str:
    out = io.StringIO()
    EXPORTS["html"].write([reading], out)
    return out.getvalue()


# --- the benchmark -----------------------------------------------------------------------------------------------------

SAMPLE = """# newdoc id = a
# text = I can't wait, but if you stay, I will.
1	I	_	_	_	_	_	_	_	_
2-3	can't	_	_	_	_	_	_	_	_
2	ca	_	_	_	_	_	_	_	_
3	n't	_	_	_	_	_	_	_	_
4	wait	_	_	_	_	_	_	_	_
5	,	_	_	_	_	_	_	_	_
6	but	_	_	_	_	_	_	_	PDTB=Explicit:Comparison.Concession.Arg2-as-denier:but:6:1-4:11-12;Explicit:Temporal.Synchronous:but:6:1-4:11-12
7	if	_	_	_	_	_	_	_	X=_|PDTB=Explicit:Contingency.Condition.Arg2-as-cond:if:7:11-12:8-9
8	you	_	_	_	_	_	_	_	_
9	stay	_	_	_	_	_	_	_	_
10	,	_	_	_	_	_	_	_	_
11	I	_	_	_	_	_	_	_	_
12	will	_	_	_	_	_	_	_	PDTB=Implicit:Expansion.Conjunction:and:_:1-4:6-12
"""


def test_the_benchmark_reads_connectives_and_counts_what_is_right() -> None:
    lines = SAMPLE.splitlines()
    (gold,) = connectives.documents(lines)
    assert [(sorted(g.places), g.word, g.groups) for g in gold] == [
        ([11, 12, 13], "but", {"comparison"}),
        ([14, 15], "if", {"condition"}),
    ]
    text = "I can't wait, but if you stay, I will."
    said = [{"id": "s1", "predicate": [[8, 12]]}, {"id": "s2", "predicate": [[25, 29]]}, {"id": "s3", "predicate": [[33, 37]]}]
    rule = {"but": "Contingency.Cause.Reason", "if": "Contingency.Condition.Arg2-as-cond"}
    reasons = [
        {"from": a, "to": b, "marker": [text.index(word), text.index(word) + len(word)], "rule": rule[word]}
        for a, b, word in (("s1", "s3", "but"), ("s3", "s2", "if"))
    ]
    reading = {"article": {"id": "d00001", "text": text}, "statements": said, "reasons": reasons}
    found = connectives.measure(lines, [json.dumps(reading)])
    assert found == {"f1": 1, "precision": 1, "recall": 1, "recall_all": 1, "sense": 0.5, "sides": 1}
    assert connectives.measure(lines, [])["recall"] == 0
