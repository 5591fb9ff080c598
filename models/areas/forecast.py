"""A year ahead for every area: numbers for planners, with intervals, in cells of ten and more."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from features.lake import Lake
from lifeevents.domain.errors import NotFound
from lifeevents.domain.forecast import AreaForecast, Cell, Expected, Forecasting, Forecasts, Span
from lifeevents.domain.pack import Pack
from models.areas.cells import Part, by_quarter, parted
from models.areas.counts import Counts, Progress, counted, days_before, ends_of
from models.areas.rates import DRAWS, Learned, learned

YEARS = 8
"""At most so many past years are learned from."""

PERCENTILES = (2.5, 10, 90, 97.5)


def forecasts(lake: Lake, pack: Pack, *, as_of: date, simulated: bool, progress: Progress | None = None) -> Forecasts:
    """Every forecast that the pack declares, from what was known at the end of a day.

    Raises NotFound when the pack declares none, and LifeEventsError when a register has not delivered for long enough.
    """
    if not pack.forecasts:
        raise NotFound(f'the pack "{pack.id}" declares no forecast. Describe one in its folder forecasts/.')
    asked = {id: days_before(lake, pack, one, as_of, YEARS) for id, one in pack.forecasts.items()}
    counts = counted(lake, pack, asked, progress)
    found = tuple(forecast(one, counts[id]) for id, one in pack.forecasts.items())
    if progress:
        progress("done", 1.0)
    return Forecasts(as_of=as_of, simulated=simulated, forecasts=found)


def forecast(declared: Forecasting, counts: Counts) -> AreaForecast:
    """The year after the last day of the counts, as it may be published."""
    now = len(counts.days) - 1
    ahead = learned(counts, now, YEARS)
    parts, people = parts_of(counts, ahead, now, declared.least), counts.people[now].sum(axis=1)
    country: Cell | None = None
    cells: list[Cell] = []
    if parts:
        drawn = futures(ahead, [part.members for part in parts], seed=counts.days[now].toordinal())
        means = np.stack([ahead.expected[:, list(part.members)].sum(axis=1) for part in parts], axis=1)
        whole, shown = by_quarter(means, declared.least)
        cells = [
            _cell(part, int(people[list(part.members)].sum()), mean, mine, quarters=bool(quarters))
            for part, mean, mine, quarters in zip(parts, means.T, drawn, shown, strict=True)
        ]
        country = _cell(Part((), ()), int(people.sum()), means.sum(axis=1), sum(drawn), quarters=whole)
    return AreaForecast(
        id=declared.id,
        title=declared.title,
        about=declared.about,
        areas=declared.areas,
        least=declared.least,
        quarters=_spans(counts.days[now]),
        learned_from=Span(after=counts.days[max(now - YEARS, 0)], until=counts.days[now]),
        country=country,
        cells=tuple(cells),
    )


def parts_of(counts: Counts, ahead: Learned, now: int, least: int) -> list[Part]:
    """The cells that may be published of what is expected on the `now`-th day."""
    return parted(counts.areas, counts.people[now].sum(axis=1), ahead.expected.sum(axis=0), least)


def futures(ahead: Learned, groups: Sequence[Sequence[int]], *, seed: int) -> list[np.ndarray]:
    """Drawn outcomes of groups of areas, each by (draw, quarter), under the same country levels: they may be added."""
    random = np.random.default_rng(seed)
    levels = ahead.level.draw(random, DRAWS, len(ahead.base))
    return [ahead.draw(np.array(group), random, levels) for group in groups]


def _cell(part: Part, people: int, mean: np.ndarray, drawn: np.ndarray | int, *, quarters: bool) -> Cell:
    numbers = np.asarray(drawn)
    return Cell(
        codes=part.codes,
        merged=part.merged,
        people=people,
        year=_expected(float(mean.sum()), numbers.sum(axis=1)),
        quarters=tuple(map(_expected, mean.tolist(), numbers.T)) if quarters else (),
    )


def _expected(mean: float, drawn: np.ndarray) -> Expected:
    low_95, low_80, high_80, high_95 = (int(n) for n in np.percentile(drawn, PERCENTILES, method="inverted_cdf"))
    return Expected(mean=round(mean, 1), low_80=low_80, high_80=high_80, low_95=low_95, high_95=high_95)


def _spans(day: date) -> tuple[Span, ...]:
    ends = ends_of(day)
    return tuple(Span(after=after, until=until) for after, until in zip((day, *ends), ends, strict=False))
