"""What XML can hold of RDF."""

from __future__ import annotations

import pytest

from app.rdf import xml


def test_a_carriage_return_survives_a_parser() -> None:
    assert xml.kept(b"<literal>a\rb</literal>") == b"<literal>a&#xD;b</literal>"


@pytest.mark.parametrize("text", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_what_no_document_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=rf"U\+{ord(text):04X}"):
        xml.kept(f"<literal>{text}</literal>".encode())


@pytest.mark.parametrize(
    ("predicate", "has"),
    [
        ("http://example.org/name", True),
        ("http://example.org/名称", True),
        ("http://example.org/a1", True),
        ("http://example.org/123", False),
        ("http://example.org/a/", False),
    ],
)
def test_a_predicate_has_to_end_with_the_name_of_an_element(predicate: str, has: bool) -> None:
    assert xml.has_name(predicate) is has
