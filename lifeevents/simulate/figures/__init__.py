"""Published figures beside those of a simulated dump: measured by SQL from the dump and its truth."""

from lifeevents.simulate.figures.comparison import Figure, Verdict
from lifeevents.simulate.figures.curves import Curves
from lifeevents.simulate.figures.survey import Survey, survey

__all__ = ["Curves", "Figure", "Survey", "Verdict", "survey"]
