"""Commands that show what stands: facts."""

from datetime import timedelta
from typing import Annotated

import typer

from lifeevents.domain.errors import NotFound
from serving.bootstrap import Product, online_of
from serving.cli.console import table
from serving.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("facts")(facts)


def facts(
    subject_id: Annotated[str, typer.Argument(help="A subject's pseudonym.")],
    days: Annotated[int, typer.Option(min=1, help="Refuse a row older than this.")] = 7,
) -> None:
    """What the registers let us know of one subject, from the online store."""
    from features.catalogue import features

    product = Product(Settings())
    with online_of(product) as online:
        row = online.read(subject_id, now=product.clock.now(), max_age=timedelta(days=days))
    if row is None:
        raise NotFound(f"the online store has no {subject_id}; it is written by: lifeevents sweep")
    catalogue = features(product.pack.vocabulary)
    known = [(name, value, catalogue[name].register) for name, value in row.values.items() if value is not None]
    table(f"{subject_id} as of {row.at:%Y-%m-%d %H:%M} UTC", ["fact", "value", "register"], known)
