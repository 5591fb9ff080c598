"""What an import did, as a value."""

from pydantic import Field

from lifeevents.domain.frozen import Frozen


class BrokenFile(Frozen):
    """A file that could not be read as what its name says; `sentence` says why and what to do."""

    file: str
    table: str
    reason: str
    sentence: str


class Finding(Frozen):
    """What the gate did to the rows of one table for one reason, with the first of them as a sentence."""

    reason: str
    rows: int
    example: str


class TableReport(Frozen):
    """One table. read = accepted + already_there + quarantined rows + rows collapsed as `identical_row`.

    `repaired` counts cells put right in rows that were taken (identical rows: the copies dropped);
    `noted` counts rows taken as they are that someone should know about.
    """

    table: str
    read: int = 0
    accepted: int = 0
    already_there: int = 0
    repaired: tuple[Finding, ...] = ()
    quarantined: tuple[Finding, ...] = ()
    noted: tuple[Finding, ...] = ()

    @property
    def repairs(self) -> dict[str, int]:
        """{reason: cells or rows}."""
        return {finding.reason: finding.rows for finding in self.repaired}

    @property
    def quarantine(self) -> dict[str, int]:
        """{reason: rows}."""
        return {finding.reason: finding.rows for finding in self.quarantined}

    @property
    def notes(self) -> dict[str, int]:
        """{reason: rows}."""
        return {finding.reason: finding.rows for finding in self.noted}


class ImportReport(Frozen):
    """A whole import: the tables, the files set aside, the kin events derived, and how long it took."""

    source: str
    tables: dict[str, TableReport]
    broken_files: tuple[BrokenFile, ...] = ()
    kin_derived: int = 0
    generation: int = Field(ge=0)
    seconds: float

    @property
    def accepted(self) -> int:
        """Rows taken into the lake, all tables."""
        return sum(table.accepted for table in self.tables.values())

    @property
    def quarantined(self) -> int:
        """Rows set aside, all tables."""
        return sum(sum(table.quarantine.values()) for table in self.tables.values())
