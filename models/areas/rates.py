"""What to expect of each area: the people present x the hazard of their group x the country's level x the area's own.

Learned from the years that ended by the day of the forecast. The hazard of a group in a quarter is drawn to the
product of the group's own yearly rate and the quarter's share of the year, as far as few outcomes demand; the area's
factor is drawn to the country. What the newest quarters have not told yet is reckoned with (models.areas.delay).
"""

from dataclasses import dataclass

import numpy as np

from models.areas.alike import Factors, factors
from models.areas.country import Level, next_level
from models.areas.counts import QUARTERS, Counts, ends_of
from models.areas.delay import told_share, told_within

DRAWS = 4_000


@dataclass(frozen=True)
class Learned:
    """A year ahead. `base`: expected outcomes by (quarter, area) where area and level are 1, `chance`: their variance
    by mere chance, under the mean where many of few people are expected, as it comes to nobody twice in a quarter;
    `last_year`: the outcomes of the year before, made up for what is not told yet, by (quarter, area)."""

    base: np.ndarray
    chance: np.ndarray
    areas: Factors
    level: Level
    last_year: np.ndarray

    @property
    def expected(self) -> np.ndarray:
        """The mean of the outcomes, by (quarter, area)."""
        return np.asarray(self.base * self.areas.mean * self.level.expected)

    def draw(self, members: np.ndarray, random: np.random.Generator, levels: np.ndarray) -> np.ndarray:
        """Outcomes of some areas together, by (draw, quarter), under drawn levels (draw, quarter)."""
        area = random.gamma(self.areas.shape[members], 1 / self.areas.rate[members], (len(levels), len(members)))
        mean = (area @ self.base[:, members].T) * levels
        base, chance = (of[:, members].sum(axis=1) for of in (self.base, self.chance))
        narrow = np.sqrt(np.where(base > 0, chance / np.maximum(base, 1e-12), 1.0))
        return np.maximum(np.rint(mean + narrow * (random.poisson(mean) - mean)), 0).astype(np.int64)


def learned(counts: Counts, now: int, years: int) -> Learned:
    """What was known on the `now`-th day, from at most `years` years before it."""
    as_of, first = counts.days[now], max(now - years, 0)
    told = counts.outcomes(as_of)[first:now]
    seen = (counts.known <= as_of.toordinal()) & (counts.void > as_of.toordinal())
    within = told_within(counts.occurred[seen], counts.known[seen], as_of)
    shares = np.array([told_share(within, day, ends_of(day), as_of) for day in counts.days[first:now]])
    people = counts.people[first:now]
    rate = _rates(told.sum(axis=2), people.sum(axis=1), shares)
    base = np.einsum("tag,qg,tq->tqa", people, rate, shares)
    level = next_level(told.sum(axis=(2, 3)), base.sum(axis=2))
    by_year = told.sum(axis=(1, 3))
    year_level = by_year.sum(axis=1) / np.maximum(base.sum(axis=(1, 2)), 1e-12)
    areas = factors(by_year, base.sum(axis=1) * year_level[:, None])
    ahead = np.einsum("ag,qg->qa", counts.people[now], rate)
    chance = np.einsum("ag,qg->qa", counts.people[now], rate * (1 - np.minimum(rate, 1)))
    return Learned(ahead, chance, areas, level, told[-1].sum(axis=2) / np.maximum(shares[-1], 0.05)[:, None])


def _rates(told: np.ndarray, people: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Outcomes per person and quarter, by (quarter, group).

    From outcomes by (year, quarter, group), people by (year, group), and shares told by (year, quarter).
    """
    exposed = np.einsum("tg,tq->qg", people, shares)
    count = told.sum(axis=0)
    season = count.sum(axis=1) / np.maximum(exposed.sum(axis=1), 1e-12)
    group = count.sum(axis=0) / np.maximum(season @ exposed, 1e-12)
    prior = season[:, None] * group
    found = factors(count.reshape(1, -1), (exposed * prior).reshape(1, -1))
    return np.asarray(prior * found.mean.reshape(QUARTERS, -1))
