"""From feature columns to the numbers a model reads, the same way in training and in serving.

Flags become 0 and 1, categories their place in a stored list (what is not in it is missing), dates the months
still to go. What is unknown is NaN.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.feature import Feature
from features.groups.feasts import feasts
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import ValueType

LEVELS = 60
"""At most so many categories of one feature are told apart; rarer ones are missing."""


class Column(Frozen):
    """One input of a model: the feature, its type, and for a category its levels."""

    name: str
    type: ValueType
    levels: tuple[str, ...] = ()


def candidates(catalogue: Mapping[str, Feature], subject: str | None = None) -> list[str]:
    """The features a detector may read: not denied, of the subject's kind, and no absolute time.

    A birth date, "last on" or "since" date would let a model learn the calendar; their ages are features of their own.
    How far a feast is on the day would say which day it is too; models read it for each month ahead (`models.ahead`).
    A date that law gives, or that a register holds as a value (a card's last day), is read as months from the day.
    """
    return [
        f.name
        for f in catalogue.values()
        if f.detectors
        and (subject is None or f.subject in (None, subject))
        and (f.type != "date" or f.group == "law" or f.name == f.of)
        and f.name != "kind"
        and f.group != feasts.name
    ]


def columns(rows: pa.Table, catalogue: Mapping[str, Feature], names: Sequence[str]) -> tuple[Column, ...]:
    """The columns worth reading in these training rows: those that vary, each once."""
    chosen: list[Column] = []
    seen: set[bytes] = set()
    for name in names:
        column = Column(name=name, type=catalogue[name].type, levels=_levels(rows, catalogue[name]))
        values = _numbers(rows, column, "as_of")
        known = values[~np.isnan(values)]
        content = values.tobytes()
        if len(known) and (known.min() < known.max() or len(known) < len(values)) and content not in seen:
            seen.add(content)
            chosen.append(column)
    return tuple(chosen)


def _levels(rows: pa.Table, feature: Feature) -> tuple[str, ...]:
    if feature.type != "category":
        return ()
    counts = pc.value_counts(rows[feature.name]).to_pylist()
    kept = sorted((c for c in counts if c["values"] is not None), key=lambda c: (-c["counts"], c["values"]))
    return tuple(c["values"] for c in kept[:LEVELS])


def matrix(rows: pa.Table, chosen: Sequence[Column], as_of: date | None = None) -> np.ndarray:
    """Rows x columns, float64. Dates count from `as_of`, or from each row's own `as_of` column."""
    out = np.empty((rows.num_rows, len(chosen)))
    for place, column in enumerate(chosen):
        out[:, place] = _numbers(rows, column, as_of or "as_of")
    return out


def _numbers(rows: pa.Table, column: Column, as_of: Any) -> np.ndarray:
    values = rows[column.name].combine_chunks()
    match column.type:
        case "category":
            values = pc.index_in(values, value_set=pa.array(column.levels, pa.string()))
        case "date":
            days = _days(rows, as_of)
            return (floats(values.cast(pa.int32())) - days) / 30.4375
        case "flag":
            values = values.cast(pa.int8())
    return floats(values)


def floats(values: pa.Array) -> np.ndarray:
    """An Arrow array as float64, unknown as NaN."""
    return pc.fill_null(values.cast(pa.float64()), float("nan")).to_numpy(zero_copy_only=False)


def _days(rows: pa.Table, as_of: Any) -> np.ndarray:
    if isinstance(as_of, date):
        return np.full(rows.num_rows, float((as_of - date(1970, 1, 1)).days))
    return floats(rows[as_of].combine_chunks().cast(pa.int32()))
