"""Training, the gate, the registry, and what the detector then says."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from features.catalogue import known_features
from features.lake import LakeFeatures
from lifeevents.domain.calendar import Period, plus
from lifeevents.domain.errors import LifeEventsError, NotFound, Unavailable
from lifeevents.ports import Silence, Snapshot
from models.ahead import likeliest
from models.asking import Asking
from models.detectors import build
from models.monitor import watch
from models.predicted import PredictedDetector
from models.registry import Registry
from models.train import TrainReport, Unlearnable, train

AS_OF = date(2026, 11, 3)


@pytest.fixture(scope="module")
def trade_matters(lake_of, pack, predicted, tmp_path_factory):
    """(lake, var, report) of a world in which a trade makes opening a business eight times as likely."""
    lake, var = lake_of(3000, 8.0), tmp_path_factory.mktemp("var")
    return lake, var, train(lake, pack, predicted, as_of=AS_OF, var=var, asking=Asking(lake, pack, AS_OF, cohort=1200))


@pytest.fixture(scope="module")
def world_turned(lake_of, pack, predicted, tmp_path_factory):
    """(lake, var, report) of a world that turned round before the test days: what was learned is wrong."""
    lake, var = lake_of(3000, 8.0, flips=True), tmp_path_factory.mktemp("var")
    return lake, var, train(lake, pack, predicted, as_of=AS_OF, var=var, asking=Asking(lake, pack, AS_OF, cohort=1200))


def detector(pack, predicted, var: Path) -> PredictedDetector:
    known = known_features(pack.vocabulary)
    return PredictedDetector(predicted, known, Registry(var).load(predicted.id), pack.vocabulary)


def snapshot(lake, pack, bucket: int = 0) -> Snapshot:
    return LakeFeatures(lake, pack.vocabulary).snapshot(bucket, AS_OF, since=AS_OF)


def having(rows: pa.Table, name: str, value: object) -> pa.Table:
    """The rows with one column set to one value."""
    field = rows.schema.field(name)
    return rows.set_column(rows.schema.get_field_index(name), field, pa.array([value] * rows.num_rows, field.type))


def test_no_training_label_was_still_open_on_the_first_test_day(trade_matters):
    report = trade_matters[2]
    assert plus(max(report.train_days), Period(months=12)) <= min(report.test_days)
    assert plus(max(report.test_days), Period(months=12)) <= AS_OF


def test_a_model_that_beats_the_floor_is_promoted_and_loaded_by_its_digest(trade_matters, predicted):
    _, var, report = trade_matters
    assert report.promoted
    assert report.model["average_precision"] > report.floor["average_precision"]
    assert report.auc_interval[0] < report.model["auc"] < report.auc_interval[1]
    stored = Registry(var).load(predicted.id)
    assert (stored.sha256, stored.artefact.kind) == (report.sha256, "model")


def test_the_chances_are_the_worlds_own(trade_matters, pack, predicted):
    """With a trade 0.8% a month, so 9.2% a year; without 0.1%, so 1.2%."""
    lake, var, _ = trade_matters
    made, rows = detector(pack, predicted, var), snapshot(lake, pack).rows
    p, trade = made.chances(rows, AS_OF), np.asarray(rows["insured"].to_pylist()) == "voluntary"
    at_risk = np.asarray(rows["count_household_business_opened"].to_pylist()) == 0
    assert p[trade & at_risk].mean() == pytest.approx(0.092, abs=0.025)
    assert p[~trade & at_risk].mean() == pytest.approx(0.012, abs=0.005)


def test_the_detector_speaks_of_those_at_risk_with_a_chance_and_a_reason(trade_matters, pack, predicted):
    lake, var, report = trade_matters
    found = [one for b in range(lake.buckets) for one in detector(pack, predicted, var).detect(snapshot(lake, pack, b))]
    assert len(found) > 10
    assert {one.facts["count_household_business_opened"] for one in found} == {0}
    one = found[0]
    assert (one.kind, one.anchor, one.active_until) == ("predicted", AS_OF.isoformat(), date(2027, 11, 3))
    assert one.detector == f"model:{report.sha256[:16]}"
    threshold = Registry(var).load(predicted.id).artefact.threshold
    assert all(one.probability >= threshold.p for one in found)
    traders = [one for one in found if one.facts["insured"] == "voluntary"]
    assert traders
    assert all("insured" in {fact.name for fact in one.why} for one in traders)


def test_nobody_who_is_not_at_risk_dead_or_of_unknown_age_is_spoken_of(trade_matters, pack, predicted):
    lake, var, _ = trade_matters
    made, whole = detector(pack, predicted, var), snapshot(lake, pack)
    told = {one.subject_id for one in made.detect(whole)}
    at_risk = whole.rows.filter(np.asarray([id in told for id in whole.rows["subject_id"].to_pylist()]))
    for name, value in (("alive", False), ("age_years", None), ("sex", None), ("count_household_business_opened", 9)):
        rows = having(at_risk, name, value)
        assert list(made.detect(Snapshot(AS_OF, rows, whole.events))) == [], name
    assert len(list(made.detect(Snapshot(AS_OF, at_risk, whole.events)))) == len(told)


def test_a_person_of_whom_far_less_is_known_than_in_training_is_not_judged(trade_matters, pack, predicted):
    lake, var, _ = trade_matters
    made, whole = detector(pack, predicted, var), snapshot(lake, pack)
    assert np.isfinite(made.chances(whole.rows, AS_OF)).mean() > 0.9
    rows, kept = whole.rows, {"subject_id", "sex", "age_years"}
    for name in rows.column_names:
        if name not in kept:
            rows = having(rows, name, None)
    assert np.isnan(made.chances(rows, AS_OF)).all()


SILENT_OUTCOME = Silence("business", None, date(2026, 1, 1), 9)


def test_while_the_register_of_the_outcome_is_silent_it_says_nothing_and_of_how_many(trade_matters, pack, predicted):
    lake, var, _ = trade_matters
    made, whole = detector(pack, predicted, var), snapshot(lake, pack)
    starved = replace(whole, silent=(SILENT_OUTCOME,))
    assert list(made.detect(whole))
    assert made.abstains(whole) == {}
    assert list(made.detect(starved)) == []
    ((why, many),) = made.abstains(starved).items()
    assert why == "not known now: business silent since 2026-01-01"
    assert many > len(list(made.detect(whole)))
    assert made.chance(starved, whole.rows["subject_id"][0].as_py()).value is None


def test_a_register_it_leans_on_silences_it_and_one_that_it_hardly_reads_does_not(trade_matters, pack, predicted):
    lake, var, _ = trade_matters
    made, whole = detector(pack, predicted, var), snapshot(lake, pack)
    leans_on = Registry(var).load(predicted.id).artefact.leans_on
    assert sum(leans_on.values()) == pytest.approx(1.0)
    assert sum(share for name, share in leans_on.items() if "insured" in name) > 0.3
    for register, speaks in (("social_insurance", False), ("transport", True)):
        said = list(made.detect(replace(whole, silent=(Silence(register, None, date(2026, 1, 1), 9),))))
        assert bool(said) is speaks, register


def test_a_province_of_which_nothing_is_heard_is_left_out_and_the_others_are_told(trade_matters, pack, predicted):
    lake, var, _ = trade_matters
    made, whole = detector(pack, predicted, var), snapshot(lake, pack)
    homes = pa.array(["79" if number % 2 else "01" for number in range(whole.rows.num_rows)])
    rows = whole.rows.set_column(whole.rows.schema.get_field_index("province"), "province", homes)
    home = dict(zip(rows["subject_id"].to_pylist(), homes.to_pylist(), strict=True))
    spoken = {one.subject_id for one in made.detect(replace(whole, rows=rows))}
    starved = replace(whole, rows=rows, silent=(replace(SILENT_OUTCOME, place="79"),))
    heard = {subject for subject in spoken if home[subject] == "01"}
    assert heard
    assert heard != spoken
    assert {one.subject_id for one in made.detect(starved)} == heard


def test_a_model_that_a_gate_refuses_is_not_promoted_and_the_floor_speaks(world_turned, pack, predicted):
    lake, var, report = world_turned
    assert not report.promoted
    assert "calibration slope" in {gate.name for gate in report.gates if not gate.passed}
    assert Registry(var).load(predicted.id, "challenger").artefact.kind == "model"
    champion = Registry(var).load(predicted.id)
    assert (champion.artefact.kind, champion.trees) == ("floor", "")
    made = detector(pack, predicted, var)
    assert made.version.startswith("floor:")
    rows = snapshot(lake, pack).rows
    one_age_and_sex = rows.filter(np.asarray(rows["age_years"].to_pylist()) == 40)
    chances = made.chances(one_age_and_sex, AS_OF)
    assert len({round(float(p), 9) for p in chances}) <= 2


def test_a_model_file_that_was_touched_is_not_served(trade_matters, pack, predicted):
    _, var, _ = trade_matters
    file = next((var / "mlflow" / "artifacts").rglob("model.json"))
    content = file.read_bytes()
    try:
        file.write_bytes(content.replace(b'"intercept": ', b'"intercept": 9', 1))
        with pytest.raises(Unavailable, match="digest differs"):
            detector(pack, predicted, var)
    finally:
        file.write_bytes(content)


def test_without_a_champion_the_command_to_run_is_named(pack, predicted, tmp_path):
    with pytest.raises(NotFound, match="Run: lifeevents train"):
        build(pack, known_features(pack.vocabulary), tmp_path)


def test_a_history_too_short_for_the_horizon_is_said_in_dates(lake_of, pack, predicted, tmp_path):
    lake = lake_of(300, 8.0)
    with pytest.raises(LifeEventsError, match="business delivers since 2016-01-10"):
        train(lake, pack, predicted, as_of=date(2017, 6, 1), var=tmp_path)


def test_one_command_gives_back_the_champion_before_and_the_detector_serves_it(trade_matters, pack, predicted):
    lake, var, report = trade_matters
    registry, rows = Registry(var), snapshot(lake, pack).rows
    before = detector(pack, predicted, var)
    day = date(2026, 5, 3)
    again = train(lake, pack, predicted, as_of=day, var=var, asking=Asking(lake, pack, day, cohort=600))
    assert registry.load(predicted.id).version == again.version != report.version
    assert detector(pack, predicted, var).version != before.version
    assert registry.rollback(predicted.id) == (again.version, report.version)
    after = detector(pack, predicted, var)
    assert after.version == before.version
    assert np.array_equal(after.chances(rows, AS_OF), before.chances(rows, AS_OF), equal_nan=True)
    with pytest.raises(NotFound, match="no earlier champion"):
        registry.rollback(predicted.id)


def test_three_months_are_likelier_in_twelve_and_the_likely_month_is_ahead(trade_matters, pack, predicted):
    lake, var, _ = trade_matters
    made, rows = detector(pack, predicted, var), snapshot(lake, pack).rows
    quarter, year = made.within(rows, AS_OF, 3), made.chances(rows, AS_OF)
    sure = np.isfinite(year)
    assert (quarter[sure] < year[sure]).all()
    assert set(likeliest(made.hazards(rows, AS_OF)[sure]).tolist()) <= set(range(1, 13))


def test_every_run_brings_its_card_its_gates_and_what_it_was_made_of(trade_matters, predicted):
    _, var, report = trade_matters
    card = Registry(var).text(report.run_id, "card.md")
    assert card is not None
    assert all(gate.name in card and gate.said in card for gate in report.gates)
    assert len(report.gates) == 5
    kept = Registry(var).text(report.run_id, "card.json")
    assert kept is not None
    assert TrainReport.model_validate_json(kept) == report


def test_every_run_keeps_its_pictures_and_they_are_small(trade_matters):
    _, var, report = trade_matters
    found = {path.name: path.read_bytes() for path in (var / "mlflow" / "artifacts").rglob(f"{report.run_id}/**/*.png")}
    assert set(found) == {"reliability.png", "precision-reach.png", "lead.png", "importance.png"}
    assert all(picture.startswith(b"\x89PNG") and len(picture) < 100_000 for picture in found.values())


def test_an_outcome_that_never_came_leaves_a_detector_that_speaks_to_nobody(trade_matters, pack, tmp_path):
    lake = trade_matters[0]
    never = pack.milestones["enterprise_expected"].model_copy(
        update={"subject": "person", "at_risk": "age_years >= 18"}
    )
    with pytest.raises(Unlearnable, match="speaks to nobody"):
        train(lake, pack, never, as_of=AS_OF, var=tmp_path, asking=Asking(lake, pack, AS_OF, people=400, cohort=200))
    silent = PredictedDetector(never, known_features(pack.vocabulary), Registry(tmp_path).load(never.id))
    assert list(silent.detect(snapshot(lake, pack))) == []


def test_a_world_that_turned_is_a_reason_to_train_again_and_a_steady_one_is_not(trade_matters, world_turned, pack):
    lake, var, _ = trade_matters
    (steady,) = watch(lake, pack, var, as_of=AS_OF)
    assert steady.reasons == ()
    assert steady.came is not None
    assert steady.expected is not None
    assert 0.5 < steady.came / steady.expected < 2
    (turned,) = watch(world_turned[0], pack, var, as_of=AS_OF)
    assert "slope_off" in turned.reasons
    assert turned.slope is not None
    assert turned.slope_high is not None
    assert turned.slope < turned.slope_high < 0.9
    assert sum(one.people for one in steady.calibration) > 100
    assert min(one.people for one in steady.calibration) >= 10
