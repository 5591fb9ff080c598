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
# # A first look
#
# Two thousand people who never lived, their registers, what the product knows of them on a day, and how well a
# detector learns from that. Everything below runs on this machine in about a minute; nothing is fetched and nothing is
# left behind. Open it with `jupytext --to ipynb notebooks/first_look.py`, or straight in an editor that reads `# %%`.

# %%
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from features.catalogue import features, known_features
from features.lake import LakeFeatures
from lifeevents.domain.calendar import Period
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
delays.set_index("event")

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
# ## A detector, honestly judged
#
# The exercise: who moves within twelve months? (An exercise only: the product predicts nothing of the kind about one
# person; see `docs/guards.md`.) The rules are those of every model here:
#
# * a sample is a person on a day, with features as of that day;
# * its label is whether the move happened *and became known* within the year after;
# * the days of the test come after every training label has closed;
# * beside the detector stands the **age-sex floor**, the rate of people of that age and sex. A detector that does not
#   beat it has learned nothing that a table would not say.

# %%
from models import boosted, floor, hazard
from models.curves import bins_of, precision_recall, reliability
from models.dataset import reference_days, samples
from models.evaluate import average_precision, interval, metrics
from models.task import Task

YEAR, HALF = Period(months=12), Period(months=6)
late = reference_days(UNTIL, YEAR, count=2, gap=HALF)
early = reference_days(late[0], YEAR, count=6, gap=HALF)
task = Task(id="move", outcome=("move",), horizon=YEAR, at_risk="age_years BETWEEN 16 AND 90")
found = samples(con, pack.vocabulary, task, (*early, *late), known_by=UNTIL)
training, test = found.on(early), found.on(late)
fitted = hazard.fit(training.rows, training.labels, features(pack.vocabulary))
p = hazard.predict(fitted.model, boosted.read(fitted.trees) if fitted.trees else None, test.rows)
floor_p = floor.predict(fitted.model.floor, test.rows)
print(f"trained on {len(training):,} samples with {training.positives} moves, up to {early[-1]}")
print(f"tested on {len(test):,} samples with {test.positives} moves, from {late[0]}")

# %% [markdown]
# Its card, in figures. The interval is by person (a person is asked about on several days, so samples are not
# independent); with so few moves it is wide, and that is the first thing to read.

# %%
moved, who = test.labels, np.asarray(test.rows["subject_id"].to_pylist(), dtype=str)
card = pd.DataFrame({"detector": metrics(moved, p), "age-sex floor": metrics(moved, floor_p)})
low, high = interval(moved, p, who, average_precision)
print(f"made of: {fitted.model.mix}{'; ' + fitted.model.note if fitted.model.note else ''}")
print(f"average precision {average_precision(moved, p):.3f} (95% by person: {low:.3f} to {high:.3f})")
card.round(3)

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
shares = hazard.contributions(fitted.model, boosted.read(fitted.trees) if fitted.trees else None, test.rows)
weights = pd.Series(np.abs(shares).mean(axis=0), index=[column.name for column in fitted.model.columns])
weights.groupby(level=0).sum().nlargest(10).rename("mean absolute contribution").to_frame().round(3)

# %% [markdown]
# ## Where to go from here
#
# `lifeevents train` does this for every predicted milestone of the pack, on the whole lake, and registers what beats
# its floor; `lifeevents backtest --dump DIR` does it on data nobody here made. A feature of your own is one function
# in `features/groups/`; add one, run this page again, and see whether the card moves by more than its interval.

# %%
con.close()
folder.cleanup()
