"""How a model that serves is doing on a day: what moved, what came, and why it should be trained again."""

from datetime import date
from typing import Literal

from pydantic import Field

from lifeevents.domain.frozen import Frozen

Reason = Literal["scores_moved", "outcomes_differ", "slope_off", "old"]
"""Why to train again: chances drifted, outcomes came more or less often than said, odds do not mean what they say, or
the model is more than a year old."""

RUNS = 24
"""So many earlier watches are kept."""


class Drift(Frozen):
    """One input of a model, and how far it moved: the population stability index (over 0.2 it has moved)."""

    name: str
    psi: float


class Calibrated(Frozen):
    """Some of those asked a horizon ago, by chance: the mean chance said, the share to whom it came, how many."""

    chance: float = Field(ge=0, le=1)
    share: float = Field(ge=0, le=1)
    people: int = Field(ge=1)


class Watch(Frozen):
    """One champion on a day.

    `trained`: the newest day it learned from; `asked`: the day, a horizon ago, on which those were asked whose outcomes
    are held against what was said. `drifted` counts inputs that moved, `moved` names those that moved most, the most
    first; `score_psi`: drift of its chances; `chance_psi`: about the index that mere chance shows among so few people.
    `expected` outcomes by the chances of that day, and how many `came` (None where fewer than ten were asked);
    `slope` of their calibration (1 when odds mean what they say) with its 95% interval, None without both kinds;
    `calibration`: the same by chance.
    """

    milestone: str
    trained: date
    asked: date
    people: int
    drifted: int
    moved: tuple[Drift, ...]
    score_psi: float
    chance_psi: float
    expected: float | None
    came: int | None
    slope: float | None
    slope_low: float | None
    slope_high: float | None
    calibration: tuple[Calibrated, ...]
    reasons: tuple[Reason, ...]

    @property
    def worst(self) -> Drift | None:
        """The input that moved most."""
        return self.moved[0] if self.moved else None


class Run(Frozen):
    """What an earlier watch found of a champion, in short."""

    as_of: date
    milestone: str
    score_psi: float
    expected: float | None
    came: int | None
    reasons: tuple[Reason, ...]


class Watches(Frozen):
    """All champions on a day, and in short what earlier watches found, oldest first."""

    as_of: date
    simulated: bool
    watches: tuple[Watch, ...]
    earlier: tuple[Run, ...] = ()

    def after(self, former: "Watches | None") -> "Watches":
        """This watch with the former one's findings among the earlier ones; those of the same or a later day go."""
        if former is None:
            return self
        short = (
            Run(
                as_of=former.as_of,
                milestone=one.milestone,
                score_psi=one.score_psi,
                expected=one.expected,
                came=one.came,
                reasons=one.reasons,
            )
            for one in former.watches
        )
        runs = [run for run in (*former.earlier, *short) if run.as_of < self.as_of]
        kept = sorted({run.as_of for run in runs})[-RUNS:]
        return self.model_copy(update={"earlier": tuple(run for run in runs if run.as_of in kept)})
