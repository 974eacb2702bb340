"""The endpoint behind Trifid: SPARQL by GET and POST over the same store, and nothing else."""

from __future__ import annotations

import os
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store
from starlette.responses import Response


def create_app() -> FastAPI:
    """The application over the store in `BENCH_STORE`."""
    store = Store.read_only(os.environ["BENCH_STORE"])
    app = FastAPI()

    @app.api_route("/query", methods=["GET", "POST"])
    async def query(request: Request) -> Response:
        text = request.query_params.get("query", "")
        if request.method == "POST":
            body = (await request.body()).decode()
            form = "form" in request.headers.get("content-type", "")
            text = parse_qs(body)["query"][0] if form else body
        found = store.query(text, use_default_graph_as_union=True)
        if isinstance(found, QuerySolutions | QueryBoolean):
            json = QueryResultsFormat.JSON
            return Response(found.serialize(format=json), media_type=json.media_type)
        triples = RdfFormat.N_TRIPLES
        return Response(found.serialize(format=triples), media_type=triples.media_type)

    return app
