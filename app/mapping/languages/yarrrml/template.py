r"""Templates: text with `$(column)` in it → expressions of the model.

- `$(name)` is a reference. Parentheses inside it may be balanced, `$(Payroll (millions))`, or
  escaped, `$(a\)b)`.
- `$(_name)` is an external reference where `external` gives it a value; `$(\_name)` is always the
  column `_name`.
- A backslash takes the meaning from `(`, `)`, `$`, `{`, `}` and itself; before anything else it
  is a backslash (regular expressions stay readable). `\$(` and `$\(` begin no reference. In IRIs
  `\:` is a colon that ends no prefix.
- Text after a reference is text: `$(終了時間):00`.

Source: YARRRML, sections "Template" and "External references"; the escapes are those of
yarrrml-parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.errors import MappingSyntaxError, Text
from app.mapping.languages.document import Scalar
from app.mapping.languages.notes import TEMPLATE_WITHOUT_REFERENCE
from app.mapping.languages.yarrrml.context import Context
from app.mapping.languages.yarrrml.notes import EXTERNAL_WITHOUT_VALUE
from app.mapping.model import Constant, Expression, Reference, Template, TermType

_ESCAPED: Final = frozenset("()$\\{}")
_COLUMN_LIKE: Final = re.compile(r"(?<![$\\])\([^()\\]+\)")
"""A `$` that was forgotten."""


def literal_expression(context: Context, scalar: Scalar) -> Expression:
    """The expression of a text that becomes (a part of) a literal: no prefixes are expanded."""
    return _expression(_parts(context, scalar, 0, ""), scalar, TermType.LITERAL)


def iri_expression(context: Context, scalar: Scalar) -> Expression:
    """The expression of a text that becomes an IRI: a prefix at its beginning is expanded."""
    namespace, length = context.namespace(scalar.text, scalar.place)
    parts = [namespace, *_parts(context, scalar, length, ":")]
    made = _expression(iter(parts), scalar, TermType.IRI)
    if isinstance(made, Constant) and _COLUMN_LIKE.search(scalar.text):
        context.note(TEMPLATE_WITHOUT_REFERENCE, scalar.place, value=scalar.text)
    return made


def shortened(scalar: Scalar, suffix: str) -> Scalar:
    """The scalar without a suffix like `~iri`."""
    return Scalar(scalar.text.removesuffix(suffix), scalar.place, scalar.plain, scalar.origin)


def _expression(
    parts: Iterator[str | Reference], scalar: Scalar, term_type: TermType
) -> Expression:
    joined: list[str | Reference] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        if text := "".join(texts):
            joined.append(text)
        texts.clear()
        joined.append(part)
    if text := "".join(texts):
        joined.append(text)
    if not joined:
        return Constant("", term_type, place=scalar.place)
    if len(joined) == 1:
        only = joined[0]
        if isinstance(only, Reference):
            return only
        return Constant(only, term_type, place=scalar.place)
    return Template(tuple(joined), place=scalar.place)


def _parts(context: Context, scalar: Scalar, start: int, escaped: str) -> Iterator[str | Reference]:
    text, at, run = scalar.text, start, start
    while (found := _next_special(text, at)) >= 0:
        character, following = text[found], text[found + 1 : found + 2]
        if character == "\\":
            at = found + 1
            if following and (following in _ESCAPED or following in escaped):
                yield text[run:found] + following
                at = run = found + 2
        elif following == "(":
            yield text[run:found]
            name, at = _reference(scalar, found)
            run = at
            yield _resolved(context, scalar, name, found)
        else:
            at = found + 1
    yield text[run:]


def _next_special(text: str, start: int) -> int:
    found = [i for i in (text.find("\\", start), text.find("$", start)) if i >= 0]
    return min(found, default=-1)


def _reference(scalar: Scalar, start: int) -> tuple[str, int]:
    """The name in the `$(…)` that begins at `start`, and the index after it."""
    text, depth, name, i = scalar.text, 1, [], start + 2
    while i < len(text):
        character = text[i]
        if character == "\\" and i + 1 < len(text) and text[i + 1] in _ESCAPED:
            name.append(text[i + 1])
            i += 2
            continue
        depth += (character == "(") - (character == ")")
        if depth == 0:
            break
        name.append(character)
        i += 1
    else:
        raise MappingSyntaxError(
            Text(
                ja="$( が閉じられていません。", en="a reference that begins with $( is not closed."
            ),
            place=scalar.at(start),
            hint=Text(
                ja="閉じ括弧 ) を加えるか、列名の中の括弧を \\( や \\) と書いてください。",
                en="Add the closing ), or write parentheses inside a column's name as \\( and \\).",
            ),
        )
    if not name:
        raise MappingSyntaxError(
            Text(ja="$() に列名がありません。", en="$() names no column."),
            place=scalar.at(start),
            hint=Text(ja="$(列名) と書いてください。", en="Write the name of a column: $(column)."),
        )
    return "".join(name), i + 1


def _resolved(context: Context, scalar: Scalar, name: str, start: int) -> str | Reference:
    place = scalar.at(start)
    written = scalar.text[start + 2 : start + 4]
    if written == "\\_":
        return Reference(name[1:], place=place)
    if written.startswith("_"):
        value = context.external_value(name[1:], place)
        if value is not None:
            return value
        if context.external:
            context.note(EXTERNAL_WITHOUT_VALUE, place, name=name)
    return Reference(name, place=place)
