"""The web application: routes, the order of layers, and the life of the query service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import blake2b

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import TsunaguError
from app.publish.events import ReleaseEvents
from app.publish.jsonld import Context
from app.publish.schedule.scheduler import Scheduler
from app.publish.skolem import GENID
from app.publish.void import PATH as VOID
from app.rdf.formats import Formats
from app.web.addresses import Addresses
from app.web.errors import ErrorReplies
from app.web.observing import Observed
from app.web.openapi import OpenApiEndpoint
from app.web.pages.about import AboutEndpoints
from app.web.pages.browse import BrowseEndpoints
from app.web.pages.catalog import CatalogEndpoints
from app.web.pages.changes import ChangesEndpoints
from app.web.pages.check import CheckEndpoint
from app.web.pages.ckan import CkanEndpoint
from app.web.pages.dataset import DatasetEndpoint
from app.web.pages.dumps import DumpEndpoints
from app.web.pages.entity import EntityEndpoints
from app.web.pages.entity_history import HistoryEndpoint
from app.web.pages.event_stream import EventStreamEndpoints
from app.web.pages.health import HealthEndpoints
from app.web.pages.home import HomeEndpoint
from app.web.pages.operation import operation_routes
from app.web.pages.provenance import ProvenanceEndpoint
from app.web.pages.queries import QueryEndpoints
from app.web.pages.regions import RegionEndpoints
from app.web.pages.search import SearchEndpoints
from app.web.pages.sitemap import SitemapEndpoints
from app.web.pages.sparql import SparqlEndpoint
from app.web.pages.steward import steward_routes
from app.web.pages.terms import TermsEndpoint
from app.web.pages.trust import TrustEndpoints
from app.web.pages.vocabulary import VocabularyEndpoints
from app.web.parts import Snapshots, WebParts
from app.web.proxies import TrustedProxies
from app.web.rendering import Site
from app.web.replies import VARY, Reply, StandardHeaders, image_origins, standard_headers
from app.web.shortcut import Application, Shortcut

__all__ = ["Snapshots", "WebParts", "build_app"]


def build_app(parts: WebParts) -> FastAPI:
    """The application over its parts. Starting it starts the query service.

    Routes are Starlette's own: pages read headers and raw paths themselves, and an entity page
    has no time for the framework's parameter machinery.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await parts.queries.start()
        await events.start()
        if scheduler is not None:
            await scheduler.start()
        try:
            yield
        finally:
            if scheduler is not None:
                await scheduler.close()
            await events.close()
            if parts.writes is not None:
                await parts.writes.close()
            await parts.queries.close()

    root = Addresses(parts.settings.base_iri).root
    origin = parts.settings.base_iri.removesuffix(root)
    site = Site(parts.settings.title, root, origin)
    replies = ErrorReplies(site)
    entity = EntityEndpoints(parts, site)
    vocabulary = VocabularyEndpoints(parts, site, entity.pages)
    catalog = CatalogEndpoints(parts, site, entity.pages)
    dataset = DatasetEndpoint(parts, site, entity.pages)
    dumps = DumpEndpoints(parts, site)
    sitemap = SitemapEndpoints(parts, site)
    search = SearchEndpoints(parts, site, entity.pages)
    browse = BrowseEndpoints(parts, site, entity.pages, entity.context)
    regions = RegionEndpoints(parts, site, entity.pages)
    health = HealthEndpoints(parts)
    about = AboutEndpoints(site)
    sparql = SparqlEndpoint(parts, site)
    queries = QueryEndpoints(parts, site)
    events = ReleaseEvents(
        parts.queries.release,
        parts.history,
        base=parts.settings.base_iri,
        most=parts.settings.events_connections,
    )
    bench = parts.workbench
    scheduler = Scheduler(parts.settings, bench.jobs, bench.schedule) if bench else None
    changes = ChangesEndpoints(parts, site, events)
    stream = EventStreamEndpoints(parts, site)
    trust = TrustEndpoints(parts, site)
    app = Application(
        title=parts.settings.title,
        lifespan=lifespan,
        docs_url=None,  # the framework's pages load scripts from another server
        redoc_url=None,
        openapi_url=None,  # ours knows the saved queries and their parameters
        redirect_slashes=False,
        exception_handlers={
            TsunaguError: replies.tsunagu,
            HTTPException: replies.http,
            Exception: replies.internal,
        },
    )
    app.router.routes[:0] = [
        Route("/doc/{path:path}", entity.document),
        Route("/id/{path:path}", entity.thing),
        Route(f"{GENID}{{label}}", entity.node),
        Route("/provenance/{path:path}", ProvenanceEndpoint(parts, site).show),
        Route("/history/{path:path}", HistoryEndpoint(parts, site, entity.pages).show),
        Route("/sparql", catalog.before(sparql.answer), methods=["GET", "POST"]),
        *operation_routes(parts, site, sparql),
        Route("/sparql/terms.json", TermsEndpoint(parts).show),
        Route("/check", CheckEndpoint(parts, site).answer, methods=["GET", "POST"]),
        *(Route(path, queries.index) for path in ("/queries", "/queries.{suffix}")),
        *(Route(path, changes.index) for path in ("/changes", "/changes.{suffix}")),
        Route("/changes/ldes", stream.root),
        Route("/changes/ldes/{span}", stream.page),
        Route("/changes/{span}", changes.difference),
        Route("/events", changes.events),
        *(Route(path, trust.index) for path in ("/releases", "/releases.{suffix}")),
        Route("/releases/{release}/{name}", trust.file),
        *(Route(f"/.well-known/tsunagu-key{end}", trust.key) for end in ("", ".{suffix}")),
        Route("/.well-known/tsunagu-keys", trust.keys),
        Route("/queries/{name}", queries.page),
        Route("/api/queries/{name}", queries.api),
        *steward_routes(parts, site),
        Route("/static/{name:path}", site.static.serve),
        Route("/def/{name:path}", vocabulary.own),
        Route("/vocab/ic/{name:path}", vocabulary.core),
        *(Route(path, vocabulary.to_index) for path in ("/def", "/vocab", "/vocab/", "/vocab/ic")),
        Route("/context.jsonld", _context_endpoint(entity.context)),
        *(Route(f"/catalog{end}", catalog.catalog) for end in ("", ".{suffix}")),
        *(Route(f"{VOID}{end}", catalog.void) for end in ("", ".{suffix}")),
        Route("/data.json", catalog.data_json),
        Route("/api/3/action/{action}", CkanEndpoint(parts, site).act, methods=["GET", "POST"]),
        Route("/dumps", _moved(f"{root}/dumps/")),
        Route("/favicon.ico", _moved(site.static.address("icon.svg"))),
        Route("/dumps/", dumps.listing),
        Route("/dumps/SHA256SUMS", dumps.sums),
        Route("/dumps/{name:path}", dumps.file),
        Route("/sitemap.xml", sitemap.index),
        Route("/sitemaps/pages.xml", sitemap.pages),
        Route("/sitemaps/{number:int}.xml", sitemap.file),
        Route("/robots.txt", sitemap.robots),
        *(Route(f"/search{end}", search.show) for end in ("", ".{suffix}")),
        *(Route(f"/browse{end}", browse.classes) for end in ("", ".{suffix}")),
        Route("/browse/{class:path}", browse.table),
        Route("/regions", regions.index),
        Route("/regions/{code}", regions.region),
        Route("/search/suggest", search.suggest),
        Route("/opensearch.xml", search.description),
        *(Route(f"/conformance{end}", about.conformance) for end in ("", ".{suffix}")),
        Route("/schemas/{name}", about.schema),
        Route("/openapi.json", OpenApiEndpoint(parts).show),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/dataset/{dataset}", dataset.show),
        Route("/dataset/{dataset}/quality.json", dataset.quality),
        Route("/", HomeEndpoint(parts, site, entity.pages).show),
    ]
    images = image_origins(parts.settings.map_tiles, parts.settings.image_origins)
    app.add_middleware(StandardHeaders, root=root, routes=app.router.routes, images=images)
    app.add_middleware(TrustedProxies, proxies=parts.settings.proxies)
    app.add_middleware(Observed, metrics=parts.metrics)
    app.shortcut = Shortcut(
        entity.answer, replies.reply, standard_headers(images), parts.metrics, root
    )
    return app


def _moved(address: str) -> Callable[[Request], Awaitable[Response]]:
    """An address that people and browsers try, which is another here."""
    headers = ((b"location", address.encode("ascii")), (b"cache-control", b"public, max-age=86400"))

    async def show(_request: Request) -> Response:
        return Reply(b"", 308, headers)

    return show


def _context_endpoint(context: Context) -> Callable[[Request], Awaitable[Response]]:
    """`/context.jsonld` never changes while the process runs."""
    body = orjson.dumps(context.document, option=orjson.OPT_INDENT_2)
    headers = (
        (b"content-type", Formats.JSON_LD.value.content_type.encode()),
        (b"etag", f'"{blake2b(body, digest_size=12).hexdigest()}"'.encode()),
        VARY,
        (b"cache-control", b"public, max-age=86400"),
    )

    async def show(_request: Request) -> Response:
        return Reply(body, 200, headers)

    return show
