"""Two worlds, wired: a population simulated afresh, swept and told day by day as if it were then, and compared."""

import shutil
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from lifeevents.domain.calendar import Period, minus
from lifeevents.domain.errors import Refused
from lifeevents.pipeline.sweep import Progress, sweep
from lifeevents.pipeline.worlds import NAME, report_worlds
from lifeevents.ports import Ledger
from serving.bootstrap import Product, ledger_of
from serving.work import count_coverage, deliver_all, simulate_into

FOLLOWED = Period.parse("P6M")
"""How long lives are followed after the last notice."""
_EVERY = timedelta(days=7)
_HOUR = time(10, 0)


def two_worlds(product: Product, *, people: int, seed: int, until: date, served: str, tell: Progress) -> dict[str, Any]:
    """Simulate and import; let the real engine sweep every week and deliver every working day of the time `served` (a
    period, as P6M); compare. Works in a folder and a database of its own, made anew.

    Only milestones that a register or a law decides are told: a prediction would need a model trained on these lives.
    Raises Refused for days on which nobody can be told.
    """
    from lifeevents.registers.importing import import_dump
    from lifeevents.simulate import load_rates
    from models.detectors import build_by_law

    since, told_to = _days(product, until, served)
    rates = load_rates(product.settings.pack)
    folder = product.var / "worlds"
    shutil.rmtree(folder, ignore_errors=True)
    alone = {"var": folder, "database_url": None, "online_url": None}
    product = Product(product.settings.model_copy(update=alone))
    dump, pack = folder / "dump", product.pack
    simulate_into(dump, product, people=people, seed=seed, until=until, tell=tell)
    import_dump(dump, product.lake, pack.vocabulary, progress=tell)
    detectors = build_by_law(pack, product.known)
    with ledger_of(product) as ledger:
        for day in (since + timedelta(days=n) for n in range((told_to - since).days + 1)):
            now = datetime.combine(day, _HOUR, tzinfo=pack.tz)
            if (day - since) % _EVERY == timedelta(0):
                eve = day - timedelta(days=1)
                sweep(product.features, detectors, ledger, pack, product.rules, as_of=eve, now=now)
            if pack.calendar.is_working(day):
                deliver_all(product, ledger, now=now)
            tell(f"telling, {day}", (day - since).days / (told_to - since).days)
        report = report_worlds(ledger, pack, rates, dump, since=since, told_to=told_to, until=until, seed=seed)
        report["people"] = people
        then = datetime.combine(told_to, _HOUR, tzinfo=pack.tz)
        report["coverage"] = count_coverage(product, ledger, truth=dump / "truth", now=then)
    return report


def _days(product: Product, until: date, served: str) -> tuple[date, date]:
    """The first and the last day on which people are told things."""
    told_to = minus(until, FOLLOWED)
    try:
        since = minus(told_to, Period.parse(served))
    except ValueError as problem:
        raise Refused(f"served: {problem}") from None
    first, last = product.pack.calendar.covers
    if not first <= since < told_to <= last:
        raise Refused(
            f"People would be told things from {since} to {told_to}: choose --until and --served so that this lies "
            f"within the pack's calendar, {first} to {last}."
        )
    return since, told_to


def keep_worlds(ledger: Ledger, report: Mapping[str, Any], *, now: datetime) -> None:
    """Keep the comparison as the newest, for the coverage page."""
    with ledger.begin() as unit:
        unit.save_report(NAME, report, now=now)
