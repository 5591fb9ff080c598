"""`make demo`: the whole way on a simulated population, told as it happens, then served or checked over HTTP.

The present is a working Thursday at ten, two days after the registers' last delivery, so that quiet hours, holidays
and settling are there and not in the way; a control on the story's page moves it. A second run reuses what the first
one simulated, imported and trained.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

import lifeevents.simulate
from lifeevents.domain.errors import LifeEventsError
from lifeevents.packs.loader import HOME
from lifeevents.pipeline.sweep import SweepReport
from lifeevents.ports import Ledger
from lifeevents.registers.report import ImportReport
from serving.agencies import write_demo_agency
from serving.api.language import pick
from serving.bootstrap import Product, ledger_of, online_of
from serving.check import check_over_http
from serving.cli.console import console, progress, table
from serving.cli.coverage import show_coverage
from serving.cli.data import show_import, show_simulation
from serving.cli.learn import show_backtest, show_training
from serving.cli.quality import show_quality
from serving.cli.run import show_delivery, show_sweep
from serving.examples import choose_examples, figures_of
from serving.settings import Settings
from serving.story.wiring import choose_cast, telling
from serving.web.wording import words_of
from serving.web_server import serve_forever, served
from serving.work import (
    count_coverage,
    deliver_all,
    forecast_all,
    measure_quality,
    simulate_into,
    sweep_all,
    train_all,
    watch_all,
)

if TYPE_CHECKING:
    from features.packed import OnlineRows
    from models.backtest import Result
    from models.train import TrainReport

T = TypeVar("T")
LAST_DELIVERY = date(2026, 11, 3)
PRESENT = datetime.combine(LAST_DELIVERY + timedelta(days=2), time(10, 0))
SEED = 20261103
BACKTEST_TASK = "jobloss12"
AP = "average_precision"


def run_demo(*, port: int, people: int, once: bool, dump: str | None) -> int:
    """Run all stages, then serve until interrupted, or (once) check over HTTP. Returns the exit code."""
    started = perf_counter()
    given = Settings()
    folder = given.var / "demo" / f"{people}-{_making(given.pack)}"
    folder.mkdir(parents=True, exist_ok=True)
    agencies = given.agencies or write_demo_agency(given.var / "demo")
    update = {"var": folder, "now": PRESENT, "port": port, "agencies": agencies}
    product = Product(given.model_copy(update=update), demo=True)
    with ledger_of(product) as ledger, online_of(product) as online:
        _population(product, people)
        imported = _intake(product)
        trained = _training(product)
        swept = _sweep(product, ledger, online)
        choose_cast(product, ledger)
        covered = _figures(product, ledger, swept, imported)
        measured = _backtest(given.var, dump)
        _summary(product, ledger, imported, trained, swept, covered, measured)
        console.print(f"[bold]Ready after {perf_counter() - started:,.0f} s[/]\n")
        with telling(product, ledger, online) as story:
            if not once:
                console.print(f"[bold]Open http://{given.host}:{port}[/]   (Ctrl-C stops it)\n")
                serve_forever(product, ledger, port=port, demo=True, story=story)
                return 0
            with served(product, ledger, port=port, demo=True, story=story) as address:
                passed = check_over_http(address)
    return 0 if passed and measured else 1


def _making(pack: str) -> str:
    """A digest of what makes the population: a demonstration reuses only what this very version would make."""
    country = HOME / pack if (HOME / pack).is_dir() else Path(pack)
    makers = [*Path(lifeevents.simulate.__file__).parent.glob("*.py")]
    makers += [path for part in ("rates", "registers", "law") for path in (country / part).glob("*.yaml")]
    return sha256(b"".join(path.read_bytes() for path in sorted(makers))).hexdigest()[:8]


def _summary(
    product: Product,
    ledger: Ledger,
    imported: ImportReport,
    trained: "list[TrainReport]",
    swept: SweepReport,
    covered: Mapping[str, Any],
    measured: "list[Result]",
) -> None:
    """The run in a dozen lines."""
    kinds: Counter[str] = Counter()
    for milestone, found in swept.detections.items():
        kinds[product.pack.milestones[milestone].kind] += found
    with ledger.begin() as unit:
        counts = unit.counts()
    rows: list[tuple[str, object]] = [
        ("subjects", swept.subjects),
        ("events taken in", imported.tables["events"].accepted),
        ("rows quarantined, with reasons", imported.quarantined),
        *((f"detections, {kind}", kinds[kind]) for kind in ("registered", "due", "predicted")),
        ("recommendations", counts["recommendations"]),
        ("notifications delivered", counts.get("notifications.delivered", 0)),
    ]
    for r in trained:
        rows.append((f"{r.milestone}: AP, model against floor", _pair(r.model[AP], r.floor[AP])))
    for floor, detector in zip(measured[::2], measured[1::2], strict=True):
        rows.append((f"{detector.task} on foreign data: AUC, detector against floor", _pair(detector.auc, floor.auc)))
    for c in covered["catalogues"]:
        rows.append((f"proactive, {pick(c['title'], 'en').lower()}", f"{c['proactive']} of {c['services']}"))
    table("Summary", ["", ""], rows)


def _pair(one: float, other: float) -> str:
    return f"{one:.3f} against {other:.3f}"


def _population(product: Product, people: int) -> None:
    dump = product.var / "dump"
    if (dump / "subjects.parquet").exists():
        console.print(f"The population of {people:,} simulated before is used again ({dump}).\n")
        return
    with progress("Simulating a population") as tell:
        report = simulate_into(dump, product, people=people, seed=SEED, until=LAST_DELIVERY, tell=tell)
    show_simulation(report)


def _intake(product: Product) -> ImportReport:
    kept, form = product.var / "import.json", TypeAdapter(ImportReport)
    report = _kept(kept, form)
    if report is None:
        from lifeevents.registers.importing import import_dump

        with progress("Importing the registers") as tell:
            report = import_dump(product.var / "dump", product.lake, product.pack.vocabulary, progress=tell)
        kept.write_bytes(form.dump_json(report))
    show_import(report)
    return report


def _training(product: Product) -> "list[TrainReport]":
    from models.train import TrainReport

    kept, form = product.var / "training.json", TypeAdapter(list[TrainReport])
    reports = _kept(kept, form)
    if reports is None:
        with progress("Training detectors") as tell:
            reports = train_all(product, as_of=LAST_DELIVERY, progress=tell, unlearnable=console.print)
        kept.write_bytes(form.dump_json(reports))
    show_training(reports)
    return reports


def _kept(path: Path, form: TypeAdapter[T]) -> T | None:
    """What an earlier run left; None when there is none, or when it is of another version."""
    try:
        return form.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _sweep(product: Product, ledger: Ledger, online: "OnlineRows") -> SweepReport:
    now = product.clock.now()
    with progress("Sweeping everyone") as tell:
        report = sweep_all(product, ledger, online, as_of=now.date() - timedelta(days=1), now=now, progress=tell)
    show_sweep(report)
    with progress("Delivering"):
        delivered = deliver_all(product, ledger, now=now)
    show_delivery(delivered)
    return report


def _figures(product: Product, ledger: Ledger, swept: SweepReport, imported: ImportReport) -> Mapping[str, Any]:
    """Audit, coverage, and what the start page shows."""
    now = product.clock.now()
    covered = count_coverage(product, ledger, now=now, truth=product.var / "dump" / "truth")
    show_coverage(covered)
    show_quality(measure_quality(product, ledger, simulated=True))
    if product.pack.forecasts:
        with progress("Forecasting areas") as tell:
            forecast_all(product, ledger, as_of=LAST_DELIVERY, simulated=True, progress=tell)
    with progress("Watching the models") as tell:
        watch_all(product, ledger, as_of=LAST_DELIVERY, simulated=True, progress=tell)
    with ledger.begin() as unit:
        unit.save_report("examples", {"examples": choose_examples(unit, product.pack)}, now=now)
        unit.save_report("figures", {"figures": figures_of(swept, imported, words_of(product.pack))}, now=now)
    return covered


def _backtest(var: Path, dump: str | None) -> "list[Result]":
    """Measure the detector on data nobody here made; nothing, said in red, when they cannot be had."""
    from lifeevents.registers.fetch import fetch
    from models.backtest import backtest

    try:
        source = Path(dump) if dump else var / "dumps" / "pseudopeople"
        if not dump and not source.exists():
            with progress("Fetching pseudopeople"):
                fetch("pseudopeople", source, cache=var / "fetch")
        with progress("Backtest on foreign data") as tell:
            results = backtest(source, None if dump else BACKTEST_TASK, work=var / "backtest", progress=tell)
    except LifeEventsError as problem:
        console.print(f"[bold red]No backtest:[/] {problem}\n")
        return []
    show_backtest(source.name, results)
    return results
