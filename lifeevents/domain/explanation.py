"""Why a subject is offered a procedure on a day, or why not: the terms that decide, and what would change them.

An explanation only helps: it says what is known, since when and by which register, what could not be checked, and
what is still missing. It never refuses anyone anything.
"""

from datetime import date, datetime
from typing import Literal

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.milestone import Kind
from lifeevents.domain.occasion import AnswerKind, Fact, FactValue, NotificationState, Verdict
from lifeevents.domain.register import SubjectKind

Comparator = Literal[
    "at_least", "at_most", "more_than", "less_than", "equal", "other_than", "one_of", "none_of", "known", "unknown"
]
Outlook = Literal["offered", "ask", "not_now", "passed", "not_yours", "no_milestone"]
"""offered: active, and theirs. ask: something could not be checked. not_now: time, an event or a growing number is
still missing. passed: a day that comes once in a life lies behind. not_yours: not theirs as things stand. no_milestone:
nothing leads to the procedure by itself yet."""
TriggerState = Literal["active", "ahead", "past", "absent", "unknown", "below", "silent", "not_asked", "ended"]
"""active; ahead: its first day lies in the future; past; absent: no such event; unknown: the date is not known;
below: the chance is under the threshold; silent: no chance is known; not_asked: not among those at risk; ended:
the subject is reported as no longer alive (of a business: closed)."""


class Need(Frozen):
    """One thing a fact must be. `values` are the bounds or choices (none for known and unknown); `like` is the
    fact whose value the bound is, where a rule compares two facts."""

    comparator: Comparator
    values: tuple[FactValue, ...] = ()
    like: str | None = None


class Change(Frozen):
    """What one fact must be for a term to say yes, all `needs` together; `now` is what it is.

    `from_day`: time alone makes it so from this day on. `until_day`: time alone ends it after this day.
    """

    name: str
    now: FactValue
    needs: tuple[Need, ...]
    from_day: date | None = None
    until_day: date | None = None


class Reason(Frozen):
    """One `and`-term of a rule as it was answered, with its facts, each with its register and the day it is as of.

    `grounds` say what holds a "yes"; `changes` are the smallest changes of one fact that would turn "no" or "ask"
    into "yes" (none where two facts would have to change together).
    """

    text: str
    answer: Verdict
    facts: tuple[Fact, ...] = ()
    grounds: tuple[Change, ...] = ()
    changes: tuple[Change, ...] = ()


class Source(Frozen):
    """Where a fact about a subject comes from: its register, the day since when that says so (a value in force, the
    last such event), and the day up to which the register has delivered ("nothing on record" is as of it)."""

    register_id: str | None = None
    since: date | None = None
    delivered_on: date | None = None


class EventSeen(Frozen):
    """An event on record that a milestone waits for: it is told about from `settled_at` to `active_until`."""

    event_id: str
    event: str
    occurred_on: date
    recorded_on: date
    register_id: str | None
    settled_at: datetime
    active_until: date


class Chance(Frozen):
    """A model's chance against the threshold it speaks from; `value` is None where it abstains, `threshold` where
    it speaks to nobody. `version` names the model, `as_of` the day it was asked about."""

    value: float | None
    threshold: float | None
    version: str
    as_of: date
    why: tuple[Fact, ...] = ()


class Trigger(Frozen):
    """What starts a milestone, and whether it has.

    registered: `event` is the newest event of the right type, `events` how many there are. due: `due` is the date,
    and the milestone is active from `from_day` to `until_day`; `once` says that law reckons it from the birth, so
    that it does not come again. predicted: `chance`.
    """

    kind: Kind
    state: TriggerState
    waits_for: str
    due: Fact | None = None
    from_day: date | None = None
    until_day: date | None = None
    once: bool = False
    event: EventSeen | None = None
    events: int = 0
    source: Fact | None = None
    chance: Chance | None = None


class MessageFate(Frozen):
    """One message on an occasion: where it stands, and the stop rule that holds or stopped it, with its reason."""

    state: NotificationState
    settled_at: datetime | None
    not_before: datetime
    recipient_id: str
    purpose: str
    rule: str | None = None
    reason: str | None = None


class Fate(Frozen):
    """What became of a milestone's occasion: detected when and by what, the messages, what the person answered."""

    occasion_id: str
    detected_at: datetime
    detector: str
    probability: float
    state: Literal["open", "cancelled"]
    closed_reason: str | None = None
    messages: tuple[MessageFate, ...] = ()
    offered: bool = False
    answer: AnswerKind | None = None
    answered_at: datetime | None = None
    until: date | None = None


class Way(Frozen):
    """One milestone that leads to the procedure: its trigger, its rule, and the procedure's own rule.

    `done` are the terms that say the subject has it already (empty unless all of them say so). `opens_on` is the
    day from which time alone makes it an offer, where that is known.
    """

    milestone: str
    outlook: Outlook
    trigger: Trigger
    when: tuple[Reason, ...] = ()
    who: tuple[Reason, ...] = ()
    done: tuple[Reason, ...] = ()
    opens_on: date | None = None
    fates: tuple[Fate, ...] = ()


class ProcedureExplained(Frozen):
    """A procedure's outlook, and the milestones that lead to it, the most hopeful first."""

    procedure: str
    outlook: Outlook
    ways: tuple[Way, ...] = ()


class Explanation(Frozen):
    """Everything about one subject on one day, as the registers knew it at the end of that day.

    `told_through` are the relations of those who are told in its place, in the order in which they are asked, and
    `recipient_id` the one who is (None: nobody can be).
    """

    subject_id: str
    kind: SubjectKind
    as_of: date
    alive: bool
    told_through: tuple[str, ...] = ()
    recipient_id: str | None = None
    recipient_is: str | None = None
    procedures: tuple[ProcedureExplained, ...] = ()
