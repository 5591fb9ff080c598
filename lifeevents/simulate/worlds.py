"""Two worlds: the same people with the service and without it. Only the notice differs, so all the rest cancels out.

A case is one thing that one notice told one person of. What she does untold is the world without the service; what
she does on the notice's day of delivery is the world with it; both hang on the same draws (`behaviour.what_follows`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.behaviour import Deed, Manner, Matter, is_told_later, what_follows
from lifeevents.simulate.behaviour_rates import BehaviourRates
from lifeevents.simulate.columns import Floats
from lifeevents.simulate.resampling import Interval, resampled

Measure = Literal["missed", "lost", "waited", "done", "asked"]
"""What is summed over cases in each world, among the cases to which the matter applies:

missed: the last day in time lay before the end, and it was not done by then.
lost:   a benefit that lapsed before the end unclaimed.
waited: days from the first possible day to the doing, for cases done by the end in both worlds.
done:   it was done by the end.
asked:  papers that a register holds and the person was asked for all the same: all of them where she applied by
        herself, none where she followed the notice to a form filled in by it; for cases done by the end in both worlds.
"""
MEASURES: tuple[Measure, ...] = get_args(Measure)
_GAIN = np.array([1, 1, 1, -1, 1])
"""Whether more without the service, or more with it, is the gain."""


@dataclass(frozen=True)
class Case:
    """One matter, whom it was told and when, its last day in time, and how many needed papers a register holds.

    `lapses` is the day after which a benefit is lost for good, where it is one and the person lives to see that day.
    """

    milestone: str
    procedure: str
    person: Manner
    matter: Matter
    told_on: date
    last: date | None = None
    lapses: date | None = None
    papers: int = 0


@dataclass(frozen=True)
class Gain:
    """One measure in both worlds, and the gain with its 95% interval (positive: the service helped)."""

    without: float
    with_service: float
    gain: Interval


@dataclass(frozen=True)
class Comparison:
    """Gains by measure over some cases of so many persons."""

    cases: int
    persons: int
    gains: dict[Measure, Gain]


@dataclass(frozen=True)
class Uptake:
    """Share that has done it within the window from the notice: of those told, of a random group told later, and the
    net of the two, beside the effect that both worlds together show (which no real country could see)."""

    told: int
    later: int
    share_told: float
    share_later: float
    net: Interval
    true_effect: float


def without_service(cases: Sequence[Case], rates: BehaviourRates, seed: int) -> list[Deed]:
    """What everyone does when nobody is told."""
    return [what_follows(case.person, case.matter, None, rates=rates, seed=seed) for case in cases]


def with_service(cases: Sequence[Case], rates: BehaviourRates, seed: int) -> list[Deed]:
    """What everyone does when each is told on the day of the case."""
    return [what_follows(case.person, case.matter, case.told_on, rates=rates, seed=seed) for case in cases]


def compare(
    cases: Sequence[Case], alone: Sequence[Deed], helped: Sequence[Deed], *, until: date, seed: int
) -> Comparison:
    """Both worlds' sums by measure, for deeds without and with the service, as seen on the day `until`.

    Persons are resampled with all their cases (bootstrap, percentiles).
    """
    values = np.array([_values(*row, until) for row in zip(cases, alone, helped, strict=True)], np.float64)
    values = values.reshape(len(cases), len(MEASURES), 2)
    persons = _persons(cases)
    differences = (values[:, :, 0] - values[:, :, 1]) * _GAIN
    intervals = resampled(differences, persons, lambda sums: sums, seed=seed)
    sums = values.sum(axis=0)
    gains = {
        name: Gain(float(sums[i, 0]), float(sums[i, 1]), interval)
        for i, (name, interval) in enumerate(zip(MEASURES, intervals, strict=True))
    }
    return Comparison(len(cases), len(np.unique(persons)), gains)


def uptake(
    cases: Sequence[Case], alone: Sequence[Deed], helped: Sequence[Deed], rates: BehaviourRates, seed: int
) -> Uptake:
    """Net uptake as a real country could measure it: some persons, drawn at random, are told later than the window."""
    later = np.array([is_told_later(case.person.subject_id, rates, seed) for case in cases], np.bool_)
    window = timedelta(days=rates.uptake_days.value)
    done = np.array(
        [[_by(deed, case.told_on + window) for deed in both] for case, *both in zip(cases, alone, helped, strict=True)],
        np.float64,
    ).reshape(len(cases), 2)
    seen = np.where(later, done[:, 0], done[:, 1])
    columns = np.column_stack([~later, seen * ~later, later, seen * later])

    def net(sums: Floats) -> Floats:
        return (_share(sums[:, 1], sums[:, 0]) - _share(sums[:, 3], sums[:, 2]))[:, None]

    (interval,) = resampled(columns, _persons(cases), net, seed=seed)
    told, told_done, held, held_done = columns.sum(axis=0)
    effect = float((done[:, 1] - done[:, 0]).mean()) if len(cases) else 0.0
    return Uptake(
        int(told), int(held), float(_share(told_done, told)), float(_share(held_done, held)), interval, effect
    )


def _values(case: Case, alone: Deed, helped: Deed, until: date) -> list[tuple[float, float]]:
    """Each measure without and with the service."""
    if not case.matter.applies:
        return [(0, 0)] * len(MEASURES)
    both = (alone, helped)
    done = [_by(deed, until) for deed in both]
    missed, lost = ([_too_late(deed, day, until) for deed in both] for day in (case.last, case.lapses))
    compared = all(done)
    waited = [(deed.applied_on - case.matter.opens).days if compared and deed.applied_on else 0 for deed in both]
    asked = [case.papers if compared and deed.applied_on == alone.applied_on else 0 for deed in both]
    return [(float(a), float(b)) for a, b in (missed, lost, waited, done, asked)]


def _too_late(deed: Deed, last: date | None, until: date) -> bool:
    """Has the last day gone by without the deed?"""
    return last is not None and last < until and not _by(deed, last)


def _by(deed: Deed, day: date) -> bool:
    return deed.applied_on is not None and deed.applied_on <= day


def _persons(cases: Sequence[Case]) -> NDArray[np.int64]:
    """A number for each case's person."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(case.person.subject_id, len(numbers)) for case in cases], np.int64)


def _share(part: Floats, whole: Floats) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(np.shape(part)), where=np.asarray(whole) > 0)
