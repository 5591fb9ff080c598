"""What analysts open runs from top to bottom in a fresh kernel, quickly, and shows what its text speaks of."""

from pathlib import Path
from time import perf_counter

import jupytext
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
LONGEST = 120
"""Seconds that a notebook may take on two cores of its own; on a shared machine it gets three times as long."""

NO_NETWORK = Config({"KernelManager": {"transport": "ipc"}})


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_plots(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = jupytext.read(path)
    started = perf_counter()
    NotebookClient(
        notebook, timeout=3 * LONGEST, resources={"metadata": {"path": str(ROOT)}}, config=NO_NETWORK
    ).execute()
    assert perf_counter() - started < 3 * LONGEST
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 2
    assert sum("text/html" in output.get("data", {}) for output in outputs) >= 3
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    assert sum(cell.cell_type == "markdown" for cell in notebook.cells) >= len(code) // 2


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS
