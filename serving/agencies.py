"""The agencies that may submit, from a file that only the operator writes. Keys are in no log and no answer."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from lifeevents.domain.agency import Agency, digest_of
from lifeevents.domain.errors import PackError, did_you_mean
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import Register
from lifeevents.packs.strict_yaml import read_yaml


class AgencyFile(Frozen):
    """The file's content."""

    agencies: tuple[Agency, ...]


@dataclass(frozen=True)
class Agencies:
    """Who may submit."""

    all: tuple[Agency, ...]

    def by_key(self, key: str) -> Agency | None:
        """The agency whose key this is; every agency is compared, whichever it is."""
        found = [agency for agency in self.all if agency.holds(key)]
        return found[0] if found else None


def read_agencies(path: Path, registers: Mapping[str, Register]) -> Agencies:
    """Read the file. Raises PackError: what is wrong, and the nearest right thing."""
    if not path.is_file():
        raise PackError(f"{path}: there is no file of agencies. Make a key and its lines: lifeevents agency-key NAME")
    try:
        agencies = AgencyFile.model_validate(read_yaml(path)).agencies
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PackError(f"{path.name}: {where}: {first['msg']}") from None
    for agency in agencies:
        only_known(agency.registers, registers)
    for what in ("id", "key_sha256"):
        values = [getattr(agency, what) for agency in agencies]
        if len(set(values)) < len(values):
            raise PackError(f"{path.name}: two agencies have the same {what}. Each needs its own.")
    return Agencies(agencies)


def only_known(names: Sequence[str], registers: Mapping[str, Register]) -> tuple[str, ...]:
    """The names, if there are such registers. Raises PackError with the nearest one."""
    for name in names:
        if name not in registers:
            raise PackError(f'there is no register "{name}" for an agency to write.{did_you_mean(name, registers)}')
    return tuple(names)


def write_demo_agency(folder: Path) -> Path:
    """An agency for the demonstration, with a fresh key beside it (`agency.key`); returns the file of agencies."""
    key = new_key()
    file, secret = folder / "agencies.yaml", folder / "agency.key"
    secret.touch(mode=0o600)
    secret.write_text(key, encoding="ascii")
    file.write_text("agencies:\n" + lines_for("moj", key, source="urn:vn:moj:civil-status"), encoding="utf-8")
    return file


def new_key() -> str:
    """A key of 256 random bits."""
    return f"le_{secrets.token_urlsafe(32)}"


def lines_for(name: str, key: str, registers: tuple[str, ...] = ("civil_status",), *, source: str | None = None) -> str:
    """The lines to add to the file of agencies; the key itself is not in them."""
    written = ", ".join(registers)
    return (
        f"  - id: {name}\n    title: {name}\n    source: {source or f'urn:agency:{name}'}\n"
        f"    registers: [{written}]\n    key_sha256: {digest_of(key)}\n"
    )
