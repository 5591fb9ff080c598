"""What a channel may answer instead of delivering."""

from datetime import timedelta

from lifeevents.domain.errors import LifeEventsError


class Later(LifeEventsError):
    """Not now: the message may be tried again `after` this long."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"The channel asks to try again after {after}.")
        self.after = after


class Never(LifeEventsError):
    """Not at all on this channel (an address that does not exist): a person must look. `reason` has no address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ChannelError(LifeEventsError):
    """A channel's file is not a channel, or a message names a channel that is not there."""
