"""The only table of media types, file suffixes and what each is good for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True, slots=True, eq=False)  # one object each: compared by identity
class Format:
    """One syntax: its id (also the suffix and the value of `format=`), the media type that is
    sent, other media types that mean it, a name for people, and the engine's own format."""

    id: str
    media_type: str
    label: str
    aliases: tuple[str, ...] = ()
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    charset: bool = False

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media type sent and all that are understood."""
        return (self.media_type, *self.aliases)


class Formats(Enum):
    """Every format that is read or written anywhere in the program."""

    TURTLE = Format(
        "ttl",
        "text/turtle",
        "Turtle",
        ("application/x-turtle",),
        rdf=RdfFormat.TURTLE,
        charset=True,
    )
    JSON_LD = Format("jsonld", "application/ld+json", "JSON-LD", rdf=RdfFormat.JSON_LD)
    N_TRIPLES = Format(
        "nt",
        "application/n-triples",
        "N-Triples",
        ("text/plain",),
        rdf=RdfFormat.N_TRIPLES,
        charset=True,
    )
    RDF_XML = Format(
        "rdf",
        "application/rdf+xml",
        "RDF/XML",
        ("application/xml", "text/xml"),
        rdf=RdfFormat.RDF_XML,
    )
    N_QUADS = Format(
        "nq",
        "application/n-quads",
        "N-Quads",
        ("text/x-nquads",),
        rdf=RdfFormat.N_QUADS,
        charset=True,
    )
    TRIG = Format(
        "trig",
        "application/trig",
        "TriG",
        ("application/x-trig",),
        rdf=RdfFormat.TRIG,
        charset=True,
    )
    HTML = Format("html", "text/html", "HTML", ("application/xhtml+xml",), charset=True)
    JSON = Format("json", "application/json", "JSON")
    GEOJSON = Format("geojson", "application/geo+json", "GeoJSON")
    KML = Format("kml", "application/vnd.google-earth.kml+xml", "KML")
    ATOM = Format("atom", "application/atom+xml", "Atom")
    XLSX = Format(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"
    )
    SPARQL = Format("rq", "application/sparql-query", "SPARQL", charset=True)
    RDF_PATCH = Format(
        "rdfp", "application/rdf-patch", "RDF Patch", ("text/rdf-patch",), charset=True
    )
    EVENTS = Format("events", "text/event-stream", "Server-sent events", charset=True)
    JWK = Format("jwk", "application/jwk+json", "JWK", ("application/json",))
    JWK_SET = Format("jwks", "application/jwk-set+json", "JWK Set", ("application/json",))
    PEM = Format("pem", "application/x-pem-file", "PEM", ("application/pem-certificate-chain",))
    JOSE = Format("jws", "application/jose", "JWS")
    PROBLEM = Format("problem", "application/problem+json", "JSON", ("application/json",))
    XML = Format("xml", "application/xml", "XML", ("text/xml",), charset=True)
    ZSTD = Format("zst", "application/zstd", "Zstandard")
    TEXT = Format("txt", "text/plain", "Text", charset=True)
    TABLE_CSV = Format("csv", "text/csv", "CSV", charset=True)
    TABLE_TSV = Format("tsv", "text/tab-separated-values", "TSV", charset=True)
    ODS = Format("ods", "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument")
    JSON_LINES = Format("jsonl", "application/x-ndjson", "JSON lines")
    ZIP = Format("zip", "application/zip", "ZIP")
    YAML = Format("yaml", "application/yaml", "YAML", charset=True)
    OCTETS = Format("bin", "application/octet-stream", "File")
    RESULTS_JSON = Format(
        "srj",
        "application/sparql-results+json",
        "SPARQL JSON",
        ("application/json",),
        results=QueryResultsFormat.JSON,
    )
    RESULTS_XML = Format(
        "srx",
        "application/sparql-results+xml",
        "SPARQL XML",
        ("application/xml", "text/xml"),
        results=QueryResultsFormat.XML,
    )
    RESULTS_CSV = Format("csv", "text/csv", "CSV", results=QueryResultsFormat.CSV, charset=True)
    RESULTS_TSV = Format(
        "tsv", "text/tab-separated-values", "TSV", results=QueryResultsFormat.TSV, charset=True
    )


ENTITY_FORMATS: Final = (
    Formats.HTML,
    Formats.TURTLE,
    Formats.JSON_LD,
    Formats.N_TRIPLES,
    Formats.RDF_XML,
    Formats.JSON,
    Formats.GEOJSON,
    Formats.KML,
    Formats.TABLE_CSV,
)
"""What `/doc/…` offers, the server's preference first."""

QUERY_FORMAT_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "json": ("srj", "jsonld"),
    "xml": ("srx", "rdf"),
    "turtle": ("ttl",),
    "n3": ("ttl",),
    "ntriples": ("nt",),
    "n-triples": ("nt",),
    "nquads": ("nq",),
    "rdf+xml": ("rdf",),
    "rdfxml": ("rdf",),
    "json-ld": ("jsonld",),
}
"""Other values of `format=` that clients of SPARQL send (SPARQLWrapper, Virtuoso's users): the
ids that each may mean, by the form of the query."""

RESULT_FORMATS: Final = (
    Formats.RESULTS_JSON,
    Formats.RESULTS_XML,
    Formats.RESULTS_CSV,
    Formats.RESULTS_TSV,
)
"""What SELECT and ASK offer."""

GRAPH_FORMATS: Final = (
    Formats.TURTLE,
    Formats.N_TRIPLES,
    Formats.JSON_LD,
    Formats.RDF_XML,
    Formats.TRIG,
    Formats.N_QUADS,
)
"""What CONSTRUCT and DESCRIBE offer."""
