"""The quarantine's page: an agency signs in with its key, sees what was not taken, corrects it and releases it.

The key is kept by the browser for this page only (a session cookie that no script and no other site can send), and
compared anew at every request; the service keeps nothing of it but its hash.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic import Field, ValidationError

from lifeevents.domain.agency import Agency
from lifeevents.domain.errors import Conflict, Refused
from lifeevents.domain.quarantine import Quarantined
from serving.api.desk import AgencyDesk
from serving.api.routes.quarantine import NAME, ItemId, Release
from serving.api.visit import Asked, Visit, Visiting
from serving.web.origin import from_our_own_page
from serving.web.renderer import address, page

router = APIRouter(prefix="/quarantine")
COOKIE, PAGE = "agency", 20


class DeskAsked(Asked):
    """Filters of the list; `page` counts from 1."""

    of: str = Field(default="", pattern=f"{NAME}|^$", alias="register")
    reason: str = Field(default="", pattern=f"{NAME}|^$")
    state: Literal["open", "released", "all"] = "open"
    number: int = Field(default=1, ge=1, le=100_000, alias="page")


def signed_in(request: Request) -> Agency | None:
    """The agency whose key the browser sends."""
    agencies, key = request.app.state.service.agencies, request.cookies.get(COOKIE)
    return agencies.by_key(key) if agencies and key else None


SignedIn = Annotated[Agency | None, Depends(signed_in)]


@router.get("")
def quarantine(request: Request, visit: Visiting, agency: SignedIn, asked: Annotated[DeskAsked, Query()]) -> Response:
    """The rows of the agency that is signed in; a form to sign in without one."""
    if agency is None:
        return _sign_in(request, visit)
    rows = AgencyDesk(visit, agency).rows(
        register=asked.of or None,
        reason=asked.reason or None,
        month=None,
        state=asked.state,
        limit=PAGE,
        offset=(asked.number - 1) * PAGE,
    )
    return page(request, "quarantine.html", agency=agency, rows=rows, asked=asked, pages=-(-rows.total // PAGE))


@router.post("/sign-in", dependencies=[Depends(from_our_own_page)])
def sign_in(request: Request, visit: Visiting, key: Annotated[str, Form(max_length=200)]) -> Response:
    """Keep the key in the browser, if it is an agency's; ask again otherwise."""
    agencies = visit.service.agencies
    if agencies is None or agencies.by_key(key.strip()) is None:
        return _sign_in(request, visit, status=401, wrong=True)
    answer = RedirectResponse(address(request, "/quarantine"), status_code=303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, key.strip(), path="/quarantine", httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/sign-out", dependencies=[Depends(from_our_own_page)])
def sign_out(request: Request) -> Response:
    """Forget the key."""
    answer = RedirectResponse(address(request, "/quarantine"), status_code=303)
    answer.delete_cookie(COOKIE, path="/quarantine", httponly=True, samesite="strict")
    return answer


@router.get("/{item}")
def row(
    request: Request, item: ItemId, visit: Visiting, agency: SignedIn, asked: Annotated[Asked, Query()]
) -> Response:
    """One row: what is wrong, a form to correct it, and what was done."""
    if agency is None:
        return _sign_in(request, visit, status=401)
    return _row(request, visit, AgencyDesk(visit, agency).row(item))


async def corrections_of(request: Request) -> Release:
    """What the form says of each field; an empty one empties the field."""
    said = {name: str(value).strip() or None for name, value in (await request.form()).items()}
    try:
        return Release(corrections=said)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None


@router.post("/{item}/release", dependencies=[Depends(from_our_own_page)])
def release(
    request: Request,
    item: ItemId,
    visit: Visiting,
    agency: SignedIn,
    form: Annotated[Release, Depends(corrections_of)],
) -> Response:
    """Correct the row and send it through the gate again. What the gate refuses is shown with its sentence."""
    if agency is None:
        return _sign_in(request, visit, status=401)
    desk = AgencyDesk(visit, agency)
    try:
        desk.release(item, form.corrections)
    except (Conflict, Refused) as error:
        status = 409 if isinstance(error, Conflict) else 403
        return _row(request, visit, desk.row(item), status=status, refused=str(error))
    return RedirectResponse(address(request, f"/quarantine/{item}"), status_code=303)


def _sign_in(request: Request, visit: Visit, *, status: int = 200, wrong: bool = False) -> Response:
    return page(request, "sign_in.html", status=status, wrong=wrong, for_nobody=visit.service.agencies is None)


def _row(request: Request, visit: Visit, item: Quarantined, *, status: int = 200, refused: str = "") -> Response:
    return page(request, "quarantined.html", status=status, row=item, refused=refused, zone=visit.pack.tz)
