"""The files of a draft into a data set's folder, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.errors import DatasetError, Place, Text
from app.publish.dataset import MAPPINGS


def write(folder: Path, texts: Mapping[str, bytes], table: Path) -> tuple[str, ...]:
    """Write into a folder beside, then move it into place: nothing is left half written."""
    with _write_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draft-") as temporary:
            made = Path(temporary) / "made"
            made.mkdir()
            for name, data in texts.items():
                (made / name).write_bytes(data)
            inside = folder / table.name
            if not (inside.exists() and inside.resolve() == table.resolve()):
                shutil.copyfile(table, made / table.name)
            if not folder.exists():
                made.rename(folder)
            else:
                _replace(folder, made, texts)
    return (*texts, table.name)


def _replace(folder: Path, made: Path, texts: Mapping[str, bytes]) -> None:
    """New files over old ones; another mapping or description would contradict the new one."""
    for pattern in (*MAPPINGS, "datapackage.*", "items.csv"):
        for old in folder.glob(pattern):
            if old.name not in texts and not (made / old.name).exists():
                old.rename(old.with_name(old.name + ".old"))
    for path in made.iterdir():
        path.replace(folder / path.name)


@contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(
            Text(
                f"フォルダーに書けません: {error.strerror}",
                f"the folder cannot be written: {error.strerror}",
            ),
            place=Place(str(folder)),
            hint=Text(
                "書き込みの権限と空き容量を確認してください。",
                "Check permissions and free space.",
            ),
        ) from error
