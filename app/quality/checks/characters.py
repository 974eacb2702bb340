"""Characters that make values differ that look the same, or that not every system has."""

from __future__ import annotations

import re
from functools import partial
from typing import ClassVar, Final

import numpy as np

from app.errors import Text
from app.findings import Severity, kind
from app.quality.check import Cells, Kinds, Mask, Reporter, Rows, Subject
from app.quality.role import Role

CONTROL_CHARACTER = kind(
    "control-character",
    Severity.WARNING,
    what=Text(
        "「{value}」に目に見えない制御文字（{character}）があります。",
        "“{value}” holds an invisible control character ({character}).",
    ),
    why=Text(
        "検索や結合で一致しなくなり、公開する形式に書けないものもあります。",
        "Searching and joining fail on it, and some cannot be published at all.",
    ),
    mend=Text(
        "削除してください。`tsunagu fix` で取り除けます。", "Delete it; `tsunagu fix` removes it."
    ),
)
CELL_LINE_BREAK = kind(
    "cell-line-break",
    Severity.INFO,
    what=Text(
        "セルの中に改行があります: 「{value}」", "there is a line break inside a cell: “{value}”"
    ),
    why=Text(
        "1行を1件として読むソフトが行を取り違えます。",
        "Software that takes a line for a row will misread it.",
    ),
    mend=Text(
        "読点などで1行にまとめるか、列を分けてください。",
        "Put it on one line, or into several columns.",
    ),
)
CELL_BLANK = kind(
    "cell-blank",
    Severity.INFO,
    what=Text("「{value}」の前か後ろに空白があります。", "“{value}” has blanks at its ends."),
    why=Text(
        "見た目は同じでも、検索や結合で別の値になります。",
        "It looks the same, but searching and joining take it for another value.",
    ),
    mend=Text(
        "空白を削除してください。`tsunagu fix` で直せます。",
        "Delete the blanks; `tsunagu fix` does it.",
    ),
)
HALFWIDTH_KANA = kind(
    "halfwidth-kana",
    Severity.INFO,
    what=Text("半角カナがあります: 「{value}」", "half-width katakana: “{value}”"),
    why=Text(
        "全角カナと一致せず、読み上げや検索で誤ります。",
        "It does not match full-width katakana in searches.",
    ),
    mend=Text(
        "全角カナにしてください。`tsunagu fix` で直せます。",
        "Use full width; `tsunagu fix` does it.",
    ),
)
FULLWIDTH_CHARACTER = kind(
    "fullwidth-character",
    Severity.WARNING,
    what=Text(
        "{role}の「{value}」に全角の英数字・記号があります。",
        "“{value}” ({role_en}) has full-width letters, digits or signs.",
    ),
    why=Text(
        "数値や日付、番号として読めません。", "It cannot be read as a number, a date or a code."
    ),
    mend=Text(
        "半角にしてください。`tsunagu fix` で直せます。", "Use half width; `tsunagu fix` does it."
    ),
)
PLATFORM_CHARACTER = kind(
    "platform-character",
    Severity.INFO,
    what=Text(
        "機種依存文字（{character}）があります: 「{value}」",
        "“{value}” holds a platform-dependent character ({character}).",
    ),
    why=Text(
        "読み上げや検索で扱えず、別の環境では違う字になることがあります。",
        "Screen readers and searches stumble over it, and other systems may show another sign.",
    ),
    mend=Text(
        "(1)、株式会社、高、m2 のように普通の文字で書いてください。",
        "Write (1), 株式会社, 高 or m2 in ordinary characters.",
    ),
)
PRIVATE_CHARACTER = kind(
    "private-character",
    Severity.WARNING,
    what=Text(
        "外字（U+{code}）があります: 「{value}」",
        "“{value}” holds a private character (U+{code}).",
    ),
    why=Text(
        "外字は作った機械の中だけの文字で、他では表示できません。",
        "Private characters exist only on the machine they were made on.",
    ),
    mend=Text(
        "Unicode にある字（異体字を含む）に置き換えてください。",
        "Replace it by a character of Unicode.",
    ),
)
MOJIBAKE = kind(
    "mojibake",
    Severity.ERROR,
    what=Text("文字化けしています: 「{value}」", "the text is garbled: “{value}”"),
    why=Text(
        "一度でも誤った文字コードで保存すると、元の文字は失われます。",
        "Saving in a wrong encoding even once loses the original characters.",
    ),
    mend=Text(
        "文字化けする前のファイルから作り直してください。",
        "Start again from the file before it was garbled.",
    ),
)

CONTROLS: Final = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{ad}\x{200b}-\x{200f}\x{2028}\x{2029}"
    r"\x{2060}\x{feff}]"
)
_PLATFORM: Final = (
    r"[\x{2116}\x{2121}\x{2160}-\x{217f}\x{2460}-\x{24ff}\x{3220}-\x{33ff}\x{9ad9}"
    r"\x{fa0e}-\x{fa2d}]"
)
_PRIVATE: Final = r"[\x{e000}-\x{f8ff}\x{f0000}-\x{10fffd}]"
# UTF-8 read as CP932 (縺ゅ>縺) and as Latin-1 (ã‚ã„), and what could not be decoded.
_MOJIBAKE: Final = (
    r"\x{fffd}|[縺繧繝][^\s]{0,3}[縺繧繝]|[ãåäæçèé][\x{80}-\x{bf}\x{152}-\x{178}\x{2013}-\x{2122}]"
)
_BLANK: Final = r"^[\s\x{3000}\x{a0}]|[\s\x{3000}\x{a0}]$"
_ASCII_SUSPECTS: Final = r"^\s|\s$|[\x00-\x08\x0a-\x1f\x7f]"

NUMBERS_AND_CODES: Final = (
    Role.AMOUNT,
    Role.LATITUDE,
    Role.LONGITUDE,
    Role.COORDINATES,
    Role.DATE,
    Role.DATE_TIME,
    Role.YEAR,
    Role.TIME,
    Role.PHONE,
    Role.POSTAL_CODE,
    Role.REGION_CODE,
    Role.CORPORATE_NUMBER,
    Role.MAIL,
    Role.URL,
    Role.KEY,
)
"""Where full-width letters and digits are wrong."""

_EVERYWHERE: Final = (
    (MOJIBAKE, _MOJIBAKE),
    (CONTROL_CHARACTER, CONTROLS),
    (CELL_LINE_BREAK, r"[\r\n]"),
    (CELL_BLANK, _BLANK),
    (HALFWIDTH_KANA, r"[\x{ff61}-\x{ff9f}]"),
    (PLATFORM_CHARACTER, _PLATFORM),
    (PRIVATE_CHARACTER, _PRIVATE),
)
_SUSPECTS: Final = "|".join(pattern for _, pattern in _EVERYWHERE)


class Characters:
    """Looks once for anything suspicious, and only where it is found for what it is."""

    kinds: ClassVar[Kinds] = (*(told for told, _ in _EVERYWHERE), FULLWIDTH_CHARACTER)

    def start(self, subject: Subject, report: Reporter) -> None:
        """All columns are looked at."""
        self._subject = subject
        self._report = report

    def batch(self, rows: Rows) -> None:
        """Every cell."""
        for name in self._subject.columns:
            cells = rows.column(name)
            suspects = cells.matching(_ASCII_SUSPECTS if cells.is_ascii else _SUSPECTS)
            if suspects.any():
                self._look_closely(cells, suspects)
            if not cells.is_ascii and self._subject.roles[name].role in NUMBERS_AND_CODES:
                self._report.cells(
                    FULLWIDTH_CHARACTER,
                    cells,
                    cells.matching(r"[\x{ff01}-\x{ff5e}]"),
                    partial(_label, self._subject.roles[name].role),
                )

    def end(self) -> None:
        """Nothing more."""

    def _look_closely(self, cells: Cells, suspects: Mask) -> None:
        positions = np.flatnonzero(suspects)
        few = cells.raw.take(positions)
        part = Cells.of(few)
        for told, pattern in _EVERYWHERE:
            matching = part.matching(pattern)
            if not matching.any():
                continue
            found = np.zeros(len(cells), dtype=np.bool_)
            found[positions[matching]] = True
            self._report.cells(told, cells, found, _Named(cells, told.code))


def _label(role: Role, _position: int) -> dict[str, object]:
    return {"role": role.label.ja, "role_en": role.label.en}


class _Named:
    """Names the character that a message is about."""

    def __init__(self, cells: Cells, code: str) -> None:
        self._cells = cells
        self._pattern = _PYTHON_PATTERNS.get(code)

    def __call__(self, position: int) -> dict[str, object]:
        if self._pattern is None:
            return {}
        match = self._pattern.search(self._cells.text(position))
        if match is None:
            return {}
        code = f"{ord(match.group()):04X}"
        visible = match.group() if match.group().isprintable() else f"U+{code}"
        return {"character": visible, "code": code}


def _for_python(pattern: str) -> re.Pattern[str]:
    """The same class of characters in the syntax of `re`."""
    return re.compile(re.sub(r"\\x\{([0-9a-f]+)\}", lambda m: f"\\U{m[1]:0>8}", pattern))


_PYTHON_PATTERNS: Final = {
    CONTROL_CHARACTER.code: _for_python(CONTROLS),
    PLATFORM_CHARACTER.code: _for_python(_PLATFORM),
    PRIVATE_CHARACTER.code: _for_python(_PRIVATE),
}
