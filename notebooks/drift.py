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
# # Does a model still fit?
#
# A model is trained on an early day and then watched as the years go on: how far its inputs and chances have drifted,
# whether as many outcomes came as it said, and when that is a reason to train it again.

# %%
import logging
import warnings
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import pandas as pd

from features.catalogue import known_features
from features.repo import open_repository
from lifeevents.domain.calendar import add_months
from lifeevents.packs import load
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.simulate import load_rates, simulate
from models.monitor import watch
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
# ## Three years ago
#
# The lake knows what was known on any day, so a model of then can be trained now. It reads nothing that was recorded
# later.

# %%
milestone = pack.milestones["move_expected"]
THEN = add_months(UNTIL, -36)
before = train(lake, pack, milestone, as_of=THEN, var=root / "var")
pd.DataFrame({"model": before.model, "age-sex floor": before.floor}).round(4)

# %% [markdown]
# ## Watched every year
#
# The people of the day that it was judged on are laid beside those of each later day. The population stability index
# (PSI) sums over bins (share now - share then) x ln(share now / share then): under 0.1 is calm, over 0.2 has moved. And
# of those asked a horizon ago, as many outcomes should have come as their chances add up to.

# %%
days = [add_months(THEN, months) for months in range(0, 37, 12)]
watched = {day: one for day in days for one in watch(lake, pack, root / "var", as_of=day)}
columns = {"people", "drifted", "score_psi", "expected", "came", "slope", "reasons"}
course = pd.DataFrame({day: one.model_dump(include=columns) for day, one in watched.items()}).T
course

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
when = [str(day)[:7] for day in watched]
left.plot(when, [one.score_psi for one in watched.values()], "o-", color="#0d5f63")
left.axhline(0.2, linestyle=":", color="#8a4b08")
left.set(title="Drift of the chances", ylabel="PSI", ylim=(0, None))
right.plot(when, [one.expected for one in watched.values()], "o-", color="#536064", label="expected")
right.plot(when, [one.came for one in watched.values()], "o-", color="#0d5f63", label="came")
right.set(title="Outcomes of those asked a year before", ylim=(0, None))
right.legend()
for axes in (left, right):
    axes.tick_params(axis="x", rotation=45)
plt.show()

# %% [markdown]
# Which inputs moved most by the last day? An input that tells the age of the registers themselves grows with every
# year; whatever else stands here deserves a look at the register that delivers it.

# %%
last = watched[days[-1]]
pd.DataFrame([one.model_dump() for one in last.moved]).round(3)

# %%
figure, axes = plt.subplots(figsize=(4.5, 4), layout="constrained")
axes.plot([one.chance for one in last.calibration], [one.share for one in last.calibration], "o", color="#0d5f63")
most = max([max(one.chance, one.share) for one in last.calibration], default=1)
axes.plot([0, most], [0, most], ":", color="#536064")
axes.set(title="What was said, and what came", xlabel="chance said", ylabel="share that moved")
plt.show()

# %% [markdown]
# ## Training again, in three cells
#
# First the reasons: drift or a difference that chance alone does not make, or a model of more than a year.

# %%
print(last.reasons or "no reason")

# %% [markdown]
# Second: train, as of today.

# %%
after = train(lake, pack, milestone, as_of=UNTIL, var=root / "var")
pd.DataFrame({"three years ago": before.model, "today": after.model}).round(4)

# %% [markdown]
# Third: what a watch says of the new one. Had it been a mistake, `lifeevents models rollback MILESTONE` gives the one
# before back in one command. Every night the same is done by `lifeevents monitor`; the page `/monitor` shows it.

# %%
pd.DataFrame([one.model_dump(include=columns) for one in watch(lake, pack, root / "var", as_of=UNTIL)])

# %%
folder.cleanup()
