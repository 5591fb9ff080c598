"""Commands about the 50%: coverage, and the sampled human review that precision is counted from."""

import json
from collections.abc import Mapping
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer

from lifeevents.domain.errors import Refused
from lifeevents.engine.indicators import PRECISION, least_trials
from serving.api.language import pick
from serving.bootstrap import Product, ledger_of
from serving.cli.console import console, table
from serving.settings import Settings

review = typer.Typer(help="Have people look at a random sample of notices: draw, take.", no_args_is_help=True)
LEAST = least_trials(PRECISION)


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("coverage")(coverage)
    app.add_typer(review, name="review")
    review.command("draw")(draw)
    review.command("take")(take)


def coverage(
    anew: Annotated[bool, typer.Option("--anew", help="Count again now; precision from the notices reviewed.")] = False,
    truth: Annotated[
        Path | None, typer.Option(help="Count again, notices held against a simulation's truth (DUMP/truth).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
    markdown: Annotated[Path | None, typer.Option(help="Write what each service lacks as a page here.")] = None,
) -> None:
    """How much of the 50% is reached: the newest report, or one counted now."""
    from serving.reports.coverage import write_markdown
    from serving.reports.page import checked
    from serving.work import count_coverage

    page = checked(markdown, "--markdown") if markdown else None
    product = Product(Settings())
    with ledger_of(product) as ledger:
        with ledger.begin() as unit:
            report = unit.report("coverage")
        if report is None or anew or truth is not None:
            report = count_coverage(product, ledger, now=product.clock.now(), truth=truth)
    if page is not None:
        write_markdown(page, report)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1, default=str))
        return
    show_coverage(report)
    if page is not None:
        console.print(f"Written: {page}")


def draw(
    out: Annotated[Path, typer.Option(help="The CSV for the reviewer.")],
    each: Annotated[int, typer.Option(min=1, help="Notices of each milestone, as far as there are.")] = LEAST,
    seed: Annotated[int, typer.Option(help="Publish it before you draw; the same one draws the same notices.")] = 1,
) -> None:
    """Draw notices at random for people to look at: those that nobody reviewed yet."""
    from lifeevents.pipeline.review import draw as drawn
    from serving.reports.page import checked, written

    path = checked(out, "--out")
    with ledger_of(Product(Settings())) as ledger:
        text, counts = drawn(ledger, each=each, seed=seed)
    written(path, text)
    table("Notices drawn", ["milestone", "notices"], sorted(counts.items()))
    console.print(
        f"{sum(counts.values()):,} notices in {path}. Write right, wrong or unclear into `finding`, then: "
        f"lifeevents review take {path}"
    )


def take(
    file: Annotated[Path, typer.Argument(help="The CSV that `review draw` wrote, filled in.")],
    reviewer: Annotated[str | None, typer.Option(help="Who looked (default: your user name).")] = None,
) -> None:
    """Keep what people found; `lifeevents coverage --anew` then counts precision from it."""
    from lifeevents.pipeline.review import reviewed
    from lifeevents.pipeline.review import take as taken

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(f"{file} cannot be read as UTF-8 text: {problem}") from None
    product = Product(Settings())
    with ledger_of(product) as ledger:
        kept, empty = taken(ledger, text, name=str(file), reviewer=reviewer or getuser(), now=product.clock.now())
        found = reviewed(ledger)
    table("Reviewed", ["milestone", "notices", "right"], [(m, n, right) for m, (n, right) in sorted(found.items())])
    console.print(f"{kept:,} kept; {empty:,} rows had no finding.")


def show_coverage(report: Mapping[str, Any], language: str = "en") -> None:
    """Both catalogues, every service that a milestone leads to, and the road."""
    show_catalogues(report, language)
    offered = [s for s in report["services"] if s["level"] not in ("L0", "L1")]
    table(
        "Services that a milestone leads to (lower ends of 95% intervals)",
        ["service", "level", "eligible", "reached", "reach", "audited", "right", "steps left", "verdict"],
        [
            (
                s["id"],
                s["level"],
                s["eligible"],
                s["reached"],
                s["reach_low"],
                s["audited"],
                s["precision_low"],
                s["steps_left"],
                s["verdict"].replace("_", " "),
            )
            for s in offered
        ],
    )
    show_road(report, language)


def show_catalogues(report: Mapping[str, Any], language: str = "en") -> None:
    """How many services of each catalogue meet, and how many would if a lawyer confirmed their rules."""
    table(
        f"Coverage as of {report['as_of']}" + (" (simulated)" if report["simulated"] else ""),
        ["catalogue", "proactive", "if confirmed by a lawyer", "services", "share", "target"],
        [
            (pick(c["title"], language), c["proactive"], c["if_confirmed"], c["services"], c["share"], c["target"])
            for c in report["catalogues"]
        ],
    )


def show_road(report: Mapping[str, Any], language: str = "en", first: int = 12) -> None:
    """The most valuable services to bring to the target, with their next step, and how often each step is missing."""
    shown = report["road"][:first]
    table(
        f"What to do next: {len(shown)} of {len(report['road'])} services",
        ["service", "essential", "people", "steps left", "next step"],
        [
            (s["id"], s["essential"], s["people"], s["steps_left"], pick(s["steps"][0]["todo"], language))
            for s in report["road"][:first]
        ],
    )
    table(
        "What is missing",
        ["step", "services", "essential", "what to do"],
        [(s["step"], s["services"], s["essential"], pick(s["todo"], language)) for s in report["steps"]],
    )
