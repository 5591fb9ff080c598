"""The quality scoreboard: every register by the six principles. The pipeline saves it as the report `quality`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from lifeevents.domain.quality import Fault, Lag, Pair, Principle, Why
from lifeevents.domain.register import Text
from serving.api.shapes.coverage import Reported, Share


class Counts(Reported):
    """Counts of one month or province; key None: it is not known which."""

    key: str | None
    good: int = Field(ge=0)
    of: int = Field(ge=0)


class QualityNumber(Reported):
    """One share, good / of, with its 95% Wilson interval; without one, `why` says why."""

    principle: Principle
    good: int = Field(ge=0)
    of: int = Field(ge=0)
    share: Share
    low: Share
    high: Share
    few: bool
    why: Why | None
    months: tuple[Counts, ...] = ()
    provinces: tuple[Counts, ...] = ()


class QualityOfRegister(Reported):
    """One register: its numbers, the days from a fact to its record, and what costs most."""

    id: str
    title: Text
    owner: Text
    expected_lag: str | None
    rows: int = Field(ge=0)
    lag: Lag | None
    numbers: tuple[QualityNumber, ...]
    faults: tuple[Fault, ...]


class Quality(Reported):
    """The whole report, over the months `first` to `last` of recording."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "as_of": "2026-11-25",
                    "simulated": True,
                    "first": "2025-12-01",
                    "last": "2026-11-01",
                    "newest": "2026-11-20T08:00:00",
                    "undated": 0,
                    "registers": [],
                    "pairs": [],
                }
            ]
        }
    )

    as_of: date
    simulated: bool
    first: date
    last: date
    newest: datetime
    undated: int = Field(ge=0)
    registers: tuple[QualityOfRegister, ...]
    pairs: tuple[Pair, ...]


def quality_of(report: Mapping[str, Any] | None) -> Quality | None:
    """The saved report as a value; None before the first. Raises ValidationError when it has another shape."""
    return Quality.model_validate(report) if report is not None else None
