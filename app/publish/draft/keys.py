"""Which columns tell the things of a table apart: looked for in every row, not in a sample."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from app.errors import Text
from app.publish.draft.column_draft import ColumnDraft
from app.quality.roles import ColumnRole, Role
from app.tabular.batch import Table

_CODE: Final = re.compile(r"(code|cd|id|no|number|コード|番号|識別子)$", re.IGNORECASE)
_NO_KEYS: Final = frozenset(
    {
        Role.REGION_CODE,
        Role.POSTAL_CODE,
        Role.PHONE,
        Role.LATITUDE,
        Role.LONGITUDE,
        Role.COORDINATES,
        Role.FLAG,
        Role.AMOUNT,
        Role.TIME,
        Role.WEEKDAYS,
        Role.NOTE,
        Role.MAIL,
        Role.PERSON,
        Role.BIRTHDAY,
        Role.EMPTY,
    }
)
_WORDED: Final = frozenset({Role.TEXT, Role.NAME, Role.ADDRESS})
_LOOKED_AT: Final = 8
"""So many columns are tried in pairs and in threes."""


@dataclass(frozen=True, slots=True)
class Key:
    """The columns whose values together are different in every row. `is_row` says that none
    are, and that rows are told apart by all that stands in them (`columns` is all of them)."""

    columns: tuple[str, ...]
    reasons: tuple[Text, ...]
    is_row: bool = False
    repeated: int = 0
    confirm: Text | None = None


def find_key(
    table: Table,
    drafts: Sequence[ColumnDraft],
    roles: dict[str, ColumnRole],
    declared: Sequence[str],
) -> Key:
    """The key of a table. `declared`: what a description beside it calls the primary key."""
    if declared and all(name in table.columns for name in declared):
        repeated = _repeated(table, declared)
        reason = Text("説明ファイルの主キーです", "the description names it as the primary key")
        return Key(tuple(declared), (reason,), repeated=repeated)
    order = list(_candidates(drafts, roles))
    unique = _unique_columns(table, order)
    for name in order:
        if name in unique:
            return _single(name, drafts)
    first = next((d.column for d in drafts if d.is_mapped), None)
    worded = first is not None and roles[first].role in _WORDED and first not in order
    if first is not None and worded and first in _unique_columns(table, [first]):
        return _single(first, drafts)
    named = next((d.column for d in drafts if d.means in ("name", "area-name")), None)
    parts = [name for name in _parts(drafts, roles) if name != named][:_LOOKED_AT]
    groups = [(named, *more) for n in (1, 2) for more in combinations(parts, n)] if named else []
    for group in (*groups, *combinations(parts, 2), *combinations(parts, 3)):
        if not _repeated(table, group):
            joined = "・".join(group)
            reason = Text(
                f"「{joined}」の組み合わせがどの行でも違います",
                f"{joined} together are different in every row",
            )
            confirm = Text(
                f"番号の列がないので「{joined}」を組み合わせてキーにしました。変わらない番号の列があれば"
                "加えてください。",
                f"No column numbers the rows, so {joined} together are the key; add a column with "
                "a lasting number if there is one.",
            )
            return Key(group, (reason,), confirm=confirm)
    return _by_row(table, drafts)


def _single(name: str, drafts: Sequence[ColumnDraft]) -> Key:
    draft = next(d for d in drafts if d.column == name)
    reason = Text(
        f"「{name}」はどの行にもあり、同じ値がありません",
        f"{name} has a value in every row, and no value twice",
    )
    confirm = None
    if draft.means == "row-id":
        confirm = Text(
            f"「{name}」は行の番号のようです。行を入れ替えても番号が変わらないことを確かめてください。",
            f"{name} looks like a row number: make sure that it stays when rows move.",
        )
    elif draft.means != "id" and not _CODE.search(name):
        confirm = Text(
            f"番号の列がないので「{name}」をキーにしました。名称が変わると IRI も変わります。",
            f"No column numbers the rows, so {name} is the key: its IRI changes with the name.",
        )
    return Key((name,), (reason,), confirm=confirm)


def _by_row(table: Table, drafts: Sequence[ColumnDraft]) -> Key:
    columns = tuple(d.column for d in drafts if d.is_mapped)
    reason = Text(
        "どの列を組み合わせても行を区別できないので、行の内容全体から IRI を作ります",
        "no columns tell the rows apart, so the IRI is made from all that a row holds",
    )
    confirm = Text(
        "行を区別できる番号の列がありません。番号の列を加えることを強く勧めます。",
        "No column tells the rows apart: adding one with numbers is strongly advised.",
    )
    return Key(columns, (reason,), True, _repeated(table, columns), confirm)


def _candidates(drafts: Sequence[ColumnDraft], roles: dict[str, ColumnRole]) -> Iterator[str]:
    """Columns that may be the key, the likeliest first."""
    ranks: dict[str, int] = {}
    for draft in drafts:
        role, name = roles[draft.column].role, draft.column
        if draft.means == "id":
            rank = 0
        elif draft.means == "row-id":
            rank = 3
        elif role is Role.KEY:  # a second column of numbers
            rank = 1
        elif draft.means in ("name", "area-name"):
            rank = 4
        elif role not in _NO_KEYS and not draft.means and _CODE.search(name):
            rank = 2
        else:
            continue
        ranks[name] = rank
    yield from sorted(ranks, key=ranks.__getitem__)


def _parts(drafts: Sequence[ColumnDraft], roles: dict[str, ColumnRole]) -> list[str]:
    """Columns that may be a part of the key."""
    preferred = {
        "id": 0,
        "area-code": 1,
        "address": 2,
        "start-date": 2,
        "survey-date": 2,
        "kind": 3,
    }
    fitting = [
        d
        for d in drafts
        if d.is_mapped
        and (d.means in preferred or roles[d.column].role not in _NO_KEYS)
        and d.means not in ("prefecture", "municipality", "url", "image", "description")
    ]
    return [d.column for d in sorted(fitting, key=lambda d: preferred.get(d.means, 5))]


def _unique_columns(table: Table, names: Sequence[str]) -> set[str]:
    """Those with a value in every row and no value twice."""
    if not names:
        return set()
    chunks: dict[str, list[pa.Array]] = {name: [] for name in names}
    for batch in table.batches(names):
        for name in list(chunks):
            column = pc.utf8_trim_whitespace(batch.table.column(name))
            if column.null_count or pc.any(pc.equal(column, "")).as_py():
                del chunks[name]
            else:
                chunks[name].append(column)
    return {
        name
        for name, parts in chunks.items()
        if parts and pc.count_distinct(pa.chunked_array(parts)).as_py() == sum(map(len, parts))
    }


def _repeated(table: Table, names: Sequence[str]) -> int:
    """Rows that have the same values in these columns as an earlier one, or none in one of them."""
    rows, incomplete = 0, 0
    parts: list[pa.Array] = []
    for batch in table.batches(names):
        columns = [pc.fill_null(batch.table.column(name), "") for name in names]
        if len(names) < len(table.columns):
            for column in columns[:1]:
                incomplete += pc.sum(pc.equal(pc.utf8_trim_whitespace(column), "")).as_py() or 0
        joined = pc.binary_join_element_wise(*columns, "\x1f") if len(columns) > 1 else columns[0]
        parts.append(joined)
        rows += len(batch)
    if not parts:
        return 0
    distinct: int = pc.count_distinct(pa.chunked_array(parts)).as_py()
    return max(rows - distinct, incomplete)
