"""Feast's door to the packed rows: an `OnlineStore` that writes and reads the bytes of `features.packed`.

Feast finds it by its class path. Feast's own TTL is not enforced online; ages are checked by `OnlineRows.read`.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import redis
from feast import Entity, FeatureView, RepoConfig
from feast.infra.online_stores.online_store import OnlineStore
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value
from feast.repo_config import FeastConfigBaseModel
from feast.types import Bool, Float64, Int64, String, UnixTimestamp

from features.packed import PREFIX, Packing, key_of
from lifeevents.domain.register import ValueType

DTYPES: dict[ValueType, Any] = {
    "flag": Bool,
    "integer": Int64,
    "number": Float64,
    "date": UnixTimestamp,
    "category": String,
}
_FIELDS: dict[ValueType, str] = {
    "flag": "bool_val",
    "integer": "int64_val",
    "number": "double_val",
    "date": "unix_timestamp_val",
    "category": "string_val",
}
_DAY = 86_400
_NO_TIME = -(2**63)


class PackedOnlineStoreConfig(FeastConfigBaseModel):
    """`url` of a Redis or Valkey server (redis://, unix://)."""

    type: Literal["features.online.PackedOnlineStore"] = "features.online.PackedOnlineStore"
    url: str


class PackedOnlineStore(OnlineStore):
    """One hash per subject, one field per feature view, one packed row in each."""

    _client: "redis.Redis | None" = None

    def _connect(self, config: RepoConfig) -> "redis.Redis":
        if self._client is None:
            self._client = redis.Redis.from_url(config.online_store.url)
        return self._client

    def online_write_batch(
        self,
        config: RepoConfig,
        table: FeatureView,
        data: list[tuple[EntityKey, dict[str, Value], datetime, datetime | None]],
        progress: Callable[[int], Any] | None,
    ) -> None:
        """Write one packed row per entity."""
        packing, pipe = packing_of(table), self._connect(config).pipeline(transaction=False)
        for key, values, at, _ in data:
            plain = {
                name: _plain(values[name], kind)
                for name, kind in zip(packing.names, packing.types, strict=True)
                if name in values
            }
            moment = at if at.tzinfo else at.replace(tzinfo=UTC)
            pipe.hset(key_of(_subject(key)), table.name, packing.pack(plain, moment))
        pipe.execute()
        if progress:
            progress(len(data))

    def online_read(
        self,
        config: RepoConfig,
        table: FeatureView,
        entity_keys: list[EntityKey],
        requested_features: list[str] | None = None,
    ) -> list[tuple[datetime | None, dict[str, Value] | None]]:
        """Rows in the order asked; (None, None) where there is none."""
        packing, pipe = packing_of(table), self._connect(config).pipeline(transaction=False)
        for key in entity_keys:
            pipe.hget(key_of(_subject(key)), table.name)
        kinds = dict(zip(packing.names, packing.types, strict=True))
        wanted = requested_features or list(packing.names)
        found: list[tuple[datetime | None, dict[str, Value] | None]] = []
        for row in pipe.execute():
            if row is None:
                found.append((None, None))
                continue
            at, values = packing.unpack(row)
            found.append((at, {name: _proto(values[name], kinds[name]) for name in wanted}))
        return found

    def update(
        self,
        config: RepoConfig,
        tables_to_delete: Sequence[FeatureView],
        tables_to_keep: Sequence[FeatureView],
        entities_to_delete: Sequence[Entity],
        entities_to_keep: Sequence[Entity],
        partial: bool,
    ) -> None:
        """Remove the fields of views that are gone; nothing is prepared for those that stay."""
        if not tables_to_delete:
            return
        client = self._connect(config)
        names = [table.name for table in tables_to_delete]
        for key in client.scan_iter(match=PREFIX + "*", count=1000):
            client.hdel(key, *names)

    def teardown(self, config: RepoConfig, tables: Sequence[FeatureView], entities: Sequence[Entity]) -> None:
        """Remove every row."""
        client = self._connect(config)
        for key in client.scan_iter(match=PREFIX + "*", count=1000):
            client.delete(key)


def packing_of(view: FeatureView) -> Packing:
    """How a view's rows are packed: the same as its group's."""
    types = {dtype: kind for kind, dtype in DTYPES.items()}
    return Packing({field.name: types[field.dtype] for field in view.features})


def _subject(key: EntityKey) -> str:
    return str(key.entity_values[0].string_val)


def _plain(value: Value, kind: ValueType) -> Any:
    if value.WhichOneof("val") is None:
        return None
    found = getattr(value, _FIELDS[kind])
    if found == _NO_TIME or found != found:  # Feast's frames say "unknown" like this
        return None
    return date(1970, 1, 1) + timedelta(days=found // _DAY) if kind == "date" else found


def _proto(value: Any, kind: ValueType) -> Value:
    if value is None:
        return Value()
    if kind == "date":
        value = (value - date(1970, 1, 1)).days * _DAY
    return Value(**{_FIELDS[kind]: value})
