"""The W3C suites about SPARQL over HTTP: protocol, graph store, service description, and result
formats. Every request goes to a real server over a real connection."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

from app.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, Formats
from tests.live import Answer, LiveServer

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT: Final = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT: Final = Namespace("http://www.w3.org/2011/http#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")

SUITES: Final = {
    "protocol": ("SPARQL 1.1 Protocol", 34),
    "http-rdf-update": ("SPARQL 1.1 Graph Store", 18),
    "service-description": ("SPARQL 1.1 Service Description", 3),
    "csv-tsv-res": ("SPARQL 1.1 CSV and TSV results", 6),
    "json-res": ("SPARQL 1.1 JSON results", 4),
}
"""Folder of each suite under ../shared/conformance/sparql11 → its title and number of cases."""


@dataclass(frozen=True)
class Case:
    """One entry of a manifest."""

    suite: str
    iri: str
    name: str
    manifest: Graph
    folder: Path


def cases(root: Path, suite: str) -> list[Case]:
    """The entries of a suite's manifest in their order; `root` is the folder sparql11."""
    path = root / suite / "manifest.ttl"
    if not path.is_file():
        return []
    manifest = Graph().parse(path, publicID=(root / suite).as_uri() + "/manifest.ttl")
    [entries] = manifest.objects(None, MF.entries)
    return [
        Case(suite, str(entry), str(manifest.value(entry, MF.name)), manifest, root / suite)
        for entry in Collection(manifest, entries)
    ]


def complaint(case: Case, server: LiveServer) -> str | None:
    """What is wrong with the outcome of a case; None when it passes."""
    checks: dict[str, Callable[[Case, LiveServer], None]] = {
        "protocol": _protocol,
        "http-rdf-update": _graph_store,
        "service-description": _service_description,
        "csv-tsv-res": _results,
        "json-res": _results,
    }
    try:
        checks[case.suite](case, server)
    except AssertionError as error:
        return str(error) or "an assertion failed"
    return None


# Protocol


def _protocol(case: Case, server: LiveServer) -> None:
    """Send the requests that the manifest spells out, one after the other."""
    manifest, entry = case.manifest, URIRef(case.iri)
    for data in manifest.objects(entry, UT.graphData):
        path = Path(str(manifest.value(data, UT.graph)).removeprefix("file://"))
        name = str(manifest.value(data, RDFS.label))
        load_graph(server, name, path.read_bytes(), "application/n-triples")
    [connection] = manifest.objects(entry, MF.action)
    [requests] = manifest.objects(connection, HT.requests)
    for request in Collection(manifest, requests):
        expected = manifest.value(request, HT.resp)
        answer = _send(case, request, server)
        allowed = {str(status)[-3] for status in manifest.objects(expected, MF.expectedStatus)}
        assert str(answer.status)[0] in allowed, f"{answer.status}: {answer.text[:300]}"
        boolean = manifest.value(expected, MF.expectedBoolean)
        if boolean is not None:
            said = json.loads(answer.body)["boolean"]
            assert said == boolean.toPython(), f"boolean {said}"  # type: ignore[attr-defined]  # a literal
        form = manifest.value(expected, MF.expectedFormat)
        if form is not None and answer.status < 300 and answer.body:
            _check_form(str(form), answer)


def _send(case: Case, request: Node, server: LiveServer) -> Answer:
    manifest = case.manifest
    headers: dict[str, str] = {}
    listed = manifest.value(request, HT.headers)
    for header in Collection(manifest, listed) if listed is not None else ():
        field, value = manifest.value(header, HT.fieldName), manifest.value(header, HT.fieldValue)
        headers[str(field)] = str(value)
    body: bytes | None = None
    content = manifest.value(request, HT.body)
    if content is not None:
        encoding = str(manifest.value(content, CNT.characterEncoding))
        body = str(manifest.value(content, CNT.chars)).encode(encoding)
    is_query = "sparql-query" in headers.get("content-type", "")
    write = "update" in case.iri.rpartition("#")[2] and not is_query
    target = str(manifest.value(request, HT.absolutePath))
    target = target.replace("/sparql/", "/update" if write else "/sparql", 1)
    return server.request(
        str(manifest.value(request, HT.methodName)), target, body, headers, write=write
    )


def _check_form(form: str, answer: Answer) -> None:
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    results = {format.value.media_type for format in RESULT_FORMATS}
    graphs = {format.value.media_type for format in GRAPH_FORMATS}
    assert media_type in (graphs if form == "RDF" else results), media_type
    if media_type == Formats.RESULTS_JSON.value.media_type:
        assert ("boolean" in json.loads(answer.body)) == (form == "boolean"), answer.text


def load_graph(server: LiveServer, graph: str, data: bytes, media_type: str) -> None:
    """Put a graph into the store."""
    answer = server.request(
        "PUT",
        f"/graphs?graph={quote(graph, safe='')}",
        data,
        {"content-type": media_type},
        write=True,
    )
    assert answer.status in (201, 204), answer.text


# Graph store: the requests are told as Markdown in rdfs:comment, and build on each other


@dataclass
class _GraphStoreState:
    """What one case leaves for the next: the address of a graph that was made."""

    new_path: str = ""


_STATE: Final = _GraphStoreState()


def _graph_store(case: Case, server: LiveServer) -> None:
    comment = max(map(str, case.manifest.objects(URIRef(case.iri), RDFS.comment)), key=len)
    told, _, expected = comment.partition("#### Response")
    request = _block(told, server)
    line, headers, body = _message(request)
    method, target, _ = line.split(" ")
    if case.iri.endswith("#delete__existing_graph"):
        # The suite takes this graph for granted.
        load_graph(server, f"{server.base}{target}", b"<a:a> <a:b> <a:c> .", "text/turtle")
    if "text/turtle" in request and "multipart" not in request:
        body = _finished(body)
    elif "multipart" in request:
        body = body.replace('"Doe"\n', '"Doe" .\n').replace('"Jane"\n', '"Jane" .\n')
        body = body.replace("\n", "\r\n")
    if body.strip() or method in ("PUT", "POST"):
        headers.pop("Content-Length", None)
        sent: bytes | None = body.encode()
    else:
        sent = None
    headers.pop("Host", None)
    write = method not in ("GET", "HEAD")
    answer = server.request(method, target, sent, headers, write=write)
    status, wanted, content = _message(_block(expected, server))
    assert answer.status == int(status.split(" ")[0]), f"{answer.status}: {answer.text[:300]}"
    if "Location" in wanted:
        assert answer.headers["location"], "no Location"
        _STATE.new_path = answer.headers["location"]
    if "Content-Type" in wanted:
        assert answer.headers["content-type"] == wanted["Content-Type"]
        assert int(answer.headers["content-length"]) >= len(answer.body)
    if content.strip():
        ours, theirs = canonical(answer.body), canonical(content.encode())
        assert ours == theirs, f"got\n{answer.text}\nexpected\n{content}"


def _block(markdown: str, server: LiveServer) -> str:
    """The indented text, with its variables filled in."""
    lines = [line[4:] for line in markdown.splitlines() if line.startswith("    ") or not line]
    text = "\n".join(lines).strip("\n")
    host = server.base.removeprefix("http://")
    text = text.replace("$HOST$/$GRAPHSTORE$", f"{host}/graphs").replace("$GRAPHSTORE$", "/graphs")
    return text.replace("$HOST$", host).replace("$NEWPATH$", _STATE.new_path)


def _message(text: str) -> tuple[str, dict[str, str], str]:
    """First line, headers and body of a message."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.splitlines()
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    return first, headers, body


def _finished(body: str) -> str:
    """Some documents of the suite lack the full stop after their last triple."""
    return body if not body.strip() or body.rstrip().endswith(".") else body.rstrip() + " .\n"


def canonical(turtle: bytes) -> Dataset:
    """A graph with canonical blank node labels."""
    found = Dataset(parse(turtle, format=RdfFormat.TURTLE))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


# Service description


def _service_description(case: Case, server: LiveServer) -> None:
    """The three cases have no request of their own: GET on the endpoint, without a query."""
    answer = server.request("GET", "/sparql", headers={"accept": "text/turtle"})
    assert answer.status == 200, answer.text[:300]
    assert answer.headers["content-type"].startswith("text/turtle")
    graph = Graph().parse(data=answer.body, format="turtle")
    name = case.iri.rpartition("#")[2]
    if name == "has-endpoint-triple":
        endpoints = [str(endpoint) for endpoint in graph.objects(None, SD.endpoint)]
        assert endpoints == [f"{server.base}/sparql"], endpoints
    elif name == "conforms-to-schema":
        _conforms(graph)


_SCHEMA: Final = {
    # property: (class of the subject, class of the object or None for any IRI)
    "endpoint": ("Service", None),
    "feature": ("Service", None),
    "supportedLanguage": ("Service", None),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "extensionFunction": ("Service", None),
    "languageExtension": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("Dataset", "NamedGraph"),
    "graph": ("NamedGraph", "Graph"),
    "name": ("NamedGraph", None),
}


def _conforms(graph: Graph) -> None:
    services = list(graph.subjects(RDF.type, SD.Service))
    assert len(services) == 1, services
    used = {str(p).removeprefix(SD) for p in graph.predicates() if str(p).startswith(SD)}
    assert used <= set(_SCHEMA), used - set(_SCHEMA)
    for name, (domain, range_) in _SCHEMA.items():
        for subject, object in graph.subject_objects(SD[name]):
            assert (subject, RDF.type, SD[domain]) in graph, f"sd:{name} of {subject}"
            if range_ is None:
                assert isinstance(object, URIRef), f"sd:{name} {object}"
            else:
                assert (object, RDF.type, SD[range_]) in graph, f"sd:{name} {object}"


# Result formats

Row = tuple[str, ...]


def _results(case: Case, server: LiveServer) -> None:
    manifest, entry = case.manifest, URIRef(case.iri)
    action = manifest.value(entry, MF.action)
    query, data = (
        Path(str(manifest.value(action, part)).removeprefix("file://"))
        for part in (QT.query, QT.data)
    )
    expected = Path(str(manifest.value(entry, MF.result)).removeprefix("file://"))
    graph = f"http://example.org/conformance/{case.suite}/{data.name}"
    load_graph(server, graph, data.read_bytes(), "text/turtle")
    format = {
        ".csv": Formats.RESULTS_CSV,
        ".tsv": Formats.RESULTS_TSV,
        ".srj": Formats.RESULTS_JSON,
    }[expected.suffix].value
    answer = server.request(
        "POST",
        f"/sparql?default-graph-uri={quote(graph, safe='')}",
        query.read_bytes(),
        {"content-type": "application/sparql-query", "accept": format.media_type},
    )
    assert answer.status == 200, answer.text[:300]
    assert answer.headers["content-type"] == format.content_type
    ours, theirs = (
        _read(answer.body, expected.suffix),
        _read(expected.read_bytes(), expected.suffix),
    )
    assert _same(ours, theirs), f"got {ours}\nexpected {theirs}"


def _read(data: bytes, suffix: str) -> tuple[Row, list[Row]] | bool:
    """Variables and rows, the values as they are written; but numbers by their value, which is
    all that the engine keeps of them (1000000 for 1.0E6, an integer for a negativeInteger)."""
    text = data.decode()
    if suffix == ".csv":
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        return tuple(head), [tuple(map(_by_value, row)) for row in rows]
    if suffix == ".tsv":
        first, *lines = text.rstrip("\n").split("\n")
        variables = tuple(first.rstrip("\r").split("\t"))
        return variables, [_padded(line.rstrip("\r").split("\t"), len(variables)) for line in lines]
    document: dict[str, Any] = json.loads(data)
    if "boolean" in document:
        return bool(document["boolean"])
    variables = tuple(document["head"]["vars"])
    rows_read = [
        tuple(_term(binding.get(name)) for name in variables)
        for binding in document["results"]["bindings"]
    ]
    return variables, rows_read


def _padded(row: list[str], width: int) -> Row:
    return (*map(_by_value, row), *[""] * (width - len(row)))


def _by_value(value: str) -> str:
    bare = re.sub(rf'^"(.*)"\^\^<{_XSD}(?:double|negativeInteger)>$', r"\1", value)
    number = re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", bare)
    return repr(float(bare)) if number is not None else value


def _term(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    prefix = "_:" if term["type"] == "bnode" else ""
    suffixes = term.get("datatype", ""), term.get("xml:lang", "")
    return "|".join([prefix + term["value"], *suffixes])


def _same(ours: tuple[Row, list[Row]] | bool, theirs: tuple[Row, list[Row]] | bool) -> bool:
    """Equal but for the order of rows, the labels of blank nodes, and the order in which
    `SELECT *` names its variables, which SPARQL leaves open."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if sorted(ours[0]) != sorted(theirs[0]):
        return False
    places = [ours[0].index(name) for name in theirs[0]]
    ours = theirs[0], [tuple(row[place] for place in places) for row in ours[1]]
    if len(ours[1]) != len(theirs[1]):
        return False
    wanted = sorted(theirs[1])
    labels, their_labels = _labels(ours[1]), _labels(theirs[1])
    if len(labels) != len(their_labels):
        return False
    return any(
        sorted(_renamed(ours[1], dict(zip(labels, chosen, strict=True)))) == wanted
        for chosen in permutations(their_labels)
    )


def _labels(rows: list[Row]) -> list[str]:
    return sorted({_label(value) for row in rows for value in row if value.startswith("_:")})


def _label(value: str) -> str:
    return re.split(r"[|]", value)[0]


def _renamed(rows: list[Row], names: dict[str, str]) -> Iterator[Row]:
    for row in rows:
        yield tuple(
            value.replace(_label(value), names[_label(value)], 1)
            if value.startswith("_:")
            else value
            for value in row
        )
