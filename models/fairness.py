"""Whom a detector reaches: the audit's own view of people, which no model reads."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lifeevents.domain.frozen import Frozen
from lifeevents.engine.indicators import wilson_lower

LEAST_EVENTS = 25
"""A group with fewer true events is not compared: its reach says little."""

BANDS = (18, 30, 45, 60, 75)
"""The ages at which a new age band begins."""


class Reach(Frozen):
    """One group at the working threshold: `told` of its `events` were told; `share` of the best group's reach."""

    view: str
    group: str
    events: int
    told: int
    share: float
    short: bool

    @property
    def reach(self) -> float:
        """The share of true events told."""
        return self.told / self.events


def views(rows: pa.Table) -> dict[str, np.ndarray]:
    """Each row's group by sex, age band, province, place and disability; "" where it is not known."""
    age = np.asarray(pc.fill_null(rows["age_years"], -1).to_pylist())
    names = np.asarray(["", *bands()])
    found = {"age": names[np.where(age < 0, 0, np.searchsorted(BANDS, age, side="right") + 1)]}
    for view, name in (("sex", "sex"), ("province", "province"), ("disability", "disability_level")):
        found[view] = np.asarray(["" if value is None else str(value) for value in rows[name].to_pylist()])
    found["place"] = np.asarray([{None: "", True: "urban", False: "rural"}[v] for v in rows["urban"].to_pylist()])
    return found


def bands() -> tuple[str, ...]:
    """The names of the age bands."""
    return (f"under {BANDS[0]}", *(f"{a} to {b - 1}" for a, b in pairwise(BANDS)), f"{BANDS[-1]} and over")


def reaches(label: np.ndarray, told: np.ndarray, groups: Mapping[str, np.ndarray], least: float = 0.8) -> list[Reach]:
    """The reach of each group that had events enough. `short`: surely under `least` of the best (95% on both sides)."""
    out = []
    for view, group in groups.items():
        counts = [
            (name, int(label[mine].sum()), int(label[mine & told].sum()))
            for name in sorted(set(group.tolist()) - {""})
            for mine in [group == name]
        ]
        counts = [one for one in counts if one[1] >= LEAST_EVENTS]
        best = max((hits / events for _, events, hits in counts), default=0.0)
        sure = max((wilson_lower(hits, events) or 0.0 for _, events, hits in counts), default=0.0)
        for name, events, hits in counts:
            most = 1 - (wilson_lower(events - hits, events) or 0.0)
            share = hits / events / best if best else 1.0
            out.append(Reach(view=view, group=name, events=events, told=hits, share=share, short=most < least * sure))
    return out
