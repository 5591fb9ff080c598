"""Published figures beside the simulated ones, each with its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lifeevents.domain.errors import PackError, did_you_mean
from lifeevents.simulate.figures import people, registers
from lifeevents.simulate.figures.ask import Ask, Measure
from lifeevents.simulate.figures.estimate import Estimate
from lifeevents.simulate.figures.tables import Dump
from lifeevents.simulate.published import PublishedFigure
from lifeevents.simulate.rates import Rates

MEASURES: dict[str, Measure] = people.MEASURES | registers.MEASURES
Verdict = Literal["agrees", "misses", "too few", "no evidence", "not covered"]
"""agrees, misses: within the tolerance, or not.
too few: within it, but chance alone is wider than the allowance, so agreeing says nothing.
no evidence: the published figure is from memory or assumed; it is shown and proves nothing, whatever comes out.
not covered: the simulation does not cover the figure's year, or has nobody to measure it on."""


@dataclass(frozen=True)
class Figure:
    """One published figure, and what a dump shows for it (None: the dump does not cover its year)."""

    published: PublishedFigure
    simulated: Estimate | None

    @property
    def tolerance(self) -> float:
        """The published figure's allowance, and chance at this size of population (half the 95% interval)."""
        return self.published.allowance + (self.simulated.noise if self.simulated else 0.0)

    @property
    def within(self) -> bool | None:
        """Is the simulated figure within the tolerance? None where there is none."""
        if self.simulated is None:
            return None
        return abs(self.simulated.value - self.published.published) <= self.tolerance

    @property
    def verdict(self) -> Verdict:
        """What the comparison says."""
        if self.simulated is None:
            return "not covered"
        if self.published.confidence in ("memory", "assumed"):
            return "no evidence"
        if not self.within:
            return "misses"
        return "too few" if self.simulated.noise > self.published.allowance else "agrees"

    @property
    def passed(self) -> bool | None:
        """True where the figure agrees, False where it misses, None where nothing can be said."""
        return {"agrees": True, "misses": False}.get(self.verdict)

    @property
    def why(self) -> str:
        """The explanation, where the figure is outside its tolerance."""
        if self.within is not False:
            return ""
        return self.published.why or "Not explained: nothing is known that would make this figure miss."

    def as_row(self) -> dict[str, Any]:
        """The figure for JSON: {name, published, simulated, tolerance, source, pass, ...}."""
        found, told = self.simulated, self.published
        return {
            "name": told.name, "topic": told.topic, "unit": told.unit, "year": told.year, "published": told.published,
            "simulated": found and round(found.value, 5), "low": found and round(found.low, 5),
            "high": found and round(found.high, 5), "tolerance": round(self.tolerance, 5),
            "allowance": told.allowance, "source": told.source, "confidence": told.confidence, "role": told.role,
            "within": self.within, "verdict": self.verdict, "pass": self.passed, "why": self.why,
        }  # fmt: skip


def figures_of(tables: Dump, rates: Rates) -> list[Figure]:
    """The published figures of the pack beside those of an open dump, in the pack's order."""
    force = rates.work.labour_force.value
    return [Figure(f, _measured(Ask(tables, f.year, force), MEASURES[f.name])) for f in rates.published.figures]


def _measured(ask: Ask, measure: Measure) -> Estimate | None:
    """The estimate, or None where the year was not simulated whole or nobody is there to measure it on."""
    if not ask.dump.covers(ask.year):
        return None
    try:
        return measure(ask)
    except ZeroDivisionError:  # so few people that a figure has an empty denominator
        return None


def check_measures(figures: Sequence[PublishedFigure]) -> None:
    """Refuse a figure that nothing measures, naming the nearest that something does."""
    for figure in figures:
        if figure.name not in MEASURES:
            raise PackError(
                f'published.yaml: nothing measures "{figure.name}" yet.{did_you_mean(figure.name, MEASURES)}'
            )
