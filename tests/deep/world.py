"""A small simulated country, taken through every stage of the product on real servers. Nothing in it is a stand-in."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lifeevents.pipeline.audit import audit_against_truth
from lifeevents.pipeline.report import coverage
from lifeevents.ports import Ledger
from lifeevents.registers.importing import import_dump
from lifeevents.registers.report import ImportReport
from serving.bootstrap import Product, ledger_of, online_of
from serving.demo import LAST_DELIVERY, PRESENT, SEED
from serving.examples import choose_examples, figures_of
from serving.settings import Settings
from serving.story.wiring import choose_cast
from serving.web.wording import words_of
from serving.work import deliver_all, forecast_all, simulate_into, sweep_all, train_all, watch_all

if TYPE_CHECKING:
    from features.packed import OnlineRows

PEOPLE = 1_500


@dataclass(frozen=True)
class World:
    """What the stages left: the product with its lake and models, and the ledger with everyone who was told.

    told: {milestone: ids of those with a delivered message}, those whom the start page shows first
    """

    product: Product
    ledger: Ledger
    online: "OnlineRows"
    told: dict[str, list[str]]
    _met: set[str] = field(default_factory=set)

    def someone(self, milestone: str) -> str:
        """A person told of a milestone whom no test has met yet, so that what one test answers is not another's."""
        return self.stranger(self.told[milestone])

    def stranger(self, among: Iterable[str]) -> str:
        """The first of some people whom no test has met yet."""
        person = next(one for one in among if one not in self._met)
        self._met.add(person)
        return person


@contextmanager
def small_world(var: Path) -> Iterator[World]:
    """Simulate, import, train, sweep, deliver, audit and report, as the demo does; about 25 s on two cores."""
    product = Product(Settings(var=var, now=PRESENT, pack="vn", database_url=None, online_url=None), demo=True)
    simulate_into(var / "dump", product, people=PEOPLE, seed=SEED, until=LAST_DELIVERY, tell=_silent)
    imported = import_dump(var / "dump", product.lake, product.pack.vocabulary)
    train_all(product, as_of=LAST_DELIVERY)
    with ledger_of(product) as ledger, online_of(product) as online:
        tell_everyone(product, ledger, online, imported)
        choose_cast(product, ledger)
        with ledger.begin() as unit:
            report = unit.report("examples") or {}
            told = [(one["milestone"], one["subject_id"]) for one in report["examples"]]
            told += [(one.milestone, one.recipient_id) for one in unit.told()]
        people = {id: list(dict.fromkeys(s for m, s in told if m == id)) for id in product.pack.milestones}
        yield World(product, ledger, online, people)


def tell_everyone(product: Product, ledger: Ledger, online: "OnlineRows", imported: ImportReport | None = None) -> None:
    """What a night does to a ledger: sweep, deliver, audit against the truth, and the reports that the pages show."""
    now = product.clock.now()
    swept = sweep_all(product, ledger, online, as_of=now.date() - timedelta(days=1), now=now)
    deliver_all(product, ledger, now=now)
    audits = audit_against_truth(ledger, product.pack, product.var / "dump" / "truth", as_of=now.date())
    coverage(ledger, product.pack, audits, simulated=True, now=now)
    forecast_all(product, ledger, as_of=LAST_DELIVERY, simulated=True)
    watch_all(product, ledger, as_of=LAST_DELIVERY, simulated=True)
    with ledger.begin() as unit:
        unit.save_report("examples", {"examples": choose_examples(unit, product.pack)}, now=now)
        if imported:
            unit.save_report("figures", {"figures": figures_of(swept, imported, words_of(product.pack))}, now=now)


def _silent(stage: str, share: float) -> None:
    """Tests need no progress bar."""
