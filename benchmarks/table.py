"""The stage table as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A stage: median seconds, how many of what it handled, the peak memory of its process (MB), and its peer.

    `ratio`: the peer's seconds by ours; above 1, ours is faster.
    """

    stage: str
    seconds: float
    number: int
    unit: str
    peak_mb: float
    peer: str
    peer_seconds: float | None
    ratio: float | None


def markdown(rows: Sequence[Row], about: Mapping[str, object]) -> str:
    """The table, and under it what it was measured on."""
    lines = [
        "| stage | seconds | per second | peak MB | peer | its seconds | peer ÷ ours |",
        "|---|---:|---:|---:|---|---:|---:|",
        *(_line(row) for row in rows),
        "",
        f"{about['people']:,} people on the first day; medians of {about['rounds']} (train: 1); {about['cores']} cores,"
        f" Python {about['python']}, load {about['load_before']} before, {about['load_after']} after; {about['on']}.",
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    beside = f"{row.peer_seconds:,.2f} | {row.ratio:,.1f}" if row.peer_seconds and row.ratio else "|"
    pace = f"{row.number / row.seconds:,.0f} {row.unit}"
    return f"| {row.stage} | {row.seconds:,.2f} | {pace} | {row.peak_mb:,.0f} | {row.peer} | {beside} |"
