"""Dirt is made on purpose, of every kind, and can be switched off."""

from lifeevents.domain.pack import Vocabulary
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake


def _imported(report, rates, folder):
    return import_dump(report.out, Lake(folder), Vocabulary.of(rates.registers, {})).tables


def test_the_quality_gate_accepts_every_row_of_a_clean_dump(clean, rates, tmp_path):
    tables = _imported(clean, rates, tmp_path)
    assert {name: (table.accepted, table.quarantined) for name, table in tables.items()} == {
        name: (clean.rows[name], ()) for name in ("subjects", "events", "attributes", "relations")
    }


def test_the_quality_gate_finds_dirt_of_each_kind(dirty, rates, tmp_path):
    tables = _imported(dirty, rates, tmp_path)
    reasons = {finding.reason for table in tables.values() for finding in (*table.quarantined, *table.repaired)}
    assert {"identical_row", "unknown_subject", "duplicate_event_id", "before_birth", "missing_value",
            "recorded_before_occurred", "wrong_type"} <= reasons  # fmt: skip


def test_a_clean_dump_has_nothing_for_the_quality_gate_to_find(clean, ask):
    out = clean.out
    assert clean.dirt == {}
    assert ask(out, "select count(*) - count(distinct event_id) from events") == [(0,)]
    assert ask(out, "select count(*) from events where corrects is not null or annuls is not null") == [(0,)]
    assert ask(out, "select count(*) from events where columns(* exclude (payload, corrects, annuls)) is null") == [
        (0,)
    ]
    for table in ("events", "attributes", "relations"):
        assert ask(out, f"select count(*) from {table} anti join subjects using (subject_id)") == [(0,)], table
        assert ask(out, f"select count(*) - count(distinct t) from {table} t") == [(0,)], table
    assert ask(out, "select count(*) from relations r anti join subjects s on s.subject_id = r.related_id") == [(0,)]


def test_in_a_clean_dump_every_fact_lies_between_birth_and_its_recording(clean, ask):
    early = "select event, count(*) from events join subjects using (subject_id) where occurred_on < born_on group by 1"
    assert ask(clean.out, early) == []
    assert ask(clean.out, "select event, count(*) from events where occurred_on > recorded_at::date group by 1") == []
    dead = """select event, count(*) from events join truth_subjects using (subject_id)
        where occurred_on > died_on and kind = 'person' group by 1"""
    assert ask(clean.out, dead) == []


def test_every_kind_of_dirt_is_made_and_counted(dirty, rates):
    assert set(dirty.dirt) == set(rates.registering.dirt.value)
    assert all(dirty.dirt.values())


def test_each_kind_of_dirt_can_be_found_in_the_rows(dirty, ask):
    def count(query: str) -> int:
        return ask(dirty.out, f"select count(*) from {query}")[0][0]

    assert count("(select event_id from events group by all having count(*) > 1)") > 0
    assert count("(select event_id from events group by event_id having count(distinct occurred_on) > 1)") > 0
    assert count("events join subjects using (subject_id) where occurred_on < born_on") > 0
    assert count("events where occurred_on > recorded_at::date + 1000") > 0
    assert count("attributes where value like '%-02-30'") > 0
    assert count("events anti join subjects using (subject_id)") > 0
    assert count("events where occurred_on is null") > 0
    assert count("attributes where value is null") > 0


def test_a_correction_carries_the_truth_and_follows_what_it_corrects(dirty, ask):
    pairs = """from events c join events w on c.corrects = w.event_id join truth_events t
        on t.subject_id = c.subject_id and t.event = c.event and t.occurred_on = c.occurred_on"""
    ordered = "select count(*) > 5, bool_and(c.recorded_at > w.recorded_at), bool_and(w.occurred_on > c.occurred_on) "
    assert ask(dirty.out, ordered + pairs) == [(True, True, True)]


def test_an_annulled_fact_never_was(dirty, ask):
    false = "(select w.* from events a join events w on a.annuls = w.event_id)"
    assert ask(dirty.out, f"select count(*) > 5 from {false}") == [(True,)]
    happened = f"""select count(*) from {false} f join truth_events t
        on t.subject_id = f.subject_id and t.event = f.event and t.occurred_on = f.occurred_on"""
    assert ask(dirty.out, happened) == [(0,)]


def test_a_false_fact_is_told_of_someone_who_was_born_by_then(dirty, ask):
    early = """select count(*) from events a join events w on a.annuls = w.event_id
        join truth_subjects t on t.subject_id = w.subject_id where w.occurred_on < t.born_on"""
    assert ask(dirty.out, early) == [(0,)]
