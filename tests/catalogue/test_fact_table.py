"""The procedures and the law against the tables of facts they were made from."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import SETTLED


@pytest.fixture(scope="module")
def services(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "vietnam" / "services.csv").open(encoding="utf-8") as file:
        return {row["service_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def schedules(shared: Path) -> dict[str, Any]:
    with (shared / "vietnam" / "schedules.yaml").open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


def test_every_service_is_a_procedure_with_its_code_group_and_mark(
    pack: Pack, services: dict[str, dict[str, str]]
) -> None:
    assert pack.procedures.keys() == services.keys()
    for id, row in services.items():
        one = pack.procedures[id]
        assert (one.code_on(date(2026, 11, 25)) or "") == row["national_code"], id
        assert one.portal_group == row["portal_group"], id
        assert one.essential == (row["project06_essential"] == "yes"), id
        assert row["proactive_mode"].startswith(one.mode or "?") or row["proactive_mode"] == "inform alternatives", id


def test_every_cell_keeps_how_sure_it_was(pack: Pack, services: dict[str, dict[str, str]]) -> None:
    columns = {
        "code": ("conf_code", "national_code"),
        "deadline": ("conf_rules", "citizen_deadline"),
        "processing": ("conf_time_fee", "processing_time"),
        "fee": ("conf_time_fee", "fee_vnd"),
        "who": ("conf_rules", ""),
        "papers": ("conf_rules", "evidence_needed"),
    }
    for id, row in services.items():
        for name, (confidence, says) in columns.items():
            cell, text = pack.procedures[id].cells[name], row.get(says, "")  # type: ignore[index]
            sure = row[confidence] == "read" and "[memory]" not in text and "Hai Phong" not in text
            assert (cell.state in SETTLED) == sure or cell.state == "verified", f"{id}: {name}"
            assert (cell.says or "") == text.replace(" [memory]", "").strip(), f"{id}: {name}"


def test_what_is_from_memory_is_never_a_date_or_an_amount(pack: Pack, services: dict[str, dict[str, str]]) -> None:
    for id, row in services.items():
        one = pack.procedures[id]
        if row["conf_time_fee"] != "read":
            assert not (one.fee and one.fee.verified), id
            assert not (one.processing and one.processing.verified), id
        if row["conf_rules"] != "read" or "[memory]" in row["citizen_deadline"]:
            assert not (one.deadline and one.deadline.verified), id


def test_the_retirement_ages_are_those_of_the_schedule(pack: Pack, schedules: dict[str, Any]) -> None:
    ages = pack.tables["retirement_age"]
    for row in schedules["retirement_age"]["by_calendar_year"]:
        assert ages.on(date(row["year"], 7, 1), "M") == row["men_months"]
        assert ages.on(date(row["year"], 7, 1), "F") == row["women_months"]
    for sex, name in (("M", "men"), ("F", "women")):
        bands = schedules["retirement_age"][f"by_birth_month_{name}"]
        ours = pack.law["pension_age_reached_on"].table[sex]  # type: ignore[index]
        assert [(f"{b.born_from:%Y-%m}", b.months) for b in ours] == [(b["born_from"], b["age_months"]) for b in bands]


def test_the_tables_are_those_of_the_schedule(pack: Pack, schedules: dict[str, Any]) -> None:
    def on(table: str, day: str, key: str | None = None) -> float:
        return pack.tables[table].on(date.fromisoformat(day), key)

    pension, social = schedules["pension"], schedules["social_pension"]
    assert on("pension_minimum_years", pension["from"]) == pension["min_contribution_years"]
    for day in ("2024-07-01", "2026-07-01"):
        assert on("reference_level", day) == pension["reference_level"][day]
    assert on("social_pension_age", social["from"], "general") == social["age_general"]
    assert on("social_pension_age", social["from"], "poor_or_near_poor") == social["age_poor_or_near_poor"]
    assert on("social_pension_amount", "2025-07-01") == social["amount_vnd_month"]["2025-07-01"]
    assert on("social_pension_amount", "2026-01-01") == social["amount_vnd_month"]["2026"]
    ages = schedules["identity_card"]["renewal_ages"]
    assert [on("identity_card_ages", "2026-01-01", key) for key in ("first", "second", "third", "fourth")] == ages
    leave = schedules["maternity"]
    assert on("maternity_leave", "2026-06-30", "second") == leave["before"]["months"]
    assert on("maternity_leave", "2026-07-01", "second") == leave["months_second_child"]
    assert on("paternity_leave", "2026-07-01") == leave["father_working_days"]
    days = schedules["civil_status"]
    assert on("civil_status_days", "2026-11-25", "birth") == days["birth_days"]
    assert on("civil_status_days", "2026-11-25", "death") == days["death_days"]
    exempt = list(schedules["household_business_tax"]["exempt_revenue_vnd"].values())
    ours = [on("household_business_exempt_revenue", f"{year}-06-30") for year in (2024, 2025, 2026)]
    assert ours == [exempt[0], exempt[1], exempt[3]]
    assert on("unemployment_claim_window", "2026-11-25") == schedules["unemployment_insurance"]["claim_window_months"]
    assert on("sick_child_leave", "2026-11-25", "2") == schedules["sick_child_leave_days"]["under3"]
    wages = schedules["minimum_wage_region_2026"]
    assert all(on("minimum_wage", "2026-11-25", region) == wages[region] for region in ("I", "II", "III", "IV"))


def test_the_holidays_are_those_of_the_table(pack: Pack, shared: Path) -> None:
    with (shared / "vietnam" / "holidays_2025_2032.csv").open(encoding="utf-8") as file:
        assert {date.fromisoformat(row["date"]) for row in csv.DictReader(file)} == pack.calendar.holidays
