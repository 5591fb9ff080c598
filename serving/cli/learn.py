"""Commands about models: train, backtest, features."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.bootstrap import Product
from serving.cli.console import console, progress, table
from serving.settings import Settings

if TYPE_CHECKING:
    from models.backtest import Result
    from models.train import TrainReport


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
    from serving.work import train_all

    product = Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date()
    with progress("Training") as tell:
        reports = train_all(product, as_of=day, only=milestone, progress=tell, unlearnable=console.print)
    show_training(reports)


def show_training(reports: "Sequence[TrainReport]") -> None:
    """The model beside the floor on the test days, and whether it was promoted."""
    rows = [
        (r.milestone, who, figures["auc"], figures["average_precision"], figures["calibration_slope"], figures["ece"])
        for r in reports
        for who, figures in (("model", r.model), ("logistic regression", r.logistic), ("age-sex floor", r.floor))
    ]
    table("Model against floor, on later days", ["milestone", "", "AUC", "AP", "slope", "ECE"], rows)
    for r in reports:
        said = "promoted" if r.promoted else "a gate refused it, so not promoted; the age-sex floor is used"
        low, high = r.average_precision_interval
        console.print(
            f"{r.milestone}: {said} ({r.made_of}; {r.test_positives:,} outcomes in {r.test_samples:,} test rows; "
            f"AP 95% {low:.3f} to {high:.3f}; model {r.sha256[:12]})"
        )
        if r.threshold:
            console.print(
                f"  at its working threshold {r.threshold.p:.3f}: precision {r.threshold.precision:.2f}, "
                f"reach {r.threshold.reach:.2f}, {1000 * r.threshold.alarms:.1f} told per 1,000"
            )
        for gate in r.gates:
            console.print(f"  {'passed ' if gate.passed else 'REFUSED'} {gate.name}: {gate.said}")
    console.print()


def backtest(
    dump: Annotated[Path, typer.Option(help="A dump with tasks.json.")],
    task: Annotated[str | None, typer.Option(help="One task of tasks.json (default: all).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A list of results, for machines.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report, one self-contained HTML file, here.")] = None,
) -> None:
    """Measure the detector beside the age-sex floor on a dump nobody here made."""
    from models.backtest import backtest as run

    product = Product(Settings())
    if html is not None:
        results = _reported(html, dump, task, product, quiet=as_json)
    elif as_json:
        results = run(dump, task, work=product.var / "backtest")
    else:
        with progress("Backtest") as tell:
            results = run(dump, task, work=product.var / "backtest", progress=tell)
    if as_json:
        print(json.dumps([result.model_dump() for result in results], indent=2))
        return
    show_backtest(dump.name, results)
    if html is not None:
        console.print(f"report written to {html}")


def _reported(html: Path, dump: Path, task: str | None, product: Product, *, quiet: bool) -> "list[Result]":
    """The results of the tasks that can be judged, after the report on all of them was written."""
    from models.backtest import results
    from models.predictions import predictions
    from serving.reports.backtest import write_report
    from serving.reports.page import checked

    with nullcontext() if quiet else progress("Backtest") as tell:
        path = checked(html)
        found = predictions(dump, task, work=product.var / "backtest", progress=tell)
        write_report(path, dump, found, now=product.clock.now())
    return results(found)


def show_backtest(name: str, results: "Sequence[Result]") -> None:
    """The detector beside the floor, task by task."""
    rows = [
        (
            r.task,
            r.model.replace("_", "-"),
            r.n,
            r.positives,
            r.auc,
            f"{r.auc_low:.3f} to {r.auc_high:.3f}",
            r.average_precision,
            r.calibration_slope,
            r.ece,
        )
        for r in results
    ]
    table(
        f"Backtest on {name}, data nobody here made",
        ["task", "model", "rows", "outcomes", "AUC", "95%", "AP", "slope", "ECE"],
        rows,
    )


def features() -> None:
    """Every feature with its type, unit, register and meaning."""
    from features.catalogue import features as catalogue

    product = Product(Settings())
    rows = [(f.name, f.type, f.unit, f.register, f.meaning) for f in catalogue(product.pack.vocabulary).values()]
    table(f"{len(rows)} features", ["name", "type", "unit", "register", "meaning"], rows)
