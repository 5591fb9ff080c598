"""Every offer of every milestone's cases has an application that its procedure's schema accepts, and nothing else."""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from lifeevents.domain.milestone import Case, Milestone
from lifeevents.domain.occasion import Offer
from lifeevents.engine.application import application, schema
from lifeevents.engine.eligibility import rules_of
from lifeevents.engine.recommend import recommend
from tests.every.test_milestones import CASES, KNOWN, PACK, detected

RULES = rules_of(PACK, KNOWN)
FOUND = [param for param in CASES if param.values[0].kind != "predicted" and param.values[1].expect]
FORMATS = jsonschema.FormatChecker()


def forms(milestone: Milestone, case: Case) -> list[dict[str, Any]]:
    """The applications of a case's offers, as the API sends them."""
    [detection] = detected(milestone, case)
    at = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
    return [
        json.loads(
            application(
                Offer(id="of-1", occasion_id="oc", recommendation=said, milestone_kind=milestone.kind, created_at=at),
                on=case.as_of,
            ).model_dump_json()
        )
        for said in recommend(PACK, RULES[milestone.id].offers, detection)
    ]


@pytest.mark.parametrize(("milestone", "case"), FOUND)
def test_the_application_of_every_offer_follows_its_schema(milestone: Milestone, case: Case) -> None:
    for form in forms(milestone, case):
        made = schema(PACK, PACK.procedures[form["procedure"]], KNOWN, "en")
        jsonschema.Draft202012Validator.check_schema(made)
        jsonschema.validate(form, made, format_checker=FORMATS)


@pytest.mark.parametrize(("milestone", "case"), FOUND[:1])
def test_a_form_that_lacks_an_item_or_brings_another_is_refused(milestone: Milestone, case: Case) -> None:
    form = forms(milestone, case)[0]
    made = schema(PACK, PACK.procedures[form["procedure"]], KNOWN, "en")
    item = next(iter(form["items"]))
    for broken in ({}, {**form["items"], "name": {"value": "x", "register_id": "y", "as_of": None}}, {item: 3}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**form, "items": broken}, made)
