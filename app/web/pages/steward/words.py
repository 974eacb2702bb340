"""Plain words of the workbench for what others have technical names for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text
from app.publish.draft.drafting import Draft
from app.publish.draft.modelling import Shape
from app.publish.workbench.state import State

SHAPES: Final[Mapping[Shape, Text]] = {
    Shape.TEXT: Text("文字", "text"),
    Shape.JA: Text("文字", "text"),
    Shape.KANA: Text("読みがな", "reading"),
    Shape.EN: Text("英語の文字", "English text"),
    Shape.INTEGER: Text("整数", "whole number"),
    Shape.DECIMAL: Text("数", "number"),
    Shape.QUANTITY: Text("単位の付いた数", "number with a unit"),
    Shape.FLAG: Text("はい・いいえ", "yes or no"),
    Shape.LEVEL: Text("○・△・×", "○, △ or ×"),
    Shape.DATE: Text("日付", "date"),
    Shape.DATE_TIME: Text("日時", "date and time"),
    Shape.TIME: Text("時刻", "time of day"),
    Shape.WEB: Text("Web のアドレス", "web address"),
    Shape.MAIL: Text("メールアドレス", "mail address"),
    Shape.PHONE: Text("電話番号", "telephone number"),
    Shape.POSTAL: Text("郵便番号", "postal code"),
    Shape.REGION: Text("地域へのリンク", "link to a region"),
    Shape.DAYS: Text("曜日", "days of the week"),
}

STATES: Final[Mapping[State, Text]] = {
    State.PUBLISHED: Text("公開中", "Published"),
    State.CHANGED: Text("変更あり（未公開）", "Changed, not published yet"),
    State.NEW: Text("まだ公開していません", "Not published yet"),
    State.UNPUBLISHED: Text("公開していません", "Not published"),
    State.BROKEN: Text("直すところがあります", "Needs mending"),
}

ACTIONS: Final[Mapping[str, Text]] = {
    "publish": Text("公開", "Publishing"),
    "scheduled": Text("自動更新", "Scheduled update"),
    "unpublish": Text("公開の取りやめ", "Taking back"),
}


def to_confirm(draft: Draft) -> list[Text]:
    """What a steward should confirm of a draft, without the words of those who write mappings."""
    told = [column.confirm for column in draft.columns if column.confirm is not None]
    columns = "・".join(draft.key.columns)
    if draft.key.is_row:
        told.append(
            Text(
                "行を見分ける番号の列がありません。番号の列を加えることを強く勧めます。",
                "No column tells the rows apart: adding one with numbers is strongly advised.",
            )
        )
    elif draft.key.confirm is not None:
        told.append(
            Text(
                f"行を「{columns}」で見分けます。この値が変わると、ページのアドレスも変わります。"
                "変わらない番号の列があれば、表に加えてください。",
                f"Rows are told apart by {columns}: when it changes, so does the address of the "
                "page. Add a column with lasting numbers if there is one.",
            )
        )
    if draft.no_things is not None:
        told.append(draft.no_things.confirm)
    if draft.key.repeated:
        told.append(
            Text(
                f"ほかの行と見分けられない行が {draft.key.repeated:,} 行あります。",
                f"{draft.key.repeated:,} rows cannot be told from another.",
            )
        )
    if draft.layout is None and draft.likely:
        near = draft.likely[0]
        told.append(
            Text(
                f"「{near.layout.title}」の形に少し似ています（{near.confidence:.0%}）。",
                f"It is a little like {near.layout.title_en} ({near.confidence:.0%}).",
            )
        )
    return list(dict.fromkeys(told))
