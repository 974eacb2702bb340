"""The SPARQL protocol over HTTP and the form for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import errors
from app.errors import Text
from app.web.app import build_app
from app.web.errors import STATUS
from app.web.parts import WebParts
from tests.web.client import Client
from tests.web.conftest import Open
from tests.web.fakes import MemoryQueries, MemorySnapshot, parts

SELECT = "SELECT ?s WHERE { ?s a ic:施設型 }"
CONSTRUCT = "CONSTRUCT WHERE { ?s a ic:施設型 }"


def with_queries() -> tuple[WebParts, MemoryQueries]:
    queries = MemoryQueries(MemorySnapshot().store)
    return replace(parts(), queries=queries), queries


@pytest.mark.parametrize("how", ["get", "form", "direct"])
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/turtle, text/csv;q=0.2", "text/csv"),
    ],
)
def test_select_answers_in_every_form(
    client: Client, how: str, accept: str, media_type: str
) -> None:
    headers = {"accept": accept}
    if how == "get":
        answer = client.get("/sparql", params={"query": SELECT}, headers=headers)
    elif how == "form":
        answer = client.post("/sparql", data={"query": SELECT}, headers=headers)
    else:
        headers["content-type"] = "application/sparql-query"
        answer = client.post("/sparql", content=SELECT.encode(), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["tsunagu-result"] == "complete; rows=1"
    assert "id/aed/1" in answer.text


@pytest.mark.parametrize(
    "media_type",
    ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"],
)
def test_construct_answers_in_every_form(client: Client, media_type: str) -> None:
    answer = client.get("/sparql", params={"query": CONSTRUCT}, headers={"accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "aed/1" in answer.text


def test_ask_and_the_format_parameter(client: Client) -> None:
    answer = client.get("/sparql", params={"query": "ASK {}", "format": "srx"})
    assert "<boolean>true</boolean>" in answer.text
    csv = client.get("/sparql", params={"query": SELECT, "format": "csv"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert client.get("/sparql", params={"query": SELECT, "format": "exe"}).status_code == 406


def test_the_dataset_parameters_are_handed_on(open_client: Open) -> None:
    own, queries = with_queries()
    client = open_client(own)
    client.get(
        "/sparql?default-graph-uri=http://x/1&default-graph-uri=http://x/2"
        "&named-graph-uri=http://x/3&timeout=2.5",
        params={},
    )
    answer = client.post(
        "/sparql?default-graph-uri=http://x/1&default-graph-uri=http://x/2&timeout=2.5",
        content=SELECT.encode(),
        headers={"content-type": "application/sparql-query"},
    )
    assert answer.status_code == 200
    (asked,) = queries.asked
    assert asked.default_graphs == ("http://x/1", "http://x/2")
    assert asked.timeout_s == 2.5


@pytest.mark.parametrize(
    ("method", "address", "content", "content_type", "status"),
    [
        ("GET", "/sparql?query=", b"", None, 400),
        ("GET", "/sparql?query=ASK{}&query=ASK{}", b"", None, 400),
        ("GET", "/sparql?query=%FF", b"", None, 400),
        ("GET", "/sparql?query=ASK{}&timeout=never", b"", None, 400),
        ("GET", "/sparql?" + "&".join(f"a{n}=1" for n in range(300)), b"", None, 400),
        ("POST", "/sparql", b"ASK{}", "text/plain", 415),
        ("POST", "/sparql", b"ASK{}", None, 415),
        ("POST", "/sparql", b"\xff", "application/sparql-query", 400),
        ("POST", "/sparql?query=ASK{}", b"ASK{}", "application/sparql-query", 400),
        ("POST", "/sparql", b"update=CLEAR+ALL", "application/x-www-form-urlencoded", 400),
        ("POST", "/sparql", b"#" * 70_000, "application/sparql-query", 413),
        ("POST", "/sparql", b"query=" + b"%23" * 70_000, "application/x-www-form-urlencoded", 413),
        ("POST", "/sparql", b"CLEAR ALL", "application/sparql-update", 415),
    ],
)
def test_what_is_no_protocol_request_is_told_so(
    client: Client,
    method: str,
    address: str,
    content: bytes,
    content_type: str | None,
    status: int,
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = client.request(method, address, content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "kind",
    [
        errors.QueryRefused,
        errors.QueryTooLarge,
        errors.QueryTimeout,
        errors.QueryMemory,
        errors.QueryOverload,
    ],
)
def test_failures_of_the_service_keep_their_status(
    open_client: Open, kind: type[errors.QueryError]
) -> None:
    own, queries = with_queries()
    queries.failure = kind(Text("だめ", "no"))
    answer = open_client(own).get("/sparql", params={"query": SELECT})
    assert answer.status_code == STATUS[kind]
    assert ("retry-after" in answer.headers) == (kind is errors.QueryOverload)


def test_a_late_failure_breaks_the_connection() -> None:
    own, queries = with_queries()
    queries.late = errors.QueryTimeout(Text("時間切れ", "timed out"))
    with (
        Client(build_app(own), raise_faults=True) as client,
        pytest.raises(RuntimeError, match="already started") as caught,
    ):
        client.get("/sparql", params={"query": SELECT})
    assert isinstance(caught.value.__cause__, errors.QueryTimeout)


def test_a_stream_does_not_claim_to_be_complete(open_client: Open) -> None:
    own, queries = with_queries()
    queries.late = errors.QueryTimeout(Text("時間切れ", "timed out"))
    answer = open_client(own).head("/sparql", params={"query": SELECT})
    assert answer.headers["tsunagu-result"] == "streaming"
    assert "content-length" not in answer.headers


def test_a_browser_gets_a_form_and_a_table(client: Client) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    form = client.get("/sparql", headers=browser)
    assert form.status_code == 200
    assert '<textarea id="query"' in form.text
    table = client.get("/sparql", params={"query": SELECT}, headers=browser)
    assert 'href="/id/aed/1"' in table.text
    assert "format=csv" in table.text
    yes = client.get("/sparql", params={"query": "ASK {}"}, headers=browser)
    assert "はい (true)" in yes.text
    graph = client.get("/sparql", params={"query": CONSTRUCT}, headers=browser)
    assert "&lt;https://data.example.jp/id/aed/1&gt;" in graph.text


def test_a_browser_sees_where_the_query_is_wrong(client: Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT 新 x"}, headers={"accept": "text/html"})
    assert answer.status_code == 400
    assert '<textarea id="query"' in answer.text
    assert "SELECT 新 x\n       ^" in answer.text


def test_the_service_starts_and_ends_with_the_application() -> None:
    own, queries = with_queries()
    with Client(build_app(own)):
        assert queries.running
    assert not queries.running
