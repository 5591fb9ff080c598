"""Milestones and procedures of the country."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from lifeevents.catalogue.settle import unsettled
from lifeevents.domain.errors import NotFound, did_you_mean
from serving.api.linked import LINKED, linked
from serving.api.problem import problems
from serving.api.shapes.catalogue import (
    Milestones,
    ProcedureInFull,
    Procedures,
    ToSettle,
    milestone_view,
    procedure_in_full,
    procedure_view,
)
from serving.api.visit import Asked, Visiting

router = APIRouter(prefix="/v1/catalogue", tags=["catalogue"])
ProcedureId = Annotated[str, Path(description="Id of a procedure.", max_length=128, examples=["ret.pension"])]


@router.get("/milestones", summary="All milestones", responses=problems(422))
def milestones(visit: Visiting, asked: Annotated[Asked, Query()]) -> Milestones:
    """The milestones of a life that the service knows, and the procedures offered on each."""
    found = visit.pack.milestones.values()
    return Milestones(items=tuple(milestone_view(one, visit.pack, visit.language) for one in found))


@router.get("/procedures", summary="All procedures", responses=LINKED | problems(406, 422))
def procedures(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Procedures:
    """The public services of the catalogue; as CPSV-AP 3.2.0 with Accept: text/turtle or application/ld+json."""
    if (graph := linked(request, visit.pack)) is not None:
        return graph  # type: ignore[return-value]
    found = visit.pack.procedures.values()
    items = tuple(procedure_view(one, visit.pack, visit.language, visit.today) for one in found)
    return Procedures(items=items)


@router.get("/procedures/{procedure_id}", summary="One procedure", responses=LINKED | problems(404, 406, 422))
def procedure(
    procedure_id: ProcedureId, request: Request, visit: Visiting, asked: Annotated[Asked, Query()]
) -> ProcedureInFull:
    """A procedure with its papers and law; a deadline, duration or fee only where it was verified.

    As CPSV-AP 3.2.0 with Accept: text/turtle or application/ld+json.
    """
    known = visit.pack.procedures
    if procedure_id not in known:
        near = did_you_mean(procedure_id, known)
        raise NotFound(f'There is no procedure "{procedure_id}".{near}')
    if (graph := linked(request, visit.pack, procedure_id)) is not None:
        return graph  # type: ignore[return-value]
    return procedure_in_full(known[procedure_id], visit.pack, visit.language, visit.today)


@router.get("/unverified", summary="What a lawyer must settle", responses=problems(422))
def unverified(visit: Visiting, asked: Annotated[Asked, Query()]) -> ToSettle:
    """Every fact of the catalogue that was not checked against the law, with its file and what settles it."""
    return ToSettle(items=tuple(unsettled(visit.pack)))
