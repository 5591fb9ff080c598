"""`lifeevents simulate report`: published figures beside those of a simulated dump."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.bootstrap import Product
from serving.cli.console import console, progress, table
from serving.settings import Settings

if TYPE_CHECKING:
    from lifeevents.simulate.figures import Survey


def report(
    dump: Annotated[Path, typer.Option(help="A dump that simulate --out has written.")],
    as_json: Annotated[bool, typer.Option("--json", help="A list of figures, for machines.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report, one self-contained HTML file, here.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the figures as a page of documentation here.")] = None,
) -> None:
    """Lay published figures beside the simulated ones: what agrees, what misses and why, what proves nothing."""
    from lifeevents.simulate import load_rates
    from lifeevents.simulate.figures import survey
    from serving.reports.page import checked, written

    product = Product(Settings())
    for path, option in ((html, "--html"), (markdown, "--markdown")):
        if path is not None:
            checked(path, option)
    rates = load_rates(product.settings.pack)
    with nullcontext() if as_json else progress("Measuring"):
        found = survey(dump, rates, curves=html is not None)
        if html is not None:
            from serving.reports.population import write_report

            write_report(html, dump, found, rates, now=product.clock.now())
        if markdown is not None:
            from serving.reports.population_text import page

            written(markdown, page(found, rates))
    if as_json:
        print(json.dumps([figure.as_row() for figure in found.figures], indent=2, ensure_ascii=False))
        return
    show_figures(found)
    for path in (html, markdown):
        if path is not None:
            console.print(f"report written to {path}")


def show_figures(found: "Survey") -> None:
    """The figures with their verdicts, then why some miss."""
    from serving.reports.population import value

    rows = [
        (
            f.published.name,
            str(f.published.year),
            value(f.published.published, f.published.unit),
            value(f.simulated and f.simulated.value, f.published.unit),
            f"± {value(f.tolerance, f.published.unit)}",
            "given" if f.published.role == "given" else "",
            f.verdict,
        )
        for f in found.figures
    ]
    table(
        f"{found.people:,} people living on {found.until}, simulated from {found.start}",
        ["figure", "year", "published", "simulated", "tolerance", "", ""],
        rows,
    )
    for figure in found.figures:
        if figure.why:
            console.print(f"[bold]{figure.published.name}[/]: {figure.why}")
    agrees, misses = len(found.counted("agrees")), len(found.counted("misses"))
    console.print(f"\n{agrees} of the {agrees + misses} figures that can be judged agree\n")
