"""What a model leans on, input by input, and whether it may still do so when registers are silent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from features.behind import behind
from lifeevents.domain.pack import Vocabulary
from lifeevents.ports import Silence
from models import ahead

if TYPE_CHECKING:
    import lightgbm as lgb

MOST = 0.05
"""The share of what a model says that may rest on silent registers; above it the detector says nothing."""


def leaning(model: ahead.Monthly, booster: "lgb.Booster | None", rows: pa.Table) -> dict[str, float]:
    """Each input's share of the mean absolute contributions to these rows' log odds, the largest first.

    Empty for a model without inputs, or one whose inputs said nothing. Contributions are exact SHAP values (trees) and
    terms (line).
    """
    if not model.columns or not rows.num_rows:
        return {}
    said = np.abs(ahead.contributions(model, booster, rows)).mean(axis=0)
    if not said.sum():
        return {}
    order = np.argsort(-said, kind="stable")
    return {model.columns[at].name: float(said[at] / said.sum()) for at in order if said[at] > 0}


def registers_behind(vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """Feature -> the registers of the event, attribute and relation types that it is made from."""
    registers = vocabulary.registers
    return {
        name: frozenset(registers[t] for t in types if t in registers) for name, types in behind(vocabulary).items()
    }


@dataclass(frozen=True)
class Leaning:
    """What one detector stands on: each input's share, the registers behind the features, those it cannot do without
    (who is at risk, and the outcome itself), and the attribute that says where a person lives."""

    shares: Mapping[str, float]
    made_from: Mapping[str, frozenset[str]]
    needed: frozenset[str]
    residence: str | None

    def reasons(self, rows: pa.Table, silent: Sequence[Silence]) -> list[str]:
        """Per row: why it cannot be judged now, or "" where it can."""
        everywhere = [one for one in silent if one.place is None]
        places = {one.place for one in silent if one.place is not None}
        why = {place: self._why([*everywhere, *(one for one in silent if one.place == place)]) for place in places}
        usual = self._why(everywhere)
        if not why or self.residence is None:
            return [usual] * rows.num_rows
        return [why.get(place, usual) for place in rows[self.residence].to_pylist()]

    def _why(self, silent: Sequence[Silence]) -> str:
        mute = {one.register for one in silent}
        if not mute & self.needed and self._resting_on(mute) <= MOST:
            return ""
        return "not known now: " + ", ".join(_said(one) for one in silent)

    def _resting_on(self, mute: Collection[str]) -> float:
        """The share of what the model says that rests on these registers; a count over many registers in part."""
        return sum(
            share * len(behind_it.intersection(mute)) / len(behind_it)
            for name, share in self.shares.items()
            if (behind_it := self.made_from.get(name, frozenset()))
        )


def _said(one: Silence) -> str:
    where = "" if one.place is None else f" (province {one.place})"
    return f"{one.register}{where} silent since {one.since}"
