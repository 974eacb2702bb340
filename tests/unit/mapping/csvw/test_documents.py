"""Metadata documents: limits, syntax, and the places of their parts."""

from __future__ import annotations

import time

import pytest

from app.errors import MappingSyntaxError
from app.findings import Findings
from app.mapping.languages.csvw.documents import Document, parse_document
from app.mapping.languages.scanning import Limits


def parsed(text: str | bytes, limits: Limits | None = None) -> Document:
    """A document called m.json."""
    data = text if isinstance(text, bytes) else text.encode()
    given = limits or Limits(1 << 20, 50)
    return parse_document(data, "http://example.org/m.json", "m.json", Findings(), given)


def test_the_place_of_every_part_is_known() -> None:
    document = parsed('{\n "a": [1, {"b": "x",\n  "c": 3}],\n "日": {"e": [], "f": "\\""}}')
    places = {
        path: (document.place(path).line, document.place(path).column)
        for path in [(), ("a",), ("a", 1), ("a", 1, "c"), ("日", "f"), ("日", "missing")]
    }
    assert places == {
        (): (1, 1),
        ("a",): (2, 7),
        ("a", 1): (2, 11),
        ("a", 1, "c"): (3, 8),
        ("日", "f"): (4, 22),
        ("日", "missing"): (4, 7),
    }


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": 1,}', 1, 9),
        ('{\n "a" 1}', 2, 6),
        ("", 1, 1),
        ('{"a": NaN}', None, None),
        ('{"a": "\\ud800"}', 1, None),
    ],
)
def test_what_is_not_json_stops_with_its_place(
    text: str, line: int | None, column: int | None
) -> None:
    with pytest.raises(MappingSyntaxError) as raised:
        parsed(text)
    place = raised.value.place
    assert place is not None
    assert (place.file, place.line, place.column) == ("m.json", line, column)
    assert "JSON" in raised.value.message("ja")
    assert "JSON" in raised.value.message("en")


def test_bytes_that_are_not_utf8_stop() -> None:
    with pytest.raises(MappingSyntaxError, match="UTF-8"):
        parsed('{"a": "市"}'.encode("cp932"))


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parsed(b'\xef\xbb\xbf{"a": 1}').root == {"a": 1}


def test_a_document_of_five_megabytes_stops_before_it_is_parsed() -> None:
    started = time.monotonic()
    with pytest.raises(MappingSyntaxError) as raised:
        parsed(b'{"a": "' + b"x" * (5 << 20) + b'"}')
    assert time.monotonic() - started < 1
    assert "mapping_bytes" in raised.value.message("en")
    assert "大きすぎ" in raised.value.message("ja")


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_nesting_a_hundred_thousand_deep_stops_at_the_limit(opening: str) -> None:
    started = time.monotonic()
    with pytest.raises(MappingSyntaxError) as raised:
        parsed(opening * 100_000)
    assert time.monotonic() - started < 1
    assert "too deep" in raised.value.message("en")
    assert "入れ子" in raised.value.message("ja")


def test_brackets_inside_strings_do_not_count() -> None:
    assert parsed('{"a": "[[[[[["}', Limits(100, 2)).root == {"a": "[[[[[["}


@pytest.mark.parametrize(
    "text",
    ['"' + '\\"' * 300_000, "\\" * 600_000, '{"a":' + '"x" ' * 200_000, "[" * 40 + '"' * 500_000],
)
def test_texts_made_to_be_scanned_again_and_again_stop_at_once(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(MappingSyntaxError):
        parsed(text)
    assert time.monotonic() - started < 1
