"""What any ledger promises about occasions, offers and people (in memory and on PostgreSQL)."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from lifeevents.domain.occasion import Fact
from lifeevents.ports import Ledger
from tests.store.values import NOW, TODAY, detection, message, occasion, prediction, recommendation

LATER = NOW + timedelta(hours=1)


def test_the_same_occasion_is_stored_once_however_often_it_is_detected(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        first = unit.add_occasion(detection(), now=NOW)
    with ledger.begin() as unit:
        assert unit.add_occasion(detection(as_of=TODAY + timedelta(days=1)), now=LATER) is None
    assert first is not None
    assert first.detection == detection()


def test_a_second_sweep_adds_no_occasion_no_offer_and_no_message(ledger: Ledger) -> None:
    found = [detection(f"s{number}") for number in range(50)]

    def sweep() -> list[bool]:
        with ledger.begin() as unit:
            new = [one for one in unit.add_occasions(found, now=NOW) if one is not None]
            unit.add_offers([(one, [recommendation("a", one), recommendation("b", one, 2)]) for one in new])
            return list(unit.enqueue_all([message(one) for one in new]))

    assert sweep() == [True] * 50
    with ledger.begin() as unit:
        before = unit.counts()
    assert sweep() == []
    with ledger.begin() as unit:
        assert unit.counts() == before
    assert before == {"occasions.retirement": 50, "recommendations": 100, "notifications.waiting": 50}


def test_a_second_child_is_a_second_occasion(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        first = unit.add_occasion(detection("mai", "child_born", "event-1", kind="registered"), now=NOW)
        second = unit.add_occasion(detection("mai", "child_born", "event-2", kind="registered"), now=NOW)
        assert first is not None
        assert second is not None
        assert unit.open_anchors("child_born", ["mai", "lan"]) == {"mai": ["event-1", "event-2"]}


def test_many_detections_are_answered_in_their_order_and_doubles_get_none(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.add_occasion(detection("b"), now=NOW)
        answers = unit.add_occasions([detection("c"), detection("b"), detection("a"), detection("c")], now=NOW)
    assert [one and one.detection.subject_id for one in answers] == ["c", None, "a", None]


def test_a_prediction_is_not_repeated_during_its_cooldown_and_is_after_it(ledger: Ledger) -> None:
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    with ledger.begin() as unit:
        assert unit.add_occasion(prediction(start, end), now=NOW) is not None
        assert unit.add_occasion(prediction(start, end), now=NOW) is None
        assert unit.add_occasion(prediction(date(2026, 2, 1), date(2027, 2, 1)), now=NOW) is None
        assert unit.add_occasion(prediction(end, date(2027, 12, 31)), now=NOW) is None
        assert unit.add_occasion(prediction(start, end, "binh"), now=NOW) is not None
        assert unit.add_occasion(prediction(date(2027, 1, 1), date(2027, 12, 31)), now=NOW) is not None


def test_two_predictions_for_one_person_in_one_sweep_make_one_occasion(ledger: Ledger) -> None:
    both = [prediction(date(2026, 1, 1), date(2026, 12, 31)), prediction(date(2026, 1, 2), date(2026, 12, 31))]
    with ledger.begin() as unit:
        assert [one is not None for one in unit.add_occasions(both, now=NOW)] == [True, False]


def test_a_sensitive_milestone_cannot_even_be_written_down_as_predicted() -> None:
    with pytest.raises(ValidationError, match="never predicted for a person"):
        detection(kind="predicted", sensitivity="sensitive")


def test_nothing_of_a_transaction_that_fails_is_kept(ledger: Ledger) -> None:
    def half() -> None:
        with ledger.begin() as unit:
            unit.enqueue(message(occasion(unit, detection(), ["a"])))
            unit.mark_dead(["lan"], now=NOW)
            raise RuntimeError("the worker stumbled")

    with pytest.raises(RuntimeError, match="stumbled"):
        half()
    with ledger.begin() as unit:
        assert unit.counts() == {"recommendations": 0}
        assert not unit.is_dead("lan")


def test_an_offer_comes_back_as_it_was_stored(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        why = (Fact(name="born_on", value=date(1965, 8, 1), register_id="population"),)
        stored = occasion(unit, detection(why=why, facts={"age_years": 61}))
        given = recommendation("ret.pension", stored).model_copy(update={"deadline": date(2027, 7, 1)})
        unit.add_recommendations(stored, [given])
    with ledger.begin() as unit:
        [offer] = unit.offers("lan")
    assert offer.recommendation == given
    assert (offer.milestone_kind, offer.due_on, offer.probability) == ("due", date(2027, 6, 1), 1.0)
    assert (offer.state, offer.answer, offer.created_at) == ("open", None, NOW)


def test_a_procedure_that_an_occasion_offers_already_is_left_as_it_is(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        stored = occasion(unit, detection(), ["a"])
        unit.add_recommendations(stored, [recommendation("a", stored, 9), recommendation("b", stored, 2)])
        ranks = [(one.recommendation.procedure, one.recommendation.rank) for one in unit.offers("lan")]
    assert ranks == [("a", 1), ("b", 2)]


def test_offers_come_newest_occasion_first_and_by_rank(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        occasion(unit, detection(anchor="old"), ["a", "b"])
        new = unit.add_occasion(detection(anchor="new"), now=LATER)
        assert new is not None
        unit.add_recommendations(new, [recommendation("d", new, 2), recommendation("c", new, 1)])
        assert [one.recommendation.procedure for one in unit.offers("lan")] == ["c", "d", "a", "b"]


def test_the_portal_is_allowed_until_refused_and_every_other_channel_only_after_a_yes(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        assert unit.may_use("lan", "offer", "portal")
        assert not unit.may_use("lan", "offer", "sms")
        unit.set_consent("lan", "offer", "portal", allowed=False, now=NOW)
        unit.set_consent("lan", "offer", "sms", allowed=True, now=NOW)
    with ledger.begin() as unit:
        assert not unit.may_use("lan", "offer", "portal")
        assert unit.may_use("lan", "offer", "sms")
        assert not unit.may_use("lan", "reminder", "sms")
        unit.set_consent("lan", "offer", "portal", allowed=True, now=LATER)
        assert unit.may_use("lan", "offer", "portal")


def test_guardians_are_those_valid_on_the_day(ledger: Ledger) -> None:
    spring = date(2026, 3, 1)
    with ledger.begin() as unit:
        unit.set_guardians("child", [("mai", date(2020, 1, 1), None), ("hoa", date(2020, 1, 1), spring)])
    with ledger.begin() as unit:
        assert unit.guardians("child", on=spring) == ["hoa", "mai"]
        assert unit.guardians("child", on=TODAY) == ["mai"]
        unit.set_guardians("child", [])
        assert unit.guardians("child", on=TODAY) == []


def test_a_death_is_remembered_and_may_be_marked_again(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.mark_dead(["lan", "binh", "lan"], now=NOW)
        unit.mark_dead(["lan"], now=LATER)
        assert [unit.is_dead(one) for one in ("lan", "binh", "mai")] == [True, True, False]
        unit.mark_dead([], now=NOW)


def test_a_kill_switch_stops_one_milestone_on_one_channel_and_can_be_lifted(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.switch("retirement", "portal", off=True, who="officer:1", reason="complaints", now=NOW)
        assert unit.is_switched_off("retirement", "portal")
        assert not unit.is_switched_off("retirement", "sms")
        assert not unit.is_switched_off("child_born", "portal")
        unit.switch("retirement", "portal", off=False, who="officer:2", reason="fixed", now=LATER)
        assert not unit.is_switched_off("retirement", "portal")


def test_the_newest_report_of_a_name_is_kept_with_its_moment(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        assert unit.report("coverage") is None
        unit.save_report("coverage", {"people": 10, "rate": 0.5}, now=NOW)
        unit.save_report("coverage", {"people": 11, "rate": 0.6}, now=LATER)
    with ledger.begin() as unit:
        assert unit.report("coverage") == {"people": 11, "rate": 0.6, "saved_at": LATER}
