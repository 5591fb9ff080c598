"""Commands that show what stands: catalogue, coverage, audit."""

from typing import Annotated

import typer

from serving.bootstrap import Product, ledger_of
from serving.cli.console import console, table
from serving.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("catalogue")(catalogue)
    app.command("coverage")(coverage)


def catalogue(
    language: Annotated[str, typer.Option(help="vi or en")] = "vi",
) -> None:
    """Milestones with the procedures they lead to."""
    pack = Product(Settings()).pack
    rows = [
        (m.id, m.kind, m.text.title[language], ", ".join(p.id for p in pack.offers(m.id)), m.verified)
        for m in pack.milestones.values()
    ]
    table(f"{len(rows)} milestones", ["id", "kind", "title", "procedures", "verified"], rows)
    essential = sum(p.essential for p in pack.procedures.values())
    console.print(f"{len(pack.procedures)} procedures, {essential} of them essential")


def coverage() -> None:
    """How much of the 50% is reached, by the newest report."""
    product = Product(Settings())
    with ledger_of(product) as ledger, ledger.begin() as unit:
        report = unit.report("coverage")
    if report is None:
        console.print("There is no coverage report yet: lifeevents sweep, then lifeevents deliver.")
        raise typer.Exit(1)
    show_coverage(report)


def show_coverage(report: "object") -> None:
    """Both catalogues, and every service that a milestone leads to."""
    console.print(report)
