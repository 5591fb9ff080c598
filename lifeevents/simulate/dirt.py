"""What goes wrong between a fact and a delivered row, at set rates. Truth is not touched.

Each function takes the columns of the rows about to be delivered and returns them with the dirt in, and how many rows
of each kind there are. The kinds are explained in the pack's rates/registering.yaml.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.columns import Ints
from lifeevents.simulate.pseudonyms import BUSINESS, UNKNOWN
from lifeevents.simulate.reporting import DAY, OPEN, UNHEARD
from lifeevents.simulate.world import World

Rows = dict[str, NDArray[np.int64]]
_MAY_BE_ANNULLED = (
    "job_loss", "job_end", "move", "marriage", "divorce", "death", "identity_card_issued", "school_leaving",
)  # fmt: skip
NO_SUCH_DAY = 1 << 50
"""Added to a date value to make the 30 February of its year."""


@dataclass
class Soiling:
    """How dirty, and what is needed to make dirt that a gate must find.

    rates:    share of rows by kind. correction_days: mean days from a wrong row to its correction.
    born:     day of birth of each subject number. new_numbers: draws fresh event numbers.
    others:   draws for each subject another living adult, not the spouse; not always one born by the day of the fact.
    may_be_annulled: codes of events that are sometimes told of the wrong person.
    """

    rates: Mapping[str, float]
    correction_days: float
    rng: np.random.Generator
    born: Callable[[Ints], NDArray[np.int64]]
    others: Callable[[Ints], NDArray[np.int64]]
    new_numbers: Callable[[int], NDArray[np.int64]]
    may_be_annulled: tuple[int, ...]
    dates: tuple[int, ...]
    """Codes of the attributes whose value is a date."""

    def kinds(self, rows: int, wanted: tuple[str, ...]) -> NDArray[np.int64]:
        """For each row the position of its dirt in `wanted`, or len(wanted) for a clean row."""
        return np.searchsorted(np.cumsum([self.rates[kind] for kind in wanted]), self.rng.random(rows), side="right")

    def some_days_later(self, moments: Ints) -> NDArray[np.int64]:
        return moments + (1 + self.rng.exponential(self.correction_days, len(moments)).astype(np.int64)) * DAY


def soiling_of(world: World, dirt: float) -> Soiling:
    """How to make dirt from the world as it is when rows are written."""
    people, businesses, registers = world.people, world.businesses, world.registers
    rates, rng = world.rates.registering, world.streams["dirt"]

    def born(subjects: Ints) -> NDArray[np.int64]:
        business = subjects >= BUSINESS
        found = np.empty(len(subjects), np.int64)
        found[~business] = people.born[subjects[~business]]
        found[business] = businesses.opened[subjects[business] - BUSINESS]
        return found

    def others(subjects: Ints) -> NDArray[np.int64]:
        living = world.living()
        adults = living[people.born[living] < people.born[living].max() - 20 * 366]
        drawn = rng.integers(0, len(adults), len(subjects))
        too_near = (adults[drawn] == subjects) | (adults[drawn] == people.partner[subjects])
        return np.asarray(adults[(drawn + too_near) % len(adults)], np.int64)

    def new_numbers(count: int) -> NDArray[np.int64]:
        registers.told += count
        return np.arange(registers.told - count, registers.told)

    return Soiling(
        rates={kind: share * dirt for kind, share in rates.dirt.value.items()},
        correction_days=rates.correction_mean_days.value,
        rng=rng,
        born=born,
        others=others,
        new_numbers=new_numbers,
        may_be_annulled=tuple(registers.codes(name) for name in _MAY_BE_ANNULLED),
        dates=tuple(registers.codes(name) for name, a in registers.attributes.items() if a.type == "date"),
    )


def soil_events(rows: Rows, how: Soiling) -> tuple[Rows, Counter[str]]:
    """Events with duplicates, clashing ids, impossible content, corrections and annulments."""
    wanted = ("before_birth", "impossible_date", "missing_field", "unknown_subject", "exact_duplicate",
              "id_clash", "corrected", "annulled")  # fmt: skip
    kind = how.kinds(len(rows["number"]), wanted)
    kind[rows["recorded"] == UNHEARD] = len(wanted)
    recorded_day = rows["recorded"] // DAY
    kind[(kind == wanted.index("before_birth")) & (rows["subject"] >= BUSINESS)] = len(wanted)
    kind[(kind == wanted.index("corrected")) & (recorded_day < rows["day"] + 2)] = len(wanted)
    kind[(kind == wanted.index("annulled")) & ~np.isin(rows["event"], how.may_be_annulled)] = len(wanted)
    at = {name: np.flatnonzero(kind == position) for position, name in enumerate(wanted)}
    rng, before = how.rng, {name: column.copy() for name, column in rows.items()}
    others = how.others(rows["subject"][at["annulled"]])
    born = how.born(others) <= rows["day"][at["annulled"]]
    at["annulled"], others = at["annulled"][born], others[born]

    hit = at["before_birth"]
    rows["day"][hit] = how.born(rows["subject"][hit]) - rng.integers(1, 400, len(hit))
    hit = at["impossible_date"]
    rows["day"][hit] = recorded_day[hit] + rng.integers(5_000, 30_000, len(hit))
    rows["day"][at["missing_field"]] = OPEN
    rows["subject"][at["unknown_subject"]] += UNKNOWN
    hit = at["corrected"]
    rows["day"][hit] += rng.integers(1, np.minimum(recorded_day[hit] - rows["day"][hit], 10))
    added = [
        _copies(before, at["exact_duplicate"]),
        _clashing(before, at["id_clash"], how),
        _corrections(before, at["corrected"], how),
        *_annulled(before, at["annulled"], others, how),
    ]
    whole = {name: np.concatenate([rows[name], *(more[name] for more in added)]) for name in rows}
    return whole, Counter({name: len(hit) for name, hit in at.items()})


def soil_attributes(rows: Rows, how: Soiling) -> tuple[Rows, Counter[str]]:
    """Attributes with duplicates, days that no month has, unknown subjects and missing values."""
    wanted = ("exact_duplicate", "impossible_date", "unknown_subject", "missing_field")
    kind = how.kinds(len(rows["subject"]), wanted)
    kind[(kind == 1) & ~np.isin(rows["name"], how.dates)] = len(wanted)
    hits = [np.flatnonzero(kind == position) for position in range(len(wanted))]
    twice = _copies(rows, hits[0])
    rows["value"][hits[1]] += NO_SUCH_DAY
    rows["subject"][hits[2]] += UNKNOWN
    rows["value"][hits[3]] = OPEN
    whole = {name: np.concatenate([rows[name], twice[name]]) for name in rows}
    return whole, Counter({name: len(hit) for name, hit in zip(wanted, hits, strict=True)})


def _copies(rows: Rows, hit: Ints) -> Rows:
    return {name: column[hit] for name, column in rows.items()}


def _clashing(rows: Rows, hit: Ints, how: Soiling) -> Rows:
    """The same ids again, some days later, with the fact dated a little earlier."""
    more = _copies(rows, hit)
    more["day"] = np.maximum(more["day"] - how.rng.integers(1, 30, len(hit)), how.born(more["subject"]))
    more["day"] -= more["day"] == rows["day"][hit]
    more["recorded"] = how.some_days_later(more["recorded"])
    return more


def _corrections(rows: Rows, hit: Ints, how: Soiling) -> Rows:
    """The full right content of rows that were first delivered with a wrong date."""
    more = _copies(rows, hit)
    more["corrects"] = more["number"]
    more["number"] = how.new_numbers(len(hit))
    more["recorded"] = how.some_days_later(more["recorded"])
    return more


def _annulled(rows: Rows, hit: Ints, others: NDArray[np.int64], how: Soiling) -> tuple[Rows, Rows]:
    """Facts told of others to whom they did not happen, and their annulments."""
    false = _copies(rows, hit)
    false["subject"] = others
    false["number"] = how.new_numbers(len(hit))
    annulment = {name: column.copy() for name, column in false.items()}
    annulment["annuls"] = false["number"]
    annulment["number"] = how.new_numbers(len(hit))
    annulment["recorded"] = how.some_days_later(false["recorded"])
    return false, annulment
