"""A small invented country with two clocks, corrections and annulments, in a DuckDB connection."""

import json
import random
import socket
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import duckdb
import pytest

from features.catalogue import known_features
from lifeevents.domain.pack import Vocabulary
from lifeevents.packs import load

DDL = """
CREATE TABLE subjects (subject_id VARCHAR, kind VARCHAR, sex VARCHAR, born_on DATE, "precision" VARCHAR,
                       obs_from DATE, obs_to DATE);
CREATE TABLE events (event_id VARCHAR, subject_id VARCHAR, event VARCHAR, occurred_on DATE, "precision" VARCHAR,
                     recorded_at TIMESTAMP, register VARCHAR, payload VARCHAR, corrects VARCHAR, annuls VARCHAR);
CREATE TABLE attributes (subject_id VARCHAR, name VARCHAR, value VARCHAR, valid_from DATE, valid_to DATE,
                         recorded_at TIMESTAMP, register VARCHAR);
CREATE TABLE relations (subject_id VARCHAR, related_id VARCHAR, relation VARCHAR, valid_from DATE, valid_to DATE,
                        recorded_at TIMESTAMP, register VARCHAR);
CREATE TABLE deliveries (register VARCHAR, first_recorded_at TIMESTAMP, last_recorded_at TIMESTAMP, "rows" BIGINT);
"""


class Book:
    """Register rows, written one at a time, into the five relations of the lake."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute(DDL)
        self._events = 0

    def subject(self, id: str, born: str, sex: str = "F", *, obs_from: str | None = None, obs_to: Any = None) -> None:
        row = [id, "person", sex, born, "day", obs_from or born, obs_to]
        self.con.execute("INSERT INTO subjects VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def event(self, subject: str, event: str, on: Any, recorded: Any = None, **more: Any) -> str:
        self._events += 1
        id = more.pop("id", f"e{self._events}")
        payload = json.dumps(more.pop("payload")) if "payload" in more else None
        row = [id, subject, event, on, "day", recorded or on, more.pop("register", "civil_status"), payload]
        self.con.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*row, more.pop("corrects", None), more.pop("annuls", None)],
        )
        assert not more
        return id

    def attribute(
        self, subject: str, name: str, value: str, since: Any, recorded: Any = None, until: Any = None
    ) -> None:
        self.con.execute(
            "INSERT INTO attributes VALUES (?, ?, ?, ?, ?, ?, 'social_insurance')",
            [subject, name, value, since, until, recorded or since],
        )

    def relation(self, subject: str, related: str, relation: str, since: Any, recorded: Any = None) -> None:
        self.con.execute(
            "INSERT INTO relations VALUES (?, ?, ?, ?, NULL, ?, 'civil_status')",
            [subject, related, relation, since, recorded or since],
        )

    def delivered(self, register: str, first: str) -> None:
        self.con.execute("INSERT INTO deliveries VALUES (?, ?, TIMESTAMP '2026-11-01', 1)", [register, first])


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load("vn", known_features).vocabulary


@pytest.fixture
def book(vocabulary: Vocabulary) -> Book:
    made = Book()
    for register in set(vocabulary.registers.values()):
        made.delivered(register, "2000-01-01")
    return made


@pytest.fixture(scope="session")
def population(vocabulary: Vocabulary) -> Callable[[], Book]:
    """Makes the same 300 people each time it is called."""

    def make() -> Book:
        made, random_ = Book(), random.Random(7)
        for register in set(vocabulary.registers.values()):
            made.delivered(register, "2000-01-01")
        made.con.execute("BEGIN")
        for number in range(300):
            _live(made, vocabulary, f"s{number:04d}", random_)
        made.con.execute("COMMIT")
        return made

    return make


def _live(book: Book, vocabulary: Vocabulary, subject: str, random_: random.Random) -> None:
    born = date(1940, 1, 1) + timedelta(days=random_.randrange(80 * 365))
    book.subject(subject, born.isoformat(), random_.choice(["M", "F", ""]))

    def moment(day: date) -> datetime:
        return datetime.combine(day, time()) + timedelta(seconds=random_.randrange(86_400))

    def day() -> date:
        return max(born, date(2012, 1, 1)) + timedelta(days=random_.randrange(14 * 365))

    for _ in range(random_.randrange(6)):
        name, on = random_.choice(sorted(vocabulary.events)), day()
        register = vocabulary.registers[name]
        recorded = moment(on + timedelta(days=random_.randrange(200)))
        child = {"payload": {"kin": f"s{random_.randrange(300):04d}"}}
        id = book.event(subject, name, on, recorded, register=register, **child)
        later = recorded + timedelta(days=random_.randrange(1, 300))
        if random_.random() < 0.15:
            book.event(subject, name, on, later, register=register, annuls=id)
        elif random_.random() < 0.2:
            moved = on + timedelta(days=40)
            book.event(subject, name, moved, later, register=register, corrects=id, **child)
    for name, kind in random_.sample(sorted(vocabulary.attributes.items()), 6):
        since = day()
        for _ in range(random_.randrange(1, 4)):
            value = {"flag": "true", "integer": str(random_.randrange(300)), "number": "2.5", "date": str(day())}
            text = value.get(kind.type, random_.choice(["01", "79"]))
            book.attribute(subject, name, text, since, moment(since + timedelta(days=random_.randrange(90))))
            since = since + timedelta(days=random_.randrange(500))
    for _ in range(random_.randrange(3)):
        since = day()
        relation = random_.choice(vocabulary.relations)
        book.relation(subject, f"s{random_.randrange(300):04d}", relation, since, moment(since))


@pytest.fixture(scope="session")
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
