"""Watch the champions: do inputs and scores drift, do outcomes come as often as was said, is it time to train again?

The lake knows what was known on any day, so nothing has to be kept from training: the people of the day that the model
was last judged on are computed again and laid beside those of today. The population stability index (PSI) is
sum over bins of (share now - share then) x ln(share now / share then); under 0.1 is calm, over 0.2 has moved.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from features.catalogue import known_features
from features.compute import compute
from features.lake import Lake
from lifeevents.domain.calendar import Period, minus, plus
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from lifeevents.domain.watch import Calibrated, Drift, Reason, Watch
from models.asking import waiting
from models.curves import bins_of, reliability
from models.dataset import eligible, observed
from models.evaluate import calibration_slope, interval
from models.exposure import Exposure, exposed
from models.gates import SLOPE
from models.judge import labels
from models.matrix import matrix
from models.predicted import PredictedDetector
from models.registry import Registry
from models.task import of_milestone

Progress = Callable[[str, float], None]
PEOPLE = 20_000
"""At most so many people are looked at; the draw is by a hash of their id."""

BINS, MOVED, FLOOR = 10, 0.2, 1e-4
SHOWN, FEWEST = 8, 10
"""So many inputs are named; outcomes, and each point of the calibration, are of at least so many people."""

OLDEST = Period(months=12)


def psi(then: np.ndarray, now: np.ndarray) -> float:
    """The population stability index of numbers; unknown is a bin of its own, bins are tenths of `then`."""
    known = then[~np.isnan(then)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.zeros(0)
    shares = []
    for values in (then, now):
        missing = np.isnan(values)
        counts = np.bincount(np.searchsorted(edges, values[~missing], side="left"), minlength=len(edges) + 1)
        shares.append(np.maximum(np.append(counts, missing.sum()) / max(len(values), 1), FLOOR))
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def by_chance(then: int, now: int) -> float:
    """About the index that as many people from one population would show: (bins) x (1/then + 1/now)."""
    return BINS * (1 / max(then, 1) + 1 / max(now, 1))


def watch(lake: Lake, pack: Pack, var: Path, *, as_of: date, progress: Progress | None = None) -> list[Watch]:
    """Every champion with a model, on a day. A model trained before it is compared with the day it was judged on."""
    registry, found, days = Registry(var), [], _Days(lake, pack)
    predicted = [m for m in pack.milestones.values() if m.kind == "predicted" and registry.has(m.id)]
    for number, milestone in enumerate(predicted):
        if progress:
            progress(milestone.id, number / len(predicted))
        stored = registry.load(milestone.id)
        if stored.artefact.model.samples:
            detector = PredictedDetector(milestone, known_features(pack.vocabulary), stored)
            found.append(_watch(days, milestone, detector, stored.artefact.trained_as_of, as_of))
    if progress:
        progress("done", 1.0)
    return found


@dataclass(frozen=True)
class _Days:
    """Features of people by day; those of a draw of everyone are computed once for all the models that ask it."""

    lake: Lake
    pack: Pack
    kept: dict[date, pa.Table] = field(default_factory=dict)

    def rows(self, con: duckdb.DuckDBPyConnection, milestone: Milestone, day: date) -> pa.Table:
        """Those whom the milestone asks about on a day, before its rule."""
        if milestone.after:
            return compute(con, self.pack.vocabulary, waiting(con, milestone, [day]))
        if day not in self.kept:
            self.kept[day] = compute(con, self.pack.vocabulary, observed(con, [day], people=PEOPLE))
        return self.kept[day]


@dataclass(frozen=True)
class _Asked:
    """A champion and the people it is watched on: of the day it was judged on, of today, and (with what came of them)
    of a horizon ago."""

    detector: PredictedDetector
    judged: date
    then: pa.Table
    as_of: date
    now: pa.Table
    asked: date
    past: Exposure


def _watch(days: _Days, milestone: Milestone, detector: PredictedDetector, trained: date, as_of: date) -> Watch:
    people = _asked(days, milestone, detector, trained, as_of)
    moved, score = _drift(people)
    by_luck = by_chance(people.then.num_rows, people.now.num_rows)
    label = labels(people.past, milestone)
    chances = detector.chances(people.past.rows, people.asked)
    sure = ~np.isnan(chances)
    label, chances, ids = label[sure], chances[sure], people.past.people[sure]
    enough = len(label) >= FEWEST
    expected, came = float(chances.sum()), int(label.sum())
    spread = sqrt(float((chances * (1 - chances)).sum()))
    slope = low = high = None
    if enough and 0 < came < len(label):
        slope = calibration_slope(label, chances)
        low, high = interval(label, chances, ids, calibration_slope, draws=100)
    found: dict[Reason, bool] = {
        "scores_moved": score > MOVED + by_luck,
        "outcomes_differ": enough and abs(came - expected) > max(1.96 * spread, 0.1 * expected),
        "slope_off": low is not None and high is not None and (low > SLOPE[1] or high < SLOPE[0]),
        "old": plus(trained, OLDEST) < as_of,
    }
    return Watch(
        milestone=milestone.id,
        trained=trained,
        asked=people.asked,
        people=people.now.num_rows,
        drifted=sum(one.psi > MOVED + by_luck for one in moved),
        moved=tuple(moved[:SHOWN]),
        score_psi=score,
        chance_psi=by_luck,
        expected=expected if enough else None,
        came=came if enough else None,
        slope=slope,
        slope_low=low,
        slope_high=high,
        calibration=_calibration(label, chances),
        reasons=tuple(reason for reason, holds in found.items() if holds),
    )


def _asked(days: _Days, milestone: Milestone, detector: PredictedDetector, trained: date, as_of: date) -> _Asked:
    vocabulary = days.pack.vocabulary
    task = of_milestone(milestone, known_features(vocabulary))
    judged, asked = minus(trained, task.horizon), minus(as_of, task.horizon)
    with duckdb.connect() as con:
        days.lake.attach(con)
        then, now, before = (eligible(days.rows(con, milestone, day), task) for day in (judged, as_of, asked))
        past = exposed(con, before, task, vocabulary.deaths, known_by=as_of, recorded=milestone.lacking)
    return _Asked(detector, judged, then, as_of, now, asked, past.where(past.closed))


def _drift(people: _Asked) -> tuple[list[Drift], float]:
    """Every input's drift, the most first, and that of the chances; none where nobody was asked on one of the days."""
    if not (people.then.num_rows and people.now.num_rows):
        return [], 0.0
    moved = [
        Drift(name=column.name, psi=psi(matrix(people.then, [column])[:, 0], matrix(people.now, [column])[:, 0]))
        for column in people.detector.inputs
    ]
    chances = people.detector.chances
    return sorted(moved, key=lambda one: -one.psi), psi(
        chances(people.then, people.judged), chances(people.now, people.as_of)
    )


def _calibration(label: np.ndarray, chances: np.ndarray) -> tuple[Calibrated, ...]:
    """What was said and what came, in bins of equal size; none where a bin would be of fewer than ten people."""
    bins = bins_of(chances, int(label.sum()))
    found = reliability(label, chances, bins)
    if not found or min(one.rows for one in found) < FEWEST:
        return ()
    return tuple(Calibrated(chance=one.chance, share=one.share, people=one.rows) for one in found)
