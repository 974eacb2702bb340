"""Frames survive any cutting of the stream; what is no frame is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.workers.frames import DATA, QUERY, FrameReader, pack, pack_json


@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(1, 30))
def test_frames_come_out_as_they_went_in(payloads: list[bytes], size: int) -> None:
    stream = b"".join(pack(DATA, payload) for payload in payloads)
    reader, frames = FrameReader(), []
    for start in range(0, len(stream), size):
        frames += reader.feed(stream[start : start + size])
    assert frames == [(DATA, payload) for payload in payloads]


def test_json_keeps_every_character() -> None:
    ((kind, payload),) = FrameReader().feed(pack_json(QUERY, {"text": "東\ud800"}))
    assert kind == QUERY
    assert payload == b'{"text":"\\u6771\\ud800"}'


@pytest.mark.parametrize("stream", [b"\0\0\0\0D", b"\xff\xff\xff\xffD"])
def test_an_impossible_length_is_refused(stream: bytes) -> None:
    with pytest.raises(ValueError, match="a frame of"):
        FrameReader().feed(stream)
