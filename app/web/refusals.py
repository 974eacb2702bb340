"""Errors that say more than their sentence: what is on offer, what may have been meant, what was
there before. How they are answered is told in `errors`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from app import errors
from app.errors import Text
from app.publish.gone import Gone


@dataclass(frozen=True, slots=True)
class Alternative:
    """A format that would have been answered, with its address."""

    label: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class Near:
    """A thing that may have been meant, with its address and its name."""

    iri: str
    href: str
    label: str


def _with(form: Alternative, pairs: list[tuple[str, str]]) -> Alternative:
    """A format at its address with further parameters; its own stay."""
    address, _, query = form.href.partition("?")
    own = parse_qsl(query, keep_blank_values=True)
    names = {name for name, _ in own}
    query = urlencode([*own, *(pair for pair in pairs if pair[0] not in names)])
    return replace(form, href=f"{address}?{query}" if query else address)


class UnknownThing(errors.EntityNotFound):
    """404 with things that may have been meant."""

    def __init__(self, text: Text, hint: Text, near: tuple[Near, ...]) -> None:
        super().__init__(text, hint=hint)
        self.near = near

    @property
    def code(self) -> str:
        """That of its base class: the table of errors is the public one."""
        return "entity-not-found"

    def to_json(self) -> dict[str, Any]:
        """With the addresses of what may have been meant."""
        near = [{"iri": n.iri, "href": n.href, "label": n.label} for n in self.near]
        return {**super().to_json(), **({"near": near} if near else {})}


class RemovedThing(errors.EntityGone):
    """410 with what is still known: the names, and the release that left the thing out."""

    def __init__(self, text: Text, hint: Text, gone: Gone) -> None:
        super().__init__(text, hint=hint)
        self.gone = gone

    @property
    def code(self) -> str:
        """That of its base class."""
        return "entity-gone"

    def to_json(self) -> dict[str, Any]:
        """With its IRI, its names and the release."""
        known = {"iri": self.gone.iri, "removed": self.gone.removed, "names": self.gone.names}
        return {**super().to_json(), "gone": known}


class NoneAcceptable(errors.NotAcceptable):
    """406 with the formats that are on offer. `named` is the value of `?format=`, which decides
    instead of the Accept header where it is given."""

    def __init__(self, alternatives: tuple[Alternative, ...], named: str | None = None) -> None:
        names = ", ".join(a.media_type for a in alternatives)
        cause = Text(
            ja="Accept ヘッダーの形式では返せません。",
            en="None of the formats in the Accept header can be answered.",
        )
        if named is not None:
            cause = Text(
                ja=f"format={named[:80]} という形式では返せません。",
                en=f"There is no format={named[:80]} of this.",
            )
        super().__init__(
            cause,
            hint=Text(ja=f"次の形式で取得できます: {names}", en=f"These are on offer: {names}"),
        )
        self.alternatives = alternatives
        self._named = named

    def of(self, query: str) -> NoneAcceptable:
        """The same as the answer to a request with the query of its address: what was asked for
        stays asked for in the other formats."""
        pairs = parse_qsl(query, keep_blank_values=True)
        named = dict(pairs).get("format", self._named)
        kept = [(name, value) for name, value in pairs if name != "format"]
        return NoneAcceptable(tuple(_with(a, kept) for a in self.alternatives), named)

    @property
    def code(self) -> str:
        """That of its base class: the table of errors is the public one."""
        return "not-acceptable"
