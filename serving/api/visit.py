"""One request: the service behind it, the language of the answer, and the moment it is decided at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from lifeevents.domain.calendar import local_day
from lifeevents.domain.errors import NotFound
from lifeevents.domain.pack import Pack
from lifeevents.ports import Unit
from serving.api.language import negotiate
from serving.api.service import Service
from serving.web.wording import Words

SubjectId = Annotated[
    str,
    Path(
        description="The subject's pseudonym.",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:@+-]{0,127}$",
        examples=["s-7f3a9c21d4e8"],
    ),
]


class Asked(BaseModel):
    """What every route takes in its query; anything else is refused with 422."""

    model_config = ConfigDict(extra="forbid")

    lang: str | None = Field(
        default=None,
        max_length=8,
        description="Language of the answer; without it, Accept-Language decides, then the pack's first language.",
        examples=["vi"],
    )


@dataclass(frozen=True)
class Visit:
    """The service, the words, and one moment for the whole request."""

    service: Service
    words: Words
    now: datetime

    @property
    def pack(self) -> Pack:
        """The country."""
        return self.service.pack

    @property
    def today(self) -> date:
        """The local day."""
        return local_day(self.now, self.pack.tz)

    @property
    def language(self) -> str:
        """The language of the answer."""
        return self.words.language

    @contextmanager
    def reading(self, subject_id: str, what: str, **detail: Any) -> Iterator[Unit]:
        """A transaction that reads or changes what belongs to a subject, with its audit row.

        The row commits with the block; an answer built after the block is never sent without it.
        """
        with self.service.ledger.begin() as unit:
            yield unit
            unit.audit(self.service.actor, what, subject_id, detail, now=self.now)


@contextmanager
def alike() -> Iterator[None]:
    """Make the absent and the not-yours indistinguishable: whatever was not found, the same words."""
    try:
        yield
    except NotFound:
        raise NotFound from None


def words_for(request: Request) -> Words:
    """The words a request is answered in; an unknown `?lang=` counts as none (the route refuses it with 422)."""
    spoken: dict[str, Words] = request.app.state.words
    asked = request.query_params.get("lang")
    if asked in spoken:
        return spoken[asked]
    return spoken[negotiate(request.headers.get("accept-language"), tuple(spoken))]


def visit(request: Request) -> Visit:
    """The request's Visit. Raises RequestValidationError (422) for a language that is not offered."""
    spoken, asked = request.app.state.words, request.query_params.get("lang")
    if asked is not None and asked not in spoken:
        raise invalid("query", "lang", f'"{asked}" is not offered; there is {", ".join(spoken)}.')
    service: Service = request.app.state.service
    return Visit(service, words_for(request), service.clock.now())


def invalid(where: str, name: str, message: str) -> RequestValidationError:
    """A 422 for something only this code can judge, in the shape FastAPI's own have."""
    return RequestValidationError([{"type": "value_error", "loc": (where, name), "msg": message, "input": None}])


Visiting = Annotated[Visit, Depends(visit)]
