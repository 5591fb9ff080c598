"""A simulated population beside published figures, as one HTML file and as the page of the documentation."""

from datetime import datetime
from importlib.metadata import version as installed
from itertools import groupby
from pathlib import Path

from lifeevents.simulate import Rates
from lifeevents.simulate.figures import Figure, Survey
from serving.reports.page import rendered, written

CLASSES = {
    "agrees": "better",
    "misses": "worse",
    "too few": "few",
    "no evidence": "unjudged",
    "not covered": "unjudged",
}
"""How the stylesheet colours a verdict."""
_TRACK = 2.0
"""The little track beside a figure is so many tolerances wide on either side."""


def write_report(path: Path, dump: Path, found: Survey, rates: Rates, *, now: datetime) -> None:
    """Write the HTML report, whole or not at all."""
    written(path, render(dump, found, rates, now=now))


def render(dump: Path, found: Survey, rates: Rates, *, now: datetime) -> str:
    """The report as HTML."""
    from serving.reports.population_charts import population_charts
    from serving.reports.register_charts import register_charts, season_charts

    curves = found.curves
    return rendered(
        "population.html",
        {"value": value, "place": place},
        name=dump.resolve().name,
        found=found,
        topics=topics(found),
        evidence=found.counted("agrees", "misses"),
        classes=CLASSES,
        rates=rates,
        charts=[
            ("People", population_charts(curves, rates)),
            ("Registers", register_charts(curves, rates)),
            ("The months of the year", season_charts(curves)),
        ]
        if curves
        else [],
        made={"on": now.date().isoformat(), "version": installed("lifeevents")},
    )


def topics(found: Survey) -> list[tuple[str, list[Figure]]]:
    """The figures by topic, in the pack's order."""
    return [(name, list(of)) for name, of in groupby(found.figures, key=lambda figure: figure.published.topic)]


def value(number: float | None, unit: str) -> str:
    """A number as people read it: a share in percent, else with as many places as make sense for its size."""
    if number is None:
        return "–"
    if unit.startswith("share"):
        return f"{100 * number:.2f}%" if abs(number) < 0.1 else f"{100 * number:.1f}%"
    if abs(number) < 0.1:
        return f"{number:.4f}"
    return f"{number:.2f}" if abs(number) < 10 else f"{number:.1f}"


def place(figure: Figure) -> float | None:
    """Where the simulated figure lies on its track: 0.5 is the published one, 0 and 1 are its ends."""
    if figure.simulated is None:
        return None
    off = (figure.simulated.value - figure.published.published) / figure.tolerance
    return 0.5 + max(-_TRACK, min(_TRACK, off)) / (2 * _TRACK)
