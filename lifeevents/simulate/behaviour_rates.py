"""What is assumed of how people deal with the state; read from a pack's rates/behaviour.yaml."""

from typing import Literal

from pydantic import model_validator

from lifeevents.domain.frozen import Frozen
from lifeevents.simulate.facts import Fact

Way = Literal["online", "helped", "counter"]
"""Online oneself, online through a relative or the commune's helpers, at the counter."""
Reply = Literal["done", "already_done", "not_for_me", "wrong"]


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

    @model_validator(mode="after")
    def _shares_are_whole(self) -> "BehaviourRates":
        for age, shares in self.ways.value.items():
            if abs(sum(shares.values()) - 1) > 1e-9:
                raise ValueError(f"behaviour.yaml: the ways from age {age} on sum to {sum(shares.values())}, not to 1.")
        return self
