"""Commands about forecasts for areas: make them, and hold past ones against what came."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.bootstrap import Product, ledger_of
from serving.cli.console import console, progress, table
from serving.settings import Settings

if TYPE_CHECKING:
    from lifeevents.domain.forecast import Cell, Forecasts
    from models.areas.backtest import Judged

forecasting = typer.Typer(help="Forecasts for areas, for planning.", invoke_without_command=True)
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As the registers knew it then (default: yesterday).")
]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.add_typer(forecasting, name="forecast")


@forecasting.callback()
def forecast(
    context: typer.Context,
    as_of: Day = None,
    out: Annotated[Path | None, typer.Option(help="Write the forecasts here, too (.csv, .json).")] = None,
) -> None:
    """Forecast the year ahead for every area, keep it for the page /forecasts, and show it."""
    if context.invoked_subcommand is not None:
        return
    from serving.reports.forecasts import asked_for, write_forecasts
    from serving.work import forecast_all

    path, product = asked_for(out) if out else None, Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date() - timedelta(days=1)
    with ledger_of(product) as ledger, progress("Forecasting") as tell:
        found = forecast_all(product, ledger, as_of=day, simulated=False, progress=tell)
    show_forecasts(found)
    if path is not None:
        write_forecasts(path, found)
        console.print(f"forecasts written to {path}")


def show_forecasts(found: "Forecasts") -> None:
    """The country and its cells: people, and what is expected of the year."""
    for one in found.forecasts:
        rows = [_row(cell) for cell in (one.country, *one.cells) if cell is not None]
        title = f"{one.title.get('en', one.id)}, the year after {found.as_of}"
        table(title, ["area", "people", "expected", "80%", "95%", "quarters"], rows)
        if one.country is None:
            console.print(f"{one.id}: fewer than {one.least} in the whole country, so nothing is told\n")


def _row(cell: "Cell") -> tuple[object, ...]:
    area = " / ".join(code or "?" for code in cell.codes) or "the country"
    if cell.merged:
        area = f"{len(cell.merged)} small areas" + (f" of {area}" if cell.codes else "")
    year = cell.year
    quarters = ", ".join(f"{one.mean:.0f}" for one in cell.quarters)
    ranges = (f"{year.low_80:,} to {year.high_80:,}", f"{year.low_95:,} to {year.high_95:,}")
    return area, cell.people, f"{year.mean:,.1f}", *ranges, quarters or "too small"


@forecasting.command("backtest")
def backtest(as_of: Day = None) -> None:
    """Make past forecasts again from what was known then, and hold them against what came."""
    from models.areas.backtest import judged

    product = Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date() - timedelta(days=1)
    with progress("Judging past forecasts") as tell:
        found = judged(product.lake, product.pack, as_of=day, progress=tell)
    show_judged(found)


def show_judged(found: "list[Judged]") -> None:
    """A line per forecast and fineness."""
    heads = ["forecast", "of", "made on", "numbers", "mean", "in 80%", "in 95%", "mean error", "same as last year"]
    rows = [
        (
            one.forecast,
            one.fineness,
            f"{one.days} days",
            one.numbers,
            f"{one.came:.1f}",
            f"{one.inside_80:.1%}",
            f"{one.inside_95:.1%}",
            f"{one.error:.2f}",
            f"{one.error_last_year:.2f}",
        )
        for one in found
    ]
    table("Past forecasts, and what came", heads, rows)
