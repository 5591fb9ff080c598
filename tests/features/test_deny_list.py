"""What the deny-list keeps out of models: the event itself, and every count and clock that could show it."""

from datetime import date

import pyarrow as pa

from features.catalogue import features
from features.compute import compute

DAY = date(2022, 6, 30)


def _row(book, vocabulary) -> dict:
    spine = pa.table({"subject_id": ["one"], "as_of": pa.array([DAY], pa.date32())})
    return compute(book.con, vocabulary, spine).to_pylist()[0]


def test_features_of_an_event_on_the_deny_list_are_for_no_detector(vocabulary):
    denied = [f for f in features(vocabulary).values() if "stillbirth" in f.name]
    assert len(denied) == 5
    assert not any(feature.detectors for feature in denied)


def test_an_event_on_the_deny_list_moves_no_count_and_no_clock_that_a_detector_reads(book, vocabulary):
    book.subject("one", "1995-05-05")
    book.event("one", "marriage", "2020-01-10")
    before = _row(book, vocabulary)
    book.event("one", "stillbirth", "2022-03-01", register="health")
    after = _row(book, vocabulary)
    assert (before["months_since_any_event"], before["events_12m"], before["events_36m"]) == (29, 0, 1)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f.name for f in features(vocabulary).values() if "stillbirth" in f.name}


def test_an_ordinary_event_is_counted(book, vocabulary):
    book.subject("one", "1995-05-05")
    book.event("one", "marriage", "2022-01-10")
    row = _row(book, vocabulary)
    assert (row["months_since_any_event"], row["events_12m"], row["events_36m"]) == (5, 1, 1)
