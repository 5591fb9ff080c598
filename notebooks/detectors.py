# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Detectors: quality, fairness, drift
#
# A small invented population, one detector trained on it, and the three questions anyone should ask before it speaks to
# people: is it right as often as it says, whom does it leave out, and does it still fit today? Nothing is fetched and
# nothing is left behind.

# %%
import logging
import warnings
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from features.catalogue import known_features
from features.lake import LakeFeatures
from features.repo import open_repository
from lifeevents.packs import load
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.simulate import load_rates, simulate
from models.ahead import chance, likeliest
from models.detectors import PredictedDetector
from models.monitor import watch
from models.registry import Registry
from models.train import train

warnings.simplefilter("ignore")  # after Feast, which sets a filter of its own when imported
logging.disable(logging.WARNING)
UNTIL, SEED, PEOPLE = date(2026, 11, 3), 7, 4_000
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
# before the first test day.

# %%
report = train(lake, pack, milestone, as_of=UNTIL, var=root / "var")
pd.DataFrame({"model": report.model, "logistic regression": report.logistic, "age-sex floor": report.floor}).round(4)

# %% [markdown]
# Third: the gates. A challenger that does not pass them all does not serve; the age-sex floor does. With so few people
# the intervals are wide, and that is the first thing to read.

# %%
pd.DataFrame([gate.model_dump() for gate in report.gates]).set_index("name")

# %% [markdown]
# ## What it says of people today
#
# One model gives the chance of every month ahead. The chance within 3, 6 and 12 months is one minus the product of the
# months' complements, so the three can never contradict each other.

# %%
registry = Registry(root / "var")
stored = registry.load(milestone.id, "champion" if report.promoted else "challenger")
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
# ## Whom does it leave out?
#
# Of the true events in the test, how many would have been told, group by group? The groups come from an audit's own
# view; the model never reads it. A group surely under 0.8 of the best refuses the detector, unless the milestone's file
# gives a reason in words.

# %%
groups = pd.DataFrame([one.model_dump() for one in report.reach] or [{"view": "none", "group": "nobody is spoken to"}])
groups.head(12)

# %%
figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
if report.reach:
    axes.barh([f"{one.view} {one.group}" for one in report.reach][:12], [one.share for one in report.reach][:12])
    axes.axvline(0.8, linestyle=":", color="#8a4b08")
axes.set(title="Reach against the best group", xlabel="share of the best")
plt.show()

# %% [markdown]
# ## Does it still fit?
#
# The lake knows what was known on any day, so the day of the test can be computed again and laid beside today's: how
# far inputs and chances have drifted (PSI), and whether as many events came as were said.

# %%
pd.DataFrame([one.model_dump(exclude={"as_of", "reasons"}) for one in watch(lake, pack, root / "var", as_of=UNTIL)])

# %% [markdown]
# ## Adding a milestone
#
# Copy a YAML file of `packs/vn/milestones`, change `outcome`, `at_risk` and the texts, and run the three training
# cells. Asked here in Python, so that nothing is written: who changes residence again within half a year?

# %%
half = milestone.model_copy(update={"id": "move_within_half_a_year", "horizon": "P6M", "precision_floor": 0.05})
shorter = train(lake, pack, half, as_of=UNTIL, var=root / "var")
pd.DataFrame({"P12M": report.model, "P6M": shorter.model}).round(4)

# %% [markdown]
# Had the newer model been a mistake, `lifeevents models rollback MILESTONE` gives the one before back in one command.

# %%
folder.cleanup()
