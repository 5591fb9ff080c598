"""The import contracts of pyproject.toml hold, and each one is seen to fail when it is violated."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("lifeevents", "features", "models", "serving")
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]
VIOLATIONS = {
    "The packages stand on each other in one order": ("features/found_out.py", "import models"),
    "The rooms of the core stand on each other in one order": (
        "lifeevents/packs/loader.py",
        "import lifeevents.pipeline",
    ),
    "Decisions are pure: no frames, no SQL engine, no I/O, no settings": ("lifeevents/engine/notify.py", "import os"),
    "The core knows neither the model stack nor the web": ("lifeevents/pipeline/sweep.py", "import lightgbm"),
    "MLflow is known to models.registry alone": ("models/dataset.py", "import mlflow"),
    "Feast is known to features alone": ("models/dataset.py", "import feast"),
    "Spark is known to serving.spark alone": ("serving/work.py", "import pyspark"),
    "The API answers without models and without Feast": ("serving/api/app.py", "import models"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and their contracts, to spoil one file at a time."""
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.yaml"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )


def test_every_contract_holds() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in result.stdout


def test_every_contract_has_a_violation_below() -> None:
    assert sorted(VIOLATIONS) == sorted(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_violated_contract_is_seen_to_fail(copy: Path, contract: str) -> None:
    file, line = VIOLATIONS[contract]
    path = copy / file
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        result = lint(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout
