"""Keep what watching the champions found, for the page: the newest watch, and the earlier ones in short."""

from collections.abc import Sequence
from datetime import date, datetime

from lifeevents.domain.watch import Watch, Watches
from lifeevents.ports import Ledger

NAME = "monitor"


def keep_watches(ledger: Ledger, watches: Sequence[Watch], *, as_of: date, simulated: bool, now: datetime) -> Watches:
    """The newest report, with the former one's findings among the earlier ones."""
    with ledger.begin() as unit:
        saved = unit.report(NAME)
        former = Watches.model_validate({k: v for k, v in saved.items() if k != "saved_at"}) if saved else None
        found = Watches(as_of=as_of, simulated=simulated, watches=tuple(watches)).after(former)
        unit.save_report(NAME, found.model_dump(mode="json"), now=now)
    return found
