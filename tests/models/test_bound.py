"""Who shares events stands in one fold."""

import duckdb
import pytest

from models.bound import bound
from models.hazard import folds_of


def lake_with(*relations: tuple[str, str, str]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE TABLE relations (subject_id VARCHAR, related_id VARCHAR, relation VARCHAR)")
    for row in relations:
        con.execute("INSERT INTO relations VALUES (?, ?, ?)", list(row))
    return con


def couple(one: str, other: str) -> list[tuple[str, str, str]]:
    return [(one, other, "spouse"), (other, one, "spouse")]


def test_spouses_stand_for_each_other_and_so_does_whoever_either_married_later() -> None:
    found = bound(lake_with(*couple("a", "b"), *couple("b", "c"), *couple("x", "y"), *couple("x", "y")))
    assert found["a"] == found["b"] == found["c"]
    assert found["x"] == found["y"] != found["a"]


def test_a_mother_is_not_bound_to_her_child_nor_anyone_by_half_a_relation() -> None:
    assert bound(lake_with(("child", "mum", "mother"), ("mum", "child", "child"), ("a", "b", "spouse"))) == {}


@pytest.mark.parametrize("folds", [3, 4])
def test_those_who_are_bound_never_stand_on_both_sides_of_a_fold(folds: int) -> None:
    pairs = [(f"p{n}", f"p{n + 200}") for n in range(200)]
    together = bound(lake_with(*(row for pair in pairs for row in couple(*pair))))
    people = [f"p{n}" for n in range(600)]
    fold = dict(zip(people, folds_of([together.get(one, one) for one in people], folds), strict=True))
    assert all(fold[one] == fold[other] for one, other in pairs)
    assert len(set(fold.values())) == folds
