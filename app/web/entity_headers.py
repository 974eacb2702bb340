"""Headers of a document about a thing: what it is of, what else there is of it, and for how long.

Most bytes of a Link header are the same for all things of a data set. They are made once, and
each thing's own addresses are put in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from app.errors import Language
from app.publish.entity import EntityDescription
from app.rdf.formats import Format, Formats
from app.web.addresses import Addresses, encode
from app.web.refusals import Alternative
from app.web.replies import CACHED, VARY, Headers
from app.web.serialisation import EntitySerialiser

_OF_PLACES: Final = (Formats.GEOJSON.value, Formats.KML.value)
"""Formats that are only worth naming for things with coordinates; they are answered for all."""

# https://www.w3.org/TR/json-ld11/#iana-considerations
_COMPACTED: Final = "http://www.w3.org/ns/json-ld#compacted"
_EXPANDED: Final = "http://www.w3.org/ns/json-ld#expanded"

_TYPES: Final = 5  # classes named in the header: a thing with hundreds keeps a header that passes
_STEM: Final = "\n"  # stands for the document's address; no address holds it


class EntityHeaders:
    """Makes the headers of documents in the formats on offer."""

    def __init__(
        self, addresses: Addresses, offers: tuple[Format, ...], serialiser: EntitySerialiser
    ) -> None:
        self._addresses = addresses
        self._offers = offers
        self._serialiser = serialiser
        self._alternates = lru_cache(maxsize=256)(self._link_alternates)
        self._targets = lru_cache(maxsize=1024)(self._link_targets)

    def alternatives_of(self, iri: str, *, placed: bool) -> tuple[Alternative, ...]:
        """The formats worth fetching: those of places only for things that have one."""
        return self._at(self._addresses.document(iri), self._worth_naming(placed))

    def headers(
        self,
        description: EntityDescription,
        form: Format,
        *,
        placed: bool,
        etag: str,
        last_modified: bytes,
        language: Language | None,
        flat: bool = False,
    ) -> Headers:
        """All headers but the length; `language` where the format has words of ours. `flat` is
        JSON-LD in the expanded form, which no address of its own gives."""
        stem = self._addresses.document(description.iri)
        links = self._link(description, form, stem, placed=placed)
        if form is Formats.JSON_LD.value:
            links += f', <{_EXPANDED if flat else _COMPACTED}>; rel="profile"'
        profile = f'; profile="{_EXPANDED}"' if flat else ""
        headers = [
            (b"content-type", f"{form.content_type}{profile}".encode()),
            (b"etag", etag.encode()),
            (b"last-modified", last_modified),
            (b"link", links.encode("ascii")),
            VARY,
            CACHED,
        ]
        if not flat:
            headers.append((b"content-location", f"{stem}.{form.id}".encode()))
        if language is not None:
            headers.append((b"content-language", language.encode()))
        return headers

    def _link(
        self, description: EntityDescription, form: Format, stem: str, *, placed: bool
    ) -> str:
        iri = description.iri
        cards = tuple(card.id for card in self._serialiser.cards(description))
        licences = self._serialiser.licences(description)
        alternates = self._alternates(form, placed).replace(_STEM, stem)
        return (
            f'<{encode(self._addresses.document_iri(iri))}>; rel="canonical", '
            f'<{encode(iri)}>; rel="describes"'
            f"{alternates}{self._targets(description.root.types[:_TYPES], licences, cards)}"
        )

    def _link_alternates(self, form: Format, placed: bool) -> str:
        """The other formats; JSON names the context that makes it JSON-LD
        (https://www.w3.org/TR/json-ld11/#interpreting-json-as-json-ld)."""
        others = self._at(_STEM, tuple(o for o in self._worth_naming(placed) if o is not form))
        links = [f', <{a.href}>; rel="alternate"; type="{a.media_type}"' for a in others]
        if form is Formats.JSON.value:
            links.append(
                f", <{self._addresses.root}/context.jsonld>; "
                'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
            )
        return "".join(links)

    def _link_targets(
        self, types: tuple[str, ...], licences: tuple[str, ...], datasets: tuple[str, ...]
    ) -> str:
        links = [f', <{encode(iri)}>; rel="type"' for iri in types]
        links += [f', <{encode(iri)}>; rel="license"' for iri in licences]
        links += [f', <{self._addresses.dataset(x)}>; rel="describedby"' for x in datasets]
        return "".join(links)

    def _worth_naming(self, placed: bool) -> tuple[Format, ...]:
        return self._offers if placed else tuple(x for x in self._offers if x not in _OF_PLACES)

    def _at(self, stem: str, offers: tuple[Format, ...]) -> tuple[Alternative, ...]:
        return tuple(Alternative(x.label, x.media_type, f"{stem}.{x.id}") for x in offers)
