"""What a row has to be: the rules that both ways of reading keep, and their findings.

- A row needs a cell for every named column, and cells past those must be empty; any other row is
  ragged: a finding, and left out.
- A row whose cells are all empty is left out when blank rows are skipped (`skipBlankRows` of
  CSVW, https://www.w3.org/TR/tabular-data-model/#parsing), else its missing cells are null.
- A row that begins with the declared comment prefix is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.errors import Place, SourceTooLarge, Text
from app.findings import FindingKind, Severity, kind
from app.tabular.grammar import Grammar
from app.tabular.limits import ReadLimits

RAGGED_ROW = kind(
    "table-ragged-row",
    Severity.ERROR,
    what=Text(
        ja="この行のセルは {found} 個で、見出しの {expected} 個と合いません。行を除外しました。",
        en="this row has {found} cells where the header has {expected}; it was left out.",
    ),
    why=Text(
        ja="どの値がどの列のものか決められません。",
        en="It cannot be told which value belongs to which column.",
    ),
    mend=Text(
        ja='カンマを含む値を " で囲み、足りないセルを補ってください。',
        en="Put values that hold the delimiter in quotes and add the missing cells.",
    ),
)
UNCLOSED_QUOTE = kind(
    "table-unclosed-quote",
    Severity.ERROR,
    what=Text(
        ja="この行で始まる引用符が最後まで閉じていません。ここから後ろを除外しました。",
        en="a quote that opens in this record is never closed; all from here on was left out.",
    ),
    mend=Text(
        ja='引用符 (") を閉じるか、値の中の引用符を二重 ("") にしてください。',
        en='Close the quote, or double ("") quotes inside a value.',
    ),
)
TEXT_AFTER_QUOTE = kind(
    "table-text-after-quote",
    Severity.WARNING,
    what=Text(
        ja="閉じた引用符の後に文字が続くセルがあります。つないで読みました。",
        en="a cell goes on after its closing quote; both parts were read as one value.",
    ),
    why=Text(
        ja="引用符の対応が崩れていると、別の行や列が 1 つのセルに混ざることがあります。",
        en="Where quotes do not match, other rows or columns may end up in one cell.",
    ),
    mend=Text(
        ja='値の中の引用符を二重 ("") にしてください。', en='Double ("") quotes inside a value.'
    ),
)
EMPTY_ROW = kind(
    "table-empty-row",
    Severity.INFO,
    what=Text(
        ja="すべてのセルが空の行があります。読み飛ばしました。",
        en="all cells of this row are empty; it was skipped.",
    ),
    mend=Text(ja="空の行を削除してください。", en="Delete the empty row."),
)

Report = Callable[[FindingKind, int, dict[str, object]], None]
"""Called with the kind, the physical line and the values of the finding."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a block parser knows of its table.

    `names`: the named columns; `width`: cells in most rows, at least as many; `wanted`: which
    columns, by position, a batch is to have, in that order.
    """

    name: str
    grammar: Grammar
    names: tuple[str, ...]
    width: int
    wanted: tuple[int, ...]
    limits: ReadLimits
    comment_prefix: str | None = None
    skip_blank_rows: bool = True
    trim: bool = False


def row_of(
    cells: list[str], line: int, layout: Layout, report: Report
) -> Sequence[str | None] | None:
    """The cells of a record that begins on a physical line, or None when it is left out.

    Raises SourceTooLarge for a cell past the limit.
    """
    expected = len(layout.names)
    if layout.comment_prefix is not None and cells and cells[0].startswith(layout.comment_prefix):
        return None
    if not any(cells):
        if not layout.skip_blank_rows:
            return [*cells[:expected], *[None] * (expected - len(cells))]
        if cells:
            report(EMPTY_ROW, line, {})
        return None
    _refuse_long_cells(cells, line, layout)
    if len(cells) < expected or any(cells[expected:]):
        filled = max(n for n, cell in enumerate(cells, 1) if cell)
        found = len(cells) if len(cells) < expected else filled
        report(RAGGED_ROW, line, {"found": found, "expected": expected})
        return None
    return cells


def _refuse_long_cells(cells: list[str], line: int, layout: Layout) -> None:
    limit = layout.limits.cell_bytes
    if 4 * max(map(len, cells)) <= limit:
        return
    longest = max(len(cell.encode()) for cell in cells)
    if longest > limit:
        raise cell_too_long(layout.name, line, longest, limit)


def cell_too_long(name: str, line: int, length: int, limit: int) -> SourceTooLarge:
    """The error for a cell, or a record that does not end, past the limit."""
    return SourceTooLarge(
        Text(
            ja=f"{length:,} バイトのセルがあり、上限 {limit:,} バイトを超えています。",
            en=f"a cell has {length:,} bytes; the limit is {limit:,}.",
        ),
        place=Place(name, line),
        hint=Text(
            ja='閉じていない引用符 (") がないか確かめるか、設定 source_cell_bytes を見直してください。',
            en="Look for a quote that is not closed, or raise source_cell_bytes.",
        ),
    )
