"""`lifeevents`: one command per use case; an error of ours is one sentence and exit code 1."""

import sys
import warnings

import typer

from lifeevents.domain.errors import LifeEventsError
from serving.cli import (
    catalogue,
    coverage,
    data,
    entitled,
    explain,
    forecast,
    law,
    learn,
    models,
    own,
    quality,
    run,
    show,
    worlds,
)

app = typer.Typer(
    help="A proactive life-event service: from what the registers know to an offer a citizen can accept.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
for family in (
    catalogue,
    law,
    data,
    learn,
    models,
    own,
    quality,
    run,
    coverage,
    show,
    entitled,
    explain,
    worlds,
    forecast,
):
    family.register(app)


def main() -> None:
    """Entry point of the console script. What libraries deprecate is our tests' business, not a user's."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore", DeprecationWarning)
    try:
        app()
    except LifeEventsError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
