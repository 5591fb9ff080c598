"""The part of the ledger that the API and the pages use, in memory; a transaction works on a copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lifeevents.domain.errors import NotFound
from lifeevents.domain.occasion import (
    AnswerKind,
    Detection,
    InboxItem,
    MessageRow,
    Notification,
    Occasion,
    OccasionRow,
    Offer,
    Recommendation,
)
from lifeevents.engine.answers import check_answer, state_after


@dataclass(frozen=True)
class State:
    """What the fake ledger holds; a transaction works on a copy."""

    offers: dict[str, Offer] = field(default_factory=dict)
    guardians: dict[str, str] = field(default_factory=dict)
    inbox: dict[str, tuple[str, InboxItem]] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[tuple[str, AnswerKind, str | None]] = field(default_factory=list)
    audited: list[tuple[str, str, str | None, dict[str, Any]]] = field(default_factory=list)

    def copy(self) -> "State":
        return State(
            dict(self.offers),
            dict(self.guardians),
            dict(self.inbox),
            dict(self.reports),
            list(self.answers),
            list(self.audited),
        )


class FakeLedger:
    """The part of the ledger that the API and the pages use. `down` makes it unavailable."""

    def __init__(self) -> None:
        self.state = State()
        self.down: Exception | None = None

    @contextmanager
    def begin(self) -> Iterator["FakeUnit"]:
        if self.down:
            raise self.down
        unit = FakeUnit(self.state.copy())
        yield unit
        self.state = unit.state


class FakeUnit:
    """One transaction on the fake."""

    def __init__(self, state: State) -> None:
        self.state = state

    def add_occasion(self, detection: Detection, *, now: datetime) -> Occasion:
        return Occasion(id=f"oc-{detection.subject_id}-{detection.milestone}", detection=detection, detected_at=now)

    def add_recommendations(self, occasion: Occasion, items: tuple[Recommendation, ...]) -> None:
        for item in items:
            offer = Offer(
                id=f"of-{item.subject_id}-{item.procedure}",
                occasion_id=occasion.id,
                recommendation=item,
                milestone_kind=occasion.detection.kind,
                due_on=occasion.detection.due_on,
                probability=occasion.detection.probability,
                created_at=occasion.detected_at,
            )
            self.state.offers[offer.id] = offer

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
        self.state.inbox[notification_id] = (notification.recipient_id, item)

    def inbox(self, recipient_id: str) -> list[InboxItem]:
        return [item for recipient, item in self.state.inbox.values() if recipient == recipient_id]

    def mark_read(self, item_id: str, recipient_id: str, *, now: datetime) -> None:
        recipient, item = self.state.inbox.get(item_id, (None, None))
        if item is None or recipient != recipient_id:
            raise NotFound(f"no item {item_id} of {recipient}")
        self.state.inbox[item_id] = (recipient_id, item.model_copy(update={"read_at": item.read_at or now}))

    def offers(self, subject_id: str) -> list[Offer]:
        return [one for one in self.state.offers.values() if one.recommendation.subject_id == subject_id]

    def occasions_of(self, subject_id: str) -> list[OccasionRow]:
        return []

    def messages_of(self, subject_id: str) -> list[MessageRow]:
        return []

    def live_rows(self, subject_ids: object) -> dict[str, Any]:
        return {}

    def represented_by(self, guardian_id: str, *, on: date) -> list[str]:
        return [subject for subject, guardian in self.state.guardians.items() if guardian == guardian_id]

    def offer(self, offer_id: str, subject_id: str) -> Offer:
        offer = self.state.offers.get(offer_id)
        if offer is None:
            raise NotFound(f"no offer {offer_id}")
        if offer.recommendation.subject_id != subject_id:
            raise NotFound(f"offer {offer_id} is another's")
        return offer

    def answer(
        self, offer_id: str, subject_id: str, kind: AnswerKind, *, note: str | None, until: date | None, now: datetime
    ) -> Offer:
        offer = self.offer(offer_id, subject_id)
        check_answer(kind, until=until, latest=offer.answer, state=offer.state, today=now.date())
        said = {"answer": kind, "answered_at": now, "note": note, "until": until}
        said["state"] = state_after(kind, cancelled=False)
        self.state.offers[offer_id] = offer.model_copy(update=said)
        self.state.answers.append((offer_id, kind, note))
        return self.state.offers[offer_id]

    def save_report(self, name: str, body: dict[str, Any], *, now: datetime) -> None:
        self.state.reports[name] = {**body, "saved_at": now.isoformat()}

    def report(self, name: str) -> dict[str, Any] | None:
        return self.state.reports.get(name)

    def counts(self) -> dict[str, int]:
        return {"occasions.retirement": 2, "recommendations": len(self.state.offers), "notifications.delivered": 1}

    def audit(self, actor: str, action: str, subject_id: str | None, detail: dict[str, Any], *, now: datetime) -> None:
        self.state.audited.append((actor, action, subject_id, detail))
