"""Ages, anniversaries, periods and working days: the only place where dates are added to.

A period that ends in a month without the starting day ends on that month's last day
(Civil Code 2015 art 148); so a child born on 29 February turns one on 28 February.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from pydantic import Field, field_validator

from lifeevents.domain.frozen import Frozen

_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")


class Period(Frozen):
    """A calendar period in months and days, written as ISO 8601 (`P6M`, `P60D`, `P1Y6M`)."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read an ISO 8601 period of years, months and days. Raises ValueError on anything else."""
        found = _PERIOD.fullmatch(text.strip())
        if not found or text.strip() == "P":
            raise ValueError(f'"{text}" is not a period. Write it like P60D, P6M or P1Y6M.')
        years, months, days = (int(part or 0) for part in found.groups())
        return cls(months=12 * years + months, days=days)

    def __str__(self) -> str:
        months = f"{self.months}M" if self.months else ""
        days = f"{self.days}D" if self.days or not self.months else ""
        return f"P{months}{days}"


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later (earlier when negative), or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def plus(day: date, period: Period) -> date:
    """`day` + months, then + days."""
    return add_months(day, period.months) + timedelta(days=period.days)


def minus(day: date, period: Period) -> date:
    """`day` - months, then - days."""
    return add_months(day, -period.months) - timedelta(days=period.days)


def months_between(start: date, end: date) -> int:
    """Completed months from `start` to `end`; negative when `end` is earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def age_years(born_on: date, day: date) -> int:
    """Completed years on `day`."""
    return months_between(born_on, day) // 12


class WorkCalendar(Frozen):
    """Weekends, public holidays and the hours in which people may be told things.

    `holidays` are days off; `worked` are weekend days that are worked instead. Days outside `covers`
    are not guessed: asking for one raises ValueError. After `confirmed_to` the days are estimates. `feasts` are the
    first days, in order and as far back as training looks, of what moves through the year and people live by.
    """

    covers: tuple[date, date]
    confirmed_to: date | None = None
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    feasts: dict[str, tuple[date, ...]] = Field(default_factory=dict)
    cutoff: time = time(15, 0)
    quiet_from: time = time(20, 0)
    quiet_to: time = time(8, 0)

    @field_validator("feasts")
    @classmethod
    def _come_once_a_year_in_order(cls, feasts: dict[str, tuple[date, ...]]) -> dict[str, tuple[date, ...]]:
        for name, days in feasts.items():
            for one, other in pairwise(days):
                if not 300 < (other - one).days < 430:
                    raise ValueError(f"{name}: {other} does not follow {one} by about a year. List a day of each year.")
        return feasts

    def is_working(self, day: date) -> bool:
        """Is an office open on this day?"""
        first, last = self.covers
        if not first <= day <= last:
            raise ValueError(
                f"The calendar covers {first} to {last}; {day} is outside. Add the year's holidays to the pack."
            )
        return day in self.worked or (day.weekday() not in self.weekend and day not in self.holidays)

    def reaches(self, day: date, days: int = 0) -> bool:
        """Are there `days` working days after `day` whose days off are known?"""
        try:
            self.add_working_days(self.next_working(day), days)
        except ValueError:
            return False
        return True

    def next_working(self, day: date) -> date:
        """`day` itself when it is worked, else the next one that is."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, days: int) -> date:
        """The `days`-th working day after `day`."""
        for _ in range(days):
            day = self.next_working(day + timedelta(days=1))
        return day

    def received_on(self, at: datetime) -> date:
        """The working day a file handed in at `at` (wall-clock time of the country) counts from: from the cutoff on,
        and on a day off, the next one."""
        day = at.date() if at.time() < self.cutoff else at.date() + timedelta(days=1)
        return self.next_working(day)

    def may_speak(self, at: datetime) -> bool:
        """Working day, outside quiet hours?"""
        return self.is_working(at.date()) and self.quiet_to <= at.time() < self.quiet_from

    def next_speaking(self, at: datetime) -> datetime:
        """The first moment from `at` on at which `may_speak` holds."""
        if self.may_speak(at):
            return at
        day = at.date()
        if not (self.is_working(day) and at.time() < self.quiet_to):
            day = self.next_working(day + timedelta(days=1))
        return datetime.combine(day, self.quiet_to, tzinfo=at.tzinfo)


def local_day(at: datetime, zone: tzinfo) -> date:
    """The date on the wall calendar of `zone` at the moment `at` (which must be aware)."""
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone has no local day.")
    return at.astimezone(zone).date()
