"""What a mapping in any language says that may not be what was meant."""

from __future__ import annotations

from app.errors import Text
from app.findings import Severity, kind

TEMPLATE_WITHOUT_REFERENCE = kind(
    "mapping-template-without-reference",
    Severity.WARNING,
    what=Text(
        ja="「{value}」は列を参照していないので、すべての行で同じになります。",
        en="“{value}” refers to no column, so it is the same for every row.",
    ),
    mend=Text(
        ja="列を入れるには、YARRRML では $(列名)、RML では {{列名}} と書いてください。",
        en="To put in a column, write $(column) in YARRRML and {{column}} in RML.",
    ),
)
RELATIVE = kind(
    "mapping-relative-iri-in-mapping",
    Severity.WARNING,
    what=Text(
        ja="「{value}」は http: などで始まらないので、前に {base} が付きます。",
        en="“{value}” has no scheme such as http:, so {base} is put before it.",
    ),
    mend=Text(
        ja="接頭辞を付けるか、http:// から書くか、base を書いてください。",
        en="Write it with a prefix or from http:// on, or state a base.",
    ),
)
JOIN_TYPES = kind(
    "mapping-join-types",
    Severity.WARNING,
    what=Text(
        ja="結合する列「{child}」({child_type}) と「{parent}」({parent_type}) の型が違います。",
        en="the joined columns “{child}” ({child_type}) and “{parent}” ({parent_type}) have "
        "different types.",
    ),
    mend=Text(
        ja="結合は文字のまま比べます (01 と 1 は別です)。列か説明の型を確かめてください。",
        en="A join compares texts, so 01 is not 1: check the columns, or their described types.",
    ),
)
UNUSED_COLUMNS = kind(
    "mapping-unused-columns",
    Severity.INFO,
    what=Text(
        ja="マッピングが使わない列があります: {columns}",
        en="the mapping does not use these columns: {columns}",
    ),
    mend=Text(
        ja="公開するなら、マッピングに加えてください。",
        en="Add them to the mapping if they are to be published.",
    ),
)
