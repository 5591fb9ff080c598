"""The two worlds of a small population, by the real engine, database and outbox, in two weeks of service."""

from datetime import date

import pytest

from serving.bootstrap import Product
from serving.settings import Settings
from serving.worlds import two_worlds


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> dict:
    product = Product(Settings(var=tmp_path_factory.mktemp("var")))
    until = date(2026, 11, 20)
    return two_worlds(product, people=1_500, seed=2, until=until, served="P7D", tell=lambda *_: None)


def test_only_what_began_while_the_service_ran_is_counted_and_it_is_called_simulated(report):
    assert report["simulated"] is True
    assert (report["since"], report["told_to"], report["until"]) == ("2026-05-13", "2026-05-20", "2026-11-20")
    assert report["in_all"]["cases"] > 10
    assert report["in_all"]["cases"] == report["lived"]["cases"] + report["drawn"]["cases"]
    assert report["in_all"]["cases"] == sum(service["cases"] for service in report["services"])


def test_no_measure_is_worse_with_the_service(report):
    for measure in ("missed", "lost", "waited", "done", "asked"):
        gain = report["in_all"][measure]
        assert 0 <= gain["low"] <= gain["value"] <= gain["high"]


def test_papers_are_asked_for_less_often(report):
    assert report["in_all"]["asked"]["value"] > 0


def test_the_fifty_per_cent_is_counted_of_the_time_in_which_people_were_told(report):
    covered = report["coverage"]
    assert (covered["as_of"], covered["simulated"]) == ("2026-05-20", True)
    assert sum(service["reached"] for service in covered["services"]) > 0
