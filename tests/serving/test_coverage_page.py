"""The coverage report in Markdown, for the documentation and for whoever prints it."""

from pathlib import Path

import pytest

from features.catalogue import known_features
from lifeevents.packs import load
from lifeevents.pipeline.report import coverage
from lifeevents.testing.ledger import InMemoryLedger
from serving.reports.coverage import write_markdown
from tests.pipeline.test_sweep import NOW


@pytest.fixture
def page(tmp_path: Path) -> str:
    body = coverage(InMemoryLedger(), load("vn", known_features), {}, simulated=True, now=NOW)
    write_markdown(tmp_path / "reached.md", body)
    return (tmp_path / "reached.md").read_text(encoding="utf-8")


def test_every_service_stands_there_once_with_what_it_lacks(page: str) -> None:
    pack = load("vn", known_features)
    for one in pack.procedures.values():
        [line] = [line for line in page.splitlines() if f"(`{one.id}`)" in line]
        assert line.rstrip(" |").endswith("."), line


def test_a_simulated_population_is_called_so(page: str) -> None:
    assert "a simulated population: nobody in it exists" in page


def test_rows_of_a_table_have_as_many_cells_as_its_head(page: str) -> None:
    tables = page.replace("\n\n\n", "\n\n").split("\n\n")
    for lines in (table.splitlines() for table in tables if table.startswith("| ")):
        assert len({line.count("|") for line in lines}) == 1
