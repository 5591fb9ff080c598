"""What would have to change: the values of one fact, the others unchanged, for which a rule's term says yes.

With all other facts fixed, a term can change its answer only at the values that the fact is compared with. So the
fact's values fall into finitely many cells (each such value, and the gaps between), the term is asked once in each,
and what says yes is described exactly, whatever the nesting of and, or, not, in, between and known().
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor
from typing import Any

from sqlglot import exp

from lifeevents.domain.explanation import Change, Comparator, Need
from lifeevents.domain.occasion import FactValue
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import RuleTerm, column_name, literal_value

Facts = Mapping[str, Any]
_COMPARED = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_DAYS = (date.min.toordinal(), date.max.toordinal())


def changes(term: RuleTerm, facts: Facts) -> tuple[Change, ...]:
    """The smallest changes of a single fact that make a term say yes; none when it does, or when none would."""
    if _says_yes(term, facts):
        return ()
    return tuple(change for name in term.names for change in _nearest(term, name, facts))


def grounds(term: RuleTerm, facts: Facts) -> tuple[Change, ...]:
    """What the facts of a term that says yes must stay for it to do so, each with the others unchanged.

    A fact that could be anything is left out.
    """
    if not _says_yes(term, facts):
        return ()
    found = []
    for name in term.names:
        now = facts.get(name)
        regions = list(_regions(term, name, facts))
        if regions and regions[0][0].comparator == "known" and _says_yes(term, {**facts, name: None}):
            continue
        if now is None:
            regions = [(Need(comparator="unknown"),)]
        mine = [needs for needs in regions if all(holds(need, now) for need in needs)]
        found += [Change(name=name, now=now, needs=needs) for needs in mine]
    return tuple(found)


def holds(need: Need, value: FactValue) -> bool:
    """Is a known value what `need` asks for?"""
    bounds: Sequence[Any] = need.values
    match need.comparator:
        case "at_least":
            return bool(value >= bounds[0])
        case "at_most":
            return bool(value <= bounds[0])
        case "more_than":
            return bool(value > bounds[0])
        case "less_than":
            return bool(value < bounds[0])
        case "equal" | "one_of":
            return value in bounds
        case "other_than" | "none_of":
            return value not in bounds
        case "known":
            return value is not None
    return value is None


def _says_yes(term: RuleTerm, facts: Facts) -> bool:
    return term.ask(facts).answer == "yes"


def _nearest(term: RuleTerm, name: str, facts: Facts) -> list[Change]:
    """The region closest to the fact's value; all of them where it is unknown or has no order."""
    now = facts.get(name)
    regions = [needs for needs in _regions(term, name, facts) if not _below_zero(needs, now)]
    if now is not None and _says_yes(term, {**facts, name: None}):
        regions.append((Need(comparator="unknown"),))
    if now is not None and len(regions) > 1 and term.types[name] in ("integer", "number", "date"):
        away = [_distance(needs, now) for needs in regions]
        regions = [needs for needs, far in zip(regions, away, strict=True) if far == min(away)]
    return [Change(name=name, now=now, needs=needs) for needs in regions]


def _below_zero(needs: tuple[Need, ...], now: Any) -> bool:
    """Does this ask a number that is not negative to become so? Ages, counts, months and amounts cannot."""
    if not isinstance(now, int | float) or isinstance(now, bool) or now < 0:
        return False
    tops = [(need.comparator, _number(need.values[0])) for need in needs if need.comparator in _TOPS]
    return any(top < 0 or (comparator == "less_than" and top == 0) for comparator, top in tops)


def _distance(needs: tuple[Need, ...], now: Any) -> float:
    """How far the nearest bound is; what is described without an order counts as near (any other value will do)."""
    place = _number(now)
    bounds = [abs(_number(value) - place) for need in needs for value in need.values if need.comparator in _BOUNDS]
    if bounds:
        return min(bounds)
    return float("inf") if needs[0].comparator == "unknown" else 0.0


def _number(value: Any) -> float:
    return float(value.toordinal()) if isinstance(value, date) else float(value)


_TOPS = ("at_most", "less_than", "equal")
_BOUNDS = ("at_least", "at_most", "more_than", "less_than", "equal")


def _regions(term: RuleTerm, name: str, facts: Facts) -> Iterator[tuple[Need, ...]]:
    """The known values of one fact for which the term says yes, as few regions as describe them."""
    kind = term.types[name]
    points = _points(term, name, facts)
    if kind == "flag":
        yes = [value for value in (True, False) if _says_yes(term, {**facts, name: value})]
        if yes:
            yield (Need(comparator="known"),) if len(yes) == 2 else (Need(comparator="equal", values=tuple(yes)),)
    elif kind == "category":
        yield from _choices(term, name, facts, points)
    else:
        yield from _intervals(term, name, facts, points, kind)


def _points(term: RuleTerm, name: str, facts: Facts) -> dict[Any, str | None]:
    """The values that the fact is compared with: literals (None), and the values of other facts (their names)."""
    found: dict[Any, str | None] = {}
    for one, other in _pairs(term.tree):
        if not isinstance(one, exp.Column) or column_name(one) != name:
            continue
        if not isinstance(other, exp.Column):
            found[literal_value(other, term.types[name])] = None
        elif (value := facts.get(column_name(other))) is not None and column_name(other) != name:
            found.setdefault(value, column_name(other))
    return found


def _pairs(tree: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """Everything compared with everything else in a tree, both ways round."""
    for node in tree.walk():
        if isinstance(node, exp.Between):
            sides = [(node.this, node.args["low"]), (node.this, node.args["high"])]
        elif isinstance(node, exp.In):
            sides = [(node.this, choice) for choice in node.expressions]
        elif isinstance(node, _COMPARED):
            sides = [(node.this, node.expression)]
        else:
            continue
        for one, other in sides:
            yield one, other
            yield other, one


def _choices(term: RuleTerm, name: str, facts: Facts, points: Mapping[Any, str | None]) -> Iterator[tuple[Need, ...]]:
    yes = tuple(point for point in points if _says_yes(term, {**facts, name: point}))
    no = tuple(point for point in points if point not in yes)
    if _says_yes(term, {**facts, name: _ANOTHER}):
        yield (_but(no, points),) if no else (Need(comparator="known"),)
    elif yes:
        comparator: Comparator = "equal" if len(yes) == 1 else "one_of"
        yield (Need(comparator=comparator, values=yes, like=points[yes[0]]),)


_ANOTHER = "\x00"
"""Stands for any code that the rule does not name."""


def _but(points: tuple[Any, ...], named: Mapping[Any, str | None]) -> Need:
    return Need(comparator="other_than" if len(points) == 1 else "none_of", values=points, like=named.get(points[0]))


@dataclass(frozen=True)
class _Cell:
    """An interval; an end of None is open to infinity. `at` is a value in it."""

    low: Any
    high: Any
    low_in: bool
    high_in: bool
    at: Any


def _intervals(
    term: RuleTerm, name: str, facts: Facts, points: Mapping[Any, str | None], kind: ValueType
) -> Iterator[tuple[Need, ...]]:
    places = sorted(point.toordinal() if kind == "date" else point for point in points)
    cells = list(_real_cells(places) if kind == "number" else _whole_cells(places, *(_DAYS if kind == "date" else ())))
    back = date.fromordinal if kind == "date" else lambda place: place
    answers = [_says_yes(term, {**facts, name: back(cell.at)}) for cell in cells]
    no = [cell for cell, yes in zip(cells, answers, strict=True) if not yes]
    if not no:
        yield (Need(comparator="known"),)
    elif len(no) < len(cells) and all(cell.low is not None and cell.low == cell.high for cell in no):
        yield (_but(tuple(back(cell.low) for cell in no), points),)
    else:
        for low, high in _runs(cells, answers):
            yield _bounds(low, high, points, back)


def _whole_cells(places: Sequence[Any], first: int | None = None, last: int | None = None) -> Iterator[_Cell]:
    """Whole numbers from `first` to `last`, cut at the places."""
    edges = [None, *places, None]
    for before, after in pairwise(edges):
        low = first if before is None else floor(before) + 1
        high = last if after is None else ceil(after) - 1
        if low is None or high is None or low <= high:
            at = low if low is not None else high if high is not None else 0
            yield _Cell(None if before is None else low, None if after is None else high, True, True, at)
        if after is not None and after == floor(after):
            yield _Cell(int(after), int(after), True, True, int(after))


def _real_cells(places: Sequence[Any]) -> Iterator[_Cell]:
    edges = [None, *places, None]
    for before, after in pairwise(edges):
        if before is None or after is None:
            at = 0.0 if before is after else (after - 1 if before is None else before + 1)
        else:
            at = (before + after) / 2
        yield _Cell(before, after, False, False, at)
        if after is not None:
            yield _Cell(after, after, True, True, after)


def _runs(cells: Sequence[_Cell], answers: Sequence[bool]) -> Iterator[tuple[_Cell, _Cell]]:
    """The first and last cell of each unbroken run of yes."""
    run: list[_Cell] = []
    for cell, yes in zip([*cells, None], [*answers, False], strict=True):
        if yes and cell is not None:
            run.append(cell)
        elif run:
            yield run[0], run[-1]
            run = []


def _bounds(low: _Cell, high: _Cell, points: Mapping[Any, str | None], back: Any) -> tuple[Need, ...]:
    if low.low is not None and low.low == high.high:
        value = back(low.low)
        return (Need(comparator="equal", values=(value,), like=points.get(value)),)
    needs = []
    if low.low is not None:
        needs.append(_bound("at_least" if low.low_in else "more_than", back(low.low), points))
    if high.high is not None:
        needs.append(_bound("at_most" if high.high_in else "less_than", back(high.high), points))
    return tuple(needs)


def _bound(comparator: Comparator, value: Any, points: Mapping[Any, str | None]) -> Need:
    """A bound; one just beyond another fact's value is strict, so that it still names that fact."""
    one: Any = timedelta(days=1) if isinstance(value, date) else 1
    beyond = value - one if comparator == "at_least" else value + one
    if value not in points and points.get(beyond) is not None:
        strict: Comparator = "more_than" if comparator == "at_least" else "less_than"
        return Need(comparator=strict, values=(beyond,), like=points[beyond])
    return Need(comparator=comparator, values=(value,), like=points.get(value))
