"""Real servers for tests: one PostgreSQL and one Valkey per run, shared by all pytest-xdist workers.

`database_url` is a database with all tables and no rows, `empty_database_url` one without tables, `valkey_url` an
empty store. Servers start when the first test asks for them.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import Engine, make_url

from lifeevents.store.database import connect, migrate
from lifeevents.store.ledger import PostgresLedger
from lifeevents.store.schema import metadata
from serving.servers import postgres, valkey

FOLDER = "LIFEEVENTS_TEST_SERVERS"
_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process makes the folder; its workers find it in their environment."""
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="lifeevents-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """This worker's name: main, or gw0, gw1..."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL that does not wait for the disk: tests need no durability against a power cut."""
    with postgres(Path(os.environ[FOLDER]) / "postgres") as url:
        _sql(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield url


@pytest.fixture(scope="session")
def migrated_database(postgres_server: str, worker: str) -> str:
    """URL of this worker's database with all tables."""
    _sql(postgres_server, f"CREATE DATABASE migrated_{worker}")
    url = _database(postgres_server, f"migrated_{worker}")
    migrate(url)
    return url


@pytest.fixture
def database_url(migrated_database: str) -> str:
    """A database with all tables and no rows: what the test before left is swept out, open connections too.

    As a replica no trigger fires, so that even the audit log can be emptied; only here.
    """
    _sql(
        migrated_database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()",
        "SET session_replication_role = replica",
        "; ".join(f"DELETE FROM {table}" for table in metadata.tables),
    )
    return migrated_database


@pytest.fixture
def empty_database_url(postgres_server: str, worker: str) -> Iterator[str]:
    """A fresh database without tables."""
    name = f"test_{worker}_{next(_numbers)}"
    _sql(postgres_server, f"CREATE DATABASE {name}")
    yield _database(postgres_server, name)
    _sql(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_ledger(engine: Engine) -> PostgresLedger:
    """The ledger on a fresh database."""
    return PostgresLedger(engine)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    with valkey(Path(os.environ[FOLDER]) / "valkey") as url:
        yield url


@pytest.fixture
def valkey_url(valkey_server: str, worker: str) -> str:
    """An empty store: each worker has a database number of its own (16 workers at most)."""
    number = int(worker.removeprefix("gw")) if worker.startswith("gw") else 0
    url = f"{valkey_server.removesuffix('/0')}/{number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def _database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _sql(url: str, *statements: str) -> None:
    parts = make_url(url)
    with psycopg.connect(host=parts.query["host"], user=parts.username, dbname=parts.database, autocommit=True) as con:
        for statement in statements:
            con.execute(statement)
