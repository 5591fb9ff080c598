"""An agency that may submit: which registers it writes, and how it is recognised."""

from hashlib import sha256
from hmac import compare_digest
from typing import Annotated

from pydantic import Field, StringConstraints

from lifeevents.domain.errors import Refused, did_you_mean
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import Register


class Agency(Frozen):
    """One agency. The service keeps only the SHA-256 of its key, in hexadecimal.

    `source` is its own: every event of the agency has a CloudEvents `source` that begins with it, so that no agency
    can use up the names of another's events.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
    title: str
    source: str = Field(min_length=3)
    registers: tuple[str, ...] = Field(min_length=1)
    key_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    def holds(self, key: str) -> bool:
        """Is this the agency's key? Takes the same time whatever it is."""
        return compare_digest(digest_of(key), self.key_sha256)

    def may_write(self, register: Register) -> None:
        """Raises Refused when this agency does not write the register."""
        if register.id not in self.registers:
            near = did_you_mean(register.id, self.registers)
            raise Refused(f"{self.id} does not write {register.id}. It writes {', '.join(self.registers)}.{near}")
        if register.writers and self.id not in register.writers:
            raise Refused(f"{register.id} names who writes it ({', '.join(register.writers)}); {self.id} is not there.")

    def owns(self, source: str) -> None:
        """Raises Refused when an event's source is not this agency's."""
        if not source.startswith(self.source):
            raise Refused(f'The source of an event of {self.id} begins with "{self.source}".')


def digest_of(key: str) -> str:
    """What the service keeps of a key. Keys are random (256 bits), so that one fast hash is enough."""
    return sha256(key.encode()).hexdigest()
