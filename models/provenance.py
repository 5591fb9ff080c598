"""Digests that say what a model was made of."""

from hashlib import sha256
from pathlib import Path

import pyarrow as pa


def table_digest(table: pa.Table) -> str:
    """SHA-256 over a table's columns, as Arrow writes them: the same samples, the same digest."""
    table = table.combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sha256(sink.getvalue()).hexdigest()


def code_digest() -> str:
    """SHA-256 over the source of features and models: the code version, in any checkout."""
    import features
    import models

    found = sha256()
    for package in (features, models):
        for path in sorted(Path(package.__file__ or "").parent.rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


def dump_digest(folder: Path) -> str:
    """SHA-256 over the names and bytes of a dump's files: the same dump, the same digest."""
    found = sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        found.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return found.hexdigest()
