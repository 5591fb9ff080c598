"""The command that answers "why me, why not me", as a person reads it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.padding import Padding

from lifeevents.domain.errors import NotFound
from lifeevents.ports import Predictor
from serving.api.language import spoken
from serving.api.shapes.explaining import explanation_view
from serving.api.shapes.explanation import (
    ExplanationView,
    ProcedureExplainedView,
    WayView,
)
from serving.bootstrap import Product, explainer_of, ledger_of
from serving.cli.console import console
from serving.settings import Settings
from serving.web.wording import Words, words_of

_MARK = {"yes": "[green]✓[/]", "no": "[yellow]○[/]", "ask": "[magenta]?[/]"}
_STYLE = {"offered": "green", "ask": "magenta", "not_now": "yellow", "not_yours": "yellow", "no_milestone": "dim"}


def register(app: typer.Typer) -> None:
    """Add this family's command."""
    app.command("explain")(explain)


def explain(
    subject_id: Annotated[str, typer.Argument(help="A subject's pseudonym.")],
    procedure: Annotated[
        str | None, typer.Option(help="One procedure (default: all that a milestone leads to).")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As the registers knew it then (default: today).")
    ] = None,
    language: Annotated[str | None, typer.Option(help="One of the pack's languages (default: its first).")] = None,
) -> None:
    """Why a subject is offered something, or why not, and what would change it."""
    product = Product(Settings())
    words, now = words_of(product.pack)[spoken(product.pack, language)], product.clock.now()
    day = as_of.date() if as_of else now.date()
    explainer = explainer_of(product, _predictors(product))
    with ledger_of(product) as ledger, ledger.begin() as unit:
        found = explainer.explain(unit, subject_id, as_of=day, procedures=[procedure] if procedure else None)
        detail = {"procedure": procedure, "as_of": day.isoformat()}
        unit.audit("operator", "explanations.read", subject_id, detail, now=now)
    show(explanation_view(found, product.pack, words, now.date()), words, whole=procedure is None)


def _predictors(product: Product) -> Sequence[Predictor]:
    """The models; without one, predictions are explained by what the ledger holds, and that is said."""
    from models.detectors import predictors

    try:
        return predictors(product.pack, product.known, product.var)
    except NotFound as missing:
        console.print(f"[dim]{escape(str(missing))} Predictions are explained by what the last sweep stored.[/]\n")
        return ()


def show(view: ExplanationView, words: Words, *, whole: bool) -> None:
    """Print it: the result first, then what starts it, each condition with its rule dim beside it, and its fate."""
    console.print(f"[bold]{view.subject_id}[/]  {escape(' '.join(view.says))}\n")
    shown = [one for one in view.procedures if not whole or not (one.quiet or one.outlook == "no_milestone")]
    for one in shown:
        _procedure(one, words, alive=view.alive)
    if not shown:
        console.print(words("explain.missing"))
    if rest := len(view.procedures) - len(shown):
        console.print(f"[dim]{words('explain.rest')}: {words.count('citizen.steps', rest)}.[/]")


def _procedure(one: ProcedureExplainedView, words: Words, *, alive: bool) -> None:
    console.print(f"[bold]{escape(one.title)}[/]  [dim]{one.procedure}[/]")
    console.print(f"[{_STYLE[one.outlook]}]{escape(one.result)}.[/] {escape(' '.join(one.says))}")
    for way in one.ways if alive else ():
        _way(way, words, several=len(one.ways) > 1)
    console.print()


def _way(way: WayView, words: Words, *, several: bool) -> None:
    result = f" ({escape(way.result)})" if several else ""
    _line(f"[bold]{words('explain.starts')}[/]: {escape(way.milestone_title)}{result}  [dim]{way.milestone}[/]", 2)
    model = f"  [dim]{escape(way.trigger.model)}[/]" if way.trigger.model else ""
    _line(escape(" ".join(way.trigger.says)) + model, 4)
    if way.trigger.state == "absent" and not way.conditions:
        return
    heading = words("explain.have" if way.done else "explain.conditions")
    _line(f"[bold]{heading}[/]" if way.conditions else words("explain.no_conditions"), 2)
    for one in way.conditions:
        _line(f"{_MARK[one.answer]} {escape(one.says)}  [dim]{escape(one.rule)}[/]", 4)
    for fate in way.fates:
        _line(f"[bold]{words('explain.fate')}[/]: {escape(' '.join(fate.says))}  [dim]{fate.detector}[/]", 2)


def _line(text: str, indent: int) -> None:
    """Indented and wrapped on a terminal; one line per thing where there is none."""
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent)), soft_wrap=False)
    else:
        console.print(" " * indent + text)
