"""One tree of errors. Each says what is wrong, where, and what to do; the edge maps them to HTTP or exit codes."""

from collections.abc import Iterable
from difflib import get_close_matches


class LifeEventsError(Exception):
    """Root of everything this product raises on purpose."""


class PackError(LifeEventsError):
    """A file of a country pack cannot be used. The message names the file and the way out."""


class RuleError(LifeEventsError):
    """A rule is not in the rule language, or names something unknown."""


class DumpError(LifeEventsError):
    """A register dump cannot be read at all (rows that can be read are never lost to this)."""


class LawError(LifeEventsError):
    """A law was asked about a day or a person it does not cover."""


class NotFound(LifeEventsError):
    """Nothing by that id, or nothing that the asker may see: the two look the same."""


class Conflict(LifeEventsError):
    """The same key was used for something else."""


class Refused(LifeEventsError):
    """A request that is understood and not allowed as it stands."""


class Unavailable(LifeEventsError):
    """A part this needs does not answer; trying again later is right."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """' Did you mean x?' for the nearest known name, or an empty string."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""
