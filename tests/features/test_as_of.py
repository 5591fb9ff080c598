"""Two clocks: nothing recorded after a day is seen on it, in any feature."""

from datetime import date

import pyarrow as pa
import pytest

from features.compute import compute

DAY = date(2022, 6, 30)


def spine(*asked: tuple[str, date]) -> pa.Table:
    ids, days = zip(*asked, strict=True)
    return pa.table({"subject_id": list(ids), "as_of": pa.array(days, pa.date32())})


def everyone(book, day=DAY) -> pa.Table:
    ids = [id for (id,) in book.con.execute("SELECT subject_id FROM subjects ORDER BY 1").fetchall()]
    return spine(*((id, day) for id in ids))


def on(book, vocabulary, subject: str, day: date) -> dict:
    return compute(book.con, vocabulary, spine((subject, day))).to_pylist()[0]


def test_a_late_registered_birth_is_invisible_to_yesterdays_features(book, vocabulary):
    book.subject("mother", "1995-05-05")
    book.event("mother", "child_birth", "2022-01-10", "2022-06-30 09:00:00", payload={"kin": "child"})
    before, after = (on(book, vocabulary, "mother", date(2022, 6, day)) for day in (29, 30))
    assert (before["has_child_birth"], before["count_child_birth"]) == (False, 0)
    assert (before["children_under_6"], before["last_child_birth_on"]) == (0, None)
    assert (after["has_child_birth"], after["months_since_child_birth"]) == (True, 5)
    assert (after["children_under_6"], after["youngest_child_months"]) == (1, 5)


def test_what_is_recorded_in_the_last_second_of_a_day_belongs_to_it(book, vocabulary):
    book.subject("one", "1995-05-05")
    book.event("one", "marriage", "2022-01-10", "2022-06-30 23:59:59.999999")
    book.event("one", "divorce", "2022-01-10", "2022-07-01 00:00:00")
    row = on(book, vocabulary, "one", DAY)
    assert (row["has_marriage"], row["has_divorce"]) == (True, False)


@pytest.mark.parametrize("row", ["annuls", "corrects"])
def test_an_event_counts_until_the_day_it_is_withdrawn(book, vocabulary, row):
    book.subject("one", "1995-05-05")
    first = book.event("one", "marriage", "2022-01-10", "2022-02-01")
    book.event("one", "marriage", "2022-03-10", "2022-06-30 12:00:00", **{row: first})
    before, after = (on(book, vocabulary, "one", date(2022, 6, day)) for day in (29, 30))
    assert before["last_marriage_on"] == date(2022, 1, 10)
    assert after["last_marriage_on"] == (date(2022, 3, 10) if row == "corrects" else None)
    assert after["count_marriage"] == (1 if row == "corrects" else 0)


@pytest.mark.parametrize("change", ["delete", "shift"])
def test_nothing_recorded_after_a_day_changes_any_feature_of_it(population, vocabulary, change):
    whole, cut = population(), population()
    for table in ("events", "attributes", "relations"):
        late = "recorded_at >= TIMESTAMP '2022-07-01'"
        if change == "delete":
            cut.con.execute(f"DELETE FROM {table} WHERE {late}")
        else:
            cut.con.execute(f"UPDATE {table} SET recorded_at = recorded_at + INTERVAL 3 YEAR WHERE {late}")
    one, other = (compute(b.con, vocabulary, everyone(b)) for b in (whole, cut))
    for name in one.column_names:
        assert one[name].equals(other[name]), name


def test_a_feature_that_reads_the_future_would_be_caught(population, vocabulary, monkeypatch):
    import features.groups.events as group

    monkeypatch.setattr(group, "LIVE", "true")
    whole, cut = population(), population()
    cut.con.execute("DELETE FROM events WHERE recorded_at >= TIMESTAMP '2022-07-01'")
    one, other = (compute(b.con, vocabulary, everyone(b)) for b in (whole, cut))
    assert not one.equals(other)


def test_a_flag_is_unknown_until_its_register_delivers_and_false_from_then_on(book, vocabulary):
    book.con.execute("UPDATE deliveries SET first_recorded_at = '2022-06-30 08:00:00' WHERE register = 'civil_status'")
    book.subject("one", "1995-05-05")
    before, after = (on(book, vocabulary, "one", date(2022, 6, day)) for day in (29, 30))
    assert (before["has_marriage"], before["count_marriage"], before["count_child"]) == (None, None, None)
    assert (after["has_marriage"], after["count_marriage"], after["count_child"]) == (False, 0, 0)
    assert before["draws_pension"] is False


def test_an_attribute_has_the_value_in_force_on_the_day(book, vocabulary):
    book.subject("one", "1980-05-05")
    book.attribute("one", "contribution_months", "100", "2021-01-01")
    book.attribute("one", "contribution_months", "112", "2022-01-01")
    book.attribute("one", "contribution_months", "111", "2022-01-01", "2022-06-30")
    book.attribute("one", "insured", "compulsory", "2021-01-01", until="2022-06-30")
    before, after = (on(book, vocabulary, "one", date(2022, 6, day)) for day in (29, 30))
    assert (before["contribution_months"], before["contribution_months_change_12m"]) == (112, 12)
    assert (after["contribution_months"], after["contribution_months_change_12m"]) == (111, 11)
    assert (before["insured"], after["insured"]) == ("compulsory", None)


def test_a_child_known_to_have_died_is_not_counted(book, vocabulary):
    book.subject("mother", "1990-05-05")
    for child in ("a", "b"):
        book.event("mother", "child_birth", "2020-01-01", payload={"kin": child})
    book.event("mother", "child_death", "2022-06-01", "2022-06-30", payload={"kin": "a"})
    before, after = (on(book, vocabulary, "mother", date(2022, 6, day)) for day in (29, 30))
    assert (before["children_under_6"], after["children_under_6"]) == (2, 1)


def test_rows_come_back_as_they_were_asked_even_twice_and_for_strangers(population, vocabulary):
    asked = spine(("s0003", DAY), ("nobody", DAY), ("s0001", date(2020, 1, 1)), ("s0003", DAY))
    rows = compute(population().con, vocabulary, asked)
    assert rows["subject_id"].to_pylist() == ["s0003", "nobody", "s0001", "s0003"]
    assert rows.slice(0, 1).drop_columns(["subject_id"]).equals(rows.slice(3, 1).drop_columns(["subject_id"]))
    assert rows["age_years"][1].as_py() is None
