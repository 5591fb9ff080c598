"""An explanation never disagrees with what decides: every case of every milestone is explained as it is detected."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from lifeevents.domain.explanation import Explanation
from lifeevents.domain.milestone import Case, Milestone
from lifeevents.engine.eligibility import rules_of
from lifeevents.engine.recommend import recommend
from lifeevents.pipeline.explain import Explaining
from lifeevents.ports import Portrait, Snapshot
from models.rules import DueDetector, RegisteredDetector
from tests.every.test_milestones import CASES, KNOWN, PACK, snapshot_of

RULES = rules_of(PACK, KNOWN)
RULED = [param for param in CASES if param.values[0].kind != "predicted"]


@dataclass(frozen=True)
class Imagined:
    """A source of one imagined subject."""

    snapshot: Snapshot

    def portray(self, subject_id: str, fresh: Any, as_of: date, *, since: date) -> Portrait:
        return Portrait(self.snapshot, {})


def imagined(milestone: Milestone, case: Case) -> Snapshot:
    snapshot = snapshot_of(milestone, case)
    kind = pa.array([milestone.subject], pa.string())
    rows = snapshot.rows.set_column(snapshot.rows.column_names.index("kind"), "kind", kind)
    return Snapshot(snapshot.as_of, rows, snapshot.events)


def explained(snapshot: Snapshot) -> Explanation:
    return Explaining(PACK, RULES, Imagined(snapshot)).explain(None, "p1", as_of=snapshot.as_of)


@pytest.mark.parametrize(("milestone", "case"), RULED)
def test_what_is_explained_as_offered_is_what_the_detector_and_the_rules_offer(
    milestone: Milestone, case: Case
) -> None:
    snapshot = imagined(milestone, case)
    detector = DueDetector(milestone, KNOWN) if milestone.kind == "due" else RegisteredDetector(milestone, PACK, KNOWN)
    found = [recommend(PACK, RULES[milestone.id].offers, one) for one in detector.detect(snapshot)]
    offered = {(offer.procedure, offer.eligibility) for offers in found for offer in offers}
    spoken = {"offered": "yes", "ask": "ask"}
    said = {
        (one.procedure, spoken[way.outlook])
        for one in explained(snapshot).procedures
        for way in one.ways
        if way.milestone == milestone.id and way.outlook in spoken and way.trigger.state == "active"
        if all(reason.answer == "yes" for reason in way.when)
    }
    assert said == offered


@pytest.mark.parametrize(("milestone", "case"), RULED)
def test_a_day_from_which_it_opens_is_the_first_day_and_not_a_day_late(milestone: Milestone, case: Case) -> None:
    snapshot = imagined(milestone, case)
    for one in explained(snapshot).procedures:
        for way in one.ways:
            if way.opens_on is None:
                continue
            assert way.opens_on > snapshot.as_of
            assert way.trigger.until_day is None or way.opens_on <= way.trigger.until_day


@pytest.mark.parametrize(("milestone", "case"), CASES)
def test_every_no_says_why_and_what_would_change_it_or_that_it_is_a_matter_of_several_facts(
    milestone: Milestone, case: Case
) -> None:
    for one in explained(imagined(milestone, case)).procedures:
        assert one.outlook == (one.ways[0].outlook if one.ways else one.outlook)
        for way in one.ways:
            against = [reason for reason in (*way.when, *way.who) if reason.answer != "yes"]
            if way.outlook == "offered":
                assert not against
            if way.outlook == "not_yours":
                assert against or way.done
            for reason in against:
                assert reason.changes or len(reason.facts) > 1
