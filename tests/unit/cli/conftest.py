"""The command, called in this process, over a folder of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import command
from app.errors import TsunaguError
from tests.conftest import ROOT

DESCRIPTION = """\
name: {id}
title: 見本
licenses: [{{name: CC0-1.0, path: "https://creativecommons.org/publicdomain/zero/1.0/"}}]
resources:
  - path: {path}
"""
MAPPING = """\
mappings:
  thing:
    s: id:thing/$(ID)
    po:
      - [a, ic:施設型]
      - [rdfs:label, $(名称), ja~lang]
      - [ic:数値, $(数), xsd:integer]
"""
TABLE = "ID,名称,数\n1,甲,10\n2,乙,20\n"


@dataclass
class Result:
    """Exit code, standard output, and the error that was raised, if any."""

    code: int
    output: str
    error: TsunaguError | None


class Site:
    """A site in a temporary folder: data sets can be written and commands run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runner = CliRunner()

    def dataset(
        self,
        name: str = "things",
        *,
        table: bytes | str | None = TABLE,
        mapping: str = MAPPING,
        path: str = "things.csv",
        description: str | None = None,
    ) -> Path:
        """Write a data set's folder; `table` None leaves the file out."""
        folder = self.folder / "mappings" / name
        folder.mkdir(parents=True, exist_ok=True)
        text = description or DESCRIPTION.format(id=name, path=path)
        (folder / "datapackage.yaml").write_text(text, encoding="utf-8")
        (folder / "mapping.yml").write_text(mapping, encoding="utf-8")
        if table is not None:
            data = table if isinstance(table, bytes) else table.encode()
            (folder / path).write_bytes(data)
        return folder

    def __call__(self, *arguments: str) -> Result:
        """Run `tsunagu …`. The error is given as it is; its exit code stands in `code`."""
        done = self.runner.invoke(command(), list(arguments))
        if isinstance(done.exception, TsunaguError):
            return Result(done.exception.exit_code, done.output, done.exception)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Result(done.exit_code, done.output, None)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site in a temporary folder, with the product's own vocabulary."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TSUNAGU_VOCAB_DIR", str(ROOT / "vocab"))
    monkeypatch.setenv("TSUNAGU_LANGUAGE", "ja")
    return Site(tmp_path)
