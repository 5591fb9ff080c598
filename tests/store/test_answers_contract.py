"""What any ledger promises about answers, and what they silence (in memory and on PostgreSQL)."""

from datetime import date, timedelta

import pytest

from lifeevents.domain.errors import Conflict, NotFound, Refused
from lifeevents.domain.occasion import AnswerKind, Offer
from lifeevents.ports import Ledger
from tests.store.values import NOW, TODAY, detection, occasion

LATER = NOW + timedelta(hours=1)


def answer(ledger: Ledger, offer: Offer, kind: AnswerKind, until: date | None = None) -> Offer:
    with ledger.begin() as unit:
        subject = offer.recommendation.subject_id
        return unit.answer(offer.id, subject, kind, note=None, until=until, now=LATER)


def offered(ledger: Ledger, *procedures: str, anchor: str = "2027-06-01") -> list[Offer]:
    """Lan's offers on a new occasion, in their order."""
    with ledger.begin() as unit:
        new = occasion(unit, detection(anchor=anchor), procedures)
        return [one for one in unit.offers("lan") if one.occasion_id == new.id]


def test_somebody_elses_offer_looks_like_none_at_all(ledger: Ledger) -> None:
    [offer] = offered(ledger, "a")
    with ledger.begin() as unit:
        with pytest.raises(NotFound) as elses:
            unit.offer(offer.id, "binh")
        with pytest.raises(NotFound) as none:
            unit.offer("0" * 32, "binh")
        with pytest.raises(NotFound):
            unit.answer(offer.id, "binh", AnswerKind.DONE, note=None, until=None, now=NOW)
        assert str(elses.value) == str(none.value)
        assert unit.offers("binh") == []


def test_the_latest_answer_stands_and_is_kept_with_its_moment_and_note(ledger: Ledger) -> None:
    [offer] = offered(ledger, "a")
    answer(ledger, offer, AnswerKind.LATER, until=TODAY + timedelta(days=9))
    with ledger.begin() as unit:
        done = unit.answer(offer.id, "lan", AnswerKind.DONE, note="at the commune", until=None, now=LATER)
        assert unit.answers_on(offer.occasion_id) == [("a", AnswerKind.DONE, LATER)]
        assert unit.counts()["answers.done"] == 1
    assert (done.answer, done.answered_at, done.note, done.until) == (AnswerKind.DONE, LATER, "at the commune", None)
    assert done.state == "closed"


def test_a_refusal_can_be_taken_back_and_nothing_else_can(ledger: Ledger) -> None:
    [offer] = offered(ledger, "a")
    with pytest.raises(Conflict, match="taken back"):
        answer(ledger, offer, AnswerKind.TAKEN_BACK)
    assert answer(ledger, offer, AnswerKind.NOT_FOR_ME).state == "closed"
    assert answer(ledger, offer, AnswerKind.TAKEN_BACK).state == "open"


@pytest.mark.parametrize("until", [None, TODAY])
def test_later_needs_a_day_that_is_later(ledger: Ledger, until: date | None) -> None:
    [offer] = offered(ledger, "a")
    with pytest.raises(Refused, match="day after 2026-11-24"):
        answer(ledger, offer, AnswerKind.LATER, until=until)


def test_refusing_every_offer_silences_the_milestone_until_one_is_taken_back(ledger: Ledger) -> None:
    first, second = offered(ledger, "a", "b")
    answer(ledger, first, AnswerKind.NOT_FOR_ME)
    with ledger.begin() as unit:
        assert not unit.is_silenced("lan", "retirement", now=NOW)
    answer(ledger, second, AnswerKind.NOT_FOR_ME)
    with ledger.begin() as unit:
        assert unit.is_silenced("lan", "retirement", now=NOW)
        assert not unit.is_silenced("lan", "child_born", now=NOW)
        assert not unit.is_silenced("binh", "retirement", now=NOW)
    answer(ledger, second, AnswerKind.TAKEN_BACK)
    with ledger.begin() as unit:
        assert not unit.is_silenced("lan", "retirement", now=NOW)


def test_wrong_about_me_opens_one_case_that_silences_the_milestone_until_it_is_settled(ledger: Ledger) -> None:
    first, second = offered(ledger, "a", "b")
    answer(ledger, first, AnswerKind.WRONG)
    answer(ledger, second, AnswerKind.WRONG)
    with ledger.begin() as unit:
        [case] = unit.cases(subject_id="lan")
        assert (case.kind, case.occasion_id, case.milestone) == ("wrong", first.occasion_id, "retirement")
        assert case.answer_by == date(2026, 12, 9)
        assert unit.is_silenced("lan", "retirement", now=NOW)
        settled = unit.settle_case(case.id, outcome="the register was corrected", by="clerk:7", now=LATER)
        assert (settled.settled_by, settled.settled_at) == ("clerk:7", LATER)
        assert not unit.is_silenced("lan", "retirement", now=NOW)
        assert unit.cases() == []
        assert unit.cases(settled=True) == [settled]


def test_a_case_is_settled_once(ledger: Ledger) -> None:
    [offer] = offered(ledger, "a")
    answer(ledger, offer, AnswerKind.WRONG)
    with ledger.begin() as unit:
        [case] = unit.cases()
        unit.settle_case(case.id, outcome="kept", by="clerk:7", now=LATER)
        with pytest.raises(Conflict, match="settled already"):
            unit.settle_case(case.id, outcome="kept", by="clerk:8", now=LATER)
        with pytest.raises(NotFound):
            unit.settle_case("0" * 32, outcome="kept", by="clerk:8", now=LATER)


def test_a_cancelled_occasions_offers_cannot_be_answered(ledger: Ledger) -> None:
    [offer] = offered(ledger, "a")
    with ledger.begin() as unit:
        unit.cancel_occasion("lan", "retirement", "2027-06-01", reason="annulled", now=NOW)
        assert unit.offer(offer.id, "lan").state == "cancelled"
        assert unit.open_anchors("retirement", ["lan"]) == {}
    with pytest.raises(Conflict, match="withdrawn"):
        answer(ledger, offer, AnswerKind.DONE)
