"""From an upload to a data set: the draft is looked at before anything is written, then becomes a
folder that is not published yet."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

from app.errors import BadRequest, Text, UsageError
from app.publish.dataset import Dataset
from app.publish.draft.drafting import Draft
from app.publish.draft.folder import dataset_id, draft_folder
from app.publish.fetching.addresses import is_remote
from app.publish.tokens import Token
from app.publish.workbench.bench import RESERVED, Workbench, who
from app.publish.workbench.editing import UNPUBLISHED, described
from app.publish.workbench.rights import Right, demand
from app.publish.workbench.sessions import Session
from app.publish.workbench.uploads import Upload

LICENCES: Final[Mapping[str, str]] = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0": "PDL 1.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
}
"""Licences on offer; the first is what the guide recommends."""

_RESERVED_NAMES: Final = ("datapackage", "mapping", "items", "shapes")
_TRIED: Final = "draft"


def look_at(bench: Workbench, upload: Upload, region: str = "") -> Draft:
    """The draft of an upload's table; nothing of it is kept. Raises SourceError, UsageError."""
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as temporary, _table(bench, upload) as file:
        settings = bench.settings.model_copy(update={"mappings_dir": Path(temporary)})
        made = draft_folder(file, settings, bench.regions, id=_TRIED, region=region)
    assert made.draft is not None  # nothing lies beside an upload
    return made.draft


def suggested_title(upload: Upload, draft: Draft) -> str:
    """What the data may be called: as the table or its layout says, else as its file."""
    if draft.title != _TRIED:
        return draft.title
    stem = upload.name.split(".")[0]
    return stem if stem not in ("paste", "table") else ""


def suggested_id(bench: Workbench, upload: Upload, draft: Draft) -> str:
    """An id that is free: by the file's name, else by what the table is and where."""
    region = draft.whereabouts.region
    try:
        id = dataset_id(Path(upload.name))
    except UsageError:
        place = region.romaji.split("-")[0].split(" ")[0].lower() if region is not None else ""
        what = draft.layout.id if draft.layout is not None else "data"
        id = f"{place}-{what}" if place.isascii() and place.isalpha() else what
    taken = {folder.name for folder in bench.settings.mappings_dir.glob("*")} | RESERVED
    numbered = (f"{id[:60]}-{number}" for number in count(2))
    return id if id not in taken else next(each for each in numbered if each not in taken)


def make_dataset(
    bench: Workbench,
    upload: Upload,
    session: Session,
    id: str,
    about: Mapping[str, Any],
    region: str = "",
) -> Dataset:
    """Write the folder of a new data set, not published yet, and throw the upload away. `about`
    are properties of the description. Raises RightMissing, UsageError, DatasetError."""
    demand(session.token, Right.EDIT, bench.graph(id))
    if id in RESERVED:
        raise BadRequest(
            Text(f"「{id}」という ID は使えません。", f"“{id}” cannot be the id of a data set."),
            hint=Text("別の ID にしてください。", "Choose another one."),
        )
    with _table(bench, upload) as file:
        made = draft_folder(file, bench.settings, bench.regions, id=id, region=region)
    dataset = Dataset(id, made.folder, bench.settings)
    bench.history.adopt(made.folder, made.files, who=who(session.token), why="下書き / draft")
    about = {**about, UNPUBLISHED: True}
    if upload.address is not None:
        about |= lying_at(dataset, upload.address)
    data = described(dataset, about)
    bench.save(dataset, {dataset.description_path.name: data}, session, "説明 / description")
    bench.note(session, "draft", id, table=upload.name)
    bench.uploads.remove(upload)
    return Dataset(id, made.folder, bench.settings)


def replace_table(bench: Workbench, upload: Upload, session: Session, why: str) -> Dataset:
    """Put an upload in place of its data set's table, and throw it away. The description says
    the new table's encoding and path. Raises RightMissing, BadRequest."""
    assert upload.dataset is not None
    dataset = bench.dataset(upload.dataset, session.token, Right.EDIT)
    resource = dataset.description.resources[0]
    old = resource.path
    if is_remote(old):
        raise BadRequest(
            Text(
                f"このデータセットの表は {old} から取っています。",
                f"The table of this data set is fetched from {old}.",
            ),
            hint=Text(
                "そこに新しい表を置くか、「説明を書く」で表のアドレスを消してください。",
                "Put the newer table there, or take the address away under “Describe”.",
            ),
        )
    file = bench.uploads.file(upload)
    same_kind = Path(old).suffix.lower() == file.suffix.lower()
    if not same_kind or "#" in old or "/" in old:
        raise BadRequest(
            Text(
                f"このデータセットの表は {old} です。同じ形式のファイルを送ってください。",
                f"The table of this data set is {old}: send a file of the same kind.",
            ),
            hint=Text(
                "Excel で作っているときは CSV UTF-8 で保存してください。",
                "From a spreadsheet, save as CSV UTF-8.",
            ),
        )
    files: dict[str, bytes | None] = {old: file.read_bytes()}
    report = bench.uploads.report(upload)
    encoding = report.description.encoding
    if resource.encoding and resource.encoding.lower() != encoding:
        files[dataset.description_path.name] = _with_encoding(dataset, encoding)
    bench.save(dataset, files, session, why)
    bench.uploads.remove(upload)
    return dataset


def lying_at(dataset: Dataset, address: str) -> dict[str, Any]:
    """Properties of the description of a data set whose (only) table lies at an address from now
    on, or with an empty one in the folder again. The mapping goes on calling it by its name.
    Raises BadRequest."""
    resources = [
        r.model_dump(mode="json", by_alias=True, exclude_unset=True)
        for r in dataset.description.resources
    ]
    table = resources[0]
    name = table.get("name", "") if is_remote(table["path"]) else table["path"]
    if not address and not (name and (dataset.folder / name).is_file()):
        raise BadRequest(
            Text(
                "フォルダーに表がないので、アドレスを消せません。",
                "There is no table in the folder to take the place of the address.",
            )
        )
    table |= {"path": address or name, "name": name}
    return {"resources": resources}


def may_use(bench: Workbench, upload: Upload, token: Token) -> bool:
    """Whether an upload is for a data set that a token may change."""
    if upload.dataset is None:
        return True
    demand(token, Right.EDIT, bench.graph(upload.dataset))
    return True


def _with_encoding(dataset: Dataset, encoding: str) -> bytes:
    resources = [
        r.model_dump(mode="json", by_alias=True, exclude_unset=True)
        for r in dataset.description.resources
    ]
    resources[0]["encoding"] = encoding
    return described(dataset, {"resources": resources})


@contextmanager
def _table(bench: Workbench, upload: Upload) -> Iterator[Path]:
    """The upload's table alone in a folder, under a name that no file of a data set has."""
    file = bench.uploads.file(upload)
    name = upload.name
    if name.split(".")[0] in _RESERVED_NAMES:
        name = f"table-{name}"
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as temporary:
        copy = Path(temporary) / name
        shutil.copyfile(file, copy)
        yield copy
