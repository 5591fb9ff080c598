"""From a detection to offers and one message, on the real pack."""

from datetime import UTC, date, datetime

import pytest

from features.catalogue import known_features
from lifeevents.domain.occasion import Detection, Occasion, Recommendation
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import rules_of
from lifeevents.engine.notify import key_of, notification
from lifeevents.engine.recommend import recommend
from lifeevents.engine.representation import Addressee
from lifeevents.packs import load

TODAY = date(2026, 11, 5)
NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
MOTHER = {"sex": "F", "province": "01", "insured": "compulsory", "contribution_months": 80, "count_child": 1}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


def birth(**changes: object) -> Detection:
    values: dict[str, object] = {
        "subject_id": "p1",
        "milestone": "child_born",
        "kind": "registered",
        "anchor": "e1",
        "as_of": TODAY,
        "detector": "rule",
        "event": {"occurred_on": date(2026, 10, 20), "recorded_on": date(2026, 11, 3), "kin": "p2"},
        "facts": MOTHER,
    }
    return Detection.model_validate({**values, **changes})


def retirement(**facts: object) -> Detection:
    known = {"contribution_months": 240, "draws_pension": False, "insured": "compulsory", "age_years": 61}
    return Detection.model_validate(
        {
            "subject_id": "p3",
            "milestone": "retirement",
            "kind": "due",
            "anchor": "2027-06-01",
            "as_of": TODAY,
            "due_on": date(2027, 6, 1),
            "detector": "rule",
            "facts": {**known, "pension_entitlement_from": date(2027, 6, 1), **facts},
        }
    )


def offers(pack: Pack, detection: Detection) -> dict[str, Recommendation]:
    rules = rules_of(pack, known_features(pack.vocabulary))
    return {offer.procedure: offer for offer in recommend(pack, rules[detection.milestone].offers, detection)}


def test_a_mother_is_offered_what_she_may_have_and_not_what_she_surely_may_not(pack: Pack) -> None:
    found = offers(pack, birth())
    assert "birth.maternity_mother" in found
    assert "birth.maternity_voluntary" not in found
    assert {offer.procedure for offer in found.values() if offer.eligibility != "yes"} == {"birth.support_cash"}


def test_what_no_register_says_is_asked_and_never_refused(pack: Pack) -> None:
    found = offers(pack, birth(facts={"sex": "F"}))
    assert found["birth.maternity_mother"].eligibility == "ask"
    assert found["birth.maternity_voluntary"].eligibility == "ask"
    assert not any(paper.held for paper in found["child.residence"].papers if paper.need == "parent_residence")


def test_a_verified_deadline_is_a_date_and_an_unverified_one_is_not_there(pack: Pack) -> None:
    found = offers(pack, birth())
    assert found["child.residence"].deadline == date(2027, 1, 2)
    assert found["child.residence"].days_left == 58
    assert found["birth.maternity_mother"].deadline is None


def test_what_the_state_holds_is_filled_in_and_what_it_lacks_is_named(pack: Pack) -> None:
    papers = {paper.need: paper for paper in offers(pack, birth())["child.residence"].papers}
    assert papers["parent_residence"].held
    assert papers["parent_residence"].value == "01"
    assert not papers["request_form"].held


def test_the_pension_names_the_day_it_can_start_and_too_few_years_lead_to_the_allowance(pack: Pack) -> None:
    assert offers(pack, retirement())["ret.pension"].entitlement_from == date(2027, 6, 1)
    assert list(offers(pack, retirement(contribution_months=168))) == ["ret.bridge"]


def test_one_who_draws_a_pension_is_offered_none_of_it(pack: Pack) -> None:
    assert offers(pack, retirement(draws_pension=True)) == {}


def test_the_same_detection_gives_the_same_bytes(pack: Pack) -> None:
    first = [offer.model_dump_json() for offer in offers(pack, birth()).values()]
    second = [offer.model_dump_json() for offer in offers(pack, birth()).values()]
    assert first == second


def test_a_sure_offer_stands_before_one_that_must_ask(pack: Pack) -> None:
    found = list(offers(pack, birth(facts={"sex": "F", "province": "01"})).values())
    verdicts = [offer.eligibility for offer in found]
    assert verdicts == sorted(verdicts, key=["yes", "ask"].index)
    assert [offer.rank for offer in found] == list(range(1, len(found) + 1))


def test_the_message_says_why_and_one_next_step_in_both_languages(pack: Pack) -> None:
    detection = birth(not_before=datetime(2026, 11, 4, 3, 0, tzinfo=UTC))
    occasion = Occasion(id="o1", detection=detection, detected_at=NOW)
    message = notification(
        pack,
        occasion,
        list(offers(pack, detection).values()),
        to=Addressee(detection.subject_id),
        channel="portal",
        now=NOW,
    )
    assert "03/11/2026" in message.body["vi"]
    assert "3 November 2026" in message.body["en"]
    assert message.about == ("p2",)
    assert message.deadline == date(2027, 1, 2)
    assert not any(name in text for text in message.body.values() for name in ("p1", "p2", "{"))


def test_the_key_of_a_message_follows_from_the_occasion_and_the_channel_alone() -> None:
    assert key_of(birth(), "portal") == key_of(birth(facts={}, detector="another"), "portal")
    assert key_of(birth(), "portal") != key_of(birth(anchor="e2"), "portal")
    assert key_of(birth(), "portal") != key_of(birth(), "sms")


def test_a_step_that_costs_a_right_stands_last_and_says_what_it_loses_and_what_to_consider(pack: Pack) -> None:
    facts = {"insured": "none", "draws_pension": False, "contribution_months": 80, "age_years": 40}
    detection = retirement().model_copy(update={"milestone": "insurance_break", "facts": facts})
    found = offers(pack, detection)
    assert list(found) == ["work.register_self", "work.si_lumpsum"]
    assert found["work.register_self"].instead is None
    instead = found["work.si_lumpsum"].instead
    assert instead is not None
    assert instead.procedure == "work.register_self"
    assert "pension" in instead.loses["en"]


def test_what_is_done_the_same_day_says_from_which_hour_on_it_is_the_next(pack: Pack) -> None:
    event = {"occurred_on": date(2026, 10, 20), "recorded_on": date(2026, 10, 21), "kin": "p2"}
    found = offers(pack, birth(milestone="birth_to_register", event=event))["birth.register"]
    assert found.processing is not None
    assert found.processing["en"] == "the same working day; the next one for what is handed in from 15:00 on"


def test_what_the_office_may_have_to_check_says_how_long_that_takes(pack: Pack) -> None:
    event = {"occurred_on": date(2026, 10, 20), "recorded_on": date(2026, 10, 21), "kin": "p2"}
    found = offers(pack, birth(milestone="birth_to_register", event=event))["birth.interlinked"]
    assert found.processing is not None
    assert found.processing["vi"] == "3 ngày làm việc; 5 ngày nếu phải xác minh"
    assert found.processing["en"] == "3 working days; 5 where something has to be checked"
    assert found.processing.keys() == set(pack.languages)
