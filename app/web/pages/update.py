"""`/update`: the update operation of the SPARQL 1.1 Protocol
(https://www.w3.org/TR/sparql11-protocol/#update-operation). An update becomes a release."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.rdf.namespaces import PREFIXES
from app.store.base import Update
from app.web.pages.sparql_request import read_update
from app.web.pages.writing import Writers, written_reply
from app.web.parts import WebParts


class UpdateEndpoint:
    """Answers updates."""

    def __init__(self, parts: WebParts) -> None:
        self._settings = parts.settings
        self._writers = Writers(parts)

    async def answer(self, request: Request) -> Response:
        """`POST /update`: 200 with the release when it is on the disk and current."""
        token = self._writers.token(request)
        asked = await read_update(request, self._settings)
        change = Update(
            asked.update,
            default_graph=default_graph(self._settings.base_iri),
            base_iri=f"{self._settings.base_iri}/",
            prefixes=PREFIXES,
            using=asked.using,
            using_named=asked.using_named,
        )
        return written_reply(await self._writers.write(request, change, token), 200)


def default_graph(base_iri: str) -> str:
    """The named graph that stands for the default graph of those who write."""
    return f"{base_iri}/graphs/default"
