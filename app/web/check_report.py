"""The report of a check as HTML: a file that needs nothing else, or part of a page.

The file holds both languages, one shown at a time by a switch that is plain CSS; a page holds the
one that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.errors import Language, Text
from app.findings import Finding, Severity
from app.quality.assessment import LADDER, Assessment, State
from app.quality.check import shown
from app.quality.excerpt import ExcerptRow, Marks, marks
from app.quality.report import CheckReport

HERE: Final = Path(__file__).parent
PLACES_SHOWN: Final = 8

SEVERITIES: Final = {
    Severity.ERROR: Text("誤り", "error"),
    Severity.WARNING: Text("注意", "warning"),
    Severity.INFO: Text("参考", "note"),
}
STATES: Final = {
    State.KEPT: Text("守られています", "kept"),
    State.BROKEN: Text("守られていません", "broken"),
    State.UNMET: Text("まだです", "not yet"),
    State.NOT_APPLICABLE: Text("対象外", "does not apply"),
}
GUIDE_TABLES: Final = {
    "9-3": Text("表形式データ（表9-3）", "Tables (9-3)"),
    "9-5": Text("地理空間データ（表9-5）", "Geospatial data (9-5)"),
    "9-6": Text("リアルタイムデータ（表9-6）", "Real-time data (9-6)"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What the template needs besides the view. The words of the report stand in its template,
    not among the messages of the pages: the file shows both languages at once."""

    text: type[Text]
    severities: Mapping[Severity, Text]
    states: Mapping[State, Text]
    guide_tables: Mapping[str, Text]
    ladder: Sequence[Text]


WORDS: Final = Words(Text, SEVERITIES, STATES, GUIDE_TABLES, LADDER)


@dataclass(frozen=True, slots=True)
class KindGroup:
    """All findings of one kind: how many, the first places, and what is said of the kind."""

    code: str
    severity: Severity
    count: int
    places: tuple[tuple[Text | None, Text], ...]
    more: int
    why: Text | None
    mend: Text


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell, with the worst severity and the messages of what marks it."""

    value: str
    severity: str
    messages: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the excerpt."""

    line: int
    gap: bool
    severity: str
    messages: tuple[Text, ...]
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything that the report's template shows of one table."""

    file: str
    rows: int
    columns: int
    encoding: str
    groups: tuple[KindGroup, ...]
    counts: tuple[tuple[Severity, int], ...]
    assessment: Assessment
    roles: tuple[tuple[str, Text, int, Text], ...]
    headings: tuple[ShownCell, ...]
    excerpt: tuple[ShownRow, ...]


def view_of(report: CheckReport) -> ReportView:
    """A report arranged for the template."""
    header_line = report.description.header_line
    marked = marks(report.findings, report.excerpt, header_line)
    groups = _groups(report)
    counts = tuple(
        (severity, sum(g.count for g in groups if g.severity is severity))
        for severity in reversed(Severity)
    )
    columns = tuple(report.columns)
    return ReportView(
        file=report.file,
        rows=report.rows,
        columns=len(columns),
        encoding=report.description.encoding,
        groups=groups,
        counts=counts,
        assessment=report.assessment,
        roles=tuple(
            (name, role.role.label, round(role.confidence * 100), role.reasons[0])
            for name, role in report.columns.items()
        ),
        headings=tuple(_cell(name, marked.columns.get(name, [])) for name in columns),
        excerpt=tuple(_row(row, columns, marked) for row in report.excerpt),
    )


def standalone(reports: Sequence[CheckReport], language: Language = "ja") -> str:
    """A whole page in both languages, with its style inside. Opens in `language`."""
    style = Markup((HERE / "static" / "check.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return (
        _environment()
        .get_template("check_report.html")
        .render(
            views=[view_of(r) for r in reports], style=style, language=language, say=both, w=WORDS
        )
    )


def both(text: Text) -> Markup:
    """A text in both languages, of which the switch shows one."""
    return Markup('<span lang="ja">{}</span><span lang="en">{}</span>').format(text.ja, text.en)


_ON_PAGES: Final = (
    Text("`tsunagu fix` で", "`tsunagu fix`"),
    Text("上のボタンで", "the button above"),
    Text(
        "`tsunagu init` で datapackage.yaml のひな形を作ってください。",
        "`tsunagu init` drafts a datapackage.yaml.",
    ),
    Text("ここで公開すると、説明が付きます。", "Publishing it here gives it one."),
    Text(
        "するか、datapackage.yaml に encoding を書いてください",
        ", or state the encoding in a datapackage.yaml",
    ),
    Text("してください", ""),
)
"""What reports say of commands, and what a page says instead, in turns."""


def one(language: Language) -> Callable[[Text], Markup]:
    """A function that says a text in one language, to someone who has a page before them."""
    words = [text.in_language(language) for text in _ON_PAGES]

    def say(text: Text) -> Markup:
        told = text.in_language(language)
        if "`tsunagu" in told or "datapackage" in told:
            for command, button in zip(words[::2], words[1::2], strict=True):
                told = told.replace(command, button)
        return escape(told)

    return say


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _groups(report: CheckReport) -> tuple[KindGroup, ...]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.kind.code, []).append(finding)
    counts = report.findings.counts()
    groups = [_group(findings, counts[code]) for code, findings in found.items()]
    return tuple(sorted(groups, key=lambda g: (-g.severity, g.code)))


def _group(findings: list[Finding], count: int) -> KindGroup:
    first, kind = findings[0], findings[0].kind
    told = tuple(
        (_place(finding), kind.what.format(**finding.values)) for finding in findings[:PLACES_SHOWN]
    )
    return KindGroup(
        code=kind.code,
        severity=kind.severity,
        count=count,
        places=told,
        more=max(0, len(findings) - PLACES_SHOWN),
        why=kind.why.format(**first.values) if kind.why is not None else None,
        mend=kind.mend.format(**first.values),
    )


def _place(finding: Finding) -> Text | None:
    place = finding.place
    if place.line is None:
        return None
    lines = f"{place.line}–{place.end_line}" if place.end_line else f"{place.line}"
    column = f" {shown(place.field)}" if place.field is not None else ""
    word = "lines" if place.end_line else "line"
    return Text(f"{lines} 行目{column}", f"{word} {lines}{column}")


def _row(row: ExcerptRow, columns: tuple[str, ...], marked: Marks) -> ShownRow:
    findings = marked.rows.get(row.line, [])
    cells = tuple(
        _cell(value, marked.cells.get((row.line, name), []))
        for name, value in zip(columns, row.cells, strict=True)
    )
    return ShownRow(row.line, row.gap, _worst(findings), _messages(findings), cells)


def _cell(value: str, findings: list[Finding]) -> ShownCell:
    return ShownCell(shown(value), _worst(findings), _messages(findings))


def _worst(findings: list[Finding]) -> str:
    return (
        max((f.kind.severity for f in findings), default=Severity.INFO).name.lower()
        if findings
        else ""
    )


def _messages(findings: list[Finding]) -> tuple[Text, ...]:
    return tuple(finding.kind.what.format(**finding.values) for finding in findings)
