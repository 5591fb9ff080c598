"""What became of a subject: its occasions and the messages on them, to be explained."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select

from lifeevents.domain.occasion import Detection, MessageRow, OccasionRow
from lifeevents.store.outbox import notification_of
from lifeevents.store.part import Part
from lifeevents.store.schema import notification, occasion

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_COLUMNS = tuple(name for name in Detection.model_fields if name in occasion.c)
_OCCASIONS = (
    select(occasion)
    .where(occasion.c.subject_id == bindparam("subject"))
    .order_by(occasion.c.detected_at.desc(), occasion.c.id)
)
_MESSAGES = (
    select(notification)
    .join(occasion, occasion.c.id == notification.c.occasion_id)
    .where(occasion.c.subject_id == bindparam("subject"))
    .order_by(notification.c.place.desc())
)


class Story(Part):
    """Reading a subject's occasions and messages."""

    def occasions_of(self, subject_id: str) -> Sequence[OccasionRow]:
        return [
            OccasionRow(
                id=row.id,
                detection=_detection(row),
                detected_at=row.detected_at,
                state=row.state,
                closed_reason=row.closed_reason,
            )
            for row in self.con.execute(_OCCASIONS, {"subject": subject_id})
        ]

    def messages_of(self, subject_id: str) -> Sequence[MessageRow]:
        return [
            MessageRow(
                id=row.id,
                notification=notification_of(row),
                state=row.state,
                settled_at=row.settled_at,
                stops=tuple(row.stops or ()),
            )
            for row in self.con.execute(_MESSAGES, {"subject": subject_id})
        ]


def _detection(row: Row[Any]) -> Detection:
    evidence = row.evidence
    return Detection(
        **{name: getattr(row, name) for name in _COLUMNS},
        event=_dated(evidence["event"]),
        facts=_dated(evidence["facts"]),
        why=[_dated(fact) for fact in evidence["why"]],
    )


def _dated(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with what JSON made of a date as a date again."""
    return {name: date.fromisoformat(v) if _is_date(v) else v for name, v in values.items()}


def _is_date(value: object) -> bool:
    return isinstance(value, str) and _ISO_DATE.fullmatch(value) is not None
