"""Commands about the catalogue: what there is, for machines, what a lawyer must settle, what goes stale."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from lifeevents.domain.calendar import Period
from serving.api.language import spoken
from serving.bootstrap import Product
from serving.cli.console import console, table
from serving.settings import Settings

family = typer.Typer(help="Milestones and procedures: list, export, unverified, check.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.add_typer(family, name="catalogue")


@family.callback()
def catalogue(
    context: typer.Context,
    language: Annotated[str | None, typer.Option(help="One of the pack's languages (default: its first).")] = None,
) -> None:
    """Milestones with the procedures they lead to; and the procedures that nobody is told of, with the reason."""
    if context.invoked_subcommand is not None:
        return
    pack = Product(Settings()).pack
    chosen = spoken(pack, language)
    rows = [
        (m.id, m.kind, m.text.title[chosen], ", ".join(p.id for p in pack.offers(m.id)), m.verified)
        for m in pack.milestones.values()
    ]
    table(f"{len(rows)} milestones", ["id", "kind", "title", "procedures", "verified"], rows)
    unprompted = [
        (p.id, p.essential, p.title[chosen], p.unprompted[chosen]) for p in pack.procedures.values() if p.unprompted
    ]
    table(f"{len(unprompted)} procedures that nobody is told of", ["id", "essential", "title", "why"], unprompted)
    essential = sum(p.essential for p in pack.procedures.values())
    led = {p.id: p.essential for m in pack.milestones for p in pack.offers(m)}
    console.print(f"{len(pack.procedures)} procedures, {essential} of them essential")
    console.print(f"milestones lead to {len(led)} of them, {sum(led.values())} of these essential")


@family.command("export")
def export(
    format: Annotated[
        Literal["cpsv-ap", "csv", "json"], typer.Option(help="CPSV-AP 3.2.0 with CCCEV, or a flat table.")
    ] = "cpsv-ap",
    syntax: Annotated[Literal["turtle", "json-ld"], typer.Option(help="How the graph is written.")] = "turtle",
    base: Annotated[str | None, typer.Option(help="What addresses begin with (default: urn:lifeevents:PACK:).")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write (default: standard output).")] = None,
) -> None:
    """The whole catalogue for machines; the same pack gives the same bytes."""
    from lifeevents.catalogue.cpsv import export as exported
    from lifeevents.catalogue.cpsv import written
    from lifeevents.catalogue.open_data import as_csv, as_json, rows
    from serving.reports.page import checked
    from serving.reports.page import written as write

    path = checked(out, "--out") if out else None
    product = Product(Settings())
    if format == "cpsv-ap":
        text = written(exported(product.pack, base=base), syntax)
    else:
        flat = rows(product.pack, product.pack.languages[0], product.clock.now().date())
        text = as_csv(flat) if format == "csv" else as_json(flat)
    if path is None:
        typer.echo(text, nl=False)
    else:
        write(path, text)
        console.print(f"written to {path}")


@family.command("unverified")
def unverified(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """What a lawyer must settle: each fact with its file, and the edit that verifies it."""
    from lifeevents.catalogue.settle import unsettled

    found = unsettled(Product(Settings()).pack)
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=1))
        return
    rows = [(one.file, one.what, one.essential, one.stands, one.do) for one in found]
    table(f"{len(rows)} facts to settle", ["file", "what", "essential", "stands there now", "to settle it"], rows)


@family.command("check")
def check(
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day (default: today).")] = None,
    ahead: Annotated[str, typer.Option(help="How far to look ahead, like P6M.")] = "P6M",
) -> None:
    """Fail when the calendar, a law table, a code or a review has ended or soon will; say what to do."""
    from lifeevents.catalogue.freshness import stale

    product = Product(Settings())
    today = on.date() if on else product.clock.now().date()
    found = stale(product.pack, today, ahead=Period.parse(ahead))
    if not found:
        console.print(f"Nothing in the pack {product.pack.id} ends by then (as of {today}, {ahead} ahead).")
        return
    rows = [(one.on, one.file, one.says, one.do) for one in found]
    table(f"{len(rows)} things end", ["on", "file", "what", "what to do"], rows)
    raise typer.Exit(1)
