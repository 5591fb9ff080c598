"""Kin events: what an event of one subject is for a relative. A child's birth is an event of its mother.

Derived set-based from all events and relations after each import, never patched: the same lake always gives the same
kin events, whichever of event and relation came first. Only relations as delivered count; none is inferred.

- A relation counts when it held on the event's day (an imprecise day: on one of the days it stands for), by the newest
  recording of that relation (of two recorded at one moment, the one that ends later). A former spouse's death is no
  bereavement of a spouse.
- recorded_at is the later of the event's and the relation's first recording: before, the state could not connect them.
- event_id is "kin-" and the MD5 of the source's event_id, the role and the relative; the payload is the source's with
  `kin`, the source's subject.
- A correction's kin row corrects the kin row of what it corrects. Where the corrected event no longer concerns the
  relative, and for an annulment, the kin row annuls it.
"""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

import duckdb

from lifeevents.domain.pack import Vocabulary

_COLUMNS = "event_id, subject_id, event, occurred_on, precision, recorded_at, register, payload, corrects, annuls"


def derive(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, bucket: str) -> None:
    """Create the table `kin_rows`: event rows with `bucket`, from the tables `all_events` and `all_relations`.

    `bucket` is SQL over subject_id. `all_events` holds no derived rows.
    """
    rules = [(k.source, k.role, event) for event, sources in vocabulary.kin.items() for k in sources]
    con.execute("CREATE OR REPLACE TEMP TABLE kin_rules (source VARCHAR, role VARCHAR, kin_event VARCHAR)")
    if rules:
        con.executemany("INSERT INTO kin_rules VALUES (?, ?, ?)", rules)
    con.execute(_TIES)
    con.execute(_SOURCES)
    con.execute(_CONCERNS)
    con.execute(f"CREATE OR REPLACE TEMP TABLE kin_rows AS SELECT {_COLUMNS}, {bucket} AS bucket FROM ({_ROWS})")


def changed_buckets(con: duckdb.DuckDBPyConnection) -> tuple[set[int], int]:
    """The buckets where `kin_rows` and the lake's derived rows (`lake_kin`) differ; how many rows are new or other."""
    new = f"SELECT {_COLUMNS} FROM kin_rows EXCEPT SELECT {_COLUMNS} FROM lake_kin"
    gone = f"SELECT {_COLUMNS}, bucket FROM lake_kin WHERE event_id NOT IN (SELECT event_id FROM kin_rows)"
    buckets = con.execute(
        f"SELECT DISTINCT bucket FROM kin_rows WHERE event_id IN (SELECT event_id FROM ({new}))"
        f" UNION SELECT bucket FROM ({gone})"
    ).fetchall()
    count = con.execute(f"SELECT count(*) FROM ({new})").fetchone()
    return {int(row[0]) for row in buckets}, int(count[0]) if count else 0


def _kin_id(event_id: str, role: str, relative: str) -> str:
    return f"'kin-' || md5(concat_ws(chr(31), {event_id}, {role}, {relative}))"


_TIES = """
CREATE OR REPLACE TEMP TABLE kin_ties AS
SELECT subject_id, related_id, relation AS role, valid_from,
       arg_max(coalesce(valid_to, DATE '9999-12-31'), (recorded_at, coalesce(valid_to, DATE '9999-12-31'))) AS until,
       min(recorded_at) AS recorded_at
FROM all_relations
WHERE relation IN (SELECT role FROM kin_rules) AND related_id <> subject_id
GROUP BY subject_id, related_id, relation, valid_from
"""

_SOURCES = """
CREATE OR REPLACE TEMP TABLE kin_sources AS
WITH direct AS (SELECT * FROM all_events WHERE event IN (SELECT source FROM kin_rules)),
     changing AS (SELECT * FROM all_events WHERE coalesce(corrects, annuls) IN (SELECT event_id FROM direct))
SELECT * FROM direct UNION SELECT * FROM changing
"""

# Whom a source row concerns, by its own content: its kin event for each relative tied on its day.
_CONCERNS = f"""
CREATE OR REPLACE TEMP TABLE kin_concerns AS
SELECT e.event_id, t.role, t.related_id, any_value(k.kin_event) AS kin_event,
       greatest(any_value(e.recorded_at), min(t.recorded_at)) AS recorded_at,
       any_value({_kin_id("e.event_id", "t.role", "t.related_id")}) AS kin_id
FROM kin_sources e
JOIN kin_ties t USING (subject_id)
JOIN kin_rules k ON k.source = e.event AND k.role = t.role
WHERE t.valid_from <= latest(e.occurred_on, e.precision) AND t.until >= earliest(e.occurred_on, e.precision)
GROUP BY e.event_id, t.role, t.related_id
"""

_ROWS = f"""
SELECT c.kin_id AS event_id, c.related_id AS subject_id, c.kin_event AS event, e.occurred_on, e.precision,
       c.recorded_at, e.register, {{payload}} AS payload, t.kin_id AS corrects, NULL::VARCHAR AS annuls
FROM kin_concerns c
JOIN kin_sources e USING (event_id)
LEFT JOIN kin_concerns t ON t.event_id = e.corrects AND t.role = c.role AND t.related_id = c.related_id
WHERE e.annuls IS NULL
UNION ALL
SELECT {_kin_id("e.event_id", "t.role", "t.related_id")}, t.related_id, t.kin_event, e.occurred_on, e.precision,
       greatest(e.recorded_at, t.recorded_at), e.register, {{payload}}, NULL, t.kin_id
FROM kin_sources e
JOIN kin_concerns t ON t.event_id = coalesce(e.annuls, e.corrects)
ANTI JOIN kin_concerns c ON c.event_id = e.event_id AND c.role = t.role AND c.related_id = t.related_id
    AND e.annuls IS NULL
""".replace("{payload}", "json_merge_patch(coalesce(e.payload, '{}')::JSON, json_object('kin', e.subject_id))::VARCHAR")
