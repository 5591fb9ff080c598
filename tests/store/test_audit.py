"""The audit chain: every way of changing the past is seen."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from lifeevents.store.audit import Verification, anchor, append, verify
from lifeevents.store.ledger import PostgresLedger
from lifeevents.store.schema import audit
from tests.store.values import NOW


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    return tmp_path / "heads" / "audit"


@pytest.fixture
def ledger(postgres_ledger: PostgresLedger, heads: Path) -> PostgresLedger:
    """Ten reads, in commits of one to four entries, with anchored heads."""
    ledger = PostgresLedger(postgres_ledger.engine, heads=heads)
    for size in (1, 2, 3, 4):
        with ledger.begin() as unit:
            for number in range(size):
                unit.audit("api", "read_inbox", f"s{size}", {"number": number, "tên": "Lan", "rate": 0.1}, now=NOW)
    return ledger


def check(ledger: PostgresLedger, heads: Path | None) -> Verification:
    with ledger.engine.begin() as con:
        return verify(con, heads)


def fail_after_reading(ledger: PostgresLedger) -> None:
    """A read whose transaction is rolled back."""
    with suppress(RuntimeError), ledger.begin() as unit:
        unit.audit("api", "read", "lan", {}, now=NOW)
        raise RuntimeError


def tamper(ledger: PostgresLedger, change: Callable[[Connection], object]) -> None:
    """Do what only the owner of the database could: switch the triggers off and change the past."""
    with ledger.engine.begin() as con:
        con.execute(text("SET LOCAL session_replication_role = replica"))
        change(con)


def cut(con: Connection, after: int) -> None:
    con.execute(audit.delete().where(audit.c.seq > after))


def test_an_untouched_log_is_whole(ledger: PostgresLedger, heads: Path) -> None:
    assert check(ledger, heads) == Verification(rows=10)
    assert check(ledger, None).whole


def test_an_entry_says_who_did_what_about_whom_and_when(ledger: PostgresLedger) -> None:
    with ledger.engine.begin() as con:
        row = con.execute(select(audit).where(audit.c.seq == 1)).one()
    assert json.loads(row.entry) == {
        "actor": "api",
        "action": "read_inbox",
        "at": "2026-11-24T03:00:00+00:00",
        "detail": {"number": 0, "tên": "Lan", "rate": 0.1},
        "subject": "s1",
    }
    assert row.subject_id == "s1"


@pytest.mark.parametrize("seq", range(1, 11))
def test_every_edited_row_is_named(ledger: PostgresLedger, heads: Path, seq: int) -> None:
    entry = text("UPDATE audit SET entry = replace(entry, 'read_inbox', 'read_offer') WHERE seq = :seq")
    tamper(ledger, lambda con: con.execute(entry, {"seq": seq}))
    assert check(ledger, heads).problems == (f"Row {seq} was changed: its hash does not match its content.",)


def test_an_edit_with_a_fresh_hash_breaks_the_link_to_the_next_row(ledger: PostgresLedger) -> None:
    forged = text(
        "UPDATE audit SET entry = '{}', hash = encode(sha256(convert_to(prev_hash || ' 5 {}', 'UTF8')), 'hex') "
        "WHERE seq = 5"
    )
    tamper(ledger, lambda con: con.execute(forged))
    assert check(ledger, None).problems == ("Row 6 does not follow row 5: one of them was changed.",)


def test_deleted_rows_are_named(ledger: PostgresLedger, heads: Path) -> None:
    tamper(ledger, lambda con: con.execute(audit.delete().where(audit.c.seq.in_([4, 5]))))
    assert "Rows 4 to 5 are missing." in check(ledger, heads).problems


def test_a_cut_tail_is_seen_only_through_the_anchored_heads(ledger: PostgresLedger, heads: Path) -> None:
    tamper(ledger, lambda con: cut(con, after=6))
    assert check(ledger, None).whole
    assert check(ledger, heads).problems == ("The log ends at row 6, but row 10 was anchored: its tail was cut.",)


def test_a_tail_written_anew_is_seen_through_the_anchored_heads(ledger: PostgresLedger, heads: Path) -> None:
    def rewrite(con: Connection) -> None:
        cut(con, after=6)
        append(con, [f'{{"subject":"s{n}"}}' for n in range(4)])

    tamper(ledger, rewrite)
    assert check(ledger, None).whole
    assert check(ledger, heads).problems == ("Row 10 was written anew: it differs from the head anchored then.",)


def test_a_missing_file_of_heads_is_said(ledger: PostgresLedger, tmp_path: Path) -> None:
    assert "is missing" in check(ledger, tmp_path / "nothing").problems[0]


def test_a_file_that_is_no_file_of_heads_is_refused_with_its_line(ledger: PostgresLedger, heads: Path) -> None:
    heads.write_text(heads.read_text() + "hello\n")
    with pytest.raises(ValueError, match='line 5: "hello" is not a head'):
        check(ledger, heads)


def test_a_line_that_a_crash_left_unfinished_is_not_an_anchor(ledger: PostgresLedger, heads: Path) -> None:
    heads.write_text(heads.read_text() + "11 abc")
    assert check(ledger, heads).whole


def test_writers_at_once_make_one_chain(ledger: PostgresLedger, heads: Path) -> None:
    def read(number: int) -> None:
        with ledger.begin() as unit:
            unit.audit("api", "read", f"s{number}", {}, now=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, range(80)))
    assert check(ledger, heads) == Verification(rows=90)


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(ledger: PostgresLedger, heads: Path) -> None:
    fail_after_reading(ledger)
    with ledger.begin() as unit:
        unit.audit("api", "read", "lan", {}, now=NOW)
    assert check(ledger, heads) == Verification(rows=11)


def test_nothing_is_anchored_that_was_not_committed(ledger: PostgresLedger, heads: Path) -> None:
    lines = heads.read_text()
    fail_after_reading(ledger)
    assert heads.read_text() == lines
    with ledger.engine.begin() as con:
        anchor(heads, append(con, ["{}"]))
        con.rollback()
    assert not check(ledger, heads).whole
