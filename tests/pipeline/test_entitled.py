"""Who may have what: the same answer for one person in Python and for a population in DuckDB, every procedure."""

from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from features.catalogue import known_features
from lifeevents.domain.errors import RuleError
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import literal_value
from lifeevents.engine.eligibility import event_facts, every_rule
from lifeevents.packs import load
from lifeevents.pipeline.entitled import answers, entitled

PACK = load("vn", known_features)
RULES = every_rule(PACK, known_features(PACK.vocabulary))
TYPES: dict[str, ValueType] = {**known_features(PACK.vocabulary), **event_facts(PACK)}
NAMES = sorted({name for rule in RULES for name in rule.names})
ARROW = {
    "flag": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "category": pa.string(),
}


def literals() -> dict[str, set[Any]]:
    """The values that some rule compares a fact with."""
    found: dict[str, set[Any]] = {name: set() for name in NAMES}
    for rule in RULES:
        for term in (*rule.who.terms, *(rule.done.terms if rule.done else ())):
            for literal in term.tree.find_all(exp.Literal):
                for name in term.names:
                    try:
                        found[name].add(literal_value(literal, TYPES[name]))
                    except RuleError:  # the literal of another fact of the term
                        continue
    return found


POINTS = literals()


def values(name: str) -> st.SearchStrategy[Any]:
    """Unknown, the values that rules compare with, and their neighbours."""
    kind, points = TYPES[name], sorted(POINTS[name])
    match kind:
        case "flag":
            return st.none() | st.booleans()
        case "category":
            return st.none() | st.sampled_from([*points, "another"])
        case "date":
            return st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 4))
        case "number":
            return st.none() | st.sampled_from([0.0, *(p + d for p in points for d in (-0.5, 0, 0.5))])
    return st.none() | st.sampled_from([0, *(p + d for p in points for d in (-1, 0, 1))])


people = st.lists(st.fixed_dictionaries({name: values(name) for name in NAMES}), min_size=1, max_size=20)


@settings(max_examples=25, deadline=None)
@given(population=people)
def test_one_person_and_a_population_get_the_same_answer_from_every_procedure(population: list[dict[str, Any]]) -> None:
    columns = {name: pa.array([one[name] for one in population], ARROW[TYPES[name]]) for name in NAMES}
    found = answers(RULES, pa.table(columns))
    for rule in RULES:
        assert found[rule.procedure.id] == [rule.ask(one)[0] for one in population], rule.procedure.id


def test_a_population_is_counted_by_its_answers_and_without_the_dead() -> None:
    pension = [rule for rule in RULES if rule.procedure.id == "ret.pension"]
    rows = pa.table(
        {
            "contribution_months": pa.array([180, 179, None, 180], pa.int64()),
            "insured": ["compulsory"] * 4,
            "draws_pension": [False] * 4,
            "kind": ["person"] * 4,
            "alive": [True, True, True, False],
        }
    )
    [found] = entitled(pension, rows)
    assert (found.yes, found.ask, found.no) == (1, 1, 1)


def test_a_fact_that_no_column_gives_is_unknown_and_asked() -> None:
    licence = [rule for rule in RULES if rule.procedure.id == "ret.change_place"]
    [found] = entitled(licence, pa.table({"kind": ["person"], "alive": [True]}))
    assert (found.yes, found.ask, found.no) == (0, 1, 0)
