r"""Templates of RML and R2RML: text with `{reference}` in it; `\{`, `\}` and `\\` are themselves.

Source: RML-Core, section on template-valued expression maps; R2RML section 7.3.
"""

from __future__ import annotations

from collections.abc import Callable

from app.errors import MappingSyntaxError, Place, Text
from app.mapping.languages.rml.triples import Literal
from app.mapping.model import Constant, Expression, Reference, Template


def read_template(literal: Literal, reference: Callable[[str, Place], Expression]) -> Expression:
    """The expression of a template. `reference` makes the expression of a reference.

    Raises MappingSyntaxError for braces that do not match, and for `{}`.
    """
    place = literal.place
    parts: list[str | Expression] = []
    current: list[str] = []
    inside = False
    characters = iter(literal.value)
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            current.append(following if following in {"{", "}", "\\"} else character + following)
        elif character == "{":
            if inside:
                raise _unbalanced(place)
            if current:
                parts.append("".join(current))
            current, inside = [], True
        elif character == "}":
            if not inside:
                raise _unbalanced(place)
            if not current:
                raise MappingSyntaxError(
                    Text(
                        ja="テンプレートの {} に列名がありません。",
                        en="{} in the template names no column.",
                    ),
                    place=place,
                    hint=Text(ja="{列名} と書いてください。", en="Write the name of a column."),
                )
            parts.append(reference("".join(current), place))
            current, inside = [], False
        else:
            current.append(character)
    if inside:
        raise _unbalanced(place)
    if current:
        parts.append("".join(current))
    if all(isinstance(part, str) for part in parts):
        return Constant("".join(part for part in parts if isinstance(part, str)), place=place)
    return Template(tuple(parts), place=place)


def write_template(parts: tuple[str | Expression, ...]) -> str:
    """The text of a template whose expressions are references."""
    return "".join(
        escaped(part) if isinstance(part, str) else "{" + escaped(part.name) + "}"
        for part in parts
        if isinstance(part, (str, Reference))
    )


def escaped(text: str) -> str:
    """A text in which braces and backslashes stand for themselves."""
    return text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")


def _unbalanced(place: Place) -> MappingSyntaxError:
    return MappingSyntaxError(
        Text(
            ja="テンプレートの { と } が対応していません。",
            en="the braces of the template do not match.",
        ),
        place=place,
        hint=Text(
            ja="列名は {列名} と、文字としての括弧は \\\\{ \\\\} と書いてください。",
            en="Write {column}, and \\\\{ \\\\} for braces that are text.",
        ),
    )
