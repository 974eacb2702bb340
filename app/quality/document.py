"""The page `docs/checks.md`, made from the kinds that checks declare.

`python -m app.quality.document > docs/checks.md` writes it; a test fails when the page and the
checks differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.errors import Text
from app.findings import FindingKind, Severity
from app.quality.checks import ALL_CHECKS
from app.quality.rules import RULES

_SEVERITIES: Final = {
    Severity.ERROR: "error 誤り",
    Severity.WARNING: "warning 注意",
    Severity.INFO: "note 参考",
}
_PLACE: Final = re.compile(r"\{(\w+)\}")


def as_markdown() -> str:
    """Every code with what it says, why it matters and how to mend it, in both languages."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What is checked"
    yield ""
    yield "`tsunagu check FILE` and the page `/check` look for all of this in one pass. An error is a"
    yield "value that is certainly wrong and makes the command exit with 1; a warning should be looked"
    yield "at; a note is a matter of form. Rules are those of the open-data guide (オープンデータガイド"
    yield "第2版, table and number). What `tsunagu fix` mends says so."
    yield ""
    yield "A table of each fault, and one that nearly has it, is in `tests/golden/checks/<code>/`."
    for code, found in sorted(_kinds().items()):
        yield ""
        yield f"## `{code}`"
        yield ""
        yield _heading(found)
        yield ""
        for label, text in (("", found.what), ("", found.why), ("→ ", found.mend)):
            if text is not None:
                yield f"- {label}{_plain(text).ja}"
                yield f"  <br>{label}{_plain(text).en}"


def _kinds() -> dict[str, FindingKind]:
    return {found.code: found for make in ALL_CHECKS for found in make().kinds}


def _heading(found: FindingKind) -> str:
    rules = [f"{rule.table} ({rule.number})" for rule in RULES if found.code in rule.codes]
    return _SEVERITIES[found.severity] + (f" · guide {', '.join(rules)}" if rules else "")


def _plain(text: Text) -> Text:
    """Templates with their places as …"""
    return Text(_PLACE.sub("…", text.ja), _PLACE.sub("…", text.en))


if __name__ == "__main__":
    print(as_markdown(), end="")
