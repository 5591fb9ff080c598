"""`lifeevents worlds`: the same simulated population with and without the service."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from serving.bootstrap import Product, ledger_of
from serving.cli.console import console, only_ours_on_stdout, progress, table
from serving.cli.coverage import show_catalogues
from serving.reports.coverage import write_markdown
from serving.reports.page import checked
from serving.settings import Settings

_MEASURES = {
    "missed": "deadlines missed",
    "lost": "benefits lost",
    "waited": "days waited",
    "done": "done by the end",
    "asked": "papers asked though held",
}


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("worlds")(worlds)


def worlds(
    people: Annotated[int, typer.Option(min=100, help="How many people live at the end.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Same seed, same figures.")] = 1,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day (default: today).")] = None,
    served: Annotated[str, typer.Option(help="How long the service tells people things: P6M, P30D.")] = "P6M",
    reached: Annotated[
        Path | None, typer.Option(help="Write how much of the 50% was reached while it told people, as Markdown.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
) -> None:
    """Simulate one population, tell it what the engine finds, compare with the same people untold, keep the report."""
    from serving.worlds import keep_worlds, two_worlds

    page = checked(reached, "--reached") if reached else None
    product = Product(Settings())
    last = until.date() if until else product.clock.now().date()
    with ExitStack() as stack:
        if as_json:
            stack.enter_context(only_ours_on_stdout())
        tell = (lambda *_: None) if as_json else stack.enter_context(progress("Two worlds"))
        report = two_worlds(product, people=people, seed=seed, until=last, served=served, tell=tell)
    with ledger_of(product) as ledger:
        keep_worlds(ledger, report, now=product.clock.now())
    if page is not None:
        write_markdown(page, report["coverage"])
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        show_worlds(report)


def show_worlds(report: Mapping[str, Any]) -> None:
    """What the service changed in all, then by service."""
    table(
        f"Two worlds, simulated: {report['people']:,} people, told {report['since']} to {report['told_to']}, "
        f"followed to {report['until']}",
        ["", "without", "with", "gain", "95% interval"],
        [_row(words, report["in_all"][name]) for name, words in _MEASURES.items()],
    )
    table(
        "By service: what the service gained",
        ["milestone", "service", "untold", "cases", *_MEASURES.values()],
        [
            (s["milestone"], s["procedure"], "lived" if s["lived"] else "drawn", s["cases"],
             *(_gain(s[name]) for name in _MEASURES))
            for s in report["services"]
        ],
    )  # fmt: skip
    found = report["uptake"]
    net = found["net"]
    console.print(
        f"Net uptake: {found['share_told']:.1%} of {found['told']:,} told, less {found['share_later']:.1%} of "
        f"{found['later']:,} told later = {net['value']:.1%} ({net['low']:.1%} to {net['high']:.1%}); "
        f"both worlds together show {found['true_effect']:.1%}. {report['wrong']:,} notices were wrong.\n"
    )
    show_catalogues(report["coverage"])


def _row(words: str, one: Mapping[str, float]) -> tuple[str, ...]:
    return (words, f"{one['without']:,.0f}", f"{one['with']:,.0f}", f"{one['value']:,.0f}",
            f"{one['low']:,.0f} to {one['high']:,.0f}")  # fmt: skip


def _gain(one: Mapping[str, float]) -> str:
    return f"{one['value']:,.0f}" if one["without"] or one["with"] else ""
