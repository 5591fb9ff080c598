"""What a person sees when something went wrong: what happened, what was not lost, what to do."""

from fastapi import Request, Response

from serving.api.problem import Problem
from serving.web.renderer import page as render


def page(request: Request, problem: Problem) -> Response:
    """The error page. It shows the problem's title and our general words, never a program's message."""
    return render(request, "error.html", problem.status, problem=problem)
