"""A public service (CPSV-AP `PublicService`): who may have it, by when, with which papers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import Field, model_validator

from lifeevents.domain.calendar import WorkCalendar
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import SubjectKind, Text

Level = Literal["commune", "province", "ministry", "facility"]
Proactivity = Literal["L0", "L1", "L2", "L3", "L4"]


class Need(Frozen):
    """A document or datum that the procedure requires (CCCEV `InformationConcept`), and the register holding it.

    `feature` is the fact that fills it in; a need without one must be brought by the person.
    """

    id: str
    title: Text
    register_id: str | None = Field(default=None, alias="register")
    feature: str | None = None


class Deadline(Frozen):
    """A last day: `period` from the date fact `after`, counted in calendar or working days.

    Only a `verified` deadline is ever shown as a date.
    """

    after: str
    period: str
    count: Literal["calendar", "working"] = "calendar"
    kind: Literal["statutory", "entitlement", "duty", "reminder"] = "statutory"
    law: str
    verified: bool = False


class Processing(Frozen):
    """How long the office may take, from a complete file; shown only when verified.

    The day it counts from is the working day on which the file is received, which from the calendar's `cutoff` on is
    the next one: `days: 0` in working days is "the same day, or the next working day after three o'clock". Where the
    office has to check something first, it takes `checked` days instead.
    """

    days: int = Field(ge=0)
    checked: int | None = None
    count: Literal["calendar", "working"] = "working"
    verified: bool = False

    @model_validator(mode="after")
    def _checking_takes_longer(self) -> "Processing":
        if self.checked is not None and self.checked <= self.days:
            raise ValueError(f"checked: {self.checked} days are not more than the {self.days} without a check.")
        return self

    def ready_by(self, received: datetime, calendar: WorkCalendar) -> date:
        """The last day on which the result is due for a complete file `received` at this local moment."""
        start = calendar.received_on(received)
        return calendar.add_working_days(start, self.days) if self.count == "working" else start + timedelta(self.days)


class Fee(Frozen):
    """What the person pays, in dong; shown only when verified."""

    vnd: int = Field(ge=0)
    verified: bool = False


State = Literal["verified", "read", "local", "memory", "not_found"]
CellName = Literal["code", "deadline", "processing", "fee", "who", "papers"]
Mode = Literal["auto", "auto_offer", "notify", "suggest", "suppress"]
SETTLED: frozenset[State] = frozenset({"verified", "read"})


class Cell(Frozen):
    """How sure one cell of the record is: what was gathered (`says`), and its `state`.

    verified:  a lawyer has compared it with the law;  read: seen in the source that the procedure names;
    local:     read for one province only;  memory: general knowledge;  not_found: looked for and missing.
    Only the first two let a deadline, a processing time or a fee be shown.
    """

    state: State
    says: str | None = None


class Code(Frozen):
    """A national procedure code and the days it is valid; codes repeat and change, so they are not the key."""

    code: str
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None


class Procedure(Frozen):
    """One public service, keyed by `id`; `codes` are national and dated.

    `who` is None while its rule is not written yet; such a procedure stands in the catalogue and is never offered.
    Where `cells` has a line for the deadline, processing or fee, that line alone decides whether it is verified.
    `mode` is how the state means to act on it: alone (`auto`), with a filled-in offer (`auto_offer`), by telling
    (`notify`), by proposing (`suggest`), or by asking for no such paper again (`suppress`). `produces` is the result.
    `unprompted` is the reason why the state does not start it (nothing shows who needs it, or to say so would hurt); it
    stands in place of a milestone, never beside one. `benefit` weighs what it gives a person (1 small to 5 large) when
    offers are ranked. By `review_by` somebody looks at the law again.
    """

    id: str
    title: Text
    subject: SubjectKind = "person"
    codes: tuple[Code, ...] = ()
    authority: Text
    office: Text
    level: Level
    portal_group: str | None = None
    essential: bool = False
    proactivity: Proactivity = "L0"
    mode: Mode | None = None
    who: str | None = None
    done_when: str | None = None
    needs: tuple[Need, ...] = ()
    deadline: Deadline | None = None
    entitlement_from: str | None = None
    processing: Processing | None = None
    fee: Fee | None = None
    produces: Text | None = None
    link: str | None = None
    law: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    unprompted: Text | None = None
    benefit: int = Field(default=3, ge=1, le=5)
    verified: bool = False
    review_by: date | None = None
    source: str | None = None
    cells: Mapping[CellName, Cell] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _cells_decide(cls, given: Any) -> Any:
        """Carry each cell's state to the value it speaks of; a second `verified` beside it is refused."""
        if not isinstance(given, Mapping) or not isinstance(given.get("cells"), Mapping):
            return given
        values = dict(given)
        for name in ("deadline", "processing", "fee"):
            cell, value = given["cells"].get(name), values.get(name)
            if not isinstance(cell, Mapping) or not isinstance(value, Mapping):
                continue
            if "verified" in value:
                raise ValueError(f'"{name}.verified" and "cells.{name}" say the same; keep the state in cells.')
            values[name] = {**value, "verified": cell.get("state") in SETTLED}
        return values

    def code_on(self, day: date) -> str | None:
        """The national code in force on `day`, if any is known."""
        for code in self.codes:
            if (code.valid_from is None or code.valid_from <= day) and (code.valid_to is None or day <= code.valid_to):
                return code.code
        return None
