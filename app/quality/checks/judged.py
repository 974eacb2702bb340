"""The base of checks that judge the values of columns with certain roles one by one."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import pyarrow.compute as pc

from app.findings import FindingKind
from app.quality.check import Cells, Kinds, Reporter, Rows, Subject
from app.quality.role import Role

Verdict = tuple[FindingKind, Mapping[str, object]]
"""What is wrong with a value, and the words its message needs."""

NO_VALUE: Final = re.compile(
    r"[-ー―‐…‥*＊.・xX×/]+|不明|不詳|未詳|未定|未確認|非公表|非公開|該当なし|該当無し|なし|無し?|n/?a|null|nan|none",
    re.IGNORECASE,
)
"""Signs that there is no value; they are told by a check of their own."""


class JudgedCheck(ABC):
    """Judges each distinct value of a batch once. A value is given in half width and trimmed, so
    that width and blanks, which have checks of their own, are not told twice."""

    kinds: ClassVar[Kinds] = ()
    roles: ClassVar[tuple[Role, ...]] = ()
    fine: ClassVar[str | None] = None
    """An RE2 pattern of values that need no judging: most cells, in most tables."""

    def start(self, subject: Subject, report: Reporter) -> None:
        """Take the columns of the check's roles."""
        self.subject = subject
        self.report = report
        self.columns = subject.with_role(*self.roles)

    def batch(self, rows: Rows) -> None:
        """Judge the values of each column."""
        for name in self.columns:
            self.judge_cells(rows.column(name))

    def end(self) -> None:  # noqa: B027 - most have nothing to do here
        """Nothing more."""

    @abstractmethod
    def judge(self, value: str) -> Verdict | None:
        """What is wrong with a value, if anything."""

    def judge_cells(self, cells: Cells) -> None:
        """Report every cell whose value is judged wrong."""
        verdicts: dict[FindingKind, dict[str, Mapping[str, object]]] = {}
        for value in self._doubtful(cells):
            verdict = self.judge(value)
            if verdict is not None:
                verdicts.setdefault(verdict[0], {})[value] = verdict[1]
        for kind, values in verdicts.items():
            self.report.cells(kind, cells, cells.having(list(values)), _Told(cells.plain, values))

    def _doubtful(self, cells: Cells) -> list[str]:
        """Each distinct value to judge."""
        values = cells.plain
        if self.fine is not None:
            values = values.filter(pc.invert(pc.match_substring_regex(values, self.fine)))
        distinct = pc.unique(values).to_pylist()
        return [value for value in distinct if value and not NO_VALUE.fullmatch(value)]


class _Told:
    """The words for the message of a cell, by its position."""

    def __init__(self, plain: Any, values: Mapping[str, Mapping[str, object]]) -> None:
        self._plain = plain
        self._values = values

    def __call__(self, position: int) -> Mapping[str, object]:
        return self._values[self._plain[position].as_py()]
