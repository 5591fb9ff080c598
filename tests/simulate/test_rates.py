"""Rates come from the pack with their origins, and a wrong file is named."""

import re
import shutil

import pytest

from lifeevents.domain.errors import PackError
from lifeevents.packs.loader import HOME
from lifeevents.simulate import load_rates
from lifeevents.simulate.facts import Origin


def _origins(value):
    if isinstance(value, Origin):
        yield value
    for name in getattr(type(value), "model_fields", {}):
        yield from _origins(getattr(value, name))
    if isinstance(value, (tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _origins(item)


@pytest.fixture
def pack(tmp_path):
    shutil.copytree(HOME / "vn", tmp_path / "vn")
    return tmp_path / "vn"


def _edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_figure_says_where_it_is_from_and_each_source_is_explained(rates):
    origins = list(_origins(rates))
    assert len(origins) > 80
    keys = {key for origin in origins for key in re.findall(r"\b[A-Z]{3,}\d*\b", origin.source)}
    assert keys <= rates.sources.keys()


def test_a_figure_without_an_origin_is_refused(pack):
    _edit(pack / "rates" / "mortality.yaml", "  {value: 0.25, source: MODEL, confidence: assumed}", "  {value: 0.25}")
    with pytest.raises(PackError, match=r"mortality\.frailty_variance\.source"):
        load_rates(pack)


def test_an_unknown_rate_is_refused(pack):
    _edit(pack / "rates" / "pension.yaml", "slow_share:", "slow_shares:")
    with pytest.raises(PackError, match=r"pension\.slow_share"):
        load_rates(pack)


def test_a_pack_without_a_rates_file_is_told_which_one(pack):
    (pack / "rates" / "work.yaml").unlink()
    with pytest.raises(PackError, match=r"rates/work\.yaml"):
        load_rates(pack)


def test_a_register_without_a_lag_is_named(pack):
    _edit(pack / "rates" / "registering.yaml", ", tax: 20.0", "")
    with pytest.raises(PackError, match="differ in tax"):
        load_rates(pack)


def test_an_event_that_no_register_delivers_is_refused_with_the_nearest(rates):
    import numpy as np

    from lifeevents.simulate.reporting import Registers

    registers = Registers(rates.registers, rates.registering.lag_days.value, np.random.default_rng(1))
    with pytest.raises(PackError, match="Did you mean birth_certified"):
        registers.event("birth_certificate", np.array([1]), 0)
