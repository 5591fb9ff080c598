"""What was published about a country, beside which a simulated population is laid (rates/published.yaml)."""

from typing import Literal

from lifeevents.domain.frozen import Frozen
from lifeevents.simulate.facts import Origin

Role = Literal["given", "emerges"]
"""given: the rates contain the figure, so agreeing shows that the machine keeps its rates.
emerges: nothing in the rates says so, and agreeing is a test of the model."""


class PublishedFigure(Origin):
    """One published figure.

    year:      the calendar year it is about. unit: in words, for people.
    allowance: how far the simulated figure may be from it, chance apart (absolute, in the unit); `because` says why.
    why:       what is behind a miss that stays; empty where none is known.
    """

    name: str
    topic: str
    unit: str
    year: int
    published: float
    allowance: float
    role: Role
    because: str
    why: str = ""


class Conflict(Frozen):
    """Sources that cannot all be right: what each says, which was chosen, and why."""

    about: str
    said: tuple[str, ...]
    chosen: str
    because: str


class NotSimulated(Origin):
    """A published figure that the simulation has no counterpart for."""

    name: str
    published: str
    why: str


class Published(Frozen):
    figures: tuple[PublishedFigure, ...]
    conflicts: tuple[Conflict, ...] = ()
    not_simulated: tuple[NotSimulated, ...] = ()
