"""The online row: one Valkey hash per subject, one field per group, each a packed row. Read here without Feast.

A packed row is a version byte, a digest of its schema, a checksum of what follows, the moment it is as of, a bit per
value that is known, the values of fixed width in the schema's order, and the categories' text at the end. A reader
whose schema differs refuses the row instead of reading another column's bytes, and so does one that finds it damaged.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from zlib import crc32

import pyarrow as pa

from features.catalogue import MEANINGS, features
from lifeevents.domain.errors import Unavailable
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType

VERSION = 2
PREFIX = "lifeevents:features:"
_FIXED: dict[ValueType, str] = {"flag": "?", "integer": "q", "number": "d", "date": "i", "category": "H"}
_EMPTY: dict[ValueType, Any] = {"flag": False, "integer": 0, "number": 0.0, "date": 0, "category": 0}
_HEAD = struct.Struct("<B8sI")
_EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Valkey(Protocol):
    """The few commands used of a Redis or Valkey client (bytes in, bytes out)."""

    def hgetall(self, name: str) -> Any:
        """Every field of a hash."""

    def delete(self, *names: str) -> Any:
        """Remove keys; how many there were."""

    def pipeline(self, transaction: bool = ...) -> Any:
        """Collect commands, then `execute`."""


def key_of(subject_id: str) -> str:
    """The key of a subject's hash."""
    return PREFIX + subject_id


class Packing:
    """How the rows of one group are packed. `schema` maps each feature to its type; order does not matter."""

    def __init__(self, schema: Mapping[str, ValueType]) -> None:
        self.names = tuple(sorted(schema))
        self.types = tuple(schema[name] for name in self.names)
        text = ",".join(f"{name}:{kind}" for name, kind in zip(self.names, self.types, strict=True))
        self.digest = sha256(text.encode()).digest()[:8]
        self._known = (len(self.names) + 7) // 8
        self._layout = struct.Struct(f"<q{self._known}s" + "".join(_FIXED[kind] for kind in self.types))

    def pack(self, values: Mapping[str, Any], at: datetime) -> bytes:
        """One row, as of the moment `at` (aware). A name that `values` lacks is unknown."""
        known, fixed, tail = 0, [], b""
        for place, (name, kind) in enumerate(zip(self.names, self.types, strict=True)):
            value = values.get(name)
            if value is None:
                fixed.append(_EMPTY[kind])
                continue
            known |= 1 << place
            if kind == "category":
                text = str(value).encode()
                tail += text
                value = len(text)
            elif kind == "date":
                value = (value - _EPOCH_DAY).days
            fixed.append(value)
        micros = (at - _EPOCH) // timedelta(microseconds=1)
        bits = known.to_bytes(self._known, "little")
        body = self._layout.pack(micros, bits, *fixed) + tail
        return _HEAD.pack(VERSION, self.digest, crc32(body)) + body

    def unpack(self, row: bytes) -> tuple[datetime, dict[str, Any]]:
        """(as of, values by name). Raises Unavailable for a row of another schema or version, or a damaged one."""
        if row[:1] != bytes([VERSION]) or row[1:9] != self.digest:
            raise Unavailable(
                "The online row was written for another set of features. Run the sweep again to write it anew."
            )
        body = row[_HEAD.size :]
        if len(body) < self._layout.size or _HEAD.unpack_from(row)[2] != crc32(body):
            raise Unavailable("The online row is damaged. Run the sweep again to write it anew.")
        micros, bits, *fixed = self._layout.unpack_from(body)
        known, tail, values = int.from_bytes(bits, "little"), self._layout.size, {}
        for place, (name, kind) in enumerate(zip(self.names, self.types, strict=True)):
            value = fixed[place]
            if not known >> place & 1:
                values[name] = None
            elif kind == "category":
                values[name] = body[tail : tail + value].decode()
                tail += value
            else:
                values[name] = _EPOCH_DAY + timedelta(days=value) if kind == "date" else value
        return _EPOCH + timedelta(microseconds=micros), values


@dataclass(frozen=True)
class OnlineRow:
    """A subject's features, as of the end of the oldest of its groups' days."""

    at: datetime
    values: dict[str, Any]


class OnlineRows:
    """The fast path: a subject's whole row in one round trip, the same bytes that Feast reads."""

    def __init__(self, client: Valkey, vocabulary: Vocabulary) -> None:
        self._client = client
        self._packings = packings(vocabulary)

    def read(self, subject_id: str, *, now: datetime, max_age: timedelta) -> OnlineRow | None:
        """The row, or None when there is none.

        Raises Unavailable when a group is older than `max_age` (the store itself never expires a row), is missing,
        or was packed with another schema.
        """
        found = self._client.hgetall(key_of(subject_id))
        if not found:
            return None
        values: dict[str, Any] = {}
        oldest = now
        for group, packing in self._packings.items():
            row = found.get(group.encode())
            if row is None:
                raise Unavailable(f"The online row lacks the group {group}. Run the sweep again to write it.")
            at, part = packing.unpack(row)
            values |= part
            oldest = min(oldest, at)
        if now - oldest > max_age:
            raise Unavailable(f"The online row is as of {oldest:%Y-%m-%d %H:%M}, older than {max_age}. Run the sweep.")
        return OnlineRow(oldest, values)

    def write(self, rows: pa.Table, at: datetime, groups: Iterable[str] | None = None) -> None:
        """Write the rows of `compute` as of the moment `at`, all groups or only some."""
        wanted = {group: self._packings[group] for group in groups or self._packings}
        pipe = self._client.pipeline(transaction=False)
        for batch in rows.to_batches(max_chunksize=5000):
            for row in batch.to_pylist():
                packed = {group: packing.pack(row, at) for group, packing in wanted.items()}
                pipe.hset(key_of(row["subject_id"]), mapping=packed)
            pipe.execute()

    def erase(self, subject_id: str) -> bool:
        """Forget everything about one subject; whether there was anything."""
        return bool(self._client.delete(key_of(subject_id)))


def packings(vocabulary: Vocabulary) -> dict[str, Packing]:
    """How each group that has features is packed."""
    schemas: dict[str, dict[str, ValueType]] = {group: {} for group in MEANINGS}
    for feature in features(vocabulary).values():
        schemas[feature.group][feature.name] = feature.type
    return {group: Packing(schema) for group, schema in schemas.items() if schema}


def groups_of(vocabulary: Vocabulary, names: Sequence[str]) -> tuple[str, ...]:
    """The groups that hold these features."""
    catalogue = features(vocabulary)
    return tuple(group for group in MEANINGS if any(catalogue[name].group == group for name in names))
