"""The rule language: any text is a rule or a RuleError, and a rule means the same in Python and in DuckDB."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeevents.domain.errors import RuleError
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition
from models.rules import SQL_TYPES
from tests.deep.fuzz.budget import MANY, examples, refusal

KNOWN: dict[str, ValueType] = {
    "age": "integer",
    "months": "integer",
    "income": "number",
    "rate": "number",
    "sex": "category",
    "event.place": "category",
    "born_on": "date",
    "due_on": "date",
    "poor": "flag",
    "event.alive": "flag",
}
VALUES: dict[ValueType, list[Any]] = {
    "integer": [None, -1, 0, 1, 2, 60, 2**31, -(2**63), 2**63 - 1],
    "number": [None, -0.5, 0.0, 1.0, 1.5, 1e-300, 1e300],
    "category": [None, "", "F", "M", "f", "Huế", "O'Neil", "null"],
    "date": [None, date(1, 1, 1), date(1970, 1, 1), date(2024, 2, 29), date(2026, 11, 5), date(9999, 12, 31)],
    "flag": [None, True, False],
}
SIGNS = r"""= <> != == < <= > >= ( ) , - + * / % || :: . [ ] { } ; -- /* */ ' " ` ? $1 @ # ~ ^ \ -> 'F' 'O''Neil'
'2026-11-05' '2026-13-01' 1 -1 1.5 1e5 1e400 .5 5. 0x1F 9223372036854775807 9223372036854775808 1_000"""
KEYWORDS = """and or not in between is null known true false case when then end select from where exists any all like
ilike similar to cast as date interval distinct at time zone over lambda x unknown_name event.nothing"""
WORDS = (*KNOWN, *SIGNS.split(), *KEYWORDS.split(), "date '2026-11-05'")
COMPARISONS = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])
NUMBERS = ["-1", "0", "1", "1.5", "-0.5", "60", "2147483648", "9223372036854775807", "-9223372036854775808", "0.1"]


def literals(kind: ValueType) -> st.SearchStrategy[str]:
    match kind:
        case "integer" | "number":
            return st.sampled_from(NUMBERS)
        case "category":
            return st.sampled_from(["'F'", "'f'", "''", "'Huế'", "'O''Neil'", "'null'"])
        case "date":
            return st.sampled_from(
                ["'0001-01-01'", "'1970-01-01'", "'2024-02-29'", "'9999-12-31'", "date '2026-11-05'"]
            )
        case "flag":
            return st.sampled_from(["true", "false"])


def about(name: str) -> st.SearchStrategy[str]:
    """Conditions on one feature."""
    kind = KNOWN[name]
    others = [other for other, its in KNOWN.items() if its == kind]
    operand = literals(kind) | st.sampled_from(others)
    ordered = kind in ("integer", "number", "date")
    compared = COMPARISONS if ordered else st.sampled_from(["=", "<>"])
    not_ = st.sampled_from(["", "not "])
    between = st.builds("{} {}between {} and {}".format, st.just(name), not_, operand, operand)
    return st.one_of(
        st.builds("{} {} {}".format, st.just(name), compared, operand),
        st.builds("{} {} {}".format, literals(kind), compared, st.just(name)),
        st.builds("{} {}in ({}, {})".format, st.just(name), not_, literals(kind), literals(kind)),
        st.builds("{} is {}null".format, st.just(name), not_),
        st.just(f"known({name})"),
        between if ordered else st.sampled_from(["poor", "not event.alive"]),
    )


SOUP = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
RULES = st.recursive(
    st.sampled_from(sorted(KNOWN)).flatmap(about),
    lambda inner: st.one_of(
        st.builds("({}) and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("not ({})".format, inner),
        st.builds("({})".format, inner),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def people() -> list[dict[str, Any]]:
    """A hundred people in whom every value of every feature occurs beside many others."""
    steps = (1, 7, 3, 5, 11, 13, 1, 5, 1, 2)
    return [
        {
            name: VALUES[kind][(row * step + row // len(VALUES[kind])) % len(VALUES[kind])]
            for (name, kind), step in zip(KNOWN.items(), steps, strict=True)
        }
        for row in range(100)
    ]


@pytest.fixture(scope="module")
def population(people: list[dict[str, Any]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same people as the table `people`."""
    columns = ", ".join(f'"{name}" {SQL_TYPES[kind]}' for name, kind in KNOWN.items())
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE people (nth INTEGER, {columns})")
        marks = ", ".join("?" * (len(KNOWN) + 1))
        con.executemany(f"INSERT INTO people VALUES ({marks})", [[n, *p.values()] for n, p in enumerate(people)])
        yield con


@examples(MANY)
@given(text=SOUP | st.text(max_size=40))
def test_any_text_is_a_rule_or_a_rule_error(text: str) -> None:
    assert refusal(RuleError, lambda: Condition.parse(text, KNOWN)) != ""


def test_a_rule_answers_the_same_of_one_person_and_of_a_population(
    people: list[dict[str, Any]], population: duckdb.DuckDBPyConnection
) -> None:
    read: Counter[str] = Counter()

    @examples(MANY // 2)
    @given(text=RULES)
    def same(text: str) -> None:
        try:
            rule = Condition.parse(text, KNOWN)
        except RuleError:
            read["refused"] += 1
            return
        read["read"] += 1
        rows = population.execute(f"SELECT {rule.sql()} FROM people ORDER BY nth").fetchall()
        for person, (answer,) in zip(people, rows, strict=True):
            assert rule.ask(person)[0] == {True: "yes", False: "no", None: "ask"}[answer], person

    same()
    assert read["read"] > 10 * read["refused"], read
