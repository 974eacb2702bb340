"""What was found, as a page and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson

from app.errors import LANGUAGES, Language
from app.publish.catalog import Catalog
from app.publish.entity import EntityReader
from app.publish.labels import choose, local_name
from app.publish.search import Hit
from app.store.base import Manifest
from app.store.search import FACETS, Facet, SearchFound, SearchRequest
from app.web.addresses import Addresses
from app.web.compact import CompactIris
from app.web.entity_context import Link
from app.web.entity_page import EntityPages
from app.web.refusals import Alternative
from app.web.rendering import Site

MAX_OFFSET: Final = 1_000
"""Things that can be paged through: whoever wants all of them asks SPARQL or takes a dump."""

PAGE: Final = 20
_SHOWN_VALUES: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: how many things have it, and the address that chooses it or, when
    it is chosen, that lets it go."""

    text: str
    count: int | None
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FacetBox:
    """A facet with the values that are offered."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A thing that was found, as it is shown."""

    link: Link
    reading: str | None
    types: tuple[Link, ...]
    place: str
    dataset: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the template of a search shows; `fields` are the hidden ones of its form."""

    text: str
    asked: bool
    total: int
    first: int
    results: tuple[Result, ...]
    facets: tuple[FacetBox, ...]
    fields: tuple[tuple[str, str], ...]
    previous: str | None
    next: str | None
    downloads: tuple[Alternative, ...]
    available: bool
    release: str


@dataclass(frozen=True, slots=True)
class Found:
    """A search with its answer, and the reader of the release that it is about."""

    wanted: SearchRequest
    answer: SearchFound
    hits: tuple[Hit, ...]
    reader: EntityReader
    available: bool

    @property
    def manifest(self) -> Manifest:
        """Of the release."""
        return self.reader.snapshot.manifest


class SearchPages:
    """Makes them."""

    def __init__(
        self,
        addresses: Addresses,
        pages: EntityPages,
        catalog: Catalog,
        site: Site,
    ) -> None:
        self._addresses = addresses
        self._pages = pages
        self._catalog = catalog
        self._site = site
        self._compact = CompactIris(addresses.base)

    def page(
        self, found: Found, language: Language, alternatives: Sequence[Alternative]
    ) -> SearchPage:
        """The typed context of the page."""
        wanted = found.wanted
        before = max(wanted.offset - wanted.limit, 0)
        return SearchPage(
            text=wanted.text,
            asked=bool(wanted.text.strip() or wanted.chosen),
            total=found.answer.total,
            first=wanted.offset + 1,
            results=tuple(self._result(hit, found, language) for hit in found.hits),
            facets=self._facets(found, language),
            fields=tuple(f for f in self.fields(replace(wanted, offset=0)) if f[0] != "q"),
            previous=self._address(replace(wanted, offset=before)) if wanted.offset else None,
            next=self._next(found),
            downloads=tuple(alternatives),
            available=found.available,
            release=found.manifest.id,
        )

    def json(self, found: Found) -> bytes:
        """The same for programs; names in both languages."""
        wanted, after = found.wanted, self._next(found)
        body: dict[str, Any] = {
            "query": wanted.text,
            "total": found.answer.total,
            "offset": wanted.offset,
            "limit": wanted.limit,
            "results": [self._json_hit(hit, found) for hit in found.hits],
            "facets": {
                facet: [
                    {**self._named(facet, value, found), "count": count} for value, count in counts
                ]
                for facet, counts in found.answer.facets.items()
            },
            "next": self._addresses.base + after.removeprefix(self._addresses.root)
            if after
            else None,
        }
        return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    def fields(self, wanted: SearchRequest) -> list[tuple[str, str]]:
        """The parameters of a search."""
        fields = [("q", wanted.text)]
        for facet, values in wanted.chosen.items():
            shown = values if facet == "dataset" else map(self._compact.write, values)
            fields += [(facet, value) for value in shown]
        fields += [("limit", str(wanted.limit))] if wanted.limit != PAGE else []
        return [*fields, ("offset", str(wanted.offset))] if wanted.offset else fields

    def _address(self, wanted: SearchRequest) -> str:
        asked = urlencode(self.fields(wanted), quote_via=quote, safe=":/")
        return f"{self._addresses.root}/search?{asked}"

    def _next(self, found: Found) -> str | None:
        after = found.wanted.offset + found.wanted.limit
        if after >= min(found.answer.total, MAX_OFFSET):
            return None
        return self._address(replace(found.wanted, offset=after))

    def _result(self, hit: Hit, found: Found, language: Language) -> Result:
        named = [self._name("region", iri, found, language) for iri in hit.regions]
        title = hit.description.title(language)
        readings = (x.value for x in hit.labels if (x.language or "").lower() == "ja-hrkt")
        return Result(
            link=self._pages.link(hit.description.iri, title),
            reading=next(readings, None),
            types=tuple(self._pages.term(iri, language) for iri in hit.description.root.types),
            place=next(iter(hit.addresses), "") or " › ".join(reversed(named)),
            dataset=self._name("dataset", hit.dataset, found, language) if hit.dataset else "",
        )

    def _facets(self, found: Found, language: Language) -> tuple[FacetBox, ...]:
        boxes = []
        for facet in FACETS:
            counts = dict(found.answer.facets.get(facet, ()))
            chosen = found.wanted.chosen.get(facet, ())
            values = [*chosen, *(value for value in counts if value not in chosen)]
            choices = tuple(
                Choice(
                    self._name(facet, value, found, language),
                    counts.get(value),
                    self._address(toggled(found.wanted, facet, value)),
                    value in chosen,
                )
                for value in values[: _SHOWN_VALUES + len(chosen)]
            )
            if len(choices) > 1 or chosen:
                boxes.append(FacetBox(self._site.word(f"search.by.{facet}", language), choices))
        return tuple(boxes)

    def _name(self, facet: Facet, value: str, found: Found, language: Language) -> str:
        if facet == "type":
            return self._pages.term(value, language).text
        if facet == "region":
            return choose(found.reader.labels(value), language) or local_name(value)
        card = self._catalog.card(found.manifest, value)
        return card.about.title.in_language(language) if card is not None else value

    def _named(self, facet: Facet, value: str, found: Found) -> dict[str, Any]:
        names = {language: self._name(facet, value, found, language) for language in LANGUAGES}
        return {"id": value, "label": names}

    def _json_hit(self, hit: Hit, found: Found) -> dict[str, Any]:
        types = hit.description.root.types
        return {
            "id": hit.description.iri,
            "label": {label.language or "und": label.value for label in hit.labels},
            "types": [self._named("type", iri, found) for iri in types],
            "regions": [self._named("region", iri, found) for iri in hit.regions],
            "addresses": list(hit.addresses),
            "dataset": self._named("dataset", hit.dataset, found) if hit.dataset else None,
            "points": [{"lat": p.latitude, "long": p.longitude} for p in hit.points],
        }


def toggled(wanted: SearchRequest, facet: Facet, value: str) -> SearchRequest:
    """The same search with a value chosen, or no longer; from its first page on."""
    before = tuple(wanted.chosen.get(facet, ()))
    after = tuple(v for v in before if v != value) if value in before else (*before, value)
    chosen = {**wanted.chosen, facet: after}
    return replace(wanted, chosen={f: v for f, v in chosen.items() if v}, offset=0)
