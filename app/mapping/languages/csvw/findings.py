"""What can be wrong with metadata that is used all the same, and with the tables it describes."""

from __future__ import annotations

from app.errors import Text
from app.findings import Severity, kind

METADATA_IGNORED = kind(
    "csvw-metadata-ignored",
    Severity.WARNING,
    what=Text(
        ja="メタデータの {part}: {reason}この部分は無視されました。",
        en="metadata {part}: {reason_en} This part was ignored.",
    ),
    mend=Text(
        ja="CSVW の語彙に合わせて直すか、取り除いてください。",
        en="Correct it after the CSVW vocabulary, or remove it.",
    ),
)

METADATA_ELSEWHERE = kind(
    "csvw-metadata-elsewhere",
    Severity.WARNING,
    what=Text(
        ja="メタデータ {metadata} は表 {table} を記述していないため、使われませんでした。",
        en="the metadata {metadata} does not describe the table {table}, so it was not used.",
    ),
    mend=Text(
        ja="その url を表のファイル名に合わせてください。",
        en="Let its url name the table's file.",
    ),
)

COLUMNS_DIFFER = kind(
    "csvw-columns-differ",
    Severity.WARNING,
    what=Text(
        ja="CSV の見出しがメタデータの列と合いません（{difference}）。",
        en="the header of the CSV does not fit the columns of the metadata ({difference_en}).",
    ),
    mend=Text(
        ja="メタデータの titles を見出しに合わせてください。",
        en="Let the titles in the metadata be the ones of the header.",
    ),
)

COLUMNS_INCOMPATIBLE = kind(
    "csvw-columns-incompatible",
    Severity.ERROR,
    what=COLUMNS_DIFFER.what,
    mend=COLUMNS_DIFFER.mend,
)

CELL_INVALID = kind(
    "csvw-cell-invalid",
    Severity.ERROR,
    what=Text(
        ja="「{value}」は {expected} ではありません。",
        en="“{value}” is not {expected}.",
    ),
    mend=Text(
        ja="セルを直すか、メタデータの datatype（format）をデータに合わせてください。",
        en="Correct the cell, or let the datatype (format) in the metadata follow the data.",
    ),
    why=Text(
        ja="datatype に合わない値は、型のない文字列として出力されます。",
        en="A value that is not of its datatype is written as a plain string.",
    ),
)

CELL_REQUIRED = kind(
    "csvw-cell-required",
    Severity.ERROR,
    what=Text(ja="必須の列に値がありません。", en="a required cell has no value."),
    mend=Text(ja="値を入力してください。", en="Fill in a value."),
)

PRIMARY_KEY_REPEATED = kind(
    "csvw-primary-key-repeated",
    Severity.ERROR,
    what=Text(
        ja="主キー「{key}」は {first_line} 行目で既に使われています。",
        en="the primary key “{key}” is already used on line {first_line}.",
    ),
    mend=Text(
        ja="どちらかの行の主キーを直してください。", en="Correct the key of one of the rows."
    ),
)

FOREIGN_KEY_UNKNOWN = kind(
    "csvw-foreign-key-unknown",
    Severity.ERROR,
    what=Text(ja="「{key}」は表 {table} にありません。", en="“{key}” is not in the table {table}."),
    mend=Text(
        ja="参照先の表に行を加えるか、このセルを直してください。",
        en="Add the row to the referenced table, or correct this cell.",
    ),
)

FOREIGN_KEY_AMBIGUOUS = kind(
    "csvw-foreign-key-ambiguous",
    Severity.ERROR,
    what=Text(
        ja="「{key}」は表 {table} に複数あります。",
        en="“{key}” is in more than one row of the table {table}.",
    ),
    mend=Text(
        ja="参照先の列の値を一意にしてください。",
        en="Make the values of the referenced columns unique.",
    ),
)
