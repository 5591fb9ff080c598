"""Who is told in a subject's place, by the pack's rules and the ties in force."""

from datetime import date

import pytest

from features.catalogue import known_features
from lifeevents.engine.representation import Representatives, Tie
from lifeevents.packs import load

PACK = load("vn", known_features)
RULES = Representatives(PACK, known_features(PACK.vocabulary))
SINCE = date(2015, 3, 1)
MOTHER, FATHER, OWNER = Tie("mother", "lan", SINCE), Tie("father", "nam", SINCE), Tie("owner", "hoa", SINCE)
CHILD = {"kind": "person", "age_years": 11, "born_on": SINCE}


def test_a_child_is_told_through_its_mother_and_both_parents_may_speak_for_it() -> None:
    told = RULES.addressee("kid", CHILD, [FATHER, MOTHER])
    assert told is not None
    assert told.recipient_id == "lan"
    assert {tie.related_id for tie in told.represents} == {"lan", "nam"}
    assert told.about is not None
    assert told.about["vi"] == "Tin này về con bạn, sinh ngày 01/03/2015."


def test_a_motherless_child_is_told_through_its_father() -> None:
    told = RULES.addressee("kid", CHILD, [FATHER])
    assert told is not None
    assert told.recipient_id == "nam"


def test_an_orphan_and_a_business_without_a_living_owner_are_told_through_nobody() -> None:
    assert RULES.addressee("kid", CHILD, []) is None
    assert RULES.addressee("shop", {"kind": "business"}, [MOTHER]) is None


def test_a_business_is_told_through_its_owner() -> None:
    told = RULES.addressee("shop", {"kind": "business", "age_years": 3}, [OWNER])
    assert told is not None
    assert told.recipient_id == "hoa"


@pytest.mark.parametrize("age", [18, 70, None])
def test_who_is_grown_up_or_of_unknown_age_is_told_itself(age: int | None) -> None:
    told = RULES.addressee("lan", {"kind": "person", "age_years": age}, [MOTHER])
    assert told is not None
    assert (told.recipient_id, told.represents) == ("lan", ())
