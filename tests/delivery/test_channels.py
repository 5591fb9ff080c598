"""A channel is a file: found by looking, refused with a sentence when it is not one."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import lifeevents.delivery.channels as package
from lifeevents.delivery.channels import discover
from lifeevents.delivery.errors import ChannelError


@pytest.fixture
def another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files are channels too, for this test."""
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    yield tmp_path
    for path in tmp_path.glob("*.py"):
        module: ModuleType | None = sys.modules.pop(f"{package.__name__}.{path.stem}", None)
        if module is not None:
            delattr(package, path.stem)


def test_the_portal_is_found() -> None:
    assert [(one.name, one.transactional) for one in discover().values()] == [("portal", True)]


def test_a_new_file_is_a_new_channel_with_its_own_settings(another_file: Path) -> None:
    (another_file / "letter.py").write_text(
        "from lifeevents.testing import FakeChannel\ndef build(settings):\n    return FakeChannel(settings['name'])\n"
    )
    found = discover({"letter": {"name": "letter"}})
    assert list(found) == ["letter", "portal"]


def test_a_file_without_build_is_refused(another_file: Path) -> None:
    (another_file / "empty.py").write_text("")
    with pytest.raises(ChannelError, match=r"channels/empty\.py has no build"):
        discover()


def test_a_channel_that_is_not_called_as_its_file_is_refused(another_file: Path) -> None:
    (another_file / "sms.py").write_text(
        "from lifeevents.testing import FakeChannel\ndef build(settings):\n    return FakeChannel('text')\n"
    )
    with pytest.raises(ChannelError, match='builds a channel "text"; call it sms'):
        discover()


def test_settings_of_no_channel_are_refused_with_the_channels_there_are() -> None:
    with pytest.raises(ChannelError, match=r"portl, which is no channel \(portal\)\. Did you mean portal\?"):
        discover({"portl": {}})
