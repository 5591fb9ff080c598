"""A public service (CPSV-AP `PublicService`): who may have it, by when, with which papers."""

from datetime import date
from typing import Literal

from pydantic import Field

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
    """How long the office may take, from a complete file; shown only when verified."""

    days: int = Field(ge=0)
    count: Literal["calendar", "working"] = "working"
    verified: bool = False


class Fee(Frozen):
    """What the person pays, in dong; shown only when verified."""

    vnd: int = Field(ge=0)
    verified: bool = False


class Code(Frozen):
    """A national procedure code and the days it is valid; codes repeat and change, so they are not the key."""

    code: str
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None


class Procedure(Frozen):
    """One public service, keyed by `id`; `codes` are national and dated.

    `who` is None while its rule is not written yet; such a procedure stands in the catalogue and is never offered.
    `benefit` weighs what it gives a person (1 small to 5 large) when offers are ranked.
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
    benefit: int = Field(default=3, ge=1, le=5)
    verified: bool = False
    source: str | None = None

    def code_on(self, day: date) -> str | None:
        """The national code in force on `day`, if any is known."""
        for code in self.codes:
            if (code.valid_from is None or code.valid_from <= day) and (code.valid_to is None or day <= code.valid_to):
                return code.code
        return None
