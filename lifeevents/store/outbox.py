"""The outbox: messages waiting, claimed under a lease, and settled for good; and the portal inbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, text, update

from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.domain.occasion import InboxItem, Notification, NotificationState
from lifeevents.ports import Claimed, Settlement
from lifeevents.store.bulk import given, insert_many, rows_of
from lifeevents.store.part import Part, new_id
from lifeevents.store.schema import inbox_item, notification

SENDING = text("SELECT pg_advisory_xact_lock_shared(hashtext('lifeevents.stops'))")
"""Taken before a delivery reads what stops it, and held to its end: a stop's commit waits for it (ledger.py)."""

_INBOX = (
    select(notification, inbox_item.c.delivered_at, inbox_item.c.read_at)
    .join(inbox_item, inbox_item.c.id == notification.c.id)
    .where(inbox_item.c.recipient_id == bindparam("recipient"))
    .order_by(inbox_item.c.delivered_at.desc(), notification.c.place.desc())
)

_NEW = given(notification, ["id", "state", "settled_at", "not_before", "stops"])
_SETTLE = (
    update(notification)
    .where(notification.c.id == _NEW.c.id, notification.c.state.in_(["waiting", "claimed"]))
    .values(
        state=_NEW.c.state,
        settled_at=_NEW.c.settled_at,
        lease_until=None,
        not_before=func.coalesce(_NEW.c.not_before, notification.c.not_before),
        stops=_NEW.c.stops,
    )
)


class Outbox(Part):
    """Enqueue, claim, settle, and the inbox that portal messages lie in."""

    def enqueue(self, notification: Notification) -> bool:
        return self.enqueue_all([notification])[0]

    def enqueue_all(self, notifications: Sequence[Notification]) -> Sequence[bool]:
        first = {one.key: {"id": new_id(), **_columns(one)} for one in reversed(notifications)}
        rows = [first[key] for key in sorted(first)]  # one order for all writers, so that none waits in a ring
        if not rows:
            return []
        new = insert_many(notification, list(rows[0])).on_conflict_do_nothing(constraint="uq_notification_key")
        fresh = set(self.con.execute(new.returning(notification.c.key), rows_of(rows)).scalars())
        answers = []
        for one in notifications:
            answers.append(one.key in fresh)
            fresh.discard(one.key)
        return answers

    def claim(self, channel: str, *, now: datetime, lease: timedelta, limit: int) -> Sequence[Claimed]:
        self.con.execute(SENDING)
        free = or_(
            notification.c.state == "waiting",
            and_(notification.c.state == "claimed", notification.c.lease_until <= now),
        )
        due = (
            select(notification.c.id)
            .where(notification.c.channel == channel, notification.c.not_before <= now, free)
            .order_by(notification.c.not_before, notification.c.place)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
            .prefix_with("MATERIALIZED")
        )
        claim = (
            update(notification)
            .where(notification.c.id == due.c.id)
            .values(state="claimed", lease_until=now + lease, attempts=notification.c.attempts + 1)
            .returning(notification)
        )
        rows = sorted(self.con.execute(claim), key=lambda row: (row.not_before, row.place))
        return [Claimed(id=row.id, notification=notification_of(row), attempts=row.attempts) for row in rows]

    def hold(self, claimed: Claimed, *, now: datetime) -> bool:
        self.con.execute(SENDING)
        mine = and_(
            notification.c.id == claimed.id,
            notification.c.state == "claimed",
            notification.c.attempts == claimed.attempts,
        )
        lock = select(notification.c.id).where(mine).with_for_update(skip_locked=True)
        return self.con.execute(lock).first() is not None

    def settle(
        self, notification_id: str, state: NotificationState, *, stops: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        self.settle_all([Settlement(notification_id, state, stops)], now=now)

    def postpone(
        self, notification_id: str, *, until: datetime, stops: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        self.settle_all([Settlement(notification_id, NotificationState.WAITING, stops, until)], now=now)

    def settle_all(self, settlements: Sequence[Settlement], *, now: datetime) -> None:
        rows = [
            {
                "id": one.id,
                "state": one.state.value,
                "settled_at": None if one.until else now,
                "not_before": one.until,
                "stops": list(one.stops),
            }
            for one in settlements
        ]
        if rows and self.con.execute(_SETTLE, rows_of(rows)).rowcount != len(rows):
            which = rows[0]["id"] if len(rows) == 1 else f"one of {len(rows)}"
            raise Conflict(f"A message is final or unknown and cannot be moved ({which}).")

    def put_in_inbox(self, notification_id: str, notification: Notification, *, now: datetime) -> None:
        row = {"id": notification_id, "recipient_id": notification.recipient_id, "delivered_at": now}
        self.inbox_rows.append(row)

    def store_inbox(self) -> None:
        """Write what `put_in_inbox` gathered, in one statement; before each reading and at the end of the unit."""
        if self.inbox_rows:
            new = insert_many(inbox_item, ["id", "recipient_id", "delivered_at"]).on_conflict_do_nothing()
            self.con.execute(new, rows_of(self.inbox_rows))
            self.inbox_rows.clear()

    def inbox(self, recipient_id: str) -> Sequence[InboxItem]:
        self.store_inbox()
        return [
            InboxItem(
                id=row.id,
                occasion_id=row.occasion_id,
                milestone=row.milestone,
                subject_id=row.subject_id,
                title=row.title,
                body=row.body,
                delivered_at=row.delivered_at,
                read_at=row.read_at,
            )
            for row in self.con.execute(_INBOX, {"recipient": recipient_id})
        ]

    def mark_read(self, item_id: str, recipient_id: str, *, now: datetime) -> None:
        self.store_inbox()
        theirs = and_(inbox_item.c.id == item_id, inbox_item.c.recipient_id == recipient_id)
        read_at = func.coalesce(inbox_item.c.read_at, now)
        if self.con.execute(update(inbox_item).where(theirs).values(read_at=read_at)).rowcount != 1:
            raise NotFound("There is no such message.")

    def sent_among(self, recipient_ids: Sequence[str], since: datetime) -> dict[str, list[datetime]]:
        """When these people were told something without a statutory deadline, corrections aside."""
        query = select(notification.c.recipient_id, notification.c.settled_at).where(
            notification.c.state == "delivered",
            notification.c.recipient_id == func.any(list(recipient_ids)),
            notification.c.settled_at > since,
            notification.c.deadline.is_(None),
            notification.c.purpose != "correction",
        )
        found: dict[str, list[datetime]] = {}
        for row in self.con.execute(query):
            found.setdefault(row.recipient_id, []).append(row.settled_at)
        return found

    def sent_since(self, recipient_id: str, since: datetime) -> int:
        return len(self.sent_among([recipient_id], since).get(recipient_id, []))


def _columns(one: Notification) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Notification.model_fields} | {"about": list(one.about)}


def notification_of(row: Row[Any]) -> Notification:
    """The message that a row of the outbox holds."""
    return Notification(**{name: getattr(row, name) for name in Notification.model_fields})
