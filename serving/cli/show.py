"""Commands that show what stands: coverage, facts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import typer

from lifeevents.domain.errors import NotFound
from serving.api.language import pick
from serving.bootstrap import Product, ledger_of, online_of
from serving.cli.console import console, table
from serving.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("coverage")(coverage)
    app.command("facts")(facts)


def facts(
    subject_id: Annotated[str, typer.Argument(help="A subject's pseudonym.")],
    days: Annotated[int, typer.Option(min=1, help="Refuse a row older than this.")] = 7,
) -> None:
    """What the registers let us know of one subject, from the online store."""
    from features.catalogue import features

    product = Product(Settings())
    with online_of(product) as online:
        row = online.read(subject_id, now=product.clock.now(), max_age=timedelta(days=days))
    if row is None:
        raise NotFound(f"the online store has no {subject_id}; it is written by: lifeevents sweep")
    catalogue = features(product.pack.vocabulary)
    known = [(name, value, catalogue[name].register) for name, value in row.values.items() if value is not None]
    table(f"{subject_id} as of {row.at:%Y-%m-%d %H:%M} UTC", ["fact", "value", "register"], known)


def coverage() -> None:
    """How much of the 50% is reached, by the newest report."""
    product = Product(Settings())
    with ledger_of(product) as ledger, ledger.begin() as unit:
        report = unit.report("coverage")
    if report is None:
        console.print("There is no coverage report yet: lifeevents sweep, then lifeevents deliver.")
        raise typer.Exit(1)
    show_coverage(report)


def show_coverage(report: Mapping[str, Any], language: str = "en") -> None:
    """Both catalogues, every service that a milestone leads to, and the road."""
    table(
        f"Coverage as of {report['as_of']}" + (" (simulated)" if report["simulated"] else ""),
        ["catalogue", "proactive", "services", "share", "target"],
        [
            (pick(c["title"], language), c["proactive"], c["services"], c["share"], c["target"])
            for c in report["catalogues"]
        ],
    )
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
