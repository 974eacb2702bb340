"""PROV-O (https://www.w3.org/TR/prov-o/) of one thing: derived from rows, by a conversion, with a
mapping. Written when it is asked for, as a graph whose name is its address."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from pyoxigraph import NamedNode

from app.errors import Text
from app.publish.dcat import Site
from app.publish.provenance.origins import Origin, Row
from app.publish.provenance.record import ConversionRecord, SourceFile
from app.publish.rdf_document import SPDX, Graph
from app.publish.sources import Part
from app.rdf.namespaces import CSVW, DCTERMS, PROV, RDFS, XSD


def provenance_graph(iri: str, address: str, origins: Sequence[Origin], site: Site) -> Graph:
    """What is known of where a thing comes from. `address` is that of the graph, which is a
    bundle (a named set of provenance statements)."""
    graph = Graph()
    thing, bundle = NamedNode(iri), NamedNode(address)
    graph.type(bundle, PROV + "Bundle")
    graph.add(bundle, "http://xmlns.com/foaf/0.1/primaryTopic", thing)
    graph.type(thing, PROV + "Entity")
    for origin in origins:
        activity = _conversion(graph, origin.record, site)
        graph.add(thing, PROV + "wasGeneratedBy", activity)
        if origin.source is None:
            continue
        for row in origin.rows:
            graph.add(thing, PROV + "wasDerivedFrom", _row(graph, origin, origin.source, row, site))
        for source in (origin.source, *origin.joined) if not origin.rows else origin.joined:
            graph.add(thing, PROV + "wasDerivedFrom", _file(graph, origin.record, source, site))
    return graph


def file_address(
    record: ConversionRecord, source: SourceFile, site: Site, part: Part = Part.SOURCE
) -> str:
    """Where the copy of a file that the release keeps is served."""
    return site.dump(f"{record.dataset}/{part.value}/{quote(source.name)}")


def activity_address(record: ConversionRecord, site: Site) -> str:
    """The IRI of a conversion: a part of the data set, by the time at which it ended."""
    moment = record.ended.strftime("%Y%m%dT%H%M%SZ")
    return f"{site.dataset(record.dataset)}#conversion-{moment}"


def _conversion(graph: Graph, record: ConversionRecord, site: Site) -> NamedNode:
    activity = NamedNode(activity_address(record, site))
    mapping = NamedNode(file_address(record, record.mapping, site, Part.MAPPING))
    software = NamedNode(f"{site.base}/#software")
    graph.type(activity, PROV + "Activity")
    graph.moment(activity, PROV + "startedAtTime", record.started)
    graph.moment(activity, PROV + "endedAtTime", record.ended)
    graph.add(activity, PROV + "generated", NamedNode(site.dataset(record.dataset)))
    graph.add(activity, PROV + "used", mapping)
    for source in record.sources:
        graph.add(activity, PROV + "used", _file(graph, record, source, site))
    association = NamedNode(f"{activity.value}-by")
    graph.add(activity, PROV + "qualifiedAssociation", association)
    graph.type(association, PROV + "Association")
    graph.add(association, PROV + "agent", software)
    graph.add(association, PROV + "hadPlan", mapping)
    graph.type(software, PROV + "SoftwareAgent")
    graph.plain(software, RDFS + "label", record.software)
    graph.type(mapping, PROV + "Plan", PROV + "Entity")
    _sum(graph, mapping, record.mapping)
    return activity


def _row(graph: Graph, origin: Origin, source: SourceFile, row: Row, site: Site) -> NamedNode:
    """A row of a file. Its IRI is that of RFC 7111 where the number of the record is known, else
    one of ours by the line."""
    file = _file(graph, origin.record, source, site)
    fragment = f"row={row.record}" if row.record is not None else f"line={row.line}"
    node = NamedNode(f"{file.value}#{fragment}")
    graph.type(node, PROV + "Entity", CSVW + "Row")
    graph.add(node, DCTERMS + "isPartOf", file)
    graph.number(node, CSVW + "rownum", row.number)
    said = Text(f"{source.name} {row.line} 行目", f"{source.name}, line {row.line}")
    graph.text(node, RDFS + "label", said)
    return node


def _file(graph: Graph, record: ConversionRecord, source: SourceFile, site: Site) -> NamedNode:
    file = NamedNode(file_address(record, source, site))
    graph.type(file, PROV + "Entity")
    _sum(graph, file, source)
    return file


def _sum(graph: Graph, file: NamedNode, source: SourceFile) -> None:
    graph.plain(file, RDFS + "label", source.name)
    if source.sha256:
        checksum = NamedNode(f"{file.value}#sha256")
        graph.add(file, SPDX + "checksum", checksum)
        graph.type(checksum, SPDX + "Checksum")
        graph.link(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
        graph.typed(checksum, SPDX + "checksumValue", source.sha256, XSD + "hexBinary")
