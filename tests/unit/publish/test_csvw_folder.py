"""A data set whose mapping and description are CSVW metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import MappingError, SourceError
from app.findings import Findings
from app.mapping.execute import Executor
from app.publish.csvw_folder import CsvwFolder
from app.publish.description import Description
from app.settings import Settings

BASE = "http://example.org/graphs/parks/"
METADATA: dict[str, Any] = {
    "@context": ["http://www.w3.org/ns/csvw", {"@language": "ja"}],
    "url": "公園.csv",
    "dc:title": "公園",
    "dialect": {"encoding": "cp932"},
    "tableSchema": "schema.json",
}
SCHEMA = {
    "@context": "http://www.w3.org/ns/csvw",
    "aboutUrl": "http://example.org/id/park/{no}",
    "primaryKey": "no",
    "columns": [
        {"name": "no", "titles": "番号", "required": True, "suppressOutput": True},
        {"titles": "面積", "propertyUrl": "schema:area", "datatype": "decimal"},
    ],
}


def folder(path: Path, metadata: dict[str, Any] = METADATA, rows: str = "a,1.5\n") -> CsvwFolder:
    """A folder with metadata, a schema of its own and a table."""
    (path / "parks-metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    (path / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    (path / "公園.csv").write_text("番号,面積\n" + rows, encoding="cp932")
    settings = Settings.model_validate({})
    return CsvwFolder(path / "parks-metadata.json", BASE, settings, path.joinpath)


def test_the_plan_runs_on_the_files_of_the_folder(tmp_path: Path) -> None:
    parks, findings = folder(tmp_path), Findings()
    executor = Executor(parks.plan, lambda s: parks.open_table(s, findings), findings)
    text = b"".join(bytes(chunk.data()) for chunk in executor.run()).decode()
    assert text == (
        "<http://example.org/id/park/a> <http://schema.org/area> "
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    )
    assert [pipeline.source.path for pipeline in parks.plan.pipelines] == ["公園.csv"]
    assert parks.documents == {"schema.json"}
    assert len(findings) == 0


def test_the_metadata_describes_the_data_set(tmp_path: Path) -> None:
    description = Description.model_validate(folder(tmp_path).package("parks"))
    assert (description.title, description.resources[0].path) == ("公園", "公園.csv")
    assert description.resources[0].table_schema.primary_key == ("no",)


def test_a_run_has_the_warnings_of_its_metadata_once(tmp_path: Path) -> None:
    parks, findings = folder(tmp_path, {**METADATA, "titel": "x"}), Findings()
    (pipeline,) = parks.plan.pipelines
    for _ in range(2):
        parks.open_table(pipeline.source, findings)
    assert findings.counts() == {"csvw-metadata-ignored": 1}


def test_keys_are_validated(tmp_path: Path) -> None:
    findings = Findings()
    folder(tmp_path, rows="a,1.5\na,x\n").validate(findings)
    assert findings.counts() == {"csvw-cell-invalid": 1, "csvw-primary-key-repeated": 1}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"url": "../secret.csv"}, SourceError),
        ({"url": "http://elsewhere.example/t.csv"}, SourceError),
        ({"tableSchema": "../schema.json"}, MappingError),
        ({"tableSchema": "http://elsewhere.example/s.json"}, MappingError),
    ],
)
def test_nothing_outside_the_folder_is_read(
    tmp_path: Path, change: dict[str, str], error: type[Exception]
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    parks = folder(inside, {**METADATA, **change})
    with pytest.raises(error):
        _ = parks.plan


def test_metadata_past_the_limit_is_refused(tmp_path: Path) -> None:
    parks = folder(tmp_path, {**METADATA, "dc:description": "x" * (2 << 20)})
    with pytest.raises(MappingError, match="too large"):
        _ = parks.plan
