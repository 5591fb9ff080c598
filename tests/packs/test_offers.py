"""Who is offered what: each rule of a procedure on both of its sides, and what no register can tell is asked."""

from datetime import date
from typing import Any

import pytest

from features.catalogue import known_features
from lifeevents.engine.eligibility import rules_of
from lifeevents.engine.recommend import last_day
from lifeevents.packs import load

PACK = load("vn", known_features)
RULES = rules_of(PACK, known_features(PACK.vocabulary))
JOBLESS = {"insured": "none", "draws_pension": False, "contribution_months": 60, "months_since_job_start": 15}
OLD = {"draws_pension": False, "draws_social_pension": False, "age_months": 899}
POOR = OLD | {"age_months": 839, "poverty_status": "near_poor"}
OWNER = {"count_household_business_opened": 2, "count_household_business_closed": 1}
BORN = {"event.occurred_on": date(2026, 10, 20), "sex": "F"}

UNMARRIED = {"count_spouse": 0, "count_spouse_death_12m": 0}
ADOPTED = {"insured": "compulsory", "youngest_adopted_child_years": 0}
LOST = {"has_identity_card_issued": True, "has_identity_card_lost": True}
REPLACED = BORN | LOST | {"last_identity_card_issued_on": date(2026, 10, 20)}
CERTIFIED = {"has_parent_death_certified": True, "last_parent_death_certified_on": date(2026, 10, 20)}


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
        ("birth_to_register", "birth.register_recognise", BORN | UNMARRIED, "ask"),
        ("birth_to_register", "birth.register_recognise", BORN | UNMARRIED | {"count_spouse": 1}, "no"),
        ("birth_to_register", "birth.register_recognise", BORN | UNMARRIED | {"count_spouse_death_12m": 1}, "no"),
        ("child_born", "birth.support_cash", {"sex": "F"}, "ask"),
        ("child_adopted", "birth.maternity_adopt", ADOPTED, "ask"),
        ("child_adopted", "birth.maternity_adopt", ADOPTED | {"youngest_adopted_child_years": 1}, "no"),
        ("child_adopted", "birth.maternity_adopt", ADOPTED | {"insured": "voluntary"}, "no"),
        ("spouse_death_to_register", "death.interlinked", {"has_spouse_death_certified": True}, "yes"),
        ("parent_death_to_register", "death.register", {"has_parent_death_certified": True}, "yes"),
        ("parent_death_to_register", "death.register", {"has_parent_death_certified": False}, "ask"),
        ("parent_death_to_register", "death.register", CERTIFIED | {"last_parent_death_on": date(2015, 3, 2)}, "yes"),
        ("parent_death_to_register", "death.register", CERTIFIED | {"last_parent_death_on": date(2026, 10, 20)}, "ask"),
        ("spouse_died", "death.merit", {}, "ask"),
        ("parent_died", "res.delete_permanent", {"has_parent_death": True}, "ask"),
        ("parent_died", "res.delete_permanent", {"has_parent_death": False, "has_spouse_death": False}, "no"),
        ("residence_change", "ent.change", {"count_enterprise_founded": 1}, "ask"),
        ("residence_change", "ent.change", {"count_enterprise_founded": 0}, "no"),
        ("enterprise_expected", "ent.jsc", {"has_enterprise_conversion": False}, "ask"),
        ("enterprise_expected", "ent.private", {"has_enterprise_conversion": True}, "no"),
        ("tenth_employee", "ent.labour_rules", {"has_tenth_employee_insured": True}, "yes"),
        ("tenth_employee", "ent.labour_rules", {"has_tenth_employee_insured": False}, "no"),
        ("identity_card_lost", "id.reissue", BORN | LOST, "yes"),
        ("identity_card_lost", "id.reissue", BORN | LOST | {"has_identity_card_lost": False}, "ask"),
        ("identity_card_lost", "id.reissue", BORN | {"has_identity_card_issued": False}, "no"),
        ("identity_card_lost", "id.reissue", REPLACED, "no"),
        ("identity_card_lost", "veh.licence_reissue", {"has_licence_issued": True}, "ask"),
        ("identity_card_lost", "veh.licence_reissue", {"has_licence_issued": False}, "no"),
        ("vehicle_bought", "veh.register", {"event.new_vehicle": True}, "yes"),
        ("vehicle_bought", "veh.register", {"event.new_vehicle": False}, "no"),
        ("vehicle_bought", "veh.transfer", {"event.new_vehicle": False}, "yes"),
        ("vehicle_bought", "veh.transfer", {"event.new_vehicle": True}, "no"),
        ("vehicle_bought", "veh.register", BORN | {"last_vehicle_registered_on": date(2026, 10, 20)}, "no"),
        ("land_contract_notarised", "land.transfer", {"has_land_contract_notarised": True}, "yes"),
        ("land_registered", "house.permit", {"has_land_right_registered": True}, "ask"),
        ("land_registered", "house.permit", {"has_land_right_registered": False}, "no"),
        ("higher_education_entered", "res.temporary", {"age_years": 18}, "ask"),
        ("higher_education_entered", "res.temporary", {"age_years": 17}, "no"),
        ("upper_secondary_entry", "school.boarding_rice", {"education_level": "lower_secondary"}, "ask"),
        ("job_loss", "soc.poor_adhoc", {"poverty_status": "none"}, "ask"),
        ("job_loss", "soc.poor_adhoc", {"poverty_status": "poor"}, "no"),
        ("poverty_review", "soc.poor_annual", {"poverty_status": "near_poor"}, "yes"),
        ("tax_settlement", "tax.pit_final", {"has_job_end": True}, "ask"),
        ("tax_settlement", "tax.pit_final", {"has_job_end": False, "insured": "none"}, "no"),
        ("marriage_expected", "mar.foreign", {"count_spouse": 0, "age_years": 20, "sex": "M"}, "ask"),
        ("marriage_expected", "mar.foreign", {"count_spouse": 0, "age_years": 19, "sex": "M"}, "no"),
    ],
)
def test_a_procedure_is_for_whom_its_rule_says(
    milestone: str, procedure: str, facts: dict[str, Any], answer: str
) -> None:
    rule = next(rule for rule in RULES[milestone].offers if rule.procedure.id == procedure)
    assert rule.ask(facts)[0] == answer


@pytest.mark.parametrize(
    ("milestone", "procedure", "facts", "last"),
    [
        ("birth_to_register", "birth.interlinked", {"event.occurred_on": date(2026, 10, 20)}, date(2026, 12, 19)),
        ("birth_to_register", "birth.register", {"event.occurred_on": date(2026, 10, 20)}, date(2026, 12, 19)),
        ("child_born", "child.residence", {"event.recorded_on": date(2027, 12, 31)}, date(2028, 2, 29)),
        ("child_born_father", "birth.paternity", {"event.occurred_on": date(2026, 10, 20)}, date(2026, 12, 19)),
        ("spouse_death_to_register", "death.register", {"event.occurred_on": date(2028, 2, 14)}, date(2028, 2, 29)),
        ("parent_death_to_register", "death.interlinked", {"event.occurred_on": date(2026, 2, 14)}, date(2026, 3, 1)),
        ("identity_card_renewal", "id.renew_age", {"identity_card_valid_to": date(2027, 2, 28)}, date(2027, 2, 28)),
        ("job_loss", "work.unemployment_benefit", {"last_job_loss_on": date(2026, 11, 30)}, date(2027, 2, 28)),
        ("job_loss", "work.unemployment_benefit", {"last_job_loss_on": date(2027, 11, 30)}, date(2028, 2, 29)),
    ],
)
def test_a_last_day_that_was_read_in_the_law_is_reckoned_from_the_register(
    milestone: str, procedure: str, facts: dict[str, Any], last: date
) -> None:
    offered = next(one for one in PACK.offers(milestone) if one.id == procedure)
    assert last_day(offered.deadline, facts, PACK.calendar) == last


def test_no_other_procedure_has_a_last_day() -> None:
    with_deadline = sorted(p.id for p in PACK.procedures.values() if p.deadline)
    births = ["birth.interlinked", "birth.paternity", "birth.register", "child.residence"]
    deaths = ["death.interlinked", "death.register"]
    assert with_deadline == [*births, *deaths, "id.renew_age", "work.unemployment_benefit"]


def test_every_procedure_has_a_rule_and_a_milestone_or_a_reason_why_nobody_is_told_of_it() -> None:
    led = {procedure.id for milestone in PACK.milestones for procedure in PACK.offers(milestone)}
    for procedure in PACK.procedures.values():
        assert procedure.who, procedure.id
        assert procedure.needs, procedure.id
        assert (procedure.id in led) != (procedure.unprompted is not None), procedure.id
    assert not {p.id for p in PACK.procedures.values() if p.mode == "suppress"} & led


def test_what_nobody_is_told_of_is_started_by_people_themselves() -> None:
    reasons = {p.id: p for p in PACK.procedures.values() if p.unprompted}
    assert {"id.criminal_record", "civil.copy", "soc.disability"} <= reasons.keys()
    assert {p.proactivity for p in reasons.values()} == {"L0"}


def test_what_no_register_delivers_is_kept_from_every_model() -> None:
    silent = [register for register in PACK.registers.values() if not register.delivers]
    facts = {name: fact for register in silent for name, fact in register.attributes.items()}
    assert len(facts) >= 10
    assert not any(fact.detectors for fact in facts.values())
