"""Headers, periods and packed rows: short texts and bytes that come from outside."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.packed import Packing
from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import Unavailable
from lifeevents.domain.register import ValueType
from serving.api.language import negotiate
from tests.deep.fuzz.budget import MANY, examples, refusal

OFFERED = ("vi", "en", "km")
TAGS = st.sampled_from(["vi", "EN", "en-GB", "km", "fr", "*", "x", "", "vi-VN-x", "đ"])
WEIGHTS = st.sampled_from(["", ";q=1", ";q=0", "; q=0.5", ";q=.9", ";q=nan", ";q=inf", ";q=-1", ";q=1e9", ";q", ";v=1"])
HEADERS = st.lists(st.builds("{}{}".format, TAGS, WEIGHTS), max_size=6).map(",".join)
SCHEMA: dict[str, ValueType] = {
    "age": "integer",
    "income": "number",
    "poor": "flag",
    "born_on": "date",
    "sex": "category",
    "place": "category",
}
PACKING = Packing(SCHEMA)
ROWS = st.fixed_dictionaries(
    {
        "age": st.none() | st.integers(-(2**63), 2**63 - 1),
        "income": st.none() | st.floats(allow_nan=False),
        "poor": st.none() | st.booleans(),
        "born_on": st.none() | st.dates(),
        "sex": st.none() | st.text(max_size=20),
        "place": st.none() | st.text(max_size=300),
    }
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2**52).map(lambda micros: EPOCH + timedelta(microseconds=micros))


@examples(MANY)
@given(header=HEADERS | st.text(max_size=60) | st.none())
def test_any_accept_language_is_answered_in_a_language_that_is_offered(header: str | None) -> None:
    assert negotiate(header, OFFERED) in OFFERED


@examples(MANY)
@given(weights=st.dictionaries(st.sampled_from(OFFERED), st.integers(1, 1000), min_size=1))
def test_the_language_wanted_most_is_the_one_answered(weights: dict[str, int]) -> None:
    header = ", ".join(f"{language};q={weight / 1000}" for language, weight in weights.items())
    assert weights[negotiate(header, OFFERED)] == max(weights.values())


@examples(MANY)
@given(text=st.text(max_size=20) | st.from_regex(r"\s?P?(\d{0,12}Y)?(\d{0,12}M)?(\d{0,12}D)?\s?", fullmatch=True))
def test_any_text_is_a_period_that_is_written_back_the_same_or_a_value_error(text: str) -> None:
    said = refusal(ValueError, lambda: Period.parse(text))
    if said is not None:
        assert "Write it like P60D" in said
        return
    period = Period.parse(text)
    assert re.fullmatch(r"P(\d+[YMD])+", text.strip())
    assert Period.parse(str(period)) == period


@examples(MANY)
@given(row=ROWS, at=MOMENTS)
def test_a_packed_row_comes_back_as_it_went(row: dict[str, Any], at: datetime) -> None:
    assert PACKING.unpack(PACKING.pack(row, at)) == (at, row)


@examples(MANY)
@given(content=st.binary(max_size=120), honest_head=st.booleans())
def test_random_bytes_are_no_row(content: bytes, honest_head: bool) -> None:
    head = PACKING.pack({}, datetime(2026, 11, 5, tzinfo=UTC))[:9] if honest_head else b""
    with pytest.raises(Unavailable):
        PACKING.unpack(head + content)


@examples(MANY)
@given(row=ROWS, data=st.data())
def test_a_damaged_row_is_refused_and_never_read_wrongly(row: dict[str, Any], data: st.DataObject) -> None:
    whole = PACKING.pack(row, datetime(2026, 11, 5, tzinfo=UTC) + timedelta(days=len(row)))
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    for damaged in (flipped, whole[:at], whole + b"\x00"):
        with pytest.raises(Unavailable):
            PACKING.unpack(damaged)


def test_the_range_of_dates_survives_packing() -> None:
    at = datetime(2026, 11, 5, tzinfo=UTC)
    for day in (date.min, date.max):
        assert PACKING.unpack(PACKING.pack({"born_on": day}, at))[1]["born_on"] == day
