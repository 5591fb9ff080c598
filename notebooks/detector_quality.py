# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Is a detector right as often as it says?
#
# A small invented population, one detector trained on it in three cells, and what to look at before it speaks to
# anybody. Nothing is fetched and nothing is left behind.

# %%
import logging
import warnings
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from features.catalogue import features, known_features
from features.lake import LakeFeatures
from features.repo import open_repository
from lifeevents.domain.calendar import Period
from lifeevents.packs import load
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.simulate import load_rates, simulate
from models import boosted, floor, hazard
from models.ahead import chance, likeliest
from models.curves import bins_of, precision_recall, reliability
from models.dataset import reference_days, samples
from models.detectors import PredictedDetector
from models.evaluate import average_precision, interval
from models.registry import Registry
from models.task import Task
from models.train import train

warnings.simplefilter("ignore")  # after Feast, which sets a filter of its own when imported
logging.disable(logging.WARNING)
UNTIL, SEED, PEOPLE = date(2026, 11, 3), 7, 2_500
pack = load("vn", known_features)
folder = TemporaryDirectory()
root = Path(folder.name)
open_repository(root / "var" / "feast", pack.vocabulary)
simulate(root / "dump", people=PEOPLE, seed=SEED, until=UNTIL, rates=load_rates("vn"))
lake = Lake(root / "lake")
taken = import_dump(root / "dump", lake, pack.vocabulary)

# %% [markdown]
# ## Training is three cells
#
# First: which milestone. It is a YAML file of the country's pack; nothing about it is Python.

# %%
milestone = pack.milestones["move_expected"]
pd.Series(milestone.model_dump(include={"outcome", "at_risk", "horizon", "precision_floor"})).to_frame("move_expected")

# %% [markdown]
# Second: train. Samples come from past days, features through the feature store, and every training label has closed
# before the first test day. Beside the model stand logistic regression and the **age-sex floor**, the rate of people of
# that age and sex: a detector that does not beat it has learned nothing that a table would not say.

# %%
report = train(lake, pack, milestone, as_of=UNTIL, var=root / "var")
pd.DataFrame({"model": report.model, "logistic regression": report.logistic, "age-sex floor": report.floor}).round(4)

# %% [markdown]
# Third: the gates. A challenger that does not pass them all does not serve; the floor does. With so few people the
# intervals are wide, and that is the first thing to read.

# %%
pd.DataFrame([gate.model_dump() for gate in report.gates]).set_index("name")

# %% [markdown]
# ## What it says of people today
#
# One model gives the chance of every month ahead. The chance within 3, 6 and 12 months is one minus the product of the
# months' complements, so the three can never contradict each other.

# %%
stored = Registry(root / "var").load(milestone.id, "champion" if report.promoted else "challenger")
detector = PredictedDetector(milestone, known_features(pack.vocabulary), stored)
snapshot = LakeFeatures(lake, pack.vocabulary).snapshot(0, UNTIL, since=UNTIL)
months = detector.hazards(snapshot.rows, UNTIL)
months = months[np.isfinite(months[:, 0])]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for within, colour in ((3, "#8a4b08"), (6, "#536064"), (12, "#0d5f63")):
    left.hist(chance(months, within), bins=40, histtype="step", color=colour, label=f"{within} months")
left.set(title="Chance to move", xlabel="chance", ylabel="people", yscale="log")
left.legend()
right.bar(*np.unique(likeliest(months), return_counts=True), color="#0d5f63")
right.set(title="Likeliest month ahead", xlabel="month ahead", ylabel="people")
plt.show()

# %% [markdown]
# ## Held against later days, by hand
#
# The same question without the machinery around it: samples of past days, a fit, and days that come after every
# training label has closed.

# %%
YEAR, HALF = Period(months=12), Period(months=6)
late = reference_days(UNTIL, YEAR, count=2, gap=HALF)
early = reference_days(late[0], YEAR, count=6, gap=HALF)
con = duckdb.connect()
lake.attach(con)
task = Task(id="move", outcome=("move",), horizon=YEAR, at_risk="kind = 'person' AND age_years >= 18")
found = samples(con, pack.vocabulary, task, (*early, *late), known_by=UNTIL)
training, test = found.on(early), found.on(late)
fitted = hazard.fit(training.rows, training.labels, features(pack.vocabulary))
trees = boosted.read(fitted.trees) if fitted.trees else None
p, floor_p = hazard.predict(fitted.model, trees, test.rows), floor.predict(fitted.model.floor, test.rows)
moved, who = test.labels, np.asarray(test.rows["subject_id"].to_pylist(), dtype=str)
low, high = interval(moved, p, who, average_precision)
print(f"average precision {average_precision(moved, p):.3f} (95% by person: {low:.3f} to {high:.3f})")
print(f"of the floor {average_precision(moved, floor_p):.3f}; {test.positives} moves in {len(test):,} test samples")

# %% [markdown]
# **Reliability**: of those told "5%", did 5% move? A point on the diagonal is an honest chance. **Reach against
# precision**: how many of the moves are reached when one speaks only to the likeliest, and how often one is right. The
# dotted line is speaking to everybody.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for name, chances, colour in (("detector", p, "#0d5f63"), ("age-sex floor", floor_p, "#8a4b08")):
    bins = reliability(moved, chances, bins_of(chances, int(moved.sum())))
    left.plot([one.chance for one in bins], [one.share for one in bins], "o-", color=colour, label=name)
    curve = precision_recall(moved, chances)
    right.plot(curve.x, curve.y, color=colour, label=name)
most = max(left.get_xlim()[1], left.get_ylim()[1])
left.plot([0, most], [0, most], ":", color="#536064")
left.set(title="Reliability", xlabel="chance said", ylabel="share that moved")
right.axhline(moved.mean(), linestyle=":", color="#536064")
right.set(title="Reach against precision", xlabel="reach", ylabel="precision", ylim=(0, None))
left.legend()
plt.show()

# %% [markdown]
# What drives it? Each sample's log odds are a sum of contributions; their mean size shows which features the model
# leans on. Whatever stands here must make sense to somebody who knows the registers, or the data have a leak.

# %%
shares = hazard.contributions(fitted.model, trees, test.rows)
weights = pd.Series(np.abs(shares).mean(axis=0), index=[column.name for column in fitted.model.columns])
weights.groupby(level=0).sum().nlargest(10).rename("mean absolute contribution").to_frame().round(3)

# %%
con.close()
folder.cleanup()
