"""Commands about models: train, backtest, features."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from serving.bootstrap import Product
from serving.cli.console import console, progress, table
from serving.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("train")(train)
    app.command("backtest")(backtest)
    app.command("features")(features)


def train(
    milestone: Annotated[str | None, typer.Argument(help="A predicted milestone (default: all).")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The newest day a label may use (default: today).")
    ] = None,
) -> None:
    """Train detectors on the lake; one that does not beat the age-sex floor is not promoted."""
    product = Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date()
    console.print(product, day, milestone)


def backtest(
    dump: Annotated[Path, typer.Option(help="A dump with tasks.json.")],
    task: Annotated[str | None, typer.Option(help="One task of tasks.json (default: all).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A list of results, for machines.")] = False,
) -> None:
    """Measure the detector beside the age-sex floor on a dump nobody here made."""
    from models.backtest import backtest as run

    product = Product(Settings())
    with progress("Backtest") as tell:
        results = run(dump, task, work=product.var / "backtest", progress=tell)
    if as_json:
        print(json.dumps([result.model_dump() for result in results], indent=2))
        return
    table(f"Backtest on {dump.name}", ["task"], [])


def features() -> None:
    """Every feature with its type, unit, register and meaning."""
    from features.catalogue import features as catalogue

    product = Product(Settings())
    rows = [(f.name, f.type, f.unit, f.register, f.meaning) for f in catalogue(product.pack.vocabulary).values()]
    table(f"{len(rows)} features", ["name", "type", "unit", "register", "meaning"], rows)
