"""What any ledger promises about reviews of notices."""

from datetime import timedelta

import pytest

from lifeevents.domain.errors import NotFound
from lifeevents.domain.review import Finding, Review
from lifeevents.ports import Ledger
from tests.store.test_outbox_contract import told
from tests.store.values import NOW, detection, message, occasion


def review(notice: str, finding: Finding = "right", **given: object) -> Review:
    usual = {"notice_id": notice, "finding": finding, "reviewer": "hoa", "at": NOW}
    return Review.model_validate(usual | given)


def test_a_review_is_kept_whole(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        given = review(told(unit), "wrong", note="The birth date is another one.")
        unit.keep_reviews([given])
    with ledger.begin() as unit:
        assert unit.reviews() == [given]


def test_a_later_review_of_a_notice_replaces_the_first(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        notice = told(unit)
        unit.keep_reviews([review(notice, "unclear")])
        later = review(notice, reviewer="binh", at=NOW + timedelta(days=1))
        unit.keep_reviews([later])
        assert unit.reviews() == [later]


def test_a_notice_that_was_never_delivered_cannot_be_reviewed_and_nothing_is_kept(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        notice = told(unit)
        unit.enqueue(message(occasion(unit, detection(anchor="waiting")), key="waiting"))
    for absent in ("0" * 32, "waiting"):
        with pytest.raises(NotFound, match=absent), ledger.begin() as unit:
            unit.keep_reviews([review(notice), review(absent)])
    with ledger.begin() as unit:
        assert unit.reviews() == []


def test_a_delivered_notice_names_itself_so_that_it_can_be_reviewed(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        notice = told(unit)
        assert [one.id for one in unit.told()] == [notice]
