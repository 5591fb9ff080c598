"""Recording what a person says of an offer: one way, for the API and for the pages."""

from datetime import date, timedelta
from typing import Any

from pydantic import ConfigDict, Field, model_validator

from lifeevents.domain.occasion import AnswerKind, Offer
from serving.api.acting import offer_for
from serving.api.shapes.wire import Wire
from serving.api.visit import Visit, alike, invalid

LONGEST_SNOOZE = timedelta(days=366)


class Answer(Wire):
    """An answer to an offer. `until` belongs to `later` and only to it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "done"},
                {"kind": "not_for_me"},
                {"kind": "wrong", "note": "The child was registered in another commune."},
                {"kind": "later", "until": "2026-12-25"},
                {"kind": "taken_back"},
            ]
        }
    )

    kind: AnswerKind
    note: str | None = Field(default=None, min_length=1, max_length=1000, description="In the person's own words.")
    until: date | None = Field(default=None, description="Remind me on this day.")

    @model_validator(mode="after")
    def _until_belongs_to_later(self) -> "Answer":
        if (self.kind is AnswerKind.LATER) != (self.until is not None):
            raise ValueError('"until" is needed with kind "later", and with no other.')
        return self


def record(visit: Visit, subject_id: str, offer_id: str, answer: Answer) -> Offer:
    """Store the answer with its audit row and return the offer as it now stands.

    Idempotent by nature: what the person already said (same kind, note and day) is not recorded again.
    Raises NotFound (absent or another's: alike), Conflict (not possible now), RequestValidationError (the day).
    """
    if answer.until and not visit.today < answer.until <= visit.today + LONGEST_SNOOZE:
        raise invalid("body", "until", "the day to be reminded on lies after today and within a year.")
    detail: dict[str, Any] = {"offer": offer_id, "kind": answer.kind.value}
    with alike(), visit.reading(subject_id, "offer.answered", **detail) as unit:
        offer = offer_for(unit, offer_id, subject_id, on=visit.today)
        if (offer.answer, offer.note, offer.until) == (answer.kind, answer.note, answer.until):
            return offer
        of = offer.recommendation.subject_id
        return unit.answer(offer_id, of, answer.kind, note=answer.note, until=answer.until, now=visit.now)
