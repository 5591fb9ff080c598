"""What is known of people: how many, where, and how they are born, marry, move and die."""

from datetime import date
from typing import Literal

from pydantic import Field

from lifeevents.domain.frozen import Frozen
from lifeevents.simulate.facts import ByAge, ByMonths, ByYear, Fact, Origin

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
    stillborn: Fact[float]
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
    divorced_at_start: Fact[ByAge]
    remarriage_per_1000: Fact[float]
    divorce_factor: Fact[dict[int, float]]


class Adoption(Frozen):
    yearly_per_100_000: Fact[float]
    child_under: Fact[int]
    parent_from: Fact[int]
    parent_to: Fact[int]
    likely: Fact[dict[Literal["orphan", "lone_mother"], float]]
    by_children: Fact[dict[int, float]]


class Mobility(Frozen):
    moves_per_1000: Fact[ByAge]
    between_provinces: Fact[float]
    to_ward: Fact[float]
    married_factor: Fact[float]
    job_loss_factor: Fact[float]
    mover_spread: Fact[float]


Seasonal = Literal["job_endings", "moves", "marriages"]


class Seasons(Frozen):
    new_year: Fact[dict[int, date]]
    factors: Fact[dict[Seasonal, dict[int, float]]]
