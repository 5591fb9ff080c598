"""The catalogue as open data: one flat row per service, for spreadsheets."""

import csv
import json
from collections.abc import Iterable
from datetime import date
from io import StringIO

from lifeevents.domain.pack import Pack

COLUMNS = (
    "id",
    "code",
    "title",
    "authority",
    "office",
    "level",
    "group",
    "essential",
    "proactivity",
    "mode",
    "unprompted",
    "deadline",
    "deadline_from",
    "processing_days",
    "fee_vnd",
    "law",
    "verified",
    "source",
)


Row = dict[str, str | int | bool | None]


def rows(pack: Pack, language: str, day: date) -> tuple[Row, ...]:
    """One row per procedure in COLUMNS, with the code in force on `day`; what is not verified is left empty."""
    return tuple(
        {
            "id": one.id,
            "code": one.code_on(day),
            "title": one.title[language],
            "authority": one.authority[language],
            "office": one.office[language],
            "level": one.level,
            "group": one.portal_group,
            "essential": one.essential,
            "proactivity": one.proactivity,
            "mode": one.mode,
            "unprompted": one.unprompted[language] if one.unprompted else None,
            "deadline": one.deadline.period if one.deadline and one.deadline.verified else None,
            "deadline_from": one.deadline.after if one.deadline and one.deadline.verified else None,
            "processing_days": one.processing.days if one.processing and one.processing.verified else None,
            "fee_vnd": one.fee.vnd if one.fee and one.fee.verified else None,
            "law": "; ".join(one.law),
            "verified": one.verified,
            "source": one.source,
        }
        for one in pack.procedures.values()
    )


def as_csv(found: Iterable[Row]) -> str:
    """The rows as CSV (RFC 4180) with a header line."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()


def as_json(found: Iterable[Row]) -> str:
    """The rows as a JSON array of objects, one a line."""
    lines = (json.dumps(row, ensure_ascii=False) for row in found)
    return "[\n" + ",\n".join(lines) + "\n]\n"
