"""GeoJSON, JSON lines and arrays of objects as tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.errors import SourceEmpty, SourceError, SourceTooLarge
from app.findings import Findings
from app.tabular.batch import Table
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_bytes


def opened(name: str, text: str, **limits: int) -> tuple[Table, Findings]:
    findings = Findings()
    return (
        open_bytes(name, text.encode(), findings=findings, limits=ReadLimits(**limits)),
        findings,
    )


def rows_of(table: Table) -> list[dict[str, Any]]:
    return [row for batch in table.batches() for row in batch.table.to_pylist()]


def collection(*features: dict[str, Any], **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": features})


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


class TestGeoJson:
    def test_points_give_a_latitude_and_a_longitude(self) -> None:
        text = collection(feature({"type": "Point", "coordinates": [134.05, 34.34]}, 名称="甲"))
        table, _ = opened("a.geojson", text)
        assert rows_of(table) == [{"名称": "甲", "latitude": "34.34", "longitude": "134.05"}]

    def test_digits_stay_as_they_are(self) -> None:
        text = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[134.050,34.10]}}'
        assert rows_of(opened("a.geojson", text)[0]) == [
            {"latitude": "34.10", "longitude": "134.050"}
        ]

    @pytest.mark.parametrize(
        ("geometry", "wkt"),
        [
            ({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, "LINESTRING (1 2, 3 4)"),
            (
                {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]},
                "POLYGON ((0 0, 0 1, 1 1, 0 0))",
            ),
            ({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}, "MULTIPOINT (1 2, 3 4)"),
        ],
    )
    def test_other_geometries_give_their_wkt(self, geometry: dict[str, Any], wkt: str) -> None:
        table, _ = opened("a.geojson", collection(feature(geometry, a=1)))
        assert rows_of(table) == [{"a": "1", "geometry": wkt}]

    def test_features_without_a_place_stay(self) -> None:
        table, _ = opened("a.geojson", collection(feature(None, a=1)))
        assert rows_of(table) == [{"a": "1"}]

    def test_another_datum_is_told(self) -> None:
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4301"}}
        text = collection(feature({"type": "Point", "coordinates": [134, 34]}, a=1), crs=crs)
        assert opened("a.geojson", text)[1].counts() == {"geojson-crs": 1}


class TestJsonLines:
    def test_each_line_is_a_row_with_its_line(self) -> None:
        table, _ = opened("a.jsonl", '{"a": 1}\n\n{"a": 2, "b": "x"}\n')
        assert rows_of(table) == [{"a": "1", "b": None}, {"a": "2", "b": "x"}]
        assert [int(n) for batch in table.batches() for n in batch.lines] == [1, 3]

    def test_a_broken_line_is_named(self) -> None:
        with pytest.raises(SourceError) as broken:
            opened("a.jsonl", '{"a": 1}\n{"a": \n')
        assert broken.value.place is not None
        assert broken.value.place.line in (2, 3)

    def test_a_line_that_ends_the_array_is_no_way_out(self) -> None:
        with pytest.raises(SourceError):
            opened("a.jsonl", '{"a": 1}], [{"b": 2}\n{"a": 1}\n')


class TestObjects:
    def test_nested_members_have_dotted_names(self) -> None:
        table, _ = opened("a.json", '[{"a": {"b": 1, "c": [1, "x"]}}]')
        assert rows_of(table) == [{"a.b": "1", "a.c": "1;x"}]

    def test_arrays_of_objects_are_told(self) -> None:
        table, findings = opened("a.json", '[{"a": 1, "b": [{"c": 1}]}]')
        assert table.columns == ("a",)
        assert findings.counts() == {"json-nested-objects": 1}

    def test_the_only_array_of_objects_in_a_document_is_the_table(self) -> None:
        assert rows_of(opened("a.json", '{"total": 1, "data": [{"a": 1}]}')[0]) == [{"a": "1"}]

    @pytest.mark.parametrize("text", ["[]", "[1, 2]", "{}"])
    def test_no_rows_are_refused(self, text: str) -> None:
        with pytest.raises(SourceEmpty):
            opened("a.json", text)

    @pytest.mark.parametrize("text", ["", "   ", "3", '"x"', "<html>", "[" * 500])
    def test_no_table_is_refused(self, text: str) -> None:
        with pytest.raises(SourceError):
            opened("a.json", text)

    def test_limits_hold(self) -> None:
        with pytest.raises(SourceTooLarge):
            opened("a.json", json.dumps([{f"k{n}": 1 for n in range(50)}]), columns=20)
        with pytest.raises(SourceTooLarge):
            opened("a.json", json.dumps([{"a": "x" * 500}]), cell_bytes=100)
        with pytest.raises(SourceTooLarge):
            opened("a.json", json.dumps([{"a": "x" * 500}]), json_bytes=100)
