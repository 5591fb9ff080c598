"""A clock that stands, a channel that remembers, a detector that finds what it is told to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lifeevents.domain.occasion import Detection, Notification
from lifeevents.ports import Snapshot, Unit


@dataclass(frozen=True)
class FixedClock:
    """Always the same moment (aware of its zone)."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class FakeChannel:
    """Remembers what it sent, in order, as (message id, message). `answers` are raised by the next calls, first
    first; None lets one through. With `in_inbox` it also puts the message into the portal inbox."""

    name: str = "fake"
    transactional: bool = False
    in_inbox: bool = False
    answers: list[Exception | None] = field(default_factory=list)
    sent: list[tuple[str, Notification]] = field(default_factory=list)

    def send(self, notification_id: str, notification: Notification, unit: Unit, *, now: datetime) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.sent.append((notification_id, notification))
        if self.in_inbox:
            unit.put_in_inbox(notification_id, notification, now=now)


@dataclass(frozen=True)
class FakeDetector:
    """Finds these detections, whatever the snapshot."""

    milestone: str
    detections: Sequence[Detection] = ()
    version: str = "fake"

    def detect(self, snapshot: Snapshot) -> Sequence[Detection]:
        return self.detections
