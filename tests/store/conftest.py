"""Every contract test runs on both ledgers."""

import pytest

from lifeevents.ports import Ledger
from lifeevents.testing import InMemoryLedger


@pytest.fixture(params=["memory", "postgres"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """The ledger in memory, then the one on a fresh PostgreSQL database."""
    if request.param == "memory":
        return InMemoryLedger()
    chosen: Ledger = request.getfixturevalue("postgres_ledger")
    return chosen
