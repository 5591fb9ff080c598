"""Commands about models that serve: list them, go back to the one before, write how they do."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.bootstrap import Product
from serving.cli.console import console, progress, table
from serving.settings import Settings

if TYPE_CHECKING:
    from models.monitor import Watch

models = typer.Typer(help="Models that serve: list, roll back, report.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.add_typer(models, name="models")
    app.command("monitor")(monitor)


@models.callback()
def list_(context: typer.Context) -> None:
    """List every predicted milestone's champion, with its version and when it was trained."""
    if context.invoked_subcommand is not None:
        return
    from models.registry import Registry

    product = Product(Settings())
    registry, rows = Registry(product.var), []
    for milestone in product.pack.milestones.values():
        if milestone.kind == "predicted" and registry.has(milestone.id):
            stored = registry.load(milestone.id)
            made, threshold = stored.artefact, stored.artefact.threshold
            speaks = f"from {threshold.p:.3f}" if threshold else "to nobody"
            age = str(made.trained_as_of)
            rows.append((milestone.id, stored.version, made.kind, age, speaks, stored.sha256[:12]))
        elif milestone.kind == "predicted":
            rows.append((milestone.id, "none", "", "", "lifeevents train", ""))
    table("Champions", ["milestone", "version", "kind", "trained as of", "speaks", "digest"], rows)


@models.command("rollback")
def rollback(milestone: Annotated[str, typer.Argument(help="A predicted milestone.")]) -> None:
    """Give the milestone back the champion it had before; the next sweep serves it."""
    from models.registry import Registry

    before, now = Registry(Product(Settings()).var).rollback(milestone)
    console.print(f"{milestone}: version {now} is the champion again, instead of version {before}.")


@models.command("report")
def report(
    out: Annotated[Path, typer.Option(help="Markdown file to write.")],
    truth: Annotated[Path | None, typer.Option(help="`truth` folder of the simulated dump in the lake.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The newest day that is judged (default: today).")
    ] = None,
) -> None:
    """Write how every detector does: figures, gates and groups, and with a truth the share of what can be known."""
    from models.report import detectors_report

    product = Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date()
    with progress("Report") as tell:
        tell("judging", 0.1)
        text = detectors_report(product.lake, product.pack, product.var, as_of=day, truth=truth)
        out.write_text(text)
        tell("done", 1.0)
    console.print(f"report written to {out}")


def monitor(
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day that is looked at (default: today).")
    ] = None,
) -> None:
    """Watch the champions: drift of inputs and scores, calibration as outcomes arrive, and whether to train again."""
    from models.monitor import watch

    product = Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date()
    with progress("Monitoring") as tell:
        found = watch(product.lake, product.pack, product.var, as_of=day, progress=tell)
    show_watch(found)


def show_watch(found: "list[Watch]") -> None:
    """A line per detector, and why it should be trained again."""
    rows = [
        (w.milestone, w.people, w.drifted, w.worst or "–", w.worst_psi, w.score_psi, w.expected, w.came, w.slope)
        for w in found
    ]  # fmt: skip
    heads = [
        "milestone",
        "people",
        "inputs drifted",
        "most drifted",
        "its PSI",
        "scores' PSI",
        "expected",
        "came",
        "slope",
    ]
    table("Drift since training, and outcomes of those asked a horizon ago", heads, rows)
    for w in found:
        console.print(f"{w.milestone}: {'train again: ' + '; '.join(w.reasons) if w.reasons else 'no reason to train'}")
