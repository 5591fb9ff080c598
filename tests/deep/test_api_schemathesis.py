"""Schemathesis walks the API by its own description: every operation alone, then along the links from answer to answer.

Whatever is sent, valid or not: no status that is not described, no body that is not of its schema, no 5xx. The walk
runs on PostgreSQL with everyone of the small country told, and counts what it reached, so that it cannot pass by
standing still.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from lifeevents.domain.occasion import AnswerKind
from lifeevents.ports import Ledger
from lifeevents.store.database import connect
from lifeevents.store.ledger import PostgresLedger
from serving.api.answering import LONGEST_SNOOZE
from serving.api.app import create_app
from serving.api.explaining import EARLIEST, FURTHEST
from serving.api.service import Service
from serving.bootstrap import desk_of, explainer_of
from tests.deep.world import World, tell_everyone
from tests.serving.at_desk import VSS, agencies

EXAMPLES, ROUNDS, WALKS, STEPS = 300, 16, 25, 12
SETTINGS = settings(
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SLOW = {"GET /v1/subjects/{subject_id}/explanations": 60}
"""An explanation computes a person's features anew (half a second), so fewer are asked for."""
ANSWER = "POST /v1/subjects/{subject_id}/recommendations/{offer}/answers"
READ = "POST /v1/subjects/{subject_id}/inbox/{item}/read"


@pytest.fixture(scope="module")
def ledger(world: World, migrated_database: str) -> Iterator[Ledger]:
    """Everyone told, in a database of these tests' own."""
    engine = connect(migrated_database)
    ledger = PostgresLedger(engine)
    tell_everyone(world.product, ledger, world.online)
    yield ledger
    engine.dispose()


@pytest.fixture(scope="module")
def app(world: World, ledger: Ledger) -> FastAPI:
    product = world.product
    explainer = explainer_of(product)
    service = Service(
        ledger=ledger,
        pack=product.pack,
        clock=product.clock,
        explainer=explainer,
        demo=True,
        desk=desk_of(product),
        agencies=agencies(),
        types=product.known,
    )
    return create_app(service)


@pytest.fixture(scope="module")
def described(app: FastAPI, world: World) -> BaseSchema:
    """The API as it describes itself. Most of the subjects asked for are people who were told something."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    told = sorted({person for people in world.told.values() for person in people})

    @schema.hook
    def flatmap_path_parameters(context: object, path_parameters: dict[str, object] | None) -> st.SearchStrategy:
        if not path_parameters or "subject_id" not in path_parameters:
            return st.just(path_parameters)
        known = st.sampled_from(told).map(lambda person: path_parameters | {"subject_id": person})
        return known | known | known | st.just(path_parameters)

    @schema.hook
    def map_body(context: object, body: Any) -> Any:
        """A schema cannot say that a reminder lies within a year of today: move each date into that year."""
        if isinstance(body, dict) and (day := a_day(body.get("until"))):
            ahead = timedelta(days=1 + day.toordinal() % LONGEST_SNOOZE.days)
            body = body | {"until": (world.product.clock.now().date() + ahead).isoformat()}
        return body

    @schema.hook
    def map_query(context: object, query: dict[str, Any] | None) -> dict[str, Any] | None:
        """Nor that an explanation looks at most ten years ahead: move each day into its reach."""
        if query and (day := a_day(query.get("as_of"))):
            last = world.product.clock.now().date() + FURTHEST
            reach = (last - EARLIEST).days + 1
            query = query | {"as_of": (EARLIEST + timedelta(days=day.toordinal() % reach)).isoformat()}
        return query

    @schema.hook
    def map_headers(context: object, headers: dict[str, Any] | None) -> dict[str, Any]:
        """Nor that an event in binary mode has its attributes in headers."""
        return ATTRIBUTES | (headers or {})

    return schema


ATTRIBUTES = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "urn:vss", "ce-type": "vn.social_insurance"}
"""Of CloudEvents in binary mode; nobody reads them in another."""
JUDGED = {"POST /v1/events": [positive_data_acceptance, negative_data_rejection]}
"""Each event has its verdict: one of a good form may be none that a register delivers; a batch answers 207."""


def a_day(value: object) -> date | None:
    with suppress(TypeError, ValueError):
        return date.fromisoformat(value)  # type: ignore[arg-type]
    return None


def test_every_operation_answers_anything_as_described(described: BaseSchema, subtests: pytest.Subtests) -> None:
    for found in described.get_all_operations():
        operation = found.ok()
        valid, invalid = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

        @seed(1)
        @given(case=valid | invalid)
        @settings(SETTINGS, max_examples=SLOW.get(operation.label, EXAMPLES))
        def answers(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=VSS, excluded_checks=JUDGED.get(case.operation.label, []))

        with subtests.test(operation.label):
            answers()


def test_walks_along_the_links_reach_answers_and_stay_within_the_description(
    described: BaseSchema, ledger: Ledger
) -> None:
    reached: Counter[tuple[str, int]] = Counter()
    accepted: Counter[str] = Counter()
    wrong: list[FailureGroup] = []
    walked = described.include(path_regex="^/v1/(subjects|catalogue/procedures)/")

    class Walk(walked.as_state_machine()):  # type: ignore[misc]
        def after_call(self, response: Response, case: schemathesis.Case) -> None:
            super().after_call(response, case)
            reached[case.operation.label, response.status_code] += 1
            if (case.operation.label, response.status_code) == (ANSWER, 200):
                accepted[case.body["kind"]] += 1

        def validate_response(self, response: Response, case: schemathesis.Case, **how: Any) -> None:
            try:
                super().validate_response(response, case, **how)
            except FailureGroup as failure:
                wrong.append(failure)
                raise

    for number in range(ROUNDS):
        # What was answered stays answered, so a walk may find the next one's bundle empty: Hypothesis ends the round.
        with suppress(FlakyStrategyDefinition):
            seed(number)(Walk).run(settings=settings(SETTINGS, max_examples=WALKS, stateful_step_count=STEPS))
    assert not wrong
    assert reached[READ, 204] >= 50, reached
    assert reached[ANSWER, 409] >= 5, reached
    assert reached[ANSWER, 200] >= 100, reached
    assert set(accepted) >= {*AnswerKind} - {AnswerKind.TAKEN_BACK}, accepted
    with ledger.begin() as unit:
        assert sum(n for name, n in unit.counts().items() if name.startswith("answers.")) >= 20
