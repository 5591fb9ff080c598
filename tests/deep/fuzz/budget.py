"""Every parser against what nobody meant to write. A parser says what is wrong in its own error, or reads it right."""

from collections.abc import Callable

from hypothesis import HealthCheck, settings

MANY, SOME, FEW = 5_000, 600, 150
"""Examples for what takes about a millisecond, a tenth of a second, and half a second."""


def examples(count: int) -> settings:
    """So many, new ones in each run; a failure prints the example that shows it."""
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def refusal(error: type[Exception], parse: Callable[[], object]) -> str | None:
    """What `parse` says when it refuses with `error`; None when it reads. Any other exception goes through."""
    try:
        parse()
    except error as refused:
        return str(refused)
    return None
