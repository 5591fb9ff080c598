"""The monthly hazard: its chances are the world's own at every horizon, with censoring and other exits."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from models import ahead, boosted, monthly
from models.exposure import Exposure

PEOPLE, HORIZON = 12_000, 12


def world(*, leave: float = 0.0, die: float = 0.0, summer: float = 1.0, seed: int = 1) -> Exposure:
    """Half the people have 2% a month, half 0.4%; in June and July times `summer`. Some leave, some die."""
    random = np.random.default_rng(seed)
    busy = random.random(PEOPLE) < 0.5
    month, seen, died = np.zeros(PEOPLE, int), np.full(PEOPLE, HORIZON), np.zeros(PEOPLE, bool)
    active = np.ones(PEOPLE, bool)
    for ahead_by in range(1, HORIZON + 1):
        hazard = np.where(busy, 0.02, 0.004) * (summer if (ahead_by % 12) + 1 in (6, 7) else 1.0)
        dies, leaves = random.random(PEOPLE) < die, random.random(PEOPLE) < leave
        died |= active & dies
        seen[active & leaves & ~dies] = ahead_by - 1
        active &= ~(dies | leaves)
        comes = active & (random.random(PEOPLE) < hazard)
        month[comes] = ahead_by
        active &= ~comes
    rows = pa.table(
        {
            "subject_id": [f"p{n}" for n in range(PEOPLE)],
            "as_of": pa.array([date(2024, 1, 1)] * PEOPLE, pa.date32()),
            "sex": random.choice(["M", "F"], PEOPLE).tolist(),
            "age_years": random.integers(20, 60, PEOPLE),
            "busy": pa.array(busy),
        }
    )
    return Exposure(rows, month, seen, died, np.where(month > 0, month * 30.0, np.nan), HORIZON, np.zeros(PEOPLE, bool))


CATALOGUE = {name: SimpleNamespace(type=kind) for name, kind in (("busy", "flag"), ("age_years", "integer"))}


def chances(found: Exposure, months: int | None = None, share: float = 1.0, asked: Exposure | None = None):
    """(of the busy, of the others): the mean chance within so many months, and the hazards."""
    fitted = monthly.fit(found, CATALOGUE, list(CATALOGUE), share=share)
    asked = asked or found
    hazards = ahead.hazards(fitted.model, boosted.read(fitted.trees) if fitted.trees else None, asked.rows)
    p, busy = ahead.chance(hazards, months), np.asarray(asked.rows["busy"].to_pylist())
    return p[busy].mean(), p[~busy].mean(), hazards


def test_three_six_and_twelve_months_agree_with_the_world_and_each_other():
    found = world()
    for months in (3, 6, 12):
        busy, calm, _ = chances(found, months)
        assert busy == pytest.approx(1 - 0.98**months, rel=0.12)
        assert calm == pytest.approx(1 - 0.996**months, rel=0.25)


def test_leaving_observation_does_not_lower_the_chance():
    busy, _, _ = chances(world(leave=0.05))
    assert busy == pytest.approx(1 - 0.98**12, rel=0.12)


def test_the_dead_count_as_asked_so_the_chance_is_the_share_of_everyone_to_whom_it_comes():
    found = world(die=0.05)
    busy, _, _ = chances(found)
    really = (found.month[np.asarray(found.rows["busy"].to_pylist())] > 0).mean()
    assert really < 0.9 * (1 - 0.98**12)
    assert busy == pytest.approx(really, rel=0.08)


def test_the_likeliest_month_is_in_the_season():
    _, _, hazards = chances(world(summer=5.0))
    assert set(ahead.likeliest(hazards).tolist()) <= {5, 6}


def test_everyones_cases_beside_a_fifth_of_the_others_give_the_same_chances():
    found = world()
    kept = np.random.default_rng(3).random(PEOPLE) < 0.2
    cohort_and_cases = found.where(kept | (found.month > 0))
    marked = Exposure(
        cohort_and_cases.rows, cohort_and_cases.month, cohort_and_cases.seen, cohort_and_cases.died,
        cohort_and_cases.days, HORIZON, ~kept[kept | (found.month > 0)],
    )  # fmt: skip
    busy, calm, _ = chances(marked, share=float(kept.mean()), asked=found)
    assert busy == pytest.approx(1 - 0.98**12, rel=0.12)
    assert calm == pytest.approx(1 - 0.996**12, rel=0.25)


def test_a_direction_that_was_declared_is_kept_where_the_data_say_otherwise():
    found = world()
    older_less = found.month.copy()
    older_less[np.asarray(found.rows["age_years"].to_pylist()) > 40] = 0
    turned = Exposure(found.rows, older_less, found.seen, found.died, found.days, HORIZON, found.cases)
    fitted = monthly.fit(turned, CATALOGUE, list(CATALOGUE), {"busy": -1})
    assert fitted.model.parts != ("logistic",)
    rows = found.rows.slice(0, 200)
    booster = boosted.read(fitted.trees) if fitted.trees else None
    both = [
        ahead.chance(ahead.hazards(fitted.model, booster, rows.set_column(4, "busy", pa.array([busy] * 200))))
        for busy in (False, True)
    ]
    assert (both[1] <= both[0] + 1e-9).all()
