"""The licence facet of a table: to choose a licence is to choose the data sets under it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from app.store.search import SearchFound
from app.web.browse_facets import BrowseFacets
from app.web.browse_request import BrowseRequest
from app.web.rendering import Site

BY = "https://creativecommons.org/licenses/by/4.0/"
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"


def boxes(licences: dict[str, str], asked: BrowseRequest) -> dict[str, list[tuple[str, Any]]]:
    """Names and addresses of the choices of each box, for data sets under some licences."""

    def card(_manifest: object, dataset: str) -> object:
        title = SimpleNamespace(in_language=lambda _language: dataset)
        return SimpleNamespace(about=SimpleNamespace(licence=licences[dataset], title=title))

    facets: Any = BrowseFacets(
        lambda _class, wanted: ",".join(wanted.datasets),
        SimpleNamespace(),  # type: ignore[arg-type]  # no class is named
        SimpleNamespace(card=card),  # type: ignore[arg-type]
        Site("", ""),
    )
    browsed = SimpleNamespace(
        asked=asked,
        view=SimpleNamespace(class_="http://x/C"),
        profile=SimpleNamespace(columns=()),
        found=SearchFound(9, (), {"dataset": tuple((name, 3) for name in licences)}),
    )
    reader = SimpleNamespace(snapshot=SimpleNamespace(manifest=None))
    made = facets.boxes(browsed, reader, "en")
    return {box.title: [(c.text, c.href) for c in box.choices] for box in made}


def test_a_licence_chooses_its_data_sets() -> None:
    found = boxes({"a": BY, "b": ZERO, "c": BY}, BrowseRequest())
    assert found["Licence"] == [("CC BY 4.0", "a,c"), ("CC0 1.0", "b")]


def test_a_chosen_licence_is_taken_back() -> None:
    found = boxes({"a": BY, "c": BY}, BrowseRequest(datasets=("a", "c")))
    assert found["Licence"] == [("CC BY 4.0", "")]


def test_one_licence_is_no_choice() -> None:
    assert "Licence" not in boxes({"a": BY, "c": BY}, BrowseRequest())
