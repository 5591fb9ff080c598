"""One step instead of many: which steps of a chain are still ahead of the person to whom the whole is offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lifeevents.domain.chain import Chain, OneForAll, StepAhead
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition


@dataclass(frozen=True)
class ChainRule:
    """A chain with its rules parsed: for each step, when it is done (None: no register tells)."""

    chain: Chain
    done: tuple[Condition | None, ...]

    @property
    def names(self) -> frozenset[str]:
        """The facts it reads."""
        return frozenset[str]().union(*(condition.names for condition in self.done if condition is not None))


def chain_of(pack: Pack, procedure: Procedure, known: Mapping[str, ValueType]) -> ChainRule | None:
    """The chain that this procedure does as a whole, if it does one."""
    chain = next((one for one in pack.chains.values() if one.whole == procedure.id), None)
    if chain is None:
        return None
    return ChainRule(
        chain, tuple(Condition.parse(step.done_when, known) if step.done_when else None for step in chain.steps)
    )


def one_for_all(pack: Pack, rule: ChainRule | None, facts: Mapping[str, Any]) -> OneForAll | None:
    """The steps still ahead, in order. None when fewer than two are: then one application saves no other."""
    if rule is None:
        return None
    ahead = [
        step
        for step, done in zip(rule.chain.steps, rule.done, strict=True)
        if done is None or done.ask(facts)[0] != "yes"
    ]
    if len(ahead) < 2:
        return None
    names = [step.procedure for step in ahead]
    return OneForAll(
        chain=rule.chain.id,
        title=rule.chain.title,
        steps=tuple(
            StepAhead(
                procedure=step.procedure,
                title=pack.procedures[step.procedure].title,
                optional=step.optional,
                waits_for=tuple(name for name in names if name in step.takes.values()),
            )
            for step in ahead
        ),
    )
