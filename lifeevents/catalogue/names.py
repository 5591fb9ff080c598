"""Names of the standards the catalogue is written in, and addresses for what it speaks of."""

from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, RDF, RDFS, SKOS, XSD

from lifeevents.domain.register import Text

CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
PRO = Namespace("urn:lifeevents:proactivity#")
"""Our extension, described in `proactivity.ttl` beside this file."""
LIFE = Namespace("http://data.europa.eu/ox8/life-event/")
BUSINESS = Namespace("http://data.europa.eu/m58/business-event/")
EU = Namespace("http://publications.europa.eu/resource/authority/")
EXTENSION = Path(__file__).parent / "proactivity.ttl"

PREFIXES = {
    "cpsv": CPSV, "cv": CV, "eli": ELI, "adms": ADMS, "pro": PRO, "dct": DCTERMS, "dcat": DCAT, "foaf": FOAF,
    "org": ORG, "rdf": RDF, "rdfs": RDFS, "skos": SKOS, "xsd": XSD,
}  # fmt: skip

LANGUAGES = {"vi": EU["language/VIE"], "en": EU["language/ENG"], "hu": EU["language/HUN"]}


class Names:
    """Addresses under a base, which ends where an id can follow (".../", "urn:lifeevents:vn:")."""

    def __init__(self, base: str) -> None:
        self.base = base

    def of(self, kind: str, id: str) -> URIRef:
        """The address of something that has an id."""
        separator = "/" if self.base.endswith("/") else ":"
        return URIRef(f"{self.base}{kind}{separator}{quote(id, safe='')}")

    def named(self, kind: str, text: str) -> URIRef:
        """The address of something that has only a name: the same name, the same address."""
        return self.of(kind, sha256(text.encode()).hexdigest()[:16])


def graph() -> Graph:
    """An empty graph with the prefixes bound."""
    made = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        made.bind(prefix, namespace)
    return made


def said(text: Text) -> list[Literal]:
    """A text in every language that it has."""
    return [Literal(words, lang=language) for language, words in text.items()]
