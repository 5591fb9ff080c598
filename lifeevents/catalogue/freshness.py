"""What in a pack runs out: the calendar, values of law, review dates, national codes. Each says what to do."""

from collections.abc import Iterator
from datetime import date

from lifeevents.domain.calendar import add_months
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.pack import Pack


class Stale(Frozen):
    """Something in `file` that ends or has to be looked at on `due`; `todo` says what to do."""

    file: str
    due: date
    todo: str


def stale(pack: Pack, today: date, months: int = 3) -> tuple[Stale, ...]:
    """What is out of date on `today` or will be within `months`, the most urgent first; empty when all is fresh."""
    horizon = add_months(today, months)
    found = [*_calendar(pack, today), *_tables(pack, horizon), *_reviews(pack, today), *_codes(pack, horizon)]
    return tuple(sorted(found, key=lambda one: (one.due, one.file)))


def _calendar(pack: Pack, today: date) -> Iterator[Stale]:
    last, needed = pack.calendar.covers[1], date(today.year + 1, 12, 31)
    if last < needed:
        todo = f"The calendar ends on {last}. Add the holidays of {last.year + 1} and move the end of `covers`."
        yield Stale(file="calendar.yaml", due=last, todo=todo)
    confirmed = pack.calendar.confirmed_to
    if confirmed is not None and confirmed < today:
        todo = f"Holidays after {confirmed} are estimates. Compare {today.year} with the notice, move `confirmed_to`."
        yield Stale(file="calendar.yaml", due=confirmed, todo=todo)


def _tables(pack: Pack, horizon: date) -> Iterator[Stale]:
    for table in pack.tables.values():
        last = table.values[-1].to
        if last is not None and last <= horizon:
            todo = f"The last value ends on {last}. Add the one that follows, or set `to` further."
            yield Stale(file=f"law/tables/{table.id}.yaml", due=last, todo=todo)


def _reviews(pack: Pack, today: date) -> Iterator[Stale]:
    folders = (("procedures", pack.procedures), ("law", pack.law), ("law/tables", pack.tables))
    for folder, files in folders:
        for one in files.values():
            if one.review_by is not None and one.review_by < today:
                todo = "Its day of review has passed. Compare it with the law and move `review_by`."
                yield Stale(file=f"{folder}/{one.id}.yaml", due=one.review_by, todo=todo)


def _codes(pack: Pack, horizon: date) -> Iterator[Stale]:
    for one in pack.procedures.values():
        ends = [code.valid_to for code in one.codes if code.valid_to is not None]
        if ends and max(ends) <= horizon and one.code_on(horizon) is None:
            last = max(ends)
            successors = sorted({c.replaced_by for c in one.codes if c.replaced_by and c.valid_to == last})
            known = f" {successors[0]} is named as its successor." if successors else ""
            todo = f"Its code ends on {last}.{known} Add the code that follows to `codes`."
            yield Stale(file=f"procedures/{one.id}.yaml", due=last, todo=todo)
