"""`make bench`: a sweep at PEOPLE people, stage by stage, medians over ROUNDS, written as JSON and Markdown.

Each round takes its own lake and its own databases; the population and the trained models are made once.
"""

import argparse
import json
import os
import platform
import shutil
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks import stages
from benchmarks.measure import Ran, apart
from benchmarks.table import Row, markdown


def main() -> None:
    """Run, print the table, write var/bench/<people>.json and .md."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--out", type=Path, default=Path("var/bench"))
    given = asked.parse_args()
    work = given.out / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    load = os.getloadavg()[0]
    rows = measure(work, given.people, given.rounds)
    about = {
        "people": given.people,
        "rounds": given.rounds,
        "on": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }
    text = markdown(rows, about)
    body = {**about, "stages": [vars(row) for row in rows]}
    (given.out / f"{given.people}.json").write_text(json.dumps(body, indent=2) + "\n")
    (given.out / f"{given.people}.md").write_text(text)
    shutil.rmtree(work)
    print(text)


def measure(work: Path, people: int, rounds: int) -> list[Row]:
    """Every stage's median seconds and highest peak; `people` are those who live on the first day."""
    seconds: dict[str, list[float]] = defaultdict(list)
    peaks: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = {}

    def note(name: str, ran: Ran, key: str = "seconds") -> None:
        seconds[name].append(ran.found[key])
        peaks[name] = max(peaks[name], ran.peak_mb)

    for number in range(rounds):
        note("simulate", apart(stages.simulating, work / f"people{number}", people))
    dump, var = work / "people0" / "dump", work / "round0"
    for number in range(rounds):
        note("import", apart(stages.importing, work / f"round{number}", dump))
    note("train", apart(stages.training, var))
    for number in range(rounds):
        swept = apart(stages.sweeping, var, f"bench{number}")
        for stage in ("features", "detectors", "decisions"):
            note(stage, swept, stage)
        counts = {"subjects": swept.found["subjects"], "messages": swept.found["messages"]}
        stages.copy_database(stages.product_in(var), f"bench{number}", f"naive{number}")
        note("pandas", apart(stages.pandas_features, var))
        note("deliver", apart(stages.delivering_batches, var, f"bench{number}"))
        note("naive", apart(stages.delivering_singly, var, f"naive{number}"))
        asked = apart(stages.rules, var)
        note("rules", asked)
        note("python rules", asked, "peer")
        counts["rules"] = asked.found["rules"]
    return _rows({name: median(found) for name, found in seconds.items()}, peaks, people, counts)


def _rows(taken: dict[str, float], peaks: dict[str, float], people: int, counts: dict[str, int]) -> list[Row]:
    subjects, messages = counts["subjects"], counts["messages"]

    def row(name: str, number: int, unit: str, peer: str = "", beside: str = "") -> Row:
        against = taken[beside] if beside else None
        return Row(
            name, taken[name], number, unit, peaks[name], peer, against, against / taken[name] if against else None
        )

    rules = f"the same {counts['rules']} rules in Python, person by person"
    return [
        row("simulate", people, "people"),
        row("import", people, "people"),
        row("train", people, "people"),
        row("features", subjects, "subjects", "5 features in pandas, one process", "pandas"),
        row("detectors", subjects, "subjects"),
        row("decisions", messages, "messages"),
        row(
            "rules",
            subjects,
            "subjects",
            rules,
            "python rules",
        ),
        row("deliver", messages, "messages", "a transaction per message", "naive"),
    ]


if __name__ == "__main__":
    main()
