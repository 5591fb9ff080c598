"""A clean simulated delivery, spoilt in one way at a known rate: the number it touches moves by about that rate, and
no other does."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import get_args

import duckdb
import pytest

from features.behind import behind
from features.catalogue import known_features
from lifeevents.domain.errors import NotFound
from lifeevents.domain.quality import PRINCIPLES, Board, Number, Principle
from lifeevents.engine.reuse import words_reused
from lifeevents.packs import load
from lifeevents.registers.cells import REPAIRS
from lifeevents.registers.checks import checks
from lifeevents.registers.contract import CONTRACT
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.registers.quality import measure
from lifeevents.registers.quality.board import MEASURES
from lifeevents.registers.quality.reasons import REASONS
from lifeevents.simulate import load_rates, simulate

PACK = load("vn", known_features)
REUSED = words_reused(PACK, behind(PACK.vocabulary))
RATE, SLACK = 0.10, 0.025
TENTH = "hash(rowid, 7) % 10 = 0"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    until = date(2026, 11, 20)
    simulate(out, people=2_000, seed=3, start=date(2023, 1, 1), until=until, rates=load_rates("vn"), dirt=0)
    return out


@pytest.fixture
def board_of(clean: Path, tmp_path: Path) -> Callable[..., Board]:
    """The board of the clean delivery after SQL over its tables."""

    def run(*spoil: str) -> Board:
        out = tmp_path / f"dump{len(list(tmp_path.iterdir()))}"
        out.mkdir()
        with duckdb.connect() as con:
            for table in CONTRACT:
                con.execute(f"CREATE TABLE {table.name} AS FROM read_parquet('{clean / table.name}.parquet')")
            for sql in spoil:
                con.execute(sql)
            for table in CONTRACT:
                con.execute(f"COPY (SELECT * FROM {table.name}) TO '{out / table.name}.parquet' (FORMAT parquet)")
        lake = Lake(out / "lake")
        import_dump(out, lake, PACK.vocabulary)
        return measure(lake, PACK, REUSED, months=None)

    return run


@pytest.fixture(scope="module")
def before(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Board:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    import_dump(clean, lake, PACK.vocabulary)
    return measure(lake, PACK, REUSED, months=None)


def number(board: Board, register: str, principle: Principle) -> Number:
    (found,) = (one for one in board.registers if one.register_id == register)
    return next(one for one in found.numbers if one.principle == principle)


def share(board: Board, register: str, principle: Principle) -> float:
    one = number(board, register, principle)
    assert one.of, (register, one.why)
    return one.good / one.of


SPOILT = {
    "duplicates": (
        "social_protection",
        "clean",
        RATE / (1 + RATE),
        [f"INSERT INTO attributes SELECT * FROM attributes WHERE register = 'social_protection' AND {TENTH}",
         f"INSERT INTO events SELECT * FROM events WHERE register = 'social_protection' AND {TENTH}"],
    ),
    "wrong dates": (
        "education",
        "correct",
        RATE,
        [f"UPDATE {table} SET {day} = recorded_at::DATE + 400 WHERE register = 'education' AND {TENTH}"
         for table, day in (("events", "occurred_on"),)]
        + ["UPDATE attributes SET valid_from = DATE '1890-01-01' WHERE register = 'education' AND " + TENTH],
    ),
    "unknown persons": (
        "social_insurance",
        "correct",
        RATE,
        [f"UPDATE {table} SET subject_id = 'x' || subject_id WHERE register = 'social_insurance' AND {TENTH}"
         for table in ("events", "attributes")],
    ),
    "missing fields": (
        "social_insurance",
        "sufficient",
        RATE,
        [f"UPDATE attributes SET value = NULL WHERE register = 'social_insurance' AND {TENTH}",
         f"UPDATE events SET occurred_on = NULL WHERE register = 'social_insurance' AND {TENTH}"],
    ),
    "missing payload": (
        "tax",
        "sufficient",
        None,
        ["UPDATE events SET payload = NULL WHERE event = 'revenue_declared' AND " + TENTH],
    ),
    "births without a mother": (
        "civil_status",
        "sufficient",
        None,
        ["DELETE FROM relations WHERE relation = 'mother' AND subject_id IN (SELECT subject_id FROM events"
         f" WHERE event = 'birth' AND {TENTH})"],
    ),
    "late recording": (
        "social_protection",
        "live",
        RATE,
        [f"UPDATE {table} SET recorded_at = recorded_at + INTERVAL 40 DAY WHERE register = 'social_protection' AND"
         f" recorded_at > TIMESTAMP '2023-01-02' AND recorded_at < TIMESTAMP '2026-10-01' AND {TENTH}"
         for table in ("events", "attributes")],
    ),
    "conflicting births": (
        "health",
        "unified",
        None,
        ["UPDATE events SET occurred_on = occurred_on + 1 WHERE event = 'birth_certified' AND " + TENTH],
    ),
    "corrections": (
        "education",
        "correct",
        None,
        ["INSERT INTO events SELECT 'c' || event_id, subject_id, event, occurred_on, precision, recorded_at, register,"
         f" payload, event_id, NULL FROM events WHERE register = 'education' AND {TENTH}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SPOILT)
def test_the_number_it_touches_moves_by_about_the_rate_and_no_other_does(
    kind: str, before: Board, board_of: Callable[..., Board]
) -> None:
    register, touched, rate, spoil = SPOILT[kind]
    after = board_of(*spoil)
    fall = share(before, register, touched) - share(after, register, touched)
    if rate is None:
        assert fall > 0.01
    else:
        assert abs(fall - rate * share(before, register, touched)) < SLACK
    for principle in PRINCIPLES:
        was = number(before, register, principle)
        if principle != touched and was.of:
            assert abs(share(after, register, principle) - was.good / was.of) < 0.01, principle


def test_a_clean_delivery_is_clean_and_registers_that_agree_are_unified(before: Board) -> None:
    for one in before.registers:
        numbers = {n.principle: n for n in one.numbers}
        if numbers["clean"].of:
            assert numbers["clean"].good == numbers["clean"].of
    assert share(before, "civil_status", "unified") == 1.0


def test_a_number_that_cannot_be_computed_says_why_and_is_not_one(before: Board) -> None:
    assert {n.why for one in before.registers if one.register_id == "undelivered" for n in one.numbers} == {
        "not_delivered"
    }
    assert number(before, "tax", "unified").why == "one_register"


def test_conflicts_are_listed_with_what_each_register_says(board_of: Callable[..., Board]) -> None:
    board = board_of("UPDATE events SET occurred_on = occurred_on + 1 WHERE event = 'birth_certified' AND " + TENTH)
    (pair,) = (p for p in board.pairs if (p.fact, p.first, p.second) == ("born", "civil_status", "health"))
    assert pair.agree < pair.both
    for clash in pair.clashes:
        assert date.fromisoformat(clash.second) > date.fromisoformat(clash.first)


def test_the_cells_add_up_to_the_number(before: Board) -> None:
    for one in before.registers:
        for n in one.numbers:
            cells = [cell for cell in one.cells if cell.principle == n.principle]
            if n.of:
                assert (sum(c.good for c in cells), sum(c.of for c in cells)) == (n.good, n.of)
    population = next(one for one in before.registers if one.register_id == "population")
    assert len({cell.province for cell in population.cells}) > 20


def test_an_empty_lake_has_no_board(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="lifeevents import"):
        measure(Lake(tmp_path / "lake"), PACK, REUSED)


def test_every_reason_of_the_gate_counts_against_one_principle() -> None:
    given = {check.reason for table in CONTRACT for check in checks(table, PACK.vocabulary)}
    given |= {"broken_row", "other_subject", *(f"duplicate_{table.key}" for table in CONTRACT if table.key)}
    assert given == set(REASONS)
    assert set(REASONS.values()) <= set(get_args(Principle))


def test_the_published_formulas_name_exactly_what_is_computed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "quality.md").read_text(encoding="utf-8")
    table = [line.split("|") for line in page.splitlines() if line.startswith("| `registers/quality/")]
    assert [row[1].strip().strip("`") for row in table] == [f"registers/quality/{name}.py" for name in MEASURES]
    assert tuple(MEASURES) == PRINCIPLES
    for row, compute in zip(table, MEASURES.values(), strict=True):
        published, coded = row[3].strip(), (compute.__doc__ or "").split(".")[0]
        assert published == " ".join(coded.replace("`", "").split())
    for reason, principle in REASONS.items():
        assert f"`{reason}` {principle}" in page
    for repair in REPAIRS:
        assert f"`{repair}`" in page
