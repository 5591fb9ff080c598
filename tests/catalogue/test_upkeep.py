"""What a lawyer must settle, and what runs out."""

from datetime import date

import pytest

from lifeevents.catalogue.freshness import stale
from lifeevents.catalogue.unverified import unverified
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Code, Procedure

DAY = date(2026, 6, 1)


def test_one_edited_line_settles_a_cell_and_shows_its_amount(pack: Pack) -> None:
    given = pack.procedures["ret.pension"].model_dump(by_alias=True)
    given["fee"] = {"vnd": 0}
    given.pop("deadline"), given.pop("processing")
    before = Procedure.model_validate(given)
    given["cells"]["fee"]["state"] = "verified"
    after = Procedure.model_validate(given)
    assert before.fee is not None
    assert after.fee is not None
    assert (before.fee.verified, after.fee.verified) == (False, True)
    settled = pack.model_copy(update={"procedures": {**pack.procedures, "ret.pension": after}})
    gone = set(unverified(pack)) - set(unverified(settled))
    assert [(cell.file, cell.cell, cell.why) for cell in gone] == [("procedures/ret.pension.yaml", "fee", "memory")]


def test_saying_verified_twice_is_refused() -> None:
    given = {"fee": {"vnd": 0, "verified": True}, "cells": {"fee": {"state": "read"}}}
    with pytest.raises(ValueError, match="keep the state in cells"):
        Procedure.model_validate(given)


def test_nothing_runs_out_in_june_2026(pack: Pack) -> None:
    assert stale(pack, DAY, 3) == ()


def test_a_missing_year_of_the_calendar_says_what_to_do(pack: Pack) -> None:
    short = pack.calendar.model_copy(update={"covers": (date(2025, 1, 1), date(2026, 12, 31))})
    found = stale(pack.model_copy(update={"calendar": short}), DAY)
    assert [one.file for one in found] == ["calendar.yaml"]
    assert "Add the holidays of 2027" in found[0].todo


def test_a_table_a_review_and_estimated_holidays_come_due(pack: Pack) -> None:
    files = {one.file for one in stale(pack, date(2027, 3, 1))}
    assert {"law/tables/minimum_wage.yaml", "procedures/birth.register.yaml", "calendar.yaml"} <= files


def test_a_code_that_ends_needs_its_successor(pack: Pack) -> None:
    one = pack.procedures["ret.pension"]
    ending = Code(code="1", valid_to=date(2026, 7, 1), replaced_by="2")
    for codes, expect in (((ending,), 1), ((ending, Code(code="2", valid_from=date(2026, 7, 2))), 0)):
        changed = one.model_copy(update={"codes": codes})
        found = stale(pack.model_copy(update={"procedures": {"ret.pension": changed}}), DAY)
        assert len(found) == expect
        assert all("2 is named as its successor" in each.todo for each in found)
