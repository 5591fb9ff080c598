"""What goes stale in a pack: the calendar, dated law, procedure codes, reviews. Each with the day and what to do."""

from collections.abc import Iterator
from datetime import date

from lifeevents.domain.calendar import Period, plus
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.pack import Pack

AHEAD = Period(months=6)
"""How long before its day a thing is told."""


class Stale(Frozen):
    """Something that ends or has ended: where it stands, the day, and what to do about it."""

    file: str
    on: date
    says: str
    do: str


def stale(pack: Pack, today: date, *, ahead: Period = AHEAD) -> list[Stale]:
    """Everything that has ended or ends within `ahead`, the oldest first; empty when the pack is fresh."""
    last = plus(today, ahead)
    found = [
        *_calendar(pack, today, last),
        *_tables(pack, last),
        *_numbers(pack, last),
        *_codes(pack, today, last),
        *_reviews(pack, last),
    ]
    return sorted(found, key=lambda one: (one.on, one.file, one.says))


def _calendar(pack: Pack, today: date, last: date) -> Iterator[Stale]:
    start, end = pack.calendar.covers
    if not start <= today or end <= last:
        says = f"days off are known from {start} to {end}"
        yield Stale(file="calendar.yaml", on=end, says=says, do="add the next year's days off and move covers")
    sure = pack.calendar.confirmed_to
    if sure is not None and sure <= last:
        says = f"days off after {sure} are estimates"
        yield Stale(
            file="calendar.yaml", on=sure, says=says, do="put in the notice of the next year, move confirmed_to"
        )
    years = {day.year for day in pack.calendar.holidays}
    for year in (today.year, today.year + 1):
        if start.year <= year <= end.year and year not in years:
            says = f"no day off is named for {year}"
            yield Stale(file="calendar.yaml", on=date(year, 1, 1), says=says, do="add that year's days off")


def _tables(pack: Pack, last: date) -> Iterator[Stale]:
    """Age tables whose last band closes: who is born later has no date at all."""
    for rule in pack.law.values():
        for sex, bands in rule.table.items():
            end = bands[-1].born_to if bands else None
            if end is not None and (reached := plus(end, Period(months=bands[-1].months))) <= last:
                says = f"the table ends for {sex} born from {end}, who reach it from {reached}"
                yield Stale(file=f"law/{rule.id}.yaml", on=reached, says=says, do="add the next band of the law")


def _numbers(pack: Pack, last: date) -> Iterator[Stale]:
    """Tables of law whose last value ends: from then on nothing is known."""
    for table in pack.tables.values():
        end = table.values[-1].to
        if end is not None and end <= last:
            file = f"law/tables/{table.id}.yaml"
            yield Stale(file=file, on=end, says=f"its last value ends on {end}", do="add the value that follows")


def _codes(pack: Pack, today: date, last: date) -> Iterator[Stale]:
    for p in pack.procedures.values():
        file = f"procedures/{p.id}.yaml"
        if p.codes and p.code_on(today) is None:
            begins = min((c.valid_from for c in p.codes if c.valid_from and c.valid_from > today), default=None)
            says = f"no code is in force{f' before {begins}' if begins else ''}"
            yield Stale(file=file, on=begins or today, says=says, do="look up the code in force and add it")
        for code in p.codes:
            if code.valid_to is None or not today <= code.valid_to <= last:
                continue
            follows = any(c.valid_from and c.valid_from > code.valid_to for c in p.codes)
            if not follows:
                successor = f"; {code.replaced_by} replaces it" if code.replaced_by else ""
                says = f"code {code.code} ends{successor}"
                yield Stale(file=file, on=code.valid_to, says=says, do="add the code that follows, with valid_from")


def _reviews(pack: Pack, last: date) -> Iterator[Stale]:
    reviewed = [(f"procedures/{p.id}.yaml", p.review_by) for p in pack.procedures.values()]
    reviewed += [(f"law/{rule.id}.yaml", rule.review_by) for rule in pack.law.values()]
    reviewed += [(f"law/tables/{table.id}.yaml", table.review_by) for table in pack.tables.values()]
    for file, day in reviewed:
        if day is not None and day <= last:
            yield Stale(file=file, on=day, says="its review is due", do="compare it with the law and move review_by")
