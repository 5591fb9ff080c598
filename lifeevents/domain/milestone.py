"""A milestone of a life: when it is due, for whom, and in which words."""

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import SubjectKind, Text

Kind = Literal["registered", "due", "predicted"]
Sensitivity = Literal["ordinary", "sensitive"]


class MilestoneText(Frozen):
    """What a person reads: a title, why they are told, and a neutral line for outside the portal."""

    title: Text
    why: Text
    notice: Text | None = None


class Alternative(Frozen):
    """A procedure of a milestone that would cost the person a right: what it `loses`, and what to `consider` first."""

    procedure: str
    consider: str
    loses: Text


class Case(Frozen):
    """An example that runs as a test: the facts given on a day, and the anchor date expected (or none).

    `expect` is a date (active, with that due date), `true` (active), or `null` (not active).
    """

    name: str
    given: dict[str, Any]
    event: dict[str, Any] = Field(default_factory=dict)
    as_of: date
    expect: date | bool | None


class Milestone(Frozen):
    """One milestone, as its YAML file says it (see docs/packs.md).

    registered: `on` an event type, active `within` a period of its recording, told after `settle`.
    due:        `due` a date feature, active from due - `lead` to due + `until`.
    predicted:  `outcome` an event type, for those `at_risk`, within `horizon`, at the threshold that holds
                `precision_floor`; a new occasion only after `cooldown`. With `lacking` the chance is that the outcome
                does *not* come: someone likely needs help. `after`: only those of whom this event was recorded
                `within` a period. `monotone`: feature -> the direction in which it may move the outcome's chance.
                `uneven`: view (sex, age, province, place, disability) -> why its groups are not reached alike.
    """

    id: str
    kind: Kind
    subject: SubjectKind = "person"
    on: str | None = None
    within: str = "P90D"
    settle: str = "P0D"
    due: str | None = None
    lead: str = "P6M"
    until: str = "P12M"
    outcome: str | None = None
    at_risk: str | None = None
    after: str | None = None
    lacking: bool = False
    monotone: dict[str, Literal["rising", "falling"]] = Field(default_factory=dict)
    uneven: dict[Literal["sex", "age", "province", "place", "disability"], str] = Field(default_factory=dict)
    horizon: str = "P12M"
    precision_floor: float = Field(default=0.1, gt=0, lt=1)
    cooldown: str = "P12M"
    when: str | None = None
    sensitivity: Sensitivity = "ordinary"
    law: tuple[str, ...] = ()
    life_event: str | None = None
    verified: bool = False
    procedures: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    text: MilestoneText
    cases: tuple[Case, ...]

    @model_validator(mode="after")
    def _belongs_to_its_kind(self) -> "Milestone":
        needed = {"registered": ("on",), "due": ("due",), "predicted": ("outcome", "at_risk")}[self.kind]
        for field in ("on", "due", "outcome", "at_risk"):
            given = getattr(self, field) is not None
            if given and field not in needed:
                raise ValueError(f'"{field}" belongs to another kind; a {self.kind} milestone has no such field.')
            if not given and field in needed:
                raise ValueError(f'a {self.kind} milestone needs "{field}".')
        for field in ("after", "lacking", "monotone", "uneven"):
            if getattr(self, field) and self.kind != "predicted":
                raise ValueError(f'"{field}" belongs to a predicted milestone, and this one is {self.kind}.')
        if self.kind == "predicted" and self.sensitivity == "sensitive":
            raise ValueError("a sensitive milestone is never predicted for a person (docs/guards.md, rule 2).")
        if not self.cases:
            raise ValueError("a milestone brings at least one case, which runs as its test.")
        return self
