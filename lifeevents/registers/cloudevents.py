"""A register's rows as a CloudEvent 1.0: the envelope names the submission, `data` holds its rows.

The profile is narrower than the specification: `time` and `data` are required, `data` is JSON, and attributes that the
specification does not name are refused (a misspelt one would otherwise be lost without a word), except the trace
context, which is accepted and not kept.
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, field_validator, model_validator

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.submission import Attribute, Event, Relation, Subject, Submission

NUL = "\x00"
Type = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Uri = Annotated[str, StringConstraints(pattern=r"^\S+$", max_length=200)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
EXAMPLE: dict[str, Any] = {
    "specversion": "1.0",
    "type": "vn.gov.moj.civil_status.birth_registered",
    "source": "urn:vn:moj:civil-status",
    "id": "2026-000123",
    "time": "2026-11-25T03:00:00Z",
    "subject": "s-91c2",
    "data": {
        "subjects": [
            {"subject_id": "s-91c2", "kind": "person", "sex": "F", "born_on": "2026-11-20", "obs_from": "2026-11-20"}
        ],
        "events": [
            {
                "event_id": "e-4471",
                "subject_id": "s-91c2",
                "event": "birth",
                "occurred_on": "2026-11-20",
                "payload": {"order": 1},
            }
        ],
        "relations": [
            {"subject_id": "s-91c2", "related_id": "s-7f3a", "relation": "mother", "valid_from": "2026-11-20"}
        ],
    },
}


class Rows(Frozen):
    """What the register knew at `time`: at least one row of the contract."""

    subjects: tuple[Subject, ...] = ()
    events: tuple[Event, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    relations: tuple[Relation, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Rows":
        if not (self.subjects or self.events or self.attributes or self.relations):
            raise ValueError("data holds at least one row, in subjects, events, attributes or relations.")
        return self


class CloudEvent(Frozen):
    """One submission of a register. `source` and `id` name it for ever: sent again it changes nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    specversion: Literal["1.0"]
    type: Type = Field(description="<reverse DNS of the agency>.<register>.<what happened>; the register is read.")
    source: Uri = Field(description="Begins with the agency's own source.")
    id: Name = Field(description="Unique within `source`, for ever.")
    time: AwareDatetime = Field(description="When the register recorded it (recorded_at), with its offset.")
    subject: Name | None = Field(default=None, description="One of the subjects in `data`.")
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Uri | None = None
    traceparent: str | None = Field(default=None, max_length=100)
    tracestate: str | None = Field(default=None, max_length=600)
    data: Rows

    @field_validator("id", "source", "subject")
    @classmethod
    def _plain_text(cls, value: str | None) -> str | None:
        if value is not None and not value.isprintable():
            raise ValueError("no control characters, please.")
        return value

    @model_validator(mode="after")
    def _subject_is_there(self) -> "CloudEvent":
        if self.subject is not None and self.subject not in self.submission().concerns:
            raise ValueError("subject is none of the subjects in data; leave it out, or name one of them.")
        return self

    @property
    def register_id(self) -> str:
        """The register that `type` names."""
        return self.type.rsplit(".", 2)[1]

    def submission(self) -> Submission:
        """The event as the intake keeps it."""
        return Submission(
            source=self.source,
            id=self.id,
            register_id=self.register_id,
            recorded_at=self.time,
            subjects=self.data.subjects,
            events=self.data.events,
            attributes=self.data.attributes,
            relations=self.data.relations,
        )


def holds_nul(value: Any) -> bool:
    """Is there a NUL character in some text of this JSON value? PostgreSQL cannot keep one."""
    if isinstance(value, str):
        return NUL in value
    if isinstance(value, dict):
        return any(holds_nul(key) or holds_nul(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(holds_nul, value))
