"""Packed tables: .gz, .xz, .zst, and .zip with one table or a named member (tar: `tar`).

The content decides, not the name: a gzip stream called .csv is unpacked all the same.
"""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from pathlib import PurePosixPath
from typing import BinaryIO, cast

import zstandard

from app.errors import Place, SourceError, SourceNotFound, Text
from app.tabular.tar import XzStream

SPREADSHEET_SUFFIXES = (".xlsx", ".xlsm", ".ods")

ZSTD_INPUT_BYTES = 1 << 10
"""A zstd block of four bytes can stand for 128 KiB, so a kilobyte unpacks to 32 MiB at most."""

ZSTD_WINDOW_BYTES = 128 << 20
"""The window that `zstd -d` itself accepts without --long."""


class Packing(Enum):
    """How a table is packed, by the first bytes of the file."""

    GZIP = b"\x1f\x8b"
    ZIP = b"PK\x03\x04"
    ZSTD = b"\x28\xb5\x2f\xfd"
    XZ = b"\xfd7zXZ\x00"


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One file of an archive: its readable name, its name as stored, its unpacked size."""

    name: str
    stored_name: str
    bytes: int


def packing_of(suffix: str, magic: bytes) -> Packing | None:
    """The packing of a file; spreadsheets are zip archives that are not unpacked here."""
    if suffix in SPREADSHEET_SUFFIXES:
        return None
    return next((p for p in Packing if magic.startswith(p.value)), None)


def archive_member(raw: BinaryIO, wanted: str | None, name: str) -> ArchiveMember:
    """The member called `wanted`, or the only table. Raises SourceError that lists the members."""
    with zipfile.ZipFile(raw) as archive:
        if "[Content_Types].xml" in archive.namelist():
            raise _spreadsheet_in_disguise(name)
        members = [
            ArchiveMember(readable_name(info), info.filename, info.file_size)
            for info in archive.infolist()
            if not info.is_dir()
        ]
        encrypted = {info.filename for info in archive.infolist() if info.flag_bits & 0x1}
    found = _choose([m for m in members if not _is_litter(m.name)], wanted, name)
    if found.stored_name in encrypted:
        raise SourceError(
            Text(ja="zip に暗証番号がかかっています。", en="the zip archive is encrypted."),
            place=Place(name),
            hint=Text(ja="暗号化せずに保存してください。", en="Save it without a password."),
        )
    return found


def readable_name(info: zipfile.ZipInfo) -> str:
    """The name of a member; without the UTF-8 flag Windows in Japan stores CP932 and macOS
    UTF-8, where zipfile assumes code page 437 (APPNOTE 6.3.10, appendix D)."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        stored = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp932"):
        try:
            return stored.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


@contextmanager
def unpack(raw: BinaryIO, packing: Packing, member: str | None) -> Iterator[BinaryIO]:
    """The unpacked stream of a packed one."""
    if packing is Packing.ZIP:
        assert member is not None
        with zipfile.ZipFile(raw) as archive, archive.open(member) as stream:
            yield cast(BinaryIO, stream)
    elif packing is Packing.GZIP:
        with gzip.GzipFile(fileobj=raw) as unzipped:
            yield cast(BinaryIO, unzipped)
    elif packing is Packing.XZ:
        yield cast(BinaryIO, io.BufferedReader(XzStream(raw)))
    else:
        yield cast(BinaryIO, io.BufferedReader(_ZstdStream(raw)))


@contextmanager
def unpacking_errors(name: str) -> Iterator[None]:
    """Translates what the decompressors raise."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        gzip.BadGzipFile,
        lzma.LZMAError,
        tarfile.TarError,
        zlib.error,
        zstandard.ZstdError,
        EOFError,
    ) as e:
        raise SourceError(
            Text(
                ja=f"圧縮ファイルが壊れているか、途中で切れています: {e}",
                en=f"the packed file is damaged or cut off: {e}",
            ),
            place=Place(name),
            hint=Text(
                ja="もう一度ダウンロードするか、圧縮し直してください。",
                en="Download or pack it again.",
            ),
        ) from e
    except NotImplementedError as e:  # zipfile: a compression method it does not know
        raise SourceError(
            Text(ja=f"未対応の圧縮方式です: {e}", en=f"this way of packing is not known: {e}"),
            place=Place(name),
            hint=Text(ja="通常の zip で圧縮してください。", en="Use an ordinary zip (deflate)."),
        ) from e


class _ZstdStream(io.RawIOBase):
    """Reads concatenated zstd frames and, unlike zstandard's own stream reader, raises when the
    last one is cut off."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame = self._new_frame()
        self._begun = False
        self._packed = b""
        self._ready = memoryview(b"")

    @staticmethod
    def _new_frame() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES).decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # buffers only
        while not self._ready:
            packed = self._packed or self._raw.read(ZSTD_INPUT_BYTES)
            self._packed = b""
            if not packed:
                if self._begun:
                    raise EOFError("the last zstd frame has no end")
                return 0
            self._begun = True
            self._ready = memoryview(self._frame.decompress(packed))
            if self._frame.eof:
                self._packed = self._frame.unused_data
                self._frame, self._begun = self._new_frame(), False
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


def _is_litter(member: str) -> bool:
    """Files that macOS and Windows add to archives unasked."""
    path = PurePosixPath(member)
    return "__MACOSX" in path.parts or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _choose(members: list[ArchiveMember], wanted: str | None, name: str) -> ArchiveMember:
    names = [m.name for m in members]
    if wanted is not None:
        for member in members:
            if wanted in (member.name, member.stored_name):
                return member
        near = get_close_matches(wanted, names, n=3, cutoff=0.3) or names[:5]
        raise SourceNotFound(
            Text(
                ja=f"zip の中に {wanted} はありません。",
                en=f"the archive has no member {wanted}.",
            ),
            place=Place(name),
            hint=Text(ja=f"中身: {', '.join(near)}", en=f"It holds {', '.join(near)}."),
        )
    tables = [m for m in members if PurePosixPath(m.name).suffix.lower() in (".csv", ".tsv")]
    for choice in (tables, members):
        if len(choice) == 1:
            return choice[0]
    shown = ", ".join(names[:5]) or "-"
    raise SourceError(
        Text(
            ja=f"zip の中の {len(names)} 個のどれを読むか決められません。",
            en=f"the archive holds {len(names)} files and it is not clear which one to read.",
        ),
        place=Place(name),
        hint=Text(
            ja=f"「{name}#ファイル名」の形で指定してください。中身: {shown}",
            en=f"Name it as {name}#member. It holds {shown}.",
        ),
    )


def _spreadsheet_in_disguise(name: str) -> SourceError:
    return SourceError(
        Text(
            ja="中身は CSV ではなく Excel のブックです。",
            en="this is not a text but an Excel workbook.",
        ),
        place=Place(name),
        hint=Text(
            ja="拡張子を .xlsx に直すか、Excel で「CSV UTF-8」として保存してください。",
            en="Give it the suffix .xlsx, or save it as “CSV UTF-8”.",
        ),
    )
