"""Golden cases: a folder with a table, a mapping, and what must come out of them.

    input.csv               the table, or several (any name)
    mapping.yml             the mapping
    datapackage.yaml        the description; without it input.* is the only resource
    expected.nq             the N-Quads, one line each, sorted
    expected.findings.json  the findings, as the command prints them with --json; none: no file
    expected.quarantine.nq  the N-Quads when rows with a bad cell are left out (where wanted)
    expected.error.json     instead of all these: the error that stops the run

After a wanted change, write the expected files anew and read the difference before committing:

    python -m tests.golden.regenerate CASE...
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from app.errors import TsunaguError
from app.findings import Findings
from app.mapping.execute import Mode
from app.publish.convert import convert
from app.publish.dataset import Dataset
from app.settings import Settings
from tests.conftest import ROOT

GOLDEN = Path(__file__).resolve().parent
BASE = "https://data.example.jp"
QUADS, QUARANTINE = "expected.nq", "expected.quarantine.nq"
FINDINGS, ERROR = "expected.findings.json", "expected.error.json"
DESCRIPTION = """\
name: {name}
title: 見本
resources: [{{path: {path}}}]
"""


@dataclass(frozen=True)
class Case:
    """One folder."""

    folder: Path

    @property
    def name(self) -> str:
        """What the case is about."""
        return self.folder.name

    def expected(self) -> dict[str, str]:
        """The text of every expected file, by its name."""
        return {
            file.name: file.read_text(encoding="utf-8")
            for file in sorted(self.folder.glob("expected.*"))
        }

    def made(self, work: Path) -> dict[str, str]:
        """What the program makes of it now, in the form of the expected files. `work`: an
        empty folder."""
        folder = work / self.name
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("expected.*"))
        if not (folder / "datapackage.yaml").exists():
            (source,) = folder.glob("input.*")
            text = DESCRIPTION.format(name=self.name, path=source.name)
            (folder / "datapackage.yaml").write_text(text, encoding="utf-8")
        try:
            quads, findings = _converted(folder, Mode.LENIENT)
        except TsunaguError as error:
            return {ERROR: _json(error.to_json(), folder)}
        made = {QUADS: quads}
        if len(findings):
            made[FINDINGS] = _json(findings.to_json(), folder)
        if (self.folder / QUARANTINE).exists():
            made[QUARANTINE] = _converted(folder, Mode.QUARANTINE)[0]
        return made


def all_cases() -> list[Case]:
    """Every folder with something that is expected."""
    return [
        Case(folder)
        for folder in sorted(GOLDEN.iterdir())
        if any(folder.glob("expected.*")) and (folder / "mapping.yml").exists()
    ]


def _converted(folder: Path, mode: Mode) -> tuple[str, Findings]:
    settings = Settings.model_validate(
        {"base_iri": BASE, "mappings_dir": folder.parent, "vocab_dir": ROOT / "vocab"}
    )
    output, findings = BytesIO(), Findings()
    convert(Dataset(folder.name, folder, settings), output.write, findings=findings, mode=mode)
    lines = output.getvalue().decode("utf-8").split("\n")
    return "".join(f"{line}\n" for line in sorted(lines) if line), findings


def _json(body: dict[str, Any], folder: Path) -> str:
    """Indented, with the paths of the folder made relative."""
    text = json.dumps(body, ensure_ascii=False, indent=1)
    return text.replace(f"{folder}/", "").replace(str(folder), ".") + "\n"
