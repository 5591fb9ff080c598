"""What the gate asks of a row: checks in order, generated from the contract and the pack's vocabulary.

Each check is a reason code, the field it is about, an SQL condition that is true for a bad row, and an SQL expression
for the rest of the sentence. The first that holds decides. Conditions read the trimmed cells by their column names,
the typed values as `v.<column>`, the known subject a row is about as `s` (known, kind, born_on, exactness), the pack's
word for its event, attribute or relation type as `n` (known_name, owner, of, type), and the nearest such word as `h`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lifeevents.domain.pack import Vocabulary
from lifeevents.registers.cells import sql_text, unreadable
from lifeevents.registers.contract import ATTRIBUTES, EVENTS, SUBJECTS, Column, Table


@dataclass(frozen=True)
class Check:
    """One reason to quarantine a row; `sentence` is SQL for the text after "<file> row <n>, <field>: "."""

    reason: str
    field: str
    condition: str
    sentence: str


def _says(text: str, **values: str) -> str:
    """SQL of a sentence with {name} replaced by SQL expressions."""
    sql = sql_text(text)
    for name, value in values.items():
        sql = sql.replace("{" + name + "}", f"' || coalesce(({value})::VARCHAR, '') || '")
    return f"({sql})"


def checks(table: Table, vocabulary: Vocabulary | None) -> list[Check]:
    """All checks of one relation, in the order they decide."""
    found = [check for column in table.columns for check in _cell_checks(column)]
    if table.name == SUBJECTS.name:
        return [*found, *_ends("obs_from", "obs_to")]
    found += _known_subject("subject_id", "s")
    if table.name == EVENTS.name:
        return [*found, *_event_vocabulary(vocabulary), *_event_checks()]
    if table.name == ATTRIBUTES.name:
        return [*found, *_attribute_vocabulary(vocabulary), *_before_birth("valid_from", "'day'"), *_span()]
    return [*found, *_known_subject("related_id", "r"), *_relation_checks(vocabulary), *_span()]


def _cell_checks(column: Column) -> Iterator[Check]:
    name = column.name
    if column.needed:
        yield Check("missing_value", name, f"{name} IS NULL", _says("there is no value. Every row needs one."))
    if bad := unreadable(column):
        reason, wanted = ("impossible_date", "a day of the calendar between 1800 and 2199. Write it as YYYY-MM-DD.")
        if column.type == "moment":
            reason, wanted = "impossible_time", "a moment. Write it as YYYY-MM-DDTHH:MM:SSZ, in UTC."
        yield Check(reason, name, bad, _says('"{it}" is not ' + wanted, it=name))
    if column.allowed:
        known = ", ".join(sql_text(value) for value in column.allowed)
        use = " or ".join(column.allowed)
        text = _says('"{it}" is not known here. Use ' + use + ".", it=name)
        yield Check(f"unknown_{name}", name, f"{name} NOT IN ({known})", text)
    if column.type == "json":
        no_object = f"{name} IS NOT NULL AND (NOT json_valid({name}) OR coalesce(json_type({name}), '') <> 'OBJECT')"
        text = _says(
            '{it} is not a JSON object. Write it like {"order": 2}, or leave it empty.', it=f"left({name}, 60)"
        )
        yield Check("payload_not_object", name, no_object, text)


def _known_subject(field: str, alias: str) -> Iterator[Check]:
    text = _says('"{it}" is not among the subjects. Deliver the subject with the row, or before it.', it=field)
    yield Check("unknown_subject", field, f"{alias}.known IS NULL", text)


def _unknown(field: str, what: str) -> Check:
    text = _says("the pack has no " + what + ' "{it}".{near}', it=field, near="h.hint")
    return Check(f"unknown_{what}", field, "n.known_name IS NULL", text)


def _owned(field: str) -> Iterator[Check]:
    """The register that delivers a name must be the one that owns it, and the subject of its kind."""
    text = _says(
        '"{it}" comes from the register {owner}, not from {given}.', it=field, owner="n.owner", given="register"
    )
    yield Check("wrong_register", "register", "register <> n.owner", text)
    text = _says('"{it}" is of a {kind}; this is a {other}.', it=field, kind="n.of", other="s.kind")
    yield Check("wrong_subject_kind", field, "s.kind <> n.of", text)


def _event_vocabulary(vocabulary: Vocabulary | None) -> Iterator[Check]:
    if vocabulary:
        yield _unknown("event", "event")
        yield from _owned("event")


def _attribute_vocabulary(vocabulary: Vocabulary | None) -> Iterator[Check]:
    if not vocabulary:
        return
    yield _unknown("name", "attribute")
    yield from _owned("name")
    text = _says('"{it}" is not of the type {kind}, as {name} is.', it="value", kind="n.type", name="name")
    yield Check("wrong_type", "value", "v.value IS NULL", text)
    for name, attribute in vocabulary.attributes.items():
        if attribute.codes:
            bad = f"name = {sql_text(name)} AND v.value NOT IN ({', '.join(map(sql_text, attribute.codes))})"
            codes = ", ".join(attribute.codes)
            text = _says('"{it}" is not a code of {name}. It has: ' + codes + ".", it="value", name="name")
            yield Check("unknown_code", "value", bad, text)


def _event_checks() -> Iterator[Check]:
    late = "earliest(v.occurred_on, v.precision) > v.recorded_at::DATE + 1"
    text = _says(
        "recorded on {at}, before it happened on {on}. Check the two dates.", at="v.recorded_at", on="v.occurred_on"
    )
    yield Check("recorded_before_occurred", "recorded_at", late, text)
    yield from _before_birth("occurred_on", "v.precision")
    both = _says("a row either corrects or annuls. Send two rows.")
    yield Check("corrects_and_annuls", "annuls", "corrects IS NOT NULL AND annuls IS NOT NULL", both)
    for field in ("corrects", "annuls"):
        text = _says('"{it}" is the row itself. Name the event_id of the earlier row.', it=field)
        yield Check("refers_to_itself", field, f"{field} = event_id", text)


def _before_birth(field: str, precision: str) -> Iterator[Check]:
    early = f"latest(v.{field}, {precision}) < earliest(s.born_on, s.exactness) - 1"
    text = _says("{it} is before the birth on {born}. Check both dates.", it=f"v.{field}", born="s.born_on")
    yield Check("before_birth", field, early, text)


def _relation_checks(vocabulary: Vocabulary | None) -> Iterator[Check]:
    if vocabulary:
        yield _unknown("relation", "relation")
    text = _says('"{it}" is the subject itself. Name the other one.', it="related_id")
    yield Check("refers_to_itself", "related_id", "related_id = subject_id", text)


def _span() -> Iterator[Check]:
    return _ends("valid_from", "valid_to")


def _ends(start: str, end: str) -> Iterator[Check]:
    text = _says("{end} is before " + start + " {start}. Check both dates.", end=f"v.{end}", start=f"v.{start}")
    yield Check("ends_before_start", end, f"v.{end} < v.{start}", text)
