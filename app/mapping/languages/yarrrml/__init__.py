"""YARRRML, the language in which mappings are written by people: text → `Mapping`.

Source: https://rml.io/yarrrml/spec/ (edition 2023-02-15), read strictly: a key that is unknown,
repeated or of the wrong kind is an error with line and column.
"""

from app.mapping.languages.yarrrml.context import DEFAULT_PREFIXES
from app.mapping.languages.yarrrml.reader import read_yarrrml

__all__ = ["DEFAULT_PREFIXES", "read_yarrrml"]
