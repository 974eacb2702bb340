"""What a request for a table asks: parameters read, checked and written again.

Names of parameters with a colon are properties (`def:childMode=true`); the others are ours.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson
from starlette.requests import Request

from app.errors import BadRequest, PreconditionFailed, Text
from app.publish.browse import After
from app.rdf.terms import is_valid_iri
from app.web.compact import CompactIris

PAGE_ROWS: Final = 50
FILE_ROWS: Final = 1_000
MOST_ROWS: Final = 5_000
"""Of one file: about 200,000 values, a second of one core. The next page is told in Link."""

MAX_TEXT: Final = 300
_FILTERS: Final = 20
_VALUE: Final = 1_000
_CURSOR: Final = 4_000
_POSITION: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class BrowseRequest:
    """A table that is asked for: `sort` is the name of a column, `filters` are values by
    property, each IRI in full."""

    text: str = ""
    sort: str = ""
    descending: bool = False
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    regions: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    cursor: str = ""
    limit: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether it is not all of the class."""
        return bool(
            self.text.strip() or self.filters or self.regions or self.datasets or self.types
        )


@dataclass(frozen=True, slots=True)
class BrowseRequests:
    """Reads and writes them."""

    compact: CompactIris
    _ours: frozenset[str] = field(
        default=frozenset(("q", "sort", "region", "dataset", "type", "cursor", "limit"))
    )

    def read(self, request: Request) -> BrowseRequest:
        """Raises BadRequest."""
        given = request.query_params
        filters: dict[str, list[str]] = {}
        for name, value in given.multi_items():
            if ":" in name and value:
                filters.setdefault(self.compact.read(name), []).append(_bounded(name, value))
        if sum(map(len, filters.values())) > _FILTERS:
            raise BadRequest(
                Text(
                    ja=f"絞り込みは {_FILTERS} 個までです。",
                    en=f"There are too many filters (at most {_FILTERS}).",
                )
            )

        def iris(name: str) -> tuple[str, ...]:
            values = [value for value in given.getlist(name) if value][:_FILTERS]
            return tuple(dict.fromkeys(map(self.compact.read, values)))

        sort = _bounded("sort", given.get("sort", ""))
        return BrowseRequest(
            text=_bounded("q", given.get("q", ""), MAX_TEXT),
            sort=sort.removeprefix("-"),
            descending=sort.startswith("-"),
            filters=tuple((k, tuple(dict.fromkeys(v))) for k, v in sorted(filters.items())),
            regions=iris("region"),
            datasets=tuple(dict.fromkeys(v for v in given.getlist("dataset")[:_FILTERS] if v)),
            types=iris("type"),
            cursor=_bounded("cursor", given.get("cursor", ""), _CURSOR),
            limit=_limit(given.get("limit", "")),
        )

    def write(self, asked: BrowseRequest, *, place: bool = True) -> list[tuple[str, str]]:
        """Its parameters; without `place` those that hold for every page of it."""
        write = self.compact.write
        fields = [("q", asked.text)] if asked.text else []
        fields += [("region", write(iri)) for iri in asked.regions]
        fields += [("dataset", name) for name in asked.datasets]
        fields += [("type", write(iri)) for iri in asked.types]
        fields += [(write(name), value) for name, values in asked.filters for value in values]
        if asked.sort:
            fields.append(("sort", f"{'-' if asked.descending else ''}{asked.sort}"))
        if place and asked.limit is not None:
            fields.append(("limit", str(asked.limit)))
        if place and asked.cursor:
            fields.append(("cursor", asked.cursor))
        return fields


def cursor_of(after: After, release: str) -> str:
    """A place in a table, for an address."""
    body: Sequence[object] = (after.key, after.iri) if after.iri else (after.position, release)
    return base64.urlsafe_b64encode(orjson.dumps(body)).decode().rstrip("=")


def place_of(cursor: str, release: str, *, is_sorted: bool) -> After:
    """The place that a cursor names. Raises BadRequest for one that was not made here or for
    another order, PreconditionFailed for a position in another release."""
    if not cursor:
        return After()
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        first, second = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError) as error:
        raise _no_cursor() from error
    if is_sorted:
        if isinstance(first, str) and isinstance(second, str) and is_valid_iri(second):
            return After(first, second)
        raise _no_cursor()
    if not (type(first) is int and 0 < first < _POSITION and isinstance(second, str)):
        raise _no_cursor()
    if second != release:
        raise PreconditionFailed(
            Text(
                ja="この表は新しい公開版に替わりました。",
                en="A newer release has replaced this table.",
            ),
            hint=Text(
                ja="最初のページから開き直してください。", en="Begin again with the first page."
            ),
        )
    return After(position=first)


def _bounded(name: str, text: str, most: int = _VALUE) -> str:
    if len(text) > most:
        raise BadRequest(
            Text(
                ja=f"{name[:40]} が長すぎます（上限 {most} 文字）。",
                en=f"{name[:40]} is too long (at most {most} characters).",
            )
        )
    return text


def _limit(text: str) -> int | None:
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 0 < number <= MOST_ROWS:
        raise BadRequest(
            Text(
                ja=f"limit は 1 から {MOST_ROWS} までの整数で書いてください: {text[:40]}",
                en=f"limit must be a whole number from 1 to {MOST_ROWS}: {text[:40]}",
            )
        )
    return number


def _no_cursor() -> BadRequest:
    return BadRequest(
        Text(ja="cursor を読めません。", en="The cursor cannot be read."),
        hint=Text(
            ja="「次へ」のリンク、または答えの next をそのまま使ってください。",
            en="Use the link to the next page, or `next` of the answer, as it is.",
        ),
    )
