"""Comunica, the engine that most Linked Data applications in browsers are made with, as a client
of the endpoint."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from app.web.frontend import build
from tests.live import LiveServer

FOLDER = Path(__file__).resolve().parents[1] / "comunica"
TURTLE = (
    b'<http://x/a> <http://x/p> "\xe5\x85\xac\xe5\x9c\x92"@ja , 7 ; <http://x/q> <http://x/b> .'
)
RESULTS = "application/sparql-results+json"


@pytest.fixture(scope="module")
def node() -> build.Node:
    """A Node.js, and beside it the locked Comunica."""
    try:
        found = build.find_node()
        if not (FOLDER / "node_modules" / ".package-lock.json").is_file():
            subprocess.run(
                [*found.npm, "ci"], cwd=FOLDER, env={**os.environ, "PATH": found.path},
                check=True, capture_output=True, timeout=300,
            )  # fmt: skip
    except (build.BuildError, OSError, subprocess.SubprocessError) as error:
        reason = f"Comunica cannot be installed: {error}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def test_comunica_selects_constructs_describes_and_asks(node: build.Node, tmp_path: Path) -> None:
    asked = [
        ("SELECT ?o { <http://x/a> <http://x/p> ?o } ORDER BY DESC(isNumeric(?o))", RESULTS),
        ("CONSTRUCT { ?o <http://x/of> ?s } { ?s <http://x/q> ?o }", "text/turtle"),
        ("DESCRIBE <http://x/a>", "text/turtle"),
        ("ASK { ?s ?p 7 }", RESULTS),
        ("ASK { ?s ?p 8 }", RESULTS),
    ]
    with LiveServer(tmp_path) as server:
        put = server.request(
            "PUT", "/graphs/g", TURTLE, {"content-type": "text/turtle"}, write=True
        )
        assert put.status == 201
        arguments = [text for pair in asked for text in pair]
        command = [*node.node, "ask.mjs", f"{server.base}/sparql", *arguments]
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, timeout=100, check=False)
        assert done.returncode == 0, done.stderr.decode()
    selected, constructed, described, yes, no = json.loads(done.stdout)
    # Its reader of SPARQL JSON loses the language (sparqljson-parse 3.3); that of Turtle does not.
    found = json.loads(selected)["results"]["bindings"]
    assert [row["o"]["value"] for row in found] == ["7", "公園"]
    turned = Graph().parse(data=constructed, format="turtle")
    assert set(turned) == {(URIRef("http://x/b"), URIRef("http://x/of"), URIRef("http://x/a"))}
    about = Graph().parse(data=described, format="turtle")
    assert (URIRef("http://x/a"), URIRef("http://x/p"), Literal("公園", lang="ja")) in about
    assert (json.loads(yes)["boolean"], json.loads(no)["boolean"]) == (True, False)
