"""The file of agencies: who may submit, and keys that are made once and kept nowhere."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lifeevents.domain.agency import Agency, digest_of
from lifeevents.domain.errors import PackError, Refused
from lifeevents.domain.register import Register
from serving.agencies import lines_for, new_key, read_agencies, write_demo_agency
from serving.cli.main import app

TEXT = {"en": "t"}
REGISTERS = {name: Register(id=name, title=TEXT, owner=TEXT) for name in ("civil_status", "tax")}


def file_with(folder: Path, *lines: str) -> Path:
    path = folder / "agencies.yaml"
    path.write_text("agencies:\n" + "".join(lines))
    return path


def test_an_agency_is_found_by_its_key_and_by_no_other(tmp_path: Path) -> None:
    agencies = read_agencies(file_with(tmp_path, lines_for("moj", "one"), lines_for("mof", "two", ("tax",))), REGISTERS)
    assert [found and found.id for found in map(agencies.by_key, ("one", "two", "three", ""))] == [
        "moj",
        "mof",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([lines_for("moj", "k", ("civil_staus",))], 'no register "civil_staus".*Did you mean civil_status?'),
        ([lines_for("moj", "k"), lines_for("moj", "l")], "two agencies have the same id"),
        ([lines_for("moj", "k"), lines_for("mof", "k")], "two agencies have the same key_sha256"),
        ([lines_for("moj", "k").replace("title", "titel")], "agencies.0.titel|agencies.0.title"),
        (["  - 3\n"], "agencies.0"),
    ],
)
def test_a_wrong_file_is_refused_with_the_way_out(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(PackError, match=said) as refused:
        read_agencies(file_with(tmp_path, *lines), REGISTERS)
    assert digest_of("k") not in str(refused.value)


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="lifeevents agency-key NAME"):
        read_agencies(tmp_path / "none.yaml", REGISTERS)


def test_a_register_may_name_its_writers_itself() -> None:
    moj = Agency(id="moj", title="t", source="urn:moj", registers=("tax",), key_sha256=digest_of("k"))
    moj.may_write(REGISTERS["tax"])
    with pytest.raises(Refused, match=r"names who writes it \(mof\)"):
        moj.may_write(REGISTERS["tax"].model_copy(update={"writers": ("mof",)}))
    with pytest.raises(Refused, match=r"moj does not write civil_status\. It writes tax"):
        moj.may_write(REGISTERS["civil_status"])


def test_a_key_is_printed_once_and_the_lines_hold_only_its_digest(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["agency-key", "moj", "--register", "civil_status", "--source", "urn:moj"])
    assert said.exit_code == 0, said.output
    (key,) = [line for line in said.output.splitlines() if line.startswith("le_")]
    lines = said.output[said.output.index("  - id: moj") :]
    assert key not in lines
    found = read_agencies(file_with(tmp_path, lines), REGISTERS).by_key(key)
    assert found is not None
    assert (found.id, found.source) == ("moj", "urn:moj")


def test_keys_differ() -> None:
    assert len({new_key() for _ in range(100)}) == 100


def test_the_demonstrations_agency_has_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    found = read_agencies(write_demo_agency(tmp_path), REGISTERS)
    secret = tmp_path / "agency.key"
    assert found.by_key(secret.read_text()) is not None
    assert secret.stat().st_mode & 0o077 == 0
