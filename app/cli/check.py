"""`tsunagu check` and `tsunagu fix`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app import bootstrap
from app.cli.console import Console
from app.cli.options import AsJson, begin
from app.codes.regions import RegionTable
from app.errors import Place, Text, UsageError
from app.findings import Finding, Severity, all_kinds
from app.publish.checking import check_dataset, check_file
from app.publish.dataset import find_dataset
from app.publish.fixing import fix_file
from app.quality.assessment import ChecklistEntry, State
from app.quality.check import shown
from app.quality.excerpt import ROWS
from app.quality.report import CheckReport
from app.settings import Settings

SHOWN_PER_KIND = 5
SHOWN_CHANGES = 20
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_NAMES = {
    Severity.ERROR: Text("誤り", "error"),
    Severity.WARNING: Text("注意", "warning"),
    Severity.INFO: Text("参考", "note"),
}
_STATES = {
    State.KEPT: "✓",
    State.BROKEN: "✗",
    State.UNMET: "–",
    State.NOT_APPLICABLE: " ",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("check")(check)
    app.command("fix")(fix)


def check(
    target: Annotated[
        str,
        typer.Argument(
            metavar="FILE|DATASET",
            help="表のファイル、またはデータセットの ID / a file or a data set",
        ),
    ],
    html: Annotated[
        Path | None,
        typer.Option("--html", help="報告を HTML に書き出す / write the report as HTML"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """表をオープンデータガイドの規則に照らして調べます。 Check a table by the open-data guide."""
    settings, console = begin()
    reports = _reports(target, settings, ROWS if html is not None else 0)
    if html is not None:
        _write(html, reports, console)
    if as_json:
        console.json(reports[0].to_json() if len(reports) == 1 else [r.to_json() for r in reports])
    else:
        for report in reports:
            tell(console, report)
    if any(report.findings.worst() is Severity.ERROR for report in reports):
        raise typer.Exit(1)


def _reports(target: str, settings: Settings, excerpt_rows: int) -> list[CheckReport]:
    """A path to a file (also one that is not there, if it looks like one) or a data set."""
    regions = RegionTable.load(settings.vocab_dir)
    path = Path(target)
    looks_like_a_file = path.suffix != "" or ".zip#" in target
    if path.is_file() or (looks_like_a_file and not path.is_dir()):
        return [check_file(path, settings, regions, excerpt_rows=excerpt_rows)]
    return check_dataset(find_dataset(settings, target), regions, excerpt_rows=excerpt_rows)


def _write(path: Path, reports: list[CheckReport], console: Console) -> None:
    try:
        path.write_text(bootstrap.check_page(reports, console.language), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            Text(
                f"報告を書き出せません: {error.strerror}",
                f"the report cannot be written: {error.strerror}",
            ),
            place=Place(str(path)),
            hint=Text("別の場所を指定してください。", "Name another place."),
        ) from error


def tell(console: Console, report: CheckReport) -> None:
    """Findings by kind, then the grades."""
    console.say(
        Text(
            f"\n{report.file}: {report.rows:,} 行 × {len(report.columns)} 列"
            f"（{report.seconds:.1f} 秒）",
            f"\n{report.file}: {report.rows:,} rows × {len(report.columns)} columns"
            f" ({report.seconds:.1f} s)",
        ),
        style="bold",
    )
    for findings in _by_kind(report):
        _tell_kind(console, findings, report.findings.counts()[findings[0].kind.code])
    if not len(report.findings):
        console.say(Text("  問題は見つかりませんでした。", "  Nothing was found."), style="green")
    _tell_grades(console, report)


def _by_kind(report: CheckReport) -> list[list[Finding]]:
    """The kept findings, grouped by kind, the worst first."""
    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(finding.kind.code, []).append(finding)
    return sorted(groups.values(), key=lambda found: -found[0].kind.severity)


def _tell_kind(console: Console, findings: list[Finding], count: int) -> None:
    kind, language = findings[0].kind, console.language
    name = _NAMES[kind.severity].in_language(language)
    console.say(f"\n  {name}  {kind.code}  × {count:,}", style=_STYLES[kind.severity])
    for finding in findings[:SHOWN_PER_KIND]:
        place = str(finding.place).removeprefix(finding.place.file or "").lstrip(":")
        what = kind.what.format(**finding.values).in_language(language)
        console.say(f"    {place + ': ' if place else ''}{what}")
    if len(findings) > SHOWN_PER_KIND:
        console.say("    …")
    first = findings[0]
    if kind.why is not None:
        console.say("    " + kind.why.format(**first.values).in_language(language), style="dim")
    console.say("    → " + kind.mend.format(**first.values).in_language(language))


def _tell_grades(console: Console, report: CheckReport) -> None:
    assessment, language = report.assessment, console.language
    console.say("")
    for entry in assessment.checklist:
        if entry.state is not State.NOT_APPLICABLE:
            console.say("  " + _checklist_line(entry, console))
    stars = assessment.stars
    shown = "★" * stars.value + "☆" * (5 - stars.value)
    more = ""
    if assessment.possible_stars > stars.value:
        possible = assessment.possible_stars
        more = Text(
            f"（オープンなライセンスを付ければ {possible}）",
            f" ({possible} with an open licence)",
        ).in_language(language)
    console.say(
        Text(
            f"\n  レベル {assessment.level.value}/4   {shown}{more}",
            f"\n  level {assessment.level.value}/4   {shown}{more}",
        ),
        style="bold",
    )
    for reason in (*assessment.level.reasons, *stars.reasons):
        console.say("    " + reason.in_language(language))


def _checklist_line(entry: ChecklistEntry, console: Console) -> str:
    rule = entry.rule
    codes = ", ".join(f"{code} × {count:,}" for code, count in entry.findings.items())
    text = rule.text.in_language(console.language)
    mark = _STATES[entry.state]
    return f"{mark} {rule.table} ({rule.number}) {text}" + (f"  [{codes}]" if codes else "")


def fix(
    file: Annotated[Path, typer.Argument(help="表のファイル / a file")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="書き出すファイル / where to write")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="前に書き出したファイルを置き換える / replace the output"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """安全に直せるところだけを直し、UTF-8 の CSV と変更の一覧を書き出します。
    Make the safe repairs, and write a CSV in UTF-8 and the list of all changes."""
    settings, console = begin()
    regions = RegionTable.load(settings.vocab_dir)
    fixed = fix_file(file, settings, regions, output=output, overwrite=force)
    if as_json:
        console.json(fixed.to_json())
        return
    kinds = all_kinds()
    rows = [
        [
            str(change.line or ""),
            change.column or "",
            shown(change.before),
            shown(change.after),
            " ".join(change.codes),
        ]
        for change in fixed.changes[:SHOWN_CHANGES]
    ]
    if rows:
        headers = (
            ["行", "列", "前", "後", "理由"]
            if console.language == "ja"
            else ["line", "column", "before", "after", "reason"]
        )
        console.table(headers, rows)
    for code, count in sorted(fixed.counts.items()):
        why = kinds[code].why if code in kinds else None
        console.say(f"  {code} × {count:,}")
        if why is not None and "{" not in why.ja:
            console.say("    " + why.in_language(console.language), style="dim")
    console.say(
        Text(
            f"{fixed.rows:,} 行、変更 {fixed.count:,} か所 → {fixed.output}"
            f"（一覧: {fixed.changes_file}）",
            f"{fixed.rows:,} rows, {fixed.count:,} changes → {fixed.output}"
            f" (all listed in {fixed.changes_file})",
        ),
        style="bold green",
    )
