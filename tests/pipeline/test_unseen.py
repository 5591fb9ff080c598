"""People whom no register knew of in time are in the denominator: the truth of a simulation shows them."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.catalogue import known_features
from lifeevents.domain.pack import Pack
from lifeevents.packs import load
from lifeevents.pipeline.report import coverage
from lifeevents.pipeline.unseen import unseen
from lifeevents.testing.ledger import InMemoryLedger
from tests.pipeline.test_sweep import NOW

BEGAN, AS_OF = date(2026, 6, 1), date(2026, 11, 5)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


def truth(folder: Path, *events: tuple[str, date, date | None]) -> Path:
    names, days, recorded = zip(*events, strict=True)
    moments = pa.array(recorded, pa.date32()).cast(pa.timestamp("us"))
    rows = {"event": names, "occurred_on": days, "recorded_at": moments}
    pq.write_table(pa.table(rows), folder / "events.parquet")
    return folder


def test_as_many_people_are_missing_as_events_are_beside_those_recorded(pack: Pack, tmp_path: Path) -> None:
    seen = [("birth", date(2026, 7, day), date(2026, 7, day + 1)) for day in range(1, 9)]
    never, late = ("birth", date(2026, 7, 9), None), ("birth", date(2026, 7, 10), date(2026, 11, 6))
    folder = truth(tmp_path, *seen, never, late)
    offered = {("child_born", "child.hi_card"): 80, ("job_loss", "work.job_advice"): 50}
    assert unseen(pack, folder, offered, began=BEGAN, as_of=AS_OF) == {"child.hi_card": 20}


@pytest.mark.parametrize(
    ("happened", "people"),
    [
        (date(2026, 10, 6), 0),
        (date(2026, 10, 7), 0),
        (date(2026, 10, 5), 1),
        (date(2026, 5, 2), 1),
        (date(2026, 5, 1), 0),
    ],
    ids=["its thirtieth day is today", "there is time left", "its time ran out", "the first day", "before the service"],
)
def test_only_those_count_whose_time_ran_out_since_the_service_began(
    pack: Pack, tmp_path: Path, happened: date, people: int
) -> None:
    folder = truth(tmp_path, ("job_loss", date(2026, 8, 1), date(2026, 8, 2)), ("job_loss", happened, None))
    found = unseen(pack, folder, {("job_loss", "work.job_advice"): 1}, began=BEGAN, as_of=AS_OF)
    assert found.get("work.job_advice", 0) == people


def test_a_date_that_law_sets_is_never_unseen(pack: Pack, tmp_path: Path) -> None:
    folder = truth(tmp_path, ("birth", date(2026, 7, 1), None))
    assert unseen(pack, folder, {("retirement", "ret.pension"): 9}, began=BEGAN, as_of=AS_OF) == {}


def test_the_unseen_are_eligible_and_not_reached(pack: Pack) -> None:
    body = coverage(InMemoryLedger(), pack, {}, simulated=True, now=NOW, unseen={"child.hi_card": 20})
    [service] = [one for one in body["services"] if one["id"] == "child.hi_card"]
    assert (service["eligible"], service["reached"], service["unseen"]) == (20, 0, 20)
