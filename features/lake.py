"""Features of the subjects in a lake: a bucket, a spine, or one person."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from features.compute import compute
from features.known import Relatives, related, relatives
from features.silence import Watch
from features.snapshot import snapshot
from lifeevents.domain.pack import Vocabulary
from lifeevents.ports import Snapshot


class Lake(Protocol):
    """What features need of the lake; `lifeevents.registers.lake.Lake` is the real one."""

    @property
    def buckets(self) -> int:
        """How many buckets the subjects are cut into."""

    @property
    def generation(self) -> int:
        """Another number after each import."""

    def attach(self, con: duckdb.DuckDBPyConnection, bucket: int | Collection[int] | None = None) -> None:
        """Create the views subjects, events, attributes, relations, deliveries."""

    def bucket_of(self, subject_id: str) -> int:
        """The bucket a subject lies in."""


class LakeFeatures:
    """Features of the subjects in a lake; a `lifeevents.ports.FeatureSource`."""

    def __init__(self, lake: Lake, vocabulary: Vocabulary) -> None:
        self._lake = lake
        self.vocabulary = vocabulary
        self._watch = Watch(lake, vocabulary)

    @property
    def buckets(self) -> int:
        """How many buckets the population is cut into."""
        return self._lake.buckets

    def snapshot(self, bucket: int, as_of: date, *, since: date) -> Snapshot:
        """A bucket at the end of `as_of`, and its live events recorded from `since` on."""
        with duckdb.connect() as con:
            self._lake.attach(con, bucket)
            made = snapshot(con, self.vocabulary, as_of, since=since, kin=self._relatives(related(con)))
        return replace(made, silent=self._watch.on(as_of))

    def rows(self, spine: pa.Table) -> pa.Table:
        """Features of any spine (subject_id, as_of) over the whole lake."""
        with duckdb.connect() as con:
            self._lake.attach(con)
            return compute(con, self.vocabulary, spine)

    def one(self, subject_id: str, as_of: date) -> dict[str, Any]:
        """One subject's features on a day, as Python values."""
        spine = pa.table({"subject_id": [subject_id], "as_of": pa.array([as_of], pa.date32())})
        with duckdb.connect() as con:
            self._lake.attach(con, self._lake.bucket_of(subject_id))
            row = compute(con, self.vocabulary, spine, kin=self._relatives(related(con, subject_id)))
        return dict(row.drop_columns(["subject_id", "as_of"]).to_pylist()[0])

    def _relatives(self, asked: pa.Table) -> Relatives:
        with duckdb.connect() as everyone:
            self._lake.attach(everyone)
            return relatives(everyone, self.vocabulary, asked)
