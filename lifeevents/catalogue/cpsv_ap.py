"""The pack as linked data: CPSV-AP 3.2 for services, CCCEV for requirements and evidence, ELI for law.

Nodes have names made of ids, never blank ones, and no day enters: the same pack gives the same graph. What is not
verified (a deadline, a processing time, a fee) is left out, as in every message.
"""

import hashlib
from datetime import date
from importlib.resources import files

from rdflib import DCAT, DCTERMS, FOAF, ORG, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from lifeevents.catalogue.eu_events import BUSINESS, concept
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Need, Procedure
from lifeevents.domain.register import Text

CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
PRO = Namespace("urn:lifeevents:proactive#")
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
DONG = URIRef("http://publications.europa.eu/resource/authority/currency/VND")


def vocabulary() -> Graph:
    """The extension vocabulary `pro:`, which says what CPSV-AP cannot: level, trigger, lead, verified."""
    text = (files("lifeevents.catalogue") / "vocabulary.ttl").read_text(encoding="utf-8")
    return Graph().parse(data=text, format="turtle")


def catalogue(pack: Pack, only: str | None = None) -> Graph:
    """The whole pack, or one procedure (`only`, its id) with all it refers to. Raises KeyError for an unknown id."""
    writer = _Writer(pack)
    chosen = pack.procedures.values() if only is None else (pack.procedures[only],)
    for procedure in chosen:
        writer.service(procedure)
    for milestone in pack.milestones.values():
        offered = [p for p in pack.offers(milestone.id) if only in (None, p.id)]
        if only is None or offered:
            writer.event(milestone, offered)
    return writer.graph


class _Writer:
    """Adds nodes to one graph; each node is written once however often it is referred to."""

    def __init__(self, pack: Pack) -> None:
        self.pack, self.graph = pack, Graph()
        for prefix, space in {"cpsv": CPSV, "cv": CV, "eli": ELI, "adms": ADMS, "pro": PRO, "dct": DCTERMS}.items():
            self.graph.bind(prefix, space)
        self.place = URIRef(COUNTRY + pack.country if pack.country else f"urn:lifeevents:{pack.id}:place")
        self._add(self.place, RDF.type, DCTERMS.Location)
        self._texts(self.place, SKOS.prefLabel, pack.title)

    def service(self, one: Procedure) -> None:
        """A cpsv:PublicService with its authority, channels, papers, rules, cost and codes."""
        node = self._node("service", one.id, CPSV.PublicService)
        self._texts(node, DCTERMS.title, one.title)
        about = {lang: f"{one.title[lang]} – {one.office[lang]} ({one.authority[lang]})" for lang in one.title}
        self._texts(node, DCTERMS.description, about)
        self._add(node, CV.hasCompetentAuthority, self._organisation(one.authority))
        self._add(node, DCTERMS.spatial, self.place)
        self._add(node, PRO.proactivityLevel, PRO[one.proactivity])
        self._add(node, PRO.verified, Literal(one.verified))
        self._add(node, PRO.essential, Literal(one.essential))
        if one.portal_group:
            self._add(node, DCAT.keyword, Literal(one.portal_group, lang="vi"))
        for law in one.law:
            self._add(node, CV.hasLegalResource, self._law(law))
        self._codes(node, one)
        self._channel(node, one)
        self._rules(node, one)
        for need in one.needs:
            self._need(node, one, need)
        if one.fee and one.fee.verified:
            cost = self._node("cost", one.id, CV.Cost)
            self._add(cost, CV.hasValue, Literal(float(one.fee.vnd), datatype=XSD.double))
            self._add(cost, CV.currency, DONG)
            self._concept(DONG, "Vietnamese dong")
            self._add(node, CV.hasCost, cost)
        if one.produces:
            output = self._node("output", one.id, CV.Output)
            self._texts(output, DCTERMS.title, one.produces)
            self._add(node, CPSV.produces, output)

    def event(self, milestone: Milestone, offered: list[Procedure]) -> None:
        """A cv:LifeEvent or cv:BusinessEvent, its EU concept where one fits, and the services it leads to."""
        found = concept(milestone.life_event) if milestone.life_event else None
        business = milestone.subject == "business" or (found is not None and found[1] == BUSINESS)
        node = self._node("event", milestone.id, CV.BusinessEvent if business else CV.LifeEvent)
        self._texts(node, DCTERMS.title, milestone.text.title)
        self._add(node, PRO.trigger, PRO[milestone.kind])
        self._add(node, PRO.verified, Literal(milestone.verified))
        if milestone.lead:
            self._add(node, PRO.lead, Literal(milestone.lead, datatype=XSD.duration))
        if found:
            self._add(node, DCTERMS.type, URIRef(found[0]))
            self._concept(URIRef(found[0]), found[2], URIRef(found[1]))
        for procedure in offered:
            service = self._name("service", procedure.id)
            self._add(node, CV.hasRelatedService, service)
            self._add(service, CV.isGroupedBy, node)

    def _codes(self, service: URIRef, one: Procedure) -> None:
        for code in one.codes:
            node = self._name("code", f"{one.id}:{code.code}")
            self._add(node, RDF.type, ADMS.Identifier)
            self._add(node, SKOS.notation, Literal(code.code))
            self._add(service, ADMS.identifier, node)
            for term, value in ((PRO.validFrom, code.valid_from), (PRO.validTo, code.valid_to)):
                if isinstance(value, date):
                    self._add(node, term, Literal(value))
            if code.replaced_by:
                self._add(node, PRO.replacedBy, Literal(code.replaced_by))

    def _channel(self, service: URIRef, one: Procedure) -> None:
        channel = self._node("channel", one.id, CV.Channel)
        self._add(channel, CV.ownedBy, self._organisation(one.office))
        self._texts(channel, DCTERMS.description, one.office)
        self._add(service, CV.hasChannel, channel)
        if one.link:
            self._add(channel, FOAF.page, URIRef(one.link))
            self._add(URIRef(one.link), RDF.type, FOAF.Document)
        if one.processing and one.processing.verified:
            for node in (service, channel):
                self._add(node, CV.processingTime, Literal(f"P{one.processing.days}D", datatype=XSD.duration))
                self._add(node, PRO.countsIn, Literal(one.processing.count))

    def _rules(self, service: URIRef, one: Procedure) -> None:
        if one.who:
            rule = self._rule(service, f"{one.id}:who", one)
            self._add(rule, PRO.expression, Literal(one.who))
            requirement = self._node("requirement", f"{one.id}:who", CV.Requirement)
            self._texts(requirement, DCTERMS.title, one.title)
            self._add(requirement, CV.fulfils, rule)
            self._add(service, CV.holdsRequirement, requirement)
        if one.deadline and one.deadline.verified:
            rule = self._rule(service, f"{one.id}:deadline", one)
            self._add(rule, PRO.deadline, Literal(one.deadline.period, datatype=XSD.duration))
            self._add(rule, PRO.countedFrom, Literal(one.deadline.after))
            self._add(rule, PRO.countsIn, Literal(one.deadline.count))
            self._add(rule, CPSV.implements, self._law(one.deadline.law))

    def _rule(self, service: URIRef, id: str, one: Procedure) -> URIRef:
        rule = self._node("rule", id, CPSV.Rule)
        self._texts(rule, DCTERMS.title, one.title)
        self._texts(rule, DCTERMS.description, {lang: f"{text} ({id})" for lang, text in one.title.items()})
        for law in one.law:
            self._add(rule, CPSV.implements, self._law(law))
        self._add(service, CPSV.follows, rule)
        return rule

    def _need(self, service: URIRef, one: Procedure, need: Need) -> None:
        id = f"{one.id}:{need.id}"
        kind, paper = self._node("evidence-type", id, CV.EvidenceType), self._node("evidence", id, CV.Evidence)
        requirement = self._node("requirement", id, CV.Requirement)
        for node, term in ((kind, SKOS.prefLabel), (paper, DCTERMS.title), (requirement, DCTERMS.title)):
            self._texts(node, term, need.title)
        self._add(paper, DCTERMS.conformsTo, kind)
        self._add(paper, CV.supportsRequirement, requirement)
        self._add(requirement, CV.hasSupportingEvidence, paper)
        self._add(service, CV.holdsRequirement, requirement)
        self._add(service, CPSV.hasInput, paper)
        self._add(service, CV.hasInputType, kind)
        if need.register_id:
            self._add(paper, DCTERMS.isPartOf, self._register(need.register_id))

    def _register(self, id: str) -> URIRef:
        register = self.pack.registers[id]
        node = self._node("register", id, DCAT.Dataset)
        self._texts(node, DCTERMS.title, register.title)
        self._texts(node, DCTERMS.description, register.title)
        holder = self._node("holder", id, FOAF.Agent)
        self._texts(holder, DCTERMS.title, register.title)
        self._add(node, DCTERMS.publisher, holder)
        return node

    def _organisation(self, name: Text) -> URIRef:
        node = self._node("organisation", _short(next(iter(name.values()))), CV.PublicOrganisation)
        self._add(node, RDF.type, ORG.Organization)
        for term in (SKOS.prefLabel, DCTERMS.title):
            self._texts(node, term, name)
        self._add(node, DCTERMS.spatial, self.place)
        return node

    def _law(self, text: str) -> URIRef:
        node = self._name("law", _short(text))
        self._add(node, RDF.type, ELI.LegalResource)
        self._add(node, DCTERMS.title, Literal(text, lang="en"))
        return node

    def _concept(self, node: URIRef, label: str, scheme: URIRef | None = None) -> None:
        self._add(node, RDF.type, SKOS.Concept)
        self._add(node, SKOS.prefLabel, Literal(label, lang="en"))
        if scheme is not None:
            self._add(node, SKOS.inScheme, scheme)

    def _node(self, kind: str, id: str, of: URIRef) -> URIRef:
        node = self._name(kind, id)
        self._add(node, RDF.type, of)
        self._add(node, DCTERMS.identifier, Literal(id))
        return node

    def _name(self, kind: str, id: str) -> URIRef:
        return URIRef(f"urn:lifeevents:{self.pack.id}:{kind}:{id}")

    def _texts(self, node: URIRef, term: URIRef, text: Text) -> None:
        for language, words in text.items():
            self._add(node, term, Literal(words, lang=language))

    def _add(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        self.graph.add((subject, predicate, value))


def _short(text: str) -> str:
    """A name for something that has no id: the first 12 hex digits of its text's hash."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
