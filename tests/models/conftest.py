"""A small invented world with a known chance: who has a trade opens a business several times as often."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pytest

from features.catalogue import known_features
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from lifeevents.packs import load
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from tests.models.movers import write_movers

LAST = date(2026, 11, 3)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load("vn", known_features)


@pytest.fixture(scope="session")
def predicted(pack) -> Milestone:
    return pack.milestones["household_business_registration"]


def _write(folder: Path, people: int, effect: float, flips: bool, seed: int) -> Path:
    """A contract dump: the monthly chance of opening a business is .1% for most, `effect` times that with a trade;
    where the world `flips`, from June 2024 on a trade makes it as much rarer."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    ids = [f"p{n:05d}" for n in range(people)]
    born = [date(1960, 1, 1) + timedelta(days=int(d)) for d in random.integers(0, 40 * 365, people)]
    trade = random.random(people) < 0.3
    since = ["2016-01-01"] * people
    subjects = pa.table({
        "subject_id": ids, "kind": ["person"] * people, "sex": random.choice(["M", "F"], people),
        "born_on": [str(b) for b in born], "precision": ["day"] * people, "obs_from": [str(b) for b in born],
        "obs_to": [""] * people,
    })  # fmt: skip
    months = 129
    chance = np.where(trade[:, None], 0.001 * effect, 0.001) * np.ones(months)
    if flips:
        chance[:, 101:] = np.where(trade, 0.0002, 0.004)[:, None]
    opened = random.random((people, months)) < chance
    rows = [
        (ids[person], date(2016 + month // 12, month % 12 + 1, 10))
        for person, month in zip(*np.nonzero(opened), strict=True)
        if (date(2016 + month // 12, month % 12 + 1, 10) - born[person]).days > 6575
    ]
    events = pa.table({
        "event_id": [f"e{n}" for n in range(len(rows))], "subject_id": [r[0] for r in rows],
        "event": ["household_business_opened"] * len(rows), "occurred_on": [str(r[1]) for r in rows],
        "precision": ["day"] * len(rows), "recorded_at": [f"{r[1]}T03:00:00Z" for r in rows],
        "register": ["business"] * len(rows), "payload": [""] * len(rows), "corrects": [""] * len(rows),
        "annuls": [""] * len(rows),
    })  # fmt: skip
    attributes = pa.table({
        "subject_id": ids, "name": ["insured"] * people, "value": np.where(trade, "voluntary", "none"),
        "valid_from": since,
        "valid_to": [""] * people, "recorded_at": ["2016-01-02T00:00:00Z"] * people,
        "register": ["social_insurance"] * people,
    })  # fmt: skip
    for name, table in (("subjects", subjects), ("events", events), ("attributes", attributes)):
        pcsv.write_csv(table, folder / f"{name}.csv")
    return folder


@pytest.fixture(scope="session")
def lake_of(pack, tmp_path_factory) -> Callable[..., Lake]:
    """A lake of `people`, in which a trade makes opening a business `effect` times as likely."""

    def make(people: int, effect: float, *, flips: bool = False, seed: int = 3) -> Lake:
        home = tmp_path_factory.mktemp("world")
        lake = Lake(home / "lake", new_buckets=2)
        vocabulary = pack.vocabulary
        report = import_dump(_write(home / "dump", people, effect, flips, seed), lake, vocabulary)
        assert report.tables["events"].accepted > 100
        return lake

    return make


@pytest.fixture(scope="session")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,500 people; renters with low wages move, and wages are told every year."""
    return write_movers(tmp_path_factory.mktemp("plain"))
