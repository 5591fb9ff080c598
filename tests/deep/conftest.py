"""The second tier: what needs minutes, a browser or Java. `make deep` runs it; `make test` does not collect it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deep.world import World, small_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One small country per worker, made when the first test asks for it; tests leave it as they found it."""
    var: Path = tmp_path_factory.mktemp("world")
    with small_world(var) as made:
        yield made
