"""What is not told yet: the share of outcomes that the registers have recorded within so many days.

Only outcomes that are known can be seen, and the newest had the least time to be told: delays are cut off on the
right. The share is estimated backwards from the longest delay, F(x) = product over u > x of (1 - n(u) / N(u)), with
n(u) delays of u days among N(u) of at most u days that had u days or more to be seen (Lawless 1994).
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

LONGEST = 3 * 365
"""Days after which everything counts as told."""


def told_within(occurred: np.ndarray, known: np.ndarray, as_of: date) -> np.ndarray:
    """F(x) for x = 0 to LONGEST days, from day numbers of outcomes that were known on a day (1 where there is none)."""
    had = as_of.toordinal() - occurred
    delay = np.minimum(np.maximum(known - occurred, 0), LONGEST)
    days = np.arange(LONGEST + 1)
    n = np.bincount(delay, minlength=LONGEST + 1)
    short = np.cumsum(n)
    gone = np.zeros(LONGEST + 2)
    np.add.at(gone, np.minimum(had, LONGEST) + 1, 1)
    at_risk = short - np.cumsum(gone)[days]
    later = np.where(at_risk > 0, 1 - n / np.maximum(at_risk, 1), 1.0)
    return np.append(np.cumprod(later[:0:-1])[::-1], 1.0)


def told_share(within: np.ndarray, after: date, ends: Sequence[date], as_of: date) -> np.ndarray:
    """The share told by `as_of` of what happened in each span of days (after, end], each day weighing the same."""
    starts = (after, *ends[:-1])
    shares = []
    for start, end in zip(starts, ends, strict=True):
        passed = as_of.toordinal() - np.arange(start.toordinal() + 1, end.toordinal() + 1)
        shares.append(np.where(passed < 0, 0.0, within[np.clip(passed, 0, LONGEST)]).mean())
    return np.array(shares)
