"""The Vietnamese pack, and where the shapes and fact tables lie when they are there."""

import os
from pathlib import Path

import pytest

from features.catalogue import known_features
from lifeevents.domain.pack import Pack
from lifeevents.packs import load
from tests.registers.dumps import shared_registers

SHARED = shared_registers(os.environ).parent
collect_ignore = [] if (SHARED / "conformance").is_dir() else ["test_shapes.py", "test_fact_table.py"]


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load("vn", known_features)


@pytest.fixture(scope="session")
def shared() -> Path:
    return SHARED
