"""Frames between the serving process and a worker: length, kind, payload.

A frame is four bytes of length (big-endian, of what follows), one byte of kind, and the payload:
JSON for all kinds but DATA. A small answer is one ANSWER frame followed by one DATA frame, sent
in one system call. Read by both sides, so this module needs the standard library only.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Final

OPEN: Final = b"O"
"""To the worker: move to a release, if any. {"release", "path"}"""
QUERY: Final = b"Q"
"""To the worker: run a query; see `worker.Query`."""
READY: Final = b"R"
"""From the worker: it has moved. {"filtered", "thread": the one that runs queries}"""
ANSWER: Final = b"A"
"""From the worker: the whole answer follows in one DATA frame. HEAD and END in one."""
HEAD: Final = b"H"
"""From the worker: a long answer begins. {"form", "format"}"""
DATA: Final = b"D"
"""From the worker: bytes of the answer."""
END: Final = b"E"
"""From the worker: the answer is complete. {"rows", "seconds", "memory"}"""
FAILURE: Final = b"X"
"""From the worker: the query failed. {"kind", "detail", "seconds"}"""

MAX_FRAME: Final = 1 << 26
"""A longer frame is taken for a broken one."""

_PREFIX: Final = struct.Struct(">Ic")


def pack(kind: bytes, payload: bytes) -> bytes:
    """One frame."""
    return _PREFIX.pack(len(payload) + 1, kind) + payload


def pack_json(kind: bytes, message: Mapping[str, Any]) -> bytes:
    """One frame with a JSON payload."""
    return pack(kind, json.dumps(message, separators=(",", ":")).encode())


class FrameReader:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Kinds and payloads of the frames that `data` completes. Raises ValueError when the
        stream cannot be one of frames."""
        buffer = self._buffer
        buffer += data
        frames: list[tuple[bytes, bytes]] = []
        start = 0
        while len(buffer) - start >= _PREFIX.size:
            length, kind = _PREFIX.unpack_from(buffer, start)
            if not 1 <= length <= MAX_FRAME:
                raise ValueError(f"a frame of {length} bytes")
            end = start + 4 + length
            if len(buffer) < end:
                break
            frames.append((kind, bytes(buffer[start + _PREFIX.size : end])))
            start = end
        del buffer[:start]
        return frames
