"""`/conformance` and `/schemas/…`: what the program says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import PageNotFound, Text
from app.rdf.formats import Formats
from app.web.documents import HTML, Documents, by_bytes
from app.web.rendering import Site

REPORT: Final = "conformance.json"
"""Written by `make conformance` beside this package's templates."""

_AN_HOUR: Final = 3600
_OFFERS: Final = (HTML, Formats.JSON.value)


@dataclass(frozen=True, slots=True)
class Case:
    """A case that does not pass, or is wrong itself, and why."""

    iri: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suite:
    """One official suite: what of it passes."""

    title: str
    source: str
    passed: int
    total: int
    failures: tuple[Case, ...]
    suite_errors: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class ConformancePage:
    """What the template shows."""

    suites: tuple[Suite, ...]


class AboutEndpoints:
    """Documents that come with the program and change with its version only."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._documents = Documents(site)
        self._report = files("app.web").joinpath("data", REPORT).read_bytes()
        schemas = files("app.mapping").joinpath("schemas")
        self._schemas: Mapping[str, bytes] = {
            entry.name: entry.read_bytes()
            for entry in schemas.iterdir()
            if entry.name.endswith(".json")
        }

    async def conformance(self, request: Request) -> Response:
        """`GET /conformance`, also `.json`."""
        suffix = request.path_params.get("suffix")
        asked = self._documents.asked(request, _OFFERS, "/conformance", suffix)
        if not asked.html:
            return by_bytes(request, self._report, Formats.JSON.value.content_type, _AN_HOUR)
        page = ConformancePage(
            tuple(_suite(suite) for suite in orjson.loads(self._report)["suites"])
        )
        body = self._site.render(
            "conformance.html",
            page,
            asked.language,
            request,
            title=self._site.word("conformance.title", asked.language),
        )
        language = ((b"content-language", asked.language.encode()),)
        return by_bytes(request, body, HTML.content_type, _AN_HOUR, language)

    async def schema(self, request: Request) -> Response:
        """`GET /schemas/yarrrml-1.json`: the JSON Schema of our profile, for editors."""
        name = request.path_params["name"]
        if name not in self._schemas:
            known = ", ".join(sorted(self._schemas))
            raise PageNotFound(
                Text(ja=f"スキーマ {name} はありません。", en=f"There is no schema {name}."),
                hint=Text(ja=f"あるもの: {known}", en=f"There are: {known}."),
            )
        return by_bytes(request, self._schemas[name], "application/schema+json", _AN_HOUR)


def _suite(found: Mapping[str, Any]) -> Suite:
    def cases(key: str) -> tuple[Case, ...]:
        return tuple(Case(case["iri"], case["reason"]) for case in found[key])

    return Suite(
        found["title"],
        found["source"],
        found["passed"],
        found["total"],
        cases("failures"),
        cases("suite_errors"),
    )
