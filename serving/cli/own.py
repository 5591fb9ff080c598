"""Commands for data that somebody brings, without a pack: fit a model, ask it, measure it."""

import csv
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from lifeevents.domain.errors import DumpError, LifeEventsError, did_you_mean
from serving.cli.console import console, progress

ID = "person_id"


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("fit")(fit)
    app.command("score")(score)


def fit(
    dump: Annotated[Path, typer.Option(help="A dump of your own: persons, events, attributes, relations.")],
    task: Annotated[Path, typer.Option(help="A file with one task, or a list of them (JSON).")],
    out: Annotated[Path, typer.Option(help="The folder to keep the model in.")],
    id: Annotated[str | None, typer.Option(help="Which task of a list.")] = None,
) -> None:
    """Fit a model for a task on your own data; nothing but text is written."""
    from models.fitting import describe
    from models.fitting import fit as run
    from models.folder import checked, keep
    from models.task import read_tasks

    tasks = read_tasks(task, id)
    if len(tasks) != 1:
        names = ", ".join(str(one.get("id")) for one in tasks) or "none"
        raise DumpError(f"{task} holds {len(tasks)} tasks ({names}). Say which: --id NAME")
    folder = checked(out)
    with progress("Fit") as tell:
        kept = run(dump, tasks[0], progress=tell)
    keep(kept, folder)
    console.print(f"{tasks[0].get('id', 'task')}: {describe(kept)}")
    console.print(f"model written to {out}")


def score(
    dump: Annotated[Path, typer.Option(help="A dump with what is known of the people asked about.")],
    model: Annotated[Path, typer.Option(help="A folder that `lifeevents fit` wrote.")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Nothing known later is used.")],
    ask: Annotated[Path, typer.Option(help="A CSV file with a column person_id.")],
    out: Annotated[Path, typer.Option(help="The CSV file to write: date, person_id, p.")],
) -> None:
    """Ask a model about people as of a day: one chance for each row asked, in its order."""
    from models.folder import read
    from models.scoring import score as run
    from serving.reports.page import written

    if not out.parent.is_dir() or out.is_dir():
        raise LifeEventsError(f"{out}: this is no file that can be written. Name one in a folder that is there.")
    kept, people = read(model), people_of(ask)
    with progress("Score") as tell:
        chances = run(dump, kept, as_of.date(), [one.strip() for one in people], progress=tell)
    day = as_of.date().isoformat()
    written(out, _as_csv([(day, person, f"{p:.9g}") for person, p in zip(people, chances, strict=True)]))
    console.print(f"{len(people):,} rows written to {out}")


def people_of(path: Path) -> list[str]:
    """The ids in a file's column person_id, as they are written there. Raises DumpError."""
    if not path.is_file():
        raise DumpError(f"{path}: there is no such file. It lists whom to score, in a column {ID}.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            header = [name.strip() for name in next(rows, [])]
            if ID not in header:
                has = ", ".join(header) or "nothing"
                near = did_you_mean(ID, header)
                raise DumpError(f"{path}: the first line has no column {ID} (there is: {has}).{near}")
            place, people = header.index(ID), []
            for row in rows:
                if not row:
                    continue
                if len(row) != len(header):
                    raise DumpError(f"{path} line {rows.line_num}: {len(row)} cells under {len(header)} column names.")
                people.append(row[place])
    except (UnicodeDecodeError, csv.Error) as error:
        raise DumpError(f"{path}: this is not a CSV file in UTF-8 ({error}).") from None
    return people


def _as_csv(rows: list[tuple[str, str, str]]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows([("date", ID, "p"), *rows])
    return out.getvalue()
