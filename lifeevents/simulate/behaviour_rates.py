"""What is assumed of how people deal with the state; read from a pack's rates/behaviour.yaml."""

from typing import Literal

from pydantic import model_validator

from lifeevents.domain.frozen import Frozen
from lifeevents.simulate.facts import Fact, Origin

Way = Literal["online", "helped", "counter"]
"""Online oneself, online through a relative or the commune's helpers, at the counter."""
Reply = Literal["done", "already_done", "not_for_me", "wrong"]


class Lived(Origin):
    """A service whose use the simulated life itself holds, told or not: how its truth says that it was done.

    milestone, procedure: of the pack. event or value: what the truth then holds of the person it is about, who is the
    subject, or the `kin` whose event it is. by: done on the day it happened, or was recorded. last: what the last day
    in time is: the procedure's `deadline` in law, the day the milestone is `due`, or none. closes: a period from the
    event, after which it is lost (the origin is this period's, and the truth's own without one).
    """

    milestone: str
    procedure: str
    event: str | None = None
    value: str | None = None
    whose: Literal["subject", "kin"] = "subject"
    by: Literal["occurred", "recorded"] = "occurred"
    last: Literal["deadline", "due"] | None = None
    closes: str | None = None

    @model_validator(mode="after")
    def _is_one_fact(self) -> "Lived":
        if (self.event is None) == (self.value is None):
            raise ValueError(f"behaviour.yaml: lived {self.procedure} names either an event or a value.")
        return self


class BehaviourRates(Frozen):
    """See the comments in rates/behaviour.yaml; delays are means in days."""

    ways: Fact[dict[int, dict[Way, float]]]
    remote_online_factor: Fact[float]
    other_language: Fact[dict[Literal["usual", "remote"], float]]
    promptness_spread: Fact[float]
    own_delay_days: Fact[dict[Literal["registered", "due", "predicted"], float]]
    never_alone: Fact[dict[Way, float]]
    notices: Fact[dict[Way, float]]
    notice_delay_days: Fact[float]
    not_wanted: Fact[float]
    answers: Fact[dict[Reply, float]]
    told_later: Fact[float]
    told_later_days: Fact[int]
    uptake_days: Fact[int]
    lived: tuple[Lived, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> "BehaviourRates":
        for age, shares in self.ways.value.items():
            if abs(sum(shares.values()) - 1) > 1e-9:
                raise ValueError(f"behaviour.yaml: the ways from age {age} on sum to {sum(shares.values())}, not to 1.")
        if self.told_later_days.value <= self.uptake_days.value:
            raise ValueError("behaviour.yaml: the random group must be told later than uptake_days after the others.")
        return self
