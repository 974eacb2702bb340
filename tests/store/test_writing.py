"""Foreign writes: confined, whole or not at all, several as one release."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from app.errors import (
    BadRequest,
    QueryError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    RightMissing,
    Text,
)
from app.rdf.formats import Formats
from app.settings import Settings
from app.store.base import Document, GraphChange, GraphDifference, Update
from app.store.embedded import EmbeddedReleases
from app.store.writing.documents import RefusedDocumentError, check_document, json_depth
from app.store.writing.rewrite import EmbeddedRewriter

from .conftest import publish

G = "http://example.org/g"
NEW = "http://example.org/new"
DEFAULT = "http://example.org/graphs/default"


def rewriter(releases: EmbeddedReleases, **settings: object) -> EmbeddedRewriter:
    return EmbeddedRewriter(releases, Settings.model_validate(settings))


def update(text: str) -> Update:
    return Update(text, DEFAULT)


def put(graph: str, data: str, format: Formats = Formats.TURTLE) -> GraphChange:
    return GraphChange("put", graph, [Document(data.encode(), format.name, graph)])


def content(releases: EmbeddedReleases, graph: str) -> set[str]:
    quads = releases.snapshot().quads(graph=NamedNode(graph), limit=10_000)
    return {str(quad.object) for quad in quads}


def test_a_write_becomes_a_release_and_the_old_one_stays(releases: EmbeddedReleases) -> None:
    first = publish(releases, 100)
    done = rewriter(releases).rewrite(
        [update(f"INSERT DATA {{ GRAPH <{G}> {{ <x:s> <x:p> 1 }} }}")]
    )
    assert done.manifest is not None
    assert done.manifest.parent == first
    assert done.graphs == {G: GraphDifference(100, 101)}
    assert done.manifest.graphs[G].quads == 101
    assert done.manifest.graphs[G].dataset == "d"
    assert releases.current_id() == done.manifest.id
    releases.verify()
    releases.verify(first)
    assert len(list(releases.snapshot(first).quads(limit=1000))) == 100


def test_a_store_may_begin_with_a_write(releases: EmbeddedReleases) -> None:
    done = rewriter(releases).rewrite([put(NEW, "<x:s> <x:p> 1, 2 .")])
    assert not done.outcomes[0].existed
    assert done.manifest is not None
    assert done.manifest.quads == 2
    releases.verify()


def test_several_changes_are_one_release_and_a_failed_one_leaves_no_trace(
    releases: EmbeddedReleases,
) -> None:
    publish(releases, 100)
    done = rewriter(releases).rewrite(
        [
            put(NEW, "<a> <b> 1 ."),
            update("INSERT DATA { <x:s> <x:p> 1 } ; nonsense"),
            GraphChange("post", NEW, [Document(b"<a> <b> 2 .", "TURTLE", NEW)]),
            put(NEW, "<a> <b> "),
            GraphChange("delete", "http://example.org/none"),
            GraphChange("delete", G),
        ]
    )
    errors = [type(outcome.error) for outcome in done.outcomes]
    nothing = type(None)
    assert errors == [nothing, QuerySyntaxError, nothing, BadRequest, nothing, nothing]
    assert [outcome.existed for outcome in done.outcomes] == [
        False,
        False,
        True,
        False,
        False,
        True,
    ]
    assert done.manifest is not None
    assert list(done.manifest.graphs) == [NEW]
    assert len(content(releases, NEW)) == 2
    assert len(releases.directory.ids()) == 2


def test_what_changes_nothing_makes_no_release(releases: EmbeddedReleases) -> None:
    first = publish(releases, 100)
    writing = rewriter(releases)
    assert writing.rewrite([GraphChange("delete", NEW)]).manifest == releases.current()
    done = writing.rewrite([update("DELETE DATA { <x:s> <x:p> 1 }"), update("x")])
    assert (done.graphs, releases.current_id()) == ({}, first)


def test_the_default_graph_of_an_update_is_a_named_one_of_the_release(
    releases: EmbeddedReleases,
) -> None:
    publish(releases, 10)
    writing = rewriter(releases)
    done = writing.rewrite([update("INSERT DATA { <x:s> <x:p> 1, 2 }")])
    assert done.graphs == {DEFAULT: GraphDifference(None, 2)}
    done = writing.rewrite([update("DELETE { ?s ?p 1 } INSERT { ?s ?p 3 } WHERE { ?s ?p 1 }")])
    assert done.graphs == {DEFAULT: GraphDifference(2, 2)}
    assert {term[1] for term in content(releases, DEFAULT)} == {"2", "3"}
    writing.rewrite([update("CLEAR DEFAULT")])
    assert releases.current() is not None
    assert content(releases, DEFAULT) == set()


def test_who_may_not_write_a_graph_is_told_before_anything_is_seen(
    releases: EmbeddedReleases,
) -> None:
    first = publish(releases, 100)
    seen: list[str] = []

    def allow(graphs: Mapping[str, GraphDifference]) -> None:
        seen.extend(graphs)
        raise RightMissing(Text("だめ", "no"))

    with pytest.raises(RightMissing):
        rewriter(releases).rewrite(
            [update("DELETE WHERE { GRAPH ?g { ?s <http://example.org/p1> ?o } }")],
            allow=allow,
        )
    assert seen == [G]
    assert releases.current_id() == first
    assert not [p for p in releases.directory.releases_dir.iterdir() if p.name.startswith(".")]


def test_one_change_that_never_ends_costs_only_itself(releases: EmbeddedReleases) -> None:
    publish(releases, 1000)
    runaway = "INSERT { <x:s> <x:p> ?n } WHERE { SELECT (COUNT(*) AS ?n) { GRAPH ?x { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } } }"
    done = rewriter(releases, write_timeout_s=1).rewrite(
        [put(NEW, "<a> <b> 1 ."), update(runaway), put(NEW + "2", "<a> <b> 1 .")]
    )
    assert [type(o.error) for o in done.outcomes] == [type(None), QueryTimeout, type(None)]
    error = done.outcomes[1].error
    assert isinstance(error, QueryTimeout)
    assert error.spent is not None
    assert {NEW, NEW + "2"} <= set(done.graphs)


def test_a_term_that_would_end_every_reader_is_not_taken(releases: EmbeddedReleases) -> None:
    publish(releases, 10)
    deep = "INSERT DATA { <x:s> <x:p> " + "<<( <x:s> <x:p> " * 5_000 + "1" + " )>>" * 5_000 + "}"
    done = rewriter(releases, write_text_bytes=1 << 26).rewrite(
        [update(deep), put(NEW, "<a> <b> 1 .")]
    )
    assert isinstance(done.outcomes[0].error, QueryError | BadRequest)
    assert done.graphs == {NEW: GraphDifference(None, 1)}


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/>",
        "LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH <x:g>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "INSERT { <x:s> <x:p> 1 } WHERE { FILTER EXISTS { \\u0053ERVICE <http://127.0.0.1:9/> {} } }",
    ],
)
def test_nothing_is_fetched_for_an_update(releases: EmbeddedReleases, text: str) -> None:
    first = publish(releases, 10)
    done = rewriter(releases).rewrite([update(text)])
    assert isinstance(done.outcomes[0].error, QueryRefused)
    assert releases.current_id() == first


@pytest.mark.parametrize(
    ("format", "data", "reason"),
    [
        (Formats.JSON_LD, '{"@graph":' + "[" * 100 + "]" * 100 + "}", "nested"),
        (Formats.RDF_XML, '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "DOCTYPE"),
        (Formats.N_TRIPLES, "<x:s> <x:p> .", "cannot be read"),
        (Formats.TRIG, "<x:g> { <x:s> <x:p> 1 }", "graphs"),
    ],
)
def test_documents_that_could_do_harm_are_refused(
    releases: EmbeddedReleases, format: Formats, data: str, reason: str
) -> None:
    done = rewriter(releases).rewrite([put(NEW, data, format)])
    assert done.outcomes[0].error is not None
    assert reason in str(done.outcomes[0].error)


def test_depth_is_counted_outside_of_strings() -> None:
    assert json_depth(b'{"a": "[[[\\"[[", "b": [1, {"c": []}]}') == 4
    assert json_depth(b'"[[') == 0
    check_document(b"[" * 64 + b"]" * 64, Formats.JSON_LD, 64)
    with pytest.raises(RefusedDocumentError):
        check_document(b"[" * 65, Formats.JSON_LD, 64)
    with pytest.raises(RefusedDocumentError):
        check_document("<!DOCTYPE x>".encode("utf-16"), Formats.RDF_XML, 64)


def test_the_writing_process_changes_files_of_one_directory_only(tmp_path: Path) -> None:
    """And has no network: the rest of what the filter refuses is tested with the workers."""
    program = """
import ctypes, json, os, sys
from app.store.workers import sandbox
allowed, other = sys.argv[1:3]
confined = sandbox.enter(sandbox.Limits(
    memory_bytes=4 << 30, parent=os.getppid(), writable=allowed, file_bytes=1 << 20))
def attempt(work):
    try:
        work()
    except OSError as error:
        return type(error).__name__
    return "done"
def write(path):
    with open(path, "w") as file:
        file.write("x")
print(json.dumps([
    confined,
    attempt(lambda: write(allowed + "/new")),
    attempt(lambda: os.rename(allowed + "/new", allowed + "/newer")),
    attempt(lambda: write(other + "/new")),
    attempt(lambda: write(other + "/there")),
    attempt(lambda: os.unlink(other + "/there")),
    attempt(lambda: os.truncate(other + "/there", 0)),
    attempt(lambda: os.mkdir(other + "/folder")),
    attempt(lambda: os.rename(allowed + "/newer", other + "/newer")),
    attempt(lambda: os.kill(os.getppid(), 0)),
]))
"""
    allowed, other = tmp_path / "allowed", tmp_path / "other"
    allowed.mkdir()
    other.mkdir()
    (other / "there").write_text("old")
    done = subprocess.run(
        [sys.executable, "-c", program, str(allowed), str(other)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "PYTHONPATH": "."},
    )
    confined, *outcomes = json.loads(done.stdout)
    if not confined:
        pytest.skip("this kernel has no Landlock")
    assert outcomes[:2] == ["done", "done"]
    assert set(outcomes[2:]) == {"PermissionError"}
    assert (other / "there").read_text() == "old"
