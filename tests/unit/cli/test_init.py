"""`tsunagu init` and `tsunagu preview`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cli.conftest import Site

TABLE = "番号,名称,住所,台数\n1,甲,香川県高松市番町1,3\n2,乙,香川県高松市番町2,4\n"


@pytest.fixture
def file(site: Site) -> str:
    path = site.folder / "parking.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def answer(output: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(output)
    return body


class TestInit:
    def test_writes_a_folder_that_publishes(self, site: Site, file: str) -> None:
        done = site("init", file)
        assert done.code == 0
        assert "mappings/parking" in done.output
        assert site("publish", "parking").code == 0

    def test_tells_machines_everything(self, site: Site, file: str) -> None:
        body = answer(site("init", file, "--dataset", "lots", "--json").output)
        assert body["dataset"] == "lots"
        assert body["draft"]["key"]["columns"] == ["番号"]
        assert body["draft"]["region"]["code"] == "37201"
        assert {column["column"] for column in body["draft"]["columns"]} == {
            "番号",
            "名称",
            "住所",
            "台数",
        }

    def test_never_overwrites_without_force(self, site: Site, file: str) -> None:
        site("init", file)
        assert site("init", file).code == 2
        assert site("init", file, "--force").code == 0

    def test_takes_the_region_from_the_caller(self, site: Site, file: str) -> None:
        body = answer(site("init", file, "--region", "37202", "--json").output)
        assert body["draft"]["region"]["code"] == "37202"

    def test_refuses_what_is_not_there(self, site: Site) -> None:
        assert site("init", "nowhere.csv").code == 2


class TestPreview:
    def test_shows_rows_counts_and_columns_that_are_not_used(self, site: Site) -> None:
        site.dataset()
        done = site("preview", "things")
        assert done.code == 0
        assert "甲" in done.output

    def test_tells_machines_cells_triples_and_places(self, site: Site) -> None:
        site.dataset()
        body = answer(site("preview", "things", "--row", "2", "--json").output)
        (row,) = body["rows"]
        assert (row["row"], row["line"], row["cells"]["名称"]) == (2, 3, "乙")
        assert body["totals"]["triples"] == 3
        assert all(triple["mapping"]["line"] for triple in row["triples"])

    def test_tells_bad_cells(self, site: Site) -> None:
        site.dataset(table="ID,名称,数\n1,甲,十\n")
        assert "things.csv:2 [数]" in site("preview", "things").output
