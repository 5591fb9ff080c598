"""Fit on data that somebody brings, and ask the model about anybody: what comes out, and what never gets in."""

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lifeevents.domain.errors import LifeEventsError
from models import folder
from models.backtest import backtest
from models.evaluate import auc
from models.fitting import fit
from models.folder import Kept
from models.scoring import score
from tests.models.movers import REFS, TASKS

DAY = date(2018, 12, 31)
Row = dict[str, str]


@pytest.fixture(scope="module")
def kept(dump: Path) -> Kept:
    return fit(dump, TASKS[0])


def changed(dump: Path, into: Path, **edit: Callable[[list[Row]], list[Row]]) -> Path:
    """A copy of the dump with some of its files rewritten."""
    shutil.copytree(dump, into)
    for name, change in edit.items():
        with (dump / f"{name}.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        with (into / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(change(rows))
    return into


def people(dump: Path, count: int = 300) -> list[str]:
    with (dump / "persons.csv").open(newline="") as file:
        return [row["person_id"] for row in csv.DictReader(file)][:count]


def test_no_reference_day_reaches_into_the_first_test_day(kept: Kept) -> None:
    assert [str(day) for day in kept.model.days] == REFS[:7]
    assert not kept.model.chosen


def test_scores_rank_the_test_day_as_the_backtest_says(dump: Path, kept: Kept) -> None:
    told = {row["person_id"] for row in csv.DictReader((dump / "events.csv").open()) if row["date"][:4] == "2019"}
    asked = people(dump, 1500)
    chances = score(dump, kept, DAY, asked)
    renters = chances > kept.model.outside.overall * 1.5
    assert auc(np.array([float(one in told) for one in asked]), chances) > 0.7
    assert renters.any()
    assert next(r for r in backtest(dump, "move12") if r.model == "detector").auc > 0.7


def test_nothing_known_after_the_day_and_no_end_of_observation_changes_a_score(
    dump: Path, kept: Kept, tmp_path: Path
) -> None:
    last = DAY.isoformat()
    censored = changed(
        dump,
        tmp_path / "earlier",
        persons=lambda rows: [row | {"obs_to": ""} for row in rows if row["obs_from"] <= last],
        events=lambda rows: [row for row in rows if row["date"] <= last],
        attributes=lambda rows: [row for row in rows if row["valid_from"] <= last],
    )
    asked = people(dump)
    assert score(dump, kept, DAY, asked).tolist() == score(censored, kept, DAY, asked).tolist()


def test_a_person_asked_alone_gets_what_he_gets_in_a_crowd(dump: Path, kept: Kept) -> None:
    asked = people(dump, 6)
    crowd = score(dump, kept, DAY, asked)
    assert [score(dump, kept, DAY, [one])[0] for one in asked[:2]] == crowd[:2].tolist()


def test_everyone_asked_gets_a_chance_unseen_doubled_and_dead_ones_too(dump: Path, kept: Kept, tmp_path: Path) -> None:
    dead = changed(
        dump,
        tmp_path / "dead",
        events=lambda rows: [*rows, {**rows[0], "person_id": "q1", "date": "2018-01-01", "event": "death"}],
        persons=lambda rows: [row | ({"obs_from": "2020-01-01"} if row["person_id"] == "q3" else {}) for row in rows],
    )
    words = kept.model.words.model_copy(update={"events": (*kept.model.words.events, "death")})
    knowing = Kept(kept.model.model_copy(update={"words": words}), kept.trees)
    p = score(dead, knowing, DAY, ["q0", "nobody", "q0", "q1", "q3"])
    assert p[0] == p[2]
    assert p[3] == 0
    assert p[1] == p[4] == kept.model.model.floor.overall


def test_who_is_known_not_to_be_at_risk_gets_the_rate_of_such_people(dump: Path, kept: Kept, tmp_path: Path) -> None:
    owner = changed(
        dump,
        tmp_path / "owner",
        attributes=lambda rows: [
            row | ({"value": "0"} if row["person_id"] == "q0" and row["name"] == "renter" else {}) for row in rows
        ],
    )
    unknown = changed(dump, tmp_path / "unknown", attributes=lambda rows: [r for r in rows if r["person_id"] != "q0"])
    ages = [kept.model.outside.rates, kept.model.model.floor.rates]
    (outside,), (asked) = score(owner, kept, DAY, ["q0"]), score(unknown, kept, DAY, ["q0"])
    assert any(np.isclose(outside, rate) for rates in ages[0].values() for rate in rates)
    assert any(np.isclose(asked[0], rate) for rates in ages[1].values() for rate in rates)


@pytest.mark.parametrize("gone", ["attributes", "events"])
def test_a_later_delivery_may_lack_whole_files(dump: Path, kept: Kept, tmp_path: Path, gone: str) -> None:
    folder = changed(dump, tmp_path / "thin")
    (folder / f"{gone}.csv").unlink()
    p = score(folder, kept, DAY, people(dump, 50))
    assert ((p > 0) & (p < 1)).all()


def test_a_model_kept_and_read_again_says_the_same(dump: Path, kept: Kept, tmp_path: Path) -> None:
    folder.keep(kept, tmp_path / "model")
    folder.keep(kept, tmp_path / "model")
    again = folder.read(tmp_path / "model")
    assert score(dump, again, DAY, ["q0", "q7"]).tolist() == score(dump, kept, DAY, ["q0", "q7"]).tolist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model"]


def test_a_model_that_was_tampered_with_is_refused(kept: Kept, tmp_path: Path) -> None:
    folder.keep(kept, tmp_path / "model")
    (tmp_path / "model" / "trees.txt").write_text(kept.trees + " ")
    with pytest.raises(LifeEventsError, match="is not what the model was written with"):
        folder.read(tmp_path / "model")
    (tmp_path / "model" / "model.json").write_text('{"version": 2}')
    with pytest.raises(LifeEventsError, match=r"version: .*Fit the model again"):
        folder.read(tmp_path / "model")


def test_a_folder_that_holds_other_things_is_left_alone(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(LifeEventsError, match="holds other files and no model"):
        folder.keep(kept, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_without_reference_days_a_grid_is_chosen_and_said(dump: Path) -> None:
    task = {"id": "move12", "target": ["move"], "horizon_months": 12}
    chosen = fit(dump, task).model
    assert chosen.chosen
    assert max(chosen.days) <= date(2021, 12, 31)
    assert len(chosen.days) == 8


def test_few_outcomes_fall_back_to_the_floor_and_say_so(dump: Path, tmp_path: Path) -> None:
    few = changed(dump, tmp_path / "few", events=lambda rows: rows[:15])
    assert "the age-sex floor" in fit(few, TASKS[0]).model.model.note
    none = changed(dump, tmp_path / "none", events=lambda rows: [{**rows[0], "date": "2021-06-01"}])
    kept = fit(none, TASKS[0])
    assert "0 of" in kept.model.model.note
    assert 0 < score(none, kept, DAY, ["q0"])[0] < 0.01


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": ["mov"]}, 'no event "mov". Did you mean move'),
        ({"horizon_months": "12"}, "a whole number from 1 to 600, not '12'"),
        ({"train_refs": ["2015-13-01"]}, 'train_refs" holds .2015-13-01., which is no day'),
        ({"min_age": "18 or 1=1"}, '"min_age" is a number'),
        ({"split": "random"}, 'split is "temporal" or "person5"'),
        ({"min_age": 200}, "nobody was at risk"),
    ],
)
def test_a_task_that_cannot_be_read_is_refused_with_the_way_out(dump: Path, change: Row, said: str) -> None:
    with pytest.raises(LifeEventsError, match=said):
        fit(dump, json.loads(json.dumps({**TASKS[0], **change})))
