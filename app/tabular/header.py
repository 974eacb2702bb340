"""Which records are the header, which are comments before it, and what the columns are called.

Japanese municipal tables put much above their data: LinkData `#…` rows, of which `#property` is
the header itself; two header rows of which the upper one is merged cells; empty and repeated
names; twenty empty columns at the right. Detection is conservative: one row is the header unless
the rows themselves say otherwise, and everything that was decided is a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.errors import Place, SourceEmpty, SourceTooLarge, Text
from app.findings import Findings, Severity, kind
from app.tabular.batch import Dialect
from app.tabular.limits import ReadLimits
from app.tabular.naming import clean_name, column_names
from app.tabular.records import CarefulRecord

LINKDATA_HEADER = "#property"
"""First cell of the header row in LinkData's table format; its other rows start with # too."""

_NUMBER = re.compile(r"[-+−△]?[\d０-９][\d０-９,.]*%?|\d{1,4}[-/.年]\d{1,2}.*|\d{1,2}:\d{2}")
"""Numbers, dates and times: what a header cell is not."""

_WIDE = 4
"""A row of two cells is no header of a table with so many columns."""

HEADER_ROWS_JOINED = kind(
    "table-header-rows",
    Severity.INFO,
    what=Text(
        ja="見出しが {rows} 行あるので、上から「/」でつないで列名にしました。",
        en="there are {rows} header rows; their names were joined by “/”.",
    ),
    why=Text(
        ja="オープンデータガイドは見出しを 1 行にするよう求めています。",
        en="The open-data guide asks for a single header row.",
    ),
    mend=Text(
        ja="見出しを 1 行にまとめてください。まとめられない表は、説明の dialect に headerRows: {rows} と"
        "書いておくと確実に読めます。",
        en="Use one header row. Where that cannot be, headerRows: {rows} in the dialect of the "
        "description makes sure of the reading.",
    ),
)
COLUMNS_DROPPED = kind(
    "table-empty-columns",
    Severity.INFO,
    what=Text(
        ja="右端の {count} 列は見出しも値も空なので読みません。",
        en="the last {count} columns have neither a name nor a value and are not read.",
    ),
    mend=Text(ja="空の列を削除してください。", en="Delete the empty columns."),
)


TITLE_ROW = kind(
    "table-title-row",
    Severity.WARNING,
    what=Text(
        ja="見出しの前に表題の行「{title}」があるので読み飛ばしました。",
        en="a title row stands before the header and was skipped: {title}",
    ),
    why=Text(
        ja="オープンデータガイドは 1 行目を見出しにするよう求めています。",
        en="The open-data guide asks for the header in the first row.",
    ),
    mend=Text(
        ja="表題はファイル名かデータセットの説明に移してください。",
        en="Move the title to the file's name or the description of the data set.",
    ),
)


@dataclass(frozen=True, slots=True)
class Header:
    """What precedes the data.

    `names`: unique, not empty; `width`: cells in most data rows; `line`: physical line, from 1,
    of the last header row, 0 without one; `end_line`: physical lines before the data begin.
    """

    names: tuple[str, ...]
    width: int
    line: int
    rows: int
    comments: tuple[tuple[str, ...], ...]
    end_line: int


def find_header(
    records: Sequence[CarefulRecord],
    dialect: Dialect,
    limits: ReadLimits,
    name: str,
    findings: Findings,
) -> Header:
    """The header of a text from its first records (a sample, blank ones included).

    Raises SourceEmpty when no record could be a header, SourceTooLarge for too many columns.
    """
    skipped, rest = records[: dialect.skip_rows], list(records[dialect.skip_rows :])
    comments = [r for r in skipped if any(r.cells)]
    upper, body, titles = _split(rest, dialect, comments)
    for title in titles:
        values = {"title": clean_name("".join(title.cells))}
        findings.add(TITLE_ROW, Place(name, title.line + 1), values)
    comments += titles
    if not upper and not body:
        raise _no_header(name)
    data = [r.cells for r in body if any(r.cells)]
    width = _usual_width(data)
    if dialect.header_rows == 0:
        number_of_columns = width
        levels: list[list[str]] = []
    else:
        levels = [r.cells for r in upper]
        number_of_columns = max(map(len, levels))
    if max(number_of_columns, width) > limits.columns:
        raise _too_many_columns(name, max(number_of_columns, width), limits)
    line = upper[-1].line + 1 if upper else 0
    raw = _joined(levels, number_of_columns) if levels else [""] * number_of_columns
    if len(levels) > 1:
        findings.add(HEADER_ROWS_JOINED, Place(name, line), {"rows": len(levels)})
    used = _used_columns(raw, data, number_of_columns)
    if not used:
        raise _no_header(name)
    if levels and used < number_of_columns:
        findings.add(COLUMNS_DROPPED, Place(name, line), {"count": number_of_columns - used})
    names = (
        column_names(raw[:used], Place(name, line), findings)
        if levels
        else tuple(f"column_{n}" for n in range(1, used + 1))
    )
    before = [*upper, *comments]
    first = body[0].line if body else max((r.end_line for r in before), default=0)
    return Header(
        names,
        max(width, used),
        line,
        len(levels),
        tuple(tuple(r.cells) for r in sorted(comments, key=lambda r: r.line)),
        first,
    )


def is_comment(cells: Sequence[str], prefix: str) -> bool:
    """Whether a record is a comment row."""
    return bool(cells) and cells[0].startswith(prefix)


def _split(
    records: list[CarefulRecord], dialect: Dialect, comments: list[CarefulRecord]
) -> tuple[list[CarefulRecord], list[CarefulRecord], list[CarefulRecord]]:
    """Header records, the data after them, and title rows before them; comment rows are moved to
    `comments`."""
    if dialect.comment_prefix is not None:
        prefix = dialect.comment_prefix
        comments += [r for r in records if is_comment(r.cells, prefix)]
        records = [r for r in records if not is_comment(r.cells, prefix)]
    if dialect.header_rows == 0:
        return [], records, []
    records = _without_leading_blanks(records)
    if dialect.comment_prefix is None:
        begin = _first_header_record(records)
        comments += [r for r in records[:begin] if any(r.cells)]
        records = records[begin:]
    titles: list[CarefulRecord] = []
    if dialect.header_rows is None:
        titles = _title_records(records)
        if titles:
            records = records[records.index(titles[-1]) + 1 :]
            records = _without_leading_blanks(records)
    count = dialect.header_rows or _count_header_rows([r.cells for r in records[:30]])
    upper, body = records[:count], records[count:]
    if dialect.comment_prefix is None and _is_linkdata(upper, comments):
        while body and is_comment(body[0].cells, "#"):
            comments.append(body.pop(0))
    return upper, body, titles


def _without_leading_blanks(records: list[CarefulRecord]) -> list[CarefulRecord]:
    begin = next((i for i, r in enumerate(records) if any(r.cells)), len(records))
    return records[begin:]


def _first_header_record(records: list[CarefulRecord]) -> int:
    """The position of the header after `#` rows: LinkData's `#property`, or the first row that
    does not start with `#`, or the last `#` row when it is as wide as the data below it."""
    run = next((i for i, r in enumerate(records) if not is_comment(r.cells, "#")), len(records))
    for position, record in enumerate(records[:run]):
        if clean_name(record.cells[0]) == LINKDATA_HEADER:
            return position
    if run == 0:
        return 0
    last = [cell for cell in records[run - 1].cells if cell]
    below = records[run].cells if run < len(records) else []
    names_a_table = len(last) > 1 and len(last) >= max(2, len(below)) and len({*last}) == len(last)
    return run - 1 if names_a_table or run == len(records) else run


def _title_records(records: list[CarefulRecord]) -> list[CarefulRecord]:
    """Rows of a single filled cell (of a wide table also two: a title and a date), and what is
    blank, before a row that names at least three columns with data below, or two such rows; none
    when there is any doubt."""
    filled = [[cell for cell in r.cells if cell] for r in records[:8]]
    wide = max(map(len, filled), default=0) >= _WIDE

    def may_be_header(at: int) -> bool:
        count = len(filled[at])
        titled = wide and count == 2 and bool(records[at].cells[0])
        return count > 1 and not (titled and not _are_merged_levels(cells[at : at + 8]))

    cells = [r.cells for r in records[:16]]
    begin = next((i for i in range(len(filled)) if may_be_header(i)), 0)
    if begin == 0 or begin + 1 >= len(filled):
        return []
    header, below = filled[begin], records[begin + 1].cells
    is_header = (
        len(header) >= 3
        and len({*header}) == len(header)
        and len(header) >= 0.8 * len(below)
        and not any(_NUMBER.fullmatch(cell) for cell in header)
    )
    if not is_header:
        is_header = _are_merged_levels(cells[begin : begin + 8])
    return [r for r in records[:begin] if any(r.cells)] if is_header else []


def _is_linkdata(upper: list[CarefulRecord], comments: list[CarefulRecord]) -> bool:
    return bool(comments) and any(
        r.cells and clean_name(r.cells[0]) == LINKDATA_HEADER for r in upper
    )


def _count_header_rows(rows: list[list[str]]) -> int:
    """1, or 2 when the first row can only be merged cells over a second header row.

    All of these must hold: the first row repeats names next to each other or leaves some empty;
    the second row is complete where the first is, without repetition of whole columns and
    without a number; the rows after it have numbers in at least a fifth of their columns.
    """
    if len(rows) < 3:
        return 1
    if _are_merged_levels(rows):
        return 2
    first, second, data = rows[0], rows[1], [r for r in rows[2:] if any(r)]
    if len(rows) < 4 or len(first) != len(second) or len(first) < 3 or not data:
        return 1
    merged = sum(a == b or not b for a, b in pairwise(first))
    if merged < len(first) / 3 or any(_NUMBER.fullmatch(cell) for cell in (*first, *second)):
        return 1
    named = [cell for cell in second if cell]
    if len(named) < 0.8 * len(second) or len({*zip(first, second, strict=True)}) < len(second):
        return 1
    if any(upper and not lower for upper, lower in zip(first[1:], second[1:], strict=True)):
        return 1
    numeric = sum(
        sum(bool(_NUMBER.fullmatch(row[column])) for row in data if column < len(row))
        > len(data) / 2
        for column in range(len(first))
    )
    return 2 if numeric >= len(first) / 5 else 1


def _are_merged_levels(rows: list[list[str]]) -> bool:
    """Whether the first two rows are a header of merged cells as a spreadsheet exports it: where
    cells were merged downwards the second row is empty, where they were merged sideways the first
    row has one name followed by empty cells, and the second row names each. No number is in
    either, every column has a name of its own, and the rows below hold numbers."""
    if len(rows) < 3 or len(rows[0]) != len(rows[1]) or len(rows[0]) < 3:
        return False
    first, second = rows[0], rows[1]
    if any(_NUMBER.fullmatch(cell) for cell in (*first, *second)) or not first[0]:
        return False
    grouped, group = 0, ""
    names: set[tuple[str, str]] = set()
    for column, (upper, lower) in enumerate(zip(first, second, strict=True)):
        continues = column + 1 < len(first) and not first[column + 1] and second[column + 1]
        if upper and lower and not continues:
            return False  # a name over a single name is no merged cell
        if not upper and not (lower and group):
            return False
        group = (upper or group) if lower else ""
        grouped += bool(lower)
        names.add((group or upper, lower))
    data = [row for row in rows[2:] if any(row)]
    numeric = sum(bool(_NUMBER.fullmatch(cell)) for row in data for cell in row if cell)
    filled = sum(bool(cell) for row in data for cell in row)
    return grouped >= 2 and len(names) == len(first) and numeric * 5 >= filled > 0


def _joined(levels: list[list[str]], width: int) -> list[str]:
    """The names of several header rows joined by "/"; an upper cell that is empty to the right
    of a filled one is taken as merged with it, unless that one stands alone over its column."""
    padded = [[*cells, *[""] * (width - len(cells))] for cells in levels]
    for upper, lower in pairwise(padded):
        for column in range(1, width):
            if not upper[column] and lower[column] and upper[column - 1] and lower[column - 1]:
                upper[column] = upper[column - 1]
    joined = []
    for column in range(width):
        parts = [level[column] for level in padded if clean_name(level[column])]
        distinct = [p for i, p in enumerate(parts) if i == 0 or p != parts[i - 1]]
        joined.append("/".join(map(clean_name, distinct)) if len(levels) > 1 else "".join(parts))
    return joined


def _usual_width(data: list[list[str]]) -> int:
    widths = Counter(map(len, data))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _used_columns(raw: list[str], data: list[list[str]], width: int) -> int:
    """The number of columns up to the last one that has a name or, in the sample, a value."""
    named = max((n for n, name in enumerate(raw[:width], 1) if clean_name(name)), default=0)
    filled = max(
        (n for cells in data for n, cell in enumerate(cells[:width], 1) if n > named and cell),
        default=0,
    )
    return max(named, filled)


def _no_header(name: str) -> SourceEmpty:
    return SourceEmpty(
        Text(ja="見出しの行がありません。", en="there is no header row."),
        place=Place(name),
        hint=Text(
            ja="1 行目に列名を書いてください。列名のない表なら説明の dialect に headerRows: 0 と書きます。",
            en="Put the column names into the first row; for a table without any, write "
            "headerRows: 0 in the dialect of the description.",
        ),
    )


def _too_many_columns(name: str, columns: int, limits: ReadLimits) -> SourceTooLarge:
    return SourceTooLarge(
        Text(
            ja=f"{columns:,} 列あり、上限 {limits.columns:,} 列を超えています。",
            en=f"it has {columns:,} columns; the limit is {limits.columns:,}.",
        ),
        place=Place(name),
        hint=Text(
            ja="区切り文字を確かめるか、設定 source_columns を見直してください。",
            en="Check the delimiter, or raise source_columns.",
        ),
    )
