"""An offer on the wire: a procedure, why it is offered, by when, what is there already and what is missing."""

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import ConfigDict, Field

from lifeevents.domain.chain import OneForAll
from lifeevents.domain.errors import Conflict
from lifeevents.domain.milestone import Kind
from lifeevents.domain.occasion import AnswerKind, Fact, Instead, Offer, Paper, Term, Verdict
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import SubjectKind
from lifeevents.engine.answers import check_answer
from serving.api.language import pick, said_in
from serving.api.shapes.examples import OFFER
from serving.api.shapes.fact import FactView, fact_view
from serving.api.shapes.wire import Wire
from serving.web.wording import Words


class TermView(Wire):
    """One `and`-term of the eligibility rule: its text in the rule language, the answer, the facts it read."""

    rule: str
    answer: Verdict
    facts: tuple[FactView, ...]


class PaperView(Wire):
    """A needed document: held by a register (then with the fact it holds), or to be brought."""

    need: str
    title: str
    held: bool
    register_id: str | None
    register_title: str | None
    fact: FactView | None = Field(description="What the register holds; null when the paper is not held.")


class InsteadView(Wire):
    """What to consider before a step that would cost a right, and what that step loses."""

    procedure: str
    title: str
    loses: str


class StepView(Wire):
    """A step that the procedure does along with the others, and the steps whose result it would otherwise wait for."""

    procedure: str
    title: str
    optional: bool = Field(description="It comes only to those it is for.")
    waits_for: tuple[str, ...]


class OneForAllView(Wire):
    """The steps that one application does at once; those that are done already are not among them."""

    chain: str
    title: str
    steps: tuple[StepView, ...]


class OfferView(Wire):
    """One procedure offered on an occasion, with the person's latest answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [OFFER]})

    id: str
    subject_id: str = Field(description="Whom it is for: the person, or one whom the person represents.")
    subject_kind: SubjectKind
    occasion_id: str
    milestone: str
    milestone_title: str
    milestone_kind: Kind
    procedure: str
    title: str
    why: str
    language: str = Field(description="Of title and why: another than the answer's where the offer is older.")
    rank: int
    eligibility: Verdict = Field(description="`ask`: something could not be checked; it never refuses.")
    terms: tuple[TermView, ...]
    due_on: date | None = Field(description="Null where the law that gives it has not been checked.")
    probability: float = Field(description="1 where a register or a law decides; else the model's chance.")
    deadline: date | None = Field(description="Only where it was verified against the law.")
    days_left: int | None = Field(description="Days from today to the deadline; negative once it has passed.")
    deadline_law: str | None
    entitlement_from: date | None
    papers: tuple[PaperView, ...]
    authority: str | None
    office: str
    processing: str | None
    fee: str | None
    link: str | None
    code: str | None = Field(description="The national procedure code.")
    law: tuple[str, ...]
    verified: bool
    instead: InsteadView | None = Field(description="What to consider first, where the step would cost a right.")
    one_for_all: OneForAllView | None = Field(description="The steps it does at once; null where it is one step.")
    review_on: date
    created_at: datetime
    state: Literal["open", "closed", "cancelled"]
    answer: AnswerKind | None
    answered_at: datetime | None
    until: date | None = Field(description="For `later`: the day the person asked to be reminded on.")
    may_answer: tuple[AnswerKind, ...] = Field(description="The answers that are possible now.")


def offer_view(offer: Offer, pack: Pack, words: Words, today: date) -> OfferView:
    """The offer in the language of `words`, its days left counted from `today`."""
    said, language = offer.recommendation, words.language
    procedure, milestone = pack.procedures.get(said.procedure), pack.milestones.get(said.milestone)
    return OfferView(
        id=offer.id,
        subject_id=said.subject_id,
        subject_kind=milestone.subject if milestone else "person",
        occasion_id=offer.occasion_id,
        milestone=said.milestone,
        milestone_title=pick(milestone.text.title, language) if milestone else said.milestone,
        milestone_kind=offer.milestone_kind,
        procedure=said.procedure,
        title=pick(said.title, language),
        why=pick(said.why, language),
        language=said_in(said.why, language),
        rank=said.rank,
        eligibility=said.eligibility,
        terms=tuple(_term(term, pack, words) for term in said.terms),
        due_on=offer.due_on if pack.shows_due(said.milestone) else None,
        probability=offer.probability,
        deadline=said.deadline,
        days_left=(said.deadline - today).days if said.deadline else None,
        deadline_law=said.deadline_law,
        entitlement_from=said.entitlement_from,
        papers=tuple(_paper(paper, procedure, pack, words) for paper in said.papers),
        authority=pick(procedure.authority, language) if procedure else None,
        office=pick(said.office, language),
        processing=pick(said.processing, language) if said.processing else None,
        fee=pick(said.fee, language) if said.fee else None,
        link=said.link,
        code=said.code,
        law=procedure.law if procedure else (),
        verified=said.verified,
        instead=_instead(said.instead, words.language) if said.instead else None,
        one_for_all=_one_for_all(said.one_for_all, words.language) if said.one_for_all else None,
        review_on=said.review_on,
        created_at=offer.created_at,
        state=offer.state,
        answer=offer.answer,
        answered_at=offer.answered_at,
        until=offer.until,
        may_answer=possible_answers(offer, today),
    )


def possible_answers(offer: Offer, today: date) -> tuple[AnswerKind, ...]:
    """What a person may say now, by the engine's rules; saying the same again is not a choice, except `later`."""
    return tuple(
        kind
        for kind in AnswerKind
        if (kind is not offer.answer or kind is AnswerKind.LATER) and _is_possible(kind, offer, today)
    )


def _is_possible(kind: AnswerKind, offer: Offer, today: date) -> bool:
    until = today + timedelta(days=1) if kind is AnswerKind.LATER else None
    try:
        check_answer(kind, until=until, latest=offer.answer, state=offer.state, today=today)
    except Conflict:
        return False
    return True


def _instead(instead: Instead, language: str) -> InsteadView:
    title, loses = pick(instead.title, language), pick(instead.loses, language)
    return InsteadView(procedure=instead.procedure, title=title, loses=loses)


def _one_for_all(whole: OneForAll, language: str) -> OneForAllView:
    steps = [StepView(**step.model_dump(exclude={"title"}), title=pick(step.title, language)) for step in whole.steps]
    return OneForAllView(chain=whole.chain, title=pick(whole.title, language), steps=tuple(steps))


def _term(term: Term, pack: Pack, words: Words) -> TermView:
    facts = tuple(fact_view(fact, pack, words) for fact in term.facts)
    return TermView(rule=term.text, answer=term.answer, facts=facts)


def _paper(paper: Paper, procedure: Procedure | None, pack: Pack, words: Words) -> PaperView:
    register = pack.registers.get(paper.register_id or "")
    feature = next((need.feature for need in procedure.needs if need.id == paper.need), None) if procedure else None
    held = Fact(name=feature or paper.need, value=paper.value, register_id=paper.register_id, as_of=paper.as_of)
    return PaperView(
        need=paper.need,
        title=pick(paper.title, words.language),
        held=paper.held,
        register_id=paper.register_id,
        register_title=pick(register.title, words.language) if register else None,
        fact=fact_view(held, pack, words) if paper.held and paper.value is not None else None,
    )
