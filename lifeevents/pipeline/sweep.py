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
from lifeevents.domain.occasion import Detection, Notification, Occasion, Recommendation
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import MilestoneRules
from lifeevents.engine.notify import bundle_of, notification
from lifeevents.engine.recommend import recommend
from lifeevents.ports import Detector, FeatureSource, Ledger, Snapshot, Unit

Rules = Mapping[str, MilestoneRules]
Progress = Callable[[str, float], None]
CHANNEL = "portal"
_Offered = tuple[Occasion, tuple[Recommendation, ...]]


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
    kept = [_minimal(detection, rules[detection.milestone].reads) for detection in found]
    offered: list[_Offered] = []
    for occasion in unit.add_occasions(kept, now=now):
        if occasion is None:
            continue
        milestone = occasion.detection.milestone
        report.occasions[milestone] += 1
        offers = recommend(pack, rules[milestone].offers, occasion.detection)
        if offers:
            offered.append((occasion, offers))
        else:
            report.nothing_to_offer += 1
    unit.add_offers(offered)
    report.recommendations += sum(len(offers) for _, offers in offered)
    report.notifications += sum(unit.enqueue_all(_messages(pack, offered, now)))
    for occasion, offers in offered:
        detail = {"occasion": occasion.id, "detector": occasion.detection.detector, "offers": len(offers)}
        unit.audit("sweep", "detect", occasion.detection.subject_id, detail, now=now)


def _messages(pack: Pack, offered: Sequence[_Offered], now: datetime) -> list[Notification]:
    """One message per story: occasions of one person, milestone and bundle (twins) are told together."""
    stories: dict[tuple[str, str, str], list[_Offered]] = defaultdict(list)
    for occasion, offers in offered:
        detection = occasion.detection
        stories[detection.subject_id, detection.milestone, bundle_of(detection)].append((occasion, offers))
    return [
        notification(pack, first, offers, also=[other for other, _ in rest], channel=CHANNEL, now=now)
        for (first, offers), *rest in stories.values()
    ]


def _minimal(detection: Detection, reads: frozenset[str]) -> Detection:
    """The detection with only the facts that a rule, a text or a form reads: what an occasion keeps."""
    facts = {name: value for name, value in detection.facts.items() if name in reads}
    return detection.model_copy(update={"facts": facts})


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
