"""Opening the database and bringing its tables up to date."""

from importlib.resources import as_file, files

import sqlalchemy
from alembic import command
from alembic.config import Config
from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy import Engine, make_url


def connect(url: str) -> Engine:
    """An engine for `url` (any postgresql:// form): psycopg 3, UTC, and pydantic values as JSON.

    Nothing is opened yet; the first use connects. Who waits a minute for another transaction's lock gives up
    (the ledger then says Unavailable).
    """
    return sqlalchemy.create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        json_serializer=_json,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=60s", "connect_timeout": 10},
    )


def _json(value: object) -> str:
    return value.model_dump_json() if isinstance(value, BaseModel) else to_json(value).decode()


def migrate(url: str) -> None:
    """Bring the tables to the newest version. Safe to call at every start, and from several processes at once."""
    engine = connect(url)
    try:
        with engine.begin() as con, as_file(files("lifeevents.store") / "migrations") as folder:
            con.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(hashtext('lifeevents.migrate'))"))
            config = Config(attributes={"connection": con})
            config.set_main_option("script_location", str(folder).replace("%", "%%"))
            config.set_main_option("path_separator", "os")
            command.upgrade(config, "head")
    finally:
        engine.dispose()
