"""`/sparql/terms.json`: the words of this endpoint, for completion in editors.

Prefixes, and the classes and properties in use with their counts and their names in both
languages. It is made from the release's manifest alone: no query is run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.rdf.formats import Formats
from app.rdf.namespaces import PREFIXES
from app.store.base import Manifest
from app.web.addresses import Addresses
from app.web.names import PROPERTIES
from app.web.parts import WebParts
from app.web.rendered import Rendered, RenderedPages
from app.web.replies import Reply, matches

_CACHE: Final = (b"cache-control", b"public, max-age=300, stale-while-revalidate=3600")
_MOST_TERMS: Final = 5_000  # of each kind; far more than anyone completes, about 1 MB
_CACHE_BYTES: Final = 32 << 20


class TermsEndpoint:
    """Answers with the terms in use."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        base = Addresses(parts.settings.base_iri).base
        # The last two are not bound by the endpoint: a query has to declare them.
        self._prefixes = {**PREFIXES, "def": f"{base}/def/", "id": f"{base}/id/"}
        self._cache = RenderedPages(_CACHE_BYTES)

    async def show(self, request: Request) -> Response:
        """`GET /sparql/terms.json`. Raises ReleaseNotFound before the first publish."""
        manifest = self._parts.snapshots.get().manifest
        etag = f'"{blake2b(f"terms {manifest.id}".encode(), digest_size=12).hexdigest()}"'
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, ((b"etag", etag.encode()), _CACHE))
        rendered = self._cache.get(manifest.id, etag)
        if rendered is None:
            headers = (
                (b"content-type", Formats.JSON.value.content_type.encode()),
                (b"etag", etag.encode()),
                _CACHE,
            )
            rendered = Rendered(orjson.dumps(self.terms(manifest)), headers, etag)
            self._cache.put(manifest.id, etag, rendered)
        return Reply(rendered.body, 200, rendered.headers)

    def terms(self, manifest: Manifest) -> dict[str, Any]:
        """The body: `prefixes` by name, `bound` (those that need no declaration), `classes`
        and `properties`, each `{iri, count, ja, en}`, the most used first."""
        classes: Counter[str] = Counter()
        properties: Counter[str] = Counter()
        for entry in manifest.graphs.values():
            classes.update(entry.classes)
            properties.update(entry.properties)
        return {
            "release": manifest.id,
            "prefixes": self._prefixes,
            "bound": list(PREFIXES),
            "classes": self._described(classes),
            "properties": self._described(properties),
        }

    def _described(self, counts: Mapping[str, int]) -> list[dict[str, Any]]:
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [
            {"iri": iri, "count": count, **self._names(iri)} for iri, count in ranked[:_MOST_TERMS]
        ]

    def _names(self, iri: str) -> dict[str, str]:
        usual = PROPERTIES.get(iri)
        names = {
            "ja": self._parts.labels.label(iri, "ja") or (usual.ja if usual else None),
            "en": self._parts.labels.label(iri, "en") or (usual.en if usual else None),
        }
        return {language: name for language, name in names.items() if name}
