"""`/provenance/…`: from where a thing comes, in PROV-O. Each of these graphs is made when it is
asked for; the address of the graph is its name."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.errors import EntityNotFound, PageNotFound, Text
from app.publish.entity import EntityReader
from app.publish.provenance.origins import Origin
from app.publish.provenance.statements import provenance_graph
from app.store.base import Snapshot
from app.web.addresses import Addresses, decode, wire_path
from app.web.documents import RDF_FORMATS, Documents
from app.web.entity_origins import OriginPages
from app.web.pages.catalog import site_of
from app.web.parts import WebParts
from app.web.rendering import Site

PREFIX = "/provenance"


class ProvenanceEndpoint:
    """Answers statements about where things come from."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._parts = parts
        self._about = site_of(parts.settings)
        self._addresses = Addresses(parts.settings.base_iri)
        self._documents = Documents(site)
        self._origins = OriginPages(self._about, site.root)

    async def show(self, request: Request) -> Response:
        """`GET /provenance/{path}[.suffix]`. Raises EntityNotFound, PageNotFound."""
        snapshot = self._parts.snapshots.get()
        path = decode(wire_path(request.scope))[len(PREFIX) :]
        iri, suffix = thing_at(self._addresses, snapshot, path, tuple(f.id for f in RDF_FORMATS))
        page = self._addresses.document_iri(iri)[len(self._addresses.base) + len("/doc") :]
        address = f"{self._addresses.base}{PREFIX}{page}"
        stem = self._addresses.thing(address)
        asked = self._documents.asked(request, RDF_FORMATS, stem, suffix)

        def make() -> bytes:
            origins = self._of(snapshot, iri)
            if not origins:
                raise PageNotFound(
                    Text(
                        ja=f"{iri} がどの行から来たかは記録されていません。",
                        en=f"From which row {iri} comes is not recorded.",
                    ),
                    hint=Text(
                        ja="SPARQL Update で書き込まれたものには、もとの行がありません。",
                        en="What was written by SPARQL Update comes from no row.",
                    ),
                )
            graph = provenance_graph(iri, address, origins, self._about)
            return graph.write(asked.format)

        return self._documents.answer(request, snapshot.manifest, asked, make)

    def _of(self, snapshot: Snapshot, iri: str) -> tuple[Origin, ...]:
        description = EntityReader(snapshot).describe(iri)
        cards = (
            self._parts.catalog.of_graph(snapshot.manifest, graph)
            for graph in (description.graphs if description is not None else ())
        )
        datasets = tuple(dict.fromkeys(card.id for card in cards if card is not None))
        return self._origins.known(snapshot).of(iri, datasets)


def thing_at(
    addresses: Addresses, snapshot: Snapshot, path: str, suffixes: tuple[str, ...]
) -> tuple[str, str | None]:
    """The thing of ours that the rest of a decoded path means, and the suffix of a format, which
    counts only when the whole path is no thing. Raises EntityNotFound."""
    reader = EntityReader(snapshot)
    found = reader.find(addresses.candidates("/id" + path))
    if found is not None:
        return found, None
    stem, dot, suffix = path.rpartition(".")
    if dot and suffix.lower() in suffixes:
        found = reader.find(addresses.candidates("/id" + stem))
        if found is not None:
            return found, suffix.lower()
    raise EntityNotFound(
        Text(
            ja=f"{addresses.base}/id{path[:200]} については何も知られていません。",
            en=f"Nothing is known of {addresses.base}/id{path[:200]}.",
        )
    )
