"""A dump that somebody brought, without a pack: through the quality gate into a lake of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from lifeevents.domain.errors import DumpError

Progress = Callable[[str, float], None]


@contextmanager
def opened(dump: Path, work: Path | None, tell: Progress) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the views of the dump's lake, which lies in `work` or, without it, lives as long as this.

    Raises DumpError for a folder that is no dump.
    """
    from lifeevents.registers.importing import import_dump
    from lifeevents.registers.lake import Lake

    if not dump.is_dir():
        raise DumpError(f"{dump}: there is no such folder. A dump is a folder with persons.csv and events.csv.")
    with TemporaryDirectory() as temporary, duckdb.connect() as con:
        lake = Lake((work or Path(temporary)) / f"{dump.name}-lake", new_buckets=1)
        import_dump(dump, lake, None, progress=tell)
        lake.attach(con)
        yield con


def span(con: duckdb.DuckDBPyConnection) -> tuple[date, date]:
    """The first and the last day that the lake in `con` says anything of: observation, or a recorded fact."""
    first, last = con.execute(
        "SELECT (SELECT min(obs_from) FROM subjects), greatest((SELECT max(obs_to) FROM subjects),"
        " (SELECT CAST(max(recorded_at) AS DATE) FROM events), (SELECT CAST(max(recorded_at) AS DATE) FROM attributes))"
    ).fetchall()[0]
    if first is None:
        raise DumpError("The dump holds nobody that the quality gate takes; there is nothing to learn from.")
    return first, last or first
