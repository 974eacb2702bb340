"""A column of a table and what it becomes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from app.errors import Text
from app.publish.draft.modelling import Shape
from app.rdf.terms import percent_encode

COLUMN_PROPERTIES: Final = "def:column/"
"""Properties that are named after a column (def:ColumnProperty)."""

_LONGEST_NAME: Final = 48


class Origin(StrEnum):
    """What decided about a column."""

    LAYOUT = "layout"
    WORDS = "words"
    VALUES = "values"
    GENERIC = "generic"
    DESCRIBED = "described"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """A column and what it becomes. `means` is a meaning of `modelling`, or empty: then
    `predicate` takes values of `shape`; with a meaning it is the path to the value. `title` names the column for people; `date_format` reads
    dates that begin with the month; `confidence` is 0 to 1; `as_text`: its cells are kept as they
    stand, because too many cannot be read as what they should be; `stripped` is a unit behind the
    numbers in its cells, which is not part of the number."""

    column: str
    title: str
    means: str
    predicate: str
    shape: Shape
    origin: Origin
    confidence: float
    reasons: tuple[Text, ...]
    unit: str = ""
    of: str = ""
    date_format: str = ""
    as_text: bool = False
    stripped: str = ""
    confirm: Text | None = None

    @property
    def is_mapped(self) -> bool:
        """Whether it becomes triples at all."""
        return self.origin is not Origin.LEFT_OUT

    @property
    def is_generic(self) -> bool:
        """Whether its property is named after it."""
        return self.predicate.startswith(COLUMN_PROPERTIES)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        body: dict[str, Any] = {
            "column": self.column,
            "title": self.title,
            "means": self.means or None,
            "property": self.predicate or None,
            "shape": self.shape.value,
            "origin": self.origin.value,
            "confidence": round(self.confidence, 2),
            "reasons": [{"ja": reason.ja, "en": reason.en} for reason in self.reasons],
        }
        if self.unit:
            body["unit"] = self.unit
        if self.confirm is not None:
            body["confirm"] = {"ja": self.confirm.ja, "en": self.confirm.en}
        return body


def kept_as_text(draft: ColumnDraft, share: float) -> ColumnDraft:
    """The same column with its cells as they stand, because `share` of them cannot be read."""
    if draft.means in ("address", "municipality", "prefecture"):
        told = Text(
            f"「{draft.column}」は値の {share:.0%} で地域が読み取れないので、地域へのリンクを作りません",
            f"{share:.0%} of {draft.column} name no region, so nothing links to regions",
        )
        return replace(draft, as_text=True, reasons=(*draft.reasons, told), confirm=told)
    reason = Text(
        f"値の {share:.0%} が{_SHAPE_NAMES[draft.shape].ja}として読めないので、文字列のままにします",
        f"{share:.0%} of the values cannot be read as {_SHAPE_NAMES[draft.shape].en}: kept as text",
    )
    confirm = Text(
        f"「{draft.column}」は{_SHAPE_NAMES[draft.shape].ja}でない値が多いので文字列にしました。"
        "値を直せば型を付けられます。",
        f"Many values of {draft.column} are no {_SHAPE_NAMES[draft.shape].en}, so it is text; "
        "mend them and it can have a datatype.",
    )
    return replace(
        draft,
        as_text=True,
        # A property of a vocabulary has values of its own kind only.
        predicate=draft.predicate if draft.means else property_of(draft.title),
        shape=Shape.TEXT if not draft.means else draft.shape,
        reasons=(*draft.reasons, reason),
        confidence=min(draft.confidence, 0.5),
        confirm=confirm,
    )


def property_of(title: str) -> str:
    """The CURIE of a property that is named after a column; a long name is cut and made unique by
    a part of its SHA-256."""
    name = unicodedata.normalize("NFC", title).strip()
    if len(name) > _LONGEST_NAME:
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        name = f"{name[: _LONGEST_NAME - 9].rstrip()}-{digest}"
    return COLUMN_PROPERTIES + percent_encode(name).replace("~", "%7E")


_SHAPE_NAMES: Final[Mapping[Shape, Text]] = {
    Shape.TEXT: Text("文字列", "text"),
    Shape.JA: Text("文字列", "text"),
    Shape.KANA: Text("カナ", "kana"),
    Shape.EN: Text("英語", "English"),
    Shape.INTEGER: Text("整数", "whole number"),
    Shape.DECIMAL: Text("数値", "number"),
    Shape.QUANTITY: Text("数量", "amount"),
    Shape.FLAG: Text("有無", "yes or no"),
    Shape.LEVEL: Text("○△×", "○, △ or ×"),
    Shape.DATE: Text("日付", "date"),
    Shape.DATE_TIME: Text("日時", "date with time"),
    Shape.TIME: Text("時刻", "time of day"),
    Shape.WEB: Text("URL", "web address"),
    Shape.MAIL: Text("メールアドレス", "mail address"),
    Shape.PHONE: Text("電話番号", "telephone number"),
    Shape.POSTAL: Text("郵便番号", "postal code"),
    Shape.REGION: Text("地域コード", "region code"),
    Shape.DAYS: Text("曜日", "days of the week"),
}
