"""What delivery leaves behind: every rule's outcome and an audit entry per message."""

import json

from sqlalchemy import select

from lifeevents.delivery.channels.portal import Portal
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.calendar import WorkCalendar
from lifeevents.engine.contact import RULES
from lifeevents.store.audit import verify
from lifeevents.store.ledger import PostgresLedger
from lifeevents.store.schema import audit, notification
from tests.delivery.conftest import CALENDAR, ZONE
from tests.store.values import NOW, detection, message, occasion


def run(ledger: PostgresLedger, calendar: WorkCalendar = CALENDAR) -> None:
    deliver(ledger, {"portal": Portal()}, calendar, ZONE, 2, now=NOW)


def test_a_sent_message_keeps_every_rules_outcome_and_inputs(postgres_ledger: PostgresLedger) -> None:
    with postgres_ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection())))
    run(postgres_ledger)
    with postgres_ledger.engine.begin() as con:
        row = con.execute(select(notification)).one()
    assert (row.state, row.settled_at, row.lease_until) == ("delivered", NOW, None)
    assert [(one["rule"], one["result"]) for one in row.stops] == [(rule.name, "passed") for rule in RULES]
    assert row.stops[0]["inputs"] == {"dead": []}


def test_a_stopped_message_keeps_the_rule_that_stopped_it_and_marks_the_rest(postgres_ledger: PostgresLedger) -> None:
    with postgres_ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection())))
        unit.set_consent("lan", "offer", "portal", allowed=False, now=NOW)
    run(postgres_ledger)
    with postgres_ledger.engine.begin() as con:
        stops = con.execute(select(notification.c.stops)).scalar_one()
    results = [one["result"] for one in stops]
    assert results == ["passed"] * 8 + ["stopped"] + ["not_evaluated"] * 3
    assert stops[8]["reason"] == "The person has not allowed this purpose on this channel."


def test_each_message_handled_is_one_audit_entry_under_its_recipient(postgres_ledger: PostgresLedger) -> None:
    with postgres_ledger.begin() as unit:
        for number in range(3):
            unit.enqueue(message(occasion(unit, detection(f"s{number}"))))
        unit.mark_dead(["s1"], now=NOW)
    run(postgres_ledger)
    with postgres_ledger.engine.begin() as con:
        rows = con.execute(select(audit).order_by(audit.c.subject_id)).all()
        assert verify(con).whole
    entries = [json.loads(row.entry) for row in rows]
    assert [(row.subject_id, one["action"]) for row, one in zip(rows, entries, strict=True)] == [
        ("s0", "delivered"),
        ("s1", "cancelled"),
        ("s2", "delivered"),
    ]
    assert entries[1]["detail"]["rule"] == "death_and_loss"
    assert "pension" not in "".join(row.entry for row in rows)
