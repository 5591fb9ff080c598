"""What the in-memory ledger keeps: values by id, copied at the start of each transaction."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from lifeevents.domain.case import CaseFile
from lifeevents.domain.occasion import InboxItem, Notification, NotificationState, Occasion, Offer
from lifeevents.domain.review import Review
from lifeevents.domain.submission import Received
from lifeevents.ports import LiveRow


@dataclass(frozen=True)
class Message:
    """A message in the outbox and where it stands."""

    id: str
    notification: Notification
    state: NotificationState = NotificationState.WAITING
    attempts: int = 0
    lease_until: datetime | None = None
    settled_at: datetime | None = None
    stops: tuple[dict[str, Any], ...] = ()

    @property
    def is_final(self) -> bool:
        return self.settled_at is not None


@dataclass
class State:
    """All tables; the values in them are frozen, so that a copy of the dicts is a copy of everything."""

    occasions: dict[str, Occasion] = field(default_factory=dict)
    cancelled: dict[str, str] = field(default_factory=dict)
    keys: dict[tuple[str, str, str], str] = field(default_factory=dict)
    cooldown: dict[tuple[str, str], date] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    message_keys: dict[str, str] = field(default_factory=dict)
    inbox: dict[str, tuple[str, InboxItem]] = field(default_factory=dict)
    cases: dict[str, CaseFile] = field(default_factory=dict)
    dead: dict[str, datetime] = field(default_factory=dict)
    switches: dict[tuple[str, str], bool] = field(default_factory=dict)
    consents: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    guardians: dict[str, tuple[tuple[str, date, date | None], ...]] = field(default_factory=dict)
    submissions: dict[tuple[str, str], Received] = field(default_factory=dict)
    live_rows: dict[int, LiveRow] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    audit: dict[int, dict[str, Any]] = field(default_factory=dict)

    def copy(self) -> "State":
        return State(**{f.name: dict(getattr(self, f.name)) for f in fields(self)})
