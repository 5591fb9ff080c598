"""The 50% page as data: what was told, held against the truth, becomes verdicts that can be recomputed."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.catalogue import known_features
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.occasion import Detection
from lifeevents.domain.pack import Pack
from lifeevents.packs import load
from lifeevents.pipeline.audit import audit_against_truth
from lifeevents.pipeline.report import coverage
from lifeevents.testing.ledger import InMemoryLedger
from tests.pipeline.test_sweep import NOW, Bucket, birth, run

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


def death(**changes: object) -> Detection:
    return birth("e9", "husband", on=date(2026, 10, 25), milestone="spouse_died", **changes)


def truth_of_a_death(folder: Path, *, died: date) -> Path:
    people = {
        "subject_id": ["mother", "husband"],
        "born_on": [date(1995, 1, 1), date(1990, 1, 1)],
        "died_on": pa.array([None, died], pa.date32()),
    }
    events = {"subject_id": ["husband"], "event": ["death"], "occurred_on": [died]}
    pq.write_table(pa.table(people), folder / "subjects.parquet")
    pq.write_table(pa.table(events), folder / "events.parquet")
    return folder


@pytest.mark.parametrize(("died", "right"), [(date(2026, 10, 25), 1), (date(2026, 10, 24), 0)])
def test_a_widow_is_told_of_a_death_and_rightly_when_it_happened_on_that_day(
    pack: Pack, tmp_path: Path, died: date, right: int
) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, death(), bucket=Bucket(subjects=("mother", "husband"), dead=frozenset({"husband"})))
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    audits = audit_against_truth(ledger, pack, truth_of_a_death(tmp_path, died=died), as_of=NOW.date())
    assert audits == {"spouse_died": (1, right)}


@pytest.mark.parametrize(("born", "right"), [(date(2012, 11, 20), 1), (date(2012, 11, 21), 0)])
def test_a_due_date_is_right_when_it_was_reckoned_from_the_true_birth_date(
    pack: Pack, tmp_path: Path, born: date, right: int
) -> None:
    ledger = InMemoryLedger()
    due = {"kind": "due", "due_on": date(2026, 11, 20), "event": {}, "sensitivity": "ordinary"}
    facts = {"born_on": date(2012, 11, 20), "age_months": 167}
    run(pack, ledger, birth("2026-11-20", "none", milestone="first_identity_card", facts=facts, **due))
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    folder = truth(tmp_path)
    people = {"subject_id": ["mother"], "born_on": [born], "died_on": pa.array([None], pa.date32())}
    pq.write_table(pa.table(people), folder / "subjects.parquet")
    assert audit_against_truth(ledger, pack, folder, as_of=NOW.date()) == {"first_identity_card": (1, right)}


@pytest.mark.parametrize(
    ("renewed", "right"),
    [(None, 1), (NOW.date() - timedelta(days=1), 0), (NOW.date() + timedelta(days=1), 1)],
    ids=["not renewed", "renewed unknown to the register", "renewed after the notice"],
)
def test_a_notice_of_an_ending_card_is_right_while_no_newer_card_is_in_force(
    pack: Pack, tmp_path: Path, renewed: date | None, right: int
) -> None:
    ledger, ends = InMemoryLedger(), date(2026, 12, 20)
    due = {"kind": "due", "due_on": ends, "event": {}, "sensitivity": "ordinary"}
    facts = {"identity_card_valid_to": ends, "born_on": date(2001, 12, 20)}
    run(pack, ledger, birth(ends.isoformat(), "none", milestone="identity_card_renewal", facts=facts, **due))
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    cards = [(date(2015, 12, 22), ends)] + ([(renewed, date(2041, 12, 20))] if renewed else [])
    held = {
        "subject_id": ["mother"] * len(cards),
        "name": ["identity_card_valid_to"] * len(cards),
        "value": [value for _, value in cards],
        "valid_from": [since for since, _ in cards],
    }
    folder = truth(tmp_path)
    pq.write_table(pa.table(held), folder / "attributes.parquet")
    assert audit_against_truth(ledger, pack, folder, as_of=NOW.date()) == {"identity_card_renewal": (1, right)}


@pytest.mark.parametrize(("declared", "right"), [(date(2026, 1, 1), 1), (date(2025, 1, 1), 0)])
def test_a_notice_to_a_business_is_held_against_the_business(
    pack: Pack, tmp_path: Path, declared: date, right: int
) -> None:
    ledger, on = InMemoryLedger(), date(2026, 1, 1)
    event = {"occurred_on": on, "recorded_on": date(2026, 1, 20), "revenue": 2e9}
    facts = {"kind": "business", "yearly_revenue": 2e9}
    shop = birth("x", "c1", subject_id="shop", milestone="business_revenue_threshold", event=event, facts=facts)
    run(pack, ledger, shop, bucket=Bucket(subjects=("shop",), ties=(("shop", "owner", "hoa"),)))
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    people = {"subject_id": ["shop"], "born_on": [date(2020, 1, 1)], "died_on": pa.array([None], pa.date32())}
    happened = {"subject_id": ["shop"], "event": ["revenue_declared"], "occurred_on": [declared]}
    pq.write_table(pa.table(people), tmp_path / "subjects.parquet")
    pq.write_table(pa.table(happened), tmp_path / "events.parquet")
    audits = audit_against_truth(ledger, pack, tmp_path, as_of=NOW.date())
    assert audits == {"business_revenue_threshold": (1, right)}


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
    assert services["land.split"]["lacks"] == [pack.procedures["land.split"].unprompted]
    assert services["land.split"]["verdict"] == "falls_short"


def test_many_people_told_in_time_and_rightly_make_a_service_meet_the_mark(pack: Pack) -> None:
    ledger = InMemoryLedger()
    mothers = [birth(f"e{n}", f"c{n}").model_copy(update={"subject_id": f"m{n}"}) for n in range(100)]
    run(pack, ledger, *mothers)
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    body = coverage(ledger, pack, {"child_born": (100, 100)}, simulated=True, now=NOW)
    verdicts = {service["id"]: service["verdict"] for service in body["services"]}
    assert verdicts["child.residence"] == "meets"
    assert verdicts["child.hi_card"] == "falls_short"


def test_what_only_a_lawyer_holds_up_is_counted_beside_what_meets(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, *(birth(f"e{n}", f"c{n}").model_copy(update={"subject_id": f"m{n}"}) for n in range(100)))
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    body = coverage(ledger, pack, {"child_born": (100, 100)}, simulated=True, now=NOW)
    held_up = [one["id"] for one in body["services"] if one["steps"] == ["verification"]]
    assert "child.hi_card" in held_up
    everything = body["catalogues"][1]
    assert everything["if_confirmed"] == everything["proactive"] + len(held_up)


def test_the_road_leads_through_every_service_that_does_not_meet_essential_ones_first(pack: Pack) -> None:
    body = coverage(told(pack), pack, {"child_born": (1, 1)}, simulated=True, now=NOW)
    unprompted = {procedure.id for procedure in pack.procedures.values() if procedure.unprompted}
    lacking = {s["id"]: s for s in body["services"] if s["verdict"] != "meets" and s["id"] not in unprompted}
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
    reasons = [s for s in body["services"] if pack.procedures[s["id"]].unprompted]
    first, *others = body["steps"]
    assert (first["step"], first["services"]) == ("unprompted", len(reasons))
    assert first["essential"] == sum(s["essential"] for s in reasons) > 0
    for one in others:
        lacking = [s for s in body["road"] if one["step"] in {step["step"] for step in s["steps"]}]
        assert (one["services"], one["essential"]) == (len(lacking), sum(s["essential"] for s in lacking))
    assert {"verification", "people", "audit"} <= {one["step"] for one in others}


def test_what_to_do_names_the_numbers_that_the_bounds_ask_for(pack: Pack) -> None:
    todo = {one["step"]: one["todo"]["en"] for one in coverage(told(pack), pack, {}, simulated=True, now=NOW)["steps"]}
    assert "16 people" in todo["people"]
    assert "73 of its notices" in todo["audit"]
