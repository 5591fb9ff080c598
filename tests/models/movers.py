"""A plain dump of people who move, and what is asked of it."""

import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path

REFS = [f"{year}-12-31" for year in range(2010, 2020)]
TASKS = [
    {
        "id": "move12", "target": ["move"], "horizon_months": 12, "min_age": 18, "attr": {"renter": 1},
        "split": "temporal", "train_refs": REFS[:6], "valid_refs": REFS[6:7], "test_refs": REFS[8:],
    },
    {
        "id": "move24", "target": ["move"], "horizon_months": 24, "not_event": ["death"], "split": "person5",
        "refs": REFS[:7:2], "need_attr_this_year": "wages",
    },
]  # fmt: skip


def write_movers(folder: Path) -> Path:
    """1,500 people; renters with low wages move, and wages are told every year."""
    draw = random.Random(5)
    persons, events, attributes = [], [], []
    for number in range(1500):
        id, born = f"q{number}", date(1940, 1, 1) + timedelta(days=draw.randrange(50 * 365))
        left = "2015-06-30" if draw.random() < 0.1 else "2022-12-31"
        persons.append([id, draw.choice("MF"), born, "day", "2009-01-01", left])
        renter = draw.random() < 0.7
        attributes.append([id, "2009-06-01", "renter", int(renter)])
        for year in range(2009, 2022):
            wages = draw.gauss(0, 1)
            attributes.append([id, f"{year}-12-31", "wages", round(wages, 3)])
            if draw.random() < (0.25 if renter and wages < -0.5 else 0.03):
                events.append([id, date(year + 1, draw.randrange(1, 13), 15), "move", "day", ""])
    for name, header, rows in (
        ("persons", "person_id,sex,birth_date,birth_precision,obs_from,obs_to", persons),
        ("events", "person_id,date,event,precision,detail", events),
        ("attributes", "person_id,valid_from,name,value", attributes),
    ):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([header.split(","), *rows])
    (folder / "tasks.json").write_text(json.dumps(TASKS))
    return folder
