"""Runs saved queries for the pages and the API, and keeps what they gave for the release."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from hashlib import blake2b
from typing import Final, ParamSpec, TypeVar

from starlette.requests import Request

from app.codes.regions import RegionTable
from app.errors import BadRequest, Language, PageNotFound, Text
from app.publish import query_results
from app.publish.queries import SavedQuery
from app.publish.query_results import Solutions
from app.publish.query_values import Bound, bind
from app.rdf.formats import Format, Formats
from app.rdf.namespaces import PREFIXES
from app.store.base import QueryRequest
from app.web.clients import Clients
from app.web.pages.sparql import QUERY_ID, watched
from app.web.pages.sparql_answer import entity_tag
from app.web.parts import WebParts

T = TypeVar("T")
P = ParamSpec("P")

RESERVED: Final = frozenset({"format", "lang", "limit", "offset", "embed"})
"""Names of an address that belong to the answer, not to the query."""

_LARGE_ROWS: Final = 500
"""Longer results are written beside the event loop; 500 rows take about 2 ms."""

_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One run of a saved query: the values in force and the part of the solutions."""

    query: SavedQuery
    bound: Bound
    limit: int
    offset: int

    def pairs(self) -> list[tuple[str, str]]:
        """The values as fields of an address; those that are the default are left out."""
        return [
            (parameter.name, self.bound.values[parameter.name])
            for parameter in self.query.parameters
            if self.bound.values[parameter.name] != parameter.default
        ]

    @property
    def lasting(self) -> bool:
        """Whether the same release gives the same answer again (no NOW, RAND, UUID)."""
        return entity_tag("", QueryRequest(text=self.query.text, accept=())) is not None

    def key(self, release: str, *parts: str) -> str:
        """The entity tag of a form of the answer, without quotes around it."""
        digest = blake2b(digest_size=15)
        values = [f"{name}={value}" for name, value in self.bound.values.items()]
        own = (release, self.query.name, self.query.text, *values)
        for part in (*own, str(self.limit), str(self.offset), *parts):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a saved query gave, of which release, and whether more follows."""

    solutions: Solutions
    release: str
    limited: bool
    seconds: float | None


class QueryAnswers:
    """Finds saved queries by name, reads the values for them, and runs them."""

    def __init__(self, parts: WebParts) -> None:
        self._settings = parts.settings
        self._service = parts.queries
        self._clients = Clients(parts.settings)
        self._by_name = {query.name: query for query in parts.saved_queries}

    @cached_property
    def _regions(self) -> RegionTable:
        return RegionTable.load(self._settings.vocab_dir)

    def release(self) -> str:
        """The release that a query would see now."""
        return self._service.release() or ""

    def find(self, name: str) -> SavedQuery:
        """A saved query. Raises PageNotFound with names that are near."""
        found = self._by_name.get(name)
        if found is not None:
            return found
        near = get_close_matches(name[:80], self._by_name, n=1)
        raise PageNotFound(
            Text(ja=f"問い合わせ {name[:80]} はありません。", en=f"There is no query {name[:80]}."),
            hint=Text(
                ja=f"{near[0]} のことですか。" if near else "/queries に一覧があります。",
                en=f"Did you mean {near[0]}?" if near else "/queries lists them.",
            ),
        )

    def asked(self, query: SavedQuery, pairs: Sequence[tuple[str, str]]) -> Asked:
        """The values and the page that an address asks for. Raises BadRequest."""
        given = [(name, value) for name, value in pairs if name not in RESERVED]
        fields = dict(pairs)
        most = self._settings.saved_query_rows
        limit = _number("limit", fields.get("limit"), least=1)
        offset = _number("offset", fields.get("offset"), least=0)
        bound = bind(query, given, lambda: self._regions)
        return Asked(query, bound, min(limit or most, most), offset or 0)

    async def run(self, request: Request, asked: Asked) -> Answer:
        """Run it. Raises QueryError and what `watched` raises."""
        asker = self._clients.asker(request)
        request.scope.setdefault("state", {})[QUERY_ID] = query_id = secrets.token_hex(6)
        answer = await watched(
            request,
            self._service.run(
                QueryRequest(
                    text=asked.query.text,
                    accept=(Formats.RESULTS_JSON.value.media_type,),
                    base_iri=self._settings.base_iri + "/",
                    substitutions=asked.bound.substitutions,
                    timeout_s=self._settings.query_timeout_s,
                    max_bytes=self._settings.saved_query_bytes,
                    prefixes=PREFIXES,
                    client=asker.name,
                    id=query_id,
                    rows=asked.limit,
                    skip=asked.offset,
                    whole=True,
                    allowance=asker.allowance,
                )
            ),
        )
        try:
            body = b"".join([chunk async for chunk in answer.chunks])
        finally:
            await answer.chunks.aclose()
        solutions = await aside(len(body) > 200 * _LARGE_ROWS, query_results.read, body)
        return Answer(solutions, answer.release, answer.limited, answer.seconds)

    async def write(self, answer: Answer, asked: Asked, form: Format, language: Language) -> bytes:
        """The solutions in a format other than HTML. Raises BadRequest for a map without
        places."""
        return await aside(
            len(answer.solutions) > _LARGE_ROWS or form is Formats.XLSX.value,
            _written,
            answer.solutions,
            asked.query,
            form,
            language,
        )


async def aside(slow: bool, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Do slow work in a thread, quick work here: a thread costs more than the work."""
    if slow:
        return await asyncio.to_thread(work, *arguments, **named)
    return work(*arguments, **named)


def _written(found: Solutions, query: SavedQuery, form: Format, language: Language) -> bytes:
    if form is Formats.JSON.value:
        return query_results.objects(found)
    if form is Formats.RESULTS_JSON.value:
        return query_results.sparql_json(found)
    if form is Formats.TABLE_CSV.value:
        return query_results.table(found)
    if form is Formats.XLSX.value:
        title = query.summary.in_language(language)
        return query_results.workbook(found, title, lambda name: query.heading(name, language))
    where = query_results.geography(found, query.show)
    if where is None and found.rows:
        raise BadRequest(
            Text(
                ja="この結果に位置はないので、GeoJSON にできません。",
                en="This result has no places, so there is no GeoJSON of it.",
            ),
            hint=Text(
                ja="json、csv、xlsx のどれかで取ってください。", en="Take it as json, csv or xlsx."
            ),
        )
    return query_results.features(found, where or query_results.Geography())


def _number(name: str, text: str | None, *, least: int) -> int | None:
    if text is None or not text.strip():
        return None
    if _NUMBER.fullmatch(text) and int(text) >= least:
        return int(text)
    raise BadRequest(
        Text(
            ja=f"パラメーター {name} の値「{text[:80]}」は使えません。",
            en=f"The parameter {name} cannot be “{text[:80]}”.",
        ),
        hint=Text(ja=f"{least} 以上の整数です。", en=f"Write an integer from {least} on."),
    )
