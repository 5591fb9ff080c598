"""Templates into pages: escaped, in the person's language, with addresses that keep the language chosen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lifeevents.domain.calendar import Period
from lifeevents.domain.pack import Pack
from serving.api.language import pick
from serving.api.visit import words_for
from serving.web.wording import Words

TEMPLATES = Path(__file__).parent / "templates"


class Renderer:
    """The pack's pages. A name a template does not get is an error, never an empty place."""

    def __init__(self, pack: Pack, spoken: Mapping[str, Words], *, demo: bool, story: bool = False) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(pack=pack, demo=demo, story=story, spoken=spoken, parse_period=Period.parse)

    def page(self, request: Request, template: str, status: int = 200, **given: Any) -> HTMLResponse:
        """The page, never stored by caches: who reads what is nobody's business."""
        words = words_for(request)
        html = self._environment.get_template(template).render(
            t=words,
            lang=words.language,
            path=request.url.path,
            url=lambda path, **query: address(request, path, **query),
            switch=lambda language: switched(request, language),
            pick=lambda text: pick(text, words.language),
            **given,
        )
        headers = {"Content-Language": words.language, "Cache-Control": "no-store", "Vary": "Accept-Language"}
        return HTMLResponse(html, status, headers)


def address(request: Request, path: str, **query: str) -> str:
    """A path of ours, carrying on the language the person chose in the address (no cookie needed)."""
    if lang := request.query_params.get("lang"):
        query["lang"] = lang
    return f"{path}?{urlencode(query)}" if query else path


def switched(request: Request, language: str) -> str:
    """This very page in another language."""
    kept = {key: value for key, value in request.query_params.items() if key not in ("lang", "said", "offer")}
    return f"{request.url.path}?{urlencode(kept | {'lang': language})}"


def page(request: Request, template: str, status: int = 200, **given: Any) -> HTMLResponse:
    """A page by the application's renderer."""
    renderer: Renderer = request.app.state.renderer
    return renderer.page(request, template, status, **given)
