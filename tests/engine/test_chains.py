"""One step instead of many: the steps still ahead, in order, and nothing said where one application saves no other."""

from datetime import date

import pytest

from features.catalogue import known_features
from lifeevents.domain.chain import Chain, ChainStep, OneForAll
from lifeevents.domain.occasion import Detection
from lifeevents.domain.pack import Pack
from lifeevents.engine.chains import chain_of, one_for_all
from lifeevents.engine.eligibility import facts_read, rules_of
from lifeevents.engine.recommend import recommend
from lifeevents.packs import load

BORN = date(2026, 10, 20)
REGISTERED = {"event.occurred_on": BORN, "last_child_birth_on": BORN}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


def ahead(pack: Pack, facts: dict[str, object], whole: str = "birth.interlinked") -> OneForAll | None:
    known = known_features(pack.vocabulary) | {"event.occurred_on": "date"}
    return one_for_all(pack, chain_of(pack, pack.procedures[whole], known), facts)


def steps(whole: OneForAll | None) -> list[str]:
    return [step.procedure for step in whole.steps] if whole else []


def test_a_birth_is_one_application_instead_of_four_in_their_order(pack: Pack) -> None:
    found = ahead(pack, {"event.occurred_on": BORN})
    assert steps(found) == ["birth.register", "child.residence", "child.hi_card", "child.id_under14"]
    assert found is not None
    assert [step.optional for step in found.steps] == [False, False, False, True]
    assert [step.waits_for for step in found.steps] == [(), ("birth.register",), (), ("birth.register",)]


def test_an_older_child_on_record_is_not_this_one(pack: Pack) -> None:
    assert len(steps(ahead(pack, {"event.occurred_on": BORN, "last_child_birth_on": date(2023, 5, 2)}))) == 4


def test_a_step_that_is_done_is_left_out_and_nobody_waits_for_it(pack: Pack) -> None:
    found = ahead(pack, REGISTERED)
    assert steps(found) == ["child.residence", "child.hi_card", "child.id_under14"]
    assert found is not None
    assert not any(step.waits_for for step in found.steps)


def test_where_one_step_is_left_one_application_saves_no_other(pack: Pack) -> None:
    two = Chain(
        id="birth",
        title={"vi": "Hai bước", "en": "Two steps"},
        whole="birth.interlinked",
        law=("an act",),
        steps=(
            ChainStep(procedure="birth.register", done_when="last_child_birth_on >= event.occurred_on"),
            ChainStep(procedure="child.residence"),
        ),
    )
    short = pack.model_copy(update={"chains": {"birth": two}})
    assert steps(ahead(short, {"event.occurred_on": BORN})) == ["birth.register", "child.residence"]
    assert ahead(short, REGISTERED) is None


def test_a_procedure_that_is_no_whole_stands_for_itself(pack: Pack) -> None:
    assert ahead(pack, {}, whole="birth.register") is None


def test_the_offer_of_the_whole_lists_the_steps_and_no_other_offer_does(pack: Pack) -> None:
    detection = Detection.model_validate(
        {
            "subject_id": "p1",
            "milestone": "birth_to_register",
            "kind": "registered",
            "anchor": "e1",
            "as_of": date(2026, 11, 5),
            "detector": "rule",
            "event": {"occurred_on": BORN, "recorded_on": date(2026, 10, 21), "kin": "p2"},
            "facts": {"sex": "F"},
        }
    )
    rules = rules_of(pack, known_features(pack.vocabulary))
    found = {one.procedure: one for one in recommend(pack, rules["birth_to_register"].offers, detection)}
    assert len(steps(found["birth.interlinked"].one_for_all)) == 4
    assert found["birth.register"].one_for_all is None


def test_an_occasion_keeps_the_facts_that_say_what_is_done(pack: Pack) -> None:
    done = pack.chains["birth"].steps[0].model_copy(update={"done_when": "count_child_birth >= 1"})
    chain = pack.chains["birth"].model_copy(update={"steps": (done, *pack.chains["birth"].steps[1:])})
    changed = pack.model_copy(update={"chains": {"birth": chain}})
    assert "count_child_birth" in facts_read(changed, "birth_to_register") - facts_read(pack, "birth_to_register")
