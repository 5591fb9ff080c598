"""The lake: Parquet files per relation and bucket, and a manifest that names them.

Readers see only what the manifest names, so an import appears whole or not at all. A bucket holds all of a subject's
rows, kin events included, so that work on a bucket needs no other. Files of the generation before stay until the next
import begins, so that a reader who attached earlier can finish.
"""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

import fcntl
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lifeevents.domain.errors import Unavailable
from lifeevents.registers import manifest as manifests
from lifeevents.registers.cells import sql_text
from lifeevents.registers.contract import CONTRACT, SQL_TYPES, SUBJECTS, Table
from lifeevents.registers.manifest import Delivery, Manifest

LEAST_BUCKETS, SUBJECTS_PER_BUCKET = 2, 50_000
"""A new lake is cut by the subjects of its first import: planning a bucket's features costs 0.5 to 1 s however few
people are in it, so a small lake has few; two at least, so that two processes can share the work."""

_QUARANTINE = (
    "relation VARCHAR, file VARCHAR, row BIGINT, field VARCHAR, value VARCHAR, reason VARCHAR, sentence VARCHAR,"
)
_QUARANTINE_TYPES = _QUARANTINE + " content VARCHAR"
_MENDS_TYPES = (
    "relation VARCHAR, register VARCHAR, word VARCHAR, subject_id VARCHAR, recorded_at TIMESTAMP, reason VARCHAR,"
    " sentence VARCHAR"
)
_DESK_TYPES = (
    "id VARCHAR, moment TIMESTAMP, who VARCHAR, action VARCHAR, before VARCHAR, after VARCHAR, reason VARCHAR,"
    " sentence VARCHAR, digest VARCHAR"
)


def bucket_of(subject_id: str, buckets: int) -> int:
    """The bucket of a subject: the first 32 bits of the MD5 of its id, modulo the number of buckets."""
    return int(hashlib.md5(subject_id.encode(), usedforsecurity=False).hexdigest()[:8], 16) % buckets


def bucket_sql(column: str, buckets: int) -> str:
    """`bucket_of` in DuckDB's SQL."""
    return f"(('0x' || md5({column})[1:8])::BIGINT % {buckets})::INTEGER"


def buckets_for(subjects: int) -> int:
    """How many buckets a new lake of so many subjects gets."""
    return max(LEAST_BUCKETS, -(-subjects // SUBJECTS_PER_BUCKET))


class Draft:
    """A generation being written: files go into `folder`, and are the lake only after `publish`.

    `uncut`: nobody has said yet how many buckets there are.
    """

    def __init__(self, root: Path, current: Manifest, *, uncut: bool = False) -> None:
        self.root = root
        self.current = current
        self.uncut = uncut
        self.generation = current.generation + 1
        self.folder = root / f"generation-{self.generation:06d}"

    def cut_for(self, subjects: int) -> None:
        """Fix the number of buckets of a new lake by its first subjects; a lake that exists stays as it is cut."""
        if self.uncut:
            self.current = self.current.model_copy(update={"buckets": buckets_for(subjects)})

    def path(self, table: str, bucket: int) -> Path:
        """Where the new file of a table's bucket goes."""
        place = self.folder / table / f"bucket-{bucket:04d}.parquet"
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def quarantine_path(self) -> Path:
        """Where this import's quarantined rows go."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / "quarantine.parquet"

    def mends_path(self) -> Path:
        """Where this import's mended rows go."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / "mends.parquet"

    def desk_path(self) -> Path:
        """Where the whole log of the quarantine's desk goes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / "desk.parquet"

    def publish(self, deliveries: tuple[Delivery, ...]) -> None:
        """Make the files written so far part of the lake, in one step; buckets not written stay as they were."""
        files = {table: dict(buckets) for table, buckets in self.current.files.items()}
        beside: dict[str, str] = {}
        for path in sorted(self.folder.rglob("*.parquet")):
            manifests.flush(path)
            name = path.relative_to(self.root).as_posix()
            if path.parent == self.folder:
                beside[path.stem] = name
            else:
                files.setdefault(path.parent.name, {})[int(path.stem.removeprefix("bucket-"))] = name
        for folder in (self.folder, *(path for path in self.folder.iterdir() if path.is_dir())):
            manifests.flush(folder)
        current = self.current
        kept = () if current.generation == 0 else current.mends
        manifests.replace(
            self.root,
            current.model_copy(
                update={
                    "generation": self.generation,
                    "files": files,
                    "quarantine": (*current.quarantine, *_named(beside, "quarantine")),
                    "mends": None if kept is None else (*kept, *_named(beside, "mends")),
                    "desk": beside.get("desk", current.desk),
                    "deliveries": deliveries,
                }
            ),
        )


class Lake:
    """A lake in a folder. `new_buckets` counts only for a lake that does not exist yet; None cuts it by the size of
    its first import. How a lake is cut never changes: to cut it anew, import its dumps into a new folder."""

    def __init__(self, root: Path, *, new_buckets: int | None = None) -> None:
        self.root = root
        self._uncut = new_buckets is None
        self._new = Manifest(buckets=new_buckets or LEAST_BUCKETS)

    @property
    def manifest(self) -> Manifest:
        """The current generation; an empty one before the first import."""
        return manifests.read(self.root) or self._new

    @property
    def buckets(self) -> int:
        """How many buckets the subjects are cut into."""
        return self.manifest.buckets

    @property
    def generation(self) -> int:
        """How many imports the lake has taken; another number after each."""
        return self.manifest.generation

    def bucket_of(self, subject_id: str) -> int:
        """The bucket a subject lies in."""
        return bucket_of(subject_id, self.buckets)

    def attach(self, con: duckdb.DuckDBPyConnection, bucket: int | Collection[int] | None = None) -> None:
        """Create the views subjects, events, attributes, relations and deliveries in `con`: a bucket, some, or all.

        Columns as in the contract (days as DATE, recorded_at as TIMESTAMP in UTC), without repeats. Corrected and
        annulled rows, and the rows that correct and annul them, are all there: what counts on a day is the reader's
        to say. deliveries: register, first_recorded_at, last_recorded_at, rows, over all buckets.
        """
        current = self.manifest
        for table in CONTRACT:
            con.execute(f"CREATE OR REPLACE VIEW {table.name} AS {self.rows(current, table, bucket)}")
        con.execute(f"CREATE OR REPLACE VIEW deliveries AS {_deliveries(current)}")

    def known(self, subject_ids: Collection[str]) -> set[str]:
        """Which of these subjects the lake has; only their buckets are read."""
        buckets = {self.bucket_of(subject) for subject in subject_ids}
        if not buckets:
            return set()
        with duckdb.connect() as con:
            rows = self.rows(self.manifest, SUBJECTS, buckets)
            query = f"SELECT subject_id FROM ({rows}) WHERE list_contains(?, subject_id)"
            return {str(row[0]) for row in con.execute(query, [sorted(subject_ids)]).fetchall()}

    def quarantine(self, con: duckdb.DuckDBPyConnection) -> None:
        """Create the view quarantine in `con`: relation, file, row, field, value, reason, sentence, content."""
        con.execute(f"CREATE OR REPLACE VIEW quarantine AS {self.quarantined_rows(self.manifest)}")

    def rows(
        self, current: Manifest, table: Table, bucket: int | Collection[int] | None = None, where: str = ""
    ) -> str:
        """SQL of a relation's rows in one generation."""
        files = current.files.get(table.name, {})
        wanted = {bucket} if isinstance(bucket, int) else bucket
        paths = [path for number, path in sorted(files.items()) if wanted is None or number in wanted]
        columns = ", ".join(table.names)
        if not paths:
            empty = ", ".join(f"NULL::{SQL_TYPES[column.type]} AS {column.name}" for column in table.columns)
            return f"SELECT {empty} WHERE false"
        return f"SELECT {columns} FROM read_parquet({self._list(paths)}){where}"

    def quarantined_rows(self, current: Manifest) -> str:
        """SQL of the quarantine of one generation."""
        return self._beside(current.quarantine, _QUARANTINE_TYPES)

    def mended_rows(self, current: Manifest) -> str:
        """SQL of the rows that the gate put right or dropped as copies: relation, register, word, subject_id,
        recorded_at, reason, sentence."""
        return self._beside(current.mends or (), _MENDS_TYPES)

    def desk_rows(self, current: Manifest) -> str:
        """SQL of what was done with quarantined rows: id, moment, who, action, before, after, reason, sentence,
        digest (of the row's typed content in the lake)."""
        return self._beside((current.desk,) if current.desk else (), _DESK_TYPES)

    def _beside(self, paths: tuple[str, ...], types: str) -> str:
        if not paths:
            columns = [part.split() for part in types.split(", ")]
            return "SELECT " + ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns) + " WHERE false"
        return f"SELECT * FROM read_parquet({self._list(paths)})"

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[Draft]:
        """Take the lake's lock (waiting for another import to end), sweep leftovers, and hand out a draft.

        Whatever ends the block before `Draft.publish` leaves the lake as it was. Raises Unavailable when the lake is
        being written and `wait` is false.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Unavailable("The lake is being written by an import; try again when it is done.") from None
            current = self.manifest
            self._sweep(current)
            draft = Draft(self.root, current, uncut=self._uncut and current.generation == 0)
            try:
                yield draft
            finally:
                if self.manifest.generation != draft.generation:
                    shutil.rmtree(draft.folder, ignore_errors=True)

    def _sweep(self, current: Manifest) -> None:
        """Remove what no reader is told of: folders of imports that died, and files of older generations."""
        (self.root / f"{manifests.NAME}.new").unlink(missing_ok=True)
        for folder in self.root.glob("generation-*"):
            for path in [path for path in folder.rglob("*") if path.is_file()]:
                if path.relative_to(self.root).as_posix() not in current.paths:
                    path.unlink()
            for inner in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
                if not any(inner.iterdir()):
                    inner.rmdir()
            if not any(folder.iterdir()):
                folder.rmdir()

    def _list(self, paths: tuple[str, ...] | list[str]) -> str:
        return "[" + ", ".join(sql_text(os.fspath(self.root.absolute() / path)) for path in paths) + "]"


def _named(beside: dict[str, str], name: str) -> tuple[str, ...]:
    return (beside[name],) if name in beside else ()


def _deliveries(current: Manifest) -> str:
    rows = ", ".join(
        f"({sql_text(d.register_id)}, TIMESTAMP '{d.first_recorded_at}', TIMESTAMP '{d.last_recorded_at}', {d.rows})"
        for d in current.deliveries
    )
    columns = "register, first_recorded_at, last_recorded_at, rows"
    if not rows:
        return (
            "SELECT NULL::VARCHAR AS register, NULL::TIMESTAMP AS first_recorded_at,"
            " NULL::TIMESTAMP AS last_recorded_at, NULL::BIGINT AS rows WHERE false"
        )
    return (
        f"SELECT register, first_recorded_at, last_recorded_at, rows::BIGINT AS rows FROM (VALUES {rows}) d({columns})"
    )
