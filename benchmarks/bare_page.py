"""The page to beat: as little as a page can be. A look-up by pattern, one hop to the nested
address, the engine's own Turtle or a small table; FastAPI, no headers, no cache, no labels.

`BENCH_STORE` is the store's folder, `BENCH_BASE` the base IRI.
"""

from __future__ import annotations

import os

from fastapi import FastAPI, Request
from jinja2 import Environment
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize
from starlette.responses import Response

_PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>{{ iri }}</title>
<table>{% for p, o in rows %}<tr><th>{{ p }}</th><td>{{ o }}</td></tr>{% endfor %}</table></html>"""


def create_app() -> FastAPI:
    """The application over the store."""
    store = Store.read_only(os.environ["BENCH_STORE"])
    base = os.environ["BENCH_BASE"]
    template = Environment(autoescape=True).from_string(_PAGE)
    app = FastAPI()

    @app.get("/doc/{path:path}")
    async def page(path: str, request: Request) -> Response:
        iri = f"{base}/id/{path}"
        quads = list(store.quads_for_pattern(NamedNode(iri), None, None, None))
        for quad in list(quads):
            if isinstance(quad.object, NamedNode) and quad.object.value.startswith(iri + "#"):
                quads += store.quads_for_pattern(quad.object, None, None, None)
        if "html" in request.headers.get("accept", ""):
            rows = [(quad.predicate.value, _text(quad)) for quad in quads]
            return Response(template.render(iri=iri, rows=rows), media_type="text/html")
        body = serialize((quad.triple for quad in quads), format=RdfFormat.TURTLE)
        return Response(body, media_type="text/turtle")

    return app


def _text(quad: Quad) -> str:
    return str(getattr(quad.object, "value", quad.object))
