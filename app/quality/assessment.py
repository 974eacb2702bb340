"""The grades: stars, technical level, and the guide's checklist filled in.

Stars: https://5stardata.info/ . Checklist: オープンデータガイド 第2版, tables 9-3 (tables),
9-5 (geospatial data), 9-6 (real-time data) and its metadata items. Level: how far the guide's
rules are kept, as this program counts:

    0  some rows cannot be read as they stand
    1  readable, but a rule of grade 1 is broken (one table, one header row)
    2  grade 1 is kept
    3  grades 1 and 2 are kept (rules 1 to 9) and no value is wrong
    4  the data itself is published as RDF with an API and global identifiers, from level 2 on
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.errors import Text
from app.findings import Findings, Severity, all_kinds
from app.quality.check import Subject
from app.quality.licences import Openness, openness
from app.quality.metadata import ITEMS, RECOMMENDED
from app.quality.role import Role
from app.quality.rules import RULES, Rule

_UNREADABLE = ("table-ragged-row", "table-unclosed-quote")


class State(StrEnum):
    """Whether a rule is kept."""

    KEPT = "kept"
    BROKEN = "broken"
    UNMET = "unmet"
    """Nothing is wrong with the table, but more would have to be done to keep the rule."""
    NOT_APPLICABLE = "not-applicable"


LADDER: Final = (
    Text("表として読めません", "it cannot be read as a table"),
    Text("表として読めます", "it can be read as a table"),
    Text("一つのファイルに一つの表、見出しは一行です", "one table in a file, with one header row"),
    Text("規則 1〜9 がすべて守られています", "all rules from 1 to 9 are kept"),
    Text(
        "一件ごとにアドレスがあり、ほかのデータとつながります",
        "everything has an address and links to other data",
    ),
)
"""What each technical level means, from 0 to 4."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A number with the reasons for it."""

    value: int
    reasons: tuple[Text, ...]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {"value": self.value, "reasons": [_json(reason) for reason in self.reasons]}


@dataclass(frozen=True, slots=True)
class ChecklistEntry:
    """One rule of the guide, whether it is kept, and how often which finding breaks it."""

    rule: Rule
    state: State
    findings: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "table": self.rule.table,
            "rule": self.rule.number,
            "grade": self.rule.grade,
            "text": _json(self.rule.text),
            "state": self.state.value,
            "findings": dict(self.findings),
        }


@dataclass(frozen=True, slots=True)
class StatedItem:
    """One metadata item of the guide and what is stated, if anything."""

    name: str
    text: Text
    recommended: bool
    value: str

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "item": self.name,
            "text": _json(self.text),
            "recommended": self.recommended,
            "value": self.value or None,
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that a report grades. `possible_stars`: those that an open licence alone would
    bring."""

    level: Grade
    stars: Grade
    possible_stars: int
    checklist: tuple[ChecklistEntry, ...]
    metadata: tuple[StatedItem, ...]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "level": self.level.to_json(),
            "stars": self.stars.to_json() | {"possible": self.possible_stars},
            "checklist": [entry.to_json() for entry in self.checklist],
            "metadata": [item.to_json() for item in self.metadata],
        }


def assess(subject: Subject, findings: Findings, rows: int) -> Assessment:
    """Grade a table after all its checks have ended."""
    counts = findings.counts()
    checklist = tuple(_entry(rule, subject, counts) for rule in RULES)
    stars, possible = _stars(subject)
    items = tuple(
        StatedItem(name, text, name in RECOMMENDED, str(getattr(subject.metadata, name)))
        for name, text in ITEMS.items()
    )
    return Assessment(_level(checklist, counts, subject, rows), stars, possible, checklist, items)


def _entry(rule: Rule, subject: Subject, counts: Mapping[str, int]) -> ChecklistEntry:
    broken = {code: counts[code] for code in rule.codes if code in counts}
    return ChecklistEntry(rule, _state(rule, subject, broken), broken)


def _state(rule: Rule, subject: Subject, broken: Mapping[str, int]) -> State:
    has_places = subject.with_role(Role.LATITUDE, Role.LONGITUDE, Role.COORDINATES)
    if rule.table == "9-5" and not has_places:
        return State.NOT_APPLICABLE
    if rule.table == "9-6" and not _is_real_time(subject.metadata.frequency):
        return State.NOT_APPLICABLE
    if broken:
        return State.BROKEN
    if rule.by_publishing and not subject.metadata.has_mapping:
        return State.UNMET
    return State.KEPT


def _is_real_time(frequency: str) -> bool:
    words = ("continuous", "continual", "realtime", "real-time", "cont", "リアルタイム", "随時自動")
    return any(word in frequency.lower() for word in words)


def _level(
    checklist: tuple[ChecklistEntry, ...], counts: Mapping[str, int], subject: Subject, rows: int
) -> Grade:
    unreadable = sum(counts.get(code, 0) for code in _UNREADABLE)
    if unreadable or not rows:
        return Grade(
            0,
            (
                Text(
                    f"読めない行が {unreadable:,} 行あります。",
                    f"Rows that cannot be read as they stand: {unreadable:,}.",
                )
                if unreadable
                else Text("データの行がありません。", "There is no row of data."),
            ),
        )
    broken = [e for e in checklist if e.rule.table == "9-3" and e.state is State.BROKEN]
    first = [e for e in broken if e.rule.grade == 1]
    if first:
        return Grade(1, tuple(_broken(entry) for entry in first))
    if subject.metadata.has_mapping:
        return Grade(
            4,
            (
                Text(
                    "一件ごとに変わらないアドレスがあり、プログラムからも検索できます。",
                    "Everything in it has a lasting address, and programs can search it.",
                ),
            ),
        )
    kinds = all_kinds()
    wrong = sum(
        n for code, n in counts.items() if code in kinds and kinds[code].severity is Severity.ERROR
    )
    if broken or wrong:
        reasons = [_broken(entry) for entry in broken]
        if wrong:
            reasons.append(Text(f"誤った値が {wrong:,} 個あります。", f"Wrong values: {wrong:,}."))
        kept = Text("グレード1の規則（1・2）は守られています。", "Grade 1 (rules 1 and 2) is kept.")
        return Grade(2, (kept, *reasons))
    return Grade(
        3,
        (
            Text(
                "グレード1・2の規則（1〜9）がすべて守られています。ここで公開するとレベル 4 です。",
                "Grades 1 and 2 (rules 1 to 9) are kept; published here it reaches level 4.",
            ),
        ),
    )


def _broken(entry: ChecklistEntry) -> Text:
    places = sum(entry.findings.values())
    rule = entry.rule
    return Text(
        f"規則 {rule.number}「{rule.text.ja}」が守られていません（{places:,} か所）。",
        f"Rule {rule.number} ({rule.text.en}) is broken in {places:,} places."
        if places != 1
        else f"Rule {rule.number} ({rule.text.en}) is broken in one place.",
    )


def _stars(subject: Subject) -> tuple[Grade, int]:
    metadata = subject.metadata
    structure = Text(
        "★★★ 構造化され、特定のソフトに縛られない形式（CSV）です。",
        "★★★ It is structured and in a format of no vendor (CSV).",
    )
    reasons, possible = [structure], 3
    if metadata.has_mapping:
        possible = 4
        reasons.append(
            Text("★★★★ 一件ごとにアドレスがあります。", "★★★★ Everything has an address.")
        )
        if metadata.links:
            possible = 5
            shown = ", ".join(metadata.links[:3])
            reasons.append(
                Text(
                    f"★★★★★ 他のデータにリンクしています（{shown}）。",
                    f"★★★★★ It links to other data ({shown}).",
                )
            )
    licence = openness(metadata.licence)
    if licence is Openness.OPEN:
        stated = Text(
            f"★ オープンなライセンスです（{metadata.licence}）。",
            f"★ Its licence is open ({metadata.licence}).",
        )
        return Grade(possible, (stated, *reasons)), possible
    lacking = {
        Openness.NONE: Text("ライセンスが書かれていません。", "No licence is stated."),
        Openness.CLOSED: Text("ライセンスがオープンではありません。", "Its licence is not open."),
        Openness.UNKNOWN: Text(
            "ライセンスがオープンか判断できません。", "Whether its licence is open cannot be told."
        ),
    }[licence]
    return Grade(0, (lacking,)), possible


def _json(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}
