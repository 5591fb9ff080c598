"""What a lawyer must settle, and what goes stale: found in the pack as it is, and gone after one edit."""

from datetime import date, timedelta

import pytest

from features.catalogue import known_features
from lifeevents.catalogue.freshness import Stale, stale
from lifeevents.catalogue.settle import unsettled
from lifeevents.domain.pack import AgeBand, Pack
from lifeevents.domain.procedure import Code, Procedure
from lifeevents.packs import load

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


def with_procedure(pack: Pack, id: str, **changed: object) -> Pack:
    return pack.model_copy(
        update={"procedures": pack.procedures | {id: pack.procedures[id].model_copy(update=changed)}}
    )


def facts(pack: Pack, id: str) -> set[str]:
    return {one.what for one in unsettled(pack) if one.id == id}


def test_one_edit_settles_a_fact(pack: Pack) -> None:
    open_rule = next(p.id for p in pack.procedures.values() if p.who and not p.verified)
    assert "rule" in facts(pack, open_rule)
    assert "rule" not in facts(with_procedure(pack, open_rule, verified=True), open_rule)


def test_a_service_without_a_rule_says_that_it_must_be_written_first(pack: Pack) -> None:
    found = unsettled(with_procedure(pack, "ret.pension", who=None))
    (fact,) = (one for one in found if (one.id, one.what) == ("ret.pension", "rule"))
    assert fact.do.startswith("write who:")
    assert fact.file == "procedures/ret.pension.yaml"


def test_every_unverified_number_of_a_procedure_is_listed(pack: Pack) -> None:
    def expected(p: Procedure) -> set[str]:
        parts = {"deadline": p.deadline, "processing": p.processing, "fee": p.fee}
        return {name for name, part in parts.items() if part is not None and not part.verified}

    for p in pack.procedures.values():
        assert expected(p) <= facts(pack, p.id), p.id


def test_essential_services_come_first(pack: Pack) -> None:
    order = [one.essential for one in unsettled(pack)]
    assert order == sorted(order, reverse=True)


def told(pack: Pack, file: str, today: date = TODAY) -> list[Stale]:
    return [one for one in stale(pack, today) if one.file == file]


def only(pack: Pack, file: str, today: date = TODAY) -> Stale:
    (one,) = told(pack, file, today)
    return one


def test_the_calendar_is_told_when_it_is_estimated_and_when_it_ends(pack: Pack) -> None:
    assert only(pack, "calendar.yaml").says == "days off after 2026-12-31 are estimates"
    assert date(2032, 12, 31) in {one.on for one in told(pack, "calendar.yaml", date(2032, 8, 1))}


def test_a_number_of_law_that_ends_is_told(pack: Pack) -> None:
    one = only(pack, "law/tables/minimum_wage.yaml")
    assert (one.on, one.do) == (date(2026, 12, 31), "add the value that follows")


def test_a_code_that_ends_without_a_successor_is_told_before_its_day(pack: Pack) -> None:
    ends = TODAY + timedelta(days=30)
    code = Code(code="1.0", valid_to=ends, replaced_by="2.0")
    one = only(with_procedure(pack, "ret.pension", codes=(code,)), "procedures/ret.pension.yaml")
    assert (one.on, one.says) == (ends, "code 1.0 ends; 2.0 replaces it")
    follows = Code(code="2.0", valid_from=ends + timedelta(days=1))
    assert told(with_procedure(pack, "ret.pension", codes=(code, follows)), "procedures/ret.pension.yaml") == []
    lapsed = Code(code="1.0", valid_to=TODAY - timedelta(days=1))
    assert (
        "no code is in force"
        in only(with_procedure(pack, "ret.pension", codes=(lapsed,)), "procedures/ret.pension.yaml").says
    )


def test_a_law_table_that_closes_is_told_when_people_reach_its_end(pack: Pack) -> None:
    band = AgeBand(born_from=date(1960, 1, 1), born_to=date(1966, 1, 1), months=732)
    rule = pack.law["pension_age_reached_on"].model_copy(update={"table": {"M": (band,)}})
    short = pack.model_copy(update={"law": pack.law | {rule.id: rule}})
    assert only(short, "law/pension_age_reached_on.yaml").on == date(2027, 1, 1)
    assert not [one for one in stale(short, date(2026, 6, 30)) if one.file.startswith("law/")]


def test_a_year_without_a_day_off_is_told(pack: Pack) -> None:
    days = frozenset(day for day in pack.calendar.holidays if day.year != 2027)
    gap = pack.model_copy(update={"calendar": pack.calendar.model_copy(update={"holidays": days})})
    assert "no day off is named for 2027" in {one.says for one in told(gap, "calendar.yaml")}


def test_a_review_that_is_due_is_told(pack: Pack) -> None:
    due = with_procedure(pack, "ret.pension", review_by=TODAY + timedelta(days=10))
    assert only(due, "procedures/ret.pension.yaml").do == "compare it with the law and move review_by"
