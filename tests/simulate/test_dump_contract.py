"""The dump is what the register contract says, and only what the registers knew by the last day."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lifeevents.domain.errors import Refused
from lifeevents.simulate import simulate

TINY = {"people": 300, "start": date(2024, 10, 1), "until": date(2026, 2, 14)}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(tmp_path, rates):
    for name, seed in (("a", 9), ("b", 9), ("c", 10)):
        simulate(tmp_path / name, seed=seed, rates=rates, **TINY)
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert _bytes(tmp_path / "a")["events.parquet"] != _bytes(tmp_path / "c")["events.parquet"]


def test_a_second_run_into_the_same_folder_replaces_the_first(tmp_path, rates):
    for seed in (1, 2, 1):
        simulate(tmp_path / "again", seed=seed, rates=rates, **TINY)
    simulate(tmp_path / "once", seed=1, rates=rates, **TINY)
    assert _bytes(tmp_path / "again") == _bytes(tmp_path / "once")


def test_an_interrupted_run_leaves_no_half_dump(tmp_path, rates):
    def stop(done: int, months: int) -> None:
        assert months == 17
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(tmp_path, seed=1, rates=rates, progress=stop, **TINY)
    assert _bytes(tmp_path) == {}


def test_columns_and_types_are_those_of_the_contract(clean):
    def columns(table: str) -> dict[str, str]:
        return {field.name: str(field.type) for field in pq.read_schema(clean.out / f"{table}.parquet")}

    day, moment = "date32[day]", "timestamp[us]"
    assert columns("subjects") == {
        "subject_id": "string", "kind": "string", "sex": "string", "born_on": day, "precision": "string",
        "obs_from": day, "obs_to": day,
    }  # fmt: skip
    assert columns("events") == {
        "event_id": "string", "subject_id": "string", "event": "string", "occurred_on": day, "precision": "string",
        "recorded_at": moment, "register": "string", "payload": "string", "corrects": "string", "annuls": "string",
    }  # fmt: skip
    assert columns("attributes") == {
        "subject_id": "string", "name": "string", "value": "string", "valid_from": day, "valid_to": day,
        "recorded_at": moment, "register": "string",
    }  # fmt: skip
    assert columns("relations") == {
        "subject_id": "string", "related_id": "string", "relation": "string", "valid_from": day, "valid_to": day,
        "recorded_at": moment, "register": "string",
    }  # fmt: skip


UNLIVED = {
    "land_right_registered", "household_business_suspended", "first_employee_insured", "sick_leave_certified",
    "passport_valid_to", "enterprise_suspended", "enterprise_dissolution_announced", "tenth_employee_insured",
    "identity_card_lost", "vehicle_registration_fee_paid", "land_contract_notarised",
}  # fmt: skip
"""Types that the pack's registers deliver and no simulated life holds yet: nobody is found by what rests on them."""


def test_every_name_belongs_to_the_register_that_the_pack_says(country, rates, ask):
    delivering = [register for register in rates.registers.values() if register.delivers]
    events = {(n, r.id, kind.subject) for r in delivering for n, kind in r.events.items() if n not in UNLIVED}
    values = {(n, r.id, kind.subject) for r in delivering for n, kind in r.attributes.items() if n not in UNLIVED}
    relations = {name for r in rates.registers.values() for name in r.relations}
    delivered = "select distinct {0}, register, kind from {1} join subjects using (subject_id)"
    assert set(ask(country.out, delivered.format("event", "events"))) == events
    assert set(ask(country.out, delivered.format("name", "attributes"))) == values
    assert {name for (name,) in ask(country.out, "select distinct relation from relations")} == relations


def test_values_are_of_the_type_and_the_codes_that_the_register_gives(clean, rates, ask):
    casts = {"flag": "boolean", "integer": "bigint", "number": "double", "date": "date", "category": "varchar"}
    for register in (register for register in rates.registers.values() if register.delivers):
        for name, attribute in register.attributes.items():
            if name in UNLIVED:
                continue
            rows = f"from attributes where name = '{name}'"
            assert ask(clean.out, f"select count(*) {rows}")[0][0] > 0, name
            broken = f"select count(*) {rows} and try_cast(value as {casts[attribute.type]}) is null"
            assert ask(clean.out, broken) == [(0,)], name
            if attribute.codes:
                assert {value for (value,) in ask(clean.out, f"select distinct value {rows}")} <= set(attribute.codes)


def test_payloads_are_json_with_the_fields_of_the_register(clean, ask):
    assert ask(clean.out, "select count(*) from events where event = 'birth' and payload->>'$.order' is null") == [(0,)]
    levels = ask(clean.out, "select distinct payload->>'$.level' from events where event = 'school_entry' order by 1")
    assert levels == [("lower_secondary",), ("primary",), ("tertiary",), ("upper_secondary",)]
    assert ask(clean.out, "select count(*) from events where event = 'move' and payload->>'$.province' is null") == [
        (0,)
    ]


def test_a_register_that_delivers_nothing_is_not_in_the_dump(clean, rates, ask):
    silent = {register.id for register in rates.registers.values() if not register.delivers}
    assert silent
    for table in ("events", "attributes", "relations"):
        assert silent.isdisjoint(name for (name,) in ask(clean.out, f"select distinct register from {table}"))


def test_nothing_recorded_after_the_last_day_is_in_the_dump_but_the_truth_has_it(country, ask):
    for table in ("events", "attributes", "relations"):
        assert ask(country.out, f"select count(*) from {table} where recorded_at::date > date '2026-11-20'") == [(0,)]
    assert ask(country.out, "select max(obs_from) <= date '2026-11-20' from subjects") == [(True,)]
    to_come = "select count(*) > 0 from truth_events where event = 'birth' and recorded_at > timestamp '2026-11-21'"
    assert ask(country.out, to_come) == [(True,)]


def test_the_truth_holds_every_value_that_is_a_date(clean, ask):
    names = ask(clean.out, "select distinct name from truth_attributes order by 1")
    ends = ("health_card", "identity_card", "licence", "temporary_residence", "vehicle_inspection")
    assert names == [(f"{name}_valid_to",) for name in ends]
    unlike = """select count(*) from (select subject_id, name, value::date as value, valid_from from attributes
        where valid_from <= date '2026-11-20' and name in (select name from truth_attributes))
        anti join truth_attributes using (subject_id, name, value, valid_from)"""
    assert ask(clean.out, unlike) == [(0,)]


def test_subjects_are_observed_from_their_first_record_to_a_death_that_is_known(country, ask):
    first = """select count(*) from subjects join (select subject_id, min(recorded_at)::date as first from events
        where annuls is null and corrects is null group by all) using (subject_id) where obs_from > first"""
    assert ask(country.out, first) == [(0,)]
    dead = """select count(*) filter (obs_to is null), count(*) filter (obs_to is not null) from subjects s
        join truth_subjects t using (subject_id) where t.died_on is not null and t.kind = 'person'"""
    unknown, known = ask(country.out, dead)[0]
    assert 0 < unknown < 0.15 * known
    living = """select count(*) from subjects join truth_subjects using (subject_id)
        where died_on is null and obs_to is not null"""
    assert ask(country.out, living) == [(0,)]
    assert ask(country.out, "select count(*) from subjects where obs_to < obs_from") == [(0,)]


def test_subject_ids_are_opaque_and_unique(country, ask):
    assert ask(country.out, "select count(*) - count(distinct subject_id) from subjects") == [(0,)]
    shape = """select bool_and(regexp_full_match(subject_id, case kind when 'person' then 'p' else 'b' end
        || '[0-9a-f]{16}')) from subjects"""
    assert ask(country.out, shape) == [(True,)]
    drift = "select abs(corr(('0x' || subject_id[2:9])::bigint, born_on - date '1900-01-01')) < 0.05 from subjects"
    assert ask(country.out, drift) == [(True,)]


def test_impossible_wishes_are_refused_with_a_way_out(tmp_path, rates):
    with pytest.raises(Refused, match="100 or more"):
        simulate(tmp_path, people=5, seed=1, until=date(2020, 1, 1), rates=rates)
    with pytest.raises(Refused, match="not after"):
        simulate(tmp_path, people=500, seed=1, until=date(2009, 1, 1), rates=rates)
    with pytest.raises(Refused, match="choose a day"):
        simulate(tmp_path, people=500, seed=1, start=date(1990, 1, 1), until=date(2020, 1, 1), rates=rates)
