"""The command about dated law: what a law says on a day."""

from datetime import date, datetime
from typing import Annotated

import typer

from lifeevents.domain.errors import LawError, NotFound, did_you_mean
from lifeevents.domain.law import LawTable
from lifeevents.domain.pack import DateRule, Pack
from serving.api.language import pick
from serving.bootstrap import Product
from serving.cli.console import console, table
from serving.settings import Settings

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day (default: today).")]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("law")(law)


def law(
    name: Annotated[str | None, typer.Argument(help="Id of a table or a date in law; all are listed without.")] = None,
    as_of: Day = None,
    key: Annotated[str | None, typer.Option(help="A key of the table, or a number for its thresholds.")] = None,
    born: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Birth date, for a date.")] = None,
    sex: Annotated[str | None, typer.Option(help="M or F, for a date.")] = None,
) -> None:
    """What a law says on a day: a number of a table, or a date for somebody born on a day."""
    product = Product(Settings())
    pack, day = product.pack, as_of.date() if as_of else product.clock.now().date()
    if name is None:
        rows = [
            (t.id, pick(t.title, "en"), "table", all(row.settled for row in t.values)) for t in pack.tables.values()
        ]
        rows += [(one.id, pick(one.title, "en"), "date", one.verified) for one in pack.law.values()]
        table(f"{len(rows)} laws", ["id", "title", "kind", "verified"], rows)
    elif name in pack.tables:
        _show_table(pack.tables[name], day, key)
    elif name in pack.law:
        _show_date(pack.law[name], pack, day, born.date() if born else None, sex)
    else:
        raise NotFound(f'There is no law "{name}".{did_you_mean(name, (*pack.tables, *pack.law))}')


def _show_table(one: LawTable, day: date, key: str | None) -> None:
    row = one.row(day)
    sure = "" if row.settled else f" (not verified: {row.state})"
    value = row.value if key is None else one.on(day, key)
    console.print(f"{pick(one.title, 'en')}, {one.unit}, on {day}: {value}{sure}")
    console.print(f"valid {row.since} to {row.to or 'open'}; {'; '.join(one.law)}. {one.source}")


def _show_date(rule: DateRule, pack: Pack, day: date, born: date | None, sex: str | None) -> None:
    from lifeevents.engine.law import date_in_law

    sure = "" if rule.verified else " (not verified)"
    if born is None:
        whose = "Say whose: --born YYYY-MM-DD, and --sex M or F where it counts."
        raise LawError(f"{rule.id} is a date in a life. {whose}")
    found = date_in_law(rule, pack.law, {"born_on": born, "sex": sex}, day)
    console.print(f"{pick(rule.title, 'en')}, born on {born}: {found}{sure}")
    console.print(f"{'; '.join(rule.law)}. {rule.source}")
