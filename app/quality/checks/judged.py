"""The base of checks that judge the values of columns with certain roles one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from app.findings import FindingKind
from app.quality.check import Cells, Kinds, Reporter, Rows, Subject
from app.quality.role import Role

Verdict = tuple[FindingKind, Mapping[str, object]]
"""What is wrong with a value, and the words its message needs."""


class JudgedCheck:
    """Judges each distinct value of a batch once; a value is given in half width and trimmed, so
    that width and blanks, which have checks of their own, are not told twice."""

    kinds: ClassVar[Kinds] = ()
    roles: ClassVar[tuple[Role, ...]] = ()

    def start(self, subject: Subject, report: Reporter) -> None:
        """Take the columns of the check's roles."""
        self.subject = subject
        self.report = report
        self.columns = subject.with_role(*self.roles)

    def batch(self, rows: Rows) -> None:
        """Judge the values of each column."""
        for name in self.columns:
            self.judge_cells(rows.column(name))

    def end(self) -> None:
        """Nothing more."""

    def judge(self, value: str) -> Verdict | None:
        """What is wrong with a value, if anything."""
        raise NotImplementedError

    def judge_cells(self, cells: Cells) -> None:
        """Report every cell whose value is judged wrong."""
        verdicts: dict[FindingKind, dict[str, Mapping[str, object]]] = {}
        for value in cells.distinct():
            verdict = self.judge(value)
            if verdict is not None:
                verdicts.setdefault(verdict[0], {})[value] = verdict[1]
        for kind, values in verdicts.items():
            found = cells.having(list(values))
            plain = cells.plain

            def describe(
                position: int,
                values: dict[str, Mapping[str, object]] = values,
                plain: object = plain,
            ) -> Mapping[str, object]:
                return values[plain[position].as_py()]  # type: ignore[index]  # an Arrow array

            self.report.cells(kind, cells, found, describe)
