"""What a request for a document asks for, read before the store is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Scope

from app.errors import BadRequest, Language, Text
from app.rdf.formats import Format, Formats
from app.rdf.terms import is_valid_iri
from app.web.addresses import decode, wire_path
from app.web.coding import Coding, coding
from app.web.negotiation import asks_for_profile, format_named, negotiate, page_language
from app.web.serialisation import FLAT_PROFILES

_MAX_OFFSET: Final = 200_000
"""Where the paging of incoming links ends: SPARQL is the way to lists that long. The engine
skips so many in about 60 ms."""

_REMEMBERED: Final = 4_000  # bytes of headers and parameters: the memory stays below 4 MB

_JSON_LD: Final = Formats.JSON_LD.value


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an answer: format, whether the suffix fixed it, and the JSON-LD profile."""

    format: Format
    by_suffix: bool
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What the headers and parameters of a request say of the answer, whatever it is about.

    `form` is that of `?format=`, else of Accept; None when nothing fits. `incoming` is the cursor
    of incoming links: a property and how many were seen.
    """

    form: Form | None
    language: Language
    coding: Coding
    incoming: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class EntityRequest:
    """A request for a document. `path` is decoded and without the prefix of the route (`/doc`);
    `raw` is the whole path as on the wire. `stem` and `suffix` are the parts of the path if its
    end is the suffix of a format.
    """

    path: str
    raw: bytes
    stem: str
    suffix: Format | None
    wish: Wish

    def possible_forms(self) -> list[Form]:
        """The form if the suffix is one, and the form if it belongs to the IRI."""
        forms = [] if self.suffix is None else [Form(self.suffix, by_suffix=True)]
        return forms if self.wish.form is None else [*forms, self.wish.form]


class EntityRequests:
    """Reads requests for documents in the formats on offer."""

    def __init__(self, offers: tuple[Format, ...]) -> None:
        self._offers = offers
        self._suffixes = {f".{offer.id}": offer for offer in offers}
        self._suffixes[".xml"] = Formats.RDF_XML.value  # what people try who mean RDF/XML
        # Every client says the same again and again.
        self._wish_again = lru_cache(maxsize=1024)(self._wish)

    def read(self, scope: Scope, headers: Mapping[bytes, bytes], prefix: str) -> EntityRequest:
        """The request under a prefix. Raises BadRequest."""
        raw = wire_path(scope)
        path = decode(raw.removeprefix(prefix.encode()))
        stem, suffix = self.split_suffix(path)
        return EntityRequest(path, raw, stem, suffix, self.wish(scope, headers))

    def wish(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Wish:
        """What headers and parameters say."""
        said = (
            headers.get(b"accept", b""),
            headers.get(b"accept-language", b""),
            headers.get(b"accept-encoding", b""),
            scope["query_string"],
        )
        return self._wish_again(*said) if sum(map(len, said)) <= _REMEMBERED else self._wish(*said)

    def split_suffix(self, path: str) -> tuple[str, Format | None]:
        """The path without the suffix of a format, and that format."""
        stem, dot, suffix = path.rpartition(".")
        known = self._suffixes.get(dot + suffix.lower()) if stem else None
        return (stem, known) if known is not None else (path, None)

    def _wish(self, accept: bytes, language: bytes, encoding: bytes, query_string: bytes) -> Wish:
        query = dict(parse_qsl(query_string.decode("latin-1"))) if query_string else {}
        return Wish(
            self._form(query.get("format"), accept.decode("latin-1")),
            page_language(query.get("lang"), language.decode("latin-1")),
            coding(encoding.decode("latin-1")),
            _incoming(query.get("incoming"), query.get("after")),
        )

    def _form(self, name: str | None, accept: str) -> Form | None:
        if name is not None:
            named = format_named(name, self._offers)
            return None if named is None else Form(named, by_suffix=False)
        chosen = negotiate(accept, self._offers)
        if chosen is None:
            return None
        flat = chosen is _JSON_LD and asks_for_profile(accept, _JSON_LD.media_type, FLAT_PROFILES)
        return Form(chosen, by_suffix=False, flat=flat)


def _incoming(predicate: str | None, after: str | None) -> tuple[str, int] | None:
    if predicate is None:
        return None
    offset = after or "0"
    readable = is_valid_iri(predicate) and offset.isascii() and offset.isdigit()
    if not readable or len(offset) > 7 or int(offset) > _MAX_OFFSET:
        raise BadRequest(
            Text(
                ja="リンク一覧の続きを示すパラメーター incoming, after が正しくありません。",
                en="The parameters incoming and after do not point into a list of links.",
            ),
            hint=Text(
                ja="ページの「次を見る」から進んでください。続きは SPARQL でも取得できます。",
                en="Follow the page's own links; SPARQL gives the whole list.",
            ),
        )
    return predicate, int(offset)
