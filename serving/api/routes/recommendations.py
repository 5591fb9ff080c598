"""What a subject is offered."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from lifeevents.domain.errors import did_you_mean
from serving.api.acting import offers_for
from serving.api.problem import problems
from serving.api.shapes.examples import OFFER
from serving.api.shapes.offer import OfferView, offer_view
from serving.api.shapes.wire import Wire
from serving.api.visit import Asked, SubjectId, Visiting, invalid

router = APIRouter(prefix="/v1/subjects/{subject_id}", tags=["recommendations"])


class RecommendationsAsked(Asked):
    """Filters; all offers without them."""

    milestone: str | None = Field(default=None, description="Id of a milestone.", examples=["retirement"])
    state: Literal["open", "closed", "cancelled"] | None = Field(default=None, description="State of the offer.")


class Recommendations(Wire):
    """A subject's offers, newest occasion first, then by rank; those of whom it represents (a child, a business)
    among them, each with its own `subject_id`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"subject_id": "s-7f3a9c21d4e8", "as_of": "2026-11-25", "language": "en", "items": [OFFER]}]
        }
    )

    subject_id: str
    as_of: date
    language: str
    items: tuple[OfferView, ...]


@router.get("/recommendations", summary="What a subject is offered", responses=problems(422, 503))
def recommendations(
    subject_id: SubjectId, visit: Visiting, asked: Annotated[RecommendationsAsked, Query()]
) -> Recommendations:
    """The finished recommendations of a subject, each with why, by when, what is held and what is missing.

    A subject with nothing to be offered and a subject that does not exist look the same: an empty list.
    The read is written to the audit log before the answer.
    """
    known = visit.pack.milestones
    if asked.milestone is not None and asked.milestone not in known:
        near = did_you_mean(asked.milestone, known)
        raise invalid("query", "milestone", f'there is no milestone "{asked.milestone}".{near}')
    with visit.reading(subject_id, "recommendations.read") as unit:
        found = [
            offer
            for offer in offers_for(unit, subject_id, on=visit.today)
            if asked.milestone in (None, offer.recommendation.milestone) and asked.state in (None, offer.state)
        ]
    items = tuple(offer_view(offer, visit.pack, visit.words, visit.today) for offer in found)
    return Recommendations(subject_id=subject_id, as_of=visit.today, language=visit.language, items=items)
