"""Sheets of workbooks as tables."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from app.errors import SourceEmpty, SourceError, SourceNotFound, SourceTooLarge
from app.findings import Findings
from app.tabular.batch import Dialect, Table
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_bytes, open_table
from tests.unit.tabular.workbooks import DATE, DURATION, TIME, Cell, ods, sheet_xml, xlsx


def rows_of(table: Table, limit: int | None = None) -> list[list[str]]:
    return [
        [row[name] for name in table.columns]
        for batch in table.batches(limit=limit)
        for row in batch.table.to_pylist()
    ]


def lines_of(table: Table) -> list[int]:
    return [int(line) for batch in table.batches() for line in batch.lines]


def opened(
    data: bytes,
    dialect: Dialect | None = None,
    *,
    name: str = "book.xlsx",
    limits: ReadLimits | None = None,
) -> tuple[Table, Findings]:
    findings = Findings()
    return open_bytes(name, data, dialect, findings=findings, limits=limits), findings


SIMPLE: list[list[Cell]] = [["ID", "名称", "数"], [1, "甲", 10.5], [2, "乙", 1234567]]


class TestCells:
    def test_are_the_text_that_a_person_would_type(self) -> None:
        table, _ = opened(
            xlsx(
                {
                    "表": [
                        ["整数", "小数", "日付", "時刻", "24時", "論理", "文字"],
                        [
                            1234,
                            0.1,
                            (45383, DATE),
                            (0.375, TIME),
                            (1, DURATION),
                            '<c r="AT" t="b"><v>1</v></c>',
                            "空 白",
                        ],
                        [3.0, 34.30000000000000004, (44698, DATE), (0.75, TIME), (1.25, DURATION)],
                    ]
                }
            )
        )
        assert rows_of(table) == [
            ["1234", "0.1", "2024-04-01", "09:00", "24:00", "true", "空 白"],
            ["3", "34.3", "2022-05-17", "18:00", "30:00", "", ""],
        ]

    def test_numbers_have_the_digits_that_a_spreadsheet_shows(self) -> None:
        table, _ = opened(xlsx({"s": [["a", "b"], [0.30000000000000004, 12345678901234]]}))
        assert rows_of(table) == [["0.3", "12345678901234"]]

    def test_the_value_that_was_saved_with_a_formula_counts(self) -> None:
        table, findings = opened(
            xlsx({"s": [["a", "b"], ['<c r="AT"><f>1+1</f><v>2</v></c>', "x"]]})
        )
        assert rows_of(table) == [["2", "x"]]
        assert findings.counts() == {"sheet-formulas": 1}

    def test_error_cells_are_empty_and_told(self) -> None:
        table, findings = opened(
            xlsx({"s": [["a", "b"], ['<c r="AT" t="e"><v>#REF!</v></c>', "x"]]})
        )
        assert rows_of(table) == [["", "x"]]
        assert findings.counts() == {"sheet-error-cells": 1}

    def test_lines_are_rows_of_the_sheet(self) -> None:
        table, _ = opened(xlsx({"s": [["a", "b"], ["1", "改\n行"], [], ["2", "y"]]}))
        assert lines_of(table) == [2, 4]


class TestMergedCells:
    def test_are_filled_and_told(self) -> None:
        table, findings = opened(
            xlsx(
                {"s": [["区", "名称"], ["中央区", "甲"], [None, "乙"], ["北区", "丙"]]},
                merges={"s": ["A2:A3"]},
            )
        )
        assert rows_of(table) == [["中央区", "甲"], ["中央区", "乙"], ["北区", "丙"]]
        (finding,) = findings
        assert finding.kind.code == "sheet-merged-cells"
        assert (finding.place.line, finding.place.end_line, finding.place.field) == (2, 3, "区")

    def test_of_a_header_say_how_many_rows_it_has(self) -> None:
        table, _ = opened(
            xlsx(
                {
                    "s": [
                        ["ID", "人口", None, "備考"],
                        [None, "男", "女", None],
                        ["1", "10", "20", "x"],
                    ]
                },
                merges={"s": ["A1:A2", "B1:C1", "D1:D2"]},
            )
        )
        assert table.columns == ("ID", "人口/男", "人口/女", "備考")
        assert rows_of(table) == [["1", "10", "20", "x"]]

    def test_a_title_over_the_table_stays_a_title(self) -> None:
        table, findings = opened(
            xlsx(
                {
                    "s": [
                        ["施設の一覧", None, None, None],
                        ["ID", "名称", "数", "備考"],
                        ["1", "甲", "2", "x"],
                    ]
                },
                merges={"s": ["A1:D1"]},
            )
        )
        assert table.columns == ("ID", "名称", "数", "備考")
        assert "table-title-row" in findings.counts()


class TestWhichSheet:
    BOOK = xlsx({"表紙": [], "一覧": SIMPLE, "別": [["x", "y"], ["1", "2"]]})

    def test_the_first_that_is_not_empty_and_the_others_are_told(self) -> None:
        table, findings = opened(self.BOOK)
        assert table.columns == ("ID", "名称", "数")
        assert findings.counts() == {"sheet-others": 1}

    def test_hidden_ones_are_passed_over(self) -> None:
        table, _ = opened(xlsx({"作業": [["q"], ["1"]], "一覧": SIMPLE}, hidden=["作業"]))
        assert table.columns == ("ID", "名称", "数")

    def test_named_by_the_dialect(self) -> None:
        assert opened(self.BOOK, Dialect(sheet="別"))[0].columns == ("x", "y")

    def test_named_behind_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "book.xlsx").write_bytes(self.BOOK)
        findings = Findings()
        table = open_table(Path(f"{tmp_path}/book.xlsx#別"), findings=findings)
        assert (table.name, table.columns) == ("book.xlsx#別", ("x", "y"))

    def test_a_range_of_it(self, tmp_path: Path) -> None:
        rows: list[list[Cell]] = [
            ["説明", None, None],
            [None, "ID", "名称"],
            [None, 1, "甲"],
            [None, 2, "乙"],
            ["注"],
        ]
        (tmp_path / "book.xlsx").write_bytes(xlsx({"表 1": rows}))
        table = open_table(Path(f"{tmp_path}/book.xlsx#表 1!B2:C3"), findings=Findings())
        assert table.columns == ("ID", "名称")
        assert rows_of(table) == [["1", "甲"]]
        assert lines_of(table) == [3]

    def test_unknown_ones_are_refused_with_the_names_there_are(self) -> None:
        with pytest.raises(SourceNotFound, match="一覧"):
            opened(self.BOOK, Dialect(sheet="一らん"))

    def test_a_range_that_is_none(self) -> None:
        with pytest.raises(SourceError, match="A3:F200"):
            opened(self.BOOK, Dialect(sheet="一覧", cells="A-Z"))

    def test_an_empty_workbook(self) -> None:
        with pytest.raises(SourceEmpty):
            opened(xlsx({"s": []}))

    def test_in_a_zip_archive(self) -> None:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as archive:
            archive.writestr("表.xlsx", xlsx({"s": SIMPLE}))
        table, _ = opened(output.getvalue(), name="a.zip")
        assert table.columns == ("ID", "名称", "数")


class TestReadingAgain:
    def test_some_columns_and_some_rows(self) -> None:
        table, _ = opened(xlsx({"s": SIMPLE}))
        (batch,) = table.batches(["数"], limit=1)
        assert batch.table.to_pydict() == {"数": ["10.5"]}

    def test_more_rows_than_a_batch(self) -> None:
        rows: list[list[Cell]] = [["n", "m"]]
        rows += [[n, "x"] for n in range(9000)]
        table, _ = opened(xlsx({"s": rows}))
        batches = list(table.batches())
        assert [len(batch) for batch in batches] == [8192, 808]
        assert batches[1].first_row == 8193

    def test_an_unknown_column_is_refused(self) -> None:
        table, _ = opened(xlsx({"s": SIMPLE}))
        with pytest.raises(SourceError, match="名称"):
            list(table.batches(["名"]))


class TestOpenDocument:
    ROW = (
        "<table:table-row><table:table-cell office:value-type='string'><text:p>{}</text:p>"
        "</table:table-cell><table:table-cell office:value-type='string'><text:p>{}</text:p>"
        "</table:table-cell></table:table-row>"
    )

    def test_is_read_alike(self) -> None:
        body = "".join(self.ROW.format(*row) for row in (("ID", "名称"), ("1", "甲")))
        table, _ = opened(ods(f"<table:table table:name='s'>{body}</table:table>"), name="b.ods")
        assert rows_of(table) == [["1", "甲"]]

    @pytest.mark.parametrize(
        "cell",
        [
            "<table:table-row table:number-rows-repeated='1048576'><table:table-cell "
            "table:number-columns-repeated='16384' office:value-type='string'><text:p>x</text:p>"
            "</table:table-cell></table:table-row>",
            "<table:table-row table:number-rows-repeated='1000000000'><table:table-cell/>"
            "</table:table-row><table:table-row><table:table-cell office:value-type='string'>"
            "<text:p>x</text:p></table:table-cell></table:table-row>",
        ],
    )
    def test_repeats_that_are_a_bomb_are_refused(self, cell: str) -> None:
        data = ods(f"<table:table table:name='s'>{cell}{cell}</table:table>")
        with pytest.raises(SourceTooLarge):
            opened(data, name="b.ods")


class TestHostileWorkbooks:
    def test_two_cells_in_opposite_corners(self) -> None:
        """The parser would allocate all 17 thousand million cells between them."""
        sheet = sheet_xml([["a"]]).replace(
            "</sheetData>",
            '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
        )
        data = xlsx({"s": sheet})
        with pytest.raises(SourceTooLarge, match="XFD1048576"):
            opened(data)

    def test_a_zip_bomb(self) -> None:
        data = xlsx({"s": SIMPLE}, more={"xl/sharedStrings.xml": b"<sst>" + b" " * (32 << 20)})
        with pytest.raises(SourceTooLarge, match="unpacked"):
            opened(data, limits=ReadLimits(expansion=100))

    def test_entities_are_refused(self) -> None:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'
        with pytest.raises(SourceError, match="DOCTYPE"):
            opened(xlsx({"s": SIMPLE}, more={"xl/sharedStrings.xml": bomb}))

    def test_too_many_columns(self) -> None:
        wide: list[list[Cell]] = [[f"c{n}" for n in range(5000)], [1] * 5000]
        with pytest.raises(SourceTooLarge, match="5,000"):
            opened(xlsx({"s": wide}))

    def test_a_cell_past_the_limit(self) -> None:
        with pytest.raises(SourceTooLarge, match="2,000"):
            opened(xlsx({"s": [["a"], ["x" * 2000]]}), limits=ReadLimits(cell_bytes=1000))

    def test_more_cells_than_the_limit(self) -> None:
        with pytest.raises(SourceTooLarge, match="source_sheet_cells"):
            opened(
                xlsx({"s": [["a", "b"], *([[1, 2]] * 600)]}), limits=ReadLimits(sheet_cells=1000)
            )

    def test_macros_are_ignored_and_told(self) -> None:
        data = xlsx({"s": SIMPLE}, more={"xl/vbaProject.bin": b"\0" * 100})
        table, findings = opened(data, name="book.xlsm")
        assert table.columns == ("ID", "名称", "数")
        assert findings.counts() == {"sheet-macros": 1}

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("book.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
            ("book.xlsx", b"PK\x03\x04 not an archive"),
            ("book.xlsx", b"<html></html>"),
            ("book.ods", ods("<table:table")),
            ("book.xls", b"\xd0\xcf\x11\xe0"),
        ],
    )
    def test_what_is_no_workbook_is_refused_with_advice(self, name: str, data: bytes) -> None:
        with pytest.raises(SourceError) as refused:
            opened(data, name=name)
        assert refused.value.hint is not None
