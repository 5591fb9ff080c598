"""Errors at the edge: the domain's tree, validation and routing errors become problems, or a page for a person."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from lifeevents.domain.errors import Conflict, LifeEventsError, NotFound, Refused, Unavailable
from serving.api.problem import FieldProblem, Problem, ProblemResponse, type_of
from serving.api.security import secure
from serving.api.visit import words_for


class Told(HTTPException):
    """A refusal of the API's own, whose sentence says what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: tuple[FieldProblem, ...] = (),
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.errors = errors


STATUS: Mapping[type[LifeEventsError], int] = {NotFound: 404, Conflict: 409, Refused: 403, Unavailable: 503}
"""Everything else of the tree is ours to repair: 500."""
RETRY_AFTER_SECONDS = 10
Page = Callable[[Request, Problem], Response]


def install(app: FastAPI, page: Page) -> None:
    """Answer every error of `app`: with a problem under the API's paths, elsewhere with `page`."""

    def respond(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
        if problem.status == 503:
            headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} | dict(headers or {})
        if _is_api(request):
            return secure(ProblemResponse(problem, dict(headers or {})))
        response = page(request, problem)
        response.headers.update(headers or {})
        return secure(response)

    @app.exception_handler(LifeEventsError)
    def ours(request: Request, error: LifeEventsError) -> Response:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
        said = str(error) if status in (403, 404, 409) else None
        return respond(request, problem_of(request, status, said))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return respond(request, problem_of(request, 422, errors=tuple(map(_field, error.errors()))))

    @app.exception_handler(Told)
    def told(request: Request, error: Told) -> Response:
        return respond(request, problem_of(request, error.status_code, error.detail, error.errors), error.headers)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        return respond(request, problem_of(request, error.status_code), error.headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        return respond(request, problem_of(request, 500))


def problem_of(
    request: Request, status: int, detail: str | None = None, errors: tuple[FieldProblem, ...] = ()
) -> Problem:
    """The problem for a status, in the request's language; `detail` replaces the general one."""
    words = words_for(request)
    key = f"problem.{status}" if f"problem.{status}.title" in words.texts else "problem.other"
    return Problem(
        type=type_of(status),
        title=words(f"{key}.title"),
        status=status,
        detail=detail or words(f"{key}.detail"),
        errors=errors,
    )


def _is_api(request: Request) -> bool:
    """Programs get problems; whoever asks for a page gets a page."""
    path, accept = request.url.path, request.headers.get("accept", "")
    if path.startswith(("/v1/", "/health/")) or path == "/openapi.json":
        return True
    return "json" in accept and "text/html" not in accept


def _field(error: Mapping[str, Any]) -> FieldProblem:
    """One of pydantic's errors, without the input: what someone sent is never echoed or logged."""
    where, path = error["loc"][0], error["loc"][1:]
    if where != "body":
        return FieldProblem(parameter=".".join(str(step) for step in path), detail=error["msg"])
    steps = () if error["type"] == "json_invalid" else path
    return FieldProblem(pointer="".join(f"/{step}" for step in steps), detail=error["msg"])
