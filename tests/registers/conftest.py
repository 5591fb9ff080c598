"""A small pack's vocabulary, a dump that passes, and a lake to import it into."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import AttributeType, EventType, Register
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from tests.registers.dumps import Dump, Rows, good_dump, shared_registers, write

TITLE = {"en": "t"}
collect_ignore = [] if shared_registers(os.environ).is_dir() else ["test_shared_registers.py"]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Two registers: civil (birth, death, marriage; kin) and tax (sector, revenue, exempt, checked_on; business)."""
    civil = Register(
        id="civil",
        title=TITLE,
        owner=TITLE,
        events={
            "birth": EventType(title=TITLE, kin={"mother": "child_birth", "father": "child_birth"}),
            "death": EventType(title=TITLE, kin={"spouse": "spouse_death"}, means="death"),
            "marriage": EventType(title=TITLE),
        },
        attributes={"province": AttributeType(title=TITLE, type="category", codes=("01", "79"))},
        relations=("mother", "father", "spouse"),
    )
    tax = Register(
        id="tax",
        title=TITLE,
        owner=TITLE,
        events={"audit": EventType(title=TITLE, subject="business")},
        attributes={
            "revenue": AttributeType(title=TITLE, subject="business", type="number"),
            "staff": AttributeType(title=TITLE, subject="business", type="integer"),
            "exempt": AttributeType(title=TITLE, subject="business", type="flag"),
            "checked_on": AttributeType(title=TITLE, subject="business", type="date"),
        },
    )
    return Vocabulary.of({"civil": civil, "tax": tax}, {})


@pytest.fixture
def good() -> Dump:
    """`good_dump`, a fresh one for each test."""
    return good_dump()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake, to be cut into 16 buckets."""
    return Lake(tmp_path / "lake", new_buckets=16)


@pytest.fixture
def take(tmp_path: Path, lake: Lake, vocabulary: Vocabulary) -> Callable[..., Any]:
    """Write a dump and import it into the lake."""
    count = iter(range(100))

    def run(dump: Mapping[str, Rows], suffix: str | Mapping[str, str] = ".csv") -> Any:
        return import_dump(write(tmp_path / f"dump{next(count)}", dump, suffix), lake, vocabulary)

    return run
