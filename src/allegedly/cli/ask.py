"""Commands that ask the ledger: trace, matters, matter, who, names, stories, story, copies, search."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from allegedly.cli.ledgers import Where, opened_ledger
from allegedly.cli.listing import Listing, lists
from allegedly.cli.reporting import guarded
from allegedly.errors import InputError
from allegedly.inquiry import rows as shown
from allegedly.inquiry.phrases import many
from allegedly.records import Polarity, Status

if TYPE_CHECKING:
    from rich.console import Console


commands = typer.Typer(rich_markup_mode=None)


def _one_of(words: tuple[str, ...]) -> Any:
    def check(value: str) -> str:
        if value and value not in words:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(words)}.")
        return value

    return check


def _date(value: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise typer.BadParameter(f"{value!r} is no date. Write it as 2024-05-31.") from None


Outlet = Annotated[str, typer.Option("--outlet", metavar="NAME", help="Articles of this outlet.")]
Since = Annotated[str, typer.Option("--since", metavar="DATE", callback=_date, help="Published from this day on.")]
Until = Annotated[str, typer.Option("--until", metavar="DATE", callback=_date, help="Published up to this day.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Rows at most.")]


def _none(console: "Console", words: str) -> None:
    console.print(words, style="dim")


# --- matters ---------------------------------------------------------------------------------------------------------


@lists(commands)
def trace(
    claim: Annotated[str, typer.Argument(metavar='"CLAIM"', show_default=False)],
    ledger: Where = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Matters at most.")] = 5,
    *,
    out: Listing,
) -> None:
    """Trace a claim: a sentence in quotation marks. Who asserts, denies and reports it, and where it is met earliest here."""
    with guarded(), opened_ledger(ledger) as opened:
        from allegedly.inquiry.answers import trace as traced

        if not claim.strip():
            raise InputError("CLAIM", "it is empty", "Give a sentence in quotation marks")
        traces = traced(opened, claim)
        if traces is None:
            raise InputError("CLAIM", "no statement could be read in it", "Give a whole sentence that says who did what")
        found = traces[:limit]
        read = opened.size()
        rows, pages = [], []
        for one in found:
            said = shown.said(opened, one.matter)
            rows += [{"claim": one.claim.words, "claim_is": one.side, **row} for row in said]
            pages.append((one.side, shown.matter_head(one.matter), said))

        def page(console: "Console") -> None:
            from allegedly.cli.pages import matter

            if not pages:
                _none(console, f"Not found in these {many(read, 'article')}.")
            for side, head, said in pages:
                console.print("The claim denies what is said in" if side == "denies" else "The claim says the same as", style="bold")
                matter(console, head, said)

        out.show(rows, shown.fields(shown.TracedRow), page)


@lists(commands)
def matters(
    ledger: Where = "",
    disputed: Annotated[bool, typer.Option("--disputed", help="Only those that somebody affirms and somebody denies.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Those of one article too.")] = False,
    limit: Limit = 50,
    *,
    out: Listing,
) -> None:
    """List matters. What statements of several articles are about, that of most articles before the others."""
    with guarded(), opened_ledger(ledger) as opened:
        only: dict[str, Any] = {"disputed": True} if disputed else {}
        listed = opened.matters.list(least=1 if every else 2, limit=limit, **only)
        rows = [shown.listed_matter(row) for row in listed.rows]

        def page(console: "Console") -> None:
            from allegedly.cli import pages

            if not rows:
                _none(console, "No two articles of the ledger were found to say or deny the same.")
            for row in rows:
                pages.listed(console, row["matter"], row["proposition"], row, "disputed" if row["disputed"] else "")
            _more(console, bool(listed.next), limit)

        out.show(rows, shown.fields(shown.MatterRow), page)


def _filled(look: Callable[..., Any], limit: int) -> tuple[list[Any], bool]:
    """The rows of as many pages as it takes, since a page of what is rare can be short, and whether there are more."""
    rows: list[Any] = []
    after = None
    while True:
        page = look(after=after, limit=limit - len(rows))
        rows += page.rows
        after = page.next
        if after is None or len(rows) >= limit:
            return rows, after is not None


def _more(console: "Console", more: bool, limit: int) -> None:
    if more:
        _none(console, f"These are {limit}; --limit shows more.")


@lists(commands)
def matter(
    number: Annotated[int, typer.Argument(metavar="ID", show_default=False)],
    ledger: Where = "",
    *,
    out: Listing,
) -> None:
    """Show one matter. Who asserts, who denies, who only reports it and according to whom, in what words."""
    with guarded(), opened_ledger(ledger) as opened:
        from allegedly.inquiry.answers import matter_of

        found = matter_of(opened, number)
        if found is None:
            raise InputError(f"matter {number}", "there is no such matter", "`allegedly matters` lists them")
        head, rows = shown.matter_head(found), shown.said(opened, found)

        def page(console: "Console") -> None:
            from allegedly.cli.pages import matter as matter_page

            matter_page(console, head, rows)

        out.show(rows, shown.fields(shown.SaidRow), page)


# --- names -----------------------------------------------------------------------------------------------------------


@lists(commands)
def who(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    ledger: Where = "",
    limit: Limit = 30,
    *,
    out: Listing,
) -> None:
    """Show who or what a name is here. Its other names, what each outlet calls it, and what it is said to do or to be done to."""
    with guarded(), opened_ledger(ledger) as opened:
        from allegedly.inquiry.answers import find, names_of
        from allegedly.inquiry.content import PartRow, parts
        from allegedly.inquiry.entity import statements_of
        from allegedly.inquiry.held import decided_of
        from allegedly.ledger import Filters

        found = find(opened, name)
        if found:
            listed, more = _filled(partial(statements_of, opened, found[0].number, every=True), limit)
            rows = parts(found[0].number, listed)
        else:
            said, more = _filled(partial(opened.statements, filters=Filters(entity=name)), limit)
            rows = [{**shown.statement(row), "identity": None, "role": None} for row in map(decided_of(opened, said).row, said)]

        def page(console: "Console") -> None:
            from allegedly.cli import pages

            if not found and not rows:
                _none(console, f"Nobody is named so in these {many(opened.size(), 'article')}.")
                return
            for one in found[:1]:
                pages.identity(console, one, names_of(opened, one.number))
            if others := found[1:]:
                pages.others(console, others)
            pages.section(console, "In these statements, the latest articles before the others")
            pages.statements(console, rows)
            _more(console, more, limit)

        out.show(rows, shown.fields(PartRow), page)


@lists(commands)
def names(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Of whom; without, of those who are in most articles.")] = "",
    ledger: Where = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Identities at most.")] = 10,
    *,
    out: Listing,
) -> None:
    """Show what outlets call the same person. Or body, or place: how often, when, and over how many articles read."""
    with guarded(), opened_ledger(ledger) as opened:
        from allegedly.inquiry.answers import find, names_of

        if name:
            chosen = [(one.number, one.name, one.type) for one in find(opened, name)[:1]]
        else:
            chosen = [(row["number"], row["label"], row["type"]) for row in opened.identities.list(limit=limit).rows]
        tables = [(number, label, type_, names_of(opened, number)) for number, label, type_ in chosen]
        rows = [row for number, label, type_, one in tables for row in shown.names(number, label, type_, one)]

        def page(console: "Console") -> None:
            from allegedly.cli import pages

            if not tables:
                _none(console, f"Nobody is named so in these {many(opened.size(), 'article')}.")
            for _, label, type_, one in tables:
                pages.names(console, label, type_, one)

        out.show(rows, shown.fields(shown.NameRow), page)


# --- stories and copies ----------------------------------------------------------------------------------------------


@lists(commands)
def stories(
    ledger: Where = "",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Stories at most.  [default: 50 on a page, else all]")] = None,
    *,
    out: Listing,
) -> None:
    """List stories. Articles by the happening that they are about, that of most articles before the others."""
    with guarded(), opened_ledger(ledger) as opened:
        most = limit or (50 if out.form == "text" else None)
        listed: list[dict[str, Any]] = []
        after = None
        while True:
            some = opened.stories.list(after=after, limit=min(most - len(listed), 500) if most else 500)
            listed += some.rows
            after = some.next
            if after is None or (most and len(listed) >= most):
                break
        members = opened.stories.members([row["number"] for row in listed])
        ids = {row.number: row.id for row in opened.articles({n for those in members.values() for n in those}).values()}
        rows = [
            {**shown.listed_story(row), "id": row["number"], "articles": [ids[n] for n in members.get(row["number"], ()) if n in ids]}
            for row in listed
        ]

        def page(console: "Console") -> None:
            from allegedly.cli import pages

            if not listed:
                _none(console, "The ledger holds no articles yet.")
            for row in listed:
                pages.listed(console, row["number"], row["label"], row, "")
            _more(console, after is not None, most or 0)

        out.show(rows, ("id", "articles", "label", "origins", "outlets", "earliest", "latest"), page)


@lists(commands)
def story(
    number: Annotated[int, typer.Argument(metavar="ID", show_default=False)],
    ledger: Where = "",
    *,
    out: Listing,
) -> None:
    """Show one story. Its articles by date, and what they share."""
    with guarded(), opened_ledger(ledger) as opened:
        members = opened.stories.members([number]).get(number, ())
        if not members:
            raise InputError(f"story {number}", "there is no such story", "`allegedly stories` lists them")
        copies = opened.copies_among(members)
        rows = shown.story(opened.articles(members).values(), copies)

        def page(console: "Console") -> None:
            from allegedly.cli import pages

            row = opened.stories.rows([number])[number]
            pages.story(console, row, rows, shown.copied(opened, copies))

        out.show(rows, shown.fields(shown.StoryRow), page)


@lists(commands)
def copies(
    article: Annotated[str, typer.Argument(metavar="[ID]", help="Those of one article; without, the last found.")] = "",
    ledger: Where = "",
    limit: Limit = 50,
    *,
    out: Listing,
) -> None:
    """List passages that two articles share. From the earlier to the later, as far as dates tell."""
    with guarded(), opened_ledger(ledger) as opened:
        number = opened.number(article) if article else None
        if article and number is None:
            raise InputError(article, "no article of the ledger has this id", "`allegedly search` shows ids")
        listed = opened.copies([number] if number is not None else None, limit=limit)
        rows = shown.copied(opened, listed.rows)

        def page(console: "Console") -> None:
            from allegedly.cli import pages

            if not rows:
                _none(console, f"No passage was found twice in these {many(opened.size(), 'article')}.")
            for row in rows:
                pages.copied(console, row)
            _more(console, bool(listed.next), limit)

        out.show(rows, shown.fields(shown.CopyRow), page)


# --- searching -------------------------------------------------------------------------------------------------------


@lists(commands)
def search(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", show_default=False)] = None,
    ledger: Where = "",
    outlet: Outlet = "",
    since: Since = "",
    until: Until = "",
    entity: Annotated[str, typer.Option("--entity", metavar="NAME", help="Statements in which somebody so named takes part.")] = "",
    act: Annotated[str, typer.Option("--act", metavar="TYPE", help="Statements of this PLOVER type, such as ASSAULT.")] = "",
    polarity: Annotated[
        str, typer.Option("--polarity", callback=_one_of(get_args(Polarity)), metavar="|".join(get_args(Polarity)), help="Affirmed or not.")
    ] = "",
    status: Annotated[
        str,
        typer.Option("--status", callback=_one_of(get_args(Status)), metavar="|".join(get_args(Status)), help="How sure."),
    ] = "",
    voice: Annotated[
        str, typer.Option("--voice", callback=_one_of(("author", "source")), metavar="author|source", help="In whose words.")
    ] = "",
    limit: Limit = 20,
    *,
    out: Listing,
) -> None:
    """Find articles with words, newest first, with what they state. '"a b"' is a phrase, "a*" begins so, and after -- "-a" leaves out."""
    with guarded(), opened_ledger(ledger) as opened:
        from allegedly.inquiry.held import hits_as_decided
        from allegedly.ledger import Filters

        asked: dict[str, Any] = {"outlet": outlet, "since": since, "until": until, "entity": entity, "act": act.upper()}
        asked |= {"polarity": polarity, "status": status, "voice": voice}
        try:
            filters = Filters(**{name: value or None for name, value in asked.items()})
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        if words and not any(char.isalnum() for word in words for char in word):
            raise InputError("WORDS", "there is no word in it", "Give words, or filters alone")
        found, more = _filled(partial(opened.search, " ".join(words or ()), filters), limit)
        hits = [(shown.listed_article(hit.article), hit, shown.found(hit)) for hit in hits_as_decided(opened, found)]
        rows = [row for _, _, said in hits for row in said]

        def page(console: "Console") -> None:
            from allegedly.cli import pages

            if not hits:
                _none(console, f"Not found in these {many(opened.size(), 'article')}.")
            for about, hit, said in hits:
                pages.hit(console, about, hit.passage, hit.span, said if hit.statements else [])
            _more(console, more, limit)

        out.show(rows, shown.fields(shown.FoundRow), page)
