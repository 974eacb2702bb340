"""How the command line speaks: one language for people, JSON for machines, progress bars."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import rich.console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.errors import Language, Text, TsunaguError
from app.findings import Findings, Severity
from app.settings import Settings

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
SHOWN_FINDINGS = 20


def language_of(settings: Settings | None) -> Language:
    """The language of messages: the setting, or for `auto` Japanese when LANG says so."""
    if settings is not None and settings.language != "auto":
        return settings.language
    lang = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "ja" if lang.startswith("ja") else "en"


class Console:
    """Writes to standard output (or error) in one language."""

    def __init__(self, language: Language, *, stderr: bool = False) -> None:
        self.language = language
        self.rich = rich.console.Console(stderr=stderr, highlight=False, soft_wrap=True)

    @classmethod
    def for_errors(cls) -> Console:
        """The console for errors, when settings may not be known."""
        lang = os.environ.get("TSUNAGU_LANGUAGE", "")
        return cls(lang if lang in ("ja", "en") else language_of(None), stderr=True)  # type: ignore[arg-type]  # narrowed by the test

    def say(self, text: Text | str, **style: Any) -> None:
        """One line."""
        shown = text if isinstance(text, str) else text.in_language(self.language)
        self.rich.print(shown, markup=False, **style)

    def json(self, value: Any) -> None:
        """One JSON document."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")

    def error(self, error: TsunaguError, *, as_json: bool = False) -> None:
        """An error: place, what is wrong, what to do."""
        if as_json:
            self.json({"error": error.to_json()})
            return
        place = f"{error.place}: " if error.place is not None and str(error.place) else ""
        self.rich.print(place, markup=False, end="", style="bold")
        self.rich.print(error.text.in_language(self.language), markup=False, style="red")
        if error.hint is not None:
            self.rich.print("  → " + error.hint.in_language(self.language), markup=False)

    def findings(self, findings: Findings) -> None:
        """The first findings, then how many there are of each kind."""
        for number, finding in enumerate(findings):
            if number == SHOWN_FINDINGS:
                break
            style = _STYLES[finding.kind.severity]
            self.rich.print("  " + finding.message(self.language), markup=False, style=style)
        if len(findings) > SHOWN_FINDINGS:
            counts = ", ".join(f"{code} × {n:,}" for code, n in findings.counts().items())
            self.say(
                Text(
                    ja=f"  … 全部で {len(findings):,} 件: {counts}",
                    en=f"  … {len(findings):,} in all: {counts}",
                )
            )

    def table(self, headers: list[str], rows: list[list[str]]) -> None:
        """A table for people."""
        shown = Table(box=None, header_style="bold", pad_edge=False)
        for header in headers:
            shown.add_column(header)
        for row in rows:
            shown.add_row(*(cell.replace("[", "\\[") for cell in row))
        self.rich.print(shown)

    @contextmanager
    def progress(self) -> Iterator[RowProgress]:
        """A bar for each data set while the context lasts; only on a terminal."""
        bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[rows]:>12}"),
            TimeElapsedColumn(),
            console=rich.console.Console(stderr=True),
            transient=True,
        )
        with bars:
            yield RowProgress(bars, self.language)


class RowProgress:
    """`app.publish.convert.Progress` as bars: one for each data set, and the step under way."""

    def __init__(self, bars: Progress, language: Language) -> None:
        self._bars = bars
        self._language = language
        self._tasks: dict[str, Any] = {}
        self._step: Any = None

    def rows(self, dataset: str, count: int) -> None:
        """So many rows of a data set have been read."""
        if dataset not in self._tasks:
            self._tasks[dataset] = self._bars.add_task(dataset, total=None, rows="0")
        self._bars.update(self._tasks[dataset], rows=f"{count:,}")

    def step(self, what: Text) -> None:
        """Another step of a publish begins."""
        if self._step is not None:
            self._bars.remove_task(self._step)
        described = what.in_language(self._language)
        self._step = self._bars.add_task(described, total=None, rows="")
