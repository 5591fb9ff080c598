"""The one place that wires: settings in, everything the commands and the web server need out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.engine.correction import CorrectionWords
from lifeevents.engine.eligibility import Rulebook, rules_of
from lifeevents.pipeline.explain import Explaining
from lifeevents.ports import Clock, Ledger, Predictor, QuarantineDesk
from serving.clock import MovableClock, StandingClock, SystemClock
from serving.settings import Settings

if TYPE_CHECKING:
    from features.lake import LakeFeatures
    from features.packed import OnlineRows
    from lifeevents.registers.lake import Lake


@dataclass(frozen=True)
class Product:
    """The pack with what is derived from it, the clock and the folders. Opens nothing.

    A demonstration's clock can be moved on; it stands still otherwise, from the moment that the settings give.
    """

    settings: Settings
    demo: bool = False

    @cached_property
    def pack(self) -> Pack:
        """The country pack, checked against the features that exist."""
        from features.catalogue import known_features
        from lifeevents.packs import load

        return load(self.settings.pack, known_features)

    @cached_property
    def known(self) -> dict[str, ValueType]:
        """Every feature name with its type."""
        from features.catalogue import known_features

        return known_features(self.pack.vocabulary)

    @cached_property
    def rules(self) -> Rulebook:
        """The pack's rules, parsed."""
        return rules_of(self.pack, self.known)

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock, or the moment that LIFEEVENTS_NOW gives."""
        now = self.settings.now
        if now is None:
            return SystemClock(self.pack.tz)
        now = now if now.tzinfo else now.replace(tzinfo=self.pack.tz)
        return MovableClock(now, self.var / "clock.txt") if self.demo else StandingClock(now)

    @property
    def var(self) -> Path:
        """Where everything the product writes lies."""
        return self.settings.var

    @cached_property
    def lake(self) -> "Lake":
        """The lake of register facts."""
        from lifeevents.registers.lake import Lake

        return Lake(self.var / "lake")

    @cached_property
    def features(self) -> "LakeFeatures":
        """Features over the lake."""
        from features.lake import LakeFeatures

        return LakeFeatures(self.lake, self.pack.vocabulary)


def explainer_of(product: Product, predictors: Sequence[Predictor] = ()) -> Explaining:
    """Why me, why not me, from the lake and what came in since; with models where `predictors` are given."""
    from features.live import LiveFeatures

    source = LiveFeatures(product.lake, product.pack.vocabulary)
    return Explaining(product.pack, product.rules, source, predictors)


@contextmanager
def ledger_of(product: Product) -> Iterator[Ledger]:
    """The service's database, its tables up to date: by URL, or the embedded server under var/."""
    from lifeevents.store.database import connect, migrate
    from lifeevents.store.ledger import PostgresLedger
    from serving.servers import postgres

    with postgres(product.var / "postgres", product.settings.database_url) as url:
        migrate(url)
        engine = connect(url)
        try:
            yield PostgresLedger(engine, words=correction_words(product.pack), heads=product.var / "audit-heads.txt")
        finally:
            engine.dispose()


@contextmanager
def online_of(product: Product) -> Iterator["OnlineRows"]:
    """The online rows, in Valkey: by URL, or the embedded server under var/."""
    import redis

    from features.packed import OnlineRows
    from serving.servers import valkey

    with (
        valkey(product.var / "valkey", product.settings.online_url) as url,
        redis.Redis.from_url(url) as client,
    ):
        yield OnlineRows(client, product.pack.vocabulary)


def correction_words(pack: Pack) -> CorrectionWords:
    """What the pack says in a correction."""
    return CorrectionWords(
        title={language: words["correction_title"] for language, words in pack.words.items()},
        body={language: words["correction"] for language, words in pack.words.items()},
    )


def desk_of(product: Product) -> QuarantineDesk:
    """The desk of the lake's quarantine."""
    from lifeevents.registers.desk import Desk

    return Desk(product.lake, product.pack.vocabulary)
