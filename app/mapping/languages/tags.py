"""Language tags of mappings. RML-Core calls a constant tag that is not well-formed an error."""

from __future__ import annotations

from app.errors import MappingError, Place, Text
from app.rdf.terms import LANGUAGE_TAG


def is_language_tag(text: str) -> bool:
    """Whether a text is a well-formed language tag."""
    return LANGUAGE_TAG.fullmatch(text) is not None


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
