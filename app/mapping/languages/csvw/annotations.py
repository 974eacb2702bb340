"""Common properties and notes: the JSON-LD dialect of CSVW, checked, normalised, and as triples.

Sources: Metadata Vocabulary for Tabular Data, sections 5.8 and 6.1; csv2rdf, section 4.6
("Interpreting JSON-LD"), https://www.w3.org/TR/csv2rdf/ .
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

from app.errors import Text
from app.mapping.languages.csvw.documents import Document, Path
from app.mapping.languages.csvw.vocabulary import expand
from app.mapping.languages.tags import is_language_tag
from app.rdf.namespaces import RDF, XSD
from app.rdf.terms import iri, is_valid_iri, literal

Triple = tuple[str, str, str]
"""Three terms in N-Quads syntax."""


def normalise_value(value: Any, document: Document, path: Path, base: str, language: str) -> Any:
    """A value of a common property in normal form. Raises MappingError where the
    specification forbids it."""
    if isinstance(value, list):
        return [
            normalise_value(item, document, (*path, index), base, language)
            for index, item in enumerate(value)
        ]
    if isinstance(value, str):
        return {"@value": value} if language == "und" else {"@value": value, "@language": language}
    if not isinstance(value, dict):
        return value
    if "@value" in value:
        return _checked_value_object(value, document, path)
    if "@language" in value:
        document.fail(
            (*path, "@language"),
            Text(
                ja="@language は @value と一緒にしか使えません。",
                en="@language may only stand beside @value.",
            ),
        )
    return {
        key: _normalise_member(key, item, document, (*path, key), base, language)
        for key, item in value.items()
    }


def _normalise_member(
    key: str, item: Any, document: Document, path: Path, base: str, language: str
) -> Any:
    if key == "@id":
        return _checked_id(item, document, path, base)
    if key == "@type":
        types = item if isinstance(item, list) else [item]
        return [_checked_type(name, document, path) for name in types]
    if key.startswith("@"):
        document.fail(
            path,
            Text(
                ja=f"{key} は CSVW のメタデータでは使えません。",
                en=f"{key} cannot be used in CSVW metadata.",
            ),
        )
    if expand(key) is None:
        document.warn(
            path,
            Text(ja=f"{key} は未知の語です。", en=f"{key} is not a known term."),
        )
        return None
    return normalise_value(item, document, path, base, language)


def _checked_value_object(value: dict[str, Any], document: Document, path: Path) -> dict[str, Any]:
    extra = set(value) - {"@value", "@type", "@language"}
    if extra or ("@type" in value and "@language" in value):
        document.fail(
            path,
            Text(
                ja="@value の隣には @type か @language のどちらか一つだけを書けます。",
                en="beside @value only one of @type and @language may stand.",
            ),
        )
    content = value["@value"]
    if not isinstance(content, str | int | float | bool):
        document.fail(
            (*path, "@value"),
            Text(
                ja="@value は文字列、数値、真偽値のいずれかです。",
                en="@value must be a string, a number or a boolean.",
            ),
        )
    normal: dict[str, Any] = {"@value": content}
    if "@type" in value:
        normal["@type"] = _checked_type(value["@type"], document, (*path, "@type"))
    language = value.get("@language")
    if language is not None:
        if not isinstance(language, str) or not is_language_tag(language):
            document.fail(
                (*path, "@language"),
                Text(
                    ja="@language は言語タグ（BCP 47）か null です。",
                    en="@language must be a BCP 47 language tag or null.",
                ),
            )
        normal["@language"] = language
    return normal


def _checked_id(item: Any, document: Document, path: Path, base: str) -> str:
    if not isinstance(item, str) or item.startswith("_:"):
        document.fail(
            path,
            Text(
                ja="@id は空白ノードではない URL です。",
                en="@id must be a URL and no blank node.",
            ),
        )
    return resolve(base, expand(item) or item)


def _checked_type(name: Any, document: Document, path: Path) -> str:
    known = expand(name) if isinstance(name, str) and not name.startswith("_:") else None
    if known is None or not is_valid_iri(known):
        document.fail(
            path,
            Text(
                ja="@type は CSVW の語、接頭辞付きの名前、絶対 URL のいずれかです。",
                en="@type must be a CSVW term, a prefixed name or an absolute URL.",
            ),
        )
    return known


def resolve(base: str, reference: str) -> str:
    """An address resolved against a base (RFC 3986); an absolute one stays as it stands."""
    return reference if _has_scheme(reference) else urljoin(base, reference)


def _has_scheme(reference: str) -> bool:
    head, colon, _ = reference.partition(":")
    return bool(colon) and head[:1].isalpha() and not set(head) & set("/?#")


def triples(
    subject: str, predicate: str, value: Any, new_blank: Callable[[], str]
) -> Iterator[Triple]:
    """The triples of one normalised value. Values that give no valid term are left out."""
    if value is None:
        return
    if isinstance(value, list):
        for item in value:
            yield from triples(subject, predicate, item, new_blank)
        return
    if not isinstance(value, dict):
        yield subject, predicate, _native(value)
        return
    if "@value" in value:
        yield subject, predicate, _value_term(value)
        return
    node = iri(value["@id"]) if is_valid_iri(value.get("@id", "")) else new_blank()
    yield subject, predicate, node
    for kind in value.get("@type", ()):
        yield node, iri(RDF + "type"), iri(kind)
    for key, item in value.items():
        known = None if key.startswith("@") else expand(key)
        if known is not None and is_valid_iri(known):
            yield from triples(node, iri(known), item, new_blank)


def _value_term(value: dict[str, Any]) -> str:
    content = value["@value"]
    if not isinstance(content, str):
        return _native(content)
    return literal(content, datatype=value.get("@type"), language=value.get("@language"))


def _native(value: bool | int | float | str) -> str:
    if isinstance(value, bool):
        return literal("true" if value else "false", datatype=XSD + "boolean")
    if isinstance(value, int):
        return literal(str(value), datatype=XSD + "integer")
    if isinstance(value, float):
        return literal(repr(value), datatype=XSD + "double")
    return literal(value)
