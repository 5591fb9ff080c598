"""The nightly sweep: bucket by bucket, features -> detectors -> new occasions -> offers -> outbox.

A bucket is one transaction. Running it twice changes nothing: what makes "told once" true is the occasion.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import perf_counter

from lifeevents.domain.calendar import Period, minus
from lifeevents.domain.occasion import Detection
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import MilestoneRules
from lifeevents.engine.notify import notification
from lifeevents.engine.recommend import recommend
from lifeevents.ports import Detector, FeatureSource, Ledger, Snapshot, Unit

Rules = Mapping[str, MilestoneRules]
Progress = Callable[[str, float], None]
CHANNEL = "portal"


@dataclass
class SweepReport:
    """What a sweep did. `nothing_to_offer` are new occasions whose every procedure was surely not theirs."""

    as_of: date
    subjects: int = 0
    detections: Counter[str] = field(default_factory=Counter)
    occasions: Counter[str] = field(default_factory=Counter)
    recommendations: int = 0
    notifications: int = 0
    nothing_to_offer: int = 0
    cancelled: int = 0
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))


def sweep(
    features: FeatureSource,
    detectors: Sequence[Detector],
    ledger: Ledger,
    pack: Pack,
    rules: Rules,
    *,
    as_of: date,
    now: datetime,
    progress: Progress | None = None,
) -> SweepReport:
    """Detect, decide and enqueue for everyone, as the registers knew things at the end of `as_of`.

    Nothing is sent here; `deliver` does that under the stop rules.
    """
    report = SweepReport(as_of)
    since = _first_day_of_interest(pack, as_of)
    for bucket in range(features.buckets):
        with _timed(report, "features"):
            snapshot = features.snapshot(bucket, as_of, since=since)
        with _timed(report, "detectors"):
            found = [detection for detector in detectors for detection in detector.detect(snapshot)]
        report.subjects += snapshot.rows.num_rows
        report.detections.update(detection.milestone for detection in found)
        with _timed(report, "decisions"), ledger.begin() as unit:
            _decide(unit, pack, rules, snapshot, found, report, now)
        if progress:
            progress("sweep", (bucket + 1) / features.buckets)
    return report


def _first_day_of_interest(pack: Pack, as_of: date) -> date:
    """Far enough back for every registered milestone that may still be active."""
    windows = [Period.parse(m.within) for m in pack.milestones.values() if m.kind == "registered"]
    return min((minus(as_of, window) for window in windows), default=as_of) - timedelta(days=1)


def _decide(
    unit: Unit,
    pack: Pack,
    rules: Rules,
    snapshot: Snapshot,
    found: Sequence[Detection],
    report: SweepReport,
    now: datetime,
) -> None:
    unit.mark_dead(_dead(snapshot), now=now)
    report.cancelled += _withdraw(unit, pack, snapshot, now)
    for detection in found:
        decided_by = rules[detection.milestone]
        kept = detection.model_copy(update={"facts": _minimal(detection, decided_by.reads)})
        occasion = unit.add_occasion(kept, now=now)
        if occasion is None:
            continue
        report.occasions[detection.milestone] += 1
        offers = recommend(pack, decided_by.offers, kept)
        if not offers:
            report.nothing_to_offer += 1
            continue
        unit.add_recommendations(occasion, offers)
        report.recommendations += len(offers)
        report.notifications += unit.enqueue(notification(pack, occasion, offers, channel=CHANNEL, now=now))


def _minimal(detection: Detection, names: frozenset[str]) -> dict[str, object]:
    """Only the facts that a rule, a text or a form reads are kept with an occasion."""
    return {name: value for name, value in detection.facts.items() if name in names}


def _dead(snapshot: Snapshot) -> list[str]:
    alive = snapshot.rows.column("alive").to_pylist()
    return [
        subject
        for subject, lives in zip(snapshot.rows.column("subject_id").to_pylist(), alive, strict=True)
        if lives is False
    ]


def _withdraw(unit: Unit, pack: Pack, snapshot: Snapshot, now: datetime) -> int:
    """Close the occasions whose event was annulled or corrected since they were told."""
    if not snapshot.withdrawn:
        return 0
    subjects = snapshot.rows.column("subject_id").to_pylist()
    closed = 0
    for milestone in pack.milestones.values():
        if milestone.kind != "registered":
            continue
        for subject, anchors in unit.open_anchors(milestone.id, subjects).items():
            for anchor in snapshot.withdrawn.intersection(anchors):
                unit.cancel_occasion(
                    subject, milestone.id, anchor, reason="the event was annulled or corrected", now=now
                )
                closed += 1
    return closed


@contextmanager
def _timed(report: SweepReport, stage: str) -> Iterator[None]:
    """Adds the block's seconds to one stage of a report."""
    start = perf_counter()
    yield
    report.seconds[stage] += perf_counter() - start
