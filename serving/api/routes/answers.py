"""What a person says of an offer."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from serving.api.answering import Answer, record
from serving.api.problem import problems
from serving.api.shapes.offer import OfferView, offer_view
from serving.api.visit import Asked, SubjectId, Visiting

router = APIRouter(prefix="/v1/subjects/{subject_id}/recommendations", tags=["answers"])
OfferId = Annotated[str, Path(description="Id of an offer.", min_length=1, max_length=128, examples=["of-3b1e"])]


@router.post("/{offer}/answers", summary="Answer an offer", responses=problems(400, 404, 409, 422, 503))
def answer(
    subject_id: SubjectId, offer: OfferId, body: Answer, visit: Visiting, asked: Annotated[Asked, Query()]
) -> OfferView:
    """Record an answer; returns the offer as it then stands.

    `done` and `not_for_me` end the reminders, `later` moves them to a day, `wrong` opens a case with the register's
    owner and silences the milestone until it is settled, `taken_back` takes back `not_for_me`. Sending the same
    answer again changes nothing and gives the same result; one that is not possible now gives 409, and a
    body that is not text at all 400.
    """
    return offer_view(record(visit, subject_id, offer, body), visit.pack, visit.words, visit.today)
