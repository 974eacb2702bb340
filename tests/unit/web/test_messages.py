"""The words of the pages are complete in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import app.web
from app.web.messages import MESSAGES, translator

WEB = Path(app.web.__file__).parent
_IN_TEMPLATE = re.compile(r"""\bt\(\s*["']([^"']+)["']""")
_IN_CODE = re.compile(r"""(?:\.word\(|^\s+\()\s*f?["']([a-z]+(?:\.[a-z_{}]+)+)["']""", re.M)


def used() -> set[str]:
    keys = set()
    for template in (WEB / "templates").glob("*.html"):
        keys |= set(_IN_TEMPLATE.findall(template.read_text(encoding="utf-8")))
    for module in WEB.rglob("*.py"):
        keys |= set(_IN_CODE.findall(module.read_text(encoding="utf-8")))
    # A key with a place in it, or one that goes on, stands for all that begin so.
    parts = {key for key in keys if "{" in key or key.endswith(".")}
    begun = tuple(key.partition("{")[0] for key in parts)
    return (keys - parts) | {key for key in MESSAGES if key.startswith(begun)}


def test_every_key_in_use_has_its_words() -> None:
    assert used() <= set(MESSAGES)


def test_no_word_is_left_over() -> None:
    assert set(MESSAGES) <= used()


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_both_languages_say_something_with_the_same_places(key: str) -> None:
    text = MESSAGES[key]
    assert text.ja.strip()
    assert text.en.strip()
    places = [set(re.findall(r"\{(\w+)\}", words)) for words in (text.ja, text.en)]
    assert places[0] == places[1]


def test_values_are_filled_in() -> None:
    assert "500" in translator("ja")("sparql.cut", shown=500)
