"""The use cases with their parts passed in: what the commands, the demo and a worker call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import DeliveryReport, deliver
from lifeevents.domain.errors import NotFound, Refused, Unavailable, did_you_mean
from lifeevents.pipeline.compact import compact
from lifeevents.pipeline.react import Reactor
from lifeevents.pipeline.sweep import Progress, SweepReport, sweep
from lifeevents.ports import Detector, FeatureSource, Ledger, Snapshot
from serving.bootstrap import Product

if TYPE_CHECKING:
    import pyarrow as pa

    from features.packed import OnlineRows
    from lifeevents.domain.forecast import Forecasts
    from lifeevents.domain.watch import Watches
    from lifeevents.registers.report import ImportReport
    from lifeevents.simulate import SimulationReport
    from models.train import TrainReport

ALL = 10**9


def simulate_into(
    out: Path, product: Product, *, people: int, seed: int, until: date, tell: Progress
) -> "SimulationReport":
    """A synthetic population of the pack's country, as a register dump in `out`."""
    from lifeevents.simulate import load_rates, simulate

    return simulate(
        out,
        people=people,
        seed=seed,
        until=until,
        rates=load_rates(product.settings.pack),
        progress=lambda done, months: tell(f"month {done} of {months}", done / months),
    )


def detectors_of(product: Product) -> Sequence[Detector]:
    """Every milestone's detector; a predicted one comes with the model that the registry calls champion."""
    from models.detectors import build

    return build(product.pack, product.known, product.var)


@dataclass(frozen=True)
class Publishing:
    """A feature source that also writes each snapshot to the online store, as of the end of its day (UTC)."""

    source: FeatureSource
    online: "OnlineRows"

    @property
    def buckets(self) -> int:
        """How many buckets the population is cut into."""
        return self.source.buckets

    def snapshot(self, bucket: int, as_of: date, *, since: date) -> Snapshot:
        """The source's snapshot, published."""
        snapshot = self.source.snapshot(bucket, as_of, since=since)
        self.online.write(snapshot.rows, datetime.combine(as_of + timedelta(days=1), time(), UTC))
        return snapshot


def sweep_all(
    product: Product,
    ledger: Ledger,
    online: "OnlineRows",
    *,
    as_of: date,
    now: datetime,
    progress: Progress | None = None,
) -> SweepReport:
    """One sweep over the whole lake; the features it computes go online."""
    source = Publishing(product.features, online)
    detectors = detectors_of(product)
    return sweep(source, detectors, ledger, product.pack, product.rules, as_of=as_of, now=now, progress=progress)


def deliver_all(product: Product, ledger: Ledger, *, now: datetime) -> DeliveryReport:
    """Everything that is due at `now`, on every channel, under the stop rules."""
    pack = product.pack
    return deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=now, limit=ALL)


def train_all(
    product: Product,
    *,
    as_of: date,
    only: str | None = None,
    tune: float = 0.0,
    progress: Progress | None = None,
    unlearnable: Callable[[str], None] = lambda sentence: None,
) -> "list[TrainReport]":
    """Train the predicted milestones of the pack, or one of them; `tune` seconds of search for each.

    A milestone whose outcome the lake hardly holds is passed over, and speaks to nobody; `unlearnable` is told why.
    Raises NotFound for a milestone that there is not, and Unlearnable for the `only` one.
    """
    from models.asking import Asking
    from models.train import Unlearnable, train

    predicted = {m.id: m for m in product.pack.milestones.values() if m.kind == "predicted"}
    if only is not None and only not in predicted:
        raise NotFound(f'there is no predicted milestone "{only}".{did_you_mean(only, predicted)}')
    asking, reports = Asking(product.lake, product.pack, as_of), []
    for milestone in [predicted[only]] if only else predicted.values():
        try:
            reports.append(
                train(
                    product.lake,
                    product.pack,
                    milestone,
                    as_of=as_of,
                    var=product.var,
                    asking=asking,
                    tune=tune,
                    progress=progress,
                )
            )
        except Unlearnable as problem:
            if only:
                raise
            unlearnable(str(problem))
    return reports


def reactor_of(product: Product, ledger: Ledger, online: "OnlineRows") -> Reactor:
    """The live path over the product's lake; the new feature rows go online."""
    import redis

    from features.live import LiveFeatures

    def publish(rows: "pa.Table", at: datetime) -> None:
        try:
            online.write(rows, at)
        except redis.RedisError as problem:
            raise Unavailable(f"The online store does not answer ({type(problem).__name__}).") from problem

    return Reactor(
        ledger=ledger,
        source=LiveFeatures(product.lake, product.pack.vocabulary),
        detectors=detectors_of(product),
        pack=product.pack,
        rules=product.rules,
        publish=publish,
    )


def compact_all(product: Product, ledger: Ledger) -> "ImportReport | None":
    """Take what came in live into the lake; None when nothing had that is ready for it."""
    from lifeevents.registers.contract import CONTRACT
    from lifeevents.registers.importing import import_dump

    columns = {table.name: table.names for table in CONTRACT}
    return compact(
        ledger,
        columns,
        lambda dump: import_dump(dump, product.lake, product.pack.vocabulary),
        product.lake.known,
        now=product.clock.now(),
    )


def measure_quality(product: Product, ledger: Ledger, *, simulated: bool, months: int = 12) -> dict[str, Any]:
    """Every register of the lake by the six principles, kept as the newest report."""
    from features.behind import behind
    from lifeevents.engine.reuse import words_reused
    from lifeevents.pipeline.quality import keep_quality
    from lifeevents.registers.quality import measure

    reused = words_reused(product.pack, behind(product.pack.vocabulary))
    board = measure(product.lake, product.pack, reused, months=months)
    return keep_quality(ledger, product.pack, board, simulated=simulated, now=product.clock.now())


def count_coverage(product: Product, ledger: Ledger, *, now: datetime, truth: Path | None = None) -> Mapping[str, Any]:
    """The 50% counted as of `now` and kept as the newest report; with `truth`, notices are held against a simulation's.

    Without it precision comes from the notices that people reviewed. A ledger once counted as simulated stays so.
    Raises Refused when `truth` is no simulation's truth.
    """
    from lifeevents.pipeline.audit import audit_against_truth
    from lifeevents.pipeline.report import NAME, coverage
    from lifeevents.pipeline.review import reviewed
    from lifeevents.pipeline.unseen import unseen

    missed: Mapping[str, int] = {}
    if truth is None:
        audits = reviewed(ledger)
        with ledger.begin() as unit:
            before = unit.report(NAME)
        simulated = bool(before and before["simulated"])
    else:
        if not (truth / "events.parquet").is_file():
            raise Refused(
                f"{truth} is no simulation's truth: it has no events.parquet. It lies in a dump as DUMP/truth."
            )
        audits, simulated = audit_against_truth(ledger, product.pack, truth, as_of=now.date()), True
        with ledger.begin() as unit:
            began, offered = unit.began(), unit.offered()
        if began is not None:
            missed = unseen(product.pack, truth, offered, began=began, as_of=now.date())
    return coverage(ledger, product.pack, audits, simulated=simulated, now=now, unseen=missed)


def forecast_all(
    product: Product, ledger: Ledger, *, as_of: date, simulated: bool, progress: Progress | None = None
) -> "Forecasts":
    """The year ahead for every area and forecast of the pack, kept as the newest report."""
    from models.areas.forecast import forecasts

    found = forecasts(product.lake, product.pack, as_of=as_of, simulated=simulated, progress=progress)
    with ledger.begin() as unit:
        unit.save_report("forecasts", found.model_dump(mode="json"), now=product.clock.now())
    return found


def watch_all(
    product: Product, ledger: Ledger, *, as_of: date, simulated: bool, progress: Progress | None = None
) -> "Watches":
    """How every champion is doing on a day, kept as the newest report."""
    from lifeevents.pipeline.monitor import keep_watches
    from models.monitor import watch

    found = watch(product.lake, product.pack, product.var, as_of=as_of, progress=progress)
    return keep_watches(ledger, found, as_of=as_of, simulated=simulated, now=product.clock.now())
