"""A country's rates: every figure that the simulation is calibrated to, with its source and how sure we are of it.

They lie in the pack's `rates/*.yaml`, one file per process; the ages that law sets come from the pack's `law/`,
the names and owners of events and attributes from its `registers/`.
"""

from typing import Literal

from pydantic import model_validator

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.pack import AgeBand
from lifeevents.domain.register import Register
from lifeevents.simulate.behaviour_rates import BehaviourRates
from lifeevents.simulate.facts import ByYear, Fact
from lifeevents.simulate.institution_rates import (
    Assistance,
    Business,
    Cards,
    Disability,
    Licences,
    Maternity,
    Military,
    Pension,
    Residence,
    Schooling,
    Unemployment,
    Vehicles,
    Work,
)
from lifeevents.simulate.people_rates import (
    Adoption,
    Fertility,
    Mobility,
    Mortality,
    Partnership,
    Population,
    Provinces,
    Seasons,
    Sex,
)
from lifeevents.simulate.published import Published


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
    birth_ever: Fact[ByYear]
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
    adoption: Adoption
    mobility: Mobility
    schooling: Schooling
    work: Work
    pension: Pension
    business: Business
    cards: Cards
    assistance: Assistance
    unemployment: Unemployment
    maternity: Maternity
    military: Military
    licences: Licences
    vehicles: Vehicles
    residence: Residence
    disability: Disability
    seasons: Seasons
    behaviour: BehaviourRates
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
