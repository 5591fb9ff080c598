"""Procedures that follow one another, and the one that does them all: a child's registration, residence, cards."""

from collections.abc import Mapping

from pydantic import Field

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import Text


class ChainStep(Frozen):
    """One step. `takes` says which of its needs an earlier step brings: need -> that step's procedure.

    `done_when` is a rule over the facts of the person to whom the whole is offered: a step that is done is left out.
    Without one no register tells, and the step is shown. An `optional` step comes only to those it is for.
    """

    procedure: str
    takes: Mapping[str, str] = Field(default_factory=dict)
    optional: bool = False
    done_when: str | None = None


class Chain(Frozen):
    """The `steps`, in the order in which they are taken one by one; the procedure `whole` does them all at once."""

    id: str
    title: Text
    whole: str
    law: tuple[str, ...]
    steps: tuple[ChainStep, ...] = Field(min_length=2)


class StepAhead(Frozen):
    """A step of a chain that is not done yet, and the earlier steps ahead whose result it would wait for."""

    procedure: str
    title: Text
    optional: bool = False
    waits_for: tuple[str, ...] = ()


class OneForAll(Frozen):
    """What an offered procedure stands for: the steps of the chain that are still ahead, two or more."""

    chain: str
    title: Text
    steps: tuple[StepAhead, ...]
