"""Adoptions: a child without parents gets a couple. No birth follows from it, and no model hears of it."""

from datetime import date

import pytest

from features.catalogue import features, known_features
from lifeevents.packs import load
from lifeevents.simulate import simulate

PACK = load("vn", known_features)


@pytest.fixture(scope="module")
def adopting(tmp_path_factory, rates):
    """A country in which many more children are adopted."""
    often = rates.adoption.yearly_per_100_000.model_copy(update={"value": 280.0})
    changed = rates.model_copy(update={"adoption": rates.adoption.model_copy(update={"yearly_per_100_000": often})})
    out, until = tmp_path_factory.mktemp("adopting"), date(2026, 11, 20)
    return simulate(out, people=4_000, seed=5, start=date(2016, 1, 1), until=until, rates=changed, dirt=0)


def test_the_adopted_are_under_sixteen_and_their_parents_a_couple_twenty_years_older(adopting, ask):
    rows = ask(adopting.out, """select e.occurred_on, c.born_on, m.sex, m.born_on, f.sex, f.born_on from truth_events e
        join truth_subjects c using (subject_id)
        join relations rm on rm.subject_id = e.subject_id and rm.relation = 'adoptive_mother'
        join truth_subjects m on m.subject_id = rm.related_id
        join relations rf on rf.subject_id = e.subject_id and rf.relation = 'adoptive_father'
        join truth_subjects f on f.subject_id = rf.related_id where event = 'adoption'""")  # fmt: skip
    assert len(rows) > 20
    for day, born, mother_is, mother_born, father_is, father_born in rows:
        assert (day - born).days < 16.1 * 365.25
        assert (mother_is, father_is) == ("F", "M")
        assert (born - mother_born).days > 19.9 * 365.25
        assert (born - father_born).days > 19.9 * 365.25


def test_nobody_is_adopted_twice_or_while_a_couple_has_them(adopting, ask):
    twice = """select count(*) - count(distinct subject_id) from truth_events where event = 'adoption'"""
    assert ask(adopting.out, twice) == [(0,)]
    with_father = """select count(*) from truth_events e join relations r on r.subject_id = e.subject_id
        and r.relation = 'father' join truth_subjects f on f.subject_id = r.related_id
        where event = 'adoption' and coalesce(f.died_on, date '2999-01-01') > e.occurred_on + 31"""
    assert ask(adopting.out, with_father) == [(0,)]


def test_the_registers_keep_the_parents_of_the_birth_and_tell_of_the_new_ones_apart(adopting, ask):
    mothers = """select count(*), count(*) filter (r.related_id is null) from truth_events e left join relations r
        on r.subject_id = e.subject_id and r.relation = 'mother' where event = 'adoption'"""
    adopted, without = ask(adopting.out, mothers)[0]
    assert without == 0 < adopted
    same = """select count(*) from relations a join relations b using (subject_id, related_id)
        where a.relation = 'mother' and b.relation = 'adoptive_mother'"""
    assert ask(adopting.out, same) == [(0,)]


def test_an_adoption_is_no_birth_of_anyone_and_no_model_hears_of_it():
    adoptive = {"adoptive_mother", "adoptive_father", "adopted_child"}
    heard = {(kin.source, event) for event, kins in PACK.vocabulary.kin.items() for kin in kins if kin.role in adoptive}
    assert heard == {("adoption", "child_adopted")}
    assert {PACK.vocabulary.events[name].means for name in ("adoption", "child_adopted")} == {None}
    told = [feature for name, feature in features(PACK.vocabulary).items() if "adopt" in name]
    assert len(told) > 10
    assert not any(feature.detectors for feature in told)


def test_the_parents_of_an_adopted_child_are_told_before_those_of_the_birth():
    told = next(rule.by for rule in PACK.representatives if "age_years" in rule.when)
    assert told.index("adoptive_mother") < told.index("mother")
