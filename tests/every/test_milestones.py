"""Every case of every milestone runs through its own detector: a new file is a new test with no other edit."""

import json
import os
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from features.catalogue import known_features
from features.compute import law_dates
from lifeevents.domain.calendar import Period, minus, plus
from lifeevents.domain.milestone import Case, Milestone
from lifeevents.domain.occasion import Detection
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition
from lifeevents.packs import load
from lifeevents.ports import Snapshot
from models.rules import DueDetector, RegisteredDetector

PACK = load("vn", known_features)
KNOWN = known_features(PACK.vocabulary)
SHARED = Path(os.environ.get("LIFEEVENTS_SHARED", Path(__file__).parents[2].parent / "shared"))
TAXONOMIES = SHARED / "conformance"
ARROW: dict[ValueType, pa.DataType] = {
    "flag": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "category": pa.string(),
}
CASES = [
    pytest.param(milestone, case, id=f"{milestone.id}: {case.name}")
    for milestone in PACK.milestones.values()
    for case in milestone.cases
]


def as_given(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if KNOWN[name] == "date" and isinstance(value, str) else value


def snapshot_of(milestone: Milestone, case: Case) -> Snapshot:
    """One living subject with the case's facts, and what the law makes of them."""
    given = {name: as_given(name, value) for name, value in case.given.items()}
    facts = {"alive": True, **law_dates(PACK.vocabulary, given, case.as_of), **given}
    columns = {name: pa.array([facts.get(name)], ARROW[kind]) for name, kind in KNOWN.items()}
    return Snapshot(case.as_of, pa.table({"subject_id": ["p1"], **columns}), events_of(milestone, case))


def events_of(milestone: Milestone, case: Case) -> pa.Table:
    names = ("subject_id", "event_id", "event", "register", "payload")
    schema = pa.schema(
        [(name, pa.string()) for name in names] + [("occurred_on", pa.date32()), ("recorded_at", pa.timestamp("us"))]
    )
    if milestone.on is None:
        return schema.empty_table()
    noon_there = datetime.combine(case.event["recorded_on"], time(5, 0), UTC).replace(tzinfo=None)
    payload = {name: value for name, value in case.event.items() if name not in ("occurred_on", "recorded_on")}
    row = {"subject_id": "p1", "event_id": "e1", "event": milestone.on, "register": "any"}
    row["payload"] = json.dumps(payload) if payload else None
    return pa.Table.from_pylist([{**row, "occurred_on": case.event["occurred_on"], "recorded_at": noon_there}], schema)


def detected(milestone: Milestone, case: Case) -> list[Detection]:
    if milestone.kind == "registered":
        return list(RegisteredDetector(milestone, PACK, KNOWN).detect(snapshot_of(milestone, case)))
    return list(DueDetector(milestone, KNOWN).detect(snapshot_of(milestone, case)))


@pytest.mark.parametrize(("milestone", "case"), CASES)
def test_a_case_comes_out_as_its_file_expects(milestone: Milestone, case: Case) -> None:
    if milestone.kind == "predicted":
        answer, _ = Condition.parse(milestone.at_risk or "", KNOWN).ask(case.given)
        assert (answer == "yes") == bool(case.expect)
        return
    found = detected(milestone, case)
    if case.expect is None:
        assert list(found) == []
    elif isinstance(case.expect, date):
        assert [one.due_on for one in found] == [case.expect]
    else:
        assert len(found) == 1


@pytest.mark.parametrize("milestone", PACK.milestones.values(), ids=lambda m: m.id)
def test_a_milestone_has_cases_on_both_sides(milestone: Milestone) -> None:
    assert any(case.expect for case in milestone.cases)
    assert any(not case.expect for case in milestone.cases)


@pytest.mark.parametrize(
    "milestone", [m for m in PACK.milestones.values() if m.kind == "due"], ids=lambda milestone: milestone.id
)
def test_a_due_milestone_is_active_exactly_from_its_lead_to_its_end(milestone: Milestone) -> None:
    case = next(case for case in milestone.cases if isinstance(case.expect, date))
    assert isinstance(case.expect, date)
    row, detector = snapshot_of(milestone, case), DueDetector(milestone, KNOWN)
    first, last = minus(case.expect, Period.parse(milestone.lead)), plus(case.expect, Period.parse(milestone.until))
    day = timedelta(days=1)
    active = [
        bool(detector.detect(Snapshot(on, row.rows, row.events))) for on in (first - day, first, last, last + day)
    ]
    assert active == [False, True, True, False]


@pytest.mark.parametrize("milestone", PACK.milestones.values(), ids=lambda milestone: milestone.id)
def test_a_milestone_is_never_for_the_dead_and_never_for_another_kind_of_subject(milestone: Milestone) -> None:
    if milestone.kind == "predicted":
        return
    case = next(case for case in milestone.cases if case.expect)
    other = "business" if milestone.subject == "person" else "person"
    for changed in ({"alive": False}, {"kind": other}):
        if milestone.kind == "due" or "kind" in changed or "alive" in (milestone.when or ""):
            given = case.model_copy(update={"given": {**case.given, **changed}})
            assert detected(milestone, given) == []


def test_no_milestone_speaks_of_a_childs_death() -> None:
    assert "child_death" in PACK.vocabulary.events
    assert not [m.id for m in PACK.milestones.values() if m.on == "child_death"]


@pytest.mark.parametrize(
    "milestone",
    [m for m in PACK.milestones.values() if PACK.vocabulary.is_loss(m.on)],
    ids=lambda milestone: milestone.id,
)
def test_a_loss_is_sensitive_settles_and_is_told_with_restraint(milestone: Milestone) -> None:
    assert milestone.sensitivity == "sensitive"
    assert Period.parse(milestone.settle).days >= 1
    assert milestone.text.notice is not None
    for text in (*milestone.text.why.values(), *milestone.text.title.values()):
        assert not set("!🎉") & set(text)


@pytest.mark.parametrize("procedure", sorted({p.id for m in PACK.milestones for p in PACK.offers(m)}))
def test_an_offered_procedure_has_papers_and_works_without_being_asked(procedure: str) -> None:
    offered = PACK.procedures[procedure]
    assert offered.proactivity in ("L2", "L3", "L4")
    assert offered.needs
    assert offered.deadline is None or offered.deadline.verified


def test_every_group_of_the_portal_that_has_procedures_is_reached_by_a_milestone() -> None:
    reached = {procedure.portal_group for milestone in PACK.milestones for procedure in PACK.offers(milestone)}
    assert {procedure.portal_group for procedure in PACK.procedures.values()} == reached


@pytest.mark.skipif(not TAXONOMIES.is_dir(), reason="the EU taxonomies are not beside the project")
@pytest.mark.parametrize("milestone", PACK.milestones.values(), ids=lambda milestone: milestone.id)
def test_a_life_event_is_a_code_of_the_taxonomy_for_its_kind_of_subject(milestone: Milestone) -> None:
    codes = {
        kind: set(re.findall(rf"^{prefix}:(\w+) a skos:Concept", text, re.MULTILINE))
        for kind, prefix, text in (
            (file.name.split("-")[0], "[lb]e", file.read_text()) for file in TAXONOMIES.glob("*-events-*.ttl")
        )
    }
    assert milestone.life_event is None or milestone.life_event in codes["life"] | codes["business"]
    if milestone.subject == "business" and milestone.life_event:
        assert milestone.life_event in codes["business"]
