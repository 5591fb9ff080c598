"""A live submission is refused with every sentence that helps, and becomes the rows that the contract knows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from features.catalogue import known_features
from lifeevents.domain.errors import Refused
from lifeevents.domain.submission import Attribute, Event, Relation, Subject, Submission
from lifeevents.packs import load
from lifeevents.registers.contract import CONTRACT
from lifeevents.registers.live import check, rows_of

REGISTERS = load("vn", known_features).registers
AT = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)


def submitted(register: str = "civil_status", **rows: Any) -> Submission:
    return Submission(source="urn:test", id="s1", register_id=register, recorded_at=AT, **rows)


def event(**changes: Any) -> Event:
    values = {"event_id": "e1", "subject_id": "child", "event": "birth", "occurred_on": date(2026, 11, 3)}
    return Event.model_validate({**values, **changes})


@pytest.mark.parametrize(
    ("submission", "said"),
    [
        (submitted("civil_staus", events=(event(),)), 'no register "civil_staus". Did you mean civil_status?'),
        (submitted(events=(event(event="brith"),)), 'delivers no event "brith". Did you mean birth?'),
        (submitted("tax", events=(event(),)), 'tax delivers no event "birth".'),
        (submitted(events=(event(payload={"ordr": 1}),)), 'no payload field "ordr". Did you mean order?'),
        (submitted(events=(event(payload={"order": "one"}),)), "payload order is a integer, and 'one' is none."),
        (submitted(events=(event(occurred_on=date(2026, 11, 7)),)), "it happened on 2026-11-07, after it was recorded"),
        (
            submitted(
                "population",
                attributes=(Attribute(subject_id="a", name="urban", value="ja", valid_from=AT.date()),),
            ),
            'Attribute urban: "ja" is no flag.',
        ),
        (
            submitted(
                "social_insurance",
                attributes=(Attribute(subject_id="a", name="insured", value="compulsry", valid_from=AT.date()),),
            ),
            '"compulsry" is not in its code list. Did you mean compulsory?',
        ),
        (
            submitted(relations=(Relation(subject_id="a", related_id="a", relation="mother", valid_from=AT.date()),)),
            "Nobody is their own mother (a).",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(submission: Submission, said: str) -> None:
    with pytest.raises(Refused) as refused:
        check(submission, REGISTERS)
    assert said in str(refused.value)


def test_every_problem_is_named_at_once() -> None:
    two = submitted(events=(event(event="brith"), event(event_id="e2", payload={"ordr": 1})))
    with pytest.raises(Refused, match=r"(?s)e1.*e2"):
        check(two, REGISTERS)


def test_a_row_that_corrects_and_annuls_and_a_submission_without_rows_are_no_submissions() -> None:
    with pytest.raises(ValidationError, match="not both"):
        event(corrects="a", annuls="b")
    with pytest.raises(ValidationError, match="at least one row"):
        submitted()


def test_rows_have_the_contracts_columns_and_its_clocks() -> None:
    whole = submitted(
        subjects=(Subject(subject_id="child", kind="person", obs_from=date(2026, 11, 5)),),
        events=(event(payload={"order": 2}),),
        relations=(Relation(subject_id="child", related_id="a", relation="mother", valid_from=date(2026, 11, 3)),),
    )
    check(whole, REGISTERS)
    rows = rows_of(whole)
    for table in CONTRACT:
        for row in rows[table.name]:
            assert set(row) - {"recorded_at"} <= set(table.names)
    (birth,) = rows["events"]
    assert (birth["recorded_at"], birth["register"], birth["payload"]) == (
        "2026-11-05 03:00:00",
        "civil_status",
        '{"order": 2}',
    )
