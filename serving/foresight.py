"""What officials plan by: forecasts for areas and the watch over the models, computed from the lake and kept."""

from datetime import date
from typing import TYPE_CHECKING

from lifeevents.pipeline.monitor import keep_watches
from lifeevents.pipeline.sweep import Progress
from lifeevents.ports import Ledger
from serving.bootstrap import Product

if TYPE_CHECKING:
    from lifeevents.domain.forecast import Forecasts
    from lifeevents.domain.watch import Watches


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
    from models.monitor import watch

    found = watch(product.lake, product.pack, product.var, as_of=as_of, progress=progress)
    return keep_watches(ledger, found, as_of=as_of, simulated=simulated, now=product.clock.now())
