"""Logical targets: files that receive some of the quads, named or written inline.

Source: YARRRML, section "Targets".
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, MappingReferenceError, Text
from app.mapping.languages.document import Map, Node, Scalar, Sequence
from app.mapping.languages.yarrrml import keys
from app.mapping.languages.yarrrml.context import Context
from app.mapping.languages.yarrrml.keys import expected, fields, listed, scalar
from app.mapping.model import LogicalTarget

_TARGET: Final = Text(ja="出力先 (targets)", en="a target")
_TARGET_TYPES: Final = {name: name for name in ("localfile", "void", "dcat")}
_SERIALIZATIONS: Final = {
    "nquads": "nq",
    "ntriples": "nt",
    "turtle": "ttl",
    "trig": "trig",
    "jsonld": "jsonld",
    "rdfxml": "rdf",
}
_COMPRESSIONS: Final = {"gzip": "gzip", "zip": "zip", "targzip": "targz", "tarxz": "tarxz"}


def read_targets(context: Context, node: Node | None) -> tuple[str, ...]:
    """The ids of the targets of a term; targets written inline are added to the context."""
    if isinstance(node, Sequence) and node.items and "~" in _first_text(node):
        return (_inline_target(context, node),)
    names = []
    for item in listed(node):
        if isinstance(item, Scalar) and "~" not in item.text:
            if item.text not in context.targets:
                near = get_close_matches(item.text, context.targets, n=1, cutoff=0.5)
                raise MappingReferenceError(
                    Text(
                        ja=f"出力先 {item.text} は定義されていません。",
                        en=f"there is no target {item.text}.",
                    ),
                    place=item.place,
                    hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
                    if near
                    else None,
                )
            names.append(item.text)
        else:
            names.append(_inline_target(context, item))
    return tuple(dict.fromkeys(names))


def _inline_target(context: Context, node: Node) -> str:
    target = read_target("", node)
    known = context.targets.get(target.path)
    target = LogicalTarget(
        target.path, target.path, target.format, target.compression, target.encoding, node.place
    )
    if known is not None and known != target:
        raise MappingError(
            Text(
                ja=f"出力先 {target.path} が異なる書式で二度書かれています。",
                en=f"the target {target.path} is written twice, in different formats.",
            ),
            place=node.place,
            hint=Text(
                ja="targets に一度だけ定義してください。", en="Define it once, under targets."
            ),
        )
    context.targets[target.path] = target
    return target.path


def read_target(name: str, node: Node) -> LogicalTarget:
    """One target: `[access~type, serialization, compression]` or the long form."""
    kind: str | None
    if isinstance(node, Map):
        target = fields(node, keys.TARGET, _TARGET)
        path, kind = target.text("access"), target.text("type")
        serialization, compression = target.text("serialization"), target.text("compression")
        encoding = target.text("encoding")
    else:
        items = [scalar(item, _TARGET).text for item in listed(node)]
        if not 1 <= len(items) <= 3:
            raise expected(
                node,
                _TARGET,
                Text(
                    ja="[ファイル~種類, 書式, 圧縮]", en="[file~type, serialization, compression]"
                ),
            )
        path, _, kind = items[0].partition("~")
        serialization = items[1] if len(items) > 1 else None
        compression, encoding = items[2] if len(items) > 2 else None, None
    if not path:
        raise MappingError(
            Text(ja="出力先に access がありません。", en="a target has no access."),
            place=node.place,
            hint=Text(ja="ファイル名を書いてください。", en="Name a file."),
        )
    _one_of(kind or "localfile", _TARGET_TYPES, node, "type")
    return LogicalTarget(
        name,
        path,
        _one_of(serialization or "nquads", _SERIALIZATIONS, node, "serialization"),
        None if compression is None else _one_of(compression, _COMPRESSIONS, node, "compression"),
        encoding,
        node.place,
    )


def _one_of(value: str, known: Mapping[str, str], node: Node, key: str) -> str:
    if value not in known:
        raise MappingError(
            Text(
                ja=f"{key} の値 {value} には対応していません。",
                en=f"{key} {value} is not supported.",
            ),
            place=node.place,
            hint=Text(
                ja=f"使えるもの: {', '.join(known)}。", en=f"Known ones: {', '.join(known)}."
            ),
        )
    return known[value]


def _first_text(node: Sequence) -> str:
    first = node.items[0]
    return first.text if isinstance(first, Scalar) else ""
