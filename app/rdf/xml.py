"""What XML can hold of RDF.

Characters: https://www.w3.org/TR/xml/#charsets and, for line ends, #sec-line-ends . Names of
elements: https://www.w3.org/TR/rdf-syntax-grammar/#section-Syntax-intro (a predicate is written
as the name of an element, so its IRI has to end with one).
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal, Triple

NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that no XML document has, in any spelling."""

_NOT_XML_BYTES: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NAME_AT_THE_END: Final = re.compile(r"[^\W\d][\w.\-·]*$")


def fits(triple: Triple) -> bool:
    """Whether RDF/XML can say this."""
    if not has_name(triple.predicate.value) or isinstance(triple.object, Triple):
        return False
    return not (isinstance(triple.object, Literal) and NOT_XML.search(triple.object.value))


def has_name(predicate: str) -> bool:
    """Whether an IRI ends with the name of an element."""
    return _NAME_AT_THE_END.search(predicate) is not None


def kept(data: bytes) -> bytes:
    """A part of a document that the engine wrote, with carriage returns that survive reading: a
    parser makes line feeds of bare ones. Raises ValueError for what XML cannot hold."""
    bad = _NOT_XML_BYTES.search(data)
    if bad is not None:
        raise ValueError(f"U+{ord(bad[0].decode()):04X}")
    return data.replace(b"\r", b"&#xD;")
