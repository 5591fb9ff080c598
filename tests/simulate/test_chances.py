"""Chances keep a group's rate; draws and pairs are fair; months are those of the calendar."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lifeevents.domain.calendar import add_months
from lifeevents.simulate.chances import Streams, aligned, at_year, choose, from_step, pair, round_randomly
from lifeevents.simulate.columns import Columns, column
from lifeevents.simulate.months import as_date, day_number, months_of, plus_months
from lifeevents.simulate.pseudonyms import BUSINESS, UNKNOWN, event_ids, subject_ids

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(-600, 1500))
def test_adding_months_to_arrays_is_adding_months_to_a_date(day, months):
    numbers = np.array([day_number(day)])
    assert as_date(plus_months(numbers, months)[0]) == add_months(day, months)
    assert months_of(numbers)[0] == day.year * 12 + day.month - 1


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.1, 5)), min_size=1, max_size=200))
def test_aligned_chances_keep_the_rate_of_each_group(members):
    group, weight = (np.array(column) for column in zip(*members, strict=True))
    rate = np.array([0.001, 0.002, 0.0, 0.003])
    chance = aligned(group, rate, weight)
    for g in set(group.tolist()):
        assert np.isclose(chance[group == g].mean(), rate[g])


def test_choosing_prefers_the_heavier_and_never_the_weightless():
    rng = Streams(1)["test"]
    weight = np.array([0.0, 1.0, 4.0] * 500)
    chosen = choose(rng, weight, 200)
    assert len(set(chosen.tolist())) == 200
    counts = np.bincount(chosen % 3, minlength=3)
    assert counts[0] == 0
    assert counts[2] > 2 * counts[1]
    assert len(choose(rng, weight, 5_000)) == 1_000


@given(st.lists(st.integers(0, 5), max_size=60), st.lists(st.integers(0, 5), max_size=60))
def test_pairs_have_equal_keys_and_use_everyone_at_most_once(wanted, offered):
    wanted, offered = np.array(wanted, np.int64), np.array(offered, np.int64)
    i, j = pair(Streams(2)["test"], wanted, offered)
    assert (wanted[i] == offered[j]).all()
    assert len(set(i.tolist())) == len(i)
    assert len(set(j.tolist())) == len(j)
    possible = sum(min((wanted == key).sum(), (offered == key).sum()) for key in range(6))
    assert len(i) == possible


def test_tables_are_read_by_step_or_between_years():
    assert from_step({18: 1.0, 25: 3.0}, np.array([17, 18, 24, 25, 90])).tolist() == [0.0, 1.0, 1.0, 3.0, 3.0]
    assert at_year({2010: 2.0, 2020: 3.0}, 2015) == 2.5
    assert at_year({2010: 2.0, 2020: 3.0}, 2050) == 3.0


def test_random_rounding_keeps_the_expectation_and_is_never_negative():
    rng = Streams(3)["test"]
    assert abs(np.mean([round_randomly(rng, 0.3) for _ in range(4_000)]) - 0.3) < 0.03
    assert round_randomly(rng, -5.0) == 0


def test_a_stream_does_not_depend_on_which_streams_were_used_before():
    alone, after = Streams(5), Streams(5)
    after["other"].random(100)
    assert alone["mine"].random() == after["mine"].random()
    assert alone["mine"].random() != alone["yours"].random()


def test_columns_grow_and_keep_their_rows():
    class Beads(Columns):
        weight: np.ndarray = column(np.int32, 7)

    beads = Beads()
    first = beads.add(3, weight=np.array([1, 2, 3]))
    more = beads.add(1_000)
    assert first.tolist() == [0, 1, 2]
    assert (len(beads), more[0], more[-1]) == (1_003, 3, 1_002)
    assert beads.weight[:4].tolist() == [1, 2, 3, 7]


def test_pseudonyms_differ_and_say_what_kind_of_subject_they_are():
    numbers = np.r_[np.arange(1_000), np.arange(1_000) + BUSINESS, np.arange(1_000) + UNKNOWN, -1]
    ids = subject_ids(numbers, 1).to_pylist()
    assert ids[-1] is None
    assert len(set(ids)) == 3_001
    assert {i[0] for i in ids[:1_000]} == {"p"}
    assert {i[0] for i in ids[1_000:2_000]} == {"b"}
    assert ids[:1_000] != subject_ids(numbers[:1_000], 2).to_pylist()
    assert event_ids(np.array([0, -1]), 1).to_pylist()[1] is None
