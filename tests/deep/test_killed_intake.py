"""A hundred workers killed at random moments (KILLS=n); `make test` kills six."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_hundred_kills() -> None:
    command = [sys.executable, "-m", "pytest", "tests/pipeline/test_killed_intake.py", "-n", "0"]
    chosen = {"KILLS": os.environ.get("KILLS", "100"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"], cwd=ROOT, env=os.environ | chosen, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-5000:]
