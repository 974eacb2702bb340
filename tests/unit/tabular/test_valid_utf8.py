"""UTF-8 in blocks is judged as Python's codec judges it, wherever a block ends."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.tabular.decoding import _valid


def of_the_codec(data: bytes, *, final: bool) -> int | tuple[int, str]:
    try:
        return codecs.utf_8_decode(data, "strict", final)[1]
    except UnicodeDecodeError as error:
        return error.start, error.reason


@given(
    st.one_of(st.binary(max_size=12), st.text(max_size=6).map(str.encode)),
    st.integers(0, 12),
    st.booleans(),
)
@example(b"\xed\xa0\x80", 3, True)  # a surrogate
@example(b"\xc0\x80", 2, True)  # longer than needed
@example(b"\xf4\x90\x80\x80", 4, True)  # past U+10FFFF
@example("𠮷".encode(), 3, False)
@example("𠮷".encode(), 3, True)
@example(b"\xf8\x88\x80", 3, False)
def test_blocks_are_judged_as_by_the_codec(data: bytes, cut: int, final: bool) -> None:
    data = data[:cut]
    try:
        judged: int | tuple[int, str] = _valid(data, final=final)
    except UnicodeDecodeError as error:
        judged = error.start, error.reason
    assert judged == of_the_codec(data, final=final)


@pytest.mark.parametrize("text", ["", "a", "日本語", "𠮷野家"])
def test_whole_text_is_taken_whole(text: str) -> None:
    assert _valid(text.encode(), final=True) == len(text.encode())
