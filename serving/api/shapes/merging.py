"""Terms about one and the same fact read as one condition: `age >= 18 and age < 70` is one sentence, not two."""

from collections.abc import Sequence
from typing import Any

from lifeevents.domain.explanation import Change, Need, Reason
from lifeevents.domain.occasion import Verdict

_ORDER: tuple[Verdict, ...] = ("no", "ask", "yes")


def merged(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """What is missing first, then what is not known, then what fits; each term once, those about one fact together.

    What a fact fits in is left out where the same fact is missing something: the need says it all. That somebody who
    reads it is alive goes without saying.
    """
    groups: dict[Any, list[Reason]] = {}
    for reason in dict.fromkeys(map(_plainly, reasons)):
        if reason.answer == "yes" and [fact.name for fact in reason.facts] == ["alive"]:
            continue
        simple = len(reason.facts) == 1 and len(reason.changes) <= 1 and len(reason.grounds) <= 1
        key = (reason.facts[0].name, reason.answer) if simple else reason.text
        groups.setdefault(key, []).append(reason)
    short = {key[0] for key in groups if isinstance(key, tuple) and key[1] != "yes"}
    found = [_one(group) for key, group in groups.items() if key not in {(name, "yes") for name in short}]
    return tuple(sorted(found, key=lambda reason: _ORDER.index(reason.answer)))


def _plainly(reason: Reason) -> Reason:
    """Nobody is told to have nothing on record where something else would do as well."""
    on_record = [change for change in reason.changes if change.needs[0].comparator != "unknown"]
    return reason.model_copy(update={"changes": tuple(on_record) or reason.changes})


def _one(group: Sequence[Reason]) -> Reason:
    first = group[0]
    if len(group) == 1:
        return first
    return first.model_copy(
        update={
            "text": " AND ".join(reason.text for reason in group),
            "grounds": _joined([change for reason in group for change in reason.grounds]),
            "changes": _joined([change for reason in group for change in reason.changes]),
        }
    )


def _joined(found: Sequence[Change]) -> tuple[Change, ...]:
    if not found:
        return ()
    starts = [change.from_day for change in found if change.from_day]
    ends = [change.until_day for change in found if change.until_day]
    return (
        found[0].model_copy(
            update={
                "needs": _strictest([need for change in found for need in change.needs]),
                "from_day": max(starts) if len(starts) == len(found) else None,
                "until_day": min(ends, default=None),
            }
        ),
    )


def _strictest(needs: Sequence[Need]) -> tuple[Need, ...]:
    """Of several lower bounds the highest, of several upper bounds the lowest; everything else once."""
    kept: dict[Any, Need] = {}
    for need in needs:
        bound: Any = need.values[0] if need.values else None
        if need.comparator not in ("at_least", "at_most") or need.like:
            kept.setdefault(need, need)
            continue
        other: Any = kept[need.comparator].values[0] if need.comparator in kept else bound
        stricter = bound >= other if need.comparator == "at_least" else bound <= other
        if stricter:
            kept[need.comparator] = need
    return tuple(kept.values())
