"""Every milestone's cases show every boundary of its kind; a file that lacks one fails here, by name."""

import pytest

from lifeevents.domain.milestone import Milestone
from tests.every.boundaries import missing
from tests.every.test_milestones import KNOWN, PACK


@pytest.mark.parametrize("milestone", PACK.milestones.values(), ids=lambda milestone: milestone.id)
def test_the_cases_of_a_milestone_show_every_boundary_of_its_kind(milestone: Milestone) -> None:
    assert missing(PACK, KNOWN, milestone) == []


@pytest.mark.parametrize("milestone", PACK.milestones.values(), ids=lambda milestone: milestone.id)
def test_a_milestone_that_loses_its_cases_is_noticed(milestone: Milestone) -> None:
    bare = milestone.model_copy(update={"cases": milestone.cases[:1]})
    assert missing(PACK, KNOWN, bare) or milestone.kind == "predicted"
