"""What a backtest found on one task, with everything a report needs to show it, as plain values.

Intervals are 95% bootstrap intervals by person; the detector and the floor are drawn together, so that the interval of
their difference is of the same people.
"""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from pydantic import Field

from lifeevents.domain.frozen import Frozen
from models.backtest import INTERVALS
from models.curves import PRECISIONS, Bin, Curve, bins_of, gains, precision_recall, reliability, roc, spoken
from models.evaluate import METRICS, draws_of, middle
from models.hazard import FEW
from models.predictions import DETECTOR, FLOOR, Predicted

COMPARED = ("auc", "average_precision")
LEAD_BINS = 12

Drawn = Mapping[tuple[str, str], list[np.ndarray]]


class Figure(Frozen):
    """A figure with its 95% interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None


class Working(Frozen):
    """How a model works when asked for a precision of at least `asked`.

    `told`: rows it speaks on; `alarms`: per 1,000 rows asked; `precision`: the share of them that came true (None
    where it speaks to nobody) with its interval; `reach`: the share of true events told; `lead_median` and `lead_p10`:
    days from the reference day to the event, among true ones told.
    """

    asked: float
    told: int
    alarms: float
    precision: Figure | None
    reach: Figure
    lead_median: float | None
    lead_p10: float | None


class Shown(Frozen):
    """One model on one task. `bins` come with the interval of each bin's share."""

    figures: dict[str, Figure]
    roc: Curve
    precision_recall: Curve
    gains: Curve
    bins: tuple[tuple[Bin, Figure], ...]
    working: tuple[Working, ...]


class Lead(Frozen):
    """True events told by the detector at the precision floor `asked`, by days ahead: (first day of bin, events)."""

    asked: float
    width: float
    counts: tuple[int, ...]


class Evidence(Frozen):
    """A task's evidence. `unjudged` says why there is none; `few`: too few outcomes for curves."""

    positives: int
    rows: int
    people: int
    unjudged: str = ""
    few: bool = False
    detector: Shown | None = None
    floor: Shown | None = None
    difference: dict[str, Figure] = Field(default_factory=dict)
    lead: Lead | None = None


def evidence(found: Predicted) -> Evidence:
    """Everything about one predicted task. Draws 200 times, as the figures of `models.backtest` do."""
    base = Evidence(
        positives=found.positives,
        rows=len(found.label),
        people=len(np.unique(found.people)),
        unjudged=found.unjudged,
        few=found.positives < FEW,
    )
    if found.unjudged:
        return base
    floors, told = _told(found)
    bins = {model: bins_of(p, found.positives) for model, p in found.chances.items()}
    drawn = _draw(found, told, bins)
    shown = {model: _shown(found, model, floors, told[model], bins[model], drawn) for model in found.chances}
    difference = {
        name: Figure(
            value=shown[DETECTOR].figures[name].value - shown[FLOOR].figures[name].value,
            **_ends(np.subtract(drawn[DETECTOR, name], drawn[FLOOR, name])),
        )
        for name in COMPARED
    }
    return base.model_copy(
        update={
            "detector": shown[DETECTOR],
            "floor": shown[FLOOR],
            "difference": difference,
            "lead": _lead(found, floors, told[DETECTOR]),
        }
    )


def _told(found: Predicted) -> tuple[tuple[float, ...], dict[str, np.ndarray]]:
    """The precision floors over the base rate at which any model speaks, and where each does (floors x rows)."""
    tried = [floor for floor in PRECISIONS if floor > found.label.mean()]
    told = {
        model: np.array([spoken(found.parts, model, p, floor) for floor in tried], dtype=bool).reshape(-1, len(p))
        for model, p in found.chances.items()
    }
    kept = np.logical_or.reduce([spoke.any(axis=1) for spoke in told.values()])
    floors = tuple(floor for floor, keep in zip(tried, kept, strict=True) if keep)
    return floors, {model: spoke[kept] for model, spoke in told.items()}


def _draw(found: Predicted, told: Mapping[str, np.ndarray], bins: Mapping[str, np.ndarray]) -> Drawn:
    """Per model and quantity, its value in each draw; quantities that are per bin or per floor are arrays."""
    drawn: dict[tuple[str, str], list[np.ndarray]] = defaultdict(list)
    with np.errstate(invalid="ignore", divide="ignore"):
        for rows in draws_of(found.people):
            label = found.label[rows]
            for model, p in found.chances.items():
                for name in INTERVALS:
                    value = METRICS[name](label, p[rows]) if 0 < label.sum() < len(label) else np.nan
                    drawn[model, name].append(np.asarray(value))
                bin, number = bins[model][rows], bins[model].max() + 1
                share = np.bincount(bin, label, number) / np.bincount(bin, minlength=number)
                drawn[model, "share"].append(share)
                spoke = told[model][:, rows]
                hits = spoke @ label
                drawn[model, "precision"].append(hits / spoke.sum(axis=1))
                drawn[model, "reach"].append(hits / label.sum())
    return drawn


def _ends(found: np.ndarray) -> dict[str, float]:
    low, high = middle(found)
    return {"low": low, "high": high}


def _shown(
    found: Predicted, model: str, floors: tuple[float, ...], told: np.ndarray, bins: np.ndarray, drawn: Drawn
) -> Shown:
    label, p = found.label, found.chances[model]
    shares = np.array(drawn[model, "share"])
    ends = [_ends(shares[:, at]) for at in range(shares.shape[1])]
    precisions, reaches = np.array(drawn[model, "precision"]), np.array(drawn[model, "reach"])
    return Shown(
        figures={
            name: Figure(value=metric(label, p), **(_ends(np.array(drawn[model, name])) if name in INTERVALS else {}))
            for name, metric in METRICS.items()
        },
        roc=roc(label, p),
        precision_recall=precision_recall(label, p),
        gains=gains(label, p),
        bins=tuple(
            (bin, Figure(value=bin.share, **end)) for bin, end in zip(reliability(label, p, bins), ends, strict=True)
        ),
        working=tuple(
            _working(found, floor, told[at], precisions[:, at], reaches[:, at]) for at, floor in enumerate(floors)
        ),
    )


def _working(found: Predicted, asked: float, told: np.ndarray, precisions: np.ndarray, reaches: np.ndarray) -> Working:
    number, hits = int(told.sum()), float(found.label[told].sum())
    days = found.days[told & (found.label == 1)]
    return Working(
        asked=asked,
        told=number,
        alarms=1000 * number / len(told),
        precision=Figure(value=hits / number, **_ends(precisions)) if number else None,
        reach=Figure(value=hits / found.label.sum(), **_ends(reaches)),
        lead_median=float(np.median(days)) if len(days) else None,
        lead_p10=float(np.percentile(days, 10)) if len(days) else None,
    )


def _lead(found: Predicted, floors: tuple[float, ...], told: np.ndarray) -> Lead | None:
    """The distribution at the lowest floor of twice the base rate or more at which five true events are told."""
    for floor, spoke in zip(floors, told, strict=True):
        days = found.days[spoke & (found.label == 1)]
        if floor >= 2 * found.label.mean() and len(days) >= 5:
            longest = max(found.task.horizon.months * 30.44, float(days.max()))
            counts, _ = np.histogram(days, bins=LEAD_BINS, range=(0, longest))
            return Lead(asked=floor, width=longest / LEAD_BINS, counts=tuple(counts.tolist()))
    return None
