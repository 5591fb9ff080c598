"""Whom the start page of a demonstration links to."""

from datetime import UTC, date, datetime

from features.catalogue import known_features
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.packs import load
from lifeevents.testing.ledger import InMemoryLedger
from serving.examples import choose_examples
from tests.pipeline.test_sweep import Bucket, birth, card, run

PACK = load("vn", known_features)
NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)


def test_one_person_per_milestone_who_was_told_and_for_a_child_its_parent() -> None:
    ledger = InMemoryLedger()
    older, newer = birth("e1", "c1"), birth("e2", "c2", on=date(2026, 10, 25), subject_id="newer")
    ties = (("kid", "mother", "lan"),)
    run(PACK, ledger, older, newer, card("kid"), bucket=Bucket(("mother", "newer", "kid"), ties=ties))
    deliver(ledger, discover(), PACK.calendar, PACK.tz, PACK.budget_per_week, now=NOW)
    with ledger.begin() as unit:
        found = {one["milestone"]: one["subject_id"] for one in choose_examples(unit, PACK)}
    assert found == {"child_born": "newer", "health_insurance_card_expiry": "lan"}
