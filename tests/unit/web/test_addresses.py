"""From the path on the wire to the IRI in the store, and back."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.errors import BadRequest, EntityNotFound
from app.rdf.terms import UCSCHAR, is_valid_iri
from app.web.addresses import MAX_CANDIDATES, MAX_PATH, Addresses, decode, encode, wire_path

OURS = Addresses("https://data.example.jp")

# Paths as they may be stored: readable characters beside real percent escapes.
_plain = st.characters(categories=["L", "N", "S", "P"], max_codepoint=0xFFFF)
_readable = st.text(_plain, min_size=1, max_size=8).filter(lambda t: is_valid_iri(f"http://x/{t}"))
_escapes = st.sampled_from(["%20", "%2F", "%23", "%25", "%3F", "%0A"])
STORED = st.lists(_readable | _escapes, min_size=1, max_size=6).map(
    lambda parts: "/id/" + "".join(parts).replace("?", "").replace("#", "")
)


@given(STORED)
@example("/id/A%201%2F新")
@example("/id/%25%23が🎌")
def test_what_is_encoded_for_the_wire_comes_back(path: str) -> None:
    assert decode(encode(path).encode("ascii")) == path


@given(STORED)
@example("/id/A%201%2F新")
def test_every_spelling_of_a_client_finds_the_stored_iri(path: str) -> None:
    iri = OURS.base + path
    wire = encode(path)
    spellings = {
        wire,
        wire.replace("%E", "%e").replace("%F", "%f").replace("%C", "%c"),  # lower-case hex
        path.encode("utf-8").decode("latin-1"),  # raw UTF-8, as some clients send
    }
    for spelling in spellings:
        assert iri in OURS.candidates(decode(spelling.encode("latin-1")))


@pytest.mark.parametrize(
    ("wire", "stored"),
    [
        (b"/id/A%201%2F%E6%96%B0", "/id/A%201%2F新"),
        (b"/id/A%201%2f%e6%96%b0", "/id/A%201%2F新"),
        (b"/id/%41%201%2F%E6%96%B0", "/id/A%201%2F新"),
        (b"/id/paren%281%29", "/id/paren(1)"),
        (b"/id/%7Euser", "/id/~user"),
        ("/id/か\u3099".encode(), "/id/が"),
        ("/id/が".encode(), "/id/か\u3099"),
        (b"/id/%E6%96%B0", "/id/%E6%96%B0"),
        (b"/id/%F0%9F%8E%8C", "/id/🎌"),
    ],
)
def test_the_stored_iri_is_among_the_candidates(wire: bytes, stored: str) -> None:
    assert OURS.base + stored in OURS.candidates(decode(wire))


@pytest.mark.parametrize("kept", ["%20", "%2F", "%23", "%25", "%3F", "%0D%0A", "%00"])
def test_escapes_that_mean_something_stay(kept: str) -> None:
    path = f"/id/a{kept}b"
    assert decode(path.encode()) == path
    assert all(kept in candidate for candidate in OURS.candidates(path))


@pytest.mark.parametrize(
    "wire",
    [
        b"/id/%",
        b"/id/%2",
        b"/id/%zz",
        b"/id/%FF",
        b"/id/%E6%96",
        b"/id/\xff",
        b"/" * (MAX_PATH + 1),
    ],
)
def test_what_cannot_be_read_is_a_bad_request(wire: bytes) -> None:
    with pytest.raises(BadRequest):
        decode(wire)


@pytest.mark.parametrize("path", ["/id/a b", "/id/<x>", '/id/"', "/id/a\r\nb", "/id/{x}"])
def test_what_is_no_iri_is_not_found_or_encoded(path: str) -> None:
    try:
        candidates = OURS.candidates(path)
    except EntityNotFound:
        return
    assert all(is_valid_iri(candidate) and path not in candidate for candidate in candidates)


@given(st.text(f"%2Fa{UCSCHAR[0]}がé", max_size=40))
def test_candidates_are_few_and_different(text: str) -> None:
    found = OURS.candidates("/id/" + text) if is_valid_iri(f"http://x/{text}") else ()
    assert len(set(found)) == len(found) <= MAX_CANDIDATES


@given(st.text(max_size=60))
def test_an_encoded_address_never_breaks_a_header(text: str) -> None:
    wire = encode(text.encode("utf-8", "replace").decode())
    assert wire.isascii()
    assert not set(wire) & set('\r\n\t <>"\\{}|^`\x00\x7f')


def test_the_path_on_the_wire_is_taken_before_the_decoded_one() -> None:
    scope = {"raw_path": b"/id/a%2Fb?x=1", "path": "/id/a/b"}
    assert wire_path(scope) == b"/id/a%2Fb"
    assert wire_path({"path": "/id/新"}) == quote("/id/新").encode()


def test_a_base_iri_with_a_path_gives_rooted_links() -> None:
    under = Addresses("https://example.jp/lod")
    assert under.root == "/lod"
    assert under.thing("https://example.jp/lod/id/新") == "/lod/id/%E6%96%B0"
    assert under.document("https://example.jp/lod/id/a#b", ".ttl") == "/lod/doc/a.ttl"
    assert under.is_ours("https://example.jp/lod/id/1")
    assert not under.is_ours("https://example.jp/id/1")
