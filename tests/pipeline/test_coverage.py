"""The 50% page as data: what was told, held against the truth, becomes verdicts that can be recomputed."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.catalogue import known_features
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.pack import Pack
from lifeevents.packs import load
from lifeevents.pipeline.audit import audit_against_truth
from lifeevents.pipeline.report import coverage
from lifeevents.testing.ledger import InMemoryLedger
from tests.pipeline.test_sweep import NOW, birth, run

BORN = date(2026, 10, 20)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


def truth(folder: Path, *, child_died: date | None = None, born: date = BORN) -> Path:
    people = {
        "subject_id": ["mother", "c1"],
        "born_on": [date(1995, 1, 1), born],
        "died_on": pa.array([None, child_died], pa.date32()),
    }
    events = {"subject_id": ["c1"], "event": ["birth"], "occurred_on": [born]}
    pq.write_table(pa.table(people), folder / "subjects.parquet")
    pq.write_table(pa.table(events), folder / "events.parquet")
    return folder


def told(pack: Pack) -> InMemoryLedger:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1"))
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    return ledger


def test_a_notice_that_the_truth_bears_out_is_right(pack: Pack, tmp_path: Path) -> None:
    assert audit_against_truth(told(pack), pack, truth(tmp_path), as_of=NOW.date()) == {"child_born": (1, 1)}


def test_a_notice_about_a_child_that_had_died_is_wrong_though_no_register_knew(pack: Pack, tmp_path: Path) -> None:
    folder = truth(tmp_path, child_died=date(2026, 11, 1))
    assert audit_against_truth(told(pack), pack, folder, as_of=NOW.date()) == {"child_born": (1, 0)}


def test_a_notice_about_a_birth_on_another_day_is_wrong(pack: Pack, tmp_path: Path) -> None:
    folder = truth(tmp_path, born=date(2026, 10, 19))
    assert audit_against_truth(told(pack), pack, folder, as_of=NOW.date()) == {"child_born": (1, 0)}


def test_both_catalogues_are_counted_and_the_report_is_kept(pack: Pack) -> None:
    ledger = told(pack)
    body = coverage(ledger, pack, {"child_born": (1, 1)}, simulated=True, now=NOW)
    assert [(c["services"], c["proactive"]) for c in body["catalogues"]] == [(27, 0), (116, 0)]
    with ledger.begin() as unit:
        kept = unit.report("coverage")
    assert kept is not None
    assert kept["services"] == body["services"]


def test_a_service_says_what_it_lacks(pack: Pack) -> None:
    body = coverage(told(pack), pack, {"child_born": (1, 1)}, simulated=True, now=NOW)
    services = {service["id"]: service for service in body["services"]}
    assert services["child.residence"]["reached"] == services["child.residence"]["eligible"] == 1
    assert services["child.residence"]["verdict"] == "too_few"
    assert "1 eligible" in services["child.residence"]["lacks"][0]["en"]
    assert services["id.passport"]["lacks"][0]["en"] == "No milestone leads to this service yet."


def test_many_people_told_in_time_and_rightly_make_a_service_meet_the_mark(pack: Pack) -> None:
    ledger = InMemoryLedger()
    mothers = [birth(f"e{n}", f"c{n}").model_copy(update={"subject_id": f"m{n}"}) for n in range(100)]
    run(pack, ledger, *mothers)
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    body = coverage(ledger, pack, {"child_born": (100, 100)}, simulated=True, now=NOW)
    verdicts = {service["id"]: service["verdict"] for service in body["services"]}
    assert verdicts["child.residence"] == "meets"
    assert verdicts["child.hi_card"] == "falls_short"


def test_the_road_leads_through_every_service_that_does_not_meet_essential_ones_first(pack: Pack) -> None:
    body = coverage(told(pack), pack, {"child_born": (1, 1)}, simulated=True, now=NOW)
    lacking = {s["id"]: s for s in body["services"] if s["verdict"] != "meets"}
    assert {one["id"] for one in body["road"]} == set(lacking)
    essential = [one["essential"] for one in body["road"]]
    assert essential == sorted(essential, reverse=True)
    first = body["road"][0]
    assert first["people"] == lacking[first["id"]]["eligible"] == 1
    assert first["value"] == first["people"] * first["benefit"] / first["steps_left"]
    for one in body["road"]:
        assert [step["lacks"] for step in one["steps"]] == lacking[one["id"]]["lacks"]
        assert one["steps_left"] == len(one["steps"]) == lacking[one["id"]]["steps_left"] > 0
        assert all(step["todo"][language] for step in one["steps"] for language in ("vi", "en"))


def test_the_steps_say_how_many_services_lack_them(pack: Pack) -> None:
    body = coverage(told(pack), pack, {}, simulated=True, now=NOW)
    for one in body["steps"]:
        lacking = [s for s in body["road"] if one["step"] in {step["step"] for step in s["steps"]}]
        assert (one["services"], one["essential"]) == (len(lacking), sum(s["essential"] for s in lacking))
    assert {"milestone", "people", "audit"} <= {one["step"] for one in body["steps"]}


def test_what_to_do_names_the_numbers_that_the_bounds_ask_for(pack: Pack) -> None:
    todo = {one["step"]: one["todo"]["en"] for one in coverage(told(pack), pack, {}, simulated=True, now=NOW)["steps"]}
    assert "16 people" in todo["people"]
    assert "73 of its notices" in todo["audit"]
