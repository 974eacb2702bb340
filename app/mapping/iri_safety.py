"""Which value nodes can only give valid absolute IRIs, so that the executor need not look."""

from __future__ import annotations

import re

from app.mapping import plan as p
from app.rdf import terms

# A constant start after which percent-encoded values can only give a valid absolute IRI.
_SAFE_START = re.compile(
    r"(https?://[A-Za-z0-9.\-]+(:\d+)?[/?#]|urn:[A-Za-z0-9][A-Za-z0-9\-]{1,31}:[A-Za-z0-9._~:/\-]*$)"
)
_SAFE_TEXT = re.compile(rf"([A-Za-z0-9._~!$&'()*+,;=:@/?#\-{terms.UCSCHAR}]|%[0-9A-Fa-f]{{2}})*\Z")


def is_safe(value: p.Value) -> bool:
    """Whether every value that this node can give is a valid absolute IRI: a constant start
    with scheme and authority, and after it only valid text and encoded values."""
    parts = value.parts if isinstance(value, p.Concat) else (value,)
    flat: list[p.Value] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, p.Concat) else (part,))
    start = constant_start(value)
    if not _SAFE_START.match(start) or start.count("#") > 1:
        return False
    texts = [part.value for part in flat if isinstance(part, p.Text)]
    if "".join(texts).count("#") > 1 or not all(_SAFE_TEXT.match(text) for text in texts):
        return False
    return all(
        isinstance(part, p.Text)
        or (isinstance(part, p.Encoded) and part.encode is not p.Encode.NONE)
        for part in flat
    )


def constant_start(value: p.Value) -> str:
    """The text with which every value of a node begins."""
    if isinstance(value, p.Text):
        return value.value
    if isinstance(value, p.Concat):
        start = ""
        for part in value.parts:
            inner = constant_start(part)
            start += inner
            if not isinstance(part, p.Text):
                break
        return start
    return ""
