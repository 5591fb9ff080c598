"""What a register delivers: the contract's four relations and a register's own vocabulary."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import did_you_mean
from lifeevents.domain.frozen import Frozen

SubjectKind = Literal["person", "business"]
Precision = Literal["day", "month", "year", "wave"]
ValueType = Literal["flag", "integer", "number", "date", "category"]
Sensitivity = Literal["ordinary", "sensitive"]
Text = dict[str, str]
"""A text in the pack's languages: {"vi": ..., "en": ...}."""


class EventType(Frozen):
    """One kind of event that a register may deliver.

    `kin` names, for a relation of the subject (`mother`), the event that the same fact is for that relative
    (`child_birth`): a child's birth is an event of its mother. `means` gives the core the one meaning it must
    know in any country: that a subject came to be, or is no longer alive (or, for a business, opened and closed).
    `detectors: false` keeps the event, and all that is counted from it, out of every model (the deny-list: health
    detail).

    What the register promises with it, and quality measures: `required` are payload fields that are always filled,
    `companions` the relations of the subject that come with it, and `expected_after` the event of another register
    after which this one must come within this register's expected lag.
    """

    subject: SubjectKind = "person"
    title: Text
    kin: dict[str, str] = Field(default_factory=dict)
    means: Literal["birth", "death"] | None = None
    sensitivity: Sensitivity = "ordinary"
    payload: dict[str, ValueType] = Field(default_factory=dict)
    detectors: bool = True
    required: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    expected_after: str | None = None

    @model_validator(mode="after")
    def _requires_its_own_fields(self) -> "EventType":
        for name in self.required:
            if name not in self.payload:
                near = did_you_mean(name, self.payload)
                raise ValueError(f'required: the payload has no field "{name}".{near}')
        return self


class AttributeType(Frozen):
    """One attribute that a register keeps current: its type, unit or code list.

    `detectors: false` keeps it out of every model (the deny-list: ethnicity, religion, nationality, health detail).
    `means: residence` marks the one attribute that says in which province a person lives.
    """

    subject: SubjectKind = "person"
    title: Text
    type: ValueType
    unit: str | None = None
    codes: tuple[str, ...] | None = None
    means: Literal["residence"] | None = None
    sensitivity: Sensitivity = "ordinary"
    detectors: bool = True

    @model_validator(mode="after")
    def _counts_something_or_has_codes(self) -> "AttributeType":
        if self.codes is not None and self.type != "category":
            raise ValueError(f"codes belong to a category, and this is a {self.type}.")
        return self


class RelativeFact(Frozen):
    """What detectors may know of a subject's relatives: how many of each relation in `of` the fact holds for.

    It holds for a relative to whom `event` happened `within` a period, or happened more often than `ended_by` did.
    Only what is declared so is ever seen across a relation, and nothing sensitive or on the deny-list may be.
    """

    title: Text
    event: str
    ended_by: str | None = None
    within: str | None = None
    of: tuple[str, ...] = Field(min_length=1)

    @field_validator("within")
    @classmethod
    def _is_a_period(cls, text: str | None) -> str | None:
        if text is not None:
            Period.parse(text)
        return text

    @model_validator(mode="after")
    def _ends(self) -> "RelativeFact":
        if (self.ended_by is None) == (self.within is None):
            raise ValueError('a fact of relatives lasts until an event ("ended_by") or for a period ("within"): one.')
        return self


class Register(Frozen):
    """A register: who owns it and what it may deliver.

    `delivers: false` gathers what law asks for and no register delivers yet: such facts are always unknown, so a rule
    that reads one answers "ask" and the person is told what could not be checked. `expected_lag` is how long a fact may
    take to be recorded. `relation_sex` says which sex a relative has by the very word (a mother is F).
    `denied_relations` are kept out of every model, as `detectors: false` keeps an event.
    `relatives` are facts of relatives that detectors may count (features `count_{relation}_who_{fact}`).
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
    relation_sex: dict[str, Literal["M", "F"]] = Field(default_factory=dict)
    denied_relations: tuple[str, ...] = ()
    relatives: dict[str, RelativeFact] = Field(default_factory=dict)

    @field_validator("expected_lag")
    @classmethod
    def _is_a_period(cls, text: str) -> str:
        Period.parse(text)
        return text

    @model_validator(mode="after")
    def _speaks_of_its_own_relations(self) -> "Register":
        for where, names in [
            ("relation_sex", tuple(self.relation_sex)),
            ("denied_relations", self.denied_relations),
            *((f"events.{name}.companions", event.companions) for name, event in self.events.items()),
        ]:
            for name in names:
                if name not in self.relations:
                    near = did_you_mean(name, self.relations)
                    raise ValueError(f'{where}: the register delivers no relation "{name}".{near}')
        return self
