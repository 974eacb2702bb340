"""Documents agree with the program: settings are documented, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli.settings import as_markdown
from app.settings import Settings
from tests.conftest import ROOT
from tests.docs.readme import blocks

DOCUMENTS = [ROOT / "README.md", ROOT / "README.ja.md", *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_every_setting_has_a_help() -> None:
    lacking = [name for name, field in Settings.model_fields.items() if not field.description]
    assert not lacking


def test_the_list_of_settings_is_what_the_command_writes() -> None:
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == as_markdown(), (
        "write it anew: tsunagu settings --markdown > docs/settings.md"
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_lead_to_files(document: Path) -> None:
    links = [link for link in _LINK.findall(document.read_text("utf-8")) if "://" not in link]
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


def test_both_readmes_give_the_same_files() -> None:
    files = [
        [(block.file, block.text) for block in blocks(ROOT / name) if block.file]
        for name in ("README.md", "README.ja.md")
    ]
    assert files[0] == files[1]
    assert len(files[0]) == 2
