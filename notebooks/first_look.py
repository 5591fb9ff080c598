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
# # A first look
#
# Two thousand people who never lived, their registers, and what the product knows of them on a day. Everything below
# runs on this machine in half a minute; nothing is fetched and nothing is left behind. Open it in Jupyter with Jupytext
# (it makes the .ipynb beside it), or straight in an editor that reads `# %%`.

# %%
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from features.catalogue import known_features
from features.lake import LakeFeatures
from lifeevents.packs import load
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.simulate import load_rates, simulate

UNTIL, SEED, PEOPLE = date(2026, 11, 3), 7, 2_000
pack = load("vn", known_features)
folder = TemporaryDirectory()
root = Path(folder.name)

# %% [markdown]
# ## The registers write a dump
#
# The simulation lives month by month: people marry, move, have children, start and lose jobs, open shops, die. What we
# get is not their lives but what *registers wrote down* of them, with the delays and mistakes that registers have. Each
# row therefore carries two clocks: when it happened (`occurred_on`) and when the state knew (`recorded_at`).

# %%
report = simulate(root / "dump", people=PEOPLE, seed=SEED, until=UNTIL, rates=load_rates("vn"))
pd.Series(report.events, name="events written").sort_values(ascending=False).to_frame()

# %% [markdown]
# ## The quality gate takes it in
#
# Every row is accepted, repaired or put in quarantine with a reason. The quarantine is not a bin: each line says what a
# register's owner would have to change.

# %%
lake = Lake(root / "lake")
taken = import_dump(root / "dump", lake, pack.vocabulary)
con = duckdb.connect()
lake.attach(con)
lake.quarantine(con)
print(f"{taken.tables['events'].accepted:,} events accepted, {taken.quarantined} rows in quarantine")
con.sql(
    "SELECT reason, count(*) AS rows, any_value(sentence) AS example FROM quarantine GROUP BY 1 ORDER BY 2 DESC"
).df()

# %% [markdown]
# How late does the state know? The median is a matter of days, but the tail is what matters: whoever trains on
# `occurred_on` alone teaches a model things that nobody could have known yet.

# %%
delays = con.sql(
    "SELECT event, quantile_cont(days, 0.5) AS median, quantile_cont(days, 0.95) AS p95 FROM ("
    "  SELECT event, date_diff('day', occurred_on, CAST(recorded_at AS DATE)) AS days FROM events"
    "  WHERE annuls IS NULL AND corrects IS NULL AND occurred_on >= DATE '2015-01-01'"
    ") GROUP BY event ORDER BY p95 DESC LIMIT 8"
).df()
figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
axes.barh(delays["event"], delays["p95"], color="#dcd7ca", label="95 of 100 known")
axes.barh(delays["event"], delays["median"], color="#0d5f63", label="half of them known")
axes.set(title="Days until the state knows", xlabel="days", xscale="log")
axes.legend()
plt.show()

# %% [markdown]
# ## How people stand on a day
#
# A feature is written once and computed *as of* a day: it uses only what was recorded by then. Below is the same person
# on two days, around the birth of a child. The second column knows more, because the state did.

# %%
store = LakeFeatures(lake, pack.vocabulary)
(mother, recorded), *_ = con.execute(
    "SELECT subject_id, CAST(recorded_at AS DATE) FROM events WHERE event = 'child_birth' AND annuls IS NULL"
    " AND corrects IS NULL AND occurred_on BETWEEN DATE '2020-01-01' AND DATE '2025-01-01' ORDER BY recorded_at, 1"
).fetchall()
before, after = (store.one(mother, recorded + timedelta(days=days)) for days in (-1, 1))
changed = {
    name: (before[name], after[name]) for name in after if before[name] != after[name] and after[name] is not None
}
pd.DataFrame(changed, index=[str(recorded - timedelta(days=1)), str(recorded + timedelta(days=1))]).T

# %% [markdown]
# All of them at once are a frame with one row per subject: what a detector sees.

# %%
rows = pd.concat(
    store.snapshot(bucket, UNTIL, since=UNTIL).rows.to_pandas(types_mapper=pd.ArrowDtype)
    for bucket in range(lake.buckets)
)
people = rows[rows["kind"] == "person"]
print(f"{len(rows):,} subjects, {rows.shape[1]} columns")
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
left.hist(
    people.loc[people["alive"].fillna(False), "age_years"].dropna().astype(int), bins=range(0, 101, 5), color="#0d5f63"
)
left.set(title="Age of the living", xlabel="years", ylabel="people")
known = people.notna().mean().sort_values()
right.plot(known.to_numpy(), np.linspace(0, 1, len(known)), color="#0d5f63")
right.set(title="How much is known", xlabel="share of people for whom a feature is known", ylabel="share of features")
plt.show()

# %% [markdown]
# ## Where to go from here
#
# `detector_quality.py` trains a detector and asks whether it is right as often as it says; `fairness.py` whom it leaves
# out; `drift.py` whether it still fits; `adding_a_milestone.py` makes a new one of a few lines of YAML.

# %%
con.close()
folder.cleanup()
