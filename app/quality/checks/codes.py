"""Codes: of regions, postal codes, corporate numbers."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from app.codes.identifiers import corporate_number
from app.codes.invalid import InvalidCode
from app.codes.region_codes import CodeRemark, check_digit
from app.errors import Text
from app.findings import Severity, kind
from app.quality.check import Kinds
from app.quality.checks.judged import JudgedCheck, Verdict
from app.quality.role import Role

REGION_CODE_CHECK_DIGIT = kind(
    "region-code-check-digit",
    Severity.ERROR,
    what=Text(
        "地方公共団体コード「{value}」の検査数字（6桁目）が違います。{expected} のはずです。",
        "the check digit (the sixth) of the local government code {value} should be {expected}.",
    ),
    why=Text(
        "どこの自治体のデータか分からなくなり、他のデータと結び付けられません。",
        "The row cannot be tied to its municipality.",
    ),
    mend=Text(
        "コードの写し間違いがないか、総務省の一覧で確かめてください。",
        "Look for a mistyped digit in the list of the Ministry of Internal Affairs.",
    ),
)
REGION_CODE_LOST_ZERO = kind(
    "region-code-lost-zero",
    Severity.WARNING,
    what=Text(
        "地方公共団体コード「{value}」は先頭の 0 が失われています（正しくは {expected}、{region}）。",
        "the local government code {value} has lost its leading zero ({expected}, {region}).",
    ),
    why=Text(
        "表計算ソフトがコードを数値として扱うと先頭の 0 が消え、別の自治体のコードに見えます。",
        "Spreadsheets take codes for numbers; without its zero a code looks like another one.",
    ),
    mend=Text(
        "列を文字列として書き出してください。`tsunagu fix` で直せます。",
        "Export the column as text; `tsunagu fix` puts the zero back.",
    ),
)
REGION_CODE_FIVE_DIGITS = kind(
    "region-code-five-digits",
    Severity.INFO,
    what=Text(
        "地方公共団体コード「{value}」は検査数字のない5桁です（6桁では {expected}）。",
        "the local government code {value} has five digits, without its check digit ({expected}).",
    ),
    why=Text(
        "自治体標準オープンデータセットは、写し間違いに気付ける6桁のコードを求めています。",
        "The municipal standard data sets ask for six digits, which show mistypings.",
    ),
    mend=Text("6桁のコードにしてください。", "Use the code of six digits."),
)
REGION_CODE_UNKNOWN = kind(
    "region-code-unknown",
    Severity.WARNING,
    what=Text(
        "地方公共団体コード「{value}」の自治体は現在ありません。",
        "no local government has the code {value} today.",
    ),
    why=Text(
        "廃止されたコードか、誤りです。他のデータと結び付けられません。",
        "It was abolished, or it is wrong; nothing else can be linked by it.",
    ),
    mend=Text(
        "合併後のコードを確かめてください。過去のデータなら基準日を説明に書いてください。",
        "Look up the code after the merger; for old data state the date of the codes.",
    ),
)
REGION_CODE_MALFORMED = kind(
    "region-code-malformed",
    Severity.ERROR,
    what=Text(
        "「{value}」は地方公共団体コードの形ではありません。{reason}",
        "{value} is no local government code. {reason_en}",
    ),
    mend=Text("5桁か6桁の数字で書いてください。", "Write five or six digits."),
)
POSTAL_CODE_INVALID = kind(
    "postal-code-invalid",
    Severity.ERROR,
    what=Text("「{value}」は郵便番号の形ではありません。", "{value} is no postal code."),
    why=Text("番号から住所を引けません。", "No address can be found by it."),
    mend=Text(
        "760-0001 のように7桁で書いてください。{hint}",
        "Write seven digits, like 760-0001. {hint_en}",
    ),
)
CORPORATE_NUMBER_INVALID = kind(
    "corporate-number-invalid",
    Severity.ERROR,
    what=Text(
        "「{value}」は法人番号として正しくありません。{reason}",
        "{value} is no corporate number. {reason_en}",
    ),
    why=Text("法人の情報と結び付けられません。", "It cannot be linked to the company."),
    mend=Text(
        "国税庁の法人番号公表サイトで確かめてください。",
        "Look it up on the corporate number site of the National Tax Agency.",
    ),
)

_POSTAL_CODE: Final = re.compile(r"〒?\s?\d{3}[-ー]?\d{4}", re.ASCII)


class RegionCodes(JudgedCheck):
    """Local government codes: check digit, lost zeros, codes that nobody has."""

    kinds: ClassVar[Kinds] = (
        REGION_CODE_CHECK_DIGIT,
        REGION_CODE_LOST_ZERO,
        REGION_CODE_FIVE_DIGITS,
        REGION_CODE_UNKNOWN,
        REGION_CODE_MALFORMED,
    )
    roles: ClassVar[tuple[Role, ...]] = (Role.REGION_CODE,)

    def judge(self, value: str) -> Verdict | None:
        """By the table of regions. Two digits are a prefecture and are fine."""
        regions = self.subject.regions
        try:
            code = regions.normalise(value)
        except InvalidCode as error:
            digits = value.removesuffix(".0")
            if len(digits) == 6 and digits.isdecimal() and digits[5] != check_digit(digits[:5]):
                return REGION_CODE_CHECK_DIGIT, {"expected": digits[:5] + check_digit(digits[:5])}
            return REGION_CODE_MALFORMED, {"reason": error.text.ja, "reason_en": error.text.en}
        if CodeRemark.UNKNOWN in code.remarks:
            return REGION_CODE_UNKNOWN, {}
        if CodeRemark.LOST_ZERO in code.remarks:
            region = regions.find(code.code5)
            name = region.full_name if region is not None else ""
            return REGION_CODE_LOST_ZERO, {"expected": code.code6, "region": name}
        if len(value.removesuffix(".0")) == 5:
            return REGION_CODE_FIVE_DIGITS, {"expected": code.code6}
        return None


class PostalCodes(JudgedCheck):
    """Postal codes have seven digits."""

    kinds: ClassVar[Kinds] = (POSTAL_CODE_INVALID,)
    roles: ClassVar[tuple[Role, ...]] = (Role.POSTAL_CODE,)

    def judge(self, value: str) -> Verdict | None:
        """With or without hyphen and 〒."""
        if _POSTAL_CODE.fullmatch(value):
            return None
        hint = hint_en = ""
        bare = value.replace("-", "")
        if len(bare) == 6 and bare.isdecimal():
            hint = "先頭の 0 が失われているようです。"
            hint_en = "It seems to have lost its leading zero."
        return POSTAL_CODE_INVALID, {"hint": hint, "hint_en": hint_en}


class CorporateNumbers(JudgedCheck):
    """Corporate numbers have thirteen digits, of which the first is a check digit."""

    kinds: ClassVar[Kinds] = (CORPORATE_NUMBER_INVALID,)
    roles: ClassVar[tuple[Role, ...]] = (Role.CORPORATE_NUMBER,)

    def judge(self, value: str) -> Verdict | None:
        """By its check digit."""
        try:
            corporate_number(value)
        except InvalidCode as error:
            return CORPORATE_NUMBER_INVALID, {
                "reason": error.text.ja,
                "reason_en": error.text.en,
            }
        return None
