"""Which principle each reason of the gate speaks of. A row that was not taken counts against exactly one."""

from lifeevents.domain.quality import Principle

REASONS: dict[str, Principle] = {
    "missing_value": "sufficient",
    "broken_row": "clean",
    "duplicate_event_id": "clean",
    "duplicate_subject_id": "clean",
    "impossible_date": "correct",
    "impossible_time": "correct",
    "unknown_kind": "correct",
    "unknown_sex": "correct",
    "unknown_precision": "correct",
    "payload_not_object": "correct",
    "unknown_subject": "correct",
    "unknown_event": "correct",
    "unknown_attribute": "correct",
    "unknown_relation": "correct",
    "wrong_register": "correct",
    "wrong_subject_kind": "correct",
    "wrong_type": "correct",
    "unknown_code": "correct",
    "recorded_before_occurred": "correct",
    "before_birth": "correct",
    "corrects_and_annuls": "correct",
    "refers_to_itself": "correct",
    "other_subject": "correct",
    "ends_before_start": "correct",
}
"""Reason of the gate -> the principle it counts against."""
