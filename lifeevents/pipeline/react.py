"""The live path: what a register submits is reacted to at once, in one transaction per batch.

The people whom the rows concern are looked at as they stand now; from there it is what the nightly sweep does:
detectors, offers, outbox. A submission that breaks the batch is parked with its reason and holds up nobody else.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from lifeevents.domain.calendar import local_day
from lifeevents.domain.errors import LifeEventsError, Refused, Unavailable
from lifeevents.domain.pack import Pack
from lifeevents.domain.submission import Received, Submission, SubmissionState
from lifeevents.engine.eligibility import Rulebook
from lifeevents.pipeline.deciding import Decided, decide_all, first_day_of_interest
from lifeevents.ports import Detector, Ledger, LiveSource, Unit

BATCH = 100
Publish = Callable[[pa.Table, datetime], None]
"""Takes the new feature rows of the people concerned, as of a moment: the online store."""


@dataclass
class ReactReport:
    """What a reaction did. `parked` submissions wait for their register's owner, with a reason."""

    reacted: int = 0
    parked: int = 0
    occasions: Counter[str] = field(default_factory=Counter)
    notifications: int = 0
    cancelled: int = 0

    def add(self, other: "ReactReport") -> None:
        """Count in another reaction."""
        self.reacted += other.reacted
        self.parked += other.parked
        self.occasions.update(other.occasions)
        self.notifications += other.notifications
        self.cancelled += other.cancelled


@dataclass(frozen=True)
class Reactor:
    """The parts of a reaction."""

    ledger: Ledger
    source: LiveSource
    detectors: Sequence[Detector]
    pack: Pack
    rules: Rulebook
    publish: Publish

    def react(self, *, now: datetime, limit: int = BATCH) -> ReactReport:
        """React to at most `limit` waiting submissions. Raises Unavailable when a part it needs is away; what was
        not settled waits on."""
        report = ReactReport()
        taken: list[Received] = []
        try:
            self._batch(report, taken, now, limit)
        except Unavailable:
            raise
        except Exception as problem:  # something in the batch broke it, and nothing of it was stored
            if len(taken) == 1:
                self._park(taken[0].submission, problem, report, now)
            else:
                self._one_by_one(report, now, limit)
        return report

    def _one_by_one(self, report: ReactReport, now: datetime, limit: int) -> None:
        """Each submission in a transaction of its own, so that only the one that breaks it is parked."""
        before = -1
        while before < report.reacted + report.parked < limit:
            before = report.reacted + report.parked
            one = self.react(now=now, limit=1)
            report.add(one)

    def _batch(self, report: ReactReport, taken: list[Received], now: datetime, limit: int) -> None:
        with self.ledger.begin() as unit:
            taken.extend(unit.take_submissions(limit))
            if not taken:
                return
            decided, rows = self._handle(unit, taken, now)
        self.publish(rows, now)
        report.reacted += len(taken)
        report.occasions.update(decided.occasions)
        report.notifications += decided.notifications
        report.cancelled += decided.cancelled

    def _handle(self, unit: Unit, taken: Sequence[Received], now: datetime) -> tuple[Decided, pa.Table]:
        as_of = local_day(now, self.pack.tz)
        since = first_day_of_interest(self.pack, as_of)
        concerned = {subject for one in taken for subject in one.submission.concerns}
        look = self.source.look(concerned, unit.live_rows, as_of, since=since)
        if look.unknown:
            raise Refused(
                f"No register has made {', '.join(sorted(look.unknown))} known. Submit the subject's row first, or "
                "with the event."
            )
        unit.keep_kin(look.kin)
        found = [detection for detector in self.detectors for detection in detector.detect(look.snapshot)]
        decided = decide_all(unit, self.pack, self.rules, look.snapshot, self.detectors, found, actor="react", now=now)
        for one in taken:
            unit.settle_submission(one.submission, SubmissionState.DONE, now=now)
        return decided, look.snapshot.rows

    def _park(self, one: Submission, problem: Exception, report: ReactReport, now: datetime) -> None:
        """Only our own errors are kept in words: another's text may hold what nobody should read."""
        reason = str(problem) if isinstance(problem, LifeEventsError) else f"{type(problem).__name__} while reacting."
        with self.ledger.begin() as unit:
            unit.settle_submission(one, SubmissionState.PARKED, reason=reason, now=now)
            detail = {"source": one.source, "id": one.id, "reason": reason}
            unit.audit("react", "park", None, detail, now=now)
        report.parked += 1
