"""Why me, why not me: the small country's people, each outlook, and what the ledger knows of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from features.catalogue import known_features
from lifeevents.domain.errors import NotFound
from lifeevents.domain.explanation import Explanation, Source, Way
from lifeevents.domain.occasion import AnswerKind, Detection, Fact, Notification, NotificationState
from lifeevents.domain.pack import Pack, Representation
from lifeevents.engine.eligibility import rules_of
from lifeevents.pipeline.explain import Explaining
from lifeevents.testing import InMemoryLedger
from tests.pipeline.people import Model, People
from tests.serving.small_country import small_pack, text
from tests.serving.told import pension

DAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


def country(**rules: str) -> Pack:
    """The small country, in which procedures may get other rules (`ret_voluntary="..."`)."""
    pack = small_pack()
    ruled = {
        name: one.model_copy(update={"who": rules.get(name.replace(".", "_"), one.who)})
        for name, one in pack.procedures.items()
    }
    shop = pack.milestones["shop"].model_copy(update={"procedures": ("ret.voluntary",)})
    speaks = Representation(when="age_years < 18", by=("mother", "father"), about=text("con bạn", "your child"))
    return pack.model_copy(
        update={"procedures": ruled, "milestones": {**pack.milestones, "shop": shop}, "representatives": (speaks,)}
    )


def explain(
    people: People, subject: str = "lan", *, unit: Any = None, models: Sequence[Model] = (), **asked: Any
) -> Explanation:
    rules = rules_of(people.pack, known_features(people.pack.vocabulary))
    return Explaining(people.pack, rules, people, models).explain(unit, subject, **({"as_of": DAY} | asked))


def way(people: People, procedure: str, **asked: Any) -> Way:
    [one] = explain(people, procedures=[procedure], **asked).procedures
    assert one.outlook == one.ways[0].outlook
    return one.ways[0]


def retiring(months: int | None, due: date | None = DAY + timedelta(days=60)) -> People:
    people = People(country())
    people.facts["lan"] = {"contribution_months": months, "pension_entitlement_from": due, "age_years": 61}
    people.since["contribution_months"] = Source(register_id="social_insurance", since=date(2026, 9, 30))
    return people


def test_one_who_has_what_the_rule_asks_is_offered_it() -> None:
    found = way(retiring(240), "ret.pension")
    assert (found.outlook, found.trigger.state) == ("offered", "active")
    assert [ground.needs[0].values for ground in found.who[0].grounds] == [(180,)]


def test_one_with_too_few_months_reads_how_many_more_and_since_when_the_register_says_so() -> None:
    found = way(retiring(168), "ret.pension")
    [reason] = found.who
    assert (found.outlook, reason.answer) == ("not_now", "no")
    [months] = reason.facts
    assert (months.value, months.register_id, months.as_of) == (168, "social_insurance", date(2026, 9, 30))
    [change] = reason.changes
    assert (change.needs[0].comparator, change.needs[0].values) == ("at_least", (180,))


def test_what_is_unknown_is_asked_and_names_the_register_that_would_know() -> None:
    people = retiring(None)
    people.since["contribution_months"] = Source(register_id="social_insurance")
    found = way(people, "ret.pension")
    [reason] = found.who
    assert (found.outlook, reason.answer) == ("ask", "ask")
    assert (reason.facts[0].value, reason.facts[0].register_id) == (None, "social_insurance")


def test_a_date_ahead_says_from_which_day_and_the_day_before_is_not_it() -> None:
    people = retiring(240, due=date(2027, 8, 31))
    found = way(people, "ret.pension")
    assert (found.outlook, found.trigger.state) == ("not_now", "ahead")
    assert found.opens_on == date(2027, 2, 28)
    assert way(people, "ret.pension", as_of=found.opens_on).outlook == "offered"
    assert way(people, "ret.pension", as_of=found.opens_on - timedelta(days=1)).outlook == "not_now"


def test_a_date_of_a_life_that_has_passed_comes_no_more_and_says_until_when_it_was_offered() -> None:
    found = way(retiring(240, due=date(2024, 1, 1)), "ret.pension")
    assert (found.outlook, found.trigger.state, found.trigger.until_day) == ("passed", "past", date(2025, 1, 1))
    assert found.opens_on is None


def test_a_date_that_nobody_knows_is_asked() -> None:
    found = way(retiring(240, due=None), "ret.pension")
    assert (found.outlook, found.trigger.state) == ("ask", "unknown")


def test_one_who_has_it_already_reads_so() -> None:
    pack = country()
    done = pack.procedures["ret.pension"].model_copy(update={"done_when": "contribution_months > 200"})
    people = retiring(240)
    people.pack = pack.model_copy(update={"procedures": {**pack.procedures, "ret.pension": done}})
    found = way(people, "ret.pension")
    assert found.outlook == "not_yours"
    assert [reason.text for reason in found.done] == ["contribution_months > 200"]


def test_a_birth_on_record_is_offered_until_its_last_day_and_then_is_past() -> None:
    people = People(country(child_hi_card="true"))
    people.facts["lan"] = {"sex": "F"}
    people.birth("lan", date(2026, 11, 20))
    found = way(people, "child.hi_card")
    assert found.outlook == "offered"
    assert found.trigger.event is not None
    assert found.trigger.event.recorded_on == date(2026, 11, 20)
    last = found.trigger.event.active_until
    assert last == date(2027, 2, 18)
    assert way(people, "child.hi_card", as_of=last).outlook == "offered"
    after = way(people, "child.hi_card", as_of=last + timedelta(days=1))
    assert (after.outlook, after.trigger.state) == ("not_now", "past")


def test_without_the_event_nothing_is_on_record_as_of_the_registers_last_delivery() -> None:
    people = People(country(child_hi_card="true"), facts={"lan": {}})
    people.since["has_child_birth"] = Source(register_id="civil_status", delivered_on=date(2026, 11, 24))
    found = way(people, "child.hi_card")
    assert (found.outlook, found.trigger.state) == ("not_now", "absent")
    assert found.trigger.source == Fact(
        name="child_birth", value=None, register_id="civil_status", as_of=date(2026, 11, 24)
    )


def test_a_rule_may_read_the_events_payload() -> None:
    people = People(country(child_hi_card="event.occurred_on >= '2026-11-12'"), facts={"lan": {}})
    people.birth("lan", date(2026, 11, 20))
    found = way(people, "child.hi_card")
    assert (found.outlook, found.who[0].facts[0].value) == ("not_yours", date(2026, 11, 11))


@pytest.mark.parametrize(
    ("model", "outlook", "state"),
    [
        (Model(0.2, 0.1), "offered", "active"),
        (Model(0.05, 0.1), "not_now", "below"),
        (Model(0.9, None), "not_now", "below"),
        (Model(None, 0.1), "not_now", "silent"),
    ],
)
def test_a_chance_stands_beside_its_threshold(model: Model, outlook: str, state: str) -> None:
    people = People(country(ret_voluntary="true"), facts={"lan": {"age_years": 40, "contribution_months": 10}})
    shop = next(
        one
        for one in explain(people, procedures=["ret.voluntary"], models=[model]).procedures[0].ways
        if one.milestone == "shop"
    )
    assert (shop.outlook, shop.trigger.state) == (outlook, state)
    assert shop.trigger.chance is not None
    assert shop.trigger.chance.value == model.value


def test_one_too_young_reads_from_which_birthday_a_29_february_too() -> None:
    people = People(country(ret_voluntary="true"))
    people.facts["lan"] = {"born_on": date(2008, 2, 29), "age_years": 17}
    shop = next(
        one
        for one in explain(people, procedures=["ret.voluntary"], as_of=date(2026, 2, 27)).procedures[0].ways
        if one.milestone == "shop"
    )
    assert (shop.outlook, shop.trigger.state) == ("not_now", "not_asked")
    assert shop.when[0].changes[0].from_day == date(2026, 2, 28)


def test_a_child_is_told_through_its_mother_and_the_explanation_says_so() -> None:
    people = People(country(), facts={"child": {"age_years": 3}})
    since = date(2023, 1, 1)
    people.ties = [
        {"subject_id": "child", "relation": "father", "related_id": "binh", "since": since},
        {"subject_id": "child", "relation": "mother", "related_id": "mai", "since": since},
    ]
    found = explain(people, "child")
    assert (found.told_through, found.recipient_id, found.recipient_is) == (("mother", "father"), "mai", "mother")
    people.ties = []
    assert explain(people, "child").recipient_id is None


def test_nobody_is_offered_anything_after_a_death() -> None:
    people = retiring(240)
    people.facts["lan"]["alive"] = False
    found = explain(people, procedures=["ret.pension"])
    assert not found.alive
    assert (found.procedures[0].outlook, found.procedures[0].ways[0].trigger.state) == ("not_now", "ended")


def test_a_procedure_that_no_milestone_leads_to_or_without_a_rule_says_so() -> None:
    people = retiring(240)
    outlooks = {one.procedure: one.outlook for one in explain(people).procedures}
    untold = dict.fromkeys(("ret.voluntary", "child.hi_card", "civil.copy"), "no_milestone")
    assert outlooks == {"ret.pension": "offered", **untold}


def test_an_unknown_procedure_and_an_unknown_person_are_named_with_the_nearest() -> None:
    people = retiring(240)
    with pytest.raises(NotFound, match=r"Did you mean ret\.pension\?"):
        explain(people, procedures=["ret.pensoin"])
    with pytest.raises(NotFound, match="No register knows nobody"):
        explain(people, "nobody")


def test_the_ledger_tells_what_became_of_it_and_which_rule_holds_it() -> None:
    ledger, people = InMemoryLedger(), retiring(240)
    found = Detection(
        subject_id="lan", milestone="retirement", kind="due", anchor="2027-01-24", as_of=DAY, detector="rule:abc"
    )
    with ledger.begin() as unit:
        occasion = unit.add_occasion(found, now=NOW)
        assert occasion is not None
        message = Notification(
            key="k", occasion_id=occasion.id, milestone="retirement", subject_id="lan", recipient_id="lan",
            channel="portal", purpose="milestone", title=text("a", "a"), body=text("b", "b"), not_before=NOW,
        )  # fmt: skip
        unit.enqueue(message)
        [claimed] = unit.claim("portal", now=NOW, lease=timedelta(minutes=1), limit=1)
        stops = [{"rule": "quiet_time", "result": "stopped", "reason": "Night, weekend or public holiday."}]
        unit.postpone(claimed.id, until=NOW + timedelta(hours=9), stops=stops, now=NOW)
        [fate] = way(people, "ret.pension", unit=unit).fates
        [told] = fate.messages
        assert (fate.detector, fate.state, told.state) == ("rule:abc", "open", NotificationState.WAITING)
        assert (told.rule, told.reason, told.not_before) == ("quiet_time", stops[0]["reason"], NOW + timedelta(hours=9))
        earlier = way(people, "ret.pension", unit=unit, as_of=DAY - timedelta(days=1))
        assert earlier.fates == ()


def test_an_answer_is_part_of_what_became_of_it() -> None:
    ledger, people = InMemoryLedger(), retiring(240)
    found = Detection(
        subject_id="lan", milestone="retirement", kind="due", anchor="2027-01-24", as_of=DAY, detector="rule:abc"
    )
    with ledger.begin() as unit:
        occasion = unit.add_occasion(found, now=NOW)
        assert occasion is not None
        unit.add_recommendations(occasion, [pension("lan")])
        [offer] = unit.offers("lan")
        unit.answer(offer.id, "lan", AnswerKind.LATER, note=None, until=date(2026, 12, 24), now=NOW)
        [fate] = way(people, "ret.pension", unit=unit).fates
    assert (fate.offered, fate.answer, fate.until) == (True, AnswerKind.LATER, date(2026, 12, 24))


def test_without_a_model_a_prediction_is_explained_by_what_the_sweep_stored() -> None:
    ledger = InMemoryLedger()
    people = People(country(ret_voluntary="true"), facts={"lan": {"age_years": 40}})
    found = Detection(
        subject_id="lan", milestone="shop", kind="predicted", anchor="2026-11-01", as_of=date(2026, 11, 1),
        active_until=date(2027, 11, 1), probability=0.31, detector="model:9",
    )  # fmt: skip
    with ledger.begin() as unit:
        unit.add_occasion(found, now=NOW)
        ways = explain(people, unit=unit, procedures=["ret.voluntary"]).procedures[0].ways
    shop = next(one for one in ways if one.milestone == "shop")
    assert (shop.outlook, shop.trigger.state) == ("offered", "active")
    assert shop.trigger.chance is not None
    assert (shop.trigger.chance.value, shop.trigger.chance.version) == (0.31, "model:9")


def test_a_date_that_a_register_keeps_and_does_not_hold_is_nothing_on_record_and_no_perhaps() -> None:
    pack = country()
    renewal = pack.milestones["retirement"].model_copy(update={"due": "card_valid_to", "when": None})
    pack = pack.model_copy(update={"milestones": {**pack.milestones, "retirement": renewal}})
    people = People(pack)
    people.facts["lan"] = {"contribution_months": 240}
    people.since["card_valid_to"] = Source(register_id="social_insurance", delivered_on=DAY)
    assert way(people, "ret.pension").trigger.state == "absent"
    assert way(people, "ret.pension").outlook == "not_now"
    people.since["card_valid_to"] = Source(register_id="social_insurance")
    assert way(people, "ret.pension").trigger.state == "unknown"
    assert way(people, "ret.pension").outlook == "ask"
