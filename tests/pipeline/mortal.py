"""A worker to be killed: reacts and compacts, again and again, until nothing waits; says when it begins and is done.

python -m tests.pipeline.mortal DATABASE_URL LAKE
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from features.catalogue import known_features
from features.live import LiveFeatures
from lifeevents.domain.pack import Pack
from lifeevents.domain.submission import Event, Relation, Subject, Submission
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.compact import compact
from lifeevents.pipeline.react import Reactor
from lifeevents.ports import Ledger
from lifeevents.registers.contract import CONTRACT
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.store.database import connect
from lifeevents.store.ledger import PostgresLedger
from models.rules import RegisteredDetector

AT = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
BORN = date(2026, 11, 2)
COLUMNS = {table.name: table.names for table in CONTRACT}


def birth(number: int) -> Submission:
    """A mother whom nobody knew yet, and her child."""
    mother, child = f"mother-{number}", f"child-{number}"
    grown = Subject(subject_id=mother, kind="person", sex="F", born_on=date(1995, 1, 1), obs_from=date(2020, 1, 1))
    return Submission(
        source="urn:civil",
        id=str(number),
        register_id="civil_status",
        recorded_at=AT,
        subjects=(grown, Subject(subject_id=child, kind="person", sex="F", born_on=BORN, obs_from=BORN)),
        events=(Event(event_id=f"birth-{number}", subject_id=child, event="birth", occurred_on=BORN),),
        relations=(Relation(subject_id=child, related_id=mother, relation="mother", valid_from=BORN),),
    )


def reactor_over(ledger: Ledger, lake: Lake, pack: Pack) -> Reactor:
    known = known_features(pack.vocabulary)
    detector = RegisteredDetector(pack.milestones["child_born"], pack, known)
    source = LiveFeatures(lake, pack.vocabulary)
    return Reactor(ledger, source, [detector], pack, rules_of(pack, known), lambda rows, at: None)


def main(url: str, folder: str) -> None:
    pack = load("vn", known_features)
    ledger, lake = PostgresLedger(connect(url)), Lake(Path(folder), new_buckets=2)
    reactor = reactor_over(ledger, lake, pack)
    print("begins", flush=True)
    while True:
        done = reactor.react(now=AT, limit=3)
        taken = compact(ledger, COLUMNS, lambda dump: import_dump(dump, lake, pack.vocabulary), lake.known, now=AT)
        if not done.reacted and taken is None:
            print("done", flush=True)
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
