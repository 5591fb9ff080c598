"""The state of the simulated country: people, household businesses, and what every process needs beside them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import Streams
from lifeevents.simulate.columns import Columns, Flags, Floats, Ints, column
from lifeevents.simulate.institution_rates import Level
from lifeevents.simulate.pseudonyms import BUSINESS
from lifeevents.simulate.rates import Rates
from lifeevents.simulate.reporting import Registers
from lifeevents.simulate.risks import Risks

NEVER = 1 << 25
"""A day or month that does not come."""
LONG_AGO = -(1 << 25)
"""A month before everything."""
NOBODY = -1
MAN, WOMAN = 0, 1
LEVELS: tuple[Level, ...] = ("none", "primary", "lower_secondary", "upper_secondary", "tertiary")
NONE, COMPULSORY, VOLUNTARY = 0, 1, 2


class People(Columns):
    """One row per person who ever lived in the simulated country; days and months as in `months`."""

    sex: Ints = column(np.int8)
    born: Ints = column(np.int32)
    born_month: Ints = column(np.int32)
    died: Ints = column(np.int32, NEVER)
    alive: Flags = column(np.bool_, True)
    registered: Ints = column(np.int32, NEVER)
    """Day of the civil registration of birth."""
    mother: Ints = column(np.int32, NOBODY)
    father: Ints = column(np.int32, NOBODY)
    """Mother and father in whose household a child lives: after an adoption the adoptive ones."""
    adopted: Flags = column(np.bool_)
    partner: Ints = column(np.int32, NOBODY)
    wed: Ints = column(np.int32)
    """Day of the present marriage."""
    wed_month: Ints = column(np.int32, LONG_AGO)
    ever_married: Flags = column(np.bool_)
    children: Ints = column(np.int16)
    last_birth: Ints = column(np.int32, LONG_AGO)
    last_stillbirth: Ints = column(np.int32, LONG_AGO)
    province: Ints = column(np.int8)
    """Position in the list of provinces."""
    urban: Flags = column(np.bool_)
    moved: Ints = column(np.int32, LONG_AGO)
    level: Ints = column(np.int8)
    """Highest level of schooling entered, a position in LEVELS."""
    in_school: Flags = column(np.bool_)
    left_school: Ints = column(np.int32, LONG_AGO)
    insured: Ints = column(np.int8)
    insured_since: Ints = column(np.int32, LONG_AGO)
    """Day since which the form of insurance is what it is."""
    job_since: Ints = column(np.int32, LONG_AGO)
    job_ended: Ints = column(np.int32, LONG_AGO)
    job_lost: Ints = column(np.int32, LONG_AGO)
    unemployment_months: Ints = column(np.int16)
    """Months of unemployment insurance since the last benefit."""
    benefit_open: Flags = column(np.bool_)
    """May still claim an unemployment benefit for the last lost job."""
    maternity_since: Ints = column(np.int32, NEVER)
    """Month of the birth for which a maternity benefit may still be claimed."""
    military: Ints = column(np.int8)
    """A position in military.STATUSES."""
    served: Ints = column(np.int32, NEVER)
    """Month in which military service ends."""
    licence_ends: Ints = column(np.int32, NEVER)
    """Last day of the driving licence; NEVER without one."""
    car_since: Ints = column(np.int32, LONG_AGO)
    """Month in which the present or last car was new."""
    inspected_to: Ints = column(np.int32, NEVER)
    """Last day of the car's inspection; NEVER without a car."""
    staying_to: Ints = column(np.int32, NEVER)
    """Last day of the temporary residence; NEVER without one."""
    disability: Ints = column(np.int8)
    """A position in disability.LEVELS."""
    contributed: Ints = column(np.int16)
    """Months of contributions not paid out."""
    entitled: Ints = column(np.int32, NEVER)
    """First month for which a pension can be paid."""
    pensioner: Flags = column(np.bool_)
    business: Ints = column(np.int32, NOBODY)
    had_business: Flags = column(np.bool_)
    card_due: Ints = column(np.int32, NEVER)
    """Month in which the identity card must be issued or renewed."""
    insured_to: Ints = column(np.int32, LONG_AGO)
    """Last day of the health-insurance card."""
    insurance_group: Ints = column(np.int8)
    poverty: Ints = column(np.int8)
    """A position in assistance.STATUSES."""
    listed: Ints = column(np.int32, NEVER)
    """Month since which the household has been listed as poor or near poor."""
    social_pension: Flags = column(np.bool_)
    # lasting differences between people, seen by no register
    frailty: Floats = column(np.float32, 1)
    restless: Floats = column(np.float32, 1)
    attached: Floats = column(np.float32, 1)
    enterprising: Floats = column(np.float32, 1)
    prompt: Floats = column(np.float32, 1)
    """Factor on the monthly chance to get round to an application."""


class Businesses(Columns):
    """One row per household business that ever was open."""

    owner: Ints = column(np.int32)
    opened: Ints = column(np.int32)
    opened_month: Ints = column(np.int32)
    closed: Ints = column(np.int32, NEVER)
    open: Flags = column(np.bool_, True)
    size: Floats = column(np.float64)
    """Logarithm of the revenue of a usual year, VND at the prices of 2025."""


@dataclass
class World:
    """Everything a process reads and changes."""

    people: People
    businesses: Businesses
    rates: Rates
    registers: Registers
    streams: Streams
    risks: Risks

    def living(self) -> NDArray[np.int64]:
        """Row numbers of the living."""
        return np.flatnonzero(self.people.alive)


def businesses_as_subjects(rows: Ints) -> NDArray[np.int64]:
    """Subject numbers of businesses."""
    return np.asarray(rows, np.int64) + BUSINESS
