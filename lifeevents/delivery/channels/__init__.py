"""The channels: each file of this package is one, found by looking.

A channel's file `<name>.py` defines `build(settings: Mapping[str, str]) -> Channel`, whose channel has that name.
`settings` are the channel's own, as the operator gave them; nothing is read from the environment here.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from lifeevents.delivery.errors import ChannelError
from lifeevents.domain.errors import did_you_mean
from lifeevents.ports import Channel

Settings = Mapping[str, str]


def discover(settings: Mapping[str, Settings] | None = None) -> dict[str, Channel]:
    """All channels by name. Raises ChannelError when a file here is not one, or a setting names none of them."""
    given = dict(settings or {})
    found: dict[str, Channel] = {}
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        build = getattr(import_module(f"{__name__}.{module.name}"), "build", None)
        if build is None:
            raise ChannelError(f"channels/{module.name}.py has no build(settings); it returns the channel.")
        channel: Channel = build(given.pop(module.name, {}))
        if channel.name != module.name:
            raise ChannelError(f'channels/{module.name}.py builds a channel "{channel.name}"; call it {module.name}.')
        found[module.name] = channel
    for unknown in given:
        hint = did_you_mean(unknown, found)
        raise ChannelError(f"There are settings for {unknown}, which is no channel ({', '.join(found)}).{hint}")
    return found
