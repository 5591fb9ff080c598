"""A sample of notices goes out as CSV, comes back with findings, and becomes the precision of the 50%."""

import csv
import io
from datetime import timedelta

import pytest

from features.catalogue import known_features
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.errors import NotFound, Refused
from lifeevents.domain.pack import Pack
from lifeevents.packs import load
from lifeevents.pipeline.report import coverage
from lifeevents.pipeline.review import COLUMNS, draw, reviewed, take
from lifeevents.testing.ledger import InMemoryLedger
from tests.pipeline.test_sweep import NOW, birth, run


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


@pytest.fixture
def ledger(pack: Pack) -> InMemoryLedger:
    """A hundred mothers, told of their children."""
    ledger = InMemoryLedger()
    run(pack, ledger, *(birth(f"e{n}", f"c{n}").model_copy(update={"subject_id": f"m{n}"}) for n in range(100)))
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    return ledger


def drawn(ledger: InMemoryLedger, *, each: int, seed: int = 1) -> list[dict[str, str]]:
    text, _ = draw(ledger, each=each, seed=seed)
    return list(csv.DictReader(io.StringIO(text)))


def filled(rows: list[dict[str, str]], *findings: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({**row, "finding": finding} for row, finding in zip(rows, findings, strict=False))
    return out.getvalue()


def send_back(ledger: InMemoryLedger, text: str) -> tuple[int, int]:
    return take(ledger, text, name="sample.csv", reviewer="hoa", now=NOW)


def test_the_same_seed_draws_the_same_notices_and_a_larger_sample_holds_the_smaller(ledger: InMemoryLedger) -> None:
    small, large = drawn(ledger, each=10), drawn(ledger, each=30)
    assert small == drawn(ledger, each=10)
    assert large[:10] == small
    assert {row["notice_id"] for row in small} != {row["notice_id"] for row in drawn(ledger, each=10, seed=2)}
    assert {row["milestone"] for row in large} == {"child_born"}
    assert all(row["finding"] == row["note"] == "" for row in large)


def test_what_was_reviewed_is_not_drawn_again(ledger: InMemoryLedger) -> None:
    first = drawn(ledger, each=60)
    send_back(ledger, filled(first, *["right"] * 60))
    second = drawn(ledger, each=60)
    assert len(second) == 40
    assert not {row["notice_id"] for row in first} & {row["notice_id"] for row in second}


def test_the_unclear_count_for_neither_and_the_empty_are_not_kept(ledger: InMemoryLedger) -> None:
    rows = drawn(ledger, each=5)
    assert send_back(ledger, filled(rows, "right", "Wrong ", "unclear", "", "right")) == (4, 1)
    assert reviewed(ledger) == {"child_born": (3, 2)}


def test_a_file_from_a_spreadsheet_with_a_byte_order_mark_is_taken(ledger: InMemoryLedger) -> None:
    assert send_back(ledger, "\ufeff" + filled(drawn(ledger, each=1), "right")) == (1, 0)


def test_an_unknown_finding_names_its_row_and_nothing_is_kept(ledger: InMemoryLedger) -> None:
    rows = drawn(ledger, each=2)
    with pytest.raises(Refused, match=r'sample.csv, line 3: finding "rihgt" is none of .* Did you mean right'):
        send_back(ledger, filled(rows, "right", "rihgt"))
    assert reviewed(ledger) == {}


def test_a_notice_that_stands_there_twice_is_refused(ledger: InMemoryLedger) -> None:
    [row] = drawn(ledger, each=1)
    with pytest.raises(Refused, match=r"line 3: .* second time"):
        send_back(ledger, filled([row, row], "right", "wrong"))


def test_a_file_without_findings_is_refused(ledger: InMemoryLedger) -> None:
    with pytest.raises(Refused, match="no column finding"):
        send_back(ledger, "notice_id,verdict\n1,right\n")


def test_a_notice_nobody_was_sent_is_refused_and_nothing_is_kept(ledger: InMemoryLedger) -> None:
    [row] = drawn(ledger, each=1)
    with pytest.raises(NotFound, match="made-up"):
        send_back(ledger, filled([row, {**row, "notice_id": "made-up"}], "right", "right"))
    assert reviewed(ledger) == {}


def test_enough_notices_found_right_by_people_make_a_service_meet(pack: Pack, ledger: InMemoryLedger) -> None:
    def verdict() -> str:
        body = coverage(ledger, pack, reviewed(ledger), simulated=False, now=NOW + timedelta(days=1))
        return str({service["id"]: service["verdict"] for service in body["services"]}["child.residence"])

    rows = drawn(ledger, each=73)
    send_back(ledger, filled(rows[:72], *["right"] * 72))
    assert verdict() == "too_few"
    send_back(ledger, filled(rows[72:], "right"))
    assert verdict() == "meets"
