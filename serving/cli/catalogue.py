"""Commands about the catalogue and the law: list, export, what is open, what runs out, what a law says on a day."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lifeevents.domain.calendar import local_day
from lifeevents.domain.errors import LawError, NotFound, did_you_mean
from lifeevents.domain.law import LawTable
from lifeevents.domain.pack import DateRule, Pack
from serving.bootstrap import Product
from serving.cli.console import console, table
from serving.settings import Settings

DAY = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="A day; today when left out.")]
OUT = Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")]


class Format(StrEnum):
    """What the catalogue can be exported as."""

    CPSV_AP = "cpsv-ap"
    CSV = "csv"
    JSON = "json"
    VOCABULARY = "vocabulary"


class Syntax(StrEnum):
    """How linked data is written."""

    TURTLE = "turtle"
    JSON_LD = "json-ld"


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    family = typer.Typer(help="Milestones and procedures: list, export, what is open, what runs out.")
    family.callback(invoke_without_command=True)(catalogue)
    family.command("export")(export)
    family.command("unverified")(unverified_cells)
    family.command("check")(check)
    app.add_typer(family, name="catalogue")
    app.command("law")(law)


def catalogue(
    context: typer.Context,
    language: Annotated[str, typer.Option(help="vi or en")] = "vi",
) -> None:
    """Milestones with the procedures they lead to."""
    if context.invoked_subcommand is not None:
        return
    pack = Product(Settings()).pack
    rows = [
        (m.id, m.kind, m.text.title[language], ", ".join(p.id for p in pack.offers(m.id)), m.verified)
        for m in pack.milestones.values()
    ]
    table(f"{len(rows)} milestones", ["id", "kind", "title", "procedures", "verified"], rows)
    essential = sum(p.essential for p in pack.procedures.values())
    console.print(f"{len(pack.procedures)} procedures, {essential} of them essential")


def export(
    format: Annotated[Format, typer.Option(help="cpsv-ap, csv, json, or our own vocabulary")] = Format.CPSV_AP,
    syntax: Annotated[Syntax, typer.Option(help="turtle or json-ld, for linked data")] = Syntax.TURTLE,
    language: Annotated[str, typer.Option(help="vi or en, for csv and json")] = "vi",
    as_of: DAY = None,
    out: OUT = None,
) -> None:
    """The whole catalogue for machines; the same pack gives the same bytes."""
    product = Product(Settings())
    text = _exported(product.pack, format, syntax, language, _day(product, as_of))
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_bytes(text.encode())
        console.print(f"{out}: {out.stat().st_size:,} bytes")


def _exported(pack: Pack, format: Format, syntax: Syntax, language: str, day: date) -> str:
    from lifeevents.catalogue.cpsv_ap import catalogue as graph_of
    from lifeevents.catalogue.cpsv_ap import vocabulary
    from lifeevents.catalogue.open_data import as_csv, as_json, rows
    from lifeevents.catalogue.serialise import serialise

    match format:
        case Format.CPSV_AP:
            return serialise(graph_of(pack), syntax.value)
        case Format.VOCABULARY:
            return serialise(vocabulary(), syntax.value)
        case Format.CSV:
            return as_csv(rows(pack, language, day))
        case Format.JSON:
            return as_json(rows(pack, language, day))


def unverified_cells() -> None:
    """What a lawyer must settle: the cell, why it is open, what it says, and the one line to edit."""
    from lifeevents.catalogue.unverified import unverified

    cells = unverified(Product(Settings()).pack)
    for cell in cells:
        console.print(f"{cell.file}  {cell.edit}", markup=False)
        console.print(
            f"    {cell.why}: {cell.says or 'nothing gathered'} ({cell.source or 'no source named'})", markup=False
        )
    console.print(f"{len(cells)} cells to settle; after comparing one with the law, make the edit named beside it.")


def check(
    months: Annotated[int, typer.Option(min=0, help="Look this far ahead.")] = 3,
    as_of: DAY = None,
) -> None:
    """Does anything run out? Exit code 1, with what to do, when it does."""
    from lifeevents.catalogue.freshness import stale

    product = Product(Settings())
    day = _day(product, as_of)
    found = stale(product.pack, day, months)
    if not found:
        console.print(f"Nothing runs out within {months} months of {day}.")
        return
    table(f"{len(found)} to renew", ["file", "by", "what to do"], [(one.file, one.due, one.todo) for one in found])
    raise typer.Exit(1)


def law(
    name: Annotated[str | None, typer.Argument(help="Id of a table or a date in law; all are listed without.")] = None,
    as_of: DAY = None,
    key: Annotated[str | None, typer.Option(help="A key of the table, or a number for its thresholds.")] = None,
    born: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Birth date, for a date.")] = None,
    sex: Annotated[str | None, typer.Option(help="M or F, for a date.")] = None,
) -> None:
    """What a law says on a day: a number of a table, or a date for somebody born on a day."""
    product = Product(Settings())
    pack, day = product.pack, _day(product, as_of)
    if name is None:
        rows = [(one.id, one.title["en"], "table", all(row.settled for row in one.values)) for one in _tables(pack)]
        rows += [(one.id, one.title["en"], "date", one.verified) for one in pack.law.values()]
        table(f"{len(rows)} laws", ["id", "title", "kind", "verified"], rows)
    elif name in pack.tables:
        _show_table(pack.tables[name], day, key)
    elif name in pack.law:
        _show_date(pack.law[name], pack, day, born.date() if born else None, sex)
    else:
        raise NotFound(f'There is no law "{name}".{did_you_mean(name, (*pack.tables, *pack.law))}')


def _tables(pack: Pack) -> list[LawTable]:
    return list(pack.tables.values())


def _show_table(one: LawTable, day: date, key: str | None) -> None:
    row = one.row(day)
    sure = "" if row.settled else f" (not verified: {row.state})"
    value = row.value if key is None else one.on(day, key)
    console.print(f"{one.title['en']}, {one.unit}, on {day}: {value}{sure}")
    console.print(f"valid {row.since} to {row.to or 'open'}; {'; '.join(one.law)}. {one.source}")


def _show_date(rule: DateRule, pack: Pack, day: date, born: date | None, sex: str | None) -> None:
    from lifeevents.engine.law import date_in_law

    sure = "" if rule.verified else " (not verified: memory)"
    if born is None:
        raise LawError(
            f"{rule.id} is a date in a life. Say whose: --born YYYY-MM-DD, and --sex M or F where it counts."
        )
    found = date_in_law(rule, pack.law, {"born_on": born, "sex": sex}, day)
    console.print(f"{rule.title['en']}, born on {born}: {found}{sure}")
    console.print(f"{'; '.join(rule.law)}. {rule.source}")


def _day(product: Product, as_of: datetime | None) -> date:
    return as_of.date() if as_of else local_day(product.clock.now(), product.pack.tz)
