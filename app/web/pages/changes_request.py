"""Which part of a difference a request wants."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from app.errors import BadRequest, PageNotFound, Text
from app.publish.change_sets import Summary
from app.publish.changes import Operation
from app.rdf.formats import Formats
from app.rdf.terms import is_valid_iri
from app.web.refusals import Alternative

_MOST_ENTITIES: Final = 10_000  # of one answer in JSON
_PARTS: Final = {"added": Operation.ADD, "removed": Operation.DELETE}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The part of a difference that is wanted."""

    dataset: str | None
    entity: str | None
    operation: Operation | None
    offset: int
    limit: int

    @classmethod
    def of(cls, request: Request) -> Narrowed:
        """From the fields of an address. Raises BadRequest."""
        query = request.query_params
        part = query.get("part")
        if part is not None and part not in _PARTS:
            raise _wrong("part", part, ", ".join(_PARTS))
        entity = query.get("entity")
        if entity is not None and not is_valid_iri(entity):
            raise _wrong("entity", entity, "https://…")
        operation = _PARTS[part] if part is not None else None
        offset, limit = (
            number(name, query.get(name), default)
            for name, default in (("offset", 0), ("limit", 1_000))
        )
        return cls(query.get("dataset"), entity, operation, offset, min(limit, _MOST_ENTITIES))

    def check(self, summary: Summary) -> None:
        """Raises PageNotFound for a data set that did not change: its name may be wrong."""
        names = [dataset.name for dataset in summary.datasets]
        if self.dataset is not None and self.dataset not in names:
            listed = ", ".join(names) or "-"
            raise PageNotFound(
                Text(
                    ja=f"データセット {self.dataset[:80]} はこの間に変わっていません。",
                    en=f"The data set {self.dataset[:80]} did not change between these releases.",
                ),
                hint=Text(ja=f"変わったのは {listed} です。", en=f"Those that did: {listed}."),
            )

    def check_part(self) -> None:
        """Raises BadRequest where it is not said which quads are wanted: those that came and
        those that went look the same."""
        if self.operation is None:
            raise BadRequest(
                Text(
                    ja="追加と削除のどちらのクアッドかを part で指定してください。",
                    en="Say by `part` which quads are wanted: those that came or those that went.",
                ),
                hint=Text(
                    ja="?part=added または ?part=removed を付けるか、両方を含む .rdfp を"
                    "取得してください。",
                    en="Add ?part=added or ?part=removed, or take .rdfp, which has both.",
                ),
            )

    def alternatives(self, forms: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
        """The forms of the same part; N-Quads are two files."""
        found = []
        for form in forms:
            parts = _PARTS if form.media_type == Formats.N_QUADS.value.media_type else (None,)
            found += [replace(form, href=form.href + self.fields(part)) for part in parts]
        return tuple(found)

    def key(self) -> tuple[object, ...]:
        """All that decides the bytes of the answer."""
        return (self.dataset, self.entity, self.operation, self.offset, self.limit)

    def fields(self, part: str | None = None) -> str:
        """As the query of an address, with its question mark."""
        pairs = [("dataset", self.dataset), ("entity", self.entity), ("part", part)]
        given = [(name, value) for name, value in pairs if value is not None]
        return f"?{urlencode(given)}" if given else ""


def number(name: str, text: str | None, default: int) -> int:
    """A whole number of an address. Raises BadRequest."""
    if text is None:
        return default
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    raise _wrong(name, text, "0, 1, 2 …")


def _wrong(name: str, value: str, right: str) -> BadRequest:
    return BadRequest(
        Text(
            ja=f"パラメーター {name} の値「{value[:80]}」は使えません。",
            en=f"The parameter {name} cannot be “{value[:80]}”.",
        ),
        hint=Text(ja=f"使えるのは {right} です。", en=f"It takes {right}."),
    )
