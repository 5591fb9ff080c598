"""Register files that broke on the way: a DumpError, a file set aside, or quarantine; the lake whole or untouched."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.catalogue import known_features
from lifeevents.domain.errors import DumpError
from lifeevents.domain.pack import Vocabulary
from lifeevents.packs import load
from lifeevents.registers.contract import CONTRACT
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.registers.report import ImportReport
from tests.deep.fuzz.budget import FEW, examples, refusal
from tests.registers.dumps import good_dump, rows_of, write

SUFFIXES = (".csv", ".csv.gz", ".parquet")
SPLINTERS = (b'"', b"\n", b"\r", b",", b"\x00", b"\xff", b"\xc3", b"'", b"inf", b"1e999", b"9999-99-99", b"{", b'""')


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load("vn", known_features).vocabulary


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A sound dump's files by name, in every format."""
    folders = [write(tmp_path_factory.mktemp("sound"), good_dump(), suffix) for suffix in SUFFIXES]
    return {path.name: path.read_bytes() for folder in folders for path in folder.iterdir()}


@st.composite
def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes changed, lost or put in at a few places, the end cut off, or nothing but noise."""
    match draw(st.sampled_from(["sound", "noise", "changed", "changed", "changed"])):
        case "sound":
            return content
        case "noise":
            return draw(st.binary(max_size=200))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(content)))
        match draw(st.sampled_from(["byte", "lost", "splinter", "cut"])):
            case "byte":
                content = content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
            case "lost":
                content = content[:at] + content[at + draw(st.integers(1, 30)) :]
            case "splinter":
                content = content[:at] + draw(st.sampled_from(SPLINTERS)) + content[at:]
            case "cut":
                content = content[:at]
    return content


def test_a_broken_dump_is_explained_and_nothing_is_half_written(
    tmp_path: Path, sound: dict[str, bytes], vocabulary: Vocabulary
) -> None:
    seen: Counter[str] = Counter()

    @examples(FEW)
    @given(data=st.data())
    def taken(data: st.DataObject) -> None:
        dump, root = tmp_path / "dump", tmp_path / "lake"
        for folder in (dump, root):
            shutil.rmtree(folder, ignore_errors=True)
        dump.mkdir()
        for table in CONTRACT:
            name = table.name + data.draw(st.sampled_from(SUFFIXES))
            (dump / name).write_bytes(data.draw(broken(sound[name])))
        lake = Lake(root, new_buckets=2)
        reports: list[ImportReport] = []
        said = refusal(DumpError, lambda: reports.append(import_dump(dump, lake, vocabulary)))
        if said is not None:
            seen["refused"] += 1
            assert any(table.name in said for table in CONTRACT)
            assert (lake.manifest.generation, [*root.glob("generation-*")]) == (0, [])
            return
        (report,) = reports
        seen["file set aside" if report.broken_files else "read"] += 1
        assert all(file.sentence.startswith(file.file) for file in report.broken_files)
        for name, counted in report.tables.items():
            derived = report.kin_derived if name == "events" else 0
            assert len(rows_of(lake, name)) == counted.accepted + derived
        assert len({(q["relation"], q["file"], q["row"]) for q in rows_of(lake, "quarantine")}) == report.quarantined

    taken()
    assert min(seen[kind] for kind in ("refused", "file set aside", "read")) >= FEW // 50, seen
