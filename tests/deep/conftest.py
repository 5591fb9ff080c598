"""The second tier: what needs minutes, a browser or Java. `make deep` runs it; `make test` does not collect it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deep.world import World, small_world


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """One small country per worker, made when the first test asks for it; tests leave it as they found it.

    Its folder is not pytest's: every new run of pytest closes that one to the user that PostgreSQL runs as.
    """
    with tempfile.TemporaryDirectory(prefix="lifeevents-world-") as var, small_world(Path(var)) as made:
        yield made
