"""Terms, sources and targets of a mapping as Turtle.

Source: RDF 1.1 Turtle; RML-IO.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from app.mapping.model import (
    Constant,
    Expression,
    LogicalSource,
    LogicalTarget,
    TermMap,
    TermType,
)
from app.rdf import terms
from app.rdf.namespaces import CSVW, D2RQ, RDF, RML, XSD

_FORMATS: Final = "http://www.w3.org/ns/formats/"
FORMULATIONS: Final = {"csv": "rml:CSV", "json": "rml:JSONPath", "table": "rml:SQL2008Table"}
_PREFIXES: Final = {
    "rml": RML,
    "rdf": RDF,
    "xsd": XSD,
    "csvw": CSVW,
    "d2rq": D2RQ,
    "formats": _FORMATS,
}
_LOCAL: Final = re.compile(r"[A-Za-z_\u3041-\u9fff][A-Za-z0-9_\u3041-\u9fff-]*")
_SERIALIZATIONS: Final = {
    "nq": "N-Quads",
    "nt": "N-Triples",
    "ttl": "Turtle",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "rj": "RDF_JSON",
    "n3": "N3",
}
_SHARED_ENCODINGS: Final = {"UTF-8", "UTF-16"}


class TurtleTerms:
    """Writes single things; `used` are the prefixes that the document then needs."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = {**prefixes, **_PREFIXES}
        self.used: set[str] = {"rml"}

    def constant(self, expression: Expression) -> str:
        """A constant as a term."""
        assert isinstance(expression, Constant)
        if expression.term_type is TermType.LITERAL:
            return terms.literal(
                expression.value, datatype=expression.datatype, language=expression.language
            )
        if expression.term_type is TermType.BLANK_NODE:
            return f"_:{terms.blank_label(expression.value)}"
        return self.iri(expression.value)

    def iri(self, value: str) -> str:
        """An IRI, shortened where a prefix is bound. Raises ValueError for a relative one."""
        for prefix, namespace in self.prefixes.items():
            local = value.removeprefix(namespace)
            if namespace and local != value and _LOCAL.fullmatch(local) and prefix.isalnum():
                self.used.add(prefix)
                return f"{prefix}:{local}"
        return terms.iri(value)

    @staticmethod
    def name(id: str) -> str:
        """The name of a triples map or target: an IRI, or one relative to the document."""
        if id.startswith("_:") or terms.is_valid_iri(id):
            return id if id.startswith("_:") else terms.iri(id)
        path, mark, fragment = id.partition("#")
        return f"<{terms.percent_encode(path)}{mark}{terms.percent_encode(fragment)}>"

    def source(self, source: LogicalSource) -> str:
        """A logical source that is a file, or the table of a database."""
        if source == LogicalSource(source.path, "table") and source.path.endswith(".csv"):
            self.used.add("d2rq")
            name = terms.literal(source.path.removesuffix(".csv"))
            database = 'rml:source [ a d2rq:Database ; d2rq:jdbcDSN "" ]'
            return node(
                [database, "rml:referenceFormulation rml:SQL2008Table", f"rml:iterator {name}"]
            )
        dialect = {
            "delimiter": source.delimiter,
            "quoteChar": source.quote,
            "commentPrefix": source.comment_prefix,
            "header": None if source.header else "false",
        }
        written = [
            f"csvw:{name} {terms.literal(value)}"
            for name, value in dialect.items()
            if value is not None
        ]
        path = terms.literal(source.path)
        if written:
            self.used.add("csvw")
            parts = ["a csvw:Table", f"csvw:url {path}", f"csvw:dialect {node(written)}"]
        else:
            parts = ["a rml:RelativePathSource", f"rml:path {path}"]
        parts.append("rml:root rml:MappingDirectory")
        parts += [f"rml:null {terms.literal(text)}" for text in source.nulls]
        parts += self._storage(source.encoding, source.compression)
        formulation = FORMULATIONS[source.formulation]
        properties = [f"rml:source {node(parts)}", f"rml:referenceFormulation {formulation}"]
        if source.iterator is not None:
            properties.append(f"rml:iterator {terms.literal(source.iterator)}")
        return node(properties)

    @staticmethod
    def _storage(encoding: str | None, compression: str | None) -> list[str]:
        parts = []
        if encoding is not None:
            shared = encoding in _SHARED_ENCODINGS
            parts.append(f"rml:encoding {f'rml:{encoding}' if shared else terms.literal(encoding)}")
        if compression is not None:
            parts.append(f"rml:compression rml:{compression}")
        return parts

    def target(self, target: LogicalTarget) -> str:
        """A logical target, as a statement of its own."""
        self.used.add("formats")
        file = [
            "a rml:FilePath",
            "rml:root rml:CurrentWorkingDirectory",
            f"rml:path {terms.literal(target.path)}",
        ]
        properties = [
            "a rml:LogicalTarget",
            f"rml:target {node(file)}",
            f"rml:serialization formats:{_SERIALIZATIONS[target.format]}",
            *self._storage(target.encoding, target.compression),
        ]
        return f"{self.name(target.id)} " + " ;\n    ".join(properties) + " .\n"


def is_bare(term_map: TermMap) -> bool:
    """Whether a shortcut property says all: a constant and nothing else."""
    expression = term_map.expression
    return (
        isinstance(expression, Constant)
        and (expression.term_type is not TermType.IRI or terms.is_valid_iri(expression.value))
        and term_map.term_type is None
        and term_map.datatype is None
        and term_map.language is None
        and not term_map.targets
    )


def node(parts: Iterable[str]) -> str:
    """A blank node with these properties."""
    return "[ " + " ; ".join(parts) + " ]"
