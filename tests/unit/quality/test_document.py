"""docs/checks.md is what the checks say of themselves."""

from __future__ import annotations

from app.findings import all_kinds
from app.quality.checks import ALL_CHECKS
from app.quality.document import as_markdown
from app.quality.rules import RULES
from tests.conftest import ROOT


def test_the_page_of_checks_is_up_to_date() -> None:
    assert (ROOT / "docs/checks.md").read_text(encoding="utf-8") == as_markdown(), (
        "write it anew: python -m app.quality.document > docs/checks.md"
    )


def test_rules_name_only_codes_that_exist() -> None:
    import app.tabular.reader  # noqa: F401 - declares the kinds of READ

    codes = {code for rule in RULES for code in rule.codes}
    assert codes <= set(all_kinds())


def test_every_warning_and_error_of_a_check_says_why_or_how() -> None:
    for make in ALL_CHECKS:
        for kind in make().kinds:
            for text in (kind.what, kind.mend, kind.why):
                if text is not None:
                    assert text.ja.strip()
                    assert text.en.strip()
