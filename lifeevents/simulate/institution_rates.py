"""What is known of people and institutions: school, insured work, benefits, businesses, papers, assistance."""

from datetime import date
from typing import Literal

from lifeevents.domain.frozen import Frozen
from lifeevents.simulate.facts import ByAge, ByMillions, ByMonths, ByYear, Fact

Level = Literal["none", "primary", "lower_secondary", "upper_secondary", "tertiary"]


class Schooling(Frozen):
    entry_age: Fact[dict[Level, int]]
    leaving_age: Fact[int]
    goes_on: Fact[dict[Level, float]]
    drop_out: Fact[float]
    remote_factor: Fact[float]
    adults: Fact[dict[int, dict[Level, float]]]


class Work(Frozen):
    labour_force: Fact[float]
    compulsory: Fact[ByYear]
    voluntary: Fact[ByYear]
    lost_monthly: Fact[float]
    ended_monthly: Fact[float]
    tenure_factor: Fact[ByMonths]
    voluntary_end_monthly: Fact[float]
    entry_age_factor: Fact[ByAge]
    entry_level_factor: Fact[dict[Level, float]]
    entry_urban_factor: Fact[float]
    entry_returning_factor: Fact[float]
    attachment_spread: Fact[float]
    withdrawals_monthly: Fact[float]
    withdrawal_factor: Fact[ByMonths]
    voluntary_factor: Fact[ByMonths]
    voluntary_ages: Fact[dict[Literal["from", "to"], int]]
    at_start_age_factor: Fact[ByAge]
    at_start_mean_months: Fact[float]
    at_start_former: Fact[float]
    own_business_factor: Fact[float]


class Pension(Frozen):
    minimum_months: Fact[dict[date, int]]
    starts_monthly: Fact[ByMonths]
    slow_share: Fact[float]
    slow_factor: Fact[float]
    drawing_at_start: Fact[float]
    early_months: Fact[int]
    early_minimum_months: Fact[int]
    early_yearly: Fact[float]
    early_disability_factor: Fact[float]


Factor = Literal[
    "lost_job", "ended_job", "moved", "married", "urban", "had_business", "spouse_or_parent_owns",
    "left_school", "in_formal_job", "tertiary", "woman",
]  # fmt: skip


class Business(Frozen):
    adults: Fact[dict[Literal["from", "to"], int]]
    stock_per_person: Fact[float]
    openings_per_1000: Fact[float]
    closes_monthly: Fact[ByMonths]
    age_factor: Fact[ByAge]
    factors: Fact[dict[Factor, float]]
    recent_months: Fact[int]
    hidden_spread: Fact[float]
    old_owner_factor: Fact[float]
    sectors: Fact[dict[str, dict[Literal["urban", "rural"], float]]]
    revenue: Fact[dict[Literal["median", "spread", "yearly_spread", "growth"], float]]
    converts_yearly: Fact[ByMillions]


Insured = Literal["child", "pensioner", "employee", "pupil", "household"]


class Cards(Frozen):
    identity_monthly: Fact[ByMonths]
    identity_for_life: Fact[int]
    health_coverage: Fact[ByYear]
    free_months: Fact[int]
    lifelong_from: Fact[int]
    missed_renewals: Fact[dict[Insured, float]]
    take_up_weight: Fact[dict[Insured, float]]


class Unemployment(Frozen):
    minimum_months: Fact[int]
    window_months: Fact[int]
    claims_monthly: Fact[ByMonths]
    young_factor: Fact[float]
    months_of_benefit: Fact[ByMonths]


class Maternity(Frozen):
    minimum_months: Fact[int]
    window_months: Fact[int]
    claims_monthly: Fact[ByMonths]


class Military(Frozen):
    registers_yearly: Fact[dict[int, float]]
    called_up_yearly: Fact[ByAge]
    student_factor: Fact[float]
    serves_months: Fact[int]


class Licences(Frozen):
    first_monthly: Fact[ByAge]
    urban_factor: Fact[float]
    woman_factor: Fact[float]
    held_at_start: Fact[ByAge]
    valid_months: Fact[int]
    renews_monthly: Fact[ByMonths]


class Vehicles(Frozen):
    motorcycle_monthly: Fact[ByAge]
    car_monthly: Fact[float]
    drivers_with_car_at_start: Fact[float]
    kept_months_at_start: Fact[int]
    gives_up_yearly: Fact[float]
    inspection_months: Fact[ByMonths]
    inspects_monthly: Fact[ByMonths]


class Residence(Frozen):
    starts_monthly: Fact[ByAge]
    new_job_factor: Fact[float]
    own_business_factor: Fact[float]
    renews_monthly: Fact[ByMonths]
    goes_home: Fact[float]
    valid_months: Fact[int]


class Disability(Frozen):
    certified_yearly: Fact[ByAge]
    levels: Fact[dict[Literal["mild", "severe", "very_severe"], float]]
    held_at_start: Fact[ByAge]


class Assistance(Frozen):
    households: Fact[dict[Literal["poor", "near_poor"], float]]
    leaves_yearly: Fact[dict[Literal["poor", "near_poor"], float]]
    factors: Fact[dict[Literal["remote", "rural", "lives_alone_old", "little_schooling", "insured_work"], float]]
    old_from: Fact[int]
    pension_begins: Fact[date]
    starts_monthly: Fact[ByMonths]
