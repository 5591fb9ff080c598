"""Detectors held against a simulation's true chances. Judging only: nothing here is ever a feature.

Each month of the last year, everyone sampled is asked on its eve, and the model's chance of the coming month is laid
beside the true ones: `p_full`, which the draw used, and `p_observable`, the most that anyone could know. Average
precision is taken in expectation over the draw (labels are `p_full`), which leaves the noise of few events out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from features.catalogue import known_features
from features.compute import compute
from features.lake import Lake
from lifeevents.domain.calendar import add_months
from lifeevents.domain.errors import DumpError
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from models import ahead, boosted
from models.dataset import eligible
from models.evaluate import average_precision, draws_of, middle
from models.registry import Stored
from models.task import of_milestone

MONTHS, AHEAD = 12, 30
"""The last months judged; days ahead from which an event counts as told in time."""


class Held(Frozen):
    """One detector against the truth.

    `floor`, `model`, `observable`, `full`: expected average precision of the coming month. `share`: of the gain that
    `p_observable` has over the floor, how much the model reaches, with its 95% interval by person (None where
    `p_observable` gains nothing, so that nothing can be reached). As used, with monthly sweeps, the working threshold
    and the cooldown: `told` of the `events` at least 30 days ahead, the median `lead` in days, and `alarms` per 1,000
    people and month (None for a detector of what does not come, or one that speaks to nobody).
    """

    milestone: str
    rows: int
    people: int
    expected: float
    floor: float
    model: float
    observable: float
    full: float
    share: float | None
    low: float | None
    high: float | None
    events: int | None = None
    told: int | None = None
    lead: float | None = None
    alarms: float | None = None


@dataclass(frozen=True)
class _Asked:
    """Rows of one milestone: features, subject, month (0 to 11), and the true chances and outcome of that month."""

    rows: pa.Table
    people: np.ndarray
    month: np.ndarray
    full: np.ndarray
    observable: np.ndarray
    happened: np.ndarray


def against_truth(lake: Lake, pack: Pack, truth: Path, models: Mapping[str, Stored], *, as_of: date) -> dict[str, Held]:
    """Every model whose outcome the truth holds chances for, by milestone.

    `truth` is the `truth` folder of the dump in the lake. Raises DumpError when there is none.
    """
    file = truth / "chances.parquet"
    if not file.is_file():
        raise DumpError(f"{file}: there is no such file. Only a simulated dump has a truth to be judged against.")
    milestones = [pack.milestones[name] for name in models]
    eves = [add_months(as_of.replace(day=1), -back) - timedelta(days=1) for back in range(MONTHS, 0, -1)]
    with duckdb.connect() as con:
        lake.attach(con)
        true = con.execute(
            "SELECT subject_id, CAST(month AS DATE) - 1 AS as_of, event, happened, p_full, p_observable "
            "FROM read_parquet(?) WHERE list_contains(?, event) AND list_contains(?, CAST(month AS DATE) - 1)",
            [str(file), [m.outcome for m in milestones], eves],
        ).to_arrow_table()
        con.register("true_chances", true)
        spine = con.sql(
            "SELECT DISTINCT t.subject_id, t.as_of FROM true_chances t JOIN subjects p USING (subject_id) "
            "WHERE p.obs_from <= t.as_of AND (p.obs_to IS NULL OR p.obs_to >= t.as_of) ORDER BY ALL"
        ).to_arrow_table()
        rows = compute(con, pack.vocabulary, spine)
    found = {}
    for milestone in milestones:
        asked = _asked(rows, true, milestone, pack, eves)
        if len(asked.people) and asked.full.sum() > 0:
            found[milestone.id] = _held(asked, milestone, models[milestone.id])
    return found


def _asked(rows: pa.Table, true: pa.Table, milestone: Milestone, pack: Pack, eves: Sequence[date]) -> _Asked:
    task = of_milestone(milestone, known_features(pack.vocabulary))
    mine = eligible(rows, task)
    with duckdb.connect() as con:
        con.register("mine", mine.select(["subject_id", "as_of"]).append_column("_row", pa.array(range(mine.num_rows))))
        con.register("true_chances", true)
        both = con.execute(
            "SELECT m._row, t.p_full, t.p_observable, t.happened FROM mine m JOIN true_chances t "
            "ON t.subject_id = m.subject_id AND t.as_of = m.as_of WHERE t.event = ? ORDER BY m._row",
            [milestone.outcome],
        ).to_arrow_table()
    chosen = mine.take(both["_row"])
    place = {day: number for number, day in enumerate(eves)}
    full, observable = (np.asarray(both[name].to_pylist(), dtype=float) for name in ("p_full", "p_observable"))
    return _Asked(
        rows=chosen,
        people=np.asarray(chosen["subject_id"].to_pylist(), dtype=str),
        month=np.asarray([place[day] for day in chosen["as_of"].to_pylist()], dtype=int),
        full=full,
        observable=observable,
        happened=np.asarray(both["happened"].to_pylist(), dtype=bool),
    )


def _held(asked: _Asked, milestone: Milestone, stored: Stored) -> Held:
    model = stored.artefact.model
    booster = boosted.read(stored.trees) if stored.trees else None
    months = ahead.hazards(model, booster, asked.rows)
    base = ahead.hazards(model.floor_alone(), None, asked.rows)[:, 0]
    flip = -1.0 if milestone.lacking else 1.0
    label = 1 - asked.full if milestone.lacking else asked.full
    ranks = {"floor": flip * base, "model": flip * months[:, 0], "observable": flip * asked.observable,
             "full": flip * asked.full}  # fmt: skip
    figures = {name: average_precision(label, rank) for name, rank in ranks.items()}
    shares = []
    for drawn in draws_of(asked.people, draws=100):
        some = [average_precision(label[drawn], ranks[name][drawn]) for name in ("floor", "model", "observable")]
        shares.append((some[1] - some[0]) / (some[2] - some[0]) if some[2] > some[0] else np.nan)
    gains = figures["observable"] - figures["floor"] > 0.01 * figures["floor"]
    share = (figures["model"] - figures["floor"]) / (figures["observable"] - figures["floor"]) if gains else None
    low, high = middle(shares) if gains else (None, None)
    return Held(
        milestone=milestone.id, rows=len(label), people=len(np.unique(asked.people)), expected=float(label.sum()),
        **figures, share=share, low=low, high=high, **_used(asked, milestone, stored, ahead.chance(months)),
    )  # fmt: skip


def _used(asked: _Asked, milestone: Milestone, stored: Stored, chance: np.ndarray) -> dict[str, float | int | None]:
    """Sweeps on each month's eve; who was told rests for the cooldown, here the whole year. An event is placed at its
    month's middle."""
    threshold = stored.artefact.threshold
    if milestone.lacking or threshold is None:
        return {}
    first: dict[str, int] = {}
    for row in np.argsort(asked.month, kind="stable"):
        if chance[row] >= threshold.p:
            first.setdefault(str(asked.people[row]), int(asked.month[row]))
    leads = [
        (asked.month[row] - first[person]) * 30.44 + 15
        for row in np.nonzero(asked.happened)[0]
        for person in [str(asked.people[row])]
        if person in first and first[person] <= asked.month[row]
    ]
    events = int(asked.happened.sum())
    return {
        "events": events,
        "told": sum(lead >= AHEAD for lead in leads),
        "lead": float(np.median(leads)) if leads else None,
        "alarms": 1000 * len(first) / len(asked.people),
    }
