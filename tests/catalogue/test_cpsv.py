"""The catalogue for machines conforms to CPSV-AP 3.2.0, says the same twice, and breaks when it is broken."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF

from features.catalogue import known_features
from lifeevents.catalogue.cpsv import export, written
from lifeevents.catalogue.names import CPSV, CV, ELI, EXTENSION, PRO
from lifeevents.domain.pack import Pack
from lifeevents.packs import load

SHAPES = Path(__file__).parents[3] / "shared" / "conformance"
present = pytest.mark.skipif(not SHAPES.is_dir(), reason="the CPSV-AP shapes lie beside the project, not in it")
PENSION = URIRef("urn:lifeevents:vn:procedures:ret.pension")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


@pytest.fixture(scope="module")
def catalogue(pack: Pack) -> Graph:
    return export(pack)


def conforms(graph: Graph) -> bool:
    import pyshacl

    shapes, ontology = SHAPES / "cpsv-ap-3.2.0-shacl.ttl", SHAPES / "cpsv-ap-3.2.0-ontology.ttl"
    done, _, _ = pyshacl.validate(graph, shacl_graph=Graph().parse(shapes), ont_graph=Graph().parse(ontology))
    return bool(done)


@present
def test_the_whole_pack_conforms(catalogue: Graph) -> None:
    assert conforms(catalogue)


def untitled(graph: Graph) -> None:
    graph.remove((PENSION, DCTERMS.title, None))


def twice_identified(graph: Graph) -> None:
    graph.add((PENSION, DCTERMS.identifier, Literal("another")))


def without_authority(graph: Graph) -> None:
    graph.remove((PENSION, CV.hasCompetentAuthority, None))


def law_of_another_class(graph: Graph) -> None:
    graph.set((graph.value(PENSION, CV.hasLegalResource), RDF.type, CPSV.Rule))


def plain_description(graph: Graph) -> None:
    graph.set((PENSION, DCTERMS.description, Literal("in no language")))


def evidence_without_a_title(graph: Graph) -> None:
    graph.remove((graph.value(PENSION, CPSV.hasInput), DCTERMS.title, None))


def event_without_a_title(graph: Graph) -> None:
    graph.remove((graph.value(PENSION, CV.isGroupedBy), DCTERMS.title, None))


@present
@pytest.mark.parametrize(
    "spoil",
    [
        untitled,
        twice_identified,
        without_authority,
        law_of_another_class,
        plain_description,
        evidence_without_a_title,
        event_without_a_title,
    ],
)
def test_a_catalogue_that_was_spoilt_does_not(pack: Pack, spoil: Callable[[Graph], None]) -> None:
    graph = export(pack, only=["ret.pension"])
    spoil(graph)
    assert not conforms(graph)


def test_every_service_is_there_and_one_can_be_asked_for_alone(pack: Pack, catalogue: Graph) -> None:
    services = set(catalogue.subjects(RDF.type, CPSV.PublicService))
    assert len(services) == len(pack.procedures) == 116
    assert set(export(pack, only=["ret.pension"]).subjects(RDF.type, CPSV.PublicService)) == {PENSION}


def test_what_was_not_checked_is_no_amount_and_no_date(pack: Pack, catalogue: Graph) -> None:
    for p in pack.procedures.values():
        service = URIRef(f"urn:lifeevents:vn:procedures:{p.id}")
        assert bool(catalogue.value(service, CV.hasCost)) == bool(p.fee and p.fee.verified)
        shown = catalogue.value(service, CV.processingTime) is not None
        assert shown == bool(p.processing and p.processing.verified)
        assert bool(catalogue.value(service, PRO.hasDeadline)) == bool(p.deadline and p.deadline.verified)


def test_every_term_of_the_extension_that_is_used_is_described(catalogue: Graph) -> None:
    described = set(Graph().parse(EXTENSION).subjects())
    used = {term for triple in catalogue for term in triple if str(term).startswith(str(PRO))}
    assert used
    assert used <= described


def test_laws_and_triggers_lead_from_a_service(catalogue: Graph) -> None:
    trigger = URIRef("urn:lifeevents:vn:trigger:retirement")
    assert trigger in set(catalogue.objects(PENSION, PRO.hasTrigger))
    assert str(catalogue.value(trigger, PRO.triggerKind)) == "due"
    assert str(catalogue.value(trigger, PRO.lead)) == "P6M"
    event = catalogue.value(trigger, PRO.forEvent)
    assert catalogue.value(event, DCTERMS.type) == URIRef("http://data.europa.eu/ox8/life-event/RET")
    assert (catalogue.value(PENSION, CV.hasLegalResource), RDF.type, ELI.LegalResource) in catalogue


@present
def test_the_codes_of_the_taxonomies_exist(catalogue: Graph) -> None:
    known = set()
    for name in ("life", "business"):
        known |= set(Graph().parse(SHAPES / f"{name}-events-2023-03-22.ttl").subjects())
    events = {*catalogue.subjects(RDF.type, CV.LifeEvent), *catalogue.subjects(RDF.type, CV.BusinessEvent)}
    used = {kind for event in events for kind in catalogue.objects(event, DCTERMS.type)}
    assert used
    assert used <= known


@pytest.mark.parametrize("syntax", ["turtle", "json-ld"])
def test_the_same_pack_gives_the_same_bytes_in_another_process(syntax: str) -> None:
    say = (
        "from features.catalogue import known_features; from lifeevents.packs import load;"
        "from lifeevents.catalogue.cpsv import export, written; from hashlib import sha256;"
        "graph = export(load('vn', known_features), only=['ret.pension']);"
        f"print(sha256(written(graph, '{syntax}').encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", say], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


@pytest.mark.parametrize(("syntax", "format"), [("turtle", "turtle"), ("json-ld", "json-ld")])
def test_what_is_written_is_read_back_whole(pack: Pack, syntax: str, format: str) -> None:
    graph = export(pack, only=["ret.pension", "birth.interlinked"])
    text = written(graph, "turtle" if syntax == "turtle" else "json-ld")
    assert Graph().parse(data=text, format=format).isomorphic(graph)
