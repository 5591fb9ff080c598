"""A country pack that somebody edited wrongly, anywhere: it loads, or a PackError names the file."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.catalogue import known_features
from lifeevents.domain.errors import PackError
from lifeevents.packs import load
from lifeevents.packs.loader import HOME
from lifeevents.packs.strict_yaml import read_yaml
from tests.deep.fuzz.budget import MANY, SOME, examples, refusal

WORDS = """{ } [ ] : null ~ true false yes on 1 -1 1e400 .inf .nan 2026-02-30 12:30:45 " ' - & * # | > @ ` % é *a
!!python/object:os.system !!set P0D P99999999999Y trueish {a} {event.x} {0} {a!r} {a:>99} [[[[[[ id:x"""
SPACES = ("\n", "\n\n", " ", "  ", "\t", "\ufeff", "\x00", "&a ", "<<: ", "? ", "!!binary AA")
SLIPS = (*WORDS.split(), *SPACES)
FILES = sorted(path.relative_to(HOME / "vn") for path in (HOME / "vn").rglob("*.yaml") if path.parent.name != "rates")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Vietnamese pack, whole between two examples."""
    return Path(shutil.copytree(HOME / "vn", tmp_path_factory.mktemp("pack") / "vn"))


@st.composite
def spoilt(draw: st.DrawFn, text: str) -> str:
    """A file after one to three slips of the hand: something put in, taken out, doubled or moved."""
    for _ in range(draw(st.integers(1, 3))):
        lines = text.split("\n")
        line, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        at = draw(st.integers(0, len(text)))
        match draw(st.sampled_from(["insert", "cut", "value", "drop", "double", "swap"])):
            case "insert":
                text = text[:at] + draw(st.sampled_from(SLIPS)) + text[at:]
                continue
            case "cut":
                text = text[:at] + text[at + draw(st.integers(1, 9)) :]
                continue
            case "value":
                lines[line] = f"{lines[line].partition(':')[0]}: {draw(st.sampled_from(SLIPS))}"
            case "drop":
                del lines[line]
            case "double":
                lines.insert(line, lines[other])
            case "swap":
                lines[line], lines[other] = lines[other], lines[line]
        text = "\n".join(lines)
    return text


def test_a_spoilt_pack_loads_or_is_refused_by_the_name_of_a_file(copy: Path) -> None:
    refused: list[str] = []

    @examples(SOME)
    @given(file=st.sampled_from(FILES), data=st.data())
    def judged(file: Path, data: st.DataObject) -> None:
        path = copy / file
        whole = path.read_text(encoding="utf-8")
        path.write_text(data.draw(spoilt(whole)), encoding="utf-8")
        try:
            said = refusal(PackError, lambda: load(copy, known_features))
        finally:
            path.write_text(whole, encoding="utf-8")
        refused.extend([said] if said is not None else [])

    judged()
    assert len(refused) > SOME // 4
    assert [sentence for sentence in refused if ".yaml" not in sentence] == []


@examples(MANY)
@given(content=st.binary(max_size=80) | st.lists(st.sampled_from(SLIPS), max_size=20).map("".join).map(str.encode))
def test_any_bytes_are_a_mapping_or_a_pack_error(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    said = refusal(PackError, lambda: read_yaml(path))
    assert said is None or "any.yaml" in said
