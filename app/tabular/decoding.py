"""From bytes in any encoding to blocks of valid UTF-8, and what is said when that fails."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator

import pyarrow as pa

from app.errors import Place, SourceEncodingError, Text
from app.tabular.encoding import CANDIDATES, decodes, strict_decoder
from app.tabular.source import ByteSource

BOM = "\ufeff".encode()


def utf8_blocks(source: ByteSource, codec: str, block_bytes: int) -> Iterator[bytes]:
    """The text as UTF-8 without its byte order mark, in blocks cut between characters.

    A block holds what `block_bytes` bytes of the source decode to. Raises SourceEncodingError
    with line, byte offset, the bytes and the encodings that would fit.
    """
    blocks = (
        _validated(source, block_bytes)
        if codec == "utf-8"
        else _decoded(source, codec, block_bytes)
    )
    first = True
    for block in blocks:
        if first and block:
            block = block.removeprefix(BOM)
            first = False
        if block:
            yield block


def _validated(source: ByteSource, block_bytes: int) -> Iterator[bytes]:
    """UTF-8 is checked and passed on as it is: decoding it and encoding it again would triple
    the cost."""
    pending, offset = b"", 0
    chunks = source.chunks(block_bytes)
    while True:
        chunk = next(chunks, None)
        data = pending + chunk if chunk is not None else pending
        try:
            used = len(data) if data.isascii() else _valid(data, final=chunk is None)
        except UnicodeDecodeError as error:
            raise _undecodable(source, "utf-8", offset, error) from error
        yield data[:used] if used < len(data) else data
        if chunk is None:
            return
        pending = data[used:]
        offset += used


def _valid(data: bytes, *, final: bool) -> int:
    """How many bytes are whole characters. Looked at by Arrow, which makes no string of them and
    lets other threads run. Raises UnicodeDecodeError."""
    end = len(data) if final else len(data) - _begun(data)
    offsets = pa.py_buffer(struct.pack("=2i", 0, end))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
        codecs.utf_8_decode(data[end:], "strict", False)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return codecs.utf_8_decode(data, "strict", final)[1]  # which says where
    return end


def _begun(data: bytes) -> int:
    """Bytes at the end that begin a character without ending it (RFC 3629, section 3)."""
    for back, byte in enumerate(data[:-4:-1], 1):
        if byte & 0xC0 == 0x80:
            continue
        length = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
        return back if length > back else 0
    return 0


def _decoded(source: ByteSource, codec: str, block_bytes: int) -> Iterator[bytes]:
    decoder = strict_decoder(codec)
    fed = 0
    chunks = source.chunks(block_bytes)
    while True:
        chunk = next(chunks, None)
        fed += len(chunk or b"")
        try:
            text = decoder.decode(chunk or b"", chunk is None)
        except UnicodeDecodeError as error:
            # The object of the error is what was pending and this chunk.
            raise _undecodable(source, codec, fed - len(error.object), error) from error
        yield text.encode()
        if chunk is None:
            return


def _undecodable(
    source: ByteSource, codec: str, base: int, error: UnicodeDecodeError
) -> SourceEncodingError:
    offset = base + error.start
    # One byte at least, and what follows it: a lead byte alone tells little.
    shown = error.object[error.start : max(error.end, error.start + 2)].hex(" ")
    line = _line_at(source, codec, offset)
    if codec == "utf-8" and _is_japanese_before(source, offset):
        # What is UTF-8 so far would be read as other characters, or as none, by any other.
        hint = Text(
            ja="この行の前までは UTF-8 なので、二つの文字コードが混ざっています。この行を元の表から"
            "入れ直し、全体を UTF-8 で保存してください。",
            en="What stands before is UTF-8, so two encodings are mixed: enter this line again from "
            "the original, and save the whole as UTF-8.",
        )
    else:
        fitting = [c for c in CANDIDATES if c != codec and decodes(source.chunks(), c)]
        hint = _declare(fitting)
    return SourceEncodingError(
        Text(
            ja=f"{codec} として読めないバイトがあります: 先頭から {offset} バイト進んだ所に {shown}。",
            en=f"bytes that {codec} does not have: {shown} at byte offset {offset}.",
        ),
        place=Place(source.name, line),
        hint=hint,
    )


def _declare(fitting: list[str]) -> Text:
    if not fitting:
        return Text(
            ja="全体を読める文字コードがありません。元の表から保存し直してください。",
            en="No known encoding reads the whole file: save it again from the original.",
        )
    names = ", ".join(fitting)
    return Text(
        ja=f"全体を読める文字コード: {names}。説明の encoding に指定してください。",
        en=f"The whole file can be read as {names}: declare that as its encoding.",
    )


def _is_japanese_before(source: ByteSource, offset: int) -> bool:
    """Whether the valid UTF-8 before a byte has characters of three bytes or more: of another
    encoding hardly any three bytes in a row are that by chance."""
    left = offset
    for chunk in source.chunks():
        if any(byte >= 0xE0 for byte in chunk[:left]):
            return True
        left -= len(chunk)
        if left <= 0:
            break
    return False


def _line_at(source: ByteSource, codec: str, offset: int) -> int:
    """The physical line, from 1, of a byte; only asked for when an error is being told."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    line, after_cr, left = 1, False, offset
    for chunk in source.chunks():
        text = decoder.decode(chunk[:left], final=len(chunk) >= left)
        if text:
            line += text.count("\n") + text.count("\r") - text.count("\r\n")
            line -= after_cr and text.startswith("\n")
            after_cr = text.endswith("\r")
        left -= len(chunk)
        if left <= 0:
            break
    return line
