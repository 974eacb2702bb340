"""Where metadata is found, and that files never leave their folder."""

from __future__ import annotations

import pytest

from app.errors import MappingError, SourceNotFound
from app.mapping.languages.csvw import BesideMetadata
from app.tabular.batch import Dialect, Table
from tests.unit.mapping.csvw.conftest import BASE, Web

CSV = "a\n1\n"


def metadata(title: str, url: str = "t.csv") -> dict[str, object]:
    """Metadata that can be told by its title."""
    return {"url": url, "dc:title": title}


def title(web: Web, **options: str) -> object:
    """The title of the metadata that is used for t.csv."""
    annotations = web.found("t.csv", **options).tables[0].description.annotations
    return annotations[0][1]["@value"] if annotations else None


def full_web(web: Web) -> Web:
    """A web with metadata in every place."""
    web.put("t.csv", CSV)
    web.put("user.json", metadata("user"))
    web.put("linked.json", metadata("linked"))
    web.put("t.csv-metadata.json", metadata("file"))
    web.put("csv-metadata.json", metadata("directory"))
    link = '<linked.json>; rel="describedby"; type="application/csvm+json"'
    web.headers = {BASE + "t.csv": ["<x>; rel=next, " + link]}
    return web


def test_metadata_is_looked_for_in_the_order_of_the_specification(web: Web) -> None:
    full_web(web)
    assert title(web, metadata="user.json") == "user"
    assert title(web) == "linked"
    web.headers = {}
    assert title(web) == "file"
    del web.files[BASE + "t.csv-metadata.json"]
    assert title(web) == "directory"
    del web.files[BASE + "csv-metadata.json"]
    assert title(web) is None
    assert web.told() == []


def test_metadata_of_another_table_is_passed_over_with_a_warning(web: Web) -> None:
    full_web(web).put("linked.json", metadata("other", "u.csv"))
    assert title(web) == "file"
    (finding,) = web.findings
    assert finding.kind.code == "csvw-metadata-elsewhere"
    assert "linked.json" in finding.message("ja")


def test_the_site_may_name_other_places(web: Web) -> None:
    full_web(web).put("meta/t.json", metadata("site", "../t.csv"))
    web.headers = {}
    web.files["http://example.org/.well-known/csvm"] = b"{+url}.none\nmeta/t.json\n"
    assert title(web) == "site"


def test_the_metadata_of_the_user_needs_no_url(web: Web) -> None:
    web.put("t.csv", CSV).put("user.json", {"dc:title": "user", "dialect": {"header": False}})
    group = web.found("t.csv", metadata="user.json")
    assert group.tables[0].url == BASE + "t.csv"
    assert group.tables[0].columns[0].name == "_col.1"


def test_metadata_that_is_not_there_is_an_error(web: Web) -> None:
    with pytest.raises(MappingError, match=r"m\.json"):
        web.described()


def beside(web: Web) -> BesideMetadata:
    """A folder at BASE."""

    def read(name: str) -> bytes | None:
        return web.files.get(BASE + name)

    def open_table(name: str, dialect: Dialect) -> Table:
        return web.table(BASE + name, dialect)

    return BesideMetadata(BASE, read, open_table)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (BASE + "t.csv", "t.csv"),
        (BASE + "a/b.csv", "a/b.csv"),
        (BASE + "%E8%A1%A8.csv", "表.csv"),
        (BASE + "a/../t.csv", "t.csv"),
        (BASE + "t.csv?x=1", "t.csv"),
        (BASE + "../secret", None),
        (BASE + "a/../../secret", None),
        (BASE + "%2e%2e/secret", None),
        (BASE + "/etc/passwd", None),
        (BASE + "..%5csecret", None),
        (BASE + "a%00b", None),
        (BASE, None),
        ("file:///etc/passwd", None),
        ("http://example.org/database", None),
        ("http://elsewhere.example/t.csv", None),
    ],
)
def test_files_lie_beside_the_metadata(web: Web, address: str, name: str | None) -> None:
    assert beside(web).name(address) == name


def test_a_table_elsewhere_is_not_fetched(web: Web) -> None:
    with pytest.raises(SourceNotFound) as raised:
        beside(web).table("http://elsewhere.example/t.csv", Dialect())
    assert "フォルダ" in raised.value.message("ja")
    assert "relative name" in raised.value.message("en")
    assert beside(web).document("http://elsewhere.example/m.json") is None
    assert beside(web).links(BASE + "t.csv") == ()
