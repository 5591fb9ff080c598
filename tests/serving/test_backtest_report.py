"""The backtest's report: one file that stands alone, whose figures are the JSON's."""

import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import LifeEventsError
from models.backtest import results
from models.evaluate import sigmoid
from models.predictions import DETECTOR, FLOOR, Part, Predicted
from models.task import Split, Task
from serving.reports.backtest import render, write_report
from serving.reports.page import checked
from tests.serving.standalone import Seen, assert_it_loads_nothing

NOW = datetime(2026, 11, 5, 10, tzinfo=UTC)
SPLIT = Split("temporal", ("2018-12-31", "2019-12-31"), (), ("2021-12-31",))


def predicted(name: str, rows: int, *, seed: int, gain: float = 1.5, unjudged: str = "") -> Predicted:
    """Outcomes that depend on x; the detector sees x, the floor only a shadow of it. Two rows a person."""
    random = np.random.default_rng(seed)
    x, more = random.normal(size=rows), random.normal(size=rows)
    truth = sigmoid(-2 + gain * x + 0.5 * more)
    label = (random.random(rows) < truth).astype(float)
    chances = {FLOOR: sigmoid(-1.9 + 0.5 * more), DETECTOR: sigmoid(-2 + gain * x + 0.5 * more)}
    if unjudged:
        label[:] = 0
    days = np.where(label == 1, random.integers(1, 365, rows), np.nan)
    return Predicted(
        task=Task(name, ("move",), Period(months=12), "(as_of - born_on) / 365.25 >= 18"),
        split=SPLIT,
        people=np.array([f"p{row // 2}" for row in range(rows)]),
        label=label,
        days=days,
        chances=chances,
        parts=(Part(np.arange(rows), label, chances),),
        note="trees and logistic",
        unjudged=unjudged,
    )


@pytest.fixture(scope="module")
def found() -> list[Predicted]:
    return [
        predicted("move12", 3000, seed=1),
        predicted("even12", 3000, seed=2, gain=0.0),
        predicted("tiny12", 60, seed=3, gain=0.5),
        predicted("none12", 40, seed=4, unjudged="task none12: 0 of 40 test rows are positive; nothing to judge."),
    ]


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    (folder / "tasks.json").write_text("[]")
    (folder / "meta.json").write_text('{"source": "a <study>", "real": false}')
    return folder


@pytest.fixture(scope="module")
def html(dump: Path, found: list[Predicted]) -> str:
    return render(dump, found, now=NOW)


def section(html: str, number: int) -> str:
    start = html.index(f'<section class="sheet task" id="task-{number}"')
    return html[start : html.index("</section>", start)]


def test_the_file_loads_nothing_and_runs_nothing(html: str) -> None:
    assert_it_loads_nothing(html)


def test_ids_are_unique_over_all_charts_and_every_reference_leads_somewhere(html: str) -> None:
    seen = Seen(html)
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.references <= set(seen.ids)


def test_every_chart_says_in_words_what_it_shows(html: str) -> None:
    images = Seen(html).images
    assert len(images) >= 12
    assert all(image["role"] == "img" and image["aria-labelledby"] and image["aria-describedby"] for image in images)
    assert all(len(words) > 20 for words in re.findall(r"<desc[^>]*>([^<]*)</desc>", html))


def test_colours_follow_the_page_into_the_dark(html: str) -> None:
    drawings = "".join(re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL))
    assert "var(--detector)" in drawings
    assert not re.search(r"#[0-9a-f]{6}\b", drawings)


def test_there_is_one_section_per_task_and_it_says_what_was_asked(html: str, found: list[Predicted]) -> None:
    assert html.count('<section class="sheet task"') == len(found)
    first = section(html, 1)
    assert "Will there be “move” within 12 months?" in first
    assert "age &gt;= 18" in first
    assert "judged on 2021-12-31" in first


def test_the_figures_are_those_of_the_json(html: str, found: list[Predicted]) -> None:
    compared = 0
    for number, one in enumerate(found, start=1):
        for result in results([one]):
            row = section(html, number)
            row = row[row.index(f'data-model="{"detector" if result.model == DETECTOR else "floor"}"') :]
            for name in ("auc", "average_precision", "brier", "calibration_slope", "ece"):
                shown = re.search(rf'data-figure="{name}"><span><data value="([^"]+)"', row)
                assert shown is not None
                assert float(shown[1]) == pytest.approx(getattr(result, name), abs=1e-9)
                compared += 1
            ends = re.search(r'data-figure="auc">.*?<small>([\d.]+) to ([\d.]+)', row)
            assert ends is not None
            assert float(ends[1]) == pytest.approx(result.auc_low, abs=6e-4)
            assert float(ends[2]) == pytest.approx(result.auc_high, abs=6e-4)
    assert compared == 30


def test_the_verdict_is_drawn_from_the_interval_of_the_difference(html: str) -> None:
    assert "The detector beats the age-sex floor" in section(html, 1)
    assert "In 1 of 4 tasks the detector finds" in html
    assert 'class="verdict not_shown"' in section(html, 2) or 'class="verdict worse"' in section(html, 2)


def test_a_task_with_too_few_outcomes_says_so_and_draws_no_curve(html: str, found: list[Predicted]) -> None:
    tiny = section(html, 3)
    assert 0 < found[2].positives < 20
    assert f"Only {found[2].positives} outcomes: too few" in tiny
    assert "<svg" not in tiny


def test_a_task_that_cannot_be_judged_says_why(html: str) -> None:
    none = section(html, 4)
    assert "0 of 40 test rows are positive" in none
    assert "<table" not in none
    assert "<svg" not in none


def test_what_the_dump_says_of_itself_is_told_and_escaped(html: str) -> None:
    assert "a &lt;study&gt;" in html
    assert "The data are simulated." in html


def test_it_says_how_to_recompute_it(html: str, dump: Path) -> None:
    assert f"lifeevents backtest --dump {dump.name}" in html
    assert len(re.findall(r"<code>[0-9a-f]{64}</code>", html)) == 2


def test_the_same_predictions_give_the_same_bytes(html: str, dump: Path, found: list[Predicted]) -> None:
    assert render(dump, found, now=NOW) == html


def test_a_report_that_fails_leaves_the_old_one_whole(
    tmp_path: Path, dump: Path, found: list[Predicted], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("the old one")

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("serving.reports.page.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_report(path, dump, found[3:], now=NOW)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("report.html", "the old one")]


def test_a_report_replaces_the_old_one(tmp_path: Path, dump: Path, found: list[Predicted]) -> None:
    path = tmp_path / "report.html"
    path.write_text("the old one")
    write_report(path, dump, found[3:], now=NOW)
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    assert path.read_text().startswith("<!DOCTYPE html>")


def test_a_path_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(LifeEventsError, match="there is no folder"):
        checked(tmp_path / "nowhere" / "report.html")
    with pytest.raises(LifeEventsError, match="is a folder; name the file"):
        checked(tmp_path)
