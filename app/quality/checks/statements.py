"""What has to be stated about a table: encoding, metadata, licence (rules 8 and 9)."""

from __future__ import annotations

from typing import ClassVar

from app.errors import Text
from app.findings import Severity, kind
from app.quality.check import Kinds, Reporter, Rows, Subject
from app.quality.licences import Openness, openness
from app.quality.metadata import ITEMS

ENCODING_NOT_UTF8 = kind(
    "encoding-not-utf8",
    Severity.WARNING,
    what=Text(
        "文字コードが UTF-8 ではなく {encoding} です。", "the encoding is {encoding}, not UTF-8."
    ),
    why=Text(
        "海外のソフトや Web では文字化けし、𠮷 や 髙 などの字を失うことがあります（規則 8）。",
        "Software abroad and on the web garbles it, and some characters cannot be written (rule 8).",
    ),
    mend=Text(
        "UTF-8 で保存してください。`tsunagu fix` で変換できます。",
        "Save it as UTF-8; `tsunagu fix` converts it.",
    ),
)
ENCODING_UNDECLARED = kind(
    "encoding-undeclared",
    Severity.INFO,
    what=Text(
        "文字コードがどこにも書かれていません（{encoding} と推定しました）。",
        "the encoding is not stated anywhere; it was taken to be {encoding}.",
    ),
    why=Text(
        "表計算ソフトは BOM のない UTF-8 を文字化けさせることがあります（規則 8）。",
        "Spreadsheets may garble UTF-8 without a byte order mark (rule 8).",
    ),
    mend=Text(
        "UTF-8（BOM 付き）で保存するか、datapackage.yaml に encoding を書いてください。",
        "Save it with a byte order mark, or state the encoding in a datapackage.yaml.",
    ),
)
METADATA_MISSING = kind(
    "metadata-missing",
    Severity.INFO,
    what=Text(
        "この表のメタデータ（説明ファイル）がありません。", "the table has no formal metadata."
    ),
    why=Text(
        "誰が何のために公開した、いつのデータか、機械にも人にも伝わりません（規則 9）。",
        "Neither machines nor people learn who published what, and of when it is (rule 9).",
    ),
    mend=Text(
        "`tsunagu init` で datapackage.yaml のひな形を作ってください。",
        "`tsunagu init` drafts a datapackage.yaml.",
    ),
)
METADATA_INCOMPLETE = kind(
    "metadata-incomplete",
    Severity.INFO,
    what=Text(
        "データセットの説明に書かれていない項目があります: {items}",
        "items that the description does not state: {items_en}",
    ),
    why=Text(
        "カタログで見つけにくくなります（ガイドのメタデータ12項目）。",
        "It is harder to find in catalogs (the guide's twelve metadata items).",
    ),
    mend=Text("datapackage.yaml に書き足してください。", "Add them to the datapackage.yaml."),
)
LICENCE_MISSING = kind(
    "licence-missing",
    Severity.WARNING,
    what=Text("ライセンスがどこにも書かれていません。", "no licence is stated anywhere."),
    why=Text(
        "利用条件が分からないデータは、法的に再利用できず、オープンデータになりません（星 0）。",
        "Without one nobody may reuse the data: it is no open data (no star).",
    ),
    mend=Text(
        "CC BY 4.0、CC0、公共データ利用規約（PDL 1.0）などを説明に書いてください。",
        "State CC BY 4.0, CC0, PDL 1.0 or the like in the description.",
    ),
)
LICENCE_NOT_OPEN = kind(
    "licence-not-open",
    Severity.WARNING,
    what=Text(
        "ライセンス「{licence}」はオープンなものではありません。",
        "the licence {licence} is not an open one.",
    ),
    why=Text(
        "営利目的の利用や改変を禁じると、オープンデータの定義を満たしません。",
        "Data that may not be sold or changed is not open by definition.",
    ),
    mend=Text("CC BY 4.0 などに変えられないか検討してください。", "Consider CC BY 4.0."),
)
LICENCE_UNKNOWN = kind(
    "licence-unknown",
    Severity.INFO,
    what=Text(
        "ライセンス「{licence}」がオープンなものか判断できません。",
        "whether the licence {licence} is open cannot be told.",
    ),
    why=Text(
        "独自の規約は、利用者が一つずつ読んで判断しなければなりません。",
        "Every user has to read terms of your own.",
    ),
    mend=Text(
        "標準のライセンスのアドレスを書いてください（例 https://creativecommons.org/licenses/by/4.0/）。",
        "State the address of a standard licence, such as "
        "https://creativecommons.org/licenses/by/4.0/ .",
    ),
)
_LICENCE_KINDS = {
    Openness.NONE: LICENCE_MISSING,
    Openness.CLOSED: LICENCE_NOT_OPEN,
    Openness.UNKNOWN: LICENCE_UNKNOWN,
}


class Statements:
    """Looks at what is stated; no row is needed for it."""

    kinds: ClassVar[Kinds] = (
        ENCODING_NOT_UTF8,
        ENCODING_UNDECLARED,
        METADATA_MISSING,
        METADATA_INCOMPLETE,
        LICENCE_MISSING,
        LICENCE_NOT_OPEN,
        LICENCE_UNKNOWN,
    )

    def start(self, subject: Subject, report: Reporter) -> None:
        """Everything is said here."""
        description, metadata = subject.description, subject.metadata
        if description.encoding != "utf-8":
            report.table(ENCODING_NOT_UTF8, encoding=encoding_label(description.encoding))
        elif description.encoding_source == "detected" and not metadata.encoding:
            report.table(ENCODING_UNDECLARED, encoding="UTF-8")
        missing = metadata.missing(*ITEMS)
        if not subject.is_dataset:
            if not metadata.title:
                report.table(METADATA_MISSING)
        elif missing:
            report.table(
                METADATA_INCOMPLETE,
                items="、".join(ITEMS[item].ja for item in missing),
                items_en=", ".join(ITEMS[item].en for item in missing),
            )
        kind = _LICENCE_KINDS.get(openness(metadata.licence))
        if kind is not None:
            report.table(kind, licence=metadata.licence)

    def batch(self, rows: Rows) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


def encoding_label(codec: str) -> str:
    """What people call a codec."""
    names = {
        "cp932": "Shift_JIS (CP932)",
        "utf-8": "UTF-8",
        "euc_jp": "EUC-JP",
        "utf-16-le": "UTF-16LE",
        "utf-16-be": "UTF-16BE",
        "iso2022_jp": "ISO-2022-JP",
    }
    return names.get(codec, codec)
