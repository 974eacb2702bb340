"""Static files: hashed addresses, built entries, content codings."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from app.errors import PageNotFound
from app.web.assets import StaticFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.css").write_text("body { margin: 0 }\n" * 100)
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "maps-AB12.js").write_text("export {};")
    (dist / "maps-AB12.js.br").write_bytes(b"brotli")
    (dist / "maps-AB12.js.gz").write_bytes(b"gzip")
    (dist / "part-CD34.js").write_text("export {};")
    (dist / "manifest.json").write_text(
        json.dumps({"files": {"maps.js": "maps-AB12.js"}, "preload": {"maps.js": ["part-CD34.js"]}})
    )
    return tmp_path


def _get(files: StaticFiles, address: str, accepted: str = "") -> Response:
    scope = {
        "type": "http",
        "method": "GET",
        "headers": [(b"accept-encoding", accepted.encode())],
        "path_params": {"name": address.partition("/static/")[2]},
    }
    return asyncio.run(files.serve(Request(scope)))


def test_a_file_has_its_content_in_its_address_and_is_kept_for_ever(folder: Path) -> None:
    files = StaticFiles(folder, "/lod")
    address = files.address("site.css")
    assert address.startswith("/lod/static/site.")
    reply = _get(files, address)
    assert bytes(reply.body).startswith(b"body")
    assert b"immutable" in dict(reply.raw_headers)[b"cache-control"]


def test_a_built_entry_keeps_the_name_that_others_import_it_by(folder: Path) -> None:
    files = StaticFiles(folder, "")
    assert files.built("maps.js") == "/static/dist/maps-AB12.js"
    assert files.parts_of("maps.js") == ("/static/dist/part-CD34.js",)


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br", b"br", b"brotli"),
        ("gzip", b"gzip", b"gzip"),
        ("", None, b"export {};"),
    ],
)
def test_a_packed_file_is_sent_to_whoever_takes_it(
    folder: Path, accepted: str, coding: bytes | None, body: bytes
) -> None:
    files = StaticFiles(folder, "")
    reply = _get(files, "/static/dist/maps-AB12.js", accepted)
    assert dict(reply.raw_headers).get(b"content-encoding") == coding
    assert reply.body == body
    assert dict(reply.raw_headers)[b"vary"] == b"Accept-Encoding"


def test_codings_of_one_file_differ_in_their_tags(folder: Path) -> None:
    files = StaticFiles(folder, "")
    replies = [_get(files, "/static/dist/maps-AB12.js", coding) for coding in ("br", "gzip", "")]
    assert len({dict(reply.raw_headers)[b"etag"] for reply in replies}) == 3


def test_styles_of_the_source_are_packed_too(folder: Path) -> None:
    files = StaticFiles(folder, "")
    reply = _get(files, files.address("site.css"), "gzip")
    assert gzip.decompress(bytes(reply.body)).startswith(b"body")


@pytest.mark.parametrize("manifest", [None, "{", '{"files": 3}'])
def test_without_a_whole_build_there_are_no_scripts(folder: Path, manifest: str | None) -> None:
    path = folder / "dist" / "manifest.json"
    path.unlink() if manifest is None else path.write_text(manifest)
    files = StaticFiles(folder, "")
    assert files.built("maps.js") is None
    assert files.parts_of("maps.js") == ()


def test_a_file_outside_is_not_served(folder: Path) -> None:
    files = StaticFiles(folder / "dist", "")
    with pytest.raises(PageNotFound):
        _get(files, "/static/../site.css")
