"""The endpoint over real HTTP: its clients, its caches, its limits, its writes, its records."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

from app.publish.tokens import Role, Tokens
from tests.live import Answer, LiveServer

GRAPH = "http://example.org/numbers"
ALL = "SELECT ?s ?o { ?s <http://x/p> ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def put(server: LiveServer, graph: str, count: int) -> Answer:
    lines = "".join(f"<http://x/s{n}> <http://x/p> {n} .\n" for n in range(count))
    return server.request(
        "PUT",
        f"/graphs?graph={quote(graph, safe='')}",
        lines.encode(),
        {"content-type": "text/turtle"},
        write=True,
    )


def ask(
    server: LiveServer, query: str, headers: dict[str, str] | None = None, **more: str
) -> Answer:
    return server.request("GET", "/sparql?" + urlencode({"query": query, **more}), None, headers)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with a graph of 500 numbers, small limits, and two processes."""
    settings = {
        "query_rows": 400,
        "query_timeout_s": 2,
        "query_slow_s": 0.5,
        "query_budget_s": 6000,
        "query_burst_s": 6000,
        "query_result_bytes": 40_000,
        "workers": 2,
    }
    with LiveServer(tmp_path_factory.mktemp("http"), settings) as running:
        assert put(running, GRAPH, 500).status == 201
        yield running


# Clients


def converted(client: SPARQLWrapper) -> Any:
    """What the client makes of the answer: by format a dict, a DOM, or bytes."""
    return client.queryAndConvert()


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_every_format(server: LiveServer, method: str) -> None:
    client = SPARQLWrapper(f"{server.base}/sparql")
    client.setMethod(method)
    client.setQuery(ALL + " ORDER BY ?o LIMIT 3")
    client.setReturnFormat(JSON)
    found = converted(client)["results"]["bindings"]
    assert [row["o"]["value"] for row in found] == ["0", "1", "2"]
    client.setReturnFormat(XML)
    assert len(converted(client).getElementsByTagName("result")) == 3
    client.setReturnFormat(CSV)
    assert converted(client).count(b"http://x/s") == 3
    client.setQuery("CONSTRUCT WHERE { ?s <http://x/p> 7 }")
    client.setReturnFormat(TURTLE)
    assert len(Graph().parse(data=converted(client), format="turtle")) == 1


def test_sparqlwrapper_tells_a_wrong_query_from_other_failures(server: LiveServer) -> None:
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    client = SPARQLWrapper(f"{server.base}/sparql")
    client.setQuery("SELECT * { ?s nobody:name ?o }")
    with pytest.raises(QueryBadFormed) as caught:
        client.query()
    assert "nobody" in str(caught.value)


def test_rdflib_reads_and_writes(server: LiveServer) -> None:
    graph = Graph(SPARQLStore(f"{server.base}/sparql", method="POST"), identifier=URIRef(GRAPH))
    assert len(graph) == 500
    assert (URIRef("http://x/s3"), URIRef("http://x/p"), Literal(3)) in graph
    store = SPARQLUpdateStore(
        f"{server.base}/sparql",
        f"{server.base}/update",
        headers={"Authorization": f"Bearer {server.token}"},
    )
    mine = Graph(store, identifier=URIRef("http://example.org/rdflib"))
    mine.add((URIRef("http://x/a"), URIRef("http://x/b"), Literal("読み書き", lang="ja")))
    store.commit()
    assert [str(o) for o in mine.objects()] == ["読み書き"]


def curl(*arguments: str) -> tuple[str, str]:
    """Head and body of what curl was given."""
    command = ["curl", "--silent", "--show-error", "--include", *arguments]
    done = subprocess.run(command, capture_output=True, check=True, timeout=30)
    head, _, body = done.stdout.decode().partition("\r\n\r\n")
    return head.lower(), body


@pytest.mark.skipif(
    shutil.which("curl") is None and os.environ.get("CI") != "true", reason="no curl here"
)
def test_curl_asks_in_each_way_of_the_protocol(server: LiveServer, tmp_path: Path) -> None:
    address, query = f"{server.base}/sparql", ALL + " ORDER BY ?o LIMIT 2"
    asked = ("--data-urlencode", f"query={query}")
    text = tmp_path / "query.rq"
    text.write_text(query)
    direct = ("--header", "Content-Type: application/sparql-query", "--data-binary", f"@{text}")
    for way in (("--get", *asked), asked, direct):
        head, body = curl(*way, "--header", "Accept: text/csv", address)
        assert head.startswith("http/1.1 200")
        assert "tsunagu-result: complete; rows=2" in head
        assert body.splitlines() == ["s,o", "http://x/s0,0", "http://x/s1,1"]
    head, body = curl("--head", "--get", *asked, address)
    assert "content-type: application/sparql-results+json" in head
    assert body == ""
    many = f"query={ALL} LIMIT 100"
    head, body = curl("--compressed", "--get", "--data-urlencode", many, f"{address}?format=srx")
    assert re.search("content-encoding: (gzip|zstd)", head)
    assert body.count("<result>") == 100


# Completeness


def test_an_answer_over_the_cap_says_so_and_offers_the_rest(server: LiveServer) -> None:
    first = ask(server, ALL, {"accept": "text/csv"})
    assert first.headers["tsunagu-result"] == "limited; rows=400"
    link = re.fullmatch(r'<(\?[^>]+)>; rel="next"', first.headers["link"])
    assert link is not None
    rest = server.request("GET", "/sparql" + link[1], None, {"accept": "text/csv"})
    assert rest.headers["tsunagu-result"] == "complete; rows=100"
    rows = first.text.splitlines()[1:] + rest.text.splitlines()[1:]
    assert len(set(rows)) == 500
    other = server.request("GET", "/sparql" + link[1].replace("release=2", "release=1"))
    assert other.status == 412


def test_a_wrong_query_is_shown_with_a_caret_under_the_place(server: LiveServer) -> None:
    wrong = 'SELECT * {\n  ?s rdfs:label "公園" ; foaff:name ?o\n}'
    told = json.loads(ask(server, wrong).body)
    line, caret = told["excerpt"].split("\n")
    assert line == wrong.split("\n")[1]
    assert told["place"] == {"line": 2, "column": line.index("foaff") + 1}
    assert caret.index("^") == line.index("foaff")
    assert told["instead"] == "foaf"
    plain = ask(server, wrong, {"accept": "text/plain"})
    assert told["excerpt"] in plain.text


def test_what_depends_on_who_asks_is_kept_by_no_cache(server: LiveServer) -> None:
    refused = ask(server, "ASK {}", {"authorization": "Bearer nobody"})
    assert (refused.status, refused.headers["cache-control"]) == (401, "no-store")
    wrong = ask(server, "SELECT")
    assert (wrong.status, wrong.headers["cache-control"]) == (400, "public, max-age=10")


def test_a_timeout_says_what_was_spent(server: LiveServer) -> None:
    answer = ask(server, RUNAWAY, timeout="0.5")
    assert answer.status == 503
    spent = json.loads(answer.body)["spent"]
    assert spent["allowed_seconds"] == 0.5
    assert 0.5 <= spent["seconds"] < 2
    assert "retry-after" not in answer.headers


def test_an_answer_too_long_for_the_cap_is_no_answer(server: LiveServer) -> None:
    answer = ask(
        server, "SELECT ?s ?o ?x ?y { ?s <http://x/p> ?o . ?x <http://x/p> ?y }", format="xml"
    )
    assert answer.status == 422
    assert json.loads(answer.body)["code"] == "answer-too-large"


def test_a_client_who_goes_away_frees_its_process(server: LiveServer) -> None:
    def busy() -> int:
        status = server.request("GET", "/status?format=json")
        return int(json.loads(status.body)["busy"])

    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        target = "/sparql?" + urlencode({"query": RUNAWAY})
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.5)
        assert busy() == 1
    time.sleep(0.3)
    assert busy() == 0


def test_a_client_who_spends_too_much_is_told_to_wait(tmp_path: Path) -> None:
    tight = {"query_budget_s": 6, "query_burst_s": 0.3, "query_timeout_s": 0.5}
    with LiveServer(tmp_path, tight) as server:
        put(server, GRAPH, 300)
        assert ask(server, RUNAWAY).status == 503
        refused = ask(server, ALL)
        assert refused.status == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 10
        _, secret = Tokens(server.data).add(Role.VIEWER, budget_s=600)
        trusted = ask(server, ALL, {"authorization": f"Bearer {secret}"})
        assert trusted.status == 200
        assert ask(server, ALL, {"authorization": "Bearer nobody"}).status == 401


# Caches


def test_an_answer_is_not_sent_again_before_the_release_changes(server: LiveServer) -> None:
    query = "SELECT (COUNT(*) AS ?n) { GRAPH <http://example.org/cached> { ?s ?p ?o } }"
    put(server, "http://example.org/cached", 3)
    first = ask(server, query)
    tag = {"if-none-match": first.headers["etag"]}
    assert '"3"' in first.text
    again = ask(server, query, tag)
    assert (again.status, again.body) == (304, b"")
    assert ask(server, query, {**tag, "accept": "text/csv"}).status == 200
    assert ask(server, query, {"if-modified-since": first.headers["last-modified"]}).status == 304
    put(server, "http://example.org/cached", 4)
    fresh = ask(server, query, tag)
    assert fresh.status == 200
    assert '"4"' in fresh.text
    now = ask(server, "SELECT (NOW() AS ?now) {}")
    assert "etag" not in now.headers
    assert now.headers["cache-control"] == "no-store"


NGINX = """
{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=lod:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {base}; proxy_http_version 1.1; proxy_set_header Host $host;
      proxy_cache lod; proxy_cache_revalidate on;
      add_header X-Cache $upstream_cache_status always;
    }}
  }}
}}
"""


def test_a_shared_cache_never_gives_one_client_what_another_asked_for(
    server: LiveServer, tmp_path: Path
) -> None:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(nginx).exists():
        reason = "nginx is not installed (apt-get install nginx-light)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = "user root;" if os.geteuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(
        NGINX.format(folder=tmp_path, port=port, base=server.base, user=user)
    )
    front = LiveServer(server.data)
    front.port = port
    process = subprocess.Popen(
        [nginx, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path), "-e", str(tmp_path / "e")]
    )
    try:
        for _ in range(100):
            try:
                front.request("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.05)
        wanted = {
            "application/sparql-results+json": "application/sparql-results+json",
            "text/csv": "text/csv; charset=utf-8",
            "application/sparql-results+xml": "application/sparql-results+xml",
            "text/html": "text/html; charset=utf-8",
        }
        query = ALL + " LIMIT 5"
        seen = []
        for _ in range(3):
            for accept, media_type in wanted.items():
                for coding in ("", "gzip"):
                    answer = ask(front, query, {"accept": accept, "accept-encoding": coding})
                    assert answer.status == 200
                    assert answer.headers["content-type"] == media_type
                    assert answer.headers.get("content-encoding", "") in ("", coding)
                    assert (answer.body[:2] == b"\x1f\x8b") == (
                        "content-encoding" in answer.headers
                    )
                    seen.append(answer.headers["x-cache"])
        assert seen.count("HIT") >= 6
        errors = [ask(front, "SELECT", {"accept-language": lang}) for lang in ("ja", "en", "ja")]
        details = [json.loads(error.body)["detail"] for error in errors]
        assert details[0] == details[2] != details[1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


# Writes


def test_nobody_writes_without_a_token(server: LiveServer) -> None:
    update = {"content-type": "application/sparql-update"}
    for method, target in (("POST", "/update"), ("PUT", "/graphs/x"), ("DELETE", "/graphs/x")):
        answer = server.request(method, target, b"CLEAR ALL", update)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    _, secret = Tokens(server.data).add(Role.EDITOR, graphs=[f"{server.base}/graphs/mine"])
    mine = {"authorization": f"Bearer {secret}", "content-type": "text/turtle"}
    assert server.request("PUT", "/graphs/mine", b"<a> <b> 1 .", mine).status == 201
    assert server.request("PUT", "/graphs/other", b"<a> <b> 1 .", mine).status == 403
    assert server.request("POST", "/graphs", b"<a> <b> 1 .", mine).status == 403
    clear = {**mine, **update}
    assert server.request("POST", "/update", b"CLEAR ALL", clear).status == 403
    assert ask(server, ALL + " LIMIT 1").headers["tsunagu-result"] == "complete; rows=1"


def test_a_write_is_read_back_at_once_from_every_process(server: LiveServer) -> None:
    for n in (5, 6, 7):
        written = put(server, "http://example.org/back", n)
        for _ in range(6):  # each connection may reach another process
            count = ask(server, "SELECT ?s { GRAPH <http://example.org/back> { ?s ?p ?o } }")
            assert count.headers["tsunagu-result"] == f"complete; rows={n}"
            assert count.headers["tsunagu-release"] == written.headers["tsunagu-release"]
            graph = server.request("GET", "/graphs?graph=http://example.org/back")
            assert graph.text.count("http://x/s") + graph.text.count("x:s") >= n


def test_conditions_on_writes(server: LiveServer) -> None:
    turtle = {"content-type": "text/turtle"}
    new = {**turtle, "if-none-match": "*"}
    assert server.request("PUT", "/graphs/once", b"<a> <b> 1 .", new, write=True).status == 201
    assert server.request("PUT", "/graphs/once", b"<a> <b> 2 .", new, write=True).status == 412
    there = {**turtle, "if-match": "*"}
    assert server.request("PUT", "/graphs/never", b"<a> <b> 2 .", there, write=True).status == 412


@pytest.mark.parametrize(
    ("target", "body", "media_type", "status"),
    [
        ("/graphs/x", b"<a> <b> ", "text/turtle", 400),
        ("/graphs/x", b"<a> <b> 1 .", "text/html", 415),
        ("/graphs/x", b"<a> <b> 1 .", "text/turtle; charset=shift_jis", 415),
        ("/graphs?graph=relative", b"<a> <b> 1 .", "text/turtle", 400),
        ("/graphs/x?default", b"<a> <b> 1 .", "text/turtle", 400),
        ("/graphs/x", b"[" * 100, "application/ld+json", 400),
        ("/graphs/x", b"<!DOCTYPE x><x/>", "application/rdf+xml", 400),
        ("/graphs/x", b" " * (65 << 20), "text/turtle", 413),
    ],
)
def test_what_is_no_graph_is_told_so(
    server: LiveServer, target: str, body: bytes, media_type: str, status: int
) -> None:
    answer = server.request("PUT", target, body, {"content-type": media_type}, write=True)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sparql", "GET, HEAD, POST"),
        ("/update", "POST"),
        ("/graphs/x", "GET, HEAD, PUT, POST, DELETE"),
    ],
)
def test_options_names_the_methods(server: LiveServer, path: str, allowed: str) -> None:
    answer = server.request("OPTIONS", path)
    assert answer.status == 204
    assert answer.headers["allow"] == allowed + ", OPTIONS"


# Records


def test_the_log_has_the_id_that_the_answer_repeats(server: LiveServer) -> None:
    answer = ask(server, ALL + " LIMIT 2", format="tsv")
    slow = ask(server, "# slow\n" + RUNAWAY, timeout="0.7")
    ids = {
        answer.headers["tsunagu-query-id"]: "query",
        slow.headers["tsunagu-query-id"]: "slow query",
    }
    lines = [json.loads(line) for line in (server.data / "server.log").read_text().splitlines()]
    found = {line["query_id"]: line for line in lines if line.get("query_id") in ids}
    assert {id: line["event"] for id, line in found.items()} == ids
    fast, late = (found[id] for id in ids)
    assert (fast["form"], fast["outcome"], fast["rows"]) == ("select", "ok", 2)
    assert "text" not in fast
    assert late["outcome"] == "query-timeout"
    assert late["text"].startswith("# slow")


def test_metrics_are_the_sum_of_all_processes(server: LiveServer) -> None:
    def queries() -> float:
        text = server.request("GET", "/metrics").text
        pattern = r'^tsunagu_query_seconds_count\{form="ask",outcome="ok"\} (\S+)$'
        found = re.search(pattern, text, re.MULTILINE)
        return float(found[1]) if found is not None else 0.0

    before = queries()
    for n in range(12):
        ask(server, f"ASK {{ FILTER({n} = {n}) }}")
    assert [queries() for _ in range(4)] == [before + 12] * 4


def test_the_status_page_is_for_people_in_their_language(server: LiveServer) -> None:
    for language, title in (("ja", "稼働状況"), ("en", "Status")):
        page = server.request(
            "GET", "/status", headers={"accept": "text/html", "accept-language": language}
        )
        assert page.status == 200
        assert f"<h1>{title}</h1>" in page.text
    told = json.loads(server.request("GET", "/status", headers={"accept": "application/json"}).body)
    assert told["quads"] >= 500
