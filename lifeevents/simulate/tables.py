"""The tables of a dump and its truth as Arrow: their schemas, and columns of numbers as columns of a type."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from lifeevents.simulate.columns import Ints
from lifeevents.simulate.reporting import OPEN, UNHEARD

TEXT, DAY_TYPE, MOMENT = pa.string(), pa.date32(), pa.timestamp("us")
SCHEMAS = {
    "subjects": pa.schema([("subject_id", TEXT), ("kind", TEXT), ("sex", TEXT), ("born_on", DAY_TYPE),
                           ("precision", TEXT), ("obs_from", DAY_TYPE), ("obs_to", DAY_TYPE)]),
    "events": pa.schema([("event_id", TEXT), ("subject_id", TEXT), ("event", TEXT), ("occurred_on", DAY_TYPE),
                         ("precision", TEXT), ("recorded_at", MOMENT), ("register", TEXT), ("payload", TEXT),
                         ("corrects", TEXT), ("annuls", TEXT)]),
    "attributes": pa.schema([("subject_id", TEXT), ("name", TEXT), ("value", TEXT), ("valid_from", DAY_TYPE),
                             ("valid_to", DAY_TYPE), ("recorded_at", MOMENT), ("register", TEXT)]),
    "relations": pa.schema([("subject_id", TEXT), ("related_id", TEXT), ("relation", TEXT), ("valid_from", DAY_TYPE),
                            ("valid_to", DAY_TYPE), ("recorded_at", MOMENT), ("register", TEXT)]),
    "truth/events": pa.schema([("subject_id", TEXT), ("event", TEXT), ("occurred_on", DAY_TYPE),
                               ("recorded_at", MOMENT)]),
    "truth/attributes": pa.schema([("subject_id", TEXT), ("name", TEXT), ("value", DAY_TYPE),
                                   ("valid_from", DAY_TYPE)]),
    "truth/subjects": pa.schema([("subject_id", TEXT), ("kind", TEXT), ("sex", TEXT), ("born_on", DAY_TYPE),
                                 ("died_on", DAY_TYPE)]),
    "truth/chances": pa.schema([("subject_id", TEXT), ("month", DAY_TYPE), ("event", TEXT), ("happened", pa.bool_()),
                                ("p_full", pa.float32()), ("p_observable", pa.float32())]),
}  # fmt: skip


def days(days: Ints) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=days == OPEN).cast(DAY_TYPE)


def moments(moments: Ints) -> pa.Array:
    return pa.array(moments, pa.int64(), mask=moments == UNHEARD).cast(MOMENT)


def named(codes: Ints, texts: Sequence[str]) -> pa.Array:
    """The text of each code; an empty text is null."""
    return pa.array([text or None for text in texts], TEXT).take(pa.array(codes.astype(np.int32)))


def repeating(schema: pa.Schema) -> list[str]:
    """The columns with few different values, which are worth a dictionary."""
    return [field.name for field in schema if not field.name.endswith("_id")]


def same(text: str, rows: int) -> pa.Array:
    return pa.repeat(text, rows)
