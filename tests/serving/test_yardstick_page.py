"""The page about the quality of detection: the figures, the yardstick beside them, and what falls short said aloud."""

from datetime import date
from pathlib import Path

import pytest

from lifeevents.domain.errors import DumpError
from models.backtest import Result
from models.predictions import DETECTOR, FLOOR
from serving.reports.yardstick import Measured, read_yardstick, written_page

DAY = date(2026, 11, 25)


def result(model: str, auc: float, ap: float, slope: tuple[float, float] = (0.9, 1.1), positives: int = 200) -> Result:
    return Result(
        task="move12", model=model, n=1000, positives=positives, auc=auc, auc_low=auc - 0.02, auc_high=auc + 0.02,
        average_precision=ap, average_precision_low=ap - 0.03, average_precision_high=ap + 0.03, brier=0.1,
        calibration_slope=sum(slope) / 2, calibration_slope_low=slope[0], calibration_slope_high=slope[1], ece=0.01,
        note="trees" if model == DETECTOR else "",
    )  # fmt: skip


@pytest.fixture
def yardstick(tmp_path: Path) -> Path:
    path = tmp_path / "yardstick.csv"
    path.write_text("dataset,task,model,auc,average_precision\ntown,move12,a,0.70,0.30\ntown,move12,b,0.72,0.25\n")
    return path


def page(yardstick: Path, detector: Result) -> str:
    measured = Measured("town", [result(FLOOR, 0.6, 0.2), detector], ["task death24: 0 of 9 test rows are positive."])
    return written_page([measured], read_yardstick(yardstick), made_by="lifeevents backtest", on=DAY)


def test_figures_stand_beside_the_floor_and_the_best_of_the_yardstick(yardstick: Path) -> None:
    said = page(yardstick, result(DETECTOR, 0.705, 0.28))
    assert "**0.705** (0.685 to 0.725) | 0.600 | **0.280**" in said
    assert "| 0.720 | 0.300 |" in said
    assert "3 of 3 judgements hold" in said
    assert "Not judged: task death24" in said


@pytest.mark.parametrize(
    ("detector", "sentence"),
    [
        (result(DETECTOR, 0.69, 0.30), "auc 0.690 is below 0.720 (b) less 0.020"),
        (result(DETECTOR, 0.72, 0.26), "average precision 0.260 is below 0.300 (a) less 0.030"),
        (result(DETECTOR, 0.72, 0.30, slope=(0.5, 0.7)), "the slope's interval 0.50 to 0.70 lies outside"),
    ],
)
def test_what_falls_short_is_said_in_a_sentence(yardstick: Path, detector: Result, sentence: str) -> None:
    said = page(yardstick, detector)
    assert sentence in said
    assert "2 of 3 judgements hold" in said


def test_few_outcomes_are_not_judged_by_their_slope(yardstick: Path) -> None:
    assert "2 of 2 judgements hold" in page(yardstick, result(DETECTOR, 0.72, 0.3, slope=(0.5, 0.7), positives=40))


def test_without_a_yardstick_nothing_is_judged(tmp_path: Path) -> None:
    said = written_page(
        [Measured("town", [result(FLOOR, 0.6, 0.2), result(DETECTOR, 0.7, 0.3)])], None, made_by="x", on=DAY
    )
    assert "judgements" not in said
    assert "best AUC" not in said


def test_a_file_that_is_no_yardstick_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DumpError, match="no yardstick"):
        read_yardstick(tmp_path / "other.csv")
