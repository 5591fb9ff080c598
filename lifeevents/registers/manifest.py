"""The lake's manifest: the one file that says which Parquet files are the lake. It is replaced in one step."""

import os
from datetime import datetime
from pathlib import Path

from pydantic import Field, ValidationError

from lifeevents.domain.errors import DumpError
from lifeevents.domain.frozen import Frozen

NAME = "manifest.json"


class Delivery(Frozen):
    """What a register has delivered so far, by the moments it recorded (UTC, no zone)."""

    register_id: str
    first_recorded_at: datetime
    last_recorded_at: datetime
    rows: int


class Manifest(Frozen):
    """One generation of the lake. Paths are relative to the lake; `files` is {table: {bucket: path}}.

    `mends` are the rows that the gate put right; None in a lake that was filled before they were kept. `desk` is what
    was done with quarantined rows.
    """

    format: int = 1
    generation: int = 0
    buckets: int = Field(ge=1)
    files: dict[str, dict[int, str]] = Field(default_factory=dict)
    quarantine: tuple[str, ...] = ()
    mends: tuple[str, ...] | None = None
    desk: str | None = None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """Every file of this generation."""
        rows = {path for table in self.files.values() for path in table.values()}
        return frozenset(rows | {*self.quarantine, *(self.mends or ()), *([self.desk] if self.desk else [])})


def read(root: Path) -> Manifest | None:
    """The current manifest; None for a lake that does not exist yet. Raises DumpError when it cannot be read."""
    try:
        text = (root / NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]["msg"]
        raise DumpError(
            f"{root / NAME}: this is not the manifest of a lake ({first}). Restore it, or import anew."
        ) from None
    if manifest.format != 1:
        raise DumpError(
            f"{root / NAME}: the lake has format {manifest.format}; this version reads format 1. Import anew."
        )
    return manifest


def replace(root: Path, manifest: Manifest) -> None:
    """Make a manifest the current one: written beside, flushed to disk, renamed over the old."""
    fresh = root / f"{NAME}.new"
    fresh.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    flush(fresh)
    fresh.replace(root / NAME)
    flush(root)


def flush(path: Path) -> None:
    """Force a file's content, or a folder's entries, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
