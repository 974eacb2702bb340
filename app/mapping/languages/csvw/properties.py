"""Values of properties by their kind: atomic, natural language, link, array, and inherited ones.

A value that is not permitted is left out with a warning, as the Metadata Vocabulary asks
(sections 5.1 and 6.4, https://www.w3.org/TR/tabular-metadata/ ).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Text
from app.mapping.languages.csvw.annotations import normalise_value, resolve
from app.mapping.languages.csvw.datatype_descriptions import read_datatype
from app.mapping.languages.csvw.documents import Document, Path
from app.mapping.languages.csvw.model import Annotations, Inherited
from app.mapping.languages.csvw.templates import TemplateError, UriTemplate, parse_template
from app.mapping.languages.csvw.vocabulary import INHERITED, expand
from app.mapping.languages.tags import is_language_tag

STRING = Text(ja="文字列でなければなりません。", en="it must be a string.")
BOOLEAN = Text(ja="true か false でなければなりません。", en="it must be true or false.")
ARRAY = Text(ja="配列でなければなりません。", en="it must be an array.")
OBJECT = Text(ja="オブジェクトでなければなりません。", en="it must be an object.")
UNKNOWN = Text(ja="この場所では使えない語です。", en="this term cannot be used here.")
LANGUAGE_TAG = Text(ja="言語タグ（BCP 47）ではありません。", en="it is not a BCP 47 language tag.")
NULLS = Text(ja="文字列か文字列の配列です。", en="it must be a string or an array of strings.")
DIRECTION = Text(
    ja="rtl、ltr、auto、inherit のいずれかです。", en="it must be rtl, ltr, auto or inherit."
)
TEMPLATE = Text(ja="URI テンプレートではありません。", en="it is not a URI template.")


@dataclass(frozen=True, slots=True)
class Description:
    """One object of a metadata document that is being read: its members, where it stands, and
    the base address and default language in force."""

    document: Document
    members: Mapping[str, Any]
    path: Path
    base: str
    language: str

    def member(self, name: str, members: Mapping[str, Any], *path: str | int) -> Description:
        """A description inside this one."""
        return Description(
            self.document, members, (*self.path, name, *path), self.base, self.language
        )

    def warn(self, name: str, reason: Text) -> None:
        """Warn about one member."""
        self.document.warn((*self.path, name), reason)

    def text(self, name: str) -> str | None:
        """A string member, or None."""
        value = self.members.get(name)
        if value is None or isinstance(value, str):
            return value
        self.warn(name, STRING)
        return None

    def address(self, name: str) -> str | None:
        """A member that is a link or a URI template, or None. Anything that is no string counts
        as an empty address, as sections 5.1.2 and 5.1.3 ask."""
        if name not in self.members:
            return None
        return self.text(name) or ""

    def boolean(self, name: str) -> bool | None:
        """A boolean member, or None."""
        value = self.members.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.warn(name, BOOLEAN)
        return None

    def items(self, name: str) -> list[tuple[int, Mapping[str, Any]]]:
        """The objects of an array member with their index; anything else warns."""
        value = self.members.get(name)
        if not isinstance(value, list):
            if value is not None:
                self.warn(name, ARRAY)
            return []
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                self.document.warn((*self.path, name, index), OBJECT)
        return [(index, item) for index, item in enumerate(value) if isinstance(item, dict)]


def check_id_and_type(description: Description, type_name: str) -> str | None:
    """The resolved `@id`. Raises MappingError for a blank node and for a wrong `@type`."""
    members, document, path = description.members, description.document, description.path
    if "@type" in members and members["@type"] != type_name:
        document.fail(
            (*path, "@type"),
            Text(
                ja=f"ここの @type は {type_name} でなければなりません。",
                en=f"@type must be {type_name} here.",
            ),
        )
    identifier = description.address("@id")
    if identifier is None:
        return None
    if identifier.startswith("_:"):
        document.fail(
            (*path, "@id"),
            Text(ja="@id に空白ノードは使えません。", en="@id must not be a blank node."),
        )
    return resolve(description.base, identifier)


def common_properties(description: Description, known: frozenset[str]) -> Annotations:
    """All members that are common properties; warns about members that are unknown here."""
    found = []
    for name, value in description.members.items():
        if name in known:
            continue
        iri = expand(name) if ":" in name else None
        if iri is None:
            description.warn(name, UNKNOWN)
            continue
        path = (*description.path, name)
        normal = normalise_value(
            value, description.document, path, description.base, description.language
        )
        found.append((iri, normal))
    return tuple(found)


def inherited_properties(description: Description) -> Inherited:
    """The inherited properties that a description gives (section 5.7)."""
    given = INHERITED & set(description.members)
    if not given:
        return Inherited()
    return Inherited(**{_FIELDS[name]: _READERS[name](description, name) for name in given})


def natural_language(description: Description, name: str) -> tuple[tuple[str, str], ...]:
    """Titles as pairs of language and text (section 5.1.6)."""
    value = description.members.get(name)
    if value is None:
        return ()
    if isinstance(value, dict):
        pairs: list[tuple[str, str]] = []
        for language, texts in value.items():
            if not is_language_tag(language):
                description.document.warn((*description.path, name, language), LANGUAGE_TAG)
                continue
            pairs += [(language, text) for text in _strings(description, texts, name, language)]
        return tuple(pairs)
    return tuple((description.language, text) for text in _strings(description, value, name))


def _strings(description: Description, value: Any, *path: str) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        description.document.warn((*description.path, *path), NULLS)
        return []
    for index, item in enumerate(value):
        if not isinstance(item, str):
            description.document.warn((*description.path, *path, index), STRING)
    return [item for item in value if isinstance(item, str)]


def column_reference(description: Description, name: str) -> tuple[str, ...]:
    """One column name or several (section 5.1.3)."""
    value = description.members.get(name)
    return () if value is None else tuple(_strings(description, value, name))


def _template(description: Description, name: str) -> UriTemplate | None:
    try:
        return parse_template(description.address(name) or "")
    except TemplateError as error:
        description.warn(name, Text(ja=f"{TEMPLATE.ja}（{error}）", en=f"{TEMPLATE.en} ({error})"))
        return None


def _language(description: Description, name: str) -> str | None:
    value = description.members[name]
    if isinstance(value, str) and is_language_tag(value):
        return value
    description.warn(name, LANGUAGE_TAG)
    return None


def _nulls(description: Description, name: str) -> tuple[str, ...] | None:
    value = description.members[name]
    if isinstance(value, str | list):
        return tuple(_strings(description, value, name))
    description.warn(name, NULLS)
    return None


def _separator(description: Description, name: str) -> str | None:
    separator = description.text(name)
    if separator == "":
        description.warn(name, Text(ja="空の文字列は使えません。", en="it must not be empty."))
    return separator or None


def _direction(description: Description, name: str) -> str | None:
    value = description.members[name]
    if value in ("rtl", "ltr", "auto", "inherit"):
        return str(value)
    description.warn(name, DIRECTION)
    return None


_FIELDS = {
    "aboutUrl": "about_url",
    "propertyUrl": "property_url",
    "valueUrl": "value_url",
    "textDirection": "text_direction",
    **{
        name: name
        for name in ("datatype", "default", "lang", "null", "ordered", "required", "separator")
    },
}
_READERS: Mapping[str, Callable[[Description, str], Any]] = {
    "aboutUrl": _template,
    "propertyUrl": _template,
    "valueUrl": _template,
    "datatype": lambda description, name: read_datatype(
        description.members[name],
        description.document,
        (*description.path, name),
        description.base,
    ),
    "default": lambda description, name: description.text(name),
    "lang": _language,
    "null": _nulls,
    "ordered": lambda description, name: description.boolean(name),
    "required": lambda description, name: description.boolean(name),
    "separator": _separator,
    "textDirection": _direction,
}
