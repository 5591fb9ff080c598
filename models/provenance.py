"""Digests that say what a model was made of."""

from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from models.dataset import Samples


def data_digest(samples: Samples) -> str:
    """SHA-256 over the samples' columns and labels, as Arrow writes them: the same samples, the same digest."""
    table = samples.rows.append_column("label", samples.label).combine_chunks()
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
