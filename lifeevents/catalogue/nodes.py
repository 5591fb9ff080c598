"""Nodes that several services share, each written once: authorities, laws, registers, concepts, languages, places."""

from typing import Any

from rdflib import Literal as Value
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

from lifeevents.catalogue.names import CV, ELI, EU, LANGUAGES, Names, graph, said
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import Text


class Nodes:
    """A graph of one pack's catalogue, and the nodes that its services share."""

    def __init__(self, pack: Pack, names: Names) -> None:
        self.pack, self.names, self.graph = pack, names, graph()

    def add(self, subject: URIRef, kind: URIRef, *facts: tuple[URIRef, Any]) -> URIRef:
        """A node of a class with its facts; texts in all their languages."""
        self.graph.add((subject, RDF.type, kind))
        for predicate, value in facts:
            values = said(value) if isinstance(value, dict) else value if isinstance(value, list) else [value]
            for one in values:
                self.graph.add((subject, predicate, one if isinstance(one, URIRef | Value) else Value(one)))
        return subject

    def language(self, language: str) -> URIRef:
        """A language of the pack; one that the EU list of this export does not name has an address of ours."""
        return self.add(LANGUAGES.get(language, self.names.of("language", language)), DCTERMS.LinguisticSystem)

    def phrase(self, key: str) -> Text:
        """One of the pack's own phrases, in each of its languages. Raises KeyError where the pack lacks it."""
        return {language: self.pack.words[language][key] for language in self.pack.languages}

    def country(self) -> URIRef:
        """Where the services are for."""
        return self.add(EU["country/VNM"], DCTERMS.Location) if self.pack.id == "vn" else self.place()

    def place(self) -> URIRef:
        """A country that the EU list of this export does not name."""
        return self.add(self.names.of("country", self.pack.id), DCTERMS.Location)

    def concept(self, scheme: str, name: str, label: Text) -> URIRef:
        """A concept of a scheme, by its name."""
        return self.add(self.names.named(scheme, name), SKOS.Concept, (SKOS.prefLabel, label))

    def status(self, verified: bool) -> URIRef:
        """Whether a service was checked against the law."""
        word = "verified" if verified else "unverified"
        return self.add(self.names.of("status", word), SKOS.Concept, (SKOS.prefLabel, self.phrase(f"catalogue_{word}")))

    def authority(self, name: Text) -> URIRef:
        """The organisation that is competent."""
        authority = self.names.named("authority", next(iter(name.values())))
        return self.add(
            authority,
            CV.PublicOrganisation,
            (DCTERMS.identifier, str(authority)),
            (DCTERMS.title, name),
            (SKOS.prefLabel, name),
            (DCTERMS.spatial, self.country()),
        )

    def law(self, text: str) -> URIRef:
        """A legal resource, by its citation."""
        title = Value(text, lang="en")
        return self.add(self.names.named("law", text), ELI.LegalResource, (DCTERMS.title, title))

    def register(self, id: str) -> URIRef:
        """The data set that a piece of evidence is held in."""
        register = self.pack.registers[id]
        owner = self.names.named("agency", next(iter(register.owner.values())))
        self.add(owner, FOAF.Agent, (DCTERMS.identifier, str(owner)), (DCTERMS.title, register.owner))
        return self.add(
            self.names.of("register", id),
            DCAT.Dataset,
            (DCTERMS.title, register.title),
            (DCTERMS.description, register.title),
            (DCTERMS.publisher, owner),
        )
