"""Commands about the quality of deliveries: quality, quarantine (list, fix, release)."""

import json
from collections.abc import Mapping
from datetime import datetime
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lifeevents.domain.errors import Refused
from serving.bootstrap import Product, ledger_of
from serving.cli.console import console, table
from serving.settings import Settings

if TYPE_CHECKING:
    from lifeevents.domain.quarantine import Quarantined

desk = typer.Typer(help="Rows that were not taken: list, fix, release.", invoke_without_command=True)
Corrections = Annotated[list[str] | None, typer.Argument(help="field=value, as often as needed; empty: no value.")]
ItemId = Annotated[str, typer.Argument(help="Id of the row, from the list.")]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("quality")(quality)
    app.add_typer(desk, name="quarantine")


def quality(
    months: Annotated[int, typer.Option(min=1, help="Months of recording that count, up to the newest.")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Draw the scoreboard with its trend here (.png, .svg).")] = None,
) -> None:
    """Measure every register by the six principles, keep the report, and show it."""
    from serving.reports.scoreboard import asked, write_picture
    from serving.work import measure_quality

    path = asked(picture) if picture else None
    product = Product(Settings())
    with ledger_of(product) as ledger:
        report = measure_quality(product, ledger, simulated=False, months=months)
    if path is not None:
        write_picture(path, report)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        show_quality(report)
    if path is not None and not as_json:
        console.print(f"picture written to {path}")


def show_quality(report: Mapping[str, Any]) -> None:
    """Registers by the six numbers, then the conflicts between registers."""
    principles = [number["principle"] for number in report["registers"][0]["numbers"]]
    rows = [(one["id"], one["rows"], *map(_share, one["numbers"])) for one in report["registers"]]
    title = f"Data quality, recorded {report['first'][:7]} to {report['last'][:7]}"
    table(title, ["register", "rows", *principles], rows)
    for one in report["registers"]:
        for fault in one["faults"][:3]:
            console.print(f"{fault['rows']:>7,} {one['id']}, {fault['principle']}: {fault['example']}")
    console.print()
    pairs = [(p["fact"], p["first"], p["second"], p["agree"], p["both"]) for p in report["pairs"]]
    table("What two registers both hold", ["fact", "one", "other", "agree", "both"], pairs)


def _share(number: Mapping[str, Any]) -> str:
    if number["share"] is None:
        return str(number["why"]).replace("_", " ")
    return f"{number['share']:.1%}" + (" (few)" if number["few"] else "")


@desk.callback()
def quarantine(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 50,
) -> None:
    """Rows that were not taken, each with its file, row, field and the way out."""
    if context.invoked_subcommand is None:
        list_(limit=limit)


@desk.command("list")
def list_(
    register: Annotated[str | None, typer.Option(help="Only rows of this register.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only rows with this reason.")] = None,
    month: Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="Recorded in this month.")] = None,
    state: Annotated[str, typer.Option(help="open, released or all")] = "open",
    limit: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 50,
) -> None:
    """List quarantined rows by register, reason and month of recording."""
    from lifeevents.registers.desk import Desk

    product = Product(Settings())
    page = Desk(product.lake, product.pack.vocabulary).rows(
        registers=None if register is None else (register,),
        reason=reason,
        month=month.date() if month else None,
        state=state,
        limit=limit,
    )
    rows = [(item.id, item.reason, item.sentence) for item in page.items]
    table(f"Quarantine: {page.total:,} rows", ["id", "reason", "what to do"], rows)


@desk.command("fix")
def fix(
    item: ItemId, corrections: Corrections = None, who: Annotated[str, typer.Option(help="Your name.")] = ""
) -> None:
    """Correct fields of a row and keep it in quarantine."""
    show_item(_handle("fix", item, corrections, who))


@desk.command("release")
def release(
    item: ItemId, corrections: Corrections = None, who: Annotated[str, typer.Option(help="Your name.")] = ""
) -> None:
    """Send a row, corrected, through the gate again."""
    done = _handle("release", item, corrections, who)
    show_item(done)
    if done.state == "open":
        raise typer.Exit(1)


def _handle(what: str, item: str, corrections: list[str] | None, who: str) -> "Quarantined":
    """Do it with the audit row of the asking committed before, so that nothing is done that was not audited."""
    from lifeevents.registers.desk import Desk

    product, name = Product(Settings()), who or getuser()
    changes, now = _parsed(corrections or []), product.clock.now()
    at_desk = Desk(product.lake, product.pack.vocabulary)
    with ledger_of(product) as ledger:
        with ledger.begin() as unit:
            detail = {"item": item, "fields": sorted(changes)}
            unit.audit(name, f"quarantine.{what}", None, detail, now=now)
        act = at_desk.fix if what == "fix" else at_desk.release
        done = act(item, changes, who=name, at=now)
        with ledger.begin() as unit:
            unit.audit(name, "quarantine.outcome", None, {"item": item, "state": done.state}, now=now)
    return done


def _parsed(corrections: list[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for one in corrections:
        name, equals, value = one.partition("=")
        if not equals:
            raise Refused(f'"{one}" is no correction. Write it like occurred_on=2026-10-03.')
        found[name] = value or None
    return found


def show_item(item: "Quarantined") -> None:
    """A row as it stands, and what was done with it."""
    table(f"{item.id}: {item.state}", ["field", "value"], [(k, v or "") for k, v in item.content.items()])
    for one in item.history:
        console.print(f"{one.at:%Y-%m-%d %H:%M} UTC, {one.who}: {one.action}. {one.sentence or ''}")
    if item.state == "open":
        console.print(f"\n[bold]{item.reason.replace('_', ' ')}[/]: {item.sentence}")
