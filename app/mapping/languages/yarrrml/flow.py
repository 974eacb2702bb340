"""Plain values → YAML text in the layout of a mapping: one entry of `po` on a line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

_PLAIN: Final = re.compile(r"[A-Za-z\u3041-\u9fff$/_][^\s,\[\]{}:#&*!|>'\"%@`?\\]*")
"""Text that needs no quotes anywhere, also between brackets."""

_WORDS: Final = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n"])
"""Plain text that YAML readers take for something else."""

_WIDTH: Final = 96


@dataclass(frozen=True, slots=True)
class Comment:
    """An item of a list that becomes a comment line before the next one."""

    text: str


def write_document(value: dict[str, Any]) -> str:
    """The document: maps in blocks, what fits on a line in brackets."""
    return "".join(_block(value, 0))


def _block(value: dict[str, Any], indent: int) -> list[str]:
    lines = []
    for key, inner in value.items():
        lines += _entry(f"{' ' * indent}{scalar(key)}:", inner, indent)
        if indent == 0:
            lines.append("\n")
    return lines[:-1] if indent == 0 else lines


def _entry(head: str, inner: Any, indent: int) -> list[str]:
    if isinstance(inner, dict) and inner and not (indent > 4 and _fits(head, inner)):
        return [f"{head}\n", *_block(inner, indent + 2)]
    if isinstance(inner, list) and inner and isinstance(inner[0], (list, dict, Comment)):
        lines = [f"{head}\n"]
        for item in inner:
            lines += _item(item, indent + 2)
        return lines
    return [f"{head} {flow(inner)}\n"]


def _item(item: Any, indent: int) -> list[str]:
    if isinstance(item, Comment):
        return [f"{' ' * indent}# {line}\n" for line in item.text.splitlines()]
    head = f"{' ' * indent}-"
    if not isinstance(item, dict) or _fits(head, item):
        return [f"{head} {flow(item)}\n"]
    block = _block(item, indent + 2)
    return [f"{head} {block[0].lstrip()}", *block[1:]]


def _fits(head: str, value: Any) -> bool:
    return len(head) + 1 + len(flow(value)) <= _WIDTH


def flow(value: Any) -> str:
    """A value in brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(str(value))


def scalar(text: str) -> str:
    """Text, in double quotes where a YAML reader could take it for anything else."""
    if (
        text.lower() not in _WORDS
        and re.fullmatch(r"[^:]+(:[^\s:,\[\]{}]+)*", text)
        and all(_PLAIN.fullmatch(part) for part in text.split(":"))
    ):
        return text
    # A JSON string is a YAML string (YAML 1.2.2 section 1.3).
    return json.dumps(text, ensure_ascii=False)
