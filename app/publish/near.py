"""What somebody may have meant who asked for a thing that is not there.

Only look-ups by pattern, and at most two dozen of them: an address of nothing must not cost
more than an address of something.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from app.publish.entity import EntityReader
from app.publish.reading_order import LABELS
from app.rdf.terms import is_valid_iri

MAX_NEAR: Final = 5
_MAX_LOOK_UPS: Final = 24
_MAX_LABEL: Final = 100
_SIX_DIGITS: Final = re.compile(r"(?<=/)(\d{5})\d(?=$|/)")
_TWO_DIGITS: Final = re.compile(r"(?<=/)(\d{2})$")
_LEADING_ZEROS: Final = re.compile(r"(?<=[/-])0+(?=\d)")


def near(reader: EntityReader, iri: str) -> tuple[str, ...]:
    """Things of the release with nearly this IRI, or with its last part as their name."""
    found: dict[str, None] = {}
    looked = 0
    for candidate in dict.fromkeys(_spellings(iri)):
        if looked == _MAX_LOOK_UPS or len(found) == MAX_NEAR:
            return tuple(found)
        if candidate != iri and is_valid_iri(candidate):
            looked += 1
            if reader.snapshot.knows(NamedNode(candidate)):
                found[candidate] = None
    for named in _named(reader, unquote(iri.rpartition("/")[2])):
        found[named] = None
    return tuple(found)[:MAX_NEAR]


def _spellings(iri: str) -> Iterator[str]:
    """Other spellings of an IRI, the likeliest first."""
    normal = unicodedata.normalize("NFKC", iri).strip()
    yield normal
    yield normal.rstrip("/")
    # A local government code with its check digit, and a prefecture by its two digits.
    yield _SIX_DIGITS.sub(r"\1", normal)
    yield _TWO_DIGITS.sub(r"\g<1>000", normal)
    yield _LEADING_ZEROS.sub("", normal)
    yield normal.replace("_", "-")
    yield normal.replace("-", "_")
    start = normal.find("/id/") + len("/id/")
    head, tail = normal[:start], normal[start:]
    yield head + tail.lower()
    yield head + tail.title()
    yield head + tail.upper()
    yield head + unicodedata.normalize("NFC", unquote(tail))
    while "/" in tail:  # what the address belongs to
        tail = tail.rpartition("/")[0]
        yield head + tail


def _named(reader: EntityReader, name: str) -> Iterator[str]:
    """Things of ours with exactly this label."""
    if not name or len(name) > _MAX_LABEL or "\x00" in name:
        return
    ours = reader.snapshot.manifest.base_iri + "/id/"
    for predicate in LABELS[:2]:
        for label in (Literal(name, language="ja"), Literal(name, language="en"), Literal(name)):
            quads = reader.snapshot.quads(
                predicate=NamedNode(predicate), object=label, limit=MAX_NEAR
            )
            for quad in quads:
                subject = quad.subject
                if isinstance(subject, NamedNode) and subject.value.startswith(ours):
                    yield subject.value
