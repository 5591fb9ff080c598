"""A prefilled application and its schema, on the real pack."""

import json
from datetime import UTC, date, datetime

import pytest

from features.catalogue import known_features
from lifeevents.domain.occasion import Offer
from lifeevents.engine.application import application, once_only, schema
from lifeevents.engine.eligibility import rules_of
from lifeevents.engine.recommend import recommend
from lifeevents.packs import load
from tests.engine.test_recommend import TODAY, birth

PACK = load("vn", known_features)
KNOWN = known_features(PACK.vocabulary)


def offer(procedure: str) -> Offer:
    found = recommend(PACK, rules_of(PACK, KNOWN)["child_born"].offers, birth())
    said = next(one for one in found if one.procedure == procedure)
    at = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
    return Offer(id="of-1", occasion_id="oc-1", recommendation=said, milestone_kind="registered", created_at=at)


def test_what_registers_hold_is_filled_in_with_register_and_day_and_the_rest_is_named() -> None:
    form = application(offer("birth.maternity_mother"), on=TODAY)
    contributions = form.items["contributions"]
    assert contributions is not None
    assert (contributions.value, contributions.register_id, contributions.as_of) == (80, "social_insurance", TODAY)
    assert form.missing == ("leave_dates",)
    assert form.items["leave_dates"] is None


def test_the_same_offer_gives_the_same_bytes() -> None:
    first, second = (application(offer("child.residence"), on=TODAY).model_dump_json() for _ in range(2))
    assert first == second


@pytest.mark.parametrize("procedure", PACK.procedures.values(), ids=lambda procedure: procedure.id)
def test_a_schema_names_every_item_of_its_procedure_and_no_other(procedure: object) -> None:
    for language in PACK.languages:
        made = schema(PACK, procedure, KNOWN, language)  # type: ignore[arg-type]
        items = made["properties"]["items"]
        needs = [need.id for need in procedure.needs]  # type: ignore[attr-defined]
        assert list(items["properties"]) == items["required"] == needs
        assert made["properties"]["missing"]["items"]["enum"] == needs
        assert json.loads(json.dumps(made)) == made


def test_a_schema_takes_codes_and_registers_from_the_pack() -> None:
    items = schema(PACK, PACK.procedures["child.residence"], KNOWN, "en")["properties"]["items"]["properties"]
    filled = items["parent_residence"]["oneOf"][0]["properties"]
    assert filled["register_id"] == {"const": "population"}
    assert "01" in filled["value"]["enum"]
    assert items["request_form"] == {"title": items["request_form"]["title"], "type": "null"}


def test_a_share_counts_only_registers_that_deliver() -> None:
    procedure = PACK.procedures["birth.maternity_mother"]
    found = once_only(PACK, procedure)
    assert (found.required, found.held) == (3, 2)
    silent = PACK.registers["social_insurance"].model_copy(update={"delivers": False})
    pack = PACK.model_copy(update={"registers": {**PACK.registers, "social_insurance": silent}})
    assert once_only(pack, procedure).held == 1


def test_a_procedure_without_described_items_has_no_share() -> None:
    bare = PACK.procedures["ret.pension"].model_copy(update={"needs": ()})
    assert once_only(PACK, bare).share is None


def test_a_value_of_the_day_stays_that_of_the_day_it_was_read() -> None:
    held = application(offer("child.residence"), on=date(2026, 12, 24)).items["parent_residence"]
    assert held is not None
    assert held.as_of == TODAY
