"""The in-memory unit's outbox and inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.domain.occasion import InboxItem, Notification, NotificationState
from lifeevents.engine.correction import CORRECTION
from lifeevents.ports import Claimed, Settlement
from lifeevents.testing.people import InMemoryPeople
from lifeevents.testing.state import Message


class InMemoryOutbox(InMemoryPeople):
    """Enqueue, claim, settle; what was sent; the inbox."""

    def enqueue(self, notification: Notification) -> bool:
        if notification.key in self.state.message_keys:
            return False
        message = Message(uuid4().hex, notification)
        self.state.messages[message.id] = message
        self.state.message_keys[notification.key] = message.id
        return True

    def enqueue_all(self, notifications: Sequence[Notification]) -> Sequence[bool]:
        return [self.enqueue(one) for one in notifications]

    def claim(self, channel: str, *, now: datetime, lease: timedelta, limit: int) -> Sequence[Claimed]:
        due = [m for m in self.state.messages.values() if m.notification.channel == channel and _is_due(m, now)]
        due.sort(key=lambda m: m.notification.not_before)
        claimed = []
        for one in due[:limit]:
            taken = replace(one, state=NotificationState.CLAIMED, lease_until=now + lease, attempts=one.attempts + 1)
            self.state.messages[one.id] = taken
            claimed.append(Claimed(taken.id, taken.notification, taken.attempts))
        return claimed

    def hold(self, claimed: Claimed, *, now: datetime) -> bool:
        message = self.state.messages[claimed.id]
        return message.state is NotificationState.CLAIMED and message.attempts == claimed.attempts

    def settle(
        self, notification_id: str, state: NotificationState, *, stops: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        self.settle_all([Settlement(notification_id, state, stops)], now=now)

    def postpone(
        self, notification_id: str, *, until: datetime, stops: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        self.settle_all([Settlement(notification_id, NotificationState.WAITING, stops, until)], now=now)

    def settle_all(self, settlements: Sequence[Settlement], *, now: datetime) -> None:
        for one in settlements:
            message = self.state.messages.get(one.id)
            if message is None or message.is_final:
                raise Conflict(f"A message is final or unknown and cannot be moved ({one.id}).")
            notification = message.notification
            if one.until is not None:
                notification = notification.model_copy(update={"not_before": one.until})
            self.state.messages[one.id] = replace(
                message,
                notification=notification,
                state=one.state,
                settled_at=None if one.until else now,
                lease_until=None,
                stops=tuple(dict(stop) for stop in one.stops),
            )

    def put_in_inbox(self, notification_id: str, notification: Notification, *, now: datetime) -> None:
        item = InboxItem(
            id=notification_id,
            occasion_id=notification.occasion_id,
            milestone=notification.milestone,
            subject_id=notification.subject_id,
            title=notification.title,
            body=notification.body,
            delivered_at=now,
        )
        self.state.inbox.setdefault(notification_id, (notification.recipient_id, item))

    def inbox(self, recipient_id: str) -> Sequence[InboxItem]:
        found = [item for owner, item in self.state.inbox.values() if owner == recipient_id]
        newest_first = sorted(enumerate(found), key=lambda one: (one[1].delivered_at, one[0]), reverse=True)
        return [item for _, item in newest_first]

    def mark_read(self, item_id: str, recipient_id: str, *, now: datetime) -> None:
        owner, item = self.state.inbox.get(item_id, (None, None))
        if item is None or owner != recipient_id:
            raise NotFound("There is no such message.")
        self.state.inbox[item_id] = (recipient_id, item.model_copy(update={"read_at": item.read_at or now}))

    def sent_times(self, recipient_id: str, since: datetime) -> list[datetime]:
        """When this person was told something without a statutory deadline, corrections aside."""
        return sorted(
            m.settled_at
            for m in self.state.messages.values()
            if m.state is NotificationState.DELIVERED
            and m.settled_at is not None
            and m.settled_at > since
            and m.notification.recipient_id == recipient_id
            and m.notification.deadline is None
            and m.notification.purpose != CORRECTION
        )

    def sent_since(self, recipient_id: str, since: datetime) -> int:
        return len(self.sent_times(recipient_id, since))


def _is_due(message: Message, now: datetime) -> bool:
    if message.is_final or message.notification.not_before > now:
        return False
    return message.lease_until is None or message.lease_until <= now
