"""Content negotiation by RFC 9110, section 12: Accept, Accept-Language, as pure functions.

Headers repeat, so results are remembered by header text; a header longer than the bound is
refused rather than parsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.errors import LANGUAGES, BadRequest, Language, Text
from app.rdf.formats import Format

MAX_HEADER: Final = 4096
"""Bytes of an Accept header; the longest that a known browser sends is about 250."""

MAX_RANGES: Final = 64

# How closely a range names a type.
_ANY, _SUBTYPE_ANY, _PARAMETERS, _PLAIN = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header: type, subtype, parameters but `q`, and `q`."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    q: float

    def specificity(self, media_type: str) -> int:
        """How closely this range names a media type; 0: not at all.

        A `charset` is always UTF-8 here. Another parameter does not exclude the format
        (profiles are hints, RFC 6906, section 3.1), but a plain range is the better match.
        """
        if self.type == "*":
            return _ANY
        type_, _, subtype = media_type.partition("/")
        if self.type != type_:
            return 0
        if self.subtype == "*":
            return _SUBTYPE_ANY
        if self.subtype != subtype:
            return 0
        return _PLAIN if all(name == "charset" for name, _ in self.parameters) else _PARAMETERS


@lru_cache(maxsize=2048)
def media_ranges(accept: str) -> tuple[MediaRange, ...]:
    """The elements of an Accept header; malformed ones are left out.

    Raises BadRequest for a header past the bound.
    """
    if len(accept) > MAX_HEADER:
        raise _too_long("Accept")
    ranges = []
    for element in _split(accept, ",")[:MAX_RANGES]:
        name, *rest = (part.strip() for part in _split(element, ";"))
        type_, slash, subtype = name.lower().partition("/")
        if not slash:
            type_, subtype = (name, "*") if name == "*" else ("", "")
        parameters, q = media_parameters(rest)
        if type_ and subtype and q is not None and (type_ != "*" or subtype == "*"):
            ranges.append(MediaRange(type_, subtype, parameters, q))
    return tuple(ranges)


@lru_cache(maxsize=4096)
def ranked(accept: str, offers: tuple[Format, ...]) -> tuple[Format, ...]:
    """The offered formats that an Accept header takes, best first.

    Higher q wins; at equal q the one named more closely (`text/turtle` before `*/*`), then the
    earlier offer. An empty header takes all in the order of the offers.
    """
    ranges = media_ranges(accept)
    if not accept.strip():
        return offers
    graded = []
    for place, offer in enumerate(offers):
        best: tuple[int, float] = (0, 0.0)
        for known in ranges:
            grade = known.specificity(offer.media_type)
            best = max(best, (2 * grade, known.q))
            for alias in offer.aliases:
                # Named by an alias: weaker than the type that will be sent; wildcards do not
                # mean aliases.
                grade = known.specificity(alias)
                if grade > _SUBTYPE_ANY:
                    best = max(best, (2 * grade - 1, known.q))
        if best[0] and best[1] > 0:
            graded.append((-best[1], -best[0], place, offer))
    graded.sort(key=lambda item: item[:3])
    return tuple(item[3] for item in graded)


def negotiate(accept: str, offers: tuple[Format, ...]) -> Format | None:
    """The best of the offers, or None when none is acceptable (answer 406)."""
    fitting = ranked(accept, offers)
    return fitting[0] if fitting else None


@lru_cache(maxsize=256)
def asks_for_profile(accept: str, media_type: str, profiles: frozenset[str]) -> bool:
    """Whether an Accept header names a media type with one of some profiles (RFC 6906)."""
    return any(
        f"{known.type}/{known.subtype}" == media_type
        and any(n == "profile" and profiles & set(v.split()) for n, v in known.parameters)
        for known in media_ranges(accept)
    )


@lru_cache(maxsize=1024)
def language(accept_language: str, default: Language = "ja") -> Language:
    """Japanese or English by an Accept-Language header (RFC 4647 basic filtering); the
    default when neither is wanted. Raises BadRequest for a header past the bound."""
    if len(accept_language) > MAX_HEADER:
        raise _too_long("Accept-Language")
    best: tuple[float, int, Language] | None = None
    for element in accept_language.split(",")[:MAX_RANGES]:
        tag, *rest = (part.strip() for part in element.split(";"))
        _, q = media_parameters(rest)
        primary = tag.lower().partition("-")[0]
        if not q:
            continue
        named = default if primary == "*" else next((x for x in LANGUAGES if x == primary), None)
        if named is not None and (best is None or q > best[0]):
            best = (q, 0, named)
    return best[2] if best is not None else default


def page_language(asked: str | None, accept_language: str) -> Language:
    """The language of a page: `?lang=` where it names one, else by the header."""
    for known in LANGUAGES:
        if asked == known:
            return known
    return language(accept_language)


def format_named(name: str, offers: tuple[Format, ...]) -> Format | None:
    """The offer meant by `format=`: its id (`ttl`) or one of its media types."""
    wanted = name.strip().lower().replace(" ", "+")
    for offer in offers:
        if wanted == offer.id or wanted in offer.media_types:
            return offer
    return None


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator outside quoted strings."""
    if '"' not in text:
        return [part for part in text.split(separator) if part.strip()]
    parts, quoted, start, skip = [], False, 0, False
    for place, character in enumerate(text):
        if skip:
            skip = False
        elif quoted and character == "\\":
            skip = True
        elif character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return [part for part in parts if part.strip()]


def media_parameters(rest: list[str]) -> tuple[tuple[tuple[str, str], ...], float | None]:
    """Parameters but q, and q; q is None when it cannot be read."""
    parameters, q = [], 1.0
    for part in rest:
        name, _, value = part.partition("=")
        name, value = name.strip().lower(), value.strip().strip('"')
        if name == "q":
            try:
                q = float(value)
            except ValueError:
                return (), None
            if not 0 <= q <= 1:
                return (), None
        elif name:
            parameters.append((name, value))
    return tuple(parameters), q


def _too_long(header: str) -> BadRequest:
    return BadRequest(
        Text(
            ja=f"{header} ヘッダーが長すぎます（上限 {MAX_HEADER} バイト）。",
            en=f"The {header} header is too long (at most {MAX_HEADER} bytes).",
        ),
        hint=Text(ja="必要な形式だけを書いてください。", en="Name only the formats you need."),
    )
