"""With few outcomes a model reads the inputs that unseen people bear out, and no more."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from models import ahead, floor
from models.ahead import Monthly
from models.matrix import Column
from models.narrowing import Rows, narrowed

ROWS, NOISE = 6000, 25


def model(names: list[str]) -> Monthly:
    """A model that may read these inputs, and what tells months apart."""
    return Monthly(
        columns=tuple(Column(name=name, type="number") for name in names), horizon=12,
        floor=floor.Floor(overall=0.02, rates={}), mix="trees", parts=("trees",), positives=1, samples=1,
        feasts={"spring": (date(2024, 3, 9), date(2025, 3, 1))},
    )  # fmt: skip


def rows(of: Monthly, telling: list[str], seed: int = 1) -> Rows:
    """About 1% have the outcome; each of `telling` doubles the odds or more per standard deviation."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(ROWS, len(of.inputs)))
    for place, column in enumerate(of.inputs):
        if column.type == "category":
            x[:, place] = random.integers(0, len(column.levels), ROWS)
    names = [column.name for column in of.inputs]
    odds = -5.5 + sum(1.6 * x[:, names.index(name)] for name in telling)
    label = (random.random(ROWS) < 1 / (1 + np.exp(-odds))).astype(float)
    return Rows(x, label, np.full(ROWS, np.log(label.mean() / (1 - label.mean()))), random.integers(0, 3, ROWS))


def test_one_input_that_tells_all_is_the_only_one_read() -> None:
    whole = model(["revenue", *(f"noise_{n}" for n in range(NOISE))])
    few = narrowed(whole, rows(whole, ["revenue"]))
    assert [column.name for column in few.inputs] == ["revenue"]


def test_every_input_that_tells_is_kept() -> None:
    telling = ["revenue", "years", "staff"]
    whole = model([*telling, *(f"noise_{n}" for n in range(NOISE))])
    few = narrowed(whole, rows(whole, telling))
    assert set(telling) <= {column.name for column in few.columns}
    assert len(few.inputs) < len(whole.inputs)


def test_the_age_in_a_month_ahead_keeps_the_age_it_is_reckoned_from() -> None:
    whole = model(["age_months", *(f"noise_{n}" for n in range(NOISE))])
    few = narrowed(whole, rows(whole, ["age_months_then"]))
    assert {column.name for column in few.inputs} == {"age_months", "age_months_then"}
    wide = ahead.widened(few, np.array([[240.0]]), pa.chunked_array([[date(2024, 1, 1)]]), 4)
    assert wide.tolist() == [[240.0, 244.0]]


@pytest.mark.parametrize("unread", ["months_ahead", "month_then", "months_from_spring_then"])
def test_what_is_not_read_of_a_month_ahead_is_not_made(unread: str) -> None:
    whole = model(["age_months"])
    some = whole.model_copy(update={"unread": (unread,)})
    wide = ahead.widened(some, np.array([[240.0]]), pa.chunked_array([[date(2024, 1, 1)]]), 4)
    said = dict(zip((column.name for column in some.inputs), wide[0].tolist(), strict=True))
    every = {"age_months": 240.0, "months_ahead": 4.0, "age_months_then": 244.0, "month_then": 3.0,
             "months_from_spring_then": 1.0 + ahead.NEAR}  # fmt: skip
    assert said == {name: value for name, value in every.items() if name != unread}
