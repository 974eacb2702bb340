"""Changing a data set's description and mapping: tried before anything is written."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from app.errors import DatasetError, Place, Text, TsunaguError
from app.mapping.languages.scanning import Limits
from app.publish.dataset import Dataset
from app.publish.description import Description, read_description
from app.publish.preview import Preview, preview

UNPUBLISHED: Final = "unpublished"
"""The property of a description that keeps a data set from being published."""

_WIDE: Final = 4096
"""Line width of written YAML: long sentences stay on their line."""


@dataclass(frozen=True)
class TriedDataset(Dataset):
    """A data set with files that are not saved: `folder` holds those, the rest is at `saved`."""

    saved: Dataset | None = None
    tried: frozenset[str] = frozenset()

    @cached_property
    def description(self) -> Description:
        """The saved one, unless it is what is tried: it is read once, not at every stroke."""
        if self.saved is None or self.description_path.name in self.tried or self.csvw is not None:
            return super().description
        path = self.saved.description_path
        return _described(path, path.stat().st_mtime_ns, Limits.of(self.settings))

    def source_path(self, path: str) -> Path:
        """A table that is tried, or the saved one."""
        if (self.folder / path).is_file() or self.saved is None:
            return super().source_path(path)
        return self.saved.source_path(path)


@contextmanager
def tried(dataset: Dataset, files: Mapping[str, bytes]) -> Iterator[TriedDataset]:
    """The data set as it would be with these files in place of its own. Gone afterwards."""
    dataset.settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=dataset.settings.data_dir, prefix=".tried-") as temporary:
        folder = Path(temporary) / dataset.id
        folder.mkdir()
        for path in (dataset.description_path, _mapping_path(dataset)):
            if path is not None and path.name not in files:
                shutil.copyfile(path, folder / path.name)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        names = frozenset(files)
        yield TriedDataset(dataset.id, folder, dataset.settings, dataset, names)


def try_mapping(
    dataset: Dataset, text: str, rows: int
) -> tuple[list[TsunaguError], Preview | None]:
    """What is wrong with a mapping that is not saved (its form, what it names, the columns it
    wants), or what the first rows give. Places name the saved file."""
    with tried(dataset, {dataset.mapping_path.name: text.encode()}) as candidate:
        try:
            return [], preview(candidate, rows=rows)
        except TsunaguError as error:
            return [_at_home(error, candidate, dataset)], None


def described(dataset: Dataset, values: Mapping[str, Any]) -> bytes:
    """The text of the description with other values for some properties (None or empty takes a
    property away); comments and everything else stay. Raises DatasetError when the result is no
    description, and for CSVW metadata, which has no such properties."""
    path = dataset.description_path
    if dataset.csvw is not None and path == dataset.csvw.metadata:
        raise DatasetError(
            Text(
                "この説明は CSVW のメタデータに書かれています。",
                "This description is part of CSVW metadata.",
            ),
            place=Place(path.name),
            hint=Text("ファイルを直接直してください。", "Edit the file itself."),
        )
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".json":
        body = json.loads(text)
        _set(body, values)
        changed = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    else:
        changed = _in_yaml(text, values, path.name)
    _read_back(changed, path, dataset)
    return changed.encode()


def _in_yaml(text: str, values: Mapping[str, Any], name: str) -> str:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        body = yaml.load(text)
    except YAMLError as error:
        raise DatasetError(
            Text("説明ファイルを読めません。", "the description cannot be read."), place=Place(name)
        ) from error
    assert isinstance(body, CommentedMap)
    _set(body, values)
    output = io.StringIO()
    yaml.dump(body, output)
    return output.getvalue()


def _set(body: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value in (None, "", [], False):
            body.pop(name, None)
        elif name in body or not isinstance(body, CommentedMap):
            body[name] = value
        else:
            # Before the tables, which are long.
            keys = list(body)
            body.insert(keys.index("resources") if "resources" in keys else len(keys), name, value)


@lru_cache(maxsize=32)
def _described(path: Path, modified_ns: int, limits: Limits) -> Description:
    """A description by its file and when that was written: 25 ms for each data set."""
    del modified_ns
    return read_description(path, limits)


def _read_back(text: str, path: Path, dataset: Dataset) -> Description:
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as temporary:
        file = Path(temporary) / path.name
        file.write_text(text, encoding="utf-8")
        return read_description(file, Limits.of(dataset.settings))


def _mapping_path(dataset: Dataset) -> Path | None:
    try:
        return dataset.mapping_path
    except DatasetError:
        return None


def _at_home(error: TsunaguError, candidate: Dataset, dataset: Dataset) -> TsunaguError:
    """The same error, with the file's place in the data set's folder."""
    place = error.place
    if place is not None and place.file is not None:
        folders = (f"{candidate.folder.resolve()}/", f"{candidate.folder}/", f"{dataset.folder}/")
        file = place.file
        for folder in folders:
            file = file.removeprefix(folder)
        error.place = Place(file, place.line, place.column, place.field, place.end_line)
    return error
