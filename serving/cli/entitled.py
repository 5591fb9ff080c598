"""Commands about what people are entitled to: how many may have each procedure, and what forms need not ask."""

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from serving.bootstrap import Product
from serving.cli.console import console, table
from serving.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("entitled")(entitled)
    app.command("once-only")(once_only)


def entitled(
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As the registers knew it then (default: today).")
    ] = None,
) -> None:
    """How many people and businesses may have each procedure: yes, to be asked, no."""
    from lifeevents.engine.eligibility import every_rule
    from lifeevents.pipeline.entitled import entitled as asked

    product = Product(Settings())
    day = as_of.date() if as_of else product.clock.now().date()
    rules = every_rule(product.pack, product.known)
    counts: Counter[tuple[str, str]] = Counter()
    for bucket in range(product.features.buckets):
        for one in asked(rules, product.features.snapshot(bucket, day, since=day).rows):
            counts.update(
                {(one.procedure, "yes"): one.yes, (one.procedure, "ask"): one.ask, (one.procedure, "no"): one.no}
            )
    rows = [
        (rule.procedure.id, *(counts[rule.procedure.id, answer] for answer in ("yes", "ask", "no"))) for rule in rules
    ]
    table(f"Entitled as of {day}", ["procedure", "yes", "ask", "no"], rows)
    if silent := len(product.pack.procedures) - len(rules):
        console.print(f"{silent} procedures have no rule yet.")


def once_only() -> None:
    """Of the items that each procedure requires, how many registers hold."""
    from lifeevents.engine.application import once_only as held_of

    pack = Product(Settings()).pack
    found = [held_of(pack, procedure) for procedure in pack.procedures.values()]
    described = [one for one in found if one.required]
    rows = [(one.procedure, one.required, one.held, one.share) for one in described]
    table("Items that registers hold", ["procedure", "required", "held", "share"], rows)
    required, held = sum(one.required for one in found), sum(one.held for one in found)
    console.print(f"{held} of {required} items; {len(found) - len(described)} procedures describe no items yet.")
