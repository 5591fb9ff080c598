"""The command line as a person uses it: the whole way on a small population, and errors that are one sentence."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

COMMAND = Path(sys.executable).with_name("lifeevents")


def lifeevents(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LIFEEVENTS_VAR": str(var), "LIFEEVENTS_NOW": "2026-11-05T10:00:00+07:00"}
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, env=environment, timeout=400)


@pytest.mark.parametrize(
    ("arguments", "teaches"),
    [
        (("import", "nowhere"), "there is no such folder"),
        (("sweep",), "lifeevents train"),
        (("simulate", "report", "--dump", "nowhere"), "nowhere: there is no such folder"),
        (("simulate", "report", "--dump", "nowhere", "--html", "nowhere/r.html"), "there is no folder nowhere"),
        (("train", "retirement"), 'there is no predicted milestone "retirement"'),
        (("facts", "p1"), "the online store has no p1"),
        (("explain", "p1"), "No register knows p1 on 2026-11-05"),
        (("explain", "p1", "--procedure", "ret.pensoin"), "Did you mean ret.pension?"),
        (("explain", "p1", "--language", "fr"), 'there is no language "fr"; there is vi, en'),
        (("backtest", "--dump", "nowhere"), "brings its tasks"),
        (("backtest", "--dump", "nowhere", "--html", "nowhere/report.html"), "there is no folder nowhere"),
        (("backtest", "--dump", "nowhere", "--html", "report.html"), "brings its tasks"),
        (("worlds", "--until", "2024-11-20"), "within the pack's calendar"),
        (("worlds", "--served", "half a year"), '"half a year" is not a period'),
        (("coverage", "--truth", "nowhere"), "nowhere is no simulation's truth"),
        (("coverage", "--markdown", "nowhere/c.md"), "there is no folder nowhere"),
        (("review", "take", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("fetch", "pseudopeeple"), "Did you mean pseudopeople?"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_one(
    tmp_path: Path, arguments: tuple[str, ...], teaches: str
) -> None:
    done = lifeevents(tmp_path, *arguments)
    assert done.returncode == 1
    assert teaches in done.stderr
    assert "Traceback" not in done.stderr


def test_the_whole_way_on_a_small_population(tmp_path: Path) -> None:
    """simulate, import, train, sweep (twice), deliver, facts: each command on what the one before left."""
    dump = str(tmp_path / "dump")
    simulated = lifeevents(tmp_path, "simulate", "--people", "3000", "--until", "2026-11-03", "--out", dump)
    assert simulated.returncode == 0, simulated.stderr
    measured = lifeevents(tmp_path, "simulate", "report", "--dump", dump, "--json")
    assert {"name", "published", "simulated", "tolerance", "source", "pass"} <= json.loads(measured.stdout)[0].keys()
    imported = lifeevents(tmp_path, "import", dump)
    assert "quarantined" in imported.stdout
    trained = lifeevents(tmp_path, "train", "--as-of", "2026-11-03")
    assert trained.returncode == 0, trained.stderr
    assert "household_business_registration" in trained.stdout
    first, second = lifeevents(tmp_path, "sweep"), lifeevents(tmp_path, "sweep")
    assert first.returncode == 0, first.stderr
    assert "0 recommendations, 0 messages in the outbox" not in first.stdout
    assert "0 recommendations, 0 messages in the outbox" in second.stdout
    delivered = lifeevents(tmp_path, "deliver")
    assert "delivered" in delivered.stdout
    counted_by_truth_and_by_people(tmp_path)
    subjects = pq.read_table(tmp_path / "dump" / "subjects.parquet")
    living = subjects.filter(pc.is_null(subjects["obs_to"]))
    known = lifeevents(tmp_path, "facts", living["subject_id"][0].as_py())
    assert "age_years" in known.stdout, known.stderr
    explained_as_a_person_reads_it(tmp_path, living)


def counted_by_truth_and_by_people(var: Path) -> None:
    """The 50% before any review, held against the truth, and from a sample that people looked at."""
    sample, page = var / "sample.csv", var / "reached.md"
    assert lifeevents(var, "coverage").returncode == 0
    by_truth = lifeevents(var, "coverage", "--truth", str(var / "dump" / "truth"), "--markdown", str(page))
    assert "(simulated)" in by_truth.stdout, by_truth.stderr
    assert "do not yet, and what each lacks" in page.read_text(encoding="utf-8")
    drawn = lifeevents(var, "review", "draw", "--out", str(sample), "--each", "2")
    assert "review take" in drawn.stdout, drawn.stderr
    header, *rows = sample.read_text(encoding="utf-8").splitlines()
    sample.write_text("\n".join([header, *(row.removesuffix(",") + "right," for row in rows)]), encoding="utf-8")
    taken = lifeevents(var, "review", "take", str(sample), "--reviewer", "hoa")
    assert f"{len(rows)} kept; 0 rows had no finding" in taken.stdout, taken.stderr
    counted = lifeevents(var, "coverage", "--anew", "--json")
    assert counted.returncode == 0, counted.stderr
    anew = json.loads(counted.stdout)
    assert anew["simulated"]
    assert sum(one["audited"] for one in anew["services"]) > 0


def explained_as_a_person_reads_it(var: Path, living: pa.Table) -> None:
    """A 17-year-old asks about opening a shop, in both languages, piped: plain text, one line per thing."""
    young = living.filter(pc.and_(pc.equal(living["kind"], "person"), pc.equal(pc.year(living["born_on"]), 2009)))
    subject, born = young["subject_id"][0].as_py(), young["born_on"][0].as_py()
    day, written = born.replace(year=born.year + 18), f"{born.day} {born:%B} {born.year + 18}"
    asked = ("explain", subject, "--procedure", "hkd.register")
    english = lifeevents(var, *asked, "--language", "en")
    assert english.returncode == 0, english.stderr
    assert "Not yet." in english.stdout
    assert f"That will be so from {written} on.  age_years >= 18" in english.stdout
    assert "model:" in english.stdout or "floor:" in english.stdout
    assert "\x1b" not in english.stdout
    vietnamese = lifeevents(var, *asked)
    assert f"Cần: ít nhất 18. Điều này sẽ đạt từ ngày {day:%d/%m/%Y}." in vietnamese.stdout
    after = lifeevents(var, *asked, "--as-of", day.isoformat(), "--language", "en")
    assert "Age: 18" in after.stdout
    before = lifeevents(var, *asked, "--as-of", (day - timedelta(days=1)).isoformat(), "--language", "en")
    assert "Age: 17" in before.stdout
