"""Who is offered what: each rule of a procedure on both of its sides, and what no register can tell is asked."""

from datetime import date
from typing import Any

import pytest

from features.catalogue import known_features
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load

PACK = load("vn", known_features)
RULES = rules_of(PACK, known_features(PACK.vocabulary))
JOBLESS = {"insured": "none", "draws_pension": False, "contribution_months": 60, "months_since_job_start": 15}
OLD = {"draws_pension": False, "draws_social_pension": False, "age_months": 899}
POOR = OLD | {"age_months": 839, "poverty_status": "near_poor"}
OWNER = {"count_household_business_opened": 2, "count_household_business_closed": 1}
BORN = {"event.occurred_on": date(2026, 10, 20), "sex": "F"}


@pytest.mark.parametrize(
    ("milestone", "procedure", "facts", "answer"),
    [
        ("school_entry", "school.grade1", {"has_school_entry": False}, "yes"),
        ("school_entry", "school.grade1", {"has_school_entry": True, "education_level": "preschool"}, "yes"),
        ("school_entry", "school.grade1", {"has_school_entry": True, "education_level": "primary"}, "no"),
        ("first_identity_card", "id.first14", {"age_months": 167}, "yes"),
        ("first_identity_card", "id.first14", {"age_months": 166}, "no"),
        ("first_identity_card", "id.first14", {"age_months": 168, "identity_card_valid_to": date(2037, 1, 1)}, "no"),
        ("identity_card_renewal", "id.renew_age", {"identity_card_valid_to": date(2026, 12, 1)}, "yes"),
        ("identity_card_renewal", "id.renew_age", {}, "no"),
        ("job_loss", "work.unemployment_benefit", JOBLESS, "yes"),
        ("job_loss", "work.unemployment_benefit", JOBLESS | {"months_since_job_start": 14}, "ask"),
        ("job_loss", "work.unemployment_benefit", JOBLESS | {"contribution_months": 11}, "no"),
        ("job_loss", "work.unemployment_benefit", JOBLESS | {"contribution_months": 12}, "yes"),
        ("job_loss", "work.unemployment_benefit", JOBLESS | {"insured": "compulsory"}, "no"),
        ("job_loss", "work.unemployment_benefit", JOBLESS | {"draws_pension": True}, "no"),
        ("job_loss", "work.retrain", JOBLESS | {"contribution_months": 8}, "no"),
        ("job_loss", "work.retrain", JOBLESS | {"months_since_job_start": 3}, "ask"),
        ("job_loss", "work.job_advice", {"insured": "none"}, "yes"),
        ("job_loss", "work.register_self", {"insured": "none", "age_years": 14}, "no"),
        ("residence_change", "ret.change_place", {"draws_pension": True}, "yes"),
        ("residence_change", "ret.change_place", {"draws_pension": False}, "no"),
        ("residence_change", "school.transfer", {"children_6_to_17": 1}, "yes"),
        ("residence_change", "school.transfer", {"children_6_to_17": 0}, "no"),
        ("residence_change", "hkd.change", OWNER, "yes"),
        ("residence_change", "tax.change", OWNER | {"count_household_business_closed": 2}, "no"),
        ("residence_change", "mil.transfer_in", {"sex": "M", "age_years": 27}, "yes"),
        ("residence_change", "mil.transfer_in", {"sex": "M", "age_years": 28}, "no"),
        ("residence_change", "mil.transfer_in", {"sex": "F", "age_years": 20}, "no"),
        ("residence_change", "res.update", {"age_years": 30}, "ask"),
        ("social_pension", "ret.social_pension", OLD, "yes"),
        ("social_pension", "ret.social_pension", OLD | {"age_months": 898, "poverty_status": "none"}, "no"),
        ("social_pension", "ret.social_pension", OLD | {"draws_social_pension": True}, "no"),
        ("social_pension_poor", "ret.social_pension", POOR, "yes"),
        ("social_pension_poor", "ret.social_pension", POOR | {"age_months": 838}, "no"),
        ("social_pension_poor", "ret.social_pension", POOR | {"poverty_status": "none"}, "no"),
        ("social_pension_poor", "ret.social_pension", POOR | {"poverty_status": None}, "ask"),
        ("spouse_died", "death.survivor_monthly", {"sex": "F", "age_years": 60}, "ask"),
        ("spouse_died", "death.si_funeral", {"contribution_months": 0}, "ask"),
        ("spouse_died", "util.power_rename", {}, "ask"),
        ("parent_died", "death.inherit_divide", {"age_years": 40}, "ask"),
        ("marriage", "res.permanent_move", BORN, "ask"),
        ("marriage", "res.permanent_move", BORN | {"last_move_on": date(2026, 10, 20)}, "no"),
        ("marriage", "res.permanent_move", BORN | {"last_move_on": date(2026, 10, 19)}, "ask"),
        ("business_revenue_threshold", "hkd.einvoice", {"yearly_revenue": 1_000_000_001.0}, "yes"),
        ("business_revenue_threshold", "hkd.einvoice", {"yearly_revenue": 1_000_000_000.0}, "no"),
        ("household_business_opened", "hkd.einvoice", {"kind": "business"}, "ask"),
        ("household_business_opened", "hkd.tax", {"kind": "business", "age_years": 0}, "yes"),
        ("household_business_opened", "work.si_register", {"kind": "business"}, "yes"),
        ("military_registration", "mil.first", {"sex": "M"}, "yes"),
        ("final_school_year", "school.graduation_exam", {"education_level": "upper_secondary"}, "yes"),
        ("final_school_year", "school.univ_admission", {"education_level": "tertiary"}, "no"),
        ("birth_to_register", "birth.interlinked", BORN, "yes"),
        ("birth_to_register", "birth.interlinked", BORN | {"last_child_birth_on": date(2026, 10, 20)}, "no"),
        ("birth_to_register", "birth.register", BORN | {"last_child_birth_on": date(2024, 1, 1)}, "yes"),
    ],
)
def test_a_procedure_is_for_whom_its_rule_says(
    milestone: str, procedure: str, facts: dict[str, Any], answer: str
) -> None:
    rule = next(rule for rule in RULES[milestone].offers if rule.procedure.id == procedure)
    assert rule.ask(facts)[0] == answer


def test_only_the_registration_of_a_birth_and_a_childs_residence_have_a_last_day() -> None:
    with_deadline = sorted(p.id for p in PACK.procedures.values() if p.deadline)
    assert with_deadline == ["birth.interlinked", "birth.register", "child.residence"]


def test_what_no_register_delivers_is_kept_from_every_model() -> None:
    silent = [register for register in PACK.registers.values() if not register.delivers]
    facts = {name: fact for register in silent for name, fact in register.attributes.items()}
    assert len(facts) >= 10
    assert not any(fact.detectors for fact in facts.values())
