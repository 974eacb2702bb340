"""What a draft tells the steward: how the table differs from its layout, what to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.errors import Text
from app.publish.draft.mapping_draft import MappingDraft
from app.publish.draft.recognition import Recognition

SAMPLE_ROWS: Final = 1000
"""So many rows decide what a column is; keys are looked for in all."""


def remarks(recognition: Recognition | None) -> tuple[str, ...]:
    """What stands at the head of the mapping."""
    if recognition is None:
        return ("知っている標準の形ではないので、見出しと値から考えた対応づけです。",)
    return (f"表の形: {recognition.layout.full_title}（確かさ {recognition.confidence:.0%}）",)


def differences(recognition: Recognition | None) -> tuple[Text, ...]:
    """How the table differs from its layout."""
    if recognition is None:
        return ()
    told = []
    renamed = {n: m.layout_column.name for n, m in recognition.matches.items() if m.likeness < 1}
    if renamed:
        shown = "、".join(f"{mine}＝{standard}" for mine, standard in renamed.items())
        told.append(Text(f"標準と違う見出し: {shown}", f"other names than the standard: {shown}"))
    if recognition.missing_required:
        shown = "、".join(recognition.missing_required)
        told.append(Text(f"標準では必須だがない項目: {shown}", f"required but missing: {shown}"))
    optional = [n for n in recognition.missing if n not in recognition.missing_required]
    if optional:
        shown = "、".join(optional)
        told.append(Text(f"標準にあってこの表にない項目: {shown}", f"not in this table: {shown}"))
    if recognition.extra:
        shown = "、".join(recognition.extra)
        told.append(Text(f"標準にない列: {shown}", f"not in the standard: {shown}"))
    return tuple(told)


def confirmations(
    draft: MappingDraft,
    likely: Sequence[Recognition],
    renamed: bool,
    licence: str,
    lost: int,
) -> tuple[Text, ...]:
    """What the steward should confirm or mend. `lost`: cells with errors of a spreadsheet."""
    told = [c.confirm for c in draft.columns if c.confirm is not None]
    told += [each for each in (draft.key.confirm, draft.whereabouts.confirm) if each is not None]
    if draft.no_things is not None:
        told.append(draft.no_things.confirm)
    if draft.layout is None and likely:
        near = likely[0]
        told.append(
            Text(
                f"「{near.layout.title}」の形に少し似ています（{near.confidence:.0%}）。",
                f"It is a little like {near.layout.title_en} ({near.confidence:.0%}).",
            )
        )
    if renamed:
        told.append(
            Text(
                "同じ地域の同じ種類のデータがほかにあるので、IRI にデータセットの ID を入れました。",
                "Another data set has things of this kind in this region, so the IRIs carry the "
                "data set's id.",
            )
        )
    if draft.key.repeated:
        told.append(
            Text(
                f"キーが同じ行か、キーのない行が {draft.key.repeated:,} 行あります。",
                f"{draft.key.repeated:,} rows share their key with another, or have none.",
            )
        )
    if lost:
        told.append(
            Text(
                f"#REF! などのエラーになったセルが最初の {SAMPLE_ROWS:,} 行に {lost:,} 個あります。値なしとして"
                "扱いますが、元の表の数式を直して書き出し直してください。",
                f"{lost:,} cells of the first {SAMPLE_ROWS:,} rows hold errors such as #REF!. They "
                "count as no value; correct the formulas and export the table again.",
            )
        )
    if not licence:
        told.append(
            Text(
                "ライセンスを説明 (datapackage.yaml) に書いてください。",
                "State the licence in the description (datapackage.yaml).",
            )
        )
    return tuple(dict.fromkeys(told))
