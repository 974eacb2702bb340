"""The list of things that a release carries for each graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.publish import sitemap, things
from app.rdf.namespaces import RDF, RDFS
from tests.web.fakes import BASE, MemorySnapshot

GRAPH = f"{BASE}/graphs/sample"


class Lines(MemorySnapshot):
    """A release whose graph has given lines, in blocks of one line."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self._given = sorted(f"{line} .\n".encode() for line in lines)
        entry = self.manifest.graphs[GRAPH]
        self.manifest = self.manifest.model_copy(update={"graphs": {GRAPH: entry}})

    def lines(self, iri: str, scratch: Path) -> Iterator[bytes]:  # noqa: ARG002 - a Protocol's
        yield from self._given


def listed(folder: Path, *lines: str) -> list[str]:
    things.write(folder, Lines(*lines), None)
    return [iri.removeprefix(f"{BASE}/id/") for iri in things.read(folder, GRAPH)]


def test_things_have_a_type_or_a_label_and_an_address_here(tmp_path: Path) -> None:
    assert listed(
        tmp_path,
        f"<{BASE}/id/a/1> <{RDF}type> <{BASE}/def/A>",
        f'<{BASE}/id/a/1> <{RDFS}label> "一"@ja',
        f'<{BASE}/id/a/2> <{RDFS}label> "二"@ja',
        f"<{BASE}/id/a/3> <{RDFS}seeAlso> <{BASE}/id/a/1>",
        f"<{BASE}/id/a/1#address> <{RDF}type> <{BASE}/def/A>",
        f"<http://example.org/id/a/4> <{RDF}type> <{BASE}/def/A>",
        f"_:b <{RDF}type> <{BASE}/def/A>",
        f'<{BASE}/id/a/5> <{RDFS}comment> "\\"> <{RDF}type> <{BASE}/id/a/6> <{RDF}type> ."',
    ) == ["a/1", "a/2"]


def test_a_separator_that_unicode_calls_a_line_stays_in_its_iri(tmp_path: Path) -> None:
    """RFC 3987 lets IRIs hold U+2028 and U+0085; only the line feed parts a list."""
    name = "a/one\u2028two\x85three"
    assert listed(tmp_path, f"<{BASE}/id/{name}> <{RDF}type> <{BASE}/def/A>") == [name]


def test_a_graph_that_did_not_change_hands_its_list_on(tmp_path: Path) -> None:
    old, new = Lines(f"<{BASE}/id/a/1> <{RDF}type> <{BASE}/def/A>"), Lines()
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
    things.write(tmp_path / "old", old, None)
    (file,) = (tmp_path / "old" / things.FOLDER).iterdir()
    old.files[f"{things.FOLDER}/{file.name}"] = file
    things.write(tmp_path / "new", new, old)
    assert list(things.read(tmp_path / "new", GRAPH)) == [f"{BASE}/id/a/1"]
    assert list(things.of(old, GRAPH)) == [f"{BASE}/id/a/1"]


def test_the_sitemap_lists_each_thing_once_in_the_order_of_the_lists(tmp_path: Path) -> None:
    names = ["a/1", "a/10", "a/1/x", "b/東"]
    snapshot = Lines(*(f"<{BASE}/id/{name}> <{RDF}type> <{BASE}/def/A>" for name in names))
    things.write(tmp_path, snapshot, None)
    entries = list(sitemap._entries(tmp_path, snapshot.manifest))
    found = [entry.partition("<loc>")[2].partition("</loc>")[0] for entry in entries]
    expected = ["a/1/x", "a/10", "a/1", "b/%E6%9D%B1"]
    assert found == [f"{BASE}/doc/{name}" for name in expected]
