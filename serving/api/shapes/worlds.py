"""Two worlds of one simulated population, told and untold. The pipeline saves them as the report `worlds`."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from serving.api.shapes.coverage import Reported


class BothWorlds(Reported):
    """One measure in both worlds, and the gain with its 95% interval (positive: the service helped)."""

    without: float
    with_service: float = Field(alias="with")
    value: float
    low: float
    high: float


class Gains(Reported):
    """Every measure over the cases (a thing that one person was told of) of some persons."""

    cases: int = Field(ge=0)
    persons: int = Field(ge=0)
    missed: BothWorlds
    lost: BothWorlds
    waited: BothWorlds
    done: BothWorlds
    asked: BothWorlds


class Worlds(Reported):
    """What the service changed for simulated people, told from `since` to `told_to` and followed to `until`."""

    simulated: Literal[True]
    people: int = Field(ge=0)
    since: date
    told_to: date
    until: date
    in_all: Gains


def worlds_of(report: Mapping[str, Any] | None) -> Worlds | None:
    """The saved report as a value; None before the first. Raises ValidationError when it has another shape."""
    return Worlds.model_validate(report) if report is not None else None
