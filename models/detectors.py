"""Every milestone's detector. A law and a model wear the same interface and are judged by the same code."""

from collections.abc import Mapping
from pathlib import Path

from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.ports import Detector
from models.predicted import PredictedDetector
from models.registry import Registry
from models.rules import DueDetector, RegisteredDetector

__all__ = ["build", "predictors"]


def build(pack: Pack, known: Mapping[str, ValueType], var: Path) -> list[Detector]:
    """A detector per milestone, in the pack's order; a predicted one serves the registry's champion.

    Raises NotFound for a predicted milestone that has none yet, naming the command that trains it.
    """
    registry = Registry(var)
    return [_detector(milestone, pack, known, registry) for milestone in pack.milestones.values()]


def build_by_law(pack: Pack, known: Mapping[str, ValueType]) -> list[Detector]:
    """The detectors that a register or a law decides, which need no model."""
    found = [RegisteredDetector(m, pack, known) for m in pack.milestones.values() if m.kind == "registered"]
    return [*found, *(DueDetector(m, known) for m in pack.milestones.values() if m.kind == "due")]


def predictors(pack: Pack, known: Mapping[str, ValueType], var: Path) -> list[PredictedDetector]:
    """The detectors that a model decides, which can also be asked for one subject's chance.

    Raises NotFound for a predicted milestone that has no model yet.
    """
    registry = Registry(var)
    predicted = [milestone for milestone in pack.milestones.values() if milestone.kind == "predicted"]
    return [
        PredictedDetector(milestone, known, registry.load(milestone.id), pack.vocabulary) for milestone in predicted
    ]


def _detector(milestone: Milestone, pack: Pack, known: Mapping[str, ValueType], registry: Registry) -> Detector:
    match milestone.kind:
        case "registered":
            return RegisteredDetector(milestone, pack, known)
        case "due":
            return DueDetector(milestone, known)
        case "predicted":
            return PredictedDetector(milestone, known, registry.load(milestone.id), pack.vocabulary)
