"""Forms are taken from our own pages only (cross-site request forgery)."""

from urllib.parse import urlsplit

from fastapi import Request

from lifeevents.domain.errors import Refused


def from_our_own_page(request: Request) -> None:
    """A dependency of every form: raises Refused unless the browser says the form is from this origin.

    Browsers set `Sec-Fetch-Site` and, on every POST, `Origin`, and no page can forge them; a request with neither
    is not from a browser's form and belongs to the API.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        raise Refused("The form was sent from another site.")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused("The form was sent from another origin.")
    if site is None and origin is None:
        raise Refused("The form does not say where it was sent from. Programs use the API under /v1.")
