"""Options and set-up that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.console import Console, language_of
from app.settings import Settings, load

AsJson = Annotated[bool, typer.Option("--json", help="機械向けの JSON で出力 / output JSON")]


def begin(**overrides: object) -> tuple[Settings, Console]:
    """Settings (with options of the command line over them) and the console."""
    settings = load(**overrides)  # type: ignore[arg-type]  # checked by the model itself
    return settings, Console(language_of(settings))
