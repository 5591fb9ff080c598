"""The nightly sweep: bucket by bucket, features -> detectors -> new occasions -> offers -> outbox.

A bucket is one transaction. Running it twice changes nothing: what makes "told once" true is the occasion.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from time import perf_counter

from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import Rulebook
from lifeevents.pipeline.deciding import Decided, decide_all, first_day_of_interest
from lifeevents.ports import Detector, FeatureSource, Ledger

Progress = Callable[[str, float], None]


@dataclass
class SweepReport(Decided):
    """What a sweep did; seconds by stage."""

    as_of: date = date.min
    subjects: int = 0
    detections: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, one: Decided) -> None:
        """Count in what was decided of one bucket."""
        self.occasions.update(one.occasions)
        for name in ("recommendations", "notifications", "nothing_to_offer", "unaddressed", "cancelled", "dropped"):
            setattr(self, name, getattr(self, name) + getattr(one, name))


def sweep(
    features: FeatureSource,
    detectors: Sequence[Detector],
    ledger: Ledger,
    pack: Pack,
    rules: Rulebook,
    *,
    as_of: date,
    now: datetime,
    progress: Progress | None = None,
) -> SweepReport:
    """Detect, decide and enqueue for everyone, as the registers knew things at the end of `as_of`.

    Nothing is sent here; `deliver` does that under the stop rules.
    """
    report = SweepReport(as_of=as_of)
    since = first_day_of_interest(pack, as_of)
    for bucket in range(features.buckets):
        with _timed(report, "features"):
            snapshot = features.snapshot(bucket, as_of, since=since)
        with _timed(report, "detectors"):
            found = [detection for detector in detectors for detection in detector.detect(snapshot)]
        report.subjects += snapshot.rows.num_rows
        report.detections.update(detection.milestone for detection in found)
        with _timed(report, "decisions"), ledger.begin() as unit:
            report.add(decide_all(unit, pack, rules, snapshot, detectors, found, actor="sweep", now=now))
        if progress:
            progress("sweep", (bucket + 1) / features.buckets)
    return report


@contextmanager
def _timed(report: SweepReport, stage: str) -> Iterator[None]:
    """Adds the block's seconds to one stage of a report."""
    start = perf_counter()
    yield
    report.seconds[stage] += perf_counter() - start
