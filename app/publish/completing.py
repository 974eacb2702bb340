"""The further files of a release, made in a process of their own when the data came from people
we do not know: `python -m app.publish.completing CONFIG`.

What reads foreign data may take for ever, or end its process; the server is not the one to do
it. The process has a large stack, bounds of memory and time, no network, and changes files in
the data directory only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from app.errors import BadRequest, Text
from app.publish import release_files
from app.settings import Settings
from app.store.base import Complete, Manifest, Snapshot
from app.store.releases import STORE, ReleaseDirectory
from app.store.snapshot import open_snapshot
from app.store.workers import children, sandbox

_FILE_BYTES: Final = 64 << 30
_LEAST_S: Final = 30.0


def apart(settings: Settings) -> Complete:
    """A `store.base.Complete` that runs `release_files.write` in another process. Raises
    BadRequest when that does not succeed, so that no release is made."""
    releases = ReleaseDirectory(settings.data_dir)

    def complete(new: Snapshot, old: Snapshot | None, folder: Path) -> None:
        config = {
            "parent": os.getpid(),
            "data": str(settings.data_dir.resolve()),
            "folder": str(folder.resolve()),
            "store": str((folder.parent / STORE).resolve()),
            "old": str(releases.path(old.manifest.id).resolve()) if old is not None else None,
            "memory_bytes": settings.query_memory_bytes,
            "stack_bytes": min(settings.query_stack_bytes, settings.query_memory_bytes // 4),
            "canonical_quads": settings.canonical_quads,
        }
        try:
            status, _ = children.run(
                "app.publish.completing",
                [json.dumps(config)],
                nice=children.NICE_WRITES,
                input=new.manifest.model_dump_json().encode(),
                timeout_s=max(settings.write_timeout_s, _LEAST_S),
            )
        except subprocess.TimeoutExpired as error:
            raise _refused() from error
        if status != 0:
            raise _refused()

    return complete


def _refused() -> BadRequest:
    return BadRequest(
        Text(
            ja="この変更の結果から、一括ダウンロードや索引を作れません。何も変わっていません。",
            en="Dumps and indexes cannot be made from the outcome of this change. Nothing has "
            "changed.",
        ),
        hint=Text(
            ja="空白ノードのつながりを短くするか、IRI で置き換えてください。",
            en="Use IRIs instead of long chains of blank nodes.",
        ),
    )


def main(arguments: list[str]) -> None:
    """Entry point: where everything is as JSON; the new release's manifest on standard input."""
    config = json.loads(arguments[0])
    manifest = Manifest.model_validate_json(sys.stdin.buffer.read())
    sandbox.enter(
        sandbox.Limits(
            memory_bytes=config["memory_bytes"],
            parent=config["parent"],
            writable=config["data"],
            file_bytes=_FILE_BYTES,
        )
    )

    def write() -> None:
        old = None
        if config["old"] is not None:
            path = Path(config["old"])
            before = Manifest.model_validate_json((path / "manifest.json").read_bytes())
            old = open_snapshot(before, path / STORE, path)
        new = open_snapshot(manifest, Path(config["store"]))
        most = config["canonical_quads"]
        release_files.write(new, old, Path(config["folder"]), canonical_quads=most)
        sys.stderr.flush()
        os._exit(0)

    threading.stack_size(config["stack_bytes"])
    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    thread.join()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
