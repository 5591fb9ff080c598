from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifeevents.domain.errors import RuleError
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition

KNOWN: dict[str, ValueType] = {
    "age_years": "integer",
    "revenue": "number",
    "sex": "category",
    "insured": "category",
    "born_on": "date",
    "due_on": "date",
    "draws_pension": "flag",
    "poor": "flag",
    "event.order": "integer",
}
DAY = date(1990, 1, 1)


@pytest.mark.parametrize(
    ("rule", "facts", "answer"),
    [
        ("age_years >= 18", {"age_years": 18}, "yes"),
        ("age_years >= 18", {"age_years": 17}, "no"),
        ("age_years >= 18", {}, "ask"),
        ("age_years >= 18 and not draws_pension", {"age_years": 17}, "no"),
        ("age_years >= 18 or draws_pension", {"draws_pension": True}, "yes"),
        ("sex in ('M', 'F')", {"sex": "F"}, "yes"),
        ("sex not in ('M')", {"sex": "F"}, "yes"),
        ("born_on between '1990-01-01' and '1990-12-31'", {"born_on": date(1990, 12, 31)}, "yes"),
        ("born_on < due_on", {"born_on": DAY, "due_on": DAY}, "no"),
        ("known(age_years)", {}, "no"),
        ("age_years is null", {}, "yes"),
        ("not (poor and draws_pension)", {"poor": False}, "yes"),
        ("event.order = 2", {"event.order": 2}, "yes"),
        ("true", {}, "yes"),
    ],
)
def test_a_rule_answers_yes_no_or_ask(rule: str, facts: dict[str, Any], answer: str) -> None:
    assert Condition.parse(rule, KNOWN).ask(facts)[0] == answer


@pytest.mark.parametrize(
    ("rule", "teaches"),
    [
        ("age_year >= 18", "Did you mean age_years?"),
        ("age_years", "not a flag"),
        ("sex > 'F'", "has no order"),
        ("sex = 3", "is not a category"),
        ("born_on = 'soon'", "is not a date"),
        ("age_years + 1 > 3", "compares no feature"),
        ("lower(sex) = 'm'", "compares no feature"),
        ("abs(age_years)", "What needs computing is a feature"),
        ("age_years in (select 1)", "What needs computing is a feature"),
        ("age_years = sex", "compares a integer with a category"),
        ("1 = 1", "compares no feature"),
        ("age_years >=", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_would_be_right(rule: str, teaches: str) -> None:
    with pytest.raises(RuleError) as refused:
        Condition.parse(rule, KNOWN)
    assert teaches in str(refused.value)


def test_each_term_is_kept_with_its_own_answer_and_the_facts_it_read() -> None:
    answer, terms = Condition.parse("age_years >= 60 and not draws_pension", KNOWN).ask({"age_years": 61})
    assert answer == "ask"
    assert [(term.answer, [fact.name for fact in term.facts]) for term in terms] == [
        ("yes", ["age_years"]),
        ("ask", ["draws_pension"]),
    ]


_comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_atoms = st.one_of(
    st.builds("age_years {} {}".format, _comparisons, st.integers(-2, 3)),
    st.builds("revenue {} {}".format, _comparisons, st.sampled_from(["0", "1.5", "-0.5"])),
    st.builds("sex {} '{}'".format, st.sampled_from(["=", "<>"]), st.sampled_from("MF")),
    st.builds("born_on {} '{}'".format, _comparisons, st.dates(DAY, DAY + timedelta(3))),
    st.builds("born_on {} due_on".format, _comparisons),
    st.builds(
        "age_years {}between {} and {}".format, st.sampled_from(["", "not "]), st.integers(-1, 1), st.integers(0, 2)
    ),
    st.builds("insured {}in ('a', 'b')".format, st.sampled_from(["", "not "])),
    st.builds("{} is {}null".format, st.sampled_from(sorted(KNOWN)), st.sampled_from(["", "not "])),
    st.builds("known({})".format, st.sampled_from(sorted(KNOWN))),
    st.sampled_from(["draws_pension", "poor", "true", "false", "event.order = 1"]),
)
_rules = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=8,
)
_people = st.fixed_dictionaries(
    {
        "age_years": st.none() | st.integers(-2, 3),
        "revenue": st.none() | st.sampled_from([0.0, 1.5, -0.5]),
        "sex": st.none() | st.sampled_from("MF"),
        "insured": st.none() | st.sampled_from("abc"),
        "born_on": st.none() | st.dates(DAY, DAY + timedelta(3)),
        "due_on": st.none() | st.dates(DAY, DAY + timedelta(3)),
        "draws_pension": st.none() | st.booleans(),
        "poor": st.none() | st.booleans(),
        "event.order": st.none() | st.integers(0, 2),
    }
)
_SQL_TYPES = {"integer": "INTEGER", "number": "DOUBLE", "category": "VARCHAR", "date": "DATE", "flag": "BOOLEAN"}
_con = duckdb.connect()


@settings(max_examples=300, deadline=None)
@given(rule=_rules, person=_people)
def test_one_person_in_python_and_a_population_in_duckdb_get_the_same_answer(rule: str, person: dict[str, Any]) -> None:
    condition = Condition.parse(rule, KNOWN)
    columns = ", ".join(f'CAST(${i + 1} AS {_SQL_TYPES[KNOWN[name]]}) AS "{name}"' for i, name in enumerate(person))
    row = _con.execute(f"SELECT {condition.sql()} FROM (SELECT {columns})", list(person.values())).fetchone()
    assert row is not None
    assert condition.ask(person)[0] == {True: "yes", False: "no", None: "ask"}[row[0]]
