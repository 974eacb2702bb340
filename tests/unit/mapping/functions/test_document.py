"""The page of functions."""

from __future__ import annotations

from pathlib import Path

from app.mapping.functions.document import document, theme_functions

PAGE = Path(__file__).parents[4] / "docs" / "functions.md"


def test_the_page_of_functions_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), (
        "run: python -m app.mapping.functions.document > docs/functions.md"
    )


def test_every_theme_that_registers_functions_is_on_the_page() -> None:
    names = {function.name for _, functions in theme_functions() for function in functions}
    assert {"eraDate", "wkt", "toUpperCase", "equal", "parseURL"} <= names
