"""Prefilled applications: one per offer, by a JSON Schema made from the procedure's needs."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field

from lifeevents.domain.application import Filled
from lifeevents.domain.errors import NotFound, Unavailable, did_you_mean
from lifeevents.engine.application import application, once_only, schema
from serving.api.acting import offer_for
from serving.api.language import pick
from serving.api.problem import problems
from serving.api.routes.catalogue import ProcedureId
from serving.api.shapes.examples import APPLICATION, ONCE_ONLY
from serving.api.shapes.wire import Wire
from serving.api.visit import Asked, SubjectId, Visiting, alike

router = APIRouter(prefix="/v1", tags=["applications"])
OfferId = Annotated[str, Path(description="Id of an offer.", max_length=128, examples=["of-3b1e"])]


class SchemaResponse(JSONResponse):
    """A JSON Schema."""

    media_type = "application/schema+json"


class ApplicationView(Wire):
    """A form ready to be completed and sent; it follows the procedure's application schema."""

    model_config = ConfigDict(json_schema_extra={"examples": [APPLICATION]})

    offer: str
    procedure: str
    code: str | None = Field(description="The national procedure code.")
    subject_id: str
    prepared_on: date
    items: dict[str, Filled | None] = Field(description="Every item: filled in, or null where the person brings it.")
    missing: tuple[str, ...] = Field(description="The items that the person brings.")


class OnceOnlyView(Wire):
    """A procedure's items, and how many of them registers hold."""

    procedure: str
    title: str
    essential: bool
    required: int
    held: int
    share: float | None = Field(description="held / required; null where the items are not described yet.")


class OnceOnlyList(Wire):
    """Every procedure, in the catalogue's order, and all items together."""

    model_config = ConfigDict(json_schema_extra={"examples": [ONCE_ONLY]})

    required: int
    held: int
    items: tuple[OnceOnlyView, ...]


@router.get(
    "/subjects/{subject_id}/recommendations/{offer}/application",
    summary="The prefilled application of an offer",
    responses=problems(404, 422, 503),
)
def one(subject_id: SubjectId, offer: OfferId, visit: Visiting, asked: Annotated[Asked, Query()]) -> ApplicationView:
    """What the registers hold is filled in, each item with its register and day; the rest is null and in `missing`.

    Nothing in it names a person: the portal adds who is signed in. The read is written to the audit log.
    """
    with alike(), visit.reading(subject_id, "application.read", offer=offer) as unit:
        found = offer_for(unit, offer, subject_id, on=visit.today)
    return ApplicationView(**application(found, on=visit.today).model_dump())


@router.get(
    "/catalogue/procedures/{procedure_id}/application-schema",
    summary="The schema of a procedure's applications",
    response_class=SchemaResponse,
    responses={
        200: {
            "content": {SchemaResponse.media_type: {"example": {"type": "object"}}},
            "description": "A JSON Schema (2020-12).",
        },
        **problems(404, 422, 503),
    },
)
def application_schema(procedure_id: ProcedureId, visit: Visiting, asked: Annotated[Asked, Query()]) -> SchemaResponse:
    """What an application for the procedure holds: one item per document or datum it needs."""
    known = visit.pack.procedures
    if procedure_id not in known:
        raise NotFound(f'There is no procedure "{procedure_id}".{did_you_mean(procedure_id, known)}')
    types = visit.service.types
    if types is None:
        raise Unavailable("This service was started without the types of features, so it can make no schema.")
    body: dict[str, Any] = schema(visit.pack, known[procedure_id], types, visit.language)
    return SchemaResponse(body)


@router.get("/once-only", summary="What is asked only once", responses=problems(422))
def what_is_held(visit: Visiting, asked: Annotated[Asked, Query()]) -> OnceOnlyList:
    """Of the items that each procedure requires, how many registers hold, so that nobody need bring them."""
    items = [
        OnceOnlyView(
            procedure=procedure.id,
            title=pick(procedure.title, visit.language),
            essential=procedure.essential,
            required=found.required,
            held=found.held,
            share=found.share,
        )
        for procedure in visit.pack.procedures.values()
        for found in [once_only(visit.pack, procedure)]
    ]
    required, held = sum(one.required for one in items), sum(one.held for one in items)
    return OnceOnlyList(required=required, held=held, items=tuple(items))
