"""What a YARRRML text says that has no effect here, or that may not be what was meant."""

from __future__ import annotations

from app.errors import Text
from app.findings import Severity, kind

QUERY_IGNORED = kind(
    "mapping-query-ignored",
    Severity.WARNING,
    what=Text(
        ja="{key} は表のファイルには使えないため無視されます。",
        en="{key} has no effect on a file and is ignored.",
    ),
    mend=Text(
        ja="{key} を消すか、行を選ぶには condition を使ってください。",
        en="Remove {key}, or select rows with a condition.",
    ),
)
ITERATOR_IGNORED = kind(
    "mapping-iterator-ignored",
    Severity.INFO,
    what=Text(
        ja="CSV には iterator「{iterator}」は不要なため無視されます。",
        en='the iterator "{iterator}" has no effect on CSV and is ignored.',
    ),
    mend=Text(ja="iterator を消してください。", en="Remove the iterator."),
)
EXTERNAL_WITHOUT_VALUE = kind(
    "mapping-external-without-value",
    Severity.WARNING,
    what=Text(
        ja="外部参照 $({name}) の値がないため、列「{name}」として扱います。",
        en="the external reference $({name}) has no value and is taken as the column {name}.",
    ),
    mend=Text(
        ja="external に値を書くか、列であれば $(\\{name}) と書いてください。",
        en="Give it a value under external, or write $(\\{name}) if a column is meant.",
    ),
)
LITERAL_LIKE_IRI = kind(
    "mapping-literal-like-iri",
    Severity.WARNING,
    what=Text(
        ja="「{value}」は IRI のように見えますが、文字列になります。",
        en='"{value}" looks like an IRI and becomes a plain text.',
    ),
    mend=Text(
        ja="IRI にするには「{value}~iri」と書いてください。",
        en="Write {value}~iri if an IRI is meant.",
    ),
)
