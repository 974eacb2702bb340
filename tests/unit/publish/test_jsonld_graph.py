"""JSON-LD of whole graphs."""

from __future__ import annotations

import json

from pyoxigraph import Dataset, RdfFormat, Triple, parse
from rdflib import Graph
from rdflib.compare import isomorphic

from app.publish import jsonld_graph

TURTLE = """
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a a ex:C , ex:D ; ex:label "名"@ja , "name" ; ex:count "007"^^xsd:integer ;
  ex:part [ a ex:P ; ex:deep [ ex:x 1.50 ] ] ; ex:see <http://elsewhere.example/> , ex:b .
ex:b ex:shared _:s . ex:a ex:shared _:s . _:s ex:name "both" .
_:r1 ex:next _:r2 . _:r2 ex:next _:r1 .
"""


def triples() -> list[Triple]:
    return [quad.triple for quad in parse(TURTLE.encode(), RdfFormat.TURTLE)]


def test_a_document_says_what_the_graph_says() -> None:
    written = jsonld_graph.write(triples(), {"ex": "http://example.org/"})
    read = Graph().parse(data=written, format="json-ld")
    assert isomorphic(read, Graph().parse(data=TURTLE, format="turtle"))
    again = Dataset(parse(written, RdfFormat.JSON_LD))
    assert len(again) == len(triples())


def test_types_and_names_are_short_and_nodes_of_one_statement_nested() -> None:
    document = json.loads(jsonld_graph.write(triples(), {"ex": "http://example.org/", "no": "x:"}))
    assert document["@context"] == {"ex": "http://example.org/"}
    first = document["@graph"][0]
    assert first["@id"] == "ex:a"
    assert first["@type"] == ["ex:C", "ex:D"]
    assert first["ex:part"]["@type"] == "ex:P"
    assert first["ex:part"]["ex:deep"]["ex:x"]["@value"] == "1.50"
    assert len(document["@graph"]) == 5
