"""Language tags: well-formed by the grammar of BCP 47, not only by the shape RDF syntaxes ask.

Source: RFC 5646 section 2.1. RML-Core calls a constant tag that is not well-formed an error.
"""

from __future__ import annotations

import re
from typing import Final

from app.errors import MappingError, Place, Text

_LANGTAG: Final = (
    r"([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})"  # language, extended language
    r"(-[a-z]{4})?"  # script
    r"(-([a-z]{2}|[0-9]{3}))?"  # region
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(-[0-9a-wyz](-[a-z0-9]{2,8})+)*"  # extensions
    r"(-x(-[a-z0-9]{1,8})+)?"  # private use
)
_IRREGULAR: Final = (
    "en-gb-oed|i-(ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
    "|sgn-(be-fr|be-nl|ch-de)"
)
_WELL_FORMED: Final = re.compile(rf"({_LANGTAG}|x(-[a-z0-9]{{1,8}})+|{_IRREGULAR})", re.IGNORECASE)


def is_language_tag(text: str) -> bool:
    """Whether a text is a well-formed language tag."""
    return _WELL_FORMED.fullmatch(text) is not None


def language_tag(text: str, place: Place | None) -> str:
    """The text, if it is a well-formed tag. Raises MappingError."""
    if is_language_tag(text):
        return text
    raise MappingError(
        Text(
            ja=f"「{text}」は言語タグではありません。",
            en=f'"{text}" is not a language tag (BCP 47).',
        ),
        place=place,
        hint=Text(
            ja="ja、en、ja-Hrkt のように書いてください。", en="Write one like ja, en or ja-Hrkt."
        ),
    )
