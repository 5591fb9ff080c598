"""The tables that the migrations make are the tables that the code believes in."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, Engine, text

from lifeevents.store.database import connect, migrate
from lifeevents.store.schema import metadata

COLUMNS = """
SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, is_identity, generation_expression
FROM information_schema.columns WHERE table_schema = 'public'
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
COMMENTS = """
SELECT c.relname, d.objsubid, d.description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
"""


def catalogue(con: Connection) -> dict[str, set[tuple[object, ...]]]:
    """Everything PostgreSQL knows about our tables, in the words of its catalogue."""
    found = {}
    for query in (COLUMNS, CONSTRAINTS, INDEXES, COMMENTS):
        rows = {tuple(row) for row in con.execute(text(query))}
        found[query] = {row for row in rows if row[0] != "alembic_version"}
    return found


def test_the_migrated_tables_are_exactly_the_declared_ones(empty_database_url: str) -> None:
    engine = connect(empty_database_url)
    migrate(empty_database_url)
    with engine.begin() as con:
        migrated = catalogue(con)
        con.execute(text("DROP SCHEMA public CASCADE"))
        con.execute(text("CREATE SCHEMA public"))
        metadata.create_all(con)
        assert migrated == catalogue(con)
        assert len(migrated[COLUMNS]) > 80
    engine.dispose()


def test_migrating_again_or_from_two_processes_at_once_is_harmless(empty_database_url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, [empty_database_url] * 3))
    migrate(empty_database_url)
    engine = connect(empty_database_url)
    with engine.begin() as con:
        assert con.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
    engine.dispose()


def test_moments_come_back_in_utc(engine: Engine) -> None:
    with engine.begin() as con:
        moment = con.execute(text("SELECT TIMESTAMPTZ '2026-11-24 10:00+07'")).scalar_one()
    assert moment.isoformat() == "2026-11-24T03:00:00+00:00"
