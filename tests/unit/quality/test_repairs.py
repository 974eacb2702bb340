"""Safe repairs: what is changed, what is left, and that a second time changes nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codes.bundled import region_table
from app.errors import DataRejected, SourceError, UsageError
from app.findings import Findings
from app.publish.checking import check_file
from app.publish.fixing import Fixed, fix_file
from app.quality.repairs import Change, Repairer
from app.tabular.reader import open_bytes
from tests.unit.quality.tables import SETTINGS

HEADER = "都道府県コード又は市区町村コード,NO,名称,電話番号,開始時間,設置年月日,定員[人],緯度,備考"


def mended(line: str) -> list[str]:
    """The cells of a row after repair, between two rows that tell the roles."""
    sure = "372013,1,中央公園,087-839-2611,09:00,2001-04-01,120,34.3426,あり"
    table = open_bytes("t.csv", f"{HEADER}\n{sure}\n{line}\n{sure}\n".encode(), findings=Findings())
    batches = list(Repairer(table, Findings(), region_table()).batches(lambda _: None))
    return [column[1].as_py() for column in batches[0].columns]


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        (0, "42021", "042021"),
        (0, "４２０２１", "042021"),
        (3, "０８７－８３９－２６１１", "087-839-2611"),
        (4, "8:00", "08:00"),
        (4, "８：３０", "08:30"),
        (5, "2015/12/9", "2015-12-09"),
        (5, "2015年12月9日", "2015-12-09"),
        (5, "２０１５．１２．９", "2015-12-09"),
        (5, "S28.03.23", "1953-03-23"),
        (5, "令和元年5月1日", "2019-05-01"),
        (6, '"1,234 "', "1234"),
        (6, "１２３", "123"),
        (7, "３４．３", "34.3"),
        (8, "ﾄｲﾚあり　", "トイレあり"),
        (8, "遊\u200b具", "遊具"),
    ],
)
def test_a_cell_is_mended_where_its_meaning_is_certain(
    column: int, before: str, after: str
) -> None:
    cells = ["372013", "2", "東公園", "087-839-2612", "09:00", "2002-04-01", "80", "34.3", ""]
    cells[column] = before
    assert mended(",".join(cells))[column] == after


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, "372014"),  # a wrong check digit may be any digit
        (0, "37201"),  # five digits are a code of their own
        (2, "第１公園"),  # the width of letters in a name is part of it
        (3, "87-839-2611"),
        (4, "25:00"),
        (4, "24:00"),
        (5, "5/1/2023"),
        (5, "05/04/01"),
        (5, "44698"),
        (5, "2023-02-30"),
        (5, "H31.5.1"),  # after the end of the era
        (5, "2024-05"),
        (6, "約120"),
        (6, "1.50"),
        (8, "1,234"),
        (8, "８：００"),
    ],
)
def test_what_needs_a_decision_is_left(column: int, value: str) -> None:
    cells = ["372013", "2", "東公園", "087-839-2612", "09:00", "2002-04-01", "80", "34.3", ""]
    cells[column] = f'"{value}"'
    assert mended(",".join(cells))[column] == value


@settings(deadline=None)  # other work on the machine is no fault of a repair
@given(
    st.lists(
        st.lists(
            st.text(
                st.sampled_from(" 　0123456789０１２３/:.,-年月日平成HSR元ｱｶﾞあ公園\u200b\ta\"'\n"),
                max_size=12,
            ),
            min_size=4,
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_repairing_twice_changes_nothing_more(rows: list[list[str]]) -> None:
    def table_of(rows: list[list[str]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
            [["NO", "開始時間", "設置年月日", "定員"], *rows]
        )
        return text.getvalue().encode("utf-8-sig")

    def repaired(rows: list[list[str]]) -> tuple[list[list[str]], list[Change]]:
        table = open_bytes("t.csv", table_of(rows), findings=Findings())
        changes: list[Change] = []
        batches = list(Repairer(table, Findings(), region_table()).batches(changes.append))
        out = [
            list(cells)
            for batch in batches
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        ]
        return out, changes

    once, _ = repaired(rows)
    twice, changes = repaired(once)
    assert changes == []
    assert twice == once


def fix(path: Path, output: Path | None = None, *, overwrite: bool = False) -> Fixed:
    return fix_file(path, SETTINGS, region_table(), output=output, overwrite=overwrite)


def test_a_copy_is_written_and_every_change_is_listed(tmp_path: Path) -> None:
    original = tmp_path / "公園.csv"
    data = "NO,名称,開始時間\r\n1,中央公園,8:00\r\n2,東公園,09:00\r\n".encode("cp932")
    original.write_bytes(data)
    fixed = fix(original)
    assert original.read_bytes() == data
    assert fixed.output == tmp_path / "公園.fixed.csv"
    assert fixed.output.read_bytes() == (
        "\ufeffNO,名称,開始時間\r\n1,中央公園,08:00\r\n2,東公園,09:00\r\n".encode()
    )
    with fixed.changes_file.open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.reader(file))
    assert listed == [
        ["line", "column", "before", "after", "codes"],
        ["", "", "Shift_JIS (CP932)", "UTF-8 (BOM)", "encoding-not-utf8"],
        ["2", "開始時間", "8:00", "08:00", "time-one-digit"],
    ]
    assert (fixed.rows, fixed.count) == (2, 2)
    remaining = check_file(fixed.output, SETTINGS, region_table()).findings.counts()
    assert set(remaining) == {"licence-missing", "metadata-missing"}


def test_headings_and_comments_stay_as_they_are(tmp_path: Path) -> None:
    original = tmp_path / "t.csv"
    original.write_text("#LINK,,\n#license,CC0,\n#property,名称,名称\n1,A,B\n", encoding="utf-8")
    text = fix(original).output.read_text(encoding="utf-8-sig")
    assert text == "#LINK,,\n#license,CC0,\n#property,名称,名称\n1,A,B\n"


def test_a_fixed_file_is_not_changed_again(tmp_path: Path) -> None:
    original = tmp_path / "t.csv"
    original.write_text('NO,定員\n1,"1,200"\n2,30\n,\n', encoding="utf-8")
    first = fix(original)
    second = fix(first.output, tmp_path / "again.csv")
    assert second.count == 0
    assert second.output.read_bytes() == first.output.read_bytes()


def test_rows_that_cannot_be_read_stop_it_and_nothing_is_written(tmp_path: Path) -> None:
    original = tmp_path / "t.csv"
    original.write_text("NO,名称,定員\n1,A,2\n2,B,1,200\n", encoding="utf-8")
    with pytest.raises(DataRejected) as caught:
        fix(original)
    assert caught.value.place is not None
    assert caught.value.place.line == 3
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    original = tmp_path / "t.csv"
    original.write_text("NO,名称\n1,A\n", encoding="utf-8")
    with pytest.raises(UsageError):
        fix(original, original)
    with pytest.raises(UsageError):
        fix(original, original, overwrite=True)
    fix(original)
    with pytest.raises(UsageError):
        fix(original)
    fix(original, overwrite=True)
    with pytest.raises(UsageError):
        fix(original, tmp_path / "nowhere" / "t.csv")
    with pytest.raises(SourceError):
        fix(tmp_path / "missing.csv")
    assert original.read_text(encoding="utf-8") == "NO,名称\n1,A\n"


@pytest.mark.shared
def test_real_files_are_fixed_without_losing_a_cell(shared: Path, tmp_path: Path) -> None:
    from app.tabular.reader import open_table
    from tests.unit.tabular.reading import rows_of

    for file in sorted((shared / "data/municipal-csv").glob("*.csv")):
        fixed = fix(file, tmp_path / file.name)
        before = open_table(file, findings=Findings())
        after = open_table(fixed.output, findings=Findings())
        assert before.columns == after.columns
        old, new = [c for _, c in rows_of(before)], [c for _, c in rows_of(after)]
        assert len(old) == len(new) == fixed.rows
        differing = sum(
            a != b for x, y in zip(old, new, strict=True) for a, b in zip(x, y, strict=True)
        )
        in_cells = sum(
            change.column is not None and change.line is not None for change in fixed.changes
        )
        assert differing <= in_cells
