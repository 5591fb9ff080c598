"""Which areas may be published: a partition of the country into cells of ten and more, and quarters where they may be.

Every number that is published, and every one that could be worked out from those by adding and subtracting, speaks of
at least `least` people at risk and `least` expected outcomes. Areas that are too small are merged with other small ones
of the same parent; when those are too small together, the smallest neighbour that could stand alone is merged in
(complementary suppression); when none is left, the parent stands whole. As cells never overlap and no parent is
published beside its parts but the country, which is their sum, there is nothing to subtract.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from models.areas.counts import Code

Fits = Callable[[Sequence[int]], bool]


@dataclass(frozen=True)
class Part:
    """Areas that are published together: `codes` of the area they make up, or of the one in which `merged` lie."""

    codes: tuple[Code, ...]
    members: tuple[int, ...]
    merged: tuple[Code, ...] = ()


def parted(areas: Sequence[tuple[Code, ...]], people: np.ndarray, expected: np.ndarray, least: int) -> list[Part]:
    """The finest partition that may be published (none when the country itself is too small).

    `people` and `expected` outcomes of the year are by area, and areas are sorted.
    """

    def fits(members: Sequence[int]) -> bool:
        chosen = list(members)
        return bool(people[chosen].sum() >= least and expected[chosen].sum() >= least)

    country = Part((), tuple(range(len(areas))))
    return sorted(_finest(country, areas, expected, fits) or [], key=_after_its_own)


def _after_its_own(part: Part) -> tuple[tuple[int, str], ...]:
    """By code, what is not known after what is, and what was merged after what stands alone beside it."""
    return (*((1 if code is None else 0, code or "") for code in part.codes), (2, ""))


def _finest(part: Part, areas: Sequence[tuple[Code, ...]], expected: np.ndarray, fits: Fits) -> list[Part] | None:
    """The part cut as finely as may be; None when it does not fit itself."""
    if not fits(part.members):
        return None
    depth = len(part.codes)
    if depth == len(areas[part.members[0]]):
        return [part]
    alone: list[tuple[Part, list[Part]]] = []
    small: list[Part] = []
    for code, members in groupby(part.members, key=lambda member: areas[member][depth]):
        child = Part((*part.codes, code), tuple(members))
        finest = _finest(child, areas, expected, fits)
        if finest is None:
            small.append(child)
        else:
            alone.append((child, finest))
    alone.sort(key=lambda one: float(expected[list(one[0].members)].sum()))
    while small and alone and not fits([member for child in small for member in child.members]):
        small.append(alone.pop(0)[0])
    if not alone:
        return [part]
    cells = [cell for _, finest in alone for cell in finest]
    if not small:
        return cells
    small.sort(key=lambda child: child.members)
    members = tuple(member for child in small for member in child.members)
    return [*cells, Part(part.codes, members, tuple(child.codes[-1] for child in small))]


def by_quarter(expected: np.ndarray, least: int) -> tuple[bool, np.ndarray]:
    """Whether the country's quarters may be published, and those of which cells; `expected` is by (quarter, cell).

    A cell shows all its quarters or none, for the last would follow from its year. What the cells without quarters sum
    to follows from the country's, so that it must be at least `least`, of two cells or more; until it is, the smallest
    cell that could show its quarters does not. A quarter in which the whole country expects none is a season, and
    speaks of nobody.
    """
    expected = expected[expected.sum(axis=1) > 0]
    shown = (expected >= least).all(axis=0)
    if not (expected.sum(axis=1) >= least).all():
        return False, np.zeros_like(shown)
    order = iter(np.argsort(expected.sum(axis=0)))
    while not shown.all() and ((~shown).sum() < 2 or (expected[:, ~shown].sum(axis=1) < least).any()):
        cell = next(order, None)
        if cell is None:
            break
        shown[cell] = False
    return True, shown
