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
# # Adding a milestone
#
# A milestone is one YAML file of a country's pack. This page writes one into a copy of the Vietnamese pack, lets the
# loader find what is wrong with it, trains it in three cells, and sees whom it would speak to. Nothing is fetched and
# nothing is left behind.

# %%
import logging
import shutil
import warnings
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from features.catalogue import features, known_features
from features.lake import LakeFeatures
from features.repo import open_repository
from lifeevents.domain.errors import PackError
from lifeevents.packs import load
from lifeevents.packs.loader import HOME
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.simulate import load_rates, simulate
from models.detectors import PredictedDetector
from models.registry import Registry
from models.train import train

warnings.simplefilter("ignore")  # after Feast, which sets a filter of its own when imported
logging.disable(logging.WARNING)
UNTIL, SEED, PEOPLE = date(2026, 11, 3), 7, 2_500
folder = TemporaryDirectory()
root = Path(folder.name)
mine = Path(shutil.copytree(HOME / "vn", root / "vn"))
pack = load(mine, known_features)
open_repository(root / "var" / "feast", pack.vocabulary)
simulate(root / "dump", people=PEOPLE, seed=SEED, until=UNTIL, rates=load_rates("vn"))
lake = Lake(root / "lake")
taken = import_dump(root / "dump", lake, pack.vocabulary)

# %% [markdown]
# ## What a rule may speak of
#
# Every register type makes its features by itself. A few that have to do with where people live:

# %%
about = {name: one for name, one in features(pack.vocabulary).items() if "province" in name or "move" in name}
pd.DataFrame({name: {"type": one.type, "meaning": one.meaning} for name, one in about.items()}).T.head(8)

# %% [markdown]
# ## The file
#
# Who of the young who live in a commune moves within half a year? `at_risk` is SQL over features; `cases` run as tests.
# There is a mistake in it.

# %%
TEXT = """
id: young_move_expected
kind: predicted
outcome: moove
at_risk: kind = 'person' and age_years between 18 and 29 and not urban
horizon: P6M
precision_floor: 0.03
procedures: [res.permanent_move]
text:
  title: {vi: Người trẻ chuyển nơi thường trú, en: A young person moves, hu: Fiatal költözik}
  why:
    vi: Nếu bạn sắp chuyển nơi thường trú, đây là cách đăng ký. Nếu không, bạn có thể bỏ qua.
    en: If you are about to change your place of residence, here is how to register. If not, just leave it.
    hu: Ha lakóhelyváltozás előtt áll, itt olvashatja, hogyan jelentheti be. Ha nem, nincs teendője.
cases:
  - {name: a young adult, given: {kind: person, age_years: 20, urban: false}, as_of: 2026-11-05, expect: true}
"""
file = mine / "milestones" / "young_move_expected.yaml"
file.write_text(TEXT)
try:
    load(mine, known_features)
except PackError as refused:
    print(refused)

# %% [markdown]
# Put right, it loads. Had the outcome been a birth, a job loss or leaving school, the loader would refuse it for good:
# such a future is never predicted of one person.

# %%
file.write_text(TEXT.replace("moove", "move"))
pack = load(mine, known_features)
file.write_text(TEXT.replace("moove", "job_loss"))
try:
    load(mine, known_features)
except PackError as refused:
    print(refused)

# %% [markdown]
# ## Training is three cells
#
# First: the milestone.

# %%
milestone = pack.milestones["young_move_expected"]
pd.Series(milestone.model_dump(include={"outcome", "at_risk", "horizon", "precision_floor"})).to_frame(milestone.id)

# %% [markdown]
# Second: train.

# %%
report = train(lake, pack, milestone, as_of=UNTIL, var=root / "var")
pd.DataFrame({"model": report.model, "logistic regression": report.logistic, "age-sex floor": report.floor}).round(4)

# %% [markdown]
# Third: the gates. So few of so few people move within half a year that the intervals are wide. A detector that is not
# better than its age-sex floor is not promoted, and nobody has to notice that for it to be so.

# %%
pd.DataFrame([gate.model_dump() for gate in report.gates]).set_index("name")

# %%
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
low, high = report.average_precision_interval
rivals = {"model": report.model, "logistic regression": report.logistic, "age-sex floor": report.floor}
axes.barh(list(rivals), [one["average_precision"] for one in rivals.values()], color=["#0d5f63", "#536064", "#8a4b08"])
axes.plot([low, high], [0, 0], color="#1d2a2c", linewidth=2, label="95% of the model's, by person")
axes.set(title=f"Average precision, {report.test_positives} moves in {report.test_samples:,} test samples")
axes.legend()
plt.show()

# %% [markdown]
# ## Whom it would speak to
#
# What serves (the model, or the floor where a gate refused it) over everybody at risk today, beside its threshold.

# %%
stored = Registry(root / "var").load(milestone.id)
detector = PredictedDetector(milestone, known_features(pack.vocabulary), stored)
source = LakeFeatures(lake, pack.vocabulary)
snapshots = [source.snapshot(bucket, UNTIL, since=UNTIL) for bucket in range(source.buckets)]
told = sum(len(detector.detect(snapshot)) for snapshot in snapshots)
chances = np.concatenate([detector.chances(snapshot.rows, UNTIL) for snapshot in snapshots])
threshold = stored.artefact.threshold
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
axes.hist(chances[np.isfinite(chances)], bins=40, color="#0d5f63")
if threshold:
    axes.axvline(threshold.p, linestyle=":", color="#8a4b08")
axes.set(title=f"Chances of everybody; {told} at risk are told", xlabel="chance within half a year", yscale="log")
plt.show()

# %% [markdown]
# To keep it, put the file into the pack, run `lifeevents train young_move_expected`, and read its card
# (`lifeevents models report`). The page of the tests runs its cases by itself.

# %%
folder.cleanup()
