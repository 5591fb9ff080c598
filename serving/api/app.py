"""The web application: the API under /v1, the pages, and the one way both answer errors."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from serving.api import errors
from serving.api.openapi import describe
from serving.api.routes import (
    answers,
    applications,
    catalogue,
    coverage,
    events,
    explanations,
    forecasts,
    health,
    inbox,
    monitor,
    quality,
    quarantine,
    recommendations,
)
from serving.api.security import SecurityHeaders
from serving.api.service import Service
from serving.web import pages
from serving.web.renderer import Renderer
from serving.web.wording import words_of


def create_app(service: Service) -> FastAPI:
    """The application around a service. Raises PackError when one of the pack's languages lacks a text."""
    app = FastAPI(title="lifeevents", version="1", docs_url=None, redoc_url=None, swagger_ui_oauth2_redirect_url=None)
    app.state.service = service
    app.state.words = words_of(service.pack)
    app.state.renderer = Renderer(service.pack, app.state.words, demo=service.demo, story=service.story is not None)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    app.add_middleware(SecurityHeaders)
    for resource in (recommendations, explanations, inbox, answers, applications, catalogue, coverage):
        app.include_router(resource.router)
    for resource in (quality, quarantine, events, forecasts, monitor):
        app.include_router(resource.router)
    app.include_router(health.router)
    public = (pages.home, pages.citizen, pages.why, pages.coverage, pages.quality, pages.catalogue, pages.reference)
    for page in (*public, pages.quarantine, pages.forecasts, pages.monitor):
        app.include_router(page.router, include_in_schema=False)
    if service.story is not None:
        app.include_router(pages.story.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=pages.STATIC), name="static")
    errors.install(app, pages.error.page)
    return app
