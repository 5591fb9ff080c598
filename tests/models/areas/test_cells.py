"""No number that is published, or can be worked out from what is, speaks of fewer than ten."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.areas.cells import by_quarter, parted

NUMBERS = st.lists(st.floats(0, 60), min_size=1, max_size=14)


def areas(n: int) -> list[tuple[str, str]]:
    """Provinces of two, three or four parts."""
    return sorted((f"{i % 5}", f"{i}") for i in range(n))


def cut(expected: list[float], people: list[float] | None = None) -> list:
    names = areas(len(expected))
    return parted(names, np.array(people or [1000.0] * len(expected)), np.array(expected), 10)


@given(expected=NUMBERS, random=st.randoms())
def test_cells_part_the_country_and_none_is_too_small(expected, random):
    people = [random.choice([3.0, 40.0, 900.0]) for _ in expected]
    parts = cut(expected, people)
    if sum(people) < 10 or np.sum(expected) < 10:
        assert parts == []
        return
    assert sorted(member for part in parts for member in part.members) == list(range(len(expected)))
    for part in parts:
        assert sum(people[m] for m in part.members) >= 10
        assert np.array(expected)[list(part.members)].sum() >= 10


@given(expected=NUMBERS)
def test_a_parent_is_never_cut_where_one_small_child_would_be_what_is_left(expected):
    for part in cut(expected):
        if part.merged:
            assert len(part.merged) >= 2


def test_two_small_areas_are_told_together_and_a_large_one_alone():
    parts = parted([("1", "a"), ("1", "b"), ("1", "c")], np.full(3, 100.0), np.array([6.0, 30.0, 7.0]), 10)
    assert [(part.codes, part.merged) for part in parts] == [(("1", "b"), ()), (("1",), ("a", "c"))]


def test_the_smallest_neighbour_joins_an_area_that_would_be_left_alone():
    parts = parted([("1", "a"), ("1", "b"), ("1", "c")], np.full(3, 100.0), np.array([6.0, 30.0, 12.0]), 10)
    assert [(part.codes, part.merged) for part in parts] == [(("1", "b"), ()), (("1",), ("a", "c"))]


def test_when_all_children_would_have_to_join_the_parent_stands_whole():
    parts = parted([("1", "a"), ("1", "b"), ("2", "a")], np.full(3, 100.0), np.array([6.0, 30.0, 50.0]), 10)
    assert [part.codes for part in parts] == [("1",), ("2", "a")]


def test_few_people_are_too_small_however_much_is_expected_of_them():
    parts = parted([("1", "a"), ("1", "b")], np.array([9.0, 500.0]), np.array([40.0, 40.0]), 10)
    assert [part.codes for part in parts] == [("1",)]


@given(
    cells=st.lists(st.lists(st.sampled_from([0.0, 4.0, 11.0, 30.0]), min_size=4, max_size=4), min_size=1, max_size=8)
)
def test_what_cells_without_quarters_sum_to_is_large_enough_too(cells):
    expected = np.array(cells).T
    country, shown = by_quarter(expected, 10)
    season = expected[expected.sum(axis=1) > 0]
    assert (season[:, shown] >= 10).all()
    if not country:
        assert not shown.any()
    elif not shown.all():
        assert (~shown).sum() >= 2
        assert (season[:, ~shown].sum(axis=1) >= 10).all()


def test_a_cell_that_could_be_subtracted_takes_the_smallest_other_with_it():
    expected = np.array([[4.0, 12.0, 40.0]] * 4)
    assert by_quarter(expected, 10)[1].tolist() == [False, False, True]


def test_a_quarter_without_any_outcome_in_the_country_hides_nothing():
    expected = np.array([[0.0, 0.0], [0.0, 0.0], [40.0, 12.0], [0.0, 0.0]])
    country, shown = by_quarter(expected, 10)
    assert country
    assert shown.all()
