"""The quarantine's desk: its owner lists rows, corrects them, and releases them through the same gate.

What is done is a log in the lake (`desk`), written with the lake's next generation: a row is in the lake and in the log
as released, or in neither. Releasing one that is released, or correcting one to what it says already, changes nothing.
The quarantined row itself is never touched.
"""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from lifeevents.domain.errors import Conflict, NotFound, Refused, did_you_mean
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.quarantine import Handling, Quarantined, QuarantinePage
from lifeevents.registers.cells import define_macros, sql_text
from lifeevents.registers.contract import CONTRACT, Table
from lifeevents.registers.lake import Draft, Lake
from lifeevents.registers.quality.scene import ITEM_ID
from lifeevents.registers.release import Verdict, pass_gate
from lifeevents.registers.writing import copy_to

TABLES = {table.name: table for table in CONTRACT}
_MOMENT = "as_moment(cell(content ->> '$.recorded_at'))"
_ITEMS = (
    f"SELECT {ITEM_ID} AS id, relation, file, row, coalesce(cell(content ->> '$.register'), '') AS register,"
    f" date_trunc('month', {_MOMENT})::DATE AS month, field, value, reason, sentence, content"
)


class Desk:
    """The desk of one lake."""

    def __init__(self, lake: Lake, vocabulary: Vocabulary) -> None:
        self._lake, self._vocabulary = lake, vocabulary

    def rows(
        self,
        *,
        registers: Collection[str] | None = None,
        reason: str | None = None,
        month: date | None = None,
        state: str = "open",
        limit: int = 50,
        offset: int = 0,
    ) -> QuarantinePage:
        """The rows of registers ("": those that name none), reason and month of recording, in a stable order."""
        asked = {"reason": reason, "month": month, "state": None if state == "all" else state}
        wanted = [f"{name} = {sql_text(str(value))}" for name, value in asked.items() if value is not None]
        if registers is not None:
            wanted.append(f"list_contains([{', '.join(map(sql_text, sorted(registers)))}]::VARCHAR[], register)")
        with self._reading() as con:
            con.execute(f"CREATE TEMP TABLE found AS FROM items WHERE {' AND '.join(wanted) or 'true'}")
            total = con.execute("SELECT count(*) FROM found").fetchall()[0][0]
            counts = [
                dict(con.execute(f"SELECT {name}, count(*) FROM found GROUP BY 1 ORDER BY 2 DESC, 1").fetchall())
                for name in ("register", "reason")
            ]
            chosen = f"SELECT * FROM found ORDER BY relation, file, row, id LIMIT {limit} OFFSET {offset}"
            return QuarantinePage(total=total, items=tuple(_items(con, chosen)), registers=counts[0], reasons=counts[1])

    def row(self, item_id: str) -> Quarantined:
        """One row. Raises NotFound."""
        with self._reading() as con:
            return _one(con, item_id)

    def fix(self, item_id: str, corrections: Mapping[str, str | None], *, who: str, at: datetime) -> Quarantined:
        """Correct fields of an open row (None or "" empties one). Raises NotFound, Refused for a field that the row
        has not, Conflict when the row is released, Unavailable while an import runs."""
        with self._lake.writing(wait=False) as draft, _connected(self._lake, draft) as con:
            item = _one(con, item_id)
            after = corrected(item, corrections)
            if after == item.content:
                return item
            if item.state == "released":
                raise Conflict(f"{item_id} is released; send a correction as a row of its own.")
            _log(con, item, after, Verdict("fixed"), who=who, at=at)
            self._publish(con, draft)
        return self.row(item_id)

    def release(self, item_id: str, corrections: Mapping[str, str | None], *, who: str, at: datetime) -> Quarantined:
        """Send a row, corrected, through the gate again; in the lake, or open with the gate's new verdict.

        Raises what `fix` raises. A row that the gate refuses keeps its corrections.
        """
        with self._lake.writing(wait=False) as draft, _connected(self._lake, draft) as con:
            item = _one(con, item_id)
            if item.state == "released":
                if corrected(item, corrections) != item.content:
                    raise Conflict(f"{item_id} is released with other content; send a correction as its own row.")
                return item
            after = corrected(item, corrections)
            place = f"{item.file} row {item.row}"
            verdict = pass_gate(con, self._lake, draft, self._vocabulary, item.relation, after, place=place)
            _log(con, item, after, verdict, who=who, at=at)
            self._publish(con, draft, verdict)
        return self.row(item_id)

    def _publish(self, con: duckdb.DuckDBPyConnection, draft: Draft, verdict: Verdict | None = None) -> None:
        copy_to(con, "SELECT * FROM desk", draft.desk_path().as_posix())
        draft.publish(verdict.deliveries if verdict and verdict.deliveries else draft.current.deliveries)

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with _connected(self._lake, None) as con:
            yield con


def corrected(item: Quarantined, corrections: Mapping[str, str | None]) -> dict[str, str | None]:
    """The row's content with the corrections in it. Raises Refused for a field that its relation has not."""
    columns = TABLES[item.relation].names
    for name in corrections:
        if name not in columns:
            near = did_you_mean(name, columns)
            raise Refused(f'{item.relation} have no field "{name}".{near}')
    return dict(item.content) | {name: value or None for name, value in corrections.items()}


@contextmanager
def _connected(lake: Lake, draft: Draft | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `items` (every quarantined row, with its state) and `desk` (what was done so far)."""
    current = draft.current if draft else lake.manifest
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
        define_macros(con)
        con.execute(f"CREATE TEMP TABLE desk AS {lake.desk_rows(current)}")
        con.execute(
            "CREATE TEMP VIEW items AS SELECT i.* EXCLUDE (reason), coalesce(d.verdict, i.reason) AS reason, CASE WHEN"
            " coalesce(d.done, false) THEN 'released' ELSE 'open' END AS state FROM"
            f" ({_ITEMS} FROM ({lake.quarantined_rows(current)})) i LEFT JOIN (SELECT id, bool_or(action = 'released')"
            " AS done, arg_max(reason, moment) FILTER (reason IS NOT NULL) AS verdict"
            " FROM desk GROUP BY id) d USING (id)"
        )
        yield con


def _one(con: duckdb.DuckDBPyConnection, item_id: str) -> Quarantined:
    found = list(_items(con, f"SELECT * FROM items WHERE id = {sql_text(item_id)}"))
    if not found:
        raise NotFound(f'There is no row "{item_id}" in the quarantine.')
    return found[0]


def _items(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[Quarantined]:
    rows = con.execute(
        f"SELECT id, relation, file, row, register, month, field, value, reason, sentence, content, state"
        f" FROM ({query}) ORDER BY relation, file, row, id"
    ).fetchall()
    ids = ", ".join(sql_text(row[0]) for row in rows) or "''"
    done: dict[str, list[tuple[Any, ...]]] = {}
    for line in con.execute(f"SELECT * FROM desk WHERE id IN ({ids}) ORDER BY moment").fetchall():
        done.setdefault(line[0], []).append(line)
    for item_id, relation, file, number, register, month, field, value, reason, sentence, content, state in rows:
        history = tuple(_handling(line) for line in done.get(item_id, ()))
        said = [one.sentence for one in history if one.sentence]
        yield Quarantined(
            id=item_id,
            relation=relation,
            file=file,
            row=number,
            register_id=register or None,
            month=month,
            field=field,
            value=value,
            reason=reason,
            sentence=said[-1] if said else sentence,
            content=history[-1].after if history else _content(TABLES[relation], content),
            state=state,
            history=history,
        )


def _content(table: Table, text: str) -> dict[str, str | None]:
    """The row as sent, in the contract's order; a line that was no row has no field filled."""
    sent = json.loads(text)
    return {name: sent.get(name) for name in table.names}


def _handling(line: tuple[Any, ...]) -> Handling:
    _, at, who, action, before, after, _, sentence, _ = line
    return Handling(
        action=action,
        who=who,
        at=at.replace(tzinfo=UTC),
        before=json.loads(before),
        after=json.loads(after),
        sentence=sentence,
    )


def _log(
    con: duckdb.DuckDBPyConnection,
    item: Quarantined,
    after: Mapping[str, str | None],
    verdict: Verdict,
    *,
    who: str,
    at: datetime,
) -> None:
    con.execute(
        "INSERT INTO desk VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            item.id,
            at.astimezone(UTC).replace(tzinfo=None),
            who,
            verdict.action,
            json.dumps(item.content, ensure_ascii=False),
            json.dumps(after, ensure_ascii=False),
            verdict.reason,
            verdict.sentence,
            verdict.digest,
        ],
    )
