"""The Feast repository, in code: one entity, a view per group, a service per detector.

Feast is the catalogue, the training-set retrieval and one door to the online store. Rows are those of `compute`,
written as Parquet with microsecond timestamps; a row of a day carries that day's midnight (UTC).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, RepoConfig
from feast import ValueType as FeastType
from feast.data_format import ParquetFormat

from features.catalogue import MEANINGS, features
from features.feature import Feature
from features.online import DTYPES
from lifeevents.domain.errors import LifeEventsError, Refused, did_you_mean
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType

if TYPE_CHECKING:
    import pandas as pd

AT = "event_timestamp"
SUBJECT = Entity(
    name="subject", join_keys=["subject_id"], value_type=FeastType.STRING, description="A person or business."
)
_MOMENT = pa.timestamp("us", tz="UTC")
_ARROW: dict[ValueType, pa.DataType] = {
    "flag": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "category": pa.string(),
}


@dataclass(frozen=True)
class Repository:
    """A Feast store with its views, all applied, over the rows in `folder`."""

    store: FeatureStore
    views: Mapping[str, FeatureView]
    folder: Path
    vocabulary: Vocabulary

    def write(self, rows: pa.Table) -> None:
        """Put the rows of `compute` (subject_id, as_of, features) where the views read them."""
        catalogue = features(self.vocabulary)
        moments = rows["as_of"].cast(pa.timestamp("us")).cast(_MOMENT)
        for name in self.views:
            mine = [feature for feature in catalogue.values() if feature.group == name]
            columns = {"subject_id": rows["subject_id"], AT: moments}
            columns |= {f.name: _stored(rows[f.name], f.type) for f in mine}
            pq.write_table(pa.table(columns), self.folder / f"{name}.parquet", coerce_timestamps="us")

    def service(self, name: str, names: Sequence[str]) -> FeatureService:
        """Make and apply the FeatureService of a detector; see `service`."""
        made = service(name, names, self.views, features(self.vocabulary))
        self.store.apply([made])
        return made

    def training_rows(self, spine: pa.Table, asked: FeatureService) -> pa.Table:
        """The features of a service for each spine row (subject_id, as_of), in the spine's order.

        Raises LifeEventsError when Feast returns another number of rows than were asked for.
        """
        entities = spine.select(["subject_id", "as_of"]).to_pandas()
        entities[AT] = entities.pop("as_of").astype("datetime64[us]").dt.tz_localize("UTC")
        entities["spine_row"] = range(len(entities))
        found = self.store.get_historical_features(entity_df=entities, features=asked).to_df()
        if len(found) != spine.num_rows or found["spine_row"].nunique() != spine.num_rows:
            raise LifeEventsError(
                f"Feast returned {len(found)} rows for {spine.num_rows} asked. A subject may stand in the spine twice "
                "for one day; ask for each (subject, day) once."
            )
        return self._restored(spine, found.sort_values("spine_row"), asked)

    def _restored(self, spine: pa.Table, found: "pd.DataFrame", asked: FeatureService) -> pa.Table:
        catalogue = features(self.vocabulary)
        names = [field.name for projection in asked.feature_view_projections for field in projection.features]
        columns = {"subject_id": spine["subject_id"], "as_of": spine["as_of"]}
        for name in names:
            kind = catalogue[name].type
            values = pa.array(found[name], from_pandas=True)
            if kind == "date":
                values = values.cast(pa.timestamp("us", tz="UTC")).cast(pa.date32())
            columns[name] = values.cast(_ARROW[kind])
        return pa.table(columns)


def _stored(values: pa.ChunkedArray, kind: ValueType) -> pa.ChunkedArray:
    return values.cast(pa.timestamp("us")).cast(_MOMENT) if kind == "date" else values


def open_repository(folder: Path, vocabulary: Vocabulary, *, online_url: str | None = None) -> Repository:
    """The repository of a folder, with its entity and views applied. Nothing is read from the clock or settings.

    `online_url` is the Redis or Valkey that serves; without it there is no online store.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    online = {"type": "features.online.PackedOnlineStore", "url": online_url} if online_url else None
    store = FeatureStore(
        config=RepoConfig(
            project="lifeevents",
            provider="local",
            registry=str(folder / "registry.db"),
            offline_store={"type": "duckdb"},
            online_store=online,
            entity_key_serialization_version=3,
            repo_path=folder,
        )
    )
    views = views_of(vocabulary, folder)
    store.apply([SUBJECT, *views.values()])
    return Repository(store, views, folder, vocabulary)


def views_of(vocabulary: Vocabulary, folder: Path) -> dict[str, FeatureView]:
    """One view per group that has features, described by the catalogue."""
    catalogue = features(vocabulary)
    return {
        name: FeatureView(
            name=name,
            entities=[SUBJECT],
            ttl=timedelta(0),
            schema=[_field(f) for f in mine],
            source=FileSource(
                name=f"{name}_rows",
                path=str(folder / f"{name}.parquet"),
                file_format=ParquetFormat(),
                timestamp_field=AT,
            ),
            description=meaning,
        )
        for name, meaning in MEANINGS.items()
        if (mine := [f for f in catalogue.values() if f.group == name])
    }


def _field(feature: Feature) -> Field:
    tags = {"unit": feature.unit or "", "register": feature.register or "", "law": "; ".join(feature.law)}
    return Field(name=feature.name, dtype=DTYPES[feature.type], description=feature.meaning, tags=tags)


def service(
    name: str, names: Sequence[str], views: Mapping[str, FeatureView], catalogue: Mapping[str, Feature]
) -> FeatureService:
    """A detector's FeatureService over these features.

    Raises Refused for a feature on the deny-list, LifeEventsError for one that does not exist.
    """
    by_view: dict[str, list[str]] = {}
    for wanted in names:
        if wanted not in catalogue:
            raise LifeEventsError(f'{name}: there is no feature "{wanted}".{did_you_mean(wanted, catalogue)}')
        if not catalogue[wanted].detectors:
            raise Refused(
                f'{name}: "{wanted}" is on the deny-list (its attribute says `detectors: false`); no detector may '
                "read it. Leave it out of the model."
            )
        by_view.setdefault(catalogue[wanted].group, []).append(wanted)
    return FeatureService(name=name, features=[views[view][mine] for view, mine in by_view.items()])
