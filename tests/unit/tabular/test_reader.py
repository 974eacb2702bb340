"""Tables as a whole: dialects, rows, findings, limits, several passes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from app.errors import SourceError, SourceTooLarge
from app.findings import Findings
from app.tabular.batch import Dialect
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_bytes, open_table
from tests.unit.tabular.reading import read


@pytest.mark.parametrize(
    ("text", "delimiter", "columns"),
    [
        ("a,b\n1,2\n", ",", ("a", "b")),
        ("a\tb\n1,5\t2\n", "\t", ("a", "b")),
        ("a;b\n1,5;2\n3,0;4\n", ";", ("a", "b")),
        ("a|b|c\n1|2|3\n", "|", ("a", "b", "c")),
        ('a,b,c\n"x;y",1|2,3\n"z;y",1|2,3\n', ",", ("a", "b", "c")),
        ("名称\nあ\nい\n", ",", ("名称",)),
    ],
)
def test_the_delimiter_is_found_out(text: str, delimiter: str, columns: tuple[str, ...]) -> None:
    result = read(text)
    assert result.table.description.delimiter == delimiter
    assert result.table.columns == columns


def test_a_tsv_in_utf_16_is_read() -> None:
    result = read("\ufeff名称\t値\r\n東京\t1,000\r\n".encode("utf-16-le"), name="t.tsv")
    assert result.table.columns == ("名称", "値")
    assert result.cells == [("東京", "1,000")]


@pytest.mark.parametrize("delimiter", ["", ",,", "\n"])
def test_a_delimiter_that_is_not_one_character_is_an_error(delimiter: str) -> None:
    with pytest.raises(SourceError, match="one character"):
        read("a,b\n", Dialect(delimiter=delimiter))


def test_other_quotes_escapes_and_delimiters_are_read_when_declared() -> None:
    assert read("a,b\n'x,y',2\n", Dialect(quote="'")).cells == [("x,y", "2")]
    assert read('a,b\n"x\\"y",2\n', Dialect(escape="\\")).cells == [('x"y', "2")]
    assert read('a,b\n"x""y",2\n', Dialect(escape='"')).cells == [('x"y', "2")]
    assert read('a,b\n"x,2\n', Dialect(quote=None)).cells == [('"x', "2")]
    assert read("a、b\n1、2\n", Dialect(delimiter="、")).cells == [("1", "2")]
    assert read('a, b\n1, "2, 3"\n', Dialect(skip_initial_space=True)).cells == [("1", "2, 3")]
    assert read("a,b\n 1 ,　2\n", Dialect(trim=True)).cells == [("1", "2")]


def test_lines_are_physical_whatever_ends_them() -> None:
    result = read('a,b\r\n"x\r\ny",1\r\n\r\n"z\nw\rv",2\n,\n3,4')
    assert result.rows == [(2, ("x\r\ny", "1")), (5, ("z\nw\rv", "2")), (9, ("3", "4"))]
    assert result.findings == [("table-empty-row", 8)]


def test_blank_rows_are_rows_when_asked_for() -> None:
    result = read("a,b\n1,2\n\n,\n3,4\n", Dialect(skip_blank_rows=False))
    assert result.rows == [
        (2, ("1", "2")),
        (3, (None, None)),
        (4, ("", "")),
        (5, ("3", "4")),
    ]
    assert result.findings == []


def test_ragged_rows_are_left_out_with_line_and_counts() -> None:
    findings = Findings()
    table = open_bytes("t.csv", b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n", findings=findings)
    assert [b.table.to_pylist() for b in table.batches()] == [[{"a": "1", "b": "2", "c": "3"}] * 2]
    ragged = [(f.place.line, f.values) for f in findings if f.kind.code == "table-ragged-row"]
    assert ragged == [(3, {"found": 2, "expected": 3}), (4, {"found": 4, "expected": 3})]
    assert "2" in next(iter(findings)).message("ja")


def test_findings_about_rows_are_reported_once_however_often_a_table_is_read() -> None:
    findings = Findings()
    table = open_bytes("t.csv", b"a,b\n1,2\n1\n\x003,4\n5\n,\n", findings=findings)
    list(table.batches(limit=1))
    for _ in range(3):
        assert sum(map(len, table.batches())) == 2
    assert findings.counts() == {
        "table-empty-row": 1,
        "table-nul-character": 1,
        "table-ragged-row": 2,
    }


def test_an_unclosed_quote_is_told_where_it_opens() -> None:
    result = read('a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert result.rows == [(2, ("1", "2"))]
    assert result.findings == [("table-unclosed-quote", 3)]


def test_text_after_a_closing_quote_is_read_and_said() -> None:
    result = read('a,b\n1,2\n"x"y,3\n5"6,7\n"z","4"\n')
    assert result.cells == [("1", "2"), ("xy", "3"), ('5"6', "7"), ("z", "4")]
    assert result.findings == [("table-text-after-quote", 3)]


def test_an_end_of_file_mark_of_old_tools_is_no_row() -> None:
    assert read(b"a\r\n1\r\n\x1a").cells == [("1",)]


def test_nul_characters_are_removed_and_said() -> None:
    result = read(b"a,b\n1,2\n3,\x004\x00\n")
    assert result.cells == [("1", "2"), ("3", "4")]
    assert result.findings == [("table-nul-character", 3)]


def test_nul_characters_in_the_header_do_not_shift_the_rows() -> None:
    result = read("a\0,名\0\n1,東\n")
    assert result.table.columns == ("a", "名")
    assert result.rows == [(2, ("1", "東"))]
    assert result.findings == [("table-nul-character", 1)]


def test_a_limit_ends_reading_and_rows_are_numbered_from_one() -> None:
    table = open_bytes("t.csv", b"a\n" + b"x\n" * 100, findings=Findings())
    batches = list(table.batches(limit=7))
    assert sum(map(len, batches)) == 7
    assert batches[0].first_row == 1
    assert list(table.batches(limit=0)) == []


def test_first_rows_follow_on_across_batches(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"a,b\n" + b"some words,more words\n" * 300_000)
    table = open_table(file, findings=Findings())
    expected = 1
    for batch in table.batches():
        assert batch.first_row == expected
        assert batch.lines[0] == expected + 1
        expected += len(batch)
    assert expected == 300_001


def test_columns_come_in_the_order_asked_for_as_strings() -> None:
    table = open_bytes("t.csv", b"a,b,c\n1,,3\n", findings=Findings())
    (batch,) = table.batches(["c", "b"])
    assert batch.table.schema == pa.schema([("c", pa.string()), ("b", pa.string())])
    assert batch.table.to_pylist() == [{"c": "3", "b": ""}]
    (none,) = table.batches([])
    assert len(none) == 1


def test_an_unknown_column_is_an_error_with_near_names() -> None:
    table = open_bytes("t.csv", "名称_カナ,住所\nA,B\n".encode(), findings=Findings())
    with pytest.raises(SourceError) as caught:
        table.batches(["名称カナ"])
    assert "名称_カナ" in caught.value.message("ja")


def test_a_cell_past_the_limit_is_refused_with_its_line() -> None:
    for cell in ("x" * 2000, '"' + "東\n" * 1000 + '"', 'y"' + "x" * 2000):
        with pytest.raises(SourceTooLarge) as caught:
            read(f"a,b\n1,2\n{cell},3\n", limits=ReadLimits(cell_bytes=1000))
        assert caught.value.place is not None
        assert caught.value.place.line == 3


def test_a_quote_that_never_closes_does_not_swallow_a_large_file() -> None:
    data = b"a,b\n" + b"1,2\n" * 300_000 + b'3,"4\n' + b"5,6\n" * 2_000_000
    with pytest.raises(SourceTooLarge) as caught:
        read(data, limits=ReadLimits(cell_bytes=64 << 10))
    assert caught.value.place is not None
    assert caught.value.place.line == 300_002


def test_a_line_that_never_ends_is_refused() -> None:
    with pytest.raises(SourceTooLarge):
        read(b"a" * (3 << 20))


def test_what_is_not_read_is_refused_by_name() -> None:
    for name in ("t.xls", "t.pdf"):
        with pytest.raises(SourceError, match="not read"):
            read("a,b\n", name=name)
