"""The report of a data set's check, as its page shows it: grades with reasons, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.errors import Language
from app.findings import Severity, all_kinds
from app.web.check_report import GUIDE_TABLES, SEVERITIES, STATES

_ORDER: Final = {severity.name.lower(): -severity.value for severity in Severity}


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of finding: how often, and the first of them with its place."""

    severity: str
    name: str
    count: int
    message: str
    place: str
    mend: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the guide and whether it is kept; `table` where the guide has it."""

    table: str
    text: str
    state: str
    name: str


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """What was found in one table; `complete` False: only its first rows were looked at."""

    file: str
    rows: int
    complete: bool
    found: tuple[Found, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """The grades of a data set are those of its weakest table."""

    stars: int
    stars_reasons: tuple[str, ...]
    level: int
    level_reasons: tuple[str, ...]
    tables: tuple[CheckedTable, ...]
    checked: str
    href: str


def quality(report: Mapping[str, Any], href: str, language: Language) -> Quality | None:
    """A report (`publish.quality_report`) for the page; None for one without tables."""
    tables: Sequence[Mapping[str, Any]] = report["tables"]
    if not tables:
        return None
    level = min((table["level"] for table in tables), key=_value)
    stars = min((table["stars"] for table in tables), key=_value)
    return Quality(
        stars=stars["value"],
        stars_reasons=tuple(reason[language].lstrip("★ ") for reason in stars["reasons"]),
        level=level["value"],
        level_reasons=tuple(reason[language] for reason in level["reasons"]),
        tables=tuple(_table(table, language) for table in tables),
        checked=report["checked"][:10],
        href=href,
    )


def _value(grade: Mapping[str, Any]) -> int:
    return int(grade["value"])


def _table(table: Mapping[str, Any], language: Language) -> CheckedTable:
    first: dict[str, Mapping[str, Any]] = {}
    for finding in table["findings"]:
        first.setdefault(finding["code"], finding)
    found = sorted(first.values(), key=lambda f: (_ORDER[f["severity"]], f["code"]))
    counts: Mapping[str, int] = table["counts"]
    # Values of a table that is withheld are told nowhere; how often something was found is.
    bare = (_bare(code, counts[code], language) for code in counts if code not in first)
    return CheckedTable(
        file=table["file"],
        rows=table["rows"],
        complete=table["complete"],
        found=(*(_found(f, counts[f["code"]], language) for f in found), *bare),
        rules=tuple(_rule(entry, language) for entry in table["checklist"]),
    )


def _found(finding: Mapping[str, Any], count: int, language: Language) -> Found:
    severity: str = finding["severity"]
    place = finding["place"]
    line, field = place.get("line"), place.get("field")
    where = [] if line is None else [f"{line} 行目" if language == "ja" else f"line {line}"]
    where += [field] if field else []
    return Found(
        severity=severity,
        name=SEVERITIES[Severity[severity.upper()]].in_language(language),
        count=count,
        message=finding["message"][language],
        place=" · ".join(where),
        mend=finding["mend"][language],
    )


def _bare(code: str, count: int, language: Language) -> Found:
    kind = all_kinds().get(code)
    severity = kind.severity if kind is not None else Severity.INFO
    name = SEVERITIES[severity].in_language(language)
    return Found(severity.name.lower(), name, count, code, "", "")


def _rule(entry: Mapping[str, Any], language: Language) -> Rule:
    state = next(s for s in STATES if s.value == entry["state"])
    return Rule(
        table=GUIDE_TABLES[entry["table"]].in_language(language),
        text=f"({entry['rule']}) {entry['text'][language]}",
        state=state.value,
        name=STATES[state].in_language(language),
    )
