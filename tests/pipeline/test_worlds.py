"""From what the engine told and what the truth holds to both worlds' figures."""

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.catalogue import known_features
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.sweep import sweep
from lifeevents.pipeline.worlds import cases_of, report_worlds
from lifeevents.simulate import load_rates
from lifeevents.simulate.rates import Rates
from lifeevents.testing.fakes import FakeDetector
from lifeevents.testing.ledger import InMemoryLedger
from tests.pipeline.test_sweep import DAY, NOW, Bucket, birth

BORN, UNTIL = date(2026, 10, 20), date(2027, 6, 30)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


@pytest.fixture(scope="module")
def rates() -> Rates:
    return load_rates("vn")


def told(pack: Pack) -> InMemoryLedger:
    """A mother was told, two days after the hospital's certificate, that the child c1 can be registered."""
    ledger, rules = InMemoryLedger(), rules_of(pack, known_features(pack.vocabulary))
    facts = {"sex": "F", "alive": True, "age_years": 30, "province": "01", "last_child_birth_on": None}
    found = birth("e1", "c1", on=BORN, milestone="birth_to_register", facts=facts)
    sweep(Bucket(), [FakeDetector("birth_to_register", [found])], ledger, pack, rules, as_of=DAY, now=NOW)
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    return ledger


def lived(folder: Path, registered: date | None, *, mother_died: date | None = None, born: date = BORN) -> Path:
    """The dump and the truth of a mother and her child, whose birth is registered on a day, or never."""
    (folder / "truth").mkdir()
    people = {"subject_id": ["mother", "c1"], "born_on": [date(1995, 1, 1), born],
              "died_on": pa.array([mother_died, None], pa.date32())}  # fmt: skip
    recorded = pa.array([datetime.combine(BORN, NOW.time()), registered and datetime.combine(registered, NOW.time())],
                        pa.timestamp("us"))  # fmt: skip
    events = {"subject_id": ["c1", "c1"], "event": ["birth_certified", "birth"], "occurred_on": [born, born],
              "recorded_at": recorded}  # fmt: skip
    values = {"subject_id": ["c1"], "name": ["health_card_valid_to"], "value": [date(2032, 10, 20)],
              "valid_from": [date(2026, 12, 1)]}  # fmt: skip
    home = {"subject_id": ["mother"], "name": ["province"], "value": ["01"], "valid_from": [date(2020, 1, 1)]}
    for name, table in (("subjects", people), ("events", events), ("attributes", values)):
        pq.write_table(pa.table(table), folder / "truth" / f"{name}.parquet")
    pq.write_table(pa.table(home), folder / "attributes.parquet")
    return folder


def cases(pack: Pack, rates: Rates, dump: Path, since: date = date(2026, 10, 1)):
    return cases_of(told(pack), pack, rates, dump, since=since, until=UNTIL, seed=1)


def test_a_birth_that_is_told_of_is_one_case_with_the_day_it_is_registered_untold(pack, rates, tmp_path) -> None:
    (case,) = cases(pack, rates, lived(tmp_path, date(2027, 2, 1)))
    assert (case.milestone, case.procedure) == ("birth_to_register", "birth.interlinked")
    assert (case.person.subject_id, case.told_on) == ("mother", NOW.date())
    assert (case.matter.opens, case.matter.lived, case.matter.own) == (BORN, True, date(2027, 2, 1))
    assert case.last == date(2026, 12, 19)
    assert case.papers >= 1


def test_a_birth_that_is_never_registered_is_never_done_untold(pack, rates, tmp_path) -> None:
    (case,) = cases(pack, rates, lived(tmp_path, None))
    assert case.matter.lived
    assert case.matter.own is None


def test_a_notice_that_the_truth_does_not_bear_out_is_a_case_of_nothing(pack, rates, tmp_path) -> None:
    (case,) = cases(pack, rates, lived(tmp_path, date(2026, 11, 20), born=date(2026, 10, 18)))
    assert not case.matter.applies


def test_the_dead_do_nothing_any_more(pack, rates, tmp_path) -> None:
    (case,) = cases(pack, rates, lived(tmp_path, None, mother_died=date(2027, 1, 1)))
    assert case.matter.applies
    assert case.matter.closes == date(2026, 12, 31)


def test_what_began_before_the_service_is_not_its_gain(pack, rates, tmp_path) -> None:
    assert cases(pack, rates, lived(tmp_path, None), since=date(2026, 10, 21)) == []


def test_a_deadline_missed_untold_and_met_on_the_notice_is_the_services_gain(pack, rates, tmp_path) -> None:
    eager = {
        "notices": dict.fromkeys(("online", "helped", "counter"), 1.0),
        "not_wanted": 0.0,
        "notice_delay_days": 0.1,
    }
    changed = {name: getattr(rates.behaviour, name).model_copy(update={"value": v}) for name, v in eager.items()}
    heeding = rates.model_copy(update={"behaviour": rates.behaviour.model_copy(update=changed)})
    report = report_worlds(told(pack), pack, heeding, lived(tmp_path, date(2027, 2, 1)), since=date(2026, 10, 1),
                           told_to=date(2026, 12, 31), until=UNTIL, seed=1)  # fmt: skip
    assert report["simulated"] is True
    assert (report["in_all"]["missed"]["without"], report["in_all"]["missed"]["with"]) == (1, 0)
    assert report["in_all"]["waited"]["value"] == (date(2027, 2, 1) - NOW.date()).days
    (service,) = report["services"]
    assert (service["procedure"], service["lived"], service["cases"]) == ("birth.interlinked", True, 1)


def test_every_lived_service_is_one_that_its_milestone_offers_and_a_register_tells_of(pack, rates) -> None:
    for entry in rates.behaviour.lived:
        assert entry.procedure in {procedure.id for procedure in pack.offers(entry.milestone)}
        assert entry.event is None or entry.event in pack.vocabulary.events
        assert entry.value is None or pack.vocabulary.attributes[entry.value].type == "date"
