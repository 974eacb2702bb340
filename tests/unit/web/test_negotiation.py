"""Accept and Accept-Language by RFC 9110, section 12."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadRequest
from app.rdf.formats import ENTITY_FORMATS, Format, Formats
from app.web.negotiation import (
    MAX_HEADER,
    asks_for_profile,
    format_named,
    language,
    negotiate,
    page_language,
    ranked,
)

OFFERS: tuple[Format, ...] = tuple(
    f.value
    for f in (
        Formats.HTML,
        Formats.TURTLE,
        Formats.JSON_LD,
        Formats.N_TRIPLES,
        Formats.RDF_XML,
        Formats.JSON,
    )
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "html"),
        ("*/*", "html"),
        ("text/turtle", "ttl"),
        ("TEXT/Turtle", "ttl"),
        ("text/turtle;charset=utf-8", "ttl"),
        ("application/x-turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/json", "json"),
        ("application/n-triples", "nt"),
        ("text/plain", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/xml", "rdf"),
        ("application/xhtml+xml", "html"),
        ("text/*", "html"),
        ("application/*", "jsonld"),
        ("text/html;q=0.5, text/turtle", "ttl"),
        ("text/turtle;q=0.5, application/ld+json;q=0.6", "jsonld"),
        ("text/turtle, */*", "ttl"),
        ("*/*, text/turtle", "ttl"),
        ("*/*;q=0.1, application/rdf+xml;q=0.2", "rdf"),
        ("text/html;q=0, */*", "ttl"),
        ("text/html;q=0, text/*", "ttl"),
        ("text/*;q=0.3, text/html;q=0.7, text/turtle, */*;q=0.5", "ttl"),
        # browsers
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "html"),
        # rdflib, Jena
        ("application/rdf+xml, text/turtle;q=0.9, */*;q=0.1", "rdf"),
        ("text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,*/*;q=0.3", "ttl"),
        # malformed elements are left out, the rest counts
        ("text/turtle;q=x, application/ld+json;q=0.1", "jsonld"),
        ("text/turtle;q=2, application/ld+json", "jsonld"),
        (",,;q=1, /, text/turtle", "ttl"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ('text/turtle;a="b,c;q=0";q=0.9, text/html;q=0.5', "ttl"),
        ("image/png", None),
        ("text/html;q=0", None),
        ("*/*;q=0", None),
        ("turtle", None),
    ],
)
def test_the_best_offer_wins(accept: str, expected: str | None) -> None:
    chosen = negotiate(accept, OFFERS)
    assert (chosen.id if chosen else None) == expected


def test_all_acceptable_formats_are_ranked() -> None:
    fitting = ranked("text/turtle;q=0.4, application/json, text/html;q=0.1", OFFERS)
    assert [f.id for f in fitting] == ["json", "ttl", "html"]


def test_a_profile_is_seen() -> None:
    expanded = "http://www.w3.org/ns/json-ld#expanded"
    accept = f'application/ld+json;profile="{expanded}"'
    assert asks_for_profile(accept, "application/ld+json", frozenset({expanded}))
    assert not asks_for_profile("application/ld+json", "application/ld+json", frozenset({expanded}))


def test_a_header_past_the_bound_is_refused() -> None:
    with pytest.raises(BadRequest):
        negotiate("text/turtle," * MAX_HEADER, OFFERS)
    with pytest.raises(BadRequest):
        language("ja," * MAX_HEADER)


@given(st.text(max_size=300))
def test_no_header_breaks_negotiation(accept: str) -> None:
    negotiate(accept, OFFERS)
    language(accept)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "ja"),
        ("ja", "ja"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ja-JP", "ja"),
        ("fr, de;q=0.5", "ja"),
        ("fr, en;q=0.5", "en"),
        ("en;q=0.4, ja;q=0.6", "ja"),
        ("ja;q=0, en;q=0.1", "en"),
        ("*", "ja"),
        ("en;q=nonsense, ja;q=0.1", "ja"),
    ],
)
def test_the_language_follows_the_header(header: str, expected: str) -> None:
    assert language(header) == expected


def test_the_parameter_wins_over_the_header() -> None:
    assert page_language("en", "ja") == "en"
    assert page_language("xx", "en") == "en"


def test_a_format_is_named_by_id_or_media_type() -> None:
    assert format_named("ttl", OFFERS) is Formats.TURTLE.value
    assert format_named("application/ld+json", OFFERS) is Formats.JSON_LD.value
    # A plus sign in a query string arrives as a space.
    assert format_named("application/ld json", OFFERS) is Formats.JSON_LD.value
    assert format_named("exe", OFFERS) is None


def test_every_entity_format_has_its_own_suffix() -> None:
    assert len({f.value.id for f in ENTITY_FORMATS}) == len(ENTITY_FORMATS)
