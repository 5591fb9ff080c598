"""The chance each person had, beside what happened: the same function gives both the draw and the truth.

A process hands over one function of lasting traits. Called with the traits people have, it gives `p_full`, which the
draw uses: all that the simulation knows. Called with everyone at the mean of those traits, it gives `p_observable`: the
most that anyone could know who sees everything but them, the ceiling of a detector.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import occurs
from lifeevents.simulate.columns import Flags, Floats, Ints
from lifeevents.simulate.months import Month
from lifeevents.simulate.pseudonyms import mixed

MONTHS = 36
"""How many of the last months the truth holds chances for."""
_SHARE, _AT_LEAST = 0.1, 10_000
"""The share of persons it holds them for, or this many persons where that is more."""
_SAMPLING = 0x5EED
Chance = Callable[["Traits"], Floats]


class Traits:
    """Lasting differences of some people that no register sees, as factors on a chance; or the mean of each."""

    def __init__(self, people: Any, who: Ints, usual: dict[str, float] | None = None) -> None:
        self._people, self._who, self._usual = people, who, usual

    def __getitem__(self, name: str) -> Any:
        """The factor `name` of each: a column of `People`, or its mean for everyone."""
        return getattr(self._people, name)[self._who] if self._usual is None else self._usual[name]


@dataclass(frozen=True)
class Risk:
    """The chance of each in a month: `full`, and `observable` in months that the truth holds (else None)."""

    event: str
    month: int
    full: Floats
    observable: Floats | None

    def through(self, change: Callable[[Floats], Floats], event: str | None = None) -> "Risk":
        """The risk of something (of `event`) that follows from this one by the same rule for both chances."""
        observable = None if self.observable is None else change(self.observable)
        return Risk(event or self.event, self.month, change(self.full), observable)


class Risks:
    """Gives processes their chances, and keeps a sample for the truth: the same persons throughout, the last months."""

    def __init__(self, people: Any, usual: dict[str, float], *, seed: int, size: int, last: int) -> None:
        """`usual`: mean of each trait. `size`: about how many people there are. `last`: the last month."""
        self._people, self._usual, self._seed = people, usual, seed
        self._below = np.uint64(min(max(_SHARE, _AT_LEAST / size), 1.0) * (2**64 - 2**12))
        self._since = last - MONTHS + 1
        self._codes: dict[str, int] = {}
        self._chunks: list[dict[str, NDArray[Any]]] = []

    def of(self, event: str, month: Month, who: Ints, chance: Chance) -> Risk:
        """The chance of `event` for each of `who` this month."""
        full = chance(Traits(self._people, who))
        kept = month.index >= self._since
        observable = chance(Traits(self._people, who, self._usual)) if kept else None
        return Risk(event, month.index, full, observable)

    def draw(self, event: str, month: Month, who: Ints, chance: Chance, rng: np.random.Generator) -> Flags:
        """Did `event` happen to each of `who`? Noted for the truth."""
        risk = self.of(event, month, who, chance)
        happened = occurs(rng, risk.full)
        self.note(risk, who, happened)
        return happened

    def note(self, risk: Risk, who: Ints, happened: Flags, subjects: Ints | None = None) -> None:
        """Keep the chances of the sampled and what came of them; `subjects` where not `who` itself is at risk."""
        if risk.observable is None:
            return
        kept = np.flatnonzero((mixed(np.asarray(who), self._seed ^ _SAMPLING) < self._below) & (risk.full > 0))
        told = (who if subjects is None else subjects)[kept].astype(np.int64)
        full, observable = (np.broadcast_to(p, len(who))[kept] for p in (risk.full, risk.observable))
        self._chunks.append(
            {"event": np.full(len(kept), self._codes.setdefault(risk.event, len(self._codes))),
             "month": np.full(len(kept), risk.month), "subject": told, "happened": happened[kept],
             "full": full, "observable": observable}
        )  # fmt: skip

    @property
    def events(self) -> list[str]:
        """The names of the events by their codes in `take`."""
        return list(self._codes)

    def take(self) -> dict[str, NDArray[Any]]:
        """What was noted since the last call: event (a code), month, subject, happened, full, observable."""
        taken, self._chunks = self._chunks, []
        return {name: np.concatenate([chunk[name] for chunk in taken]) for name in (taken[0] if taken else ())}
