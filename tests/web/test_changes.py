"""The feed of changes and the pages to check signatures, over real releases."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pyshacl
import pytest
import rdflib
from pyoxigraph import Dataset, NamedNode, RdfFormat, parse

from app.publish.event_stream import AS, TREE
from app.publish.key_ring import KeyRing, Trust
from app.publish.signing import PublicKey, signing_key
from app.publish.verifying import verify_signature
from app.store.embedded import CurrentSnapshot, EmbeddedReleases
from app.web.app import build_app
from tests.publish.test_change_sets import BASE, Site, thing
from tests.web.client import Client
from tests.web.fakes import parts

SHAPES = Path(__file__).parent / "shapes" / "tree.ttl"


@dataclass
class Served:
    """A client and the two releases behind it."""

    client: Client
    old: str
    new: str

    @property
    def span(self) -> str:
        return f"/changes/{self.old}..{self.new}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("data")
    site = Site(folder)
    key = signing_key(folder)
    site.releases = EmbeddedReleases(folder, base_iri=BASE, software="test", sign=key.sign)
    old = site.publish([thing(1, "公園"), thing(2, "<広場>")])
    new = site.publish([thing(1, "新公園"), thing(3, "池")])
    site.compare(old, new)
    own = replace(
        parts(),
        settings=site.settings,
        snapshots=CurrentSnapshot(site.releases),
        history=site.history,
        trust=Trust(lambda: KeyRing(key.public), site.releases.directory.signed),
    )
    with Client(build_app(own)) as client:
        yield Served(client, old, new)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_speak_both_languages(served: Served, language: str) -> None:
    for address in ("/changes", served.span, "/releases"):
        answer = served.client.get(f"{address}?lang={language}", headers={"accept": "text/html"})
        assert answer.status_code == 200
        assert answer.headers["content-language"] == language
        assert "etag" in answer.headers


def test_releases_are_listed_with_counts(served: Served) -> None:
    body = served.client.get("/changes.json").json()
    assert body["current"] == served.new
    newest, oldest = body["releases"]
    assert (newest["release"], newest["added"], newest["removed"]) == (served.new, 4, 4)
    assert newest["difference"] == f"{BASE}{served.span}"
    assert newest["datasets"][0]["dataset"] == "parks"
    assert oldest["difference"] is None


def test_the_feed_is_atom(served: Served) -> None:
    answer = served.client.get("/changes", headers={"accept": "application/atom+xml"})
    assert answer.headers["content-type"] == "application/atom+xml"
    names = {"a": "http://www.w3.org/2005/Atom"}
    root = ElementTree.fromstring(answer.content)
    ids = [entry.findtext("a:id", None, names) for entry in root.findall("a:entry", names)]
    assert ids == [f"urn:tsunagu:release:{served.new}", f"urn:tsunagu:release:{served.old}"]
    assert root.find("a:updated", names) is not None
    assert root.find("a:author/a:name", names) is not None


def test_a_difference_is_a_patch_and_quads(served: Served) -> None:
    patch = served.client.get(f"{served.span}.rdfp")
    assert patch.headers["content-type"] == "application/rdf-patch; charset=utf-8"
    lines = patch.text.splitlines()
    assert [lines[2], lines[-1]] == ["TX .", "TC ."]
    assert sum(line.startswith("A ") for line in lines) == 4
    assert sum(line.startswith("D ") for line in lines) == 4
    accepted = served.client.get(
        f"{served.span}?part=added", headers={"accept": "application/n-quads"}
    )
    assert accepted.text == served.client.get(f"{served.span}.nq?part=added").text
    removed = served.client.get(f"{served.span}.nq?part=removed").text
    assert "広場" in removed
    assert "池" not in removed


def test_a_difference_is_narrowed_to_an_entity_or_a_data_set(served: Served) -> None:
    iri = f"{BASE}/id/park/1"
    one = served.client.get(f"{served.span}.rdfp", params={"entity": iri}).text
    assert one.count("\nA ") == one.count("\nD ") == 1
    parks = served.client.get(f"{served.span}.rdfp?dataset=parks").text
    assert parks == served.client.get(f"{served.span}.rdfp").text
    assert served.client.get(f"{served.span}.rdfp?dataset=trees").status_code == 404


def test_the_summary_is_narrowed_too(served: Served) -> None:
    iri = f"{BASE}/id/park/1"
    whole = served.client.get(f"{served.span}.json").json()
    one = served.client.get(f"{served.span}.json", params={"entity": iri}).json()
    assert len(whole["entities"]) == 3
    assert one["entities"] == [{"iri": iri, "kind": "changed", "added": 1, "removed": 1}]
    assert (one["added"], one["removed"], one["entities_changed"]) == (1, 1, 1)
    assert (one["entities_new"], one["entities_gone"]) == (0, 0)
    assert served.client.get(f"{served.span}.json?dataset=parks").json() == whole
    other = served.client.get(f"{served.span}.json", params={"entity": f"{BASE}/id/x"}).json()
    assert (other["added"], other["datasets"], other["entities"]) == (0, [], [])


def test_quads_that_came_are_not_given_for_all(served: Served) -> None:
    asked_for = [f"{served.span}.nq", f"{served.span}?format=nq"]
    for answer in map(served.client.get, asked_for):
        assert answer.status_code == 400
        assert "part=removed" in answer.json()["hint"]["en"]
    page = served.client.get(f"{served.span}?entity=urn:x:1", headers={"accept": "text/html"})
    refused = served.client.get(f"{served.span}?entity=urn:x:1", headers={"accept": "image/png"})
    for answer in (page, refused):
        quads = re.findall(r"<([^>]*)>[^,]*n-quads", answer.headers["link"])
        ends = [address.partition("?")[2] for address in quads]
        assert ends == ["entity=urn%3Ax%3A1&part=added", "entity=urn%3Ax%3A1&part=removed"]


def test_a_difference_never_changes_for_caches(served: Served) -> None:
    answer = served.client.get(f"{served.span}.rdfp")
    assert "immutable" in answer.headers["cache-control"]
    tag = {"if-none-match": answer.headers["etag"]}
    assert served.client.get(f"{served.span}.rdfp", headers=tag).status_code == 304
    assert served.client.get(f"{served.span}.nq?part=added", headers=tag).status_code == 200
    assert served.client.head(f"{served.span}.rdfp").content == b""


def test_current_leads_to_the_current_release(served: Served) -> None:
    answer = served.client.get(f"/changes/{served.old}..current.rdfp?dataset=parks")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{served.span}.rdfp?dataset=parks"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/changes/a..b", 404),
        ("/changes/20200101T000000Z-000000..20200101T000001Z-000000", 404),
        ("{span}.exe", 404),
        ("{span}.nq?part=both", 400),
        ("{span}.rdfp?entity=no iri", 400),
        ("{span}.json?offset=-1", 400),
    ],
)
def test_what_is_not_there_is_told(served: Served, address: str, status: int) -> None:
    answer = served.client.get(address.format(span=served.span))
    assert answer.status_code == status
    assert answer.json()["hint"]["ja"]


def test_the_page_of_a_difference_shows_entities_as_text(served: Served) -> None:
    page = served.client.get(served.span, headers={"accept": "text/html"}).text
    for number in (1, 2, 3):
        assert f"/id/park/{number}" in page
    assert "<広場>" not in page


class TestEventStream:
    def graph(self, served: Served, address: str) -> Dataset:
        answer = served.client.get(address, headers={"accept": "text/turtle"})
        assert answer.status_code == 200
        return Dataset(parse(answer.content, RdfFormat.TURTLE))

    def test_the_root_leads_to_each_step(self, served: Served) -> None:
        found = self.graph(served, "/changes/ldes")
        nodes = {q.object for q in found if q.predicate.value == TREE + "node"}
        assert nodes == {NamedNode(f"{BASE}/changes/ldes/{served.old}..{served.new}")}

    def test_each_member_is_an_event_of_one_thing(self, served: Served) -> None:
        found = self.graph(served, f"/changes/ldes/{served.old}..{served.new}")
        kinds = {
            q.subject: q.object.value.removeprefix(AS)
            for q in found
            if isinstance(q.object, NamedNode) and q.object.value.startswith(AS)
        }
        things = {q.subject: q.object for q in found if q.predicate.value == AS + "object"}
        assert {str(things[event]): kind for event, kind in kinds.items() if event in things} == {
            f"<{BASE}/id/park/1>": "Update",
            f"<{BASE}/id/park/2>": "Delete",
            f"<{BASE}/id/park/3>": "Create",
        }
        members = {q.object for q in found if q.predicate.value == TREE + "member"}
        assert members == things.keys()
        for member in members:
            assert isinstance(member, NamedNode)
            patch = served.client.get(member.value.removeprefix(BASE))
            assert patch.headers["content-type"].startswith("application/rdf-patch")

    def test_a_tag_does_not_depend_on_labels_of_blank_nodes(self, served: Served) -> None:
        tags = {served.client.get("/changes/ldes").headers["etag"] for _ in range(3)}
        assert len(tags) == 1
        again = served.client.get("/changes/ldes", headers={"if-none-match": tags.pop()})
        assert again.status_code == 304

    def test_pages_begin_where_pages_end(self, served: Served) -> None:
        address = f"/changes/ldes/{served.old}..{served.new}?offset=7"
        assert served.client.get(address).status_code == 404

    def test_every_page_keeps_the_rules_of_tree_and_ldes(self, served: Served) -> None:
        shapes = rdflib.Graph().parse(SHAPES)
        root = f"{BASE}/changes/ldes"
        waiting, met = [root], set[str]()
        while waiting:
            address = waiting.pop()
            met.add(address)
            answer = served.client.get(
                address.removeprefix(BASE), headers={"accept": "text/turtle"}
            )
            graph = rdflib.Graph().parse(data=answer.content, format="turtle")
            conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
            assert conforms, report
            page = rdflib.URIRef(address)
            assert (None, rdflib.URIRef(TREE + "view"), rdflib.URIRef(root)) in graph
            assert (page, rdflib.RDF.type, rdflib.URIRef(TREE + "Node")) in graph
            nodes = (str(node) for node in graph.objects(None, rdflib.URIRef(TREE + "node")))
            waiting += [node for node in nodes if node not in met]
        assert len(met) == 2

    def test_members_lie_in_the_span_that_the_root_tells(self, served: Served) -> None:
        root = self.graph(served, "/changes/ldes")
        values = {q.object for q in root if q.predicate.value == TREE + "value"}
        page = self.graph(served, f"/changes/ldes/{served.old}..{served.new}")
        published = {q.object for q in page if q.predicate.value.endswith("#published")}
        assert published == values


class TestTrust:
    def test_all_keys_are_served_as_a_set(self, served: Served) -> None:
        answer = served.client.get("/.well-known/tsunagu-keys")
        assert answer.headers["content-type"] == "application/jwk-set+json"
        current = served.client.get("/.well-known/tsunagu-key").json()
        assert answer.json()["keys"] == [current]
        again = served.client.get(
            "/.well-known/tsunagu-keys", headers={"if-none-match": answer.headers["etag"]}
        )
        assert again.status_code == 304

    def test_a_manifest_is_checked_with_what_is_served(self, served: Served) -> None:
        get = served.client.get
        public = PublicKey.from_jwk(get("/.well-known/tsunagu-key").json())
        for release in (served.old, served.new):
            manifest = get(f"/releases/{release}/manifest.json").content
            signature = get(f"/releases/{release}/manifest.jws").content
            assert verify_signature(manifest, signature, KeyRing(public)) == public.id

    def test_the_key_is_there_as_pem(self, served: Served) -> None:
        answer = served.client.get("/.well-known/tsunagu-key.pem")
        assert answer.headers["content-type"] == "application/x-pem-file"
        assert answer.text.startswith("-----BEGIN PUBLIC KEY-----")
        assert "PRIVATE" not in answer.text

    def test_sums_are_as_sha256sum_reads_them(self, served: Served) -> None:
        answer = served.client.get("/releases/current/SHA256SUMS")
        assert answer.headers["tsunagu-release"] == served.new

    def test_every_file_of_the_sums_can_be_fetched(self, real: Client) -> None:
        listed = real.get("/releases/current/SHA256SUMS").text
        assert listed == real.get("/dumps/SHA256SUMS").text
        lines = [line.split("  ", 1) for line in listed.splitlines()]
        assert "sample-aed.ttl" in [name for _, name in lines]
        for digest, name in lines:
            assert hashlib.sha256(real.get(f"/dumps/{quote(name)}").content).hexdigest() == digest

    def test_the_list_names_key_and_files(self, served: Served) -> None:
        body = served.client.get("/releases.json").json()
        assert [r["release"] for r in body["releases"]] == [served.new, served.old]
        assert {r["key"] for r in body["releases"]} == {body["key"]}

    @pytest.mark.parametrize(
        "path", ["x/manifest.json", "current/store", "../keys/release-ed25519.pem", "current/x"]
    )
    def test_nothing_else_is_served(self, served: Served, path: str) -> None:
        assert served.client.get(f"/releases/{path}").status_code == 404


def test_without_a_history_there_is_no_feed(client: Client) -> None:
    for address in ("/changes", "/releases", "/.well-known/tsunagu-key"):
        assert client.get(address).status_code == 404
