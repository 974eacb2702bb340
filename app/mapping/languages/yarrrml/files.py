"""Sources and targets of a mapping as YARRRML has them.

Source: YARRRML, sections "Data sources" and "Targets".
"""

from __future__ import annotations

from typing import Any, Final

from app.errors import MappingError, Text
from app.mapping.languages.yarrrml.texts import cannot_say
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


FORMULATIONS: Final = {"csv": "csv", "jsonpath": "json", "sql2008table": "table"}
"""Words of YARRRML → those of the model. `sql2008table`: the CSV of a database's table."""


def write_source(source: LogicalSource) -> Any:
    """A source, in the short form where that says all. Raises MappingError for what YARRRML has
    no word for."""
    word = next((w for w, meant in FORMULATIONS.items() if meant == source.formulation), None)
    if word is None:
        view = source.view is not None
        raise cannot_say(
            "論理ビュー" if view else "データソースのないマッピング",
            "a logical view" if view else "a mapping without a source",
            source,
        )
    if source == LogicalSource(source.path, source.formulation, source.iterator):
        short = [f"{source.path}~{word}"]
        return short if source.iterator is None else [*short, source.iterator]
    written: dict[str, Any] = {"access": source.path}
    written["referenceFormulation"] = word
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
