"""A script of the live story: which register reports what about whom. Content of a demonstration, one file each."""

from typing import Any, Literal

from pydantic import Field, model_validator

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import SubjectKind, Text

Role = Literal["person", "newcomer"]
"""The simulated person who was cast, or the subject that the event brings into the world (a child, a shop)."""


class Newcomer(Frozen):
    """A subject that no register knew before."""

    kind: SubjectKind
    sex: Literal["M", "F"] | None = None


class ScriptEvent(Frozen):
    """An event of one of the roles."""

    event: str
    of: Role
    payload: dict[str, Any] = Field(default_factory=dict)


class ScriptAttribute(Frozen):
    """A value that the register keeps from that day on."""

    name: str
    of: Role
    value: str


class ScriptRelation(Frozen):
    """`to` is the `relation` of `of`."""

    relation: str
    of: Role
    to: Role


class Script(Frozen):
    """What is registered, and who may play in it: `cast` is a rule over a person's features.

    It happened `days_ago`; the first event is the one that an annulment takes back.
    """

    id: str
    title: Text
    lead: Text
    register_id: str = Field(alias="register")
    cast: str
    days_ago: int = Field(default=3, ge=0, le=60)
    newcomer: Newcomer | None = None
    events: tuple[ScriptEvent, ...] = Field(min_length=1)
    attributes: tuple[ScriptAttribute, ...] = ()
    relations: tuple[ScriptRelation, ...] = ()

    @model_validator(mode="after")
    def _a_newcomer_is_announced(self) -> "Script":
        roles = {row.of for row in self.events} | {row.of for row in self.attributes}
        roles |= {role for row in self.relations for role in (row.of, row.to)}
        if ("newcomer" in roles) != (self.newcomer is not None):
            raise ValueError("rows of a newcomer, and `newcomer:` itself, come together or not at all.")
        return self
