"""What the use cases need from outside, as Protocols. `serving/bootstrap.py` passes the real ones."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from lifeevents.domain.case import CaseFile, CaseKind
from lifeevents.domain.explanation import Chance, Explanation, Source
from lifeevents.domain.occasion import (
    AnswerKind,
    Detection,
    InboxItem,
    MessageRow,
    Notification,
    NotificationState,
    Occasion,
    OccasionRow,
    Offer,
    Recommendation,
    Told,
)
from lifeevents.domain.quarantine import Quarantined, QuarantinePage
from lifeevents.domain.review import Review
from lifeevents.domain.submission import Received, Submission, SubmissionState, Taken
from lifeevents.engine.situation import Standing

if TYPE_CHECKING:
    import pyarrow as pa


class Clock(Protocol):
    """The one clock. Everything else takes `now` as an argument."""

    def now(self) -> datetime:
        """The present moment, aware of its zone."""


@dataclass(frozen=True)
class Silence:
    """A register that has recorded nothing for longer than it ever pauses, so that what it says is not known now.

    place: the province it is silent about, None: everywhere. since: the day of its newest row. allowed: so many days of
    silence would still be usual.
    """

    register: str
    place: str | None
    since: date
    allowed: int


@dataclass(frozen=True)
class Snapshot:
    """How the subjects of one bucket stood at the end of a day.

    rows:   one row per subject known and observed by `as_of`: subject_id, then one column per feature.
    events: the live (neither annulled nor corrected) events recorded by `as_of` and not before `since`:
            subject_id, event_id, event, occurred_on (date), recorded_at (timestamp[us], UTC), register, payload (JSON).
    withdrawn: ids of events that a row recorded by `as_of` annuls or corrects.
    ties:   the relations in force whose other end is alive: subject_id, relation, related_id, since (date).
    silent: the registers that had fallen silent by `as_of`, everywhere or in a province.
    """

    as_of: date
    rows: "pa.Table"
    events: "pa.Table"
    withdrawn: frozenset[str] = frozenset()
    ties: "pa.Table | None" = None
    silent: tuple[Silence, ...] = ()


class FeatureSource(Protocol):
    """Features of a whole bucket, as of a day."""

    @property
    def buckets(self) -> int:
        """How many buckets the population is cut into."""

    def snapshot(self, bucket: int, as_of: date, *, since: date) -> Snapshot:
        """Features at the end of `as_of`; events recorded from `since` to `as_of`."""


LiveRows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows that came in live and are not in the lake yet, by relation of the contract; days and moments as ISO text."""


GONE = "gone"
"""Among live rows: kin events (event_id, subject_id) that follow no longer from what is known."""


@dataclass(frozen=True)
class LiveRow:
    """A row that came in live, at a place of its own that is never given again; `kin_id` marks one that was derived."""

    place: int
    relation: str
    body: Mapping[str, Any]
    kin_id: str | None = None


@dataclass(frozen=True)
class Look:
    """How the people whom fresh rows concern stand now.

    snapshot: of the subjects asked about and of the relatives whom their events concern.
    kin:      the events that relatives have because of these rows, as contract rows; without `event`: one that was
              derived before and follows no longer (a relation was closed).
    unknown:  subjects of rows that no register has made known.
    """

    snapshot: Snapshot
    kin: Sequence[Mapping[str, Any]]
    unknown: frozenset[str] = frozenset()


class LiveSource(Protocol):
    """Features of a few people now: the lake, and what came in since."""

    def look(
        self, subjects: Collection[str], fresh: Callable[[Collection[str]], LiveRows], as_of: date, *, since: date
    ) -> Look:
        """Look at `subjects` and the relatives whom their events concern. `fresh` gives the live rows of subjects."""


@dataclass(frozen=True)
class Portrait:
    """One subject as the registers know it on a day, and where each of its features comes from.

    `snapshot` has no row for a subject that no register knows then.
    """

    snapshot: Snapshot
    sources: Mapping[str, Source]


class SubjectSource(Protocol):
    """Everything about one subject: the lake, and what came in since."""

    def portray(
        self, subject_id: str, fresh: Callable[[Collection[str]], LiveRows], as_of: date, *, since: date
    ) -> Portrait:
        """The subject at the end of `as_of`, with its events recorded from `since` on. `fresh` gives live rows."""


class Detector(Protocol):
    """Finds one milestone in a snapshot. A law and a model wear the same interface."""

    @property
    def milestone(self) -> str:
        """Id of the milestone."""

    @property
    def version(self) -> str:
        """What decided: a rule's digest or a model's version; stored with each detection."""

    def detect(self, snapshot: Snapshot) -> Sequence[Detection]:
        """The detections active on the snapshot's day. Deterministic."""


@runtime_checkable
class Abstaining(Protocol):
    """A detector that says of whom it cannot know."""

    def abstains(self, snapshot: Snapshot) -> Mapping[str, int]:
        """Why it says nothing of some who are at risk because a register is silent: the reason, and of how many."""


class Predictor(Protocol):
    """A detector that a model decides, asked why."""

    @property
    def milestone(self) -> str:
        """Id of the milestone."""

    def chance(self, snapshot: Snapshot, subject_id: str) -> Chance | None:
        """One subject's chance beside the threshold, at risk or not; None when the snapshot does not hold it."""


class Explainer(Protocol):
    """Answers "why me, why not me"."""

    def explain(
        self, unit: "Unit", subject_id: str, *, as_of: date, procedures: Sequence[str] | None = None
    ) -> Explanation:
        """Why these procedures (all without any) are, or are not, offered to a subject on a day, and what became of
        it. Raises NotFound for a subject that no register knows then, and for an unknown procedure."""


class Channel(Protocol):
    """One way to reach a person. `name` is the file's name.

    `transactional`: sending is nothing but rows in the unit's transaction (the portal inbox), so that messages go
    out in batches; any other channel reaches outside, one leased message at a time.
    """

    name: str
    transactional: bool

    def send(self, notification_id: str, notification: Notification, unit: "Unit", *, now: datetime) -> None:
        """Deliver once for this id; raises Later or Never."""


@dataclass(frozen=True)
class Claimed:
    """A message a worker holds under a lease, with its database id and how often it was tried."""

    id: str
    notification: Notification
    attempts: int


class Reach(NamedTuple):
    """Of one procedure: people eligible, those reached in time, and those whose time had passed before we began.

    The last day in time is the offer's deadline; where it has none, 30 days after one became eligible: after the event
    happened, the date was due, or (predicted) was found. Reached: told by then, and before having done it. Overdue:
    the last day lies before the first detection ever; nobody could have told them in time, so they are not eligible.
    """

    eligible: int
    reached: int
    overdue: int = 0


@dataclass(frozen=True)
class Settlement:
    """What became of a claimed message, and every stop rule's outcome; `until` when it was postponed (waiting)."""

    id: str
    state: NotificationState
    stops: Sequence[Mapping[str, Any]]
    until: datetime | None = None


class Unit(Protocol):
    """One transaction on the ledger: state, outbox and audit commit together, or not at all."""

    # occasions and offers
    def add_occasion(self, detection: Detection, *, now: datetime) -> Occasion | None:
        """Store a new occasion; None when (subject, milestone, anchor) is known, or, for a predicted
        milestone, when `Detection.active_until` of an earlier occasion has not passed (cooldown)."""

    def add_occasions(self, detections: Sequence[Detection], *, now: datetime) -> Sequence[Occasion | None]:
        """`add_occasion` for many in a few statements; the answers stand in the order of `detections`."""

    def add_recommendations(self, occasion: Occasion, items: Sequence[Recommendation]) -> None:
        """Store an occasion's offers; a procedure it already offers is left as it is."""

    def add_offers(self, offers: Sequence[tuple[Occasion, Sequence[Recommendation]]]) -> None:
        """`add_recommendations` for many occasions in a few statements."""

    def cancel_occasion(self, subject_id: str, milestone: str, anchor: str, *, reason: str, now: datetime) -> None:
        """Close an occasion whose anchor was annulled or corrected: its unsent messages are cancelled in this
        transaction; for each one already delivered a correction notice is enqueued and a case opened."""

    def open_anchors(self, milestone: str, subject_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Anchors of the open occasions of these subjects for a registered milestone: {subject_id: [anchor]}."""

    def unsent(self, milestones: Collection[str], subject_ids: Sequence[str]) -> Sequence[tuple[str, str, str]]:
        """(subject, milestone, anchor) of the open occasions of these subjects that a message waits to tell of."""

    def drop_unsent(self, keys: Sequence[tuple[str, str, str]], *, reason: str, now: datetime) -> int:
        """Cancel the waiting messages of these occasions, whose conditions no longer hold; how many there were. The
        occasions stay: what was told of them was true."""

    # outbox
    def enqueue(self, notification: Notification) -> bool:
        """Put a message in the outbox; False when its key is known."""

    def enqueue_all(self, notifications: Sequence[Notification]) -> Sequence[bool]:
        """`enqueue` for many in a few statements; the answers stand in the order given."""

    def claim(self, channel: str, *, now: datetime, lease: timedelta, limit: int) -> Sequence[Claimed]:
        """Lease waiting messages that are due (`not_before` <= now), oldest first, skipping locked rows.

        A message whose lease has expired is claimed again. Each claim counts as an attempt.
        """

    def hold(self, claimed: Claimed, *, now: datetime) -> bool:
        """Lock a message claimed in an earlier transaction; False when somebody else has it, or had it since."""

    def settle(
        self, notification_id: str, state: NotificationState, *, stops: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        """Move a claimed message to a final state, storing every stop rule's outcome. Raises Conflict when it is
        final already."""

    def postpone(
        self, notification_id: str, *, until: datetime, stops: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        """Give a claimed message back, not to be sent before `until`."""

    def settle_all(self, settlements: Sequence[Settlement], *, now: datetime) -> None:
        """`settle` and `postpone` for many in one statement. Raises Conflict when a message is final already."""

    def put_in_inbox(self, notification_id: str, notification: Notification, *, now: datetime) -> None:
        """Show the message in the recipient's portal inbox; once per message, however often it is called."""

    # what the stop rules need to know
    def standings(self, claimed: Sequence[Claimed], *, now: datetime) -> Mapping[str, Standing]:
        """All that the rules read, per message id, in a few statements. Until this transaction ends nobody else
        can tell the same recipients anything, and every stop that another commits waits for it."""

    def sent_since(self, recipient_id: str, since: datetime) -> int:
        """Messages without a statutory deadline delivered to a person since a moment (the budget of attention)."""

    def answers_on(self, occasion_id: str) -> Sequence[tuple[str, AnswerKind, datetime]]:
        """The latest answer per procedure of an occasion: (procedure, kind, at)."""

    def is_dead(self, subject_id: str) -> bool:
        """Has any register reported this subject's death, by what the service has been told so far?"""

    def mark_dead(self, subject_ids: Iterable[str], *, now: datetime) -> None:
        """Remember deaths that the sweep or the live path saw."""

    def is_switched_off(self, milestone: str, channel: str) -> bool:
        """Kill switch: has someone stopped this milestone on this channel?"""

    def switch(self, milestone: str, channel: str, *, off: bool, who: str, reason: str, now: datetime) -> None:
        """Set the kill switch of a milestone on a channel; also writes who and why to the audit log."""

    def is_silenced(self, subject_id: str, milestone: str, *, now: datetime) -> bool:
        """Did the person refuse the milestone (every offer of the occasion answered last), or say it is wrong and
        the case is still open?"""

    def may_use(self, subject_id: str, purpose: str, channel: str) -> bool:
        """Has the person allowed this purpose on this channel? Unanswered: the portal inbox yes, others no."""

    def set_consent(self, subject_id: str, purpose: str, channel: str, *, allowed: bool, now: datetime) -> None:
        """The person's choice for a purpose on a channel; the latest counts."""

    def guardians(self, subject_id: str, *, on: date) -> Sequence[str]:
        """Who may be told things in place of this subject on a day."""

    def set_guardians(self, subject_id: str, guardians: Sequence[tuple[str, date, date | None]]) -> None:
        """Replace a subject's guardians: (guardian, valid from, valid to or None)."""

    def set_all_guardians(self, guardians: Mapping[str, Sequence[tuple[str, date, date | None]]]) -> None:
        """`set_guardians` for many subjects in a few statements."""

    def represented_by(self, guardian_id: str, *, on: date) -> Sequence[str]:
        """The subjects that this person may be told things for, and answer for, on a day."""

    # live intake
    def accept(self, submission: Submission, rows: LiveRows, *, now: datetime) -> bool:
        """Keep a submission until it is reacted to; False when the very same was kept before. Raises Conflict when
        its source and id were used for something else."""

    def accept_all(
        self, submissions: Sequence[tuple[Submission, LiveRows]], *, actor: str, now: datetime
    ) -> Sequence[Taken]:
        """`accept` for many in a few statements, audited as `actor`; the answers stand in the order given. A conflict
        keeps nothing of its own submission and does not touch the others."""

    def take_submissions(self, limit: int) -> Sequence[Received]:
        """The oldest waiting submissions, locked until this transaction ends; those locked elsewhere are skipped."""

    def settle_submission(
        self, submission: Submission, state: SubmissionState, *, reason: str | None = None, now: datetime
    ) -> None:
        """Say that the reaction is done, or why it was parked."""

    def hold_subjects(self, subject_ids: Collection[str]) -> None:
        """Until this transaction ends, no other reaction looks at these subjects: the one that waits sees what this
        one stored."""

    def wake_parked(self, subject_ids: Collection[str], *, now: datetime) -> int:
        """Let the parked submissions about these subjects wait again, now that a register has made them known; how
        many there were."""

    def received(self, source: str, id: str) -> Received:
        """One submission and where it stands. Raises NotFound."""

    def live_rows(self, subject_ids: Collection[str]) -> LiveRows:
        """The rows of these subjects that came in live and are not in the lake yet, kin events among them."""

    def naming(self, subject_ids: Collection[str]) -> Collection[str]:
        """The subjects whose live relations name one of these as their relative."""

    def keep_kin(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep kin events beside the rows they follow from; one that is known is replaced and gets a new place. A row
        without `event` says that the kin event of its `event_id` follows no longer (`GONE` among the live rows)."""

    def all_live_rows(self) -> Sequence[LiveRow]:
        """Every live row, by place: what compaction takes to the lake (those derived are derived there anew)."""

    def forget_live_rows(self, places: Collection[int]) -> None:
        """Drop the live rows at these places: they are in the lake now, or the lake has derived them itself."""

    # cases
    def open_case(
        self, kind: CaseKind, occasion_id: str, subject_id: str, milestone: str, *, reason: str, now: datetime
    ) -> str:
        """Open a case, or return the id of the one of this kind that is already open for the occasion."""

    def cases(self, *, subject_id: str | None = None, settled: bool = False) -> Sequence[CaseFile]:
        """Open (or settled) cases, oldest first."""

    def settle_case(self, case_id: str, *, outcome: str, by: str, now: datetime) -> CaseFile:
        """Close a case with its outcome. Raises NotFound, or Conflict when it is settled already."""

    # what a person sees and says
    def inbox(self, recipient_id: str) -> Sequence[InboxItem]:
        """A person's messages, newest first."""

    def mark_read(self, item_id: str, recipient_id: str, *, now: datetime) -> None:
        """The person opened a message. Raises NotFound when it is not theirs."""

    def offers(self, subject_id: str) -> Sequence[Offer]:
        """All offers of a subject, by occasion (newest first) and rank, with the latest answer."""

    def offer(self, offer_id: str, subject_id: str) -> Offer:
        """One offer. Raises NotFound when absent or another subject's: the two look the same."""

    def answer(
        self, offer_id: str, subject_id: str, kind: AnswerKind, *, note: str | None, until: date | None, now: datetime
    ) -> Offer:
        """Record an answer (`until` for `later`); `wrong` opens a case and silences the milestone until it is
        settled; `taken_back` reopens an offer that was answered `not_for_me`. Raises NotFound or Conflict."""

    # what became of a subject, to be explained
    def occasions_of(self, subject_id: str) -> Sequence[OccasionRow]:
        """Every occasion of a subject, newest first, its detection as it was stored."""

    def messages_of(self, subject_id: str) -> Sequence[MessageRow]:
        """The messages on a subject's occasions, whoever they went to, newest first. One that tells of twins
        together belongs to the twin it was written for."""

    # figures
    def save_report(self, name: str, body: Mapping[str, Any], *, now: datetime) -> None:
        """Keep the newest report of a name (coverage, sweep, model, backtest...)."""

    def report(self, name: str) -> Mapping[str, Any] | None:
        """The newest report of a name, with `saved_at`."""

    def counts(self) -> Mapping[str, int]:
        """Rows by kind: occasions per milestone (`occasions.<id>`), recommendations, notifications per state
        (`notifications.<state>`), answers per kind (`answers.<kind>`)."""

    def reach(self) -> Mapping[str, Reach]:
        """Per procedure with an open, surely eligible offer: how many people it reached in time."""

    def offered(self) -> Mapping[tuple[str, str], int]:
        """The eligible people of `reach` by (milestone, procedure)."""

    def began(self) -> date | None:
        """The day (UTC) of the first detection ever; None before it."""

    def told(self) -> Sequence[Told]:
        """Every delivered notice of a milestone, corrections aside: what an audit looks at."""

    def keep_reviews(self, reviews: Sequence[Review]) -> None:
        """Keep what people found of delivered notices, also in the audit log; a newer review of a notice replaces
        the older. Raises NotFound for a notice that was not delivered; then nothing is kept."""

    def reviews(self) -> Sequence[Review]:
        """The latest review of every reviewed notice, by notice."""

    # audit
    def audit(
        self, actor: str, action: str, subject_id: str | None, detail: Mapping[str, Any], *, now: datetime
    ) -> None:
        """Append to the hash-chained audit log, in this transaction."""


class QuarantineDesk(Protocol):
    """What the owner of quarantined rows needs; `registers/desk.py` is the one over the lake."""

    def rows(
        self,
        *,
        registers: Collection[str] | None,
        reason: str | None,
        month: date | None,
        state: str,
        limit: int,
        offset: int,
    ) -> QuarantinePage:
        """Rows by registers, reason and month of recording; state is open, released or all."""

    def row(self, item_id: str) -> Quarantined:
        """One row. Raises NotFound."""

    def release(self, item_id: str, corrections: Mapping[str, str | None], *, who: str, at: datetime) -> Quarantined:
        """Send a row, corrected, through the gate again. Raises NotFound, Refused, Conflict, Unavailable."""


class Ledger(Protocol):
    """The service's own database."""

    def begin(self) -> AbstractContextManager[Unit]:
        """A transaction: commits at the end of the block, rolls back when it raises."""
