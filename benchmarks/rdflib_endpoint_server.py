"""rdflib-endpoint as its manual starts it, over a file of triples. Run in its own environment:
`uvicorn --factory benchmarks/rdflib_endpoint_server.py`. STORE is memory or Oxigraph."""

from __future__ import annotations

import os
from typing import Any


def create_app() -> Any:
    """The application over `BENCH_TRIPLES`."""
    from rdflib import Dataset  # type: ignore[attr-defined,unused-ignore]  # another environment
    from rdflib_endpoint import SparqlEndpoint  # type: ignore[import-not-found,unused-ignore]

    graph = Dataset(
        store="Oxigraph" if os.environ["BENCH_STORE"] == "oxigraph" else "default",
        default_union=True,
    )
    graph.parse(os.environ["BENCH_TRIPLES"], format="nt")
    return SparqlEndpoint(graph=graph)
