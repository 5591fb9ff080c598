"""Commands about models: train, backtest, features."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lifeevents.domain.errors import DumpError, LifeEventsError
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
    tune: Annotated[
        float, typer.Option(min=0, help="Seconds for each milestone to search the trees' settings (0: ours).")
    ] = 0.0,
) -> None:
    """Train detectors on the lake; one that does not pass every gate is not promoted."""
    from serving.work import train_all

    product = Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date()
    with progress("Training") as tell:
        reports = train_all(product, as_of=day, only=milestone, tune=tune, progress=tell, unlearnable=console.print)
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
    dump: Annotated[list[Path], typer.Option(help="A dump with tasks.json; several for --markdown.")],
    task: Annotated[str | None, typer.Option(help="One task of tasks.json (default: all).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A list of results, for machines.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report, one self-contained HTML file, here.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write a page about all the dumps here.")] = None,
    yardstick: Annotated[Path | None, typer.Option(help="A CSV file with what others reached, for the page.")] = None,
) -> None:
    """Measure the detector beside the age-sex floor on dumps nobody here made."""
    from models.backtest import results
    from models.predictions import predictions
    from serving.reports.backtest import write_report
    from serving.reports.page import checked, written
    from serving.reports.yardstick import Measured, read_yardstick, written_page

    product = Product(Settings())
    if html is not None and len(dump) > 1:
        raise LifeEventsError("--html writes the report of one dump; give one, or --markdown for several.")
    pages = [checked(path, option) for path, option in ((html, "--html"), (markdown, "--markdown")) if path]
    best = read_yardstick(yardstick) if yardstick else None
    measured = []
    for folder in dump:
        with nullcontext() if as_json else progress(f"Backtest {folder.name}"[:28]) as tell:
            found = predictions(folder, task, work=product.var / "backtest", progress=tell)
            if html is not None:
                write_report(html, folder, found, now=product.clock.now())
        unjudged = [one.unjudged for one in found if one.unjudged]
        if not as_json:
            for reason in unjudged:
                console.print(f"not judged: {reason}")
        measured.append(Measured(folder.name, results(found), unjudged))
    if markdown is not None:
        made_by = (
            f"lifeevents backtest {' '.join(f'--dump {folder.name}' for folder in dump)} --markdown {markdown.name}"
        )
        made_by += f" --yardstick {yardstick.name}" if yardstick else ""
        written(markdown, written_page(measured, best, made_by=made_by, on=product.clock.now().date()))
    every = [result for one in measured for result in one.results]
    if not every:
        raise DumpError(measured[0].unjudged[0])
    if as_json:
        print(json.dumps([result.model_dump() for result in every], indent=2))
        return
    for one in measured:
        show_backtest(one.name, one.results)
    for path in pages:
        console.print(f"written to {path}")


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
