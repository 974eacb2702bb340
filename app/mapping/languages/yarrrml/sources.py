"""Sources: the short list form and the long form → the model.

Source: YARRRML, section "Data sources".
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, MappingReferenceError, Place, Text
from app.mapping.languages.document import Map, Node, Scalar, Sequence
from app.mapping.languages.yarrrml import keys
from app.mapping.languages.yarrrml.context import Context
from app.mapping.languages.yarrrml.files import FORMULATIONS
from app.mapping.languages.yarrrml.keys import Fields, expected, fields, listed, scalar
from app.mapping.languages.yarrrml.notes import ITERATOR_IGNORED, QUERY_IGNORED
from app.mapping.model import LogicalSource

_SOURCE: Final = Text(ja="データソース (sources)", en="a source")
_FILE_TYPES: Final = {"localfile"}
_FILE_HINT: Final = Text(
    ja="データセットのフォルダにあるファイルを access に書いてください。",
    en="Name a file in the data set's folder under access.",
)


def read_sources(
    context: Context, node: Node, shared: Mapping[str, LogicalSource]
) -> tuple[LogicalSource, ...]:
    """The sources of one mapping: keys of shared ones, short forms, long forms, or one of them."""
    if isinstance(node, Sequence) and _is_short_form(node, shared):
        return (read_source(context, node),)
    found = []
    for item in listed(node):
        if isinstance(item, Scalar) and "~" not in item.text:
            found.append(_shared_source(item, shared))
        else:
            found.append(read_source(context, item))
    if not found:
        raise expected(node, _SOURCE, Text(ja="一つ以上", en="at least one"))
    return tuple(found)


def _is_short_form(node: Sequence, shared: Mapping[str, LogicalSource]) -> bool:
    # `sources: [data/person.json~jsonpath, $]`: one source in the first edition's short form,
    # not two sources.
    items = node.items
    return (
        len(items) in {1, 2}
        and all(isinstance(item, Scalar) for item in items)
        and "~" in _text_of(items[0])
        and (
            len(items) == 1 or (_text_of(items[1]) not in shared and "~" not in _text_of(items[1]))
        )
    )


def _text_of(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _shared_source(item: Scalar, shared: Mapping[str, LogicalSource]) -> LogicalSource:
    source = shared.get(scalar(item, _SOURCE).text)
    if source is not None:
        return source
    near = get_close_matches(item.text, shared, n=1, cutoff=0.5)
    raise MappingReferenceError(
        Text(
            ja=f"データソース {item.text} は定義されていません。",
            en=f"there is no source {item.text}.",
        ),
        place=item.place,
        hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
        if near
        else Text(
            ja=f"ファイルであれば [{item.text}~csv] と書いてください。",
            en=f"If it is a file, write [{item.text}~csv].",
        ),
    )


def read_source(context: Context, node: Node) -> LogicalSource:
    """One source, in the short form `[access~formulation, iterator]` or the long form.

    Raises MappingError for sources that are no files, and for formulations not read here.
    """
    if isinstance(node, Map):
        return _long_source(context, fields(node, keys.SOURCE, _SOURCE))
    items = listed(node)
    if not 1 <= len(items) <= 2:
        raise expected(
            node,
            _SOURCE,
            Text(
                ja="[ファイル~csv] か [ファイル~jsonpath, iterator]",
                en="[file~csv] or [file~jsonpath, iterator]",
            ),
        )
    access = scalar(items[0], _SOURCE)
    path, _, formulation = access.text.rpartition("~")
    if not path:
        path, formulation = access.text, ""
    iterator = scalar(items[1], _SOURCE) if len(items) == 2 else None
    return LogicalSource(
        path,
        *_formulation(context, formulation or None, path, iterator, access.place),
        place=node.place,
    )


def _long_source(context: Context, source: Fields) -> LogicalSource:
    kind = source.text("type")
    for name in ("credentials", "security", "contentType", "operationType"):
        if name in source:
            raise _not_a_file(name, source.key_place(name))
    if kind is not None and kind not in _FILE_TYPES:
        raise _not_a_file(f"type: {kind}", source.key_place("type"))
    for name in ("query", "queryFormulation"):
        if name in source:
            context.note(QUERY_IGNORED, source.key_place(name), key=name)
    access = source.get("access")
    if access is None:
        raise MappingError(
            Text(ja="データソースに access がありません。", en="a source has no access."),
            place=source.place,
            hint=_FILE_HINT,
        )
    path = scalar(access, _SOURCE).text
    if "://" in path:
        raise _not_a_file(path, access.place)
    iterator = source.get("iterator")
    formulation = source.get("referenceFormulation")
    nulls = source.get("null")
    header = source.text("header")
    if header is not None and header not in {"true", "false"}:
        raise expected(
            source.get("header") or source.node,
            Text(ja="header", en="header"),
            Text(ja="true か false", en="true or false"),
        )
    return LogicalSource(
        path,
        *_formulation(
            context,
            source.text("referenceFormulation"),
            path,
            None if iterator is None else scalar(iterator, Text(ja="iterator", en="iterator")),
            source.place if formulation is None else formulation.place,
        ),
        encoding=source.text("encoding"),
        delimiter=_character(source, "delimiter"),
        quote=_character(source, "quote"),
        comment_prefix=source.text("commentPrefix"),
        header=header != "false",
        compression=source.text("compression"),
        nulls=("",) if nulls is None else tuple(_null_text(item) for item in listed(nulls)),
        place=source.place,
    )


def _null_text(node: Node) -> str:
    # An empty text in quotes is the usual null text, so `scalar` would be too strict here.
    return node.text if isinstance(node, Scalar) else scalar(node, Text(ja="null", en="null")).text


def _character(source: Fields, name: str) -> str | None:
    text = source.text(name)
    if text is None:
        return None
    text = {"\\t": "\t", "tab": "\t"}.get(text, text)
    if len(text) != 1:
        raise expected(
            source.get(name) or source.node,
            Text(ja=name, en=name),
            Text(ja="一文字", en="one character"),
        )
    return text


def _formulation(
    context: Context, name: str | None, path: str, iterator: Scalar | None, place: Place
) -> tuple[str, str | None]:
    if name is None:
        name = "jsonpath" if path.lower().endswith((".json", ".geojson")) else "csv"
    formulation = FORMULATIONS.get(name)
    if formulation is None:
        known = ", ".join(FORMULATIONS)
        raise MappingError(
            Text(
                ja=f"参照方式 {name} には対応していません。",
                en=f"the reference formulation {name} is not supported.",
            ),
            place=place,
            hint=Text(ja=f"使えるもの: {known}。", en=f"Known ones: {known}."),
        )
    if formulation != "json" and iterator is not None:
        context.note(ITERATOR_IGNORED, iterator.place, iterator=iterator.text)
        return formulation, None
    return formulation, None if iterator is None else iterator.text


def _not_a_file(what: str, place: Place) -> MappingError:
    return MappingError(
        Text(
            ja=f"データソースとして読めるのはファイルだけです ({what})。",
            en=f"only files can be read as sources ({what}).",
        ),
        place=place,
        hint=_FILE_HINT,
    )
