"""What a request for a document asks for, read before the store is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.errors import BadRequest, Language, Text
from app.rdf.formats import Format, Formats
from app.rdf.terms import is_valid_iri
from app.web.addresses import decode, wire_path
from app.web.negotiation import asks_for_profile, format_named, negotiate, page_language
from app.web.refusals import Alternative, NoneAcceptable
from app.web.serialisation import FLAT_PROFILES

_MAX_OFFSET: Final = 200_000
"""Where the paging of incoming links ends: SPARQL is the way to lists that long. The engine
skips so many in about 60 ms."""

_JSON_LD: Final = Formats.JSON_LD.value


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an answer: format, whether the suffix fixed it, and the JSON-LD profile."""

    format: Format
    by_suffix: bool
    flat: bool = False


@dataclass(frozen=True, slots=True)
class EntityRequest:
    """A request for a document. `path` is decoded and without the prefix of the route (`/doc`);
    `raw` is the whole path as on the wire.

    `stem` and `suffix` are the parts of the path if its end is the suffix of a format;
    `named` is the format of `?format=`; `incoming` the cursor of incoming links: a property
    and how many were seen.
    """

    path: str
    raw: bytes
    accept: str
    language: Language
    offers: tuple[Format, ...]
    named: Format | None
    stem: str
    suffix: Format | None
    incoming: tuple[str, int] | None

    def possible_forms(self) -> list[Form]:
        """The form if the suffix is one, and the form if it belongs to the IRI."""
        forms = []
        if self.suffix is not None:
            forms.append(Form(self.suffix, by_suffix=True))
        negotiated = self.negotiated()
        if negotiated is not None:
            forms.append(negotiated)
        return forms

    def negotiated(self) -> Form | None:
        """The form by `?format=` or Accept; None when nothing fits."""
        if self.named is not None:
            return Form(self.named, by_suffix=False)
        chosen = negotiate(self.accept, self.offers)
        if chosen is None:
            return None
        flat = chosen is _JSON_LD and asks_for_profile(
            self.accept, _JSON_LD.media_type, FLAT_PROFILES
        )
        return Form(chosen, by_suffix=False, flat=flat)


class EntityRequests:
    """Reads requests for documents in the formats on offer."""

    def __init__(
        self,
        offers: tuple[Format, ...],
        alternatives: Callable[[str], tuple[Alternative, ...]],
    ) -> None:
        self._offers = offers
        self._suffixes = {f".{offer.id}": offer for offer in offers}
        self._alternatives = alternatives

    def read(self, request: Request, prefix: str) -> EntityRequest:
        """The request under a prefix. Raises BadRequest, or NoneAcceptable for an unknown
        `?format=`."""
        raw = wire_path(request.scope)
        path = decode(raw.removeprefix(prefix.encode()))
        query_string: bytes = request.scope["query_string"]
        query = dict(parse_qsl(query_string.decode("latin-1"))) if query_string else {}
        stem, suffix = self.split_suffix(path)
        headers = request.headers
        return EntityRequest(
            path=path,
            raw=raw,
            accept=headers.get("accept", ""),
            language=page_language(query.get("lang"), headers.get("accept-language", "")),
            offers=self._offers,
            named=self._named(query.get("format"), prefix + path),
            stem=stem,
            suffix=suffix,
            incoming=_incoming(query.get("incoming"), query.get("after")),
        )

    def language(self, request: Request) -> Language:
        """The language that the client reads."""
        return page_language(
            request.query_params.get("lang"), request.headers.get("accept-language", "")
        )

    def split_suffix(self, path: str) -> tuple[str, Format | None]:
        """The path without the suffix of a format, and that format."""
        stem, dot, suffix = path.rpartition(".")
        known = self._suffixes.get(dot + suffix.lower()) if stem else None
        return (stem, known) if known is not None else (path, None)

    def _named(self, name: str | None, path: str) -> Format | None:
        if name is None:
            return None
        named = format_named(name, self._offers)
        if named is None:
            raise NoneAcceptable(self._alternatives(path))
        return named


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
