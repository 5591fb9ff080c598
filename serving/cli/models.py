"""Commands about models that serve: list them, go back to the one before, write how they do."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.bootstrap import Product, ledger_of
from serving.cli.console import console, progress, table
from serving.settings import Settings

if TYPE_CHECKING:
    from lifeevents.domain.watch import Reason, Watch, Watches

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
    from serving.work import watch_all

    product = Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date()
    with ledger_of(product) as ledger, progress("Monitoring") as tell:
        found = watch_all(product, ledger, as_of=day, simulated=False, progress=tell)
    show_watch(found)


def show_watch(found: "Watches") -> None:
    """A line per detector, and why it should be trained again."""
    rows = [
        (
            one.milestone,
            one.people,
            one.drifted,
            one.worst.name if one.worst else "–",
            one.worst.psi if one.worst else None,
            one.score_psi,
            one.expected,
            one.came,
            one.slope,
        )
        for one in found.watches
    ]
    heads = ["milestone", "people", "moved", "most moved", "its PSI", "scores' PSI", "expected", "came", "slope"]
    table("Drift since training, and outcomes of those asked a horizon ago", heads, rows)
    for one in found.watches:
        why = "; ".join(sentence(one, reason) for reason in one.reasons)
        console.print(f"{one.milestone}: {'train again: ' + why if why else 'no reason to train'}")


def sentence(watch: "Watch", reason: "Reason") -> str:
    """A reason to train again, with its numbers."""
    match reason:
        case "scores_moved":
            worst = f", most of all with {watch.worst.name} ({watch.worst.psi:.2f})" if watch.worst else ""
            return f"scores have moved (PSI {watch.score_psi:.2f}){worst}"
        case "outcomes_differ":
            return f"{watch.came or 0:,} outcomes came where {watch.expected or 0:,.0f} were expected"
        case "slope_off":
            return f"the calibration slope is {watch.slope:.2f} (95% {watch.slope_low:.2f} to {watch.slope_high:.2f})"
        case "old":
            return f"trained as of {watch.trained}, more than a year ago"
