"""The catalogue: milestones and procedures, each marked as verified against the law or not."""

import unicodedata
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from lifeevents.catalogue.settle import unsettled
from lifeevents.domain.errors import NotFound
from lifeevents.domain.procedure import Processing
from lifeevents.engine.application import is_held
from serving.api.shapes.catalogue import milestone_view, procedure_in_full, procedure_view
from serving.api.shapes.fact import fact_title
from serving.api.visit import Asked, Visit, Visiting
from serving.web.pages.home import examples_of
from serving.web.renderer import page

router = APIRouter()


class CatalogueAsked(Asked):
    """Words to look for."""

    q: str = Field(default="", max_length=100)


@router.get("/catalogue")
def catalogue(request: Request, visit: Visiting, asked: Annotated[CatalogueAsked, Query()]) -> Response:
    """Milestones by kind and procedures by the portal's groups; `q` narrows both."""
    pack, language = visit.pack, visit.language
    milestones = [milestone_view(one, pack, language) for one in pack.milestones.values()]
    procedures = [procedure_view(one, pack, language, visit.today) for one in pack.procedures.values()]
    wanted = plain(asked.q)
    found = [one for one in procedures if wanted in plain(f"{one.title} {one.authority} {one.code} {one.id}")]
    found.sort(key=lambda one: (one.group is None, one.group or "", one.title))
    return page(
        request,
        "catalogue.html",
        q=asked.q,
        keep_lang=asked.lang,
        milestones=[one for one in milestones if wanted in plain(f"{one.title} {one.id}")],
        groups=[(group, list(members)) for group, members in groupby(found, key=lambda one: one.group)],
        found=len(found),
    )


@router.get("/catalogue/unverified")
def unverified(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """What a lawyer must settle, essential services first."""
    pack = visit.pack
    titles = {one.id: one.text.title for one in pack.milestones.values()}
    titles |= {one.id: one.title for one in (*pack.law.values(), *pack.tables.values(), *pack.procedures.values())}
    return page(request, "unverified.html", facts=unsettled(pack), titles=titles)


@router.get("/catalogue/once-only")
def asked_once(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """Which items each procedure still asks people for, and which ones registers hold; the most asked for first."""
    pack = visit.pack
    rows = []
    for procedure in pack.procedures.values():
        held = [need for need in procedure.needs if is_held(pack, need)]
        rows.append((procedure, held, [need for need in procedure.needs if need not in held]))
    rows.sort(key=lambda row: (not row[0].essential, -len(row[2]), row[0].id))
    required = sum(len(held) + len(asked_for) for _, held, asked_for in rows)
    return page(request, "once_only.html", rows=rows, required=required, held=sum(len(held) for _, held, _ in rows))


@router.get("/catalogue/{procedure_id}")
def procedure(
    request: Request,
    visit: Visiting,
    procedure_id: Annotated[str, Path(max_length=128)],
    asked: Annotated[Asked, Query()],
) -> Response:
    """One procedure: who decides, what is needed, in which law."""
    if procedure_id not in visit.pack.procedures:
        raise NotFound
    asked_for, calendar = visit.pack.procedures[procedure_id], visit.pack.calendar
    one = procedure_in_full(asked_for, visit.pack, visit.language, visit.today)
    milestones = [milestone_view(visit.pack.milestones[id], visit.pack, visit.language) for id in one.milestones]
    after = fact_title(one.deadline.after, visit.pack, visit.words) if one.deadline else None
    people = examples_of(visit.service) if visit.service.demo else []
    return page(
        request,
        "procedure.html",
        one=one,
        milestones=milestones,
        after=after,
        people=people,
        hour=f"{calendar.cutoff:%H:%M}",
        ready=_ready(asked_for.processing, visit),
    )


def _ready(processing: Processing | None, visit: Visit) -> date | None:
    """By when the office answers a complete file that is handed in now; None while its time was not verified, or
    where the calendar does not know the days off that far ahead."""
    calendar = visit.pack.calendar
    if processing is None or not processing.verified or not calendar.reaches(visit.today, processing.days + 1):
        return None
    return processing.ready_by(visit.now.astimezone(visit.pack.tz), calendar)


def plain(text: str) -> str:
    """Lower case without diacritics, so that `khai sinh` and `khái sinh` find each other, and d finds đ."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in parts if not unicodedata.combining(char))
