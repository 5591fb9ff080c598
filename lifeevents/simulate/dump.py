"""Writes the register dump as Parquet, a row group per table and year, and the truth beside it.

Same rows, same bytes. The files appear under their names only when the dump is whole.
"""

from collections import Counter
from datetime import date
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lifeevents.simulate.columns import Ints
from lifeevents.simulate.dirt import NO_SUCH_DAY, Rows, Soiling, soil_attributes, soil_events
from lifeevents.simulate.months import day_number, first_days
from lifeevents.simulate.pseudonyms import BUSINESS, event_ids, subject_ids
from lifeevents.simulate.reporting import DAY, OPEN, UNHEARD, Registers
from lifeevents.simulate.risks import Risks
from lifeevents.simulate.tables import SCHEMAS, TEXT, days, moments, named, repeating, same
from lifeevents.simulate.world import NEVER, Businesses, People

_KINDS, _SEXES = ("", "person", "business"), ("", "M", "F")


class DumpWriter:
    """Takes the waiting rows of the registers, keeps what was recorded by the end of `until`, and writes it.

    rows: rows written by table. by_event: delivered events by type. dirt: wrong rows made, by kind.
    """

    def __init__(
        self, out: Path, registers: Registers, risks: Risks, *, seed: int, until: date, soiling: Soiling | None
    ) -> None:
        self._registers, self._risks, self._seed, self._soiling = registers, risks, seed, soiling
        self._last_day = day_number(until)
        self._deadline = (self._last_day + 1) * DAY
        self._seen = {0: np.full(1, UNHEARD), BUSINESS: np.full(1, UNHEARD)}
        self._gone = {0: np.full(1, UNHEARD), BUSINESS: np.full(1, UNHEARD)}
        self._paths = {name: out / f"{name}.parquet" for name in SCHEMAS}
        (out / "truth").mkdir(parents=True, exist_ok=True)
        self._writers = {
            name: pq.ParquetWriter(
                path.with_suffix(".parquet.partial"),
                SCHEMAS[name],
                compression="zstd",
                use_dictionary=repeating(SCHEMAS[name]),
            )
            for name, path in self._paths.items()
        }
        self.rows: Counter[str] = Counter()
        self.by_event: Counter[str] = Counter()
        self.dirt: Counter[str] = Counter()

    def __enter__(self) -> "DumpWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name, writer in self._writers.items():
            writer.close()
            partial = self._paths[name].with_suffix(".parquet.partial")
            if kind is None:
                partial.replace(self._paths[name])
            else:
                partial.unlink()

    def flush(self) -> None:
        """Write everything that waits, ordered by its recording."""
        registers = self._registers
        events, values, relations = (t.take() for t in (registers.events, registers.values, registers.relations))
        self._write_truth(events, values)
        self._write_chances()
        for rows in (events, values, relations):
            self._note_first(self._seen, rows["subject"], rows["recorded"])
        died = np.isin(events["event"], registers.deaths())
        self._note_first(self._gone, events["subject"][died], events["recorded"][died])
        if self._soiling:
            events, found = soil_events(events, self._soiling)
            values, more = soil_attributes(values, self._soiling)
            self.dirt += found + more
        self._write_events(self._delivered(events))
        self._write_attributes(self._delivered(values))
        self._write_relations(self._delivered(relations))

    def finish(self, people: People, businesses: Businesses) -> None:
        """Write the subjects: those that some register knows, and, in the truth, all."""
        numbers = np.r_[np.arange(len(people)), np.arange(len(businesses)) + BUSINESS]
        kind = np.repeat([1, 2], [len(people), len(businesses)])
        sex = np.r_[people.sex + 1, np.zeros(len(businesses), np.int8)]
        born = np.r_[people.born, businesses.opened].astype(np.int64)
        died = np.r_[people.died, businesses.closed].astype(np.int64)
        seen, gone = (np.r_[_first(t[0], len(people)), _first(t[BUSINESS], len(businesses))]
                      for t in (self._seen, self._gone))  # fmt: skip
        self._write(
            "truth/subjects",
            [subject_ids(numbers, self._seed), named(kind, _KINDS), named(sex, _SEXES), days(born),
             days(np.where(died <= self._last_day, died, OPEN))],
        )  # fmt: skip
        known = np.flatnonzero(seen < self._deadline)
        end = np.where((gone < self._deadline) & (died < NEVER), died, OPEN)
        self._write(
            "subjects",
            [subject_ids(numbers[known], self._seed), named(kind[known], _KINDS), named(sex[known], _SEXES),
             days(born[known]),
             same("day", len(known)), days(seen[known] // DAY), days(end[known])],
        )  # fmt: skip

    def _delivered(self, rows: Rows) -> Rows:
        kept = np.flatnonzero(rows["recorded"] < self._deadline)
        kept = kept[np.argsort(rows["recorded"][kept], kind="stable")]
        return {name: column[kept] for name, column in rows.items()}

    def _write_events(self, rows: Rows) -> None:
        names = self._registers.codes.texts
        owners = [self._registers.event_owner.get(name, "") for name in names]
        for code, count in enumerate(np.bincount(rows["event"], minlength=len(names))):
            if count:
                self.by_event[names[code]] += int(count)
        self._write(
            "events",
            [event_ids(rows["number"], self._seed), subject_ids(rows["subject"], self._seed), self._text(rows["event"]),
             days(rows["day"]), same("day", len(rows["day"])), moments(rows["recorded"]),
             named(rows["event"], owners), self._text(rows["payload"]), event_ids(rows["corrects"], self._seed),
             event_ids(rows["annuls"], self._seed)],
        )  # fmt: skip

    def _write_attributes(self, rows: Rows) -> None:
        owners = [self._registers.attribute_owner.get(name, "") for name in self._registers.codes.texts]
        self._write(
            "attributes",
            [subject_ids(rows["subject"], self._seed), self._text(rows["name"]), self._rendered(rows),
             days(rows["start"]), days(rows["end"]), moments(rows["recorded"]), named(rows["name"], owners)],
        )  # fmt: skip

    def _write_relations(self, rows: Rows) -> None:
        self._write(
            "relations",
            [subject_ids(rows["subject"], self._seed), subject_ids(rows["related"], self._seed),
             self._text(rows["relation"]), days(rows["start"]), days(rows["end"]), moments(rows["recorded"]),
             self._text(rows["register"])],
        )  # fmt: skip

    def _write_truth(self, events: Rows, values: Rows) -> None:
        """Every event, and the values that are dates: what a due date in a register is held against."""
        kept = np.flatnonzero(events["day"] <= self._last_day)
        rows = {name: column[kept] for name, column in events.items()}
        self._write(
            "truth/events",
            [subject_ids(rows["subject"], self._seed), self._text(rows["event"]), days(rows["day"]),
             moments(rows["recorded"])],
        )  # fmt: skip
        types = {name: attribute.type for name, attribute in self._registers.attributes.items()}
        dates = np.array([types.get(name) == "date" for name in self._registers.codes.texts])
        kept = np.flatnonzero(dates[values["name"]] & (values["start"] <= self._last_day))
        rows = {name: column[kept] for name, column in values.items()}
        self._write(
            "truth/attributes",
            [subject_ids(rows["subject"], self._seed), self._text(rows["name"]), days(rows["value"]),
             days(rows["start"])],
        )  # fmt: skip

    def _write_chances(self) -> None:
        rows = self._risks.take()
        if rows:
            self._write(
                "truth/chances",
                [subject_ids(rows["subject"], self._seed), days(first_days(rows["month"])),
                 named(rows["event"], self._risks.events), pa.array(rows["happened"]),
                 pa.array(rows["full"], pa.float32()), pa.array(rows["observable"], pa.float32())],
            )  # fmt: skip

    def _write(self, name: str, columns: list[pa.Array]) -> None:
        self._writers[name].write_table(pa.Table.from_arrays(columns, schema=SCHEMAS[name]))
        self.rows[name] += len(columns[0])

    def _text(self, codes: Ints) -> pa.Array:
        """The texts of codes; the first code, that of the empty text, is null."""
        return named(codes, self._registers.codes.texts)

    def _rendered(self, rows: Rows) -> pa.Array:
        """Attribute values as text, by the type that the register gives them."""
        order = np.argsort(rows["name"], kind="stable")
        codes, starts = np.unique(rows["name"][order], return_index=True)
        parts = []
        for code, values in zip(codes, np.split(rows["value"][order], starts[1:]), strict=True):
            kind = self._registers.attributes[self._registers.codes.texts[code]].type
            parts.append(self._text_of(kind, values))
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return pa.concat_arrays(parts or [pa.array([], TEXT)]).take(pa.array(back))

    def _text_of(self, kind: str, values: Ints) -> pa.Array:
        missing = pa.array(values == OPEN)
        values = np.where(values == OPEN, 0, values)
        if kind == "flag":
            text = pc.if_else(pa.array(values != 0), "true", "false")
        elif kind == "category":
            text = self._text(values)
        elif kind == "date":
            wrong = values >= NO_SUCH_DAY
            text = days(np.where(wrong, values - NO_SUCH_DAY, values)).cast(TEXT)
            text = pc.if_else(
                pa.array(wrong), pc.binary_join_element_wise(pc.utf8_slice_codeunits(text, 0, 4), "02-30", "-"), text
            )
        else:
            text = pa.array(values).cast(TEXT)
        return pc.if_else(missing, None, text)

    @staticmethod
    def _note_first(table: dict[int, NDArray[np.int64]], subjects: Ints, moments: Ints) -> None:
        for base in table:
            mine = (subjects >= BUSINESS) == (base == BUSINESS)
            rows = subjects[mine] - base
            if len(rows):
                table[base] = _first(table[base], max(int(rows.max()) + 1, len(table[base])))
                np.minimum.at(table[base], rows, moments[mine])


def _first(known: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """`known`, made longer with moments that do not come."""
    return np.concatenate([known[:size], np.full(max(size - len(known), 0), UNHEARD)])
