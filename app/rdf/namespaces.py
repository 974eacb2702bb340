"""The prefixes this program knows, in the order in which they are written."""

from __future__ import annotations

from typing import Final

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
D2RQ: Final = "http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#"
PROV: Final = "http://www.w3.org/ns/prov#"
VOID: Final = "http://rdfs.org/ns/void#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
QB: Final = "http://purl.org/linked-data/cube#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
SCHEMA: Final = "http://schema.org/"
GEO: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
GSP: Final = "http://www.opengis.net/ont/geosparql#"
GEOF: Final = "http://www.opengis.net/def/function/geosparql/"
SH: Final = "http://www.w3.org/ns/shacl#"
IC: Final = "http://imi.go.jp/ns/core/rdf#"
IC_OLD: Final = "http://imi.ipa.go.jp/ns/core/rdf#"
SAC: Final = "http://data.e-stat.go.jp/lod/sac/"
SACS: Final = "http://data.e-stat.go.jp/lod/terms/sacs#"
RML: Final = "http://w3id.org/rml/"
RML_LEGACY: Final = "http://semweb.mmlab.be/ns/rml#"
RR: Final = "http://www.w3.org/ns/r2rml#"
QL: Final = "http://semweb.mmlab.be/ns/ql#"
FNML: Final = "http://semweb.mmlab.be/ns/fnml#"
FNO: Final = "https://w3id.org/function/ontology#"
GREL: Final = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
IDLAB_FN: Final = "https://w3id.org/imec/idlab/function#"
CSVW: Final = "http://www.w3.org/ns/csvw#"

PREFIXES: Final[dict[str, str]] = {
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "dcat": DCAT,
    "prov": PROV,
    "void": VOID,
    "sd": SD,
    "qb": QB,
    "foaf": FOAF,
    "schema": SCHEMA,
    "geo": GEO,
    "gsp": GSP,
    "geof": GEOF,
    "sh": SH,
    "ic": IC,
    "sac": SAC,
    "sacs": SACS,
    "csvw": CSVW,
}
"""Prefixes bound in every Turtle page, every query and every mapping unless it binds its own."""
