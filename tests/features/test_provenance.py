"""Which register says what of one subject, and since when; and the subject alone as it stands in its bucket."""

from datetime import date

import pyarrow.compute as pc
import pytest

from features.lake import LakeFeatures
from features.live import LiveFeatures
from lifeevents.domain.explanation import Source
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from tests.features.test_lake import DAY, dump

EVER = date(1990, 1, 1)


@pytest.fixture
def lake(book, vocabulary, tmp_path) -> Lake:
    book.subject("one", "1970-02-28")
    book.subject("child", "2010-01-01")
    book.attribute("one", "contribution_months", "150", "2020-12-31", "2021-01-10")
    book.attribute("one", "contribution_months", "168", "2021-12-31", "2022-01-10")
    book.attribute("one", "contribution_months", "180", "2022-12-31", "2023-01-10")
    book.attribute("one", "insured", "voluntary", "2015-03-01", "2015-03-02", "2016-03-01")
    book.event("one", "marriage", "1999-09-09")
    book.event("one", "marriage", "2003-03-03")
    gone = book.event("one", "divorce", "2002-02-02")
    book.event("one", "divorce", "2002-02-02", "2002-04-01", annuls=gone)
    book.relation("one", "child", "child", "2010-01-01")
    lake = Lake(tmp_path / "lake", new_buckets=4)
    import_dump(dump(book, tmp_path / "dump"), lake, vocabulary)
    return lake


@pytest.fixture
def source(lake, vocabulary) -> LiveFeatures:
    return LiveFeatures(lake, vocabulary)


def nothing(subjects):
    return {}


def sources_of(source, subject, day):
    return source.portray(subject, nothing, day, since=day).sources


def test_a_value_is_as_of_the_day_it_came_into_force(source):
    found = sources_of(source, "one", DAY)
    assert found["contribution_months"] == Source(
        register_id="social_insurance", since=date(2021, 12, 31), delivered_on=DAY
    )
    assert found["contribution_months_change_12m"].since == date(2021, 12, 31)


def test_a_value_that_ended_and_an_event_that_was_annulled_have_no_day(source):
    found = sources_of(source, "one", DAY)
    assert found["insured"].since is None
    assert found["has_divorce"].since is None


def test_events_are_as_of_the_last_one_and_relations_as_of_their_beginning(source):
    found = sources_of(source, "one", DAY)
    for name in ("has_marriage", "count_marriage", "months_since_marriage", "last_marriage_on"):
        assert found[name] == Source(register_id="civil_status", since=date(2003, 3, 3), delivered_on=date(2010, 1, 1))
    assert found["count_child"].since == date(2010, 1, 1)


def test_nothing_on_record_is_as_of_the_registers_last_delivery_before_the_day(source):
    day = date(2021, 6, 30)
    silent = Source(register_id="social_insurance", since=None, delivered_on=day)
    assert sources_of(source, "one", day)["draws_pension"] == silent


def test_a_law_date_comes_from_what_it_is_reckoned_from(source, vocabulary):
    found = sources_of(source, "one", DAY)
    for rule in vocabulary.law.values():
        after = rule.after if rule.after in vocabulary.attributes or rule.after in found else None
        assert found[rule.id] == (found[after] if after else Source())


def test_every_feature_has_a_source(source):
    portrait = source.portray("one", nothing, DAY, since=DAY)
    assert set(portrait.snapshot.rows.column_names) - {"subject_id"} == set(portrait.sources)


@pytest.mark.parametrize("subject", ["one", "child"])
def test_one_subject_alone_stands_as_in_its_bucket(source, lake, vocabulary, subject):
    alone, everyone = source.portray(subject, nothing, DAY, since=EVER).snapshot, LakeFeatures(lake, vocabulary)
    bucket = everyone.snapshot(lake.bucket_of(subject), DAY, since=EVER)
    for table in ("rows", "events", "ties"):
        mine = getattr(bucket, table).filter(pc.field("subject_id") == subject)
        assert getattr(alone, table).to_pylist() == mine.to_pylist()


def test_what_came_in_live_is_known_at_once_with_its_register_and_day(source):
    row = {"subject_id": "one", "name": "contribution_months", "value": "171", "valid_from": "2022-06-30"}
    fresh = {"attributes": [row | {"recorded_at": "2022-06-30T04:00:00Z", "register": "social_insurance"}]}
    found = source.portray("one", lambda subjects: fresh if "one" in subjects else {}, DAY, since=DAY)
    assert found.snapshot.rows["contribution_months"].to_pylist() == [171]
    assert found.sources["contribution_months"].since == DAY


def test_a_subject_that_no_register_knows_has_no_row(source):
    assert source.portray("nobody", nothing, DAY, since=DAY).snapshot.rows.num_rows == 0
