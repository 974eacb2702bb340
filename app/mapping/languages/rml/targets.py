"""Logical targets: files that receive some of the quads → the model.

Source: RML-IO, section on logical targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import MappingError, Text
from app.mapping.languages.rml.resource import Resource, iri
from app.mapping.languages.rml.sources import compression, encoding, file_path
from app.mapping.languages.rml.triples import Literal
from app.mapping.model import LogicalTarget

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_SERIALIZATIONS: Final[Mapping[str, str]] = {
    "N-Quads": "nq",
    "N-Triples": "nt",
    "Turtle": "ttl",
    "TriG": "trig",
    "JSON-LD": "jsonld",
    "RDF_XML": "rdf",
    "RDF_JSON": "rj",
    "N3": "n3",
}


def read_target(resource: Resource, id: str) -> LogicalTarget:
    """A logical target (RML-IO): a file that receives some of the quads."""
    resource.expect(
        ("target", "serialization", "compression", "encoding", "mode"),
        Text(ja="出力先", en="a logical target"),
    )
    found = resource.one("target")
    if found is None:
        raise MappingError(
            Text(ja="出力先に target がありません。", en="the logical target has no target."),
            place=resource.place,
            hint=Text(ja="rml:target を加えてください。", en="Add rml:target."),
        )
    if isinstance(found[1], Literal):
        path, target = found[1].value, resource
    else:
        target = resource.resource(found[1])
        path = file_path(target)
    serialization = resource.one("serialization")
    format = "nq"
    if serialization is not None:
        name = iri(serialization[1], "serialization").value.removeprefix(_FORMATS)
        if name not in _SERIALIZATIONS:
            raise MappingError(
                Text(
                    ja=f"書式 {name} には対応していません。",
                    en=f"the serialization {name} is not supported.",
                ),
                place=serialization[1].place,
                hint=Text(
                    ja=f"使えるもの: {', '.join(_SERIALIZATIONS)}。",
                    en=f"Known ones: {', '.join(_SERIALIZATIONS)}.",
                ),
            )
        format = _SERIALIZATIONS[name]
    return LogicalTarget(
        id,
        path,
        format,
        compression(resource) or (None if target is resource else compression(target)),
        encoding(resource) or (None if target is resource else encoding(target)),
        resource.place,
    )
