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
# # Whom does a detector leave out?
#
# An offer that reaches one group less than another is no favour to it. The groups below come from an audit's own view
# of people; the model never reads it (disability, ethnicity, religion and nationality are on the deny-list).

# %%
import logging
import warnings
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyarrow.compute as pc

from features.catalogue import known_features
from features.lake import LakeFeatures
from features.repo import open_repository
from lifeevents.packs import load
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.simulate import load_rates, simulate
from models.detectors import PredictedDetector
from models.fairness import views
from models.registry import Registry
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
# ## One detector
#
# It speaks from a threshold that holds the milestone's `precision_floor`; below, whom that reaches.

# %%
milestone = pack.milestones["household_business_registration"]
report = train(lake, pack, milestone, as_of=UNTIL, var=root / "var")
pd.Series(report.threshold.model_dump() if report.threshold else {"threshold": "none: it speaks to nobody"}).to_frame(
    "on the test days"
)

# %% [markdown]
# ## Of the true events, how many were told?
#
# Group by group, against the best group of its view. A group surely under 0.8 (95% on both sides) refuses the detector,
# unless the milestone's file gives a reason in words (`uneven`). Groups with fewer than 25 events say too little to be
# compared: in a small population most are missing here, and that is said rather than guessed.

# %%
groups = pd.DataFrame([one.model_dump() for one in report.reach] or [{"view": "none", "group": "no group has events"}])
groups.head(12)

# %%
figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
names = [f"{one.view} {one.group}" for one in report.reach][:12]
axes.barh(names, [one.share for one in report.reach][:12], color="#0d5f63")
axes.axvline(0.8, linestyle=":", color="#8a4b08")
axes.set(title="Reach against the best group", xlabel="share of the best", xlim=(0, 1.05))
plt.show()

# %% [markdown]
# ## Who is spoken to today?
#
# A different question: not who of those with the event, but who at all. Groups may differ here because their lives do;
# what must not happen is that one is asked about less because less is known of it. So the share of whom the detector is
# silent about (it *abstains* where too little is known) stands beside the share at or over the threshold.

# %%
stored = Registry(root / "var").load(milestone.id, "champion" if report.promoted else "challenger")
detector = PredictedDetector(milestone, known_features(pack.vocabulary), stored)
source = LakeFeatures(lake, pack.vocabulary)
parts = []
for bucket in range(source.buckets):
    rows = source.snapshot(bucket, UNTIL, since=UNTIL).rows
    adults = rows.filter((pc.field("kind") == "person") & (pc.field("age_years") >= 18))
    parts.append(pd.DataFrame({**views(adults), "chance": detector.chances(adults, UNTIL)}))
people = pd.concat(parts)
threshold = stored.artefact.threshold
people["told"] = people["chance"] >= (threshold.p if threshold else np.inf)
people["silent"] = people["chance"].isna()
views_of = ("sex", "age", "place")
shares = pd.concat({view: people[people[view] != ""].groupby(view)[["told", "silent"]].mean() for view in views_of})
shares.round(3)

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained", sharey=True)
labels = [f"{view} {group}" for view, group in shares.index]
for panel, column, colour in zip(axes, ("told", "silent"), ("#0d5f63", "#8a4b08"), strict=True):
    panel.barh(labels, shares[column], color=colour)
    panel.set(title=f"Share {column}", xlabel="share of adults")
plt.show()

# %% [markdown]
# ## What to do about it
#
# Raise the reach of the short group by a feature that knows it better, or lower the precision that is asked for. If
# neither helps and the difference is one of lives, write the reason into the milestone's file, where everybody can read
# it and object.

# %%
folder.cleanup()
