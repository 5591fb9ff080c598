"""Ten thousand histories (HISTORIES=n) end the same whatever the order; `make test` tries two hundred."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_ten_thousand_histories() -> None:
    command = [sys.executable, "-m", "pytest", "tests/pipeline/test_histories.py", "-n", "0", "-p", "no:cacheprovider"]
    chosen = {"HISTORIES": os.environ.get("HISTORIES", "10000"), "FAMILIES": "100", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | chosen, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:]
