"""Things that are not there: moved, removed, mistyped; and the setting for direct answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from app.publish import gone
from app.web.parts import WebParts
from tests.web.client import Client
from tests.web.conftest import Open
from tests.web.fakes import BASE, MemorySnapshot, parts

JSON = {"accept": "application/json"}


def with_settings(own: WebParts, **changes: object) -> WebParts:
    return replace(own, settings=own.settings.model_copy(update=changes))


def test_a_moved_thing_is_redirected_in_the_same_format(open_client: Open, tmp_path: Path) -> None:
    (tmp_path / "redirects.csv").write_text(
        "from,to,status\n/id/old,/id/aed/1,301\n/id/away,https://example.org/新,308\n"
        "/id/region/13101,/id/aed/1,301\n",
        encoding="utf-8",
    )
    client = open_client(with_settings(parts(), mappings_dir=tmp_path))
    for address, status, location in (
        ("/id/old", 301, "/id/aed/1"),
        ("/id/old.ttl", 301, "/id/aed/1.ttl"),
        ("/doc/old", 301, "/doc/aed/1"),
        ("/doc/old.jsonld", 301, "/doc/aed/1.jsonld"),
        ("/id/away", 308, "https://example.org/%E6%96%B0"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (status, location)
    # What the release describes is not redirected.
    assert client.get("/doc/region/13101").status_code == 200


def test_a_removed_thing_is_gone_with_what_is_known_of_it(
    open_client: Open, tmp_path: Path
) -> None:
    told = {"removed": "20260401T093000Z-000000", "names": {"ja": "北公園", "en": "North park"}}
    table = tmp_path / gone.FILE
    table.write_bytes(f"{BASE}/id/park/2\t".encode() + orjson.dumps(told) + b"\n")
    snapshot = MemorySnapshot()
    snapshot.files[gone.FILE] = table
    client = open_client(parts(snapshot))
    for address in ("/id/park/2", "/doc/park/2", "/doc/park/2.ttl"):
        answer = client.get(address, headers=JSON)
        assert answer.status_code == 410
        body = answer.json()
        assert body["code"] == "entity-gone"
        assert body["gone"] == {"iri": f"{BASE}/id/park/2", **told}
    page = client.get("/doc/park/2", headers={"accept": "text/html", "accept-language": "ja"})
    assert "「北公園」 は 2026-04-01 の公開版で削除されました。" in page.text
    assert client.get("/doc/park/3").status_code == 404


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("region/131016", "region/13101"),  # with its check digit
        ("region/13", "region/13000"),  # a prefecture by two digits
        ("region/１３１０１", "region/13101"),  # full width
        ("aed/01", "aed/1"),
        ("AED/1", "aed/1"),
        ("aed/1/", "aed/1"),
        ("aed/1/nothing", "aed/1"),
        ("region/千代田区", "region/13101"),  # its name
        ("Chiyoda", "region/13101"),
    ],
)
def test_a_mistyped_address_names_what_may_have_been_meant(
    client: Client, asked: str, meant: str
) -> None:
    answer = client.get(f"/doc/{asked}", headers=JSON)
    assert answer.status_code == 404
    assert f"/id/{meant}" in [near["href"] for near in answer.json()["near"]]
    page = client.get(f"/id/{asked}", headers={"accept": "text/html"})
    assert f'href="/id/{meant}"' in page.text


def test_looking_for_what_was_meant_is_bounded(open_client: Open) -> None:
    snapshot = MemorySnapshot()
    client = open_client(parts(snapshot))
    client.get("/doc/aed/1")
    before = snapshot.look_ups
    client.get("/doc/" + "/".join("abcdefghijklmnopqrstuvwxyz" * 4))
    assert snapshot.look_ups - before < 60


@pytest.mark.parametrize("format", ["html", "ttl", "jsonld"])
def test_direct_answers_give_the_document_itself(open_client: Open, format: str) -> None:
    client = open_client(with_settings(parts(), entity_answer="direct"))
    answer = client.get(f"/id/aed/1?format={format}")
    assert answer.status_code == 200
    assert answer.headers["content-location"] == f"/doc/aed/1.{format}"
    assert (
        f'</doc/aed/1.{"ttl" if format != "ttl" else "nt"}>; rel="alternate"'
        in (answer.headers["link"])
    )
    again = client.get(
        f"/id/aed/1?format={format}", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    assert client.get("/id/nothing").status_code == 404


def test_blank_nodes_that_are_met_twice_have_an_address(open_client: Open) -> None:
    text = (
        "@prefix ex: <http://example.org/> .\n"
        "<id/x> ex:p _:shared ; ex:q _:shared ; ex:r [ ex:only 1 ] .\n"
        "_:shared ex:name 'both' .\n"
    )
    client = open_client(parts(MemorySnapshot(text)))
    triples = client.get("/doc/x.nt").text
    (address,) = {word.strip("<>") for word in triples.split() if "/.well-known/genid/" in word}
    assert triples.count("_:") == 2  # the node that stands in one place only: object, subject
    path = address.removeprefix(BASE)
    node = client.get(path, headers={"accept": "application/n-triples"})
    assert node.status_code == 200
    assert f'<{address}> <http://example.org/name> "both"' in node.text
    page = client.get(path, headers={"accept": "text/html"})
    assert page.status_code == 200
    assert 'href="/id/x"' in page.text  # what links to it
    assert client.get(f"{path}.ttl").headers["content-type"].startswith("text/turtle")
    assert client.get("/.well-known/genid/nothing").status_code == 404
    assert client.get("/.well-known/genid/%20").status_code == 404
