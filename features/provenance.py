# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""Which register says what of one subject, and since when: one query over the lake's rows for all features."""

from collections.abc import Mapping
from datetime import date

import duckdb
import pyarrow as pa

from features.catalogue import features
from features.feature import Feature
from features.groups import law
from features.known import IN_FORCE, LIVE, Relatives, prepared
from lifeevents.domain.explanation import Source
from lifeevents.domain.pack import Vocabulary

_SINCE = f"""
    SELECT 'attributes' AS part, k.name, max(k.valid_from) AS since
    FROM features_spine s JOIN features_known_attributes k USING (subject_id) WHERE {IN_FORCE} GROUP BY k.name
    UNION ALL
    SELECT 'events', k.event, max(k.occurred_on)
    FROM features_spine s JOIN features_known_events k USING (subject_id)
    WHERE {LIVE} AND k.occurred_on <= s.as_of GROUP BY k.event
    UNION ALL
    SELECT 'kin', k.relation, max(k.valid_from)
    FROM features_spine s JOIN features_known_relations k USING (subject_id) WHERE {IN_FORCE} GROUP BY k.relation
"""
_DELIVERED = """
    SELECT register, CAST(least(max(last_recorded_at), CAST($day + 1 AS TIMESTAMP) - INTERVAL 1 SECOND) AS DATE)
    FROM deliveries WHERE first_recorded_at < $day + 1 GROUP BY register
"""


def sources(
    con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, subject_id: str, as_of: date, *, kin: Relatives
) -> Mapping[str, Source]:
    """Every feature's source for one subject, as known at the end of `as_of`, from the lake's views in `con`."""
    spine = pa.table({"subject_id": [subject_id], "as_of": pa.array([as_of], pa.date32())})
    with prepared(con, vocabulary, spine, kin):
        since = {(part, name): day for part, name, day in con.execute(_SINCE).fetchall()}
    delivered = dict(con.execute(_DELIVERED, {"day": as_of}).fetchall())
    catalogue = features(vocabulary)
    return {
        name: Source(
            register_id=one.register,
            since=since.get((one.group, one.of)) if one.of else None,
            delivered_on=delivered.get(one.register) if one.register else None,
        )
        for name, one in ((name, _base(feature, vocabulary, catalogue)) for name, feature in catalogue.items())
    }


def _base(feature: Feature, vocabulary: Vocabulary, catalogue: Mapping[str, Feature]) -> Feature:
    """The feature that a law date starts from, however many dates lie between; any other feature itself."""
    if feature.group != law.NAME:
        return feature
    after = vocabulary.law[feature.name].after
    return _base(catalogue[after], vocabulary, catalogue) if after else feature
