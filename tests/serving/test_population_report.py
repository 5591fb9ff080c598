"""The report on a simulated population: one file that stands alone, with the JSON's figures; and the docs' page."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

import pytest

from lifeevents.simulate import Rates, load_rates, simulate
from lifeevents.simulate.figures import Survey, survey
from lifeevents.simulate.figures.comparison import Figure
from lifeevents.simulate.figures.estimate import Estimate
from serving.reports.population import place, render, topics, value, write_report
from serving.reports.population_text import page
from tests.serving.standalone import Seen, assert_it_loads_nothing

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
PAGE = Path(__file__).parent.parent.parent / "docs" / "simulation-figures.md"


@pytest.fixture(scope="module")
def rates() -> Rates:
    return load_rates("vn")


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory, rates: Rates) -> Path:
    out = tmp_path_factory.mktemp("country") / "a<b"
    simulate(out, people=3_000, seed=5, start=date(2019, 1, 1), until=date(2026, 10, 31), rates=rates)
    return out


@pytest.fixture(scope="module")
def found(dump: Path, rates: Rates) -> Survey:
    return survey(dump, rates)


@pytest.fixture(scope="module")
def html(dump: Path, found: Survey, rates: Rates) -> str:
    return render(dump, found, rates, now=NOW)


def test_the_file_loads_nothing_and_runs_nothing(html: str) -> None:
    assert_it_loads_nothing(html)


def test_ids_are_unique_over_all_charts_and_every_reference_leads_somewhere(html: str) -> None:
    seen = Seen(html)
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.references <= set(seen.ids)


def test_every_chart_says_in_words_what_it_shows(html: str) -> None:
    drawn = [image for image in Seen(html).images if image.get("role") == "img"]
    assert len(drawn) == 13
    assert all(image["aria-labelledby"] and image["aria-describedby"] for image in drawn)
    words = re.findall(r"<desc[^>]*>([^<]*)</desc>", html)
    assert len(words) == 13
    assert all(re.search(r"\d", text) and "nan" not in text for text in words)


def test_colours_follow_the_page_into_the_dark(html: str) -> None:
    drawings = "".join(re.findall(r'<svg role="img".*?</svg>', html, flags=re.DOTALL))
    assert {"var(--detector)", "var(--floor)"} <= set(re.findall(r"var\(--\w+\)", drawings))
    assert not re.search(r"#[0-9a-f]{6}\b", drawings)


def test_the_figures_are_those_of_the_json(html: str, found: Survey) -> None:
    for figure in found.figures:
        row = html[
            html.index(f'<tr data-figure="{escape(figure.published.name, quote=True).replace("&#x27;", "&#39;")}"') :
        ]
        row = row[: row.index("</tr>")]
        told = figure.as_row()
        assert f'<data value="{told["simulated"]:.5f}">' in row
        assert f"{told['verdict']}" in row
        assert told["source"] in row


def test_each_miss_is_followed_by_its_explanation_and_nothing_else_is(html: str, found: Survey) -> None:
    assert html.count('<tr class="why">') == sum(bool(figure.why) for figure in found.figures) > 0


def test_memory_is_marked_and_never_counted(html: str, found: Survey) -> None:
    marked = [figure for figure in found.figures if figure.published.confidence == "memory"]
    assert {figure.verdict for figure in marked} == {"no evidence"}
    assert html.count(", memory</small>") == len(marked) > 0
    judged = len(found.counted("agrees", "misses"))
    assert f"of {judged} published figures that" in html


def test_conflicts_of_the_sources_and_what_is_not_simulated_are_told(html: str, rates: Rates) -> None:
    for conflict in rates.published.conflicts:
        assert all(str(escape(said)).replace("&#x27;", "&#39;") in html for said in conflict.said)
        assert str(escape(conflict.chosen)).replace("&#x27;", "&#39;") in html
    assert all(one.published in html for one in rates.published.not_simulated)


def test_a_name_is_escaped_and_nobody_is_said_to_be_real(html: str) -> None:
    assert "a&lt;b" in html
    assert "a<b" not in html
    assert "Nobody in it is real." in html


def test_the_same_survey_gives_the_same_bytes(html: str, dump: Path, found: Survey, rates: Rates) -> None:
    assert render(dump, found, rates, now=NOW) == html


def test_without_curves_the_report_says_why(tmp_path: Path, dump: Path, found: Survey, rates: Rates) -> None:
    path = tmp_path / "report.html"
    write_report(path, dump, replace(found, curves=None), rates, now=NOW)
    told = path.read_text()
    assert "does not cover that year whole" in told
    assert '<svg role="img"' not in told


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [(0.228, "share of people", "22.8%"), (0.0193, "share of people", "1.93%"), (1.93, "children", "1.93"),
     (0.049, "businesses", "0.0490"), (111.4, "boys", "111.4"), (None, "years", "–")],
)  # fmt: skip
def test_numbers_are_written_as_people_read_them(number: float | None, unit: str, shown: str) -> None:
    assert value(number, unit) == shown


def test_the_track_places_the_published_figure_in_the_middle_and_ends_at_two_tolerances(rates: Rates) -> None:
    told = rates.published.figures[0]
    at = told.published
    assert place(Figure(told, Estimate(at, at, at))) == 0.5
    assert place(Figure(told, Estimate(at + told.allowance, at, at))) == pytest.approx(0.75)
    assert place(Figure(told, Estimate(at - 9 * told.allowance, at, at))) == 0
    assert place(Figure(told, None)) is None


def rows(text: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]


def test_the_page_of_the_docs_holds_what_the_pack_says_of_every_figure(rates: Rates) -> None:
    text = PAGE.read_text()
    nobody = Survey(
        0, date(2010, 1, 1), date(2026, 1, 1), tuple(Figure(f, None) for f in rates.published.figures), None
    )
    fixed = (0, 1, 2, 3, 6, 7)  # name, year, unit, published, given, source
    measured = rows(text[text.index("## Figures") : text.index("## Why figures miss")])
    expected = rows(
        page(nobody, rates)[page(nobody, rates).index("## Figures") : page(nobody, rates).index("## Why figures miss")]
    )
    assert [[row[i] for i in fixed] for row in measured] == [[row[i] for i in fixed] for row in expected]
    assert len(measured) == len(rates.published.figures) + 2 * len(topics(nobody))
    after = "## Where sources conflict"
    assert text[text.index(after) :] == page(nobody, rates)[page(nobody, rates).index(after) :]


def test_every_miss_of_the_page_is_explained_in_the_words_of_the_pack(rates: Rates) -> None:
    text = PAGE.read_text()
    misses = {row[0] for row in rows(text) if row[-1] == "misses"}
    explained = dict(
        re.findall(r"^- \*\*(.+?)\*\*: (.+)$", text[text.index("## Why figures miss") :], flags=re.MULTILINE)
    )
    why = {figure.name: figure.why for figure in rates.published.figures}
    assert misses <= explained.keys()
    assert explained == {name: why[name] for name in explained}


def test_the_page_counts_what_its_rows_say() -> None:
    text = PAGE.read_text()
    verdicts = [row[-1] for row in rows(text[: text.index("## Why figures miss")])]
    agrees, misses = verdicts.count("agrees"), verdicts.count("misses")
    assert f"{agrees} of the {agrees + misses} figures that can be judged agree" in text
