"""Sources and targets of a mapping as YARRRML has them.

Source: YARRRML, sections "Data sources" and "Targets".
"""

from __future__ import annotations

from typing import Any, Final

from app.errors import MappingError, Text
from app.mapping.model import LogicalSource, LogicalTarget

_SERIALIZATIONS: Final = {
    "nq": "nquads",
    "nt": "ntriples",
    "ttl": "turtle",
    "trig": "trig",
    "jsonld": "jsonld",
    "rdf": "rdfxml",
}
_COMPRESSIONS: Final = {"targz": "targzip"}


def write_source(source: LogicalSource) -> Any:
    """A source, in the short form where that says all."""
    if source == LogicalSource(source.path, source.formulation, source.iterator):
        word = "jsonpath" if source.formulation == "json" else "csv"
        short = [f"{source.path}~{word}"]
        return short if source.iterator is None else [*short, source.iterator]
    written: dict[str, Any] = {"access": source.path}
    written["referenceFormulation"] = "jsonpath" if source.formulation == "json" else "csv"
    named = {
        "iterator": source.iterator,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "quote": source.quote,
        "commentPrefix": source.comment_prefix,
        "header": None if source.header else "false",
        "compression": source.compression,
    }
    written |= {key: value for key, value in named.items() if value is not None}
    if source.nulls != ("",):
        written["null"] = list(source.nulls)
    return written


def write_target(target: LogicalTarget) -> dict[str, Any]:
    """A target. Raises MappingError for a format that YARRRML has no word for."""
    if target.format not in _SERIALIZATIONS:
        raise MappingError(
            Text(
                ja=f"YARRRML では書式 {target.format} の出力先を書けません。",
                en=f"YARRRML cannot say a target of the format {target.format}.",
            ),
            place=target.place,
        )
    written: dict[str, Any] = {
        "access": target.path,
        "serialization": _SERIALIZATIONS[target.format],
    }
    if target.compression is not None:
        written["compression"] = _COMPRESSIONS.get(target.compression, target.compression)
    if target.encoding is not None:
        written["encoding"] = target.encoding
    return written
