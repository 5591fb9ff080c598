"""The catalogue as CPSV-AP 3.2.0, with evidence and requirements by CCCEV and a small extension for proactivity.

What was not checked against the law is left out where it would be a number or a date (cost, processing time, deadline);
the service itself is marked by its status. The same pack gives the same bytes.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from rdflib import Graph, URIRef
from rdflib import Literal as Value
from rdflib.namespace import DCTERMS, FOAF, RDF, SKOS, XSD

from lifeevents.catalogue.names import (
    ADMS,
    BUSINESS,
    CPSV,
    CV,
    EU,
    LIFE,
    PREFIXES,
    PRO,
    Names,
)
from lifeevents.catalogue.nodes import Nodes
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import Text

Syntax = Literal["turtle", "json-ld"]
LIFE_EVENTS = frozenset(["BIR", "BSC", "CRS", "DRE", "DRV", "FCR", "FEHP", "GMS", "MOV", "RES", "RET", "STU", "WOR"])
"""The codes of the EU's life-event taxonomy (2023-03-22); every other code is one of its business events."""


def export(pack: Pack, *, base: str | None = None, only: Iterable[str] | None = None) -> Graph:
    """The services of a pack (or `only` some of them, by id) with all that they refer to.

    `base` begins every address of ours, by default urn:lifeevents:<pack>:.
    """
    writer = _Writer(pack, Names(base or f"urn:lifeevents:{pack.id}:"))
    wanted = list(pack.procedures) if only is None else list(only)
    for id in wanted:
        writer.service(pack.procedures[id])
    return writer.graph


def written(found: Graph, syntax: Syntax) -> str:
    """The graph as text, the same for the same graph."""
    if syntax == "turtle":
        return found.serialize(format="turtle")
    context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
    document: Any = json.loads(found.serialize(format="json-ld", context=context, auto_compact=False))
    return json.dumps(_ordered(document), ensure_ascii=False, indent=1) + "\n"


def _ordered(value: Any) -> Any:
    """JSON-LD lists are sets here: sorted, so that their order says nothing and stays."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return sorted((_ordered(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value


class _Writer(Nodes):
    """Writes services into one graph; what several share is written once."""

    def __init__(self, pack: Pack, names: Names) -> None:
        super().__init__(pack, names)
        self.milestones: dict[str, list[Milestone]] = {}
        for milestone in pack.milestones.values():
            for procedure in pack.offers(milestone.id):
                self.milestones.setdefault(procedure.id, []).append(milestone)

    def service(self, p: Procedure) -> URIRef:
        """A PublicService with everything that it refers to."""
        id = self.names.of("procedures", p.id)
        law = [self.law(text) for text in p.law]
        rule = self._rule(p, law)
        self.add(
            id,
            CPSV.PublicService,
            (DCTERMS.identifier, p.id),
            (DCTERMS.title, p.title),
            (DCTERMS.description, self._about(p)),
            (DCTERMS.language, [self.language(language) for language in self.pack.languages]),
            (DCTERMS.spatial, self.country()),
            (DCTERMS.audience, self.concept("audience", p.subject, self.phrase(f"code.kind.{p.subject}"))),
            (ADMS.status, self.status(p.verified)),
            (CV.hasCompetentAuthority, self.authority(p.authority)),
            (CV.hasParticipation, self._participation(p)),
            (CV.hasLegalResource, law),
            (CPSV.follows, rule),
            (CV.hasChannel, self._channels(p)),
            (CV.isGroupedBy, [self._event(one, id) for one in self.milestones.get(p.id, ())]),
            (PRO.proactivityLevel, PRO[p.proactivity]),
            (PRO.essential, Value(p.essential)),
            (PRO.hasTrigger, [self._trigger(one) for one in self.milestones.get(p.id, ())]),
            (ADMS.identifier, [self._code(one.code, one.valid_from, one.valid_to, one.replaced_by) for one in p.codes]),
        )
        if p.portal_group:
            group = self.phrase(f"code.portal_group.{p.portal_group}")
            self.graph.add((id, CV.thematicArea, self.concept("group", p.portal_group, group)))
        if p.processing and p.processing.verified:
            self.graph.add((id, CV.processingTime, Value(f"P{p.processing.days}D", datatype=XSD.duration)))
        if p.fee and p.fee.verified:
            self.graph.add((id, CV.hasCost, self._cost(p)))
        if p.produces:
            facts = ((DCTERMS.identifier, f"{p.id}:result"), (DCTERMS.title, p.produces))
            self.graph.add((id, CPSV.produces, self.add(self.names.of("output", p.id), CV.Output, *facts)))
        if p.deadline and p.deadline.verified:
            self.graph.add((id, PRO.hasDeadline, self._deadline(p)))
        for need in p.needs:
            self._evidence(p, need.id, need.title, need.register_id, id, rule)
        return id

    def _about(self, p: Procedure) -> Text:
        return {
            language: pattern.format(title=p.title[language], office=p.office[language])
            for language, pattern in self.phrase("catalogue_about").items()
        }

    def _participation(self, p: Procedure) -> URIRef:
        name, carries_out = next(iter(p.office.values())), self.phrase("catalogue_carries_out")
        office = self.names.named("office", name)
        self.add(office, FOAF.Agent, (DCTERMS.identifier, str(office)), (DCTERMS.title, p.office))
        return self.add(
            self.names.of("participation", p.id),
            CV.Participation,
            (DCTERMS.identifier, f"{p.id}:office"),
            (DCTERMS.description, carries_out),
            (CV.hasParticipant, office),
            (CV.role, self.concept("role", "office", carries_out)),
        )

    def _rule(self, p: Procedure, law: list[URIRef]) -> URIRef:
        """Who may have the service, in the pack's rule language; for one whose rule is not written, that it is not."""
        who = p.who or "not written as a rule yet"
        return self.add(
            self.names.of("rule", p.id),
            CPSV.Rule,
            (DCTERMS.identifier, f"{p.id}:who"),
            (DCTERMS.title, self.phrase("catalogue_who")),
            (DCTERMS.description, Value(who, lang="en")),
            (CPSV.implements, law),
        )

    def _channels(self, p: Procedure) -> list[URIRef]:
        kinds = ("office", "portal") if p.link else ("office",)
        return [
            self.add(
                self.names.of("channel", f"{p.id}.{kind}"),
                CV.Channel,
                (DCTERMS.identifier, f"{p.id}:{kind}"),
                (DCTERMS.description, label),
                (DCTERMS.type, self.concept("channel-type", kind, label)),
                *([(FOAF.page, URIRef(p.link))] if kind == "portal" and p.link else []),
            )
            for kind in kinds
            for label in [self.phrase(f"catalogue_channel_{kind}")]
        ]

    def _event(self, milestone: Milestone, service: URIRef) -> URIRef:
        event = self.add(
            self.names.of("event", milestone.id),
            CV.BusinessEvent if milestone.subject == "business" else CV.LifeEvent,
            (DCTERMS.identifier, milestone.id),
            (DCTERMS.title, milestone.text.title),
            (CV.hasRelatedService, service),
        )
        self.graph.add((event, RDF.type, CV.Event))
        if milestone.life_event:
            taxonomy = LIFE if milestone.life_event in LIFE_EVENTS else BUSINESS
            self.graph.add((event, DCTERMS.type, self.add(taxonomy[milestone.life_event], SKOS.Concept)))
        return event

    def _trigger(self, milestone: Milestone) -> URIRef:
        anchor = milestone.on or milestone.due or milestone.outcome or milestone.id
        waits = {"due": [(PRO.lead, milestone.lead)], "registered": [(PRO.settles, milestone.settle)]}
        facts = [(name, Value(period, datatype=XSD.duration)) for name, period in waits.get(milestone.kind, [])]
        return self.add(
            self.names.of("trigger", milestone.id),
            PRO.Trigger,
            (PRO.forEvent, self.names.of("event", milestone.id)),
            (PRO.triggerKind, milestone.kind),
            (PRO.anchor, anchor),
            *facts,
        )

    def _code(self, code: str, first: date | None, last: date | None, successor: str | None) -> URIRef:
        facts: list[tuple[URIRef, Any]] = [(SKOS.notation, code)]
        if first:
            facts.append((DCTERMS.issued, Value(first)))
        if last:
            facts.append((DCTERMS.valid, Value(last)))
        if successor:
            facts.append((DCTERMS.isReplacedBy, self.names.of("code", successor)))
        return self.add(self.names.of("code", code), ADMS.Identifier, *facts)

    def _cost(self, p: Procedure) -> URIRef:
        assert p.fee is not None
        dong = self.add(EU["currency/VND"], SKOS.Concept, (SKOS.prefLabel, self.phrase("currency")))
        return self.add(
            self.names.of("cost", p.id),
            CV.Cost,
            (DCTERMS.identifier, f"{p.id}:fee"),
            (CV.hasValue, Value(float(p.fee.vnd), datatype=XSD.double)),
            (CV.currency, dong),
        )

    def _deadline(self, p: Procedure) -> URIRef:
        assert p.deadline is not None
        return self.add(
            self.names.of("deadline", p.id),
            PRO.Deadline,
            (PRO.after, p.deadline.after),
            (PRO.period, Value(p.deadline.period, datatype=XSD.duration)),
            (PRO.countedIn, p.deadline.count),
            (CPSV.implements, self.law(p.deadline.law)),
        )

    def _evidence(
        self, p: Procedure, need: str, title: Text, register: str | None, service: URIRef, rule: URIRef
    ) -> None:
        """A need as CCCEV has it: the requirement, the type of evidence that meets it, the evidence with its source."""
        key = f"{p.id}.{need}"
        whose = "held" if register else "brought"
        kind = self.add(
            self.names.of("evidence-type", key),
            CV.EvidenceType,
            (DCTERMS.identifier, f"{key}:type"),
            (CV.evidenceTypeClassification, self.concept("evidence", whose, self.phrase(f"catalogue_{whose}"))),
            (PRO.heldInRegister, Value(register is not None)),
        )
        requirement = self.names.of("requirement", key)
        evidence = self.add(
            self.names.of("evidence", key),
            CV.Evidence,
            (DCTERMS.identifier, f"{key}:evidence"),
            (DCTERMS.title, title),
            (DCTERMS.conformsTo, kind),
            (CV.supportsRequirement, requirement),
            (DCTERMS.isPartOf, [self.register(register)] if register else []),
        )
        self.add(
            requirement,
            CV.Requirement,
            (DCTERMS.identifier, f"{key}:requirement"),
            (DCTERMS.title, title),
            (CV.fulfils, rule),
            (CV.hasSupportingEvidence, evidence),
        )
        self.graph.add((service, CV.holdsRequirement, requirement))
        self.graph.add((service, CV.hasInputType, kind))
        self.graph.add((service, CPSV.hasInput, evidence))
