"""What a register submits the moment it happens: one or more rows of the contract, under one id.

The rows are those of a bulk delivery (`lifeevents.registers.contract`), typed; whichever way they come, they end in
the same lake.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import Precision, SubjectKind

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:@+-]{0,127}$")]
"""A pseudonym or an event id."""


class Subject(Frozen):
    """A person or a business that the register makes known. `born_on` of a business is its start."""

    subject_id: Id
    kind: SubjectKind
    sex: Literal["M", "F"] | None = None
    born_on: date | None = None
    precision: Precision = "day"
    obs_from: date


class Event(Frozen):
    """Something that happened to a subject. `corrects` replaces an earlier row, `annuls` takes one back."""

    event_id: Id
    subject_id: Id
    event: str
    occurred_on: date
    precision: Precision = "day"
    payload: dict[str, Any] = Field(default_factory=dict)
    corrects: Id | None = None
    annuls: Id | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> "Event":
        if self.corrects and self.annuls:
            raise ValueError("a row corrects another or annuls one, not both.")
        return self


class Attribute(Frozen):
    """A current value of a subject, as text, valid from a day on."""

    subject_id: Id
    name: str
    value: str
    valid_from: date
    valid_to: date | None = None


class Relation(Frozen):
    """`related_id` is the `relation` of `subject_id`."""

    subject_id: Id
    related_id: Id
    relation: str
    valid_from: date
    valid_to: date | None = None


class Submission(Frozen):
    """What one register knew at one moment. `source` and `id` together name it for ever (CloudEvents 1.0)."""

    source: str = Field(min_length=1, max_length=200)
    id: str = Field(min_length=1, max_length=200)
    register_id: str
    recorded_at: AwareDatetime
    subjects: tuple[Subject, ...] = ()
    events: tuple[Event, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    relations: tuple[Relation, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Submission":
        if not (self.subjects or self.events or self.attributes or self.relations):
            raise ValueError("a submission holds at least one row.")
        return self

    @property
    def concerns(self) -> frozenset[str]:
        """The subjects whose rows these are."""
        rows: tuple[Subject | Event | Attribute | Relation, ...]
        rows = (*self.subjects, *self.events, *self.attributes, *self.relations)
        return frozenset(row.subject_id for row in rows)


class SubmissionState(StrEnum):
    """Waiting for the reaction, done, or parked with a reason. Parked ones go back to their register's owner."""

    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class Taken(StrEnum):
    """What became of a submission at the door: kept now, kept before, or its name was used for something else."""

    ACCEPTED = "accepted"
    KNOWN = "known"
    CONFLICT = "conflict"


class Received(Frozen):
    """A submission as it lies in the intake."""

    submission: Submission
    received_at: datetime
    state: SubmissionState
    reacted_at: datetime | None = None
    reason: str | None = None
