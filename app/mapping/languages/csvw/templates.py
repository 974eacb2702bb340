"""URI templates (RFC 6570, all four levels), made ready once and expanded for each row.

Source: https://www.rfc-editor.org/rfc/rfc6570 .
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.rdf.terms import percent_encode

VariableValue = str | tuple[str, ...] | tuple[tuple[str, str], ...] | None
"""A string, a list, an associative array, or undefined."""


class TemplateError(ValueError):
    """Not a URI template."""


@dataclass(frozen=True, slots=True)
class Operator:
    """How an expression behaves (RFC 6570, appendix A)."""

    first: str
    separator: str
    named: bool
    if_empty: str
    allow_reserved: bool


OPERATORS: Final[Mapping[str, Operator]] = {
    "": Operator("", ",", False, "", False),
    "+": Operator("", ",", False, "", True),
    "#": Operator("#", ",", False, "", True),
    ".": Operator(".", ".", False, "", False),
    "/": Operator("/", "/", False, "", False),
    ";": Operator(";", ";", True, "", False),
    "?": Operator("?", "&", True, "=", False),
    "&": Operator("&", "&", True, "=", False),
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of an expression, with its modifiers."""

    name: str
    prefix: int | None = None
    explode: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """What stands between braces."""

    operator: str
    variables: tuple[Variable, ...]

    @property
    def text(self) -> str:
        """The expression as it is written."""
        written = [
            variable.name
            + ("*" if variable.explode else f":{variable.prefix}" if variable.prefix else "")
            for variable in self.variables
        ]
        return f"{{{self.operator}{','.join(written)}}}"

    def expand(self, values: Mapping[str, VariableValue]) -> str:
        """The text that replaces it; undefined variables are left out."""
        rule = OPERATORS[self.operator]
        parts = [
            part
            for variable in self.variables
            for part in _expand_variable(variable, values.get(variable.name), rule)
        ]
        return rule.first + rule.separator.join(parts) if parts else ""


@dataclass(frozen=True, slots=True)
class UriTemplate:
    """A parsed template: literal text and expressions in order."""

    text: str
    parts: tuple[str | Expression, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The names that it refers to, each once."""
        names = [v.name for p in self.parts if isinstance(p, Expression) for v in p.variables]
        return tuple(dict.fromkeys(names))

    def expand(self, values: Mapping[str, VariableValue]) -> str:
        """The text with all expressions replaced."""
        return "".join(
            part if isinstance(part, str) else part.expand(values) for part in self.parts
        )


_PART = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")
_NAME = r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*"
_EXPRESSION = re.compile(r"([+#./;?&]?)(.+)", re.DOTALL)
_VARIABLE = re.compile(rf"({_NAME})(?:(\*)|:([1-9][0-9]{{0,3}}))?")
_RESERVED_TEXT = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=\-]")
_NOT_LITERAL = re.compile(r"[\x00-\x20\"'<>\\^`{|}\x7f]|%(?![0-9A-Fa-f]{2})")


def parse_template(text: str) -> UriTemplate:
    """A template ready to be expanded. Raises TemplateError."""
    parts: list[str | Expression] = []
    for found in _PART.finditer(text):
        expression, literal, stray = found.groups()
        if stray is not None:
            raise TemplateError(f"a brace without its partner in {text!r}")
        parts.append(_literal(literal) if literal is not None else _parse_expression(expression))
    return UriTemplate(text, tuple(parts))


def _parse_expression(text: str) -> Expression:
    found = _EXPRESSION.fullmatch(text)
    if found is None:
        raise TemplateError(f"not an expression: {{{text}}}")
    variables = []
    for part in found[2].split(","):
        matched = _VARIABLE.fullmatch(part)
        if matched is None:
            raise TemplateError(f"not a variable: {part!r} in {{{text}}}")
        name, explode, prefix = matched.groups()
        variables.append(Variable(name, int(prefix) if prefix else None, explode is not None))
    return Expression(found[1], tuple(variables))


def _literal(text: str) -> str:
    return _NOT_LITERAL.sub(lambda found: percent_encode_all_bytes(found[0]), text)


def percent_encode_all_bytes(text: str) -> str:
    """Every byte of UTF-8 as %XX: also of characters that need no escaping."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def encode(text: str, allow_reserved: bool) -> str:
    """A value inside an expansion (RFC 6570, section 3.2.1)."""
    if not allow_reserved:
        return percent_encode(text, ascii_only=True)
    return _RESERVED_TEXT.sub(
        lambda found: found[0] if len(found[0]) == 3 else percent_encode_all_bytes(found[0]), text
    )


def _expand_variable(variable: Variable, value: VariableValue, rule: Operator) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        cut = value if variable.prefix is None else value[: variable.prefix]
        return [_pair(variable.name, encode(cut, rule.allow_reserved), rule)]
    if not value:
        return []
    if variable.explode:
        return [_exploded(variable.name, item, rule) for item in value]
    flat = [
        encode(text, rule.allow_reserved)
        for item in value
        for text in ((item,) if isinstance(item, str) else item)
    ]
    return [_pair(variable.name, ",".join(flat), rule)]


def _exploded(name: str, item: str | tuple[str, str], rule: Operator) -> str:
    if isinstance(item, str):
        return _pair(name, encode(item, rule.allow_reserved), rule)
    key, value = (encode(text, rule.allow_reserved) for text in item)
    return f"{key}={value}" if value or not rule.named else f"{key}{rule.if_empty}"


def _pair(name: str, value: str, rule: Operator) -> str:
    if not rule.named:
        return value
    return f"{name}={value}" if value else f"{name}{rule.if_empty}"
