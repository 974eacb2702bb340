"""The only place that escapes: RDF terms in N-Quads syntax, and values inside IRIs.

Each operation exists for one string and for an Arrow array of strings. The array forms look
once whether anything needs work at all, which for most columns is nothing.

Sources: N-Quads, https://www.w3.org/TR/n-quads/ ; RFC 3987 section 2.2 (iunreserved);
RML-Core, section on template-valued expression maps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import NamedNode

UCSCHAR = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    "\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd\U00040000-\U0004fffd"
    "\U00050000-\U0005fffd\U00060000-\U0006fffd\U00070000-\U0007fffd\U00080000-\U0008fffd"
    "\U00090000-\U0009fffd\U000a0000-\U000afffd\U000b0000-\U000bfffd\U000c0000-\U000cfffd"
    "\U000d0000-\U000dfffd\U000e1000-\U000efffd"
)
"""Characters outside ASCII that an IRI may hold as they are (RFC 3987 section 2.2)."""

_NOT_IUNRESERVED = re.compile(f"[^A-Za-z0-9._~\\-{UCSCHAR}]")
_NOT_UNRESERVED = re.compile(r"[^A-Za-z0-9._~\-]")
_PLAIN = r"^[A-Za-z0-9._~\-]*$"

# What the engine's own parser certainly accepts; anything else is shown to it.
_SURELY_VALID_IRI = (
    r"^[A-Za-z][A-Za-z0-9+.\-]*://[A-Za-z0-9.\-]+(:[0-9]{1,5})?"
    r"([/?#]([A-Za-z0-9._~!$&'()*+,;=:@/?\-]|%[0-9A-Fa-f]{2}"
    r"|[\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}\x{10000}-\x{1FFFD}\x{20000}-\x{2FFFD}])*"
    r"(#([A-Za-z0-9._~!$&'()*+,;=:@/?\-]|%[0-9A-Fa-f]{2}"
    r"|[\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}\x{10000}-\x{1FFFD}])*)?)?$"
)
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]*:")
SCHEME_RE2 = r"^[A-Za-z][A-Za-z0-9+.\-]*:"

_LITERAL_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_LITERAL_SPECIAL = re.compile(r'["\\\n\r]')

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
LANGUAGE_RE2: Final = rf"(?i)^({_LANGTAG}|x(-[a-z0-9]{{1,8}})+|{_IRREGULAR})$"
"""A language tag that is well-formed by BCP 47 (RFC 5646, section 2.1), as RE2 pattern: RDF syntaxes
ask for a wider shape, but the engine refuses a document with a tag that is not."""

LANGUAGE_TAG: Final = re.compile(LANGUAGE_RE2)
"""The same for `fullmatch`."""


def escape_literal(text: str) -> str:
    """The inside of an N-Quads literal."""
    return _LITERAL_SPECIAL.sub(lambda m: _LITERAL_ESCAPES[m.group()], text)


def iri(value: str) -> str:
    """An IRI as an N-Quads term. Raises ValueError when it is not a valid absolute IRI."""
    return str(NamedNode(value))


def literal(text: str, *, datatype: str | None = None, language: str | None = None) -> str:
    """A literal as an N-Quads term."""
    quoted = f'"{escape_literal(text)}"'
    if language is not None:
        if not LANGUAGE_TAG.fullmatch(language):
            raise ValueError(f"not a language tag: {language!r}")
        return f"{quoted}@{language}"
    return quoted if datatype is None else f"{quoted}^^{iri(datatype)}"


def percent_encode(text: str, *, ascii_only: bool = False) -> str:
    """A value for a place inside an IRI: all but (i)unreserved characters become %XX of UTF-8."""
    pattern = _NOT_UNRESERVED if ascii_only else _NOT_IUNRESERVED
    return pattern.sub(lambda m: "".join(f"%{byte:02X}" for byte in m.group().encode()), text)


def blank_label(text: str) -> str:
    """A blank node label, different for different texts."""
    safe = re.sub(r"[^A-Za-z0-9]", lambda m: f"_{ord(m.group()):X}_", text)
    return f"b{safe}"


def is_absolute(value: str) -> bool:
    """Whether a string begins with a scheme."""
    return _SCHEME.match(value) is not None


def is_valid_iri(value: str) -> bool:
    """Whether the engine accepts it as an absolute IRI (RFC 3987)."""
    try:
        NamedNode(value)
    except ValueError:
        return False
    return True


def contains_any(array: pa.Array, needles: tuple[bytes, ...]) -> bool:
    """Whether any of some byte strings occurs in the data of a string array. A scan of the
    buffer is about ten times as fast as a kernel that answers for each value."""
    data = array.buffers()[2]
    if data is None or len(array) == 0:
        return False
    offsets = array.buffers()[1]
    width = 8 if pa.types.is_large_string(array.type) else 4
    view = memoryview(offsets).cast("q" if width == 8 else "i")
    content = data.slice(
        view[array.offset], view[array.offset + len(array)] - view[array.offset]
    ).to_pybytes()
    return any(needle in content for needle in needles)


def escape_literals(array: pa.Array) -> pa.Array:
    """`escape_literal` for an array of strings; nulls stay."""
    if not contains_any(array, (b'"', b"\\", b"\n", b"\r")):
        return array
    array = pc.replace_substring(array, "\\", "\\\\")
    for character in ('"', "\n", "\r"):
        array = pc.replace_substring(array, character, _LITERAL_ESCAPES[character])
    return array


def percent_encode_all(array: pa.Array, *, ascii_only: bool = False) -> pa.Array:
    """`percent_encode` for an array of strings; nulls stay."""
    plain = pc.match_substring_regex(array, _PLAIN)
    if pc.all(plain, min_count=0).as_py():
        return array
    return map_distinct(array, lambda text: percent_encode(text, ascii_only=ascii_only))


def blank_labels(array: pa.Array) -> pa.Array:
    """`blank_label` for an array of strings; nulls stay."""
    return map_distinct(array, blank_label)


def valid_iris(array: pa.Array) -> pa.Array:
    """For each string whether it is a valid absolute IRI; null for null."""
    surely = pc.match_substring_regex(array, _SURELY_VALID_IRI)
    if pc.all(surely, min_count=0).as_py():
        return surely
    doubtful = array.filter(pc.invert(surely))
    verdict = {value: is_valid_iri(value) for value in pc.unique(doubtful).to_pylist()}
    checked = pa.array([verdict[value] for value in doubtful.to_pylist()], pa.bool_())
    return pc.replace_with_mask(surely, pc.fill_null(pc.invert(surely), False), checked)


def map_distinct(array: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """A Python function applied once to each distinct string of an array; nulls stay."""
    encoded = array.dictionary_encode()
    done = pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return done.take(encoded.indices)
