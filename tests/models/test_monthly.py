"""The monthly hazard: its chances are the world's own at every horizon, with censoring and other exits."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from models import ahead, boosted, monthly
from models.exposure import Exposure

PEOPLE, HORIZON = 12_000, 12


def world(
    *, leave: float = 0.0, die: float = 0.0, summer: float = 1.0, feast: int | None = None, seed: int = 1
) -> Exposure:
    """Half the people have 2% a month, half 0.4%; in June and July times `summer`, in the month of the feast five times
    as much. Some leave, some die."""
    random = np.random.default_rng(seed)
    busy = random.random(PEOPLE) < 0.5
    month, seen, died = np.zeros(PEOPLE, int), np.full(PEOPLE, HORIZON), np.zeros(PEOPLE, bool)
    active = np.ones(PEOPLE, bool)
    for ahead_by in range(1, HORIZON + 1):
        hazard = np.where(busy, 0.02, 0.004) * (summer if ahead_by in (6, 7) else 1.0)
        hazard = hazard * (5.0 if ahead_by == feast else 1.0)
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
    assert set(ahead.likeliest(hazards).tolist()) <= {6, 7}


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


def test_a_month_ahead_is_the_calendar_month_that_most_of_it_lies_in():
    days = pa.chunked_array([[date(2026, 11, 3), date(2026, 10, 31), date(2026, 12, 20)]])
    assert [f"{month // 12}-{month % 12 + 1}" for month in ahead.first_month(days)] == ["2026-11", "2026-11", "2027-1"]


def test_months_are_counted_from_the_nearest_feast_and_unknown_far_from_all():
    feasts = [date(2024, 2, 10), date(2025, 1, 29)]
    months = np.asarray(
        [year * 12 + month - 1 for year, month in ((2023, 7), (2024, 1), (2024, 7), (2024, 9), (2026, 1))]
    )
    found = ahead.from_feast(feasts, months) - ahead.NEAR
    assert np.array_equal(found, [np.nan, -1, 5, -4, np.nan], equal_nan=True)


def test_a_season_that_moves_with_a_feast_is_followed_into_a_year_that_training_never_saw():
    """In the month of the feast five times as many: April in one year of training, June in the other; May is asked."""
    one, other = world(feast=4), asked_on(date(2025, 1, 1), world(feast=6, seed=2))
    both = Exposure(
        pa.concat_tables([one.rows, other.rows]),
        *(np.concatenate([getattr(one, name), getattr(other, name)]) for name in ("month", "seen", "died", "days")),
        HORIZON,
        np.zeros(2 * PEOPLE, bool),
    )
    feasts = {"spring": (date(2024, 4, 9), date(2025, 6, 9), date(2026, 5, 9))}
    fitted = monthly.fit(both, CATALOGUE, list(CATALOGUE), feasts=feasts)
    rows = asked_on(date(2026, 1, 1), one).rows
    booster = boosted.read(fitted.trees) if fitted.trees else None
    assert np.median(ahead.likeliest(ahead.hazards(fitted.model, booster, rows))) == 5


def asked_on(day: date, found: Exposure) -> Exposure:
    """The same samples, asked on another day."""
    return found.with_rows(found.rows.set_column(1, "as_of", pa.array([day] * PEOPLE, pa.date32())))
