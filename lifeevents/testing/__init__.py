"""Fakes for tests of the use cases: the same Protocols, no server, nothing to patch."""

from lifeevents.testing.fakes import FakeChannel, FakeDetector, FixedClock
from lifeevents.testing.ledger import InMemoryLedger, InMemoryUnit

__all__ = ["FakeChannel", "FakeDetector", "FixedClock", "InMemoryLedger", "InMemoryUnit"]
