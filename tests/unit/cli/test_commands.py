"""The command `tsunagu` and its sub-commands: only the one that is asked for is imported."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer
from typer.main import get_command

from app.cli import MODULES, command


@pytest.mark.parametrize("module", MODULES)
def test_modules_add_the_commands_that_the_table_names(module: str) -> None:
    alone = typer.Typer()
    alone.callback()(lambda: None)
    import_module(f"app.cli.{module}").register(alone)
    assert tuple(get_command(alone).commands) == MODULES[module]  # type: ignore[attr-defined]  # a group


def test_all_commands_are_there_unless_one_is_asked_for() -> None:
    every = [name for names in MODULES.values() for name in names]
    assert sorted(get_command(command()).commands) == sorted(every)  # type: ignore[attr-defined]  # a group
    assert sorted(get_command(command("nothing")).commands) == sorted(every)  # type: ignore[attr-defined]
    assert list(get_command(command("fix")).commands) == ["check", "fix"]  # type: ignore[attr-defined]


def test_converting_imports_no_server_and_no_index() -> None:
    heavy = "{'fastapi', 'tantivy', 'app.web', 'app.quality', 'rdflib', 'openpyxl'}"
    program = (
        "import sys; from typer.main import get_command; from app.cli import command;"
        f"get_command(command('convert')); print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
