"""A discrete-time hazard: the chance per month, up to the horizon, that the outcome comes, given that it has not yet.

One model says every month: each sample is a row per month ahead, with the month ahead and the month of the year then
as inputs, so that 3, 6 and 12 months and the likeliest month agree: chance(h) = 1 - product over k <= h of
(1 - hazard(k)). Rows without the outcome are drawn (they are many and alike); their log odds are moved back by the
logarithm of the share drawn (King and Zeng 2001). Parts and mixes are those of `models.hazard`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.feature import Feature
from lifeevents.domain.errors import LifeEventsError
from models import boosted, floor, logistic
from models.ahead import Feasts, Monthly, chance, floor_odds, hazards, widened
from models.evaluate import line, sigmoid
from models.exposure import Exposure
from models.growing import Trees, grow
from models.hazard import ENOUGH, FEW, MIXES, PRIOR, Part, folds_of
from models.matrix import columns, matrix
from models.narrowing import LARGEST, Rows, narrowed
from models.tuning import tuned

DRAWN, MOST, LEAST = 25, 150_000, 20_000
"""Months without the outcome drawn for each with it, and at most and at least so many."""

CALENDAR = ("calendar_month", "observed_months")
"""Features that tell the day that was asked on: the month of the year is given per month ahead, and how long someone
has been observed grows with the registers' own age."""

FOLDS, UNSEEN = 3, 120_000
"""Folds of people; of at most so many samples the chances from parts that had not seen the person are kept. Few have a
high chance: of 25,000 samples the top hundredth held five movers, and no threshold stood out from luck."""


@dataclass(frozen=True)
class Fitted:
    """A model and its trees (LightGBM's text, or empty); `unseen`: places of some closed training samples, and their
    chance within the horizon from parts that never saw the person (what thresholds are chosen on)."""

    model: Monthly
    trees: str
    unseen: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Months:
    """Rows of (sample, month ahead) with their label; `odds`: log of the share drawn of those without the outcome."""

    sample: np.ndarray
    ahead: np.ndarray
    label: np.ndarray
    drawn: float


def months_of(exposure: Exposure, share: float, random: np.random.Generator) -> Months:
    """All months in which the outcome came, and a draw of the cohort's known months in which it had not.

    `share`: the share of people that the cohort is."""
    came = exposure.month > 0
    empty = np.where(exposure.cases, 0, np.where(came, exposure.month - 1, exposure.seen))
    ends = np.cumsum(empty)
    wanted = int(np.clip(DRAWN * came.sum(), LEAST, MOST))
    total = int(ends[-1])
    kept = np.sort(random.choice(total, wanted, replace=False)) if wanted < total else np.arange(total)
    sample = np.searchsorted(ends, kept, side="right")
    ahead = kept - (ends[sample] - empty[sample]) + 1
    return Months(
        sample=np.concatenate([np.nonzero(came)[0], sample]),
        ahead=np.concatenate([exposure.month[came], ahead]),
        label=np.concatenate([np.ones(int(came.sum())), np.zeros(len(sample))]),
        drawn=float(np.log(share * len(kept) / total)),
    )


def fit(
    exposure: Exposure,
    catalogue: Mapping[str, Feature],
    names: Sequence[str],
    rising: Mapping[str, int] | None = None,
    *,
    share: float = 1.0,
    feasts: Feasts | None = None,
    together: Mapping[str, str] | None = None,
    tune: float = 0.0,
) -> Fitted:
    """Fit on samples, of which those that are no cases are a `share` of all people's; months ahead are told apart by
    their distance to `feasts` too. `together`: subject -> one that stands for all who share events with it, who stand
    in one fold. `tune`: so many seconds are spent on searching the trees' settings (`models.tuning`).

    `names` are the features it may read, `rising` the directions of some: trees with a direction are mixed with nothing
    but the floor, as a line knows none. Raises LifeEventsError when no sample, or every one, has the outcome.
    """
    positives, random = int((exposure.month > 0).sum()), np.random.default_rng(1)
    if not 0 < positives < len(exposure):
        raise LifeEventsError(f"{positives} of {len(exposure)} samples have the outcome; a model needs both kinds.")
    closed = exposure.where(exposure.closed)
    base = of_everyone(floor.fit(closed.rows, closed.came), share)
    shown = random.permutation(np.nonzero(exposure.closed & ~exposure.cases)[0])[:UNSEEN]
    chosen = columns(exposure.rows, catalogue, [name for name in names if name not in CALENDAR])
    start = Monthly(
        columns=chosen, horizon=exposure.horizon, floor=base, mix="floor", parts=("floor",), positives=positives,
        samples=len(exposure), rising=dict(rising or {}),
        feasts={name: tuple(days) for name, days in (feasts or {}).items() if days},
    )  # fmt: skip
    if positives < FEW:
        alone = start.floor_alone().model_copy(update={"note": f"only {positives} outcomes: the age-sex floor"})
        return Fitted(alone, "", (shown, floor.predict(base, exposure.rows.take(pa.array(shown)))))
    bound = together or {}
    fold = folds_of([bound.get(person, person) for person in exposure.people.tolist()], FOLDS)
    return _mixed(start, exposure, fold, share, shown, random, tune)


def _mixed(
    start: Monthly,
    exposure: Exposure,
    fold: np.ndarray,
    share: float,
    shown: np.ndarray,
    random: np.random.Generator,
    tune: float,
) -> Fitted:
    """Parts that never saw the person choose the mix and its calibration; the parts that serve are fitted on all."""
    months, base = months_of(exposure, share, random), floor_odds(start, exposure.rows)
    grown = start.positives >= ENOUGH or bool(start.rising)
    if grown and len(months.label) <= LARGEST:
        begin = base[months.sample] - months.drawn
        start = narrowed(start, Rows(_wide(start, exposure, months), months.label, begin, fold[months.sample]))
    wide, inputs = _wide(start, exposure, months), start.inputs
    if grown and tune:
        rows = Rows(wide, months.label, base[months.sample] - months.drawn, fold[months.sample])
        start = start.model_copy(update={"tuned": tuned(start, rows, seconds=tune)})
    odds: dict[Part, np.ndarray] = {"floor": base[months.sample] - months.drawn}
    lines: dict[int, logistic.Logistic] = {}
    if not start.rising:
        odds["logistic"] = np.zeros(len(wide))
    trees: dict[int, Trees] = {}
    if grown:
        odds["trees"] = np.zeros(len(wide))
    for held in range(FOLDS):
        mine = fold[months.sample] == held
        if not start.rising:
            lines[held] = logistic.fit(wide[~mine], months.label[~mine], inputs, logistic.STRENGTHS[1])
            odds["logistic"][mine] = logistic.log_odds(lines[held], wide[mine], inputs)
        if grown:
            trees[held] = grow(wide, months.label, odds["floor"], inputs, start.rising, judge=mine, tuned=start.tuned)
            odds["trees"][mine] = odds["floor"][mine] + boosted.log_odds(trees[held].booster, wide[mine])
    mix = _choose(odds, months.label)
    parts, mean = MIXES[mix], np.mean([odds[part] for part in MIXES[mix]], axis=0)
    intercept, slope = line(months.label, sigmoid(mean), prior=PRIOR)
    rounds = max(round(float(np.mean([one.rounds for one in trees.values()])) * 1.1), 5) if "trees" in parts else 0
    model = start.model_copy(
        update={
            "mix": mix,
            "parts": parts,
            "rounds": rounds,
            "slope": slope,
            "intercept": intercept + (1 - slope) * months.drawn,
            "note": "" if grown else f"only {start.positives} outcomes: no trees",
        }
    )
    model = model.model_copy(update={"linear": None})
    unseen = np.zeros(len(shown))
    for held in range(FOLDS):
        mine = fold[shown] == held
        part = model.model_copy(update={"linear": _shifted(lines.get(held), months.drawn, parts)})
        booster = trees[held].booster if "trees" in parts else None
        unseen[mine] = chance(hazards(part, booster, exposure.rows.take(pa.array(shown[mine]))))
    whole = logistic.fit(wide, months.label, inputs, logistic.STRENGTHS[1]) if "logistic" in parts else None
    text = ""
    if "trees" in parts:
        text = grow(wide, months.label, odds["floor"], inputs, start.rising, rounds=rounds, tuned=start.tuned).text
    return Fitted(model.model_copy(update={"linear": _shifted(whole, months.drawn, parts)}), text, (shown, unseen))


def _wide(model: Monthly, exposure: Exposure, months: Months) -> np.ndarray:
    """The inputs of each (sample, month ahead)."""
    x = matrix(exposure.rows, model.columns)
    return widened(model, x[months.sample], exposure.rows["as_of"], months.ahead, months.sample)


def of_everyone(sampled: floor.Floor, share: float) -> floor.Floor:
    """A floor of cases and a cohort as one of everybody: those without the outcome are a `share` of all."""

    def rate(p: float) -> float:
        return p * share / (p * share + 1 - p)

    rates = {sex: tuple(map(rate, by_age)) for sex, by_age in sampled.rates.items()}
    return floor.Floor(overall=rate(sampled.overall), rates=rates)


def _shifted(found: logistic.Logistic | None, drawn: float, parts: Sequence[Part]) -> logistic.Logistic | None:
    """The line with its constant moved from the draw to the population."""
    if found is None or "logistic" not in parts:
        return None
    return found.model_copy(update={"constant": found.constant + drawn})


def _choose(odds: Mapping[Part, np.ndarray], label: np.ndarray) -> str:
    """The steadiest mix whose loss on unseen people is within one standard error of the best one's."""
    losses = {
        name: np.logaddexp(0, mean) - label * mean
        for name, parts in MIXES.items()
        if set(parts) <= set(odds)
        for mean in [np.mean([odds[part] for part in parts], axis=0)]
    }
    best = min(losses.values(), key=np.mean)
    near = (name for name, one in losses.items() if (one - best).mean() <= (one - best).std() / np.sqrt(len(label)))
    return next(near)
