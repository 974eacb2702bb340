"""Texts of a mapping as YARRRML has them: escaped, and IRIs shortened by prefixes.

Source: YARRRML, section "Template"; the escapes of `app.mapping.languages.yarrrml.template`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from app.errors import MappingError, Text
from app.mapping.languages.yarrrml.context import SCHEMES
from app.mapping.model import Expression, LogicalSource, Reference, Template

_LOCAL: Final = re.compile(r"[^\s:$\\(){}~]+")
_SCHEME: Final = re.compile(r"([^\s:/?#$\\(){}\[\]]*):")


class Texts:
    """Writes texts; `used` are the prefixes that the document then needs."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.used: dict[str, str] = {}

    def template(self, template: Template, *, literal: bool) -> str:
        """A template. Raises MappingError for parts that are no references."""
        texts = []
        for number, part in enumerate(template.parts):
            if isinstance(part, str):
                is_start = number == 0 and not literal
                texts.append(self.iri(part, whole=False) if is_start else self.literal(part))
            elif isinstance(part, Reference):
                texts.append(reference(part.name))
            else:
                raise cannot_say("テンプレートの中の関数", "a function in a template", template)
        if len(template.parts) == 1 and not literal:
            raise cannot_say(
                "列一つだけのテンプレートによる IRI", "an IRI template of one column", template
            )
        return "".join(texts)

    @staticmethod
    def literal(text: str) -> str:
        """Text that stands for itself."""
        return text.replace("\\", "\\\\").replace("$(", "\\$(")

    def iri(self, value: str, *, whole: bool = True) -> str:
        """An IRI, or the text with which an IRI template begins, shortened by a prefix."""
        found = max(
            (
                (namespace, prefix)
                for prefix, namespace in self.prefixes.items()
                if namespace and value.startswith(namespace)
            ),
            key=lambda pair: len(pair[0]),
            default=None,
        )
        if found is not None:
            namespace, prefix = found
            local = value.removeprefix(namespace)
            if (_LOCAL.fullmatch(local) or (not local and not whole)) and not local.startswith(
                "//"
            ):
                self.used[prefix] = namespace
                return f"{prefix}:{local}"
        escaped = self.literal(value)
        scheme = _SCHEME.match(escaped)
        if scheme is None or escaped.startswith("//", scheme.end()):
            return escaped
        if scheme[1].lower() in SCHEMES and scheme[1] not in self.prefixes:
            return escaped
        return f"{scheme[1]}\\:{escaped[scheme.end() :]}"


def reference(name: str) -> str:
    """`$(name)`, escaped where the name would be read otherwise."""
    depth, balanced = 0, True
    for character in name:
        depth += (character == "(") - (character == ")")
        balanced = balanced and depth >= 0
    if "\\" in name or depth or not balanced:
        name = re.sub(r"([()\\])", r"\\\1", name)
    escape = "\\" if name.startswith("_") else ""
    return f"$({escape}{name})"


def cannot_say(ja: str, en: str, node: Expression | LogicalSource) -> MappingError:
    """The error of something that YARRRML has no word for."""
    return MappingError(
        Text(ja=f"YARRRML では{ja}を書けません。", en=f"YARRRML cannot say {en}."),
        place=node.place,
        hint=Text(ja="RML のままお使いください。", en="Keep the mapping in RML."),
    )
