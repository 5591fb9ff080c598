"""From a detection to what a person is told and answers. The occasion makes 'told once' true."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, model_validator

from lifeevents.domain.chain import OneForAll
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.milestone import Kind, Sensitivity

FactValue = bool | int | float | str | date | None


class Fact(Frozen):
    """One fact a decision used: its value, the register that said it and the day it is as of."""

    name: str
    value: FactValue
    register_id: str | None = None
    as_of: date | None = None


class Detection(Frozen):
    """A detector's finding: this milestone, for this subject, anchored here, with this chance, because of this.

    `probability` is 1 where a register or a law decides. `anchor` is the event id (registered), the due date
    (due) or the first day over the threshold (predicted). `event` is the anchor's payload.
    """

    subject_id: str
    milestone: str
    kind: Kind
    anchor: str
    as_of: date
    due_on: date | None = None
    active_until: date | None = None
    not_before: datetime | None = None
    probability: float = Field(default=1.0, ge=0, le=1)
    detector: str
    event: dict[str, Any] = Field(default_factory=dict)
    facts: dict[str, FactValue] = Field(default_factory=dict)
    why: tuple[Fact, ...] = ()
    sensitivity: Sensitivity = "ordinary"

    @model_validator(mode="after")
    def _no_model_creates_a_sensitive_milestone(self) -> "Detection":
        if self.kind == "predicted" and self.sensitivity == "sensitive":
            raise ValueError(f"{self.milestone}: a sensitive milestone is never predicted for a person.")
        return self


class Occasion(Frozen):
    """(subject, milestone, anchor): what a person is told about once."""

    id: str
    detection: Detection
    detected_at: datetime


Verdict = Literal["yes", "no", "ask"]


class Term(Frozen):
    """One `and`-term of a rule with its answer and the facts it read."""

    text: str
    answer: Verdict
    facts: tuple[Fact, ...] = ()


class Paper(Frozen):
    """A needed document: held by a register (with the value, and the day it is as of), or to be brought."""

    need: str
    title: dict[str, str]
    held: bool
    register_id: str | None = None
    value: FactValue = None
    as_of: date | None = None


class Instead(Frozen):
    """What to consider before a step that would cost a right, and what that step loses."""

    procedure: str
    title: dict[str, str]
    loses: dict[str, str]


class Recommendation(Frozen):
    """One procedure offered on an occasion, ready to be shown. It offers; it never refuses.

    `one_for_all` lists the steps that it does at once, where it is the whole of a chain.
    """

    procedure: str
    milestone: str
    subject_id: str
    rank: int
    eligibility: Verdict
    terms: tuple[Term, ...] = ()
    title: dict[str, str]
    why: dict[str, str]
    deadline: date | None = None
    days_left: int | None = None
    deadline_law: str | None = None
    entitlement_from: date | None = None
    papers: tuple[Paper, ...] = ()
    office: dict[str, str]
    processing: dict[str, str] | None = None
    fee: dict[str, str] | None = None
    link: str | None = None
    code: str | None = None
    verified: bool = False
    instead: Instead | None = None
    one_for_all: OneForAll | None = None
    review_on: date


class NotificationState(StrEnum):
    """Where a message stands. Delivered, cancelled and referred are terminal and never move."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFERRED = "referred"


class Notification(Frozen):
    """One message to one person on one channel about one occasion.

    `about` names the other people the text speaks of (a child), who must be alive when it is sent. `deadline` is
    a statutory last day: it exempts the message from the weekly budget and, close enough, from quiet hours.
    """

    key: str
    occasion_id: str
    milestone: str
    subject_id: str
    recipient_id: str
    channel: str
    purpose: str
    title: dict[str, str]
    body: dict[str, str]
    not_before: datetime
    deadline: date | None = None
    about: tuple[str, ...] = ()


class AnswerKind(StrEnum):
    """What a person says of an offer. `later` snoozes, `not_for_me` can be taken back, `wrong` opens a case."""

    DONE = "done"
    NOT_FOR_ME = "not_for_me"
    WRONG = "wrong"
    LATER = "later"
    TAKEN_BACK = "taken_back"


class Offer(Frozen):
    """A stored recommendation with its id, occasion, state and the person's latest answer.

    `note` and `until` belong to that answer: what the person wrote, and the day `later` asks to wait for.
    """

    id: str
    occasion_id: str
    recommendation: Recommendation
    milestone_kind: Kind
    due_on: date | None = None
    probability: float = 1.0
    state: Literal["open", "closed", "cancelled"] = "open"
    answer: AnswerKind | None = None
    answered_at: datetime | None = None
    note: str | None = None
    until: date | None = None
    created_at: datetime


class InboxItem(Frozen):
    """A message as it lies in the portal inbox."""

    id: str
    occasion_id: str
    milestone: str
    subject_id: str
    title: dict[str, str]
    body: dict[str, str]
    delivered_at: datetime
    read_at: datetime | None = None


class OccasionRow(Frozen):
    """A stored occasion and whether it still stands; `closed_reason` says why it was cancelled."""

    id: str
    detection: Detection
    detected_at: datetime
    state: Literal["open", "cancelled"] = "open"
    closed_reason: str | None = None


class MessageRow(Frozen):
    """A message of the outbox and where it stands; `stops` are the stop rules' outcomes at the latest decision.

    While it waits, `notification.not_before` is the earliest moment of the next try.
    """

    id: str
    notification: Notification
    state: NotificationState
    settled_at: datetime | None = None
    stops: tuple[dict[str, Any], ...] = ()


class Told(Frozen):
    """One delivered notice of a milestone and what it rested on, for an audit.

    `id` is the message's; `kin` is the relative whose event it is for the subject (the child that was born, the
    spouse who died).
    """

    id: str
    occasion_id: str
    subject_id: str
    recipient_id: str
    milestone: str
    kind: Kind
    about: tuple[str, ...] = ()
    kin: str | None = None
    due_on: date | None = None
    occurred_on: date | None = None
    born_on: date | None = None
    delivered_at: datetime
