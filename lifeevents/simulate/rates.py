"""A country's rates: every figure that the simulation is calibrated to, with its source and how sure we are of it.

They lie in the pack's `rates/*.yaml`, one file per process; the ages that law sets come from the pack's `law/`,
the names and owners of events and attributes from its `registers/`.
"""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.pack import AgeBand
from lifeevents.domain.register import Register
from lifeevents.simulate.facts import ByAge, ByMonths, ByYear, Fact, Origin
from lifeevents.simulate.published import Published

Sex = Literal["M", "F"]


class Population(Frozen):
    by_age_2025: Fact[dict[Sex, ByAge]]
    yearly_growth: Fact[float]
    known_mother: Fact[float]
    same_province_as_mother: Fact[float]
    urban_share: Fact[ByYear]
    mother_age: Fact[dict[Literal["mean", "spread"], float]]
    children_places: Fact[dict[int, float]]


class Province(Frozen):
    code: str
    people: float
    urban: float
    pull: float
    trade: float
    remote: bool


class Provinces(Frozen):
    people: Origin
    urban: Origin
    pull: Origin
    trade: Origin
    remote: Origin
    provinces: tuple[Province, ...]


class Fertility(Frozen):
    total: Fact[ByYear]
    by_age: Fact[dict[int, ByYear]]
    boys_per_girl: Fact[ByYear]
    twin_deliveries: Fact[float]
    in_facility: Fact[float]
    in_facility_remote: Fact[float]
    urban_to_rural: Fact[dict[Literal["urban", "rural"], float]]
    remote_factor: Fact[float]
    unmarried_factor: Fact[float]
    parity_factor: Fact[dict[int, float]]
    spacing_factor: Fact[ByMonths]


class Mortality(Frozen):
    by_age: Fact[dict[Sex, dict[int, tuple[float, float]]]]
    scale: Fact[float]
    frailty_variance: Fact[float]
    first_month_factor: Fact[float]
    in_facility: Fact[float]


class AgeGap(Frozen):
    share: float
    from_: float = Field(alias="from")
    to: float


class Partnership(Frozen):
    female_mean_age: Fact[ByYear]
    female_age_spread: Fact[float]
    female_ever: Fact[float]
    minimum_age: Fact[dict[Sex, int]]
    age_gap: Fact[tuple[AgeGap, ...]]
    divorces_per_1000_couples: Fact[float]
    remarriage_per_1000: Fact[float]
    divorce_factor: Fact[dict[int, float]]


class Mobility(Frozen):
    moves_per_1000: Fact[ByAge]
    between_provinces: Fact[float]
    to_ward: Fact[float]
    married_factor: Fact[float]
    job_loss_factor: Fact[float]
    mover_spread: Fact[float]


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
    after_new_year_factor: Fact[float]
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


Insured = Literal["child", "pensioner", "employee", "pupil", "household"]


class Cards(Frozen):
    identity_monthly: Fact[ByMonths]
    identity_for_life: Fact[int]
    health_coverage: Fact[ByYear]
    free_months: Fact[int]
    lifelong_from: Fact[int]
    missed_renewals: Fact[dict[Insured, float]]
    take_up_weight: Fact[dict[Insured, float]]


class Assistance(Frozen):
    households: Fact[dict[Literal["poor", "near_poor"], float]]
    leaves_yearly: Fact[dict[Literal["poor", "near_poor"], float]]
    factors: Fact[dict[Literal["remote", "rural", "lives_alone_old", "little_schooling", "insured_work"], float]]
    old_from: Fact[int]
    pension_begins: Fact[date]
    starts_monthly: Fact[ByMonths]


class Timeliness(Frozen):
    """Share recorded within `days`, and share ever recorded."""

    on_time: float
    days: int
    ever: float


Dirt = Literal[
    "exact_duplicate", "id_clash", "before_birth", "impossible_date", "unknown_subject", "missing_field",
    "corrected", "annulled",
]  # fmt: skip


class Registering(Frozen):
    birth: Fact[Timeliness]
    birth_late_factors: Fact[dict[Literal["remote", "no_certificate", "unmarried", "third_or_later", "rural"], float]]
    birth_late_mean_days: Fact[float]
    death: Fact[Timeliness]
    death_late_mean_days: Fact[float]
    lag_days: Fact[dict[str, float]]
    dirt: Fact[dict[Dirt, float]]
    correction_mean_days: Fact[float]


class Rates(Frozen):
    """All rates of a country. `owner` tells which register delivers an event or attribute."""

    sources: dict[str, str]
    population: Population
    provinces: Provinces
    fertility: Fertility
    mortality: Mortality
    partnership: Partnership
    mobility: Mobility
    schooling: Schooling
    work: Work
    pension: Pension
    business: Business
    cards: Cards
    assistance: Assistance
    registering: Registering
    published: Published
    registers: dict[str, Register]
    pension_age: dict[Sex, tuple[AgeBand, ...]]
    identity_ages: tuple[int, ...]
    social_pension_months: dict[Literal["general", "poor"], int]

    @model_validator(mode="after")
    def _lags_name_registers(self) -> "Rates":
        delivering = {register.id for register in self.registers.values() if register.delivers}
        missing = sorted(delivering ^ self.registering.lag_days.value.keys())
        if missing:
            raise ValueError(f"registering.yaml: lag_days and the pack's registers differ in {', '.join(missing)}.")
        return self
