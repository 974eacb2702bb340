"""Facets beside the table of a class: what it can be narrowed to, each choice an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from app.errors import Language
from app.publish.catalog import Catalog
from app.publish.entity import EntityReader
from app.publish.labels import choose, local_name
from app.store.search import Facet
from app.web.browse_context import Browsed
from app.web.browse_request import BrowseRequest
from app.web.entity_page import EntityPages
from app.web.names import licence_name
from app.web.rendering import Site
from app.web.search_page import Choice, FacetBox

_SHOWN_CHOICES: Final = 10


class BrowseFacets:
    """Makes the boxes. `address` gives the address of the table of a class as asked."""

    def __init__(
        self,
        address: Callable[[str, BrowseRequest], str],
        pages: EntityPages,
        catalog: Catalog,
        site: Site,
    ) -> None:
        self._address = address
        self._pages = pages
        self._catalog = catalog
        self._site = site

    def boxes(
        self, browsed: Browsed, reader: EntityReader, language: Language
    ) -> tuple[FacetBox, ...]:
        """Regions, types, data sets and licences with counts, and what says yes or no."""
        class_, asked = browsed.view.class_, browsed.asked
        facets: dict[Facet, tuple[str, ...]] = {
            "region": asked.regions,
            "type": asked.types,
            "dataset": asked.datasets,
        }
        boxes = []
        for facet, chosen in facets.items():
            counts = dict(browsed.found.facets.get(facet, ())) if browsed.found else {}
            counts.pop(class_, None)
            values = [*chosen, *(v for v in counts if v not in chosen)]
            choices = tuple(
                Choice(
                    self._value_name(facet, value, reader, language),
                    counts.get(value),
                    self._address(class_, _toggled(asked, facet, value)),
                    value in chosen,
                )
                for value in values[: _SHOWN_CHOICES + len(chosen)]
            )
            if len(choices) > 1 or chosen:
                boxes.append(FacetBox(self._site.word(f"search.by.{facet}", language), choices))
        return (*boxes, *self._licences(browsed, reader, language), *self._flags(browsed, language))

    def _licences(
        self, browsed: Browsed, reader: EntityReader, language: Language
    ) -> tuple[FacetBox, ...]:
        """The licences of the data sets that speak of these things, where there are several: to
        choose one is to choose the data sets under it."""
        class_, asked, found = browsed.view.class_, browsed.asked, browsed.found
        under: dict[str, dict[str, int | None]] = {}
        counts = dict(found.facets.get("dataset", ())) if found else {}
        for dataset in dict.fromkeys((*asked.datasets, *counts)):
            card = self._catalog.card(reader.snapshot.manifest, dataset)
            if card is not None and card.about.licence:
                under.setdefault(card.about.licence, {})[dataset] = counts.get(dataset)
        choices = []
        for licence, datasets in under.items():
            chosen = set(asked.datasets) == set(datasets)
            wanted = () if chosen else tuple(datasets)
            href = self._address(class_, replace(asked, datasets=wanted, cursor=""))
            name = licence_name(licence) or licence
            several = len(datasets) > 1  # a thing of two data sets would be counted twice
            count = None if several else next(iter(datasets.values()))
            choices.append(Choice(name, count, href, chosen))
        if len(choices) < 2 and not any(choice.chosen for choice in choices):
            return ()
        return (FacetBox(self._site.word("search.by.licence", language), tuple(choices)),)

    def _flags(self, browsed: Browsed, language: Language) -> tuple[FacetBox, ...]:
        """Yes and no of each column that says yes or no."""
        class_, asked = browsed.view.class_, browsed.asked
        chosen = dict(asked.filters)
        boxes = []
        for column in browsed.profile.columns:
            if column.kind != "boolean" or len(column.path) > 1:
                continue
            predicate = column.path[0]
            others = tuple(f for f in asked.filters if f[0] != predicate)
            choices = []
            for value in ("true", "false"):
                is_chosen = chosen.get(predicate) == (value,)
                filters = others if is_chosen else (*others, (predicate, (value,)))
                href = self._address(class_, replace(asked, filters=filters, cursor=""))
                word = self._site.word(f"value.{value}", language)
                choices.append(Choice(word, None, href, is_chosen))
            boxes.append(FacetBox(self._pages.term(predicate, language).text, tuple(choices)))
        return tuple(boxes)

    def _value_name(
        self, facet: Facet, value: str, reader: EntityReader, language: Language
    ) -> str:
        if facet == "type":
            return self._pages.term(value, language).text
        if facet == "region":
            return choose(reader.labels(value), language) or local_name(value)
        card = self._catalog.card(reader.snapshot.manifest, value)
        return card.about.title.in_language(language) if card is not None else value


def _toggled(asked: BrowseRequest, facet: Facet, value: str) -> BrowseRequest:
    """The same table with a value of a facet chosen, or no longer; from its first page on."""

    def toggled(before: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(v for v in before if v != value) if value in before else (*before, value)

    if facet == "region":
        return replace(asked, cursor="", regions=toggled(asked.regions))
    if facet == "type":
        return replace(asked, cursor="", types=toggled(asked.types))
    return replace(asked, cursor="", datasets=toggled(asked.datasets))
