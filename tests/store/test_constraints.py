"""What the database itself refuses, whoever asks."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lifeevents.store.ledger import PostgresLedger
from lifeevents.store.schema import notification, occasion
from tests.store.values import NOW, TODAY, detection, message
from tests.store.values import occasion as stored_occasion

ROW: dict[str, Any] = {
    "id": "o1",
    "subject_id": "lan",
    "milestone": "shop",
    "anchor": "2026-11-24",
    "kind": "predicted",
    "sensitivity": "ordinary",
    "as_of": TODAY,
    "probability": 0.5,
    "detector": "model:1",
    "evidence": {},
    "detected_at": NOW,
}


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"sensitivity": "sensitive"}, "ck_occasion_sensitive_never_predicted"),
        ({"probability": 1.01}, "ck_occasion_probability"),
        ({"probability": -0.01}, "ck_occasion_probability"),
        ({"kind": "guessed"}, "ck_occasion_kind"),
        ({"state": "forgotten"}, "ck_occasion_state"),
    ],
)
def test_an_occasion_that_must_not_exist_is_refused(engine: Engine, wrong: dict[str, Any], constraint: str) -> None:
    with engine.begin() as con:
        con.execute(insert(occasion).values(ROW | {"id": "fine", "anchor": "another"}))
    with pytest.raises(IntegrityError, match=constraint), engine.begin() as con:
        con.execute(insert(occasion).values(ROW | wrong))


@pytest.mark.parametrize("final", ["delivered", "cancelled", "referred"])
def test_a_final_message_does_not_move_even_by_hand(postgres_ledger: PostgresLedger, final: str) -> None:
    with postgres_ledger.begin() as unit:
        unit.enqueue(message(stored_occasion(unit, detection())))
    with postgres_ledger.engine.begin() as con:
        con.execute(update(notification).values(state=final, settled_at=NOW))
    moves = (
        {"state": "waiting", "settled_at": None},
        {"state": "cancelled"},
        {"state": "delivered"},
        {"settled_at": None},
    )
    for move in moves:
        if move.get("state") == final:
            continue
        with pytest.raises(IntegrityError, match=f"is {final}, which is final"), postgres_ledger.engine.begin() as con:
            con.execute(update(notification).values(**move))


def test_a_message_without_its_lease_or_its_moment_is_refused(postgres_ledger: PostgresLedger) -> None:
    with postgres_ledger.begin() as unit:
        unit.enqueue(message(stored_occasion(unit, detection())))
    for state in ("claimed", "delivered"):
        with pytest.raises(IntegrityError), postgres_ledger.engine.begin() as con:
            con.execute(update(notification).values(state=state))


@pytest.mark.parametrize("change", ["UPDATE audit SET entry = '{}'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_log_takes_no_change(postgres_ledger: PostgresLedger, change: str) -> None:
    with postgres_ledger.begin() as unit:
        unit.audit("api", "read", "lan", {}, now=NOW)
    with pytest.raises(DBAPIError, match="append-only"), postgres_ledger.engine.begin() as con:
        con.execute(text(change))
