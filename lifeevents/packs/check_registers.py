"""What a pack's registers must say so that a delivery can be judged: codes, units, and what follows on what."""

from collections.abc import Mapping

from lifeevents.domain.errors import PackError, did_you_mean
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import AttributeType, Register


def check_registers(registers: Mapping[str, Register]) -> None:
    """Raises PackError on the first thing that does not hold, naming the file and what would be right."""
    owners = {name: register.id for register in registers.values() for name in register.events}
    residences = []
    for register in registers.values():
        for name, event in register.events.items():
            _expected(register, name, event.expected_after, owners)
        for name, attribute in register.attributes.items():
            _judgeable(f"registers/{register.id}.yaml: {name}", attribute)
            residences += [f"{register.id}.{name}"] if attribute.means == "residence" else []
    if len(residences) > 1:
        raise PackError(f"only one attribute means residence; these do: {', '.join(residences)}.")


def _expected(register: Register, name: str, after: str | None, owners: Mapping[str, str]) -> None:
    if after is None:
        return
    where = f"registers/{register.id}.yaml: {name}: expected_after"
    if after not in owners:
        raise PackError(f'{where}: no register delivers the event "{after}".{did_you_mean(after, owners)}')
    if owners[after] == register.id:
        raise PackError(f'{where}: "{after}" is of this very register; name an event that another one delivers.')


def _judgeable(where: str, attribute: AttributeType) -> None:
    if attribute.type == "category" and not attribute.codes:
        raise PackError(f"{where}: a category needs its codes, or no wrong one can be found.")
    if attribute.type in ("integer", "number") and not attribute.unit:
        raise PackError(f"{where}: a number needs its unit, or nobody knows what is counted.")


def check_relatives(registers: Mapping[str, Register], vocabulary: Vocabulary) -> None:
    """A fact of relatives names events and relations that exist, and shows nothing of them that is theirs alone."""
    for register in registers.values():
        for name, fact in register.relatives.items():
            where = f"registers/{register.id}.yaml: relatives: {name}"
            for event in (fact.event, *((fact.ended_by,) if fact.ended_by else ())):
                if event not in vocabulary.events:
                    near = did_you_mean(event, vocabulary.events)
                    raise PackError(f'{where}: no register delivers the event "{event}".{near}')
                if vocabulary.is_sensitive(event) or not vocabulary.events[event].detectors:
                    raise PackError(
                        f'{where}: "{event}" is sensitive or on the deny-list; it is never seen across a relation.'
                    )
            for relation in fact.of:
                if relation not in vocabulary.relations:
                    near = did_you_mean(relation, vocabulary.relations)
                    raise PackError(f'{where}: no register delivers the relation "{relation}".{near}')
                if relation in vocabulary.denied_relations:
                    raise PackError(f'{where}: the relation "{relation}" is on the deny-list; no model may see it.')
