"""Commands that do the work: sweep, deliver, serve, demo."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from serving.bootstrap import Product, ledger_of, online_of
from serving.cli.console import console, progress, table
from serving.cli.data import show_import
from serving.settings import Settings

if TYPE_CHECKING:
    from lifeevents.delivery.outbox import DeliveryReport
    from lifeevents.pipeline.sweep import SweepReport
    from serving.worker import Round


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("sweep")(sweep)
    app.command("deliver")(deliver)
    app.command("work")(work)
    app.command("compact")(compact)
    app.command("serve")(serve)
    app.command("demo")(demo)


def sweep(
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As the registers knew it then (default: yesterday).")
    ] = None,
    spark: Annotated[
        str | None, typer.Option(metavar="MASTER", help="Detect on Spark: spark://HOST:7077, or local[*].")
    ] = None,
) -> None:
    """Detect, decide and fill the outbox for everyone. Twice tells nobody twice."""
    from serving.work import sweep_all

    product = Product(Settings())
    now = product.clock.now()
    day = as_of.date() if as_of else date.fromordinal(now.toordinal() - 1)
    if spark:
        from serving.spark import sweep_on_spark

        with ledger_of(product) as ledger, progress("Sweeping on Spark") as tell:
            show_sweep(sweep_on_spark(product, ledger, spark, as_of=day, now=now, progress=tell))
        return
    with ledger_of(product) as ledger, online_of(product) as online, progress("Sweeping") as tell:
        report = sweep_all(product, ledger, online, as_of=day, now=now, progress=tell)
    show_sweep(report)


def show_sweep(report: "SweepReport") -> None:
    """Detections and new occasions by milestone, then totals and seconds."""
    table(
        f"Sweep as of {report.as_of}: {report.subjects:,} subjects",
        ["milestone", "detections", "new occasions"],
        [(m, n, report.occasions[m]) for m, n in sorted(report.detections.items())],
    )
    for (milestone, why), many in sorted(report.abstained.items()):
        console.print(f"{milestone} says nothing of {many:,} at risk; {why}")
    seconds = ", ".join(f"{stage} {spent:.1f} s" for stage, spent in report.seconds.items())
    console.print(
        f"{report.recommendations:,} recommendations, {report.notifications:,} messages in the outbox, "
        f"{report.cancelled:,} cancelled because their event was withdrawn ({seconds})\n"
    )


def deliver() -> None:
    """Send what is due, under the stop rules."""
    from serving.work import deliver_all

    product = Product(Settings())
    with ledger_of(product) as ledger:
        report = deliver_all(product, ledger, now=product.clock.now())
    show_delivery(report)


def show_delivery(report: "DeliveryReport") -> None:
    """Messages by outcome, and how many each stop rule held."""
    outcomes = [(name, getattr(report, name)) for name in ("delivered", "postponed", "cancelled", "referred", "failed")]
    table("Delivery", ["outcome", "messages"], outcomes)
    if report.stopped_by:
        table("Stopped by", ["rule", "messages"], sorted(report.stopped_by.items()))


def work(
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    pause: Annotated[float, typer.Option(min=0.05, help="Seconds between rounds that had nothing to do.")] = 1.0,
) -> None:
    """React to what registers submit and send what is due, again and again; any number may run at once."""
    from serving.work import deliver_all, reactor_of
    from serving.worker import Worker

    product = Product(Settings())
    with ledger_of(product) as ledger, online_of(product) as online:
        reactor = reactor_of(product, ledger, online)
        worker = Worker(reactor, lambda now: deliver_all(product, ledger, now=now), product.clock, pause)
        if once:
            show_round(worker.round())
            return
        console.print("Working; Ctrl-C ends after the round that is under way.")
        worker.run(lambda done: None if done.idle else show_round(done))


def show_round(done: "Round") -> None:
    """What one round of the worker did, in a line."""
    reacted, delivered = done.reacted, done.delivered
    console.print(
        f"{reacted.reacted:,} submissions reacted to, {reacted.parked:,} parked, {reacted.notifications:,} messages "
        f"made, {delivered.delivered:,} sent, {delivered.postponed:,} postponed, {delivered.cancelled:,} cancelled, "
        f"{delivered.referred:,} referred"
    )


def compact() -> None:
    """Take what came in live into the lake, through the same gate as any delivery."""
    from serving.work import compact_all

    product = Product(Settings())
    with ledger_of(product) as ledger:
        report = compact_all(product, ledger)
    if report is None:
        console.print("Nothing came in live since the last compaction.")
        return
    show_import(report)


def serve(
    port: Annotated[int | None, typer.Option(help="Default: LIFEEVENTS_PORT, or 8000.")] = None,
) -> None:
    """Serve the API and the pages."""
    from serving.web_server import serve_forever

    product = Product(Settings())
    with ledger_of(product) as ledger:
        serve_forever(product, ledger, port=port or product.settings.port)


def demo(
    port: Annotated[int, typer.Option(help="Port of the pages.")] = 8000,
    people: Annotated[int, typer.Option(min=500, help="Size of the simulated population.")] = 20_000,
    once: Annotated[bool, typer.Option("--once", help="Check over HTTP and exit 0 or 1.")] = False,
    dump: Annotated[str | None, typer.Option(help="Backtest on this dump instead of fetching pseudopeople.")] = None,
) -> None:
    """The whole way, from a simulated population to a page you can open."""
    from serving.demo import run_demo

    raise SystemExit(run_demo(port=port, people=people, once=once, dump=dump))
