"""Reads requests of the SPARQL 1.1 Protocol: queries and updates.

https://www.w3.org/TR/sparql11-protocol/#query-operation : GET, POST of a form, POST of the text
itself; https://www.w3.org/TR/sparql11-protocol/#update-operation : the two kinds of POST.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.errors import BadRequest, QueryTooLarge, Text, UnsupportedMediaType
from app.settings import Settings
from app.web.negotiation import media_parameters

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_MAX_FIELDS: Final = 200
# A form writes a byte as %XX, and has other fields beside the text.
_FORM_FACTOR: Final = 3
_FORM_SLACK: Final = 16 << 10
_OF_UPDATES: Final = ("update", "using-graph-uri", "using-named-graph-uri")
_OF_QUERIES: Final = ("query", "default-graph-uri", "named-graph-uri")
_MOST: Final = 10**15


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A query request, read: the query (None: none was sent) and its parameters. `bare` when
    there was no parameter at all: the service description is asked for."""

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    timeout_s: float | None = None
    limit: int | None = None
    offset: int = 0
    release: str | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """An update request, read."""

    update: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


async def read_request(request: Request, settings: Settings) -> SparqlRequest:
    """A query request. Raises BadRequest, QueryTooLarge or UnsupportedMediaType."""
    sent = await _read(request, settings.query_text_bytes, "query", QUERY)
    sent.refuse(
        _OF_UPDATES,
        Text(ja="このアドレスは更新を受け付けません。", en="This address takes no updates."),
        Text(ja="更新は /update に送ってください。", en="Send updates to /update."),
    )
    return SparqlRequest(
        query=sent.text,
        default_graphs=sent.all("default-graph-uri"),
        named_graphs=sent.all("named-graph-uri"),
        format=sent.last("format") or sent.last("output"),
        timeout_s=_timeout(sent.last("timeout")),
        limit=_whole_number("limit", sent.last("limit"), least=1),
        offset=_whole_number("offset", sent.last("offset")) or 0,
        release=sent.last("release"),
        bare=request.method != "POST" and all(name == "lang" for name, _ in sent.pairs),
    )


async def read_update(request: Request, settings: Settings) -> UpdateRequest:
    """An update request. Raises BadRequest, QueryTooLarge or UnsupportedMediaType."""
    sent = await _read(request, settings.write_text_bytes, "update", UPDATE)
    sent.refuse(
        _OF_QUERIES,
        Text(ja="このアドレスは更新だけを受け付けます。", en="This address takes updates only."),
        Text(ja="問い合わせは /sparql に送ってください。", en="Send queries to /sparql."),
    )
    if sent.text is None or not sent.text.strip():
        raise BadRequest(
            Text(ja="パラメーター update がありません。", en="The parameter update is missing."),
            hint=Text(
                ja=f"{UPDATE} の本文、またはフォームの update として POST してください。",
                en=f"POST it as {UPDATE}, or as update in a form.",
            ),
        )
    return UpdateRequest(sent.text, sent.all("using-graph-uri"), sent.all("using-named-graph-uri"))


@dataclass(frozen=True, slots=True)
class _Sent:
    text: str | None
    pairs: list[tuple[str, str]]

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.pairs if key == name and value)

    def last(self, name: str) -> str | None:
        values = self.all(name)
        return values[-1] if values else None

    def refuse(self, names: tuple[str, ...], text: Text, hint: Text) -> None:
        if any(name in names for name, _ in self.pairs):
            raise BadRequest(text, hint=hint)


async def _read(request: Request, limit: int, name: str, media_type: str) -> _Sent:
    """The text of an operation, once, from one of the places where it may stand."""
    pairs = _pairs(request.scope["query_string"])
    text: str | None = None
    if request.method == "POST":
        sent_type, charset = content_type(request)
        if charset not in ("", "utf-8", "us-ascii"):
            raise _not_utf8()
        if sent_type == FORM:
            pairs += _pairs(await body(request, limit * _FORM_FACTOR + _FORM_SLACK))
        elif sent_type == media_type:
            if any(key == name for key, _ in pairs):
                raise _twice(name)
            text = _utf8(await body(request, limit))
        else:
            raise UnsupportedMediaType(
                Text(
                    ja=f"本文の形式 {sent_type or '(なし)'} は読めません。",
                    en=f"A body of type {sent_type or '(none)'} is not read here.",
                ),
                hint=Text(
                    ja=f"{media_type} または {FORM} で送ってください。",
                    en=f"Send {media_type} or {FORM}.",
                ),
            )
    texts = [value for key, value in pairs if key == name]
    if len(texts) > 1:
        raise _twice(name)
    if texts:
        text = texts[0]
    if text is not None and len(text.encode(errors="surrogatepass")) > limit:
        raise too_large(limit)
    return _Sent(text, pairs)


def content_type(request: Request) -> tuple[str, str]:
    """Media type and charset of the body, in lower case; empty when they are not given."""
    media_type, *rest = request.headers.get("content-type", "").split(";")
    parameters, _ = media_parameters(rest)
    charset = next((value for name, value in parameters if name == "charset"), "")
    return media_type.strip().lower(), charset.lower()


async def body(request: Request, limit: int) -> bytes:
    """The whole body. Raises QueryTooLarge as soon as it is known to be over the limit."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit)
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise too_large(limit)
    return bytes(received)


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    except ValueError as error:
        raise BadRequest(
            Text(
                ja=f"パラメーターが多すぎます（上限 {_MAX_FIELDS}）。",
                en=f"There are too many parameters (at most {_MAX_FIELDS}).",
            )
        ) from error


def _utf8(sent: bytes) -> str:
    try:
        return sent.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8() from error


def _timeout(text: str | None) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86_400:
        raise BadRequest(
            Text(
                ja=f"timeout は正の秒数で書いてください: {text[:40]}",
                en=f"timeout must be a positive number of seconds: {text[:40]}",
            )
        )
    return seconds


def _whole_number(name: str, text: str | None, *, least: int = 0) -> int | None:
    if text is None:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1
    if not least <= number < _MOST:
        raise BadRequest(
            Text(
                ja=f"{name} は {least} 以上の整数で書いてください: {text[:40]}",
                en=f"{name} must be a whole number of at least {least}: {text[:40]}",
            )
        )
    return number


def _twice(name: str) -> BadRequest:
    return BadRequest(
        Text(
            ja=f"パラメーター {name} が二つ以上あります。",
            en=f"The parameter {name} is given more than once.",
        )
    )


def too_large(limit: int) -> QueryTooLarge:
    """413 for what was sent."""
    return QueryTooLarge(
        Text(
            ja=f"送られた内容が長すぎます（上限 {limit:,} バイト）。",
            en=f"What was sent is too long (at most {limit:,} bytes).",
        ),
        hint=Text(ja="いくつかに分けて送ってください。", en="Send it in several parts."),
    )


def _not_utf8() -> BadRequest:
    return BadRequest(Text(ja="内容が UTF-8 ではありません。", en="What was sent is not UTF-8."))
