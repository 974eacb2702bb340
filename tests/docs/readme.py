"""Reads the commands and files of the READMEs, so that tests can run what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the file it is the content of, and its text."""

    language: str
    file: str | None
    text: str


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a Markdown file, in order."""
    return [
        Block(language, file or None, text)
        for language, file, text in _FENCE.findall(path.read_text(encoding="utf-8"))
    ]
