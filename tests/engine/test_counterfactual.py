"""What would turn a term into a yes: exact, minimal, and never offered when it would not."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifeevents.domain.explanation import Change, Need
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition, RuleTerm
from lifeevents.engine.counterfactual import changes, grounds, holds

KNOWN: dict[str, ValueType] = {
    "a": "integer",
    "b": "integer",
    "p": "number",
    "d": "date",
    "e": "date",
    "c": "category",
    "f": "flag",
}
DAY = date(2026, 3, 1)


def term(text: str) -> RuleTerm:
    [only] = Condition.parse(text, KNOWN).terms
    return only


def said(found: tuple[Change, ...]) -> list[tuple[str, list[tuple[str, tuple[Any, ...]]]]]:
    return [(one.name, [(need.comparator, need.values) for need in one.needs]) for one in found]


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("a >= 180", {"a": 168}, [("a", [("at_least", (180,))])]),
        ("a > 17", {"a": 3}, [("a", [("at_least", (18,))])]),
        ("not a < 5", {"a": 3}, [("a", [("at_least", (5,))])]),
        ("p > 17.5", {"p": 3.0}, [("p", [("more_than", (17.5,))])]),
        ("a < 70", {"a": 81}, [("a", [("at_most", (69,))])]),
        ("a between 3 and 5", {"a": 9}, [("a", [("at_least", (3,)), ("at_most", (5,))])]),
        ("a <= 3 or a >= 9", {"a": 5}, [("a", [("at_most", (3,))])]),
        ("a <> 4", {"a": 4}, [("a", [("other_than", (4,))])]),
        ("a not in (4, 6)", {"a": 4}, [("a", [("none_of", (4, 6))])]),
        ("c = 'x'", {"c": "y"}, [("c", [("equal", ("x",))])]),
        ("c in ('x', 'y')", {"c": "z"}, [("c", [("one_of", ("x", "y"))])]),
        ("c <> 'x'", {"c": "x"}, [("c", [("other_than", ("x",))])]),
        ("not f", {"f": True}, [("f", [("equal", (False,))])]),
        ("f", {}, [("f", [("equal", (True,))])]),
        ("known(a)", {}, [("a", [("known", ())])]),
        ("d is null", {"d": DAY}, [("d", [("unknown", ())])]),
        ("d < '2026-01-01'", {"d": DAY}, [("d", [("at_most", (date(2025, 12, 31),))])]),
        ("a = b", {"a": 1, "b": 0}, [("a", [("equal", (0,))]), ("b", [("equal", (1,))])]),
        ("a > 1 or f", {"a": 0, "f": False}, [("a", [("at_least", (2,))]), ("f", [("equal", (True,))])]),
        ("(a > 1 and f) or false", {"a": 0, "f": False}, []),
        ("a >= 180", {"a": 180}, []),
    ],
)
def test_a_term_tells_what_one_fact_would_have_to_be(text: str, facts: dict[str, Any], expected: Any) -> None:
    assert sorted(said(changes(term(text), facts))) == expected


def test_a_bound_that_is_another_fact_names_it() -> None:
    first, _ = changes(term("a = b"), {"a": 1, "b": 0})
    assert first.needs == (Need(comparator="equal", values=(0,), like="b"),)


def test_a_strict_bound_that_is_another_fact_names_it_too() -> None:
    more, fewer = changes(term("a > b"), {"a": 3, "b": 3})
    assert more.needs == (Need(comparator="more_than", values=(3,), like="b"),)
    assert fewer.needs == (Need(comparator="less_than", values=(3,), like="a"),)
    [earlier, _] = changes(term("d < e"), {"d": DAY, "e": DAY})
    assert earlier.needs == (Need(comparator="less_than", values=(DAY,), like="e"),)


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("a >= 180", {"a": 240}, [("a", [("at_least", (180,))])]),
        ("not f", {"f": False}, [("f", [("equal", (False,))])]),
        ("a > 1 or b > 1", {"a": 5, "b": 0}, [("a", [("at_least", (2,))])]),
        ("a > 1 or b > 1", {"a": 5}, [("a", [("at_least", (2,))])]),
        ("a > 1 or b > 1", {"a": 5, "b": 5}, []),
        ("d is null", {}, [("d", [("unknown", ())])]),
        ("true", {}, []),
        ("a >= 180", {"a": 1}, []),
    ],
)
def test_a_yes_tells_what_it_rests_on(text: str, facts: dict[str, Any], expected: Any) -> None:
    assert said(grounds(term(text), facts)) == expected


NUMBERS = st.integers(-3, 6)
REALS = st.sampled_from([-2.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.25])
DATES = st.integers(-3, 3).map(lambda days: DAY + timedelta(days=days))
CODES = st.sampled_from(["x", "y", "z", "w"])
VALUES: dict[ValueType, st.SearchStrategy[Any]] = {
    "integer": NUMBERS,
    "number": REALS,
    "date": DATES,
    "category": CODES,
    "flag": st.booleans(),
}
POOL: dict[ValueType, list[Any]] = {
    "integer": list(range(-6, 10)),
    "number": [place / 8 for place in range(-40, 60)],
    "date": [DAY + timedelta(days=days) for days in range(-9, 10)],
    "category": ["x", "y", "z", "w", "another"],
    "flag": [True, False],
}


def literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str | date) else str(value)


@st.composite
def leaves(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(sorted(KNOWN)))
    kind = KNOWN[name]
    shape = draw(st.sampled_from(["compare", "in", "null", "known", "between", "names"]))
    if shape == "null":
        return f"{name} is null"
    if shape == "known":
        return f"known({name})"
    if kind == "flag":
        return name
    one, two = draw(VALUES[kind]), draw(VALUES[kind])
    if shape == "in" or (kind == "category" and shape == "between"):
        return f"{name} in ({literal(one)}, {literal(two)})"
    if shape == "between":
        return f"{name} between {literal(one)} and {literal(two)}"
    signs = ["=", "<>"] if kind == "category" else ["=", "<>", "<", "<=", ">", ">="]
    sign = draw(st.sampled_from(signs))
    if shape == "names" and name in ("a", "b", "p"):
        return f"{name} {sign} {draw(st.sampled_from(['a', 'b', 'p']))}"
    if shape == "names" and kind == "date":
        return f"d {sign} e"
    return f"{name} {sign} {literal(one)}" if draw(st.booleans()) else f"{literal(one)} {sign} {name}"


TREES = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        inner.map(lambda tree: f"not ({tree})"),
        st.tuples(inner, st.sampled_from(["or", "and"]), inner).map(lambda t: f"(({t[0]}) {t[1]} ({t[2]}))"),
    ),
    max_leaves=5,
).map(lambda tree: f"({tree}) or false")
FACTS = st.fixed_dictionaries({}, optional={name: st.none() | VALUES[kind] for name, kind in KNOWN.items()})


def applied(change: Change) -> list[Any]:
    """Every value of the pool that is what the change asks for."""
    if change.needs[0].comparator == "unknown":
        return [None]
    bounds = [value for need in change.needs for value in need.values]
    return [value for value in (*POOL[KNOWN[change.name]], *bounds) if all(holds(need, value) for need in change.needs)]


@settings(max_examples=600, deadline=None)
@given(text=TREES, facts=FACTS)
def test_applying_an_offered_change_makes_the_term_say_yes(text: str, facts: dict[str, Any]) -> None:
    asked = term(text)
    for change in changes(asked, facts):
        assert change.now == facts.get(change.name)
        for value in applied(change):
            assert asked.ask({**facts, change.name: value}).answer == "yes", (change, value)


def becomes_negative(now: Any, value: Any) -> bool:
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (now, value))
    return bool(numbers and now >= 0 > value)


@settings(max_examples=600, deadline=None)
@given(text=TREES, facts=FACTS)
def test_whatever_one_value_would_do_is_offered(text: str, facts: dict[str, Any]) -> None:
    asked = term(text)
    if asked.ask(facts).answer == "yes":
        assert changes(asked, facts) == ()
        return
    offered = {change.name for change in changes(asked, facts)}
    for name in asked.names:
        pool = [value for value in (None, *POOL[KNOWN[name]]) if not becomes_negative(facts.get(name), value)]
        would_do = [value for value in pool if asked.ask({**facts, name: value}).answer == "yes"]
        assert (name in offered) == bool(would_do), (name, would_do)


@settings(max_examples=400, deadline=None)
@given(text=TREES, facts=FACTS)
def test_no_nearer_number_would_do(text: str, facts: dict[str, Any]) -> None:
    asked = term(text)
    for change in changes(asked, facts):
        bounds = [value for need in change.needs for value in need.values]
        if KNOWN[change.name] != "integer" or change.now is None or not bounds:
            continue
        if change.needs[0].comparator in ("other_than", "none_of"):
            continue
        nearest = min(abs(value - change.now) for value in bounds)
        possible = [v for v in POOL["integer"] if not becomes_negative(change.now, v)]
        closer = [v for v in possible if abs(v - change.now) < nearest]
        assert all(asked.ask({**facts, change.name: v}).answer != "yes" for v in closer)


@settings(max_examples=400, deadline=None)
@given(text=TREES, facts=FACTS)
def test_a_yes_stays_while_its_grounds_hold(text: str, facts: dict[str, Any]) -> None:
    asked = term(text)
    for ground in grounds(asked, facts):
        for value in applied(ground):
            assert asked.ask({**facts, ground.name: value}).answer == "yes", (ground, value)


def test_a_count_is_never_asked_to_become_negative() -> None:
    known: dict[str, ValueType] = {"opened": "integer", "closed": "integer"}
    [term] = Condition.parse("opened > closed", known).terms
    offered = changes(term, {"opened": 0, "closed": 0})
    assert [change.name for change in offered] == ["opened"]
