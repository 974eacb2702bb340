"""GREL's functions on strings, under the IRIs that RML and YARRRML mappings use.

Source: https://openrefine.org/docs/manual/grelfunctions#string-functions . Indexes count from 0
and, when negative, from the end.
"""

from __future__ import annotations

import re
from typing import Final

from app.errors import Text
from app.mapping.functions import grel_parameters as g
from app.mapping.functions.cells import wrong_parameter
from app.mapping.functions.conditions import truth
from app.mapping.functions.numbers import A_DECIMAL, read_decimal
from app.mapping.functions.patterns import compile_regex
from app.mapping.functions.registry import Example, Result, function
from app.rdf.namespaces import GREL

_VALUE: Final = {"value": g.VALUE}
_VALUE_SUB: Final = {"value": g.VALUE, "sub": g.SUB}


def index(name: str, value: str) -> int:
    """A parameter that counts, negative from the end. Raises MappingError."""
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise wrong_parameter(
            name, value, Text(ja="整数を半角で書いてください。", en="Write a whole number.")
        )
    return int(value)


@function(
    GREL + "toUpperCase",
    summary=Text(ja="大文字にします。", en="In upper case."),
    examples=(Example({"value": "Venus"}, "VENUS"),),
    aliases=g.grel("string_toUppercase", "toUppercase"),
    parameters=_VALUE,
    outputs=g.STRING_OUT,
)
def to_upper_case(value: str) -> Result:
    """Unicode's default mapping."""
    return value.upper()


@function(
    GREL + "toLowerCase",
    summary=Text(ja="小文字にします。", en="In lower case."),
    examples=(Example({"value": "Venus"}, "venus"),),
    aliases=g.grel("string_toLowercase", "toLowercase"),
    parameters=_VALUE,
    outputs=g.STRING_OUT,
)
def to_lower_case(value: str) -> Result:
    """Unicode's default mapping."""
    return value.lower()


@function(
    GREL + "string_toTitlecase",
    summary=Text(ja="単語の先頭を大文字にします。", en="Words begin with a capital letter."),
    examples=(Example({"value": "once upon a TIME"}, "Once Upon A Time"),),
    aliases=g.grel("toTitleCase", "toTitlecase"),
    parameters=_VALUE,
    outputs=g.STRING_OUT,
)
def to_titlecase(value: str) -> Result:
    """Words are what blanks separate."""
    return re.sub(r"\S+", lambda word: word.group().capitalize(), value)


@function(
    GREL + "string_trim",
    summary=Text(ja="前後の空白を取り除きます。", en="Without blanks at either end."),
    examples=(Example({"value": "　Venus "}, "Venus"),),
    aliases=g.grel("string_strip", "trim"),
    parameters=_VALUE,
    outputs=g.STRING_OUT,
)
def string_trim(value: str) -> Result:
    """All that Unicode calls white space."""
    return value.strip()


@function(
    GREL + "string_chomp",
    summary=Text(ja="末尾の文字列を取り除きます。", en="Without a given string at the end."),
    examples=(Example({"value": "barn", "separator": "n"}, "bar"),),
    parameters={"value": g.VALUE, "separator": g.SEPARATOR},
    outputs=g.STRING_OUT,
)
def string_chomp(value: str, separator: str) -> Result:
    """Once; unchanged when it does not end so."""
    return value.removesuffix(separator)


@function(
    GREL + "string_toString",
    summary=Text(ja="値をそのまま文字列として返します。", en="The value as a string."),
    examples=(Example({"value": "1.0"}, "1.0"),),
    parameters={"value": (*g.ANY, *g.VALUE)},
    outputs=g.STRING_OUT,
)
def to_string(value: str) -> Result:
    """Every value is a string here."""
    return value


@function(
    GREL + "string_toNumber",
    summary=Text(ja="数値にします（桁は変えません）。", en="As a number, exactly."),
    examples=(Example({"value": "１,２３４.5"}, "1234.5"),),
    parameters={"value": (*g.ANY, *g.VALUE)},
    outputs=g.DECIMAL_OUT,
)
def to_number(value: str) -> Result:
    """Like `jfn:decimal`."""
    return read_decimal(value, A_DECIMAL)


@function(
    GREL + "string_length",
    summary=Text(ja="文字数を返します。", en="The number of characters."),
    examples=(Example({"value": "Venus"}, "5"),),
    parameters=_VALUE,
    outputs=g.INTEGER_OUT,
)
def string_length(value: str) -> Result:
    """Unicode code points."""
    return str(len(value))


@function(
    GREL + "string_substring",
    summary=Text(
        ja="start から end の前までの部分を返します。start が長さを超えたら値なしです。",
        en="The characters from `start` to before `end`; null when the string ends before `start`.",
    ),
    examples=(
        Example({"value": "Venus", "start": "5"}, ""),
        Example({"value": "Venus", "start": "1000"}, None),
        Example({"value": "profound", "start": "2", "end": "-1"}, "ofoun"),
    ),
    aliases=g.grel("string_slice"),
    parameters={"value": g.VALUE, "start": g.FROM, "end": g.TO},
    outputs=g.STRING_OUT,
)
def string_substring(value: str, start: str, end: str | None = None) -> Result:
    """The bounds as the cases RMLFNMLTC0007 and 0008 have them."""
    first = index("start", start)
    return None if first > len(value) else value[first : _end(end)]


@function(
    GREL + "string_startsWith",
    summary=Text(ja="文字列で始まるかどうか。", en="Whether the value begins with a string."),
    examples=(Example({"value": "Venus", "sub": "Ve"}, "true"),),
    parameters=_VALUE_SUB,
    boolean=True,
    outputs=g.BOOLEAN_OUT,
)
def string_starts_with(value: str, sub: str) -> Result:
    """Exactly, character by character."""
    return truth(value.startswith(sub))


@function(
    GREL + "string_endsWith",
    summary=Text(ja="文字列で終わるかどうか。", en="Whether the value ends with a string."),
    examples=(Example({"value": "Venus", "sub": "Ve"}, "false"),),
    parameters=_VALUE_SUB,
    boolean=True,
    outputs=g.BOOLEAN_OUT,
)
def string_ends_with(value: str, sub: str) -> Result:
    """Exactly, character by character."""
    return truth(value.endswith(sub))


@function(
    GREL + "string_contains",
    summary=Text(ja="文字列を含むかどうか。", en="Whether a string occurs in the value."),
    examples=(Example({"value": "Venus", "sub": "nu"}, "true"),),
    parameters=_VALUE_SUB,
    boolean=True,
    outputs=g.BOOLEAN_OUT,
)
def string_contains(value: str, sub: str) -> Result:
    """Exactly, character by character."""
    return truth(sub in value)


@function(
    GREL + "string_indexOf",
    summary=Text(
        ja="最初に現れる位置（0から）、なければ -1。",
        en="Where a string first occurs, from 0, or -1.",
    ),
    examples=(Example({"value": "internationalization", "sub": "nation"}, "5"),),
    parameters=_VALUE_SUB,
    outputs=g.INTEGER_OUT,
)
def string_index_of(value: str, sub: str) -> Result:
    """Counted in code points."""
    return str(value.find(sub))


@function(
    GREL + "string_lastIndexOf",
    summary=Text(
        ja="最後に現れる位置（0から）、なければ -1。",
        en="Where a string last occurs, from 0, or -1.",
    ),
    examples=(Example({"value": "parallel", "sub": "a"}, "3"),),
    parameters=_VALUE_SUB,
    outputs=g.INTEGER_OUT,
)
def string_last_index_of(value: str, sub: str) -> Result:
    """Counted in code points."""
    return str(value.rfind(sub))


@function(
    GREL + "string_replace",
    summary=Text(
        ja="文字列を別の文字列に置き換えます（正規表現には jfn:regexReplace）。",
        en="Replaces every occurrence of a string; for regular expressions use jfn:regexReplace.",
    ),
    examples=(Example({"value": "M Venus", "find": " ", "replacement": "-"}, "M-Venus"),),
    parameters={"value": g.VALUE, "find": g.FIND, "replacement": g.REPLACEMENT},
    outputs=g.STRING_OUT,
)
def string_replace(value: str, find: str, replacement: str) -> Result:
    """An empty string to find leaves the value as it is."""
    return value.replace(find, replacement) if find else value


@function(
    GREL + "string_replaceChars",
    summary=Text(
        ja="find の各文字を replacement の同じ位置の文字に置き換えます。",
        en="Each character of `find` becomes the one in the same place of `replacement`.",
    ),
    examples=(Example({"value": "abcba", "find": "ab", "replacement": "xy"}, "xycyx"),),
    parameters={"value": g.VALUE, "find": g.FIND, "replacement": g.REPLACEMENT},
    outputs=g.STRING_OUT,
)
def string_replace_chars(value: str, find: str, replacement: str) -> Result:
    """Characters without a counterpart are taken away."""
    padded: list[str | None] = [*replacement, *[None] * len(find)]
    return value.translate({ord(c): r for c, r in zip(find, padded, strict=False)})


@function(
    GREL + "string_split",
    summary=Text(ja="区切り文字で分け、複数の値にします。", en="Several values, taken apart."),
    examples=(
        Example({"value": "fire, water, earth", "separator": ", "}, ("fire", "water", "earth")),
    ),
    parameters={"value": g.VALUE, "separator": g.SEPARATOR},
    outputs=g.ARRAY_OUT,
)
def string_split(value: str, separator: str) -> Result:
    """Parts stay as they are, empty ones too."""
    return tuple(value.split(separator)) if separator else (value,)


@function(
    GREL + "string_match",
    summary=Text(
        ja="正規表現が全体に一致したとき、かっこの部分を複数の値として返します。",
        en="The groups of a regular expression that matches the whole value, as several values.",
    ),
    examples=(Example({"value": "230.22398, 12.3480", "pattern": r".*(\d\d\d\d)"}, ("3480",)),),
    parameters={"value": g.VALUE, "pattern": g.REGEX},
    outputs=g.ARRAY_OUT,
)
def string_match(value: str, pattern: str) -> Result:
    """RE2 syntax; null without a match."""
    match = compile_regex(pattern).fullmatch(value)
    found = () if match is None else match.groups()
    return tuple(text for text in found if text is not None) or None


def _end(value: str | None) -> int | None:
    return None if value is None else index("end", value)
