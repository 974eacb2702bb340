"""What is looked at in a foreign RDF document before the engine's parser gets to see it.

Measured on the engine: nested JSON-LD of 49 KB ends the process, and an entity of 669 bytes of
RDF/XML becomes a literal of a gigabyte (`pyoxigraph` 0.5.13).
"""

from __future__ import annotations

import re
from typing import Final

from app.rdf.formats import Formats

_JSON_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


class RefusedDocumentError(ValueError):
    """The document will not be parsed; `kind` says why: "depth" or "doctype"."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def check_document(data: bytes, format: Formats, max_depth: int) -> None:
    """Raises RefusedDocumentError for JSON-LD nested deeper than `max_depth`, and for RDF/XML
    with a document type declaration, which alone can define entities."""
    if format is Formats.JSON_LD and json_depth(data) > max_depth:
        raise RefusedDocumentError("depth")
    # Without the zeros of UTF-16, whose other bytes are those of ASCII.
    if format is Formats.RDF_XML and b"<!DOCTYPE" in data.replace(b"\0", b""):
        raise RefusedDocumentError("doctype")


def json_depth(data: bytes) -> int:
    """How deep arrays and objects are nested in a JSON text; of text that is no JSON some
    number that is not less than what a parser can meet before its first error."""
    brackets = _JSON_STRING.sub(b"", data).translate(None, _NOT_BRACKETS)
    depth = deepest = 0
    for character in brackets:
        depth += 1 if character in b"[{" else -1
        if depth > deepest:
            deepest = depth
        elif depth < 0:
            break  # an error for any parser
    return deepest
