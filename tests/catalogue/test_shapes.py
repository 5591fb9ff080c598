"""The export against the shapes of CPSV-AP 3.2.0, and that the shapes would have seen a mistake."""

from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef

from lifeevents.catalogue.cpsv_ap import CPSV, CV, catalogue
from lifeevents.domain.pack import Pack

SERVICE = URIRef("urn:lifeevents:vn:service:birth.register")
SOMEWHERE = URIRef("urn:somewhere")


@pytest.fixture(scope="module")
def conforms(shared: Path) -> Callable[[Graph], bool]:
    folder = shared / "conformance"
    shapes = Graph().parse(folder / "cpsv-ap-3.2.0-shacl.ttl")
    ontology = Graph().parse(folder / "cpsv-ap-3.2.0-ontology.ttl")

    def check(graph: Graph) -> bool:
        return bool(pyshacl.validate(graph, shacl_graph=shapes, ont_graph=ontology)[0])

    return check


@pytest.fixture
def one(pack: Pack) -> Graph:
    return catalogue(pack, "birth.register")


def test_the_whole_catalogue_conforms(pack: Pack, conforms: Callable[[Graph], bool]) -> None:
    graph = catalogue(pack)
    assert len(set(graph.subjects(RDF.type, CPSV.PublicService))) == 116
    assert conforms(graph)


def test_one_service_conforms_by_itself(one: Graph, conforms: Callable[[Graph], bool]) -> None:
    assert conforms(one)


@pytest.mark.parametrize("term", [DCTERMS.title, DCTERMS.description, DCTERMS.identifier, CV.hasCompetentAuthority])
def test_a_service_without_what_it_must_have_fails(one: Graph, conforms: Callable[[Graph], bool], term: URIRef) -> None:
    one.remove((SERVICE, term, None))
    assert not conforms(one)


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        (CV.PublicOrganisation, SKOS.prefLabel),
        (CV.PublicOrganisation, DCTERMS.spatial),
        (CV.LifeEvent, DCTERMS.title),
        (CV.LifeEvent, DCTERMS.identifier),
        (CV.Evidence, DCTERMS.title),
        (CV.Channel, DCTERMS.identifier),
        (CPSV.Rule, DCTERMS.description),
        (CV.Requirement, DCTERMS.title),
    ],
)
def test_a_node_without_what_it_must_have_fails(
    one: Graph, conforms: Callable[[Graph], bool], kind: URIRef, term: URIRef
) -> None:
    for node in list(one.subjects(RDF.type, kind)):
        one.remove((node, term, None))
    assert not conforms(one)


@pytest.mark.parametrize("term", [CV.hasChannel, CV.isGroupedBy, CPSV.follows, CV.holdsRequirement, CPSV.hasInput])
def test_a_link_to_something_of_a_wrong_class_fails(
    one: Graph, conforms: Callable[[Graph], bool], term: URIRef
) -> None:
    one.add((SOMEWHERE, RDF.type, SKOS.Collection))
    one.add((SERVICE, term, SOMEWHERE))
    assert not conforms(one)


def test_a_title_without_a_language_fails(one: Graph, conforms: Callable[[Graph], bool]) -> None:
    one.set((SERVICE, DCTERMS.title, Literal("Birth registration")))
    assert not conforms(one)


def test_the_events_stand_in_the_taxonomies(pack: Pack, shared: Path) -> None:
    known = Graph()
    for name in ("life-events-2023-03-22.ttl", "business-events-2023-03-22.ttl"):
        known.parse(shared / "conformance" / name)
    graph = catalogue(pack)
    kinds = set(graph.subjects(RDF.type, CV.LifeEvent)) | set(graph.subjects(RDF.type, CV.BusinessEvent))
    used = {kind for event in kinds for kind in graph.objects(event, DCTERMS.type)}
    assert len(used) >= 8
    for concept in used:
        assert (concept, RDF.type, SKOS.Concept) in known
        assert set(graph.objects(concept, SKOS.prefLabel)) == set(known.objects(concept, SKOS.prefLabel))
