"""Detections, offers and messages for tests of the ledger and of delivery."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from lifeevents.domain.occasion import Detection, Notification, Occasion, Recommendation
from lifeevents.ports import Unit

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Ten in the morning of a Tuesday in Viet Nam."""

TODAY = NOW.date()


def detection(
    subject_id: str = "lan", milestone: str = "retirement", anchor: str = "2027-06-01", **given: Any
) -> Detection:
    usual: dict[str, Any] = {"kind": "due", "as_of": TODAY, "due_on": date(2027, 6, 1), "detector": "rule:1"}
    return Detection(subject_id=subject_id, milestone=milestone, anchor=anchor, **(usual | given))


def prediction(as_of: date, active_until: date, subject_id: str = "lan") -> Detection:
    return detection(
        subject_id,
        "shop",
        as_of.isoformat(),
        kind="predicted",
        as_of=as_of,
        due_on=None,
        active_until=active_until,
        probability=0.25,
    )


def recommendation(procedure: str, occasion: Occasion, rank: int = 1) -> Recommendation:
    return Recommendation(
        procedure=procedure,
        milestone=occasion.detection.milestone,
        subject_id=occasion.detection.subject_id,
        rank=rank,
        eligibility="yes",
        title={"vi": "Lương hưu", "en": "Pension"},
        why={"en": "Because."},
        office={"en": "Local office"},
        review_on=date(2027, 1, 1),
    )


def message(occasion: Occasion, **given: Any) -> Notification:
    subject = occasion.detection.subject_id
    usual: dict[str, Any] = {
        "key": f"{occasion.id}:portal:offer",
        "occasion_id": occasion.id,
        "milestone": occasion.detection.milestone,
        "subject_id": subject,
        "recipient_id": subject,
        "channel": "portal",
        "purpose": "offer",
        "title": {"vi": "Lương hưu", "en": "Your pension"},
        "body": {"en": "It can start."},
        "not_before": NOW,
    }
    return Notification(**(usual | given))


def occasion(unit: Unit, detection: Detection, procedures: Sequence[str] = ()) -> Occasion:
    """Store a new occasion with an offer per procedure."""
    stored = unit.add_occasion(detection, now=NOW)
    assert stored is not None
    unit.add_recommendations(stored, [recommendation(p, stored, rank) for rank, p in enumerate(procedures, start=1)])
    return stored
