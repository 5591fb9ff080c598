"""The coverage report as a page in Markdown: the shares, the services that meet, and what each other one lacks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from serving.api.language import pick
from serving.reports.page import written

_COLUMNS = ("service", "essential", "level", "eligible", "reached", "reach at least", "audited", "right at least")


def write_markdown(path: Path, report: Mapping[str, Any]) -> None:
    """Write the report, as `lifeevents.pipeline.report.coverage` makes it; in English."""
    whose = "a simulated population: nobody in it exists" if report["simulated"] else "the registers"
    meets = [one for one in report["services"] if one["verdict"] == "meets"]
    others = [one for one in report["services"] if one["verdict"] != "meets"]
    others.sort(key=lambda one: (not one["essential"], one["steps_left"], one["id"]))
    written(
        path,
        "\n".join(
            [
                "# How much of the 50% is reached",
                "",
                f"Written by `lifeevents coverage --markdown`; figures as of {report['as_of']}, of {whose}. "
                "*At least* is the lower end of the 95% Wilson interval; how a service comes to count stands in "
                "[the 50% and the road to it](coverage.md).",
                "",
                *_table(
                    ("catalogue", "services", "proactive", "share", "if confirmed by a lawyer", "target"),
                    [
                        (
                            pick(one["title"], "en"),
                            one["services"],
                            one["proactive"],
                            _percent(one["share"]),
                            one["if_confirmed"],
                            _percent(one["target"]),
                        )
                        for one in report["catalogues"]
                    ],
                ),
                "",
                "What is missing, over all services:",
                "",
                *_table(
                    ("step", "services", "essential", "what to do"),
                    [(s["step"], s["services"], s["essential"], pick(s["todo"], "en")) for s in report["steps"]],
                ),
                "",
                f"## {len(meets)} services meet",
                "",
                *_table(_COLUMNS, [_figures(one) for one in meets]),
                "",
                f"## {len(others)} do not yet, and what each lacks",
                "",
                "Essential ones first, then those with the fewest steps left.",
                "",
                *_table((*_COLUMNS, "lacks"), [(*_figures(one), _lacks(one)) for one in others]),
                "",
            ]
        ),
    )


def _figures(one: Mapping[str, Any]) -> Sequence[Any]:
    return (
        f"{one['title']['en']} (`{one['id']}`)",
        "yes" if one["essential"] else "",
        one["level"],
        one["eligible"],
        one["reached"],
        _percent(one["reach_low"]),
        one["audited"],
        _percent(one["precision_low"]),
    )


def _lacks(one: Mapping[str, Any]) -> str:
    return " ".join(pick(lack, "en") for lack in one["lacks"])


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    def cell(value: Any) -> str:
        return f"{value:,}" if isinstance(value, int) else str(value)

    counted = [all(str(row[n])[:1].isdigit() or row[n] in ("–", "") for row in rows) for n in range(len(columns))]
    lines = [columns, ["---:" if number else "---" for number in counted], *rows]
    return ["| " + " | ".join(cell(value) for value in line) + " |" for line in lines]
