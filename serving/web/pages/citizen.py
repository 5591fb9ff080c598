"""A citizen's page: the inbox, the offers by occasion with why and by when, and the answers."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lifeevents.domain.calendar import Period, plus
from lifeevents.domain.occasion import AnswerKind
from serving.api.acting import offers_for
from serving.api.answering import Answer, record
from serving.api.shapes.message import message_view
from serving.api.shapes.offer import OfferView, offer_view
from serving.api.visit import Asked, SubjectId, Visiting, alike
from serving.web.origin import from_our_own_page
from serving.web.renderer import address, page

router = APIRouter(prefix="/citizen/{subject_id}")
SNOOZES = ("P7D", "P1M", "P3M")
Id = Annotated[str, Path(min_length=1, max_length=128)]


class CitizenAsked(Asked):
    """After an answer: what was said, of which offer, so that the page can confirm it."""

    said: AnswerKind | None = None
    offer: str | None = Field(default=None, max_length=128)


class AnswerForm(BaseModel):
    """One of the forms under an offer; an empty field counts as absent."""

    model_config = ConfigDict(extra="forbid")

    kind: AnswerKind
    note: str = Field(default="", max_length=1000)
    until: date | None = None


@router.get("")
def citizen(
    request: Request, subject_id: SubjectId, visit: Visiting, asked: Annotated[CitizenAsked, Query()]
) -> Response:
    """Messages and offers of one person. The read is audited before the page is sent."""
    with visit.reading(subject_id, "page.citizen") as unit:
        messages = [message_view(item, visit.language) for item in unit.inbox(subject_id)]
        found = offers_for(unit, subject_id, on=visit.today)
    offers = [offer_view(offer, visit.pack, visit.words, visit.today) for offer in found]
    return page(
        request,
        "citizen.html",
        subject_id=subject_id,
        messages=messages,
        occasions=[list(group) for _, group in groupby(offers, key=lambda offer: offer.occasion_id)],
        shown={offer.occasion_id for offer in offers},
        registers=registers_read(offers),
        snoozes={offer.id: snoozes(visit.today, offer.deadline) for offer in offers},
        said=asked.said,
        said_of=asked.offer,
        zone=visit.pack.tz,
        today=visit.today,
    )


@router.post("/offers/{offer}/answers", dependencies=[Depends(from_our_own_page)])
def answer(
    request: Request, subject_id: SubjectId, offer: Id, visit: Visiting, form: Annotated[AnswerForm, Form()]
) -> Response:
    """Record the answer and go back to the offer, which then says what was understood."""
    try:
        said = Answer(kind=form.kind, note=form.note.strip() or None, until=form.until)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None
    record(visit, subject_id, offer, said)
    back = address(request, f"/citizen/{subject_id}", said=said.kind.value, offer=offer)
    return RedirectResponse(f"{back}#offer-{offer}", status_code=303)


@router.post("/inbox/{item}/read", dependencies=[Depends(from_our_own_page)])
def read(request: Request, subject_id: SubjectId, item: Id, visit: Visiting) -> Response:
    """Mark a message as read and go back to the inbox."""
    with alike(), visit.reading(subject_id, "inbox.item_read", item=item) as unit:
        unit.mark_read(item, subject_id, now=visit.now)
    return RedirectResponse(address(request, f"/citizen/{subject_id}") + "#inbox", status_code=303)


def snoozes(today: date, deadline: date | None) -> list[date]:
    """The days one may ask to be reminded on; none on or after the deadline, while it lies ahead."""
    days = [plus(today, Period.parse(period)) for period in SNOOZES]
    return [day for day in days if deadline is None or deadline <= today or day < deadline]


def registers_read(offers: Sequence[OfferView]) -> list[str]:
    """Titles of the registers whose facts and papers these offers rest on, each once."""
    facts = [fact.register_title for offer in offers for term in offer.terms for fact in term.facts]
    papers = [paper.register_title for offer in offers for paper in offer.papers if paper.held]
    return list(dict.fromkeys(title for title in (*facts, *papers) if title))
