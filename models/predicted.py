# ruff: noqa: S608 - this file writes SQL; its names are quoted by the rule language
"""The detector that a model decides: a calibrated chance, a threshold, reasons, and silence where it cannot know."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lifeevents.domain.calendar import Period, plus
from lifeevents.domain.explanation import Chance
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.occasion import Detection, Fact
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition
from lifeevents.ports import Snapshot
from models import ahead, boosted, floor
from models.leaning import Leaning, registers_behind
from models.matrix import Column, floats, matrix
from models.registry import Stored

if TYPE_CHECKING:
    import lightgbm as lgb

REASONS = 3
"""So many inputs are stored as the reason of a detection."""


def known_share(model: ahead.Monthly, rows: pa.Table, as_of: date | None = None) -> np.ndarray:
    """The share of a model's inputs that are known, per row (1 for a model without inputs)."""
    if not model.columns:
        return np.ones(rows.num_rows)
    return np.asarray(1 - np.isnan(matrix(rows, model.columns, as_of)).mean(axis=1))


class PredictedDetector:
    """Those at risk whose chance within the horizon reaches the threshold.

    It abstains where age or sex is unknown, where less is known of a person than of nearly everyone it was trained on,
    and where registers that it leans on have fallen silent. Without a threshold (no precision worth having was found)
    it speaks to nobody.
    """

    def __init__(
        self,
        milestone: Milestone,
        known: Mapping[str, ValueType],
        stored: Stored,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """`vocabulary`: of the pack, so that silent registers are told apart; without it nothing counts as silent."""
        self._rule, self._artefact, self._vocabulary = milestone, stored.artefact, vocabulary
        self._trees = stored.trees
        self.milestone, self.version = milestone.id, f"{stored.artefact.kind}:{stored.sha256[:16]}"
        self._at_risk = Condition.parse(milestone.at_risk or "false", known)
        self._cooldown = Period.parse(milestone.cooldown)

    @cached_property
    def _booster(self) -> "lgb.Booster | None":
        return boosted.read(self._trees) if self._trees else None

    @cached_property
    def _leaning(self) -> Leaning | None:
        if self._vocabulary is None:
            return None
        made_from, owner = registers_behind(self._vocabulary), self._vocabulary.registers
        needed = {register for name in self._at_risk.names for register in made_from.get(name, ())}
        needed |= {owner[name] for name in (self._rule.outcome,) if name in owner}
        return Leaning(self._artefact.leans_on, made_from, frozenset(needed), self._vocabulary.residence)

    def _mute(self, rows: pa.Table, snapshot: Snapshot) -> list[str]:
        """Per row why registers that it rests on are not to be relied on now, or ""."""
        if not snapshot.silent or self._leaning is None:
            return [""] * rows.num_rows
        return self._leaning.reasons(rows, snapshot.silent)

    def abstains(self, snapshot: Snapshot) -> Mapping[str, int]:
        """Of how many at risk it says nothing because registers are silent, by the reason."""
        if not snapshot.silent or self._artefact.threshold is None:
            return {}
        return Counter(why for why in self._mute(self._asked(snapshot.rows), snapshot) if why)

    @property
    def inputs(self) -> tuple[Column, ...]:
        """What the model reads, month ahead and month of the year aside."""
        return self._artefact.model.columns

    def chances(self, rows: pa.Table, as_of: date) -> np.ndarray:
        """The chance of each row; NaN where the detector abstains."""
        return self._told(ahead.chance(self.hazards(rows, as_of)))

    def hazards(self, rows: pa.Table, as_of: date) -> np.ndarray:
        """Rows x months: the hazard of the outcome in each month ahead; NaN where the detector abstains."""
        model = self._artefact.model
        known = (
            floor.known(rows)
            if self._rule.subject == "person"
            else ~np.isnan(floats(rows["age_years"].combine_chunks()))
        )
        sure = known & (known_share(model, rows, as_of) >= self._artefact.least_known)
        return np.where(sure[:, None], ahead.hazards(model, self._booster, rows, as_of), np.nan)

    def within(self, rows: pa.Table, as_of: date, months: int) -> np.ndarray:
        """The chance of each row within so many months, from the same model; NaN where the detector abstains."""
        return self._told(ahead.chance(self.hazards(rows, as_of), months))

    def _told(self, came: np.ndarray) -> np.ndarray:
        return 1 - came if self._artefact.lacking else came

    def chance(self, snapshot: Snapshot, subject_id: str) -> Chance | None:
        """One subject's chance beside the threshold, at risk or not; None when the snapshot does not hold it."""
        rows = snapshot.rows.filter(pc.equal(snapshot.rows["subject_id"], subject_id))
        if not rows.num_rows:
            return None
        p = float("nan") if any(self._mute(rows, snapshot)) else float(self.chances(rows, snapshot.as_of)[0])
        threshold = self._artefact.threshold
        return Chance(
            value=None if np.isnan(p) else p,
            threshold=threshold.p if threshold else None,
            version=self.version,
            as_of=snapshot.as_of,
            why=self._reasons(rows, snapshot.as_of)[0],
        )

    def detect(self, snapshot: Snapshot) -> Sequence[Detection]:
        """One detection per person at or over the threshold, anchored on the snapshot's day."""
        if self._artefact.threshold is None:
            return []
        rows = self._asked(snapshot.rows)
        rows = rows.filter(pa.array([not why for why in self._mute(rows, snapshot)], pa.bool_()))
        p = self.chances(rows, snapshot.as_of)
        spoken = np.nonzero(p >= self._artefact.threshold.p)[0]
        found = rows.take(pa.array(spoken))
        reasons = self._reasons(found, snapshot.as_of)
        return [
            self._detection(snapshot.as_of, facts, float(p[row]), why)
            for row, facts, why in zip(spoken, found.to_pylist(), reasons, strict=True)
        ]

    def _asked(self, rows: pa.Table) -> pa.Table:
        with duckdb.connect() as con:
            con.register("rows", rows)
            query = f"SELECT * FROM rows WHERE alive IS TRUE AND ({self._at_risk.sql()}) IS TRUE ORDER BY subject_id"
            return con.sql(query).to_arrow_table()

    def _reasons(self, rows: pa.Table, as_of: date) -> list[tuple[Fact, ...]]:
        """The inputs that raised each row's chance most."""
        model = self._artefact.model
        if model.mix == "floor" or not rows.num_rows:
            return [(Fact(name="age_years", value=age),) for age in rows["age_years"].to_pylist()]
        shares = ahead.contributions(model, self._booster, rows, as_of)
        shares = -shares if self._artefact.lacking else shares
        facts = [rows[column.name].to_pylist() for column in model.columns]
        return [
            tuple(
                Fact(name=model.columns[at].name, value=facts[at][row])
                for at in np.argsort(-share)[:REASONS]
                if share[at] > 0
            )
            for row, share in enumerate(shares)
        ]

    def _detection(self, day: date, facts: dict[str, Any], p: float, why: tuple[Fact, ...]) -> Detection:
        return Detection(
            subject_id=facts.pop("subject_id"),
            milestone=self.milestone,
            kind="predicted",
            anchor=day.isoformat(),
            as_of=day,
            active_until=plus(day, self._cooldown),
            probability=p,
            detector=self.version,
            facts=facts,
            why=why,
        )
