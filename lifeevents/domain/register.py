"""What a register delivers: the contract's four relations and a register's own vocabulary."""

from typing import Literal

from pydantic import Field

from lifeevents.domain.frozen import Frozen

SubjectKind = Literal["person", "business"]
Precision = Literal["day", "month", "year", "wave"]
ValueType = Literal["flag", "integer", "number", "date", "category"]
Text = dict[str, str]
"""A text in the pack's languages: {"vi": ..., "en": ...}."""


class EventType(Frozen):
    """One kind of event that a register may deliver.

    `kin` names, for a relation of the subject (`mother`), the event that the same fact is for that relative
    (`child_birth`): a child's birth is an event of its mother. `means` gives the core the one meaning it must
    know in any country: that a subject is no longer alive (or, for a business, closed). `detectors: false` keeps the
    event, and all that is counted from it, out of every model (the deny-list: health detail).
    """

    subject: SubjectKind = "person"
    title: Text
    kin: dict[str, str] = Field(default_factory=dict)
    means: Literal["death"] | None = None
    sensitivity: Literal["ordinary", "sensitive"] = "ordinary"
    payload: dict[str, ValueType] = Field(default_factory=dict)
    detectors: bool = True


class AttributeType(Frozen):
    """One attribute that a register keeps current: its type, unit or code list.

    `detectors: false` keeps it out of every model (the deny-list: ethnicity, religion, nationality, health detail).
    """

    subject: SubjectKind = "person"
    title: Text
    type: ValueType
    unit: str | None = None
    codes: tuple[str, ...] | None = None
    detectors: bool = True


class Register(Frozen):
    """A register: who owns it and what it may deliver.

    `delivers: false` gathers what law asks for and no register delivers yet: such facts are always unknown, so a rule
    that reads one answers "ask" and the person is told what could not be checked.
    `writers` are the agencies that may submit to it live; empty: those whose own entry names the register.
    """

    id: str
    title: Text
    owner: Text
    law: tuple[str, ...] = ()
    delivers: bool = True
    writers: tuple[str, ...] = ()
    expected_lag: str = "P1D"
    events: dict[str, EventType] = Field(default_factory=dict)
    attributes: dict[str, AttributeType] = Field(default_factory=dict)
    relations: tuple[str, ...] = ()
