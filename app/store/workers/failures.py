"""The sentences for a query that was not answered."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Any

from app.errors import (
    AnswerTooLarge,
    NotAcceptable,
    Place,
    QueryBudgetSpent,
    QueryError,
    QueryMemory,
    QueryOverload,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    StoreError,
    Text,
    TsunaguError,
)
from app.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS
from app.store.base import QueryRequest
from app.store.workers import diagnosis, lexer


def from_worker(failure: Mapping[str, Any], request: QueryRequest) -> TsunaguError:
    """The error for a FAILURE frame."""
    kind, detail = failure["kind"], failure["detail"]
    if kind == "syntax":
        return diagnosis.from_told(detail)
    if kind == "update":
        return update_refused()
    if kind == "service":
        return service_refused()
    if kind == "not-acceptable":
        return not_acceptable(request)
    if kind == "answer-too-long":
        return answer_too_long(request.max_bytes)
    if kind == "not-xml":
        return not_xml(detail)
    if kind == "memory":
        return out_of_memory()
    if kind == "release":
        return StoreError(
            Text(
                ja=f"リリースを開けません: {detail}",
                en=f"The release cannot be opened: {detail}",
            ),
            hint=Text(
                ja="`tsunagu releases verify` で確認してください。",
                en="Check it with `tsunagu releases verify`.",
            ),
        )
    if kind == "parameter":
        return QueryRefused(
            Text(
                ja=f"クエリの引数が正しくありません: {detail}",
                en=f"A parameter of the query is wrong: {detail}",
            )
        )
    return QueryError(
        Text(ja=f"クエリを評価できません: {detail}", en=f"The query cannot be evaluated: {detail}")
    )


def from_death(status: int | None, seconds: float, allowed: float) -> QueryError:
    """The error for a worker that ended by itself; `status` as of subprocess: −signal."""
    if status == -signal.SIGSYS:
        return service_refused()
    if status == -signal.SIGXCPU:
        return timeout(seconds, allowed)
    return out_of_memory()


def timeout(seconds: float, allowed: float) -> QueryTimeout:
    """The deadline passed. Says what was spent."""
    return QueryTimeout(
        Text(
            ja=f"クエリを {seconds:.1f} 秒実行したところで打ち切りました。",
            en=f"The query was stopped after {seconds:.1f} seconds.",
        ),
        hint=Text(
            ja="LIMIT を付けるか、条件を絞ってください。",
            en="Add a LIMIT, or narrow the patterns.",
        ),
        spent={"seconds": round(seconds, 3), "allowed_seconds": allowed},
    )


def out_of_memory() -> QueryMemory:
    """The worker went past its memory limit, or its stack."""
    return QueryMemory(
        Text(
            ja="クエリがメモリの上限を超えたか、入れ子が深すぎたため、打ち切りました。",
            en="The query needed more memory, or was nested deeper, than is allowed.",
        ),
        hint=Text(
            ja="ORDER BY・DISTINCT・GROUP BY の対象を減らすか、入れ子を浅くしてください。",
            en="Sort, group or make distinct fewer solutions, or nest less.",
        ),
    )


def not_text() -> QuerySyntaxError:
    """The text holds halves of characters."""
    return QuerySyntaxError(
        Text(ja="クエリが UTF-8 ではありません。", en="The query is not UTF-8.")
    )


def text_too_long(length: int, limit: int) -> QueryTooLarge:
    """The query text is over the cap."""
    return QueryTooLarge(
        Text(
            ja=f"クエリは {length} バイトで、上限の {limit} バイトを超えています。",
            en=f"The query has {length} bytes; at most {limit} are taken.",
        ),
        hint=Text(
            ja="VALUES などの長い列挙を分けて送ってください。",
            en="Send long lists (VALUES, IN) in several queries.",
        ),
    )


def answer_too_long(limit: int | None) -> AnswerTooLarge:
    """The answer is over the cap."""
    return AnswerTooLarge(
        Text(
            ja=f"結果が上限の {limit} バイトを超えました。",
            en=f"The answer is longer than the limit of {limit} bytes.",
        ),
        hint=Text(
            ja="パラメーター limit と offset（または LIMIT・OFFSET）で分けて取得してください。",
            en="Fetch it in pages with the parameters limit and offset (or LIMIT and OFFSET).",
        ),
    )


def service_refused() -> QueryRefused:
    """A SERVICE clause, or an attempt to reach the network."""
    return QueryRefused(
        Text(
            ja="SERVICE (ほかのエンドポイントへの問い合わせ) は使えません。",
            en="SERVICE (asking another endpoint) is not allowed here.",
        ),
        hint=Text(
            ja="SERVICE の部分を除き、結果を手元で結合してください。",
            en="Remove the SERVICE clause and join the results on your side.",
        ),
    )


def update_refused() -> QueryRefused:
    """SPARQL Update sent as a query."""
    return QueryRefused(
        Text(
            ja="これは SPARQL Update です。ここでは問い合わせ (SELECT・ASK・CONSTRUCT・DESCRIBE) だけ実行できます。",
            en="This is a SPARQL update; only SELECT, ASK, CONSTRUCT and DESCRIBE are run here.",
        )
    )


def overload(waiting: int) -> QueryOverload:
    """The queue is full, or waiting took too long."""
    return QueryOverload(
        Text(
            ja=f"混み合っています ({waiting} 件が待っています)。",
            en=f"The endpoint is busy ({waiting} queries are waiting).",
        ),
        hint=Text(ja="少し待ってからもう一度送ってください。", en="Try again in a moment."),
    )


def no_room() -> QueryOverload:
    """Too many long answers wait for their readers."""
    return QueryOverload(
        Text(
            ja="読み終わっていない長い結果が多く、この結果を置く場所がありません。",
            en="Too many long answers have not been read yet; there is no room for this one.",
        ),
        hint=Text(ja="少し待ってからもう一度送ってください。", en="Try again in a moment."),
    )


def budget_spent(wait_s: int) -> QueryBudgetSpent:
    """The client has used up its query seconds."""
    return QueryBudgetSpent(
        Text(
            ja="このアドレスからの問い合わせが、使える時間を使い切りました。",
            en="The queries from this address have used up the time they are given.",
        ),
        hint=Text(
            ja=f"{wait_s} 秒待つか、軽い問い合わせにしてください。トークンがあれば上限は大きくなります。",
            en=f"Wait {wait_s} seconds, or ask for less. A token has a larger allowance.",
        ),
        retry_after_s=wait_s,
    )


def closed() -> QueryOverload:
    """The service is shutting down."""
    return QueryOverload(
        Text(ja="サービスは停止するところです。", en="The service is shutting down."),
        hint=Text(ja="少し待ってからもう一度送ってください。", en="Try again in a moment."),
    )


def cannot_start() -> StoreError:
    """Workers die before they are ready."""
    return StoreError(
        Text(
            ja="クエリを実行するプロセスを起動できません。",
            en="The query processes cannot be started.",
        ),
        hint=Text(
            ja="サーバーのログと設定 query_memory_bytes を確認してください。",
            en="See the server's log, and the setting query_memory_bytes.",
        ),
    )


def no_process() -> QueryOverload:
    """Workers die before they are ready: of something that has passed or will."""
    return QueryOverload(
        Text(
            ja="いま、クエリを実行するプロセスがありません。",
            en="There is no process to run the query just now.",
        ),
        hint=Text(ja="少し待ってからもう一度送ってください。", en="Try again in a moment."),
    )


def not_xml(what: str) -> NotAcceptable:
    """XML has no way to write a character, or a predicate, of the answer."""
    return NotAcceptable(
        Text(
            ja=f"結果に XML では表せないもの ({what}) があります。",
            en=f"The answer holds what XML cannot express: {what}",
        ),
        place=Place(field="Accept"),
        hint=Text(
            ja="JSON、TSV、N-Triples などの形式で求めてください。",
            en="Ask for JSON, TSV, N-Triples or another format.",
        ),
    )


def not_acceptable(request: QueryRequest) -> NotAcceptable:
    """No media type of `accept` fits what the query gives."""
    graph = lexer.form(request.text) in ("construct", "describe")
    offered = GRAPH_FORMATS if graph else RESULT_FORMATS
    types = ", ".join(format.value.media_type for format in offered)
    return NotAcceptable(
        Text(
            ja=f"要求された形式 ({', '.join(request.accept)}) では返せません。",
            en=f"None of the accepted media types ({', '.join(request.accept)}) fits this query.",
        ),
        place=Place(field="Accept"),
        hint=Text(ja=f"使える形式: {types}", en=f"Offered: {types}"),
    )
