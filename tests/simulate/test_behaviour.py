"""What people do about a milestone: the same person in both worlds, and a notice only ever helps."""

from datetime import date, timedelta
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeevents.domain.errors import PackError
from lifeevents.simulate import load_rates
from lifeevents.simulate.behaviour import Manner, Matter, manner_of, what_follows

RATES = load_rates("vn").behaviour
OPENS = date(2026, 3, 1)
WINDOW = Matter("o1", "registered", OPENS, OPENS + timedelta(days=90))
MANNERS = st.builds(
    Manner, st.text("0123456789abcdef", min_size=1, max_size=16), st.sampled_from(["online", "helped", "counter"]),
    st.just(0), st.floats(0.05, 20),
)  # fmt: skip
MATTERS = st.builds(
    Matter, st.text("abc", min_size=1, max_size=4), st.sampled_from(["registered", "due", "predicted"]), st.just(OPENS),
    st.one_of(st.none(), st.integers(0, 400).map(lambda days: OPENS + timedelta(days=days))), st.booleans(),
)  # fmt: skip
LIVED = st.builds(
    Matter, st.text("abc", min_size=1, max_size=4), st.just("due"), st.just(OPENS),
    st.just(OPENS + timedelta(days=200)), st.booleans(), st.just("s"), st.just(True),
    st.one_of(st.none(), st.integers(0, 200).map(lambda days: OPENS + timedelta(days=days))),
)  # fmt: skip
TOLD = st.integers(-180, 400).map(lambda days: OPENS + timedelta(days=days))


def _people(count: int, *, age: int = 35, remote: bool = False, seed: int = 1) -> list[Manner]:
    return [manner_of(f"p{i}", age=age, remote=remote, rates=RATES, seed=seed) for i in range(count)]


def _deeds(people, matter, told_on, seed=1):
    return [what_follows(person, matter, told_on, rates=RATES, seed=seed) for person in people]


@given(MANNERS, LIVED)
def test_what_was_lived_is_what_is_done_untold(person, matter):
    untold = what_follows(person, matter, None, rates=RATES, seed=1)
    assert untold.applied_on == (matter.own if matter.applies else None)


def test_several_services_of_one_notice_are_noticed_together_and_wanted_each_by_itself():
    people, deaf = _people(400), date(2026, 9, 1)
    both = [_deeds(people, Matter("o", "due", OPENS, None, True, service), deaf) for service in ("a", "b")]
    noticed = [[deed.reply is not None for deed in deeds] for deeds in both]
    silent = RATES.model_copy(update={"answers": RATES.answers.model_copy(
        update={"value": dict.fromkeys(RATES.answers.value, 1.0)})})  # fmt: skip
    heard = [
        [
            what_follows(p, Matter("o", "due", OPENS, None, True, s), deaf, rates=silent, seed=1).reply is None
            for p in people
        ]
        for s in ("a", "b")
    ]
    assert heard[0] == heard[1]
    assert noticed[0] != noticed[1]


@given(MANNERS, MATTERS | LIVED, TOLD, st.integers(0, 5))
def test_a_notice_makes_nobody_apply_later_than_untold_or_for_what_is_not_hers(person, matter, told_on, seed):
    untold = what_follows(person, matter, None, rates=RATES, seed=seed)
    told = what_follows(person, matter, told_on, rates=RATES, seed=seed)
    if untold.applied_on is not None:
        assert told.applied_on is not None
        assert told.applied_on <= untold.applied_on
    if not matter.applies:
        assert told.applied_on is None
    assert (untold.reply, untold.replied_on) == (None, None)


@given(MANNERS, MATTERS | LIVED, TOLD, st.integers(0, 5))
def test_an_application_lies_in_its_time_and_an_answer_after_its_notice(person, matter, told_on, seed):
    deed = what_follows(person, matter, told_on, rates=RATES, seed=seed)
    if deed.applied_on is not None:
        assert deed.applied_on >= matter.opens
        assert matter.closes is None or deed.applied_on <= matter.closes
    assert (deed.reply is None) == (deed.replied_on is None)
    assert deed.replied_on is None or deed.replied_on >= told_on


@given(MANNERS, MATTERS | LIVED, TOLD, st.integers(0, 5))
def test_each_answer_is_true(person, matter, told_on, seed):
    untold = what_follows(person, matter, None, rates=RATES, seed=seed)
    deed = what_follows(person, matter, told_on, rates=RATES, seed=seed)
    match deed.reply:
        case "wrong":
            assert not matter.applies
        case "done":
            assert deed.applied_on == deed.replied_on
        case "already_done":
            assert deed.applied_on == untold.applied_on <= deed.replied_on
        case "not_for_me":
            assert deed.applied_on == untold.applied_on
            assert matter.lived or deed.applied_on is None


def test_the_same_seed_gives_the_same_deed_and_another_seed_others():
    people = _people(200)
    assert _deeds(people, WINDOW, OPENS) == _deeds(people, WINDOW, OPENS)
    assert _deeds(people, WINDOW, OPENS) != _deeds(people, WINDOW, OPENS, seed=2)
    assert _people(50) == _people(50)
    assert _people(50) != _people(50, seed=2)


def test_a_second_occasion_is_drawn_anew_for_the_same_person():
    people = _people(200)
    assert _deeds(people, WINDOW, None) != _deeds(people, Matter("o2", "registered", OPENS, WINDOW.closes), None)


def test_telling_raises_the_share_that_applies_and_shortens_the_wait():
    people = _people(4_000)
    untold, told = _deeds(people, WINDOW, None), _deeds(people, WINDOW, OPENS)
    share = [mean(deed.applied_on is not None for deed in deeds) for deeds in (untold, told)]
    assert 0.5 < share[0] + 0.08 < share[1] < 0.97
    waits = [median((deed.applied_on - OPENS).days for deed in deeds if deed.applied_on) for deeds in (untold, told)]
    assert waits[0] > 1.5 * waits[1]


def test_every_answer_is_given_by_some_and_none_by_many():
    people = _people(4_000)
    replies = {deed.reply for deed in _deeds(people, WINDOW, OPENS + timedelta(days=20))}
    assert replies == {"done", "already_done", "not_for_me", None}
    wrong = _deeds(people, Matter("o1", "registered", OPENS, applies=False), OPENS)
    assert {deed.reply for deed in wrong} == {"wrong", None}
    expected = mean(RATES.notices.value[person.way] for person in people) * RATES.answers.value["wrong"]
    assert mean(deed.reply == "wrong" for deed in wrong) == pytest.approx(expected, abs=0.02)


def test_the_old_and_the_remote_are_less_often_online():
    online = [
        mean(person.way == "online" for person in _people(3_000, age=age, remote=remote))
        for age, remote in ((25, False), (25, True), (80, False))
    ]
    assert online[0] == pytest.approx(0.85, abs=0.02)
    assert online[0] - 0.2 > online[1] > online[2] + 0.3


def test_a_manner_lasts_but_for_what_age_changes():
    young, old = (_people(2_000, age=age) for age in (30, 40))
    assert young == old
    older = _people(2_000, age=80)
    assert [person.slowness for person in young] == [person.slowness for person in older]


def test_slow_people_wait_longer_by_themselves():
    slow, quick = (
        [Manner(f"p{i}", "online", 0, slowness) for i in range(1_500)] for slowness in (3.0, 0.4)
    )  # fmt: skip
    waits = [
        mean(
            (deed.applied_on - OPENS).days
            for deed in _deeds(people, Matter("o", "due", OPENS), None)
            if deed.applied_on
        )
        for people in (slow, quick)
    ]
    assert waits[0] == pytest.approx(3.0 / 0.4 * waits[1], rel=0.15)


def test_ways_that_are_not_whole_are_refused(tmp_path):
    import shutil

    from lifeevents.packs.loader import HOME

    shutil.copytree(HOME / "vn", tmp_path / "vn")
    file = tmp_path / "vn" / "rates" / "behaviour.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("online: 0.85", "online: 0.95"), encoding="utf-8")
    with pytest.raises(PackError, match=r"from age 18 on sum to 1\.1"):
        load_rates(tmp_path / "vn")
