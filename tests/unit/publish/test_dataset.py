"""A data set's folder: what it holds, where its tables may lie, and what its description adds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import DatasetError, DatasetNotFound, MappingReferenceError, SourceNotFound
from app.findings import Findings
from app.mapping.execute import Executor
from app.mapping.model import LogicalSource
from app.publish.dataset import Dataset, all_datasets, find_dataset
from app.settings import Settings

MAPPING = "mappings: {row: {s: 'id:row/$(番号)', po: [[rdfs:label, $(名称)]]}}\n"
SOURCE = """\
sources:
  rows: {access: rows.csv, referenceFormulation: csv, MORE}
mappings: {row: {sources: rows, s: 'id:row/$(番号)', po: [[rdfs:label, $(名称)]]}}
"""
TABLE = "番号,名称\n1,甲\n2,-\n3,\n"
Make = Callable[..., Dataset]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "base_iri": "https://data.example.jp",
            "mappings_dir": tmp_path / "mappings",
            "vocab_dir": tmp_path / "vocab",
            "data_dir": tmp_path / "data",
        }
    )


@pytest.fixture
def make(settings: Settings) -> Make:
    def made(
        resource: str = "path: rows.csv",
        mapping: str | None = MAPPING,
        table: bytes = TABLE.encode(),
    ) -> Dataset:
        folder = settings.mappings_dir / "rows"
        folder.mkdir(parents=True)
        description = f"name: rows\ntitle: 行\nresources: [{{{resource}}}]\n"
        (folder / "datapackage.yaml").write_text(description, encoding="utf-8")
        if mapping is not None:
            (folder / "mapping.yml").write_text(mapping, encoding="utf-8")
        (folder / "rows.csv").write_bytes(table)
        return Dataset("rows", folder, settings)

    return made


def labels(dataset: Dataset) -> list[str]:
    """The labels that the data set gives, by its rows."""
    findings = Findings()
    tables = dataset.check(findings)
    chunks = Executor(dataset.plan, tables.__getitem__, findings).run()
    text = b"".join(bytes(chunk.data()) for chunk in chunks).decode()
    return [line.split('"')[1] for line in text.splitlines()]


class TestMissingValues:
    def test_only_an_empty_cell_is_none_unless_something_is_said(self, make: Make) -> None:
        assert labels(make()) == ["甲", "-"]

    def test_the_description_says_what_means_no_value(self, make: Make) -> None:
        dataset = make("path: rows.csv, schema: {missingValues: ['', '-']}")
        assert labels(dataset) == ["甲"]

    def test_an_empty_cell_is_a_value_when_the_description_leaves_it_out(self, make: Make) -> None:
        dataset = make("path: rows.csv, schema: {missingValues: ['-']}")
        assert labels(dataset) == ["甲", ""]

    def test_what_the_mapping_says_wins(self, make: Make) -> None:
        dataset = make(
            "path: rows.csv, schema: {missingValues: ['', '-']}",
            SOURCE.replace("MORE", "null: ['', 甲]"),
        )
        assert labels(dataset) == ["-"]

    def test_a_source_that_the_mapping_names_has_them_too(self, make: Make) -> None:
        dataset = make(
            "path: rows.csv, schema: {missingValues: ['', '-']}",
            SOURCE.replace("MORE", "delimiter: ','"),
        )
        assert labels(dataset) == ["甲"]


class TestDialect:
    def test_the_description_says_how_the_table_is_written(self, make: Make) -> None:
        dataset = make(
            "path: rows.csv, encoding: cp932, dialect: {delimiter: ;, headerRows: [2]}",
            table="一覧\n番号;名称\n1;甲\n".encode("cp932"),
        )
        assert labels(dataset) == ["甲"]

    def test_what_the_mapping_says_wins(self, make: Make) -> None:
        dataset = make(
            "path: rows.csv, dialect: {delimiter: ;}",
            SOURCE.replace("MORE", "delimiter: '|'"),
            "番号|名称\n1|甲\n".encode(),
        )
        assert labels(dataset) == ["甲"]


class TestFolders:
    def test_data_sets_are_the_folders_with_a_description(
        self, make: Make, settings: Settings
    ) -> None:
        make()
        (settings.mappings_dir / "notes").mkdir()
        assert [dataset.id for dataset in all_datasets(settings)] == ["rows"]

    def test_a_data_set_is_found_by_its_id_or_its_folder(
        self, make: Make, settings: Settings
    ) -> None:
        folder = make().folder
        assert find_dataset(settings, "rows").folder == folder
        assert find_dataset(settings, str(folder)).id == "rows"
        with pytest.raises(DatasetNotFound) as caught:
            find_dataset(settings, "row")
        assert caught.value.hint is not None
        assert "rows" in caught.value.hint.en

    def test_a_missing_mapping_is_told(self, make: Make) -> None:
        with pytest.raises(DatasetError, match="no mapping"):
            _ = make(mapping=None).plan

    def test_two_mappings_are_told_with_their_names(self, make: Make) -> None:
        dataset = make()
        (dataset.folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
        with pytest.raises(DatasetError, match=r"mapping\.yml, mapping\.yaml"):
            _ = dataset.plan

    def test_a_missing_table_is_told_with_near_names(self, make: Make) -> None:
        with pytest.raises(SourceNotFound) as caught:
            make("path: row.csv").check(Findings())
        assert caught.value.hint is not None
        assert "rows.csv" in caught.value.hint.ja

    @pytest.mark.parametrize("path", ["../../secret.csv", "/etc/passwd"])
    def test_a_table_outside_the_folders_is_refused(self, make: Make, path: str) -> None:
        with pytest.raises(DatasetError, match="outside"):
            make(f"path: {path}").check(Findings())

    def test_a_link_out_of_the_folders_is_refused(self, make: Make, tmp_path: Path) -> None:
        dataset = make("path: link.csv")
        (tmp_path / "secret.csv").write_text(TABLE, encoding="utf-8")
        (dataset.folder / "link.csv").symlink_to(tmp_path / "secret.csv")
        with pytest.raises(DatasetError, match="outside"):
            dataset.check(Findings())

    def test_a_table_may_lie_with_the_vocabulary(self, make: Make, settings: Settings) -> None:
        dataset = make("path: ../../vocab/rows.csv")
        settings.vocab_dir.mkdir()
        (settings.vocab_dir / "rows.csv").write_text("番号,名称\n1,乙\n", encoding="utf-8")
        assert labels(dataset) == ["乙"]

    def test_a_column_that_the_table_lacks_is_told_before_a_row_is_read(self, make: Make) -> None:
        with pytest.raises(MappingReferenceError) as caught:
            make(table="番号,名前\n".encode()).check(Findings())
        assert caught.value.place is not None
        assert caught.value.place.line == 1


class TestInputs:
    def test_what_decides_the_output_is_summed(self, make: Make) -> None:
        dataset = make()
        before = dataset.inputs()
        assert before.keys() == {"description", "mapping", "rows.csv"}
        (dataset.folder / "rows.csv").write_text("番号,名称\n9,癸\n", encoding="utf-8")
        after = dataset.inputs()
        assert {name for name in before if before[name] != after[name]} == {"rows.csv"}

    def test_the_source_of_a_mapping_that_names_none_is_the_first_resource(
        self, make: Make
    ) -> None:
        assert [pipeline.source for pipeline in make().plan.pipelines] == [
            LogicalSource("rows.csv")
        ]
