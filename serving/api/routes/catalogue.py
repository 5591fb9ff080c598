"""Milestones and procedures of the country."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from lifeevents.catalogue.open_data import rows
from lifeevents.catalogue.unverified import unverified
from lifeevents.domain.errors import NotFound, did_you_mean
from serving.api.formats import JSON, OFFERED, answer, negotiate_format
from serving.api.problem import problems
from serving.api.shapes.catalogue import (
    Milestones,
    OpenCells,
    ProcedureInFull,
    Procedures,
    Service,
    Services,
    milestone_view,
    procedure_in_full,
    procedure_view,
)
from serving.api.visit import Asked, Visiting

router = APIRouter(prefix="/v1/catalogue", tags=["catalogue"])
ProcedureId = Annotated[str, Path(description="Id of a procedure.", max_length=128, examples=["ret.pension"])]


def wanted_format(request: Request) -> str:
    """The media type of the answer. Raises Told (406) when the asker takes none that is offered."""
    return negotiate_format(request.headers.get("accept"))


Format = Annotated[str, Depends(wanted_format)]
LINKED: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in OFFERED if media != JSON}
IN_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {"description": "In the format that Accept asks for.", "content": LINKED},
    304: {"description": "The asker has it already (If-None-Match)."},
}


@router.get("", summary="The whole catalogue", responses=IN_FORMATS | problems(406, 422), response_model=Services)
def whole(request: Request, visit: Visiting, media: Format, asked: Annotated[Asked, Query()]) -> Response:
    """All services: one flat row each as JSON, or CPSV-AP 3.2 as Turtle or JSON-LD. The same pack, the same ETag."""
    if media != JSON:
        return answer(request, request.app.state.linked.text(media), media)
    found = rows(visit.pack, visit.language, visit.today)
    return answer(request, Services(items=tuple(map(Service.model_validate, found))).model_dump_json(), media)


@router.get("/unverified", summary="What a lawyer must settle", responses=problems(422))
def open_cells(visit: Visiting, asked: Annotated[Asked, Query()]) -> OpenCells:
    """Every cell that was not compared with the law: why it is open, what it says, and the line to edit."""
    return OpenCells(items=unverified(visit.pack))


@router.get("/milestones", summary="All milestones", responses=problems(422))
def milestones(visit: Visiting, asked: Annotated[Asked, Query()]) -> Milestones:
    """The milestones of a life that the service knows, and the procedures offered on each."""
    found = visit.pack.milestones.values()
    return Milestones(items=tuple(milestone_view(one, visit.pack, visit.language) for one in found))


@router.get("/procedures", summary="All procedures", responses=problems(422))
def procedures(visit: Visiting, asked: Annotated[Asked, Query()]) -> Procedures:
    """The public services of the catalogue."""
    found = visit.pack.procedures.values()
    items = tuple(procedure_view(one, visit.pack, visit.language, visit.today) for one in found)
    return Procedures(items=items)


@router.get(
    "/procedures/{procedure_id}",
    summary="One procedure",
    responses=IN_FORMATS | problems(404, 406, 422),
    response_model=ProcedureInFull,
)
def procedure(
    procedure_id: ProcedureId, request: Request, visit: Visiting, media: Format, asked: Annotated[Asked, Query()]
) -> Response:
    """A procedure with its papers and law; a deadline, duration or fee only where it was verified."""
    known = visit.pack.procedures
    if procedure_id not in known:
        near = did_you_mean(procedure_id, known)
        raise NotFound(f'There is no procedure "{procedure_id}".{near}')
    if media != JSON:
        return answer(request, request.app.state.linked.text(media, procedure_id), media)
    found = procedure_in_full(known[procedure_id], visit.pack, visit.language, visit.today)
    return answer(request, found.model_dump_json(), media)
