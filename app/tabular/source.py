"""Where the bytes of a table come from: a file, memory, or a member of an archive.

A `ByteSource` can be opened again and again, each time from the first unpacked byte. Operating
system and decompressor exceptions are translated to `SourceError` here and nowhere else.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from app.errors import Place, SourceError, SourceNotFound, SourceTooLarge, Text
from app.tabular.limits import ReadLimits
from app.tabular.packing import Packing, archive_member, packing_of, unpack, unpacking_errors
from app.tabular.tar import only_file

CHUNK_BYTES = 1 << 20
_WITH_PART = re.compile(r"\.(zip|xlsx|xlsm|ods)#", re.IGNORECASE)

EXPANSION_FLOOR_BYTES = 16 << 20
"""Below this an archive may expand at any ratio: a file of a million equal commas is harmless."""


@dataclass(frozen=True, slots=True)
class ByteSource:
    """Bytes that can be read from the beginning more than once.

    `name` is shown in findings, `kind` is the suffix of the table without its packing (".csv"),
    `packed_size` the bytes as stored, `size` those of the table itself where it is known.
    """

    name: str
    kind: str
    packed_size: int
    size: int | None
    _packing: Packing | None
    _member: str | None
    _open_raw: Callable[[], BinaryIO]
    _limits: ReadLimits

    @property
    def part(self) -> str | None:
        """What of the table's file is meant: the sheet of a workbook (`book.xlsx#Sheet`)."""
        return self._member if self._packing is None else None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The unpacked bytes. Raises SourceError when they cannot be unpacked, SourceTooLarge
        past a limit."""
        with self._open_raw() as raw, unpacking_errors(self.name):
            if self._packing is None:
                yield raw
                return
            with unpack(raw, self._packing, self._member) as unpacked:
                guard = _ExpansionGuard(unpacked, self.name, self.packed_size, self._limits)
                with only_file(io.BufferedReader(guard, CHUNK_BYTES), self.name) as table:
                    yield table

    def chunks(self, size: int = CHUNK_BYTES) -> Iterator[bytes]:
        """The unpacked bytes in pieces of at most `size`; no piece is empty."""
        with self.open() as stream:
            while chunk := stream.read(size):
                yield chunk

    def head(self, size: int) -> bytes:
        """The first `size` unpacked bytes, or all there are."""
        with self.open() as stream:
            return stream.read(size)


class _ExpansionGuard(io.RawIOBase):
    """Counts what comes out of a decompressor and stops at the limits."""

    def __init__(self, stream: BinaryIO, name: str, packed: int, limits: ReadLimits) -> None:
        self._stream = stream
        self._name = name
        self._limits = limits
        ratio_bound = max(EXPANSION_FLOOR_BYTES, packed * limits.expansion)
        self._bound = min(limits.bytes, ratio_bound)
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # buffers only
        data = self._stream.read(len(buffer))
        self._seen += len(data)
        if self._seen > self._bound:
            raise _too_large(self._name, self._bound)
        buffer[: len(data)] = data
        return len(data)


def from_path(path: Path, limits: ReadLimits, name: str | None = None) -> ByteSource:
    """A file, or `archive.zip#member`.

    Raises SourceNotFound with near names of the folder, SourceError for a folder, a file that
    may not be read or an archive without one clear table, SourceTooLarge.
    """
    file, member = _split_member(path)
    with _os_errors(file):
        if file.is_dir():
            raise _is_a_folder(file)
        size = file.stat().st_size
        with file.open("rb") as stream:
            magic = stream.read(8)
    return _source(
        name or (f"{file.name}#{member}" if member else file.name),
        PurePosixPath(file.name),
        magic,
        size,
        member,
        lambda: _open_file(file),
        limits,
    )


def from_bytes(name: str, data: bytes, limits: ReadLimits) -> ByteSource:
    """An upload, a paste or an inline table; its name tells the kind like a file's."""
    file, member = _split_member(Path(name))
    return _source(
        name,
        PurePosixPath(file.name),
        data[:8],
        len(data),
        member,
        lambda: io.BytesIO(data),
        limits,
    )


def _source(
    name: str,
    file: PurePosixPath,
    magic: bytes,
    size: int,
    member: str | None,
    open_raw: Callable[[], BinaryIO],
    limits: ReadLimits,
) -> ByteSource:
    packing = packing_of(file.suffix.lower(), magic)
    table_name, unpacked = file, None if packing else size
    if packing is Packing.ZIP:
        with open_raw() as raw, unpacking_errors(name):
            found = archive_member(raw, member, name)
        member, unpacked, table_name = found.stored_name, found.bytes, PurePosixPath(found.name)
    elif packing is not None and file.suffix.lower() in (".gz", ".xz", ".zst"):
        table_name = PurePosixPath(file.stem.removesuffix(".tar"))
    if unpacked is not None and unpacked > limits.bytes:
        raise _too_large(name, limits.bytes)
    return ByteSource(
        name, table_name.suffix.lower(), size, unpacked, packing, member, open_raw, limits
    )


def _split_member(path: Path) -> tuple[Path, str | None]:
    text = str(path)
    found = _WITH_PART.search(text)
    if found is None or path.exists():
        return path, None
    return Path(text[: found.end() - 1]), text[found.end() :]


def _open_file(file: Path) -> BinaryIO:
    with _os_errors(file):
        return file.open("rb")


@contextmanager
def _os_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise SourceNotFound(
            Text(ja="ファイルがありません。", en="there is no such file."),
            place=Place(str(file)),
            hint=_near_names(file),
        ) from error
    except PermissionError as error:
        raise SourceError(
            Text(ja="ファイルを読む権限がありません。", en="the file may not be read."),
            place=Place(str(file)),
            hint=Text(
                ja="ファイルの読み取り権限を確認してください。",
                en="Check the permissions of the file and its folders.",
            ),
        ) from error
    except OSError as error:
        raise SourceError(
            Text(
                ja=f"ファイルを読めません: {error.strerror}",
                en=f"the file cannot be read: {error.strerror}",
            ),
            place=Place(str(file)),
        ) from error


def _near_names(file: Path) -> Text | None:
    """Names of the folder that are like the one asked for; Unicode forms and case aside, since
    macOS stores が as か and a voicing mark."""
    try:
        there = sorted(entry.name for entry in file.parent.iterdir())
    except OSError:
        return Text(
            ja=f"フォルダー {file.parent} もありません。",
            en=f"The folder {file.parent} does not exist either.",
        )
    folded = {unicodedata.normalize("NFKC", name).casefold(): name for name in there}
    near = get_close_matches(unicodedata.normalize("NFKC", file.name).casefold(), folded, n=3)
    if not near:
        return Text(
            ja=f"{file.parent} の中に似た名前のファイルもありません。",
            en=f"Nothing in {file.parent} has a similar name.",
        )
    names = ", ".join(folded[key] for key in near)
    return Text(ja=f"{names} のことですか。", en=f"Did you mean {names}?")


def _is_a_folder(folder: Path) -> SourceError:
    tables = [p.name for p in sorted(folder.iterdir()) if p.suffix.lower() in (".csv", ".tsv")][:5]
    names = ", ".join(tables)
    return SourceError(
        Text(ja="これはフォルダーです。", en="this is a folder, not a file."),
        place=Place(str(folder)),
        hint=Text(ja=f"中の表を指定してください: {names}", en=f"Name a table inside it: {names}")
        if tables
        else Text(ja="中に CSV はありません。", en="There is no CSV file inside it."),
    )


def _too_large(name: str, bound: int) -> SourceTooLarge:
    return SourceTooLarge(
        Text(
            ja=f"展開後の大きさが上限 ({bound:,} バイト) を超えています。",
            en=f"it is larger than the limit of {bound:,} bytes (after unpacking).",
        ),
        place=Place(name),
        hint=Text(
            ja="表を分割するか、設定 source_bytes・source_expansion を見直してください。",
            en="Split the table, or raise source_bytes or source_expansion.",
        ),
    )
