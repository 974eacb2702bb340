"""The fast way of reading and Python's csv module give the same rows, whatever the text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import zip_longest

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.findings import Findings
from app.tabular import blocks
from app.tabular.batch import Dialect
from app.tabular.delimited import DelimitedTable
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_bytes
from app.tabular.records import find_records


@pytest.fixture(autouse=True, scope="module")
def _small_halves() -> Iterator[None]:
    """Lets tables of a few rows be halved around a bad row, as blocks of thousands are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "CAREFUL_ROWS", 1)
        yield


Row = tuple[int, list[str]]


def expected_rows(text: str, width: int) -> tuple[list[Row], list[int]]:
    """The rows after the header with their physical lines, and the lines of ragged rows: the
    csv module's answer, worked out here apart from the product."""
    rows: list[Row] = []
    ragged: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    for cells in reader:
        begins, line = line, reader.line_num + 1
        if begins == 1 or not any(cells):
            continue
        if len(cells) < width or any(cells[width:]):
            ragged.append(begins)
        else:
            rows.append((begins, cells[:width]))
    return rows, ragged


def read_rows(text: str, block_bytes: int) -> tuple[list[Row], list[int], tuple[str, ...]]:
    """The product's answer when it is given the text in blocks of so many bytes."""
    findings = Findings(kept_per_kind=10_000)
    table = open_bytes(
        "t.csv", text.encode(), Dialect("utf-8", ",", header_rows=1), findings=findings
    )
    assert isinstance(table, DelimitedTable)
    table._block_bytes = block_bytes
    rows = [
        (int(line), [row[name] for name in table.columns])
        for batch in table.batches()
        for line, row in zip_longest(batch.lines, batch.table.to_pylist())
    ]
    ragged = [f.place.line or 0 for f in findings if f.kind.code == "table-ragged-row"]
    return rows, ragged, table.columns


def is_closed(text: str) -> bool:
    """Whether a text ends outside quotes: one more line is then a record of its own."""
    *_, last = csv.reader(io.StringIO(text + "\nx", newline=""))
    return last == ["x"]


cells = st.text(st.sampled_from(list('ab 東ｱ①,;"\n\r\t🗾')), max_size=5)


@st.composite
def written_tables(draw: st.DrawFn) -> str:
    """Well-formed tables as programs write them, with blank, empty and ragged rows between."""
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    width = draw(st.integers(1, 4))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow([f"列{n}" for n in range(width)])
    for _ in range(draw(st.integers(0, 8))):
        shape = draw(st.sampled_from(["row", "row", "row", "row", "blank", "empty", "ragged"]))
        if shape == "blank":
            text.write(line_end)
        elif shape == "empty":
            writer.writerow([""] * width)
        elif shape == "ragged":
            writer.writerow(draw(st.lists(cells, min_size=1, max_size=6)))
        else:
            writer.writerow(draw(st.lists(cells, min_size=width, max_size=width)))
    whole = text.getvalue()
    return whole if draw(st.booleans()) else whole.removesuffix(line_end)


wild_texts = st.text(st.sampled_from(list('ab東,,""\n\n\r ')), max_size=40)


@settings(max_examples=400, deadline=None)
@given(written_tables(), st.integers(1, 64))
@example('a,b\n"x\r\ny",1\r\n', 5)
@example("a\r1\r\r2", 3)
@example('a,b\r\n"","x"\r\n"",""\r\n', 1000)
def test_written_tables_read_as_the_csv_module_reads_them(text: str, block_bytes: int) -> None:
    width = len(next(csv.reader(io.StringIO(text, newline=""))))
    rows, ragged, columns = read_rows(text, block_bytes)
    assert len(columns) == width
    assert (rows, ragged) == expected_rows(text, width)


@settings(max_examples=800, deadline=None)
@given(wild_texts, st.integers(1, 64))
@example('1"2,3\n4,5"\n6,7\n', 100)
@example('"1"2,3\n4,5\n', 100)
@example('1, "2\n",3\n', 100)
@example('"1""\n""2",3\n4,5\n', 4)
def test_malformed_texts_read_as_the_csv_module_reads_them(text: str, block_bytes: int) -> None:
    whole = "甲,乙\n" + text
    if not is_closed(whole):
        return  # told as a finding, see test_findings
    rows, ragged, _ = read_rows(whole, block_bytes)
    assert (rows, ragged) == expected_rows(whole, 2)


@settings(max_examples=100, deadline=None)
@given(written_tables())
def test_a_projection_gives_the_same_cells_and_lines(text: str) -> None:
    table = open_bytes(
        "t.csv", text.encode(), Dialect("utf-8", ",", header_rows=1), findings=Findings()
    )
    last = table.columns[-1]
    whole = [(b.lines.tolist(), b.table[last].to_pylist()) for b in table.batches()]
    assert [(b.lines.tolist(), b.table[last].to_pylist()) for b in table.batches([last])] == whole
    assert [b.lines.tolist() for b in table.batches([])] == [lines for lines, _ in whole]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"x","y"\n',
        'a,b\n"x\ny","""q"""\n',
        "a,b\r\n1,2\r\n\r\n3,4",
        "a,b\r1,2\r",
        '東京,"",京\n',
    ],
)
def test_regular_quoting_takes_the_fast_way(text: str) -> None:
    table = open_bytes("t.csv", text.encode(), Dialect("utf-8", ","), findings=Findings())
    assert isinstance(table, DelimitedTable)
    assert find_records(text.encode(), table._grammar, final=True) is not None


@pytest.mark.parametrize("text", ['a"b,c\n', '"a"b,c\n', '"a,b\n', ' "a",b\n'])
def test_irregular_quoting_takes_the_careful_way(text: str) -> None:
    table = open_bytes("t.csv", b"a,b\n1,2\n", Dialect("utf-8", ","), findings=Findings())
    assert isinstance(table, DelimitedTable)
    assert find_records(text.encode(), table._grammar, final=True) is None


def test_reading_takes_the_fast_way_for_ordinary_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the careful way was taken")

    monkeypatch.setattr(blocks.BlockParser, "_parse_carefully", refuse)
    text = "a,b\r\n" + '"東,京",2\r\n\r\n,\r\n' * 10_000
    table = open_bytes("t.csv", text.encode(), findings=Findings(), limits=ReadLimits())
    assert sum(len(batch) for batch in table.batches()) == 10_000
