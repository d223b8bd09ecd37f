"""Who is said to have done what to whom, as a network: GEXF 1.2, which Gephi and networkx read.

A node is an entity. Two articles' entities of the same name and type are the same node here; those that are only described ("the army") are
nodes of their one article (`named` tells them apart), since two articles may mean two armies. An edge leads from actor to recipient and
stands for one act in one voice with one polarity and status: what the government says and what the rebels say are different edges, and so
are what is affirmed and what is denied. Its weight is the number of statements; `articles` counts articles, copies among them, and is no
count of confirmations. Its `start` and `end` are the earliest and latest day that its statements put it at, else were published.

Statements without an actor or a recipient are not drawn, and with `no_text` those with one that is only described; the page's description
says how many there were. Memory grows with the number of edges.

Published source: GEXF 1.2draft primer (Gephi, 2009).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from allegedly.export.digest import inline
from allegedly.export.events import Happening, happenings
from allegedly.export.options import Options
from allegedly.records import Entity, Reading

NODE = {"named": "boolean", "type": "string", "country": "string", "sector": "string", "articles": "integer"}
EDGE = {
    "act": "string",
    "event_type": "string",
    "quad": "integer",
    "voice": "string",
    "outlet": "string",
    "polarity": "string",
    "status": "string",
    "review": "string",
    "statements": "integer",
    "articles": "integer",
    "evidence": "string",
}
SHOWN = 20
"""Statements that an edge names as its evidence."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class _Node:
    name: str
    named: bool
    type: str
    country: str = ""
    sector: str = ""
    articles: int = 0
    last: str = ""


@dataclass(slots=True)
class _Edge:
    actor: int
    recipient: int
    values: dict[str, str | int]
    statements: int = 0
    articles: int = 0
    last: str = ""
    start: str = ""
    end: str = ""
    evidence: list[str] = field(default_factory=list)


class _Network:
    """Nodes and edges in the order in which they are met."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[str, str, str], int] = {}
        self.about: list[_Node] = []
        self.edges: dict[tuple[object, ...], _Edge] = {}
        self.undrawn = 0

    def node(self, entity: Entity, named: bool, article: str) -> int:
        """The number of an entity's node: of a name, or of a description in one article. The first to give a country or sector does so."""
        name = inline(entity.name)
        number = self.nodes.setdefault((name.casefold(), entity.type, "" if named else article), len(self.nodes))
        if number == len(self.about):
            self.about.append(_Node(name, named, entity.type))
        node = self.about[number]
        node.country, node.sector = node.country or entity.country or "", node.sector or entity.sector or ""
        node.articles += node.last != article
        node.last = article
        return number

    def add(self, happening: Happening) -> None:
        """Its edges, one for each pair of parties; none where a party is missing."""
        s, article, digest = happening.statement, happening.reading.article, happening.digest
        assert s.event is not None  # noqa: S101 (`counts` lets nothing else through)
        parties = [[e for e in happening.entities(ids) if e.name] for ids in (s.actor_entities, s.recipient_entities)]
        if not all(parties):
            self.undrawn += 1
            return
        values: dict[str, str | int] = {"act": s.event.act, "event_type": s.event.type, "quad": s.event.quad, "voice": happening.voice}
        values |= {"outlet": inline(article.outlet or ""), "polarity": s.polarity, "status": s.status, "review": happening.review}
        if s.voice != "author":
            values["outlet"] = ""  # a source is one, whoever quotes it
        for actor in parties[0]:
            for recipient in parties[1]:
                ends = (
                    self.node(actor, actor.id in digest.named, article.id),
                    self.node(recipient, recipient.id in digest.named, article.id),
                )
                edge = self.edges.setdefault((*ends, *values.values()), _Edge(*ends, values))
                edge.statements += 1
                edge.articles += edge.last != article.id
                edge.last = article.id
                if day := happening.day:
                    edge.start, edge.end = min(edge.start or day, day), max(edge.end, day)
                if len(edge.evidence) < SHOWN:
                    edge.evidence.append(f"{inline(article.id)}#{s.id}")


def write_gexf(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """The whole network, once all readings have been seen."""
    network = _Network()
    for happening in happenings(readings, options):
        network.add(happening)
    for line in _lines(network, options):
        out.write(_NOT_XML.sub("\ufffd", line) + "\n")
    out.flush()


def _lines(network: _Network, options: Options) -> Iterator[str]:
    held = "all statements, also negated and not actual ones" if options.every else "what is affirmed as having happened, by whom"
    undrawn = f"{network.undrawn} statements without an actor or a recipient that could be named are not drawn."
    said = f"Holds {held}. Nothing here says what is true. {undrawn}"
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">'
    yield f"<meta><creator>Allegedly</creator><description>{escape(said)}</description></meta>"
    yield '<graph defaultedgetype="directed" mode="dynamic" timeformat="date">'
    for kind, columns in (("node", NODE), ("edge", EDGE)):
        yield f'<attributes class="{kind}" mode="static">'
        yield from (f'<attribute id="{name}" title="{name}" type="{of}"/>' for name, of in columns.items())
        yield "</attributes>"
    yield "<nodes>"
    for number, node in enumerate(network.about):
        known: dict[str, str | int] = {
            "named": "true" if node.named else "false",
            "type": node.type,
            "country": node.country,
            "sector": node.sector,
            "articles": node.articles,
        }
        yield f'<node id="n{number}" label={quoteattr(node.name)}>{_values(known)}</node>'
    yield "</nodes>\n<edges>"
    for number, edge in enumerate(network.edges.values()):
        values = edge.values | {"statements": edge.statements, "articles": edge.articles, "evidence": " ".join(edge.evidence)}
        dates = f' start="{edge.start}" end="{edge.end}"' if edge.start else ""
        label = quoteattr(str(edge.values["act"]))
        ends = f'source="n{edge.actor}" target="n{edge.recipient}"'
        yield f'<edge id="e{number}" {ends} label={label} weight="{edge.statements}"{dates}>{_values(values)}</edge>'
    yield "</edges>\n</graph>\n</gexf>"


def _values(values: Mapping[str, str | int]) -> str:
    """What is not known is left out."""
    shown = "".join(f'<attvalue for="{name}" value={quoteattr(str(value))}/>' for name, value in values.items() if value != "")
    return f"<attvalues>{shown}</attvalues>" if shown else ""
