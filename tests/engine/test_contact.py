"""Each stop rule on both of its sides, and the order they are asked in."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from lifeevents.domain.occasion import AnswerKind
from lifeevents.engine.contact import RULES, Decision, Rule, decide
from lifeevents.engine.correction import CORRECTION
from lifeevents.engine.situation import Answered, Situation

ZONE = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
TOMORROW = NOW + timedelta(days=1)


def situation(**facts: Any) -> Situation:
    """A message to the subject about an open occasion at ten on a Tuesday: nothing stops it, but for `facts`."""
    usual: dict[str, Any] = {
        "recipient_id": "lan",
        "subject_id": "lan",
        "purpose": "offer",
        "offers": 2,
        "now": NOW,
        "today": NOW.date(),
        "speak_at": NOW,
        "budget": 2,
    }
    return Situation(**(usual | facts))


def answered(procedure: str, kind: AnswerKind, until: date | None = None) -> Answered:
    return Answered(procedure=procedure, kind=kind, until=until)


def outcome(decision: Decision) -> tuple[str, str | None]:
    return decision.action, decision.rule


def test_a_message_that_nothing_stops_is_sent_and_every_rule_is_recorded_as_passed() -> None:
    decision = decide(situation())
    assert outcome(decision) == ("send", None)
    assert [(o.rule, o.result) for o in decision.outcomes] == [(rule.name, "passed") for rule in RULES]


def test_the_rules_are_asked_in_the_published_order() -> None:
    assert [rule.name for rule in RULES] == [
        "death_and_loss",
        "switched_off",
        "correction",
        "settling",
        "already_answered",
        "already_told",
        "refused_or_silenced",
        "right_person",
        "consent",
        "expired",
        "quiet_time",
        "budget",
    ]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"dead": ("lan",)}, ("cancel", "death_and_loss")),
        ({"about": ("child",), "dead": ("child",)}, ("cancel", "death_and_loss")),
        ({"about": ("child",), "dead": ()}, ("send", None)),
        ({"switched_off": True}, ("cancel", "switched_off")),
        ({"occasion_state": "cancelled"}, ("cancel", "correction")),
        ({"settle_until": TOMORROW}, ("postpone", "settling")),
        ({"settle_until": NOW}, ("send", None)),
        ({"told": True}, ("cancel", "already_told")),
        ({"silenced": True}, ("cancel", "refused_or_silenced")),
        ({"recipient_id": "mai"}, ("refer", "right_person")),
        ({"recipient_id": "mai", "guardians": ("mai", "hoa")}, ("send", None)),
        ({"may_use": False}, ("cancel", "consent")),
        ({"deadline": date(2026, 11, 23)}, ("refer", "expired")),
        ({"deadline": date(2026, 11, 24)}, ("send", None)),
        ({"active_until": date(2026, 11, 23)}, ("cancel", "expired")),
        ({"active_until": date(2026, 11, 24)}, ("send", None)),
        ({"speak_at": TOMORROW}, ("postpone", "quiet_time")),
        ({"speak_at": TOMORROW, "deadline": date(2026, 11, 25)}, ("send", None)),
        ({"speak_at": TOMORROW, "deadline": date(2026, 11, 26)}, ("postpone", "quiet_time")),
        ({"sent": (NOW - timedelta(days=6),)}, ("send", None)),
        ({"sent": (NOW - timedelta(days=6), NOW - timedelta(days=1))}, ("postpone", "budget")),
        ({"sent": (NOW - timedelta(days=1),) * 2, "deadline": date(2026, 12, 30)}, ("send", None)),
    ],
)
def test_each_rule_stops_what_it_names_and_lets_the_rest_pass(
    facts: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    assert outcome(decide(situation(**facts))) == expected


def test_a_message_is_cancelled_when_every_offer_is_done_or_refused() -> None:
    answers = (answered("a", AnswerKind.DONE), answered("b", AnswerKind.NOT_FOR_ME))
    assert outcome(decide(situation(answers=answers))) == ("cancel", "already_answered")


def test_a_message_is_sent_while_one_offer_is_unanswered() -> None:
    assert outcome(decide(situation(answers=(answered("a", AnswerKind.DONE),)))) == ("send", None)


def test_a_refusal_taken_back_lets_the_message_go() -> None:
    answers = (answered("a", AnswerKind.DONE), answered("b", AnswerKind.TAKEN_BACK))
    assert outcome(decide(situation(answers=answers))) == ("send", None)


def test_later_on_all_that_is_left_postpones_to_the_earliest_day_asked_for() -> None:
    answers = (
        answered("a", AnswerKind.LATER, date(2026, 12, 20)),
        answered("b", AnswerKind.LATER, date(2026, 12, 10)),
    )
    decision = decide(situation(answers=answers))
    assert outcome(decision) == ("postpone", "already_answered")
    assert decision.until == datetime(2026, 12, 10, 10, 0, tzinfo=ZONE)


def test_when_the_day_of_later_has_come_the_message_goes() -> None:
    answers = (answered("a", AnswerKind.LATER, NOW.date()),)
    assert outcome(decide(situation(offers=1, answers=answers))) == ("send", None)


def test_a_budget_stop_lasts_until_the_oldest_message_that_counts_leaves_the_week() -> None:
    sent = (NOW - timedelta(days=6), NOW - timedelta(days=5), NOW - timedelta(days=1))
    decision = decide(situation(sent=sent))
    assert decision.until == NOW + timedelta(days=2)


def test_night_postpones_to_the_next_moment_of_speaking() -> None:
    assert decide(situation(speak_at=TOMORROW)).until == TOMORROW


def test_rules_after_the_first_stop_are_recorded_as_not_evaluated_and_without_inputs() -> None:
    decision = decide(situation(switched_off=True, told=True))
    results = {o.rule: o.result for o in decision.outcomes}
    assert results["death_and_loss"] == "passed"
    assert results["switched_off"] == "stopped"
    assert {r for name, r in results.items() if name not in ("death_and_loss", "switched_off")} == {"not_evaluated"}
    assert decision.outcomes[-1].inputs == {}


def test_a_stop_is_recorded_with_the_facts_it_read() -> None:
    stopped = decide(situation(recipient_id="mai", guardians=("hoa",))).outcomes[7]
    assert (stopped.rule, stopped.result) == ("right_person", "stopped")
    assert stopped.inputs == {"recipient_id": "mai", "subject_id": "lan", "guardians": ["hoa"]}


def test_every_rule_names_only_facts_of_the_situation() -> None:
    unknown = {name for rule in RULES for name in rule.reads} - set(Situation.model_fields)
    assert unknown == set()


def test_every_rule_says_in_its_docstring_what_holds_when_it_passes() -> None:
    assert [rule.name for rule in RULES if not rule.check.__doc__] == []


def test_a_correction_passes_the_rules_that_ask_whether_there_is_something_to_tell() -> None:
    owed = situation(
        purpose=CORRECTION,
        occasion_state="cancelled",
        told=True,
        silenced=True,
        may_use=False,
        active_until=date(2026, 1, 1),
        sent=(NOW,) * 5,
    )
    assert outcome(decide(owed)) == ("send", None)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"dead": ("lan",)}, "death_and_loss"),
        ({"switched_off": True}, "switched_off"),
        ({"speak_at": TOMORROW}, "quiet_time"),
    ],
)
def test_a_correction_too_waits_for_day_and_stays_silent_after_a_death(facts: dict[str, Any], rule: str) -> None:
    assert decide(situation(purpose=CORRECTION, occasion_state="cancelled", **facts)).rule == rule


def test_a_rule_reads_nothing_that_it_does_not_name() -> None:
    """Each check runs on a stand-in that holds only the facts it declares."""

    class Only:
        def __init__(self, rule: Rule, facts: Situation) -> None:
            self.__dict__.update({name: getattr(facts, name) for name in rule.reads})

    far = datetime(2030, 1, 1, tzinfo=UTC)
    variants = [situation(), situation(settle_until=far, told=True, silenced=True, dead=("lan",), sent=(NOW,) * 3)]
    waiting = (answered("a", AnswerKind.LATER, date(2027, 1, 1)),) * 2
    variants.append(situation(answers=waiting, speak_at=TOMORROW, deadline=date(2026, 1, 1), may_use=False))
    for facts in variants:
        for rule in RULES:
            assert rule.check(Only(rule, facts)) == rule.check(facts)  # type: ignore[arg-type]
