"""Regular expressions, by RE2: their time grows with the length of the text and no faster, so
that no pattern of a mapping can stop a run (https://github.com/google/re2/wiki/Syntax)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import re2

from app.errors import MappingError, Text
from app.mapping.functions.cells import natural, wrong_parameter
from app.mapping.functions.registry import Example, Result, function

_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False  # the error is raised; nothing is to appear on stderr
_OPTIONS.max_mem = 16 << 20

_GROUP: Final = re.compile(r"\\([\\$])|\$(\d)")
_LOOKAROUND: Final = ("(?=", "(?!", "(?<=", "(?<!")


@lru_cache(maxsize=256)
def compile_regex(pattern: str) -> Any:
    """The compiled expression. Raises MappingError that says what RE2 has not got."""
    try:
        return re2.compile(pattern, options=_OPTIONS)
    except re2.error as error:
        raise MappingError(
            Text(
                ja=f"正規表現「{pattern}」が正しくありません。",
                en=f"the regular expression “{pattern}” is not valid.",
            ),
            hint=_hint(pattern, error),
        ) from error


@function(
    "regexMatch",
    summary=Text(
        ja="正規表現がどこかに一致するかどうか。全体との一致は ^ と $ で書きます。",
        en="Whether a regular expression matches somewhere; write ^ and $ for the whole value.",
    ),
    examples=(
        Example({"value": "760-0001", "pattern": r"^\d{3}-\d{4}$"}, "true"),
        Example({"value": "番地なし", "pattern": "[0-9]"}, "false"),
    ),
    boolean=True,
)
def regex_match(value: str, pattern: str) -> Result:
    """RE2 syntax."""
    return "true" if compile_regex(pattern).search(value) else "false"


@function(
    "regexReplace",
    summary=Text(
        ja="正規表現に一致するところをすべて置き換えます。$1〜$9 はかっこの部分、$0 は全体、\\$ は $ です。",
        en="Replaces every match of a regular expression; $1 to $9 are its groups, $0 all of it, "
        "\\$ a dollar sign.",
    ),
    examples=(
        Example(
            {"value": "番町1丁目", "pattern": r"(\d+)丁目", "replacement": "$1-"},
            "番町1-",
        ),
        Example({"value": "(代) 087", "pattern": r"\s*\(代\)\s*", "replacement": ""}, "087"),
    ),
)
def regex_replace(value: str, pattern: str, replacement: str = "") -> Result:
    """RE2 syntax."""
    compiled = compile_regex(pattern)
    _check_groups(replacement, compiled.groups)

    def expand(match: Any) -> str:
        return _GROUP.sub(
            lambda m: m[1] if m[1] is not None else match.group(int(m[2])) or "", replacement
        )

    return str(compiled.sub(expand, value))


@function(
    "extract",
    summary=Text(
        ja="正規表現に最初に一致した部分を返します。かっこがあればその中（group 番目）。なければ値なし。",
        en="The first match of a regular expression: its group number `group`, by default the "
        "first one if there is any, else the whole; null without a match.",
    ),
    examples=(
        Example({"value": "屋内191人／屋外0人", "pattern": r"屋内([\d,]+)人"}, "191"),
        Example({"value": "屋内191人／屋外0人", "pattern": r"\d+人", "group": "0"}, "191人"),
        Example({"value": "なし", "pattern": r"\d+"}, None),
    ),
)
def extract(value: str, pattern: str, group: str | None = None) -> Result:
    """RE2 syntax."""
    compiled = compile_regex(pattern)
    number = min(1, compiled.groups) if group is None else natural("group", group)
    if number > compiled.groups:
        raise _no_group("group", str(number), compiled.groups)
    match = compiled.search(value)
    return None if match is None else match.group(number)


@function(
    "extractAll",
    summary=Text(
        ja="正規表現に一致する部分をすべて、複数の値として返します。",
        en="Every match of a regular expression, as several values (the first group, if any).",
    ),
    examples=(
        Example({"value": "1階AED、3階AED", "pattern": r"(\d+)階"}, ("1", "3")),
        Example({"value": "なし", "pattern": r"\d+"}, None),
    ),
)
def extract_all(value: str, pattern: str) -> Result:
    """RE2 syntax."""
    compiled = compile_regex(pattern)
    number = min(1, compiled.groups)
    found = (match.group(number) for match in compiled.finditer(value))
    return tuple(text for text in found if text) or None


def _check_groups(replacement: str, groups: int) -> None:
    for match in _GROUP.finditer(replacement):
        if match[2] is not None and int(match[2]) > groups:
            raise _no_group("replacement", replacement, groups)


def _no_group(name: str, value: str, groups: int) -> MappingError:
    return wrong_parameter(
        name,
        value,
        Text(
            ja=f"この正規表現のかっこは {groups} 個です。",
            en=f"The regular expression has {groups} groups.",
        ),
    )


def _hint(pattern: str, error: Exception) -> Text:
    reason = error.args[0] if error.args else ""
    said = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    if any(sign in pattern for sign in _LOOKAROUND) or re.search(r"\\[1-9]", pattern):
        return Text(
            ja=f"RE2 には先読み・後読みと後方参照がありません（{said}）。かっこと jfn:extract で"
            "書き直せます。",
            en=f"RE2 has no look-around and no back-references ({said}); groups with jfn:extract "
            "mostly do the same.",
        )
    return Text(ja=f"RE2 の説明: {said}", en=f"RE2 says: {said}.")
