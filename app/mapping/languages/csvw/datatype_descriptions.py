"""Datatype descriptions (Metadata Vocabulary, section 5.11): JSON to `Datatype`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.errors import Text
from app.mapping.languages.csvw.annotations import resolve
from app.mapping.languages.csvw.datatypes import (
    STRING,
    Datatype,
    InvalidDatatype,
    InvalidFormat,
)
from app.mapping.languages.csvw.documents import Document, Path
from app.mapping.languages.csvw.lexical import reader
from app.mapping.languages.csvw.vocabulary import (
    DATATYPE,
    DATATYPE_ALIASES,
    DATATYPES,
    NUMERIC,
    expand,
)
from app.rdf.terms import is_valid_iri

_LENGTHS = {"length": "length", "minLength": "min_length", "maxLength": "max_length"}
_BOUNDS = {
    "minInclusive": "min_inclusive",
    "maxInclusive": "max_inclusive",
    "minExclusive": "min_exclusive",
    "maxExclusive": "max_exclusive",
}
_SYNONYMS = {"minimum": "minInclusive", "maximum": "maxInclusive"}


def builtin(name: Any) -> str | None:
    """The built-in datatype of that name, with `number`, `binary`, `datetime` and `any` spelt
    out; None when there is none."""
    if not isinstance(name, str):
        return None
    name = DATATYPE_ALIASES.get(name, name)
    return name if name in DATATYPES else None


def read_datatype(value: Any, document: Document, path: Path, base: str) -> Datatype | None:
    """A datatype. What is not permitted warns; contradicting facets raise MappingError."""
    if isinstance(value, str):
        return _named(value, document, path)
    if not isinstance(value, dict):
        document.warn(
            path,
            Text(
                ja="datatype は名前かオブジェクトです。",
                en="a datatype must be a name or an object.",
            ),
        )
        return None
    for name in value:
        if name not in DATATYPE and expand(name) is None:
            document.warn(
                (*path, name),
                Text(
                    ja="datatype に使えない語です。", en="this term cannot be used in a datatype."
                ),
            )
    datatype = Datatype(
        base=_base(value, document, path),
        id=_id(value, document, path, base),
        **_lengths(value, document, path),
        **_bounds(value, document, path),
    )
    datatype = _with_format(datatype, value.get("format"), document, (*path, "format"))
    return _checked(datatype, document, path)


def _named(name: str, document: Document, path: Path) -> Datatype | None:
    known = builtin(name)
    if known is not None:
        return Datatype(known)
    document.warn(
        path,
        Text(
            ja=f"{name} は組み込みのデータ型ではありません。",
            en=f"{name} is not a built-in datatype.",
        ),
    )
    return None


def _base(value: Mapping[str, Any], document: Document, path: Path) -> str:
    if "base" not in value:
        return STRING.base
    known = builtin(value["base"])
    if known is not None:
        return known
    document.warn(
        (*path, "base"),
        Text(
            ja=f"{value['base']} は組み込みのデータ型ではありません。",
            en=f"{value['base']} is not a built-in datatype.",
        ),
    )
    return STRING.base


def _id(value: Mapping[str, Any], document: Document, path: Path, base: str) -> str | None:
    identifier = value.get("@id")
    if identifier is None:
        return None
    if not isinstance(identifier, str):
        document.warn((*path, "@id"), Text(ja="URL ではありません。", en="it is not a URL."))
        return None
    known = resolve(base, expand(identifier) or identifier)
    if identifier.startswith("_:") or known in DATATYPES.values():
        document.fail(
            (*path, "@id"),
            Text(
                ja="datatype の @id に空白ノードや組み込みのデータ型は使えません。",
                en="the @id of a datatype must be neither a blank node nor a built-in datatype.",
            ),
        )
    if not is_valid_iri(known):
        document.warn((*path, "@id"), Text(ja="URL ではありません。", en="it is not a URL."))
        return None
    return known


def _lengths(value: Mapping[str, Any], document: Document, path: Path) -> dict[str, Any]:
    lengths = {}
    for name, field in _LENGTHS.items():
        length = value.get(name)
        if isinstance(length, int) and not isinstance(length, bool) and length >= 0:
            lengths[field] = length
        elif length is not None:
            document.warn(
                (*path, name),
                Text(ja="0 以上の整数です。", en="it must be an integer, not negative."),
            )
    return lengths


def _bounds(value: Mapping[str, Any], document: Document, path: Path) -> dict[str, Any]:
    bounds = {}
    for name in (*_SYNONYMS, *_BOUNDS):
        bound = value.get(name)
        if bound is None:
            continue
        if isinstance(bound, bool) or not isinstance(bound, str | int | float):
            document.warn(
                (*path, name),
                Text(ja="数値か文字列です。", en="it must be a number or a string."),
            )
            continue
        bounds[_BOUNDS[_SYNONYMS.get(name, name)]] = str(bound)
    return bounds


def _with_format(datatype: Datatype, given: Any, document: Document, path: Path) -> Datatype:
    if given is None:
        return datatype
    if isinstance(given, str):
        return replace(datatype, format=given)
    if not isinstance(given, dict) or datatype.base not in NUMERIC:
        document.warn(
            path,
            Text(
                ja=f"{datatype.base} の format は文字列です。",
                en=f"the format of {datatype.base} must be a string.",
            ),
        )
        return datatype
    fields = {"pattern": "format", "groupChar": "group_char", "decimalChar": "decimal_char"}
    parts: dict[str, Any] = {}
    for name, part in given.items():
        if name in fields and isinstance(part, str) and part:
            parts[fields[name]] = part
        else:
            document.warn(
                (*path, name),
                Text(
                    ja="pattern、groupChar、decimalChar を文字列で書きます。",
                    en="write pattern, groupChar and decimalChar as strings.",
                ),
            )
    return replace(datatype, **parts)


def _checked(datatype: Datatype, document: Document, path: Path) -> Datatype:
    try:
        reader(datatype)
    except InvalidDatatype as error:
        document.fail(
            path,
            Text(
                ja=f"データ型の制約が矛盾しています（{error}）。",
                en=f"the facets of the datatype contradict each other ({error}).",
            ),
        )
    except InvalidFormat as error:
        document.warn(
            (*path, "format"),
            Text(
                ja=f"format を解釈できません（{error}）。", en=f"it cannot be understood ({error})."
            ),
        )
        return replace(datatype, format=None, group_char=None, decimal_char=None)
    return datatype
