"""The same work as others would do it: features in pandas, rules person by person, a transaction per message."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import duckdb
import pandas as pd
import pyarrow as pa

from features.lake import Lake
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.pack import Pack, Vocabulary
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition
from lifeevents.ports import Ledger

HANDFUL = ("age_years", "events_12m", "count_marriage", "months_since_move", "insured")
"""What the pandas peer computes; ours computes all features, these among them."""


def in_pandas(lake: Lake, vocabulary: Vocabulary, as_of: date) -> pd.DataFrame:
    """A handful of features as of a day, as an analyst writes them: read, filter, group, merge. Indexed by subject.

    They see what was recorded by the day, leave out what was annulled or corrected by then (of the year's events also
    those on the deny-list), and cover everyone in the lake (whom to leave out of the sweep is the caller's).
    """
    end = pd.Timestamp(as_of + timedelta(days=1))
    with duckdb.connect() as con:
        lake.attach(con)
        subjects = con.sql("SELECT subject_id, born_on FROM subjects").df()
        events = con.sql(
            "SELECT event_id, subject_id, event, occurred_on, recorded_at, corrects, annuls FROM events"
        ).df()
        attributes = con.sql(
            "SELECT subject_id, value, valid_from, valid_to, recorded_at FROM attributes WHERE name = 'insured'"
        ).df()
    known = events[events["recorded_at"] < end]
    void = set(known["corrects"].dropna()) | set(known["annuls"].dropna())
    happened = known[
        known["annuls"].isna() & ~known["event_id"].isin(void) & (known["occurred_on"] <= pd.Timestamp(as_of))
    ]
    denied = [name for name, event in vocabulary.events.items() if not event.detectors]
    counted = happened[~happened["event"].isin(denied)]
    year = counted[counted["occurred_on"] > pd.Timestamp(as_of) - pd.DateOffset(months=12)]
    moved = happened[happened["event"] == "move"].groupby("subject_id")["occurred_on"].max()
    valid = attributes[
        (attributes["recorded_at"] < end)
        & (attributes["valid_from"] <= pd.Timestamp(as_of))
        & (attributes["valid_to"].isna() | (attributes["valid_to"] >= pd.Timestamp(as_of)))
    ].sort_values(["subject_id", "valid_from", "recorded_at"])
    rows = subjects.set_index("subject_id")
    rows["age_years"] = _months(rows["born_on"], as_of) // 12
    rows["events_12m"] = year.groupby("subject_id").size().reindex(rows.index, fill_value=0)
    married = happened[happened["event"] == "marriage"].groupby("subject_id").size()
    rows["count_marriage"] = married.reindex(rows.index, fill_value=0)
    rows["months_since_move"] = _months(moved, as_of).reindex(rows.index)
    rows["insured"] = valid.groupby("subject_id")["value"].last().reindex(rows.index)
    return rows[list(HANDFUL)]


def _months(since: pd.Series, as_of: date) -> pd.Series:
    """Completed months; a month is complete on its day, or on the last day of a shorter month."""
    months = (as_of.year - since.dt.year) * 12 + as_of.month - since.dt.month
    last = (as_of + timedelta(days=1)).day == 1
    return months - ((since.dt.day > as_of.day) & (not last)).astype("int64")


def conditions(pack: Pack, known: Mapping[str, ValueType]) -> list[Condition]:
    """Every rule of the pack over features alone: the milestones' and the procedures'."""
    texts = [m.when for m in pack.milestones.values()] + [m.at_risk for m in pack.milestones.values()]
    texts += [p.who for p in pack.procedures.values()] + [p.done_when for p in pack.procedures.values()]
    return [Condition.parse(text, known) for text in dict.fromkeys(texts) if text and "event." not in text]


def rules_in_sql(rules: Sequence[Condition], rows: pa.Table) -> list[int]:
    """How many people each rule says yes to, over the whole population at once."""
    with duckdb.connect() as con:
        con.register("people", rows)
        counts = ", ".join(f"count(*) FILTER (WHERE ({rule.sql()}) IS TRUE)" for rule in rules)
        return list(con.sql(f"SELECT {counts} FROM people").fetchall()[0])  # noqa: S608 - the rule language's own SQL


def rules_in_python(rules: Sequence[Condition], rows: pa.Table) -> list[int]:
    """The same, asked of one person after the other."""
    found = [0] * len(rules)
    for facts in rows.to_pylist():
        for place, rule in enumerate(rules):
            found[place] += rule.ask(facts)[0] == "yes"
    return found


def one_by_one(ledger: Ledger, pack: Pack, *, now: datetime) -> int:
    """Deliver with a transaction per message; returns how many were handled."""
    handled = 0
    while True:
        done = deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=now, limit=1)
        if not done.delivered + done.postponed + done.cancelled + done.referred + done.failed:
            return handled
        handled += 1
