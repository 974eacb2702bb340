"""The addresses for writing and for watching, in one place."""

from __future__ import annotations

from starlette.routing import Route

from app.web.pages.graph_store import GraphStoreEndpoint
from app.web.pages.metrics import MetricsEndpoint
from app.web.pages.sparql import SparqlEndpoint
from app.web.pages.status import StatusEndpoint
from app.web.pages.update import UpdateEndpoint
from app.web.parts import WebParts
from app.web.rendering import Site


def operation_routes(parts: WebParts, site: Site, sparql: SparqlEndpoint) -> list[Route]:
    """SPARQL Update, the graph store, metrics and status."""
    graphs = GraphStoreEndpoint(parts, sparql)
    methods = ["GET", "HEAD", "PUT", "POST", "DELETE"]
    return [
        Route("/update", UpdateEndpoint(parts).answer, methods=["POST"]),
        Route("/graphs", graphs.answer, methods=methods),
        Route("/graphs/{path:path}", graphs.answer, methods=methods),
        Route("/metrics", MetricsEndpoint(parts).show),
        Route("/status", StatusEndpoint(parts, site).show),
    ]
