"""Tables inside tar archives (.tar.gz, .tar.xz, .tar.zst), and xz streams."""

from __future__ import annotations

import io
import lzma
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, Final, cast

from app.errors import Place, SourceError, Text

MAGIC: Final = (257, b"ustar")
"""Where a tar archive says that it is one (POSIX.1-1988)."""

XZ_INPUT_BYTES: Final = 1 << 14
XZ_MEMORY_BYTES: Final = 128 << 20
"""What `xz -9` needs to unpack is 65 MiB."""


@contextmanager
def only_file(stream: io.BufferedReader, name: str) -> Iterator[BinaryIO]:
    """The one file of a stream that is a tar archive; any other stream as it is.

    Raises SourceError for an archive without a file; and, when the file has been read, for one
    with several: what is in the others must not be lost unseen.
    """
    offset, mark = MAGIC
    if stream.peek(512)[offset : offset + len(mark)] != mark:
        yield stream
        return
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        first = _next_file(archive)
        file = None if first is None else archive.extractfile(first)
        if file is None:
            raise _not_one(name, "0", "no")
        yield io.BufferedReader(_Only(archive, cast(BinaryIO, file), name))


def _next_file(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    while (member := archive.next()) is not None:
        hidden = PurePosixPath(member.name).name.startswith("._")  # added by macOS
        if member.isfile() and not hidden:
            return member
    return None


class _Only(io.RawIOBase):
    def __init__(self, archive: tarfile.TarFile, file: BinaryIO, name: str) -> None:
        self._archive, self._file, self._name = archive, file, name
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # buffers only
        data = self._file.read(len(buffer))
        if not data and len(buffer) and not self._ended:
            self._ended = True
            if _next_file(self._archive) is not None:
                raise _not_one(self._name, "複数", "several")
        buffer[: len(data)] = data
        return len(data)


class XzStream(io.RawIOBase):
    """Reads concatenated xz streams with bounded memory."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._stream = self._new_stream()
        self._begun = False
        self._packed = b""

    @staticmethod
    def _new_stream() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(memlimit=XZ_MEMORY_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # buffers only
        while True:
            if self._stream.eof:
                self._packed = self._stream.unused_data
                self._stream, self._begun = self._new_stream(), False
            packed = self._packed
            self._packed = b""
            if not packed and self._stream.needs_input:
                packed = self._raw.read(XZ_INPUT_BYTES)
                if not packed:
                    if self._begun:
                        raise EOFError("the last xz stream has no end")
                    return 0
            self._begun = True
            data = self._stream.decompress(packed, len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)


def _not_one(name: str, count: str, count_en: str) -> SourceError:
    return SourceError(
        Text(
            ja=f"tar の中のファイルが一つではありません ({count})。",
            en=f"the tar archive holds {count_en} files where one is needed.",
        ),
        place=Place(name),
        hint=Text(
            ja="表を一つだけ入れるか、zip にして「名前#ファイル名」で指定してください。",
            en="Put just one table into it, or make it a zip and name the member with #.",
        ),
    )
