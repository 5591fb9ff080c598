"""What a pack's chains must satisfy: procedures that exist, needs that an earlier step brings, rules that parse."""

from collections.abc import Mapping

from lifeevents.domain.chain import Chain
from lifeevents.domain.errors import PackError, RuleError, did_you_mean
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.engine.chains import chain_of
from lifeevents.engine.eligibility import event_types


def check_chains(pack: Pack, features: Mapping[str, ValueType]) -> None:
    """Raises PackError on the first thing that does not hold, naming the file and what would be right."""
    whole: dict[str, str] = {}
    for chain in pack.chains.values():
        file = f"chains/{chain.id}.yaml"
        for name in (chain.whole, *(step.procedure for step in chain.steps)):
            if name not in pack.procedures:
                raise PackError(f'{file}: unknown procedure "{name}".{did_you_mean(name, pack.procedures)}')
        if chain.whole in whole:
            raise PackError(f"{file}: {chain.whole} is already the whole of {whole[chain.whole]}; keep one of the two.")
        whole[chain.whole] = chain.id
        _check_order(file, pack, chain)
        _check_rules(file, pack, chain, features)


def _check_order(file: str, pack: Pack, chain: Chain) -> None:
    """Each step once, never the whole among them, and what it takes comes from a step before it."""
    before: list[str] = []
    for step in chain.steps:
        if step.procedure in (chain.whole, *before):
            raise PackError(f"{file}: {step.procedure} stands twice; a step is there once, and the whole is no step.")
        needs = [need.id for need in pack.procedures[step.procedure].needs]
        for need, giver in step.takes.items():
            if need not in needs:
                raise PackError(f'{file}: {step.procedure} has no need "{need}".{did_you_mean(need, needs)}')
            if giver not in before:
                raise PackError(
                    f'{file}: {step.procedure} takes "{need}" from "{giver}", which is no step before it.'
                    f"{did_you_mean(giver, before)}"
                )
        before.append(step.procedure)


def _check_rules(file: str, pack: Pack, chain: Chain, features: Mapping[str, ValueType]) -> None:
    known = dict(features)
    for milestone in pack.milestones.values():
        if pack.procedures[chain.whole] in pack.offers(milestone.id):
            known |= event_types(pack, milestone.on)
    try:
        chain_of(pack, pack.procedures[chain.whole], known)
    except RuleError as error:
        raise PackError(f"{file}: done_when: {error}") from None
