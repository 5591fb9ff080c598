"""Backtests on a plain dump: the tasks' days and people, the floor beside the detector."""

import json
from pathlib import Path

import pytest

from lifeevents.domain.errors import DumpError
from models.backtest import backtest, results
from models.predictions import DETECTOR, FLOOR, predictions
from tests.models.movers import TASKS


def test_the_detector_finds_what_the_floor_cannot_by_time_and_by_person(dump):
    results = backtest(dump)
    assert [(r.task, r.model) for r in results] == [
        (task, model) for task in ("move12", "move24") for model in ("age_sex_floor", "detector")
    ]
    for beside, detector in (results[:2], results[2:]):
        assert beside.n == detector.n > 500
        assert beside.positives == detector.positives > 50
        assert detector.auc_low > beside.auc_high
        assert detector.average_precision > 1.5 * beside.average_precision
        assert 0.75 < detector.calibration_slope < 1.3
        assert detector.ece < 0.03


def test_one_task_can_be_asked_for_and_a_misspelt_one_is_named(dump):
    assert {r.task for r in backtest(dump, "move12")} == {"move12"}
    with pytest.raises(DumpError, match="Did you mean move"):
        backtest(dump, "move21")


@pytest.mark.parametrize(
    ("change", "said"),
    [({"min_agee": 18}, "Did you mean min_age"), ({"attr": {"rentr": 1}}, 'no "rentr". Did you mean renter')],
)
def test_a_task_that_asks_for_something_unknown_is_refused(dump, tmp_path, change, said):
    folder = tmp_path / "copy"
    folder.mkdir()
    for file in dump.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "tasks.json").write_text(json.dumps([{**TASKS[0], **change}]))
    with pytest.raises(DumpError, match=said):
        backtest(folder)


def copied(dump, folder, tasks) -> Path:
    folder.mkdir()
    for file in dump.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "tasks.json").write_text(json.dumps(tasks))
    return folder


def test_a_task_that_cannot_be_judged_has_no_figures_and_stops_no_other(dump, tmp_path):
    never = {**TASKS[0], "id": "never12", "train_refs": [], "valid_refs": []}
    folder = copied(dump, tmp_path / "copy", [never, TASKS[0]])
    refused, judged = predictions(folder)
    assert "never12: 0 of 0 samples are positive" in refused.unjudged
    assert [r.task for r in results([refused, judged])] == ["move12", "move12"]
    assert {r.task for r in backtest(folder)} == {"move12"}
    with pytest.raises(DumpError, match="never12"):
        backtest(folder, "never12")


def test_predictions_are_by_row_with_days_to_the_event_and_what_training_people_said(dump):
    one, folds = predictions(dump)
    assert set(one.chances) == {FLOOR, DETECTOR}
    assert all(len(p) == len(one.label) == len(one.people) == len(one.days) for p in one.chances.values())
    assert ((one.days >= 1) & (one.days <= 366)).sum() == one.positives
    assert sorted(place for part in folds.parts for place in part.judged) == list(range(len(folds.label)))
    for part in folds.parts:
        assert len(part.label) == len(part.chances[DETECTOR]) == len(folds.label) - len(part.judged)


def test_a_dump_without_tasks_is_told_so(tmp_path):
    with pytest.raises(DumpError, match=r"tasks\.json: there is no such file"):
        backtest(tmp_path)
