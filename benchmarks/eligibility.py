"""`python -m benchmarks.eligibility`: every procedure's rule over a table of imagined people: seconds, peak memory.

The facts are drawn at random, a tenth of each unknown: this measures how long asking takes, not who may have what.
"""

import argparse
import json
import os
from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.measure import apart
from features.catalogue import known_features
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.engine.eligibility import every_rule
from lifeevents.packs import load
from lifeevents.pipeline.entitled import entitled

UNKNOWN = 0.1
FIRST = date(1930, 1, 1)


def main() -> None:
    """Measure in a process of its own and print one line of JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--threads", type=int, default=2)
    given = asked.parse_args()
    load_before = os.getloadavg()[0]
    ran = apart(asking, given.people, given.rounds, given.threads)
    print(json.dumps({**ran.found, "peak_mb": round(ran.peak_mb), "load_before": round(load_before, 1)}))


def asking(people: int, rounds: int, threads: int) -> Mapping[str, Any]:
    """All rules over `people` rows, `rounds` times: the median seconds, on the clock and of the processors."""
    pack = load("vn", known_features)
    known = known_features(pack.vocabulary)
    rules = every_rule(pack, known)
    names = sorted({name for rule in rules for name in rule.names})
    rows = imagined(pack, {name: known[name] for name in names if name in known}, people)
    seconds, processor = [], []
    for _ in range(rounds):
        started, spent = perf_counter(), process_time()
        found = entitled(rules, rows, threads=threads)
        seconds.append(perf_counter() - started)
        processor.append(process_time() - spent)
    told = sum(one.yes for one in found)
    return {
        "people": people,
        "procedures": len(pack.procedures),
        "rules": len(rules),
        "facts": len(names),
        "seconds": round(median(seconds), 2),
        "processor_seconds": round(median(processor), 2),
        "yes": told,
    }


def imagined(pack: Pack, facts: Mapping[str, ValueType], people: int) -> pa.Table:
    """A table of persons: every fact at random from values of its type (codes of the pack, dates, small numbers)."""
    rng = np.random.default_rng(1)
    columns = {name: _column(pack, name, kind, people, rng) for name, kind in facts.items()}
    columns["kind"] = pa.array(np.where(rng.random(people) < 0.05, "business", "person"))
    columns["alive"] = pa.array(np.full(people, True))
    return pa.table(columns)


def _column(pack: Pack, name: str, kind: ValueType, people: int, rng: np.random.Generator) -> pa.Array:
    unknown = rng.random(people) < UNKNOWN
    if kind == "flag":
        return pa.array(rng.random(people) < 0.5, mask=unknown)
    if kind == "date":
        days = rng.integers(0, 36_500, people) + (FIRST - date(1970, 1, 1)) // timedelta(days=1)
        return pa.array(days.astype("datetime64[D]"), mask=unknown)
    if kind == "category":
        attribute = pack.vocabulary.attributes.get(name)
        codes = np.array((attribute.codes if attribute else None) or ("M", "F"))
        return pa.array(codes[rng.integers(0, len(codes), people)], mask=unknown)
    if kind == "number":
        return pa.array(rng.lognormal(20, 1.5, people), mask=unknown)
    return pa.array(rng.integers(0, 1_000 if "months" in name else 90, people), mask=unknown)


if __name__ == "__main__":
    main()
