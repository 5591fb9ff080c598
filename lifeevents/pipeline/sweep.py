"""The nightly sweep: bucket by bucket, features -> detectors -> new occasions -> offers -> outbox.

A bucket is one transaction. Running it twice changes nothing: what makes "told once" true is the occasion.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from time import perf_counter

from lifeevents.domain.occasion import Detection
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import Rulebook
from lifeevents.pipeline.deciding import Decided, decide_all, first_day_of_interest
from lifeevents.ports import Abstaining, Detector, FeatureSource, Ledger, Snapshot

Progress = Callable[[str, float], None]


@dataclass
class SweepReport(Decided):
    """What a sweep did; seconds by stage. `abstained`: (milestone, reason) -> of how many at risk a detector said
    nothing because a register is silent."""

    as_of: date = date.min
    subjects: int = 0
    detections: Counter[str] = field(default_factory=Counter)
    abstained: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, one: Decided) -> None:
        """Count in what was decided of one bucket."""
        self.occasions.update(one.occasions)
        for name in ("recommendations", "notifications", "nothing_to_offer", "unaddressed", "cancelled", "dropped"):
            setattr(self, name, getattr(self, name) + getattr(one, name))


@dataclass(frozen=True)
class Found:
    """What detectors found in one bucket, in whichever process; seconds by stage."""

    snapshot: Snapshot
    detections: Sequence[Detection]
    seconds: Mapping[str, float]
    abstained: Mapping[tuple[str, str], int] = field(default_factory=dict)


def detect(features: FeatureSource, detectors: Sequence[Detector], bucket: int, as_of: date, pack: Pack) -> Found:
    """Features of a bucket, and what every detector finds in them. Reads no ledger and decides nothing."""
    started = perf_counter()
    snapshot = features.snapshot(bucket, as_of, since=first_day_of_interest(pack, as_of))
    computed = perf_counter()
    found = [detection for detector in detectors for detection in detector.detect(snapshot)]
    abstained = {
        (detector.milestone, why): many
        for detector in detectors
        if isinstance(detector, Abstaining)
        for why, many in detector.abstains(snapshot).items()
    }
    return Found(snapshot, found, {"features": computed - started, "detectors": perf_counter() - computed}, abstained)


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
    detected: Iterable[Found] | None = None,
) -> SweepReport:
    """Detect, decide and enqueue for everyone, as the registers knew things at the end of `as_of`.

    `detected` is `detect` of every bucket, done elsewhere; without it the buckets are done here, one by one. Nothing
    is sent here; `deliver` does that under the stop rules.
    """
    report = SweepReport(as_of=as_of)
    if detected is None:
        detected = (detect(features, detectors, bucket, as_of, pack) for bucket in range(features.buckets))
    for done, found in enumerate(detected, 1):
        report.subjects += found.snapshot.rows.num_rows
        report.abstained.update(found.abstained)
        report.detections.update(detection.milestone for detection in found.detections)
        started = perf_counter()
        with ledger.begin() as unit:
            report.add(
                decide_all(unit, pack, rules, found.snapshot, detectors, found.detections, actor="sweep", now=now)
            )
        for stage, spent in {**found.seconds, "decisions": perf_counter() - started}.items():
            report.seconds[stage] += spent
        if progress:
            progress("sweep", done / features.buckets)
    return report
