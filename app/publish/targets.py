"""Logical targets (RML-IO): files that receive the quads of the term maps that name them.

A target's quads are first kept as N-Quads in a temporary file, and at the end written in the
target's format, encoding and packing; the file appears whole or not at all. Formats without
graphs keep the triples.
"""

from __future__ import annotations

import codecs
import gzip
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from pyoxigraph import RdfFormat, parse, serialize

from app.errors import MappingError, Place, Text
from app.mapping.model import LogicalTarget
from app.tabular.encoding import declared_encoding

_FORMATS: Final[Mapping[str, RdfFormat]] = {
    "nq": RdfFormat.N_QUADS,
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "n3": RdfFormat.N3,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_COPY_BYTES: Final = 1 << 20
_TARS: Final = {"targz": "w:gz", "tarxz": "w:xz"}


class TargetFiles:
    """The files of a mapping's targets, under one folder. Use it as a context: left without an
    error, it writes them; left with one, it writes none."""

    def __init__(self, targets: Sequence[LogicalTarget], folder: Path) -> None:
        """Raises MappingError for a path outside the folder, or two targets with one path, or a
        format or an encoding that is not written."""
        self._targets = {target.id: target for target in targets}
        self._paths = {target.id: _path(target, folder) for target in targets}
        self._spools: dict[str, IO[bytes]] = {}
        self.written: list[Path] = []
        _refuse_shared_paths(targets, self._paths)
        for target in targets:
            _check(target)

    def write(self, target: str, lines: memoryview | bytes) -> None:
        """Keep some N-Quads for a target."""
        spool = self._spools.get(target)
        if spool is None:
            spool = self._spools[target] = tempfile.TemporaryFile()  # noqa: SIM115
        spool.write(lines)

    def __enter__(self) -> TargetFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                for id, target in self._targets.items():
                    spool = self._spools.setdefault(id, tempfile.TemporaryFile())  # noqa: SIM115
                    spool.seek(0)
                    _write(target, spool, self._paths[id])
                    self.written.append(self._paths[id])
        finally:
            for spool in self._spools.values():
                spool.close()


def _write(target: LogicalTarget, quads: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with _packed(target, part, path.name) as output:
            _serialize(target, quads, _encoded(target, output))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _serialize(target: LogicalTarget, quads: IO[bytes], output: IO[bytes]) -> None:
    found = _FORMATS[target.format]
    if found is RdfFormat.N_QUADS:
        shutil.copyfileobj(quads, output, _COPY_BYTES)
        return
    parsed = parse(quads, format=RdfFormat.N_QUADS)
    if found.supports_datasets:
        serialize(parsed, output, found)
    else:
        serialize((quad.triple for quad in parsed), output, found)


def _encoded(target: LogicalTarget, output: IO[bytes]) -> IO[bytes]:
    codec = _codec(target)
    return output if codec == "utf-8" else cast(IO[bytes], _Recoder(output, codec))


class _Recoder:
    """Takes UTF-8 and writes it in another encoding. UTF-16 begins with its byte order mark."""

    def __init__(self, output: IO[bytes], codec: str) -> None:
        self._output = output
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._encode = codecs.getincrementalencoder(codec)().encode

    def write(self, data: bytes) -> int:
        self._output.write(self._encode(self._decode(data)))
        return len(data)

    def flush(self) -> None:
        self._output.flush()


@contextmanager
def _packed(target: LogicalTarget, path: Path, name: str) -> Iterator[IO[bytes]]:
    """Where the bytes go. Archives hold one file, called like the target without its packing."""
    if target.compression is None:
        with path.open("wb") as file:
            yield file
            _sync(file)
    elif target.compression == "gzip":
        with gzip.open(path, "wb", compresslevel=6) as packed:
            yield cast(BinaryIO, packed)
    elif target.compression == "zip":
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open(_member(name, (".zip",)), "w", force_zip64=True) as packed,
        ):
            yield cast(BinaryIO, packed)
    else:
        # A tar header states the size, so the bytes are collected first.
        with tempfile.TemporaryFile() as whole:
            yield whole
            member = tarfile.TarInfo(_member(name, (".tar.gz", ".tgz", ".tar.xz", ".txz")))
            member.size = whole.tell()
            whole.seek(0)
            # mypy knows the modes only as literals.
            opened: Callable[..., tarfile.TarFile] = tarfile.open
            with opened(path, _TARS[target.compression]) as tar:
                tar.addfile(member, whole)


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _member(name: str, suffixes: tuple[str, ...]) -> str:
    for suffix in suffixes:
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def _codec(target: LogicalTarget) -> str:
    if target.encoding is None:
        return "utf-8"
    wanted = target.encoding.lower().replace("_", "-")
    return "utf-16" if wanted == "utf-16" else declared_encoding(wanted, target.place or Place())


def _path(target: LogicalTarget, folder: Path) -> Path:
    path = (folder / target.path).resolve()
    if not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise MappingError(
            Text(
                ja=f"出力先 {target.path} は出力フォルダーの外にあります。",
                en=f"the target {target.path} lies outside the output's folder.",
            ),
            place=target.place,
            hint=Text(
                ja="フォルダーの中の相対パスを書いてください。",
                en="Give a relative path inside the folder.",
            ),
        )
    return path


def _check(target: LogicalTarget) -> None:
    if target.format not in _FORMATS:
        known = ", ".join(_FORMATS)
        raise MappingError(
            Text(
                ja=f"出力先の書式 {target.format} には書き出せません。",
                en=f"targets of format {target.format} are not written.",
            ),
            place=target.place,
            hint=Text(ja=f"使えるもの: {known}。", en=f"Known ones: {known}."),
        )
    if target.compression not in {None, "gzip", "zip", *_TARS}:
        known = ", ".join(("gzip", "zip", *_TARS))
        raise MappingError(
            Text(
                ja=f"出力先の圧縮方式 {target.compression} には対応していません。",
                en=f"targets packed as {target.compression} are not written.",
            ),
            place=target.place,
            hint=Text(ja=f"使えるもの: {known}。", en=f"Known ones: {known}."),
        )
    _codec(target)


def _refuse_shared_paths(targets: Sequence[LogicalTarget], paths: Mapping[str, Path]) -> None:
    seen: dict[Path, str] = {}
    for target in targets:
        other = seen.setdefault(paths[target.id], target.id)
        if other != target.id:
            raise MappingError(
                Text(
                    ja=f"二つの出力先が同じファイル {target.path} を指しています。",
                    en=f"two targets name the same file, {target.path}.",
                ),
                place=target.place,
                hint=Text(
                    ja="別のファイル名にするか、一つの出力先にまとめてください。",
                    en="Give them different names, or make them one target.",
                ),
            )
