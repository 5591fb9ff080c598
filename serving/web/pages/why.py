"""Why me, why not me: a form for a procedure and a day, and the answer."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, field_validator

from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Procedure
from serving.api.explaining import EARLIEST, FURTHEST, explained
from serving.api.language import pick
from serving.api.shapes.explaining import explanation_view
from serving.api.visit import Asked, SubjectId, Visiting
from serving.web.renderer import page

router = APIRouter(prefix="/citizen/{subject_id}/why")


class WhyAsked(Asked):
    """The form's fields; one left empty counts as absent."""

    procedure: str | None = Field(default=None, max_length=128)
    as_of: date | None = None

    @field_validator("procedure", "as_of", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value


@router.get("")
def why(request: Request, subject_id: SubjectId, visit: Visiting, asked: Annotated[WhyAsked, Query()]) -> Response:
    """The explanation of one procedure, or of all that a milestone leads to. The read is audited first."""
    found = explained(visit, subject_id, procedure=asked.procedure, as_of=asked.as_of, what="page.why")
    view = explanation_view(found, visit.pack, visit.words, visit.today)
    apart = ("no_milestone", "passed")
    shown = [one for one in view.procedures if asked.procedure or not (one.quiet or one.outlook in apart)]
    return page(
        request,
        "why.html",
        subject_id=subject_id,
        view=view,
        shown=shown,
        rest=[one for one in view.procedures if one not in shown],
        chosen=asked.procedure,
        keep_lang=asked.lang,
        choices=choices(visit.pack, visit.language),
        earliest=EARLIEST,
        furthest=visit.today + FURTHEST,
    )


def choices(pack: Pack, language: str) -> dict[str, list[tuple[str, str]]]:
    """All procedures by title, those that a milestone leads to first: {key of the heading: [(id, title)]}."""
    led = {procedure.id for milestone in pack.milestones for procedure in pack.offers(milestone)}
    groups: dict[str, list[tuple[str, str]]] = {"explain.form.automatic": [], "explain.form.manual": []}
    for procedure in sorted(pack.procedures.values(), key=lambda one: pick(one.title, language)):
        groups[f"explain.form.{'automatic' if _is_led(procedure, led) else 'manual'}"].append(
            (procedure.id, pick(procedure.title, language))
        )
    return groups


def _is_led(procedure: Procedure, led: set[str]) -> bool:
    return procedure.id in led and procedure.who is not None
