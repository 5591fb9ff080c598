"""Why a subject is offered something, or why not."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from serving.api.explaining import explained
from serving.api.problem import problems
from serving.api.shapes.explaining import explanation_view
from serving.api.shapes.explanation import ExplanationView
from serving.api.visit import Asked, SubjectId, Visiting

router = APIRouter(prefix="/v1/subjects/{subject_id}", tags=["explanations"])


class ExplanationsAsked(Asked):
    """Which procedure, and which day."""

    procedure: str | None = Field(
        default=None, max_length=128, description="Id of a procedure; without it, all.", examples=["ret.pension"]
    )
    as_of: date | None = Field(
        default=None, description="As the registers knew it at the end of this day (default: today).", examples=[None]
    )


@router.get("/explanations", summary="Why me, why not me", responses=problems(404, 422, 503))
def explanations(
    subject_id: SubjectId, visit: Visiting, asked: Annotated[ExplanationsAsked, Query()]
) -> ExplanationView:
    """For one procedure or all: the terms that decide, their facts with register and day, and what would change the
    answer; then what became of it.

    An explanation never refuses: `ask` names what could not be checked and which register would know. A day ahead
    supposes that nothing but time passes. A subject that no register knows gives 404, as everything absent does.
    The read is written to the audit log before the answer.
    """
    found = explained(visit, subject_id, procedure=asked.procedure, as_of=asked.as_of, what="explanations.read")
    return explanation_view(found, visit.pack, visit.words, visit.today)
