"""Watch the champions: do inputs and scores drift, do outcomes come as often as was said, is it time to train again?

The lake knows what was known on any day, so nothing has to be kept from training: the people of the day that the model
was last judged on are computed again and laid beside those of today. The population stability index (PSI) is
sum over bins of (share now - share then) x ln(share now / share then); under 0.1 is calm, over 0.2 has moved.
"""

from collections.abc import Callable
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
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from models.asking import waiting
from models.dataset import eligible, observed
from models.evaluate import calibration_slope, interval
from models.exposure import exposed
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
OLDEST = Period(months=12)


class Watch(Frozen):
    """One champion on a day.

    `drifted`: inputs whose PSI is over 0.2; `score_psi`: that of its chances; `expected` outcomes of those asked a
    horizon ago, by their chances then, and how many `came`; `slope` of their calibration (1 when odds mean what they
    say); `reasons`: why to train again.
    """

    milestone: str
    as_of: date
    people: int
    drifted: int
    worst: str
    worst_psi: float
    score_psi: float
    expected: float
    came: int
    slope: float
    reasons: tuple[str, ...]


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
    registry, found = Registry(var), []
    predicted = [m for m in pack.milestones.values() if m.kind == "predicted" and registry.has(m.id)]
    for number, milestone in enumerate(predicted):
        if progress:
            progress(milestone.id, number / len(predicted))
        stored = registry.load(milestone.id)
        if stored.artefact.model.samples:
            detector = PredictedDetector(milestone, known_features(pack.vocabulary), stored)
            found.append(_watch(lake, pack, milestone, detector, stored.artefact.trained_as_of, as_of))
    if progress:
        progress("done", 1.0)
    return found


def _watch(
    lake: Lake, pack: Pack, milestone: Milestone, detector: PredictedDetector, trained: date, as_of: date
) -> Watch:
    task = of_milestone(milestone, known_features(pack.vocabulary))
    judged, asked = minus(trained, task.horizon), minus(as_of, task.horizon)
    with duckdb.connect() as con:
        lake.attach(con)

        def rows_on(day: date) -> pa.Table:
            spine = waiting(con, milestone, [day]) if milestone.after else observed(con, [day], people=PEOPLE)
            return eligible(compute(con, pack.vocabulary, spine), task)

        then, now = rows_on(judged), rows_on(as_of)
        before = then if asked == judged else rows_on(asked)
        past = exposed(con, before, task, pack.vocabulary.deaths, known_by=as_of, recorded=milestone.lacking)
    columns = detector.inputs
    moved = {
        column.name: psi(matrix(then, [column])[:, 0], matrix(now, [column])[:, 0])
        for column in columns
        if then.num_rows and now.num_rows
    }
    worst = max(moved, key=lambda name: moved[name], default="")
    score = psi(detector.chances(then, judged), detector.chances(now, as_of)) if then.num_rows and now.num_rows else 0.0
    closed = past.where(past.closed)
    chances = detector.chances(closed.rows, asked)
    sure = ~np.isnan(chances)
    expected, came = float(chances[sure].sum()), int(labels(closed, milestone)[sure].sum())
    spread = sqrt(float((chances[sure] * (1 - chances[sure])).sum()))
    reasons = []
    if score > MOVED + by_chance(then.num_rows, now.num_rows):
        reasons.append(f"scores have moved (PSI {score:.2f}), most of all with {worst} ({moved.get(worst, 0.0):.2f})")
    if abs(came - expected) > max(1.96 * spread, 0.1 * expected):
        reasons.append(f"{came} outcomes came where {expected:.0f} were expected")
    label, told = labels(closed, milestone)[sure], chances[sure]
    slope, low, high = 1.0, 0.0, 2.0
    if 0 < came < len(label):
        slope = calibration_slope(label, told)
        low, high = interval(label, told, closed.people[sure], calibration_slope, draws=100)
    if low > SLOPE[1] or high < SLOPE[0]:
        reasons.append(f"the calibration slope is {slope:.2f} (95% {low:.2f} to {high:.2f})")
    if plus(trained, OLDEST) < as_of:
        reasons.append(f"trained as of {trained}, more than a year ago")
    return Watch(
        milestone=milestone.id,
        as_of=as_of,
        people=now.num_rows,
        drifted=sum(value > MOVED for value in moved.values()),
        worst=worst,
        worst_psi=moved.get(worst, 0.0),
        score_psi=score,
        expected=expected,
        came=came,
        slope=slope,
        reasons=tuple(reasons),
    )
