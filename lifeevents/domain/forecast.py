"""Forecasts for areas: what a pack declares, and what is published of it. Areas are spoken of, never a person."""

from datetime import date

from pydantic import Field

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import Text

LEAST = 10
"""No published number speaks of fewer people at risk, or of fewer expected outcomes, than this."""


class Forecasting(Frozen):
    """One forecast, as its YAML file says it (docs/forecasts.md).

    `outcome` is an event type, which may be sensitive here, because no person is spoken of. `at_risk` is a rule over
    features: to whom it can happen within a year. `areas` are attributes from coarse to fine; `by` are attributes that
    tell groups of unlike chance apart, beside sex and bands of `age_band` years. `least`: the smallest number that may
    be published.
    """

    id: str
    title: Text
    about: Text
    outcome: str
    at_risk: str
    areas: tuple[str, ...] = Field(min_length=1)
    by: tuple[str, ...] = ()
    age_band: int = Field(default=5, ge=1, le=20)
    least: int = Field(default=LEAST, ge=LEAST)


class Expected(Frozen):
    """A number of outcomes: the mean, and whole numbers between which the count lies in 80% and 95% of futures."""

    mean: float = Field(ge=0)
    low_80: int = Field(ge=0)
    high_80: int = Field(ge=0)
    low_95: int = Field(ge=0)
    high_95: int = Field(ge=0)


class Span(Frozen):
    """The days after `after`, up to and with `until`."""

    after: date
    until: date


class Cell(Frozen):
    """One published area, of which no part is published beside it.

    `codes`: its attributes' values, as many as are told apart (none: the country); None is "not known". `merged`: the
    codes of the areas one level below `codes` that were too small alone and are told together (empty: the whole area).
    `quarters` is empty where a quarter would be too small a number.
    """

    codes: tuple[str | None, ...]
    merged: tuple[str | None, ...] = ()
    people: int = Field(ge=LEAST)
    year: Expected
    quarters: tuple[Expected, ...] = ()


class AreaForecast(Frozen):
    """One forecast on a day. The cells part the country: each person at risk is in exactly one.

    `country` is None when even the country is too small a number, and then there are no cells. `learned_from`: the
    first and the last day from which a year of outcomes was learned.
    """

    id: str
    title: Text
    about: Text
    areas: tuple[str, ...]
    least: int
    quarters: tuple[Span, ...]
    learned_from: Span
    country: Cell | None
    cells: tuple[Cell, ...]


class Forecasts(Frozen):
    """Every forecast of a pack on a day. `simulated`: of people who do not exist."""

    as_of: date
    simulated: bool
    forecasts: tuple[AreaForecast, ...]
