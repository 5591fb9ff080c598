"""A fitted model on test samples it never saw, beside the floor and logistic regression, and the gates' word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa

from lifeevents.domain.milestone import Milestone
from models import ahead, boosted, floor, gates, logistic, monthly
from models.artefact import Artefact
from models.evaluate import Threshold, at_threshold, auc, average_precision, interval, metrics, sigmoid, threshold
from models.exposure import Exposure
from models.fairness import Reach, reaches
from models.leaning import leaning
from models.matrix import matrix
from models.predicted import known_share

LEAST_KNOWN = 0.005
"""The share of training rows that may know less than what the detector asks for."""

LEANING = 4_000
"""Of about so many training rows it is looked at what the model says."""


@dataclass(frozen=True)
class Judgement:
    """A fitted model and its rivals on the test samples.

    `label`: 1 where what is told came true; `p`, `floor_p`: chances of that; `model`, `floor`, `logistic`: figures;
    `chosen`: the working threshold of the one that serves, chosen on training people that its parts had not seen
    (None: none holds the precision). `gates`: what a challenger must pass; `reach`: its groups at its threshold;
    `leans_on`: each input's share of what the model says.
    """

    fitted: monthly.Fitted
    training: Exposure
    test: Exposure
    label: np.ndarray
    p: np.ndarray
    floor_p: np.ndarray
    model: dict[str, float]
    floor: dict[str, float]
    logistic: dict[str, float]
    gates: tuple[gates.Gate, ...]
    reach: tuple[Reach, ...]
    chosen: Threshold | None
    leans_on: dict[str, float]

    @property
    def promoted(self) -> bool:
        """Whether every gate was passed."""
        return all(gate.passed for gate in self.gates)

    @property
    def reason(self) -> str:
        """Why the model was promoted or not, in a sentence."""
        failed = [f"{gate.name}: {gate.said}" for gate in self.gates if not gate.passed]
        beats = self.gates[0]
        if not beats.passed:
            return f"not {beats.name}: {beats.said} on {len(self.test):,} later samples"
        return f"refused by {'; '.join(failed)}" if failed else f"{beats.name}: {beats.said}"

    @property
    def serving_p(self) -> np.ndarray:
        """The test chances of the one that serves."""
        return self.p if self.promoted else self.floor_p

    def intervals(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The model's 95% intervals by person: of the AUC and of the average precision."""
        people = self.test.people
        return interval(self.label, self.p, people, auc), interval(self.label, self.p, people, average_precision)

    def working(self) -> Threshold | None:
        """How the chosen threshold does on the test samples."""
        return at_threshold(self.label, self.serving_p, self.chosen.p) if self.chosen else None

    def lead_days(self) -> float | None:
        """Median days from speaking to the event, over those reached (None where nothing is told, or a lack is)."""
        days = self.leads()
        return float(np.median(days)) if len(days) else None

    def leads(self) -> np.ndarray:
        """Days from speaking to the event, of each true event told (none where nothing is told, or a lack is)."""
        if self.chosen is None:
            return np.zeros(0)
        days = self.test.days[(self.serving_p >= self.chosen.p) & (self.label == 1)]
        return days[~np.isnan(days)]

    def artefact(self, kind: Literal["model", "floor"], milestone: Milestone, as_of: date) -> tuple[Artefact, str]:
        """The model as a detector, promoted or not, and its trees; or the floor as one."""
        model = self.fitted.model if kind == "model" else self.fitted.model.floor_alone()
        made = Artefact(
            milestone=milestone.id,
            kind=kind,
            model=model,
            threshold=self.chosen,
            leans_on=self.leans_on if kind == "model" else {},
            least_known=float(np.quantile(known_share(model, self.training.rows), LEAST_KNOWN)),
            lacking=milestone.lacking,
            trained_as_of=as_of,
            service=milestone.id,
        )
        return made, self.fitted.trees if kind == "model" else ""


def told_chance(came: np.ndarray, milestone: Milestone) -> np.ndarray:
    """The chance of what is told: that the outcome comes, or with `lacking` that it does not."""
    return 1 - came if milestone.lacking else came


def labels(found: Exposure, milestone: Milestone) -> np.ndarray:
    """1.0 where what is told came true. The dead did not lack anything."""
    return np.where(found.died, 0.0, told_chance(found.came, milestone))


def judge(
    fitted: monthly.Fitted,
    training: Exposure,
    test: Exposure,
    milestone: Milestone,
    views: Mapping[str, np.ndarray],
    *,
    share: float = 1.0,
) -> Judgement:
    """Judge on test samples whose whole horizon is known; `views` are their groups, which no model reads;
    `share`: the share of people that the training cohort is."""
    label, people = labels(test, milestone), test.people
    booster = boosted.read(fitted.trees) if fitted.trees else None
    p = told_chance(ahead.chance(ahead.hazards(fitted.model, booster, test.rows)), milestone)
    floor_p = told_chance(floor.predict(fitted.model.floor, test.rows), milestone)
    line_p = told_chance(_logistic(fitted, training, test, share), milestone)
    chosen = _threshold(fitted, training, milestone)
    reach = tuple(reaches(label, p >= chosen.p, views)) if chosen else ()
    passed = (
        gates.better("the age-sex floor", label, p, floor_p, people, surely=True),
        gates.better("logistic regression", label, p, line_p, people, surely=False),
        *gates.calibrated(label, p, people),
        gates.fair(reach, milestone.uneven),
    )
    if not all(gate.passed for gate in passed):
        rows = training.where(training.closed & ~training.cases)
        before = told_chance(floor.predict(fitted.model.floor, rows.rows), milestone)
        chosen = threshold(labels(rows, milestone), before, milestone.precision_floor)
    figures = (metrics(label, one) for one in (p, floor_p, line_p))
    leans_on = leaning(fitted.model, booster, _some(training.cohort.rows))
    return Judgement(fitted, training, test, label, p, floor_p, *figures, passed, reach, chosen, leans_on)


def _some(rows: pa.Table) -> pa.Table:
    """At most `LEANING` rows, evenly spread over the days that were asked."""
    step = max(rows.num_rows // LEANING, 1)
    return rows.take(pa.array(np.arange(0, rows.num_rows, step)))


def _threshold(fitted: monthly.Fitted, training: Exposure, milestone: Milestone) -> Threshold | None:
    places, unseen = fitted.unseen
    shown = training.where(np.isin(np.arange(len(training)), places))
    order = np.argsort(places)
    return threshold(labels(shown, milestone), told_chance(unseen, milestone)[order], milestone.precision_floor)


def _logistic(fitted: monthly.Fitted, training: Exposure, test: Exposure, share: float) -> np.ndarray:
    """Plain logistic regression on the same inputs and closed training samples: the outcome within the horizon."""
    columns, known = fitted.model.columns, training.where(training.closed)
    if not columns:
        return floor.predict(fitted.model.floor, test.rows)
    made = logistic.fit(matrix(known.rows, columns), known.came, columns, logistic.STRENGTHS[1])
    return sigmoid(logistic.log_odds(made, matrix(test.rows, columns), columns) + np.log(share))
