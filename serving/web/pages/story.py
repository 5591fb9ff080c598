"""The live story: a register reports an event, and the page shows how far it has come and what holds it."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from lifeevents.domain.occasion import Fact, MessageRow, OccasionRow, Offer
from lifeevents.domain.submission import Received
from lifeevents.engine.correction import CORRECTION
from serving.api.shapes.fact import FactView, fact_view
from serving.api.shapes.message import message_view
from serving.api.visit import Asked, Visit, Visiting
from serving.story.scene import ClockMove, Scene, Storyteller
from serving.web.origin import from_our_own_page
from serving.web.renderer import address, page

router = APIRouter(prefix="/story")
ours = [Depends(from_our_own_page)]
FACTS_SHOWN = 4


class BeginForm(BaseModel):
    """Which story is to begin."""

    model_config = ConfigDict(extra="forbid")

    script: str = Field(max_length=64)


class ClockForm(BaseModel):
    """How far the clock is to be moved."""

    model_config = ConfigDict(extra="forbid")

    to: ClockMove


def teller(visit: Visit) -> Storyteller:
    """The storyteller; this router is only there when the service has one."""
    if visit.service.story is None:
        raise RuntimeError("the story's pages need a service with a story")
    return visit.service.story


@router.get("")
def story(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """The stories there are, and the one that is being told. What it reads of its people is audited."""
    telling = teller(visit)
    scene = telling.scene()
    given: dict[str, Any] = {"scripts": telling.scripts(), "scene": scene, "now": visit.now, "zone": visit.pack.tz}
    if scene is not None:
        with visit.reading(scene.person_id, "page.story"):
            pass
        given |= _told(visit, scene)
    return page(request, "story.html", **given)


@router.post("/begin", dependencies=ours)
def begin(request: Request, visit: Visiting, form: Annotated[BeginForm, Form()]) -> Response:
    """A register submits the event of a story."""
    teller(visit).begin(form.script)
    return _back(request, "reported")


@router.post("/annul", dependencies=ours)
def annul(request: Request, visit: Visiting) -> Response:
    """The register takes the event back."""
    teller(visit).annul()
    return _back(request, "withdrawn")


@router.post("/clock", dependencies=ours)
def clock(request: Request, visit: Visiting, form: Annotated[ClockForm, Form()]) -> Response:
    """The demonstration's clock moves on."""
    teller(visit).move_clock(form.to)
    return _back(request, "clock")


def _back(request: Request, place: str) -> Response:
    return RedirectResponse(f"{address(request, '/story')}#{place}", status_code=303)


def _told(visit: Visit, scene: Scene) -> dict[str, Any]:
    """What the template shows of a scene."""
    changes = [
        (before, after)
        for change in sorted(scene.changes, key=lambda one: _plainness(one.name, visit))
        for before in [_fact(visit, change.name, change.before)]
        for after in [_fact(visit, change.name, change.after)]
        if before.title != change.name
    ]
    return {
        "register": visit.pack.registers[scene.script.register_id],
        "happened": visit.pack.vocabulary.events[scene.reported.submission.events[0].event].title,
        "raw": _raw(scene.reported),
        "changes": changes[:FACTS_SHOWN],
        "more_changes": changes[FACTS_SHOWN:],
        "found": [(row, _offers_of(scene, row), _messages_of(scene, row)) for row in reversed(scene.occasions)],
        "corrections": [one for one in scene.messages if one.notification.purpose == CORRECTION],
        "inbox": [message_view(item, visit.language) for item in scene.inbox],
    }


def _plainness(name: str, visit: Visit) -> int:
    """Facts with a name of their own before what is merely counted: 0 first."""
    if name.startswith(("events_", "months_since_")):
        return 2
    if f"fact.{name}" in visit.words.texts or name in visit.pack.vocabulary.attributes:
        return 0
    return 1 if name.startswith("last_") else 2


def _fact(visit: Visit, name: str, value: Any) -> FactView:
    return fact_view(Fact(name=name, value=value), visit.pack, visit.words)


def _raw(received: Received) -> str:
    said = received.submission.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(said, ensure_ascii=False, indent=2)


def _offers_of(scene: Scene, row: OccasionRow) -> Sequence[Offer]:
    return [offer for offer in scene.offers if offer.occasion_id == row.id]


def _messages_of(scene: Scene, row: OccasionRow) -> Sequence[MessageRow]:
    mine = [one for one in scene.messages if one.notification.occasion_id == row.id]
    return [one for one in mine if one.notification.purpose != CORRECTION]
