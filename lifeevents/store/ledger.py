"""The ledger on PostgreSQL: one transaction in which state, outbox and audit commit together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from lifeevents.domain.errors import Unavailable
from lifeevents.engine.correction import CorrectionWords
from lifeevents.store import audit
from lifeevents.store.figures import Figures
from lifeevents.store.intake import Intake
from lifeevents.store.reviews import Reviews
from lifeevents.store.standings import Standings
from lifeevents.store.story import Story

STOPPING = text("SELECT pg_advisory_xact_lock(hashtext('lifeevents.stops'))")
"""Taken at the end of a transaction that stops messages: it waits for deliveries that read the state before, and
deliveries that begin later wait for it. So nothing is sent after a stop has been acknowledged."""


class PostgresUnit(Standings, Story, Figures, Reviews, Intake):
    """One transaction (`lifeevents.ports.Unit`)."""


class PostgresLedger:
    """`lifeevents.ports.Ledger` over an engine of `lifeevents.store.database.connect`.

    `words` are what a correction says. With `heads` the head of the audit chain is anchored in that file after
    each commit that audited something.
    """

    def __init__(self, engine: Engine, *, words: CorrectionWords | None = None, heads: Path | None = None) -> None:
        self.engine = engine
        self._words = words or CorrectionWords()
        self._heads = heads

    @contextmanager
    def begin(self) -> Iterator[PostgresUnit]:
        """A transaction. Raises Unavailable when the database cannot be reached or is full; then nothing was stored."""
        head = None
        try:
            with self.engine.begin() as con:
                unit = PostgresUnit(con, self._words)
                yield unit
                unit.store_inbox()
                if unit.stops:
                    con.execute(STOPPING)
                if unit.entries:
                    head = audit.append(con, unit.entries)
        except DBAPIError as problem:
            if isinstance(problem, OperationalError) or problem.connection_invalidated:
                raise Unavailable(
                    f"The database cannot do this now ({type(problem.orig).__name__}); nothing was stored."
                ) from problem
            raise
        if head is not None and self._heads is not None:
            audit.anchor(self._heads, head)
