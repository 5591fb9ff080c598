"""A sampled human review of notices: draw a sample, hand it to people as CSV, take back what they found.

Precision must be audited where nobody knows the truth. A sample is drawn at random within each milestone, by a seed
that is published beforehand, so that nobody chooses what is looked at. The file names a notice and the pseudonym it
speaks of; whoever reviews opens the register's own record beside it.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from lifeevents.domain.errors import Refused, did_you_mean
from lifeevents.domain.review import FINDINGS, Review
from lifeevents.ports import Ledger

COLUMNS = (
    "notice_id", "milestone", "subject_id", "about", "delivered_on", "occurred_on", "due_on", "finding", "note",
)  # fmt: skip


def draw(ledger: Ledger, *, each: int, seed: int) -> tuple[str, Mapping[str, int]]:
    """A CSV of up to `each` delivered notices a milestone that nobody reviewed yet, and how many of each were drawn.

    Notices are taken in the order of a hash of seed and id: the same seed draws the same ones, and a larger sample
    holds the smaller one. `finding` and `note` are left empty for the reviewer.
    """
    with ledger.begin() as unit:
        told, done = unit.told(), {one.notice_id for one in unit.reviews()}
    waiting = defaultdict(list)
    for one in told:
        if one.id not in done:
            waiting[one.milestone].append(one)
    out, counts = io.StringIO(), Counter[str]()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for milestone, notices in sorted(waiting.items()):
        for one in sorted(notices, key=lambda n: sha256(f"{seed}:{n.id}".encode()).digest())[:each]:
            about = one.kin or " ".join(one.about)
            day = one.delivered_at.date()
            rows.writerow([one.id, milestone, one.subject_id, about, day, one.occurred_on, one.due_on, "", ""])
            counts[milestone] += 1
    return out.getvalue(), counts


def take(ledger: Ledger, text: str, *, name: str, reviewer: str, now: datetime) -> tuple[int, int]:
    """Keep what a reviewer wrote into the file `name`: (notices kept, rows left empty).

    Raises Refused, naming the row, when a finding is not right, wrong or unclear, when a column is missing, or when a
    notice stands there twice; NotFound for a notice that was not delivered. Then nothing is kept.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if missing := [column for column in ("notice_id", "finding") if column not in (reader.fieldnames or ())]:
        raise Refused(f"{name}: no column {missing[0]}. Send back the file that `lifeevents review draw` wrote.")
    found: dict[str, Review] = {}
    empty = 0
    for row in reader:
        finding, notice = (row["finding"] or "").strip().lower(), (row["notice_id"] or "").strip()
        if not finding:
            empty += 1
            continue
        where = f"{name}, line {reader.line_num}"
        if finding not in FINDINGS:
            raise Refused(
                f'{where}: finding "{finding}" is none of right, wrong, unclear.{did_you_mean(finding, FINDINGS)}'
            )
        if notice in found:
            raise Refused(f"{where}: notice {notice} stands here a second time; keep one row of it.")
        note = (row.get("note") or "").strip() or None
        found[notice] = Review(notice_id=notice, finding=finding, reviewer=reviewer, note=note, at=now)
    with ledger.begin() as unit:
        unit.keep_reviews(list(found.values()))
    return len(found), empty


def reviewed(ledger: Ledger) -> dict[str, tuple[int, int]]:
    """Milestone -> (notices found right or wrong, those found right); the unclear count for neither."""
    with ledger.begin() as unit:
        milestone_of = {one.id: one.milestone for one in unit.told()}
        reviews = unit.reviews()
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in reviews:
        if one.finding != "unclear":
            counts[milestone_of[one.notice_id]][0] += 1
            counts[milestone_of[one.notice_id]][1] += one.finding == "right"
    return {milestone: (audited, right) for milestone, (audited, right) in counts.items()}
