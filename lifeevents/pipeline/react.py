"""The live path: what a register submits is reacted to at once, in one transaction per batch.

The people whom the rows concern are looked at as they stand now; from there it is what the nightly sweep does:
detectors, offers, outbox. A submission about somebody unknown is parked until a register makes them known. One that
breaks its batch is found by halving the batch, parked with its reason, and holds up nobody else.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from lifeevents.domain.calendar import local_day
from lifeevents.domain.errors import LifeEventsError, Unavailable
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
                half = len(taken) // 2
                for some in (half, len(taken) - half):
                    report.add(self.react(now=now, limit=some))
        return report

    def _batch(self, report: ReactReport, taken: list[Received], now: datetime, limit: int) -> None:
        """One transaction. The new feature rows go online before it commits: they follow from rows that are kept
        already, so a death in between leaves them right, and the next reaction to the same writes them again."""
        with self.ledger.begin() as unit:
            taken.extend(unit.take_submissions(limit))
            if not taken:
                return
            decided, rows, parked = self._handle(unit, taken, now)
            self.publish(rows, now)
        report.reacted += len(taken) - parked
        report.parked += parked
        report.occasions.update(decided.occasions)
        report.notifications += decided.notifications
        report.cancelled += decided.cancelled

    def _handle(self, unit: Unit, taken: Sequence[Received], now: datetime) -> tuple[Decided, pa.Table, int]:
        as_of = local_day(now, self.pack.tz)
        since = first_day_of_interest(self.pack, as_of)
        newcomers = {subject.subject_id for one in taken for subject in one.submission.subjects}
        concerned = {subject for one in taken for subject in one.submission.concerns}
        unit.hold_subjects(concerned)
        look = self.source.look(concerned | set(unit.naming(newcomers)), unit.live_rows, as_of, since=since)
        unit.keep_kin(look.kin)
        found = [detection for detector in self.detectors for detection in detector.detect(look.snapshot)]
        decided = decide_all(unit, self.pack, self.rules, look.snapshot, self.detectors, found, actor="react", now=now)
        parked = 0
        for one in taken:
            unknown = one.submission.concerns & look.unknown
            if unknown:
                parked += 1
                self._settle_parked(unit, one.submission, _unknown(unknown), now)
            else:
                unit.settle_submission(one.submission, SubmissionState.DONE, now=now)
        if newcomers:
            unit.wake_parked(newcomers, now=now)
        return decided, look.snapshot.rows, parked

    def _park(self, one: Submission, problem: Exception, report: ReactReport, now: datetime) -> None:
        """Only our own errors are kept in words: another's text may hold what nobody should read."""
        reason = str(problem) if isinstance(problem, LifeEventsError) else f"{type(problem).__name__} while reacting."
        with self.ledger.begin() as unit:
            self._settle_parked(unit, one, reason, now)
        report.parked += 1

    def _settle_parked(self, unit: Unit, one: Submission, reason: str, now: datetime) -> None:
        unit.settle_submission(one, SubmissionState.PARKED, reason=reason, now=now)
        unit.audit("react", "park", None, {"source": one.source, "id": one.id, "reason": reason}, now=now)


def _unknown(subjects: Collection[str]) -> str:
    return (
        f"No register has made {', '.join(sorted(subjects))} known. Submit the subject's row; this is reacted to then."
    )
