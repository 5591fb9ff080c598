"""The judgement on a fitted model: the floor beside it on the same later samples, the gate, and where it speaks."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa

from lifeevents.domain.milestone import Milestone
from models import boosted, floor, hazard
from models.artefact import Artefact
from models.dataset import Samples
from models.evaluate import Threshold, at_threshold, auc, average_precision, interval, metrics, threshold
from models.predicted import known_share

LEAST_KNOWN = 0.005
"""The share of training rows that may know less than what the detector asks for."""


@dataclass(frozen=True)
class Judgement:
    """A fitted model and the floor on the test samples.

    `p` and `floor_p` are their chances, `model` and `floor` their figures; `chosen` is the working threshold of the
    one that serves, chosen on training people whom its parts had not seen (None: none holds the precision).
    """

    fitted: hazard.Fitted
    training: Samples
    test: Samples
    p: np.ndarray
    floor_p: np.ndarray
    model: dict[str, float]
    floor: dict[str, float]
    promoted: bool
    chosen: Threshold | None

    @property
    def reason(self) -> str:
        """Why the model was promoted or not, in a sentence."""
        return (
            f"{'better' if self.promoted else 'not better'} than the age-sex floor: average precision "
            f"{self.model['average_precision']:.4f} against {self.floor['average_precision']:.4f} on "
            f"{len(self.test):,} later samples"
        )

    @property
    def serving_p(self) -> np.ndarray:
        """The test chances of the one that serves."""
        return self.p if self.promoted else self.floor_p

    def intervals(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The model's 95% intervals by person: of the AUC and of the average precision."""
        people, label = np.asarray(self.test.rows["subject_id"].to_pylist(), dtype=str), self.test.labels
        return interval(label, self.p, people, auc), interval(label, self.p, people, average_precision)

    def working(self) -> Threshold | None:
        """How the chosen threshold does on the test samples."""
        return at_threshold(self.test.labels, self.serving_p, self.chosen.p) if self.chosen else None

    def lead_days(self) -> float | None:
        """Median days from speaking to the event, over those reached."""
        if self.chosen is None:
            return None
        days = self.test.days.filter(pa.array(self.serving_p >= self.chosen.p)).drop_null()
        return float(np.median(days.to_numpy())) if len(days) else None

    def artefact(self, milestone: Milestone, as_of: date) -> tuple[Artefact, str]:
        """The model as a detector, promoted or not, and its trees."""
        return self._artefact("model", self.fitted.model, milestone, as_of), self.fitted.trees

    def floor_artefact(self, milestone: Milestone, as_of: date) -> Artefact:
        """The floor as a detector: what serves when the gate refused the model."""
        return self._artefact("floor", self.fitted.model.floor_alone(), milestone, as_of)

    def _artefact(
        self, kind: Literal["model", "floor"], model: hazard.Model, milestone: Milestone, as_of: date
    ) -> Artefact:
        return Artefact(
            milestone=milestone.id,
            kind=kind,
            model=model,
            threshold=self.chosen,
            least_known=float(np.quantile(known_share(model, self.training.rows), LEAST_KNOWN)),
            trained_as_of=as_of,
            service=milestone.id,
        )


def judge(fitted: hazard.Fitted, training: Samples, test: Samples, precision_floor: float) -> Judgement:
    """The gate: promoted when the average precision on the test samples is better than the age-sex floor's."""
    made = fitted.model
    p = hazard.predict(made, boosted.read(fitted.trees) if fitted.trees else None, test.rows)
    floor_p = floor.predict(made.floor, test.rows)
    model, beside = metrics(test.labels, p), metrics(test.labels, floor_p)
    promoted = made.mix != "floor" and model["average_precision"] > beside["average_precision"]
    unseen = fitted.unseen if promoted else floor.predict(made.floor, training.rows)
    chosen = threshold(training.labels, unseen, precision_floor)
    return Judgement(fitted, training, test, p, floor_p, model, beside, promoted, chosen)
