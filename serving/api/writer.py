"""Which agency a request comes from, by its bearer key."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from lifeevents.domain.agency import Agency
from serving.api.errors import Told
from serving.api.service import Service

_bearer = HTTPBearer(
    scheme_name="agency", description="The key that `lifeevents agency-key` made for the agency.", auto_error=False
)
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def writer(request: Request, given: _Bearer) -> Agency:
    """The agency. Raises Told: 401 without a key that is known, 403 where no agency may write at all."""
    service: Service = request.app.state.service
    if service.agencies is None:
        raise Told(403, "No agency may submit here yet: LIFEEVENTS_AGENCIES names no file of agencies.")
    agency = service.agencies.by_key(given.credentials) if given else None
    if agency is None:
        said = "Send your agency's key: Authorization: Bearer KEY. An unknown key and none look the same."
        raise Told(401, said, {"WWW-Authenticate": "Bearer"})
    return agency


Writing = Annotated[Agency, Depends(writer)]
