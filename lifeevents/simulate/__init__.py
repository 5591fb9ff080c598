"""A living population in monthly steps, and the registers' dump of it. Numbers only: nobody here exists."""

from lifeevents.simulate.loading import load_rates
from lifeevents.simulate.rates import Rates
from lifeevents.simulate.run import SimulationReport, simulate

__all__ = ["Rates", "SimulationReport", "load_rates", "simulate"]
