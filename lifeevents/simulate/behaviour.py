"""What a person does about a milestone, told or not: pure, seeded, the same in both worlds but for the notice itself.

Every draw hangs on (seed, person, occasion, what is drawn) and on nothing else. So the same seed gives the same person
in a world with the service and in one without it, whatever else happens there: the difference is what telling does.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from statistics import NormalDist
from typing import Literal

from lifeevents.simulate.behaviour_rates import BehaviourRates, Reply, Way

_ENDLESS = 3650
"""Days after which a delay counts as never."""


@dataclass(frozen=True)
class Manner:
    """What lasts of how a person deals with the state.

    way: how she reaches offices. languages: position of her language among the pack's. slowness: factor on her delays,
    with median 1.
    """

    subject_id: str
    way: Way
    language: int
    slowness: float


@dataclass(frozen=True)
class Matter:
    """One occasion of one person: what could be done about it, from which day to which.

    `applies` says whether it is true of the person at all: a notice of what does not apply to her is wrong.
    `service` tells apart several things that one notice tells of. Where the simulated life holds what she did untold
    (`lived`), that is `own`, the day or None; else it is drawn.
    """

    occasion: str
    kind: Literal["registered", "due", "predicted"]
    opens: date
    closes: date | None = None
    applies: bool = True
    service: str = ""
    lived: bool = False
    own: date | None = None


@dataclass(frozen=True)
class Deed:
    """What came of it: the day of the application, if any; the answer to the notice, if any, and its day."""

    applied_on: date | None
    reply: Reply | None = None
    replied_on: date | None = None


def manner_of(subject_id: str, *, age: int, remote: bool, rates: BehaviourRates, seed: int) -> Manner:
    """The lasting manner of a person of an age in years, from a remote province or not."""
    draw = _Draws(seed, subject_id, "")
    by_age = rates.ways.value
    shares = dict(by_age[max((a for a in by_age if a <= age), default=min(by_age))])
    if remote:
        offline = shares["online"] * (1 - rates.remote_online_factor.value)
        shares["online"], shares["counter"] = shares["online"] - offline, shares["counter"] + offline
    other = rates.other_language.value["remote" if remote else "usual"]
    slowness = math.exp(NormalDist(0, rates.promptness_spread.value).inv_cdf(draw("slowness")))
    return Manner(subject_id, _pick(draw("way"), shares), int(draw("language") < other), slowness)


def what_follows(person: Manner, matter: Matter, told_on: date | None, *, rates: BehaviourRates, seed: int) -> Deed:
    """What the person does about a matter, and when; `told_on` is the day of the notice, None in a world without it.

    A notice never makes anyone apply later than alone, and moves nobody to apply for what does not apply to her.
    """
    notice, draw = (_Draws(seed, person.subject_id, matter.occasion + part) for part in ("", matter.service))
    alone = _alone(person, matter, rates, draw)
    noticed = told_on is not None and notice("notices") < rates.notices.value[person.way]
    if told_on is None or not noticed:
        return Deed(alone)
    seen = told_on + _days(notice("notice delay"), rates.notice_delay_days.value * person.slowness)
    if not matter.applies:
        return _replying(None, "wrong", seen, rates, draw)
    if alone is not None and alone <= seen:
        return _replying(alone, "already_done", seen, rates, draw)
    if draw("wants") < rates.not_wanted.value:
        return _replying(alone, "not_for_me", seen, rates, draw)
    applied = min(max(seen, matter.opens), alone or date.max)
    if matter.closes is not None and applied > matter.closes:
        return Deed(alone)
    return _replying(applied, "done", applied, rates, draw)


def is_told_later(subject_id: str, rates: BehaviourRates, seed: int) -> bool:
    """Does the person belong to the random group that is told later?"""
    return _Draws(seed, subject_id, "")("told later") < rates.told_later.value


def _alone(person: Manner, matter: Matter, rates: BehaviourRates, draw: "_Draws") -> date | None:
    """When the person applies untold: as she lived, or after her own delay, before the matter closes, or never."""
    if matter.lived:
        return matter.own if matter.applies else None
    never = draw("never alone") < rates.never_alone.value[person.way] or draw("wants") < rates.not_wanted.value
    if not matter.applies or never:
        return None
    delay = _days(draw("own delay"), rates.own_delay_days.value[matter.kind] * person.slowness)
    applied = matter.opens + delay
    return applied if delay.days < _ENDLESS and (matter.closes is None or applied <= matter.closes) else None


def _replying(applied: date | None, reply: Reply, on: date, rates: BehaviourRates, draw: "_Draws") -> Deed:
    says = draw("says") < rates.answers.value[reply]
    return Deed(applied, reply, on) if says else Deed(applied)


def _days(chance: float, mean: float) -> timedelta:
    """A delay of whole days, exponential with this mean."""
    return timedelta(days=min(int(-math.log1p(-chance) * mean), _ENDLESS))


def _pick(chance: float, shares: Mapping[Way, float]) -> Way:
    """The way whose share of [0, 1) the chance falls in."""
    for way, share in shares.items():
        chance -= share
        if chance < 0:
            return way
    return way


class _Draws:
    """Numbers in (0, 1), each by its name alone."""

    def __init__(self, seed: int, subject_id: str, occasion: str) -> None:
        self._key = f"{seed}\x1f{subject_id}\x1f{occasion}\x1f"

    def __call__(self, what: str) -> float:
        digest = blake2b((self._key + what).encode(), digest_size=8).digest()
        return ((int.from_bytes(digest) >> 12) + 0.5) / (1 << 52)
