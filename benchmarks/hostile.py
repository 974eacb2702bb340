"""What people may send who mean harm: shapes that nest, queries that never end, ways to the
network. Used by the soak test; the list of shapes is that of the measured crashes of the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

P: Final = "<http://bench.example/p1>"
DEPTHS: Final = (100, 500, 2_000, 10_000, 50_000, 100_000)

Shape = Callable[[int], str]

QUERIES: Final[dict[str, Shape]] = {
    "braces": lambda n: "ASK " + "{" * n + "}" * n,
    "parentheses": lambda n: "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }",
    "optional nested": lambda n: "ASK { " + f"OPTIONAL {{ ?s {P} ?o " * n + "}" * n + " }",
    "optional in a row": lambda n: "ASK { " + f"OPTIONAL {{ ?s {P} ?o }} " * n + "}",
    "minus": lambda n: "ASK { ?s ?p ?o " + f"MINUS {{ ?s {P} ?o }} " * n + "}",
    "select": lambda n: "ASK { " + "{ SELECT * { " * n + "} }" * n + " }",
    "not": lambda n: "ASK { FILTER(" + "!" * n + "1) }",
    "negative": lambda n: "ASK { FILTER(" + "- " * n + "1) }",
    "plus": lambda n: "ASK { FILTER(1" + "+1" * n + ") }",
    "times": lambda n: "ASK { FILTER(1" + "*1" * n + ") }",
    "or": lambda n: "ASK { FILTER(1" + "||1" * n + ") }",
    "and": lambda n: "ASK { FILTER(1" + "&&1" * n + ") }",
    "union": lambda n: "ASK { {}" + " UNION {}" * n + " }",
    "in": lambda n: "ASK { ?s ?p ?o FILTER(?o IN (" + ",".join(["1"] * n) + ")) }",
    "patterns": lambda n: "ASK { " + "?s ?p ?o . " * n + "}",
    "same variable": lambda n: "ASK { " + "?s ?s ?s . " * n + "}",
    "chained patterns": lambda n: "ASK { " + "".join(f"?v{i} {P} ?v{i + 1} . " for i in range(n)) + "}",
    "bind": lambda n: "ASK { " + "".join(f"BIND(1 AS ?v{i}) " for i in range(n)) + "}",
    "sequence": lambda n: f"ASK {{ ?s {P}{f'/{P}' * n} ?o }}",
    "alternative": lambda n: f"ASK {{ ?s {P}{f'|{P}' * n} ?o }}",
    "path parentheses": lambda n: f"ASK {{ ?s {'(' * n}{P}{')' * n} ?o }}",
    "path stars": lambda n: f"ASK {{ ?s {'(' * n}{P}{')*' * n} ?o }}",
    "inverse": lambda n: f"ASK {{ ?s {'^(' * n}{P}{')' * n} ?o }}",
    "values": lambda n: "ASK { VALUES ?x { " + "1 " * n + "} }",
    "blank nodes": lambda n: f"ASK {{ ?s {P} " + f"[ {P} " * n + "1" + "]" * n + " }",
    "collections": lambda n: f"ASK {{ ?s {P} " + "(" * n + ")" * n + " }",
    "triple terms": lambda n: f"ASK {{ ?s {P} " + f"<<( ?s {P} " * n + "1" + ")>>" * n + " }",
    "reified triples": lambda n: "ASK { " + "<< " * n + f"?s {P} ?o" + f" >> {P} ?o" * n + " }",
    "annotations": lambda n: f"ASK {{ ?s {P} ?o " + f"{{| {P} ?o " * n + "|}" * n + " }",
    "exists": lambda n: "ASK { " + "FILTER EXISTS { " * n + "}" * n + " }",
    "STR": lambda n: "ASK { FILTER(" + "STR(" * n + "1" + ")" * n + ") }",
    "IF": lambda n: "ASK { FILTER(" + "IF(1," * n + "1" + ",1)" * n + ") }",
    "COALESCE": lambda n: "ASK { FILTER(" + "COALESCE(" * n + "1" + ")" * n + ") }",
    "GRAPH": lambda n: "ASK { " + "GRAPH ?g { " * n + "}" * n + " }",
    "SERVICE": lambda n: "ASK { " + "SERVICE SILENT <x:y> { " * n + "}" * n + " }",
    "LATERAL": lambda n: "ASK { " + "LATERAL { " * n + "}" * n + " }",
}  # fmt: skip
"""Queries by shape."""

UPDATES: Final[dict[str, Shape]] = {
    "update blank nodes": lambda n: f"INSERT {{ ?s {P} " + f"[ {P} " * n + "1" + "]" * n + " } WHERE {}",
    "update triple terms": lambda n: f"INSERT DATA {{ <x:s> {P} " + f"<<( <x:s> {P} " * n + "1" + ")>>" * n + " }",
    "update operations": lambda n: "DELETE DATA { <x:s> <x:p> 1 } ;" * n,
}  # fmt: skip
"""Updates by shape."""

_XML: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">'
)
DOCUMENTS: Final[dict[str, tuple[str, Shape]]] = {
    "Turtle collections": ("text/turtle", lambda n: "<a> <b> " + "(" * n + ")" * n + " ."),
    "Turtle blank nodes": ("text/turtle", lambda n: "<a> <b> " + "[ <b> " * n + "1" + "]" * n + " ."),
    "Turtle triple terms": ("text/turtle", lambda n: "<a> <b> " + "<<( <a> <b> " * n + "1" + ")>>" * n + " ."),
    "Turtle reified": ("text/turtle", lambda n: "<< " * n + "<a> <b> <c>" + " >> <b> <c>" * n + " ."),
    "N-Triples triple terms": ("application/n-triples", lambda n: "<x:a> <x:b> " + "<<( <x:a> <x:b> " * n + '"1"' + " )>>" * n + " ."),
    "RDF/XML elements": ("application/rdf+xml", lambda n: _XML + "<x:a><x:b>" * n + "</x:b></x:a>" * n + "</rdf:RDF>"),
    "RDF/XML literal": ("application/rdf+xml", lambda n: _XML + '<x:a><x:b rdf:parseType="Literal">' + "<c>" * n + "</c>" * n + "</x:b></x:a></rdf:RDF>"),
    "RDF/XML entities": ("application/rdf+xml", lambda n: '<!DOCTYPE r [<!ENTITY a "' + "a" * n + '">]>' + _XML + "</rdf:RDF>"),
    "JSON-LD lists": ("application/ld+json", lambda n: '{"@id":"x:a","x:b":' + '{"@list":[' * n + "]}" * n + "}"),
    "JSON-LD objects": ("application/ld+json", lambda n: '{"x:b":' * n + "1" + "}" * n),
    "JSON-LD arrays": ("application/ld+json", lambda n: "[" * n + "]" * n),
    "JSON-LD contexts": ("application/ld+json", lambda n: '{"@context":' + "[" * n + "]" * n + "}"),
    "JSON-LD scoped contexts": ("application/ld+json", lambda n: '{"@context":' + '{"a":{"@id":"x:a","@context":' * n + "{}" + "}}" * n + "}"),
    "JSON-LD graphs": ("application/ld+json", lambda n: '{"@graph":' * n + "[]" + "}" * n),
    "JSON-LD @json": ("application/ld+json", lambda n: '{"x:a":{"@type":"@json","@value":' + "[" * n + "]" * n + "}}"),
}  # fmt: skip
"""Documents by shape, with their media types."""

ALL3: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
RUNAWAYS: Final = (
    f"SELECT (COUNT(*) AS ?n) {{ {ALL3} }}",
    f"SELECT * {{ {ALL3} }} ORDER BY ?c ?f ?i",
    f"SELECT DISTINCT ?c ?f {{ {ALL3} }}",
    f"SELECT ?a (COUNT(*) AS ?n) {{ {ALL3} }} GROUP BY ?a ?d",
    f'SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?g) {{ {ALL3} }}',
    f"ASK {{ {ALL3} FILTER(?c = ?f && ?f = ?i && ?c = 'none') }}",
    f"SELECT * {{ {ALL3} FILTER(STRLEN(CONCAT(STR(?c), STR(?f), STR(?i))) < 0) }}",
    f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {ALL3} }}",
    "DESCRIBE ?a ?d { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    *("SELECT * { " + "?s ?s ?s . " * n + "}" for n in (100, 200, 400)),
    *("SELECT * { " + "".join(f"?a{i} ?b{i} ?a{i + 1} . " for i in range(n)) + "}" for n in (10, 20, 40)),
    "ASK { ?s (<x:a>|!<x:a>)* ?o FILTER(?o = 'none') }",
    "ASK { ?s (!<x:a>/!<x:b>)+ ?o . ?o (!<x:a>)* ?s FILTER(?o = 'none') }",
    "SELECT (COUNT(*) AS ?n) { ?s !<x:a> ?o . ?x !<x:b> ?y FILTER(?s != ?x) }",
    'SELECT * { BIND("xxxx" AS ?x0) ' + "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(40)) + "}",
    'SELECT * { BIND("aaaa" AS ?x0) ' + "".join(f'BIND(REPLACE(?x{i}, "a", "aaaa") AS ?x{i + 1}) ' for i in range(30)) + "}",
    'SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(a|aa)+$")) }',
    'ASK { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), CONCAT("(", STR(?f), ")*x"))) }',
    f"SELECT * {{ {{ SELECT * {{ {ALL3} }} LIMIT 100000000 }} }} ORDER BY DESC(?i) LIMIT 1",
    f"SELECT (SUM(STRLEN(STR(?c))) AS ?n) {{ {ALL3} }}",
    f"SELECT (SAMPLE(?c) AS ?n) {{ {ALL3} }} GROUP BY ?c ?f ?i",
    "SELECT * { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i } } }",
    "SELECT * { { ?a ?b ?c . ?d ?e ?f } UNION { ?a ?b ?c . ?g ?h ?i } } ORDER BY ?c",
    "ASK { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?x ?y ?c . ?z ?w ?f } }",
    "SELECT * { ?a ?b ?c MINUS { ?a ?e ?f . ?g ?h ?c . ?x ?y ?z } }",
)  # fmt: skip
"""Thirty-odd queries that do not end, or fill all memory."""

_SERVICES: Final = (
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { BIND(<URL> AS ?u) SERVICE SILENT ?u { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c FILTER EXISTS { SERVICE SILENT <URL> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } { OPTIONAL { SERVICE SILENT <URL> { ?s ?p ?o } } }",
    "SELECT * { FILTER(1<2)SERVICE#>\n SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH <URL> { ?s ?p ?o } }",
    "LOAD SILENT <URL>",
)
_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]", "2130706433", "127.1")
_WAYS: Final = ("http://HOST:PORT/", "http://user@HOST:PORT/x#y", "http://HOST:PORT/a%0d%0ab")


def escapes(port: int) -> list[str]:
    """150 ways to make the server open a connection to a port of this machine."""
    return [
        text.replace("URL", way.replace("HOST", host).replace("PORT", str(port)))
        for text in _SERVICES
        for host in _HOSTS
        for way in _WAYS
    ]
