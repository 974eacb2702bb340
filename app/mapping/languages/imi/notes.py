"""What can be wrong in an item table. The tables are other people's, official ones too, so a slip
is a finding: nothing is guessed silently, and the rest of the table is still used."""

from __future__ import annotations

from typing import Final

from app.errors import Text
from app.findings import FindingKind, Severity, kind

_MEND_PATH: Final = Text(
    ja="項目定義書の「{item}」の行を直してください。",
    en="Mend the row of “{item}” in the item table.",
)


def _slip(code: str, severity: Severity, ja: str, en: str) -> FindingKind:
    return kind(f"item-{code}", severity, what=Text(ja=ja, en=en), mend=_MEND_PATH)


NO_PATH: Final = _slip(
    "without-path",
    Severity.INFO,
    "項目「{item}」に共通語彙のパスがないため、変換しません。",
    "the item “{item}” has no path and is left out.",
)
NOTE_IN_PATH: Final = _slip(
    "note-in-path",
    Severity.INFO,
    "項目「{item}」のパスに注記「{note}」が混ざっています。注記を除いて読みました。",
    "the path of “{item}” has the note “{note}” in it, which was left out.",
)
UNREADABLE: Final = _slip(
    "path-unreadable",
    Severity.ERROR,
    "項目「{item}」のパス「{path}」は {at} 文字目から読めないため、変換しません。",
    "the path “{path}” of “{item}” cannot be read from character {at} on and is left out.",
)
OTHER_CLASS: Final = _slip(
    "other-class",
    Severity.WARNING,
    "項目「{item}」のパスは {found} で始まりますが、他の項目は {expected} です。{expected} として"
    "扱います。",
    "the path of “{item}” begins with {found}, the others with {expected}, which was taken.",
)
UNKNOWN_TERM: Final = _slip(
    "unknown-term",
    Severity.ERROR,
    "項目「{item}」のパスの「{name}」は語彙にないため、変換しません。{near}",
    "“{name}” in the path of “{item}” is no term of the vocabulary, so the item is left out. {near}",
)
CLASS_IN_PATH: Final = _slip(
    "class-in-path",
    Severity.WARNING,
    "項目「{item}」のパスの途中に型の名前「{name}」があります。直前の項目の型として読みました。",
    "the path of “{item}” names the class “{name}” on its way, which was read as the type of the "
    "node before it.",
)
LABEL_ON_VALUE: Final = _slip(
    "label-on-value",
    Severity.WARNING,
    "項目「{item}」のパスの最後のラベル [{label}] には区別する節がないため、無視します。",
    "the label [{label}] at the end of the path of “{item}” has no node to keep apart and is "
    "ignored.",
)
SAME_PATH: Final = _slip(
    "same-path",
    Severity.WARNING,
    "項目「{item}」のパスは「{first}」と同じです。同じ性質の値が二つになります。",
    "the path of “{item}” is that of “{first}”: one property gets two values.",
)
NEEDS_NODE: Final = _slip(
    "needs-node",
    Severity.WARNING,
    "項目「{item}」のパスの最後の「{name}」は {range} を値に取りますが、文字列になります。",
    "“{name}” at the end of the path of “{item}” takes a {range} and gets a text.",
)
COORDINATES_APART: Final = _slip(
    "coordinates-apart",
    Severity.WARNING,
    "項目「{item}」と「{other}」の緯度と経度が別々の節に付いています。",
    "latitude and longitude of “{item}” and “{other}” stand on different nodes.",
)
