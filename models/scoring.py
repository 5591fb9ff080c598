"""Ask a kept model about people of a dump, as of a day: one chance for each one asked, whoever they are.

Nothing that became known after the day is read, nor when a person's observation ends. Who is at risk gets the model's
chance. Who is alive and not at risk gets the rate of such people at their age and sex, as training saw it. Who is known
to have died gets 0. Of whom too little is known to say (an id that is not in the dump or not yet known on the day, a
condition that rests on unknown facts) gets the age-sex floor's chance.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from features.catalogue import known_features
from features.compute import compute
from models import boosted, floor, hazard
from models.dataset import at_risk
from models.dumps import Progress, opened
from models.folder import Kept
from models.task import of_json


def score(
    dump: Path, kept: Kept, as_of: date, people: Sequence[str], *, progress: Progress | None = None
) -> np.ndarray:
    """The chance of each of `people`, in their order; repeated ids get the same chance."""
    tell = progress or (lambda label, done: None)
    unique = list(dict.fromkeys(people))
    with opened(dump, None, lambda label, done: tell(label, 0.6 * done)) as con:
        tell("features", 0.6)
        rows = compute(con, kept.model.words.vocabulary(), _spine(con, unique, as_of))
    tell("chances", 0.9)
    chance = chances(kept, rows)
    ids = rows["subject_id"].to_pylist()
    known: Mapping[str, float] = dict(zip(ids, chance.tolist(), strict=True))
    tell("done", 1.0)
    return np.array([known.get(one, kept.model.model.floor.overall) for one in people])


def _spine(con: duckdb.DuckDBPyConnection, people: Sequence[str], as_of: date) -> pa.Table:
    """Those of the people whom the state knew on the day."""
    con.register("asked", pa.table({"id": pa.array(people, pa.string())}))
    return con.sql(
        "SELECT s.subject_id, CAST($as_of AS DATE) AS as_of FROM subjects s JOIN asked a ON a.id = s.subject_id"
        " WHERE s.obs_from <= CAST($as_of AS DATE) ORDER BY s.subject_id",
        params={"as_of": as_of},
    ).to_arrow_table()


def chances(kept: Kept, rows: pa.Table) -> np.ndarray:
    """The chance of each row of features."""
    model = kept.model.model
    task, _ = of_json(kept.model.task, known_features(kept.model.words.vocabulary()))
    risk = at_risk(rows, task)
    alive = rows["alive"].to_numpy()
    inside = risk.fill_null(False).to_numpy()
    outside = ~risk.fill_null(True).to_numpy()
    p = floor.predict(model.floor, rows)
    if inside.any():
        trees = boosted.read(kept.trees) if kept.trees else None
        p[inside] = hazard.predict(model, trees, rows.filter(pa.array(inside)))
    p[outside] = floor.predict(kept.model.outside, rows.filter(pa.array(outside)))
    p[~alive] = 0.0
    return np.clip(p, 0.0, 1.0)
