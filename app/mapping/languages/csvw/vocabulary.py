"""The words of CSVW: built-in datatypes, terms and prefixes of its context, and which properties
each kind of description may have.

Sources: Metadata Vocabulary for Tabular Data, https://www.w3.org/TR/tabular-metadata/ ; the CSVW
namespace and context, https://www.w3.org/ns/csvw .
"""

from __future__ import annotations

import re
from typing import Final

from app.rdf.namespaces import (
    CSVW,
    DCAT,
    DCTERMS,
    FOAF,
    OWL,
    PROV,
    QB,
    RDF,
    RDFS,
    SCHEMA,
    SD,
    SKOS,
    VOID,
    XSD,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONTEXT: Final = "http://www.w3.org/ns/csvw"

_XSD_NAMES = _words("""
    anyAtomicType anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration
    decimal double duration float gDay gMonth gMonthDay gYear gYearMonth hexBinary int integer
    language long Name negativeInteger NMTOKEN nonNegativeInteger nonPositiveInteger
    normalizedString positiveInteger QName short string time token unsignedByte unsignedInt
    unsignedLong unsignedShort yearMonthDuration
""")

DATATYPES: Final[dict[str, str]] = {
    **{name: XSD + name for name in sorted(_XSD_NAMES)},
    "xml": RDF + "XMLLiteral",
    "html": RDF + "HTML",
    "json": CSVW + "JSON",
}
"""Built-in datatypes (section 5.11.1) and the IRIs that literals get."""

DATATYPE_ALIASES: Final = {
    "any": "anyAtomicType",
    "binary": "base64Binary",
    "datetime": "dateTime",
    "number": "double",
}

INTEGER_RANGES: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}
NUMERIC: Final = frozenset({"decimal", "double", "float", *INTEGER_RANGES})
TEMPORAL: Final = _words("date time dateTime dateTimeStamp gDay gMonth gMonthDay gYear gYearMonth")
DURATIONS: Final = frozenset({"duration", "dayTimeDuration", "yearMonthDuration"})
BINARY: Final = frozenset({"base64Binary", "hexBinary"})
STRINGS: Final = _words("string normalizedString token language Name NMTOKEN xml html json")
KEEPS_WHITE_SPACE: Final = frozenset({"string", "json", "xml", "html", "anyAtomicType"})
"""Datatypes whose cells keep line breaks and tabs (Tabular Data Model, section 6.4)."""

PREFIXES: Final[dict[str, str]] = {
    "as": "https://www.w3.org/ns/activitystreams#",
    "cc": "http://creativecommons.org/ns#",
    "csvw": CSVW,
    "ctag": "http://commontag.org/ns#",
    "dc": DCTERMS,
    "dc11": "http://purl.org/dc/elements/1.1/",
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "dctypes": "http://purl.org/dc/dcmitype/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "duv": "https://www.w3.org/ns/duv#",
    "foaf": FOAF,
    "gr": "http://purl.org/goodrelations/v1#",
    "grddl": "http://www.w3.org/2003/g/data-view#",
    "ical": "http://www.w3.org/2002/12/cal/icaltzd#",
    "ldp": "http://www.w3.org/ns/ldp#",
    "ma": "http://www.w3.org/ns/ma-ont#",
    "oa": "http://www.w3.org/ns/oa#",
    "og": "http://ogp.me/ns#",
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": PROV,
    "qb": QB,
    "rdf": RDF,
    "rdfa": "http://www.w3.org/ns/rdfa#",
    "rdfs": RDFS,
    "rev": "http://purl.org/stuff/rev#",
    "rif": "http://www.w3.org/2007/rif#",
    "rr": "http://www.w3.org/ns/r2rml#",
    "schema": SCHEMA,
    "sd": SD,
    "sioc": "http://rdfs.org/sioc/ns#",
    "skos": SKOS,
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "v": "http://rdf.data-vocabulary.org/#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": VOID,
    "wdr": "http://www.w3.org/2007/05/powder#",
    "wrds": "http://www.w3.org/2007/05/powder-s#",
    "xhv": "http://www.w3.org/1999/xhtml/vocab#",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "xsd": XSD,
}
"""Prefixes of the RDFa initial context, as the CSVW context defines them."""

TERMS: Final[dict[str, str]] = {
    **{
        name: CSVW + name
        for name in sorted(
            _words(
                "Cell Column Datatype Dialect Direction ForeignKey JSON NumericFormat Row Schema "
                "Table TableGroup TableReference Transformation"
            )
        )
    },
    **DATATYPES,
    **{alias: DATATYPES[name] for alias, name in DATATYPE_ALIASES.items()},
}
"""Terms that may stand in `@type` without a prefix."""

INHERITED: Final = _words(
    "aboutUrl datatype default lang null ordered propertyUrl required separator textDirection "
    "valueUrl"
)
TABLE_GROUP: Final = INHERITED | _words(
    "@context @id @type dialect notes tableDirection tableSchema tables transformations"
)
TABLE: Final = INHERITED | _words(
    "@context @id @type dialect notes suppressOutput tableDirection tableSchema transformations url"
)
SCHEMA_PROPERTIES: Final = INHERITED | _words(
    "@context @id @type columns foreignKeys primaryKey rowTitles"
)
COLUMN: Final = INHERITED | _words("@id @type name suppressOutput titles virtual")
DIALECT: Final = _words(
    "@context @id @type commentPrefix delimiter doubleQuote encoding header headerRowCount "
    "lineTerminators quoteChar skipBlankRows skipColumns skipInitialSpace skipRows trim"
)
TRANSFORMATION: Final = _words("@id @type scriptFormat source targetFormat titles url")
DATATYPE: Final = _words(
    "@id @type base format length maxExclusive maxInclusive maxLength maximum minExclusive "
    "minInclusive minLength minimum"
)

NAME: Final = re.compile(r"(?:[A-Za-z0-9]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*")
"""A column's name: a variable of RFC 6570 that does not begin with `_` (section 5.6)."""


def expand(name: str) -> str | None:
    """The IRI of a term, a prefixed name or an absolute IRI; None when it is none of them."""
    if name in TERMS:
        return TERMS[name]
    prefix, colon, local = name.partition(":")
    if not colon:
        return None
    if prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return name if re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", name) else None
