"""What can be wrong with cells while a mapping runs, and how a whole column of it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.errors import DataRejected, Place, Text
from app.findings import Finding, FindingKind, Findings, Severity, kind
from app.mapping.columns import columns_in
from app.tabular.batch import Batch

INVALID_IRI = kind(
    "mapping-invalid-iri",
    Severity.ERROR,
    what=Text(
        ja="「{value}」は正しい IRI になりません。出力しませんでした。",
        en="“{value}” does not make a valid IRI, so it was left out.",
    ),
    mend=Text(
        ja="値の空白や記号を直すか、テンプレート (例: ex:$(列名)) か jfn:webIri を使ってください。",
        en="Correct blanks and signs in the value, or use a template such as ex:$(column), or "
        "jfn:webIri.",
    ),
)
INVALID_LANGUAGE = kind(
    "mapping-invalid-language",
    Severity.ERROR,
    what=Text(
        ja="「{value}」は言語タグ (BCP 47) ではありません。出力しませんでした。",
        en="“{value}” is not a language tag (BCP 47), so the text was left out.",
    ),
    mend=Text(ja="ja や en のように書いてください。", en="Write one such as ja or en."),
)
RELATIVE_IRI = kind(
    "mapping-relative-iri",
    Severity.WARNING,
    what=Text(
        ja="「{value}」は http: などで始まらないので、前に {base} を付けた IRI にしました。",
        en="“{value}” has no scheme such as http:, so it was put behind {base}.",
    ),
    mend=Text(
        ja="ウェブのアドレスの列なら、https:// から書くか、マッピングで jfn:webIri を使ってください。",
        en="In a column of web addresses write it from https:// on, or use jfn:webIri in the "
        "mapping.",
    ),
)


@dataclass(slots=True)
class CellReport:
    """Turns masks over a batch into findings with line and column.

    `strict` raises DataRejected at the first finding of severity error (or any finding about a
    cell: a value that is left out is a loss). `bad_rows` marks the rows with any finding, for
    quarantine. What two functions find in one cell, with the same words, is told once.
    """

    file: str
    batch: Batch
    findings: Findings
    strict: bool = False
    bad_rows: npt.NDArray[np.bool_] = field(init=False)
    _met: set[tuple[object, ...]] = field(init=False, default_factory=set)
    _columns: dict[int, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.bad_rows = np.zeros(len(self.batch), dtype=np.bool_)

    def bad(
        self,
        found: FindingKind,
        node: Any,
        values: pa.Array,
        mask: pa.Array,
        rows: npt.NDArray[np.int64] | None,
        details: Mapping[str, object],
    ) -> None:
        """Report the values where `mask` is true (nulls count as false)."""
        positions = np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
        self.bad_at(found, node, values, positions, rows, details)

    def odd(
        self,
        found: FindingKind,
        node: Any,
        values: pa.Array,
        mask: pa.Array,
        rows: npt.NDArray[np.int64] | None,
        details: Mapping[str, object],
    ) -> None:
        """Report values that are used all the same: nothing is lost, so nothing is rejected."""
        positions = np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
        batch_rows = positions if rows is None else rows[positions]
        self._tell(found, node, values, positions, batch_rows, details, strict=False)

    def bad_at(
        self,
        found: FindingKind,
        node: Any,
        values: pa.Array | None,
        positions: npt.NDArray[np.int64],
        rows: npt.NDArray[np.int64] | None,
        details: Mapping[str, object],
    ) -> None:
        """Report the values at some positions."""
        if not len(positions):
            return
        batch_rows = positions if rows is None else rows[positions]
        self.bad_rows[batch_rows] = True
        if values is None:
            new = [row for row in batch_rows if self._is_new(found, node, int(row), details)]
            positions = batch_rows = np.array(new, dtype=np.int64)
        self._tell(found, node, values, positions, batch_rows, details, strict=self.strict)

    def _tell(
        self,
        found: FindingKind,
        node: Any,
        values: pa.Array | None,
        positions: npt.NDArray[np.int64],
        batch_rows: npt.NDArray[np.int64],
        details: Mapping[str, object],
        *,
        strict: bool,
    ) -> None:
        told = 0
        for position, row in zip(positions, batch_rows, strict=True):
            if told and not self.findings.has_room(found):
                break
            value = "" if values is None else values[int(position)].as_py()
            filled = {"value": value, **details}
            field = self._field(node, int(row), filled)
            place = Place(self.file, int(self.batch.lines[row]), field=field)
            self.findings.add(found, place, filled, mapping_place=node.place)
            told += 1
            if strict:
                raise rejected(Finding(found, place, filled, node.place))
        if len(positions) > told:
            place = Place(self.file, int(self.batch.lines[batch_rows[told]]))
            self.findings.add(found, place, count=len(positions) - told)

    def _is_new(
        self, found: FindingKind, node: Any, row: int, details: Mapping[str, object]
    ) -> bool:
        words = details.get("value"), details.get("expected"), details.get("suggestion")
        key = (found.code, row, self._field(node, row, details), *words)
        if key in self._met:
            return False
        self._met.add(key)
        return True

    def _field(self, node: Any, row: int, details: Mapping[str, object]) -> str | None:
        """The column that is meant: of several that a node reads the one that holds the value."""
        names = self._columns.get(id(node))
        if names is None:  # asked for every bad cell, and the nodes of a plan outlive this
            names = list(dict.fromkeys(column.name for column in columns_in(node)))
            self._columns[id(node)] = names
        if len(names) > 1:
            value, table = details.get("value"), self.batch.table
            holding = [name for name in names if table.column(name)[row].as_py() == value]
            if len(holding) == 1:
                return holding[0]
        return ", ".join(names) or None


class StrictFindings(Findings):
    """Hands findings on to another collector, and raises DataRejected at the first one of
    severity error: what READ tells (ragged rows, bytes that are no text) stops a strict run
    just as a bad cell does."""

    def __init__(self, into: Findings) -> None:
        super().__init__()
        self._into = into

    def add(
        self,
        kind: FindingKind,
        place: Place,
        values: Mapping[str, object] | None = None,
        *,
        count: int = 1,
        mapping_place: Place | None = None,
    ) -> None:
        """Count it, then stop if it is an error."""
        self._into.add(kind, place, values, count=count, mapping_place=mapping_place)
        if kind.severity is Severity.ERROR:
            raise rejected(Finding(kind, place, values or {}, mapping_place, count))

    def has_room(self, kind: FindingKind) -> bool:
        """As the other collector says."""
        return self._into.has_room(kind)

    def counts(self) -> dict[str, int]:
        """Those of the other collector."""
        return self._into.counts()


def rejected(finding: Finding) -> DataRejected:
    """The error that ends a strict run."""
    what = finding.kind.what.format(**finding.values)
    mend = finding.kind.mend.format(**finding.values)
    return DataRejected(what, place=finding.place, hint=mend)
