"""A country pack as a value: everything that belongs to one country."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from lifeevents.domain.calendar import WorkCalendar
from lifeevents.domain.chain import Chain
from lifeevents.domain.forecast import Forecasting
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.law import DateCase, LawTable
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import AttributeType, EventType, Register, RelativeFact, SubjectKind, Text
from lifeevents.domain.script import Script


class AgeBand(Frozen):
    """People born from `born_from` (inclusive) to `born_to` (exclusive; open when empty) reach it at `months`."""

    born_from: date
    born_to: date | None = None
    months: int = Field(gt=0)


class DateRule(Frozen):
    """A date that law gives, as one of three operators over features; `docs/packs.md` shows one of each.

    age_table:    birth date + the months of the band for the person's sex and birth month.
    anniversary:  birth date + `period` (or the first of several `ages`, in years, still ahead).
    period_after: the date feature `after` + `period`.
    `then` may move the result to the first day of the next month, or `in_year` (month and day, `09-01`) to that day
    of the same calendar year; never both. Outside a table's bands the date is unknown. `cases` are checkpoints that the
    rule must meet; by `review_by` somebody looks at the law again.
    """

    id: str
    operator: Literal["age_table", "anniversary", "period_after"]
    subject: SubjectKind = "person"
    title: Text
    table: Mapping[Literal["M", "F"], tuple[AgeBand, ...]] = Field(default_factory=dict)
    ages: tuple[int, ...] = ()
    after: str | None = None
    period: str | None = None
    then: Literal["first_of_next_month"] | None = None
    in_year: str | None = None
    law: tuple[str, ...]
    source: str
    verified: bool = False
    review_by: date | None = None
    cases: tuple[DateCase, ...] = ()

    @model_validator(mode="after")
    def _moves_to_a_day_of_every_year(self) -> "DateRule":
        if self.in_year is None:
            return self
        if self.then is not None:
            raise ValueError('"then" and "in_year" both move the date; keep one of the two.')
        try:
            date.fromisoformat(f"2001-{self.in_year}")
        except ValueError:
            raise ValueError(
                f'in_year: "{self.in_year}" is not a day of every year. Write month and day, like "09-01".'
            ) from None
        return self


class Representation(Frozen):
    """Who is told in a subject's place: those `when` holds for are told through the first living relative `by`.

    `about` says in the message whom it speaks of ("This is about your child, born on {born_on}.").
    """

    when: str
    by: tuple[str, ...] = Field(min_length=1)
    about: Text
    law: tuple[str, ...] = ()


class Pack(Frozen):
    """One country: registers, dated law, milestones, procedures, forecasts for areas, calendar and words.

    `representatives` are asked in order; a subject that none of them speaks of is told itself. `country` is the
    ISO 3166-1 alpha-3 code.
    """

    id: str
    title: Text
    zone: str
    country: str | None = None
    languages: tuple[str, ...]
    budget_per_week: int = Field(ge=1)
    contact: Text
    representatives: tuple[Representation, ...] = ()
    calendar: WorkCalendar
    registers: dict[str, Register]
    law: dict[str, DateRule]
    tables: dict[str, LawTable] = Field(default_factory=dict)
    milestones: dict[str, Milestone]
    procedures: dict[str, Procedure]
    chains: dict[str, Chain] = Field(default_factory=dict)
    stories: dict[str, Script] = Field(default_factory=dict)
    forecasts: dict[str, Forecasting] = Field(default_factory=dict)
    words: dict[str, dict[str, str]]

    @cached_property
    def tz(self) -> ZoneInfo:
        """The country's time zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """The event and attribute types of all registers, kin events included."""
        return Vocabulary.of(self.registers, self.law, self.calendar.feasts)

    def offers(self, milestone_id: str) -> tuple[Procedure, ...]:
        """The procedures offered on a milestone: those it names, in its order, then those that name it."""
        named = self.milestones[milestone_id].procedures
        answering = [p.id for p in self.procedures.values() if milestone_id in p.answers]
        return tuple(self.procedures[i] for i in (*named, *sorted(answering)))

    def shows_due(self, milestone_id: str) -> bool:
        """May people see the due date? Not where a law that nobody has checked gives it."""
        milestone = self.milestones.get(milestone_id)
        rule = self.law.get(milestone.due or "") if milestone else None
        return rule is None or rule.verified


class KinEvent(Frozen):
    """An event that a relative has because of another's: `child_birth` of a mother, from a `birth`."""

    source: str
    role: str


class Vocabulary(Frozen):
    """What may appear in the lake: event types (with the kin events derived from them) and attribute types.

    `registers` maps each event, attribute and relation name to the register that delivers it (the first that does).
    `relatives` are the facts of relatives that may be counted, `feasts` the calendar's. `lags` say of each register how
    long a fact may take to be recorded.
    """

    events: dict[str, EventType]
    attributes: dict[str, AttributeType]
    relations: tuple[str, ...]
    registers: dict[str, str]
    denied_relations: frozenset[str] = frozenset()
    kin: dict[str, tuple[KinEvent, ...]] = Field(default_factory=dict)
    law: dict[str, DateRule] = Field(default_factory=dict)
    relatives: dict[str, RelativeFact] = Field(default_factory=dict)
    feasts: dict[str, tuple[date, ...]] = Field(default_factory=dict)
    lags: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def of(
        cls,
        registers: Mapping[str, Register],
        law: Mapping[str, DateRule],
        feasts: Mapping[str, tuple[date, ...]] | None = None,
    ) -> "Vocabulary":
        """Gather the vocabularies of all registers; a kin event's subject is a person."""
        events: dict[str, EventType] = {}
        attributes: dict[str, AttributeType] = {}
        relations: dict[str, None] = {}
        owner: dict[str, str] = {}
        kin: dict[str, tuple[KinEvent, ...]] = {}
        for register in registers.values():
            for name, event in register.events.items():
                events[name] = event
                owner[name] = register.id
                for role, derived in event.kin.items():
                    kin[derived] = (*kin.get(derived, ()), KinEvent(source=name, role=role))
                    events[derived] = EventType(
                        title=event.title,
                        sensitivity=event.sensitivity,
                        payload=event.payload,
                        detectors=event.detectors,
                    )
                    owner[derived] = register.id
            for name, attribute in register.attributes.items():
                attributes[name] = attribute
                owner[name] = register.id
            relations |= dict.fromkeys(register.relations)
            for name in register.relations:
                owner.setdefault(name, register.id)
        return cls(
            events=events,
            attributes=attributes,
            relations=tuple(relations),
            registers=owner,
            denied_relations=frozenset(name for one in registers.values() for name in one.denied_relations),
            kin=kin,
            law=dict(law),
            relatives={name: fact for one in registers.values() for name, fact in one.relatives.items()},
            feasts=dict(feasts or {}),
            lags={one.id: one.expected_lag for one in registers.values() if one.delivers},
        )

    def is_loss(self, event: str | None) -> bool:
        """Is this event, for the one it happens to, the death (or closure) of a relative?"""
        return any(self.events[kin.source].means == "death" for kin in self.kin.get(event or "", ()))

    def is_sensitive(self, event: str) -> bool:
        """Is this event sensitive, or the one of a relative that it comes from?"""
        sources = (event, *(kin.source for kin in self.kin.get(event, ())))
        return any(self.events[name].sensitivity == "sensitive" for name in sources if name in self.events)

    @property
    def residence(self) -> str | None:
        """The attribute that says in which province a person lives."""
        return next((name for name, one in self.attributes.items() if one.means == "residence"), None)

    @property
    def deaths(self) -> tuple[str, ...]:
        """The event types that mean a subject is no longer alive (or a business is closed)."""
        return tuple(name for name, event in self.events.items() if event.means == "death")
