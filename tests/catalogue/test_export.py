import os
import subprocess
import sys

import pytest
from rdflib import BNode, Graph, URIRef

from lifeevents.catalogue.cpsv_ap import CV, PRO, catalogue, vocabulary
from lifeevents.catalogue.open_data import COLUMNS, as_csv, rows
from lifeevents.catalogue.serialise import Syntax, serialise
from lifeevents.domain.pack import Pack
from tests.serving.told import NOW

PRINT = """
import hashlib
from features.catalogue import known_features
from lifeevents.catalogue.cpsv_ap import catalogue
from lifeevents.catalogue.serialise import serialise
from lifeevents.packs import load
graph = catalogue(load("vn", known_features))
for syntax in ("turtle", "json-ld"):
    print(hashlib.sha256(serialise(graph, syntax).encode()).hexdigest())
"""


def test_the_same_pack_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert len(told[0].split()) == 2


@pytest.mark.parametrize("syntax", ["turtle", "json-ld"])
def test_what_is_written_reads_back_as_the_same_graph(pack: Pack, syntax: Syntax) -> None:
    graph = catalogue(pack, "ret.pension")
    assert set(Graph().parse(data=serialise(graph, syntax), format=syntax)) == set(graph)


def test_no_node_is_blank(pack: Pack) -> None:
    assert not [node for triple in catalogue(pack) for node in triple if isinstance(node, BNode)]


def test_every_word_of_ours_stands_in_the_vocabulary(pack: Pack) -> None:
    known = set(vocabulary().subjects())
    ours = {node for triple in catalogue(pack) for node in triple if str(node).startswith(str(PRO))}
    assert ours
    assert ours <= known


def test_a_processing_time_that_was_not_verified_is_left_out(pack: Pack) -> None:
    service = URIRef("urn:lifeevents:vn:service:land.transfer")
    assert pack.procedures["land.transfer"].processing is not None
    assert not list(catalogue(pack).objects(service, CV.processingTime))


def test_the_open_data_has_a_row_for_every_service(pack: Pack) -> None:
    text = as_csv(rows(pack, "en", NOW.date()))
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert len(rows(pack, "vi", NOW.date())) == len(pack.procedures)
