"""What a person at a terminal sees: progress bars, tables, and plain lines where there is no terminal."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

Tell = Callable[[str, float], None]
console = Console(highlight=False, soft_wrap=True)
console.width = max(console.width, 120)


@contextmanager
def only_ours_on_stdout() -> Iterator[None]:
    """Send what libraries below Python print (DuckDB's own progress bar) to stderr: for output to a machine."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@contextmanager
def progress(title: str) -> Iterator[Tell]:
    """A progress bar for one stage; tell it (what is being done, share done from 0 to 1)."""
    bar = Progress(
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("[bold]{task.fields[title]:<28}"),
        BarColumn(bar_width=28),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.description}"),
        console=console,
    )
    with bar:
        task = bar.add_task("", total=1.0, title=title)
        yield lambda label, done: bar.update(task, description=label, completed=min(done, 1.0))
        bar.update(task, completed=1.0, description="")


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """A small table; numbers are right-aligned."""
    content = [[_cell(value) for value in row] for row in rows]
    shown = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        numeric = all(line[index][:1].isdigit() or line[index] in ("", "–") for line in content)
        shown.add_column(column, justify="right" if numeric and content else "left", style=None)
    for line in content:
        shown.add_row(*line)
    console.print(shown)
    console.print()


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
