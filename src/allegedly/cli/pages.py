"""Answers as pages for a person at a terminal. Every statement stands with its outlet, date, voice, polarity and status; copies say so.

What comes from articles is never taken as markup, and its control characters never reach the terminal.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from allegedly.export.digest import clipped, flat
from allegedly.export.terminal import Hanging
from allegedly.inquiry.phrases import STANDS, certain, counted, day, many, plain, short, voice

QUOTE = 400
FORMS = 20


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, wide: str = "") -> Table:
    """A plain table; numbers to the right, `wide` the column that takes what room is left."""
    rows = list(rows)
    grid = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        number = all(isinstance(row[name], (int, float)) and not isinstance(row[name], bool) for row in rows)
        grid.add_column(name.replace("_", " "), justify="right" if number else "left", overflow="fold", ratio=1 if name == wide else None)
    for row in rows:
        grid.add_row(*(Text(f"{row[name]:,}" if isinstance(row[name], int) else plain(row[name])) for name in columns))
    return grid


def statement(console: Console, row: Mapping[str, Any], *, indent: int = 4) -> None:
    """A statement in two lines: where, when, in whose voice and how surely; and its words."""
    head = Text()
    head.append(f"{day(row['published'])}  ", "dim")
    head.append(plain(row["outlet"]) or "no outlet", "bold")
    head.append(f"  {voice(row)}: ")
    head.append_text(certainty(row))
    if row.get("copy"):
        head.append("  copy of a text above", "dim italic")
    head.append(f"  {plain(row['article'])}", "dim")
    console.print(Hanging(head, indent))
    console.print(Hanging(Text(f"“{clipped(plain(row['quotation']), QUOTE)}”"), indent + 4))


def certainty(row: Mapping[str, Any]) -> Text:
    """Polarity and status; colour repeats what the word says."""
    mark = certain(row)
    return Text(mark, "bold red" if "NOT" in mark else "bold" if mark == "stated" else "yellow")


def statements(console: Console, rows: Iterable[Mapping[str, Any]]) -> None:
    """Statements of several articles; those of one sentence under its words."""
    for (_, words), those in groupby(rows, key=lambda row: (row["article"], row["quotation"])):
        same = list(those)
        console.print(Hanging(heading(same[0]), 2))
        console.print(Hanging(Text(f"“{clipped(plain(words), QUOTE)}”"), 4))
        said(console, same)


def said(console: Console, rows: Iterable[Mapping[str, Any]]) -> None:
    """What a sentence states: a line for each statement, with its voice, polarity and status."""
    for row in rows:
        line = Text(f"{short(row)}  ")
        line.append(voice(row), "dim")
        mark = certainty(row)
        console.print(Hanging(line, 6, mark, 2 + max(6, mark.cell_len)))


def listed(console: Console, number: int, words: str, counts: Mapping[str, Any], mark: str) -> None:
    """A matter or a story in a list: its number, what it is about, and its counts."""
    console.print(Hanging(Text(clipped(plain(words), 240) or "(no title)"), 0, Text(f"{number:>6}", "bold"), 8))
    spread = f"{counted(counts['articles'], counts['origins'])} of {many(counts['outlets'], 'outlet')}"
    days = [day(counts[side]) for side in ("earliest", "latest") if counts[side]]
    spread += "; " + " to ".join(dict.fromkeys(days)) if days else ""
    line = Text(spread, "dim")
    if mark:
        line.append(f"  {mark}", "not dim bold red")
    console.print(Hanging(line, 8))


def matter(console: Console, head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """A matter: what it is about, its counts, and under each stand who takes it."""
    name = f"Matter {head['matter']}" if head["matter"] else "A single statement, that nothing else here repeats or denies"
    title = Text(name, "bold")
    if head["disputed"]:
        title.append("  disputed", "bold red")
    console.print(title)
    console.print(Hanging(Text(clipped(plain(head["proposition"]), QUOTE)), 2))
    spread = f"{counted(head['articles'], head['origins'])} of {many(head['outlets'], 'outlet')}"
    if head["earliest"]:
        spread += f"; earliest here {day(head['earliest'])}" + (f", {plain(head['earliest_outlet'])}" if head["earliest_outlet"] else "")
        spread += f"; latest {day(head['latest'])}" if head["latest"] != head["earliest"] else ""
    console.print(Hanging(Text(spread, "dim"), 2))
    for stand, words in STANDS.items():
        those = [row for row in rows if row["stand"] == stand]
        if those:
            console.print()
            count = counted(len({row["article"] for row in those}), len({row["origin"] for row in those}))
            console.print(Hanging(Text.assemble((words.capitalize(), "bold cyan"), (f"  {count}", "dim")), 2))
            for row in those:
                statement(console, row)
    console.print()


def hit(
    console: Console, article: Mapping[str, Any], passage: str, span: tuple[int, int] | None, rows: Sequence[Mapping[str, Any]]
) -> None:
    """An article that was found: its head, the passage with the words that were looked for, and what it states there."""
    console.print(heading(article))
    words = Text("… ", "dim")
    start, end = span or (0, 0)
    for part, style in ((passage[:start], ""), (passage[start:end], "bold underline"), (passage[end:], "")):
        words.append(flat(part), style)
    words.append(" …", "dim")
    console.print(Hanging(words, 2))
    for sentence, those in groupby(rows, key=lambda row: row["quotation"]):
        console.print(Hanging(Text(f"“{clipped(plain(sentence), QUOTE)}”"), 4))
        said(console, those)
    console.print()


def heading(article: Mapping[str, Any]) -> Text:
    """An article's line: date, outlet, title, id."""
    line = Text()
    line.append(f"{day(article['published'])}  ", "dim")
    line.append(plain(article["outlet"]) or "no outlet", "bold")
    line.append(f"  {clipped(plain(article['title']), 120) or '(no title)'}")
    line.append(f"  {plain(article['article'])}", "dim")
    return line


def section(console: Console, words: str) -> None:
    """A heading within a page."""
    console.print()
    console.print(Text(words, "bold"))


def identity(console: Console, one: Any, names_table: Any) -> None:
    """Somebody or something: what it is, and its names."""
    line = Text(plain(one.name), "bold")
    facts = [one.type, *(x for x in (one.country, one.sector) if x)]
    line.append(f"  {' '.join(map(plain, facts))}  in {many(one.articles, 'article')}", "dim")
    console.print(line)
    if len(one.forms) > 1:
        console.print(Hanging(Text(f"named: {clipped(plain(one.forms), 300)}"), 2))
    if one.described:
        said = ", ".join(f"{plain(words).partition(':')[2]} ({many(count, 'article')})" for words, count in one.described)
        console.print(Hanging(Text(f"as articles describe it: {said}", "dim"), 2))
    if names_table.usages:
        console.print()
        names(console, "", "", names_table)


def others(console: Console, found: Sequence[Any]) -> None:
    """Whom else a name can mean."""
    words = "; ".join(f"{plain(one.name)} ({one.type}, {many(one.articles, 'article')})" for one in found[:8])
    console.print(Hanging(Text(f"The name can also mean: {words}", "dim"), 2))


def names(console: Console, label: str, kind: str, one: Any) -> None:
    """What outlets call an identity: a line for each form, a column for each outlet, counted over the articles read."""
    if label:
        console.print(Text.assemble((plain(label), "bold"), (f"  {kind}", "dim")))
    read = {outlet.outlet: outlet for outlet in one.outlets}
    grid = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("called", "by"):
        grid.add_column(name, overflow="fold", max_width=36)
    for name in ("times", "articles"):
        grid.add_column(name, justify="right", no_wrap=True)
    for name in ("from", "to"):
        grid.add_column(name, style="dim", no_wrap=True)
    shown = list(dict.fromkeys((use.form, use.kind) for use in one.usages))
    for form, kind in shown[:FORMS]:
        first = Text.assemble(plain(form), ("" if kind == "name" else f" ({kind})", "dim"))
        for use in (use for use in one.usages if (use.form, use.kind) == (form, kind)):
            days = (day(use.earliest), day(use.latest)) if use.earliest else ("", "")
            outlet = plain(use.outlet) or "no outlet"
            grid.add_row(first, *map(Text, (outlet, f"{use.count}×", f"{use.articles} of {read[use.outlet].read}", *days)))
            first = Text("")
    console.print(grid)
    if len(shown) > FORMS:
        console.print(Text(f"and {len(shown) - FORMS} more", "dim"))
    console.print()


def sides(console: Console, titles: tuple[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Two texts side by side: what both say, what one denies of the other, and what only one says."""
    heads = {
        "same": "Both say",
        "denies": "One denies the other",
        "only_a": f"Only in {plain(titles[0])}, not found in the other",
        "only_b": f"Only in {plain(titles[1])}, not found in the other",
    }
    if not rows:
        console.print(Text("No statement was found in either.", "dim"))
    for label, words in heads.items():
        those = [row for row in rows if row["label"] == label]
        if not those:
            continue
        console.print(Text.assemble((words, "bold"), (f"  {len(those)}", "dim")))
        for sentence, same in groupby(those, key=lambda row: "" if row["rule"] else row["a_quotation"] or row["b_quotation"]):
            for row in same:
                for side in ("a", "b"):
                    if row[f"{side}_gist"] is not None:
                        _side(console, side, row, quoted=not sentence)
                if not sentence:
                    console.print(Hanging(Text(f"by {row['rule']}, {row['score']:.2f}: {plain(row['evidence'])}", "dim"), 5))
            if sentence:
                console.print(Hanging(Text(f"“{clipped(plain(sentence), QUOTE)}”", "dim"), 7))
        console.print()


def _side(console: Console, side: str, row: Mapping[str, Any], *, quoted: bool) -> None:
    own = {name: row[f"{side}_{name}"] for name in ("gist", "voice", "force", "polarity", "status", "quotation")}
    line = certainty(own)
    line.append(f"  {clipped(plain(own['gist']), 160)}", "not bold default")
    line.append(f"  {voice(own)}", "not bold dim")
    console.print(Hanging(line, 2, Text(side.upper(), "bold cyan"), 3))
    if quoted:
        console.print(Hanging(Text(f"“{clipped(plain(own['quotation']), QUOTE)}”", "dim"), 7))


def story(console: Console, row: Mapping[str, Any], articles: Sequence[Mapping[str, Any]], copies: Sequence[Mapping[str, Any]]) -> None:
    """A story: its articles by date, and the passages that they share."""
    console.print(Text(f"Story {row['number']}  {plain(row['label'])}", "bold"))
    console.print(Hanging(Text(f"{counted(row['articles'], row['origins'])} of {many(row['outlets'], 'outlet')}", "dim"), 2))
    for article in articles:
        line = heading(article)
        if article["origin"] != article["article"]:
            line.append(f"  shares a passage with {plain(article['origin'])}", "dim italic")
        console.print(Hanging(line, 2))
    if copies:
        section(console, "Passages that two of them share")
        for copy in copies:
            copied(console, copy)


def copied(console: Console, row: Mapping[str, Any]) -> None:
    """A passage in two articles: which is earlier here, how many words they share, and how it reads."""
    line = Text(f"{many(row['words'], 'word')} shared", "bold")
    line.append(f", {row['likeness']:.0%} of the passage the same", "not bold default")
    console.print(line)
    for side in ("earlier", "later"):
        mark = {"earlier": "earlier here", "later": "later"}[side] if row["dated"] else "order not known"
        article = {name: row[f"{side}_{name}"] for name in ("outlet", "published", "title")} | {"article": row[side]}
        console.print(Hanging(heading(article), 2, Text(mark, "dim"), 17))
    console.print(Hanging(Text(f"“{clipped(plain(row['passage']), QUOTE)}”"), 4))
    console.print()
